"""The spool that many machines share without a share: an object store has the bytes, each machine copies of some.

The copies lie where the spool of one machine alone lies, in the same layout: guarded children are given files. What
is recorded was put into the store before, and read back from there.
"""

import contextlib
import hashlib
import json
import logging
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.errors import HashMismatch, IntegrityError
from pipeline.files.identity import MARKER, FolderAway
from pipeline.files.object_store import NoSuchObject, ObjectStore, Seen
from pipeline.files.spool import Spool, SpoolMissing, SpoolUnreadable
from pipeline.files.writing import (
    locked,
    remove,
    sha256_of,
    storage_errors,
    write_durably,
    write_once,
)
from pipeline.messages import tr

log = logging.getLogger(__name__)

#: A copy that nobody has used for so long is not kept; no step lasts a hundredth of it.
UNUSED_SECONDS: Final = 86_400.0


@dataclass(frozen=True)
class StoreIdentity:
    """Whether an object store is the one it was: by a marker in it, which `record` remembers (as `Identity`)."""

    store: ObjectStore
    record: Path
    #: its name in config.yaml
    name: str

    @property
    def where(self) -> str:
        """What people call it."""
        return self.store.where

    @property
    def is_known(self) -> bool:
        """Whether this machine has ever seen it."""
        return self.record.is_file()

    def must_be_there(self) -> None:
        """Make sure of the store; the first time it is marked. Raises FolderAway, CannotWrite."""
        known, marker = self._known(), self._marker()
        if known is None:
            with locked(self.record.with_suffix(".lock")):
                self._remember(marker or self._mark())
        elif marker != known:
            raise FolderAway(
                tr(
                    "The object store {url} is not the one it was: nothing is written there. If it is the right one "
                    "all the same, say so: `vanthu folders confirm {name} --why …`.",
                    url=self.where,
                    name=self.name,
                ),
                self.where,
            )

    def confirm(self) -> None:
        """Take what is there now for the store: a person has looked. Raises FolderAway, CannotWrite."""
        self._remember(self._marker() or self._mark())

    def _known(self) -> str | None:
        with storage_errors(self.record):
            try:
                return str(json.loads(self.record.read_bytes())["id"])
            except FileNotFoundError:
                return None

    def _marker(self) -> str | None:
        try:
            return self.store.read(MARKER).decode("ascii", "replace").strip()
        except NoSuchObject:
            return None

    def _mark(self) -> str:
        # another machine may have been quicker: then its marker counts
        with contextlib.suppress(HashMismatch):
            self.store.create(MARKER, f"{secrets.token_hex(16)}\n".encode())
        return self._marker() or ""

    def _remember(self, marker: str) -> None:
        write_durably(self.record, json.dumps({"id": marker}).encode())


