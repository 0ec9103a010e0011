"""The register as it is printed: the official columns, a sheet for each series, paper of the right size."""

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest

from pipeline.ledger import Columns
from pipeline.ledger.rows import Entry
from pipeline.model import Direction
from pipeline.register.rows import Row
from pipeline.register.workbook import Volume, register_workbook, texts_of, volumes

OUT, IN = Direction.OUTGOING, Direction.INCOMING
MAY = dt.datetime(2022, 5, 30, 2, 0, tzinfo=dt.UTC)
PLAN = Columns(
    title="Kế hoạch năm 2022",
    document_on=dt.date(2022, 5, 27),
    signer="Đặng Thị Thuỳ Nhiên",
    recipients="Văn phòng Thành ủy; Các đơn vị",
    kept_by="Lưu VP",
    copies=12,
    number="01-KH/CTĐ4",
)
TEXTS = tuple("abcdefghij")


def entry(no: int, series: str = "KH/2020-2025", direction: Direction = OUT, **more: Any) -> Entry:
    given: dict[str, Any] = {"act": "number", "why": "", "columns": PLAN, "recorded": "", "job_id": 7} | more
    return Entry(series, direction, no, no, at=MAY, who="thu ky", previous_hash="", hash="", **given)


def book(*printed: Volume) -> Any:
    return openpyxl.load_workbook(io.BytesIO(register_workbook(printed)))


def volume(*rows: tuple[str, ...], series: str = "KH/2020-2025", void: frozenset[int] = frozenset()) -> Volume:
    return Volume(series, "SỔ ĐĂNG KÝ VĂN BẢN ĐI", "CỤM THI ĐUA SỐ 4", "Từ số 01 đến số 02", OUT, rows, void)


def test_a_volume_says_whose_it_is_and_from_which_number_to_which() -> None:
    rows = [
        Row(1, entry(1)),
        Row(2, entry(2), void=entry(2, act="void", why="sai ngày")),
        Row(1, entry(1, "BB/2022")),
    ]

    plans, minutes = volumes(rows, issuer="CỤM", language="vi")

    assert (plans.series, plans.title, plans.issuer) == ("KH/2020-2025", "SỔ ĐĂNG KÝ VĂN BẢN ĐI", "CỤM")
    assert (plans.period, minutes.period) == ("Từ số 01 đến số 02", "Từ số 01 đến số 01")
    assert (plans.void_rows, minutes.void_rows) == (frozenset({1}), frozenset())


def test_an_outgoing_row_has_the_ten_columns_in_their_order() -> None:
    assert texts_of(Row(1, entry(1)), "vi") == (
        "01-KH/CTĐ4",
        "27/05/2022",
        "Kế hoạch năm 2022",
        "Đặng Thị Thuỳ Nhiên",
        "Văn phòng Thành ủy; Các đơn vị",
        "Lưu VP",
        "12",
        "",
        "",
        "",
    )


def test_no_copies_and_no_day_are_left_open() -> None:
    assert texts_of(Row(1, entry(1, columns=Columns(number="01"))), "vi") == ("01", *[""] * 9)


def test_the_remark_of_a_void_number_says_why() -> None:
    void = Row(1, entry(1), void=entry(1, act="void", why="sai ngày"))

    assert texts_of(void, "en")[9] == "Void: sai ngày"
    assert texts_of(Row(1, entry(1, columns=Columns(remark="gửi lại"))), "vi")[9] == "gửi lại"


def test_a_row_says_what_became_of_its_number() -> None:
    booked, void, filed = entry(1), entry(1, act="void"), entry(1, act="file")

    assert Row(1, booked).status == "booked"
    assert Row(1, booked, filed=filed).status == "filed"
    assert Row(1, booked, void=void).status == "void"
    assert Row(1, booked).job_id == 7


def test_a_sheet_begins_with_its_head_and_the_heads_of_its_columns() -> None:
    sheet = book(volume(TEXTS)).worksheets[0]

    assert [sheet.cell(row, 1).value for row in range(1, 6)] == [
        "CỤM THI ĐUA SỐ 4",
        "SỔ ĐĂNG KÝ VĂN BẢN ĐI",
        "KH/2020-2025",
        "Từ số 01 đến số 02",
        None,
    ]
    assert [(sheet.cell(row, 1).font.size, sheet.cell(row, 1).font.bold) for row in range(1, 5)] == [
        (12, True),
        (14, True),
        (12, False),
        (12, False),
    ]
    assert {str(area) for area in sheet.merged_cells.ranges} == {f"A{row}:J{row}" for row in range(1, 5)}
    assert [sheet.cell(6, column).value for column in (1, 10, 11)] == ["Số, ký hiệu văn bản", "Ghi chú", None]
    assert sheet.cell(6, 1).font.bold
    assert tuple(cell.value for cell in sheet[7])[:10] == TEXTS
    assert [sheet.column_dimensions[column].width for column in "AJ"] == [18, 30]


def test_a_sheet_is_printed_on_a4_across_with_its_heads_on_every_page() -> None:
    sheet = book(volume(TEXTS)).worksheets[0]

    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$6:$6", "A7")


def test_only_a_void_row_is_struck_through_and_every_cell_is_framed() -> None:
    sheet = book(volume(TEXTS, TEXTS, void=frozenset({1}))).worksheets[0]

    assert [bool(sheet.cell(row, 3).font.strike) for row in (7, 8)] == [False, True]
    assert [sheet.cell(row, 10).border.bottom.style for row in (6, 7, 8)] == ["thin"] * 3
    assert sheet.cell(7, 3).alignment.wrap_text


@pytest.mark.parametrize(
    ("series", "names"),
    [
        (["KH/2020-2025", "BB/2020-2025"], ["KH 2020-2025", "BB 2020-2025"]),
        (["a" * 40, "a" * 40 + "b"], ["a" * 31, "a" * 28 + "~1"]),
        ([], ["Sổ đăng ký"]),
    ],
)
def test_sheets_are_named_as_a_spreadsheet_program_allows(series: list[str], names: list[str]) -> None:
    assert book(*(volume(TEXTS, series=one) for one in series)).sheetnames == names
