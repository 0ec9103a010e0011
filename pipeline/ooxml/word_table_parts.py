"""Which parts of a table style hold for each cell of a table: its first row, its last column, every second row.

A table style may look otherwise in up to twelve parts of a table (ECMA-376, 17.7.6); which of them a table asks for
says its `w:tblLook` (17.4.55).
"""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from pipeline.ooxml.word_text import members

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: The switches of `w:tblLook`, as attributes and as bits of the older number.
_SWITCHES: Final = {
    "firstRow": 0x20,
    "lastRow": 0x40,
    "firstColumn": 0x80,
    "lastColumn": 0x100,
    "noHBand": 0x200,
    "noVBand": 0x400,
}
#: What Word asks for in every table that it makes: the head, the first column and every second row.
_USUAL: Final = 0x04A0
_ON: Final = frozenset({"1", "true", "on"})

Element = etree._Element


def parts_by_cell(table: Element) -> dict[Element, tuple[str, ...]]:
    """The parts of its style that hold for each cell, the weakest first; cells by their elements."""
    asked = _asked(table.find(f"{_W}tblPr/{_W}tblLook"))
    rows = [row for row in members(table) if row.tag == f"{_W}tr"]
    found = {}
    for at, row in enumerate(rows):
        cells = [cell for cell in members(row) if cell.tag == f"{_W}tc"]
        for column, cell in enumerate(cells):
            place = (at == 0, at == len(rows) - 1, column == 0, column == len(cells) - 1)
            found[cell] = tuple(_parts(asked, at, column, place))
    return found


def _asked(look: Element | None) -> frozenset[str]:
    number = int(look.get(f"{_W}val", ""), 16) if look is not None and _is_hexadecimal(look) else 0
    if look is None:
        number = _USUAL
    said = {name for name in _SWITCHES if look is not None and look.get(f"{_W}{name}") in _ON}
    by_number = {name for name, bit in _SWITCHES.items() if number & bit}
    names_any = look is not None and any(look.get(f"{_W}{name}") is not None for name in _SWITCHES)
    return frozenset(said if names_any else by_number)


def _is_hexadecimal(look: Element) -> bool:
    text = look.get(f"{_W}val", "")
    return 0 < len(text) <= 8 and all(letter in "0123456789abcdefABCDEF" for letter in text)


def _parts(asked: frozenset[str], row: int, column: int, place: tuple[bool, bool, bool, bool]) -> Iterator[str]:
    is_first, is_last, is_left, is_right = place
    top, bottom = is_first and "firstRow" in asked, is_last and "lastRow" in asked
    left, right = is_left and "firstColumn" in asked, is_right and "lastColumn" in asked
    yield "wholeTable"
    if "noVBand" not in asked:
        yield f"band{1 + (column - ('firstColumn' in asked)) % 2}Vert"
    if "noHBand" not in asked:
        yield f"band{1 + (row - ('firstRow' in asked)) % 2}Horz"
    named = ((left, "firstCol"), (right, "lastCol"), (top, "firstRow"), (bottom, "lastRow"))
    yield from (name for holds, name in named if holds)
    corners = ((top and left, "nwCell"), (top and right, "neCell"), (bottom and left, "swCell"))
    yield from (name for holds, name in (*corners, (bottom and right, "seCell")) if holds)
