"""Filing: the signed paper gets its place in the archive; later papers and notes come beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

from pipeline import archive, naming
from pipeline.archive import Filing
from pipeline.files.pictures import HEAD_BYTES, picture_format
from pipeline.kinds.outside import is_outside
from pipeline.ledger import Change, Outcome, Publication
from pipeline.messages import say
from pipeline.model import Artifact, Job, Message, Role, State
from pipeline.naming import Answer
from pipeline.register import order
from pipeline.steps import issuing, sidecar
from pipeline.steps.answering import answer, by_weight, withdrawn
from pipeline.steps.issuing import Issue
from pipeline.steps.later import (
    Decision,
    amended,
    amends_when_filed,
    decisions,
    entered,
    filed,
    filed_paper,
    named,
    refiling,
)
from pipeline.steps.making import description
from pipeline.steps.matching import paper_of
from pipeline.steps.newest_paper import measured_rows, newest_paper
from pipeline.steps.reading_words import text_of, without_what_was_mended
from pipeline.steps.signatures import check_facts
from pipeline.steps.warnings import as_filed
from pipeline.steps.witnessing import refuse_older
from pipeline.workspace import Workspace


def files(workspace: Workspace, job: Job) -> Outcome:
    """File the signed original with its sidecar; what lay for signature is taken away.

    Of a document that was filed before, a further paper is filed beside the first, and notes of what was decided.
    """
    refuse_older(workspace)
    decided = decisions(workspace, job)
    # recomputed after a crash it is the same, as all that is filed
    issue = None if _lies_there(workspace, job) else _issue(workspace, job)
    filing = _filing(workspace, job, issue)
    # bytes before the record (rule 1); done again after a crash the same bytes lie there already
    archive.file(workspace.folders.archive, filing)
    # asked again: a share that went away meanwhile has got nothing of it
    workspace.must_be_there("archive")
    notes = [workspace.keep(Role.FILED_NOTE, content, path.as_posix()) for path, content in filing.notes.items()]
    path = filing.path.as_posix() if filing.files else filed_paper(workspace, job)["of"]
    note, publication = _notice(workspace, job, path, decided, issue)
    # copies of what another document has replaced or withdrawn go out no more
    if any(issuing.is_ended_by(one) for one in decided):
        issued = issuing.taken_back(workspace, job)
    else:
        issued = issue.publications(workspace, filing.path) if issue else ()
    outcome = Outcome(
        State.ARCHIVED,
        artifacts=(*notes, *((issue.kept(workspace, filing.path),) if issue and issue.sha256 else ()), note),
        # only what lay for signature: answers stay in the unit's folder
        publications=(*withdrawn(workspace, job, workspace.folders.awaiting), *issued, publication),
        detail=_listed(notes),
    )
    return _with_paper(workspace, job, filing, outcome, is_first=not decided) if filing.files else outcome


def _with_paper(workspace: Workspace, job: Job, filing: Filing, outcome: Outcome, *, is_first: bool) -> Outcome:
    """Add to what is recorded of a filing that a paper is filed, and whom the document amends by it."""
    papers = _papers(workspace, job)
    document, *more = (workspace.keep_file(one.role, one.sha256, one.path.as_posix()) for one in papers)
    beside = workspace.keep(Role.SIDECAR, filing.sidecar, filing.sidecar_path.as_posix())
    notes = [one for one in outcome.artifacts if one.role is Role.FILED_NOTE]
    amends = amends_when_filed(workspace, job) if is_first else []
    return replace(
        outcome,
        # the document last of its role: where a paper came in several files, its first one is asked for
        artifacts=(*more, document, beside, *outcome.artifacts),
        files_number=bool(job.number),
        enters=tuple(entered(one.act, one.said) for one in amends),
        also=tuple(_amended(workspace, job, one, document) for one in amends),
        detail={
            "path": document.name,
            "sha256": document.sha256,
            "sidecar_sha256": beside.sha256,
            **_listed([*more, *notes]),
        },
    )


def _amended(workspace: Workspace, job: Job, decision: Decision, document: Artifact) -> Change:
    """Tell the document that is amended, in the transaction by which the one that amends it is filed."""
    other = workspace.ledger.job(int(str(decision.said["amends"])))
    return amended(
        workspace,
        other,
        {
            "amended": job.id,
            "how": decision.said["how"],
            **named(workspace, job),
            "path": document.name,
            "sha256": document.sha256,
            # the person, and the day: it is the program that files
            "who": decision.who,
            "at": decision.at.isoformat(timespec="microseconds"),
            "decided": decision.why,
        },
    )


def _listed(kept: Sequence[Artifact]) -> dict[str, list[str]]:
    """Name in an event what is filed beside a paper and its sidecar: "<sha256> <path>" each."""
    return {"more": [f"{one.sha256} {one.name}" for one in kept]} if kept else {}


def _notice(
    workspace: Workspace, job: Job, path: str, decided: Sequence[Decision], issue: Issue | None
) -> tuple[Artifact, Publication]:
    paper = paper_of(workspace, job) if issue else None
    found = paper.findings if paper else ()
    text = text_of(workspace, job, newest_paper(workspace, job)) if issue else None
    if not decided:
        told = say("The signed paper is filed: {path}.", path=path)
        if job.number:
            told = say("The signed paper is filed: {number}, {path}.", number=job.number, path=path)
        if is_outside(job):
            told = say("The paper is entered as {number} and filed: {path}.", number=job.number, path=path)
        if (late := _late(workspace, job)) is not None:
            told = say("{one} {other}", one=told, other=late)
    else:
        told = say(
            "Document {number}: {remark} It is filed under {path}; what was filed before stays as it was.",
            number=job.number or f"#{job.id}",
            remark=decided[-1].remark,
            path=path,
        )
    if text is not None and text.copy:
        told = say("{one} {other}", one=told, other=say("Beside it lies a copy in which its words can be searched."))
    return answer(
        workspace,
        job,
        Answer.NOTICE,
        unit=job.unit,
        kind=job.kind,
        findings=by_weight(without_what_was_mended(found, text)),
        next_step=issue.told(told, workspace.year(job.year)) if issue else told,
    )


def _late(workspace: Workspace, job: Job) -> Message | None:
    """Say that a document's number was given after that of one dated later: told when it is given (A01)."""
    entry = workspace.ledger.number_entry(job.id)
    if entry is None:
        return None
    found = order.date_order(workspace.ledger.given(entry.series))
    return next((one.message for one in found if one.found == entry.columns.number), None)


