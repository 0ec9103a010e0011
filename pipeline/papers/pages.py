"""What is said of a paper's pages on both sides of the guard: their names, and how they should be scanned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.messages import joined, say
from pipeline.model import Finding, Message, Place, Recognition, Severity

A4_MM: Final = (210.0, 297.0)
_A4_TOLERANCE_MM: Final = 5.0
#: The code of the finding of a blank page: `verify` does not count these pages as missing or unread.
BLANK_PAGE: Final = "paper.blank-page"
#: The code of the finding that one page names two documents: a person decides.
CODES_DISAGREE: Final = "paper.codes-disagree"
#: The code of the finding that no document has most of the sheets: a person decides.
TWO_DOCUMENTS: Final = "paper.two-documents"
#: The code of the finding that too few sheets can be read to say which document they are of.
CODE_ON_FEW: Final = "paper.code-on-few"
#: The code of the finding that nobody seems to have signed: a person decides.
NO_SIGNATURE_SEEN: Final = "paper.no-signature-seen"
#: The code of the finding that some have not signed; it names them.
NOT_ALL_SIGNED: Final = "paper.not-all-signed"
#: The code of the finding that words are other ones.
CHARACTERS_DIFFER: Final = "paper.characters-differ"
#: The code of the finding that pages are missing, or too many.
INCOMPLETE: Final = "A04"
#: Codes of findings that no better scan mends, or that nobody but a person can weigh.
FOR_A_PERSON: Final = frozenset(
    {CODES_DISAGREE, TWO_DOCUMENTS, CODE_ON_FEW, NO_SIGNATURE_SEEN, NOT_ALL_SIGNED, CHARACTERS_DIFFER}
    | {
        "paper.strange-page",
        "paper.likely",
        "paper.like-none",
        "paper.not-as-marked",
        "paper.mark-not-ours",
        "paper.print-differs",
        "paper.characters-not-proved",
        "paper.signers-not-found",
        "paper.signers-unknown",
        "paper.not-compared",
        "paper.shown-differently",
        "paper.words-added",
    }
)
#: Of a digital signature that is not sound, no better scan can be made; a person weighs it.
OF_SIGNATURES: Final = "signature."


def is_for_a_person(finding: Finding) -> bool:
    """Whether no better scan mends what was found, or nobody but a person can weigh it."""
    return finding.code in FOR_A_PERSON or finding.code.startswith(OF_SIGNATURES)


@dataclass(frozen=True)
class ScanStandard:
    """What an office asks of its scans; what a paper lacks of it gives a warning.

    Below `least_dpi` dots per inch a sheet is too coarse, below `small_least_dpi` one smaller than A4 (0: the same);
    `wanted_dpi` is what the warning advises. `is_lossless`: no picture may be packed with loss. `is_grey_enough`: a
    sheet without colours may be grey.
    """

    least_dpi: int = 200
    wanted_dpi: int = 300
    small_least_dpi: int = 0
    is_lossless: bool = False
    is_grey_enough: bool = False


#: What is assumed until an office says otherwise.
DEFAULT_STANDARD: Final = ScanStandard()
#: HD40-HD/VPTW with CV 14748; NĐ30 Phụ lục I and TT 05/2025/TT-BNV: the-thuc.md §10.1.
_STANDARDS: Final = {
    "party": ScanStandard(300, 300, small_least_dpi=600, is_lossless=True, is_grey_enough=True),
    "state": ScanStandard(200, 200),
}


def scan_standard(name: str, least_dpi: int, wanted_dpi: int) -> ScanStandard:
    """Give the standard called "party" or "state", or of any other name one of these figures alone.

    An office may ask for more than its standard, and not for less.
    """
    known = _STANDARDS.get(name, ScanStandard(0, 0))
    least = max(least_dpi, known.least_dpi)
    return replace(known, least_dpi=least, wanted_dpi=max(wanted_dpi, known.wanted_dpi, least))


def runs(numbers: Sequence[int]) -> str:
    """Write numbers in their order, runs drawn together: "1–4, 7"."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in found)


def pages_said(numbers: Sequence[int]) -> Message:
    """Name some pages, runs drawn together: "page 3", "pages 1–4, 7"."""
    shown = runs(numbers)
    return say("page {page}", page=shown) if len(numbers) == 1 else say("pages {pages}", pages=shown)