@dataclass(frozen=True)
class SharedSpool(Spool):
    """A spool in an object store, `<store>/ab/<sha256>`; `root` holds this machine's copies."""

    store: ObjectStore
    identity: StoreIdentity

    def must_be_there(self) -> None:
        """Make sure that the store is there and the one it was; the first time it gets what this machine has.

        Raises FolderAway, CannotWrite, HashMismatch.
        """
        # remembered last: a first time that was killed is the first time again
        if not self.identity.is_known:
            self.hand_over()
        self.identity.must_be_there()

    def hand_over(self) -> None:
        """Put what lies on this machine into the store: a spool that was its own, or what was restored."""
        for sha256 in super().hashes():
            self._give(sha256, super().get(sha256))

    def put(self, content: bytes) -> str:
        """Keep bytes for good, here and in the store."""
        sha256 = super().put(content)
        self._give(sha256, content)
        return sha256

    def put_file(self, source: int | Path, *, limit_bytes: int, expected: str = "") -> tuple[str, int]:
        """Keep a copy of a file, here and in the store."""
        sha256, size_bytes = super().put_file(source, limit_bytes=limit_bytes, expected=expected)
        self._give(sha256, super().get(sha256))
        return sha256, size_bytes

    def path(self, sha256: str) -> Path:
        """Give a file of this machine that holds these bytes; fetched when it is not here."""
        place = self.place(sha256)
        try:
            with self._reading(place):
                # when it was used last; its bytes are as old as they were
                os.utime(place, (time.time(), place.stat().st_mtime))
        except SpoolMissing:
            self._fetch(sha256)
        return place

    def has(self, sha256: str) -> bool:
        """Tell whether the store has bytes of this hash."""
        return self.store.look(_name(self.place(sha256))) is not None

    def get(self, sha256: str) -> bytes:
        """Give the bytes, from the copy where it is whole, else from the store."""
        try:
            return super().get(sha256)
        except IntegrityError:
            return self._fetch(sha256)
        except SpoolUnreadable:
            # where the disk fails no copy is put, and the store has them all the same
            return self._stored(sha256)

    def seen(self, sha256: str) -> Seen:
        """Tell of bytes, by the copy where there is one."""
        with contextlib.suppress(IntegrityError, SpoolUnreadable):
            return super().seen(sha256)
        found = self.store.look(_name(self.place(sha256)))
        if found is None:
            raise self._missing(self._called(sha256))
        return found

    def verify(self, sha256: str) -> None:
        """Read the bytes in the store and compare; what this machine has a copy of proves nothing of them."""
        digest = hashlib.sha256()
        try:
            for piece in self.store.pieces(_name(self.place(sha256))):
                digest.update(piece)
        except NoSuchObject as trouble:
            raise self._gone(sha256) from trouble
        if digest.hexdigest() != sha256:
            raise self._changed(self._called(sha256))

    def hashes(self) -> list[str]:
        """List every hash of which the store has bytes, in order."""
        return [name[-64:] for name in self.store.names() if self._is_ours(name)]

    def sweep(self, *, older_than_s: float) -> int:
        """Remove what a crash left, and copies that nobody uses; the store keeps everything."""
        swept = super().sweep(older_than_s=older_than_s)
        for sha256 in super().hashes():
            place, now = self.place(sha256), time.time()
            with contextlib.suppress(FileNotFoundError):
                found = place.stat()
                is_unused = now - max(found.st_atime, found.st_mtime) > UNUSED_SECONDS
                if is_unused and self._is_whole_in_store(sha256):
                    swept += remove(place)
        return swept

    def _is_whole_in_store(self, sha256: str) -> bool:
        """Whether the store gives the bytes: a copy here may be the last sound one."""
        try:
            self.verify(sha256)
        except IntegrityError as trouble:
            log.warning("copy kept", extra={"action": "copy.keep", "sha256": sha256, "why": str(trouble)})
            return False
        return True

    def _give(self, sha256: str, content: bytes) -> None:
        self.store.create(_name(self.place(sha256)), content)

    def _fetch(self, sha256: str) -> bytes:
        """Bring bytes from the store here."""
        place, content = self.place(sha256), self._stored(sha256)
        # a copy that was damaged here
        if place.is_file() and sha256_of(place) != sha256:
            log.warning("copy damaged", extra={"action": "copy.mend", "file": str(place)})
            remove(place)
        write_once(place, content, first_in=self.root)
        return content

    def _stored(self, sha256: str) -> bytes:
        """Give the bytes of the store, if they are those of the hash."""
        try:
            content = self.store.read(_name(self.place(sha256)))
        except NoSuchObject as trouble:
            raise self._gone(sha256) from trouble
        if sha256_of(content) != sha256:
            raise self._changed(self._called(sha256))
        return content

    def _gone(self, sha256: str) -> SpoolMissing:
        """Tell of bytes that are not in the store; in another store, or one that is just starting, nothing is."""
        self.identity.must_be_there()
        return self._missing(self._called(sha256))

    def _is_ours(self, name: str) -> bool:
        with contextlib.suppress(ValueError):
            return _name(self.place(name[-64:])) == name
        return False

    def _called(self, sha256: str) -> str:
        return f"{self.store.where}/{_name(self.place(sha256))}"


def _name(place: Path) -> str:
    return f"{place.parent.name}/{place.name}"
