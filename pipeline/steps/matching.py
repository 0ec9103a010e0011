"""Matching: a signed paper that came back goes to the document whose code it carries, or to a person who decides.

What is found about a paper is kept with its document too: there people look for it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from pipeline import naming, papers
from pipeline.ledger import Change, Outcome
from pipeline.messages import joined as joined_messages
from pipeline.messages import say, shown_in
from pipeline.model import (
    AFTER_SIGNATURE,
    AWAITED,
    Artifact,
    Finding,
    Job,
    Recognition,
    Role,
    Severity,
    SignatureCheck,
    State,
)
from pipeline.naming import Answer
from pipeline.steps.answering import folder_unit, gives_way, returned, withdrawn
from pipeline.steps.comparing import STILL_GOOD, Seen, seen_against
from pipeline.steps.partly_signed import partly_signed
from pipeline.steps.signatures import checked
from pipeline.workspace import Workspace

#: The code of the finding that the document of a paper is filed already.
FILED: Final = "paper.filed"
NOT_THEIRS: Final = "paper.not-theirs"
_LEFT_AND_RIGHT: Final = say(
    "In the marked copy each doubtful place is shown: at the left as sent out, at the right as it came."
)


def matches(workspace: Workspace, job: Job, recognition: Recognition) -> Outcome:
    """Give a signed paper to the document whose code it carries, or send it back with the reason."""
    document = workspace.ledger.by_code(recognition.code) if recognition.code else None
    check = checked(workspace, job, recognition)
    against = refused(workspace, job, recognition, document)
    if document is None or against:
        seen = Seen(recognition, tuple(against), check)
    else:
        seen = seen_against(workspace, job, document, recognition, check)
    return decided(workspace, job, document, seen)


def decided(workspace: Workspace, job: Job, document: Job | None, seen: Seen) -> Outcome:
    """Say what becomes of a paper of which all was seen; `document` is what it is, None where nobody knows."""
    # what it looks like says something of a paper of ours alone
    alone = [one for one in seen.recognition.findings if document is not None or one.code.startswith("file.")]
    findings = _with_one_cause([*alone, *seen.findings])
    if document is not None and not any(finding.severity is Severity.BLOCK for finding in findings):
        outcome = matched(workspace, job, document, findings, seen)
    else:
        outcome = _stopped(workspace, job, document, findings, seen)
    # what was seen is kept: a person who decides about the paper later starts from it
    return replace(outcome, artifacts=(*outcome.artifacts, *kept(workspace, seen)))


def kept(workspace: Workspace, seen: Seen) -> Iterator[Artifact]:
    """What was seen of a paper, and the copy in which that was seen, as they are recorded with it."""
    yield workspace.keep_recognition(seen.recognition)
    if seen.recognition.copy:
        yield workspace.keep_file(Role.COPY, seen.recognition.copy)
    yield from _kept_check(workspace, seen.check)


def _kept_check(workspace: Workspace, check: SignatureCheck | None) -> tuple[Artifact, ...]:
    return (workspace.keep_signatures(check),) if check is not None else ()


def matched(
    workspace: Workspace, job: Job, document: Job, findings: Iterable[Finding], seen: Seen, why: str = ""
) -> Outcome:
    """Make a paper the signed one of `document`, with the waiting papers that it was joined with.

    `why` is the reason of the person who decided it, "" for no one.
    """
    found, recognition = tuple(findings), seen.recognition
    # in the order of their pages
    received = dict.fromkeys([one.of for one in recognition.made_of] or [job.submission_sha256])
    paper = [workspace.keep_file(Role.SIGNED, sha256) for sha256 in received]
    if copy := recognition.copy or recognition.seen_in:
        paper.append(workspace.keep_file(Role.COPY, copy))
    told = workspace.keep_findings((*workspace.findings(document), *kept_findings(found)))
    reason = f": {why}" if why else ""
    return Outcome(
        State.MATCHED,
        why=f"job {document.id}{reason}",
        # told by the document: scans of all units mostly lie in one folder
        identity=replace(job.identity, unit=document.unit),
        artifacts=(workspace.keep_findings(found),),
        also=(
            Change(
                document,
                Outcome(
                    State.SIGNED,
                    f"job {job.id}{reason}",
                    artifacts=(*paper, told, *_kept_check(workspace, seen.check)),
                    detail={"paper": job.id, "decided": why},
                ),
            ),
            *(joined(workspace, other, document) for other in map(workspace.ledger.job, recognition.joined)),
            *(
                Change(other, gives_way(workspace, other, job))
                for other in _left(workspace, job, document, recognition)
            ),
        ),
        detail={"document": document.id},
    )


def _left(workspace: Workspace, job: Job, document: Job, recognition: Recognition) -> Iterator[Job]:
    """The other papers of a document that lack pages or signatures: nobody need decide once its paper is there.

    One of which anything else was found stays: whether it was forged is for a person to say, whatever comes later.
    """
    for other in workspace.ledger.in_states([State.HELD]):
        if other.id == job.id or other.id in recognition.joined:
            continue
        seen = workspace.recognition(other)
        blocking = {one.code for one in workspace.findings(other) if one.severity is Severity.BLOCK}
        if seen is not None and seen.code == document.code and blocking <= STILL_GOOD:
            yield other


def joined(workspace: Workspace, paper: Job, document: Job) -> Change:
    """A paper that waited for its other pages belongs to the document with them."""
    outcome = Outcome(
        State.MATCHED,
        why=f"job {document.id}",
        identity=replace(paper.identity, unit=document.unit),
        publications=withdrawn(workspace, paper),
        detail={"document": document.id},
    )
    return Change(paper, outcome)


def as_warning(finding: Finding) -> Finding:
    """What blocked a paper, as it stands with its document once a person has decided for the paper."""
    return replace(finding, severity=Severity.WARN) if finding.severity is Severity.BLOCK else finding


@dataclass(frozen=True)
class Paper:
    """The signed paper of a document: what was found about it, and who took it with which reason, if a person did."""

    job: int
    findings: tuple[Finding, ...] = ()
    who: str = ""
    why: str = ""


def paper_of(workspace: Workspace, document: Job) -> Paper | None:
    """Give the signed paper of a document as it was taken, None before there is one."""
    for event in reversed(workspace.ledger.events(document.id)):
        paper = event.detail.get("paper")
        if event.to_state == State.SIGNED and isinstance(paper, int):
            findings = kept_findings(workspace.findings(workspace.ledger.job(paper)))
            # papers taken before November 2026 were taken by nobody
            why = str(event.detail.get("decided", ""))
            return Paper(paper, tuple(_decided(findings, event.who, why)), event.who if why else "", why)
    return None


def _decided(findings: Iterable[Finding], who: str, why: str) -> Iterator[Finding]:
    """The findings of a paper that a person took: what had been to mend is decided."""
    for one in findings:
        is_over = why and one.severity is Severity.WARN
        yield replace(one, mend=say("Confirmed by {who}: {why}", who=who, why=why)) if is_over else one


def kept_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What a document keeps of the findings of its paper."""
    # blank backs are of no interest once the paper is known to be whole
    return tuple(as_warning(finding) for finding in findings if finding.code != papers.BLANK_PAGE)


