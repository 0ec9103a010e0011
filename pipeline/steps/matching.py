"""Matching: a signed paper that came back goes to the document whose code it carries, or to a person who decides.

What is found about a paper is kept with its document too: there people look for it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline import papers
from pipeline.ledger import Change, Outcome
from pipeline.messages import say, shown_in
from pipeline.model import (
    AFTER_SIGNATURE,
    Artifact,
    Finding,
    Job,
    Recognition,
    Role,
    SeenMark,
    Severity,
    SignatureCheck,
    State,
)
from pipeline.papers import page_marks
from pipeline.steps.answering import folder_unit, returned
from pipeline.steps.signatures import checked, signed_digitally, signers_of
from pipeline.workspace import Workspace

#: States in which a document is out for signature.
AWAITED: Final = frozenset({State.DELIVERED, State.NUMBERED})
#: The code of the finding that the document of a paper is filed already.
FILED: Final = "paper.filed"
_NOT_THEIRS: Final = "paper.not-theirs"


def matches(workspace: Workspace, job: Job, recognition: Recognition) -> Outcome:
    """Give a signed paper to the document whose code it carries, or send it back with the reason."""
    document = workspace.ledger.by_code(recognition.code) if recognition.code else None
    check = checked(workspace, job, recognition)
    seen = _paper_findings(workspace, job, recognition, check, document)
    findings = _with_one_cause([*recognition.findings, *seen])
    if document is not None and not any(finding.severity is Severity.BLOCK for finding in findings):
        outcome = matched(workspace, job, document, findings, Seen(recognition.seen_in, check))
    else:
        outcome = _stopped(workspace, job, document, findings)
    # what was seen is kept: a person who decides about the paper later starts from it
    kept = (workspace.keep_recognition(recognition), *_kept(workspace, check))
    return replace(outcome, artifacts=(*outcome.artifacts, *kept))


@dataclass(frozen=True)
class Seen:
    """How a paper was looked at.

    `copy` is the sha256 of the PDF in which it was, "" for the paper itself; `check` is what is known of its digital
    signatures, None when it has none.
    """

    copy: str = ""
    check: SignatureCheck | None = None


def _kept(workspace: Workspace, check: SignatureCheck | None) -> tuple[Artifact, ...]:
    return (workspace.keep_signatures(check),) if check is not None else ()


def matched(
    workspace: Workspace, job: Job, document: Job, findings: Iterable[Finding], seen: Seen, why: str = ""
) -> Outcome:
    """Make a paper the signed one of `document`; `why` is the reason of the person who decided it, "" for no one."""
    found = tuple(findings)
    paper = [workspace.keep_file(Role.SIGNED, job.submission_sha256)]
    if seen.copy:
        paper.append(workspace.keep_file(Role.COPY, seen.copy))
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
                    artifacts=(*paper, told, *_kept(workspace, seen.check)),
                    detail={"paper": job.id, "decided": why},
                ),
            ),
        ),
        detail={"document": document.id},
    )


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


def _stopped(workspace: Workspace, job: Job, document: Job | None, findings: list[Finding]) -> Outcome:
    """Answer whoever returned the paper; it is held where only a person can tell what it is."""
    # the clerk drops scans of all units: the answer goes to whose document it is, not to where it lay
    unit = document.unit if document else ""
    if any(finding.code == _NOT_THEIRS for finding in findings):
        unit = folder_unit(workspace, job)  # whose paper it is has not asked
    identity = replace(job.identity, unit=unit)
    blocking = [one for one in findings if one.severity is Severity.BLOCK]
    for_a_person = (one for one in blocking if one.code == _NOT_THEIRS or papers.is_for_a_person(one))
    why = next((one.message for one in for_a_person), None)
    if why is None:
        return returned(workspace, job, findings, identity)
    waits = say(
        "This paper waits for the cluster's clerk, who looks at it and decides. A better scan, or the paper signed "
        "by all, may be dropped meanwhile."
    )
    answered = returned(workspace, job, findings, identity, next_step=waits)
    return replace(answered, to=State.HELD, why=shown_in(why, workspace.practice.language))


def _not_theirs(workspace: Workspace, job: Job, document: Job) -> Finding | None:
    """Ask about another's signed paper in the folder of a unit: nobody of the cluster has seen it there."""
    unit = folder_unit(workspace, job)
    is_clerks = job.folder in {"", workspace.folders.signed}
    if is_clerks or (unit and (unit == document.unit or unit in workspace.practice.speaks_for_cluster)):
        return None
    return Finding(
        _NOT_THEIRS,
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


def _paper_findings(
    workspace: Workspace, job: Job, recognition: Recognition, check: SignatureCheck | None, document: Job | None
) -> list[Finding]:
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
            "Nothing is to be done. If this one is better or the filed one is wrong, the cluster's clerk files it "
            "beside the other: vanthu papers replace {document} {paper} --why …",
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
    if (sender := _not_theirs(workspace, job, document)) is not None:
        return [sender]
    return seen_against(workspace, job, document, recognition, check)


def seen_against(
    workspace: Workspace, job: Job, document: Job, recognition: Recognition, check: SignatureCheck | None
) -> list[Finding]:
    """Find what a paper is, held against what was sent out of a document; `check` is of its digital signatures."""
    # the very PDF we printed would come back unsigned: the same bytes are told apart by their hash
    rendition = workspace.ledger.artifact(document.id, Role.RENDITION)
    if rendition is not None and rendition.sha256 == job.submission_sha256:
        return [papers.not_signed()]
    marks = [mark for mark in recognition.marks if mark.code == document.code]
    ours = [mark for mark in marks if page_marks.is_ours(mark, workspace.mark_key())]
    false = [mark.sheet for mark in marks if mark not in ours]
    comparison = _compared(workspace, job, document, rendition, recognition, ours) if rendition else None
    has_issued = rendition is not None
    found = list(papers.verify(recognition, workspace.pages_of(document), comparison, has_issued=has_issued))
    if check is not None:
        found += signed_digitally(workspace, job, document, recognition, check, comparison)
    if not false:
        return found
    is_key_lost = workspace.mark_key_of(document) != page_marks.fingerprint(workspace.mark_key())
    return [papers.mark_not_ours(false, is_key_lost=is_key_lost), *found]


def _compared(
    workspace: Workspace,
    job: Job,
    document: Job,
    rendition: Artifact,
    recognition: Recognition,
    marks: Sequence[SeenMark],
) -> papers.Comparison | None:
    """Lay a paper over the PDF that was sent out, and look for ink above the names under which people sign."""
    on_sheet = Counter(mark.sheet for mark in marks)
    return papers.compare(
        workspace.guard,
        workspace.spool.path(recognition.seen_in or job.submission_sha256),
        workspace.spool.path(rendition.sha256),
        signers_of(workspace, document),
        [one.place.page for one in recognition.findings if one.code == papers.BLANK_PAGE],
        # two pages copied onto one sheet are told by their picture
        [(mark.sheet, mark.page) for mark in marks if on_sheet[mark.sheet] == 1],
    )
