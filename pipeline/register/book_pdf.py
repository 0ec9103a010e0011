"""The register as a PDF: each volume with its cover, then its pages, A4 lying across. Same volumes, same bytes.

To a blind reader's program a volume is one table (PDF/UA-1): its heads once, its numbers row by row over all pages.
What repeats on every page, the lines and the foot are artifacts.
"""

import io
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Final

from reportlab.lib.colors import Color, black
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader

from pipeline.pdf.serif import BOLD, ITALIC, REGULAR, ready
from pipeline.pdf.tagged import Element, TaggedCanvas, with_tree
from pipeline.register import pages as layout
from pipeline.register.books import Column, Cover, Volume
from pipeline.register.pages import Band, Mark, Page, Paged, paged

#: The base line of a text within its line, from the top of the line.
_BASE_MM: Final = 3.3
_TINT: Final = Color(0.93, 0.93, 0.93)
_TITLE_SIZE: Final = 24.0
_TITLE: Final = "Sổ đăng ký văn bản"


def register_pdf(volumes: Sequence[Volume], mark: Mark) -> bytes:
    """Write the volumes one after the other; an empty register is one page that says so."""
    ready()
    out = io.BytesIO()
    # invariant: no time and no random id in the file
    size = (layout.WIDTH_MM * mm, layout.HEIGHT_MM * mm)
    canvas = TaggedCanvas(out, pagesize=size, invariant=1, lang="vi-VN")
    canvas.setTitle(_TITLE)
    canvas.setAuthor("vanthu")
    document = Element("Document")
    if not volumes:
        with canvas.tagged(document.add("P")):
            _centred(canvas, "Sổ đăng ký chưa có số nào.", 90, REGULAR, 14)
        canvas.showPage()
    for volume in volumes:
        book = paged(volume)
        canvas.bookmarkPage(volume.series)
        canvas.addOutlineEntry(f"{volume.cover.title} {volume.series}", volume.series)
        section = document.add("Sect")
        _draw_cover(canvas, section, volume.cover)
        canvas.showPage()
        pages = _Pages(canvas, section.add("Table"), book)
        for page in book.pages:
            pages.draw(page)
            with canvas.artifact():
                _draw_foot(canvas, book, page, mark)
            canvas.showPage()
    canvas.save()
    return with_tree(out.getvalue(), document, _TITLE)


def _y(from_top_mm: float) -> float:
    return float((layout.HEIGHT_MM - from_top_mm) * mm)


def _centred(canvas: TaggedCanvas, text: str, from_top_mm: float, font: str, size: float) -> None:
    canvas.setFont(font, size)
    canvas.drawCentredString(layout.WIDTH_MM * mm / 2, _y(from_top_mm), text)


def _draw_cover(canvas: TaggedCanvas, section: Element, cover: Cover) -> None:
    with canvas.artifact():
        canvas.setLineWidth(1.2)
        canvas.rect(15 * mm, 12 * mm, (layout.WIDTH_MM - 25) * mm, (layout.HEIGHT_MM - 24) * mm)
    top = 30.0
    for text in cover.parent_lines:
        with canvas.tagged(section.add("P")):
            _centred(canvas, text.upper(), top, REGULAR, 14)
        top += 7
    with canvas.tagged(section.add("P")):
        _centred(canvas, cover.issuer.upper(), top, BOLD, 14)
    with canvas.tagged(section.add("H1")):
        _centred(canvas, cover.title, 88, BOLD, _TITLE_SIZE)
    top = 104.0
    for text in cover.lines:
        with canvas.tagged(section.add("P")):
            _centred(canvas, text, top, REGULAR, 15)
        top += 10


