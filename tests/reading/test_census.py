"""Every line of a form is a value, a label, one of the form's own, or told."""

import datetime as dt
import io
import json

import docx
import pytest

from pipeline import blank_forms, years
from pipeline.blank_forms.formats import FORMATS
from pipeline.model import Finding, Reading, Severity
from pipeline.reading import ReadingContext
from tests.folders import shipped_kinds
from tests.reading import writers
from tests.reading.conftest import ROOT, Read
from tests.reading.test_dirt import cell_with, document, registration, workbook
from tests.said import vi

REMARK = "Xin gia hạn đến tuần sau"
KINDS = sorted(shipped_kinds().kinds)


def form_of(kind: str, format_: str) -> bytes:
    """A form as the office sends it to a unit, with what the year knows."""
    year = years.load(ROOT / "years" / "2022.yaml")
    plan = blank_forms.plan(shipped_kinds().kinds[kind], year, unit=year.units[2], on=dt.date(2022, 5, 20))
    return FORMATS[format_](plan)


def told(reading: Reading) -> list[Finding]:
    return [one for one in reading.findings if one.code == "form.text-unused"]


def words(reading: Reading) -> str:
    """All that was read or told of a form."""
    return json.dumps(reading.values, ensure_ascii=False) + " ".join(vi(one.message) for one in reading.findings)


