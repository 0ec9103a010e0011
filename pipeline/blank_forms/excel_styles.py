"""How an Excel form looks: fonts, colours, widths, what is locked, how it prints."""

import copy
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final, TypeAlias

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.blank_forms.plan import Entry
from pipeline.layout.row_heights import Written, row_height
from pipeline.messages import in_vietnamese
from pipeline.ooxml.cell_text import put_text

AnyCell: TypeAlias = Cell | MergedCell  # as openpyxl's `sheet.cell` gives it

_FAMILY: Final = "Times New Roman"
_LINE: Final = Side(style="thin", color="FFB7B7B7")
_BOX: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_YELLOW: Final = PatternFill("solid", fgColor="FFFFF9DB")
_BLUE: Final = PatternFill("solid", fgColor="FFDCE6F1")
_PAGE_WIDTH: Final = 170.0  # characters of all columns, before letters get too small
_UPRIGHT: Final = 120.0  # characters that an upright page holds
_NARROW: Final = 11.0
#: What an upright page holds between its margins: points of rows, and characters before the sheet is made smaller.
_PAGE_POINTS, _PAGE_CHARACTERS = 740.0, 95.5
_ROW_POINTS: Final = 15.0  # of a row whose height nobody set
_RED: Final = "FFC00000"
_DARK: Final = "FF1F3864"

#: Widths of columns in characters, by x-type.
_WIDTHS: Final = {
    "date": 13.0,
    "time": 11.0,
    "year": 10.0,
    "integer": 11.0,
    "number": 11.0,
    "percent": 11.0,
    "money": 16.0,
    "phone": 14.0,
    "email": 26.0,
    "person": 26.0,
    "unit_code": 32.0,
    "content_code": 36.0,
    "flag": 10.0,
}


def head(sheet: Worksheet, title: str, below: str, last_column: int) -> None:
    """The two lines at the top, over all columns."""
    for row, (text, size, is_bold) in enumerate(((title, 16, True), (below, 12, False)), start=1):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=last_column)
        cell = sheet.cell(row, 1)
        put_text(cell, text)
        cell.font = Font(name=_FAMILY, size=size, bold=is_bold, color=_DARK)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.row_dimensions[row].height = 28 if row == 1 else 20


def note(cell: AnyCell, text: str) -> None:
    """One line of guidance, running on over the empty cells beside it."""
    put_text(cell, text)
    cell.font = Font(name=_FAMILY, size=11, italic=True, color="FF595959")


def guide_line(cell: AnyCell, text: str) -> None:
    """One line of the guide."""
    put_text(cell, text)
    cell.font = Font(name=_FAMILY, size=13)
    cell.alignment = Alignment(vertical="top", wrap_text=True)


def heading(sheet: Worksheet, row: int, text: str, last_column: int, *, is_required: bool) -> None:
    """The heading of a section, a band over all columns."""
    for column in range(1, last_column + 1):
        sheet.cell(row, column).fill = _BLUE
    cell = sheet.cell(row, 1)
    _starred(cell, text, 13, is_required=is_required)
    cell.font = Font(name=_FAMILY, size=13, bold=True, color=_DARK)


def label(cell: AnyCell, text: str, *, is_required: bool) -> None:
    """The label of one place."""
    _starred(cell, text, 12, is_required=is_required)
    cell.font = Font(name=_FAMILY, size=12, bold=is_required)
    cell.alignment = Alignment(vertical="center", wrap_text=True)


def header(cell: AnyCell, text: str, *, is_required: bool = False) -> None:
    """The head of a column."""
    _starred(cell, text, 12, is_required=is_required)
    cell.font = Font(name=_FAMILY, size=12, bold=True)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border, cell.fill = _BOX, _BLUE


