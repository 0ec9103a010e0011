"""What the ledger can be asked: every answer is a value, nothing is changed by asking."""

import datetime as dt
import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeVar

from sqlalchemy import Engine, and_, func, or_, select
from sqlalchemy.sql import ColumnElement

from pipeline.errors import UnknownThing
from pipeline.ledger import imports, numbers
from pipeline.ledger.log import Log
from pipeline.ledger.rows import (
    Attempt,
    Entry,
    Event,
    Pending,
    RunOfNumbers,
    Seen,
    SeriesHead,
    artifact_of,
    attempt_of,
    entry_of,
    event_of,
    job_of,
    moment,
)
from pipeline.messages import tr
from pipeline.model import Artifact, Direction, Identity, Job, Role, State
from pipeline.store import schema
from pipeline.store.engine import reading

jobs = schema.jobs


#: So many values are asked for by one statement: SQLite takes 32,766, and a plan is made for each anew.
_AT_ONCE: Final = 500
_YEARS: Final = re.compile(r"\d{4}")
T = TypeVar("T")


class Questions:
    """The reading half of `Ledger`. "Newest" is by id or sequence everywhere: a clock only describes."""

    engine: Engine

    @property
    def log(self) -> Log:
        """The Merkle log over register and events."""
        return Log(self.engine)

    def job(self, job_id: int) -> Job:
        """Read one job. Raises UnknownThing."""
        with reading(self.engine) as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).first()
        if row is None:
            raise UnknownThing(tr("There is no job {id}. `vanthu status` lists the jobs there are.", id=job_id))
        return job_of(row)

    def jobs_where(self, *conditions: ColumnElement[bool], newest_first: bool = False) -> list[Job]:
        """Read the jobs that meet all `conditions` (on `store.schema.jobs`), oldest first."""
        order = jobs.c.id.desc() if newest_first else jobs.c.id
        with reading(self.engine) as connection:
            return [job_of(row) for row in connection.execute(select(jobs).where(*conditions).order_by(order))]

    def in_states(self, states: Iterable[State]) -> list[Job]:
        """Read the jobs that stand in one of `states`."""
        return self.jobs_where(jobs.c.state.in_([state.value for state in states]))

    def by_code(self, code: str) -> Job | None:
        """Find the job whose document carries `code`."""
        found = self.jobs_where(jobs.c.code == code, newest_first=True)
        return found[0] if found else None

    def about(self, identity: Identity) -> list[Job]:
        """Read all jobs about one matter: the same kind, unit, year and variant, oldest first."""
        return self.jobs_where(
            jobs.c.kind == identity.kind,
            jobs.c.unit == identity.unit,
            jobs.c.year == identity.year,
            jobs.c.variant == identity.variant,
        )

    def of_kind(self, kind: str, year: int, states: Iterable[State]) -> list[Job]:
        """Read the jobs of one kind and year that stand in one of `states`."""
        return self.jobs_where(
            and_(jobs.c.kind == kind, jobs.c.year == year, jobs.c.state.in_([state.value for state in states]))
        )

    def of_year(self, year: int, leaving_out: Collection[str] = ()) -> list[Job]:
        """Read every job of a year, oldest first, but for those of some kinds."""
        # kind by kind: the index begins with the year, so that papers left out, however many, are not gone through
        kinds = [kind for kind in self.kinds_of(year) if kind not in leaving_out]
        return self.jobs_where(jobs.c.year == year, jobs.c.kind.in_(kinds)) if kinds else []

    def kinds_of(self, year: int) -> list[str]:
        """Name the kinds there are jobs of in a year, in order; "" for what was not identified."""
        found: list[str] = []
        query = select(func.min(jobs.c.kind)).where(jobs.c.year == year)
        with reading(self.engine) as connection:
            kind = connection.execute(query).scalar()
            while kind is not None:
                found.append(kind)
                kind = connection.execute(query.where(jobs.c.kind > kind)).scalar()
        return found

    def unidentified(self, states: Iterable[State]) -> list[Job]:
        """Read the jobs that stand in one of `states` and of which the kind or the unit is not known."""
        return self.jobs_where(
            jobs.c.state.in_([state.value for state in states]), or_(jobs.c.kind == "", jobs.c.unit == "")
        )

    def counts(self) -> dict[State, int]:
        """Count the jobs in each state."""
        with reading(self.engine) as connection:
            rows = connection.execute(select(jobs.c.state, func.count()).group_by(jobs.c.state))
            return {State(state): count for state, count in rows}

    def artifacts(self, job_id: int) -> list[Artifact]:
        """Read a job's artifacts in the order they were recorded; what was recorded again counts as recorded then."""
        with reading(self.engine) as connection:
            table = schema.artifacts
            rows = connection.execute(select(table).where(table.c.job_id == job_id).order_by(table.c.id))
            return [artifact_of(row) for row in rows]

    def artifact(self, job_id: int, role: Role) -> Artifact | None:
        """Read the newest artifact a job has in a role."""
        found = [artifact for artifact in self.artifacts(job_id) if artifact.role is role]
        return found[-1] if found else None

    def newest(self, job_ids: Iterable[int], role: Role) -> dict[int, str]:
        """Give, by job, the sha256 of the newest artifact in a role; jobs that have none are left out."""
        table = schema.artifacts
        query = select(table.c.job_id, table.c.sha256).where(table.c.role == role.value).order_by(table.c.id)
        with reading(self.engine) as connection:
            # a later row of the same job takes the place of an earlier one
            return {
                row.job_id: row.sha256
                for some in _in_parts(list(job_ids))
                for row in connection.execute(query.where(table.c.job_id.in_(some)))
            }

    def attempts(self, job_id: int) -> list[Attempt]:
        """Read the transient troubles a job ever met, oldest first."""
        table = schema.attempts
        with reading(self.engine) as connection:
            rows = connection.execute(select(table).where(table.c.job_id == job_id).order_by(table.c.id))
            return [attempt_of(row) for row in rows]

    def recorded_hashes(self) -> set[str]:
        """Give the sha256 of everything the spool must hold."""
        with reading(self.engine) as connection:
            # what is sent back or superseded stays, too: provenance outlives the job
            recorded = set(connection.execute(select(schema.artifacts.c.sha256).distinct()).scalars())
            recorded |= set(connection.execute(select(jobs.c.submission_sha256).distinct()).scalars())
            return recorded | set(
                connection.execute(
                    select(schema.publications.c.sha256).where(schema.publications.c.sha256 != "").distinct()
                ).scalars()
            )

    def events(self, job_id: int | None = None) -> list[Event]:
        """Read the history, of one job or of all."""
        table = schema.events
        query = select(table).order_by(table.c.id)
        if job_id is not None:
            query = query.where(table.c.job_id == job_id)
        with reading(self.engine) as connection:
            return [event_of(row) for row in connection.execute(query)]

    def acted(self, action: str) -> list[Event]:
        """Read every event of one kind of act, of all jobs, oldest first; goes through the whole history."""
        table = schema.events
        query = select(table).where(table.c.action == action).order_by(table.c.id)
        with reading(self.engine) as connection:
            return [event_of(row) for row in connection.execute(query)]

    def acted_on(self, submissions: Collection[str], action: str) -> list[Event]:
        """Read every event of one kind of act upon the jobs of some submissions (sha256), oldest first."""
        table = schema.events
        found: list[Event] = []
        with reading(self.engine) as connection:
            for some in _in_parts(submissions):
                query = (
                    select(table)
                    .join(jobs, jobs.c.id == table.c.job_id)
                    .where(jobs.c.submission_sha256.in_(some), table.c.action == action)
                )
                found += [event_of(row) for row in connection.execute(query)]
        return sorted(found, key=lambda event: event.id)

    def remarks(self, actions: Iterable[str]) -> list[Event]:
        """Read what concerns no job, of some kinds of act, oldest first."""
        table = schema.events
        # by the index on job_id: the history of jobs, which grows without end, is not gone through
        wanted = (table.c.job_id.is_(None), table.c.action.in_(list(actions)))
        with reading(self.engine) as connection:
            return [event_of(row) for row in connection.execute(select(table).where(*wanted).order_by(table.c.id))]

    def newest_remark(self, actions: Iterable[str]) -> Event | None:
        """Read the newest of what concerns no job, of some kinds of act; None where there is none."""
        table = schema.events
        wanted = (table.c.job_id.is_(None), table.c.action.in_(list(actions)))
        with reading(self.engine) as connection:
            row = connection.execute(select(table).where(*wanted).order_by(table.c.id.desc()).limit(1)).first()
        return event_of(row) if row is not None else None

    def events_after(
        self, event_id: int, states: Iterable[State], actions: Iterable[str], *, most: int
    ) -> list[Event]:
        """Read what came after an event, oldest first: jobs brought to a state, and acts, at most so many."""
        table = schema.events
        wanted = or_(
            table.c.to_state.in_([state.value for state in states]),
            and_(table.c.job_id.is_(None), table.c.action.in_(list(actions))),
        )
        query = select(table).where(table.c.id > event_id, wanted).order_by(table.c.id).limit(most)
        with reading(self.engine) as connection:
            return [event_of(row) for row in connection.execute(query)]

    def once(self, state: State, job_ids: Collection[int]) -> frozenset[int]:
        """Give those of some jobs that were ever brought to a state."""
        table = schema.events
        query = select(table.c.job_id).where(table.c.to_state == state.value).distinct()
        with reading(self.engine) as connection:
            return frozenset(
                job_id
                for some in _in_parts(job_ids)
                for job_id in connection.execute(query.where(table.c.job_id.in_(some))).scalars()
            )

    def last_event_at(self) -> dt.datetime | None:
        """Say when anything was last recorded; None while nothing is."""
        table = schema.events
        with reading(self.engine) as connection:
            newest = select(func.max(table.c.id)).scalar_subquery()
            at = connection.execute(select(table.c.at).where(table.c.id == newest)).scalar()
            return moment(at) if at else None

    def seen(self, name_key: str = "", sha256: str = "") -> list[Seen]:
        """Read every drop of a name (as `naming.key` gives it) or of some bytes, newest first."""
        table = schema.drops
        # bytes before the name: a name may come again with other bytes in it
        condition = table.c.sha256 == sha256 if sha256 else table.c.name_key == name_key
        with reading(self.engine) as connection:
            rows = connection.execute(select(table).where(condition).order_by(table.c.id.desc()))
            return [
                Seen(row.job_id, row.name, row.folder, row.sha256, moment(row.received_at), bool(row.is_repeat))
                for row in rows
            ]

    def pending(self) -> list[Pending]:
        """Read the publications that are recorded and not yet done, in order."""
        table = schema.publications
        with reading(self.engine) as connection:
            # in the order recorded: a copy and the taking away of it must not change places
            rows = connection.execute(select(table).where(table.c.done_at == "").order_by(table.c.id))
            return [Pending(row.id, row.job_id, row.path, row.sha256) for row in rows]

    def standing(self, job_id: int | None = None, *, is_pending_counted: bool = False) -> dict[str, str]:
        """Give path -> sha256 of what should lie in the outbox now (of one job, or of all)."""
        table = schema.publications
        query = select(table.c.path, table.c.sha256).order_by(table.c.id)
        if not is_pending_counted:
            # only what was carried out: what is recorded and not yet done is not expected to lie there
            query = query.where(table.c.done_at != "")
        if job_id is not None:
            query = query.where(table.c.job_id == job_id)
        standing: dict[str, str] = {}
        with reading(self.engine) as connection:
            for path, sha256 in connection.execute(query):
                # a path may have been published, taken back and published anew: the last act counts
                standing.pop(path, None)
                if sha256:
                    standing[path] = sha256
        return standing

    def entries(self, series: str = "") -> list[Entry]:
        """Read the register's acts, of one series or of all, in order."""
        query = select(schema.register, schema.series.c.key, schema.series.c.direction).join(
            schema.series, schema.series.c.id == schema.register.c.series_id
        )
        if series:
            query = query.where(schema.series.c.key == series)
        with reading(self.engine) as connection:
            rows = connection.execute(query.order_by(schema.series.c.key, schema.register.c.entry))
            return [entry_of(row) for row in rows]

    def given(self, series: str) -> list[Entry]:
        """Read how the numbers of an outgoing series came to be, in order; nothing of an incoming one."""
        table, of = schema.register, schema.series
        query = (
            select(table, of.c.key, of.c.direction)
            .join(of, of.c.id == table.c.series_id)
            # what was filed, noted and decided later is most of a register: it is not read
            .where(of.c.key == series, of.c.direction == Direction.OUTGOING.value)
            .where(or_(table.c.act == "number", table.c.act.startswith(imports.IMPORT)))
            .order_by(table.c.entry)
        )
        with reading(self.engine) as connection:
            return [entry_of(row) for row in connection.execute(query)]

    def runs_of(self, year: int) -> list[RunOfNumbers]:
        """Say how far the numbers of each series go that may have any of a calendar year; none is read."""
        table, of = schema.register, schema.series
        found: dict[int, RunOfNumbers] = {}
        with reading(self.engine) as connection:
            for row in connection.execute(select(of.c.id, of.c.key, of.c.direction).order_by(of.c.key)):
                if _may_be_of(row.key, year):
                    found[row.id] = RunOfNumbers(row.key, Direction(row.direction))
            # answered by the index alone
            query = (
                select(table.c.series_id, table.c.act, func.count(), func.min(table.c.no), func.max(table.c.no))
                .where(table.c.series_id.in_(list(found)), table.c.act.in_(("number", "begin")))
                .group_by(table.c.series_id, table.c.act)
            )
            for series_id, act, count, lowest, highest in connection.execute(query):
                run = found[series_id]
                if act == "begin":
                    found[series_id] = replace(run, beginnings=count, first=lowest)
                else:
                    found[series_id] = replace(run, count=count, lowest=lowest, highest=highest)
        return list(found.values())

    def entries_of(self, job_id: int) -> list[Entry]:
        """Read the register's acts upon the numbers of one job, in order."""
        query = (
            select(schema.register, schema.series.c.key, schema.series.c.direction)
            .join(schema.series, schema.series.c.id == schema.register.c.series_id)
            .where(schema.register.c.job_id == job_id)
        )
        with reading(self.engine) as connection:
            return [entry_of(row) for row in connection.execute(query.order_by(schema.register.c.id))]

    def number_entry(self, job_id: int) -> Entry | None:
        """Give the entry that holds a job's valid number, or None."""
        with reading(self.engine) as connection:
            return numbers.number_of(connection, job_id)

    def series(self) -> list[SeriesHead]:
        """Read the series and the heads of their chains."""
        with reading(self.engine) as connection:
            table = schema.series
            rows = connection.execute(select(table).order_by(table.c.key))
            return [SeriesHead(row.key, row.last_no, row.entries, row.head) for row in rows]

    def series_as_begun(self) -> list[tuple[str, Direction]]:
        """Give all series in the order in which they were begun."""
        table = schema.series
        with reading(self.engine) as connection:
            rows = connection.execute(select(table.c.key, table.c.direction).order_by(table.c.id))
            return [(row.key, Direction(row.direction)) for row in rows]

    def newest_runs(self, year: int) -> list[tuple[str, Direction]]:
        """Give the series with an act of giving or beginning about a day of a calendar year; the newest act first."""
        table, series = schema.register, schema.series
        with reading(self.engine) as connection:
            every = connection.execute(select(series.c.id, series.c.key))
            of_year = [series_id for series_id, key in every if _may_be_of(key, year)]
        # within the recorded text, whose spelling never changes (`chain.canonical`)
        days = [
            table.c.facts.contains(f'"{column}":"{year}-', autoescape=True)
            for column in ("document_on", "arrived_on")
        ]
        query = (
            select(series.c.key, series.c.direction)
            .join(table, table.c.series_id == series.c.id)
            .where(table.c.series_id.in_(of_year), table.c.act.in_(("number", "begin")), or_(*days))
            .group_by(series.c.key, series.c.direction)
            # by id: order is sequence, never the clock (rule 5)
            .order_by(func.max(table.c.id).desc())
        )
        with reading(self.engine) as connection:
            return [(row.key, Direction(row.direction)) for row in connection.execute(query)]

    def events_head(self) -> tuple[int, str]:
        """Give the length and the head of the events' chain."""
        with reading(self.engine) as connection:
            row = connection.execute(select(schema.chains).where(schema.chains.c.name == "events")).first()
            return (row.length, row.head) if row is not None else (0, "")


def _may_be_of(series: str, year: int) -> bool:
    """Whether a series may have numbers of a calendar year: "KH/2003" has none of 2020, of which nothing is read.

    One whose key names no years may have numbers of any; a run may go on into the year after its own.
    """
    years = [int(found) for found in _YEARS.findall(series.rpartition("/")[2])]
    return not years or min(years) - 1 <= year <= max(years) + 1


def _in_parts(values: Collection[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while part := list(itertools.islice(rest, _AT_ONCE)):
        yield part
