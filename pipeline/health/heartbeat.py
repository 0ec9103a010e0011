"""Heartbeats: what a watcher last saw of the inbox, so that a watcher that sees is told from one that is only there.

A watcher writes one after a look, beside the file by which it shows that it is there (`presence`). To ask whether it
sees the very folder that people drop into, somebody puts a canary there: an empty file that no watcher takes (its
name begins with a dot), and that the next heartbeat names.
"""

import contextlib
import datetime as dt
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from pipeline.files import write_durably
from pipeline.health.presence import is_there

CANARY: Final = ".vanthu-canary-"
_SUFFIX: Final = ".look"
#: Looks may follow each other within a blink; without a canary nobody waits for the newest.
_LEAST_SECONDS: Final = 5.0


@dataclass(frozen=True)
class Heartbeat:
    """One look of a watcher: when it was (aware), and which canaries it saw."""

    at: dt.datetime
    canaries: tuple[str, ...] = ()


_HEARTBEAT: Final = TypeAdapter(Heartbeat)


class Heart:
    """The heartbeats of one watcher, which is worker `owner`."""

    def __init__(self, workers: Path, owner: str, inbox: Path) -> None:
        self._path = workers / f"{owner}{_SUFFIX}"
        self._inbox = inbox
        self._last = -_LEAST_SECONDS

    def beat(self, at: dt.datetime) -> None:
        """Write down that there was a look at this moment."""
        # a full disk, a share that is away: the work tells of these itself, and the heartbeat stops
        with contextlib.suppress(OSError, ValueError):
            canaries = tuple(sorted(one.name for one in os.scandir(self._inbox) if one.name.startswith(CANARY)))
            now = time.monotonic()
            if now - self._last < _LEAST_SECONDS and not canaries:
                return
            write_durably(self._path, _HEARTBEAT.dump_json(Heartbeat(at, canaries)))
            self._last = now


def heartbeats(workers: Path) -> dict[str, Heartbeat]:
    """The newest heartbeat of each watcher that is there, by its name; those of the dead are taken away."""
    found = {}
    for path in sorted(workers.glob(f"*{_SUFFIX}")):
        if not is_there(workers, path.stem):
            path.unlink(missing_ok=True)
            continue
        with contextlib.suppress(OSError, ValidationError):
            found[path.stem] = _HEARTBEAT.validate_json(path.read_bytes())
    return found


@contextlib.contextmanager
def canary(inbox: Path) -> Iterator[str]:
    """Put a canary into the inbox for the length of a block; gives its name. Raises OSError where that cannot be."""
    path = inbox / f"{CANARY}{secrets.token_hex(4)}"
    path.touch(exist_ok=False)
    try:
        yield path.name
    finally:
        path.unlink(missing_ok=True)
