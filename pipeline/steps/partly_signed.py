"""Partly signed: a document whose paper came back whole waits for those who have not signed yet.

They may sign on the same paper, or each on a print of his own: the page that one more has signed is put together with
what came before (`comparing`). When the paper that says so is taken away, the document is out for signature again.
"""

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
    why = shown_in(blocking[0].message, workspace.practice.language)
    return Change(document, Outcome(State.PARTLY_SIGNED, why, detail={"part": paper.id}))


def lacking(workspace: Workspace, document: Job) -> tuple[Finding, ...]:
    """Whose signatures a partly signed document still lacks, as it was seen last; empty for any other document."""
    if document.state is not State.PARTLY_SIGNED:
        return ()
    paper = _newest_part(workspace, document)
    found = workspace.findings(workspace.ledger.job(paper)) if paper else ()
    return tuple(one for one in found if one.code == papers.NOT_ALL_SIGNED)


def gives_back(workspace: Workspace, paper: Job) -> tuple[Change, ...]:
    """The move of a document whose partly signed paper is refused or cancelled: it waits for its paper again.

    Other papers of it that wait are joined with what comes next.
    """
    recognition = workspace.recognition(paper)
    document = workspace.ledger.by_code(recognition.code) if recognition and recognition.code else None
    if document is None or document.state is not State.PARTLY_SIGNED or _newest_part(workspace, document) != paper.id:
        return ()
    to = State.NUMBERED if document.number else State.DELIVERED
    return (Change(document, Outcome(to, f"job {paper.id}")),)


def _newest_part(workspace: Workspace, document: Job) -> int:
    """The paper by which a document was found partly signed; 0 for none."""
    for event in reversed(workspace.ledger.events(document.id)):
        part = event.detail.get("part")
        if event.to_state == State.PARTLY_SIGNED and isinstance(part, int):
            return part
    return 0
