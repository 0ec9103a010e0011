"""A copy of a paper in which each page stands once, in order, upright, and as large as it was sent out.

Pages are taken over as they are and only laid anew: turned by /Rotate, cut to one half by their boxes, made larger or
smaller by one operator before their own. No picture is packed anew. Runs in the guarded child.
"""

import io
from pathlib import Path
from typing import Final

from pypdf import PageObject, PdfWriter
from pypdf.generic import RectangleObject

from pipeline import pdf
from pipeline.files import refusals
from pipeline.files.refusals import Unfit
from pipeline.model import PlacedPage
from pipeline.pdf import draw_around
from pipeline.pdf.document import BROKEN

_VERSION: Final = "%PDF-1.7"
#: The sides of a page in the order in which a turn clockwise moves them.
_AROUND: Final = ("left", "top", "right", "bottom")


def arrange(papers: dict[str, str], pages: tuple[PlacedPage, ...]) -> bytes:
    """Make a PDF of pages; `papers` are the paths of the PDFs by what the pages say they are of. Raises Unfit."""
    readers = {of: pdf.opened(Path(path).read_bytes()).reader for of, path in papers.items()}
    writer = PdfWriter()
    writer.pdf_header = _VERSION
    writer.add_metadata({"/Producer": "vanthu"})
    try:
        for page in pages:
            _lay(writer, writer.add_page(readers[page.of].pages[page.sheet - 1]), page)
        made = io.BytesIO()
        writer.write(made)
    except BROKEN as error:
        raise Unfit(refusals.damaged()) from error
    return made.getvalue()


def _lay(writer: PdfWriter, sheet: PageObject, page: PlacedPage) -> None:
    box = sheet.cropbox
    if page.half:
        box = _cut(box, _AROUND[(_AROUND.index(page.half) - sheet.rotation // 90) % 4])
    if page.scale != 1.0:
        _scale(writer, sheet, page.scale)
        box = RectangleObject([float(side) * page.scale for side in box])
    if not page.is_as_it_came:
        sheet.mediabox = sheet.cropbox = sheet.trimbox = sheet.bleedbox = sheet.artbox = box
    if page.turn:
        sheet.rotate(page.turn)


def _scale(writer: PdfWriter, sheet: PageObject, scale: float) -> None:
    """Draw a sheet larger or smaller. Raises Unfit where something is stuck on it that would stay where it was."""
    if sheet.get("/Annots"):
        raise Unfit(refusals.damaged())
    draw_around(writer, sheet, f"q {scale:.6f} 0 0 {scale:.6f} 0 0 cm\n".encode(), b"\nQ\n")


def _cut(box: RectangleObject, half: str) -> RectangleObject:
    """One half of a box, by its side before the page is turned."""
    left, bottom, right, top = (float(box.left), float(box.bottom), float(box.right), float(box.top))
    middle, centre = (left + right) / 2, (bottom + top) / 2
    return RectangleObject(
        {
            "left": (left, bottom, middle, top),
            "right": (middle, bottom, right, top),
            "top": (left, centre, right, top),
            "bottom": (left, bottom, right, centre),
        }[half]
    )
