"""Bytes on the disk: written so that a crash leaves either the old or the new, opened without trusting their names.

Three promises, kept by every function that writes:

- the bytes and the folder entry are on the disk (fsync of the file and of its folder) when the call returns;
- a crash at any moment leaves the whole old file, the whole new file, or a temporary file that `sweep` removes;
- a full disk is `NoSpaceError`, a folder that refuses us is `CannotWrite`; nothing half-written stays.

Entries of the inbox are foreign: a link, a pipe, a device or a file of many gigabytes is refused at once, by
`open_regular`, without being followed or waited for.
"""

from pipeline.files.foreign import (
    Opened,
    Reason,
    Refused,
    Stamp,
    changing,
    is_same,
    open_regular,
    stamp_of,
)
from pipeline.files.holding import Holders, Holding
from pipeline.files.identity import FolderAway, Identity
from pipeline.files.object_store import FolderStore, NoSuchObject, ObjectStore
from pipeline.files.spool import FileGrew, SourceChanged, SourceUnreadable, Spool, SpoolMissing, SpoolUnreadable
from pipeline.files.withdrawing import Left, finish, withdraw
from pipeline.files.writing import (
    TEMPORARY_PREFIX,
    CannotWrite,
    locked,
    make_folder,
    remove,
    sha256_of,
    sweep,
    sync_folder,
    write_durably,
    write_once,
)

__all__ = [
    "TEMPORARY_PREFIX",
    "CannotWrite",
    "FileGrew",
    "FolderAway",
    "FolderStore",
    "Holders",
    "Holding",
    "Identity",
    "Left",
    "NoSuchObject",
    "ObjectStore",
    "Opened",
    "Reason",
    "Refused",
    "SourceChanged",
    "SourceUnreadable",
    "Spool",
    "SpoolMissing",
    "SpoolUnreadable",
    "Stamp",
    "changing",
    "finish",
    "is_same",
    "locked",
    "make_folder",
    "open_regular",
    "remove",
    "sha256_of",
    "stamp_of",
    "sweep",
    "sync_folder",
    "withdraw",
    "write_durably",
    "write_once",
]
