"""Dates and times as units type them, always day first, and as official documents print them.

`read_…` notes what was unusual; `parse_…` gives only the value. Accepted spellings: noi-dung §2. Printing: the-thuc
§11.
"""

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from pipeline.vietnamese.text import compare_key
from pipeline.vietnamese.typed import Note, Typed

_MONTH_WORDS = {
    "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8,
    "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
}  # fmt: skip
_MONTH = rf"(?:0?[1-9]|1[0-9]|[2-9][0-9]|{'|'.join(sorted(_MONTH_WORDS, key=len, reverse=True))})"
_WEEKDAY = r"(?:sáng |chiều |tối )?(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật),? ?"
_LEAD = rf"(?:{_WEEKDAY})?(?:ngày ?)?"
_YEAR = r"(?:(?:,? năm |, ?| )([0-9]{4}|[0-9]{2}))?"
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[t ][0-9:.]+(z|[+-][0-9:]+)?)?")
_SAID_WEEKDAY = re.compile(r"\b(?:thứ (hai|ba|tư|năm|sáu|bảy|[2-7])|(chủ nhật))\b")
_WEEKDAYS = {"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5}
_HERE = dt.timezone(dt.timedelta(hours=7))
_DIGITS = re.compile(rf"{_LEAD}([0-9]{{1,2}}) ?([/.-]) ?([0-9]{{1,2}}) ?\2 ?([0-9]{{4}}|[0-9]{{2}})\.?")
_DIGITS_NO_YEAR = re.compile(rf"{_LEAD}([0-9]{{1,2}}) ?[/.-] ?([0-9]{{1,2}})(?: năm ([0-9]{{4}}))?")
_WORDS = re.compile(rf"(?:[^0-9]*, ?)?{_LEAD}(?:mồng |mùng )?([0-9]{{1,2}}),? tháng ({_MONTH}){_YEAR}")
# Excel counts days from 1899-12-30, because it takes 1900 for a leap year as Lotus 1-2-3 did; 20 000 … 80 000 is
# 1954 … 2119, beyond which a number is not meant as a date.
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_EXCEL_SERIALS = range(20_000, 80_000)
_YEARS = range(1900, 2200)  # a slip such as 2202 for 2022 is no date
_LONGEST = 80  # characters; no spelling of a date is longer


def read_date(typed: str | float | dt.date, *, year: int | None = None) -> Typed[dt.date]:
    """Read the day meant by `typed`: text in any accepted spelling, an Excel serial, or a date already.

    `year` stands in for a year that was left out ("ngày 25 tháng 5"). The value is None with the note
    IMPOSSIBLE_DATE for a day that does not exist (31/6), or WEEKDAY_DIFFERS for one that is no such day of the week;
    None without notes for what is no date at all. A moment with its zone, as programs write it, is a day of Vietnam.
    """
    if isinstance(typed, dt.datetime):
        return Typed(typed.date())
    if isinstance(typed, dt.date):
        return Typed(typed)
    if isinstance(typed, int | float):
        return Typed(_from_serial(typed))
    if len(typed) > _LONGEST:
        return Typed(None)
    key = compare_key(typed)
    read = _read_text(key, year)
    if read.value is not None and _weekday(key) not in {None, read.value.weekday()}:
        return Typed(None, (*read.notes, Note.WEEKDAY_DIFFERS))
    return read


def parse_date(typed: str | float | dt.date, *, year: int | None = None) -> dt.date | None:
    """Give the day of `read_date`, or None."""
    return read_date(typed, year=year).value


@dataclass(frozen=True)
class Span:
    """A stretch of days such as "đầu tháng 6/2022", both ends included; `text` is what was typed."""

    first: dt.date
    last: dt.date
    text: str


_SPAN_YEAR = r"(?:(?: ?[/.-] ?| năm |, ?| )([0-9]{4}))?"
_SPAN_MONTH = re.compile(
    rf"(?:trong |khoảng )?(?:(đầu|giữa|cuối|trung tuần|thượng tuần|hạ tuần) )?tháng ({_MONTH}){_SPAN_YEAR}"
)
_SPAN_BARE = re.compile(r"(0?[1-9]|1[0-2]) ?[/.-] ?([0-9]{4})")
_SPAN_QUARTER = re.compile(rf"(?:trong )?(?:(đầu|cuối) )?quý (i{{1,3}}|iv|[1-4]){_SPAN_YEAR}")
_SPAN_HALF = re.compile(r"(?:6|sáu) tháng (đầu|cuối) năm(?: ([0-9]{4}))?")
_SPAN_YEAR_ONLY = re.compile(r"(?:trong |cả )?năm ([0-9]{4})")
_SPAN_RANGE = re.compile(r"(?:từ )?(?:ngày )?(.+?) ?(?:đến(?: hết)?|-) ?(?:ngày )?(.+)")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_THIRDS = {"đầu": 0, "thượng tuần": 0, "giữa": 1, "trung tuần": 1, "cuối": 2, "hạ tuần": 2}


def parse_span(typed: str | float | dt.date, *, year: int | None = None) -> Span | None:
    """Read the days meant by a loose date: a month, a part of one, a quarter, a half year, a range, or a plain day.

    đầu = 1–10, giữa = 11–20, cuối = 21–end of the month. `year` is used for a year left out. None when it is none.
    """
    day = read_date(typed, year=year).value
    if day is not None:
        return Span(day, day, str(typed))
    if not isinstance(typed, str) or len(typed) > _LONGEST:
        return None
    ends = _loose(compare_key(typed), year) or _between(compare_key(typed), year)
    return None if ends is None else Span(ends[0], ends[1], typed)


_TIME = re.compile(
    r"(?:lúc |vào )?([0-9]{1,2}) ?(?::|g|h|giờ) ?(?:([0-9]{1,2})(?: ?(?:phút|'|p))?(?::[0-9]{2}(?:\.0+)?)?)?( rưỡi)?"
    r" ?(?:,? ?(sáng|trưa|chiều|tối))?"
)


def parse_time(typed: str | float | dt.time | dt.datetime) -> dt.time | None:
    """Read a time of day: "8g30", "8h30", "08 giờ 30 phút", "8:30", "2 giờ chiều", or an Excel day fraction."""
    if isinstance(typed, dt.datetime):
        return typed.time()
    if isinstance(typed, dt.time):
        return typed
    if isinstance(typed, int | float):
        return _from_fraction(float(typed))
    match = _TIME.fullmatch(compare_key(typed)) if len(typed) <= _LONGEST else None
    if match is None:
        return None
    hour, minute = int(match[1]), 30 if match[3] else int(match[2] or 0)
    if match[4] in {"chiều", "tối"} and hour < 12:
        hour += 12
    return dt.time(hour, minute) if hour < 24 and minute < 60 else None


def date_parts(day: dt.date | str) -> tuple[str, str, str]:
    """Give day, month and year as an official document prints them: a zero before days 1–9 and months 1 and 2.

    The zeros keep "1" and "2" from being changed to "11" and "12" with a pen. `day` is a date or its ISO spelling.
    """
    date = dt.date.fromisoformat(day) if isinstance(day, str) else day
    return f"{date.day:02d}", f"{date.month:02d}" if date.month <= 2 else str(date.month), str(date.year)


def date_long(day: dt.date | str) -> str:
    """Write a date in words: "ngày 05 tháng 6 năm 2022" (the-thuc §11)."""
    day_text, month, year = date_parts(day)
    return f"ngày {day_text} tháng {month} năm {year}"


def date_short(day: dt.date | str) -> str:
    """Write a date as citations and tables print it: "05/6/2022" (the-thuc §11)."""
    return "/".join(date_parts(day))


def date_in(day: dt.date | str, family: str) -> str:
    """Write a date as sentences of a family of forms say it after the word "ngày": "05/6/2022" in the Party's (HD05),
    "05 tháng 6 năm 2022" in the State's (NĐ30, appendix III: every model).
    """
    return date_short(day) if family == "party" else date_long(day).removeprefix("ngày ")


def _read_text(key: str, year: int | None) -> Typed[dt.date]:
    if match := _ISO.fullmatch(key):
        return _in_vietnam(key, match) if match[4] else _made(int(match[1]), int(match[2]), int(match[3]))
    if match := _DIGITS.fullmatch(key):
        return _day_first(match[1], match[3], match[4])
    if match := _WORDS.fullmatch(key):
        month = _MONTH_WORDS.get(match[2]) or int(match[2])
        return _day_first(match[1], str(month), match[3], year)
    if match := _DIGITS_NO_YEAR.fullmatch(key):
        return _day_first(match[1], match[2], match[3], year)
    if key.isascii() and key.isdigit() and len(key) == 5:  # a serial that a cell formatted as text still shows
        return Typed(_from_serial(int(key)))
    return Typed(None)


def _in_vietnam(key: str, match: re.Match[str]) -> Typed[dt.date]:
    """The day of a moment of which the zone is told."""
    written = _made(int(match[1]), int(match[2]), int(match[3]))
    try:
        day = dt.datetime.fromisoformat(key.upper()).astimezone(_HERE).date()
    except (ValueError, OverflowError):  # a moment that no clock shows
        return written
    return written if written.value == day else Typed(day, (Note.OTHER_ZONE,))


def _weekday(key: str) -> int | None:
    """The day of the week that a text names, Monday as 0."""
    said = _SAID_WEEKDAY.search(key)
    if said is None:
        return None
    return 6 if said[2] else _WEEKDAYS[said[1]] if said[1] in _WEEKDAYS else int(said[1]) - 2


def _day_first(day: str, month: str, year: str | None, default: int | None = None) -> Typed[dt.date]:
    notes: tuple[Note, ...] = ()
    if year is None:
        if default is None:
            return Typed(None)
        whole, notes = default, (Note.YEAR_ASSUMED,)
    elif len(year) == 2:
        whole, notes = 2000 + int(year), (Note.TWO_DIGIT_YEAR,)
    else:
        whole = int(year)
    read = _made(whole, int(month), int(day))
    # only what is impossible day first is tried month first: 5/6 is always the fifth of June
    if read.value is None and int(month) > 12:
        swapped = _made(whole, int(day), int(month))
        if swapped.value is not None:
            return Typed(swapped.value, (*notes, Note.MONTH_FIRST))
    return Typed(read.value, (*notes, *read.notes))


def _made(year: int, month: int, day: int) -> Typed[dt.date]:
    if year not in _YEARS:
        return Typed(None, (Note.IMPOSSIBLE_DATE,))
    try:
        return Typed(dt.date(year, month, day))
    except ValueError:
        return Typed(None, (Note.IMPOSSIBLE_DATE,))


def _from_serial(serial: float) -> dt.date | None:
    if isinstance(serial, bool) or serial != serial or int(serial) not in _EXCEL_SERIALS:  # noqa: PLR0124 - NaN
        return None
    return _EXCEL_EPOCH + dt.timedelta(days=int(serial))


def _from_fraction(fraction: float) -> dt.time | None:
    if not 0 <= fraction < 1:
        return None
    minutes = round(fraction * 24 * 60)
    return dt.time(minutes // 60, minutes % 60) if minutes < 24 * 60 else None


def _loose(key: str, year: int | None) -> tuple[dt.date, dt.date] | None:
    if match := _SPAN_MONTH.fullmatch(key):
        month = _MONTH_WORDS.get(match[2]) or int(match[2])
        return _part_of_month(_year_of(match[3], year), month, match[1])
    if match := _SPAN_BARE.fullmatch(key):
        return _part_of_month(int(match[2]), int(match[1]), None)
    if match := _SPAN_QUARTER.fullmatch(key):
        quarter = _ROMAN.get(match[2]) or int(match[2])
        return _quarter(_year_of(match[3], year), quarter, match[1])
    if match := _SPAN_HALF.fullmatch(key):
        return _months(_year_of(match[2], year), *((1, 6) if match[1] == "đầu" else (7, 12)))
    if match := _SPAN_YEAR_ONLY.fullmatch(key):
        return _months(int(match[1]), 1, 12)
    return None


def _between(key: str, year: int | None) -> tuple[dt.date, dt.date] | None:
    match = _SPAN_RANGE.fullmatch(key)
    if match is None:
        return None
    last = _read_text(match[2], year).value
    if last is None:
        return None
    first_text = f"{match[1]}/{last.month}" if re.fullmatch(r"[0-9]{1,2}", match[1]) else match[1]
    first = _read_text(first_text, last.year).value
    return None if first is None or first > last else (first, last)


def _year_of(typed: str | None, default: int | None) -> int | None:
    return int(typed) if typed else default


def _part_of_month(year: int | None, month: int, part: str | None) -> tuple[dt.date, dt.date] | None:
    if year is None or year not in _YEARS or not 1 <= month <= 12:
        return None
    end = calendar.monthrange(year, month)[1]
    if part is None:
        return dt.date(year, month, 1), dt.date(year, month, end)
    third = _THIRDS[part]
    return dt.date(year, month, third * 10 + 1), dt.date(year, month, end if third == 2 else third * 10 + 10)


def _quarter(year: int | None, quarter: int, part: str | None) -> tuple[dt.date, dt.date] | None:
    first = quarter * 3 - 2
    if part == "đầu":
        return _months(year, first, first)
    return _months(year, first + 2 if part == "cuối" else first, first + 2)


def _months(year: int | None, first: int, last: int) -> tuple[dt.date, dt.date] | None:
    if year is None or year not in _YEARS:
        return None
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])
