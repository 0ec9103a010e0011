"""Who has a file open for writing: asked of the kernel, which alone knows.

A read lease (fcntl(2), "Leases") is granted only while nobody has the file open for writing. It is asked for and
given back at once. The kernel grants it to the owner of the file and to a process with the capability CAP_LEASE;
on a share it may grant one, too, and knows of the writers on this machine only. So elsewhere than on a disk of this
machine, and for others' files, the locks that the kernel lists (Samba sets them for its clients) and the descriptors
of all processes that may be looked at are gone through: that can find a writer but never show that there is none.
"""

import contextlib
import enum
import errno
import fcntl
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pipeline.files.file_systems import remote_kind

_PROCESSES: Final = Path("/proc")
_LOCKS: Final = _PROCESSES / "locks"


class Holding(enum.Enum):
    """What is known of writers of a file."""

    NOBODY = "nobody"  #: the kernel says that nobody has it open for writing
    WRITER = "writer"  #: somebody has
    UNKNOWN = "unknown"  #: nobody was found, but not everywhere could be looked


@dataclass
class Holders:
    """One look at who writes: the descriptors of other processes are gone through once, and only when needed."""

    _writers: set[tuple[int, int]] | None = field(default=None, repr=False)

    def of(self, fd: int) -> Holding:
        """Tell who holds an open file, whose descriptor must be open for reading only."""
        with self.kept_off(fd) as holding:
            return holding

    @contextlib.contextmanager
    def kept_off(self, fd: int) -> Iterator[Holding]:
        """Tell who holds an open file; if nobody does, whoever opens it for writing waits until the block ends."""
        try:
            _lease(fd)
        except OSError as trouble:
            yield Holding.WRITER if trouble.errno == errno.EAGAIN else self._searched(fd)
            return
        try:
            # a lease of this kernel says nothing of what another machine does
            yield self._searched(fd) if _is_remote(fd) else Holding.NOBODY
        finally:
            fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)

    def _searched(self, fd: int) -> Holding:
        """No lease for us (another user's file), or on no file of this file system, or one that says little."""
        found = os.fstat(fd)
        if self._writers is None:
            self._writers = {*_locked_now(), *_written_now()}
        return Holding.WRITER if (found.st_dev, found.st_ino) in self._writers else Holding.UNKNOWN


def _lease(fd: int) -> None:
    # who opens the file meanwhile has the kernel signal us: by SIGIO, which would end the process, unless it is told
    # another signal; SIGURG does nothing
    fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
    fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)


def _is_remote(fd: int) -> bool:
    try:
        return bool(remote_kind(fd))
    except OSError:
        return True


def _locked_now() -> Iterator[tuple[int, int]]:
    """Device and inode of every file on which somebody, of any user, has a lock for writing.

    "1: POSIX  ADVISORY  WRITE 3120 08:01:1835 0 EOF": a lock of a client of Samba on a range of bytes, or a lease.
    """
    with contextlib.suppress(OSError):
        for line in _LOCKS.read_text("utf-8").splitlines():
            with contextlib.suppress(ValueError, IndexError):
                words = line.split()
                major, minor, inode = words[5].split(":")
                if words[3] == "WRITE":
                    yield os.makedev(int(major, 16), int(minor, 16)), int(inode)


def _written_now() -> Iterator[tuple[int, int]]:
    """Device and inode of every file that a process we may look at has open for writing."""
    for process in _PROCESSES.glob("[0-9]*"):
        # a process that has ended meanwhile, or is another user's, is passed over
        with contextlib.suppress(OSError):
            for descriptor in (process / "fd").iterdir():
                with contextlib.suppress(OSError, ValueError, IndexError):
                    yield from _if_written(process, descriptor)


def _if_written(process: Path, descriptor: Path) -> Iterator[tuple[int, int]]:
    about = (process / "fdinfo" / descriptor.name).read_text("utf-8")
    flags = about.partition("flags:")[2].split(maxsplit=1)[0]
    if int(flags, 8) & os.O_ACCMODE != os.O_RDONLY:
        found = descriptor.stat()
        yield found.st_dev, found.st_ino
