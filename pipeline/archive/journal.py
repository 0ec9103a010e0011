"""The journal of the archive: what a lost or restored ledger is held against, and made anew from.

The journal (archive/nhat-ky) has the log's lines, appended after each commit; what a crash left out is appended by
the next run, for it is made of the ledger. `pipeline.proof.standalone` reads it.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from pipeline.files.writing import append_durably, bring_to_disk, storage_errors
from pipeline.ledger.log import Log
from pipeline.proof.standalone import ANCHORS, FOLDER, LINES, file_name, heads_in, parsed


@dataclass(frozen=True)
class Places:
    """Where proofs lie: the archive, whose journal is in it, and the folder of the heads."""

    archive: Path
    anchors: Path

    @property
    def journal(self) -> Path:
        """The folder of the journal."""
        return self.archive / FOLDER

    @property
    def heads(self) -> Path:
        """The file of the heads."""
        return self.anchors / ANCHORS


@dataclass(frozen=True)
class Tail:
    """The end of a journal: how many whole lines, the leaf of the last, and its last file (None before the first)."""

    lines: int
    leaf: bytes | None
    file: Path | None
    whole_bytes: int = 0  #: of the last file, up to the last line feed


def tail_of(journal: Path) -> Tail:
    """Read the end of a journal; lines that cannot be read have the leaf None.

    Raises CannotWrite when a file cannot be read now: the work waits for its disk.
    """
    files = sorted(path for path in journal.glob("*.txt") if path.stem.isdigit()) if journal.is_dir() else []
    for path in reversed(files):
        with storage_errors(path):
            content = path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if not whole and path != files[0]:
            continue  # begun and not written: its first line is still to come
        count = whole.count(b"\n")
        last = whole.rstrip(b"\n").rpartition(b"\n")[2].decode("utf-8", "replace")
        line = parsed(count, last)
        return Tail(int(path.stem) + count, line.leaf if line else None, path, len(whole))
    return Tail(0, None, None)


def complete(log: Log, places: Places) -> None:
    """Append to the journal what the ledger has recorded since; after a crash this is where it is made good.

    One process at a time: the caller holds a lock. Raises NoSpaceError, CannotWrite.
    """
    tail = tail_of(places.journal)
    head = log.head()
    size, done = head.size, tail.lines
    if tail.file is not None and done > max((one.size for one in heads_in(head.note)), default=0):
        # no head was signed over these lines yet: whoever wrote them may have failed before they were on the disk
        bring_to_disk(tail.file)
    if tail.file is not None and tail.file.stat().st_size > tail.whole_bytes:
        # a crash while a line was being written: that line is written again below
        with storage_errors(tail.file):
            os.truncate(tail.file, tail.whole_bytes)
    while done < size:
        first = done - done % LINES
        end = min(first + LINES, size)
        text = "".join(f"{line}\n" for line in log.lines(done, end))
        # what was fetched from a copy is written no more: another file begins, named by its first line as all are
        goes_on = tail.file is not None and done == tail.lines and bool(tail.file.stat().st_mode & stat.S_IWUSR)
        path = tail.file if tail.file is not None and goes_on and done > first else places.journal / file_name(done)
        append_durably(path, text.encode(), is_full=end == first + LINES)
        done = end
