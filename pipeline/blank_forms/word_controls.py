"""Content controls of Word, as XML: a text, a list to choose from, a date, a box to tick.

Tags are the dotted names that reading knows; a tag met again is the next row of its table. A control that is empty
shows its placeholder and says so (`showingPlcHdr`); the placeholder's words are such that reading takes them for
nothing filled in even where an office program has forgotten that they were one.
"""

import itertools
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from pipeline.blank_forms import guides
from pipeline.blank_forms.page_layout import has_checkboxes
from pipeline.blank_forms.plan import Entry, shown
from pipeline.model import Json

CHECKED: Final = "☒"
UNCHECKED: Final = "☐"

_LONGEST_NAME: Final = 64  # of a tag or title, in Word
# as Word's own boxes
_BOX_FONT: Final = "MS Gothic"
_CHOSEN: Final = frozenset({"choice", "unit_code", "content_code", "flag"})


class Controls:
    """Makes the controls of one document; their numbers are counted from 1."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def cell(self, entry: Entry, name: str, value: Json, style: str, look: str) -> str:
        """The table cell of one place; `look` are the cell's properties.

        What may take several lines is a control around the whole cell, in which Enter begins a paragraph. (The breaks
        in a control for plain text would be moved out of it by LibreOffice, and the lines run together.)
        """
        if has_checkboxes(entry):
            chosen = value if isinstance(value, list) else []
            boxes = (self._box(entry, code, text, is_on=code in chosen) for code, text in entry.choices)
            return cell("".join(paragraph(style, box) for box in boxes), look)
        text = shown(entry, value)
        properties = f"{_names(entry, name)}{self._number()}{'' if text else '<w:showingPlcHdr/>'}"
        lines = [run(line) for line in text.split("\n")] if text else [_pale(_placeholder(entry))]
        if has_lines(entry):
            content = cell("".join(paragraph(style, line) for line in lines), look)
            return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"
        properties += _type(entry, value)
        control = f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{''.join(lines)}</w:sdtContent></w:sdt>"
        return cell(paragraph(style, control), look)

    def repeated(self, label: str, rows: list[str]) -> str:
        """Rows of a table, to which Word lets a person add more of the same."""
        items = "".join(
            f"<w:sdt><w:sdtPr>{self._number()}<w15:repeatingSectionItem/></w:sdtPr>"
            f"<w:sdtContent>{row}</w:sdtContent></w:sdt>"
            for row in rows
        )
        title = quoteattr(label[:_LONGEST_NAME])
        return (
            f"<w:sdt><w:sdtPr><w:alias w:val={title}/>{self._number()}<w15:repeatingSection/></w:sdtPr>"
            f"<w:sdtContent>{items}</w:sdtContent></w:sdt>"
        )

    def _box(self, entry: Entry, code: str, text: str, *, is_on: bool) -> str:
        font = f'<w:rFonts w:ascii="{_BOX_FONT}" w:eastAsia="{_BOX_FONT}" w:hAnsi="{_BOX_FONT}" w:hint="eastAsia"/>'
        return (
            f"<w:sdt><w:sdtPr>{_names(entry, entry.address.box_name(code))}{self._number()}<w14:checkbox>"
            f'<w14:checked w14:val="{int(is_on)}"/>'
            f'<w14:checkedState w14:val="{ord(CHECKED):04X}" w14:font="{_BOX_FONT}"/>'
            f'<w14:uncheckedState w14:val="{ord(UNCHECKED):04X}" w14:font="{_BOX_FONT}"/></w14:checkbox></w:sdtPr>'
            f"<w:sdtContent><w:r><w:rPr>{font}</w:rPr><w:t>{CHECKED if is_on else UNCHECKED}</w:t></w:r>"
            f"</w:sdtContent></w:sdt>{run(' ' + text)}"
        )

    def _number(self) -> str:
        return f'<w:id w:val="{next(self._numbers)}"/>'


def paragraph(style: str, content: str) -> str:
    """A paragraph in a named style."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{content}</w:p>'


def run(text: str, style: str = "") -> str:
    """A stretch of text, in a character style if one is named."""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def cell(content: str, look: str) -> str:
    """A cell of a table."""
    return f"<w:tc><w:tcPr>{look}</w:tcPr>{content}</w:tc>"


def has_lines(entry: Entry) -> bool:
    """Whether a person may write several lines."""
    return entry.is_list or (entry.is_text and not entry.keeps_lines)


def _pale(text: str) -> str:
    """A placeholder. LibreOffice forgets the style and keeps the colour."""
    look = '<w:rPr><w:rStyle w:val="FormPlaceholder"/><w:color w:val="7F7F7F"/></w:rPr>'
    return f"<w:r>{look}<w:t>{escape(text)}</w:t></w:r>"


def _names(entry: Entry, name: str) -> str:
    if len(name) > _LONGEST_NAME:
        # cut short it would be the name of no place: the kind is at fault, and shows it here
        raise ValueError(name)
    # LibreOffice drops tag and title when it saves: labels are the second way to know a place
    return f"<w:alias w:val={quoteattr(entry.label[:_LONGEST_NAME])}/><w:tag w:val={quoteattr(name)}/>"


def _type(entry: Entry, value: Json) -> str:
    """What kind of control it is."""
    if entry.x_type in _CHOSEN:
        items = "".join(
            f"<w:listItem w:displayText={quoteattr(text)} w:value={quoteattr(code)}/>" for code, text in entry.choices
        )
        return f"<w:dropDownList>{items}</w:dropDownList>"
    if entry.x_type == "date":
        # the day itself; the text in the control is only how it looks
        full = f' w:fullDate="{value}T00:00:00Z"' if isinstance(value, str) else ""
        return (
            f'<w:date{full}><w:dateFormat w:val="dd/MM/yyyy"/><w:lid w:val="vi-VN"/>'
            '<w:storeMappedDataAs w:val="dateTime"/><w:calendar w:val="gregorian"/></w:date>'
        )
    return "<w:text/>"


def _placeholder(entry: Entry) -> str:
    texts = guides.placeholders()
    if entry.x_type == "date" and not entry.is_list:
        return texts["day"]
    if entry.x_type in _CHOSEN and not entry.is_list:
        return texts["choice"]
    return texts["list"] if entry.is_list and not entry.address.is_pattern else texts["text"]
