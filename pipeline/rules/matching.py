"""Which places of a form a pattern names, and what a rule reads of them.

"/targets/*/due" names the due date of every row; in the values of one form it matches "/targets/0/due" and so on.
"""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pipeline.model import EVERY, WHOLE, Address, Json, JsonObject, Step


class Absence(enum.Enum):
    """The value of a field that is not there (None is a value of JSON)."""

    ABSENT = "absent"


ABSENT: Final = Absence.ABSENT
MaybeJson: TypeAlias = "Json | Absence"


def look_up(value: MaybeJson, steps: Sequence[Step]) -> MaybeJson:
    """The value below `value`, ABSENT when there is none. Null counts as absent: forms leave cells empty."""
    for step in steps:
        if isinstance(value, dict):
            value = value.get(str(step), ABSENT)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return ABSENT
    return ABSENT if value is None else value


@dataclass(frozen=True, slots=True)
class Match:
    """One place a pattern names in a document, whether or not a value stands there.

    `item` and `index` (from 0) are the element of the last list on the way, `outer` the element of the one before.
    """

    address: Address
    value: MaybeJson
    item: MaybeJson = ABSENT
    index: int = -1
    outer: MaybeJson = ABSENT


def expand(document: JsonObject, pattern: Address) -> Iterator[Match]:
    """Every place `pattern` names in `document`, in document order; no place for a list that is not there."""
    if EVERY not in pattern:
        yield Match(pattern, look_up(document, pattern))
        return
    yield from _expand(Match(WHOLE, document), pattern)


def _expand(so_far: Match, rest: tuple[Step, ...]) -> Iterator[Match]:
    if EVERY not in rest:
        value = look_up(so_far.value, rest)
        yield Match(so_far.address.child(*rest), value, so_far.item, so_far.index, so_far.outer)
        return
    # list by list, so that each match knows the row it stands in and the row around it
    star = rest.index(EVERY)
    rows = look_up(so_far.value, rest[:star])
    # a list that is not there has no rows to judge; `exactly` and `count` look at the list itself
    if not isinstance(rows, list):
        return
    for index, row in enumerate(rows):
        here = so_far.address.child(*rest[:star], index)
        yield from _expand(Match(here, row, row, index, so_far.item), rest[star + 1 :])


@dataclass(frozen=True, slots=True)
class Read:
    """A place a rule reads. `is_of_row`: within a list the rule goes through, the same row's; otherwise all rows'."""

    address: Address
    is_of_row: bool = True

    def seen_from(self, here: Address) -> Address:
        """The place, or the pattern of places, that is read by a rule that stands at the concrete place `here`."""
        return self.address.seen_from(here) if self.is_of_row else self.address
