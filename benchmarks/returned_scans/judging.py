"""Whether a returned paper was recognised, and whether what is told of it is what is wrong with it."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from benchmarks.issued import Issued
from benchmarks.returned_scans.faults import Returned, Told
from pipeline import papers
from pipeline.messages import shown_in
from pipeline.model import Finding, Recognition, Severity
from pipeline.papers import page_marks
from pipeline.papers.comparison import compare_pdf
from pipeline.papers.recognition import recognise_pdf

_NUMBERS = re.compile(r"\b(?:pages?|sheets?|order:) (\d[\d, –]*)", re.IGNORECASE)


@dataclass(frozen=True)
class Judged:
    """One scan: which document it was taken for, its times, and, where it was compared, what was told wrongly.

    Times are of processor time in milliseconds a page. `untold` are findings that should have come, `needless` those
    that block and should not; `found` are all of them.
    """

    code: str
    page_ms: float
    raster_ms: float = 0.0
    is_compared: bool = False
    untold: tuple[str, ...] = ()
    needless: tuple[str, ...] = ()
    found: tuple[str, ...] = ()


def judge(path: Path, document: Issued, issued: Path, returned: Returned, dpi: int, *, is_compared: bool) -> Judged:
    """Recognise a scan; where it is to be compared, compare and verify it as the product does, and draw its pages."""
    began = time.process_time()
    recognition = recognise_pdf(str(path))
    page_ms = (time.process_time() - began) * 1000 / max(1, len(returned.sheets))
    if not is_compared:
        return Judged(recognition.code, page_ms)
    raster_ms = _raster_ms(path, dpi)
    if recognition.code != document.code:
        # a paper that is not recognised goes back as a whole; one taken for another is counted as wrong
        return Judged(recognition.code, page_ms, raster_ms)
    found = list(_found(path, document, issued, recognition))
    untold = [told for told in returned.told if not any(_tells(one, told) for one in found)]
    allowed = {code for told in returned.told for code in told.codes}
    needless = [_said(one) for one in found if one.severity is Severity.BLOCK and one.code not in allowed]
    return Judged(
        code=recognition.code,
        page_ms=page_ms,
        raster_ms=raster_ms,
        is_compared=True,
        untold=tuple(map(str, untold)),
        needless=tuple(needless),
        found=tuple(map(_said, found)),
    )


def _said(finding: Finding) -> str:
    return f"{finding.code}: {shown_in(finding.message, 'en')}"


def _found(path: Path, document: Issued, issued: Path, recognition: Recognition) -> Iterator[Finding]:
    """All that the product says of a paper that is not signed digitally, but of its single characters."""
    yield from recognition.findings
    ours = [
        mark
        for mark in recognition.marks
        if mark.code == document.code and page_marks.is_ours(mark, document.mark_key)
    ]
    sheets = [mark.sheet for mark in ours]
    comparison = compare_pdf(
        str(path),
        str(issued),
        document.names,
        papers.left_out(recognition),
        tuple((mark.sheet, mark.page) for mark in ours if sheets.count(mark.sheet) == 1),
    )
    yield from papers.verify(recognition, document.pages, comparison, has_issued=True)
    yield from papers.laid_anew(comparison)


def _tells(finding: Finding, told: Told) -> bool:
    if finding.code not in told.codes:
        return False
    sentence = shown_in(finding.message, "en")
    said = _NUMBERS.search(sentence.partition("missing: ")[2] or sentence)
    named = tuple(_numbers(said.group(1))) if said else (finding.place.page,) if finding.place.page else ()
    return not told.numbers or named == told.numbers


def _numbers(text: str) -> Iterator[int]:
    for part in text.replace(" ", "").strip(",").split(","):
        first, _, last = part.partition("–")
        yield from range(int(first), int(last or first) + 1)


def _raster_ms(path: Path, dpi: int) -> float:
    document = pypdfium2.PdfDocument(path.read_bytes())
    began = time.process_time()
    for page in document:
        page.render(scale=dpi / 72).to_pil()
        page.close()
    passed = (time.process_time() - began) * 1000 / len(document)
    document.close()
    return passed
