"""The facts of the year that checks look up by themselves; expressions ask the year's plain values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self, TypeVar

from pipeline.model import Json, JsonObject

T = TypeVar("T")


@dataclass(frozen=True)
class Period:
    """From a day to a day, both counted in, as ISO texts; an end that is "" is open."""

    first: str = ""
    last: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Json]) -> Self:
        """The period `from` … `to` of something."""
        return cls(_text(row, "from"), _text(row, "to"))

    def holds(self, day: str) -> bool:
        """Whether the ISO day lies in it."""
        return self.first <= day and (not self.last or day <= self.last)


@dataclass(frozen=True)
class Signatory:
    """Who may sign for a unit, from a day to a day."""

    name: str
    position_full: str
    position_sign: str
    is_deputy: bool
    period: Period


@dataclass(frozen=True)
class Unit:
    """A member unit."""

    code: str
    name: str
    period: Period
    signatories: tuple[Signatory, ...]


@dataclass(frozen=True)
class Act:
    """An act or decision; `marks` are the texts by which a citation of it is known."""

    citation: str
    marks: tuple[str, ...]
    period: Period


@dataclass(frozen=True)
class Holiday:
    """Days nobody works on."""

    name: str
    period: Period


@dataclass(frozen=True)
class YearFacts:
    """What the year says, as far as checks ask; what it lacks is empty (a test's year, say).

    `unit_codes` and `content_codes` are all that may be named: also those of former members.
    """

    year: int | None
    symbol: str
    units: tuple[Unit, ...]
    unit_codes: tuple[str, ...]
    content_codes: tuple[str, ...]
    acts: tuple[Act, ...]
    holidays: tuple[Holiday, ...]

    @classmethod
    def of(cls, values: JsonObject) -> "YearFacts":
        """The facts of a year's plain values; read once, as long as these are the same object."""
        return once(values, "facts", lambda: cls._read(values))

    def unit(self, code: Json) -> Unit | None:
        """The unit with that code."""
        return next((unit for unit in self.units if unit.code == code), None)

    @classmethod
    def _read(cls, values: JsonObject) -> "YearFacts":
        year, cluster = values.get("year"), values.get("cluster")
        return cls(
            year if isinstance(year, int) else None,
            _text(cluster, "symbol") if isinstance(cluster, dict) else "",
            tuple(map(_unit, _rows(values, "units"))),
            _codes(values, "unit", "units"),
            _codes(values, "content", "contents"),
            tuple(
                Act(_text(row, "citation"), _texts(row, "marks"), Period.of(row))
                for row in _rows(values, "legal_basis")
            ),
            tuple(_holiday(row) for row in _rows(values, "holidays")),
        )


def _unit(row: JsonObject) -> Unit:
    code = _text(row, "code")
    signatories = tuple(map(_signatory, _rows(row, "signatories")))
    return Unit(code, _text(row, "name") or code, Period.of(row), signatories)


def _signatory(row: JsonObject) -> Signatory:
    is_deputy = bool(row.get("is_deputy") or row.get("deputy"))
    return Signatory(
        _text(row, "name"), _text(row, "position_full"), _text(row, "position_sign"), is_deputy, Period.of(row)
    )


def _holiday(row: JsonObject) -> Holiday:
    first = _text(row, "from")
    return Holiday(_text(row, "name"), Period(first, _text(row, "to") or first))


def _codes(values: JsonObject, by_code: str, listed: str) -> tuple[str, ...]:
    """The codes of the mapping if the year has it, else of the list."""
    mapping = values.get(by_code)
    return tuple(mapping) if isinstance(mapping, dict) else tuple(_text(row, "code") for row in _rows(values, listed))


def _rows(values: Mapping[str, Json], name: str) -> Iterator[JsonObject]:
    listed = values.get(name)
    yield from (row for row in listed if isinstance(row, dict)) if isinstance(listed, list) else ()


def _text(row: Mapping[str, Json], name: str) -> str:
    value = row.get(name)
    return str(value) if value is not None else ""


def _texts(row: Mapping[str, Json], name: str) -> tuple[str, ...]:
    value = row.get(name)
    return tuple(map(str, value)) if isinstance(value, list) else ()


# Answers that depend on a year only, with the year they are of; forms of one year share them.
_KEPT: dict[tuple[int, str], tuple[JsonObject, object]] = {}
_MOST_KEPT = 4096


def once(year: JsonObject, key: str, make: Callable[[], T]) -> T:
    """What `make` gives for a year; made once, as long as the year's facts are the same object."""
    known = _KEPT.get((id(year), key))
    if known is not None and known[0] is year:
        return known[1]  # type: ignore[return-value] # a key always stands for the same maker
    answer = make()
    # `Year.as_values` makes facts of their own for each day a document may have, so entries add up
    if len(_KEPT) >= _MOST_KEPT:
        _KEPT.clear()
    # kept with its answer the year lives, and as long as it lives its id is no other object's
    _KEPT[id(year), key] = (year, answer)
    return answer
