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
from pipeline.reading.raw import Cell

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"

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


def _full_date(control: Element, text: str) -> dt.date | None:
    """The day a control notes, if its text names the same: a text typed over it is what people see."""
    date = control.find(f"{_W}sdtPr/{_W}date")
    written = date.get(f"{_W}fullDate", "") if date is not None else ""
    try:
        day = dt.date.fromisoformat(written[:10])
    except ValueError:
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
