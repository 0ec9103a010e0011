"""The files of the inbox: which of them have come to rest and are whole, and their bytes copied into the spool."""

import contextlib
import enum
import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from pipeline import naming
from pipeline.files import (
    FileGrew,
    Holders,
    Holding,
    Opened,
    Reason,
    Refused,
    SourceChanged,
    SourceUnreadable,
    Spool,
    Stamp,
    changing,
    open_regular,
    stamp_of,
)
from pipeline.files.pictures import HEAD_BYTES, is_paper
from pipeline.intake.looking import Found
from pipeline.intake.wholeness import End, end_of
from pipeline.ledger import Drop
from pipeline.messages import say

#: After so many quiet periods people are told of a file that is not taken; one whose end is missing and that nobody
#: is certainly writing any more is taken then, so that the reader says what is wrong with it.
MAX_QUIET_PERIODS: Final = 10


class Wait(enum.Enum):
    """Why a file at rest is not taken."""

    WRITER = "writer"  #: somebody has it open for writing
    CUT = "cut"  #: its end is missing, and nobody can tell whether it is still to come
    UNENDED = "unended"  #: a text that does not say where it ends, and nobody can tell whether more is to come
    BUSY = "busy"  #: the share or the disk gives an error when it is read


@dataclass
class Settling:
    """Remembers since when each file has looked the same, so that none is taken while it is being copied.

    `overdue` are the files that were found at rest for long since the last look and are not taken all the same.
    """

    quiet_seconds: float
    overdue: dict[Found, Wait] = field(default_factory=dict)
    _since: dict[PurePosixPath, tuple[Stamp, float]] = field(default_factory=dict)
    _holders: Holders = field(default_factory=Holders)

    def settled(self, inbox: Path, found: list[Found], now: float) -> list[Found]:
        """Give the files that are at rest, whole and in nobody's hands; `now` is a monotonic time in seconds."""
        return [file for file in self.at_rest(found, now) if self.is_ready(inbox, file, now)]

    def at_rest(self, found: list[Found], now: float, *, is_all: bool = True) -> list[Found]:
        """Give the files that have looked the same for the quiet time; none is opened: a look costs little.

        `is_all` is False when a share in trouble did not show everything.
        """
        names = {file.name for file in found}
        # a name that went and came back is another file: it begins to rest anew
        if is_all:
            self._since = {name: seen for name, seen in self._since.items() if name in names}
        self.overdue = {}
        self._holders = Holders()
        for file in found:
            stamp, since = self._since.get(file.name, (file.stamp, now))
            self._since[file.name] = (file.stamp, since if stamp == file.stamp else now)
        return [file for file in found if now - self._since[file.name][1] >= self.quiet_seconds]

    def is_ready(self, inbox: Path, file: Found, now: float) -> bool:
        """Tell whether a file that the last look found at rest is whole and in nobody's hands."""
        is_long = now - self._since[file.name][1] >= self.quiet_seconds * MAX_QUIET_PERIODS
        wait = _reason_to_wait(inbox, file, self._holders, is_long=is_long)
        if wait is not None and is_long:
            self.overdue[file] = wait
        return wait is None

    def forget(self) -> None:
        """Let every file begin to rest anew: the inbox could not be looked at."""
        self._since.clear()

    def is_waiting(self) -> bool:
        """Tell whether any file was seen that has not been taken yet."""
        return bool(self._since)


def _reason_to_wait(inbox: Path, file: Found, holders: Holders, *, is_long: bool) -> Wait | None:
    """Why a file at rest is not taken yet; `is_long` when it has been at rest for long."""
    with open_regular(inbox, file.name, limit_bytes=file.stamp.size_bytes) as opened:
        if isinstance(opened, Refused):
            # refused for a moment, it would go on without having been looked at, and be opened there
            is_passing = opened.reason is Reason.BUSY or (opened.reason is Reason.UNREADABLE and not is_long)
            # else `take` will say why, or look for itself
            return Wait.BUSY if is_passing else None
        return _unfinished(opened, file.name, holders, is_long=is_long)


