"""Object stores: bytes are put there under a name, once, and are read back; nothing is ever written over.

One seam with two sides: a folder (`FolderStore`), and a bucket of an S3-compatible store (`pipeline.files.s3`).
Who keeps things in one need not know which it is: the spool of many machines (`pipeline.files.shared_spool`), the
chest of backups (`pipeline.backup.chest`).
"""

import contextlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from pipeline.files.writing import TEMPORARY_PREFIX, locked, make_folder, storage_errors, sweep, write_once

PIECE_BYTES: Final = 1 << 20
#: A temporary file this old belongs to no living writer.
_LEFT_BEHIND_SECONDS: Final = 3600


class NoSuchObject(Exception):  # noqa: N818 - names a state of the world
    """Nothing is kept under this name."""


@dataclass(frozen=True)
class Seen:
    """What can be told of kept bytes without reading them: how many, and when they came (seconds since 1970)."""

    size_bytes: int
    written_at: float


class ObjectStore(Protocol):
    """Where bytes are kept by name. Names are parts joined by "/", as those of files.

    Everything raises CannotWrite (ObjectStoreAway) when the store is away, refuses us, or does not answer in time.
    """

    @property
    def where(self) -> str:
        """What people call it: its path or its URL."""

    def make(self) -> None:
        """Make it ready for its first object."""

    def create(self, name: str, content: bytes) -> bool:
        """Keep bytes for good; False when these very bytes were kept before. They were read back, when it returns.

        Raises HashMismatch when something else is kept under that name, NoSpaceError.
        """

    def read(self, name: str) -> bytes:
        """Give the bytes. Raises NoSuchObject."""

    def pieces(self, name: str) -> Iterator[bytes]:
        """Give the bytes piece by piece. Raises NoSuchObject."""

    def look(self, name: str) -> Seen | None:
        """Tell of an object without reading it; None when there is none."""

    def names(self, below: str = "") -> list[str]:
        """Name everything that is kept below a folder of names, in order."""

    def alone(self) -> AbstractContextManager[None]:
        """Hold off others who use it as this one does, as far as it can."""


@dataclass(frozen=True)
class FolderStore:
    """A folder as an object store: on a disk of this machine, or mounted."""

    root: Path

    @property
    def where(self) -> str:
        """Its path."""
        return str(self.root)

    def make(self) -> None:
        """Make the folder, and let nobody else look into it."""
        make_folder(self.root)
        with storage_errors(self.root):
            self.root.chmod(0o700)

    def create(self, name: str, content: bytes) -> bool:
        """Write a file for good, as `write_once`: what is there already is compared."""
        return write_once(self.root / name, content)

    def read(self, name: str) -> bytes:
        """Read a file."""
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """Read a file piece by piece."""
        path = self.root / name
        with storage_errors(path):
            try:
                source = path.open("rb")
            except FileNotFoundError as trouble:
                raise NoSuchObject(name) from trouble
            with source:
                while piece := source.read(PIECE_BYTES):
                    yield piece

    def look(self, name: str) -> Seen | None:
        """Look at a file."""
        path = self.root / name
        with storage_errors(path):
            try:
                found = path.stat()
            except (FileNotFoundError, NotADirectoryError):
                return None
        return Seen(found.st_size, found.st_mtime)

    def names(self, below: str = "") -> list[str]:
        """List the files below a folder; what a crash left half-written is none."""
        with storage_errors(self.root):
            return sorted(
                Path(where, name).relative_to(self.root).as_posix()
                for where, _, files in os.walk(self.root / below)
                for name in files
                if not name.startswith(TEMPORARY_PREFIX)
            )

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold a lock file in the folder, and take away what a crash left there."""
        with locked(self.root / "lock"):
            sweep(self.root, older_than_s=_LEFT_BEHIND_SECONDS)
            yield
