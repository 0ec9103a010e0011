"""The inbox: which files lie in it, which of them have come to rest, and their bytes copied into the spool.

Looking at the folder decides, not the events of the file system (docs/decisions/0003): events are lost when a queue
overflows and never arrive from a network share, a look costs 0.07 s for 20,000 files.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from pipeline import naming
from pipeline.files import (
    FileGrew,
    Opened,
    Reason,
    Refused,
    SourceUnreadable,
    Spool,
    Stamp,
    open_regular,
    stamp_of,
)
from pipeline.ledger import Drop
from pipeline.messages import say

#: How deep below the inbox a file may lie: inbox/<UNIT>/<folders of the unit's own>/file.
DEPTH: Final = 8

#: A file whose end does not look finished is taken all the same after this many quiet periods: some programs write
#: such files, and the reader will say what is wrong with them.
MAX_QUIET_PERIODS: Final = 10

# A zip ends with its central directory's end record, before which a comment of at most 65,535 bytes may stand; a PDF
# ends with %%EOF, after which writers leave line ends and some scanners a few hundred bytes of their own.
ZIP_MAGIC, ZIP_END, ZIP_TAIL_BYTES = b"PK\x03\x04", b"PK\x05\x06", 65_557
PDF_MAGIC, PDF_END, PDF_TAIL_BYTES = b"%PDF-", b"%%EOF", 4_096


@dataclass(frozen=True)
class Found:
    """A file of the inbox as the last look found it; `name` is relative to the inbox."""

    name: PurePosixPath
    stamp: Stamp

    @property
    def folder(self) -> str:
        """The subfolder of the inbox it lies in, "" for the inbox itself."""
        return naming.display(self.name.parts[0]) if len(self.name.parts) > 1 else ""

    @property
    def shown_name(self) -> str:
        """The file's own name as people may read it."""
        return naming.display(self.name.name)


def look(inbox: Path) -> list[Found]:
    """List the files of the inbox, oldest first; links, devices and other programs' temporary files are left out."""
    return sorted(_walk(inbox, PurePosixPath(), DEPTH), key=lambda found: (found.stamp.mtime_ns, str(found.name)))


def _walk(folder: Path, below: PurePosixPath, depth: int) -> Iterator[Found]:
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:  # a folder that went away between two looks
        return
    for entry in entries:
        if naming.ignored(entry.name):
            continue
        try:
            if entry.is_dir(follow_symlinks=False):
                if depth > 1:
                    yield from _walk(Path(entry.path), below / entry.name, depth - 1)
            elif entry.is_file(follow_symlinks=False):
                yield Found(below / entry.name, stamp_of(entry.stat(follow_symlinks=False)))
        except OSError:  # it went away, or the share did: the next look will tell
            continue


@dataclass
class Settling:
    """Remembers since when each file has looked the same, so that none is taken while it is being copied."""

    quiet_seconds: float
    _since: dict[PurePosixPath, tuple[Stamp, float]] = field(default_factory=dict)

    def settled(self, inbox: Path, found: list[Found], now: float) -> list[Found]:
        """Give the files that are at rest and whole; `now` is a monotonic time in seconds."""
        names = {file.name for file in found}
        # a name that went and came back is another file: it begins to rest anew
        self._since = {name: seen for name, seen in self._since.items() if name in names}
        ready = []
        for file in found:
            stamp, since = self._since.get(file.name, (file.stamp, now))
            if stamp != file.stamp:
                since = now
            self._since[file.name] = (file.stamp, since)
            rest = now - since
            is_overdue = rest >= self.quiet_seconds * MAX_QUIET_PERIODS
            if rest >= self.quiet_seconds and (is_overdue or is_whole(inbox, file)):
                ready.append(file)
        return ready

    def is_waiting(self) -> bool:
        """Tell whether any file was seen that has not been taken yet."""
        return bool(self._since)


def is_whole(inbox: Path, found: Found) -> bool:
    """Tell whether a file ends as its format should.

    The size alone does not tell: Windows Explorer makes a file at its full size before it copies the bytes.
    """
    with open_regular(inbox, found.name, limit_bytes=found.stamp.size_bytes) as opened:
        if isinstance(opened, Refused):
            return True  # `take` will say why
        head = os.pread(opened.fd, 5, 0)
        if head.startswith(ZIP_MAGIC):
            return ZIP_END in _tail(opened, ZIP_TAIL_BYTES)
        if head == PDF_MAGIC:
            return PDF_END in _tail(opened, PDF_TAIL_BYTES)
        return opened.size_bytes > 0


def _tail(opened: Opened, length: int) -> bytes:
    return os.pread(opened.fd, length, max(0, opened.size_bytes - length))


def take(inbox: Path, found: Found, spool: Spool, *, limit_bytes: int) -> Drop | Refused:
    """Copy a file's bytes into the spool while hashing them; the file itself stays where it is.

    Returns Refused for a link, a device, a file that is too large or one that changed meanwhile. The file is removed
    by whoever has recorded the job: until then the inbox holds the only copy that anybody knows of.
    """
    with open_regular(inbox, found.name, limit_bytes=limit_bytes) as opened:
        if isinstance(opened, Refused):
            return opened
        try:
            sha256, size_bytes = spool.put_file(opened.fd, limit_bytes=limit_bytes)
        except FileGrew:
            return Refused(Reason.UNREADABLE, say("The file grew while it was copied: somebody is still writing it."))
        except SourceUnreadable as trouble:
            return Refused(Reason.UNREADABLE, say("The file could not be copied: {trouble}", trouble=str(trouble)))
        return Drop(found.shown_name, found.folder, sha256, size_bytes, fingerprint(opened.stamp, found.name))


def fingerprint(stamp: Stamp, name: PurePosixPath) -> str:
    """Tell this very file from a later drop of the same bytes under the same name.

    A file found again after a crash has the fingerprint that is recorded, and is no second drop.
    """
    return f"{stamp.device}:{stamp.inode}:{stamp.mtime_ns}:{stamp.ctime_ns}:{naming.display(str(name))}"
