"""A file that calls itself a form and holds nothing of it goes back with one fault: what the file is."""

import io
from pathlib import Path

import docx
import openpyxl
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import Severity, State
from tests.folders import ROOT, drop, opened, working_folder
from tests.reading import writers
from tests.said import vi

TITLE = "BẢN ĐĂNG KÝ THI ĐUA"
#: A letter about something else, under the title of a form.
LINES = (TITLE, "Họp mặt cán bộ hưu trí nhân dịp đầu xuân", "Kính mời các đồng chí đến dự đông đủ.", "Trân trọng.")


def _word(lines: tuple[str, ...]) -> bytes:
    word = docx.Document()
    for line in lines:
        word.add_paragraph(line)
    return writers.saved(word)


def _workbook(lines: tuple[str, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in lines:
        sheet.append([line])
    return writers.saved(book)


def _pdf(lines: tuple[str, ...]) -> bytes:
    pdfmetrics.registerFont(TTFont("Serif", ROOT / "pipeline/pdf/fonts/LiberationSerif-Regular.ttf"))
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(595, 842))
    page.setFont("Serif", 14)
    for at, line in enumerate(lines):
        page.drawString(85, 760 - 20 * at, line)
    page.save()
    return out.getvalue()


MAKERS = {"docx": _word, "xlsx": _workbook, "pdf": _pdf}


@pytest.mark.parametrize("extension", ["docx", "xlsx"])
@pytest.mark.parametrize("unit", ["CATP", ""])
def test_a_file_with_nothing_of_its_form_is_told_once_with_how_it_begins(
    tmp_path: Path, extension: str, unit: str
) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, f"Ban dang ky thi dua.{extension}", MAKERS[extension](LINES), unit)
    with opened(folder) as workspace:
        (job,) = serve_once(Worker(workspace, 1), Rhythm(1, 0))
        findings = [one for one in workspace.findings(job) if one.severity is not Severity.INFO]

    assert (job.state, job.kind, job.unit) == (State.RETURNED, "dang-ky", unit)
    (finding,) = findings
    assert finding.code == "form.nothing-found"
    assert "“Bản đăng ký thi đua" in vi(finding.message)
    assert finding.found == "; ".join(LINES[:3])


@pytest.mark.parametrize("extension", MAKERS)
def test_a_file_that_only_its_name_calls_a_form_is_told_with_how_it_begins(tmp_path: Path, extension: str) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, f"Ban dang ky thi dua.{extension}", MAKERS[extension](LINES[1:]), "CATP")
    with opened(folder) as workspace:
        (job,) = serve_once(Worker(workspace, 1), Rhythm(1, 0))
        (finding,) = [one for one in workspace.findings(job) if one.severity is not Severity.INFO]

    # a PDF without fields is no form, whatever it calls itself
    code = "pdf.no-form" if extension == "pdf" else "kind.unknown"
    assert (finding.code, finding.found) == (code, "; ".join(LINES[1:]))


def test_a_form_with_one_label_of_its_own_is_judged_place_by_place(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, "dk.docx", _word((*LINES[:2], "Số CBCNV: 24")), "CATP")
    with opened(folder) as workspace:
        (job,) = serve_once(Worker(workspace, 1), Rhythm(1, 0))
        found = [one.code for one in workspace.findings(job)]

    assert "form.nothing-found" not in found
    assert found.count("field.required") > 1


@pytest.mark.parametrize("name", ["danh_sach_dang_ky_tap_huan.docx", "giay.docx"])
def test_a_line_that_begins_with_a_general_title_and_says_more_names_no_kind(tmp_path: Path, name: str) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, name, _word(("DANH SÁCH ĐĂNG KÝ TẬP HUẤN", "Họ và tên: Nguyễn Văn A")), "SATRA")
    with opened(folder) as workspace:
        serve_once(Worker(workspace), Rhythm(1, 0))
        (job,) = workspace.ledger.in_states(State)
        assert [finding.code for finding in workspace.findings(job)] == ["kind.unknown"]
    assert list((folder / "outbox" / "SATRA").iterdir())
