"""The ledger's database: SQLite in memory, whose commits survive everything; what fails, fails at a seam.

All programs of a history share the one connection, as transactions never overlap here: a program is not interrupted
between the beginning of one and its end. Rule 4 of the architecture (no file inside a transaction) is watched.
"""

import functools
import sqlite3
from collections.abc import Callable, Hashable
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from pipeline.ledger.log import Log
from pipeline.ledger.questions import Questions
from pipeline.ledger.register_questions import RegisterQuestions
from pipeline.store import engine as product
from tests.simulation.system import System

#: What a look at an idle office asks again and again, each in one transaction of its own: while no row has changed it
#: is answered from memory, because to put such a question together costs more than all else of a history.
_ASKED_OFTEN: Final = (
    *((Questions, name) for name in ("in_states", "of_kind", "remarks", "remarks_standing", "pending", "artifacts")),
    *((Questions, "job"), (RegisterQuestions, "entries_of")),
    *((Log, name) for name in ("head", "leaf")),
)


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
                if not connection.is_announced:
                    world.act("ask", "")
                connection.is_announced = False
                world.in_transaction += 1
            elif connection.writes and sql.startswith(("INSERT", "UPDATE")) and world.fault_now("statement"):
                raise sqlite3.OperationalError("database or disk is full")
        return super().execute(sql, *more)


class Connection(sqlite3.Connection):
    system: System
    writes = False
    is_announced = False  #: the act of the next reading transaction has been

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
        self._system = system
        self._answers: dict[object, Any] = {}

    def begin_anew(self) -> None:
        self.connection.deserialize(self._empty)
        self.connection.writes = False
        self._answers.clear()

    def replaced(self) -> list[tuple[Any, str, Any]]:
        """Each question that is asked often, remembering its answers."""
        return [(owner, name, self._remembering(getattr(owner, name))) for owner, name in _ASKED_OFTEN]

    def _remembering(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(ask)
        def asked(asker: Any, *about: Any) -> Any:
            connection, world = self.connection, self._system.world
            if world is None or world.is_judged or connection.in_transaction:
                return ask(asker, *about)
            # first: others may go on here, and change what is asked for
            world.act("ask", "")
            key = (
                ask,
                connection.total_changes,
                *(one if isinstance(one, Hashable) else tuple(one) for one in about),
            )
            if key not in self._answers:
                connection.is_announced = True
                try:
                    self._answers[key] = ask(asker, *about)
                finally:
                    connection.is_announced = False
            known = self._answers[key]
            return list(known) if isinstance(known, list) else known

        return asked

    def beside(self) -> sqlite3.Connection:
        """A copy of what is committed, for whoever looks on or writes into it."""
        copy = sqlite3.connect(":memory:")
        copy.deserialize(self.connection.serialize())
        return copy

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What stands there now, asked beside the program."""
        return sqlite3.Cursor(self.connection).execute(query, values).fetchall()
