"""The status of a year: what each unit owes and has sent, the cluster's own documents, and who is waited for."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.kinds import Kind
from pipeline.kinds.orders import ORDERS
from pipeline.kinds.outside import OUTSIDE
from pipeline.model import AFTER_ACCEPTANCE, Finding, Job, State
from pipeline.status.views import Status
from pipeline.steps.gathering import missing
from pipeline.steps.warnings import open_warnings
from pipeline.workspace import Workspace
from pipeline.years import Unit, Year

#: States that no longer count for a matter: something later took the job's place, or it was cancelled.
PAST = frozenset({State.SUPERSEDED, State.CANCELLED, State.MATCHED})

STATUS_OF = {
    State.RECEIVED: Status.CHECKING,
    State.READ: Status.CHECKING,
    State.RETURNED: Status.RETURNED,
    State.HELD: Status.HELD,
    State.DELIVERED: Status.AWAITED,
    State.NUMBERED: Status.AWAITED,
    State.PARTLY_SIGNED: Status.PARTLY_SIGNED,
    State.SIGNED: Status.SIGNED,
    State.REGISTERED: Status.SIGNED,
    State.ARCHIVED: Status.ARCHIVED,
}


@dataclass(frozen=True)
class UnitStatus:
    """The status of one unit with one kind; `job` is None when nothing was ever dropped.

    `late_days` counts calendar days after the deadline: until the file came, or until today while it is missing.
    """

    unit: str
    kind: str
    job: Job | None
    status: Status
    late_days: int = 0

    @property
    def is_missing(self) -> bool:
        """Whether it is the unit's turn: nothing came, or what came was sent back."""
        return self.status in {Status.MISSING, Status.RETURNED}


@dataclass(frozen=True)
class Waiting:
    """A document that waits, and the units it waits for."""

    job: Job
    units: tuple[str, ...]


@dataclass(frozen=True)
class YearStatus:
    """The year as of a day. `warnings` are those nobody has accepted, of documents not filed yet."""

    year: int
    as_of: dt.date
    cells: tuple[UnitStatus, ...]
    cluster: tuple[Job, ...]
    waiting: tuple[Waiting, ...]
    warnings: tuple[tuple[Job, Finding], ...]
    held: tuple[Job, ...]
    unclear: tuple[Job, ...]
    counts: dict[State, int]
    changed_at: dt.datetime | None


def year_status(workspace: Workspace, year: int, on: dt.date | None = None) -> YearStatus:
    """Give the status of a year on a day, today unless another is given; of a year that is over, on its last day."""
    facts = workspace.year(year)
    # late days stop with the year: what is missing then is missing, and not later every day
    as_of = min(on or workspace.today(), dt.date(year, 12, 31))
    # of papers that were not made here the year may have any number, and the board shows none
    jobs = workspace.ledger.of_year(year, leaving_out={"", ORDERS.id, *OUTSIDE})
    newest = _newest(jobs)
    # of what is filed no warning is open: its sidecar says what was accepted, and by whom
    live = [job for job in newest.values() if job.state in AFTER_ACCEPTANCE - {State.ARCHIVED}]
    warnings = open_warnings(workspace, live)
    return YearStatus(
        year=year,
        as_of=as_of,
        cells=_unit_statuses(workspace, facts, as_of, jobs, newest),
        # of no unit: the cluster's own, unless it is only not known yet whose it is
        cluster=tuple(job for (_, unit, _), job in newest.items() if not unit and _is_known(workspace, job)),
        waiting=tuple(
            Waiting(job, missing(workspace, job, workspace.kind(job)))
            for job in newest.values()
            if job.state is State.WAITING
        ),
        warnings=tuple((job, finding) for job in live for finding in warnings.get(job.id, ())),
        # of any year: what is held, or not identified, has no year that could be trusted
        held=tuple(workspace.ledger.in_states([State.HELD])),
        unclear=tuple(
            job
            for job in workspace.ledger.unidentified([State.RETURNED, State.HELD])
            if not _is_known(workspace, job)
        ),
        counts=workspace.ledger.counts(),
        changed_at=workspace.ledger.last_event_at(),
    )


