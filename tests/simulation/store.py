"""The ledger's database: SQLite in memory, whose commits survive everything; what fails, fails at a seam.

All programs of a history share the one connection, as transactions never overlap here: a program is not interrupted
between the beginning of one and its end. Rule 4 of the architecture (no file inside a transaction) is watched.
"""

import sqlite3
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from pipeline.store import engine as product
from tests.simulation.system import System


class Cursor(sqlite3.Cursor):
    def execute(self, sql: str, *more: Any) -> "Cursor":
        connection: Any = self.connection
        world = connection.system.world
        if world is not None:
            if sql.startswith("BEGIN IMMEDIATE"):
                if world.act("begin", "") == "db-busy" or world.lasts("locked"):
                    raise sqlite3.OperationalError("database is locked")
                connection.writes = True
                world.in_transaction += 1
            elif sql.startswith("BEGIN") and world.is_judged:
                # nothing changes any more, and `check` asks several things at once
                return super().execute("SELECT 1")
            elif sql.startswith("BEGIN"):
                world.act("ask", "")
                world.in_transaction += 1
            elif connection.writes and sql.startswith(("INSERT", "UPDATE")) and world.fault_now("statement"):
                raise sqlite3.OperationalError("database or disk is full")
        return super().execute(sql, *more)


class Connection(sqlite3.Connection):
    system: System
    writes = False

    def cursor(self, factory: Any = Cursor) -> Any:
        return super().cursor(factory)

    def commit(self) -> None:
        world = self.system.world
        if world is None or not self.in_transaction:
            super().commit()
            return
        if not self.writes:
            self._ends(world)
            super().commit()
            return
        # others go on only when it is over
        fault = world.act_alone("commit")
        if fault == "db-io":
            raise sqlite3.OperationalError("disk I/O error")
        super().commit()
        self.writes = False
        self._ends(world)
        if fault == "db-unsure":
            # it is done, and nobody here knows
            raise sqlite3.OperationalError("disk I/O error")
        world.act("committed", "")

    def rollback(self) -> None:
        world = self.system.world
        if world is not None and self.in_transaction:
            self.writes = False
            self._ends(world)
        super().rollback()

    def close(self) -> None:
        # a process that was killed takes its connection with it; the others keep theirs, which is this one
        if self.in_transaction:
            self.rollback()

    @staticmethod
    def _ends(world: Any) -> None:
        world.in_transaction = max(0, world.in_transaction - 1)


class Store:
    """One engine for all histories of a process, whose content is put anew for each."""

    def __init__(self, system: System) -> None:
        Connection.system = system
        self.connection = sqlite3.connect(
            ":memory:", check_same_thread=False, factory=Connection, isolation_level=None
        )
        self.engine: Engine = create_engine("sqlite://", creator=lambda: self.connection, poolclass=StaticPool)
        event.listen(self.engine, "connect", product._prepare_sqlite)
        event.listen(self.engine, "begin", product._begin_sqlite)
        product.migrate(self.engine)
        self._empty = self.connection.serialize()

    def begin_anew(self) -> None:
        self.connection.deserialize(self._empty)
        self.connection.writes = False

    def saved(self) -> bytes:
        """A backup of what is committed now."""
        return self.connection.serialize()

    def restore(self, content: bytes) -> None:
        self.connection.deserialize(content)

    def beside(self) -> sqlite3.Connection:
        """A copy of what is committed, for whoever looks on or writes into it."""
        copy = sqlite3.connect(":memory:")
        copy.deserialize(self.connection.serialize())
        return copy

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What stands there now, asked beside the program."""
        return sqlite3.Cursor(self.connection).execute(query, values).fetchall()
