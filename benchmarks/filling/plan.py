"""The document every filler makes: a three-page Vietnamese plan with a table, in the words real plans use.

The template is drawn here, tag by tag, so that each peer gets the same document in its own tag language.
"""

import io
from collections.abc import Callable

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

HEADINGS = (
    "I. MỤC ĐÍCH, YÊU CẦU",
    "II. NỘI DUNG THI ĐUA",
    "III. CHỈ TIÊU PHẤN ĐẤU",
    "IV. GIẢI PHÁP THỰC HIỆN",
    "V. TỔ CHỨC THỰC HIỆN",
)
SENTENCES = (
    (
        "Tiếp tục quán triệt sâu sắc tư tưởng Hồ Chí Minh về thi đua ái quốc và các chỉ thị, nghị quyết của Đảng, "
        "chính sách, pháp luật của Nhà nước về công tác thi đua, khen thưởng đến toàn thể cán bộ và người lao động."
    ),
    (
        "Tổ chức phong trào thi đua thiết thực, hiệu quả, gắn với nhiệm vụ chính trị của từng đơn vị; khắc phục tính "
        "hình thức, kịp thời phát hiện, bồi dưỡng, tổng kết và nhân rộng các điển hình tiên tiến, gương người tốt."
    ),
    (
        "Các đơn vị thành viên căn cứ chức năng, nhiệm vụ được giao, xây dựng kế hoạch cụ thể, phân công rõ người, "
        "rõ việc, rõ thời gian hoàn thành và chịu trách nhiệm về kết quả thực hiện trước Cụm trưởng."
    ),
    (
        "Thực hiện tốt công tác kiểm tra, giám sát, sơ kết sáu tháng và tổng kết năm; báo cáo đầy đủ, đúng hạn, "
        "trung thực, có số liệu chứng minh để làm cơ sở chấm điểm, xếp hạng cuối năm."
    ),
)
COLUMNS = ("TT", "Nội dung", "Đơn vị chủ trì", "Người phụ trách", "Hoàn thành", "Kinh phí (đồng)")
FIELDS = ("index", "task", "unit", "person", "due", "cost")


def values(rows: int) -> dict[str, object]:
    """What the plan is filled with: JSON, all of it."""
    return {
        "organ": "CỤM THI ĐUA SỐ 3",
        "number": "05",
        "place": "Long Xuyên",
        "day": "05",
        "month": "6",
        "year": "2022",
        "subject": "Tổ chức phong trào thi đua “Đoàn kết, sáng tạo” & hoàn thành nhiệm vụ năm 2022",
        "basis": "Quyết định số 123-QĐ/TU, ngày 15 tháng 02 năm 2022 của Ban Thường vụ Tỉnh ủy",
        "leader": {"name": "Nguyễn Thị Hồng Hạnh", "position": "CỤM TRƯỞNG"},
        "leader_name": "Nguyễn Thị Hồng Hạnh",
        "leader_position": "CỤM TRƯỞNG",
        "is_urgent": True,
        "goals": [
            {"text": f"Phấn đấu {90 + index}% đơn vị thành viên hoàn thành chỉ tiêu thứ {index + 1} trước thời hạn."}
            for index in range(5)
        ],
        "rows": [
            {
                "index": str(index + 1),
                "task": f"Tổ chức hoạt động chuyên đề thứ {index + 1} về học tập, làm theo tấm gương điển hình",
                "unit": f"Đảng ủy cơ sở {index % 17 + 1}",
                "person": f"Trần Văn Bình {index + 1}",
                "due": f"{index % 28 + 1:02d}/6/2022",
                "cost": f"{1 + index % 9}.500.{index % 1000:03d}",
            }
            for index in range(rows)
        ],
    }


class Language:
    """How one filler writes its tags."""

    def __init__(
        self,
        name: Callable[[str], str],
        condition: tuple[str, str],
        goals: tuple[str, str, str],
        rows: tuple[str, str],
        cell: Callable[[str], str],
    ) -> None:
        self.name, self.condition, self.goals, self.rows, self.cell = name, condition, goals, rows, cell


JINJA = Language(
    lambda path: f"{{{{ {path} }}}}",
    ("{% if is_urgent %}", "{% endif %}"),
    ("{%p for goal in goals %}", "{{ goal.text }}", "{%p endfor %}"),
    ("{%tr for row in rows %}", "{%tr endfor %}"),
    lambda field: f"{{{{ row.{field} }}}}",
)
#: docxtemplater and easy-template-x loop over a whole row whose first cell opens and last cell closes, and know no
#: paths with dots without help.
CURLY = Language(
    lambda path: f"{{{path.replace('.', '_')}}}",
    ("{#is_urgent}", "{/is_urgent}"),
    ("{#goals}", "{text}", "{/goals}"),
    ("{#rows}", "{/rows}"),
    lambda field: f"{{{field}}}",
)
CARBONE = Language(
    lambda path: f"{{d.{path}}}",
    ("{d.is_urgent:ifEQ(true):showBegin}", "{d.is_urgent:showEnd}"),
    ("", "{d.goals[i].text}", "{d.goals[i+1].text}"),
    ("", ""),
    lambda field: f"{{d.rows[i].{field}}}",
)


def template(language: Language) -> bytes:
    """The plan's template in one tag language, as a Word file."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    tag = language.name
    section.header.paragraphs[0].text = f"{tag('organ')} – Kế hoạch số {tag('number')}"
    section.footer.paragraphs[0].text = f"{tag('place')}, năm {tag('year')}"
    document.core_properties.title = "Kế hoạch"
    _centred(document, f"{tag('organ')}\nSố {tag('number')}-KH/CTĐ")
    _centred(document, f"{tag('place')}, ngày {tag('day')} tháng {tag('month')} năm {tag('year')}")
    _centred(document, f"KẾ HOẠCH\n{tag('subject')}")
    begin, end = language.condition
    _body(document, f"Căn cứ {tag('basis')}; {begin}đây là văn bản khẩn; {end}Cụm thi đua xây dựng kế hoạch như sau:")
    for number, heading in enumerate(HEADINGS):
        document.add_paragraph().add_run(heading).bold = True
        for turn in range(3):
            _body(document, f"{turn + 1}. {SENTENCES[(number + turn) % len(SENTENCES)]}")
        if number == 2:
            for line in language.goals:
                if line:
                    _body(document, line)
        if number == 3:
            _table(document, language)
    _centred(document, f"{tag('leader.position')}\n\n\n{tag('leader.name')}")
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def _centred(document: "Document", text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.bold = True


def _body(document: "Document", text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Mm(10)
    paragraph.paragraph_format.space_after = Pt(6)
    run = paragraph.add_run(text)
    run.font.size = Pt(14)


def _table(document: "Document", language: Language) -> None:
    is_jinja = language is JINJA
    rows: list[list[str]] = [list(COLUMNS)]
    cells = [language.cell(field) for field in FIELDS]
    if is_jinja:
        rows += [[language.rows[0]], cells, [language.rows[1]]]
    elif language is CARBONE:
        rows += [cells, [cell.replace("[i]", "[i+1]") for cell in cells]]
    else:
        rows.append([language.rows[0] + cells[0], *cells[1:-1], cells[-1] + language.rows[1]])
    rows.append(["", "Tổng cộng", "", "", "", ""])
    table = document.add_table(len(rows), len(COLUMNS))
    table.style = "Table Grid"
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts + [""] * (len(COLUMNS) - len(texts)), strict=True):
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(text)
            run.font.size = Pt(12)
            run.font.name = "Times New Roman"
