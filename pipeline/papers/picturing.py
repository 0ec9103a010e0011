"""Pictures of doubtful places for the person who decides: what was sent out on the left, the paper on the right.

Runs in the guarded child: the paper is foreign bytes.
"""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from pipeline.papers.alignment import DPI
from pipeline.papers.seen import Box, ShownPlace
from pipeline.papers.views import View, drawn
from pipeline.pdf.pdfium import pdfium_document

_DPI: Final = 150
_PER_MM: Final = _DPI / 25.4
_SHEET: Final = (round(210 * _PER_MM), round(297 * _PER_MM))
_RIM: Final = 60
_GAP: Final = 30
#: Around a place so much is shown that a person finds it on the page.
_WIDE_MM: Final = 88.0
_ABOVE_MM: Final = 9.0
_HIGHEST_MM: Final = 70.0
_RED: Final = (200, 24, 32)
_GREEN: Final = (0, 128, 64)
_GREY: Final = (150, 150, 150)


def picture_places(paper: str, issued: str, places: tuple[ShownPlace, ...]) -> bytes:
    """Make a PDF that shows each of the places twice, a frame around it: red for doubtful ones, else green.

    Raises PdfiumError.
    """
    with pdfium_document(Path(issued).read_bytes()) as ours, pdfium_document(Path(paper).read_bytes()) as theirs:
        # drawn once, however many places a page has
        pages = {one.page: drawn(ours, View(one.page), _DPI, in_colour=True) for one in places}
        sheets = {
            (one.sheet, one.scale): drawn(theirs, View(one.sheet, scale=one.scale), _DPI, in_colour=True)
            for one in places
        }
        rows = [_row(one, pages[one.page], sheets[one.sheet, one.scale]) for one in places]
    first, *rest = _sheets(rows)
    content = io.BytesIO()
    # without the moment of saving: the same places give the same bytes
    first.save(content, "PDF", resolution=_DPI, save_all=True, append_images=rest, creationDate=None, modDate=None)
    return content.getvalue()


def _row(place: ShownPlace, page: Image.Image, sheet: Image.Image) -> Image.Image:
    left, top, right, bottom = (round(side * _PER_MM) for side in _around(place.box, page.width / _PER_MM))
    size = (right - left, bottom - top)
    a, b, c, d, e, f = place.to_scan
    finer = _DPI / DPI
    there = (a, b, c * finer + a * left + b * top, d, e, f * finer + d * left + e * top)
    over = sheet.transform(size, Image.Transform.AFFINE, there, Image.Resampling.BICUBIC, fillcolor="white")
    row = Image.new("RGB", (2 * size[0] + _GAP, size[1]), "white")
    colour = _RED if place.is_doubtful else _GREEN
    for at, picture in enumerate((page.crop((left, top, right, bottom)), over)):
        box = place.box
        frame = [round(side * _PER_MM) for side in (box.left - 1, box.top - 1, box.right + 1, box.bottom + 1)]
        pen = ImageDraw.Draw(picture)
        pen.rectangle((frame[0] - left, frame[1] - top, frame[2] - left, frame[3] - top), outline=colour, width=3)
        pen.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=_GREY)
        row.paste(picture, (at * (size[0] + _GAP), 0))
    return row


def _around(box: Box, width: float) -> tuple[float, float, float, float]:
    """What is shown around a place: always as wide, so that all pictures are of one size."""
    left = min(max(0.0, box.middle - _WIDE_MM / 2), max(0.0, width - _WIDE_MM))
    top = max(0.0, box.top - _ABOVE_MM)
    return (left, top, left + _WIDE_MM, min(box.bottom + _ABOVE_MM, top + _HIGHEST_MM))


def _sheets(rows: Sequence[Image.Image]) -> Iterator[Image.Image]:
    sheet, down = Image.new("RGB", _SHEET, "white"), _RIM
    for row in rows:
        if down > _RIM and down + row.height > _SHEET[1] - _RIM:
            yield sheet
            sheet, down = Image.new("RGB", _SHEET, "white"), _RIM
        sheet.paste(row, ((_SHEET[0] - row.width) // 2, down))
        down += row.height + _GAP
    yield sheet
