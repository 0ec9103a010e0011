"""Restoring: what a lost or old ledger lacks is made anew of the lines of the archive's journal, all or nothing.

Entries of the register come back whole, with their hashes; of other events only the leaf is known. A job that a
number or a filing tells of comes back as far as that: filed, or numbered and held for a person.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from pipeline.ledger import acts, log
from pipeline.ledger.chain import GENESIS
from pipeline.ledger.ledger import Ledger
from pipeline.ledger.numbers import BOOKED
from pipeline.ledger.rows import parts_of, stamp
from pipeline.messages import say, shown_in
from pipeline.model import Artifact, Direction, Message, State
from pipeline.proof.standalone import Line
from pipeline.store import schema
from pipeline.store.engine import writing

#: The event by which a rebuilding is told; `bare` of its leaves have no row.
REBUILT: Final = "rebuild.done"


@dataclass(frozen=True)
class Returned:
    """What is known of a job that comes back: columns of its row, its filed files (the paper last of its role)."""

    columns: dict[str, Any] = field(default_factory=dict)
    artifacts: tuple[Artifact, ...] = ()


@dataclass
class _Job:
    """What the lines say of one job: its valid number, its last filing, when it was first told of."""

    number: str = ""
    filed: dict[str, Any] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    at: str = ""


@dataclass(frozen=True)
class _Writing:
    """When it is written, by whom, and in which language reasons are."""

    now: dt.datetime
    who: str
    language: str


#: Gives what is known of a job from the files of the archive: its id, path -> sha256.
Look = Callable[[int, dict[str, str]], Returned]


def restore(
    ledger: Ledger,
    lines: Iterable[Line],
    filed_by: Callable[[dict[str, Any]], dict[str, str]],
    look: Look,
    why: str,
    language: str,
) -> tuple[int, int]:
    """Append what the ledger lacks; gives how many entries and how many filed papers came back.

    `lines` are those behind the ledger's end, in order; `filed_by` reads off a line which files it files. The reasons
    of jobs are recorded in `language`.
    """
    jobs: dict[int, _Job] = {}
    bare = entries = 0
    writer = _Writing(ledger.clock(), ledger.who, language)
    with writing(ledger.engine) as connection:
        for line in lines:
            state = log.state_of(connection)
            said = line.said
            if said is not None:
                _tell(jobs, said, filed_by(said))
            if said is not None and "series" in said:
                entry_id = _entry(connection, line, said)
                log.append_leaf(connection, state, line.leaf, entry_id=entry_id)
                entries += 1
            else:
                log.append_leaf(connection, state, line.leaf, line=line.text)
                bare += 1
        for job_id, job in sorted(jobs.items()):
            _bring_back(connection, job_id, job, look(job_id, job.paths), writer)
        _count_on(connection)
        detail = {"bare": bare, "entries": entries}
        acts.record_event(
            connection, job_id=None, at=writer.now, who=writer.who, action=REBUILT, why=why, detail=detail
        )
    return entries, sum(bool(job.filed) for job in jobs.values())


def _tell(jobs: dict[int, _Job], said: dict[str, Any], paths: dict[str, str]) -> None:
    if not said.get("job_id"):
        return
    job = jobs.setdefault(int(said["job_id"]), _Job(at=str(said["at"])))
    job.paths |= paths
    if said.get("to_state") == State.ARCHIVED:
        job.filed |= json.loads(said["detail"])
    if parts_of(str(said.get("act", "")))[0] in BOOKED:
        job.number = str(json.loads(said["facts"])["number"])
    if said.get("act") == "void":
        job.number = ""


def _entry(connection: Connection, line: Line, said: dict[str, Any]) -> int:
    """Bring one entry of the register back, and its series up to it."""
    table, facts = schema.series, json.loads(said["facts"])
    known = connection.execute(select(table).where(table.c.key == said["series"])).first()
    if known is None:
        direction = Direction(facts.get("direction") or Direction.OUTGOING)
        begun = {"key": said["series"], "direction": direction.value, "last_no": 0, "entries": 0, "head": GENESIS}
        series_id, last = connection.execute(insert(table).values(begun).returning(table.c.id)).scalar_one(), 0
    else:
        series_id, last = known.id, known.last_no
    last = {"number": said["no"], "begin": said["no"] - 1}.get(said["act"], last)
    connection.execute(
        update(table).where(table.c.id == series_id).values(last_no=last, entries=said["entry"], head=line.hash)
    )
    if said["job_id"]:
        _row(connection, said["job_id"], str(said["at"]))
    columns = {name: said[name] for name in ("entry", "no", "act", "job_id", "at", "who", "why", "facts")}
    row = insert(schema.register).values(**columns, series_id=series_id, previous_hash=line.previous, hash=line.hash)
    return int(connection.execute(row.returning(schema.register.c.id)).scalar_one())


def _row(connection: Connection, job_id: int, at: str) -> None:
    """Make sure that a job has a row, of which the rest is told later."""
    jobs = schema.jobs
    if connection.execute(select(jobs.c.id).where(jobs.c.id == job_id)).first() is None:
        connection.execute(
            insert(jobs).values(
                id=job_id, state=State.CANCELLED.value, name="", submission_sha256="", received_at=at, changed_at=at
            )
        )
        # recorded, so that history and row agree whatever follows
        # (a number that was given and made void leaves the job cancelled)


def _bring_back(connection: Connection, job_id: int, job: _Job, known: Returned, as_: _Writing) -> None:
    jobs = schema.jobs
    _row(connection, job_id, job.at)
    row = connection.execute(select(jobs).where(jobs.c.id == job_id)).one()
    is_new = row.submission_sha256 == ""
    to, told = _state(State(row.state), job, is_new=is_new)
    why = shown_in(told, as_.language) if told else ""
    values = known.columns if is_new else {}
    # two documents about one matter, of which the journal does not tell which counts: the second has no kind
    if values.get("kind") and _is_taken(connection, values):
        values = values | {"kind": ""}
    values = values | {"state": to.value, "number": job.number, "reason": why, "changed_at": stamp(as_.now)}
    connection.execute(update(jobs).where(jobs.c.id == job_id).values(**values, sequence=jobs.c.sequence + 1))
    acts.record_artifacts(connection, job_id, ((artifact, as_.now) for artifact in known.artifacts))
    acts.record_event(
        connection,
        job_id=job_id,
        at=as_.now,
        who=as_.who,
        action="job.rebuild",
        from_state="" if is_new else row.state,
        to_state=to.value,
        why=why,
        detail=job.filed | ({"number": job.number} if job.number else {}),
    )


def _state(state: State, job: _Job, *, is_new: bool) -> tuple[State, Message | None]:
    """Say where a job stands by what came back of it, and why."""
    if job.filed:
        return State.ARCHIVED, say("made anew from the archive")
    if not is_new:
        # out for signature, now with its number; further on the number is found when it is wanted
        return (State.NUMBERED if job.number and state is State.DELIVERED else state), None
    if job.number:
        why = say("made anew from the archive: the number was given, its paper has not come back")
        return State.HELD, why
    return State.CANCELLED, say("made anew from the archive")


def _is_taken(connection: Connection, values: dict[str, Any]) -> bool:
    jobs = schema.jobs
    same = [jobs.c[name] == values[name] for name in ("kind", "unit", "year", "variant")]
    return connection.execute(select(jobs.c.id).where(*same)).first() is not None


def _count_on(connection: Connection) -> None:
    """Let the next job have the next id: on PostgreSQL rows with ids of their own are not counted."""
    if connection.dialect.name == "postgresql":
        highest = select(func.max(schema.jobs.c.id)).scalar_subquery()
        connection.execute(select(func.setval(func.pg_get_serial_sequence("jobs", "id"), highest)))
