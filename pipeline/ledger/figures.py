"""What counting a year needs of the ledger: its drops, and when the documents that came of them reached a state."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from pipeline.ledger.rows import moment, stamp
from pipeline.model import State
from pipeline.store import schema
from pipeline.store.engine import reading

jobs, drops, events = schema.jobs, schema.drops, schema.events


@dataclass(frozen=True)
class Dropped:
    """One file that was dropped for the first time, with what its document is and when that first came to a state.

    `job_state` is where it stands now.
    """

    kind: str
    unit: str
    revision: int
    job_state: State
    received_at: dt.datetime
    first: Mapping[State, dt.datetime]


def dropped(
    engine: Engine, since: dt.datetime, until: dt.datetime, states: frozenset[State]
) -> tuple[list[Dropped], int]:
    """The files that came from `since` on and before `until`, in order, and how many more had come before."""
    when = (drops.c.received_at >= stamp(since), drops.c.received_at < stamp(until))
    wanted = (
        select(jobs.c.id, jobs.c.kind, jobs.c.unit, jobs.c.revision, jobs.c.state, drops.c.received_at)
        .join(drops, drops.c.job_id == jobs.c.id)
        .where(*when, drops.c.is_repeat == 0)
        .order_by(jobs.c.id)
    )
    reached = (
        select(events.c.job_id, events.c.to_state, func.min(events.c.at).label("at"))
        .join(drops, drops.c.job_id == events.c.job_id)
        .where(*when, drops.c.is_repeat == 0, events.c.to_state.in_([one.value for one in states]))
        .group_by(events.c.job_id, events.c.to_state)
    )
    again = select(func.count()).where(*when, drops.c.is_repeat == 1)
    with reading(engine) as connection:
        first: dict[int, dict[State, dt.datetime]] = {}
        for row in connection.execute(reached):
            first.setdefault(row.job_id, {})[State(row.to_state)] = moment(row.at)
        return [
            Dropped(
                row.kind,
                row.unit,
                row.revision,
                State(row.state),
                moment(row.received_at),
                first.get(row.id, {}),
            )
            for row in connection.execute(wanted)
        ], connection.execute(again).scalar_one()
