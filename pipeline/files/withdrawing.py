"""What was taken is withdrawn from the inbox: renamed aside, compared with what is kept, and only then removed.

Between the copy and the removal somebody may write on: a program that keeps one handle open sees neither. So the file
first leaves its name, into a hidden folder beside it that is called after the hash of what was taken; there it waits
until nobody has it open for writing. Then it is compared: the same bytes are removed, others come back under the
file's own name, or a free one, and are the next drop. A crash leaves the hidden folder, and `finish` goes on with it.
"""

import contextlib
import ctypes
import enum
import errno
import hashlib
import itertools
import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from pipeline.files.foreign import Reason, Stamp, descend, reason_of, stamp_of
from pipeline.files.holding import Holders, Holding
from pipeline.files.writing import clock_of

#: The hidden folders, each followed by the sha256 of what was taken.
ASIDE: Final = ".vanthu-taken-"
#: Where nobody can tell whether a file is still being written, it must have been at rest so long before it goes.
LINGER_SECONDS: Final = 20.0

_CHUNK_BYTES: Final = 1 << 20
_RENAME_NOREPLACE: Final = 1
#: What a system or a file system that knows no such renaming answers.
_UNKNOWN: Final = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP})


class Left(enum.Enum):
    """What became of a file that was taken."""

    REMOVED = "removed"
    ASIDE = "aside"  #: somebody may still be writing it; `finish` looks at it again
    BACK = "back"  #: it was written on: under a name again, to be taken as another file
    STAYS = "stays"  #: it is no longer the file that was taken
    LOCKED = "locked"  #: its folder lets nobody rename it
    BUSY = "busy"  #: the share or the disk gives an error: the same again may succeed


#: What became of a file by the reason for which it could not be withdrawn; for any other its folder is in the way.
_LEFT: Final = {
    Reason.GONE: Left.STAYS,
    Reason.LINK: Left.STAYS,
    Reason.SPECIAL: Left.STAYS,
    Reason.BUSY: Left.BUSY,
}


def withdraw(root: Path, name: PurePosixPath, stamp: Stamp, sha256: str) -> Left:
    """Withdraw the file of this stamp, of which the bytes of this hash are kept."""
    with contextlib.ExitStack() as stack:
        try:
            folder, last = descend(stack, root, name)
            # a newer file of that name, saved a moment ago, must not go with the old one
            if stamp_of(os.stat(last, dir_fd=folder, follow_symlinks=False)) != stamp:
                return Left.STAYS
            with contextlib.suppress(FileExistsError):
                os.mkdir(f"{ASIDE}{sha256}", 0o700, dir_fd=folder)
            aside = _opened_folder(stack, folder, f"{ASIDE}{sha256}")
            _rename(folder, last, aside, last)
            os.fsync(folder)  # else a power cut brings the entry back, and it is taken for a second drop
            left = _compared(folder, aside, last, sha256, Holders())
            _tidied(folder, sha256)
        except OSError as trouble:
            return _LEFT.get(reason_of(trouble), Left.LOCKED)
        return left


def finish(root: Path) -> list[Left]:
    """Go on with what was withdrawn and could not be removed yet, anywhere below a folder."""
    holders = Holders()
    return [left for folder, sha256 in list(_left_aside(root)) for left in _finished(folder, sha256, holders)]


def _left_aside(root: Path) -> Iterator[tuple[Path, str]]:
    for folder, names, _ in os.walk(root):
        for name in names:
            if name.startswith(ASIDE) and len(name) == len(ASIDE) + 64:
                yield Path(folder), name.removeprefix(ASIDE)
        names[:] = [name for name in names if not name.startswith(".")]


def _finished(parent: Path, sha256: str, holders: Holders) -> Iterator[Left]:
    with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
        folder = os.open(parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        stack.callback(os.close, folder)
        aside = _opened_folder(stack, folder, f"{ASIDE}{sha256}")
        for name in os.listdir(aside):  # noqa: PTH208 - by its descriptor: nobody can exchange it
            with contextlib.suppress(OSError):
                yield _compared(folder, aside, name, sha256, holders)
        _tidied(folder, sha256)


def _opened_folder(stack: contextlib.ExitStack, parent: int, name: str) -> int:
    fd = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    stack.callback(os.close, fd)
    return fd


def _compared(folder: int, aside: int, name: str, sha256: str, holders: Holders) -> Left:
    fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=aside)
    try:
        with holders.kept_off(fd) as holding:
            found = os.fstat(fd)
            age_s = clock_of(aside) - found.st_ctime
            if age_s < 0:  # that clock was set back: from now on it is counted anew
                os.fchmod(fd, stat.S_IMODE(found.st_mode))
            is_young = age_s < LINGER_SECONDS
            if holding is Holding.WRITER or (holding is Holding.UNKNOWN and is_young):
                return Left.ASIDE
            # by all its bytes: what is written through memory moves no time before the file is closed
            if stat.S_ISREG(found.st_mode) and _sha256(fd) == sha256:
                # not synced: one that a power cut brings back lies aside, where `finish` removes it again
                os.unlink(name, dir_fd=aside)
                return Left.REMOVED
    finally:
        os.close(fd)
    _put_back(folder, aside, name)
    return Left.BACK


def _sha256(fd: int) -> str:
    digest = hashlib.sha256()
    size = 0
    # a share may give less than is asked for, also before the end
    while content := os.pread(fd, _CHUNK_BYTES, size):
        size += len(content)
        digest.update(content)
    return digest.hexdigest()


def _put_back(folder: int, aside: int, name: str) -> None:
    """Give it back its name, or the next that is free: something else may have been dropped under its own."""
    path = PurePosixPath(name)
    for number in itertools.count(2):
        try:
            _rename(aside, name, folder, str(path) if number == 2 else f"{path.stem} ({number - 1}){path.suffix}")
        except FileExistsError:
            continue
        os.fsync(folder)
        return


def _tidied(folder: int, sha256: str) -> None:
    with contextlib.suppress(OSError):  # another of the same bytes is in it
        os.rmdir(f"{ASIDE}{sha256}", dir_fd=folder)


def _rename(from_folder: int, name: str, to_folder: int, new: str) -> None:
    """Rename, never over something that is there. Raises OSError."""
    renamed = ctypes.CDLL(None, use_errno=True).renameat2(
        from_folder, os.fsencode(name), to_folder, os.fsencode(new), _RENAME_NOREPLACE
    )
    if renamed == 0:
        return
    code = ctypes.get_errno()
    if code not in _UNKNOWN:
        raise OSError(code, os.strerror(code))
    # FAT and some shares: between this look and the renaming lies a moment in which a file could be dropped there
    if _is_there(to_folder, new):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    os.rename(name, new, src_dir_fd=from_folder, dst_dir_fd=to_folder)


def _is_there(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
