"""What the register in the ledger can be asked: numbers, the acts upon them, the series they are of."""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, Engine, func, or_, select, tuple_

from pipeline.ledger import imports, numbers
from pipeline.ledger.rows import Entry, RunOfNumbers, SeriesHead, entry_of, parts_of
from pipeline.model import Direction
from pipeline.store import schema
from pipeline.store.engine import in_parts, reading

_YEARS: Final = re.compile(r"\d{4}")
#: By what a number came to be, here or in an old book.
_BOOKED: Final = or_(schema.register.c.act == "number", schema.register.c.act.startswith(imports.IMPORT))


class RegisterQuestions:
    """The part of `Questions` that is about the register."""

    engine: Engine

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

    def booked(self, direction: Direction) -> list[tuple[str, int]]:
        """Say of each series of a book how many numbers it has, given here or of an old book; as `entries` stand."""
        table, of = schema.register, schema.series
        with reading(self.engine) as connection:
            of_book = select(of.c.id, of.c.key).where(of.c.direction == direction.value).order_by(of.c.key)
            # by the index of its numbers alone
            counted = select(func.count()).select_from(table).where(_BOOKED)
            return [
                (one.key, connection.execute(counted.where(table.c.series_id == one.id)).scalar_one())
                for one in connection.execute(of_book).all()
            ]

    def last_booked(self, series: str, skipped: int, most: int) -> set[tuple[int, str]]:
        """Give the last numbers of a series with their suffixes, at most so many, after so many that are skipped."""
        table, of = schema.register, schema.series
        query = (
            select(table.c.no, table.c.act)
            .join(of, of.c.id == table.c.series_id)
            .where(of.c.key == series, _BOOKED)
            .order_by(table.c.no.desc(), table.c.act.desc())
            .offset(skipped)
            .limit(most)
        )
        with reading(self.engine) as connection:
            return {(no, parts_of(act)[1]) for no, act in connection.execute(query)}

    def entries_since(self, series: str, entry: int) -> list[Entry]:
        """Read the acts of one series from an entry on, in order."""
        table, of = schema.register, schema.series
        query = (
            select(table, of.c.key, of.c.direction)
            .join(of, of.c.id == table.c.series_id)
            .where(of.c.key == series, table.c.entry >= entry)
        )
        with reading(self.engine) as connection:
            return [entry_of(row) for row in connection.execute(query.order_by(table.c.entry))]

    def entries_numbered(self, numbers: Collection[int], series: str = "") -> list[Entry]:
        """Read the acts upon some numbers, of one series or of all, in the order of `entries`."""
        table, of = schema.register, schema.series
        found: list[Entry] = []
        with reading(self.engine) as connection:
            # by the index of a series' numbers, once for each series: there are some hundreds
            asked = select(of.c.id).order_by(of.c.key)
            every = connection.execute(asked.where(of.c.key == series) if series else asked).scalars().all()
            for some in in_parts(every):
                query = (
                    select(table, of.c.key, of.c.direction)
                    .join(of, of.c.id == table.c.series_id)
                    .where(table.c.series_id.in_(some), table.c.no.in_(list(numbers)))
                    .order_by(of.c.key, table.c.entry)
                )
                found += [entry_of(row) for row in connection.execute(query)]
        return found

    def outermost_entries(self) -> list[Entry]:
        """Read the acts upon the lowest and the highest number of each series, in the order of `entries`."""
        table, of = schema.register, schema.series
        # by the index of a series' numbers: two looks for each series, however long it is
        ends = [
            select(table.c.no).where(table.c.series_id == of.c.id, _BOOKED).order_by(order).limit(1).scalar_subquery()
            for order in (table.c.no, table.c.no.desc())
        ]
        with reading(self.engine) as connection:
            wanted = [
                (series_id, no)
                for series_id, *both in connection.execute(select(of.c.id, *ends))
                for no in {no for no in both if no is not None}
            ]
            found: list[Entry] = []
            for some in in_parts(wanted):
                query = (
                    select(table, of.c.key, of.c.direction)
                    .join(of, of.c.id == table.c.series_id)
                    .where(tuple_(table.c.series_id, table.c.no).in_(some))
                )
                found += [entry_of(row) for row in connection.execute(query)]
        return sorted(found, key=lambda entry: (entry.series, entry.entry))

    def newest_numbers(self, most: int) -> tuple[list[Entry], bool]:
        """Read the acts upon the numbers that were entered last, at most so many, and say whether there are more.

        In the order of `entries`.
        """
        table, of = schema.register, schema.series
        with reading(self.engine) as connection:
            # the newest entries lie together; the whole register is gone through only where it holds fewer than these
            newest = connection.execute(
                select(table.c.series_id, table.c.no).where(_BOOKED).order_by(table.c.id.desc()).limit(most + 1)
            ).all()
            of_series: dict[int, set[int]] = {}
            for series_id, no in newest[:most]:
                of_series.setdefault(series_id, set()).add(no)
            found = [
                entry_of(row)
                for series_id, numbers_ in of_series.items()
                for some in in_parts(numbers_)
                for row in connection.execute(
                    select(table, of.c.key, of.c.direction)
                    .join(of, of.c.id == table.c.series_id)
                    .where(table.c.series_id == series_id, table.c.no.in_(some))
                )
            ]
        return sorted(found, key=lambda entry: (entry.series, entry.entry)), len(newest) > most

    def given(self, series: str) -> list[Entry]:
        """Read how the numbers of an outgoing series came to be, in order; nothing of an incoming one."""
        table, of = schema.register, schema.series
        query = (
            select(table, of.c.key, of.c.direction)
            .join(of, of.c.id == table.c.series_id)
            # what was filed, noted and decided later is most of a register: it is not read
            .where(of.c.key == series, of.c.direction == Direction.OUTGOING.value)
            .where(_BOOKED)
            .order_by(table.c.entry)
        )
        with reading(self.engine) as connection:
            return [entry_of(row) for row in connection.execute(query)]

    def runs_of(self, year: int) -> list[RunOfNumbers]:
        """Say how far the numbers of each series go that has any of a calendar year; none is read."""
        table = schema.register
        with reading(self.engine) as connection:
            found = {one.id: RunOfNumbers(one.key, Direction(one.direction)) for one in _of_year(connection, year)}
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
        return sorted(found.values(), key=lambda run: run.series)

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
        with reading(self.engine) as connection:
            return [(one.key, Direction(one.direction)) for one in _of_year(connection, year)]


