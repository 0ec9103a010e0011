"""What a person decides about a signed paper that came back and was not taken by itself; each with a reason.

The reason stands in the chain of events, with the paper and with its document, and goes into the sidecar.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from pipeline.answers import states
from pipeline.errors import NotAllowedNow
from pipeline.ledger import Outcome
from pipeline.messages import say, tr
from pipeline.model import AWAITED, Finding, Job, LikelyDocument, Recognition, Role, Severity, State
from pipeline.naming import Answer
from pipeline.steps import warnings
from pipeline.steps.answering import answer, withdrawn
from pipeline.steps.comparing import Seen, seen_against
from pipeline.steps.matching import as_warning, kept, matched
from pipeline.steps.partly_signed import gives_back
from pipeline.workspace import Workspace

#: States in which a paper waits for somebody.
WAITING: Final = (State.HELD, State.RETURNED)


@dataclass(frozen=True)
class Waiting:
    """A paper that was not taken by itself; `document` is what it seems to be, None when nobody can tell.

    `likely` are documents that it may be, the likeliest first, and why.
    """

    job: Job
    document: Job | None
    findings: tuple[Finding, ...]
    likely: tuple[tuple[Job, LikelyDocument], ...] = ()


def waiting(workspace: Workspace) -> list[Waiting]:
    """List the papers that wait for a person or for a better scan, oldest first.

    One that a person has refused waits for nobody, nor does one that was sent back and whose document has come back
    otherwise meanwhile.
    """
    # a paper is of no kind: forms that were sent back, of all years, are not gone through one by one
    found = workspace.ledger.unidentified(WAITING)
    looked_at = workspace.ledger.newest((job.id for job in found), Role.RECOGNITION)
    papers = [_waiting(workspace, job) for job in found if job.id in looked_at]
    return [
        one
        for one in papers
        if (one.document is None or one.document.state in AWAITED or one.job.state is State.HELD)
        and not any(found.code == "paper.refused" for found in one.findings)
    ]


def confirm(workspace: Workspace, job: Job, why: str) -> Job:
    """Take a paper as the signed one of the document whose code it carries, whatever was found about it.

    Raises NotAllowedNow when the file is no paper that waits, carries no code, or its document awaits none.
    """
    paper = _asked_about(workspace, job)
    if paper.document is None:
        raise NotAllowedNow(
            tr("Which document #{id} is was not seen. Say it: vanthu papers match {id} DOC --why …", id=job.id)
        )
    if whole := _joined_with(workspace, job):
        raise NotAllowedNow(
            tr(
                "#{id} holds some pages only; with the others it was put together in #{whole}. Take that one: "
                "vanthu papers confirm {whole} --why …",
                id=job.id,
                whole=whole[-1].id,
            )
        )
    seen = Seen(workspace.recognition(job) or Recognition(), check=workspace.signatures(job))
    return _taken(workspace, paper, paper.document, seen, why)


def match(workspace: Workspace, job: Job, document: Job, why: str) -> Job:
    """Take a paper as the signed one of the document that a person names. Raises NotAllowedNow.

    It is held against that document, too: what differs stands in the record beside the reason.
    """
    paper, recognition = _asked_about(workspace, job), workspace.recognition(job)
    _refuse_unawaited(document)
    check = workspace.signatures(job)
    seen = seen_against(workspace, job, document, recognition or Recognition(), check)
    told = {one.code for one in paper.findings}
    findings = (*paper.findings, *(one for one in seen.findings if one.code not in told))
    return _taken(workspace, replace(paper, findings=findings), document, seen, why)


def refuse(workspace: Workspace, job: Job, why: str) -> Job:
    """Send a paper back with a person's reason, in place of what was said before. Raises NotAllowedNow."""
    paper = _asked_about(workspace, job)
    findings = (
        Finding("paper.refused", Severity.BLOCK, say("The clerk does not take this paper: {why}", why=why)),
        *(one for one in paper.findings if one.code != "paper.refused"),
    )
    note, publication = answer(
        workspace, job, Answer.RETURNED, unit=job.unit, kind="", findings=findings, is_paper=True
    )
    before = (one for one in withdrawn(workspace, job) if one.path != publication.path)
    outcome = Outcome(
        State.RETURNED,
        why,
        artifacts=(workspace.keep_findings(findings), note),
        publications=(*before, publication),
        also=gives_back(workspace, job),
    )
    return workspace.ledger.advance(job, outcome)


def _refuse_unawaited(document: Job) -> None:
    if document.state not in AWAITED:
        raise NotAllowedNow(
            tr(
                "Document #{id} is {state}; only one that is out for signature takes a signed paper.",
                id=document.id,
                state=states()[document.state],
            )
        )


def _taken(workspace: Workspace, paper: Waiting, document: Job, seen: Seen, why: str) -> Job:
    _refuse_unawaited(document)
    # before the paper is taken: another process may file the document at once, and the sidecar tells who decided
    warnings.accept(workspace, document, decided(paper.findings), why)
    # some of the papers it was joined with may have gone another way meanwhile: these are not moved again
    waiting = (other for other in seen.recognition.joined if workspace.ledger.job(other).state in WAITING)
    still = replace(seen, recognition=replace(seen.recognition, joined=tuple(waiting)))
    outcome = matched(workspace, paper.job, document, paper.findings, still, why)
    recorded = (*outcome.artifacts, *kept(workspace, seen))
    gone = withdrawn(workspace, paper.job)
    return workspace.ledger.advance(paper.job, replace(outcome, artifacts=recorded, publications=gone))


def _joined_with(workspace: Workspace, job: Job) -> list[Job]:
    """The papers that wait, and were put together with the sheets of this one."""
    held = workspace.ledger.in_states([State.HELD])
    return [one for one in held if (seen := workspace.recognition(one)) is not None and job.id in seen.joined]


def decided(findings: Iterable[Finding]) -> list[Finding]:
    """Give what a person decides about who takes a paper in spite of these findings."""
    return [one for one in map(as_warning, findings) if one.severity is Severity.WARN]


def _asked_about(workspace: Workspace, job: Job) -> Waiting:
    if job.state not in WAITING or not is_paper(workspace, job):
        raise NotAllowedNow(
            tr(
                "#{id} ({file}) is {state}; it is no signed paper that waits for a decision. `vanthu papers list` "
                "lists those.",
                id=job.id,
                file=job.name,
                state=states()[job.state],
            )
        )
    return _waiting(workspace, job)


def is_paper(workspace: Workspace, job: Job) -> bool:
    """Tell whether a job's file was looked at as a signed paper."""
    return workspace.recognition(job) is not None


def _waiting(workspace: Workspace, job: Job) -> Waiting:
    recognition = workspace.recognition(job)
    document = workspace.ledger.by_code(recognition.code) if recognition and recognition.code else None
    likely = tuple((workspace.ledger.job(one.job), one) for one in (recognition.likely if recognition else ()))
    # meanwhile another paper may have come for it
    still = tuple(one for one in likely if one[0].state in AWAITED)
    return Waiting(job, document, workspace.findings(job), still)
