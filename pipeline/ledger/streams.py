"""What the audit asks of the whole ledger: answered row by row, in a fixed order, never all at once in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Engine, Select, func, or_, select, union

from pipeline.ledger.columns import Columns
from pipeline.ledger.rows import Entry, Event, entry_of, event_of
from pipeline.model import Role, State
from pipeline.store import schema
from pipeline.store.engine import reading

_AT_ONCE: Final = 1000
_ROLES: Final = frozenset({Role.FILED, Role.FILED_COPY, Role.FILED_TEXT, Role.SIDECAR, Role.FILED_NOTE})
#: States of a document that was filed: one that is to be filed again may be on its way, or held.
_FILED: Final = (State.SIGNED, State.REGISTERED, State.ARCHIVED, State.HELD)


@dataclass(frozen=True, slots=True)
class Told:
    """Where a job stands, and where the last event that moved it says that it stands."""

    id: int
    state: str
    number: str
    told_state: str | None


class Streams:
    """Questions about everything."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def entries(self, series: str = "") -> Iterator[Entry]:
        """Give the entries of one series or of all, in order."""
        query = (
            select(schema.register, schema.series.c.key, schema.series.c.direction)
            .join(schema.series, schema.series.c.id == schema.register.c.series_id)
            .where(*([schema.series.c.key == series] if series else []))
            .order_by(schema.series.c.key, schema.register.c.entry)
        )
        return map(entry_of, self._rows(query))

    def filings(self) -> Iterator[Event]:
        """Give the events that file, in order."""
        events = schema.events
        query = select(events).where(events.c.to_state == State.ARCHIVED.value).order_by(events.c.id)
        return map(event_of, self._rows(query))

    def jobs(self) -> Iterator[Told]:
        """Give every job by its id."""
        jobs, events = schema.jobs, schema.events
        # the highest id of those that moved it: by the index on job_id, a dozen rows for each job
        last = (
            select(events.c.to_state)
            .where(events.c.job_id == jobs.c.id, events.c.to_state != "")
            .order_by(events.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        for row in self._rows(select(jobs.c.id, jobs.c.state, jobs.c.number, last).order_by(jobs.c.id)):
            yield Told(*row)

    def numbers(self) -> Iterator[tuple[int, str]]:
        """Give, by their ids, the jobs that were ever numbered with the number the register says they have."""
        register, series = schema.register, schema.series
        query = (
            select(register.c.job_id, register.c.act, register.c.facts)
            .join(series, series.c.id == register.c.series_id)
            # a number of an old book that got its paper counts as one that was given ("paper", "paper:a")
            .where(
                register.c.job_id.is_not(None),
                or_(register.c.act.in_(["number", "void"]), register.c.act.like("paper%")),
            )
            .order_by(register.c.job_id, series.c.key, register.c.entry)
        )
        for job_id, rows in groupby(self._rows(query), key=lambda row: int(row.job_id)):
            number = ""
            for row in rows:
                number = Columns.of(row.facts).number if row.act != "void" else ""
            yield job_id, number

    def filed(self) -> Iterator[tuple[str, str]]:
        """Give path in the archive and sha256 of every filed file as the rows of artifacts say it."""
        artifacts, jobs = schema.artifacts, schema.jobs
        query = (
            select(artifacts.c.name, artifacts.c.sha256)
            .join(jobs, jobs.c.id == artifacts.c.job_id)
            .where(
                artifacts.c.role.in_([role.value for role in _ROLES]),
                jobs.c.state.in_([state.value for state in _FILED]),
            )
            .order_by(artifacts.c.id)
        )
        return ((name, sha256) for name, sha256 in self._rows(query))

    def hashes(self) -> Iterator[str]:
        """Give the sha256 of everything the spool must hold, in order, each once."""
        return (sha256 for (sha256,) in self._rows(_hashes().order_by("sha256")))

    def count_hashes(self) -> int:
        """Count what `hashes` gives."""
        with reading(self.engine) as connection:
            return int(connection.execute(select(func.count()).select_from(_hashes().subquery())).scalar_one())

    def count_chained(self) -> int:
        """Count all events and all entries of the register."""
        with reading(self.engine) as connection:
            tables = (schema.events, schema.register)
            return sum(connection.execute(select(func.count()).select_from(one)).scalar_one() for one in tables)

    def publications(self) -> Iterator[tuple[str, str]]:
        """Give path and sha256 ("" for what was taken away) of what was published, in order."""
        table = schema.publications
        query = select(table.c.path, table.c.sha256).where(table.c.done_at != "").order_by(table.c.id)
        return ((path, sha256) for path, sha256 in self._rows(query))

    def _rows(self, query: Select[Any]) -> Iterator[Any]:
        # closed also where whoever asks has seen enough: on PostgreSQL it is a cursor of the server
        with (
            reading(self.engine) as connection,
            connection.execution_options(yield_per=_AT_ONCE).execute(query) as rows,
        ):
            yield from rows


def _hashes() -> Any:  # noqa: ANN401 - a union of selects
    # what is sent back or superseded stays, too: provenance outlives the job
    return union(
        select(schema.artifacts.c.sha256.label("sha256")),
        select(schema.jobs.c.submission_sha256.label("sha256")),
        select(schema.publications.c.sha256.label("sha256")).where(schema.publications.c.sha256 != ""),
    )
