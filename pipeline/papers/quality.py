"""Is the file a good archive copy? What is lacking is told to the clerk; the file is taken all the same.

Wanted (the-thuc.md §10.1, noi-dung.md A05 and A07): PDF 1.4 or later, as finely scanned as the office's standard says
and packed as it says, in colour, A4 within 5 mm, upright, with a text layer.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from pipeline.messages import say
from pipeline.model import Colour, Finding, Message, Place, Severity
from pipeline.papers.pages import A4_MM, ScanStandard, is_a4, pages_said
from pipeline.papers.sheets import Sheet
from pipeline.papers.structure import Structure

_DPI_TOLERANCE: Final = 0.97  # scanners place a page a little large
#: A sheet of so much of A4 is smaller (B5 has 0.7 of it, Letter 0.97).
_SMALLER: Final = 0.85
_LEAST_VERSION: Final = (1, 4)


def quality_findings(structure: Structure, sheets: Sequence[Sheet], standard: ScanStandard) -> Iterator[Finding]:
    """Find what keeps the file from being a good archive copy: warnings (A05) and information (A07)."""
    written = [sheet for sheet in sheets if not sheet.is_blank]
    yield from _too_coarse(written, standard)
    yield from _of_some(
        written,
        lambda sheet: sheet.scan is not None and sheet.scan.colour is not Colour.COLOUR,
        lambda pages: say("Scanned without colour: {pages}.", pages=pages),
        say("colour; grey only for a page on which nothing is coloured")
        if standard.is_grey_enough
        else say("colour, so that signature and seal are seen as they are"),
    )
    if standard.is_lossless:
        yield from _packed_with_loss(written)
    yield from _of_some(written, lambda sheet: sheet.turn != 0, lambda pages: say("Rotated: {pages}.", pages=pages))
    yield from _of_some(sheets, _is_odd_sized, lambda pages: say("Not of A4 size: {pages}.", pages=pages))
    if _version(structure.version) < _LEAST_VERSION:
        message = say("The file is PDF {version}.", version=structure.version)
        yield Finding("A05", Severity.WARN, message, found=structure.version, needed=say("PDF 1.4 or later"))
    if any(sheet.scan is not None for sheet in written) and not any(sheet.has_text for sheet in sheets):
        message = say("The scan has no text layer: its words cannot be searched.")
        mend = say("Nothing needs to be done. If the scanner offers to recognise words (OCR), use it next time.")
        yield Finding("A07", Severity.INFO, message, mend=mend)


def _too_coarse(written: Sequence[Sheet], standard: ScanStandard) -> Iterator[Finding]:
    """Warn of sheets scanned too coarsely; of those smaller than A4 apart, where more is asked of them (HD40)."""
    small = [sheet for sheet in written if standard.small_least_dpi and _is_smaller_than_a4(sheet)]
    others = [sheet for sheet in written if sheet not in small]
    least, wanted = standard.least_dpi, standard.wanted_dpi
    needed = say("at least {least} dpi", least=least)
    if wanted > least:
        needed = say("at least {least} dpi, better {wanted}", least=least, wanted=wanted)
    yield from _coarser_than(others, least, needed)
    least = max(least, standard.small_least_dpi)
    yield from _coarser_than(small, least, say("at least {least} dpi for a sheet smaller than A4", least=least))


def _coarser_than(sheets: Sequence[Sheet], least: int, needed: Message) -> Iterator[Finding]:
    coarse = [sheet for sheet in sheets if _dpi(sheet) < least * _DPI_TOLERANCE]
    if coarse:
        said = say("Scanned at only {dpi} dpi: {pages}.", dpi=round(min(map(_dpi, coarse))), pages=_pages(coarse))
        yield _doubt(coarse, said, needed)


def _packed_with_loss(written: Sequence[Sheet]) -> Iterator[Finding]:
    lossy = [(sheet, sheet.scan) for sheet in written if sheet.scan is not None and not sheet.scan.is_lossless]
    if lossy:
        sheets = [sheet for sheet, _ in lossy]
        how = ", ".join(dict.fromkeys(scan.compression for _, scan in lossy))
        yield _doubt(
            sheets,
            say("Compressed with loss ({how}): {pages}.", how=how, pages=_pages(sheets)),
            say("no compression, or one without loss: Flate (ZIP), LZW, CCITT G4, JPEG 2000 without loss"),
        )


def _of_some(
    sheets: Sequence[Sheet],
    is_so: Callable[[Sheet], bool],
    message_of: Callable[[Message], Message],
    needed: Message | None = None,
) -> Iterator[Finding]:
    """Give one warning about all sheets of which something holds."""
    found = [sheet for sheet in sheets if is_so(sheet)]
    if found:
        yield _doubt(found, message_of(_pages(found)), needed)


def _doubt(sheets: Sequence[Sheet], message: Message, needed: Message | None) -> Finding:
    place = Place(page=sheets[0].number) if len(sheets) == 1 else Place()
    return Finding("A05", Severity.WARN, message, place, needed=needed)


def _pages(sheets: Sequence[Sheet]) -> Message:
    return pages_said([sheet.number for sheet in sheets])


def _dpi(sheet: Sheet) -> float:
    """Give the resolution of a scanned page; infinite when it is no scan."""
    return sheet.scan.dpi if sheet.scan is not None else float("inf")


def _is_odd_sized(sheet: Sheet) -> bool:
    # (0, 0): never read
    return sheet.sides_mm != (0.0, 0.0) and not is_a4(sheet.sides_mm)


def _is_smaller_than_a4(sheet: Sheet) -> bool:
    """Tell whether a sheet is of a smaller format, and not one of A4 from which the scanner has cut the rim."""
    across, down = sheet.sides_mm
    return 0 < across * down < _SMALLER * A4_MM[0] * A4_MM[1]


def _version(text: str) -> tuple[int, int]:
    major, _, minor = text.partition(".")
    is_version = all(one.isascii() and one.isdigit() for one in (major[:1], minor[:1])) and len(major) == 1
    return (int(major), int(minor[:1])) if is_version else (0, 0)
