"""Entries of the inbox: opened if they are ordinary files, refused otherwise.

Anybody who may write into the inbox could else have the program read, and then delete, a file elsewhere: by a link,
by a second name (hard link), or by exchanging the entry between the look and the opening.
"""

import contextlib
import enum
import errno
import functools
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from pipeline.messages import say
from pipeline.model import Message, Number


class Reason(enum.StrEnum):
    """Why an entry of the inbox is not opened."""

    GONE = "gone"
    LINK = "link"
    HARD_LINK = "hard-link"
    FOLDER = "folder"
    SPECIAL = "special"
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"
    BUSY = "busy"
    CHANGING = "changing"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class Refused:
    """An entry that is not opened, and the sentence that says why."""

    reason: Reason
    message: Message


@dataclass(frozen=True)
class Stamp:
    """What tells one state of a file from another."""

    device: int
    inode: int
    size_bytes: int
    mtime_ns: int
    ctime_ns: int  # moves on with every change; copy programs set the other time to that of the original


@dataclass(frozen=True)
class Opened:
    """An ordinary file, open for reading."""

    fd: int
    stamp: Stamp

    @property
    def size_bytes(self) -> int:
        """The size when it was opened."""
        return self.stamp.size_bytes


def stamp_of(found: os.stat_result) -> Stamp:
    """Give the stamp in a stat result."""
    return Stamp(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


@contextlib.contextmanager
def open_regular(root: Path, name: str | PurePosixPath, *, limit_bytes: int) -> Iterator[Opened | Refused]:
    """Open an entry `name` (relative, "CATP/dang ky.xlsx") of the folder `root`, or say why not.

    No link is followed in any part of the name, no pipe is waited for, no device is touched, no other name of a
    file (hard link) is accepted, and no more than `limit_bytes` is ever read. Nothing here raises for what the entry
    is; the descriptor is closed on the way out.
    """
    with contextlib.ExitStack() as stack:
        try:
            folder, last = descend(stack, root, PurePosixPath(name))
            # looked at before it is opened: opening a device may already do something
            found = os.stat(last, dir_fd=folder, follow_symlinks=False)
            refused = _refusal(found, limit_bytes)
            if refused is None:
                # O_NONBLOCK: opening a pipe would wait for a writer for ever
                fd = os.open(last, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
                stack.callback(os.close, fd)
                # the entry may have been changed for another between the look and the opening
                found = os.fstat(fd)
                refused = _refusal(found, limit_bytes)
        except OSError as trouble:
            refused = _refused(reason_of(trouble))
        yield refused if refused is not None else Opened(fd, stamp_of(found))


def reason_of(trouble: OSError) -> Reason:
    """Say for what reason an entry could not be opened."""
    return _REASONS.get(trouble.errno or 0, Reason.UNREADABLE)


def changing() -> Refused:
    """Say that a file is not taken yet: it changed between two looks, or somebody is still writing it."""
    return _refused(Reason.CHANGING)


def is_same(root: Path, name: str | PurePosixPath, stamp: Stamp) -> bool:
    """Tell whether an entry is still the file of this stamp."""
    with contextlib.ExitStack() as stack:
        try:
            folder, last = descend(stack, root, PurePosixPath(name))
            return stamp_of(os.stat(last, dir_fd=folder, follow_symlinks=False)) == stamp
        except OSError:
            return False


def descend(stack: contextlib.ExitStack, root: Path, name: PurePosixPath) -> tuple[int, str]:
    """Open the folder that holds the last part of `name`, part by part; give its descriptor and that last part.

    A path opened as a whole would follow a link in its middle: O_NOFOLLOW looks at the last part only.
    """
    if name.is_absolute() or not name.parts or ".." in name.parts:
        raise OSError(errno.EXDEV, "outside the folder")
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    folder = os.open(root, flags)
    stack.callback(os.close, folder)
    for part in name.parts[:-1]:
        folder = os.open(part, flags | os.O_NOFOLLOW, dir_fd=folder)
        stack.callback(os.close, folder)
    return folder, name.parts[-1]


#: What a share or a disk answers that has trouble of its own: the same again in a moment may go.
_PASSING: Final = (
    errno.EAGAIN,  # the system takes back a lease that somebody else holds
    errno.EBUSY,
    errno.ECONNABORTED,
    errno.ECONNREFUSED,
    errno.ECONNRESET,
    errno.EHOSTDOWN,
    errno.EHOSTUNREACH,
    errno.EINTR,
    errno.EIO,
    errno.EMFILE,
    errno.ENETDOWN,
    errno.ENETRESET,
    errno.ENETUNREACH,
    errno.ENFILE,
    errno.ENOLINK,
    errno.ENOTCONN,
    errno.EREMOTEIO,
    errno.ESTALE,
    errno.ETIMEDOUT,
    errno.ETXTBSY,
)
_REASONS: Final = {
    **dict.fromkeys(_PASSING, Reason.BUSY),
    errno.ENOENT: Reason.GONE,
    errno.ENOTDIR: Reason.LINK,  # with O_DIRECTORY|O_NOFOLLOW: a link where a folder was named
    errno.ELOOP: Reason.LINK,
    errno.ENXIO: Reason.SPECIAL,  # a socket
    errno.EXDEV: Reason.OUTSIDE,  # raised by `_descend` itself
}


def _refusal(found: os.stat_result, limit_bytes: int) -> Refused | None:
    """Refuse an entry with this stat result; None when it is an ordinary file within the limit."""
    mode = found.st_mode
    if stat.S_ISLNK(mode):
        return _refused(Reason.LINK)
    if stat.S_ISDIR(mode):
        return _refused(Reason.FOLDER)
    if not stat.S_ISREG(mode):
        return _refused(Reason.SPECIAL)
    # by a second name any file of this disk that the program may read could be submitted, and answered in plain text
    if found.st_nlink > 1:
        return _refused(Reason.HARD_LINK)
    if found.st_size > limit_bytes:
        return _refused(Reason.TOO_LARGE, _megabytes(found.st_size), _megabytes(limit_bytes))
    return None


def _megabytes(size_bytes: int) -> Message:
    """Write a size for people, in MB with one decimal."""
    return say("{size} MB", size=Number(size_bytes / 1_000_000, places=1))


def _refused(reason: Reason, size: Message | str = "", limit: Message | str = "") -> Refused:
    """Make a refusal with its sentence."""
    if reason is Reason.TOO_LARGE:
        return Refused(
            reason,
            say(
                "The file is too large ({size}; at most {limit}). Remove pictures or split it, then send it again.",
                size=size,
                limit=limit,
            ),
        )
    return Refused(reason, _sentences()[reason])


@functools.cache
def _sentences() -> Mapping[Reason, Message]:
    return {
        Reason.GONE: say("The file is no longer there."),
        Reason.LINK: say("This is a link to another place, not a file. Copy the file itself into the folder."),
        Reason.HARD_LINK: say(
            "This file has a second name elsewhere on the disk. Copy the file into the folder instead of linking it."
        ),
        Reason.FOLDER: say(
            "Nothing in this folder is looked at: it lies too deep, or lets nobody look into it. Put its files into "
            "a folder higher up, or mend its rights."
        ),
        Reason.SPECIAL: say("This is not an ordinary file. Drop a Word, Excel, PDF or YAML file."),
        Reason.OUTSIDE: say("The name leads outside the folder."),
        Reason.BUSY: say("The share or the disk gave an error when the file was to be read."),
        Reason.CHANGING: say("The file has just changed, or somebody is still writing it."),
        Reason.UNREADABLE: say("The file cannot be opened. Check its rights, or copy it into the folder again."),
    }
