"""The archive once more, in an object store: what is filed and the journal, put there after each round of work.

The names are those of the archive, and every object is put once. Of the journal each round puts a file of its own,
named by its first line as all are: a bucket that is copied into a folder is an archive, and verifies as one. The
office never waits for its copy: one that is away is brought up to date when it is back.
"""

import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.archive.journal import Places
from pipeline.archive.standing import Age, Standing, age_of
from pipeline.errors import HashMismatch, IntegrityError
from pipeline.files import CannotWrite, FolderStore, ObjectStore, sha256_of, write_durably
from pipeline.files.object_store import NoSuchObject
from pipeline.files.writing import storage_errors
from pipeline.ledger.log import Log
from pipeline.messages import tr
from pipeline.proof.standalone import FOLDER, KEYS, LINES, SELF, file_name, filed_by, parsed
from pipeline.store.alone import alone

log = logging.getLogger(__name__)

#: A store that was away, or has something else, is not asked again before.
_PAUSE_SECONDS: Final = 60.0


@dataclass(frozen=True)
class End:
    """Where the copied journal ends: how many lines, and the leaf of the last, None where nobody has to look."""

    lines: int
    leaf: bytes | None = None


class ArchiveCopy:
    """The copy in one store; `record`, in var, remembers how far it goes, so that listing it is the exception."""

    def __init__(self, store: ObjectStore, record: Path) -> None:
        self.store = store
        self._record = record
        self._not_before = 0.0

    @property
    def where(self) -> str:
        """What people call it."""
        return self.store.where

    def standing(self, ledger: Log) -> Standing:
        """Tell how the ledger stands to the copy. Raises CannotWrite when the store is away, HashMismatch."""
        end = self._end()
        # the ledger last, as in `standings`: another worker may go on meanwhile
        size = ledger.head().size
        is_same = end.leaf is None or ledger.leaf(end.lines - 1) == end.leaf
        return Standing(age_of(end.lines, size, is_same=lambda: is_same), self.where, end.lines, size)

    def standings(self, ledger: Log) -> list[Standing]:
        """Give how the ledger stands to the copy, nothing where it cannot be asked: the journal guards as ever."""
        if time.monotonic() < self._not_before:
            return []
        try:
            return [self.standing(ledger)]
        except (CannotWrite, IntegrityError) as trouble:
            self._pause(trouble)
            return []

    def bring_up_to_date(self, ledger: Log, places: Places, var: Path) -> bool:
        """Put there what was filed and written since; False where that cannot be now: it is tried again later."""
        if self._known() == ledger.head().size:
            return True
        if time.monotonic() < self._not_before:
            return False
        try:
            with alone(ledger.engine, "ban-sao-kho", var):
                return self._complete(ledger, places)
        except (CannotWrite, IntegrityError) as trouble:
            self._pause(trouble)
            return False

    def _complete(self, ledger: Log, places: Places) -> bool:
        standing = self.standing(ledger)
        # whoever numbers next is told (`steps.witnessing`)
        if standing.age is not Age.SAME:
            return False
        done, size = standing.size, standing.ledger_size
        if not done:
            for name in (SELF, KEYS):
                self._put(places.archive, f"{FOLDER}/{name}")
        while done < size:
            end = min(done + LINES, size)
            lines = list(ledger.lines(done, end))
            # the lines after the files they name: after a crash none may name a file that is not there
            for path, sha256 in _filed(done, lines):
                self._put(places.archive, path, sha256)
            self.store.create(f"{FOLDER}/{file_name(done)}", "".join(f"{line}\n" for line in lines).encode())
            done = end
            self._remember(done)
        return True

    def _put(self, archive: Path, path: str, sha256: str = "") -> None:
        with storage_errors(archive / path):
            content = (archive / path).read_bytes()
        # what was changed is not made two
        if sha256 and sha256_of(content) != sha256:
            raise HashMismatch(
                tr(
                    "“{path}” is no longer what was filed: it is not copied. See `vanthu check`.",
                    path=str(archive / path),
                )
            )
        self.store.create(path, content)

    def _end(self) -> End:
        """Find the end of the copy: as it was left, unless somebody has gone on since, or nobody remembers."""
        known = self._known()
        if known is not None and self.store.look(f"{FOLDER}/{file_name(known)}") is None:
            return End(known)
        names = [name for name in self.store.names(FOLDER) if Path(name).stem.isdigit() and name.endswith(".txt")]
        if not names:
            return End(0)
        first, content = int(Path(names[-1]).stem), self._read(names[-1])
        count = content.count(b"\n")
        last = content.rstrip(b"\n").rpartition(b"\n")[2].decode("utf-8", "replace")
        line = parsed(first + count - 1, last)
        if line is None or not content.endswith(b"\n"):
            raise HashMismatch(
                tr("“{path}” is no journal: somebody has put it there.", path=f"{self.where}/{names[-1]}")
            )
        return End(first + count, line.leaf)

    def _read(self, name: str) -> bytes:
        try:
            return self.store.read(name)
        except NoSuchObject as trouble:
            raise HashMismatch(tr("“{path}” was taken away.", path=f"{self.where}/{name}")) from trouble

    def _known(self) -> int | None:
        try:
            said = json.loads(self._record.read_bytes())
        except FileNotFoundError:
            return None
        return int(said["lines"]) if said["store"] == self.where else None

    def _remember(self, lines: int) -> None:
        write_durably(self._record, json.dumps({"store": self.where, "lines": lines}).encode())

    def _pause(self, trouble: Exception) -> None:
        self._not_before = time.monotonic() + _PAUSE_SECONDS
        log.error("no copy", extra={"action": "copy.wait", "store": self.where, "why": str(trouble)})


def fetch(store: ObjectStore, folder: Path) -> int:
    """Bring a copy into a folder, which is an archive then; what is there already is compared. Gives how many files.

    Raises HashMismatch when something else is there, CannotWrite, NoSpaceError.
    """
    target, names = FolderStore(folder), store.names()
    for name in names:
        try:
            target.create(name, store.read(name))
        except NoSuchObject as trouble:
            raise HashMismatch(tr("“{path}” was taken away.", path=f"{store.where}/{name}")) from trouble
    return len(names)


def _filed(first: int, lines: list[str]) -> Iterator[tuple[str, str]]:
    """Give path and sha256 of the files that lines say are filed."""
    for number, text in enumerate(lines, start=first):
        line = parsed(number, text)
        if line is not None and line.said:
            yield from filed_by(line.said).items()
