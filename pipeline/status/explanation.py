"""The answer of `vanthu why` about one job: where its files are, what was found, what happens next."""

from dataclasses import dataclass

from pipeline.answers import states
from pipeline.kinds.orders import ORDERS
from pipeline.kinds.outside import is_outside
from pipeline.ledger.rows import Attempt, Seen
from pipeline.messages import say
from pipeline.model import Finding, Job, Message, Role, SignatureCheck, Standing, State
from pipeline.status.reasons import reason_of, units_named
from pipeline.status.titles import title_of
from pipeline.steps.gathering import missing
from pipeline.steps.later import amends_when_filed, decisions, held_for, refiling
from pipeline.steps.matching import FILED
from pipeline.steps.newest_paper import measured_said
from pipeline.steps.outside import how_to
from pipeline.steps.partly_signed import lacking
from pipeline.steps.warnings import Warned, warnings_of
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Explanation:
    """One job: where its files are, what was found (and which warnings were accepted), and what happens next."""

    job: Job
    title: str  #: "" while nobody knows what it is
    state: Message
    next_step: Message
    findings: tuple[Finding, ...]
    warnings: tuple[Warned, ...]
    lies_in: tuple[str, ...]
    decided_later: tuple[Message, ...]  #: of a filed document: further papers, amendments; what it is to amend
    seen: tuple[Seen, ...]
    attempts: tuple[Attempt, ...]  #: the transient troubles it met since it last moved
    scanned: Message | None  #: how the paper was scanned, None where there is none
    signatures: SignatureCheck | None  #: of a paper, or of a document whose paper came back; None without any


def explain(workspace: Workspace, job: Job) -> Explanation:
    """Explain one job."""
    lies_in = [f"{workspace.folders.outbox.name}/{path}" for path in workspace.ledger.standing(job.id)]
    # every paper that was ever filed with it, the newest last; copies and notes lie beside them
    papers = [one for one in workspace.ledger.artifacts(job.id) if one.role is Role.FILED]
    lies_in += [f"{workspace.folders.archive.name}/{one.name}" for one in papers]
    later = (*amends_when_filed(workspace, job), *decisions(workspace, job))
    attempts = tuple(one for one in workspace.ledger.attempts(job.id) if one.sequence == job.sequence)
    return Explanation(
        job=job,
        title=title_of(workspace.loaded().kinds, job, workspace.practice.language),
        state=states()[job.state],
        next_step=next_step(workspace, job, attempts),
        findings=(*workspace.findings(job), *lacking(workspace, job)),
        warnings=warnings_of(workspace, [job]).get(job.id, ()),
        lies_in=tuple(lies_in),
        decided_later=tuple(one.remark for one in later),
        seen=tuple(workspace.ledger.seen(sha256=job.submission_sha256)),
        attempts=attempts,
        scanned=measured_said(workspace, job),
        signatures=_signatures(workspace, job),
    )


def _made_way(job: Job, reason: Message | str) -> Message:
    """Say what became of a superseded job: another file took its place, or a person had it made again."""
    if job.reason.startswith("job "):
        return say("Nothing: {later} took its place.", later=reason)
    return say("Nothing: it was made again as a new version ({why}).", why=reason)


def _signatures(workspace: Workspace, job: Job) -> SignatureCheck | None:
    """Give what is known of the digital signatures of the paper that counts: beside an original both do."""
    further = refiling(workspace, job)
    if further is None or further.said["as"] == Standing.ORIGINAL:
        return workspace.signatures(job)
    return workspace.signatures(workspace.ledger.job(int(str(further.said["paper"]))))


def next_step(workspace: Workspace, job: Job, attempts: tuple[Attempt, ...]) -> Message:
    """Say what happens next, and who has to do it."""
    reason = reason_of(workspace, job) if job.reason else "–"
    next_steps = {
        State.RETURNED: say("The sender mends the places named in the note and drops the file again."),
        State.HELD: say("The operator mends the cause ({why}), then: vanthu reprocess {id}", why=reason, id=job.id),
        State.DELIVERED: say("The document is signed and its scan dropped into the inbox."),
        State.NUMBERED: say("The number {number} is written on the paper; its scan is dropped.", number=job.number),
        State.PARTLY_SIGNED: say(
            "Those who have not signed yet sign; the page with their signatures is scanned and dropped: it is put "
            "together with the rest."
        ),
        State.ARCHIVED: say("Nothing: it is filed."),
        State.MATCHED: say("Nothing: this was the signed paper of {document}.", document=reason),
        State.ANSWERED: say("Nothing: each order has its reply, in the clerk's folder of the outbox."),
        State.SUPERSEDED: _made_way(job, reason),
        State.CANCELLED: say("Nothing: it was cancelled ({why}).", why=reason),
    }
    # asked anew, not taken from the reason: others may have come since
    if job.state is State.WAITING:
        names = units_named(workspace, job.year, missing(workspace, job, workspace.kind(job)))
        return say("It goes on by itself when these units' documents are accepted: {units}.", units=names)
    if (of_no_kind := _of_no_kind(workspace, job)) is not None:
        return of_no_kind
    if documents := held_for(workspace, job):
        return say(
            "The clerk decides: cancel it, or have the document made that replaces the filed one (the operator: "
            "vanthu papers relate {id} --replaces {document} --why …)",
            id=job.id,
            document=documents[-1].id,
        )
    if any(one.code == FILED for one in workspace.findings(job)) and job.state is State.RETURNED:
        return _filed_before(workspace, job)
    seen = workspace.recognition(job) if job.state in {State.HELD, State.RETURNED} else None
    if seen is not None and not seen.code:
        return say(
            "It is scanned anew and dropped; or whoever has the paper in hand says which document it is, by an order "
            "or in the browser (the operator: vanthu papers match {id} {document} --why …, papers refuse)",
            id=job.id,
            document=seen.likely[0].job if seen.likely else "DOC",
        )
    if seen is not None:
        return say(
            "It is signed or scanned anew and dropped; or whoever has the paper in hand decides, by an order or in "
            "the browser (the operator: vanthu papers confirm {id} --why …, papers match, papers refuse)",
            id=job.id,
        )
    if attempts and job.state not in next_steps:
        return say(
            "It is tried again by itself; it failed {count} times, the last time: {why}",
            count=len(attempts),
            why=attempts[-1].what,
        )
    return next_steps.get(job.state) or say("The program goes on by itself; if nothing changes: vanthu run")


def _filed_before(workspace: Workspace, job: Job) -> Message:
    """Say what a further paper of a filed document may be good for."""
    seen = workspace.recognition(job)
    document = workspace.ledger.by_code(seen.code) if seen is not None and seen.code else None
    return say(
        "Nothing, unless it is better than the filed one or that is wrong (the operator: vanthu papers replace "
        "{document} {id} --why …).",
        document=document.id if document is not None else "DOC",
        id=job.id,
    )


def _of_no_kind(workspace: Workspace, job: Job) -> Message | None:
    """Say it of what is held and no document of a kind: an outside paper, orders that lie in a wrong folder."""
    if job.state is not State.HELD:
        return None
    if is_outside(job):
        return how_to(job)
    if job.kind == ORDERS.id and job.folder != workspace.folders.clerk:
        return say(
            "The clerk looks at it: orders are taken from inbox/{folder} only; then it is cancelled by an order or "
            "in the browser (the operator: vanthu cancel {id})",
            folder=workspace.folders.clerk,
            id=job.id,
        )
    return None
