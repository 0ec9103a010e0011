"""Is this paper the document that was sent out to be signed, complete and nothing else?

`recognise` has told which document it is and named foreign pages; here it is held against what was sent: every page
is there, once (A04), and signed where people sign. Without a PDF that was sent out only codes and pages are counted.
Blank backs of a two-sided scan do not count.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from pipeline.messages import joined, say, say_count
from pipeline.model import Finding, Message, Place, Recognition, Severity
from pipeline.papers.compared import compared_characters, compared_pages, compared_print, compared_signatures
from pipeline.papers.pages import BLANK_PAGE, pages_said
from pipeline.papers.seen import Comparison

#: One page whose code a pen went through is for a clerk to look at; with more than one in four, too little is proved.
_UNREAD_SHARE: Final = 4


def verify(
    recognition: Recognition,
    pages: int = 0,
    comparison: Comparison | None = None,
    *,
    has_issued: bool = False,
    elsewhere: Sequence[int] = (),
) -> tuple[Finding, ...]:
    """Find what is wrong with a recognised paper, beside what its recognition found.

    `pages` is the page count of what was sent out (0 when not known: then only what needs no count is checked);
    `comparison` is what was seen when it was laid over what was sent out, None where that could not be done.
    `has_issued` is False where no PDF was sent out: then there is nothing to compare with, and the paper is let pass.
    `elsewhere` are pages that came in other files, which wait for the rest.
    """
    if comparison is None or comparison.unseen:
        # "could not look" is never "is signed": with a PDF there to compare with, a person looks
        severity = Severity.BLOCK if has_issued else Severity.WARN
        return (*_page_findings(recognition, pages), _not_compared(severity))
    # what is signed digitally bears no ink, unless it is a scan of a paper that was signed by hand
    is_digital = recognition.digital_signatures > 0 and recognition.has_text
    seen = (
        *compared_pages(comparison, elsewhere),
        *compared_print(comparison),
        *compared_characters(comparison),
    )
    return (*seen, *(() if is_digital else compared_signatures(comparison)))


def _page_findings(recognition: Recognition, pages: int) -> Iterator[Finding]:
    # a two-sided scan of a one-sided paper has a blank back for each page
    blank = {finding.place.page for finding in recognition.findings if finding.code == BLANK_PAGE}
    unread = [page for page in recognition.unread_pages if page not in blank]
    here = recognition.pages - len(blank)
    if pages and here < pages:
        yield _wrong_count(
            pages,
            say("The document has {pages} pages, but only {here} came back.", pages=pages, here=here),
            here,
            say("Look for the missing pages, scan the whole document again and drop the new file."),
        )
    elif pages and here > pages:
        twice = say("A page may have been scanned twice.")
        suspects = say("Check {suspects}.", suspects=pages_said(unread)) if unread else twice
        yield _wrong_count(
            pages,
            say("The document has {pages} pages, but {here} came back.", pages=pages, here=here),
            here,
            joined((suspects, say("Take out what does not belong to the document and drop the new file.")), " "),
        )
    elif unread:
        yield _unread(recognition.pages - len(blank), unread)


def mark_not_ours(sheets: Sequence[int], *, is_key_lost: bool) -> Finding:
    """Say that sheets bear marks of a document which this office has not printed, as far as its key tells."""
    if is_key_lost:
        mend = say(
            "The document was printed with another key than the office has now. Bring the key back from backup."
        )
    else:
        mend = say("Compare the paper with the PDF that was sent out: somebody may have made pages of it.")
    return Finding(
        "paper.mark-not-ours",
        Severity.BLOCK,
        say("The marks on {sheets} were not printed by this office.", sheets=pages_said(sheets)),
        Place(page=sheets[0]) if len(sheets) == 1 else Place(),
        mend=mend,
    )


def not_signed() -> Finding:
    """Say that a paper is byte for byte what was sent out: nobody has signed it."""
    return Finding(
        "paper.not-signed",
        Severity.BLOCK,
        say("This is the PDF that was sent out for signature, still unsigned."),
        mend=say("Print it, have it signed and sealed, scan it, and drop the scan."),
    )


def _wrong_count(pages: int, message: Message, here: int, mend: Message) -> Finding:
    needed = say_count("{count} page", "{count} pages", pages)
    return Finding("A04", Severity.BLOCK, message, found=str(here), needed=needed, mend=mend)


def _unread(here: int, unread: list[int]) -> Finding:
    is_doubtful = len(unread) == here or len(unread) > max(1, here // _UNREAD_SHARE)
    return Finding(
        "paper.unread-page",
        Severity.BLOCK if is_doubtful else Severity.WARN,
        say("No document code is read on {pages}.", pages=pages_said(unread)),
        Place(page=unread[0]) if len(unread) == 1 else Place(),
        needed=say("the code or the QR picture that is printed on every page"),
        mend=say("Scan these pages again, straight and at 300 dpi, with the corners of the page in view.")
        if is_doubtful
        else say("Check that it is the right page."),
    )


def _not_compared(severity: Severity) -> Finding:
    return Finding(
        "paper.not-compared",
        severity,
        say("The pages were not compared with what was sent out; nobody but a person has looked for signatures."),
        mend=say("Look whether the paper is whole and signed."),
    )
