"""Papers for tests: a Word document that carries its code as our templates do, and its PDF without LibreOffice."""

import io

import docx
from docx.enum.text import WD_BREAK
from docx.section import Section
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from pipeline import codes

SENTENCE = "Cụm thi đua số 4 tổ chức các hoạt động thi đua năm 2022, các đơn vị thành viên thực hiện nghiêm túc. "


def word_document(code: str, pages: int = 3) -> bytes:
    """A Vietnamese Word document (docx) of A4 pages, with `code` as text and picture on each and in its keywords."""
    document = docx.Document()
    document.core_properties.keywords = code
    document.styles["Normal"].font.name = "Times New Roman"  # its stand-in has every Vietnamese letter
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    _carry(section, code)
    for number in range(1, pages + 1):
        for _ in range(5):
            document.add_paragraph(SENTENCE * 3)
        last = document.add_paragraph(f"Hết phần {number}.")
        if number < pages:
            last.add_run().add_break(WD_BREAK.PAGE)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _carry(section: Section, code: str) -> None:
    for paragraph in (section.header.paragraphs[0], section.footer.paragraphs[0]):
        _put_code(paragraph, code)


def _put_code(paragraph: Paragraph, code: str) -> None:
    run = paragraph.add_run(code + " ")
    run.font.size = Pt(8)
    paragraph.add_run().add_picture(io.BytesIO(codes.picture(code)), width=Mm(15))
