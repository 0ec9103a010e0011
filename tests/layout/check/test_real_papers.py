"""What real papers do that no fault is: each kind was told wrongly of some office's paper once.

The papers here are made by code; each shows one kind met in papers of other offices (benchmarks/form).
"""

from collections.abc import Callable
from typing import Final

import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from pipeline.layout.check import Checked, examined
from pipeline.model import Finding, Severity
from tests.layout.check import typed
from tests.said import en


def paragraphs(document: Document) -> list[Paragraph]:
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return [*document.paragraphs, *(each for cell in cells for each in cell.paragraphs)]


def at(document: Document, text: str) -> Paragraph:
    return next(each for each in paragraphs(document) if text in each.text)


def gone(element: BaseOxmlElement) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def say(document: Document, old: str, new: str) -> None:
    run = next(run for run in at(document, old).runs if old in run.text)
    run.text = run.text.replace(old, new)


def judged(document: Document) -> Checked:
    return examined(typed.saved(document))


def seen(document: Document) -> list[tuple[str, str]]:
    """What is told beside hints: the rule and the sentence."""
    return [(one.code, en(one.message)) for one in judged(document).findings if one.severity is not Severity.INFO]


def hints(document: Document) -> list[Finding]:
    return [one for one in judged(document).findings if one.severity is Severity.INFO]


# --- the same paper ----------------------------------------------------------------------------------------------


def a_day_to_be_written_in(paper: Document) -> None:
    say(paper, "ngày 12 tháng 02 năm 2024", "ngày       tháng 02 năm 2024")


def the_rule_of_the_body_anchored_to_its_number(paper: Document) -> None:
    body = at(paper, "VĂN PHÒNG")
    body._p.remove(body._p.findall(qn("w:r"))[-1])
    typed.ruled(at(paper, "Số: 12/KH-VP"))


def the_rule_anchored_to_the_first_line_of_the_subject(paper: Document) -> None:
    second = typed.line(paper, "của Văn phòng Tổng công ty", 14, "b")
    at(paper, "Triển khai")._p.addnext(second._p)


def upright_hyphens_between_bold_words(paper: Document) -> None:
    motto = at(paper, "Độc lập")
    motto.runs[0].text = "Độc lập "
    for text, bold in (("-", None), (" Tự do ", True), ("-", None), (" Hạnh phúc", True)):
        run = motto.add_run(text)
        run.font.size, run.bold = motto.runs[0].font.size, bold


def the_name_typed_under_the_table(paper: Document) -> None:
    name = at(paper, "Trần Thị Hoa")
    gone(name._p)
    typed.line(paper, "Trần Thị Hoa", 14, "b")


def a_row_for_each_line_of_the_foot(paper: Document) -> None:
    foot = paper.tables[-1]
    for index in range(2):
        texts = [each for each in foot.cell(0, index).paragraphs if each.text]
        for count, each in enumerate(texts[1:], start=1):
            row = foot.rows[count] if len(foot.rows) > count else foot.add_row()  # type: ignore[no-untyped-call]
            row.cells[index]._tc.append(each._p)
    for cell in (cell for row in foot.rows for cell in row.cells):
        inked = [each for each in cell.paragraphs if each.text]
        for each in cell.paragraphs:
            if inked and not each.text:
                gone(each._p)


def by_order_and_under_it_for_the_head(paper: Document) -> None:
    first = at(paper, "KT. CHÁNH VĂN PHÒNG")
    first.insert_paragraph_before("").add_run("TL.TỔNG GIÁM ĐỐC").bold = True
    ordered = at(paper, "TL.TỔNG GIÁM ĐỐC")
    ordered.runs[0].font.size, ordered.alignment = first.runs[0].font.size, typed.CENTRE


def signed_by_the_deputy_of_a_minister(paper: Document) -> None:
    say(paper, "KT. CHÁNH VĂN PHÒNG", "KT. BỘ TRƯỞNG")
    say(paper, "PHÓ CHÁNH VĂN PHÒNG", "THỨ TRƯỞNG")


def a_brace_beside_two_recipients(paper: Document) -> None:
    say(paper, "- Các phòng, ban;", "- Các phòng, ban;      Để thực hiện")


def a_tab_for_the_indent(paper: Document) -> None:
    paragraph = at(paper, "Các đơn vị thành viên")
    paragraph.runs[0].text = f"\t{paragraph.runs[0].text}"
    paragraph.paragraph_format.first_line_indent = Mm(0)


def a_heading_moved_in_by_its_left_indent(paper: Document) -> None:
    form = at(paper, "I. MỤC ĐÍCH").paragraph_format
    form.first_line_indent, form.left_indent = Mm(0), Mm(10)


def a_law_with_its_number(paper: Document) -> None:
    say(paper, "Luật Lưu trữ ngày 11 tháng 11 năm 2011;", "Luật Tổ chức Chính phủ số 63/2025/QH15;")


