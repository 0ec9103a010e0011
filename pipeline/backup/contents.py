"""The list of a backup: every file with its place, and the pieces it is made of."""

import json
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from pipeline.errors import HashMismatch
from pipeline.messages import tr

#: Where files come from and go to: the working folder itself, and the folders that config.yaml names.
PLACES: Final = ("root", "var", "archive", "anchors", "outbox", "templates", "years", "certificates")
#: In the place `var`: the ledger as a SQLite file, whichever engine keeps it.
LEDGER: Final = "ledger.sqlite"
#: In the place `var`: the spool, wherever it lay.
SPOOL: Final = "spool"


@dataclass(frozen=True)
class Kept:
    """One file of a backup. `stamp` is what tells that it has not changed since: size, times, inode."""

    place: str
    path: str
    mode: int
    mtime_ns: int
    stamp: tuple[int, ...]
    pieces: tuple[str, ...]

    @property
    def size_bytes(self) -> int:
        """How long the file is."""
        return self.stamp[0]


@dataclass(frozen=True)
class Contents:
    """One backup. `made_at` describes; `log_size` says how much of the history it knows."""

    made_at: str
    program: str
    revision: str
    log_size: int
    files: tuple[Kept, ...]

    def as_bytes(self) -> bytes:
        """Write the list."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode()


def read(content: bytes) -> Contents:
    """Read a list. Raises HashMismatch for what is none, or names a file outside its place."""
    try:
        said: dict[str, Any] = json.loads(content)
        files = tuple(
            Kept(one["place"], one["path"], one["mode"], one["mtime_ns"], tuple(one["stamp"]), tuple(one["pieces"]))
            for one in said.pop("files")
        )
        contents = Contents(**said, files=files)
    except (ValueError, KeyError, TypeError) as trouble:
        raise _no_list() from trouble
    for one in files:
        path = PurePosixPath(one.path)
        if one.place not in PLACES or path.is_absolute() or ".." in path.parts or not path.parts:
            raise _no_list()
    return contents


def _no_list() -> HashMismatch:
    return HashMismatch(tr("The list of this backup is not what was written. Take another one."))
