"""Where number and date are still blank on a paper that came back: found in the words of the PDF that was issued.

The place is laid onto the paper by the map that lays the issued page over its sheet. Ink in the blank place means
that somebody has written there. Runs in the guarded child (`pipeline.papers.guarding`).
"""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pypdfium2
from pypdfium2 import PdfDocument, PdfPage, PdfTextPage, raw

from pipeline.papers.alignment import DPI, Affine, Point
from pipeline.papers.comparison import laid_page
from pipeline.papers.ink import INK_DPI, is_written_in
from pipeline.papers.seen import Blank, Blanks, Box, part_of
from pipeline.papers.views import View, drawn, on_sheet

#: "Số      -KH/CTĐ4" of the Party, "Số:      /KH-CTĐ4" of the State (HD05 II.3, NĐ30 Phụ lục I mục II.3).
_NUMBER: Final = re.compile(r"^[ \t]*Số:?(?P<number>[ \u00a0.…_]+)(?=[-/][A-ZĐƯƠÂĂÊÔ])", re.MULTILINE)
_DATE: Final = re.compile(
    r"ngày(?P<day>[ \u00a0.…_]+)tháng(?P<month>[ \u00a0.…_]+)năm(?:\s+\d{4}\b|(?P<year>[ \u00a0.…_]*)(?=[\r\n]|$))",
    re.MULTILINE,
)
#: People write higher and lower than print; so much more is looked at above and below, in millimetres.
_ABOVE_MM, _BELOW_MM = 3.0, 2.0
_MM: Final = 25.4 / 72
_ASCENT: Final = 0.7  # of a figure, in font sizes
_STEP: Final = 10.0  # points: the map near a place is taken from the place and two points beside it


@dataclass(frozen=True)
class _Room:
    """A blank in a line: from where to where it goes (points from the left), its base line, its font size."""

    name: str
    left: float
    right: float
    base: float
    size: float

    def box(self, height: float) -> Box:
        """Where somebody would have written."""
        top, bottom = height - self.base - _ASCENT * self.size, height - self.base
        return Box(self.left * _MM, top * _MM - _ABOVE_MM, self.right * _MM, bottom * _MM + _BELOW_MM)


def find_blanks(paper: str, issued: str) -> Blanks:
    """Find where number and date are blank on the first page of what was issued, and how that is on the paper.

    Raises PdfiumError when one of them cannot be opened.
    """
    ours, theirs = (pypdfium2.PdfDocument(Path(path).read_bytes()) for path in (issued, paper))
    try:
        page = ours[0]
        rooms, height = list(_rooms(page)), page.get_height()
        if not rooms:
            return Blanks()
        laid = laid_page(ours, theirs, 1)
        if laid is None:
            return Blanks(is_lost=True)
        return _on_paper(ours, theirs, rooms, height, *laid)
    finally:
        ours.close()
        theirs.close()


def _on_paper(
    issued: PdfDocument, paper: PdfDocument, rooms: list[_Room], height: float, view: View, to_scan: Affine
) -> Blanks:
    scan, page = drawn(paper, view, INK_DPI, in_colour=True), drawn(issued, View(1), INK_DPI)
    written = {part_of(room.name) for room in rooms if is_written_in(room.box(height), scan, page, to_scan)}
    blanks = tuple(
        Blank(room.name, view.sheet, room.right - room.left, room.size, _matrix(paper, view, to_scan, room, height))
        for room in rooms
        if part_of(room.name) not in written
    )
    return Blanks(blanks, tuple(sorted(written)))


def _matrix(paper: PdfDocument, view: View, to_scan: Affine, room: _Room, height: float) -> Affine:
    """(a, b, c, d, e, f) of the PDF operator `cm`: the beginning of the room becomes the origin."""

    def there(x: float, y: float) -> Point:
        across, down = x * DPI / 72, (height - y) * DPI / 72
        a, b, c, d, e, f = to_scan
        return on_sheet(paper, view, (a * across + b * down + c, d * across + e * down + f))

    x, y = there(room.left, room.base)
    right, up = there(room.left + _STEP, room.base), there(room.left, room.base + _STEP)
    return ((right[0] - x) / _STEP, (right[1] - y) / _STEP, (up[0] - x) / _STEP, (up[1] - y) / _STEP, x, y)


def _rooms(page: PdfPage) -> Iterator[_Room]:
    text = page.get_textpage()
    try:
        # by characters: their indices are those of the boxes
        said = "".join(chr(raw.FPDFText_GetUnicode(text, at)) for at in range(text.count_chars()))
        for shape in (_NUMBER, _DATE):
            if found := shape.search(said):
                yield from (
                    _room(text, found, name) for name, blank in found.groupdict().items() if blank is not None
                )
    finally:
        text.close()


def _room(text: PdfTextPage, found: re.Match[str], name: str) -> _Room:
    start, end = found.span(name)
    before = start - 1
    size = raw.FPDFText_GetFontSize(text, before)
    left = text.get_charbox(before)[2]
    # a year that is to be written after "năm" ends where the line does
    is_last = end >= len(found.string) or found.string[end] in "\r\n"
    right = left + 2.5 * size if is_last else text.get_charbox(end)[0]
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, before, x, y)
    return _Room(name, left, right, y.value, size)
