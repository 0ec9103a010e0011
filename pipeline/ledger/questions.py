"""What the ledger can be asked: every answer is a value, nothing is changed by asking."""

import datetime as dt
import functools
from collections.abc import Collection, Iterable
from typing import Any, Final

from sqlalchemy import and_, bindparam, func, or_, select, union_all
from sqlalchemy.sql import ColumnElement

from pipeline.errors import UnknownThing
from pipeline.ledger import remarks
from pipeline.ledger.log import Log
from pipeline.ledger.newest import newest
from pipeline.ledger.outcome import Detail
from pipeline.ledger.register_questions import RegisterQuestions
from pipeline.ledger.rows import (
    Attempt,
    Event,
    Pending,
    Seen,
    artifact_of,
    attempt_of,
    event_of,
    job_of,
    moment,
)
from pipeline.messages import tr
from pipeline.model import Artifact, Identity, Job, Role, State
from pipeline.store import schema
from pipeline.store.engine import in_parts, reading

jobs = schema.jobs
#: PostgreSQL's integer, by which jobs are counted.
_MOST_JOBS: Final = (1 << 31) - 1


@functools.lru_cache(maxsize=16)
def _are_accepted(kinds: tuple[str, ...]) -> Any:  # noqa: ANN401 - a Select
    """Ask of each kind whether a document of a year is accepted: by the index, without going through all of them."""
    of_year = (jobs.c.year == bindparam("year"), schema.ACCEPTED)
    there = (select(jobs.c.id).where(jobs.c.kind == kind, *of_year).exists() for kind in kinds)
    return select(*(one.label(f"kind_{at}") for at, one in enumerate(there)))


class Questions(RegisterQuestions):
    """The reading half of `Ledger`. "Newest" is by id or sequence everywhere: a clock only describes."""

    @property
    def log(self) -> Log:
        """The Merkle log over register and events."""
        return Log(self.engine)

    def job(self, job_id: int) -> Job:
        """Read one job. Raises UnknownThing."""
        row = None
        # a larger one no database counts to, and it would be refused there as no number
        if job_id <= _MOST_JOBS:
            with reading(self.engine) as connection:
                row = connection.execute(select(jobs).where(jobs.c.id == job_id)).first()
        if row is None:
            raise UnknownThing(tr("There is no job {id}. `vanthu status` lists the jobs there are.", id=job_id))
        return job_of(row)

    def jobs_of(self, job_ids: Collection[int]) -> list[Job]:
        """Read some jobs, in their order; those that are not there are left out."""
        found = {job.id: job for some in in_parts(job_ids) for job in self.jobs_where(jobs.c.id.in_(some))}
        return [found[job_id] for job_id in job_ids if job_id in found]

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

    def with_newest(
        self, kinds: Collection[str], year: int, states: Iterable[State], role: Role
    ) -> list[tuple[Job, str]]:
        """Read the jobs of some kinds and one year in some states, each with its newest artifact (sha256) in a role.

        Oldest first; those that have none are left out.
        """
        table = schema.artifacts
        of_kinds = (jobs.c.year == year, jobs.c.kind.in_(kinds), jobs.c.state.in_([state.value for state in states]))
        query = (
            select(jobs, table.c.sha256.label("newest"))
            .join(table, (table.c.job_id == jobs.c.id) & (table.c.role == role.value))
            .where(*of_kinds)
            .order_by(jobs.c.id, table.c.id)
        )
        with reading(self.engine) as connection:
            # a later row of the same job takes the place of an earlier one
            rows = {row.id: row for row in connection.execute(query)}
        return [(job_of(row), row.newest) for row in rows.values()]

    def kinds_accepted(self, kinds: Iterable[str], year: int) -> list[str]:
        """Name those of some kinds of which a document of a year is accepted."""
        asked = tuple(kinds)
        if not asked:
            return []
        with reading(self.engine) as connection:
            found = connection.execute(_are_accepted(asked), {"year": year}).one()
        return [kind for kind, is_there in zip(asked, found, strict=True) if is_there]

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

    def latest(self, most: int, unit: str = "") -> list[Job]:
        """Read the jobs that came last, newest first, at most so many; of one unit, or that lay in its folder."""
        with reading(self.engine) as connection:
            return [job_of(row) for row in connection.execute(newest((), most, unit))]

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

    def artifacts_of(self, job_ids: Collection[int]) -> dict[int, list[Artifact]]:
        """Read the artifacts of several jobs, as `artifacts` does."""
        table = schema.artifacts
        found: dict[int, list[Artifact]] = {job_id: [] for job_id in job_ids}
        with reading(self.engine) as connection:
            for some in in_parts(job_ids):
                query = select(table).where(table.c.job_id.in_(some)).order_by(table.c.id)
                for row in connection.execute(query):
                    found[row.job_id].append(artifact_of(row))
        return found

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
                for some in in_parts(list(job_ids))
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
            for some in in_parts(submissions):
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

    def remarks_standing(self, actions: Iterable[str], ended_by: str) -> list[Event]:
        """Read what concerns no job, of some kinds of act, oldest first, but for what an act `ended_by` names."""
        table = schema.events
        query = select(table).where(table.c.job_id.is_(None), remarks.not_ended(ended_by))
        each = [query.where(table.c.action == action) for action in actions]
        with reading(self.engine) as connection:
            # each by itself, without an order: else SQLite goes through all that concerns no job, mails of many years
            found = [event_of(row) for row in connection.execute(union_all(*each))]
        return sorted(found, key=lambda event: event.id)

    def is_remarked(self, action: str, detail: Detail) -> bool:
        """Tell whether just this was recorded of what concerns no job."""
        with reading(self.engine) as connection:
            return (
                connection.execute(select(schema.events.c.id).where(*remarks.same(action, detail))).first()
                is not None
            )

    def newest_remark(self, actions: Iterable[str]) -> Event | None:
        """Read the newest of what concerns no job, of some kinds of act; None where there is none."""
        table = schema.events
        # from the newest backwards, not by the index of acts, in which all of these would have to be put in order
        action = func.coalesce(table.c.action, "")
        wanted = (table.c.job_id.is_(None), action.in_(list(actions)))
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
                for some in in_parts(job_ids)
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

    def events_head(self) -> tuple[int, str]:
        """Give the length and the head of the events' chain."""
        with reading(self.engine) as connection:
            row = connection.execute(select(schema.chains).where(schema.chains.c.name == "events")).first()
            return (row.length, row.head) if row is not None else (0, "")
