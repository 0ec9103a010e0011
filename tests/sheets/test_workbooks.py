"""Every workbook that is printed: registers, board, forms, marked copies; printed by LibreOffice and measured."""

import dataclasses
import datetime as dt
import io
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline import blank_forms, reading
from pipeline.answers import marking
from pipeline.blank_forms import excel_styles
from pipeline.blank_forms.excel import write_xlsx
from pipeline.ledger import Columns
from pipeline.messages import VIETNAMESE, verbatim
from pipeline.model import Direction
from pipeline.ooxml import packed, parts_of_ours
from pipeline.register.pages import Mark
from pipeline.register.rows import Row
from pipeline.register.workbook import register_workbook
from pipeline.status.views import Board, Cell, Column, Deadline, OpenWarning, Status, workbook
from pipeline.status.views import Row as UnitRow
from pipeline.tools.guard import Guard
from tests.folders import shipped_kinds
from tests.layout.paper import office_in
from tests.reading.conftest import context_of_2022
from tests.register.test_books import book, entry
from tests.sheets.measuring import Box, Sheet, sheets_of
from tests.sheets.printing import KINDS, example_year

Press = Callable[..., list[list[Sheet]]]
DAY = dt.date(2022, 6, 3)
LONG = ("Văn phòng Đảng ủy Tổng công ty Điện lực Thành phố (để báo cáo) số 12; " * 5)[:300].strip()
SIGNERS = ", ".join(f"Nguyễn Thị Ánh Tuyết {at}" for at in range(1, 15))

pytestmark = [pytest.mark.office, pytest.mark.slow]


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Press:
    """Prints workbooks as LibreOffice does, and measures their pages."""
    folder = tmp_path_factory.mktemp("calc")
    with office_in(folder / "office"):
        pass

    def printed(*contents: bytes) -> list[list[Sheet]]:
        files = [folder / f"{at}.xlsx" for at, _ in enumerate(contents)]
        for file, content in zip(files, contents, strict=True):
            file.write_bytes(content)
        profile = (folder / "profile").as_uri()
        command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]
        # together: to start it takes longer than to print
        subprocess.run(
            [*command, "--outdir", str(folder), *map(str, files)], check=True, capture_output=True, timeout=120
        )
        return [sheets_of(file.with_suffix(".pdf").read_bytes()) for file in files]

    return printed


def faults(sheets: list[Sheet], content: bytes) -> list[str]:
    """Letters that lie across a line of the table or beside the page; texts of which a part is not on paper."""
    found = []
    for sheet in sheets:
        upright = [one for one in sheet.rules if one.right - one.left < 1 < one.bottom - one.top]
        # the lines of a table end where an upright one stands; those under words do not
        lying = [
            one for one in sheet.rules if one.bottom - one.top < 1 < one.right - one.left and _ends(one, upright)
        ]
        for letter in sheet.furniture:
            middle = (letter.left + letter.right) / 2, (letter.top + letter.bottom) / 2
            if not (4 < middle[0] < sheet.width - 4 and 4 < middle[1] < sheet.height - 4):
                found.append(f"page {sheet.number}: beside the page")
            if any(
                letter.top + 0.3 < one.top < letter.bottom - 0.3 and one.left < middle[0] < one.right for one in lying
            ):
                found.append(f"page {sheet.number}: across a lying line at {letter.left:.0f}, {letter.top:.0f}")
            if any(
                letter.left + 0.3 < one.left < letter.right - 0.3 and one.top < middle[1] < one.bottom
                for one in upright
            ):
                found.append(f"page {sheet.number}: across an upright line at {letter.left:.0f}, {letter.top:.0f}")
    # letter by letter: to a program that reads PDFs, lines of cells side by side are one line
    lost = Counter("".join(_texts(content))) - Counter(_bare("".join(sheet.text for sheet in sheets)))
    return [*found, *(f"{count} times {letter!r} is not on paper" for letter, count in lost.items())]


def _ends(line: Box, upright: list[Box]) -> bool:
    beside = [one for one in upright if one.top - 1 < line.top < one.bottom + 1]
    return all(any(abs(end - one.left) < 0.6 for one in beside) for end in (line.left, line.right))


def _texts(content: bytes) -> Iterator[str]:
    for worksheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in worksheet.iter_rows() if worksheet.sheet_state == "visible" else ():
            yield from (_bare(cell.value) for cell in row if isinstance(cell.value, str))


def _bare(text: str) -> str:
    """A text as it is compared: a hyphen at the end of a line is none to a program that reads PDFs."""
    return re.sub(r"[\s\x02\ufffe-]+", "", text)


def register(parties: int = 14, rows: int = 40) -> bytes:
    """Both books: long texts in every column, many signers, more numbers than a page holds."""
    columns = Columns(
        title=LONG, document_on=DAY, signer=SIGNERS, recipients=LONG, kept_by="Văn phòng Đảng ủy Tổng công ty",
        copies=15, number="01-GƯ/CTĐ7", sent_on=DAY, receipt="Nguyễn Văn An", remark=LONG,
    )  # fmt: skip
    short = dataclasses.replace(columns, title="Kế hoạch", signer="An", recipients="Tổ", remark="", number="")
    arrived = dataclasses.replace(
        columns, arrived_on=DAY, author=LONG, sender_number="123-CV/VPĐU", handled_by=LONG, due=DAY
    )
    written = [Row(at, entry(at, columns=columns if at % 3 == 1 else short)) for at in range(1, rows)]
    received = [
        Row(at, entry(at, "ĐẾN/2022", Direction.INCOMING, columns=arrived if at % 3 == 1 else short))
        for at in range(1, rows)
    ]
    return register_workbook(book(*written, *received), Mark("0123456789abcdef · 12 · 0123456789abcdef"))


