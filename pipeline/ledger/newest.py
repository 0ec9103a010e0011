"""The jobs that came last, of a unit or of all: as many as are shown, however long the ledger is."""

from collections.abc import Iterable

from sqlalchemy import Select, select, union
from sqlalchemy.sql import ColumnElement

from pipeline.store import schema

jobs = schema.jobs


def newest(
    conditions: Iterable[ColumnElement[bool]], most: int, unit_or_folder: str = ""
) -> Select[tuple[object, ...]]:
    """Ask for the newest jobs, at most so many; of a unit, or that lay in its folder ("" of all)."""
    wanted = select(jobs).order_by(jobs.c.id.desc()).limit(most)
    conditions = tuple(conditions)
    if not unit_or_folder:
        return wanted.where(*conditions)
    # each by its own index from the end: with "or" all jobs are gone through for a unit that has few, or all of one
    # that has many are put in order
    parts = [
        select(
            select(jobs.c.id)
            .where(*conditions, of == unit_or_folder)
            .order_by(jobs.c.id.desc())
            .limit(most)
            .subquery()
        )
        for of in (jobs.c.unit, jobs.c.folder)
    ]
    return wanted.where(jobs.c.id.in_(union(*parts)))
