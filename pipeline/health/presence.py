"""Presence: which workers of this machine are still there, so that nobody waits for the leases of a killed one.

Each worker holds a lock on a file of its own name below `var` for as long as it lives; the system lets go of it
however the worker ends. A worker on another machine has no such file here: its leases run out by the clock.
"""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import WatchedAlready
from pipeline.files.writing import storage_errors
from pipeline.ledger import Ledger
from pipeline.messages import tr

SUFFIX = ".worker"
#: Held by the one who watches the inbox of this working folder; it says by its number which process that is.
_WATCHER = "watching.lock"


@contextlib.contextmanager
def present(folder: Path) -> Iterator[str]:
    """Be there under a name of one's own, which the block gets; the file stays for `release_gone` to take away.

    Raises NoSpaceError, CannotWrite.
    """
    # drawn, not the process's number: numbers come again, and a new worker would hold a dead one's leases
    name = secrets.token_hex(8)
    path = folder / f"{name}{SUFFIX}"
    with storage_errors(path):
        folder.mkdir(parents=True, exist_ok=True)
        fd = _locked(path)
    try:
        yield name
    finally:
        os.close(fd)


def _locked(path: Path) -> int:
    while True:
        # not handed on to children: a guarded child that outlives a killed worker would keep it alive
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
        fcntl.flock(fd, fcntl.LOCK_EX)
        if path.exists():
            return fd
        os.close(fd)  # another worker met the file before it was locked, and took it for one that was left behind


@contextlib.contextmanager
def only_watcher(folder: Path) -> Iterator[None]:
    """Be the one on this machine who watches; the system lets go of it however the process ends.

    Raises WatchedAlready when another one is there, NoSpaceError, CannotWrite.
    """
    path = folder / _WATCHER
    with storage_errors(path):
        folder.mkdir(parents=True, exist_ok=True)
        # kept when nobody watches, and not handed on to children: as with the files of workers
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WatchedAlready(
                tr(
                    "Another `vanthu watch` (process {number}) serves this working folder already. Leave the work to "
                    "it, or stop it first.",
                    number=os.pread(fd, 32, 0).decode("ascii", "replace").strip() or "?",
                )
            ) from None
        with storage_errors(path):
            os.ftruncate(fd, 0)
            os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(fd)


def release_gone(folder: Path, ledger: Ledger) -> None:
    """Give back what workers that are no longer there had leased. Raises NoSpaceError, CannotWrite."""
    with storage_errors(folder):
        for path in folder.glob(f"*{SUFFIX}"):
            with _held_unless_there(path) as is_there:
                if not is_there:
                    # leases first: a file gone without them would leave them to the clock
                    ledger.release(path.stem)
                    path.unlink(missing_ok=True)


def is_there(folder: Path, name: str) -> bool:
    """Tell whether the worker of this name is still there."""
    path = folder / f"{name}{SUFFIX}"
    if not path.exists():
        return False
    with _held_unless_there(path) as is_there:
        return is_there


@contextlib.contextmanager
def _held_unless_there(path: Path) -> Iterator[bool]:
    """Tell whether somebody holds the file; where nobody does, it is held for the block.

    Let go of before it is taken away, it could be had by a worker that has just made it, and waits.
    """
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:  # another worker has seen to it
        yield True
        return
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield True
        else:
            yield False
    finally:
        os.close(fd)
