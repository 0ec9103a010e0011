"""The filters a template may use beside Jinja's own (docs/template-names.md).

A module of its own: templates in use name these filters, so that adding or renaming one is a change of the language.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pipeline.vietnamese.dates import date_in, date_long, date_parts, date_short
from pipeline.vietnamese.names import person_first_in, person_in, title_in
from pipeline.vietnamese.numbers import money_vn, number_vn, two
from pipeline.vietnamese.text import continued, upper
from pipeline.vietnamese.words import words


def _day(value: str) -> str:
    return date_parts(value)[0]


def _month(value: str) -> str:
    return date_parts(value)[1]


def _year(value: str) -> str:
    return date_parts(value)[2]


FILTERS: Mapping[str, Callable[..., str]] = MappingProxyType(
    {
        "date_long": date_long,
        "date_short": date_short,
        "date_in": date_in,
        "day": _day,
        "month": _month,
        "year": _year,
        "number": number_vn,
        "money": money_vn,
        "words": words,
        "upper": upper,
        "continued": continued,
        "two": two,
        "of_unit": title_in,
        "person_in": person_in,
        "person_first_in": person_first_in,
    }
)
