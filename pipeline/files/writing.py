"""Durable writing: temporary file, fsync, one atomic step to the name, fsync of the folder."""

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pipeline.errors import HashMismatch, NoSpaceError, OperatorError
from pipeline.messages import tr

TEMPORARY_PREFIX: Final = ".vanthu-"
TEMPORARY_SUFFIX: Final = ".part"
WRITABLE: Final = 0o666  #: less the umask: units and clerks open and remove these files
READ_ONLY: Final = 0o444  #: for what is written once

_OF_ONE_PLACE: Final = frozenset(
    {errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP}
)
_NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
#: What this process has seen brought to the disk: folders by their names, files that grow by name and inode, files
#: that came again (the bundle of a kind, with every form of it) by name, inode and time. Asked once for each, not
#: with every file.
_ON_DISK: Final[set[Path | tuple[Path | int, ...]]] = set()
#: What file systems without hard links (FAT, many SMB shares) answer to `link`.
_NO_LINKS: Final = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES})


class CannotWrite(OperatorError):  # noqa: N818 - names a state of the world
    """A folder of ours does not let us write: rights, a read-only mount, a share that went away."""

    exit_code = 19
    is_retried = True  # shares come back

    @property
    def is_of_one_place(self) -> bool:
        """Whether it is one folder or file that does not let us write, and nothing is said of the disk it is on."""
        return isinstance(self.__cause__, OSError) and self.__cause__.errno in _OF_ONE_PLACE


@contextlib.contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn errors of writing in our own folders into sentences that name the folder."""
    try:
        yield
    except OSError as trouble:
        if trouble.errno in _NO_SPACE:
            raise NoSpaceError(
                tr(
                    "No space is left for “{path}”. Free some space on that disk; the work goes on by itself.",
                    path=str(path),
                )
            ) from trouble
        raise CannotWrite(
            tr(
                "“{path}” cannot be written ({reason}). Check the rights of the folder and that its disk is there.",
                path=str(path),
                reason=cause_of(trouble),
            )
        ) from trouble


def cause_of(trouble: OSError) -> str:
    """Say in the office's words what people can do something about; the rest as the system says it."""
    if trouble.errno == errno.EROFS:
        return tr("the disk can only be read")
    if trouble.errno in {errno.EACCES, errno.EPERM}:
        return tr("it is not allowed")
    return trouble.strerror or type(trouble).__name__


def sync_folder(folder: Path) -> None:
    """Bring a folder's entries (new names, removed names) to the disk."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    except OSError as trouble:
        # some network file systems cannot sync a folder; they also keep no folder cache of ours to lose
        if trouble.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(fd)


def append_durably(path: Path, content: bytes, *, is_full: bool) -> None:
    """Append bytes to a file; one that is full is never to be written again. Raises NoSpaceError, CannotWrite."""
    make_folder(path.parent)
    with storage_errors(path):
        is_new = not path.exists()
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, WRITABLE)
        try:
            write_all(fd, content)
            if is_full:
                os.fchmod(fd, READ_ONLY)
            os.fsync(fd)
            known = (path, os.fstat(fd).st_ino)
        finally:
            os.close(fd)
        # one that is there may have been begun before a sync that failed: its name is not on the disk
        if is_new or known not in _ON_DISK:
            sync_folder(path.parent)
            _ON_DISK.add(known)


def bring_to_disk(path: Path) -> None:
    """Bring a file that is there, and its name, to the disk: its writer may have failed. Raises CannotWrite."""
    with storage_errors(path):
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
        sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and its missing parents, durably; nothing happens when it is there."""
    with storage_errors(folder):
        _make_folder(folder)


def _make_folder(folder: Path) -> None:
    # one that is there may have been made a moment ago by another process, or by us before a sync that failed: then
    # its name is not on the disk, and a power cut would take away what is put into it
    is_there = folder.is_dir()
    if is_there and (folder in _ON_DISK or folder.parent == folder or not _is_our_own(folder)):
        return
    _make_folder(folder.parent)
    if not is_there:
        with contextlib.suppress(FileExistsError):  # another thread was quicker
            os.mkdir(folder)  # noqa: PTH102 - the crash tests count calls of os
    try:
        sync_folder(folder.parent)
    except PermissionError:  # above what is ours: whoever made it saw to it
        if not is_there:
            raise
    _ON_DISK.add(folder)


def write_all(fd: int, content: bytes) -> None:
    """Write every byte: `os.write` may write less than it is given, and that is no error."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(fd, rest) :]


def _is_our_own(folder: Path) -> bool:
    """Whether a folder is of this user: others' were there before, and are theirs to bring to the disk."""
    return folder.stat().st_uid == os.geteuid()


@contextlib.contextmanager
def temporary_file(folder: Path, mode: int) -> Iterator[tuple[Path, int]]:
    """Open a temporary file in `folder` (made when missing) for writing: synced on the way out, gone on failure.

    Its name is short (the target's may be 255 bytes long) and begins with a dot, so that nobody takes it.
    """
    # in the folder itself, because a rename between two file systems is a copy, not one step
    _make_folder(folder)
    temporary = folder / f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}{TEMPORARY_SUFFIX}"
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, WRITABLE)
    with removed_on_failure(temporary):
        try:
            yield temporary, fd
            if mode != WRITABLE:
                os.fchmod(fd, mode)
            os.fsync(fd)  # before the rename: else a crash could leave the name with no bytes behind it
        finally:
            os.close(fd)


@contextlib.contextmanager
def removed_on_failure(temporary: Path) -> Iterator[None]:
    """Leave no temporary file behind when the body fails."""
    try:
        yield
    except BaseException:  # Ctrl-C too
        with contextlib.suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108 - the crash tests count calls of os
        raise


