"""On what sort of file system something lies: one of this machine alone, or one that others write into, too."""

import ctypes
import os
from typing import Final

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
