"""What counting a year needs of the ledger: its drops, and when the documents that came of them reached a state."""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, func, select

from pipeline.ledger.rows import moment, stamp
from pipeline.model import State
from pipeline.store import schema
from pipeline.store.engine import reading

jobs, drops, events = schema.jobs, schema.drops, schema.events
#: Jobs that are asked for by their numbers, in one question.
_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Dropped:
    """One file that was dropped for the first time, with what its document is and when that first came to a state."""

    job_id: int
    kind: str
    unit: str
    revision: int
    received_at: dt.datetime
    first: Mapping[State, dt.datetime]


@dataclass(frozen=True)
class Drops:
    """The files of a while, in the order of their jobs, and of which job the same bytes came again how often."""

    files: tuple[Dropped, ...]
    again: Mapping[int, int]


def dropped(
    engine: Engine,
    since: dt.datetime,
    until: dt.datetime,
    states: frozenset[State],
    of: Iterable[int] | None = None,
) -> Drops:
    """The files that came from `since` on and before `until`: all, or those of the jobs `of`."""
    when = (drops.c.received_at >= stamp(since), drops.c.received_at < stamp(until))
    files: list[Dropped] = []
    again: dict[int, int] = {}
    with reading(engine) as connection:
        for conditions in [when] if of is None else ((*when, drops.c.job_id.in_(some)) for some in _parts(of)):
            files += _files(connection, conditions, states)
            counted = select(drops.c.job_id, func.count().label("times")).where(*conditions, drops.c.is_repeat == 1)
            rows = connection.execute(counted.group_by(drops.c.job_id))
            again |= {row.job_id: row.times for row in rows}
    return Drops(tuple(files), again)


def _files(
    connection: Connection, conditions: Iterable[ColumnElement[bool]], states: frozenset[State]
) -> Iterator[Dropped]:
    is_first = (*conditions, drops.c.is_repeat == 0)
    wanted = (
        select(jobs.c.id, jobs.c.kind, jobs.c.unit, jobs.c.revision, drops.c.received_at)
        .join(drops, drops.c.job_id == jobs.c.id)
        .where(*is_first)
        .order_by(jobs.c.id)
    )
    reached = (
        select(events.c.job_id, events.c.to_state, func.min(events.c.at).label("at"))
        .join(drops, drops.c.job_id == events.c.job_id)
        .where(*is_first, events.c.to_state.in_([one.value for one in states]))
        .group_by(events.c.job_id, events.c.to_state)
    )
    first: dict[int, dict[State, dt.datetime]] = {}
    for job, state, at in connection.execute(reached):
        first.setdefault(job, {})[State(state)] = moment(at)
    for row in connection.execute(wanted):
        yield Dropped(row.id, row.kind, row.unit, row.revision, moment(row.received_at), first.get(row.id, {}))


def changed(engine: Engine, since: int, until: int) -> list[int]:
    """The jobs of which anything was recorded after the event `since` and up to the event `until`."""
    said = select(events.c.job_id).where(events.c.id > since, events.c.id <= until, events.c.job_id.is_not(None))
    with reading(engine) as connection:
        return list(connection.execute(said.distinct()).scalars())


def _parts(of: Iterable[int]) -> Iterator[list[Any]]:
    left = iter(of)
    while part := list(itertools.islice(left, _AT_ONCE)):
        yield part
