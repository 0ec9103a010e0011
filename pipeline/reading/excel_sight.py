"""What of a sheet people do not see on paper: hidden rows and columns, white letters, formats that show nothing.

And what they see that is in no cell: text boxes, comments. The first is not read, the second not a value; both are
told. Taken from the sheet's own XML where openpyxl says less: of a range of hidden columns it names the first alone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles.colors import Color
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.files.refusals import warning
from pipeline.messages import say
from pipeline.model import Finding, Place
from pipeline.ooxml import Package
from pipeline.ooxml.cell_text import HEADER_CODE
from pipeline.ooxml.numerals import whole_number
from pipeline.ooxml.own_marks import AUTHOR
from pipeline.reading.raw import Cell

_PAPER, _INK = "FFFFFF", "000000"
#: Of the colours of a theme, the paper and the ink (18.8.3, by their order in Excel); of those by number likewise.
_OF_THEME: Final = {0: _PAPER, 1: _INK}
_BY_NUMBER: Final = {0: _INK, 1: _PAPER, 8: _INK, 9: _PAPER}
_ALIKE: Final = 16  # of 255 in each of red, green, blue: nobody tells them apart on paper
_LEGIBLE: Final = 2.5  # points: smaller letters are specks
_LEAST: Final = {"ht": 3.0, "width": 0.4}  # points, letters: lower rows and narrower columns show nothing
_USUAL_WIDTH: Final = 9.14  # figures: what Excel gives a column of which nothing is said (18.3.1.81)
_NO_FORMAT: Final = etree.Element("sheetFormatPr")
_ON: Final = frozenset({"1", "true"})
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')  # what a format shows as it stands, or does not show
# three or four empty parts: positive, negative, zero and text show nothing (ECMA-376, 18.8.31)
NOTHING: Final = re.compile(r"\s*(?:;\s*){2,3}")
_MOST_COLUMNS: Final = 16384
_SHOWN: Final = 60

Element = etree._Element


@dataclass(frozen=True)
class Sight:
    """Which rows and columns of a sheet are hidden, or without height or width, and how it is tied together."""

    rows: frozenset[int] = frozenset()
    columns: tuple[tuple[int, int], ...] = ()
    shaded: tuple[tuple[int, int, int, int], ...] = field(default=())  #: tables with a style: columns and rows
    widths: tuple[tuple[int, int, float], ...] = ()  #: first and last column, and their width in figures
    usual_width: float = _USUAL_WIDTH
    shows_noughts: bool = True

    def hides(self, row: int, column: int) -> bool:
        """Whether a cell lies where nothing is shown."""
        return row in self.rows or any(first <= column <= last for first, last in self.columns)

    def width(self, first: int, last: int) -> float:
        """How many figures of the usual size fit side by side into some columns."""
        return sum(
            next((width for low, high, width in self.widths if low <= column <= high), self.usual_width)
            for column in range(first, last + 1)
        )


def sight_of(sheet: Worksheet, part: Element | None) -> Sight:
    """The hidden rows and columns of a sheet, from its part."""
    if part is None:
        return Sight()
    usual = next(part.iterchildren("{*}sheetFormatPr"), _NO_FORMAT)
    is_low = usual.get("customHeight") in _ON and _size(usual, "defaultRowHeight", _LEAST["ht"]) < _LEAST["ht"]
    rows, at = set(), 0
    for row in part.iter("{*}row"):
        at = _number(row, "r") or at + 1  # a row may leave its number out: it is the next
        if _is_gone(row, "ht") or (is_low and row.get("ht") is None):
            rows.add(at)
    spans = [(_number(one, "min"), min(_number(one, "max"), _MOST_COLUMNS), one) for one in part.iter("{*}col")]
    columns = [(first, last) for first, last, one in spans if _is_gone(one, "width")]
    usual_width = _size(usual, "defaultColWidth", _USUAL_WIDTH)
    if usual_width < _LEAST["width"]:
        columns += list(_between([(first, last) for first, last, _ in spans]))
    areas = tuple(tuple(_corners(table.ref)) for table in sheet.tables.values())
    return Sight(
        frozenset(rows),
        tuple(columns),
        tuple((a, b, c, d) for a, b, c, d in areas),
        tuple((first, last, _size(one, "width", usual_width)) for first, last, one in spans),
        usual_width,
        sheet.sheet_view.showZeros is not False,
    )


def _between(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The columns of which a sheet says nothing."""
    after = 0
    for first, last in sorted(spans):
        if first > after + 1:
            yield after + 1, first - 1
        after = max(after, last)
    yield after + 1, _MOST_COLUMNS