#: How files begin that a paper of others may come as, besides PDFs and pictures.
_WORD_FILES: Final = {b"PK\x03\x04": "docx", b"\xd0\xcf\x11\xe0": "doc", b"{\\rtf": "rtf"}


@dataclass(frozen=True)
class _Paper:
    """One file of a signed paper and where it is filed: one that came back, the copy to look at, the words read."""

    role: Role
    sha256: str
    path: PurePosixPath

    @property
    def facts(self) -> dict[str, object]:
        return {"file": self.path.name, "sha256": self.sha256}


def _papers(workspace: Workspace, job: Job) -> list[_Paper]:
    """The files of a document's newest signed paper: those that came back, then copy and words, if any."""
    paper = newest_paper(workspace, job)
    text = text_of(workspace, job, paper)
    copy = (text.copy if text else "") or paper.copy
    words = text.text if text else ""
    parts = [
        *((Role.FILED, sha256, str(at) if at > 1 else "") for at, sha256 in enumerate(paper.received, 1)),
        *([(Role.FILED_COPY, copy, "xem")] if copy else []),
        *([(Role.FILED_TEXT, words, "xem")] if words else []),
    ]
    further = refiling(workspace, job)
    return [_paper(workspace, job, role, sha256, part, further) for role, sha256, part in parts]


def _paper(workspace: Workspace, job: Job, role: Role, sha256: str, part: str, further: Decision | None) -> _Paper:
    extension = "txt" if role is Role.FILED_TEXT else _format_of(workspace, sha256)
    extension = f"{part}.{extension}" if part else extension
    if further is not None:
        return _Paper(role, sha256, naming.later_filing(_first_path(workspace, job), further.time, extension))
    kind, document = workspace.kind(job), description(workspace, job)
    entry = workspace.ledger.number_entry(job.id)
    if entry and entry.suffix:
        # 57a lies beside 57, whatever day and title they share
        extension = f"{entry.suffix}.{extension}"
    path = naming.archive_path(
        # a paper without a number is filed by year, under its job's id
        series=entry.series if entry else f"{kind.series}/{job.year}",
        on=document.on,
        kind=kind.abbreviation,
        number=entry.no if entry else job.id,
        issuer=(is_outside(job) and document.author) or job.unit or workspace.year(job.year).cluster.slug,
        subject=document.title,
        extension=extension,
    )
    return _Paper(role, sha256, path)


