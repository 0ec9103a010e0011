"""Which of our documents is this PDF? Told page by page from the codes it carries; never guessed (decision 0006).

The code is taken from the text layer, else from its picture on the page; the code in the file's keywords counts only
when no page has one. All of this runs in the guarded child (`pipeline.papers.guarding`): PDFs are foreign bytes.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pypdfium2 import PdfiumError

from pipeline import pdf
from pipeline.files import refusals
from pipeline.files.refusals import Unfit
from pipeline.messages import say
from pipeline.model import Finding, Place, Recognition, Severity
from pipeline.papers.pages import (
    DEFAULT_STANDARD,
    ScanStandard,
    blank_page,
    codes_disagree,
    no_signature_seen,
    shown_differently,
)
from pipeline.papers.quality import quality_findings
from pipeline.papers.scans import as_it_came
from pipeline.papers.sheets import Sheet, sheets_of
from pipeline.papers.signing_policy import stray_signatures
from pipeline.papers.structure import Structure, structure_of


def recognise_pdf(path: str, standard: ScanStandard = DEFAULT_STANDARD) -> Recognition:
    """Recognise a PDF file: its code, its pages, and what a clerk should know about it. Runs in the guarded child."""
    content = Path(path).read_bytes()
    try:  # pypdf first: it has limits on what a file may inflate to, the renderer has none
        structure = structure_of(pdf.opened(content))
    except Unfit as unfit:
        return Recognition(findings=(unfit.finding,))
    try:
        sheets = tuple(_as_it_came(sheet, structure) for sheet in sheets_of(content, structure.pages))
    except PdfiumError:
        return Recognition(pages=structure.pages, findings=(refusals.damaged(),))
    # keywords outlive a change of pages: they do not decide between two documents
    code = _code_of(sheets) if any(sheet.codes for sheet in sheets) else structure.code
    foreign = tuple(_foreign_to(code, sheets)) if code else ()
    return Recognition(
        code=code,
        pages=structure.pages,
        unread_pages=tuple(sheet.number for sheet in sheets if not sheet.codes),
        codes=tuple(code if code in sheet.codes else next(iter(sheet.codes), "") for sheet in sheets),
        foreign_codes=tuple(dict.fromkeys(other for _, other in foreign)),
        digital_signatures=structure.signatures,
        stray_signatures=structure.stray_signatures,
        has_text=any(sheet.has_text for sheet in sheets),
        marks=tuple(mark for sheet in sheets for mark in sheet.marks),
        measured=tuple(sheet.measured for sheet in sheets),
        strange_codes=tuple(sheet.number for sheet in sheets if sheet.has_strange_code),
        findings=(*_disagreements(structure, sheets, code), *_findings(structure, sheets, foreign, standard)),
    )


def _as_it_came(sheet: Sheet, structure: Structure) -> Sheet:
    packed = structure.packed.get(sheet.number, "")
    return replace(sheet, scan=as_it_came(sheet.scan, packed)) if sheet.scan is not None and packed else sheet


def _disagreements(structure: Structure, sheets: Sequence[Sheet], code: str) -> Iterator[Finding]:
    """Name what names two documents at once: which of them it is no program may decide."""
    where: dict[tuple[str, str], list[int]] = {}
    for sheet in sheets:
        if sheet.contradicted:
            where.setdefault((sheet.codes[0], sheet.contradicted[0]), []).append(sheet.number)
    for (seen, other), numbers in where.items():
        yield codes_disagree(seen, other, numbers)
    if structure.code and structure.code != code:
        yield codes_disagree(code, structure.code)


def _code_of(sheets: Sequence[Sheet]) -> str:
    """The code that more than half of the pages carry, blank ones left out; else ""."""
    # a foreign page or two among our own are named as such, they do not make it another document; but one code on one
    # page, of which the others cannot be read, may be that of the foreign page
    ((code, times),) = Counter(code for sheet in sheets for code in sheet.codes).most_common(1)
    return code if times * 2 > sum(not sheet.is_blank for sheet in sheets) else ""


def _foreign_to(code: str, sheets: Sequence[Sheet]) -> Iterator[tuple[Sheet, str]]:
    """Give the pages that carry another document's code instead of `code`."""
    for sheet in sheets:
        if sheet.codes and code not in sheet.codes:
            yield sheet, sheet.codes[0]


def _findings(
    structure: Structure, sheets: Sequence[Sheet], foreign: Sequence[tuple[Sheet, str]], standard: ScanStandard
) -> Iterator[Finding]:
    for sheet, other in foreign:
        yield Finding(
            "paper.foreign-page",
            Severity.BLOCK,
            say("Page {page} belongs to another document (code {code}).", page=sheet.number, code=other),
            Place(page=sheet.number),
            found=other,
            mend=say("Take the page out, or put the right one in its place, and drop the file again."),
        )
    for sheet in sheets:
        if sheet.is_blank:
            yield blank_page(sheet.number)
    if structure.stray_signatures:
        yield stray_signatures()
    if structure.shown_differently:
        yield shown_differently(structure.shown_differently)
    if not structure.signatures and _seems_unsigned(structure, sheets):
        yield no_signature_seen()
    yield from quality_findings(structure, sheets, standard)


def _seems_unsigned(structure: Structure, sheets: Sequence[Sheet]) -> bool:
    """Tell whether a PDF made by a program, not by a scanner, shows nothing that a person may have put there."""
    return not structure.has_drawn_annotation and not any(
        sheet.scan is not None or sheet.has_drawn_picture or not sheet.has_text
        for sheet in sheets
        if not sheet.is_blank
    )