def board(units: int) -> bytes:
    """The board of so many units."""
    columns = tuple(Column(str(at), verbatim(LONG[: 40 + 20 * at]), str(at), DAY) for at in range(4))
    cells = tuple(Cell(status, 12) for status in (Status.MISSING, Status.VALID, Status.HELD, Status.PARTLY_SIGNED))
    rows = tuple(UnitRow(f"U{at}", LONG if at % 5 == 1 else "Sở Y tế", cells) for at in range(units))
    deadlines = tuple(Deadline(f"M{at}", LONG, "Cụm", DAY, at - 3, at, units) for at in range(6))
    warnings = (OpenWarning(8, LONG, "Bản đăng ký", "DK10", verbatim(LONG), 3),)
    made = Board(2022, LONG, DAY, None, columns, rows, (), deadlines, (), warnings, ())
    return workbook(made, VIETNAMESE)


def form(kind_id: str, letters: int) -> bytes:
    """A form as a unit fills it in: so many letters in every cell that is open for them."""
    kind, year = shipped_kinds().kinds[kind_id], example_year()
    made = openpyxl.load_workbook(
        io.BytesIO(write_xlsx(blank_forms.plan(kind, year, unit=year.units[0], on=DAY))), rich_text=True
    )
    for sheet in made.worksheets:
        if not letters or sheet.sheet_state != "visible":
            continue
        for at, row in enumerate(sheet.iter_rows(), start=1):
            for column, cell in enumerate(row, start=1):
                if not cell.protection.locked and cell.value is None and cell.fill.fill_type:
                    # a column of ten figures is for yes or no: a row that is high enough for more is none in Excel
                    width = sheet.column_dimensions[get_column_letter(column)].width
                    cell.value = LONG[: min(letters, 22 * int(width))].strip()
                    # the program in which a person types fits the row
                    sheet.row_dimensions[at].height = None
        excel_styles.heights(sheet, first=1, last=sheet.max_row)
    out = io.BytesIO()
    made.save(out)
    parts = parts_of_ours(out.getvalue())
    return packed({name: part.replace(b' customHeight="1"', b"") for name, part in parts.items()})


def test_both_books_stand_in_their_cells_with_fourteen_signers_and_long_texts(press: Press) -> None:
    content = register()
    (sheets,) = press(content)
    assert faults(sheets, content) == []
    for sheet in sheets:
        is_cover = "Quyểnsố" in sheet.text
        assert is_cover or "Tênloạivàtríchyếu" in sheet.text, f"page {sheet.number} has no heads"
        assert sheet.width == pytest.approx(297, abs=1)


@pytest.mark.parametrize("units", [1, 10, 40])
def test_the_board_stands_in_its_cells_and_every_page_of_units_has_its_heads(press: Press, units: int) -> None:
    content = board(units)
    (sheets,) = press(content)
    assert faults(sheets, content) == []
    assert all("Đơnvị" in sheet.text for sheet in sheets if "SởYtế" in sheet.text)
    assert len(sheets) > 2 or units < 40


@pytest.mark.parametrize("kind_id", KINDS)
def test_a_form_stands_in_its_cells_and_the_heads_of_a_long_table_on_every_page(press: Press, kind_id: str) -> None:
    contents = {letters: form(kind_id, letters) for letters in (0, 1, 300)}
    printed = dict(zip(contents, press(*contents.values()), strict=True))
    assert {
        letters: faults(printed[letters], content) + headless(printed[letters], content)
        for letters, content in contents.items()
    } == {letters: [] for letters in contents}


def headless(sheets: list[Sheet], content: bytes) -> list[str]:
    """The pages on which a table goes on without its heads."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    seen = [one for one in book.worksheets if one.sheet_state == "visible"]
    title = _bare(str(seen[0]["A1"].value))
    begins = [at for at, sheet in enumerate(sheets) if title in _bare(sheet.text)]
    assert len(begins) == len(seen), "every sheet begins with the title of the form"
    pages = list(zip(seen, begins, [*begins[1:], len(sheets)], strict=True))
    return [
        f"{one.title}, page {at}: no “{head}”"
        for one, first, after in pages
        for at, page in enumerate(sheets[first:after], start=1)
        for head in _repeated(one)
        if _bare(head) not in _bare(page.text)
    ] + [
        f"{one.title}: a table goes on without its heads"
        for one, first, after in pages
        if after - first > 1 and not _repeated(one) and any(cell.value == "TT" for cell in one["A"])
    ]


def _repeated(sheet: Worksheet) -> list[str]:
    """The heads that a sheet has on every page."""
    if sheet.print_title_rows is None:
        return []
    return [str(cell.value) for cell in sheet[int(sheet.print_title_rows.partition(":")[0].strip("$"))] if cell.value]


def test_the_list_of_faults_of_a_marked_copy_stands_in_its_cells(press: Press, tmp_path: Path) -> None:
    content = form("dang-ky", 300)
    path = tmp_path / "dk.xlsx"
    path.write_bytes(content)
    with Guard((*reading.FUNCTIONS, *marking.FUNCTIONS)) as guard:
        read = reading.read_guarded(guard, path, path.name, context_of_2022())
        marked = marking.mark_guarded(guard, path, path.name, read.findings, language=VIETNAMESE)
    assert marked is not None
    (sheets,) = press(marked.content)
    listed = [sheet for sheet in sheets if re.search(r"\d✗Phảisửa|\d!Nênxemlại", sheet.text)]
    assert len(listed) > 1
    assert all("Cáchsửa" in sheet.text for sheet in listed)
    assert faults(sheets, marked.content) == []
