"""Documents as they are listed: filtered, the newest first, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import exists
from sqlalchemy.sql import ColumnElement

from pipeline.ledger.ledger import Ledger
from pipeline.ledger.newest import newest
from pipeline.ledger.rows import job_of
from pipeline.model import Job, Role, State
from pipeline.store import schema
from pipeline.store.engine import reading

jobs = schema.jobs


@dataclass(frozen=True)
class Listed:
    """Which documents are wanted; what is empty, or 0, leaves nothing out.

    `unit_or_folder` is a unit's code: its documents, and what came from its folder; `before` is the id after which,
    downwards, the list goes on.
    """

    states: tuple[State, ...] = ()
    kind: str = ""
    unit: str = ""
    year: int = 0
    sha256: str = ""
    unit_or_folder: str = ""
    is_filed: bool = False
    before: int = 0


def listed(ledger: Ledger, wanted: Listed, most: int) -> list[Job]:
    """Read the documents that are wanted, the newest first, at most so many."""
    with reading(ledger.engine) as connection:
        rows = connection.execute(newest(_conditions(wanted), most, wanted.unit_or_folder))
        return [job_of(row) for row in rows]


def _conditions(wanted: Listed) -> Iterator[ColumnElement[bool]]:
    if wanted.states:
        yield jobs.c.state.in_([state.value for state in wanted.states])
    for column, value in (
        (jobs.c.kind, wanted.kind),
        (jobs.c.unit, wanted.unit),
        (jobs.c.year, wanted.year),
        (jobs.c.submission_sha256, wanted.sha256),
    ):
        if value:
            yield column == value
    if wanted.is_filed:
        files = schema.artifacts
        yield exists().where(files.c.job_id == jobs.c.id, files.c.role == Role.FILED.value)
    if wanted.before:
        yield jobs.c.id < wanted.before