def is_a4(sides_mm: tuple[float, float]) -> bool:
    """Tell whether a sheet is of A4, however it lies (noi-dung.md A05)."""
    return all(abs(side - wanted) <= _A4_TOLERANCE_MM for side, wanted in zip(sorted(sides_mm), A4_MM, strict=True))


def left_out(recognition: Recognition) -> tuple[int, ...]:
    """Give the sheets (from 1) of a paper that are none of its pages: blank ones, and those with another code.

    The same form of another unit, or of an older version, is like a page of ours: only its code tells it.
    """
    blank = [one.place.page for one in recognition.findings if one.code == BLANK_PAGE]
    foreign = [sheet for sheet, code in enumerate(recognition.codes, 1) if code not in {"", recognition.code}]
    return tuple(sorted({*blank, *foreign}))


def blank_page(number: int) -> Finding:
    """Say that a page is blank, as the backs of a two-sided scan are."""
    return Finding(BLANK_PAGE, Severity.INFO, say("Page {page} is blank.", page=number), Place(page=number))


def no_signature_seen() -> Finding:
    """Say that a program's PDF shows nothing that a person may have put there."""
    return Finding(
        NO_SIGNATURE_SEEN,
        Severity.BLOCK,
        say("No signature or seal is seen in the file: no picture, no stamp, no digital signature."),
        mend=say("If the paper is not signed yet, have it signed and drop the signed copy."),
    )


def shown_differently(pages: Sequence[int]) -> Finding:
    """Say that pages bear notes or drawings of which nobody knows who sees them: what was looked at is not all."""
    return Finding(
        "paper.shown-differently",
        Severity.BLOCK,
        say(
            "Notes or drawings were put on {pages} that not every program shows, or prints.", pages=pages_said(pages)
        ),
        Place(page=pages[0]) if len(pages) == 1 else Place(),
        mend=say(
            "Print the file and scan it as it is to be seen; or a person looks at it in the program it is from."
        ),
    )


def two_documents(codes: Sequence[str]) -> Finding:
    """Say that no one document has most of the sheets; `codes` is what each sheet carries, "" for none."""
    sheets: dict[str, list[int]] = {}
    for sheet, code in enumerate(codes, 1):
        if code:
            sheets.setdefault(code, []).append(sheet)
    named = (say("{code} on {sheets}", code=code, sheets=pages_said(of)) for code, of in sheets.items())
    return Finding(
        TWO_DOCUMENTS,
        Severity.BLOCK,
        say(
            "The file holds the codes of several documents, and none is on most of its sheets: {codes}.",
            codes=joined(named, "; "),
        ),
        found=", ".join(sheets),
        mend=say("Take out the sheets that do not belong to the paper, and drop the file again."),
    )


def code_on_few(recognition: Recognition) -> Finding:
    """Say that the one code that is read stands on too few sheets to say what the paper is."""
    return Finding(
        CODE_ON_FEW,
        Severity.BLOCK,
        joined((few_sheets_said(recognition), say("That does not say what the paper is.")), " "),
        found=recognition.few_code,
        mend=say("Scan all pages again, straight and at 300 dpi, with the corners of the page in view."),
    )


def few_sheets_said(recognition: Recognition) -> Message:
    """Say on which sheets the one code is read that is read on too few."""
    code = recognition.few_code
    sheets = [sheet for sheet, one in enumerate(recognition.codes, 1) if one == code]
    return say(
        "Of {count} sheets only {sheets} can be read to bear a code ({code}).",
        count=recognition.pages,
        sheets=pages_said(sheets),
        code=code,
    )


def codes_disagree(seen: str, other: str, sheets: Sequence[int] = ()) -> Finding:
    """Say that picture and text of some sheets (of the file, without any) name two documents."""
    disagree = say("The picture of the code says {seen}, the text in the file says {other}.", seen=seen, other=other)
    return Finding(
        CODES_DISAGREE,
        Severity.BLOCK,
        joined((disagree, say("So on {sheets}.", sheets=pages_said(sheets))), " ") if len(sheets) > 1 else disagree,
        Place(page=sheets[0]) if len(sheets) == 1 else Place(),
        found=f"{seen}, {other}",
        mend=say("Look at the paper, scan it anew without the text that another program has put in, and drop it."),
    )
