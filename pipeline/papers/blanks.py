"""Where number and date are still blank on a paper that came back: found in the words of the PDF that was issued.

The place is laid onto the paper by the map that lays the issued page over its sheet. Ink in the blank place means
that somebody has written there. Runs in the guarded child (`pipeline.papers.guarding`).
"""

from pathlib import Path
from typing import Final

from pypdfium2 import PdfDocument

from pipeline.papers.alignment import DPI, Affine, Point
from pipeline.papers.blank_rooms import BlankRoom, blank_rooms
from pipeline.papers.comparison import laid_page
from pipeline.papers.ink import INK_DPI, is_written_in
from pipeline.papers.seen import Blank, Blanks, part_of
from pipeline.papers.views import View, drawn, on_sheet
from pipeline.pdf.pdfium import pdfium_document

_STEP: Final = 10.0  # points: the map near a place is taken from the place and two points beside it


def find_blanks(paper: str, issued: str) -> Blanks:
    """Find where number and date are blank on the first page of what was issued, and how that is on the paper.

    Raises PdfiumError when one of them cannot be opened.
    """
    with pdfium_document(Path(issued).read_bytes()) as ours, pdfium_document(Path(paper).read_bytes()) as theirs:
        page = ours[0]
        rooms, height = list(blank_rooms(page)), page.get_height()
        if not rooms:
            return Blanks()
        laid = laid_page(ours, theirs, 1)
        if laid is None:
            return Blanks(is_lost=True)
        return _on_paper(ours, theirs, rooms, height, *laid)


def _on_paper(
    issued: PdfDocument, paper: PdfDocument, rooms: list[BlankRoom], height: float, view: View, to_scan: Affine
) -> Blanks:
    scan, page = drawn(paper, view, INK_DPI, in_colour=True), drawn(issued, View(1), INK_DPI)
    written = {part_of(room.name) for room in rooms if is_written_in(room.box(height), scan, page, to_scan)}
    blanks = tuple(
        Blank(room.name, view.sheet, room.right - room.left, room.size, _matrix(paper, view, to_scan, room, height))
        for room in rooms
        if part_of(room.name) not in written
    )
    return Blanks(blanks, tuple(sorted(written)))


def _matrix(paper: PdfDocument, view: View, to_scan: Affine, room: BlankRoom, height: float) -> Affine:
    """(a, b, c, d, e, f) of the PDF operator `cm`: the beginning of the room becomes the origin."""

    def there(x: float, y: float) -> Point:
        across, down = x * DPI / 72, (height - y) * DPI / 72
        a, b, c, d, e, f = to_scan
        return on_sheet(paper, view, (a * across + b * down + c, d * across + e * down + f))

    x, y = there(room.left, room.base)
    right, up = there(room.left + _STEP, room.base), there(room.left, room.base + _STEP)
    return ((right[0] - x) / _STEP, (right[1] - y) / _STEP, (up[0] - x) / _STEP, (up[1] - y) / _STEP, x, y)
