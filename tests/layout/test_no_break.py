"""Numbers, dates and sums that stay on one line, in texts and in Word documents."""

import io
import re

import docx
import pytest
from docx.shared import Twips

from pipeline.layout import all_profiles, kept_together
from pipeline.layout.check import check
from pipeline.layout.line_ends import Column
from pipeline.layout.no_break import unbroken
from pipeline.model import Severity
from pipeline.ooxml import packed, parts_of_ours
from tests.layout.check.papers import clean

# "~" is a no-break space here, "=" a no-break hyphen
KEPT = (
    "Báo cáo số~45=BC/VPĐU, ngày~25/10/2022",
    "Nghị định số~30/2020/NĐ=CP ngày~05 tháng~3 năm~2020",
    "Khối Dân~- Chính~- Đảng TP, nhiệm kỳ 2025~-~2030",
    "- Kinh phí: 15.000.000~đồng; (15~điểm)",
    "08~giờ 30~phút, ngày~11 tháng~11 năm~2022",
    "Phần~II, CHƯƠNG~IV, ô~B, Ô~C1",
    "Mục~V, dòng~2 của bảng~3, ô~B10",
    "Số cán bộ, công chức: 15~người",
    "công tác thi đua năm~2022 ngày~25/5/2022",
    "tệp 2022=07=15_BC_0001_CTD4_bao-cao.pdf",
    "tệp DEN-2026/2022=05=05_VBDEN_0029_BAN-DAN-VAN_ve-viec.pdf",
    "văn bản số hóa, năm học mới",
    "đính chính Kế hoạch như~sau:",
    "trước ít nhất 05~ngày làm việc; 08~giờ 30~- 08~giờ 45",
)


def with_kept(document: bytes, form: str = "dang-hd36") -> bytes:
    parts = parts_of_ours(document)
    body = kept_together(parts["word/document.xml"], all_profiles()[form])
    return packed(parts | {"word/document.xml": body})


@pytest.mark.parametrize("kept", KEPT)
def test_a_number_stays_with_its_word_and_is_not_broken_within(kept: str) -> None:
    plain = kept.replace("~", " ").replace("=", "-")
    assert unbroken(plain).replace("\u00a0", "~").replace("\u2011", "=") == kept


def test_what_a_narrow_column_cannot_hold_may_be_broken_as_before() -> None:
    text = "Quyết định số 120-QĐ/VPTU"
    assert unbroken(text, Column(room_mm=32)) == "Quyết định số 120\u2011QĐ/VPTU"
    assert unbroken(text, Column(room_mm=10)) == text


@pytest.mark.parametrize(
    ("heading", "room", "broken"),
    [
        ("Đơn vị chủ trì", 26, "Đơn~vị chủ~trì"),
        ("Ngày tổ chức", 20, "Ngày tổ~chức"),
        ("Thời gian, địa điểm", 33, "Thời~gian, địa~điểm"),
        # what does not fit gives way to a shorter word in it
        ("Phó Chánh Văn phòng", 30, "Phó~Chánh Văn~phòng"),
        ("Không tán thành", 21, "Không tán~thành"),
        # a column of a figure's width: letters would run over its line
        ("Điểm tự chấm", 11, "Điểm tự chấm"),
        ("Đơn vị  thực hiện", 26, "Đơn vị  thực hiện"),
    ],
)
def test_the_words_of_a_heading_are_not_torn_where_its_column_can_hold_them(
    heading: str, room: float, broken: str
) -> None:
    kept = unbroken(heading, Column(room, 13, "bold"), "words")
    assert kept.replace("\u00a0", "~") == broken


def test_names_stay_whole_in_headings_and_recipients_and_no_other_text_is_spread_by_them() -> None:
    document = docx.Document(io.BytesIO(clean("ke-hoach", "dang-hd36")))
    where = {"VTThan": document.add_paragraph(), "VTNoiNhanMuc": document.add_paragraph()}
    where["VTBangDau"] = document.add_table(1, 1).rows[0].cells[0].paragraphs[0]
    for style, line in where.items():
        line.style = next(one for one in document.styles if one.style_id == style)
        line.add_run("- Lưu Tổng công ty Điện lực")
    written = io.BytesIO()
    document.save(written)
    xml = parts_of_ours(with_kept(written.getvalue()))["word/document.xml"].decode().replace("\u00a0", "~")
    last = xml[xml.index('w:val="VTThan"', len(xml) - 4000) :]
    found = re.findall("- Lưu[^<]*", last)
    assert found == ["- Lưu Tổng công ty Điện lực", *["- Lưu Tổng~công~ty Điện~lực"] * 2]


def test_a_document_keeps_together_what_stands_in_two_runs_and_says_the_same() -> None:
    document = docx.Document()
    # the first line of 152 mm ends behind "số"
    first = "Cụm thi đua " * 4 + "Kế hoạch số "
    line = document.add_paragraph(first)
    line.add_run("01-KH/CTĐ4, ngày ")
    line.add_run("27/5/2022 & Quy chế")
    cell = document.add_table(1, 1).rows[0].cells[0]
    cell.width, cell.text = Twips(600), "số 120-QĐ/VPTU"
    written = io.BytesIO()
    document.save(written)
    kept = docx.Document(io.BytesIO(with_kept(written.getvalue())))
    assert kept.paragraphs[0].text == f"{first[:-1]}\u00a001-KH/CTĐ4, ngày 27/5/2022 & Quy chế"
    xml = parts_of_ours(with_kept(written.getvalue()))["word/document.xml"].decode()
    assert re.findall("<w:noBreakHyphen/>", xml) == ["<w:noBreakHyphen/>"]
    assert kept.tables[0].rows[0].cells[0].text == "số 120-QĐ/VPTU"


def test_the_lines_of_number_and_date_keep_their_plain_signs() -> None:
    document = docx.Document()
    document.styles.add_style("VTSo", 1)
    document.add_paragraph("Số 01-KH/CTĐ4", style="VTSo")
    written = io.BytesIO()
    document.save(written)
    assert docx.Document(io.BytesIO(with_kept(written.getvalue()))).paragraphs[0].text == "Số 01-KH/CTĐ4"


@pytest.mark.parametrize("form", ["dang-hd05", "dang-hd36", "nd30"])
def test_a_plan_with_its_appendix_conforms_as_it_did_before(form: str) -> None:
    kept = with_kept(clean("ke-hoach", form), form)
    assert [
        found.code for found in check(kept, profile=all_profiles()[form]) if found.severity is Severity.BLOCK
    ] == []