def a_subject_in_a_table_of_one_cell(paper: Document) -> None:
    table = paper.add_table(1, 1)
    subject = at(paper, "Triển khai")
    subject._p.addprevious(table._tbl)
    table.cell(0, 0)._tc.remove(table.cell(0, 0).paragraphs[0]._p)
    table.cell(0, 0)._tc.append(subject._p)


def who_decides_in_other_capitals(paper: Document) -> None:
    line = typed.line(paper, "CHÁNH VĂN PHÒNG TỔNG CÔNG TY", 13, "b")
    at(paper, "Triển khai")._p.addnext(line._p)


def an_annex_on_its_side(paper: Document) -> None:
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin, section.right_margin = Mm(20), Mm(20)
    section.top_margin, section.bottom_margin = Mm(15), Mm(30)


def figures_in_an_old_font(paper: Document) -> None:
    run = at(paper, "Các đơn vị thành viên").add_run(" 21")
    run.font.name, run.font.size = "Times New Roman", at(paper, "Các đơn vị").runs[0].font.size
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:cs"), "VNI-Times")


def a_contract_behind_the_paper(paper: Document) -> None:
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    section.left_margin, section.right_margin = Mm(25), Mm(10)
    left, right = paper.add_table(1, 2).rows[0].cells
    typed.line(left, "CÔNG TY CẤP NƯỚC", 13, "b", first=True)
    typed.line(left, "CHI NHÁNH TÂN HÒA", 13, "b")
    typed.line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, "b", first=True)
    typed.line(right, "Độc lập - Tự do - Hạnh phúc", 13, "b")
    typed.line(paper, "HỢP ĐỒNG THUÊ NHÀ", 13, "b")
    typed.line(paper, "Hôm nay, ngày 12 tháng 02 năm 2024, chúng tôi gồm:", 13)
    left, right = paper.add_table(1, 2).rows[0].cells
    for cell in (left, right):
        typed.line(cell, "TM. ĐẠI DIỆN CÁC BÊN", 13, "b", first=True)


SAME: Final = (
    a_day_to_be_written_in,
    the_rule_of_the_body_anchored_to_its_number,
    the_rule_anchored_to_the_first_line_of_the_subject,
    upright_hyphens_between_bold_words,
    the_name_typed_under_the_table,
    a_row_for_each_line_of_the_foot,
    by_order_and_under_it_for_the_head,
    signed_by_the_deputy_of_a_minister,
    a_brace_beside_two_recipients,
    a_tab_for_the_indent,
    a_heading_moved_in_by_its_left_indent,
    a_law_with_its_number,
    a_subject_in_a_table_of_one_cell,
    who_decides_in_other_capitals,
    an_annex_on_its_side,
    figures_in_an_old_font,
    a_contract_behind_the_paper,
)


@pytest.mark.parametrize("typed_so", SAME, ids=lambda each: each.__name__)
def test_what_is_no_fault_on_paper_is_not_told(typed_so: Callable[[Document], None]) -> None:
    paper = typed.state_plan()
    typed_so(paper)
    assert judged(paper).profile == "nd30"
    assert seen(paper) == []


def test_a_day_to_be_written_in_is_a_hint() -> None:
    paper = typed.state_plan()
    a_day_to_be_written_in(paper)
    assert [one.code for one in hints(paper)] == ["TT08"]


