"""On what sort of file system something lies: one of this machine alone, or one that others write into, too."""

import ctypes
import os
from pathlib import Path
from typing import Final

_MOUNTS: Final = Path("/proc/self/mountinfo")
#: File systems in user space that bring another machine's files; others (encryption, layers of containers) are local.
_REMOTE_IN_USER_SPACE: Final = frozenset(
    {
        "blobfuse2",
        "ceph-fuse",
        "curlftpfs",
        "davfs2",
        "gcsfuse",
        "glusterfs",
        "goofys",
        "gvfsd-fuse",
        "rclone",
        "s3fs",
        "smbnetfs",
        "sshfs",
    }
)

#: `f_type` of statfs(2), as in linux/magic.h and the sources of each; a file system in user space may be
#: anything, and virtiofs answers as one.
_REMOTE: Final = {
    0x6969: "nfs",
    0x517B: "smb",
    0xFF534D42: "cifs",
    0xFE534D42: "smb3",
    0x65735546: "fuse",
    0x01021997: "9p",
    0x00C36400: "ceph",
    0x5346414F: "afs",
    0x6B414653: "afs",
    0x73757245: "coda",
    0x0BD00BD0: "lustre",
    0x7461636F: "ocfs2",
    0x01161970: "gfs2",
}
_BUFFER_BYTES: Final = 512  # a `struct statfs` has 120


def remote_kind(fd: int) -> str:
    """Name the file system of an open file or folder if other machines may write into it; "" for one of this machine.

    Raises OSError.
    """
    buffer = ctypes.create_string_buffer(_BUFFER_BYTES)
    if ctypes.CDLL(None, use_errno=True).fstatfs(fd, buffer) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    # the first member on every Linux; some are signed there
    return _REMOTE.get(ctypes.c_long.from_buffer(buffer).value & 0xFFFFFFFF, "")


def share_of(path: Path) -> str:
    """Name the sort of share that a path lies on, or would lie on; "" on a disk of this machine, or of unknown sort.

    Raises OSError.
    """
    place = next(one for one in (path, *path.parents) if one.exists())
    fd = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
    try:
        kind, device = remote_kind(fd), os.fstat(fd).st_dev
    finally:
        os.close(fd)
    if kind != "fuse":
        return kind
    name = _mounted_as(device).removeprefix("fuse.")
    return name if name in _REMOTE_IN_USER_SPACE else ""


def _mounted_as(device: int) -> str:
    """Give the name of the file system on a device: "42 27 0:39 / /mnt/x rw - fuse.sshfs host:/x rw" (proc(5))."""
    for line in _MOUNTS.read_text("utf-8", "replace").splitlines():
        before, _, after = line.partition(" - ")
        if before.split()[2] == f"{os.major(device)}:{os.minor(device)}":
            return after.split()[0]
    return ""
