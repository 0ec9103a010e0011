"""One document: where it stands, what was found, its files and pages, and who did what when."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from pipeline.app import numbering, operations, page_pictures, papers, wording
from pipeline.errors import UnknownThing, VanthuError
from pipeline.messages import tr
from pipeline.model import AWAITED, TRANSITIONS, Artifact, Job, Role, State
from pipeline.status import explain
from pipeline.web.pages import life, numbers, outside
from pipeline.web.rights import Reach, extends_to
from pipeline.web.visit import Visit
from pipeline.workspace import Workspace

#: What people may take with them, in the order in which it came to be; all else is the program's own.
_FILES: Final = (
    *(Role.SUBMISSION, Role.NOTE, Role.MARKED, Role.MENDED, Role.DRAFT, Role.RENDITION),
    *(Role.SIGNED, Role.COPY, Role.SEARCHABLE),
    *(Role.FILED, Role.FILED_COPY, Role.ISSUED_COPY, Role.SIDECAR, Role.FILED_NOTE),
)
#: What there is of a filed document for who only looks it up.
_FILED: Final = (Role.FILED, Role.FILED_COPY, Role.ISSUED_COPY, Role.SEARCHABLE)
#: What shows how a document looks, the best first; of a paper the way it came.
_LOOKS: Final = (Role.FILED_COPY, Role.FILED, Role.COPY, Role.SHEETS, Role.SIGNED, Role.RENDITION, Role.SUBMISSION)
_MOST_PAGES: Final = 12
_MAGIC: Final = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "docx"),
    (b"{", "json"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG", "png"),
)


def document(visit: Visit) -> Response:
    """Show one document."""
    workspace, job = visit.workspace, visit.document
    told = explain(workspace, job)
    events = workspace.ledger.events(job.id)
    files = list(files_of(visit, job))
    return visit.page(
        "document.html.j2",
        told=told,
        job=job,
        events=events,
        files=files,
        accepted_of={one.finding: one.acceptance for one in told.warnings if one.acceptance is not None},
        open_rules=_open_rules(visit, [one.finding.code for one in told.warnings if one.acceptance is None]),
        versions=_versions(visit),
        pages=pages_shown(workspace, job),
        next_number=_next_number(visit),
        is_printed=bool(job.number) and numbering.is_printed(workspace, job),
        book=numbers.book_of(visit),
        proposed=outside.proposed(visit),
        again=_again(visit),
        has_form=visit.may("as-read") and bool(job.kind) and _has_form(workspace, job),
        signed=life.signed_of(workspace, job),
        is_paper=job.state in papers.WAITING and papers.is_paper(workspace, job),
        may_cancel=visit.may("cancel") and State.CANCELLED in TRANSITIONS[job.state],
    )


def _has_form(workspace: Workspace, job: Job) -> bool:
    return workspace.ledger.artifact(job.id, Role.READING) is not None


def _open_rules(visit: Visit, codes: list[str]) -> list[str]:
    return list(dict.fromkeys(codes)) if visit.may("accept") and visit.document.state not in operations.OVER else []


def _next_number(visit: Visit) -> numbering.Preview | None:
    """The number the document would get now; None where none can be given, or not by this person."""
    job = visit.document
    if not visit.may("number") or job.number or job.state not in AWAITED:
        return None
    try:
        return numbering.preview(visit.workspace, job)
    except VanthuError:  # whoever asks for the number is told why not
        return None


def _versions(visit: Visit) -> list[Job]:
    """The other files about the same matter, as far as the right extends to them."""
    job, ledger = visit.document, visit.workspace.ledger
    others = (one for one in ledger.about(job.identity) if one.id != job.id) if job.kind else ()
    return [
        one
        for one in others
        if extends_to(visit.reach, visit.person, one, is_filed=ledger.artifact(one.id, Role.FILED) is not None)
    ]


def _again(visit: Visit) -> str:
    """How the document would be done again; "" where it cannot be, or not by this person."""
    if not visit.may("reprocess") or visit.document.state not in {State.RETURNED, State.HELD}:
        return ""
    planned = operations.plan(visit.workspace, visit.document)
    return "" if planned.again is operations.Again.NOT else wording.again_of(planned.again)


def pages_shown(workspace: Workspace, job: Job) -> int:
    """How many pages are shown; 0 where there is nothing to be looked at."""
    look = _look(workspace, job)
    if look is None:
        return 0
    return min(page_pictures.page_count(workspace.guard, workspace.spool.path(look.sha256)), _MOST_PAGES)


def _look(workspace: Workspace, job: Job) -> Artifact | None:
    """The file whose pages show how a document looks now."""
    newest = {one.role: one for one in _recorded(workspace, job)}
    for role in _LOOKS:
        found = newest.get(role)
        if found is not None and _extension(workspace, job, found) == "pdf":
            return found
    return None


def files_of(visit: Visit, job: Job) -> Iterator[tuple[Artifact, str]]:
    """The files that this person may take, the newest of each role last, with the names under which they travel."""
    wanted = _FILED if visit.reach is Reach.FILED else _FILES
    published = {sha256: path for path, sha256 in visit.workspace.ledger.standing(job.id).items()}
    for one in sorted(
        _recorded(visit.workspace, job),
        key=lambda one: _FILES.index(one.role) if one.role in _FILES else -1,
    ):
        if one.role in wanted:
            yield one, _name(visit.workspace, job, one, published.get(one.sha256, ""))


def _recorded(workspace: Workspace, job: Job) -> list[Artifact]:
    """All recorded files of a document, and what was dropped, which stands with the job itself."""
    dropped = workspace.keep_file(Role.SUBMISSION, job.submission_sha256, job.name)
    return [dropped, *workspace.ledger.artifacts(job.id)]


def _name(workspace: Workspace, job: Job, artifact: Artifact, published: str) -> str:
    """The name under which a file travels: that under which it lies in archive or outbox, as far as it does."""
    if artifact.name or published:
        return PurePosixPath(artifact.name or published).name
    return f"hs{job.id}-{artifact.role.value}.{_extension(workspace, job, artifact)}"


def _extension(workspace: Workspace, job: Job, artifact: Artifact) -> str:
    """The extension of a file: by its name, else by its first bytes."""
    named = artifact.name or (job.name if artifact.role is Role.MARKED else "")
    if PurePosixPath(named).suffix:
        return PurePosixPath(named).suffix[1:].lower()
    with workspace.spool.path(artifact.sha256).open("rb") as stream:
        head = stream.read(8)
    return next((extension for magic, extension in _MAGIC if head.startswith(magic)), "txt")


def file(visit: Visit) -> Response:
    """Give one recorded file, to be saved; the document to be printed may be opened. Raises UnknownThing."""
    wanted = visit.request.path_params["sha256"]
    found = next(((one, name) for one, name in files_of(visit, visit.document) if one.sha256 == wanted), None)
    if found is None:
        raise UnknownThing(tr("There is no such file of document #{id}.", id=visit.document.id))
    artifact, name = found
    # by its hash, which is proved: changed bytes are given to nobody
    content = visit.workspace.spool.get(artifact.sha256)
    is_ours = artifact.role is Role.RENDITION
    how = "inline" if is_ours and visit.asked("xem") else "attachment"
    headers = {"content-disposition": f"{how}; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type="application/pdf" if is_ours else "application/octet-stream", headers=headers)


def preview(visit: Visit) -> Response:
    """Give the picture of one page. Raises UnknownThing where there is none."""
    page = visit.request.path_params["page"]
    look = _look(visit.workspace, visit.document)
    picture = b""
    if look is not None and page <= _MOST_PAGES:
        path = visit.workspace.spool.path(look.sha256)
        picture = page_pictures.page_picture(visit.workspace.guard, path, page)
    if not picture:
        raise UnknownThing(tr("There is no page {page}.", page=page))
    return Response(picture, media_type="image/png")


def accept(visit: Visit) -> Response:
    """Accept the warnings of one rule, with a reason."""
    visit.must_be_unchanged()
    operations.accept(visit.workspace, visit.document, visit.asked("rule"), visit.reason())
    return visit.done()


def cancel(visit: Visit) -> Response:
    """Cancel a document, with a reason."""
    visit.must_be_unchanged()
    operations.cancel(visit.workspace, visit.document, visit.reason())
    return visit.done()


def reprocess(visit: Visit) -> Response:
    """Do again what was sent back or is held, with a reason."""
    visit.must_be_unchanged()
    planned = operations.plan(visit.workspace, visit.document)
    operations.reprocess(visit.workspace, planned, visit.reason())
    return visit.done()
