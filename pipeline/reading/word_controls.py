"""What a content control of Word holds."""

import datetime as dt
import re
from typing import Final

from lxml import etree

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"

Element = etree._Element


def control_value(control: Element, text: str) -> str | bool | dt.date | None:
    """What a control holds: nothing while it shows its placeholder, a tick, a day, a text."""
    if control.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None:
        return None
    checked = control.find(f"{_W}sdtPr/{_W14}checkbox/{_W14}checked")
    if checked is not None:
        return checked.get(f"{_W14}val", "1") in {"1", "true", "on"}
    return _full_date(control, text) or text


def _full_date(control: Element, text: str) -> dt.date | None:
    """The day a control notes, if its text names the same: a text typed over it is what people see."""
    date = control.find(f"{_W}sdtPr/{_W}date")
    written = date.get(f"{_W}fullDate", "") if date is not None else ""
    try:
        day = dt.date.fromisoformat(written[:10])
    except ValueError:
        return None
    return day if {day.day, day.year} <= {int(figures) for figures in re.findall("[0-9]{1,4}", text)} else None
