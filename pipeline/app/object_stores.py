"""Where bytes are kept, by what people name: a folder by its path, a bucket by its URL."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline.archive.copying import ArchiveCopy
from pipeline.files import FolderStore, ObjectStore, Spool, s3, sha256_of
from pipeline.files.s3 import Access
from pipeline.files.shared_spool import SharedSpool, StoreIdentity
from pipeline.practice import Folders


def spool_of(folders: Folders, url: str, access: Access) -> Spool:
    """Give the spool: in its folder, or in the store at `url` with copies in that folder.

    Nothing is asked of a store yet. Raises ConfigError, UnsafeSetupError, MissingToolError.
    """
    if not url:
        return Spool(folders.spool)
    store = s3.opened(url, access, os.environ)
    # another URL has another record: that store is no stranger, it was never seen
    record = folders.var / "folders" / f"spool-{sha256_of(url.encode())[:8]}.json"
    return SharedSpool(folders.spool, store, StoreIdentity(store, record, "spool"))


def copy_of(folders: Folders, url: str, access: Access) -> ArchiveCopy | None:
    """Give the archive's copy in the store at `url`, None for "". Raises as `spool_of`."""
    if not url:
        return None
    return ArchiveCopy(s3.opened(url, access, os.environ), folders.var / "archive-copy.json")


def store_at(said: str, access: Access) -> ObjectStore:
    """Give what is named: a path, file://…, or s3://…. Raises ConfigError, UnsafeSetupError, MissingToolError."""
    if "://" in said and not said.startswith("file://"):
        return s3.opened(said, access, os.environ)
    path = unquote(urlsplit(said).path) if said.startswith("file://") else said
    return FolderStore(Path(path).expanduser().absolute())
