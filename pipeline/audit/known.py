"""Paths with their hashes, or other texts, as many as there are: kept by SQLite in a file, not in memory."""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice


class Known:
    """Path -> sha256; what is put later under a path counts. Used as a context, it is gone afterwards."""

    def __init__(self) -> None:
        # a nameless database: on the disk as far as it does not fit into SQLite's own small cache
        self._kept = sqlite3.connect("")
        self._kept.execute("CREATE TABLE known (path TEXT PRIMARY KEY, sha256 TEXT) WITHOUT ROWID")

    def __enter__(self) -> "Known":
        return self

    def __exit__(self, *_: object) -> None:
        self._kept.close()

    def put(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Put paths with their hashes; a path with the hash "" is taken out."""
        pairs = iter(pairs)
        while some := list(islice(pairs, 1000)):
            with contextlib.closing(self._kept.cursor()) as cursor:
                cursor.executemany("INSERT OR REPLACE INTO known VALUES (?, ?)", some)
        self._kept.execute("DELETE FROM known WHERE sha256 = ''")

    def get(self, path: str) -> str | None:
        """Give the hash of a path, None for one that is not known."""
        found = self._kept.execute("SELECT sha256 FROM known WHERE path = ?", (path,)).fetchone()
        return str(found[0]) if found else None

    def setdefault(self, path: str, sha256: str, /) -> str:
        """Give the hash of a path; put this one where none is known."""
        self._kept.execute("INSERT OR IGNORE INTO known VALUES (?, ?)", (path, sha256))
        return self.get(path) or sha256

    def __len__(self) -> int:
        return int(self._kept.execute("SELECT count(*) FROM known").fetchone()[0])

    def __iter__(self) -> Iterator[tuple[str, str]]:
        with contextlib.closing(self._kept.cursor()) as cursor:
            yield from cursor.execute("SELECT path, sha256 FROM known ORDER BY path")
