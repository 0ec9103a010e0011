"""The functions rules may call in CEL besides its own; documented in docs/rules.md.

Dates travel as their ISO text, which CEL compares rightly as text; `date` is for arithmetic.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Final

from cel_expr_python import cel

from pipeline import vietnamese

_T: Final = cel.Type
_LIST: Final = cel.Type.List(cel.Type.DYN)
_MAP: Final = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)


def date(text: str) -> dt.datetime:
    """The ISO date as a timestamp at midnight UTC."""
    # timestamps of CEL are in UTC
    return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), dt.UTC)


def days_between(first: str, last: str) -> int:
    """Days from the ISO date `first` to `last`, negative when `last` is earlier."""
    return (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days


def total(values: list[object], column: str = "") -> float:
    """The sum of the numbers of a list, or of a column of its rows; rows without the column count as nothing."""
    picked = [row.get(column) for row in values if isinstance(row, dict)] if column else values
    return float(sum(value for value in picked if isinstance(value, int | float)))


def count(rows: list[object], column: str, wanted: object) -> int:
    """How many rows have `wanted` in `column`."""
    return sum(1 for row in rows if isinstance(row, dict) and row.get(column) == wanted)


def find(rows: list[object], column: str, wanted: object) -> dict[str, object]:
    """The first row with `wanted` in `column`. Raises KeyError when there is none."""
    for row in rows:
        if isinstance(row, dict) and row.get(column) == wanted:
            return row
    # CEL hands exceptions back as texts; by these words `expressions` knows that a row is missing and no rule is
    # wrong
    raise KeyError(f"NOT_FOUND: no row whose {column} is {wanted!r}")


def column(rows: list[object], name: str) -> list[object]:
    """The values of one column, of the rows that have it."""
    return [row[name] for row in rows if isinstance(row, dict) and row.get(name) is not None]


def distinct(values: list[object]) -> list[object]:
    """The values without repetition, in their order."""
    kept: list[object] = []
    for value in values:
        if value not in kept:
            kept.append(value)
    return kept


def flat(values: list[object]) -> list[object]:
    """The values of a list of lists, one after the other."""
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def keys(values: list[object]) -> list[object]:
    """The comparison key of every text of a list."""
    return [vietnamese.compare_key(value) if isinstance(value, str) else value for value in values]


def same(one: str, other: str) -> bool:
    """Whether two texts are equal but for case, spacing, place of the tone mark and kind of dash."""
    return vietnamese.compare_key(one) == vietnamese.compare_key(other)


# CEL adds, subtracts, multiplies and divides only two whole numbers or two fractions.
def number(value: float | str) -> float:
    """A whole number as a fraction, so that the two can be added."""
    return float(value)


def _declare(
    name: str, returns: cel.Type, overloads: Sequence[Sequence[cel.Type]], work: Callable[..., Any]
) -> cel.FunctionDecl:
    return cel.FunctionDecl(
        name,
        [
            # the library refuses two overloads with one id
            cel.Overload(f"{name}_{at}", return_type=returns, parameters=list(parameters), impl=work)
            for at, parameters in enumerate(overloads)
        ],
    )


def declarations() -> list[cel.FunctionDecl]:
    """All functions, as the CEL environment takes them."""
    scalars = (_T.STRING, _T.INT, _T.DOUBLE, _T.BOOL)
    return [
        _declare("date", _T.TIMESTAMP, [[_T.STRING]], date),
        _declare("days_between", _T.INT, [[_T.STRING, _T.STRING]], days_between),
        _declare("total", _T.DOUBLE, [[_LIST], [_LIST, _T.STRING]], total),
        # a parameter of type DYN compiles and is then met by no value: every scalar needs an overload of its own
        _declare("count", _T.INT, [[_LIST, _T.STRING, scalar] for scalar in scalars], count),
        _declare("find", _MAP, [[_LIST, _T.STRING, scalar] for scalar in scalars], find),
        _declare("column", _LIST, [[_LIST, _T.STRING]], column),
        _declare("distinct", _LIST, [[_LIST]], distinct),
        _declare("key", _T.STRING, [[_T.STRING]], vietnamese.compare_key),
        _declare("flat", _LIST, [[_LIST]], flat),
        _declare("keys", _LIST, [[_LIST]], keys),
        _declare("same", _T.BOOL, [[_T.STRING, _T.STRING]], same),
        _declare("number", _T.DOUBLE, [[_T.INT], [_T.DOUBLE], [_T.STRING]], number),
        _declare("words", _T.STRING, [[_T.INT]], vietnamese.words),
    ]


NAMES: Final = (
    "date",
    "days_between",
    "total",
    "count",
    "find",
    "column",
    "distinct",
    "flat",
    "key",
    "keys",
    "same",
    "number",
    "words",
)
