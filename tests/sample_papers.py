"""Papers for tests: a Word document that carries its code as our templates do, and its PDF without LibreOffice."""

import io
import math

import docx
from docx.enum.text import WD_BREAK
from docx.section import Section
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from PIL import Image, ImageDraw
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.papers import codes

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


A4_MM = (210.0, 297.0)


def signed_paper(*page_codes: str, keywords: str = "") -> bytes:
    """As `paper`, with the picture of a signature over the last page, as people who sign on a screen put it there."""
    return paper(*page_codes, keywords=keywords, is_signed=True)


def paper(
    *page_codes: str,
    keywords: str = "",
    size_mm: tuple[float, float] = A4_MM,
    version: str = "1.6",
    is_signed: bool = False,
) -> bytes:
    """A PDF with a text layer, one page for each code ("" = a page without code), laid out like our templates.

    The code stands twice on a page, as text and as a picture of 15 mm: at the right margin in the head of the page
    and at the left margin in its foot.
    """
    width, height = size_mm[0] * mm, size_mm[1] * mm
    content = io.BytesIO()
    canvas = Canvas(content, (width, height), pdfVersion=tuple(map(int, version.split("."))), invariant=1)
    canvas.setKeywords(keywords)
    for number, code in enumerate(page_codes, start=1):
        canvas.setFont("Times-Roman", 13)
        for line in range(20):
            canvas.drawString(
                30 * mm, height - (40 + 8 * line) * mm, f"Trang {number}: noi dung van ban so {line + 1}."
            )
        if code:
            picture = ImageReader(io.BytesIO(codes.picture(code)))
            canvas.setFont("Times-Roman", 8)
            for x, y in ((width - 30 * mm, height - 19 * mm), (30 * mm, 4 * mm)):
                canvas.drawImage(picture, x, y, 15 * mm, 15 * mm)
                canvas.drawString(x - 27 * mm, y + 6 * mm, code)
        if is_signed and number == len(page_codes):
            canvas.drawImage(ImageReader(_signature()), 120 * mm, 60 * mm, 45 * mm, 20 * mm, mask="auto")
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def _signature() -> Image.Image:
    """A blue scribble on nothing."""
    picture = Image.new("RGBA", (450, 200))
    points = [(20 + 8 * at, 100 + 70 * math.sin(at * 0.9) * math.cos(at * 0.23)) for at in range(52)]
    ImageDraw.Draw(picture).line(points, fill=(25, 45, 160, 255), width=6)
    return picture
