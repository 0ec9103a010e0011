"""The register as people print it: a workbook with the official ten columns, one sheet per series.

It is a view of the ledger, written anew whenever the register has changed; nothing is ever read back from it.
"""

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.messages import say, shown_in
from pipeline.model import Direction
from pipeline.ooxml.cell_look import CellLook, CellLooks
from pipeline.ooxml.cell_text import put_text
from pipeline.register.rows import Row

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: Column heads of "Sổ đăng ký văn bản đi" (NĐ30 Phụ lục IV, mẫu 1, at least these ten).
OUTGOING_COLUMNS = (
    "Số, ký hiệu văn bản",
    "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung văn bản",
    "Người ký",
    "Nơi nhận văn bản",
    "Đơn vị, người nhận bản lưu",
    "Số lượng bản",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
)
#: Column heads of "Sổ đăng ký văn bản đến" (NĐ30 Phụ lục IV, mẫu 2).
INCOMING_COLUMNS = (
    "Ngày đến",
    "Số đến",
    "Tác giả",
    "Số, ký hiệu",
    "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung văn bản",
    "Đơn vị hoặc người nhận",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
)
#: In characters: the columns of an A4 sheet across, the widest for titles.
OUTGOING_WIDTHS = (18, 14, 46, 24, 34, 28, 10, 14, 12, 30)
INCOMING_WIDTHS = (14, 10, 34, 18, 14, 46, 28, 14, 12, 30)


BOX = "000000"
#: Above it stand issuer, title, series and numbers, as on the cover of a book (NĐ30 Phụ lục IV), and an empty row.
HEAD_ROW = 6
HEAD_LOOK = CellLook(is_bold=True, box=BOX, horizontal="center", vertical="center", is_wrapped=True)
ROW_LOOK = CellLook(box=BOX, vertical="top", is_wrapped=True)
TITLES = {Direction.OUTGOING: "SỔ ĐĂNG KÝ VĂN BẢN ĐI", Direction.INCOMING: "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN"}


@dataclass(frozen=True)
class Volume:
    """One volume of the register: a series, its title and its rows in the order of the numbers.

    `rows` hold ten texts each, in the order of the column heads; `is_void` marks rows of numbers given up.
    """

    series: str
    title: str
    issuer: str
    period: str
    direction: Direction
    rows: tuple[tuple[str, ...], ...]
    void_rows: frozenset[int] = frozenset()


def volumes(rows: Iterable[Row], *, issuer: str, language: str) -> list[Volume]:
    """Lay the register out as printable volumes, one for each series; `issuer` stands at the head of each."""
    by_series: dict[str, list[Row]] = {}
    for row in rows:
        by_series.setdefault(row.series, []).append(row)
    return [
        Volume(
            series=series,
            title=TITLES[of[0].direction],
            issuer=issuer,
            # as the cover of a bound volume says which numbers it holds (NĐ30 Phụ lục IV)
            period=f"Từ số {of[0].no:02d} đến số {of[-1].no:02d}",
            direction=of[0].direction,
            rows=tuple(texts_of(row, language) for row in of),
            void_rows=frozenset(position for position, row in enumerate(of) if row.void),
        )
        for series, of in by_series.items()
    ]


def texts_of(row: Row, language: str) -> tuple[str, ...]:
    """Give the ten official columns of one row (NĐ30 Phụ lục IV)."""
    said = row.columns
    # a number given up keeps its row, with the reason there: the run has no gap (A03)
    void = say("Void: {why}", why=row.void.why if row.void else "")
    later = (shown_in(one, language) for one in row.remarks)
    remark = shown_in(void, language) if row.void else "\n".join(part for part in (said.remark, *later) if part)
    kept = (day(said.sent_on), said.receipt, remark)
    if row.direction is Direction.INCOMING:
        # entries of before it was a column were entered when the paper came
        arrived = day(said.arrived_on or row.booked.at.astimezone())
        whom = said.handled_by or said.recipients
        sender = (said.author, said.sender_number, day(said.document_on), said.title)
        return (arrived, str(row.no), *sender, whom, *kept)
    people = (said.signer, said.recipients, said.kept_by, str(said.copies or ""))
    return (row.number, day(said.document_on), said.title, *people, *kept)


def day(on: dt.date | None) -> str:
    """Write a day as the register does; "" for none."""
    return f"{on:%d/%m/%Y}" if on else ""


def register_workbook(volumes: Iterable[Volume]) -> bytes:
    """Write the register as a workbook, one sheet per series, ready to print: A4 landscape, heads on every page."""
    from openpyxl import Workbook

    workbook = Workbook()
    if workbook.active is not None:
        workbook.remove(workbook.active)
    looks = CellLooks(workbook)
    for volume in volumes:
        _add_volume(workbook.create_sheet(_sheet_name(volume.series, workbook.sheetnames)), volume, looks)
    # Excel does not open a workbook without a sheet, and a register is wanted before its first number
    if not workbook.sheetnames:
        workbook.create_sheet("Sổ đăng ký")
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _sheet_name(series: str, taken: list[str]) -> str:
    # what Excel forbids in the name of a sheet, and its 31 characters
    name = series.translate(str.maketrans("[]:*?/\\", "       ")).strip()[:31]
    return name if name not in taken else f"{name[:28]}~{len(taken)}"


def _add_volume(sheet: "Worksheet", volume: Volume, looks: CellLooks) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    is_incoming = volume.direction is Direction.INCOMING
    heads = INCOMING_COLUMNS if is_incoming else OUTGOING_COLUMNS
    widths = INCOMING_WIDTHS if is_incoming else OUTGOING_WIDTHS
    last = get_column_letter(len(heads))
    lines = (volume.issuer, volume.title, volume.series, volume.period)
    for row, (text, is_bold) in enumerate(zip(lines, (True, True, False, False), strict=True), start=1):
        sheet.merge_cells(f"A{row}:{last}{row}")
        cell = sheet.cell(row, 1)
        put_text(cell, text)
        looks.give(cell, CellLook(14 if row == 2 else 12, is_bold, horizontal="center"))
    for column, (head, width) in enumerate(zip(heads, widths, strict=True), start=1):
        cell = sheet.cell(HEAD_ROW, column, head)
        looks.give(cell, HEAD_LOOK)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for offset, texts in enumerate(volume.rows):
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(HEAD_ROW + 1 + offset, column)
            put_text(cell, text)
            # struck out as on paper, still legible: a void number must be seen to have been given
            looks.give(cell, replace(ROW_LOOK, is_struck=offset in volume.void_rows))
    # a book of several sheets of paper must say on each what its columns are
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    # one page wide, as many below each other as there are
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.freeze_panes = f"A{HEAD_ROW + 1}"
