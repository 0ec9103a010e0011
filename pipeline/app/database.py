"""The ledger's database as a whole: where it is and how it stands, and copied to another engine."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from pipeline.app.settings import Settings
from pipeline.archive.journal import Places
from pipeline.audit.log import log_findings
from pipeline.audit.records import record_findings
from pipeline.ledger import Ledger
from pipeline.model import Finding, Severity
from pipeline.store import copying
from pipeline.store.copying import TableCopy
from pipeline.store.engine import current_revision, migrate, open_engine, reading
from pipeline.store.schema import REVISION

__all__ = ["Copied", "Standing", "TableCopy", "bring_up_to_date", "copy_to", "standing"]


@dataclass(frozen=True)
class Standing:
    """How a database stands; `tables` is empty before it is at the program's own revision."""

    url: str
    engine: str
    revision: str
    program_revision: str
    size_bytes: int
    server: dict[str, str]
    tables: list[TableCopy]

    @property
    def is_current(self) -> bool:
        """Whether it is at the revision this program writes."""
        return self.revision == self.program_revision


@dataclass(frozen=True)
class Copied:
    """What was copied, table by table, and what a check of the copy found."""

    tables: list[TableCopy]
    found: list[Finding]

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found that blocks."""
        return not any(one.severity is Severity.BLOCK for one in self.found)


#: Settings of a server on which it depends that what is committed outlives a power cut.
_DURABLE = ("server_version", "fsync", "full_page_writes", "synchronous_commit")
_SQLITE = ("journal_mode", "synchronous")


def standing(settings: Settings) -> Standing:
    """Look at the database without changing it."""
    engine = open_engine(settings.database_url)
    try:
        is_there = copying.is_there(engine)
        revision = current_revision(engine) if is_there else ""
        size, server, tables = 0, dict[str, str](), list[TableCopy]()
        if is_there:
            with reading(engine) as connection:
                size, server = _size(connection), _server(connection)
                tables = copying.measured(connection) if revision == REVISION else []
        return Standing(_shown(engine), engine.dialect.name, revision, REVISION, size, server, tables)
    finally:
        engine.dispose()


def bring_up_to_date(settings: Settings) -> tuple[str, str]:
    """Bring the schema to this program's revision; gives the one before ("" for none) and the one now.

    Raises SchemaVersionError.
    """
    engine = open_engine(settings.database_url)
    try:
        is_there = copying.is_there(engine)
        before = current_revision(engine) if is_there else ""
        migrate(engine)
        return before, REVISION
    finally:
        engine.dispose()


def copy_to(settings: Settings, url: str, clock: Callable[[], dt.datetime], who: str) -> Copied:
    """Copy the ledger into the empty database at `url`, and check the copy as `vanthu check` does its histories.

    Raises NotAllowedNow, HashMismatch, ConfigError.
    """
    target = open_engine(url)
    source = Ledger.open(settings.database_url, clock, who)
    try:
        tables = copying.copy_all(source.engine, target)
        copied = Ledger(target, clock, who)
        places = Places(settings.folders.archive, settings.folders.anchors)
        return Copied(tables, [*log_findings(copied, places), *record_findings(copied)])
    finally:
        source.close()
        target.dispose()


def _shown(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def _size(connection: Connection) -> int:
    if connection.dialect.name == "postgresql":
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())


def _server(connection: Connection) -> dict[str, str]:
    if connection.dialect.name == "postgresql":
        return {name: str(connection.exec_driver_sql(f"SHOW {name}").scalar_one()) for name in _DURABLE}
    return {name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()) for name in _SQLITE}
