"""The newest signed paper of a document: its files, and how they were scanned."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline import papers
from pipeline.model import Job, Message, Recognition, Role
from pipeline.steps.later import refiling
from pipeline.steps.matching import paper_of
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class NewestPaper:
    """The sha256 of the files that came back, and of the PDF in which they are looked at, "" where that is the first.

    `job` is the job of the paper, None where nobody knows it; `is_signed_digitally`: it bears digital signatures.
    """

    received: tuple[str, ...]
    copy: str
    job: Job | None
    is_signed_digitally: bool

    @property
    def looked_at(self) -> str:
        """The sha256 of the PDF in which the paper is looked at."""
        return self.copy or self.received[0]


def newest_paper(workspace: Workspace, document: Job) -> NewestPaper:
    """Give the newest signed paper of a document that has one."""
    further, paper = refiling(workspace, document), paper_of(workspace, document)
    job = workspace.ledger.job(paper.job) if paper else None
    if further is not None:
        # a further paper is told with its own signatures: the one before it may have been signed otherwise
        told = workspace.ledger.job(int(str(further.said["paper"])))
        return NewestPaper(tuple(further.files), further.copy, told, workspace.signatures(told) is not None)
    kept = workspace.ledger.artifacts(document.id)
    received = tuple(one.sha256 for one in kept if one.role is Role.SIGNED)
    copies = [one.sha256 for one in kept if one.role is Role.COPY]
    is_signed = workspace.signatures(document) is not None
    return NewestPaper(received, copies[-1] if copies else "", job, is_signed)


def measured_rows(workspace: Workspace, paper: NewestPaper) -> dict[str, dict[str, object]]:
    """Give by the sha256 of each received file how many sheets it has, and how these were scanned."""
    return {
        job.submission_sha256: {
            "pages": len(seen.measured),
            "scanned": papers.rows_of(seen.measured, seen.of_sheets),
        }
        for job, seen in _recognitions(workspace, paper)
        if seen.measured
    }


def measured_said(workspace: Workspace, job: Job) -> Message | None:
    """Say in a line how a paper, or the newest paper of a document, was scanned; None where nobody measured it."""
    seen = workspace.recognition(job)
    if seen is None and workspace.ledger.artifact(job.id, Role.SIGNED) is not None:
        seen = next((one for _, one in _recognitions(workspace, newest_paper(workspace, job))), None)
    return papers.measured_said(seen.measured, seen.of_sheets) if seen is not None and seen.measured else None


def _recognitions(workspace: Workspace, paper: NewestPaper) -> Iterator[tuple[Job, Recognition]]:
    """What was seen of the paper, and of those whose sheets are in it, too."""
    seen = workspace.recognition(paper.job) if paper.job is not None else None
    if paper.job is None or seen is None:
        return
    yield paper.job, seen
    for job in map(workspace.ledger.job, seen.joined):
        if (other := workspace.recognition(job)) is not None:
            yield job, other
