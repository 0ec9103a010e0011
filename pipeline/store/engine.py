"""Opens the database, brings its schema up to date, and takes the write lock before the first read of every write."""

import itertools
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, inspect, make_url
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import ArgumentError

from pipeline.errors import ConfigError, MissingToolError, SchemaVersionError
from pipeline.messages import tr
from pipeline.store.schema import REVISION
from pipeline.store.trouble import BUSY_SECONDS, telling

if TYPE_CHECKING:
    from psycopg import Connection as PsycopgConnection
    from sqlalchemy.dialects import postgresql

MIGRATIONS = Path(__file__).parent / "migrations"
#: So many values are asked for by one statement: SQLite takes 32,766, and a plan is made for each anew.
_AT_ONCE: Final = 500
#: A server that is started again accepts within a blink, or says that it is starting.
CONNECT_SECONDS: Final = 10
T = TypeVar("T")


def open_engine(url: str) -> Engine:
    """Open `url`; on SQLite with WAL, full synchronisation and BEGIN IMMEDIATE (see docs/ARCHITECTURE.md).

    SQLite must lie on a local disk: its WAL needs shared memory, which a network share does not have. Nothing is
    asked of a server yet. Raises MissingToolError without the driver of PostgreSQL; ConfigError for other databases.
    """
    try:
        named = make_url(url)
    except ArgumentError as trouble:
        raise _unknown(url) from trouble
    if named.get_backend_name() not in ("sqlite", "postgresql"):
        raise _unknown(url)
    if named.get_backend_name() == "sqlite":
        engine = create_engine(named)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        # asked before it is used: a server that was started again since has ended the connections we keep
        engine = create_engine(_patient(named).set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    except ImportError as trouble:
        raise MissingToolError(
            tr(
                "The ledger is on PostgreSQL (`database.url`), whose driver psycopg is not installed. Install it "
                "beside the program: pip install 'vanthu[postgresql]'",
            )
        ) from trouble
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _patient(url: URL) -> URL:
    """Give the address of a server with how long it may keep silent when it is first asked, unless that is said."""
    # left to the driver it is two minutes, in which a watch that is told to stop does not end
    return url if "connect_timeout" in url.query else url.update_query_dict({"connect_timeout": str(CONNECT_SECONDS)})


def _unknown(url: str) -> ConfigError:
    return ConfigError(
        tr(
            "“{url}” is no database we know. Write postgresql://USER@HOST/NAME, or sqlite:///FILE.",
            url=re.sub(r"//[^@]*@", "//***@", url),
        )
    )


def _prepare_sqlite(connection: SqliteConnection, _record: object) -> None:
    # the driver must not start transactions on its own: we say BEGIN ourselves
    connection.isolation_level = None
    # measured with eight processes and 41 kills: no number was lost or doubled. WAL lets people read while the worker
    # writes; FULL has a commit on the disk before a file leaves the inbox; foreign keys SQLite minds only when told
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_postgresql(connection: "PsycopgConnection[Any]", _record: object) -> None:
    # a commit that returns is on the disk, whatever the server is set to; READ COMMITTED, because who has waited for
    # a row must see what the other wrote; a client whose machine is gone is noticed, and its locks with it
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET synchronous_commit = on; SET default_transaction_isolation = 'read committed'; "
            f"SET lock_timeout = '{BUSY_SECONDS}s'; SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; "
            f"SET tcp_keepalives_count = 3".encode()
        )
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    # a reader that turned writer would be refused at once, whatever busy_timeout says: what it read may be old
    is_reader = connection.get_execution_options().get("vanthu_reads", False)
    connection.exec_driver_sql("BEGIN" if is_reader else "BEGIN IMMEDIATE")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: committed at the end, rolled back on any exception.

    Raises StoreBusy when the write lock is not to be had within BUSY_SECONDS; StoreGone when the server does not
    answer; NoSpaceError, CannotWrite, LedgerDamaged, ConfigError.
    """
    with telling(), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view for reading; never blocks writers. Raises as `writing`."""
    options: dict[str, Any] = {"vanthu_reads": True}
    if engine.dialect.name == "postgresql":
        # else each statement would see another moment
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with telling(), engine.connect().execution_options(**options) as connection:
        yield connection


def current_revision(engine: Engine) -> str:
    """Name the schema revision the database is at, or "" for an empty database."""
    with reading(engine) as connection:
        # read without Alembic, because every command asks and nearly none has anything to bring up to date
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())


def migrate(engine: Engine) -> None:
    """Bring the schema to this program's revision; nothing to do is nothing done.

    Raises SchemaVersionError when the database was written by a newer program.
    """
    if engine.dialect.name == "sqlite" and engine.url.database:
        # SQLite makes the file of a new ledger, but not its folder
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    now = current_revision(engine)
    if now == REVISION:
        return
    # Alembic is needed once in a ledger's life, so its import is not paid by every command
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    settings = Config()
    # Alembic takes a % in the path of the installation for the beginning of a placeholder
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.attributes["engine"] = engine
    known = {script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()}
    # never downwards: an older program would leave out what a newer one must find
    if now and now not in known:
        raise SchemaVersionError(
            f"The ledger is at schema revision {now}; this version of vanthu writes {REVISION} and does not know it. "
            "Install the version that wrote it, or a newer one."
        )
    with telling():
        command.upgrade(settings, REVISION)


def upsert(connection: Connection, table: Table, values: dict[str, Any]) -> "sqlite.Insert | postgresql.Insert":
    """Begin an INSERT of the engine's own dialect, which the caller completes with `on_conflict_do_…`."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # an office with SQLite never loads it

        return postgresql.insert(table).values(**values)
    return sqlite.insert(table).values(**values)


def in_parts(values: Collection[T], most: int = _AT_ONCE) -> Iterator[list[T]]:
    """Give values in lists of at most so many: as many as one statement is asked with."""
    rest = iter(values)
    while part := list(itertools.islice(rest, most)):
        yield part
