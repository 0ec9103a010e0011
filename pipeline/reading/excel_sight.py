"""What of a sheet people do not see on paper: hidden rows and columns, white letters, formats that show nothing.

And what they see that is in no cell: text boxes, comments. The first is not read, the second not a value; both are
told. Taken from the sheet's own XML where openpyxl says less: of a range of hidden columns it names the first alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles.proxy import StyleProxy
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.files.refusals import warning
from pipeline.messages import say
from pipeline.model import Finding, Place
from pipeline.ooxml import Package
from pipeline.ooxml.cell_text import HEADER_CODE
from pipeline.ooxml.numerals import whole_number
from pipeline.ooxml.own_marks import AUTHOR
from pipeline.reading.raw import Cell

_WHITE: Final = "FFFFFF"
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')  # what a format shows as it stands, or does not show
# three or four empty parts: positive, negative, zero and text show nothing (ECMA-376, 18.8.31)
_NOTHING: Final = re.compile(r"\s*(?:;\s*){2,3}")
_MOST_COLUMNS: Final = 16384
_SHOWN: Final = 60

Element = etree._Element


@dataclass(frozen=True)
class Sight:
    """Which rows and columns of a sheet are hidden, or without height or width, and how it is tied together."""

    rows: frozenset[int] = frozenset()
    columns: tuple[tuple[int, int], ...] = ()
    shaded: tuple[tuple[int, int, int, int], ...] = field(default=())  #: tables with a style: columns and rows

    def hides(self, row: int, column: int) -> bool:
        """Whether a cell lies where nothing is shown."""
        return row in self.rows or any(first <= column <= last for first, last in self.columns)


def sight_of(sheet: Worksheet, part: Element | None) -> Sight:
    """The hidden rows and columns of a sheet, from its part."""
    if part is None:
        return Sight()
    rows = frozenset(_number(row, "r") for row in part.iter("{*}row") if _is_gone(row, "ht"))
    columns = tuple(
        (_number(one, "min"), min(_number(one, "max"), _MOST_COLUMNS))
        for one in part.iter("{*}col")
        if _is_gone(one, "width")
    )
    areas = tuple(tuple(_corners(table.ref)) for table in sheet.tables.values())
    return Sight(rows, columns, tuple((a, b, c, d) for a, b, c, d in areas))


def is_unseen(cell: SheetCell, font: StyleProxy, sight: Sight) -> bool:
    """Whether the text of a cell, in its own font, cannot be seen though its row and column are shown."""
    if _NOTHING.fullmatch(cell.number_format or ""):
        return True
    colour = font.color
    is_white = colour is not None and (
        (colour.type == "rgb" and str(colour.rgb)[-6:].upper() == _WHITE)
        or (colour.type == "theme" and colour.theme == 0)  # the first of a theme is its paper
    )
    return is_white and cell.fill.fill_type is None and not _is_in_table(cell, sight)


def is_percent_format(number_format: str) -> bool:
    """Whether a format multiplies by a hundred: a percent sign of its own, none that only stands as text."""
    return "%" in number_format and "%" in _LITERAL.sub("", number_format)


def beside_the_cells(sheet: Worksheet, package: Package, part: str) -> Iterator[Finding]:
    """Comments of people, and the text of boxes, drawings and charts that lie on a sheet."""
    for cell in sheet._cells.values():
        # beside a value or a label it explains; at an empty cell it stands for what should be there
        if cell.comment is not None and cell.value is None and (cell.comment.author or "") != AUTHOR:
            yield warning(
                "I06",
                say(
                    "This cell is empty but for a comment, which was not read: “{text}”.",
                    text=_short(cell.comment.text),
                ),
                say("Type the value into the cell itself and delete the comment."),
                place=Place(sheet=sheet.title, cell=cell.coordinate),
            )
    for text in drawn_texts(package, part):
        yield warning(
            "text.unread",
            say(
                "There is a drawn text on the sheet that is in no cell; it was not read: “{text}”.", text=_short(text)
            ),
            say("Type it into the cell it belongs to."),
            place=Place(sheet=sheet.title),
        )


def drawn_texts(package: Package, part: str) -> Iterator[str]:
    """The text of each box, drawing and chart of a sheet."""
    for drawing in package.related(part, "/drawing"):
        root = package.tree(drawing)
        for shape in root.iter("{*}sp", "{*}cxnSp") if root is not None else ():
            if text := _text(shape):
                yield text
        for chart in package.related(drawing, "/chart"):
            title = package.tree(chart)
            if title is not None and (text := _text(title)):
                yield text


def margins(sheet: str, part: Element | None) -> Iterator[Cell]:
    """The lines of a sheet's headers and footers, without what the pages decide."""
    for said in part.iterfind("{*}headerFooter/*") if part is not None else ():
        side = "header" if str(said.tag).endswith("Header") else "footer"
        for line in HEADER_CODE.sub("\n", said.text or "").splitlines():
            if line.strip():
                yield Cell(line.strip(), Place(sheet=sheet, part=side))


def _text(shape: Element) -> str:
    return " ".join(" ".join(text.text or "" for text in shape.iter("{*}t")).split())


def _short(text: str) -> str:
    return " ".join(text.split())[:_SHOWN]


def _is_gone(element: Element, size: str) -> bool:
    if element.get("hidden") in {"1", "true"}:
        return True
    try:
        return float(element.get(size, "1")) == 0
    except ValueError:
        return False


def _number(element: Element, name: str) -> int:
    return whole_number(element.get(name, "")) or 0


def _is_in_table(cell: SheetCell, sight: Sight) -> bool:
    return any(
        left <= cell.column <= right and top <= cell.row <= bottom for left, top, right, bottom in sight.shaded
    )


def _corners(ref: str) -> list[int]:
    return [int(one or 0) for one in range_boundaries(ref)]