class _Pages:
    """Draws the pages of one volume, one after the other, and tells its table as it goes."""

    def __init__(self, canvas: TaggedCanvas, table: Element, book: Paged) -> None:
        self.canvas, self.table, self.book = canvas, table, book
        self.columns = book.volume.columns
        #: the cells of the number that was drawn last: one that a page does not hold goes on in them
        self.cells: list[Element] = []

    def draw(self, page: Page) -> None:
        """Draw the table of a page: the heads, then its rows."""
        self.canvas.setLineWidth(0.5)
        top = layout.TOP_MM
        # the heads stand on every page and are read once
        if page.number == 1:
            self._draw_heads(top, self._row("TH"), self._row("TH"))
        else:
            with self.canvas.artifact():
                self._draw_heads(top)
        top += self.book.head_mm + layout.COUNT_MM
        for row in page.rows:
            if isinstance(row, Band):
                self._draw_band(row, top)
            else:
                self.cells = self.cells if row.goes_on else self._row("TD")
                self._draw_cells(
                    row.cells, top, row.height_mm, (REGULAR, layout.SIZE), self.cells, is_struck=row.line.is_void
                )
            top += row.height_mm

    def _row(self, sort: str) -> list[Element]:
        row = self.table.add("TR")
        return [row.add(sort) for _ in self.columns]

    def _draw_heads(self, top: float, heads: Sequence[Element] = (), counts: Sequence[Element] = ()) -> None:
        self._draw_cells(self.book.heads, top, self.book.head_mm, (BOLD, layout.HEAD_SIZE), heads, is_head=True)
        figures = tuple((f"({at})",) for at, _ in enumerate(self.columns, start=1))
        top += self.book.head_mm
        self._draw_cells(figures, top, layout.COUNT_MM, (ITALIC, layout.HEAD_SIZE), counts, is_head=True)

    def _draw_cells(
        self,
        texts: Sequence[Sequence[str]],
        top: float,
        height: float,
        font: tuple[str, float],
        elements: Sequence[Element],
        *,
        is_head: bool = False,
        is_struck: bool = False,
    ) -> None:
        """Draw a row of cells; without elements it is an artifact already."""
        canvas, left = self.canvas, layout.LEFT_MM
        for at, (column, lines) in enumerate(zip(self.columns, texts, strict=True)):
            with canvas.artifact() if elements else nullcontext():
                canvas.rect(left * mm, _y(top + height), column.width_mm * mm, height * mm)
            # heads stand in the middle of their row
            line_top = top + (height - len(lines) * layout.LINE_MM) / 2 if is_head else top + layout.PAD_MM
            bases = [_y(line_top + line * layout.LINE_MM + _BASE_MM) for line in range(len(lines))]
            with canvas.tagged(elements[at]) if elements and any(lines) else nullcontext():
                canvas.setFont(*font)
                for base, text in zip(bases, lines, strict=True):
                    if is_head or column.is_centred:
                        canvas.drawCentredString((left + column.width_mm / 2) * mm, base, text)
                    else:
                        canvas.drawString((left + layout.PAD_MM) * mm, base, text)
            # struck out as on paper, still legible; why it is void stays plain
            if is_struck and column.name != "remark":
                with canvas.artifact():
                    for base, text in zip(bases, lines, strict=True):
                        _strike(canvas, column, left, base, text, font)
            left += column.width_mm

    def _draw_band(self, band: Band, top: float) -> None:
        canvas, width = self.canvas, layout.WIDTH_MM - layout.LEFT_MM - layout.RIGHT_MM
        with canvas.artifact():
            canvas.setFillColor(_TINT)
            canvas.rect(layout.LEFT_MM * mm, _y(top + band.height_mm), width * mm, band.height_mm * mm, fill=1)
            canvas.setFillColor(black)
        with canvas.tagged(self.table.add("TR").add("TD", columns=len(self.columns))):
            canvas.setFont(BOLD if band.is_bold else ITALIC, layout.SIZE)
            canvas.drawString((layout.LEFT_MM + 2) * mm, _y(top + layout.PAD_MM + _BASE_MM), band.text)


def _strike(
    canvas: TaggedCanvas, column: Column, left: float, base: float, text: str, font: tuple[str, float]
) -> None:
    if not text:
        return
    width = canvas.stringWidth(text, *font)
    begins = (left + column.width_mm / 2) * mm - width / 2 if column.is_centred else (left + layout.PAD_MM) * mm
    canvas.line(begins, base + font[1] * 0.3, begins + width, base + font[1] * 0.3)


def _draw_foot(canvas: TaggedCanvas, book: Paged, page: Page, mark: Mark) -> None:
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
