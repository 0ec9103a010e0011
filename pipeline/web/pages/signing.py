"""For signature: documents that are out, their numbers, and papers that came back and wait for a person."""

from dataclasses import dataclass

from starlette.responses import Response

from pipeline.app import numbering, papers
from pipeline.errors import UnknownThing
from pipeline.messages import tr
from pipeline.model import AWAITED, Finding, Job, Severity
from pipeline.status.reasons import Told, told
from pipeline.web.pages.document import pages_shown
from pipeline.web.visit import Visit
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Returned:
    """A paper that waits for a person: what it seems to be, or may be, and how many pages of both are shown."""

    job: Job
    document: Told | None
    likely: tuple[Told, ...]
    blocking: tuple[Finding, ...]
    pages: int
    issued_pages: int

    @property
    def issued(self) -> Told | None:
        """The document beside which the paper is shown."""
        return self.document or next(iter(self.likely), None)


def signing(visit: Visit) -> Response:
    """Show what is out for signature, and what came back."""
    workspace, live = visit.workspace, visit.live("/cho-ky")
    return visit.page(
        "signing.html.j2",
        live=live,
        awaited=told(workspace, workspace.ledger.in_states(AWAITED)),
        papers=[_returned(workspace, one) for one in papers.waiting(workspace)],
    )


def _returned(workspace: Workspace, one: papers.Waiting) -> Returned:
    seems = [one.document] if one.document is not None else []
    likely = [job for job, _ in one.likely]
    issued = next(iter([*seems, *likely]), None)
    return Returned(
        one.job,
        next(iter(told(workspace, seems)), None),
        tuple(told(workspace, likely)),
        tuple(found for found in one.findings if found.severity is Severity.BLOCK),
        pages_shown(workspace, one.job),
        pages_shown(workspace, issued) if issued is not None else 0,
    )


def number(visit: Visit) -> Response:
    """Give the number that was shown; another one is said loudly, for the shown one may be on the paper already."""
    shown = visit.asked("shown")
    if not visit.document.number:
        visit.must_be_unchanged()
    given = numbering.next_number(visit.workspace, visit.document)
    visit.office.settle(visit.workspace)
    if given.number != shown:
        return visit.page("other_number.html.j2", job=given, shown=shown)
    return visit.go(f"/ho-so/{given.id}")


def confirm(visit: Visit) -> Response:
    """Take a paper as the signed one of its document."""
    visit.must_be_unchanged()
    papers.confirm(visit.workspace, visit.document, visit.reason())
    return visit.done()


def match(visit: Visit) -> Response:
    """Take a paper as the signed one of a document that the person names. Raises UnknownThing, NotAllowedNow."""
    visit.must_be_unchanged()
    said = visit.asked("document").removeprefix("#")
    if not said.isascii() or not said.isdigit():
        raise UnknownThing(tr("Write the number of the document as it is listed here, as #12."))
    document = visit.workspace.ledger.job(int(said[:12]))
    papers.match(visit.workspace, visit.document, document, visit.reason())
    return visit.done()


def refuse(visit: Visit) -> Response:
    """Send a paper back."""
    visit.must_be_unchanged()
    papers.refuse(visit.workspace, visit.document, visit.reason())
    return visit.done()
