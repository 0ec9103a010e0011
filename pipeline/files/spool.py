"""The spool: the program's own store of bytes, each under its own hash."""

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.errors import HashMismatch, IntegrityError, TransientError
from pipeline.files.object_store import Seen
from pipeline.files.writing import (
    READ_ONLY,
    cause_of,
    make_folder,
    publish_once,
    removed_on_failure,
    sha256_of,
    storage_errors,
    sweep,
    temporary_file,
    write_all,
    write_once,
)
from pipeline.messages import tr

CHUNK_BYTES: Final = 1 << 20


class SpoolMissing(IntegrityError):  # noqa: N818 - names a state of the world
    """Recorded bytes are not in the spool."""

    exit_code = 55


class SpoolUnreadable(TransientError):  # noqa: N818 - names a state of the world
    """Recorded bytes cannot be read at the moment: they are neither there nor gone."""

    exit_code = 39


@dataclass(frozen=True)
class Spool:
    """The program's own store of bytes, each under its own hash: `<root>/ab/<sha256>`, written once, read-only."""

    root: Path

    def must_be_there(self) -> None:
        """Make sure that what keeps the bytes is there. Raises FolderAway, CannotWrite."""

    def path(self, sha256: str) -> Path:
        """Give the file that holds the bytes of this hash (or would); ValueError for text that is no sha256."""
        return self.place(sha256)

    def place(self, sha256: str) -> Path:
        """Tell where bytes lie below `root`, whether they are there or not; ValueError for text that is no sha256."""
        # hashes come from the database and from sidecars: one with slashes in it must not leave the spool
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError(f"not a lower-case sha256: {sha256!r}")
        return self.root / sha256[:2] / sha256  # 256 subfolders: no folder grows to millions of entries

    def has(self, sha256: str) -> bool:
        """Tell whether bytes of this hash are here (verified when they are read). Raises SpoolUnreadable."""
        path = self.place(sha256)
        with self._reading(path):
            return path.is_file()

    def seen(self, sha256: str) -> Seen:
        """Tell how many bytes of this hash there are, and since when. Raises SpoolMissing, SpoolUnreadable."""
        path = self.place(sha256)
        with self._reading(path):
            found = path.stat()
        return Seen(found.st_size, found.st_mtime)

    def put(self, content: bytes) -> str:
        """Keep bytes for good; give their sha256. Raises as `write_once`."""
        sha256 = sha256_of(content)
        # the same bytes again are compared, not written
        write_once(self.place(sha256), content, first_in=self.root)
        return sha256

    def sweep(self, *, older_than_s: float) -> int:
        """Remove temporary files that a crash left; all of them lie in the root, so that few names are looked at."""
        return sweep(self.root, older_than_s=older_than_s, is_deep=False)

    def put_file(self, source: int | Path, *, limit_bytes: int, expected: str = "") -> tuple[str, int]:
        """Keep a copy of an open file (by its descriptor, from its first byte) or of a path: (sha256, size).

        Hashed while it is copied, so that what is recorded is what was kept, whatever the writer does meanwhile.
        Raises FileGrew beyond `limit_bytes`, SourceChanged when `expected` is a hash and not that of what was copied,
        SourceUnreadable, NoSpaceError, CannotWrite; then nothing is kept. OSError when a path cannot be opened.
        """
        if isinstance(source, Path):
            fd = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
            try:
                return self._put_open(fd, limit_bytes, expected)
            finally:
                os.close(fd)
        return self._put_open(source, limit_bytes, expected)

    def _put_open(self, source: int, limit_bytes: int, expected: str) -> tuple[str, int]:
        with storage_errors(self.root):
            # written before its name is known: the hash, which is the name, is complete only at the end
            with temporary_file(self.root, READ_ONLY) as (temporary, fd):
                sha256, size_bytes = _copy(source, fd, limit_bytes)
                if expected and sha256 != expected:
                    raise SourceChanged
            path = self.place(sha256)
            with removed_on_failure(temporary):
                make_folder(path.parent)
            publish_once(temporary, path, sha256)
            return sha256, size_bytes

    def get(self, sha256: str) -> bytes:
        """Read the bytes of this hash.

        Raises HashMismatch when they changed, SpoolMissing when they are gone, SpoolUnreadable when the disk fails.
        """
        path = self.place(sha256)
        with self._reading(path):
            content = path.read_bytes()  # no size limit: what is in the spool passed one when it was taken
        if sha256_of(content) != sha256:
            raise self._changed(str(path))
        return content

    def verify(self, sha256: str) -> None:
        """Read and compare, keeping nothing in memory. Raises as `get`."""
        path = self.place(sha256)
        with self._reading(path):
            found = sha256_of(path)
        if found != sha256:
            raise self._changed(str(path))

    def hashes(self) -> Iterable[str]:
        """List every hash of which there are bytes, in order; other files are passed over."""
        for path in sorted(self.root.glob("??/" + "?" * 64)):
            with contextlib.suppress(ValueError):
                if self.place(path.name) == path:
                    yield path.name

    @contextlib.contextmanager
    def _reading(self, path: Path) -> Iterator[None]:
        """Turn errors of reading into sentences; a disk that fails does not say that nothing is there."""
        try:
            yield
        except (FileNotFoundError, NotADirectoryError) as trouble:
            raise self._missing(str(path)) from trouble
        except OSError as trouble:
            raise SpoolUnreadable(
                tr(
                    "“{path}” cannot be read ({reason}). Look whether its disk is well and who may read it; what "
                    "waits for it is tried again.",
                    path=str(path),
                    reason=cause_of(trouble),
                )
            ) from trouble

    @staticmethod
    def _missing(path: str) -> SpoolMissing:
        return SpoolMissing(
            tr(
                "“{path}” is recorded but not there. Bring it back from a backup; `vanthu check` shows what it "
                "belongs to.",
                path=path,
            )
        )

    @staticmethod
    def _changed(path: str) -> HashMismatch:
        return HashMismatch(
            tr(
                "“{path}” no longer holds the bytes that were recorded. Bring it back from a backup; `vanthu check` "
                "shows what it belongs to.",
                path=path,
            )
        )


class FileGrew(Exception):  # noqa: N818 - names a state of the world
    """The file being copied passed the size allowed: somebody is still writing it, or it lied about its size."""


class SourceChanged(Exception):  # noqa: N818 - names a state of the world
    """What was copied is not what was expected: somebody wrote it in between."""


def _copy(source: int, target: int, limit_bytes: int) -> tuple[str, int]:
    """Copy an open file from its first byte, hashing; FileGrew beyond the limit."""
    # by `pread`, not by its own offset: two threads may hold the same descriptor
    digest = hashlib.sha256()
    size = 0
    while piece := _read(source, size):
        size += len(piece)
        if size > limit_bytes:
            raise FileGrew
        digest.update(piece)
        write_all(target, piece)
    return digest.hexdigest(), size


def _read(source: int, offset: int) -> bytes:
    """Read a piece of the source; its errors must not be taken for errors of our own disk."""
    try:
        return os.pread(source, CHUNK_BYTES, offset)
    except OSError as trouble:
        raise SourceUnreadable(str(trouble)) from trouble


class SourceUnreadable(Exception):  # noqa: N818 - names a state of the world
    """The file being copied cannot be read (a share that went away, a bad sector)."""
