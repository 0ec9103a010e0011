"""What there is to look at of a document beside its own page: its form as it was read, other versions, its chain."""

from dataclasses import dataclass
from urllib.parse import quote

from starlette.responses import Response

from pipeline import messages, papers
from pipeline.app import chain, versions
from pipeline.app.proving import proved
from pipeline.errors import UnknownThing
from pipeline.messages import tr
from pipeline.model import Finding, Job, Recognition, Role, SeenSignature
from pipeline.status.titles import title_of
from pipeline.steps.newest_paper import newest_paper
from pipeline.web.rights import extends_to
from pipeline.web.visit import Visit
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Signed:
    """What was seen where people sign a document; `is_shown` where a picture of each place can be cut out."""

    places: tuple[SeenSignature, ...]
    is_shown: bool


def as_read(visit: Visit) -> Response:
    """Show a form place by place as it was read, with its faults beside them. Raises NotAllowedNow."""
    read = versions.as_read(visit.workspace, visit.document)
    return visit.page("as_read.html.j2", job=visit.document, title=_title(visit), read=read, words_of=_words)


def compare(visit: Visit) -> Response:
    """Show what is different in another version. Raises UnknownThing where the right does not extend to that one."""
    other = visit.workspace.ledger.job(visit.request.path_params["other"])
    is_filed = visit.workspace.ledger.artifact(other.id, Role.FILED) is not None
    if not extends_to(visit.reach, visit.person, other, is_filed=is_filed):
        raise UnknownThing(tr("There is no document #{id} here.", id=other.id))
    found = versions.compared(visit.workspace, visit.document, other)
    return visit.page("compare.html.j2", found=found, title=_title(visit))


def proof(visit: Visit) -> Response:
    """Show the chain of a document link by link, each looked at just now."""
    links = chain.chain_of(visit.workspace, visit.document)
    is_proved = bool(links) and links[-1].holds is chain.Holds.YES
    return visit.page(
        "chain.html.j2", job=visit.document, title=_title(visit), links=links, is_proved=is_proved, holds=chain.Holds
    )


def proof_file(visit: Visit) -> Response:
    """Give the proof as a page that anybody can check without this machine. Raises NotAllowedNow."""
    made = proved(visit.workspace, visit.document)
    name = f"chung-minh-{visit.document.id}.pdf"
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(made.page, media_type="application/pdf", headers=headers)


def signed_of(workspace: Workspace, job: Job) -> Signed | None:
    """What was seen where people sign; None where no paper came back, or nobody could look."""
    seen = _seen(workspace, job)
    if seen is None or not seen.signature_places:
        return None
    return Signed(seen.signature_places, workspace.ledger.artifact(job.id, Role.RENDITION) is not None)


def signature(visit: Visit) -> Response:
    """Give the picture of one place where people sign (from 1). Raises UnknownThing where there is none."""
    workspace, job, wanted = visit.workspace, visit.document, visit.request.path_params["place"]
    seen, issued = _seen(workspace, job), workspace.ledger.artifact(job.id, Role.RENDITION)
    picture = b""
    if seen is not None and issued is not None and 1 <= wanted <= len(seen.signature_places):
        place, paper = seen.signature_places[wanted - 1], newest_paper(workspace, job)
        look = seen.copy or paper.looked_at
        picture = papers.cropped(
            workspace.guard,
            workspace.spool.path(issued.sha256),
            workspace.spool.path(look),
            place.name,
            place.sheet,
        )
    if not picture:
        raise UnknownThing(tr("There is no picture of this signature."))
    return Response(picture, media_type="image/png")


def _seen(workspace: Workspace, job: Job) -> Recognition | None:
    if workspace.ledger.artifact(job.id, Role.SIGNED) is None:
        return None
    paper = newest_paper(workspace, job).job
    return workspace.recognition(paper) if paper is not None else None


def _title(visit: Visit) -> str:
    job = visit.document
    return title_of(visit.workspace.loaded().kinds, job, visit.workspace.practice.language) or job.name


def _words(finding: Finding) -> tuple[str, str]:
    mend = finding.mend or finding.needed
    return messages.shown(finding.message), messages.shown(mend) if mend else ""
