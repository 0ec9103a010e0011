"""The writes to jobs and their history, each inside a transaction that its caller holds."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, update
from sqlalchemy.exc import IntegrityError

from pipeline.errors import StateConflict
from pipeline.ledger import log
from pipeline.ledger.chain import GENESIS, canonical, linked
from pipeline.ledger.imports import attach_paper
from pipeline.ledger.numbers import enter, file_number, give_number, give_up
from pipeline.ledger.outcome import Detail, Done, Drop, Lease, NewJob, Outcome, Publication
from pipeline.ledger.proof import EVENTS
from pipeline.ledger.rows import job_of, stamp
from pipeline.messages import in_vietnamese
from pipeline.model import TRANSITIONS, Artifact, Job, Role, State
from pipeline.store import schema
from pipeline.store.engine import upsert

#: Where a document ends, or its form goes back, without having been issued.
_NOT_ISSUED: Final = frozenset({State.CANCELLED, State.SUPERSEDED, State.RETURNED})
# with every step of every job: put together once
_EVENT: Final = insert(schema.events)
_JOB: Final = insert(schema.jobs).returning(*schema.jobs.c, sort_by_parameter_order=True)
_ARTIFACT: Final = insert(schema.artifacts)
_HISTORY: Final = (
    update(schema.chains)
    .where(schema.chains.c.name == EVENTS)
    .values(length=bindparam("length"), head=bindparam("head"))
)
_PUBLICATION: Final = insert(schema.publications)
_ONE_ARTIFACT: Final = ("job_id", "role", "sha256")
_ARTIFACT_AGAIN: Final = delete(schema.artifacts).where(
    *(schema.artifacts.c[name] == bindparam(f"of_{name}") for name in _ONE_ARTIFACT)
)


def record_event(  # noqa: PLR0913 - one parameter per column of the history
    connection: Connection,
    *,
    job_id: int | None,
    at: dt.datetime,
    who: str,
    action: str,
    from_state: str = "",
    to_state: str = "",
    why: str = "",
    detail: Detail | None = None,
) -> None:
    """Append one event to the chain."""
    row: dict[str, Any] = {
        "job_id": job_id,
        "at": stamp(at),
        "who": who,
        "action": action,
        "from_state": from_state,
        "to_state": to_state,
        "why": why,
        "detail": canonical(detail or {}),
    }
    _record_events(connection, [row])


def _record_events(connection: Connection, said: Sequence[dict[str, Any]]) -> None:
    """Append events to the chain; the chain's row is locked first, so events are in one order on every engine."""
    state, head = log.state_and_history_of(connection)
    # not a database sequence: those leave gaps when a transaction is rolled back, and a gap means a cut history here
    if head is None:
        head = connection.execute(
            upsert(connection, schema.chains, {"name": EVENTS, "length": 0, "head": GENESIS})
            .on_conflict_do_update(index_elements=["name"], set_={"length": schema.chains.c.length})
            .returning(schema.chains.c.length, schema.chains.c.head)
        ).one()
    rows, leaves, digest = [], [], head.head
    for event_id, one in enumerate(said, start=head.length + 1):
        # all of the row is hashed, the reason and the person too: none of it can be told otherwise later
        row, previous = {"id": event_id, **one}, digest
        data = linked(previous, row)
        digest = hashlib.sha256(data).hexdigest()
        rows.append({**row, "previous_hash": previous, "hash": digest})
        leaves.append(log.Entry(data, event_id=event_id))
    connection.execute(_EVENT, rows)
    connection.execute(_HISTORY, {"length": head.length + len(said), "head": digest})
    log.append_many(connection, state, leaves)


def record_artifacts(
    connection: Connection,
    job_id: int,
    artifacts: Iterable[tuple[Artifact, dt.datetime]],
    recorded: Iterable[Artifact] | None = None,
) -> None:
    """Record which bytes belong to a job, and since when; bytes recorded before are so again, and are the newest.

    `recorded` is what is on record of it, where that is known.
    """
    newest: dict[tuple[Role, str], dict[str, Any]] = {}
    for artifact, at in artifacts:
        # bytes that come twice are one artifact, and as new as the later
        newest.pop((artifact.role, artifact.sha256), None)
        newest[artifact.role, artifact.sha256] = {
            "job_id": job_id,
            "role": artifact.role.value,
            "sha256": artifact.sha256,
            "size_bytes": artifact.size_bytes,
            "name": artifact.name,
            "at": stamp(at),
        }
    if newest:
        known = newest.keys() if recorded is None else newest.keys() & {(one.role, one.sha256) for one in recorded}
        again = [{f"of_{name}": newest[one][name] for name in _ONE_ARTIFACT} for one in known]
        # a new row has a new id, and order is by id: the clock may have gone back since the old one was written
        if again:
            connection.execute(_ARTIFACT_AGAIN, again)
        connection.execute(_ARTIFACT, list(newest.values()))


