"""What is said of a paper's pages on both sides of the guard: their names, and how finely they should be scanned."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.messages import say
from pipeline.model import Finding, Message, Place, Severity

#: The code of the finding of a blank page: `verify` does not count these pages as missing or unread.
BLANK_PAGE: Final = "paper.blank-page"
#: The code of the finding that one page names two documents: a person decides.
CODES_DISAGREE: Final = "paper.codes-disagree"
#: The code of the finding that nobody seems to have signed: a person decides.
NO_SIGNATURE_SEEN: Final = "paper.no-signature-seen"
#: The code of the finding that some have not signed; it names them.
NOT_ALL_SIGNED: Final = "paper.not-all-signed"
#: The code of the finding that pages are missing, or too many.
INCOMPLETE: Final = "A04"
#: Codes of findings that no better scan mends, or that nobody but a person can weigh.
FOR_A_PERSON: Final = frozenset(
    {CODES_DISAGREE, NO_SIGNATURE_SEEN, NOT_ALL_SIGNED}
    | {
        "paper.strange-page",
        "paper.not-as-marked",
        "paper.mark-not-ours",
        "paper.print-differs",
        "paper.characters-differ",
        "paper.characters-not-proved",
        "paper.signers-not-found",
        "paper.signers-unknown",
        "paper.not-compared",
    }
)
#: Of a digital signature that is not sound, no better scan can be made; a person weighs it.
_OF_SIGNATURES: Final = "signature."


def is_for_a_person(finding: Finding) -> bool:
    """Whether no better scan mends what was found, or nobody but a person can weigh it."""
    return finding.code in FOR_A_PERSON or finding.code.startswith(_OF_SIGNATURES)


@dataclass(frozen=True)
class ScanResolution:
    """Dots per inch: below `least_dpi` a scan gets a warning, `wanted_dpi` is what the warning advises."""

    least_dpi: int = 200
    wanted_dpi: int = 300


#: The figures assumed until an office says otherwise.
DEFAULT_RESOLUTION: Final = ScanResolution()


def pages_said(numbers: Sequence[int]) -> Message:
    """Name some pages, runs drawn together: "page 3", "pages 1–4, 7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
    return say("page {page}", page=shown) if len(numbers) == 1 else say("pages {pages}", pages=shown)


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


def codes_disagree(seen: str, other: str, place: Place) -> Finding:
    """Say that picture and text of a page (of the file, without a page) name two documents."""
    return Finding(
        CODES_DISAGREE,
        Severity.BLOCK,
        say("The picture of the code says {seen}, the text in the file says {other}.", seen=seen, other=other),
        place,
        found=f"{seen}, {other}",
        mend=say("Look at the paper, scan it anew without the text that another program has put in, and drop it."),
    )