def _with_one_cause(findings: list[Finding]) -> list[Finding]:
    """Where the signature that lacks is named, that none at all is seen goes without saying."""
    if any(one.code == papers.NOT_ALL_SIGNED for one in findings):
        return [one for one in findings if one.code != papers.NO_SIGNATURE_SEEN]
    return findings


def _stopped(workspace: Workspace, job: Job, document: Job | None, findings: list[Finding], looked: Seen) -> Outcome:
    """Answer whoever returned the paper; it is held where only a person can tell what it is."""
    seen = looked.recognition
    # the clerk drops scans of all units: the answer goes to whose document it is, not to where it lay
    unit = document.unit if document else ""
    if any(finding.code == NOT_THEIRS for finding in findings):
        unit = folder_unit(workspace, job)  # whose paper it is has not asked
    identity = replace(job.identity, unit=unit)
    blocking = [one for one in findings if one.severity is Severity.BLOCK]
    # of which pages are here, the others can come later
    stops = {NOT_THEIRS, papers.INCOMPLETE} if seen.placed else {NOT_THEIRS}
    for_a_person = (one for one in blocking if one.code in stops or papers.is_for_a_person(one))
    why = next((one.message for one in for_a_person), None)
    if why is None:
        return returned(workspace, job, findings, identity, is_paper=True)
    waits = say(
        "This paper waits for the cluster's clerk, who looks at it and decides. A better scan, or the paper signed "
        "by all, may be dropped meanwhile."
    )
    pictures = _pictures(workspace, job, looked)
    if pictures is not None:
        waits = joined_messages((waits, _LEFT_AND_RIGHT), " ")
    answered = returned(workspace, job, findings, identity, next_step=waits, marked=pictures, is_paper=True)
    held = replace(answered, to=State.HELD, why=shown_in(why, workspace.practice.language))
    if document is not None and (partly := partly_signed(workspace, job, document, seen, findings)):
        return replace(held, also=(*held.also, partly))
    if document is None or not seen.placed or not any(one.code == papers.INCOMPLETE for one in blocking):
        return held
    # the document moves with each part: of two that are looked at side by side, one looks again and sees the other
    part = Outcome(document.state, f"job {job.id}", detail={"part": job.id})
    return replace(held, also=(*held.also, Change(document, part)))


