"""Opens the database, brings its schema up to date, and takes the write lock before the first read of every write."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, inspect
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DatabaseError

from pipeline.errors import IntegrityError, NoSpaceError, SchemaVersionError, StoreBusy, VanthuError
from pipeline.files import CannotWrite
from pipeline.messages import tr
from pipeline.store.schema import REVISION

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

# a write transaction takes milliseconds and never waits for a program (rule 4): longer is a stuck process
BUSY_SECONDS = 30
MIGRATIONS = Path(__file__).parent / "migrations"


class LedgerDamaged(IntegrityError):  # noqa: N818 - names a state of the world
    """The ledger's database file cannot be read as one."""

    exit_code = 56


def open_engine(url: str) -> Engine:
    """Open `url`; on SQLite with WAL, full synchronisation and BEGIN IMMEDIATE (see docs/ARCHITECTURE.md).

    SQLite must lie on a local disk: its WAL needs shared memory, which a network share does not have.
    """
    engine = create_engine(url, future=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


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


def _begin_sqlite(connection: Connection) -> None:
    # a reader that turned writer would be refused at once, whatever busy_timeout says: what it read may be old
    is_reader = connection.get_execution_options().get("vanthu_reads", False)
    connection.exec_driver_sql("BEGIN" if is_reader else "BEGIN IMMEDIATE")


@contextmanager
def _telling() -> Iterator[None]:
    """Say the database's own trouble as ours; anything else it raises is a bug and passes."""
    try:
        yield
    except DatabaseError as trouble:
        if (ours := _ours(str(trouble.orig))) is not None:
            raise ours from trouble
        raise


def _ours(said: str) -> VanthuError | None:
    """What the words of SQLite or PostgreSQL mean for us."""
    # by their words: a locked SQLite and a full disk of PostgreSQL come in the same class of exception
    if "locked" in said or "busy" in said:
        return StoreBusy(
            tr(
                "The ledger is locked by another process for more than {seconds} s. Look for a stuck vanthu process, "
                "then run the command again.",
                seconds=BUSY_SECONDS,
            )
        )
    if "disk is full" in said or "No space left" in said:
        return NoSpaceError(tr("The disk of the ledger is full. Make room; the work then goes on."))
    if "readonly database" in said or "unable to open database" in said or "disk I/O error" in said:
        return CannotWrite(
            tr("The ledger cannot be written ({reason}). Check the rights and the disk of its folder.", reason=said)
        )
    if "not a database" in said or "malformed" in said:
        return LedgerDamaged(
            tr("The ledger is damaged ({reason}). Bring it back from a backup, then run `vanthu check`.", reason=said)
        )
    return None


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: committed at the end, rolled back on any exception.

    Raises StoreBusy when the write lock is not to be had within BUSY_SECONDS; NoSpaceError, CannotWrite,
    LedgerDamaged.
    """
    with _telling(), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view for reading; never blocks writers. Raises as `writing`."""
    with _telling(), engine.connect().execution_options(vanthu_reads=True) as connection:
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
    with _telling():
        command.upgrade(settings, REVISION)


def upsert(connection: Connection, table: Table, values: dict[str, Any]) -> "sqlite.Insert | postgresql.Insert":
    """Begin an INSERT of the engine's own dialect, which the caller completes with `on_conflict_do_…`."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # an office with SQLite never loads it

        return postgresql.insert(table).values(**values)
    return sqlite.insert(table).values(**values)
