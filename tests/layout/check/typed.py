"""Official papers typed from nothing in Word, without our styles: how other offices make them."""

import io

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

CENTRE, BOTH, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT
_LINE = '<w:r %s xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:line from="0,0" to="120pt,0"/></w:pict></w:r>'


def blank(size: float) -> Document:
    """A new file with the page and the font a typist sets first."""
    document = docx.Document()
    normal = document.styles["Normal"]
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{slot}"), "Times New Roman")
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    normal.font.size = Pt(size)
    normal.paragraph_format.space_after = Pt(0)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    number._p.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:t>2</w:t></w:r>'
            "</w:fldSimple>"
        )
    )
    document.core_properties.author = document.core_properties.last_modified_by = ""
    document.core_properties.comments = ""
    return document


def line(
    place: Document | _Cell,
    text: str,
    size: float,
    look: str = "",
    align: WD_ALIGN_PARAGRAPH = CENTRE,
    *,
    first: bool = False,
) -> Paragraph:
    """A line: `look` holds b, i, u."""
    paragraph = place.paragraphs[0] if first else place.add_paragraph()
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.bold, run.italic, run.underline = "b" in look or None, "i" in look or None, "u" in look or None
    return paragraph


def ruled(paragraph: Paragraph) -> None:
    """A drawn line anchored to a paragraph."""
    paragraph._p.append(parse_xml(_LINE % nsdecls("w")))


def body(document: Document, text: str, size: float, *, exact: float = 0, italic: bool = False) -> Paragraph:
    """A paragraph of the text."""
    paragraph = line(document, text, size, "i" if italic else "", BOTH)
    form = paragraph.paragraph_format
    form.first_line_indent, form.space_before = Mm(10), Pt(6)
    if exact:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(exact)
    return paragraph


TEXT = (
    "Các đơn vị thành viên chủ động xây dựng kế hoạch, phân công rõ người, rõ việc, rõ thời hạn và báo cáo kết quả "
    "đúng thời gian quy định; đơn vị có khó khăn, vướng mắc kịp thời phản ánh để được hướng dẫn, tháo gỡ."
)


def party_letter() -> Document:
    """A công văn of a Party office in HD05 form; one table for the head, one for the foot."""
    document = blank(14)
    head = document.add_table(1, 2)
    left, right = head.rows[0].cells
    line(left, "ĐẢNG ỦY CÔNG AN THÀNH PHỐ", 14, first=True)
    line(left, "VĂN PHÒNG", 14, "b")
    line(left, "*", 14)
    line(left, "Số 05-CV/VPĐU", 14)
    line(left, "về việc góp ý dự thảo Quy chế", 12, "i")
    ruled(line(right, "ĐẢNG CỘNG SẢN VIỆT NAM", 15, "b", first=True))
    line(right, "", 14)
    line(right, "TP Hồ Chí Minh, ngày 05 tháng 6 năm 2026", 14, "i")
    line(document, "", 14)
    line(document, "Kính gửi: Cụm trưởng Cụm thi đua số 4", 14, "i", LEFT)
    for text in (TEXT, TEXT, "Văn phòng Đảng ủy trân trọng gửi Cụm trưởng xem xét, tổng hợp."):
        body(document, text, 14, exact=19)
    foot = document.add_table(1, 2)
    left, right = foot.rows[0].cells
    line(left, "Nơi nhận:", 14, "u", LEFT, first=True)
    line(left, "- Như trên;", 12, "", LEFT)
    line(left, "- Lưu Văn phòng.", 12, "", LEFT)
    line(right, "K/T CHÁNH VĂN PHÒNG", 14, "b", first=True)
    line(right, "PHÓ CHÁNH VĂN PHÒNG", 14)
    for _ in range(4):
        line(right, "", 14)
    line(right, "Nguyễn Văn Bình", 14, "b")
    return document