def record_publications(connection: Connection, job_id: int, publications: Sequence[Publication]) -> None:
    """Record what is to be published, or taken away again, after the transaction."""
    if publications:
        rows = [{"job_id": job_id, "path": one.path, "sha256": one.sha256} for one in publications]
        connection.execute(_PUBLICATION, rows)


def add_job(connection: Connection, values: dict[str, Any]) -> Job:
    """Insert a job row and give it back as read."""
    return _add_jobs(connection, [values])[0]


def _add_jobs(connection: Connection, values: Sequence[dict[str, Any]]) -> list[Job]:
    # given back by the same statement, with what the database fills in by itself
    return [job_of(row) for row in connection.execute(_JOB, values)]


def open_jobs(connection: Connection, drops: Sequence[Drop], at: dt.datetime, who: str) -> list[Job]:
    """Open the jobs of drops whose bytes are new, in their order."""
    values = [
        {
            "state": State.RECEIVED.value,
            "name": drop.name,
            "folder": drop.folder,
            "submission_sha256": drop.sha256,
            "received_at": stamp(at),
            "changed_at": stamp(at),
        }
        for drop in drops
    ]
    jobs = _add_jobs(connection, values)
    _record_events(connection, [_taken(job, drop, at, who) for job, drop in zip(jobs, drops, strict=True)])
    return jobs


def _taken(job: Job, drop: Drop, at: dt.datetime, who: str) -> dict[str, Any]:
    detail = {"name": drop.name, "folder": drop.folder, "sha256": drop.sha256}
    return {
        "job_id": job.id,
        "at": stamp(at),
        "who": who,
        "action": "intake.take",
        "from_state": "",
        "to_state": State.RECEIVED.value,
        "why": "",
        "detail": canonical(detail | ({"unseen": drop.unseen} if drop.unseen else {})),
    }


def open_revision(connection: Connection, new: NewJob, at: dt.datetime, who: str, why: str) -> Job:
    """Open a further revision of a job: the same submission, to be made again."""
    job = add_job(
        connection,
        {
            "state": new.state.value,
            **asdict(new.identity),
            "name": new.job.name,
            "folder": new.job.folder,
            "submission_sha256": new.job.submission_sha256,
            "bundle_sha256": new.bundle_sha256,
            "document_on": new.job.document_on.isoformat() if new.job.document_on else "",
            # of the submission, not of today: a document made anew does not become late by it (I13)
            "received_at": stamp(new.job.received_at),
            "changed_at": stamp(at),
        },
    )
    record_artifacts(connection, job.id, ((artifact, at) for artifact in new.artifacts))
    record_event(
        connection,
        job_id=job.id,
        at=at,
        who=who,
        action="job.revise",
        to_state=new.state.value,
        why=why,
        detail={"of_job": new.job.id, "revision": new.identity.revision},
    )
    return job


def leased(lease: Lease | None, at: dt.datetime | None = None) -> dict[str, str]:
    """Give the columns of a job that is leased from `at` on, or that nobody works on."""
    if lease is None or at is None:
        return {"lease_owner": "", "lease_until": ""}
    return {"lease_owner": lease.owner, "lease_until": stamp(at + dt.timedelta(seconds=lease.seconds))}


def _let_be_dropped_again(connection: Connection, job_id: int, to: State) -> None:
    """What is cancelled does not count as received: the file that lies there still may be taken anew."""
    if to is not State.CANCELLED:
        return
    table = schema.drops
    connection.execute(
        update(table).where(table.c.job_id == job_id).values(fingerprint=table.c.fingerprint + f" #{job_id}")
    )


def _settings(outcome: Outcome) -> dict[str, Any]:
    """Give the columns of a job that an outcome sets besides where it stands."""
    values: dict[str, Any] = asdict(outcome.identity) if outcome.identity else {}
    if outcome.document_on:
        values["document_on"] = outcome.document_on.isoformat()
    if outcome.bundle_sha256:
        values["bundle_sha256"] = outcome.bundle_sha256
    return values


