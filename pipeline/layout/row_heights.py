"""How high a row of a workbook must be for its texts, by the widths of Times New Roman.

When a row gets its height by itself: Excel fits one that has wrapped texts while somebody types in it, and when it
opens a file that gives the row no height (`ht`); a height in the file stays, and a merged cell is never looked at.
LibreOffice fits a row while somebody types; one without a height in an .xlsx it opens is one line high, and what does
not fit lies over the rows below (measured, 7.4.7). So a workbook carries the heights of all its rows, and only where
people type they are not marked as set by hand (`customHeight`). No row is higher than 409 points (Excel's limit,
ECMA-376 18.3.1.73): of a longer text the end is in the cell and not on paper.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pipeline.layout.typesetting import wrapped

#: A row of Excel is at most so high.
HIGHEST_PT: Final = 409.0
#: A column's width is counted in figures of the workbook's own font, 7 pixels wide on screen (ECMA-376 18.3.1.13).
_FIGURE_MM: Final = 7 * 25.4 / 96
#: Left free at both sides of a text, together, …
_PADDING_MM: Final = 5 * 25.4 / 96
#: … and room for what programs set wider than the font's metrics say: whole pixels on screen, a printer's own.
_SLACK: Final = 0.95
#: From line to line, in sizes of the font: Excel's row of 12 points is 15.75 high.
_LINE: Final = 1.32
_AROUND_PT: Final = 3.0


@dataclass(frozen=True)
class Written:
    """A text in a cell: width of its column (of all columns it covers) in figures, size of its letters in points."""

    text: str
    width: float
    size: float = 12.0
    is_bold: bool = False


def lines_of(cell: Written) -> int:
    """How many lines a text takes in its column, at least one."""
    room_mm = max(_FIGURE_MM, (cell.width * _FIGURE_MM - _PADDING_MM) * _SLACK)
    return max(1, len(wrapped(cell.text, room_mm, cell.size, "bold" if cell.is_bold else "regular")))


def row_height(cells: Iterable[Written]) -> float:
    """The height in points of a row in which these texts are written whole, as far as Excel lets a row be so high."""
    most = max((lines_of(cell) * cell.size * _LINE for cell in cells), default=12 * _LINE)
    return min(HIGHEST_PT, round(most + _AROUND_PT, 1))