def state_plan() -> Document:
    """A kế hoạch in NĐ30 form with drawn lines and a signature without a table for the head's second row."""
    document = blank(14)
    head = document.add_table(2, 2)
    line(head.cell(0, 0), "TỔNG CÔNG TY CẤP NƯỚC SÀI GÒN", 13, first=True)
    ruled(line(head.cell(0, 0), "VĂN PHÒNG", 13, "b"))
    line(head.cell(0, 1), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, "b", first=True)
    ruled(line(head.cell(0, 1), "Độc lập - Tự do - Hạnh phúc", 14, "b"))
    line(head.cell(1, 0), "Số: 12/KH-VP", 13, first=True)
    line(head.cell(1, 1), "Thành phố Hồ Chí Minh, ngày 12 tháng 02 năm 2024", 14, "i", first=True)
    line(document, "", 14)
    line(document, "KẾ HOẠCH", 14, "b")
    ruled(line(document, "Triển khai công tác văn thư, lưu trữ năm 2024", 14, "b"))
    line(document, "", 14)
    body(document, "Căn cứ Luật Lưu trữ ngày 11 tháng 11 năm 2011;", 14, italic=True)
    body(
        document,
        "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư.",
        14,
        italic=True,
    )
    line(document, "I. MỤC ĐÍCH, YÊU CẦU", 14, "b", BOTH).paragraph_format.first_line_indent = Mm(10)
    document.paragraphs[-1].paragraph_format.space_before = Pt(6)
    for text in (TEXT, TEXT, TEXT, TEXT, TEXT, "Đề nghị các phòng, ban nghiêm túc thực hiện Kế hoạch này./."):
        body(document, text, 14)
    foot = document.add_table(1, 2)
    left, right = foot.rows[0].cells
    line(left, "Nơi nhận:", 12, "bi", LEFT, first=True)
    line(left, "- Các phòng, ban;", 11, "", LEFT)
    line(left, "- Lưu: VT, TH.", 11, "", LEFT)
    line(right, "KT. CHÁNH VĂN PHÒNG", 14, "b", first=True)
    line(right, "PHÓ CHÁNH VĂN PHÒNG", 14, "b")
    for _ in range(4):
        line(right, "", 14)
    line(right, "Trần Thị Hoa", 14, "b")
    return document


def party_report_with_tabs() -> Document:
    """A báo cáo in HD36 form whose head stands on tabs and whose foot has no table: the way of old typists."""
    document = blank(14)
    for text, size, look in (
        ("\tĐẢNG CỘNG SẢN VIỆT NAM", 15, "b"),
        ("THÀNH ỦY THÀNH PHỐ HỒ CHÍ MINH", 14, ""),
        ("VĂN PHÒNG", 14, "b"),
        ("*", 14, ""),
        ("Số 15-BC/VPTU\t", 14, ""),
    ):
        made = line(document, text, size, look, LEFT)
        if "VIỆT NAM" in text:
            ruled(made)
        made.paragraph_format.tab_stops.add_tab_stop(Mm(80))
    date = made.add_run("Thành phố Hồ Chí Minh, ngày 10 tháng 11 năm 2022")
    date.font.size, date.italic = Pt(14), True
    line(document, "BÁO CÁO", 16, "b")
    line(document, "kết quả công tác thi đua năm 2022", 14, "b")
    line(document, "-----", 14)
    for text in (TEXT, TEXT, TEXT, "Trên đây là báo cáo kết quả công tác thi đua năm 2022 của Văn phòng."):
        body(document, text, 14, exact=18)
    line(document, "CHÁNH VĂN PHÒNG", 14).paragraph_format.left_indent = Mm(80)
    for _ in range(4):
        line(document, "", 14)
    line(document, "Lê Văn Cường", 14, "b").paragraph_format.left_indent = Mm(80)
    line(document, "Nơi nhận:", 14, "u", LEFT)
    line(document, "- Thường trực Thành ủy,", 12, "", LEFT)
    line(document, "- Lưu Văn phòng.", 12, "", LEFT)
    return document


def saved(document: Document) -> bytes:
    """The file."""
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def hidden_row(document: Document) -> None:
    """A tracked insertion of a whole row."""
    properties = document.tables[0].rows[0]._tr.get_or_add_trPr()
    mark = OxmlElement("w:ins")
    mark.set(qn("w:id"), "7")
    mark.set(qn("w:author"), "VT")
    properties.append(mark)
