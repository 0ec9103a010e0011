"""The register as a workbook: a sheet for each volume, with its cover, then its pages as they are printed.

It is a view of the ledger, written anew whenever the register has changed; nothing is ever read back from it.
"""

import functools
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pipeline.ooxml.cell_look import CellLook, CellLooks
from pipeline.ooxml.cell_text import put_text
from pipeline.register import pages as layout
from pipeline.register.books import Cover, Volume
from pipeline.register.pages import Band, Mark, Paged, Printed, paged

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_BOX: Final = "000000"
_TINT: Final = "EDEDED"
_SIZE: Final = round(layout.SIZE)
_HEAD: Final = CellLook(
    round(layout.HEAD_SIZE), is_bold=True, box=_BOX, horizontal="center", vertical="center", is_wrapped=True
)
_COUNT: Final = CellLook(round(layout.HEAD_SIZE), box=_BOX, horizontal="center", vertical="center")
_CELL: Final = CellLook(_SIZE, box=_BOX, vertical="top", is_wrapped=True)
_BAND: Final = CellLook(_SIZE, box=_BOX, fill=_TINT, vertical="center")
#: One unit of a column's width, that of a figure of the workbook's own letters, in millimetres.
_UNIT_MM: Final = 7 * 25.4 / 96
_POINTS_PER_MM: Final = 72 / 25.4


def register_workbook(volumes: Iterable[Volume], mark: Mark) -> bytes:
    """Write the volumes, one sheet each, ready to print: A4 lying across, heads on every page."""
    from openpyxl import Workbook

    workbook = Workbook()
    if workbook.active is not None:
        workbook.remove(workbook.active)
    looks = CellLooks(workbook)
    for volume in volumes:
        sheet = workbook.create_sheet(_sheet_name(volume.series, workbook.sheetnames))
        _Sheet(sheet, looks, paged(volume)).write(mark)
    # Excel does not open a workbook without a sheet, and a register is wanted before its first number
    if not workbook.sheetnames:
        workbook.create_sheet("Sổ đăng ký")
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


@functools.cache
def _look(is_struck: bool, is_centred: bool) -> CellLook:
    return replace(_CELL, is_struck=is_struck, horizontal="center" if is_centred else "")


def _sheet_name(series: str, taken: list[str]) -> str:
    # what Excel forbids in the name of a sheet, and its 31 characters
    name = series.translate(str.maketrans("[]:*?/\\", "       ")).strip()[:31]
    return name if name not in taken else f"{name[:28]}~{len(taken)}"


@dataclass
class _Sheet:
    """Writes one volume from top to bottom; `row` is the last one written."""

    sheet: "Worksheet"
    looks: CellLooks
    book: Paged
    row: int = 0

    def write(self, mark: Mark) -> None:
        """Write cover, heads and pages."""
        from openpyxl.utils import get_column_letter

        for column, one in enumerate(self.book.volume.columns, start=1):
            self.sheet.column_dimensions[get_column_letter(column)].width = one.width_mm / _UNIT_MM
        self._cover(self.book.volume.cover)
        self._break()
        first = self.row + 1
        self._cells([(column.head, _HEAD) for column in self.book.volume.columns], self.book.head_mm)
        counts = range(1, len(self.book.volume.columns) + 1)
        self._cells([(f"({at})", _COUNT) for at in counts], layout.COUNT_MM)
        # a book of several sheets of paper must say on each what its columns are
        self.sheet.print_title_rows = f"{first}:{self.row}"
        for page in self.book.pages:
            for row in page.rows:
                if isinstance(row, Band):
                    self._across(row.text, replace(_BAND, is_bold=row.is_bold), row.height_mm)
                else:
                    self._cells(list(self._number(row)), row.height_mm)
            if page is not self.book.pages[-1]:
                self._break()
        self._print(mark)

    def _cover(self, cover: Cover) -> None:
        plain = CellLook(14, horizontal="center", vertical="center")
        self._across("", plain, 12)
        for text in cover.parent_lines:
            self._across(text.upper(), plain, 8)
        self._across(cover.issuer.upper(), replace(plain, is_bold=True), 8)
        self._across("", plain, 25)
        self._across(cover.title, replace(plain, size=24, is_bold=True), 16)
        self._across("", plain, 6)
        for text in cover.lines:
            self._across(text, plain, 10)

    def _number(self, row: Printed) -> Iterator[tuple[str, CellLook]]:
        """Give the texts of one number; a void one is struck out as on paper, still legible, but for the reason."""
        for text, column in zip(row.texts, self.book.volume.columns, strict=True):
            is_struck = row.line.is_void and column.name != "remark"
            yield text, _look(is_struck, column.is_centred)

    def _across(self, text: str, look: CellLook, height_mm: float) -> None:
        """Write a row over the whole width."""
        from openpyxl.worksheet.cell_range import CellRange

        self.row += 1
        width = len(self.book.volume.columns)
        # not `merge_cells`, which holds each new one against all there are
        self.sheet.merged_cells.ranges.add(CellRange(min_col=1, min_row=self.row, max_col=width, max_row=self.row))
        for column in range(1, width + 1):
            self.looks.give(self.sheet.cell(self.row, column), look)
        put_text(self.sheet.cell(self.row, 1), text)
        self._height(height_mm)

    def _cells(self, texts: Sequence[tuple[str, CellLook]], height_mm: float) -> None:
        self.row += 1
        for column, (text, look) in enumerate(texts, start=1):
            cell = self.sheet.cell(self.row, column)
            put_text(cell, text)
            self.looks.give(cell, look)
        self._height(height_mm)

    def _height(self, height_mm: float) -> None:
        self.sheet.row_dimensions[self.row].height = round(height_mm * _POINTS_PER_MM, 1)

    def _break(self) -> None:
        from openpyxl.worksheet.pagebreak import Break

        self.sheet.row_breaks.append(Break(id=self.row))

    def _print(self, mark: Mark) -> None:
        from openpyxl.worksheet.properties import PageSetupProperties

        page, margins = self.sheet.page_setup, self.sheet.page_margins
        page.orientation = "landscape"
        page.paperSize = int(self.sheet.PAPERSIZE_A4)
        # one page wide, as many below each other as the breaks make: programs set columns by whole pixels
        page.fitToWidth, page.fitToHeight = 1, 0
        self.sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        margins.left, margins.right = layout.LEFT_MM / 25.4, layout.RIGHT_MM / 25.4
        margins.top, margins.bottom = layout.TOP_MM / 25.4, (layout.FOOT_MM + layout.BOTTOM_MM) / 25.4
        margins.header, margins.footer = layout.BOTTOM_MM / 25.4, layout.BOTTOM_MM / 25.4
        # a picture at the foot is not to be had in a workbook: the text alone stands there
        foot = self.sheet.oddFooter
        if foot is not None:
            text = mark.text.replace("&", "&&")
            foot.left.text, foot.right.text = (f"Mốc sổ: {text}" if text else ""), "&P/&N"
            foot.left.size = round(layout.MARK_SIZE)
