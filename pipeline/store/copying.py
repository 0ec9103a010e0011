"""A whole database copied to another, of either engine: every row of every table, verified before it counts."""

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Integer, Table, delete, func, insert, inspect, select

from pipeline.errors import HashMismatch, NotAllowedNow
from pipeline.messages import tr
from pipeline.store.engine import current_revision, migrate, open_engine, reading, writing
from pipeline.store.metadata import metadata
from pipeline.store.schema import REVISION, log_head
from pipeline.store.trouble import telling

_AT_ONCE: Final = 1000


@dataclass(frozen=True)
class TableCopy:
    """One table: how many rows it has, and the sha256 over all of them in the order of their keys."""

    name: str
    rows: int
    sha256: str


def measured(connection: Connection) -> list[TableCopy]:
    """Count and hash every table as one transaction sees it; the same rows give the same hash on both engines."""
    return [_measured(connection, table) for table in metadata.sorted_tables]


def copy_all(source: Engine, target: Engine, *, is_at_rest: bool = True) -> list[TableCopy]:
    """Copy all rows into an empty database, all of them or none; gives what was copied, by table.

    Raises NotAllowedNow when the target holds anything, or the source was written to meanwhile (unless that is
    expected, and one view of it wanted); HashMismatch when the target does not hold what the source does.
    """
    refuse_filled(target)
    migrate(target)
    with reading(source) as before, writing(target) as after:
        # the one row that every ledger begins with
        after.execute(delete(log_head).where(log_head.c.size == 0))
        if _is_filled(after):
            raise _not_empty(target)
        for table in metadata.sorted_tables:
            rows = _rows(before, table)
            while some := [dict(row._mapping) for row in islice(rows, _AT_ONCE)]:
                after.execute(insert(table), some)
            _count_on(after, table)
        wanted = measured(before)
        # read back from the target, in the transaction that wrote it: what differs is taken back
        for one, there in zip(wanted, measured(after), strict=True):
            if one != there:
                raise HashMismatch(
                    tr(
                        "Table {table} is not the same in the copy ({rows} rows, {there} there). Nothing was "
                        "kept of it.",
                        table=one.name,
                        rows=one.rows,
                        there=there.rows,
                    )
                )
        # in a view of its own: ours is as old as the copy
        with reading(source) as now:
            if is_at_rest and measured(now) != wanted:
                raise NotAllowedNow(
                    tr("The ledger was written to while it was copied; nothing was kept. Stop the service first.")
                )
    return wanted


def snapshot(source: Engine, file: Path) -> None:
    """Make a SQLite file of the ledger as it is at one moment, while others write."""
    if source.dialect.name == "sqlite":
        with contextlib.closing(sqlite3.connect(file)) as copy, telling():
            raw = source.raw_connection()
            try:
                # in one step, within one read transaction: nobody waits, and nothing written meanwhile is in it
                raw.driver_connection.backup(copy)  # type: ignore[union-attr]
            finally:
                raw.close()
    else:
        target = open_engine(f"sqlite:///{file}")
        try:
            copy_all(source, target, is_at_rest=False)
        finally:
            target.dispose()
    with contextlib.closing(sqlite3.connect(file)) as copy:
        # one file, without the other two that go with it
        copy.execute("PRAGMA journal_mode=DELETE")


def refuse_filled(target: Engine) -> None:
    """Refuse a database that holds anything, ours or not: a ledger beside it would be taken for its own.

    Raises NotAllowedNow.
    """
    if not is_there(target):
        return
    revision = current_revision(target)
    with reading(target) as connection:
        if _is_filled(connection) if revision == REVISION else inspect(connection).get_table_names():
            raise _not_empty(target)


def _is_filled(connection: Connection) -> bool:
    for table in metadata.sorted_tables:
        rows = select(func.count()).select_from(table)
        if connection.execute(rows.where(table.c.size > 0) if table is log_head else rows).scalar_one():
            return True
    return False


def is_there(engine: Engine) -> bool:
    """Tell whether there is a database to be looked at: SQLite would make the file by looking."""
    return engine.dialect.name != "sqlite" or Path(str(engine.url.database)).is_file()


def _not_empty(target: Engine) -> NotAllowedNow:
    return NotAllowedNow(
        tr(
            "{url} is not empty; nothing was copied. Name a new database: what stands in one is never mixed with "
            "what comes from another.",
            url=target.url.render_as_string(hide_password=True),
        )
    )


def _rows(connection: Connection, table: Table) -> Iterator[Any]:
    keys = list(table.primary_key.columns)
    # both engines order numbers alike; of tables whose keys are words only a few rows are kept
    query = select(table).order_by(*keys)
    if all(isinstance(key.type, Integer) for key in keys):
        return iter(connection.execution_options(yield_per=_AT_ONCE).execute(query))
    return iter(sorted(connection.execute(query), key=lambda row: tuple(row._mapping[key] for key in keys)))


def _measured(connection: Connection, table: Table) -> TableCopy:
    digest, count = hashlib.sha256(), 0
    for row in _rows(connection, table):
        digest.update(json.dumps(list(row), ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
        count += 1
    return TableCopy(table.name, count, digest.hexdigest())


def _count_on(connection: Connection, table: Table) -> None:
    """Let the next row have the next number: PostgreSQL does not count rows that come with theirs."""
    key = table.autoincrement_column
    if key is None or connection.dialect.name != "postgresql":
        return
    sequence = func.pg_get_serial_sequence(table.name, key.name)
    highest = select(func.max(key)).scalar_subquery()
    connection.execute(select(func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None))))