def _of_year(connection: Connection, year: int) -> list[Any]:
    """Give the series (id, key, direction) with a number or a beginning of a calendar year; the newest act first."""
    table, series = schema.register, schema.series
    # within the recorded text, whose spelling never changes (`chain.canonical`)
    days = [
        table.c.facts.contains(f'"{column}":"{year}-', autoescape=True) for column in ("document_on", "arrived_on")
    ]
    # one by one, each from its newest act backwards: of a book that is written in, that is the first that is read
    newest = select(table.c.id).where(table.c.act.in_(("number", "begin")), or_(*days)).order_by(table.c.entry.desc())
    found: dict[int, Any] = {}
    for one in connection.execute(select(series.c.id, series.c.key, series.c.direction)).all():
        if _may_be_of(one.key, year):
            act = connection.execute(newest.where(table.c.series_id == one.id).limit(1)).scalar()
            if act is not None:
                found[act] = one
    # by id: order is sequence, never the clock (rule 5)
    return [found[act] for act in sorted(found, reverse=True)]


def _may_be_of(series: str, year: int) -> bool:
    """Whether a series may have numbers of a calendar year: "KH/2003" has none of 2020, of which nothing is read.

    One whose key names no years may have numbers of any; a run may go on into the year after its own.
    """
    years = [int(found) for found in _YEARS.findall(series.rpartition("/")[2])]
    return not years or min(years) - 1 <= year <= max(years) + 1
