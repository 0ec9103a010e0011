"""A picture of the place where one person signs, cut out of a paper that came back.

Runs in the guarded child: the paper is foreign bytes.
"""

import io
from pathlib import Path
from typing import Final

from pypdfium2 import PdfiumError

from pipeline.papers.signature_places import SignaturePlace, places_of
from pipeline.pdf.pdfium import pdfium_document

_DPI: Final = 110
#: People sign beyond the room that is theirs, and a scan lies a little aside.
_AROUND_MM: Final = 8.0
_PER_MM: Final = _DPI / 25.4


def crop(issued: str, paper: str, name: str, sheet: int) -> bytes:
    """Cut the place above a name, as it stands on the `issued` PDF, out of a sheet (from 1) of a paper, as a PNG.

    b"" where the name stands nowhere, there is no such sheet, or one of both is no PDF.
    """
    try:
        with pdfium_document(Path(issued).read_bytes()) as ours:
            place = next((one for one in places_of(ours, [name]) if isinstance(one, SignaturePlace)), None)
        with pdfium_document(Path(paper).read_bytes()) as theirs:
            if place is None or not 1 <= sheet <= len(theirs):
                return b""
            picture = theirs[sheet - 1].render(scale=_DPI / 72).to_pil()
    except PdfiumError:
        return b""
    room = place.room
    sides = (room.left - _AROUND_MM, room.top - _AROUND_MM, room.right + _AROUND_MM, room.bottom + _AROUND_MM)
    left, top, right, bottom = (round(side * _PER_MM) for side in sides)
    cut = picture.crop((max(0, left), max(0, top), min(picture.width, right), min(picture.height, bottom)))
    out = io.BytesIO()
    cut.save(out, "PNG")
    return out.getvalue()
