"""What of the inbox has come to rest and is whole: only that is taken."""

import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline.files import Opened, Refused, Stamp, open_regular
from pipeline.intake.looking import Found

#: A file whose end does not look finished is taken all the same after this many quiet periods: some programs write
#: such files, and the reader will say what is wrong with them.
PATIENCE = 10

ZIP_MAGIC, ZIP_END, ZIP_TAIL_BYTES = b"PK\x03\x04", b"PK\x05\x06", 65_557
PDF_MAGIC, PDF_END, PDF_TAIL_BYTES = b"%PDF-", b"%%EOF", 4_096


@dataclass
class Settling:
    """Remembers since when each file has looked the same, so that none is taken while it is being copied."""

    quiet_seconds: float
    _since: dict[PurePosixPath, tuple[Stamp, float]] = field(default_factory=dict)

    def settled(self, inbox: Path, found: list[Found], now: float) -> list[Found]:
        """Give the files that are at rest and whole; `now` is a monotonic time in seconds."""
        names = {file.name for file in found}
        self._since = {name: seen for name, seen in self._since.items() if name in names}
        ready = []
        for file in found:
            stamp, since = self._since.get(file.name, (file.stamp, now))
            if stamp != file.stamp:
                since = now
            self._since[file.name] = (file.stamp, since)
            rest = now - since
            if rest >= self.quiet_seconds and (rest >= self.quiet_seconds * PATIENCE or is_whole(inbox, file)):
                ready.append(file)
        return ready

    def is_waiting(self) -> bool:
        """Tell whether any file was seen that has not been taken yet."""
        return bool(self._since)


def is_whole(inbox: Path, found: Found) -> bool:
    """Tell whether a file ends as its format should; a pre-allocated copy has its full size early."""
    with open_regular(inbox, found.name, limit_bytes=found.stamp.size_bytes) as opened:
        if isinstance(opened, Refused):
            return True  # whatever it is, `take` will say so
        head = os.pread(opened.fd, 5, 0)
        if head.startswith(ZIP_MAGIC):
            return ZIP_END in _tail(opened, ZIP_TAIL_BYTES)
        if head == PDF_MAGIC:
            return PDF_END in _tail(opened, PDF_TAIL_BYTES)
        return opened.size_bytes > 0


def _tail(opened: Opened, length: int) -> bytes:
    return os.pread(opened.fd, length, max(0, opened.size_bytes - length))