@pytest.mark.sweep
@pytest.mark.parametrize("format_", ["docx", "xlsx", "pdf"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_form_of_ours_says_nothing_that_it_does_not_know(read: Read, kind: str, format_: str) -> None:
    assert told(read(form_of(kind, format_), f"a.{format_}")) == []


def test_a_remark_in_any_place_of_a_form_of_ours_is_read_or_told(read: Read) -> None:
    content = form_of("dang-ky", "docx")
    count = len(docx.Document(io.BytesIO(content)).element.body)
    title = next(
        at
        for at, child in enumerate(docx.Document(io.BytesIO(content)).element.body)
        if "BẢN ĐĂNG KÝ THI ĐUA" in "".join(child.itertext())
    )
    for at in range(title + 3, count - 1):
        word = docx.Document(io.BytesIO(content))
        word.element.body.insert(at, docx.Document().add_paragraph(REMARK)._p)
        assert REMARK in words(read(writers.saved(word), "DK.docx")), at


def test_a_remark_on_a_sheet_is_told_with_its_words_and_its_cell(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    sheet = book.worksheets[0]
    sheet.cell(6, 9).value = REMARK

    (finding,) = told(read(writers.saved(book), "DK.xlsx"))

    assert finding.severity is Severity.INFO
    assert f"“{REMARK}”" in vi(finding.message)
    assert finding.place.cell == "I6"


def test_what_stands_above_the_title_and_at_the_signature_is_the_papers(read: Read, context: ReadingContext) -> None:
    word = document(context)
    word.element.body.insert(0, docx.Document().add_paragraph("Lưu hành nội bộ")._p)
    for line in ("TM. BAN CHỈ HUY", "(Ký tên, đóng dấu)", "Lê Văn Tám", "Nơi nhận: như trên"):
        word.add_paragraph(line)

    assert told(read(writers.saved(word), "DK.docx")) == []


def test_a_remark_before_the_signature_is_told(read: Read, context: ReadingContext) -> None:
    word = document(context)
    word.add_paragraph(REMARK)
    word.add_paragraph("TM. BAN CHỈ HUY")

    (finding,) = told(read(writers.saved(word), "DK.docx"))

    assert REMARK in vi(finding.message)


def test_a_header_and_a_footer_are_told_and_a_number_of_pages_is_not(read: Read, context: ReadingContext) -> None:
    word = document(context)
    word.sections[0].header.paragraphs[0].text = "Bản dự thảo"
    word.sections[0].footer.paragraphs[0].text = "Trang 1/2"

    (finding,) = told(read(writers.saved(word), "DK.docx"))

    assert "“Bản dự thảo”" in vi(finding.message)
    assert finding.place.part.startswith("header")


def test_a_label_in_a_header_is_told_with_the_number_beside_it(read: Read, context: ReadingContext) -> None:
    word = document(context)
    word.sections[0].header.paragraphs[0].text = "Số cán bộ, công chức, nhân viên văn phòng: 99"

    (finding,) = told(read(writers.saved(word), "DK.docx"))

    assert "văn phòng: 99" in vi(finding.message)


def test_a_label_met_again_with_another_value_is_told(read: Read, context: ReadingContext) -> None:
    word = document(context)
    word.add_paragraph("Email: khac@catp.example")

    (finding,) = told(read(writers.saved(word), "DK.docx"))

    assert "khac@catp.example" in vi(finding.message)


@pytest.mark.parametrize("line", ["Số cán bộ, công chức, nhân viên văn phòng: 99", "Năm thi đua: 2023"])
def test_a_label_met_again_with_another_number_is_told(read: Read, context: ReadingContext, line: str) -> None:
    word = document(context)
    word.add_paragraph(line)

    (finding,) = told(read(writers.saved(word), "DK.docx"))

    assert line in vi(finding.message)


def test_a_label_met_again_with_the_same_number_is_not(read: Read, context: ReadingContext) -> None:
    word = document(context)
    word.add_paragraph("Năm thi đua: 2022")

    assert told(read(writers.saved(word), "DK.docx")) == []


def test_a_number_beside_a_label_met_again_on_a_sheet_is_told(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    sheet = book.worksheets[0]
    row = sheet.max_row + 2
    sheet.cell(row, 1).value, sheet.cell(row, 2).value = "Số cán bộ, công chức, nhân viên văn phòng", 99

    (finding,) = told(read(writers.saved(book), "DK.xlsx"))

    assert "99" in vi(finding.message)


def test_the_forms_of_two_units_in_one_file_are_told(read: Read, context: ReadingContext) -> None:
    word, other = document(context), document(context, registration(unit_code="BTLTP", headcount=77))
    for block in list(other.element.body)[:-1]:
        word.element.body.insert(len(word.element.body) - 1, block)

    reading = read(writers.saved(word), "DK.docx")

    (finding,) = [one for one in reading.findings if one.severity is Severity.BLOCK]
    assert (finding.code, str(finding.place.pointer)) == ("form.two-units", "/unit_code")
    assert "Bộ Tư lệnh TP.HCM" in vi(finding.message)


def test_many_lines_are_told_in_one_finding_that_counts_the_rest(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    sheet = book.create_sheet("Khác")
    for row in range(1, 8):
        sheet.cell(row, 1).value = f"Việc số {row} chưa làm"

    (finding,) = told(read(writers.saved(book), "DK.xlsx"))

    assert vi(finding.message).endswith("và 4 nội dung khác.")


def test_a_head_that_says_more_than_its_label_is_the_tables(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    head = cell_with(book.worksheets[0], "Thời gian hoàn thành")
    head.value = "Thời gian hoàn thành dự kiến của đơn vị"

    assert told(read(writers.saved(book), "DK.xlsx")) == []


def test_a_sentence_among_the_signatures_or_above_the_title_is_told(read: Read, context: ReadingContext) -> None:
    sentence = (
        "Đại diện đơn vị xin báo cáo thêm: hai chỉ tiêu cuối chưa có số liệu, đơn vị sẽ bổ sung trong tuần sau nữa."
    )
    for at_end in (True, False):
        word = document(context)
        if at_end:
            word.add_paragraph("TM. BAN CHỈ HUY")
        paragraph = word.add_paragraph(sentence)
        if not at_end:
            word.element.body.insert(0, paragraph._p)

        (finding,) = told(read(writers.saved(word), "DK.docx"))

        assert "“Đại diện đơn vị xin báo cáo thêm" in vi(finding.message)


@pytest.mark.parametrize(
    "remark",
    [
        "Chỉ tiêu 3 chưa có số liệu.",
        "Đơn vị sẽ bổ sung danh sách trong tuần sau",
        "Đề nghị Cụm cho lùi hạn đến 15/6",
        "Lưu ý: số điện thoại đã đổi",
    ],
)
def test_a_short_remark_among_the_signatures_is_told(read: Read, context: ReadingContext, remark: str) -> None:
    word = document(context)
    for line in ("TM. BAN CHỈ HUY", remark, "Nguyễn Văn Xin"):
        word.add_paragraph(line)

    (finding,) = told(read(writers.saved(word), "DK.docx"))

    assert f"“{remark}”" in vi(finding.message)


def test_what_signatures_are_made_of_is_not_told(read: Read, context: ReadingContext) -> None:
    word = document(context)
    for line in (
        "TM. BAN CHẤP HÀNH",
        "Phó Bí thư Thường trực Đảng ủy Phòng không - Không quân",
        "(đã ký)",
        "Thành phố Hồ Chí Minh, ngày 27 tháng 5 năm 2022",
        "Đỗ Thị Xin Được",
        "Đại tá Đỗ Văn Vì Dân",
        "Nơi nhận:",
        "- Như trên (đã gửi);",
        "Lưu: VT, Ban Tổ chức, hai bản",
        "Ủy viên Ban Chấp hành phụ trách công tác thi đua",
    ):
        word.add_paragraph(line)

    assert told(read(writers.saved(word), "DK.docx")) == []
