"""Outbox: what leaves the house, always a copy of recorded bytes under a name made of recorded facts."""

from pathlib import Path

from pipeline.files import Spool, remove, sha256_of, write_durably
from pipeline.ledger.rows import Pending


def publish(outbox: Path, pending: Pending, spool: Spool) -> None:
    """Put a recorded copy in its place, or take it away; done twice it is done once.

    A file that people have changed is never taken away: it is theirs now.
    """
    path = outbox / pending.path
    if pending.sha256:
        write_durably(path, spool.get(pending.sha256))
    elif path.is_file() and spool.has(sha256_of(path)):
        remove(path)