def _unfinished(opened: Opened, name: PurePosixPath, holders: Holders, *, is_long: bool) -> Wait | None:
    """Why an open file is not all that is to come, or may not be; None where it is taken as it is."""
    try:
        holding = holders.of(opened.fd)
        if holding is Holding.WRITER:
            return Wait.WRITER
        end = end_of(opened, name)
    except OSError:
        return Wait.BUSY
    # nobody writes it any more: what tells of no end is whole, and what is broken is to be answered at last
    if end is End.WHOLE or (holding is Holding.NOBODY and (end is not End.CUT or is_long)):
        return None
    # where nobody can look (a share, another user's file) what may be whole is taken late, what cannot be is left
    if end is End.OPEN and is_long:
        return None
    return Wait.UNENDED if end is End.UNENDED else Wait.CUT


def is_whole(inbox: Path, found: Found) -> bool:
    """Tell whether a file ends as its format should.

    The size alone does not tell: Windows Explorer makes a file at its full size before it copies the bytes.
    """
    with open_regular(inbox, found.name, limit_bytes=found.stamp.size_bytes) as opened:
        return isinstance(opened, Refused) or end_of(opened, found.name) is not End.CUT


@dataclass(frozen=True)
class SizeLimits:
    """How large a file may be: a form, and what may be a scanned paper, a PDF or a picture."""

    form_bytes: int
    paper_bytes: int

    def of(self, inbox: Path, found: Found) -> int:
        """The limit for a file of the inbox, by its first bytes; for what is not opened that of a paper."""
        most = max(self.form_bytes, self.paper_bytes)
        # a share in trouble: the larger limit, whoever reads on says so
        with open_regular(inbox, found.name, limit_bytes=most) as opened, contextlib.suppress(OSError):
            if not isinstance(opened, Refused) and not is_paper(os.pread(opened.fd, HEAD_BYTES, 0)):
                return self.form_bytes
        return self.paper_bytes


def refusal(inbox: Path, found: Found, *, limit_bytes: int) -> Refused | None:
    """Why an entry of the inbox would not be opened, None when it would."""
    with open_regular(inbox, found.name, limit_bytes=limit_bytes) as opened:
        return opened if isinstance(opened, Refused) else None


def take(inbox: Path, found: Found, spool: Spool, *, limit_bytes: int, looked_at: str = "") -> Drop | Refused:
    """Copy a file's bytes into the spool while hashing them; the file itself stays where it is.

    Returns Refused for a link, a device, a file that is too large or one that is no longer as it was found: what was
    looked at since is not what would be copied. `looked_at` is the sha256 of what the secrecy gate saw: other bytes
    are not kept, though size and times are the same (a share may tell times in whole seconds). The file is removed by
    whoever has recorded the job: until then the inbox holds the only copy that anybody knows of.
    """
    with open_regular(inbox, found.name, limit_bytes=limit_bytes) as opened:
        if isinstance(opened, Refused):
            return opened
        # its end once more: what nobody was let open comes here to be refused, and may be opened by now
        if opened.stamp != found.stamp or _unfinished(opened, found.name, Holders(), is_long=True) is not None:
            return changing()
        try:
            sha256, size_bytes = spool.put_file(opened.fd, limit_bytes=limit_bytes, expected=looked_at)
        except SourceChanged:
            return changing()
        except FileGrew:
            return Refused(Reason.UNREADABLE, say("The file grew while it was copied: somebody is still writing it."))
        except SourceUnreadable as trouble:
            return Refused(Reason.BUSY, say("The file could not be copied: {trouble}", trouble=str(trouble)))
        # bytes of two states of it may have been copied: they stay in the spool, which nobody reads by chance
        if stamp_of(os.fstat(opened.fd)) != opened.stamp:
            return changing()
        return Drop(found.shown_name, found.folder, sha256, size_bytes, fingerprint(opened.stamp, found.name))


def fingerprint(stamp: Stamp, name: PurePosixPath) -> str:
    """Tell this very file from a later drop of the same bytes under the same name.

    A file found again after a crash has the fingerprint that is recorded, and is no second drop.
    """
    return f"{stamp.device}:{stamp.inode}:{stamp.mtime_ns}:{stamp.ctime_ns}:{naming.display(str(name))}"
