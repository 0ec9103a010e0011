"""What a PDF form is made of: its text styles, places for fields, ruled tables, portrait and landscape pages.

Everything drawn belongs to an element of the tree that a blind reader's program goes through, or is an artifact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, TableStyle
from reportlab.platypus import Table as Grid

from pipeline.blank_forms import page_layout
from pipeline.blank_forms.pdf_fields import PdfField
from pipeline.blank_forms.plan import Entry
from pipeline.pdf.serif import BOLD, ITALIC, REGULAR
from pipeline.pdf.tagged import Element, TaggedCanvas

_GREY: Final = HexColor("#595959")
_LINE: Final = HexColor("#808080")
SHADE: Final = HexColor("#E9EFF7")
PAD: Final = 3.0
LINE_HEIGHT: Final = 13.0
ENTRY_SIZE: Final = 11.0


def _style(name: str, font: str, size: float, **more: object) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * 1.18, **more)


HEAD: Final = _style("head", BOLD, 12, alignment=TA_CENTER)
TITLE: Final = _style("title", BOLD, 16, alignment=TA_CENTER, spaceBefore=6)
YEAR: Final = _style("year", ITALIC, 12, alignment=TA_CENTER, spaceAfter=4)
NOTE: Final = _style("note", ITALIC, 9.5, textColor=_GREY, spaceAfter=3)
HEADING: Final = _style("heading", BOLD, 13, textColor=HexColor("#1F3864"), spaceBefore=9, spaceAfter=4)
LABEL: Final = _style("label", BOLD, 11)
HINT: Final = _style("hint", ITALIC, 8.5, textColor=_GREY)
COLUMN: Final = _style("column", BOLD, 9.5, alignment=TA_CENTER)
COUNT: Final = _style("count", REGULAR, 9.5, alignment=TA_CENTER)


class Text(Paragraph):  # type: ignore[misc]  # reportlab has no types
    """A paragraph that is read aloud as its element; the head of a table, which comes again, once."""

    element: Element

    @classmethod
    def of(cls, text: str, style: ParagraphStyle, element: Element) -> "Text":
        """Make one; `text` is reportlab's markup."""
        made = cls(text, style)
        made.element = element
        return made

    def split(self, width: float, height: float) -> "list[Text]":
        """Its parts on two pages, of one element."""
        parts: list[Text] = super().split(width, height)
        for part in parts:
            part.element = self.element
        return parts

    def draw(self) -> None:
        """Draw it within its element."""
        comes_again = self.element.sort == "TH" and self.element.marks
        with self.canv.artifact() if comes_again else self.canv.tagged(self.element):
            super().draw()


class RuledTable(Grid):  # type: ignore[misc]  # reportlab has no types
    """A table whose lines and shades are not read aloud."""

    def _drawBkgrnd(self) -> None:  # noqa: N802 - reportlab's own name
        with self.canv.artifact():
            super()._drawBkgrnd()

    def _drawLines(self) -> None:  # noqa: N802 - reportlab's own name
        with self.canv.artifact():
            super()._drawLines()


class Place(Flowable):  # type: ignore[misc]  # reportlab has no types
    """Where a field will be: it draws nothing and notes where it came to stand."""

    def __init__(self, pdf_fields: list[PdfField], width: float, height: float, about: PdfField) -> None:
        super().__init__()
        self.pdf_fields = pdf_fields
        self.width, self.height = width, height
        self.about = about

    def draw(self) -> None:
        """Note the place on the page."""
        # only now: reportlab deals places out to pages while it draws
        left, bottom = self.canv.absolutePosition(0, 0)
        box = (left, bottom, left + self.width, bottom + self.height)
        self.pdf_fields.append(replace(self.about, page=self.canv.getPageNumber() - 1, box=box))


class CheckBoxes(Flowable):  # type: ignore[misc]  # reportlab has no types
    """CheckBoxes to tick, one below the other, each with its word."""

    def __init__(self, pdf_fields: list[PdfField], entry: Entry, width: float, element: Element) -> None:
        super().__init__()
        self.pdf_fields, self.entry, self.element = pdf_fields, entry, element
        self.width, self.height = width, len(entry.choices) * (LINE_HEIGHT + 2) + 2

    def draw(self) -> None:
        """Draw the words and the frames of the boxes; note each box."""
        chosen = self.entry.value if isinstance(self.entry.value, list) else []
        side = 9.0
        for at, (code, text) in enumerate(self.entry.choices, start=1):
            bottom = self.height - at * (LINE_HEIGHT + 2) + 1
            name = self.entry.address.box_name(code)
            with self.canv.artifact():
                self.canv.setStrokeColor(_LINE)
                self.canv.rect(2, bottom, side, side)
            with self.canv.tagged(self.element.add("Form", field=name)):
                self.canv.setFont(REGULAR, ENTRY_SIZE)
                self.canv.drawString(side + 8, bottom + 1, text)
            x, y = self.canv.absolutePosition(2, bottom)
            self.pdf_fields.append(
                PdfField(
                    name=name,
                    label=f"{self.entry.label}: {text}",
                    page=self.canv.getPageNumber() - 1,
                    box=(x, y, x + side, y + side),
                    is_box=True,
                    is_on=code in chosen,
                )
            )


def ruled_table(
    rows: Sequence[Sequence[Any]],
    widths: Sequence[float],
    heights: Sequence[float],
    looks: Iterable[tuple[Any, ...]],
    repeated: int = 0,
) -> RuledTable:
    """A table with lines; rows stay whole on a page, the first ones are repeated on each."""
    style = [
        # reportlab sets the font of each cell, also of those that hold no text of its own
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),
        ("GRID", (0, 0), (-1, -1), 0.5, _LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *((f"{side}PADDING", (0, 0), (-1, -1), PAD) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
        *looks,
    ]
    return RuledTable(rows, widths, heights, style=TableStyle(style), repeatRows=repeated, hAlign="LEFT")


def template(*, is_landscape: bool, foot: str) -> PageTemplate:
    """A4, upright or on its side, with what the form is and the page at its foot."""
    short, long = page_layout.SHORT_SIDE_MM * mm, page_layout.LONG_SIDE_MM * mm
    width, height = (long, short) if is_landscape else (short, long)
    # without the padding reportlab gives a frame: the margins are those of the page
    frame = Frame(
        page_layout.LEFT_MM * mm,
        page_layout.BOTTOM_MM * mm,
        width - (page_layout.LEFT_MM + page_layout.RIGHT_MM) * mm,
        height - (page_layout.TOP_MM + page_layout.BOTTOM_MM) * mm,
        0,
        0,
        0,
        0,
    )

    def draw_foot(canvas: TaggedCanvas, document: BaseDocTemplate) -> None:
        with canvas.artifact():
            canvas.setFont(REGULAR, 8)
            canvas.setFillColor(_GREY)
            canvas.drawString(page_layout.LEFT_MM * mm, 8 * mm, foot)
            canvas.drawRightString(width - page_layout.RIGHT_MM * mm, 8 * mm, str(document.page))

    name = "landscape" if is_landscape else "portrait"
    return PageTemplate(name, [frame], onPage=draw_foot, pagesize=(width, height))
