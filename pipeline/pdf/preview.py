"""The pages of a PDF as pictures to look at in a browser; in a guarded child, for the bytes may be anybody's."""

import io
from pathlib import Path
from typing import Final

from pypdfium2 import PdfiumError

from pipeline.pdf.pdfium import pdfium_document

_WIDTH_PIXELS: Final = 900
_MOST_PIXELS: Final = 4_000_000


def page_count(path: str) -> int:
    """Count the pages of the file at `path`; 0 for what is no PDF."""
    try:
        with pdfium_document(Path(path).read_bytes()) as document:
            return len(document)
    except PdfiumError:
        return 0


def page_picture(path: str, page: int) -> bytes:
    """Draw a page (from 1) of the file at `path` as a PNG; b"" where there is none, or no PDF."""
    try:
        with pdfium_document(Path(path).read_bytes()) as document:
            if not 1 <= page <= len(document):
                return b""
            drawn = document[page - 1]
            width, height = drawn.get_size()
            scale = min(_WIDTH_PIXELS / max(width, 1), (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
            picture = drawn.render(scale=scale).to_pil()
    except PdfiumError:
        return b""
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=False)
    return out.getvalue()
