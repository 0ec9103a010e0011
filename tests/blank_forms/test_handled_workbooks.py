"""Workbooks of ours read back whatever people and programs did to them on the way."""

import io
import itertools
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from pipeline.blank_forms.excel import write_xlsx
from pipeline.model import Address, JsonObject
from tests.blank_forms.conftest import KINDS, TELLING, blank, came_back, canonical_example
from tests.blank_forms.filling import cell_named, fill_xlsx, saved
from tests.blank_forms.handling import delete_row, insert_column, insert_rows, rename_sheet, without_names
from tests.reading.conftest import whole_examples

Handle = Callable[[Workbook], None]


def visible(book: Workbook) -> list[str]:
    return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]


def rows_inserted(book: Workbook) -> None:
    for sheet in visible(book):
        insert_rows(book, sheet, 5, 2)
        insert_rows(book, sheet, 9)
        insert_rows(book, sheet, 12, 3)


def rows_inserted_names_left_behind(book: Workbook) -> None:
    for sheet in visible(book):
        insert_rows(book, sheet, 8, 2, names_follow=False)


def columns_inserted(book: Workbook) -> None:
    for sheet in visible(book):
        insert_column(book, sheet, 2)


def sheets_renamed(book: Workbook) -> None:
    for number, sheet in enumerate(visible(book), start=1):
        rename_sheet(book, sheet, f"Trang {number}")


def sheets_renamed_names_left_behind(book: Workbook) -> None:
    for number, sheet in enumerate(visible(book), start=1):
        rename_sheet(book, sheet, f"Trang {number}", names_follow=False)


def sheets_added(book: Workbook) -> None:
    book.create_sheet("Nháp", 0).append(["Việc cần hỏi lại", "số điện thoại của anh Tư"])
    book.create_sheet("Danh bạ").append(["Phòng", "Tổng hợp"])


HANDLINGS: list[Handle] = [
    rows_inserted,
    rows_inserted_names_left_behind,
    columns_inserted,
    sheets_renamed,
    sheets_renamed_names_left_behind,
    sheets_added,
    without_names,
]


@pytest.fixture(scope="module")
def filled() -> dict[str, tuple[bytes, JsonObject]]:
    """A form of each kind, filled in with the values of its first example."""
    made = {}
    for kind, name in whole_examples():
        values = canonical_example(kind, name)
        plan = blank(kind)
        made[kind] = saved(fill_xlsx(write_xlsx(plan), plan, values)), values
    return made


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("handle", "name"),
    [*itertools.product(HANDLINGS, TELLING[1:]), *((without_names, name) for name in KINDS if name not in TELLING)],
)
def test_what_happens_to_a_workbook_changes_no_value(
    handle: Handle, name: str, filled: dict[str, tuple[bytes, JsonObject]], tmp_path: Path
) -> None:
    content, values = filled[name]
    book = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
    handle(book)
    reading = came_back(saved(book), "x.xlsx", tmp_path)
    assert reading.values == values
    # what somebody wrote on a sheet of their own is none of the form's, and told
    told = ["form.text-unused"] if handle is sheets_added else []
    assert [one.code for one in reading.findings] == told


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_what_libreoffice_saved_reads_back(filled: dict[str, tuple[bytes, JsonObject]], tmp_path: Path) -> None:
    for kind, (content, _) in filled.items():
        (tmp_path / f"{kind}.xlsx").write_bytes(content)
    files = sorted(str(path) for path in tmp_path.glob("*.xlsx"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "saved"), *files]
    subprocess.run(["soffice", profile, "--headless", *convert], check=True, timeout=300, capture_output=True)
    for kind, (_, values) in filled.items():
        reading = came_back((tmp_path / "saved" / f"{kind}.xlsx").read_bytes(), "x.xlsx", tmp_path)
        assert (reading.kind, reading.values, reading.findings) == (kind, values, ())


def test_rows_inserted_into_a_table_or_written_below_it_are_read(tmp_path: Path) -> None:
    plan = blank("giao-uoc")
    values = canonical_example("giao-uoc", dict(whole_examples())["giao-uoc"])
    book = fill_xlsx(write_xlsx(plan), plan, values)
    first = cell_named(book, "common_targets.0.text")
    at = first.row + 1
    insert_rows(book, first.parent.title, at)
    first.parent.cell(at, first.column).value = "Chèn giữa bảng"
    last = cell_named(book, "common_targets.9.text")
    first.parent.cell(last.row + 2, first.column).value = "Ghi tiếp bên dưới"
    reading = came_back(saved(book), "x.xlsx", tmp_path)
    rows = reading.values["common_targets"]
    assert isinstance(rows, list)
    texts = [row["text"] for row in rows if isinstance(row, dict)]
    assert texts[1] == "Chèn giữa bảng"
    assert texts[-1] == "Ghi tiếp bên dưới"
    known = values["common_targets"]
    assert isinstance(known, list)
    assert len(rows) == len(known) + 2
    assert reading.places[Address.of("/common_targets/1/text")].cell == f"B{at}"


def test_items_inserted_into_a_list_are_read_in_their_order(tmp_path: Path) -> None:
    plan = blank("ke-hoach")
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(plan)), rich_text=True)
    second = cell_named(book, "objectives.1")
    second.value = "Mục đích sau"
    insert_rows(book, second.parent.title, second.row)
    second.parent.cell(second.row - 1, second.column).value = "Mục đích chèn thêm"
    cell_named(book, "objectives.0").value = "Mục đích đầu"
    reading = came_back(saved(book), "x.xlsx", tmp_path)
    assert reading.values["objectives"] == ["Mục đích đầu", "Mục đích chèn thêm", "Mục đích sau"]


def test_a_deleted_row_of_a_table_takes_only_itself_away(tmp_path: Path) -> None:
    plan = blank("dang-ky")
    values = canonical_example("dang-ky", dict(whole_examples())["dang-ky"])
    book = fill_xlsx(write_xlsx(plan), plan, values)
    cell = cell_named(book, "targets.2.content_code")
    delete_row(book, cell.parent.title, cell.row)
    reading = came_back(saved(book), "x.xlsx", tmp_path)
    targets = values["targets"]
    assert isinstance(targets, list)
    assert reading.values == {**values, "targets": [*targets[:2], *targets[3:]]}


def test_a_value_that_looks_like_a_total_or_a_label_ends_no_table_of_ours(tmp_path: Path) -> None:
    plan = blank("giao-uoc")
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(plan)), rich_text=True)
    texts = ["Tổng cộng", "Ghi chú: xem phụ lục", "Chỉ tiêu phấn đấu", "I. Cam kết thực hiện", "Cuối bảng"]
    for at, text in enumerate(texts):
        cell_named(book, f"common_targets.{at}.text").value = text
    reading = came_back(saved(book), "x.xlsx", tmp_path)
    assert reading.values["common_targets"] == [{"text": text} for text in texts]
