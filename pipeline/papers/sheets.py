"""One page at a time: which codes it carries, whether it is a scan, how good a one, and what else meets the eye."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pypdfium2 import PdfDocument, PdfImage, PdfiumError, PdfPage

from pipeline.model import MeasuredSheet, SeenMark
from pipeline.papers import codes
from pipeline.papers.decoding import decode_page, shows_paper_only
from pipeline.papers.page_marks import marks_in
from pipeline.papers.scans import Scan, extent, pictures_on, scan_of, scan_on
from pipeline.pdf.pdfium import pdfium_document
from pipeline.tools.guarded import time_for

#: After this share of what it may use pages get a single look: the guarded child must answer before its own limit.
_THOROUGH: Final = 0.5
#: A file whose first pages, patiently looked at, carry no code is not one of our papers: no more patience for it.
_THOROUGH_PAGES: Final = 3

_MM_PER_POINT: Final = 25.4 / 72
_CODE_MM: Final = 25  # pictures up to this size may be our codes
_SCANNED_WORDS: Final = 20  # characters: fewer are no text layer, a scanner's own stamp for instance


@dataclass(frozen=True)
class Sheet:
    """One page: its codes, and what a clerk would see.

    `codes` are those that picture and text agree on, or those of the one that has any; `contradicted` are the codes
    of the text where the picture on the page shows only others. `has_strange_code` says that a QR code was read which
    is none of ours, and none that is.
    """

    number: int
    codes: tuple[str, ...] = ()
    contradicted: tuple[str, ...] = ()
    has_text: bool = False
    is_blank: bool = False
    turn: int = 0  #: degrees clockwise by which its content lies turned
    sides_mm: tuple[float, float] = (0.0, 0.0)
    scan: Scan | None = None
    marks: tuple[SeenMark, ...] = ()
    has_strange_code: bool = False
    has_drawn_picture: bool = False  #: a picture larger than a code that is not the scan: a signature, a seal

    @property
    def measured(self) -> MeasuredSheet:
        """What is recorded of how it was scanned."""
        across, down = self.sides_mm
        sides = (round(across), round(down))
        if self.scan is None:
            return MeasuredSheet(self.number, sides, has_text=self.has_text)
        scan = self.scan
        return MeasuredSheet(
            self.number, sides, scan.dpi, scan.colour, scan.compression, scan.is_lossless, self.has_text
        )


def sheets_of(content: bytes, pages: int) -> Iterator[Sheet]:
    """The pages of a PDF file, at most `pages` of them. A page that cannot be read comes without codes.

    Raises PdfiumError when the file cannot be opened.
    """
    with pdfium_document(content) as document:
        end = time_for(_THOROUGH)
        is_ours = False
        for number in range(1, min(pages, len(document)) + 1):
            is_thorough = time.process_time() < end and (is_ours or number <= _THOROUGH_PAGES)
            sheet = _sheet(document, number, is_thorough=is_thorough)
            is_ours = is_ours or bool(sheet.codes)
            yield sheet


def _sheet(document: PdfDocument, number: int, *, is_thorough: bool) -> Sheet:
    try:
        page = document[number - 1]
    except PdfiumError:
        return Sheet(number)
    try:
        return _read(page, number, is_thorough=is_thorough)
    except PdfiumError:
        return Sheet(number)
    finally:
        page.close()


def _read(page: PdfPage, number: int, *, is_thorough: bool) -> Sheet:
    text = _text(page)
    width, height = page.get_size()
    pictures = pictures_on(page)
    scanned = scan_on(page, pictures)
    written = codes.find_all(text)
    # the picture is looked at though the text has a code: a text layer may be hidden, and be another paper's; over a
    # scan as patiently as if there were none, while what a program has drawn is read at the first look or not at all
    decoded = decode_page(page, scanned, is_thorough=is_thorough and (scanned is not None or not written))
    shown = decoded.seen.codes
    agreed = tuple(code for code in shown if code in written)
    found = agreed or shown or written
    is_blank = not found and not text.strip() and decoded.picture is not None and shows_paper_only(decoded.picture)
    return Sheet(
        number=number,
        codes=found,
        contradicted=written if shown and not agreed else (),
        has_text=len(text.strip()) >= _SCANNED_WORDS,
        is_blank=is_blank,
        turn=decoded.seen.turn,
        # as with codes: what the picture shows counts, the text where it shows none
        marks=tuple(dict.fromkeys(marks_in(" ".join(decoded.seen.texts) if shown else text, number))),
        sides_mm=(width * _MM_PER_POINT, height * _MM_PER_POINT),
        scan=scan_of(page, pictures),
        has_strange_code=decoded.seen.has_strange and not found,
        has_drawn_picture=any(picture is not scanned and _is_larger_than_a_code(picture) for picture in pictures),
    )


def has_words(page: PdfPage) -> bool:
    """Tell whether a page has a text layer."""
    return len(_text(page).strip()) >= _SCANNED_WORDS


def _text(page: PdfPage) -> str:
    text_page = page.get_textpage()
    try:
        return str(text_page.get_text_range())
    finally:
        text_page.close()


def _is_larger_than_a_code(picture: PdfImage) -> bool:
    return max(extent(picture)) * _MM_PER_POINT > _CODE_MM
