"""What an Excel form offers whoever fills it in, and how it is known again."""

import functools
import io
import re
import zipfile

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.blank_forms.excel import write_xlsx
from pipeline.blank_forms.plan import Table
from tests.blank_forms.conftest import blank, known
from tests.blank_forms.filling import cell_named, places


@functools.cache
def book_of(kind: str) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(write_xlsx(known(kind))))


def check_of(book: Workbook, name: str) -> DataValidation:
    cell = cell_named(book, name)
    found: DataValidation = next(
        one for one in cell.parent.data_validations.dataValidation if cell.coordinate in one.sqref
    )
    return found


def test_every_place_has_a_name_and_may_be_written_in_while_labels_are_locked(telling: str) -> None:
    book = book_of(telling)
    places_of_inputs = set()
    for name, entry, _ in places(known(telling), {}):
        cell = cell_named(book, name)
        assert cell is not None, name
        assert not cell.protection.locked
        is_whole = entry.x_type in {"integer", "year"} and not entry.is_list
        assert cell.number_format == ("0" if is_whole else "@")
        places_of_inputs.add((cell.parent.title, cell.coordinate))
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            assert sheet.protection.sheet
            assert not sheet.protection.password
            for row in sheet.iter_rows():
                for cell in row:
                    assert (
                        cell.protection.locked or (sheet.title, cell.coordinate) in places_of_inputs or not cell.value
                    )


@pytest.mark.sweep
def test_a_table_that_may_grow_repeats_its_heads_on_every_page(kind_id: str) -> None:
    book = book_of(kind_id)
    growing = {
        part.label: section.sheet
        for section in known(kind_id).sections
        for part in section.parts
        if isinstance(part, Table) and not part.is_fixed
    }
    for label, sheet in growing.items():
        rows = book[sheet].print_title_rows
        assert rows is not None, f"{label}, on {sheet}"
        assert book[sheet].cell(int(rows.partition(":")[0].strip("$")), 1).value == "TT"


def test_drop_downs_take_their_lists_from_names_on_a_hidden_sheet(telling: str) -> None:
    book = book_of(telling)
    for sheet in book.worksheets:
        for check in sheet.data_validations.dataValidation:
            if check.type == "list":
                assert re.fullmatch(r"ds_[0-9]+", check.formula1)
                assert not check.showDropDown  # which hides the arrow
                ((listed, _),) = book.defined_names[check.formula1].destinations
                assert book[listed].sheet_state == "hidden"


def test_a_choice_is_offered_in_the_words_of_the_form() -> None:
    book = book_of("bien-ban")
    ((sheet, area),) = book.defined_names[check_of(book, "attendance.0.status").formula1].destinations
    offered = [row[0].value for row in book[sheet][area.replace("$", "")]]
    assert offered[0] == "Có mặt"
    assert check_of(book, "attendance.9.status").errorStyle in (None, "stop")


@pytest.mark.parametrize(
    ("kind", "name", "type_", "style"),
    [
        ("dang-ky", "emulation_year", "whole", "stop"),
        ("dang-ky", "headcount", "whole", "stop"),
        ("dang-ky", "submit_doc_no", "textLength", "stop"),
        ("dang-ky", "submit_date", "custom", "warning"),
        ("dang-ky", "focal_point.phone", "custom", "warning"),
        ("dang-ky", "focal_point.email", "custom", "warning"),
        ("dang-ky", "targets.3.target_value", "custom", "warning"),
        ("dang-ky", "targets.3.content_code", "list", "warning"),
        ("bang-diem", "criteria.2.is_activity", "list", "stop"),
    ],
)
def test_slips_are_stopped_or_asked_about_in_vietnamese(kind: str, name: str, type_: str, style: str) -> None:
    check = check_of(book_of(kind), name)
    assert check.type == type_
    assert (check.errorStyle or "stop") == style
    assert check.showErrorMessage
    assert re.search(r"[ăâđêôơưàáạảãèéẹẻẽìíịỉĩòóọỏõùúụủũỳýỵỷỹ]", str(check.error))


def test_what_excel_shows_is_no_longer_than_excel_allows(telling: str) -> None:
    for sheet in book_of(telling).worksheets:
        for check in sheet.data_validations.dataValidation:
            assert max(len(check.promptTitle or ""), len(check.errorTitle or "")) <= 32
            assert max(len(check.prompt or ""), len(check.error or "")) <= 255
            assert len(check.formula1 or "") <= 255


def test_help_and_example_stand_in_a_comment_on_the_label() -> None:
    book = book_of("dang-ky")
    cell = cell_named(book, "submit_date")
    comment = cell.offset(column=-1).comment
    assert comment.text == "Ngày ký bản đăng ký, theo thứ tự ngày/tháng/năm.\nVí dụ: 27/5/2022"


def test_the_hidden_sheet_says_kind_version_year_and_unit() -> None:
    book, plan = book_of("dang-ky"), known("dang-ky")
    sheet = book["_meta"]
    assert sheet.sheet_state == "veryHidden"
    facts = {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2)}
    assert facts == {"kind": "dang-ky", "version": plan.version, "year": "2022", "unit": "CATP"}


def test_sheets_print_on_a4_as_wide_as_the_page(telling: str) -> None:
    for sheet in book_of(telling).worksheets:
        if sheet.sheet_state == "visible":
            assert sheet.page_setup.paperSize == 9
            assert sheet.page_setup.fitToWidth == 1
            properties = sheet.sheet_properties.pageSetUpPr
            assert properties is not None
            assert properties.fitToPage


def test_rows_grow_with_what_is_typed_and_nothing_tells_the_hour() -> None:
    with zipfile.ZipFile(io.BytesIO(write_xlsx(blank("dang-ky")))) as archive:
        for name in archive.namelist():
            assert b'customHeight="1"' not in archive.read(name)
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2020-01-01T00:00:00Z") == 2


def test_a_list_that_would_go_on_on_the_next_page_begins_there() -> None:
    (broken, whole) = (book_of("kiem-phieu")["ThongTin"], book_of("quy-che")["ThongTin"])
    (row,) = (one.id for one in broken.row_breaks.brk)
    assert broken.cell(row + 1, 2).value == "Nơi nhận"
    assert whole.row_breaks.brk == []


def test_the_asterisk_stays_with_the_name_it_marks() -> None:
    assert "Tán thành\u00a0*" in [cell.value for row in book_of("kiem-phieu")["KetQua"] for cell in row]
