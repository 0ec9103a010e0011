"""The register as a PDF: each volume with its cover, then its pages, A4 lying across. Same volumes, same bytes."""

import io
from collections.abc import Sequence
from typing import Final

from reportlab.lib.colors import Color, black
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.pdf.serif import BOLD, ITALIC, REGULAR, ready
from pipeline.register import pages as layout
from pipeline.register.books import Column, Cover, Volume
from pipeline.register.pages import Band, Mark, Page, Paged, Printed, paged

#: The base line of a text within its line, from the top of the line.
_BASE_MM: Final = 3.3
_TINT: Final = Color(0.93, 0.93, 0.93)
_TITLE_SIZE: Final = 24.0


def register_pdf(volumes: Sequence[Volume], mark: Mark) -> bytes:
    """Write the volumes one after the other; an empty register is one page that says so."""
    ready()
    out = io.BytesIO()
    # invariant: no time and no random id in the file
    size = (layout.WIDTH_MM * mm, layout.HEIGHT_MM * mm)
    canvas = Canvas(out, pagesize=size, invariant=1, lang="vi-VN")
    canvas.setTitle("Sổ đăng ký văn bản")
    canvas.setAuthor("vanthu")
    if not volumes:
        _centred(canvas, "Sổ đăng ký chưa có số nào.", 90, REGULAR, 14)
        canvas.showPage()
    for volume in volumes:
        book = paged(volume)
        canvas.bookmarkPage(volume.series)
        canvas.addOutlineEntry(f"{volume.cover.title} {volume.series}", volume.series)
        _draw_cover(canvas, volume.cover)
        canvas.showPage()
        for page in book.pages:
            _draw_page(canvas, book, page)
            _draw_foot(canvas, book, page, mark)
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def _y(from_top_mm: float) -> float:
    return float((layout.HEIGHT_MM - from_top_mm) * mm)


def _centred(canvas: Canvas, text: str, from_top_mm: float, font: str, size: float) -> None:
    canvas.setFont(font, size)
    canvas.drawCentredString(layout.WIDTH_MM * mm / 2, _y(from_top_mm), text)


def _draw_cover(canvas: Canvas, cover: Cover) -> None:
    canvas.setLineWidth(1.2)
    canvas.rect(15 * mm, 12 * mm, (layout.WIDTH_MM - 25) * mm, (layout.HEIGHT_MM - 24) * mm)
    top = 30.0
    for text in cover.parent_lines:
        _centred(canvas, text.upper(), top, REGULAR, 14)
        top += 7
    _centred(canvas, cover.issuer.upper(), top, BOLD, 14)
    _centred(canvas, cover.title, 88, BOLD, _TITLE_SIZE)
    top = 104.0
    for text in cover.lines:
        _centred(canvas, text, top, REGULAR, 15)
        top += 10


def _draw_page(canvas: Canvas, book: Paged, page: Page) -> None:
    canvas.setLineWidth(0.5)
    top = layout.TOP_MM
    columns = book.volume.columns
    cells = tuple(zip(columns, book.heads, strict=True))
    _draw_cells(canvas, cells, top, book.head_mm, (BOLD, layout.HEAD_SIZE), is_head=True)
    top += book.head_mm
    counts = tuple((column, (f"({at})",)) for at, column in enumerate(columns, start=1))
    _draw_cells(canvas, counts, top, layout.COUNT_MM, (ITALIC, layout.HEAD_SIZE), is_head=True)
    top += layout.COUNT_MM
    for row in page.rows:
        if isinstance(row, Band):
            _draw_band(canvas, row, top)
        else:
            _draw_number(canvas, columns, row, top)
        top += row.height_mm


def _draw_number(canvas: Canvas, columns: Sequence[Column], row: Printed, top: float) -> None:
    cells = tuple(zip(columns, row.cells, strict=True))
    _draw_cells(canvas, cells, top, row.height_mm, (REGULAR, layout.SIZE), is_struck=row.line.is_void)


def _draw_cells(
    canvas: Canvas,
    cells: Sequence[tuple[Column, Sequence[str]]],
    top: float,
    height: float,
    font: tuple[str, float],
    *,
    is_head: bool = False,
    is_struck: bool = False,
) -> None:
    left = layout.LEFT_MM
    for column, lines in cells:
        canvas.rect(left * mm, _y(top + height), column.width_mm * mm, height * mm)
        # heads stand in the middle of their row
        line_top = top + (height - len(lines) * layout.LINE_MM) / 2 if is_head else top + layout.PAD_MM
        for at, text in enumerate(lines):
            base = _y(line_top + at * layout.LINE_MM + _BASE_MM)
            canvas.setFont(*font)
            if is_head or column.is_centred:
                canvas.drawCentredString((left + column.width_mm / 2) * mm, base, text)
            else:
                canvas.drawString((left + layout.PAD_MM) * mm, base, text)
            # struck out as on paper, still legible; why it is void stays plain
            if is_struck and text and column.name != "remark":
                _strike(canvas, column, left, base, text, font)
        left += column.width_mm


def _strike(canvas: Canvas, column: Column, left: float, base: float, text: str, font: tuple[str, float]) -> None:
    width = canvas.stringWidth(text, *font)
    begins = (left + column.width_mm / 2) * mm - width / 2 if column.is_centred else (left + layout.PAD_MM) * mm
    canvas.line(begins, base + font[1] * 0.3, begins + width, base + font[1] * 0.3)


def _draw_band(canvas: Canvas, band: Band, top: float) -> None:
    width = layout.WIDTH_MM - layout.LEFT_MM - layout.RIGHT_MM
    canvas.setFillColor(_TINT)
    canvas.rect(layout.LEFT_MM * mm, _y(top + band.height_mm), width * mm, band.height_mm * mm, fill=1)
    canvas.setFillColor(black)
    canvas.setFont(BOLD if band.is_bold else ITALIC, layout.SIZE)
    canvas.drawString((layout.LEFT_MM + 2) * mm, _y(top + layout.PAD_MM + _BASE_MM), band.text)


def _draw_foot(canvas: Canvas, book: Paged, page: Page, mark: Mark) -> None:
    """Write the number of the page; the room beside it is for the head of the book's log and its picture."""
    base = layout.BOTTOM_MM * mm
    canvas.setFont(REGULAR, 9)
    canvas.drawRightString(
        (layout.WIDTH_MM - layout.RIGHT_MM) * mm,
        base,
        f"{book.volume.series} · trang {page.number}/{len(book.pages)}",
    )
    left = layout.LEFT_MM
    if mark.picture:
        side = layout.FOOT_MM - 3
        canvas.drawImage(ImageReader(io.BytesIO(mark.picture)), left * mm, base, side * mm, side * mm)
        left += side + 3
    # a signed head is longer than a line
    lines = layout.mark_lines(mark, layout.FOOT_MM - 3 if mark.picture else 0.0)
    canvas.setFont(REGULAR, layout.MARK_SIZE)
    for at, text in enumerate(reversed(lines)):
        canvas.drawString(left * mm, base + at * layout.MARK_LINE_MM * mm, text)
