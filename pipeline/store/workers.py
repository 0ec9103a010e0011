"""The workers of many machines, as PostgreSQL knows them: who is there, with what program, and since when unseen.

They lie beside the queue in a schema of their own: no part of the ledger, in no backup, made anew at any time. All
times are seconds of the server's own clock; the clocks of the machines decide nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Double,
    Engine,
    Integer,
    MetaData,
    Row,
    Select,
    String,
    Table,
    bindparam,
    cast,
    delete,
    event,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)

from pipeline.store.alone import key_of
from pipeline.store.engine import reading, writing

if TYPE_CHECKING:
    from psycopg import Connection as PsycopgConnection

#: Workers and queue; what lies here is hints, and may be dropped whenever no worker runs.
SCHEMA: Final = "vanthu_queue"
#: The queue's own table, of procrastinate.
QUEUE: Final = f"{SCHEMA}.procrastinate_jobs"

_metadata = MetaData(schema=SCHEMA)
_workers = Table(
    "workers",
    _metadata,
    # the owner of its leases
    Column("name", String(64), primary_key=True),
    Column("machine", String(255), nullable=False),
    Column("process", Integer, nullable=False),
    Column("lanes", Integer, nullable=False),
    Column("program", String(128), nullable=False),
    Column("bundles", String(64), nullable=False),
    Column("keys", String(64), nullable=False),
    Column("watches", Integer, nullable=False, server_default="0"),
    Column("since", Double, nullable=False),
    Column("seen", Double, nullable=False),
)
_NOW: Final = cast(func.extract("epoch", func.clock_timestamp()), Double)


@dataclass(frozen=True)
class Versions:
    """What all workers must have alike: program, bundles, fingerprints of the keys."""

    program: str
    bundles: str
    keys: str


@dataclass(frozen=True)
class WorkerSeen:
    """A worker as it was last seen, so many seconds ago; `lanes` jobs it does side by side."""

    name: str
    machine: str
    process: int
    lanes: int
    versions: Versions
    watches: bool = False
    up_seconds: float = 0
    unseen_seconds: float = 0


def make(connection: Connection) -> None:
    """Make the schema anew, with nobody in it."""
    connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
    connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    _metadata.create_all(connection)


def is_made(connection: Connection) -> bool:
    """Tell whether the table is there."""
    return inspect(connection).has_table(_workers.name, schema=SCHEMA)


def is_empty(connection: Connection) -> bool:
    """Tell whether nobody is there."""
    return not is_made(connection) or connection.execute(select(func.count()).select_from(_workers)).scalar_one() == 0


def join(engine: Engine, me: WorkerSeen) -> list[WorkerSeen]:
    """Enter a worker, unless others are there that have not the same versions: these are given, and nobody enters."""
    with writing(engine) as connection:
        # two that begin at once see each other
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key_of("join")})
        others = [_seen(row) for row in connection.execute(_all())]
        strangers = [one for one in others if one.versions != me.versions]
        if not strangers:
            values = {"name": me.name, "machine": me.machine, "process": me.process, "lanes": me.lanes}
            connection.execute(insert(_workers).values(**values, **vars(me.versions), since=_NOW, seen=_NOW))
        return strangers


def beat(engine: Engine, name: str, bundles: str, *, watches: bool) -> bool:
    """Let a worker be seen; False when it is no longer known: it was away for too long, and others go on."""
    with writing(engine) as connection:
        values = {"seen": _NOW, "bundles": bundles, "watches": int(watches)}
        return connection.execute(update(_workers).where(_workers.c.name == name).values(values)).rowcount == 1


def leave(engine: Engine, name: str) -> None:
    """Take a worker out that has ended."""
    with writing(engine) as connection:
        connection.execute(delete(_workers).where(_workers.c.name == name))


def prune(engine: Engine, seconds: float) -> list[str]:
    """Take those out that were not seen for so long, and end their sessions; gives their names.

    A paused process would else keep what it has locked for as long as it is paused.
    """
    with writing(engine) as connection:
        if not is_made(connection):
            return []
        dead = delete(_workers).where(_workers.c.seen < _NOW - seconds).returning(_workers.c.name)
        names = [name for (name,) in connection.execute(dead)]
        if names:
            ending = text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN :names "
                "AND usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()"
            ).bindparams(bindparam("names", expanding=True))
            connection.execute(ending, {"names": [session_name(name) for name in names]})
        return names


def session_name(name: str) -> str:
    """Say under which name a worker's sessions stand in `pg_stat_activity`."""
    return f"vanthu {name}"


def name_sessions(engine: Engine, name: str) -> None:
    """Let all sessions of this engine bear a worker's name from now on."""

    def named(connection: "PsycopgConnection[Any]", _record: object) -> None:
        connection.execute(f"SET application_name = '{session_name(name)}'".encode())
        connection.commit()

    event.listen(engine, "connect", named)
    # those that were opened before bear none
    engine.dispose()


def workers(engine: Engine) -> list[WorkerSeen]:
    """Give the workers that are there, the eldest first; none where one machine works alone."""
    if engine.dialect.name != "postgresql":
        return []
    with reading(engine) as connection:
        if not is_made(connection):
            return []
        return [_seen(row) for row in connection.execute(_all())]


def queued(engine: Engine) -> Mapping[str, int]:
    """Count what waits in the queue ("todo") and what is in hand ("doing"); nothing where there is none."""
    if engine.dialect.name != "postgresql":
        return {}
    with reading(engine) as connection:
        if connection.execute(text("SELECT to_regclass(:name)"), {"name": QUEUE}).scalar_one() is None:
            return {}
        counted = text(
            f"SELECT status::text, count(*) FROM {QUEUE} "  # noqa: S608 - a constant
            "WHERE task_name = 'advance' AND status IN ('todo', 'doing') GROUP BY 1"
        )
        return dict(map(tuple, connection.execute(counted)))


def _all() -> Select[Any]:
    return select(_workers, _NOW.label("now")).order_by(_workers.c.since)


def _seen(row: Row[Any]) -> WorkerSeen:
    return WorkerSeen(
        name=row.name,
        machine=row.machine,
        process=row.process,
        lanes=row.lanes,
        versions=Versions(row.program, row.bundles, row.keys),
        watches=bool(row.watches),
        up_seconds=row.now - row.since,
        unseen_seconds=row.now - row.seen,
    )