def test_a_head_parted_by_spaces_behind_spaces_is_a_head() -> None:
    paper = typed.state_plan()
    head = paper.tables[0]._tbl
    for text, size in (
        ("      ỦY BAN NHÂN DÂN            CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13),
        ("       TỈNH LÂM ĐỒNG\t                          Độc lập - Tự do - Hạnh phúc", 13),
        ("     Số: 12/KH-UBND                 Lâm Đồng, ngày 12 tháng 02 năm 2024     ", 13),
    ):
        head.addprevious(typed.line(paper, text, size, "b", typed.LEFT)._p)
    gone(head)
    told = {code for code, _ in seen(paper)}
    assert judged(paper).profile == "nd30"
    assert not [each for each in judged(paper).findings if each.severity is Severity.BLOCK and each.code != "TT02"]
    assert told <= {"TT06", "TT07", "TT08"}


def test_running_text_of_a_letter_is_no_list_of_grounds() -> None:
    paper = typed.state_plan()
    for text in ("KẾ HOẠCH", "Triển khai", "Căn cứ Luật", "Căn cứ Nghị"):
        each = at(paper, text)
        gone(each._p)
    say(paper, "Số: 12/KH-VP", "Số: 12/VP-TH")
    typed.line(paper.tables[0].cell(1, 0), "V/v triển khai công tác văn thư", 12)
    first = at(paper, "I. MỤC ĐÍCH")
    first._p.addprevious(typed.line(paper, "Kính gửi: Các phòng, ban.", 14)._p)
    text = "Căn cứ hồ sơ và quy định của pháp luật, Văn phòng có ý kiến như sau:"
    first._p.addprevious(typed.body(paper, text, 14)._p)
    assert seen(paper) == []


# --- what is not judged ------------------------------------------------------------------------------------------


def reason(document: Document) -> str:
    checked = judged(document)
    assert checked.profile == ""
    return next(en(one.message) for one in checked.findings if one.code.startswith("form."))


@pytest.mark.parametrize("kind", ["PHIẾU TRÌNH", "KIẾN NGHỊ", "HỢP ĐỒNG", "KẾT LUẬN THANH TRA", "ĐIỀU LỆ"])
def test_a_type_that_no_form_lists_is_not_judged_by_one(kind: str) -> None:
    paper = typed.state_plan()
    say(paper, "KẾ HOẠCH", kind)
    say(paper, "Số: 12/KH-VP", "Số: 12/PT-VP")
    assert "no such type" in reason(paper)


@pytest.mark.parametrize("kind", ["BÁO CÁO TUẦN 02", "KẾ HOẠCH CÔNG TÁC NĂM 2024", "KÊ HOẠCH"])
def test_a_listed_type_is_known_with_its_subject_or_a_slip_of_the_pen(kind: str) -> None:
    paper = typed.state_plan()
    say(paper, "KẾ HOẠCH", kind)
    say(paper, "Số: 12/KH-VP", "Số: 12/XX-VP")
    assert judged(paper).profile == "nd30"


def test_a_decree_is_a_legal_document() -> None:
    paper = typed.state_plan()
    say(paper, "KẾ HOẠCH", "NGHỊ ĐỊNH")
    say(paper, "Số: 12/KH-VP", "Số: 99/2024/NĐ-CP")
    assert "legal document" in reason(paper)


@pytest.mark.parametrize("blank", ["Họ và tên: ................", "Họ và tên: ${ten}", "Họ và tên: <<ten>>"])
def test_a_form_to_be_filled_in_is_not_judged(blank: str) -> None:
    paper = typed.state_plan()
    for _ in range(5):
        typed.body(paper, blank, 14)
    assert "to be filled in" in reason(paper)


@pytest.mark.parametrize("field", ["${so_van_ban}", "<<so_van_ban>>", "«so_van_ban»"])
def test_a_placeholder_is_told_once_and_its_text_is_not_judged(field: str) -> None:
    paper = typed.state_plan()
    say(paper, "Số: 12/KH-VP", f"Số: {field}")
    assert seen(paper) == [("TT15", "A placeholder of the template was left in.")]


@pytest.mark.parametrize("day", ["ngày 12 tháng 02 năm 2010", "ngày      tháng      năm 2010"])
def test_a_paper_is_judged_by_nothing_newer_than_itself(day: str) -> None:
    paper = typed.state_plan()
    say(paper, "ngày 12 tháng 02 năm 2024", day)
    say(paper, "Nơi nhận:", "Nơi gửi:")
    checked = judged(paper)
    assert (checked.profile, checked.is_blocked) == ("", False)
    assert [one.code for one in checked.findings] == ["form.unknown"]


def test_an_appendix_takes_the_form_of_the_paper_it_names() -> None:
    document = typed.blank(14)
    typed.line(document, "Phụ lục I", 14, "b")
    typed.line(document, "DANH SÁCH CÁC ĐƠN VỊ", 14, "b")
    typed.line(document, "(Kèm theo Quyết định số 12/QĐ-VP ngày 12/02/2024 của Văn phòng)", 14, "i")
    typed.body(document, typed.TEXT, 14)
    assert judged(document).profile == "nd30"


# --- still told --------------------------------------------------------------------------------------------------


def test_a_name_in_small_letters_over_the_signature_is_told_as_such() -> None:
    paper = typed.state_plan()
    say(paper, "KT. CHÁNH VĂN PHÒNG", "Người báo cáo")
    gone(at(paper, "PHÓ CHÁNH VĂN PHÒNG")._p)
    assert ("TT13", "The position of the signer is written in capitals.") in seen(paper)


def test_old_letters_in_an_old_font_are_told() -> None:
    paper = typed.state_plan()
    run = at(paper, "Các đơn vị thành viên").add_run(" Uûy ban nhaân daân")
    fonts = OxmlElement("w:rFonts")
    for slot in ("ascii", "hAnsi"):
        fonts.set(qn(f"w:{slot}"), "VNI-Times")
    run._r.get_or_add_rPr().insert(0, fonts)
    assert "TT03" in {code for code, _ in seen(paper)}


def test_a_page_number_in_another_font_is_a_warning() -> None:
    paper = typed.state_plan()
    run = paper.sections[0].header.paragraphs[0]._p.find(f"{qn('w:fldSimple')}/{qn('w:r')}/{qn('w:rPr')}")
    fonts = OxmlElement("w:rFonts")
    fonts.set(qn("w:ascii"), "Calibri")
    assert run is not None
    run.insert(0, fonts)
    found = [one for one in judged(paper).findings if one.code == "TT02"]
    assert [one.severity for one in found] == [Severity.WARN]
