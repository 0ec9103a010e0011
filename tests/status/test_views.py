"""What a board looks like, laid out from its values alone: on the page and in the workbook."""

import dataclasses
import datetime as dt
import io
from typing import Any

import lxml.html
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.messages import ENGLISH, NOTHING, VIETNAMESE, verbatim
from pipeline.status.views import (
    Board,
    Cell,
    Column,
    Deadline,
    Document,
    OpenWarning,
    Row,
    Status,
    Stopped,
    WaitingDocument,
    cell_text,
    days_text,
    page,
    sent_text,
    warning_text,
    workbook,
)
from tests.said import en, vi

DAY = dt.date(2022, 6, 3)
CHANGED = dt.datetime(2022, 6, 2, 1, 5, tzinfo=dt.UTC)
LATE, PLAIN, HEAD, FINE = "00FBD9D5", "00F3F4F6", "00EEF1F5", "00DCEFD8"
COLOURS = {
    Status.NOT_OWED: "00000000",
    Status.MISSING: PLAIN,
    Status.CHECKING: "00FDF0CC",
    Status.RETURNED: LATE,
    Status.HELD: "00ECD9F3",
    Status.VALID: FINE,
    Status.AWAITED: "00D5E5F8",
    Status.PARTLY_SIGNED: "00F9E0C2",
    Status.SIGNED: "00C6E3E1",
    Status.ARCHIVED: "00B9DFB5",
}

BARE = Board(
    year=2022,
    cluster="Cụm thi đua số 4",
    as_of=DAY,
    changed_at=None,
    columns=(
        Column("dang-ky", verbatim("Bản đăng ký"), "ĐK", dt.date(2022, 5, 31)),
        Column("bang-diem", verbatim("Bảng điểm"), "BĐ", None),
    ),
    rows=(
        Row("CATP", "Công an", (Cell(Status.MISSING, 3), Cell(Status.VALID, job_id=7))),
        Row("KNH", "Ngân hàng", (Cell(Status.AWAITED, 1, 8), Cell(Status.NOT_OWED))),
    ),
    documents=(),
    deadlines=(
        Deadline("M_A", "Đăng ký", "Đơn vị", dt.date(2022, 5, 31), -3, sent=1, expected=2),
        Deadline("M_B", "Sơ kết", "Cụm", dt.date(2022, 6, 3), 0),
        Deadline("M_C", "Tổng kết", "Cụm", dt.date(2022, 6, 2), -1, sent=2, expected=2),
        Deadline("M_D", "Chấm điểm", "Cụm", dt.date(2022, 6, 4), 1, sent=0, expected=2),
    ),
    waiting=(),
    warnings=(),
    stopped=(),
)
FULL = dataclasses.replace(
    BARE,
    changed_at=CHANGED,
    documents=(
        Document(11, "Kế hoạch", verbatim("đã lưu"), Status.ARCHIVED, "01-KH/CTĐ4"),
        Document(12, "Biên bản: Sơ kết", verbatim("tạm giữ"), Status.HELD, ""),
    ),
    waiting=(WaitingDocument(13, "Giao ước", ("CATP", "KNH"), ("Công an", "Ngân hàng")),),
    warnings=(
        OpenWarning(8, "Ngân hàng", "Bản đăng ký", "DK10", verbatim("Nộp muộn.")),
        OpenWarning(9, "", "Kế hoạch", "KH03", verbatim("Thiếu căn cứ."), 3),
    ),
    stopped=(
        Stopped(14, "Công an", "dk.xlsx", verbatim("tạm giữ"), verbatim("mẫu hỏng")),
        Stopped(15, "", "la.pdf", verbatim("trả lại"), NOTHING),
    ),
)


def on_the_wall() -> str:
    """When the board last changed, by the office's clock: tests before may have set another zone."""
    return f"{CHANGED.astimezone():%d/%m/%Y %H:%M}"


def shown(board: Board, language: str = VIETNAMESE) -> Any:
    return lxml.html.fromstring(page(board, language).decode())


