"""What may be wrong with the sheets of a paper that comes back, and what must be told of each."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Sheet:
    """One sheet: pages (from 1) of our document, or what `other` names; two pages lie side by side on A3."""

    pages: tuple[int, ...] = ()
    other: str = ""  #: "foreign", "older", "letter" or "blank"
    is_upside_down: bool = False
    is_unsigned: bool = False


@dataclass(frozen=True)
class Told:
    """A finding that must come: one of these codes, naming these pages or sheets; () where it names people."""

    codes: tuple[str, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Returned:
    """The sheets of a paper in their order, and what must be told of them."""

    sheets: tuple[Sheet, ...]
    told: tuple[Told, ...] = ()


Fault = Callable[[int, random.Random], Returned]

_FOREIGN: Final = ("paper.foreign-page",)
_STRANGE: Final = ("paper.strange-page",)


def _whole(pages: int, chance: random.Random) -> Returned:
    return Returned(tuple(_all(pages)))


def _missing(pages: int, chance: random.Random) -> Returned:
    lost = chance.randrange(pages)
    sheets = _all(pages)
    del sheets[lost]
    return Returned(tuple(sheets), (Told(("A04",), (lost + 1,)),))


def _twice(pages: int, chance: random.Random) -> Returned:
    at = chance.randrange(pages)
    sheets = _all(pages)
    sheets.insert(at, sheets[at])
    return Returned(tuple(sheets), (Told(("paper.page-twice",), (at + 1,)),))


def _twice_for_another(pages: int, chance: random.Random) -> Returned:
    lost, at = chance.sample(range(pages), 2)
    sheets = _all(pages)
    sheets[lost] = sheets[at]
    return Returned(tuple(sheets), (Told(("A04",), (lost + 1,)), Told(("paper.page-twice",), (at + 1,))))


def _swapped(pages: int, chance: random.Random) -> Returned:
    one, other = chance.sample(range(pages), 2)
    sheets = _all(pages)
    sheets[one], sheets[other] = sheets[other], sheets[one]
    order = tuple(page for sheet in sheets for page in sheet.pages)
    return Returned(tuple(sheets), (Told(("paper.page-order",), order),))


def _for_a_page(other: str, codes: tuple[str, ...]) -> Fault:
    def put_in(pages: int, chance: random.Random) -> Returned:
        lost = chance.randrange(pages)
        sheets = _all(pages)
        sheets[lost] = Sheet(other=other)
        return Returned(tuple(sheets), (Told(("A04",), (lost + 1,)), Told(codes, (lost + 1,))))

    return put_in


def _added(pages: int, chance: random.Random) -> Returned:
    at = chance.randrange(pages + 1)
    sheets = _all(pages)
    sheets.insert(at, Sheet(other="foreign"))
    return Returned(tuple(sheets), (Told((*_FOREIGN, *_STRANGE), (at + 1,)),))


def _upside_down(pages: int, chance: random.Random) -> Returned:
    at = chance.randrange(pages)
    sheets = _all(pages)
    sheets[at] = Sheet((at + 1,), is_upside_down=True)
    return Returned(tuple(sheets), (Told(("paper.turned",), (at + 1,)),))


def _blank_backs(pages: int, chance: random.Random) -> Returned:
    sheets = [sheet for front in _all(pages) for sheet in (front, Sheet(other="blank"))]
    return Returned(tuple(sheets), tuple(Told(("paper.blank-page",), (2 * at,)) for at in range(1, pages + 1)))


def _on_a3(pages: int, chance: random.Random) -> Returned:
    first = 2 * chance.randrange(pages // 2)
    sheets = _all(pages)
    sheets[first : first + 2] = [Sheet((first + 1, first + 2))]
    return Returned(tuple(sheets), (Told(("paper.two-on-a-sheet",), (first + 1,)),))


def _unsigned(pages: int, chance: random.Random) -> Returned:
    sheets = tuple(Sheet((page,), is_unsigned=True) for page in range(1, pages + 1))
    return Returned(sheets, (Told(("paper.not-all-signed",), ()),))


def _in_reverse(pages: int, chance: random.Random) -> Returned:
    return Returned(tuple(_all(pages)[::-1]), (Told(("paper.page-order",), tuple(range(pages, 0, -1))),))


def _fronts_only(pages: int, chance: random.Random) -> Returned:
    lost = tuple(range(2, pages + 1, 2))
    return Returned(tuple(_all(pages)[::2]), (Told(("A04",), lost),))


def _all_upside_down(pages: int, chance: random.Random) -> Returned:
    sheets = tuple(Sheet((page,), is_upside_down=True) for page in range(1, pages + 1))
    return Returned(sheets, (Told(("paper.turned",), tuple(range(1, pages + 1))),))


def _blank_between(pages: int, chance: random.Random) -> Returned:
    at = chance.randrange(1, pages)
    sheets = _all(pages)
    sheets.insert(at, Sheet(other="blank"))
    return Returned(tuple(sheets), (Told(("paper.blank-page",), (at + 1,)),))


def _missing_and_twice(pages: int, chance: random.Random) -> Returned:
    """As many sheets as pages: a count does not tell it."""
    lost, at = chance.sample(range(pages), 2)
    sheets = _all(pages)
    sheets.insert(at, sheets[at])
    sheets.remove(Sheet((lost + 1,)))
    return Returned(tuple(sheets), (Told(("A04",), (lost + 1,)), Told(("paper.page-twice",), (at + 1,))))


def _missing_and_turned(pages: int, chance: random.Random) -> Returned:
    lost, at = chance.sample(range(pages), 2)
    sheets = _all(pages)
    sheets[at] = Sheet((at + 1,), is_upside_down=True)
    del sheets[lost]
    lies = at if lost < at else at + 1
    return Returned(tuple(sheets), (Told(("A04",), (lost + 1,)), Told(("paper.turned",), (lies,))))


def _swapped_and_turned(pages: int, chance: random.Random) -> Returned:
    one, other = chance.sample(range(pages), 2)
    sheets = _all(pages)
    sheets[one], sheets[other] = Sheet((other + 1,), is_upside_down=True), sheets[one]
    order = tuple(page for sheet in sheets for page in sheet.pages)
    return Returned(tuple(sheets), (Told(("paper.page-order",), order), Told(("paper.turned",), (one + 1,))))


def _foreign_and_turned(pages: int, chance: random.Random) -> Returned:
    lost, at = chance.sample(range(pages), 2)
    sheets = _all(pages)
    sheets[lost] = Sheet(other="foreign")
    sheets[at] = Sheet((at + 1,), is_upside_down=True)
    foreign = Told((*_FOREIGN, *_STRANGE), (lost + 1,))
    return Returned(tuple(sheets), (Told(("A04",), (lost + 1,)), foreign, Told(("paper.turned",), (at + 1,))))


def _all(pages: int) -> list[Sheet]:
    return [Sheet((page,)) for page in range(1, pages + 1)]


#: What may be wrong with a paper of three pages or more.
FAULTS: Final[dict[str, Fault]] = {
    "whole": _whole,
    "a page missing": _missing,
    "a page twice": _twice,
    "a page twice, for another": _twice_for_another,
    "two pages swapped": _swapped,
    "another document's page for ours": _for_a_page("foreign", (*_FOREIGN, *_STRANGE)),
    "another document's page added": _added,
    "the older version's page for ours": _for_a_page("older", (*_FOREIGN, *_STRANGE)),
    "a letter for a page": _for_a_page("letter", _STRANGE),
    "a page upside down": _upside_down,
    "blank backs": _blank_backs,
    "two pages on A3": _on_a3,
    "not signed": _unsigned,
    "in reverse": _in_reverse,
    "fronts only": _fronts_only,
    "all upside down": _all_upside_down,
    "a blank sheet between": _blank_between,
    "one missing, one twice": _missing_and_twice,
    "one missing, one upside down": _missing_and_turned,
    "swapped, one upside down": _swapped_and_turned,
    "another's for one, one turned": _foreign_and_turned,
}
