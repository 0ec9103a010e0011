"""The mark that is stamped on each page: where it stands, that nothing else changes, and what it survives."""

import io
from collections.abc import Callable

import pypdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from pipeline import pdf
from pipeline.papers import codes
from pipeline.papers.page_marks import mark_text
from pipeline.rendition.page_marks import stamp
from pipeline.rendition.rendering import fonts_apart

CODE = codes.new_code("stamped")
DPI = 200
_CORNERS = ((183, 5), (31, 274))  # of a page of 210 by 297 mm: where the templates put their codes
_CODE_MM = 15


def mark_of(page: int, pages: int) -> str:
    return mark_text(CODE, page, pages, b"k" * 32)


def printed(pages: int = 2, size: tuple[float, float] = A4, left_mm: float = 30) -> bytes:
    """Pages full of words from a left margin on, with a code in head and foot as the templates have them."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=size, invariant=True)
    for page in range(1, pages + 1):
        for at in range(40):
            canvas.drawString(left_mm * mm, size[1] - (25 + 6 * at) * mm, f"Trang {page}, dong {at}: " + "chu " * 20)
        for x, y in _CORNERS:
            picture = Image.open(io.BytesIO(codes.picture(CODE)))
            canvas.drawInlineImage(picture, x * mm, size[1] - (y + _CODE_MM) * mm, _CODE_MM * mm, _CODE_MM * mm)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def sheets(content: bytes, dpi: int = DPI) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]
    finally:
        document.close()


def texts(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def read(sheet: Image.Image) -> list[str]:
    return [barcode.text for barcode in zxingcpp.read_barcodes(sheet)]


def test_each_page_gets_its_own_mark_as_picture_and_as_text() -> None:
    stamped = stamp(printed(3), mark_of)
    assert stamped.marks == tuple(mark_of(page, 3) for page in (1, 2, 3))
    for mark, sheet, text in zip(stamped.marks, sheets(stamped.content), texts(stamped.content), strict=True):
        assert sorted(read(sheet)) == sorted([CODE, CODE, mark])
        assert mark in text


def test_nothing_else_on_the_page_changes() -> None:
    content = printed()
    stamped = stamp(content, mark_of)
    assert stamped.content.startswith(content), "what was there stands there byte for byte"
    for before, after in zip(sheets(content), sheets(stamped.content), strict=True):
        margin = round(29.5 * DPI / 25.4)
        rest = (margin, 0, *before.size)
        assert before.crop(rest).tobytes() == after.crop(rest).tobytes()
    assert len(pdf.opened(stamped.content).pages) == 2, "it passes the door by which it will come back"
    assert fonts_apart(pypdf.PdfReader(io.BytesIO(stamped.content)))[:1] == ["/Helvetica"], "only those of the test"


def test_a_program_that_reads_aloud_passes_the_mark_by() -> None:
    page = pypdf.PdfReader(io.BytesIO(stamp(printed(1), mark_of).content)).pages[0]
    contents = page.get_contents()
    assert contents is not None
    assert contents.get_data().split()[-5:] == [b"/Artifact", b"BMC", b"/VanthuPageMark", b"Do", b"EMC"]


def test_the_same_marks_give_the_same_bytes() -> None:
    assert stamp(printed(), mark_of).content == stamp(printed(), mark_of).content


@pytest.mark.parametrize("left_mm", [30, 35])
@pytest.mark.parametrize("size", [A4, landscape(A4)], ids=["upright", "lying"])
def test_the_mark_stands_in_the_margin_where_the_form_leaves_room(size: tuple[float, float], left_mm: float) -> None:
    stamped = stamp(printed(1, size, left_mm), mark_of)
    assert read(sheets(stamped.content)[0]).count(stamped.marks[0]) == 1


def test_a_page_without_room_stays_without_a_mark_and_the_others_are_marked() -> None:
    writer = pypdf.PdfWriter()
    for left_mm in (30, 2):
        writer.append(io.BytesIO(printed(1, left_mm=left_mm)))
    content = io.BytesIO()
    writer.write(content)
    stamped = stamp(content.getvalue(), mark_of)
    assert stamped.marks == (mark_of(1, 2), "")
    assert [stamped.marks[0] in text for text in texts(stamped.content)] == [True, False]


def cut(sheet: Image.Image) -> Image.Image:
    by = round(8 * DPI / 25.4)
    return sheet.crop((by, by, sheet.width - by, sheet.height - by))


def askew(degrees: float) -> Callable[[Image.Image], Image.Image]:
    return lambda sheet: sheet.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)


def sealed(x_mm: float, y_mm: float) -> Callable[[Image.Image], Image.Image]:
    """A solid stamp of 38 mm, through which nothing is seen."""

    def stamped(sheet: Image.Image) -> Image.Image:
        left, top, right, bottom = ((at * DPI / 25.4) for at in (x_mm - 19, y_mm - 19, x_mm + 19, y_mm + 19))
        ImageDraw.Draw(sheet).ellipse((left, top, right, bottom), fill=90)
        return sheet

    return stamped


@pytest.mark.parametrize(
    "harm",
    [cut, askew(5), askew(-5), sealed(19, 148), sealed(190, 12), sealed(38, 282)],
    ids=["8 mm cut off all round", "5° left", "5° right", "seal on the mark", "seal at the head", "seal at the foot"],
)
def test_no_single_harm_takes_all_codes_of_a_page(harm: Callable[[Image.Image], Image.Image]) -> None:
    (sheet,) = sheets(stamp(printed(1), mark_of).content)
    found = {code for text in read(harm(sheet)) for code in codes.find_all(text)}
    assert found == {CODE}


@pytest.mark.parametrize("harm", [cut, askew(5), askew(-5)], ids=["cut", "left", "right"])
def test_what_cuts_or_turns_the_sheet_leaves_its_mark(harm: Callable[[Image.Image], Image.Image]) -> None:
    stamped = stamp(printed(1), mark_of)
    assert stamped.marks[0] in read(harm(sheets(stamped.content)[0]))
