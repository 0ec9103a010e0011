"""A step done by itself: the job it is done with, and what its outcome says."""

from pathlib import Path

from pipeline.app.worker import Worker
from pipeline.intake import look
from pipeline.ledger import Outcome, Publication
from pipeline.model import Finding, Job, Role, State
from pipeline.steps import judges, reads
from pipeline.workspace import Workspace
from tests.folders import drop, let_in
from tests.said import vi
from tests.status.office import Office
from tests.word_words import words_of


def taken(office: Office, name: str, content: str | bytes, folder: str = "") -> Job:
    """Drop a file and take it out of the inbox; nobody has read it yet."""
    drop(office.folder, name, content, folder)
    worker = Worker(office.workspace)
    jobs = worker.take(look(office.folder / "inbox"))
    if not jobs:
        let_in(office.workspace)
        jobs = worker.take(look(office.folder / "inbox"))
    (job,) = jobs
    return job


def read(office: Office, name: str, content: str | bytes, folder: str = "") -> Job:
    """Have a dropped form read; it is to be judged next."""
    job = taken(office, name, content, folder)
    job = office.workspace.ledger.advance(job, reads(office.workspace, job))
    assert job.state is State.READ, job.reason
    return job


def accepted(office: Office, name: str, content: str | bytes, folder: str = "") -> Job:
    """Have a dropped form read and judged; nothing has been made of it yet."""
    job = read(office, name, content, folder)
    job = office.workspace.ledger.advance(job, judges(office.workspace, job))
    assert job.state is State.ACCEPTED, job.reason
    return job


def jobs(office: Office) -> list[Job]:
    """Every job, in the order of their ids."""
    return sorted(office.workspace.ledger.in_states(State), key=lambda job: job.id)


def roles(outcome: Outcome) -> list[Role]:
    """What an outcome records, in order."""
    return [one.role for one in outcome.artifacts]


def content(workspace: Workspace, outcome: Outcome, role: Role) -> bytes:
    """The bytes an outcome records in a role."""
    (found,) = [one for one in outcome.artifacts if one.role is role]
    return workspace.spool.get(found.sha256)


def put(outcome: Outcome) -> list[str]:
    """The paths an outcome puts something at."""
    return [one.path for one in outcome.publications if one.sha256]


def removed(publications: tuple[Publication, ...]) -> list[str]:
    """The paths from which something is to be taken away."""
    return [one.path for one in publications if not one.sha256]


def words(document: bytes | Path) -> str:
    """The words of a Word document."""
    return words_of(document)


def told(finding: Finding) -> tuple[str, str, str, str, str]:
    """A finding as people read it: place, sentence, what was found, what is needed, how to mend it."""
    said = (vi(finding.message), finding.found, vi(finding.needed), vi(finding.mend))
    return str(finding.place.pointer), *said
