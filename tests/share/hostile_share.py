"""A share that behaves as badly as shares do, as a file system of its own: a folder of this machine seen through it.

Whoever writes into the folder itself is "another machine": the program, which sees the share only, gets no events of
it and cannot see who has a file open. Run as a process:

    python -m tests.share.hostile_share FOLDER MOUNT_POINT MOODS

MOODS is a JSON file that is read again whenever it changes; see `Moods`.
"""

import errno
import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

from mfusepy import FUSE, FuseOSError, Operations

from tests.share.moods import Moods

#: What a share in trouble answers, one or the other.
TROUBLES = (errno.ESTALE, errno.EBUSY, errno.EIO, errno.ETIMEDOUT)


class HostileShare(Operations):  # type: ignore[misc]
    """The calls of the file system."""

    use_ns = True

    def __init__(self, folder: Path, moods: Path) -> None:
        self.folder, self.moods_file = folder, moods
        self.moods_stamp = 0
        self.moods = Moods()
        self.chance = random.Random(0)
        self.seen: dict[str, tuple[float, dict[str, int] | None]] = {}

    def _at(self, path: str) -> str:
        stamp = self.moods_file.stat().st_mtime_ns
        if stamp != self.moods_stamp:
            self.moods_stamp = stamp
            self.moods = Moods(**json.loads(self.moods_file.read_text()))
            self.chance = random.Random(self.moods.seed)
        if self.moods.is_away:
            raise FuseOSError(errno.EHOSTDOWN)
        if self.chance.random() < self.moods.trouble:
            raise FuseOSError(self.chance.choice(TROUBLES))
        return str(self.folder) + path

    def _stat(self, path: str, at: str) -> dict[str, int] | None:
        """What is known of an entry: as it was a while ago, if somebody else changed it."""
        known = self.seen.get(path)
        now = time.monotonic()
        if known is not None and now - known[0] < self.moods.late_seconds:
            return known[1]
        try:
            found = os.lstat(at)
        except FileNotFoundError:
            self.seen.pop(path, None)
            return None
        names = ("st_mode", "st_nlink", "st_uid", "st_gid", "st_size", "st_ino")
        told = {name: int(getattr(found, name)) for name in names}
        step = int(self.moods.clock_seconds * 1e9) or 1
        for name in ("st_atime", "st_mtime", "st_ctime"):
            told[name] = getattr(found, f"{name}_ns") // step * step
        self.seen[path] = (now, told)
        return told

    def _forget(self, *paths: str) -> None:
        for path in paths:
            self.seen.pop(path, None)

    def getattr(self, path: str, fh: int | None = None) -> dict[str, int]:
        told = self._stat(path, self._at(path))
        if told is None:
            raise FuseOSError(errno.ENOENT)
        return told

    def readdir(self, path: str, fh: int) -> list[tuple[str, dict[str, int], int]]:
        # with their inodes: an entry of inode 0 counts as none
        with os.scandir(self._at(path)) as entries:
            return [(one.name, {"st_ino": one.inode(), "st_mode": 0}, 0) for one in entries]

    def readlink(self, path: str) -> str:
        return str(Path(self._at(path)).readlink())

    def open(self, path: str, flags: int) -> int:
        return os.open(self._at(path), flags & ~os.O_NOFOLLOW)

    def create(self, path: str, mode: int, fi: Any = None) -> int:
        self._forget(path)
        return os.open(self._at(path), os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        self._at(path)
        if size > 1 and self.chance.random() < self.moods.short:
            size = self.chance.randint(1, size)
        return os.pread(fh, size, offset)

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        self._at(path)
        self._forget(path)
        return os.pwrite(fh, data, offset)

    def release(self, path: str, fh: int) -> None:
        os.close(fh)

    def fsync(self, path: str, datasync: int, fh: int) -> None:
        os.fsync(fh)

    def fsyncdir(self, path: str, datasync: int, fh: int) -> None:
        return None

    def _changes(self, *paths: str) -> list[str]:
        at = [self._at(path) for path in paths]
        if self.moods.is_locked:
            raise FuseOSError(errno.EROFS)
        self._forget(*paths)
        return at

    def unlink(self, path: str) -> None:
        (at,) = self._changes(path)
        Path(at).unlink()

    def rename(self, old: str, new: str) -> None:
        at, to = self._changes(old, new)
        Path(at).rename(to)

    def mkdir(self, path: str, mode: int) -> None:
        (at,) = self._changes(path)
        Path(at).mkdir(mode)

    def rmdir(self, path: str) -> None:
        (at,) = self._changes(path)
        Path(at).rmdir()

    def chmod(self, path: str, mode: int) -> None:
        (at,) = self._changes(path)
        Path(at).chmod(mode)

    def truncate(self, path: str, length: int, fh: int | None = None) -> None:
        (at,) = self._changes(path)
        os.truncate(at, length)

    def utimens(self, path: str, times: tuple[int, int] | None = None) -> None:
        (at,) = self._changes(path)
        os.utime(at, ns=times or (time.time_ns(),) * 2)

    def statfs(self, path: str) -> dict[str, int]:
        found = os.statvfs(self._at(path))
        return {name: getattr(found, name) for name in dir(found) if name.startswith("f_")}


if __name__ == "__main__":
    folder, mount_point, moods = map(Path, sys.argv[1:])
    # `direct_io`: a read is what came, not what the kernel made of it; no attribute is remembered by the kernel
    FUSE(
        HostileShare(folder, moods),
        str(mount_point),
        foreground=True,
        nothreads=True,
        direct_io=True,
        use_ino=True,
        attr_timeout=0,
        entry_timeout=0,
        negative_timeout=0,
        fsname="hostile",
        subtype=os.environ.get("SHARE_KIND", "hostile"),
    )