def write_durably(path: Path, content: bytes) -> None:
    """Put `content` under `path`, in place of what was there; its folder is made when missing.

    Raises NoSpaceError, CannotWrite; the old file is whole in both cases.
    """
    with storage_errors(path):
        with temporary_file(path.parent, WRITABLE) as (temporary, fd):
            write_all(fd, content)
        with removed_on_failure(temporary):
            os.replace(temporary, path)  # noqa: PTH105 - the crash tests count calls of os
        sync_folder(path.parent)


def write_once(path: Path, content: bytes, *, first_in: Path | None = None) -> bool:
    """Put `content` under `path` for good, never in place of anything, read-only; its folder is made when missing.

    It is written first in a temporary file of `first_in`, a folder of the same file system, else beside `path`.
    True when it was written now, False when these very bytes were there already (a step done twice); in both cases
    they are on the disk on return. Raises HashMismatch when something else is there, NoSpaceError, CannotWrite.
    """
    with storage_errors(path):
        if os.path.lexists(path):  # a dangling link counts as something
            _confirm_same_bytes(path, sha256_of(content))
            return False
        with temporary_file(first_in or path.parent, READ_ONLY) as (temporary, fd):
            write_all(fd, content)
        with removed_on_failure(temporary):
            _make_folder(path.parent)
        return publish_once(temporary, path, sha256_of(content))


def publish_once(temporary: Path, path: Path, sha256: str) -> bool:
    """Give a synced temporary file of this hash its name, as `write_once`; the temporary name goes in any case."""
    with removed_on_failure(temporary):
        is_new = _take_name(temporary, path)
        if not is_new:
            _confirm_same_bytes(path, sha256)
    # after the comparison, outside of `removed_on_failure`: this removal is part of success
    if not is_new:
        os.unlink(temporary)  # noqa: PTH108 - the crash tests count calls of os
    sync_folder(path.parent)
    return is_new


def _take_name(temporary: Path, path: Path) -> bool:
    """Rename unless the name is taken: `link` refuses a taken name, which `rename` does not.

    On a share without hard links the name is looked up before the rename; only one process publishes there
    (`flow.publish` holds a lock).
    """
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError as trouble:
        if trouble.errno not in _NO_LINKS:
            raise
        if os.path.lexists(path):
            return False
        os.rename(temporary, path)  # noqa: PTH104 - the crash tests count calls of os
        return True
    os.unlink(temporary)  # noqa: PTH108 - the crash tests count calls of os
    return True


def _confirm_same_bytes(path: Path, sha256: str) -> None:
    """Make sure that `path` holds the bytes of this hash, on the disk: its first writer may have crashed.

    Raises HashMismatch when it is anything else.
    """
    if path.is_symlink() or not path.is_file() or sha256_of(path) != sha256:
        raise HashMismatch(
            tr(
                "“{path}” already holds something else than what is to be written. Nothing was replaced: compare it "
                "with the ledger (`vanthu check`).",
                path=str(path),
            )
        )
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        found = os.fstat(fd)
        known = (path, found.st_ino, found.st_ctime_ns)
        if known in _ON_DISK:
            return
        os.fsync(fd)
    finally:
        os.close(fd)
    sync_folder(path.parent)
    _ON_DISK.add(known)


def remove(path: Path) -> bool:
    """Remove a file durably; False when it was not there, which is brought to the disk as well.

    A removal that failed after its name was gone has left a name that comes back with a power cut.
    """
    with storage_errors(path):
        try:
            os.unlink(path)  # noqa: PTH108 - the crash tests count calls of os
            was_there = True
        except (FileNotFoundError, NotADirectoryError):
            was_there = False
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):  # the folder never was, or went with it
            sync_folder(path.parent)
        return was_there


@contextlib.contextmanager
def locked(lock: Path) -> Iterator[None]:
    """Hold a lock file, on a local disk, against other threads and processes; a crash releases it.

    Raises NoSpaceError, CannotWrite when there is none and it cannot be made.
    """
    with storage_errors(lock):
        _make_folder(lock.parent)
        # opened anew each time: `flock` belongs to the open file, which two threads with one descriptor would share
        fd = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, WRITABLE)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def sweep(folder: Path, *, older_than_s: float = 0.0, is_deep: bool = True) -> int:
    """Remove temporary files that a crash left in `folder` and, with `is_deep`, below; returns how many.

    A writer's own temporary file lives for moments: while others may be writing, name an age it never reaches.
    Raises CannotWrite when the folder cannot be looked at: a share that is away.
    """
    now = clock_of(folder) if older_than_s else 0.0
    # by our own prefix and suffix: a user's file must never be swept away
    named = f"{TEMPORARY_PREFIX}*{TEMPORARY_SUFFIX}"
    with storage_errors(folder):
        left = [path for path in (folder.rglob(named) if is_deep else folder.glob(named)) if not path.is_dir()]
        return sum(remove(path) for path in left if older_than_s == 0 or _is_away_from(path, now, older_than_s))


def _is_away_from(path: Path, now: float, seconds: float) -> bool:
    try:
        # also in what is to come: then the clock was set back since
        return abs(now - path.stat().st_mtime) > seconds
    except FileNotFoundError:
        return False


def clock_of(folder: int | Path) -> float:
    """What the clock of a file system says now, by which it gives files their times; a folder of ours tells.

    That of this machine may go otherwise. Seconds since 1970; by the clock here where the folder is not ours.
    """
    try:
        os.utime(folder)
        return os.stat(folder).st_ctime  # noqa: PTH116 - it may be an open one
    except OSError:
        return time.time()


def sha256_of(source: bytes | Path) -> str:
    """The sha256, in lower-case hexadecimal, of bytes or of a file's bytes (read in pieces)."""
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with source.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