def _format_of(workspace: Workspace, sha256: str) -> str:
    with workspace.spool.path(sha256).open("rb") as file:
        head = file.read(HEAD_BYTES)
    if found := picture_format(head):
        return found
    # the door has told what it is; here only the name in the archive follows from it
    return next((name for magic, name in _WORD_FILES.items() if head.startswith(magic)), "pdf")


def _first_path(workspace: Workspace, job: Job) -> PurePosixPath:
    # as it was recorded, not made anew: the facts of the year may have changed since
    return PurePosixPath(filed(workspace, job)[0].name)


def _lies_there(workspace: Workspace, job: Job) -> bool:
    """Tell whether the newest paper of a document is filed already: then only notes are still to be filed."""
    known = {one.name for one in filed(workspace, job)}
    further = refiling(workspace, job)
    # asked first: the path of a first paper is made of facts that may have changed since it was filed
    return bool(known) and (
        further is None or str(naming.later_filing(_first_path(workspace, job), further.time, "json")) in known
    )


def _issue(workspace: Workspace, job: Job) -> Issue:
    """Make the copy that goes out to the recipients, of the PDF in which the newest paper is looked at."""
    paper = newest_paper(workspace, job)
    if is_outside(job):
        # whoever made it sent its copies
        return Issue("", (), ())
    # without the words that a program has read on it: a guess does not go out
    said = description(workspace, job)
    return issuing.issues(workspace, job, paper.looked_at, said, is_signed=paper.is_signed_digitally)


def _filing(workspace: Workspace, job: Job, issue: Issue | None) -> Filing:
    """What is still to be filed of a document: its newest paper with the copy that goes out of it, and new notes."""
    known = {one.name for one in filed(workspace, job)}
    decided, further = decisions(workspace, job), refiling(workspace, job)
    # what is recorded as filed is not written anew: a later program may word a note otherwise
    notes = {
        path: content
        for number, one in enumerate(decided, 1)
        for path, content in [_note(workspace, job, number, one)]
        if path.as_posix() not in known
    }
    if issue is None:
        return Filing({}, b"", notes)
    paper, papers = newest_paper(workspace, job), _papers(workspace, job)
    seen = workspace.recognition(paper.job) if paper.job else None
    measured, text = measured_rows(workspace, paper), text_of(workspace, job, paper)
    amends = [one.facts() for one in amends_when_filed(workspace, job)]
    said = sidecar.facts_of(workspace, job) | {
        "sha256": papers[0].sha256,
        "received": [one.facts | measured.get(one.sha256, {}) for one in papers if one.role is Role.FILED],
        "copy": next((one.facts | sidecar.made_of(seen) for one in papers if one.role is Role.FILED_COPY), None),
        **({"text": _words(papers) | sidecar.text_read(text)} if text else {}),
        "issued_copy": issue.facts() if issue.sha256 else None,
        "signature_places": sidecar.signature_places(seen),
        "recognised_by": sidecar.recognised_by(job, seen),
        "warnings": [*as_filed(workspace, job)],
        **({"filing": further.time, "replaces": further.facts()} if further else {}),
        **({"amends": amends} if amends else {}),
    }
    if (check := workspace.signatures(paper.job if further and paper.job else job)) is not None:
        said["digital_signatures"] = check_facts(check)
    # the bytes that came back, never written into: any change would break a digital signature
    return Filing({one.path: workspace.spool.get(one.sha256) for one in papers}, archive.sidecar_of(said), notes)


def _words(papers: Sequence[_Paper]) -> dict[str, object]:
    return next((one.facts for one in papers if one.role is Role.FILED_TEXT), {})


def _note(workspace: Workspace, job: Job, number: int, decision: Decision) -> tuple[PurePosixPath, bytes]:
    """Write what was decided about a filed document: the sidecar of the paper it is about stays as it was written."""
    first = _first_path(workspace, job)
    said = {"note": number, "number": job.number, "document_code": job.code, **decision.facts()}
    if decision.files:
        by = naming.later_filing(first, decision.time, "json")
        said |= {"by_sidecar": by.name, "by_sha256": decision.files[0]}
    return naming.archive_note(first, number), archive.sidecar_of(said)
