"""Partly signed: a document whose paper came back whole waits for those who have not signed yet.

They may sign on the same paper, or each on a print of his own: the page that one more has signed is put together with
what came before (`comparing`). When the paper that says so is taken away, the document lacks again what it
lacked before.
"""

from collections.abc import Sequence

from pipeline import papers
from pipeline.ledger import Change, Outcome
from pipeline.messages import shown_in
from pipeline.model import Finding, Job, Recognition, Severity, State
from pipeline.workspace import Workspace


def partly_signed(
    workspace: Workspace, paper: Job, document: Job, recognition: Recognition, findings: list[Finding]
) -> Change | None:
    """The move of a document of which nothing lacks but signatures; None where more lacks, or nobody has signed."""
    blocking = [one for one in findings if one.severity is Severity.BLOCK]
    is_all = {one.code for one in blocking} == {papers.NOT_ALL_SIGNED}
    if not is_all or not any(one.has_signature for one in recognition.signature_places):
        return None
    return _found_on(workspace, paper, document, blocking)


def lacking(workspace: Workspace, document: Job) -> tuple[Finding, ...]:
    """Whose signatures a partly signed document still lacks, as it was seen last; empty for any other document."""
    if document.state is not State.PARTLY_SIGNED:
        return ()
    parts = _parts(workspace, document)
    return _lacking_on(workspace, parts[0]) if parts else ()


def gives_back(workspace: Workspace, paper: Job) -> tuple[Change, ...]:
    """The move of a document whose partly signed paper is refused, cancelled or read anew.

    It lacks again what it lacked before that paper, or is out for signature where none is left.
    """
    recognition = workspace.recognition(paper)
    document = workspace.ledger.by_code(recognition.code) if recognition and recognition.code else None
    if document is None or document.state is not State.PARTLY_SIGNED:
        return ()
    parts = _parts(workspace, document)
    left = [one for one in parts if one.id != paper.id]
    if len(left) == len(parts):
        return ()
    if left:
        return (_found_on(workspace, left[0], document, _lacking_on(workspace, left[0])),)
    to = State.NUMBERED if document.number else State.DELIVERED
    return (Change(document, Outcome(to, f"job {paper.id}")),)


def _found_on(workspace: Workspace, paper: Job, document: Job, findings: Sequence[Finding]) -> Change:
    """The document is partly signed as this paper shows it."""
    why = shown_in(findings[0].message, workspace.practice.language)
    return Change(document, Outcome(State.PARTLY_SIGNED, why, detail={"part": paper.id}))


def _lacking_on(workspace: Workspace, paper: Job) -> tuple[Finding, ...]:
    return tuple(one for one in workspace.findings(paper) if one.code == papers.NOT_ALL_SIGNED)


def _parts(workspace: Workspace, document: Job) -> list[Job]:
    """The papers by which a document was found partly signed and that wait still, the newest first."""
    events = reversed(workspace.ledger.events(document.id))
    found = [event.detail.get("part") for event in events if event.to_state == State.PARTLY_SIGNED]
    jobs = [workspace.ledger.job(part) for part in dict.fromkeys(found) if isinstance(part, int)]
    return [job for job in jobs if job.state is State.HELD]