def _pictures(workspace: Workspace, job: Job, seen: Seen) -> Artifact | None:
    """The pictures of the doubtful places, to lie beside the note."""
    if not seen.pictured:
        return None
    name = naming.answer_name(job.name, Answer.MARKED, job=job.id, extension="pdf")
    return workspace.keep(Role.MARKED, seen.pictured, name)


def _not_theirs(workspace: Workspace, job: Job, document: Job) -> Finding | None:
    """Ask about another's signed paper in the folder of a unit: nobody of the cluster has seen it there."""
    unit = folder_unit(workspace, job)
    folders = workspace.folders
    is_clerks = job.folder in {"", folders.signed, folders.incoming, folders.outgoing}
    if is_clerks or (unit and (unit == document.unit or unit in workspace.practice.speaks_for_cluster)):
        return None
    return Finding(
        NOT_THEIRS,
        Severity.BLOCK,
        say(
            "The signed paper of “{document}” was dropped into the folder of {unit}, which may only return its own.",
            document=workspace.kind(document).title_vi,
            unit=unit or job.folder,
        ),
        mend=say(
            "If it is the signed paper, the cluster's clerk drops it into the folder for signed papers ({folder}).",
            folder=workspace.folders.signed,
        ),
    )


def refused(workspace: Workspace, job: Job, recognition: Recognition, document: Job | None) -> list[Finding]:
    """Why a paper is not looked at further: nobody's, two documents', filed before, of an old version …"""
    if document is None and recognition.few_code:
        return [papers.code_on_few(recognition)]
    if document is None and not recognition.code and any(recognition.codes):
        return [papers.two_documents(recognition.codes)]
    if document is None:
        return [
            Finding(
                "paper.unknown",
                Severity.BLOCK,
                say("No document of ours is recognised on this paper."),
                found=recognition.code,
                needed=say("the code or the QR picture that is printed on every page"),
                mend=say("Scan all pages again, straight and at 300 dpi, with the corners of the page in view."),
            )
        ]
    # signed once, filed once (decision 0004): a second scan of a good paper is no fault of anybody
    if document.state in AFTER_SIGNATURE - AWAITED:
        said = say(
            "The signed paper of this document was received before; its number is {number}.", number=document.number
        )
        mend = say(
            "Nothing is to be done. If this one is better or the filed one is wrong, the cluster's clerk asks the "
            "operator to file #{paper} beside the paper of #{document}.",
            document=document.id,
            paper=job.id,
        )
        return [Finding(FILED, Severity.BLOCK, said, mend=mend)]
    if document.state not in AWAITED:
        return [
            Finding(
                "paper.old-version",
                Severity.BLOCK,
                say(
                    "This paper is of version {revision}, which is no longer the valid one.",
                    revision=document.revision,
                ),
                mend=say("Have the newest version in the folder of documents for signature signed."),
            )
        ]
    sender = _not_theirs(workspace, job, document)
    return [sender] if sender is not None else []
