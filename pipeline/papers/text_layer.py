"""A derived copy of a scanned paper in which its words can be searched; the paper itself stays as it came.

A program that reads pictures of pages makes of each a PDF that shows nothing and holds the words where they stand;
here the sheets are chosen, drawn for it, and its pages laid over theirs. All of it runs in the guarded child.
"""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pypdf import PageObject, PdfWriter
from pypdfium2 import PdfDocument, PdfiumError

from pipeline import pdf
from pipeline.files import refusals
from pipeline.files.refusals import Unfit
from pipeline.papers.scans import scan_on
from pipeline.papers.seen import WordLayer, WordlessSheet
from pipeline.papers.sheets import has_words
from pipeline.pdf import draw_over
from pipeline.pdf.document import BROKEN
from pipeline.pdf.pdfium import pdfium_document

#: Also of a coarser scan: drawn as it is, at 200 dpi, 92 of 100 words were read, drawn finer 94.
_DPI: Final = 300
_MOST_PIXELS: Final = 20_000_000  # A3 at 300 dpi; what is larger is drawn coarser
_POINTS_PER_INCH: Final = 72
_NAME: Final = "/VanThuWords"
_VERSION: Final = "%PDF-1.7"


def wordless_sheets(path: str) -> tuple[WordlessSheet, ...]:
    """Find the scanned sheets of a PDF that have no words of their own. Raises Unfit."""
    try:
        with pdfium_document(Path(path).read_bytes()) as document:
            return tuple(_wordless(document))
    except PdfiumError as error:
        raise Unfit(refusals.damaged()) from error


def _wordless(document: PdfDocument) -> Iterator[WordlessSheet]:
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
        except PdfiumError:
            continue
        try:
            if scan_on(page) is not None and not has_words(page):
                width, height = page.get_size()
                most = _POINTS_PER_INCH * (_MOST_PIXELS / (width * height)) ** 0.5
                yield WordlessSheet(number, round(min(_DPI, most)))
        except PdfiumError:
            continue
        finally:
            page.close()


def draw_sheet(path: str, sheet: WordlessSheet) -> bytes:
    """Draw a sheet as it is shown, in grey, as a PNG. Raises Unfit."""
    try:
        with pdfium_document(Path(path).read_bytes()) as document:
            page = document[sheet.sheet - 1]
            drawn = page.render(scale=sheet.dpi / _POINTS_PER_INCH, grayscale=True).to_pil()
    except (PdfiumError, ValueError) as error:
        raise Unfit(refusals.damaged()) from error
    content = io.BytesIO()
    drawn.convert("L").save(content, "PNG", compress_level=1)
    return content.getvalue()


def lay_words(path: str, layers: tuple[WordLayer, ...]) -> bytes:
    """Make a copy of a PDF with words laid over its sheets; what these show stays the same. Raises Unfit."""
    opened = pdf.opened(Path(path).read_bytes())
    try:
        writer = PdfWriter(clone_from=opened.reader)
        writer.pdf_header = _VERSION
        for layer in layers:
            (words,) = pdf.opened(Path(layer.path).read_bytes()).reader.pages
            page = writer.pages[layer.sheet - 1]
            matrix = " ".join(f"{number:.5f}" for number in _placed(page, words))
            draw_over(writer, page, words, _NAME, f"q {matrix} cm {_NAME} Do Q")
        made = io.BytesIO()
        writer.write(made)
    except BROKEN as error:
        raise Unfit(refusals.damaged()) from error
    return made.getvalue()


def _placed(page: PageObject, words: PageObject) -> Sequence[float]:
    """The matrix that lays a page of words over a sheet as that is shown: turned by /Rotate, cut by its crop box."""
    box, turned = page.cropbox, page.rotation % 360
    width, height = float(box.width), float(box.height)
    shown = (height, width) if turned in {90, 270} else (width, height)
    across, up = shown[0] / float(words.mediabox.width), shown[1] / float(words.mediabox.height)
    left, bottom = float(box.left), float(box.bottom)
    return {
        0: (across, 0, 0, up, left, bottom),
        90: (0, across, -up, 0, left + width, bottom),
        180: (-across, 0, 0, -up, left + width, bottom + height),
        270: (0, -across, up, 0, left, bottom + height),
    }[turned]
