"""One at a time: a lock file holds off the processes of this machine, a lock of PostgreSQL those of the others."""

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, text

from pipeline.errors import StoreGone
from pipeline.files import locked
from pipeline.messages import tr
from pipeline.store.trouble import telling


@contextlib.contextmanager
def alone(engine: Engine, name: str, folder: Path) -> Iterator[None]:
    """Do what is in the block while nobody else does what bears this name, on any machine with this ledger.

    `folder` lies on a disk of this machine. Raises StoreBusy when another machine does it for too long; StoreGone
    when the server was lost meanwhile: what was done may then have met another's; NoSpaceError, CannotWrite.
    """
    with locked(folder / f"{name}.lock"):
        # a ledger on SQLite lies on a disk of this machine, and so does everybody who works with it
        if engine.dialect.name == "sqlite":
            yield
            return
        with telling(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key_of(name)})
            try:
                yield
            except BaseException:
                # a connection given back with its lock would keep everybody off: it is closed instead
                connection.invalidate()
                raise
            held = connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key_of(name)}).scalar_one()
            if not held:
                raise StoreGone(
                    tr("The connection to the database of the ledger was lost for a moment; it is done once more.")
                )


def key_of(name: str) -> int:
    """The number that PostgreSQL knows a lock of this name by; each database has its own."""
    return int.from_bytes(hashlib.sha256(f"vanthu {name}".encode()).digest()[:8], "big", signed=True)