def rows_of(page: Any, section: str) -> list[list[str]]:
    rows = page.xpath(f"//section[@id='{section}']//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def heads_of(page: Any, section: str) -> list[str]:
    return [" ".join(head.text_content().split()) for head in page.xpath(f"//section[@id='{section}']//thead//th")]


def sheet_of(board: Board, language: str = VIETNAMESE) -> Worksheet:
    """The units by kinds, and below them, after an empty row, what is written on the sheet of the lists."""
    units, lists = sheets_of(board, language)
    below = int(units.max_row or 0) + 1
    for row in lists.iter_rows():
        for cell in row:
            here: Any = cell
            there: Any = units.cell(below + here.row, here.column)
            there.value, there._style = here.value, here._style
    return units


def sheets_of(board: Board, language: str = VIETNAMESE) -> list[Worksheet]:
    return list(openpyxl.load_workbook(io.BytesIO(workbook(board, language))).worksheets)


def texts_of(sheet: Worksheet) -> list[list[str]]:
    """The rows of a sheet, without the empty cells behind their last text."""
    found = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    return [row[: max((at for at, text in enumerate(row, 1) if text), default=0)] for row in found]


def row_of(sheet: Worksheet, first: str) -> Any:
    (row,) = [row for row in sheet.iter_rows() if row[0].value == first]
    return row


# The page ----------------------------------------------------------------------------------------------------------


def test_the_page_is_headed_by_cluster_year_day_and_last_change() -> None:
    whole = shown(FULL)
    assert whole.get("lang") == "vi"
    assert whole.xpath("string(//title)") == "Tình hình hồ sơ thi đua năm 2022 – Cụm thi đua số 4"
    assert [one.text for one in whole.xpath("//header/*")] == [
        "Cụm thi đua số 4",
        "Tình hình hồ sơ thi đua năm 2022",
        f"Tính đến ngày 03/06/2022; thay đổi gần nhất: {on_the_wall()}.",
    ]
    assert shown(BARE).xpath("string(//header/p[2])") == "Tính đến ngày 03/06/2022."


def test_the_page_has_a_column_for_each_kind_and_a_cell_for_each_unit() -> None:
    whole = shown(FULL)
    assert heads_of(whole, "units") == [
        "Đơn vị",
        "Bản đăng kýHạn: 31/05/2022",
        "Bảng điểmHạn: chưa định",
    ]
    assert rows_of(whole, "units") == [
        ["Công an CATP", "chưa nộp, trễ hạn 3 ngày", "hợp lệ #7"],
        ["Ngân hàng KNH", "chờ ký, trễ hạn 1 ngày #8", "–"],
    ]
    classes = [cell.get("class") for cell in whole.xpath("//section[@id='units']//td")]
    assert classes == ["missing late", "valid", "awaited late", "not-owed"]


def test_the_legend_of_the_page_explains_every_colour_but_the_one_of_nothing_owed() -> None:
    items = [(one.get("class"), one.text) for one in shown(BARE).xpath("//ul[@class='legend']/li")]
    assert items == [
        ("missing", "chưa nộp"),
        ("checking", "đang kiểm tra"),
        ("returned", "trả lại"),
        ("held", "tạm giữ"),
        ("valid", "hợp lệ"),
        ("awaited", "chờ ký"),
        ("partly-signed", "thiếu chữ ký"),
        ("signed", "đã ký, chờ lưu"),
        ("archived", "đã lưu"),
    ]


def test_the_deadlines_of_the_page_tell_day_distance_and_count_and_mark_only_what_is_owed() -> None:
    whole = shown(BARE)
    assert heads_of(whole, "deadlines") == [
        "Hạn",
        "Thời gian",
        "Công việc",
        "Chủ trì",
        "Đã có",
    ]
    assert rows_of(whole, "deadlines") == [
        ["31/05/2022", "đã qua 3 ngày", "Đăng ký", "Đơn vị", "1/2"],
        ["03/06/2022", "hôm nay", "Sơ kết", "Cụm", ""],
        ["02/06/2022", "đã qua 1 ngày", "Tổng kết", "Cụm", "2/2"],
        ["04/06/2022", "còn 1 ngày", "Chấm điểm", "Cụm", "0/2"],
    ]
    section = "//section[@id='deadlines']//tbody/tr"
    assert [row.get("class") for row in whole.xpath(section)] == ["past", None, "past", None]
    assert ["late" in cell.get("class") for cell in whole.xpath(f"{section}/td[5]")] == [True, False, False, False]


def test_the_lists_of_the_page_name_what_waits_what_was_noticed_what_stopped_and_what_was_made() -> None:
    whole = shown(FULL)
    (waits,) = whole.xpath("//section[@id='waiting']//li")
    assert waits.text_content() == "Giao ước (#13) – chờ: Công an; Ngân hàng"
    assert rows_of(whole, "warnings") == [
        ["#8", "Bản đăng ký", "Ngân hàng", "DK10", "Nộp muộn."],
        ["#9", "Kế hoạch", "", "KH03", "Thiếu căn cứ. (và 2 chỗ nữa)"],
    ]
    assert rows_of(whole, "stopped") == [
        ["#14", "dk.xlsx", "Công an", "tạm giữ", "mẫu hỏng"],
        ["#15", "la.pdf", "", "trả lại", ""],
    ]
    assert rows_of(whole, "documents") == [
        ["#11", "Kế hoạch", "đã lưu", "01-KH/CTĐ4"],
        ["#12", "Biên bản: Sơ kết", "tạm giữ", ""],
    ]
    assert [cell.get("class") for cell in whole.xpath("//section[@id='documents']//tbody/tr/td[3]")] == [
        "archived",
        "held",
    ]


def test_a_list_with_nothing_in_it_is_left_out_of_page_and_workbook() -> None:
    assert [one.get("id") for one in shown(BARE).xpath("//section")] == ["units", "deadlines"]
    assert len(texts_of(sheet_of(BARE))) == 13


def test_the_board_is_laid_out_in_the_language_asked_for() -> None:
    whole = shown(FULL, ENGLISH)
    assert whole.get("lang") == "en"
    assert rows_of(whole, "units")[0][1] == "not handed in, 3 days late"
    assert rows_of(whole, "warnings")[1][4] == "Thiếu căn cứ. (and 2 more)"
    texts = texts_of(sheet_of(FULL, ENGLISH))
    assert texts[1:4] == [
        ["Emulation year 2022: status of the documents"],
        [f"As of 03/06/2022; last change {on_the_wall()}."],
        ["Unit", "Bản đăng ký (due 31/05/2022)", "Bảng điểm"],
    ]
    assert texts[4] == ["Công an (CATP)", "not handed in, 3 days late", "valid"]


# The workbook ------------------------------------------------------------------------------------------------------


def test_the_workbook_says_everything_the_page_says_row_by_row() -> None:
    sheet = sheet_of(FULL)
    assert sheet.title == "2022"
    assert texts_of(sheet) == [
        ["Cụm thi đua số 4"],
        ["Tình hình hồ sơ thi đua năm 2022"],
        [f"Tính đến ngày 03/06/2022; thay đổi gần nhất: {on_the_wall()}."],
        ["Đơn vị", "Bản đăng ký (hạn 31/05/2022)", "Bảng điểm"],
        ["Công an (CATP)", "chưa nộp, trễ hạn 3 ngày", "hợp lệ"],
        ["Ngân hàng (KNH)", "chờ ký, trễ hạn 1 ngày", "–"],
        [],
        ["Các mốc trong năm"],
        ["Công việc", "Hạn", "Thời gian", "Đã có"],
        ["Đăng ký", "31/05/2022", "đã qua 3 ngày", "1/2"],
        ["Sơ kết", "03/06/2022", "hôm nay"],
        ["Tổng kết", "02/06/2022", "đã qua 1 ngày", "2/2"],
        ["Chấm điểm", "04/06/2022", "còn 1 ngày", "0/2"],
        [],
        ["Văn bản đang chờ đơn vị khác"],
        ["Giao ước (#13) – chờ: Công an; Ngân hàng"],
        [],
        ["Cảnh báo chờ xem"],
        ["Nội dung cảnh báo", "Hồ sơ", "Đơn vị", "Mã cảnh báo"],
        ["Nộp muộn.", "#8", "Ngân hàng", "DK10"],
        ["Thiếu căn cứ. (và 2 chỗ nữa)", "#9", "Kế hoạch", "KH03"],
        [],
        ["Tạm giữ hoặc chưa xác định được"],
        ["Tệp", "Hồ sơ", "Đơn vị", "Lý do"],
        ["dk.xlsx", "#14", "Công an", "mẫu hỏng"],
        ["la.pdf", "#15", "", "trả lại"],
        [],
        ["Văn bản do cơ quan lập"],
        ["Văn bản", "Hồ sơ", "Tình trạng", "Số, ký hiệu"],
        ["Kế hoạch", "#11", "đã lưu", "01-KH/CTĐ4"],
        ["Biên bản: Sơ kết", "#12", "tạm giữ"],
    ]


@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_colour_in_the_workbook(status: Status) -> None:
    row = Row("KNH", "Ngân hàng", (Cell(status), Cell(status, 2)))
    sheet = sheet_of(dataclasses.replace(BARE, rows=(row,)))
    in_time, late = sheet.cell(5, 2), sheet.cell(5, 3)
    assert in_time.fill.fgColor.rgb == COLOURS[status]
    assert late.fill.fgColor.rgb == (LATE if status is Status.MISSING else COLOURS[status])
    assert (in_time.font.b, late.font.b) == (False, True), "what is late stands out in print, too"


def test_heads_stand_out_and_documents_have_the_colour_of_their_status() -> None:
    sheet = sheet_of(FULL)
    for first in ("Đơn vị", "Công việc", "Nội dung cảnh báo", "Tệp", "Văn bản"):
        row = [cell for cell in row_of(sheet, first) if cell.value]
        assert {(cell.fill.fgColor.rgb, cell.font.b) for cell in row} == {(HEAD, True)}
    for first in ("Các mốc trong năm", "Văn bản đang chờ đơn vị khác", "Cảnh báo chờ xem", "Văn bản do cơ quan lập"):
        assert row_of(sheet, first)[0].font.b
    assert not row_of(sheet, "Cụm thi đua số 4")[0].font.b
    assert row_of(sheet, "Kế hoạch")[2].fill.fgColor.rgb == COLOURS[Status.ARCHIVED]
    assert row_of(sheet, "Biên bản: Sơ kết")[2].fill.fgColor.rgb == COLOURS[Status.HELD]


def test_the_workbook_marks_a_deadline_that_is_gone_by_with_papers_still_owed() -> None:
    sheet = sheet_of(BARE)
    marked = {
        task: (row_of(sheet, task)[3].fill.fgColor.rgb == LATE, row_of(sheet, task)[3].font.b)
        for task in ("Đăng ký", "Sơ kết", "Tổng kết", "Chấm điểm")
    }
    assert marked == {
        "Đăng ký": (True, True),
        "Sơ kết": (False, False),
        "Tổng kết": (False, False),
        "Chấm điểm": (False, False),
    }


def test_the_workbook_is_ready_to_print() -> None:
    units, lists = sheets_of(FULL)
    assert (units.title, lists.title) == ("2022", "Các mốc trong năm")
    assert (units.freeze_panes, units.print_title_rows) == ("B5", "$4:$4")
    assert (lists.freeze_panes, lists.print_title_rows) == (None, None)
    for sheet in (units, lists):
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert [sheet.column_dimensions[letter].width for letter in "ABCD"] == [46, 30, 30, 30]
    assert {str(one) for one in units.merged_cells.ranges} == {"A1:D1", "A2:D2", "A3:D3"}
    assert {"A1:D1", "A8:D8"} <= {str(one) for one in lists.merged_cells.ranges}
    assert (units["A2"].font.sz, units["A1"].font.sz, units["A5"].font.sz) == (14, 12, 12)
    assert {units["A1"].font.name, units["B5"].font.name, lists["A3"].font.name} == {"Times New Roman"}
    assert (units["B5"].alignment.wrap_text, units["B5"].alignment.vertical) == (True, "top")
    lined = [units["B5"].border.left, units["B5"].border.right, units["B5"].border.top, units["B5"].border.bottom]
    assert [side.style for side in lined] == ["thin"] * 4
    assert units["A1"].border.top.style is None


def test_a_row_is_as_high_as_its_longest_text_needs() -> None:
    def height(name: str) -> float | None:
        row = Row("KNH", name, (Cell(Status.VALID), Cell(Status.VALID)))
        points: float | None = sheet_of(dataclasses.replace(BARE, rows=(row,))).row_dimensions[5].height
        return points

    one, two = 12 * 1.32 + 3, 2 * 12 * 1.32 + 3
    assert height("Ngân hàng") == pytest.approx(one, abs=0.1)
    # by the widths of the letters, not by their count: capitals are half as wide again
    assert height("Đảng ủy các khu chế xuất") == pytest.approx(one, abs=0.1)
    assert height("ĐẢNG ỦY CÁC KHU CHẾ XUẤT, LÂM") == pytest.approx(two, abs=0.1)
    assert height("Ngân hàng " * 300) == 409, "no row of Excel is higher"
    # the other columns are narrower, and a text over all of them has room for all their widths
    heads = dataclasses.replace(BARE, columns=(Column("a", verbatim("Bảng điểm " * 3), "A", None),), rows=())
    assert sheet_of(heads).row_dimensions[4].height == pytest.approx(two, abs=0.1)
    for words, points in ((10, one), (20, two)):
        cluster = dataclasses.replace(BARE, cluster="Cụm số 4 " * words)
        assert sheet_of(cluster).row_dimensions[1].height == pytest.approx(points, abs=0.1)


def test_with_many_kinds_the_lists_use_the_same_columns_and_the_first_and_last_of_them() -> None:
    columns = tuple(Column(str(count), verbatim(f"Loại {count}"), str(count), None) for count in range(1, 6))
    sheet = sheet_of(dataclasses.replace(FULL, columns=columns, rows=()))
    assert sheet.column_dimensions["F"].width == 30
    assert "A1:F1" in {str(one) for one in sheet.merged_cells.ranges}
    assert [cell.value for cell in row_of(sheet, "Nội dung cảnh báo")] == [
        "Nội dung cảnh báo",
        None,
        None,
        "Hồ sơ",
        "Đơn vị",
        "Mã cảnh báo",
    ]
    assert [cell.value for cell in row_of(sheet, "Nộp muộn.")] == ["Nộp muộn.", None, None, "#8", "Ngân hàng", "DK10"]


# The words ---------------------------------------------------------------------------------------------------------


def test_days_are_counted_to_both_sides_of_today() -> None:
    assert [en(days_text(days)) for days in (-2, -1, 0, 1, 2)] == [
        "2 days ago",
        "1 day ago",
        "today",
        "1 day left",
        "2 days left",
    ]


def test_what_is_late_says_by_how_many_days_and_what_is_not_says_nothing_of_it() -> None:
    assert [en(cell_text(Cell(Status.AWAITED, days))) for days in (0, 1, 2)] == [
        "to be signed",
        "to be signed, 1 day late",
        "to be signed, 2 days late",
    ]


def test_where_no_paper_is_due_nothing_is_counted() -> None:
    deadline = Deadline("M_A", "Đăng ký", "Đơn vị", DAY, 0, sent=0, expected=2)
    assert en(sent_text(deadline)) == "0 of 2"
    assert en(sent_text(dataclasses.replace(deadline, expected=0))) == ""


def test_several_warnings_of_a_rule_are_told_as_one_and_a_count() -> None:
    one = OpenWarning(1, "", "", "DK06", verbatim("Thiếu."))
    assert [vi(warning_text(dataclasses.replace(one, count=count))) for count in (1, 2, 3)] == [
        "Thiếu.",
        "Thiếu. (và 1 chỗ nữa)",
        "Thiếu. (và 2 chỗ nữa)",
    ]


def test_a_list_that_would_go_on_on_the_next_page_without_its_heads_begins_there() -> None:
    papers = tuple(Document(at, f"Kế hoạch {at}", verbatim("đã lưu"), Status.ARCHIVED, "") for at in range(15))
    _, lists = sheets_of(dataclasses.replace(FULL, documents=papers))
    (broken,) = (one.id for one in lists.row_breaks.brk)
    assert lists.cell(broken + 1, 1).value == "Văn bản do cơ quan lập"


def test_what_was_noticed_goes_over_the_columns_that_stand_free() -> None:
    _, lists = sheets_of(dataclasses.replace(FULL, columns=FULL.columns[:1] * 5))
    (row,) = (cell.row for cell in lists["A"] if cell.value == "Nội dung cảnh báo")
    assert f"A{row}:C{row}" in [str(area) for area in lists.merged_cells.ranges]
    assert [lists.cell(row, at).value for at in (4, 5, 6)] == ["Hồ sơ", "Đơn vị", "Mã cảnh báo"]
