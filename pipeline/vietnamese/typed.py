"""The result of reading one typed value: the value, and what was unusual about how it was typed.

A module of its own because dates and numbers both give such results and do not know each other.
"""

import enum
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


class Note(enum.StrEnum):
    """Something unusual that a clerk should see; the value was read all the same unless it is None."""

    TWO_DIGIT_YEAR = "two-digit-year"  #: 26.8.22, taken as 2022
    MONTH_FIRST = "month-first"  #: 5/25/2022: no such day, so read month first
    YEAR_ASSUMED = "year-assumed"  #: "ngày 25 tháng 5", with the year of the form
    IMPOSSIBLE_DATE = "impossible-date"  #: 31/06/2022: the shape of a date, but no such day
    WEEKDAY_DIFFERS = "weekday-differs"  #: thứ bảy, ngày 27/5/2022, which was a Friday
    OTHER_ZONE = "other-zone"  #: 2022-05-26T17:00:00Z, which is the 27th in Vietnam
    DECIMAL_POINT = "decimal-point"  #: 98.5 for 98,5
    FOREIGN_GROUPING = "foreign-grouping"  #: 1,250,000 for 1.250.000
    AMBIGUOUS_COMMA = "ambiguous-comma"  #: 1,500, read as one and a half
    WORDS_DIFFER = "words-differ"  #: 12.000.000 đồng (Mười triệu đồng)
    LEADING_ZERO_RESTORED = "leading-zero-restored"  #: 903123456, as Excel stores 0903123456


@dataclass(frozen=True)
class Typed(Generic[T]):
    """A value read from what somebody typed; `value` is None when it could not be read."""

    value: T | None
    notes: tuple[Note, ...] = ()
