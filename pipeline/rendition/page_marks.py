"""Stamping page marks: each page of a PDF gets its own QR code and text in a margin, where nothing is printed.

The codes in head and foot stand on one diagonal near the edges: a sheet turned by five degrees or cut by 8 mm loses
both. So the mark stands half way down, far enough from the edge for both, and no one seal covers it and them. Where
the form leaves no room, a page stays without: its code is in head and foot. The PDF is only added to: what
LibreOffice wrote stays byte for byte, and a program that reads the page aloud passes the mark by.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import pypdf
import reportlab
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.pdf import draw_over
from pipeline.pdf.pdfium import pdfium_document
from pipeline.pictures import qr_code

#: For a page (from 1) and the count of all the text that marks it.
MarkOf: TypeAlias = Callable[[int, int], str]
_Box: TypeAlias = tuple[float, float, float, float]

_POINTS_PER_MM: Final = 72 / 25.4
#: Side of the code without its quiet zone: below 18 mm a blurred scan of 200 dpi loses it (trial of November 2026).
_SIDE_MM: Final = 18.0
#: White all round: two modules of a code of version 2.
_QUIET_MM: Final = 1.4
#: From the edge: a scanner cuts 8 mm off. HD 36 and NĐ 30 leave at least 30 mm at the left.
_FROM_EDGE_MM: Final = (9.5, 9.0, 8.5)
#: Off the middle of the page, downwards: holes are punched 40 mm above and below it.
_OFF_MIDDLE_MM: Final = (0.0, 20.0, -20.0, 62.0, -62.0, 85.0, -85.0)
_TEXT_POINTS: Final = 5.0
_TEXT_GAP_MM: Final = 1.5
_LOOK_DPI: Final = 60
_WHITE: Final = 250
_FONT: Final = "Vera"  # comes with the library, and may be embedded
_NAME: Final = "/VanthuPageMark"


@dataclass(frozen=True)
class Stamped:
    """A PDF with marks, and the text of each page's mark: "" where there was no room."""

    content: bytes
    marks: tuple[str, ...]


@dataclass(frozen=True)
class _Place:
    """Where a mark stands: left and top edge of the code, in millimetres from the upper left corner."""

    left: float
    top: float

    def box(self) -> _Box:
        """The room that code and text take together, in millimetres: left, top, right, bottom."""
        return (
            self.left - _QUIET_MM,
            self.top - _QUIET_MM,
            self.left + _SIDE_MM + _QUIET_MM,
            self.top + _SIDE_MM + _TEXT_GAP_MM + _text_mm(),
        )


def stamp(content: bytes, mark_of: MarkOf) -> Stamped:
    """Mark every page of a sound PDF that has room for it."""
    writer = pypdf.PdfWriter(io.BytesIO(content), incremental=True)
    texts = stamp_in(writer, content, mark_of)
    if not any(texts):
        return Stamped(content, texts)
    stamped = io.BytesIO()
    writer.write(stamped)
    return Stamped(stamped.getvalue(), texts)


def stamp_in(writer: pypdf.PdfWriter, content: bytes, mark_of: MarkOf) -> tuple[str, ...]:
    """Mark the pages of `content` in the update that `writer` makes to it; gives the text of each page's mark."""
    places = list(_places(content))
    texts = tuple(mark_of(number, len(places)) if place else "" for number, place in enumerate(places, start=1))
    if not any(texts):
        return texts
    # where a viewer begins is its own affair; a paper for twenty years opens nothing by itself
    writer.root_object.pop("/OpenAction", None)
    sizes = [(float(page.mediabox.width), float(page.mediabox.height)) for page in writer.pages]
    drawn = pypdf.PdfReader(io.BytesIO(_drawn(sizes, places, texts)))
    for page, mark, text in zip(writer.pages, drawn.pages, texts, strict=True):
        if text:
            draw_over(writer, page, mark, _NAME, f"/Artifact BMC\n{_NAME} Do\nEMC")
    return texts


def _places(content: bytes) -> Iterator[_Place | None]:
    with pdfium_document(content) as document:
        for page in document:
            picture = page.render(scale=_LOOK_DPI / 72, grayscale=True).to_pil()
            yield next(_free(picture), None)
            page.close()


def _free(page: Image.Image) -> Iterator[_Place]:
    """The places where a page is white, the best first: at its left edge, then at its right."""
    per_mm = _LOOK_DPI / 25.4
    width, height = page.width / per_mm, page.height / per_mm
    for off in _OFF_MIDDLE_MM:
        for from_edge in _FROM_EDGE_MM:
            for left in (from_edge, width - from_edge - _SIDE_MM):
                place = _Place(left, height / 2 - _SIDE_MM / 2 + off)
                box = place.box()
                inside = min(box) >= 0 and box[2] <= width and box[3] <= height
                if inside and _is_white(page.crop(_pixels(box, per_mm))):
                    yield place


def _pixels(box: _Box, per_mm: float) -> _Box:
    left, top, right, bottom = box
    return (round(left * per_mm), round(top * per_mm), round(right * per_mm), round(bottom * per_mm))


def _is_white(picture: Image.Image) -> bool:
    return not any(picture.histogram()[:_WHITE])


def _text_mm() -> float:
    """The length of a mark's text, which stands along the edge."""
    return 31 * 0.66 * _TEXT_POINTS / _POINTS_PER_MM


def _drawn(sizes: Sequence[tuple[float, float]], places: Sequence[_Place | None], texts: Sequence[str]) -> bytes:
    """A PDF of nothing but the marks, page by page."""
    if _FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(_FONT, Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"))
    content = io.BytesIO()
    # the same marks give the same bytes; begun in a font that comes along: PDF/A has no other, even where none shows
    canvas = Canvas(content, invariant=True, pageCompression=1, initialFontName=_FONT)
    for (width, height), place, text in zip(sizes, places, texts, strict=True):
        canvas.setPageSize((width, height))
        if place is not None:
            _draw(canvas, height, place, text)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def _draw(canvas: Canvas, height: float, place: _Place, text: str) -> None:
    modules = qr_code.modules(text, "Q")
    module = _SIDE_MM * _POINTS_PER_MM / len(modules)
    left, top = place.left * _POINTS_PER_MM, height - place.top * _POINTS_PER_MM
    path = canvas.beginPath()
    for down, row in enumerate(modules):
        for across, length in _runs(row):
            path.rect(left + across * module, top - (down + 1) * module, length * module, module)
    canvas.setFillGray(0)
    # one path, filled at once: no hair lines between the modules
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.saveState()
    canvas.translate(left + 0.7 * _SIDE_MM * _POINTS_PER_MM, top - (_SIDE_MM + _TEXT_GAP_MM) * _POINTS_PER_MM)
    canvas.rotate(-90)
    canvas.setFont(_FONT, _TEXT_POINTS)
    canvas.drawString(0, 0, text)
    canvas.restoreState()


def _runs(row: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The dark stretches of a row: where they begin, and how many modules they have."""
    begun: int | None = None
    for at, dark in enumerate([*row, 0]):
        if dark and begun is None:
            begun = at
        elif not dark and begun is not None:
            yield begun, at - begun
            begun = None
