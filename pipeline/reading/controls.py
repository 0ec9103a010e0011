"""What the controls of a form hold: content controls of Word, and boxes that are ticked, of Word and PDF.

A list is filled in by ticking boxes: one named "units_missing=CATP" stands for one value of its list.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from lxml import etree

from pipeline.model import of_box_name
from pipeline.reading.labels import is_placeholder
from pipeline.reading.raw import Cell
from pipeline.vietnamese import parse_date

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
#: What a box looks like, whichever program drew it.
_TICKED: Final = frozenset("☒☑✓✔✗✘xX")
_EMPTY: Final = frozenset("☐□")

Element = etree._Element


def control_value(control: Element, text: str) -> str | bool | dt.date | None:
    """What a control holds: nothing while it shows its placeholder, a tick, a day, a text."""
    if control.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None:
        return None
    checked = control.find(f"{_W}sdtPr/{_W14}checkbox/{_W14}checked")
    if checked is not None:
        # a switch without a value is on, as everywhere in Word's XML
        return checked.get(f"{_W14}val", "1") in {"1", "true", "on"}
    return _full_date(control, text) or text


def is_typed_over(control: Element, text: str) -> bool:
    """Whether a control says that it shows its placeholder, and shows something that is none.

    Programs other than Word leave the mark where a text was typed. A placeholder is known by Word's style for them,
    or by its words.
    """
    if control.find(f"{_W}sdtPr/{_W}showingPlcHdr") is None or is_placeholder(text):
        return False
    # a box, a picture and a list of entries have no words of their own
    runs = [run for run in control.iter(f"{_W}r") if any((one.text or "").strip() for one in run.iter(f"{_W}t"))]
    styles = [style.get(f"{_W}val", "") if style is not None else "" for style in map(_style, runs)]
    return not all("placeholder" in style.casefold() for style in styles)


def _style(run: Element) -> Element | None:
    return run.find(f"{_W}rPr/{_W}rStyle")


def is_box_otherwise(control: Element, text: str) -> bool:
    """Whether a box to tick is ticked on paper and not in the file, or the other way round."""
    box = control.find(f"{_W}sdtPr/{_W14}checkbox")
    if box is None:
        return False
    states = {True: _TICKED | _sign(box, "checkedState"), False: _EMPTY | _sign(box, "uncheckedState")}
    is_on = control_value(control, text) is True
    return text.strip() in states[not is_on] - states[is_on]


def _sign(box: Element, state: str) -> set[str]:
    found = box.find(f"{_W14}{state}")
    code = found.get(f"{_W14}val", "") if found is not None else ""
    return {chr(int(code, 16))} if re.fullmatch("[0-9A-Fa-f]{4}", code) else set()


def is_day_in_two_ways(control: Element, text: str) -> bool:
    """Whether a control keeps the tenth of August and shows "08/10": here that is the eighth of October."""
    kept, read = _kept_day(control), parse_date(text)
    if kept is None or read is None or kept == read or any(map(str.isalpha, text)):
        return False
    return (kept.year, kept.month, kept.day) == (read.year, read.day, read.month)


def _kept_day(control: Element) -> dt.date | None:
    date = control.find(f"{_W}sdtPr/{_W}date")
    try:
        return dt.date.fromisoformat(date.get(f"{_W}fullDate", "")[:10]) if date is not None else None
    except ValueError:
        return None


def _full_date(control: Element, text: str) -> dt.date | None:
    """The day a control notes, if its text names the same: a text typed over it is what people see."""
    day = _kept_day(control)
    if day is None or parse_date(text) is not None:
        return None
    return day if {day.day, day.year} <= {int(figures) for figures in re.findall("[0-9]{1,4}", text)} else None


def lists_of_ticks(named: Mapping[str, Cell]) -> dict[str, Cell]:
    """The named cells, with one for each list in the place of its boxes: the values ticked, a line for each."""
    made: dict[str, Cell] = {}
    for name, cell in named.items():
        box = of_box_name(name)
        if box is None or not isinstance(cell.value, bool):
            made[name] = cell
            continue
        of_list, value = box
        # the list stands where its first ticked box does, or its first
        before = made.get(of_list)
        # what is odd about one box is odd about the list
        odd = (*(before.findings if before is not None else ()), *cell.findings)
        if before is None or (before.value is None and cell.value):
            made[of_list] = replace(cell, value=value if cell.value else None, findings=odd)
        else:
            text = f"{before.text}\n{value}" if cell.value else before.value
            made[of_list] = replace(before, value=text, findings=odd)
    return made
