"""Shorthands about lists: how many, each once, the same as another list, in order, numbered without gaps."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline import vietnamese
from pipeline.messages import joined, say
from pipeline.model import WHOLE, Address, Json, Message
from pipeline.rules.comparing import as_list, as_number, equal, key_of, repeated, without
from pipeline.rules.expressions import Refused
from pipeline.rules.making import LISTS, Arguments, Shorthand
from pipeline.rules.matching import ABSENT, Match
from pipeline.rules.reference import named
from pipeline.rules.scope import Check, Scope, Violation
from pipeline.rules.wording import Param


def _exactly(arguments: Arguments) -> Check:
    expected, entries = arguments.operand("count"), _entries(arguments)

    def check(scope: Scope) -> list[Violation]:
        wanted, there = expected(scope), entries(scope)
        return [] if len(there) == wanted else [_miscounted(there, as_number(wanted), {"expected": wanted})]

    return check


def _count(arguments: Arguments) -> Check:
    low, high = arguments.bounds()
    entries = _entries(arguments)

    def check(scope: Scope) -> list[Violation]:
        there = entries(scope)
        least, most = (None if bound is None else bound(scope) for bound in (low, high))
        if (least is None or len(there) >= as_number(least)) and (most is None or len(there) <= as_number(most)):
            return []
        allowed = len(there) if most is None else as_number(most)
        return [_miscounted(there, allowed, {"min": least, "max": most})]

    return check


@dataclass(frozen=True)
class _Entry:
    """One entry of a list: its text as far as a column names it, and the place where it stands."""

    at: Address
    text: str = ""


def _miscounted(entries: list[_Entry], allowed: float, more: Mapping[str, Param]) -> Violation:
    """Too many entries: at the first that is too much (the cell that holds several, the extra row); else the list."""
    count = len(entries)
    first_extra = entries[int(allowed)].at if 0 <= allowed < count else WHOLE
    listed = "; ".join(f"“{one.text}”" for one in entries if one.text)
    return Violation(first_extra, {"count": count, "entries": listed, **more}, found=count)


def _entries(arguments: Arguments) -> Callable[[Scope], list[_Entry]]:
    """The entries of a list; with a column `lines`, each line typed in its cells is one."""
    cells = arguments.cells("lines") if "lines" in arguments.given else None

    def listed(scope: Scope) -> list[_Entry]:
        value = scope.match.value
        if value is ABSENT:
            return []
        if not isinstance(value, list):
            return [_Entry(scope.match.address)]
        typed = {} if cells is None else {cell.index: cell for cell in cells(scope) if isinstance(cell.value, str)}
        entries: list[_Entry] = []
        for at in range(len(value)):
            cell = typed.get(at)
            # noi-dung DK02: two activities typed into one cell are two that were registered
            lines = vietnamese.clean_lines(str(cell.value)) if cell is not None else ()
            here = cell.address if cell is not None else scope.match.address.child(at)
            entries += [_Entry(here, line) for line in lines] or [_Entry(here)]
        return entries

    return listed


def _unique(arguments: Arguments) -> Check:
    cells = arguments.cells("of")

    def check(scope: Scope) -> list[Violation]:
        places = cells(scope)
        values = _values(places)
        return [_repetition(scope, places, values, at) for at in repeated(values)]

    return check


def _repetition(scope: Scope, places: Sequence[Match], values: list[Json], at: int) -> Violation:
    rows = [place.index + 1 for place, value in zip(places, values, strict=True) if equal(value, values[at])]
    return Violation(
        places[at].address, {"value": named(scope, values[at]), "rows": rows, "row": places[at].index + 1}, values[at]
    )


def _same_set(arguments: Arguments) -> Check:
    cells, other = arguments.cells("of"), arguments.operand("as")

    def check(scope: Scope) -> list[Violation]:
        places, wanted = cells(scope), as_list(other(scope))
        values = _values(places)
        missing, extra = without(wanted, values), without(values, wanted)
        twice = repeated(values)
        if not missing and not extra and not twice:
            return []
        # a unit that stands there three times is named once
        again = without([values[at] for at in twice], [])
        strange = [place for place, value in _filled(places) if any(equal(value, one) for one in extra)]
        first = [places[at] for at in twice] + strange
        return [
            Violation(first[0].address if first else WHOLE, _difference(scope, missing, extra, again), _found(values))
        ]

    return check


def _difference(scope: Scope, missing: list[Json], extra: list[Json], again: list[Json]) -> dict[str, Param]:
    parts: list[Message] = []
    if missing:
        parts.append(say("missing: {values}", values=_listed(scope, missing)))
    if again:
        parts.append(say("repeated: {values}", values=_listed(scope, again)))
    if extra:
        parts.append(say("not expected: {values}", values=_listed(scope, extra)))
    return {
        "missing": _listed(scope, missing),
        "extra": _listed(scope, extra),
        "repeated": _listed(scope, again),
        "difference": joined(parts, "; "),
    }


def _listed(scope: Scope, values: Iterable[Json]) -> str:
    return ", ".join(str(named(scope, value)) for value in values)


def _found(values: Iterable[object]) -> str:
    return ", ".join(str(value) for value in values)


def _same_order(arguments: Arguments) -> Check:
    cells, other = arguments.cells("of"), arguments.operand("as")

    def check(scope: Scope) -> list[Violation]:
        places, wanted = cells(scope), as_list(other(scope))
        wrong = [
            Violation(place.address, {"expected": named(scope, expected), "row": place.index + 1}, value)
            for (place, value), expected in zip(_filled(places), wanted, strict=False)
            if not equal(value, expected)
        ]
        # keys of texts and of numbers cannot be compared with each other, their spellings can
        moved = sorted(map(repr, map(key_of, _values(places)))) == sorted(map(repr, map(key_of, wanted)))
        return wrong[:1] if moved else wrong  # one element out of place moves all that follow: told once

    return check


def _subset_of(arguments: Arguments) -> Check:
    cells, other = arguments.cells("of"), arguments.operand("as")

    def check(scope: Scope) -> list[Violation]:
        known = {key_of(one) for one in as_list(other(scope))}
        return [
            Violation(place.address, {"unknown": named(scope, value), "row": place.index + 1}, value)
            for place, value in _filled(cells(scope))
            if key_of(value) not in known
        ]

    return check


def _covers(arguments: Arguments) -> Check:
    cells, other = arguments.cells("of"), arguments.operand("all")

    def check(scope: Scope) -> list[Violation]:
        values = _values(cells(scope))
        missing = without(as_list(other(scope)), values)
        return [Violation(WHOLE, {"missing": _listed(scope, missing)}, _found(values))] if missing else []

    return check


# noi-dung QC01: chapters have Roman numbers, articles go on across them.
_ROMAN: Final = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
# Points of a clause are lettered by the Vietnamese alphabet (the-thuc: a, b, c, d, đ, e, …).
_LETTERS: Final = "abcdđeghiklmnopqrstuvxy"


def _roman(number: int) -> str:
    text = ""
    for size, sign in _ROMAN:
        while number >= size:
            text, number = text + sign, number - size
    return text


def _numbered(style: str, at: int) -> str | int:
    if style == "roman":
        return _roman(at)
    if style == "letter":
        return _LETTERS[at - 1] if at <= len(_LETTERS) else ""
    return at


def _consecutive(arguments: Arguments) -> Check:
    style = arguments.given.get("style", "number")
    if style not in ("number", "roman", "letter"):
        raise Refused(say("“{name}” knows the styles number, roman and letter", name="consecutive"))
    cells, start = arguments.cells("of"), arguments.operand("from", 1)

    def check(scope: Scope) -> list[Violation]:
        first = int(as_number(start(scope)))
        for at, (place, value) in enumerate(_filled(cells(scope)), first):
            expected = _numbered(str(style), at)
            # people write “1.”, “a)” and “iv” as well
            if str(value).strip(".) ").casefold() != str(expected).casefold():
                return [
                    Violation(place.address, {"value": value, "expected": expected, "row": place.index + 1}, value)
                ]
        return []

    return check


def _ranked_by(arguments: Arguments) -> Check:
    scores, ranks = arguments.cells("score"), arguments.cells("rank")

    def check(scope: Scope) -> list[Violation]:
        rows = {place.index: as_number(value) for place, value in _filled(scores(scope))}
        faults = []
        for place, value in _filled(ranks(scope)):
            if place.index not in rows:
                continue
            # noi-dung BD05: who has the same score shares a rank, and the next ranks are skipped
            expected = 1 + sum(1 for score in rows.values() if score > rows[place.index] + 1e-9)
            if value != expected:
                faults.append(
                    Violation(place.address, {"value": value, "expected": expected, "row": place.index + 1}, value)
                )
        return faults

    return check


def _values(places: Sequence[Match]) -> list[Json]:
    return [value for _, value in _filled(places)]


def _filled(places: Sequence[Match]) -> list[tuple[Match, Json]]:
    return [(place, place.value) for place in places if place.value is not ABSENT]


ROWS: Final = frozenset({"row"})
SHORTHANDS: Final = {
    # noi-dung DK02: a unit registers one activity, so none is a fault, too
    "exactly": Shorthand(
        _exactly,
        frozenset({"count", "expected", "entries"}),
        needs=("count",),
        may=("lines",),
        meets_absence=True,
        looks_at=LISTS,
    ),
    "count": Shorthand(
        _count,
        frozenset({"count", "min", "max", "entries"}),
        may=("min", "max", "lines"),
        meets_absence=True,
        looks_at=LISTS,
    ),
    "unique": Shorthand(_unique, frozenset({"rows"}) | ROWS, alone="of", looks_at=LISTS),
    # noi-dung DK03, KH03, GU01: none missing, none extra, none twice
    "same_set": Shorthand(
        _same_set,
        frozenset({"missing", "extra", "repeated", "difference"}),
        needs=("as",),
        may=("of",),
        looks_at=LISTS,
    ),
    # noi-dung KH01: the contents of the year in their order
    "same_order": Shorthand(_same_order, frozenset({"expected"}) | ROWS, needs=("as",), may=("of",), looks_at=LISTS),
    "subset_of": Shorthand(_subset_of, frozenset({"unknown"}) | ROWS, needs=("as",), may=("of",), looks_at=LISTS),
    # noi-dung KH04: every content has an activity; several are no fault
    "covers": Shorthand(_covers, frozenset({"missing"}), needs=("all",), may=("of",), looks_at=LISTS),
    "consecutive": Shorthand(
        _consecutive, frozenset({"expected"}) | ROWS, alone="of", may=("from", "style"), looks_at=LISTS
    ),
    "ranked_by": Shorthand(_ranked_by, frozenset({"expected"}) | ROWS, needs=("score", "rank"), looks_at=LISTS),
}
