"""A number or day of a cell as people see it: rounded, in thousands, with words beside it, a month without its day.

What Excel keeps behind it is on no paper. A day that was typed as "8/2022" is kept as the first of August, and shown
as "Aug-22": nobody has written a first.
"""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pipeline.files.refusals import warning
from pipeline.messages import say
from pipeline.model import Finding, Message, Place
from pipeline.ooxml.number_formats import Shown, shown
from pipeline.reading.raw import Written
from pipeline.vietnamese import number_vn

_PLAIN: Final = frozenset({"General", "@", ""})
#: What may stand beside a number without changing what it says.
_SILENT: Final = re.compile(r"[\s\u00a0\u202f()+\-−]|đồng|vnđ|vnd|[đ₫]\.?", re.IGNORECASE)
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_SQUARE: Final = re.compile(r'\[[^\]]*\]|"|;@')
_MOST_EXACT: Final = 1e15  # what has more figures is no number of a form
_EXACT_WHOLE: Final = 1e11  # larger ones are shown as powers of ten
_SHORTEST_DAY: Final = "5/8/2022"
_EXACT: Final = Decimal("1e-9")


@dataclass(frozen=True)
class AsShown:
    """The value as it is seen, None for nothing at all; and what there is to say about it."""

    value: Written
    findings: tuple[Finding, ...] = ()


def as_shown(value: Written, number_format: str, place: Place, *, is_percent: bool) -> AsShown:
    """A cell's value as its format shows it; `is_percent` leaves a percentage as the fraction that Excel keeps."""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return AsShown(_day(value, number_format))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return AsShown(value)
    is_plain = number_format in _PLAIN
    if is_plain and (number_format == "@" or not _EXACT_WHOLE <= abs(value) < _MOST_EXACT):
        return AsShown(value)
    seen = None if is_plain else shown(value, number_format)
    if seen is None:
        message = say(
            "The number is shown by a format of its own; it was read as it is kept: {number}.",
            number=number_vn(value),
        )
        return AsShown(value, (_told(message, place),))
    if not seen.figures or _SILENT.sub("", seen.before + seen.after.removesuffix("%" * is_percent)):
        # words, a dash for nothing, or nothing
        return AsShown(value if _is_dash(seen, value) else seen.text or None)
    if re.match(r"0[0-9]|[0-9]+[^0-9,]", seen.figures):  # as telephone numbers and codes are shown
        return AsShown(seen.text)
    kept = Decimal(repr(value)) * (100 if is_percent else 1)
    if abs(seen.number - kept) <= _EXACT * max(abs(kept), Decimal(1)):
        return AsShown(value)
    message = say(
        "What is shown here is not what the cell keeps: {kept}; it was read as it is shown.", kept=number_vn(kept)
    )
    number = seen.number / 100 if is_percent else seen.number
    return AsShown(
        int(number) if number == number.to_integral_value() else float(number), (_told(message, place, seen.text),)
    )


def least_figures(value: Written, number_format: str) -> float:
    """How many figures wide a number or day is at least when it is shown; 0 for a text, which may run over its cell.

    Points, blanks and strokes count half a figure.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | dt.datetime):
        return 0
    if isinstance(value, dt.datetime) and "$-F" in number_format.upper():
        text = _SHORTEST_DAY  # the long day as the machine writes it
    elif isinstance(value, dt.datetime):
        text = _SQUARE.sub("", number_format).replace("\\", "")
    elif number_format in _PLAIN:  # fractions are rounded to what there is room for, whole numbers are not
        text = f"{value:.0f}" if abs(value) < _EXACT_WHOLE else ""
    else:
        seen = shown(value, number_format)
        text = seen.text if seen is not None else ""
    return sum(1 if letter.isalnum() else 0.5 for letter in text)


def _is_dash(seen: Shown, value: float) -> bool:
    """Whether it is the dash by which sheets of sums show a nought."""
    return value == 0 and seen.text in {"-", "–"}


def _told(message: Message, place: Place, found: str = "") -> Finding:
    mend = say("Type the number as it is to be printed, in a cell without a format of its own.")
    return warning("cell.shown-otherwise", message, mend, place=place, found=found)


def _day(day: dt.datetime, number_format: str) -> Written:
    """The day, or as a text what its format shows of it."""
    parts = _LITERAL.sub("", number_format).casefold()
    if "h" in parts or "s" in parts:  # then "m" is for minutes
        return day
    shows = [part for part, letter in ((day.day, "d"), (day.month, "m"), (day.year, "y")) if letter in parts]
    if not shows or len(shows) == 3:
        return day
    return f"tháng {day.month}" if shows == [day.month] and "m" in parts else "/".join(map(str, shows))