class Looks:
    """What most cells of one workbook look like, told once each.

    openpyxl compares every font, border and fill of a cell with all others of the workbook.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._first: dict[str, AnyCell] = {}

    def counter(self, cell: AnyCell, number: int) -> None:
        """The number of a row."""
        cell.value = number
        self._give(cell, "counter", lambda: _counter(cell))

    def input_cell(self, cell: AnyCell, *, is_number: bool) -> None:
        """A cell to be filled in."""
        self._give(cell, f"input {is_number}", lambda: _input(cell, is_number=is_number))

    def open_cell(self, cell: AnyCell, *, is_number: bool) -> None:
        """A cell that may be written in, as text unless it is for a whole number."""
        self._give(cell, f"open {is_number}", lambda: _open(cell, is_number=is_number))

    def _give(self, cell: AnyCell, look: str, make: Callable[[], None]) -> None:
        first = self._first.setdefault(look, cell)
        if first is cell:
            make()
        else:
            cell._style = copy.copy(first._style)  # type: ignore[union-attr]  # not in openpyxl's stubs


def _counter(cell: AnyCell) -> None:
    cell.font = Font(name=_FAMILY, size=12, color="FF7F7F7F")
    cell.alignment = Alignment(horizontal="center", vertical="top")
    cell.border = _BOX


def _input(cell: AnyCell, *, is_number: bool) -> None:
    _open(cell, is_number=is_number)
    cell.fill, cell.border = _YELLOW, _BOX


def _open(cell: AnyCell, *, is_number: bool) -> None:
    cell.number_format = "0" if is_number else "@"
    cell.font = Font(name=_FAMILY, size=12)
    cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
    cell.protection = Protection(locked=False)


def comment(cell: AnyCell, entry: Entry) -> None:
    """The help and the example of a field, shown when somebody points at its label."""
    lines = hint(entry)
    if lines:
        said = Comment(lines, "vanthu")
        said.width, said.height = 320, 60 + 18 * (len(lines) // 45 + lines.count("\n"))
        cell.comment = said


def hint(entry: Entry) -> str:
    """The help and the example of a field as lines."""
    example = in_vietnamese("Example: {example}", example=entry.example) if entry.example else ""
    return "\n".join(line for line in (entry.help, example) if line)


def width_of(entry: Entry) -> float:
    """How wide the column of a field is, in characters."""
    if entry.x_type in _WIDTHS and not (entry.choices and len(entry.choices[0][1]) < 8):
        return _WIDTHS[entry.x_type]
    if entry.choices:
        return min(30.0, max(len(label) for _, label in entry.choices) + 4.0)
    return 36.0 if entry.is_text else 13.0 if entry.max_length <= 50 else 24.0


def widths(sheet: Worksheet, columns: dict[int, float]) -> None:
    """Set the widths of columns, by number; many columns are made narrower, so that a page stays legible."""
    # a page as wide as all columns would print letters nobody can read
    narrow = min(1.0, _PAGE_WIDTH / sum(columns.values()))
    for column, width in columns.items():
        fitting = width if width <= _NARROW else max(_NARROW, round(width * narrow, 1))
        sheet.column_dimensions[get_column_letter(column)].width = fitting
    _fit_head(sheet)


def _fit_head(sheet: Worksheet) -> None:
    """Make the two lines at the top as high as they are over a narrow table: no program fits a merged cell."""
    for area in sheet.merged_cells.ranges:
        cell = sheet.cell(area.min_row, area.min_col)
        letters = map(get_column_letter, range(area.min_col, area.max_col + 1))
        width = sum(sheet.column_dimensions[letter].width for letter in letters)
        told = Written(str(cell.value), width, cell.font.size or 12, is_bold=bool(cell.font.bold))
        row = sheet.row_dimensions[area.min_row]
        row.height = max(row.height or 0.0, row_height([told]))


def heights(sheet: Worksheet, *, first: int, last: int) -> None:
    """Set the heights of rows by their longest text: not every program does so when it opens a file."""
    for row in range(first, last + 1):
        if sheet.row_dimensions[row].height is None:
            sheet.row_dimensions[row].height = max(21.0, row_height(_written(sheet, row)))


def _written(sheet: Worksheet, row: int) -> Iterator[Written]:
    for cell in sheet[row]:
        if cell.value is not None and cell.alignment.wrap_text:
            width = sheet.column_dimensions[get_column_letter(cell.column)].width
            yield Written(str(cell.value), width, cell.font.size or 12, is_bold=bool(cell.font.bold))


def gap(sheet: Worksheet, row: int) -> None:
    """A narrow empty row, where one list ends and the next begins."""
    sheet.row_dimensions[row].height = 8


def page(sheet: Worksheet, marker: str) -> None:
    """A4, as wide as one page, numbered; on its side when the columns ask for it."""
    is_wide = sum(column.width for column in sheet.column_dimensions.values()) > _UPRIGHT
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if is_wide else "portrait"
    # 0: as many pages in height as it takes
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top = margins.bottom = 0.7
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(left=_HeaderFooterPart(marker), right=_HeaderFooterPart("&P/&N"))
    sheet.sheet_view.showGridLines = False


def keep_whole(sheet: Worksheet, blocks: list[int]) -> None:
    """Begin a page with a list that would go on on the next, where nothing says of what its lines are.

    `blocks` are the rows with which labels and lists begin.
    """
    wide = sum(column.width for column in sheet.column_dimensions.values())
    # a sheet is made smaller until its columns fit the page; then more rows do
    room = _PAGE_POINTS * max(1.0, wide / _PAGE_CHARACTERS)
    used = sum(sheet.row_dimensions[row].height or _ROW_POINTS for row in range(1, blocks[0]))
    last = max(row for row in range(1, sheet.max_row + 1) if any(cell.has_style for cell in sheet[row]))
    for first, after in pairwise([*blocks, last + 1]):
        height = sum(sheet.row_dimensions[row].height or _ROW_POINTS for row in range(first, after))
        if used + height > room:
            sheet.row_breaks.append(Break(id=first - 1))
            used = 0.0
        used += height


def protect(sheet: Worksheet) -> None:
    """Lock labels against slips, without a password; rows, columns and looks may be changed."""
    protection = sheet.protection
    protection.sheet = True
    # rows may be added or taken out, and cells made legible
    protection.insertRows = protection.deleteRows = protection.sort = False  # False: allowed
    protection.formatCells = protection.formatColumns = protection.formatRows = False


def _starred(cell: AnyCell, text: str, size: int, *, is_required: bool) -> None:
    """A text, with a red asterisk when it must be filled in."""
    if not is_required:
        put_text(cell, text)
        return
    bold = InlineFont(rFont=_FAMILY, sz=size, b=True)
    red = InlineFont(rFont=_FAMILY, sz=size, b=True, color=Color(_RED))
    cell.value = CellRichText(TextBlock(bold, text), TextBlock(red, "\u00a0*"))
