"""Standing: how the year stands, unit by unit and kind by kind, and what happens next to anything ever dropped."""

import re
from dataclasses import dataclass

from pipeline.answers import states
from pipeline.house import House
from pipeline.kinds import Kind
from pipeline.ledger.rows import Seen
from pipeline.messages import say
from pipeline.model import AFTER_ACCEPTANCE, Finding, Job, Role, Said, State
from pipeline.steps.gathering import missing

#: States that say nothing about a matter any more: something later took their place.
PAST = frozenset({State.SUPERSEDED, State.CANCELLED, State.MATCHED})


@dataclass(frozen=True)
class Cell:
    """What stands about one unit and one kind; `job` None when nothing was ever dropped."""

    unit: str
    kind: str
    job: Job | None


@dataclass(frozen=True)
class Waiting:
    """A document that waits, and the units it waits for."""

    job: Job
    units: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """The year at a glance."""

    year: int
    cells: tuple[Cell, ...]
    cluster: tuple[Job, ...]
    waiting: tuple[Waiting, ...]
    unclear: tuple[Job, ...]
    counts: dict[State, int]


def standing(house: House, year: int) -> Standing:
    """Say how a year stands: the newest job of each unit and kind, the cluster's own documents, who is waited for."""
    kinds = house.loaded().kinds
    newest: dict[tuple[str, str, str], Job] = {}
    for job in house.ledger.in_states(set(State) - PAST):
        if job.year == year and job.kind:
            kept = newest.get((job.kind, job.unit, job.variant))
            # an accepted document stands, whatever faulty file came after it
            if kept is None or kept.state not in AFTER_ACCEPTANCE or job.state in AFTER_ACCEPTANCE:
                newest[job.kind, job.unit, job.variant] = job
    from_units = [kind for kind in kinds.values() if kind.submitted_by == "unit"]
    return Standing(
        year=year,
        cells=tuple(
            Cell(unit.code, kind.id, newest.get((kind.id, unit.code, "")))
            for unit in house.year(year).units
            for kind in from_units
        ),
        cluster=tuple(job for (_, unit, _), job in newest.items() if not unit),
        waiting=tuple(_waiting(house, job) for job in newest.values() if job.state is State.WAITING),
        unclear=tuple(job for job in house.ledger.in_states([State.RETURNED, State.HELD]) if not job.kind),
        counts=house.ledger.counts(),
    )


def _waiting(house: House, job: Job) -> Waiting:
    return Waiting(job, missing(house, job, house.kind(job)))


@dataclass(frozen=True)
class Account:
    """The answer to "why?": the job, where its pieces are, what was found, and what happens next."""

    job: Job
    kind: Kind | None
    state: Said
    next_step: Said
    findings: tuple[Finding, ...]
    lies_in: tuple[str, ...]
    seen: tuple[Seen, ...]


def account(house: House, job: Job) -> Account:
    """Give account of one job."""
    filed = house.ledger.artifact(job.id, Role.FILED)
    lies_in = [f"{house.folders.outbox.name}/{path}" for path in house.ledger.standing(job.id)]
    if filed is not None:
        lies_in.append(f"{house.folders.archive.name}/{filed.name}")
    return Account(
        job=job,
        kind=house.loaded().kinds.get(job.kind),
        state=states()[job.state],
        next_step=next_step(house, job),
        findings=house.findings(job),
        lies_in=tuple(lies_in),
        seen=tuple(house.ledger.seen(sha256=job.submission_sha256)),
    )


def next_step(house: House, job: Job) -> Said:
    """Say what happens next, and who has to do it."""
    reason = re.sub(r"\bjob (\d+)\b", r"#\1", job.reason) or "–"
    told = {
        State.RETURNED: say("The sender mends the places named in the note and drops the file again."),
        State.HELD: say("The operator looks into it ({why}), then: vanthu reprocess {id}", why=reason, id=job.id),
        State.DELIVERED: say("The document is signed and its scan dropped into the inbox."),
        State.NUMBERED: say("The number {number} is written on the paper; its scan is dropped.", number=job.number),
        State.ARCHIVED: say("Nothing: it is filed."),
        State.MATCHED: say("Nothing: this was the signed paper of {document}.", document=reason),
        State.SUPERSEDED: say("Nothing: {later} took its place.", later=reason),
        State.CANCELLED: say("Nothing: it was called off ({why}).", why=reason),
    }
    if job.state is State.WAITING:
        units = ", ".join(_waiting(house, job).units)
        return say("It goes on by itself when these units' documents are accepted: {units}.", units=units)
    return told.get(job.state) or say("The program goes on with it by itself; if nothing moves: vanthu run")