def shows_nothing(cell: SheetCell) -> bool:
    """Whether the format of a cell shows nothing of whatever stands in it."""
    return NOTHING.fullmatch(cell.number_format or "") is not None


def is_legible(colour: Color | None, size: float | None, ground: str | None) -> bool:
    """Whether letters of a colour and a size (in points) are seen on a ground, as `ground_of` gives it."""
    if size is not None and size < _LEGIBLE:
        return False
    ink = rgb_of(colour)
    return ink is None or ground is None or not _are_alike(ink, ground)


def ground_of(cell: SheetCell, sight: Sight) -> str | None:
    """The colour behind a cell's text, RRGGBB; None for what only a drawing program finds out."""
    if cell.fill.fill_type is None:
        return None if _is_in_table(cell, sight) else _PAPER
    return rgb_of(cell.fill.fgColor) if cell.fill.fill_type == "solid" else None


def rgb_of(colour: Color | None) -> str | None:
    """A colour as RRGGBB, None for one of the theme or the palette that may be any."""
    if colour is None:
        return None
    if colour.type == "rgb":
        return str(colour.rgb)[-6:].upper()
    if colour.type == "indexed":
        return _BY_NUMBER.get(colour.indexed)
    of_theme = _OF_THEME.get(colour.theme) if colour.type == "theme" else None
    tint = min(max(float(colour.tint or 0), -1.0), 1.0)
    if of_theme is None or not tint:
        return of_theme
    # black and white have no hue: the tint moves all three alike (18.8.3)
    light = int(of_theme[:2], 16)
    light = round(light * (1 + tint) if tint < 0 else light * (1 - tint) + 255 * tint)
    return f"{light:02X}" * 3


def _are_alike(colour: str, ground: str) -> bool:
    try:
        pairs = zip(bytes.fromhex(colour), bytes.fromhex(ground), strict=True)
        return all(abs(one - other) < _ALIKE for one, other in pairs)
    except ValueError:  # no colour that Excel knows
        return False


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
        yield _drawn(sheet.title, text)


def on_chart_sheets(book: Workbook, package: Package, parts: Mapping[str, str]) -> Iterator[Finding]:
    """The words of charts that are a sheet of their own; `parts` gives the part of each sheet by its title."""
    for sheet in book.chartsheets:
        for text in drawn_texts(package, parts.get(sheet.title, "")):
            yield _drawn(sheet.title, text)


def _drawn(sheet: str, text: str) -> Finding:
    return warning(
        "text.unread",
        say("There is a drawn text on the sheet that is in no cell; it was not read: “{text}”.", text=_short(text)),
        say("Type it into the cell it belongs to."),
        place=Place(sheet=sheet),
    )


def drawn_texts(package: Package, part: str) -> Iterator[str]:
    """The text of each box, drawing, chart and control of a sheet."""
    for drawing in package.related(part, "/drawing"):
        root = package.tree(drawing)
        for shape in root.iter("{*}sp", "{*}cxnSp") if root is not None else ():
            if text := _text(shape):
                yield text
        for chart in package.related(drawing, "/chart"):
            title = package.tree(chart)
            if title is not None and (text := _text(title)):
                yield text
    yield from _controls(package, part)


def _controls(package: Package, part: str) -> Iterator[str]:
    """The text of boxes to tick, lists and buttons that lie on a sheet, and what is ticked."""
    for drawing in package.related(part, "/vmlDrawing"):
        root = package.tree(drawing)
        for shape in root.iter("{*}shape") if root is not None else ():
            about = shape.find("{*}ClientData")
            box = shape.find("{*}textbox")
            text = " ".join(" ".join(map(str, box.itertext())).split()) if box is not None else ""
            if about is None or about.get("ObjectType") == "Note" or not text:
                continue
            is_box = about.get("ObjectType") in {"Checkbox", "Radio"}
            ticked = (about.findtext("{*}Checked") or "").strip() == "1"
            yield f"{'☒' if ticked else '☐'} {text}" if is_box else text


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
    return element.get("hidden") in _ON or _size(element, size, _LEAST[size]) < _LEAST[size]


def _size(element: Element, name: str, usual: float) -> float:
    try:
        return float(element.get(name, usual))
    except ValueError:
        return usual


def _number(element: Element, name: str) -> int:
    return whole_number(element.get(name, "")) or 0


def _is_in_table(cell: SheetCell, sight: Sight) -> bool:
    return any(
        left <= cell.column <= right and top <= cell.row <= bottom for left, top, right, bottom in sight.shaded
    )


def _corners(ref: str) -> list[int]:
    return [int(one or 0) for one in range_boundaries(ref)]