def move(
    connection: Connection, job: Job, outcome: Outcome, at: dt.datetime, who: str, lease: Lease | None = None
) -> Job:
    """Change one job's row, provided nobody else has since it was read; everything the outcome carries comes with it.

    The job is given back by it, or with `lease` stays with its worker for as long again; returned as it then stands.
    Raises StateConflict when the job has moved, and for a transition that `model.TRANSITIONS` does not know.
    """
    # before any other row: two that move the same job at once wait here, and not for each other
    log.lock(connection)
    require_transition(job, outcome)
    values = _settings(outcome)
    # taken last, after all checks: a step that fails leaves no number behind (rule 3)
    if outcome.number is not None:
        values["number"] = give_number(connection, job, outcome.number, at, who, outcome.why)
    if outcome.bears is not None:
        values["number"] = attach_paper(connection, job, outcome.bears, at, who, outcome.why)
    # what was reserved for a document that is not to be: its number is void, and never given again
    reason = outcome.why or in_vietnamese("Its document was replaced by a later one.")
    if job.number and outcome.to in _NOT_ISSUED and give_up(connection, job, at, who, reason):
        values["number"] = ""
    # those who give way do so first: the index allows one accepted job about a matter
    for change in outcome.also:
        move(connection, change.job, change.outcome, at, who)
    moved = _changed(connection, job, values | _standing(outcome, at, lease), 1)
    _let_be_dropped_again(connection, job.id, outcome.to)
    record_artifacts(connection, job.id, ((artifact, at) for artifact in outcome.artifacts))
    record_publications(connection, job.id, outcome.publications)
    # in the transaction that files: a number never stands without the bytes it stands for
    if outcome.files_number:
        file_number(connection, job, outcome.detail, at, who)
    for entered in outcome.enters:
        enter(connection, job, entered, at, who)
    detail = {**outcome.detail, **({"number": values["number"]} if values.get("number") else {})}
    _record_events(connection, [_event(job, replace(outcome, detail=detail), at, who)])
    return moved


def is_plain(job: Job, outcome: Outcome) -> bool:
    """Tell whether an outcome moves its own job alone, and neither register nor drops know of it."""
    more = (outcome.bears, outcome.files_number, outcome.enters, outcome.also, outcome.opens, job.number)
    return outcome.number is None and outcome.to is not State.CANCELLED and not any(more)


def moved(job: Job, outcome: Outcome, at: dt.datetime) -> Job:
    """Give a job as it stands after a plain outcome. Raises StateConflict as `move`."""
    require_transition(job, outcome)
    return replace(
        job,
        **asdict(outcome.identity or job.identity),
        state=outcome.to,
        sequence=job.sequence + 1,
        reason=outcome.why,
        changed_at=at,
        document_on=outcome.document_on or job.document_on,
        bundle_sha256=outcome.bundle_sha256 or job.bundle_sha256,
    )


def move_on(
    connection: Connection,
    stretch: Sequence[Done],
    who: str,
    lease: Lease | None,
    known: Iterable[Artifact] | None = None,
) -> Job:
    """Record several plain outcomes of one job, each an event of its own, as `move` would one after the other.

    `known` are the artifacts it had when it was read, where they were asked for: a job that has not moved since has
    no others.
    """
    log.lock(connection)
    first, last = stretch[0], stretch[-1]
    values: dict[str, Any] = {}
    for one in stretch:
        values |= _settings(one.outcome)
    values |= _standing(last.outcome, last.at, lease)
    recorded = _changed(connection, first.job, values, len(stretch))
    of_all = [(artifact, one.at) for one in stretch for artifact in one.outcome.artifacts]
    record_artifacts(connection, first.job.id, of_all, known)
    record_publications(connection, first.job.id, [each for one in stretch for each in one.outcome.publications])
    _record_events(connection, [_event(one.job, one.outcome, one.at, who) for one in stretch])
    return recorded


def require_transition(job: Job, outcome: Outcome) -> None:
    """Raise StateConflict for a transition that `model.TRANSITIONS` does not know."""
    # asked here, where everything passes, and not of the steps: one forgotten check would be for ever in the history
    if outcome.to not in TRANSITIONS[job.state]:
        raise StateConflict(
            f"Job {job.id} cannot go from {job.state} to {outcome.to}. This is a bug; please report it."
        )


def _standing(outcome: Outcome, at: dt.datetime, lease: Lease | None) -> dict[str, Any]:
    """Give the columns that say where a job stands."""
    # with the move the lease ends or begins anew: a step costs one write, not two (decision 0014)
    return leased(lease, at) | {"state": outcome.to.value, "reason": outcome.why, "changed_at": stamp(at)}


def _changed(connection: Connection, job: Job, values: dict[str, Any], steps: int) -> Job:
    """Change a job's row by so many steps, and give it as it then stands. Raises StateConflict."""
    table = schema.jobs
    try:
        # the sequence, not the lease, decides which of two results counts (decision 0014)
        row = connection.execute(
            update(table)
            .where(table.c.id == job.id, table.c.sequence == job.sequence)
            .values(**values, sequence=job.sequence + steps)
            .returning(*table.c)
        ).first()
    # `uq_jobs_accepted`: two corrections were judged side by side, and the other one was first
    except IntegrityError as trouble:
        raise StateConflict(
            f"Another file about the same matter as job {job.id} was recorded meanwhile; nothing was changed."
        ) from trouble
    if row is None:
        raise StateConflict(f"Job {job.id} was moved by somebody else since it was read; nothing was changed.")
    return job_of(row)


def _event(job: Job, outcome: Outcome, at: dt.datetime, who: str) -> dict[str, Any]:
    return {
        "job_id": job.id,
        "at": stamp(at),
        "who": who,
        "action": f"job.{outcome.to.value}",
        "from_state": job.state.value,
        "to_state": outcome.to.value,
        "why": outcome.why,
        "detail": canonical(outcome.detail),
    }
