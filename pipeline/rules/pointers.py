"""JSON pointers, and pointer patterns in which `*` stands for every element of a list.

"/targets/*/due" names the due date of every row; in the values of one form it matches "/targets/0/due" and so on.
"""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from pipeline.model import Json, JsonObject

EVERY: Final = "*"

Parts = tuple[str, ...]


class Absence(enum.Enum):
    """The value of a field that is not there (None is a value of JSON)."""

    ABSENT = "absent"


ABSENT: Final = Absence.ABSENT
MaybeJson: TypeAlias = "Json | Absence"


@lru_cache(maxsize=4096)
def split(pointer: str) -> Parts:
    """The parts of a pointer or pattern; "" is the whole document. Raises ValueError without a leading slash."""
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        raise ValueError(f"“{pointer}” is not a JSON pointer; it must begin with /")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/"))


def join(parts: Sequence[str | int]) -> str:
    """The pointer of `parts`."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def parent(pointer: str) -> str:
    """The pointer one step up; that of the whole document is itself."""
    return pointer.rpartition("/")[0]


def fits(pattern: Parts, parts: Parts) -> bool:
    """Whether the concrete `parts` are one of the places `pattern` names."""
    return len(pattern) == len(parts) and all(want in (EVERY, got) for want, got in zip(pattern, parts, strict=True))


def generic(parts: Parts) -> Parts:
    """The pattern of concrete parts: every list index becomes `*`."""
    return tuple(EVERY if part.isdigit() else part for part in parts)


def look_up(document: Json, parts: Sequence[str]) -> MaybeJson:
    """The value at concrete parts, ABSENT when there is none. Null counts as absent: forms leave cells empty."""
    value: Json = document
    for part in parts:
        if isinstance(value, dict):
            if part not in value:
                return ABSENT
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return ABSENT
    return ABSENT if value is None else value


@dataclass(frozen=True, slots=True)
class Match:
    """One place a pattern names in a document, whether or not a value stands there.

    `item` and `index` (from 0) are the element of the last list on the way, `outer` the element of the one before.
    """

    parts: Parts
    value: MaybeJson
    item: MaybeJson = ABSENT
    index: int = -1
    outer: MaybeJson = ABSENT

    @property
    def pointer(self) -> str:
        """The concrete pointer."""
        return join(self.parts)


def expand(document: JsonObject, pattern: Parts) -> Iterator[Match]:
    """Every place `pattern` names in `document`, in document order; no place for a list that is not there."""
    if EVERY not in pattern:
        yield Match(pattern, look_up(document, pattern))
        return
    yield from _expand(Match((), document), pattern)


def _expand(so_far: Match, rest: Parts) -> Iterator[Match]:
    if EVERY not in rest:
        value = look_up_maybe(so_far.value, rest)
        yield Match((*so_far.parts, *rest), value, so_far.item, so_far.index, so_far.outer)
        return
    star = rest.index(EVERY)
    rows = look_up_maybe(so_far.value, rest[:star])
    if not isinstance(rows, list):
        return
    for index, row in enumerate(rows):
        here = (*so_far.parts, *rest[:star], str(index))
        yield from _expand(Match(here, row, row, index, so_far.item), rest[star + 1 :])


def look_up_maybe(value: MaybeJson, parts: Parts) -> MaybeJson:
    """`look_up` from a value that may itself be absent."""
    return ABSENT if value is ABSENT else look_up(value, parts)


@dataclass(frozen=True, slots=True)
class Read:
    """A place a rule reads. `is_of_row`: within a list the rule goes through, the same row's; otherwise all rows'."""

    parts: Parts
    is_of_row: bool = True

    def seen_from(self, here: Parts) -> Parts:
        """The place, or the pattern of places, that is read by a rule that stands at the concrete place `here`."""
        return bind(self.parts, here) if self.is_of_row else self.parts


def bind(pattern: Parts, parts: Parts) -> Parts:
    """`pattern` with its leading `*`s made concrete as far as it runs along `parts`.

    bind(/rows/*/total, /rows/3/sum) = /rows/3/total: within a row, the other fields of a row are the same row's.
    """
    bound: list[str] = []
    for want, got in zip(pattern, parts, strict=False):
        if want not in (EVERY, got):
            break
        bound.append(got)
    return (*bound, *pattern[len(bound) :])
