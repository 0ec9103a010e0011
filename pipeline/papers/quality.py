"""Is the file a good archive copy? What is lacking is told to the clerk; the file is taken all the same.

Wanted (the-thuc.md §10.1, noi-dung.md A05 and A07): PDF 1.4 or later, at least 200 dpi (300 is better), colour, A4
within 5 mm, upright, with a text layer.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from pipeline.messages import say
from pipeline.model import Finding, Message, Place, Severity
from pipeline.papers.pages import ScanResolution, pages_said
from pipeline.papers.sheets import Sheet
from pipeline.papers.structure import Structure

_DPI_TOLERANCE: Final = 0.97  # scanners place a page a little large
_A4_MM: Final = (210.0, 297.0)
_A4_TOLERANCE_MM: Final = 5.0
_LEAST_VERSION: Final = (1, 4)


def quality_findings(structure: Structure, sheets: Sequence[Sheet], resolution: ScanResolution) -> Iterator[Finding]:
    """Find what keeps the file from being a good archive copy: warnings (A05) and information (A07)."""
    written = [sheet for sheet in sheets if not sheet.is_blank]
    coarse = [sheet for sheet in written if _dpi(sheet) < resolution.least_dpi * _DPI_TOLERANCE]
    if coarse:
        least = round(min(map(_dpi, coarse)))
        yield _doubt(
            coarse,
            say("Scanned at only {dpi} dpi: {pages}.", dpi=least, pages=_pages(coarse)),
            say("at least {least} dpi, better {wanted}", least=resolution.least_dpi, wanted=resolution.wanted_dpi),
        )
    yield from _of_some(
        written,
        lambda sheet: sheet.scan is not None and not sheet.scan.has_colour,
        lambda pages: say("Scanned without colour: {pages}.", pages=pages),
        say("colour, so that signature and seal are seen as they are"),
    )
    yield from _of_some(written, lambda sheet: sheet.turn != 0, lambda pages: say("Rotated: {pages}.", pages=pages))
    yield from _of_some(sheets, _is_odd_sized, lambda pages: say("Not of A4 size: {pages}.", pages=pages))
    if _version(structure.version) < _LEAST_VERSION:
        message = say("The file is PDF {version}.", version=structure.version)
        yield Finding("A05", Severity.WARN, message, found=structure.version, needed=say("PDF 1.4 or later"))
    if any(sheet.scan is not None for sheet in written) and not any(sheet.has_text for sheet in sheets):
        yield Finding("A07", Severity.INFO, say("The scan has no text layer: its words cannot be searched."))


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
    if sheet.sides_mm == (0.0, 0.0):  # never read
        return False
    return any(
        abs(side - wanted) > _A4_TOLERANCE_MM for side, wanted in zip(sorted(sheet.sides_mm), _A4_MM, strict=True)
    )


def _version(text: str) -> tuple[int, int]:
    major, _, minor = text.partition(".")
    return (int(major), int(minor[:1])) if major.isdigit() and minor[:1].isdigit() else (0, 0)