def _is_known(workspace: Workspace, job: Job) -> bool:
    """Whether it is known what a file is, and whose."""
    kind = workspace.loaded().kinds.get(job.kind)
    return bool(job.kind) and (bool(job.unit) or kind is None or kind.submitted_by == "cluster")


def _newest(jobs: Iterable[Job]) -> dict[tuple[str, str, str], Job]:
    """Give the job that counts for each kind, unit and variant: the newest by id, not by any clock."""
    newest: dict[tuple[str, str, str], Job] = {}
    for job in jobs:
        kept = newest.get((job.kind, job.unit, job.variant))
        # an accepted document stays in force, whatever faulty file came after it
        if job.state not in PAST and (
            kept is None or kept.state not in AFTER_ACCEPTANCE or job.state in AFTER_ACCEPTANCE
        ):
            newest[job.kind, job.unit, job.variant] = job
    return newest


def _unit_statuses(
    workspace: Workspace, year: Year, as_of: dt.date, jobs: list[Job], newest: dict[tuple[str, str, str], Job]
) -> tuple[UnitStatus, ...]:
    kinds = sorted(
        (kind for kind in workspace.loaded().kinds.values() if kind.submitted_by == "unit"),
        key=lambda kind: (due_of(kind, year) or dt.date.max, kind.id),
    )
    came = _came(workspace, year.year, jobs)
    # of several variants the last one counts: the board has one cell for a unit and a kind
    standing_of = {(job.kind, job.unit): job for job in sorted(newest.values(), key=lambda job: job.id)}
    return tuple(
        _unit_status(unit, kind, standing_of.get((kind.id, unit.code)), year, as_of, came)
        for unit in year.units
        for kind in kinds
    )


def _unit_status(
    unit: Unit, kind: Kind, job: Job | None, year: Year, as_of: dt.date, came: dict[tuple[str, str, str], dt.date]
) -> UnitStatus:
    due = due_of(kind, year)
    # membership counts on the day the kind is due: who joined later never owed it
    if job is None and not unit.period.holds_on(due or as_of):
        return UnitStatus(unit.code, kind.id, None, Status.NOT_OWED)
    status = STATUS_OF.get(job.state, Status.VALID) if job else Status.MISSING
    is_open = status in {Status.MISSING, Status.RETURNED}
    day = as_of if job is None or is_open else came[job.kind, job.unit, job.variant]
    # calendar days, as being late is counted (I13)
    return UnitStatus(unit.code, kind.id, job, status, max(0, (day - due).days) if due else 0)


def due_of(kind: Kind, year: Year) -> dt.date | None:
    """Give the day by which a kind is due: the milestone its kind.yaml names; None when the year sets no day."""
    milestone = year.milestone(kind.deadline) if kind.deadline else None
    return milestone.due if milestone else None


def _came(workspace: Workspace, year: int, jobs: list[Job]) -> dict[tuple[str, str, str], dt.date]:
    """Say when each matter was handed in (I13): the day the first accepted file came, else the first file of all.

    A year that is entered after its end is judged by the papers' own dates: nobody can tell when they came.
    """
    # a faulty file in time does not meet the deadline when an accepted one came later
    accepted = workspace.ledger.once(State.ACCEPTED, [job.id for job in jobs])
    days: dict[tuple[str, str, str], dt.date] = {}
    counted = (job for job in jobs if job.state is not State.CANCELLED)  # as if it had never been handed in
    for job in sorted(counted, key=lambda job: (job.id not in accepted, job.id)):
        received = job.received_at.astimezone().date()
        day = job.document_on if received.year > year and job.document_on else received
        days.setdefault((job.kind, job.unit, job.variant), day)
    return days
