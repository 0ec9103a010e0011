"""The chest: pieces of files, each kept once under a name that follows from its content, and the lists of backups.

Without a key a piece is stored as it is, under its sha256. With one it is sealed (AES-256-GCM), and its name is an
HMAC: who has the folder alone learns neither content nor whether a known file is in it (decision 0043).
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pipeline.errors import HashMismatch, OperatorError
from pipeline.files import NoSuchObject, ObjectStore
from pipeline.messages import tr

#: A file is kept in pieces of this size.
PIECE_BYTES: Final = 1 << 20
HEADER: Final = "vanthu-backup.json"
_FORMAT: Final = 1
_LEAST_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_PIECES: Final = "data"
_LISTS: Final = "backups"
_LIST: Final = ".list"


class BackupUnusable(OperatorError):  # noqa: N818 - names a state of the world
    """A folder of backups cannot be used: there is none, the key is missing or another, the name is unknown."""

    exit_code = 27


@dataclass(frozen=True)
class _Keys:
    names: bytes
    content: AESGCM


@dataclass(frozen=True)
class Chest:
    """A folder of backups, opened; the folder may be a bucket."""

    store: ObjectStore
    _keys: _Keys | None = field(default=None, repr=False)

    @property
    def is_sealed(self) -> bool:
        """Whether it is encrypted."""
        return self._keys is not None

    def name_of(self, piece: bytes) -> str:
        """Name a piece by its content."""
        if self._keys is None:
            return hashlib.sha256(piece).hexdigest()
        return hmac.new(self._keys.names, piece, hashlib.sha256).hexdigest()

    def has(self, name: str) -> bool:
        """Tell whether a piece is kept."""
        return self.store.look(_called(name)) is not None

    def known(self) -> frozenset[str]:
        """Name all pieces that are kept."""
        return frozenset(name.rpartition("/")[2] for name in self.store.names(_PIECES))

    def put(self, piece: bytes) -> tuple[str, int]:
        """Keep a piece; gives its name, and how many bytes were written: 0 when it was kept before."""
        name = self.name_of(piece)
        if self.has(name):
            return name, 0
        stored = self._sealed(piece, name)
        self.store.create(_called(name), stored)
        return name, len(stored)

    def get(self, name: str) -> bytes:
        """Give a piece. Raises HashMismatch when it is gone or changed."""
        try:
            piece = self._opened(self.store.read(_called(name)), name)
        except (NoSuchObject, InvalidTag):
            piece = None
        if piece is None or self.name_of(piece) != name:
            raise self._damaged(_called(name))
        return piece

    def lists(self) -> list[str]:
        """Name the backups, the oldest first."""
        # by their number, not by their time: a clock that was set back makes no older backup the newest
        named = (name.rpartition("/")[2] for name in self.store.names(_LISTS))
        return sorted(name.removesuffix(_LIST) for name in named if name.endswith(_LIST))

    def add_list(self, content: bytes) -> str:
        """Keep the list of a backup that is complete; gives its name."""
        known = self.lists()
        number = int(known[-1].partition("-")[0]) + 1 if known else 1
        label = f"list {number:06d}"
        stored = self._sealed(content, label)
        name = f"{number:06d}-{hashlib.sha256(stored).hexdigest()[:16]}"
        self.store.create(f"{_LISTS}/{name}{_LIST}", stored)
        return name

    def list(self, name: str) -> bytes:
        """Give the list of a backup, "" for the newest. Raises BackupUnusable, HashMismatch."""
        known = self.lists()
        chosen = [one for one in known if one == name or one.partition("-")[0] == name.zfill(6)] if name else known
        if not chosen:
            raise BackupUnusable(
                tr("{folder} has no backup “{name}”.", folder=self.store.where, name=name or "–")
                if known
                else tr("{folder} has no complete backup.", folder=self.store.where)
            )
        called = f"{_LISTS}/{chosen[-1]}{_LIST}"
        try:
            stored = self.store.read(called)
        except NoSuchObject as trouble:
            raise self._damaged(called) from trouble
        number, _, said = chosen[-1].partition("-")
        try:
            content = self._opened(stored, f"list {number}")
        except InvalidTag as trouble:
            raise self._damaged(called) from trouble
        if hashlib.sha256(stored).hexdigest()[:16] != said:
            raise self._damaged(called)
        return content

    def _sealed(self, content: bytes, label: str) -> bytes:
        if self._keys is None:
            return content
        nonce = secrets.token_bytes(_NONCE_BYTES)
        # bound to its name: one piece put in another's place is refused
        return nonce + self._keys.content.encrypt(nonce, content, label.encode())

    def _opened(self, stored: bytes, label: str) -> bytes:
        if self._keys is None:
            return stored
        # one that was cut to almost nothing has not even a nonce
        if len(stored) < _NONCE_BYTES:
            raise InvalidTag
        return self._keys.content.decrypt(stored[:_NONCE_BYTES], stored[_NONCE_BYTES:], label.encode())

    def _damaged(self, called: str) -> HashMismatch:
        return HashMismatch(
            tr(
                "“{path}” of the backup is gone or no longer what was written. Take another backup, or another copy "
                "of this one.",
                path=f"{self.store.where}/{called}",
            )
        )


def begin(store: ObjectStore, key: bytes | None) -> Chest:
    """Open a folder of backups, or begin one in a new or empty folder. Raises BackupUnusable."""
    if store.look(HEADER) is not None:
        return opened(store, key)
    if store.names():
        raise BackupUnusable(
            tr("{folder} is not empty and no folder of backups. Name a new folder.", folder=store.where)
        )
    # unencrypted it holds the office's secret keys
    store.make()
    salt = secrets.token_bytes(32)
    keys = _derived(key, salt) if key is not None else None
    header = {"format": _FORMAT, "encrypted": key is not None, "salt": salt.hex(), "proof": _proof(keys)}
    store.create(HEADER, json.dumps(header).encode())
    return Chest(store, keys)


def opened(store: ObjectStore, key: bytes | None) -> Chest:
    """Open a folder of backups. Raises BackupUnusable."""
    try:
        header = json.loads(store.read(HEADER))
        salt, is_sealed, proof = bytes.fromhex(header["salt"]), bool(header["encrypted"]), str(header["proof"])
    except (NoSuchObject, ValueError, KeyError, TypeError) as trouble:
        raise BackupUnusable(tr("{folder} is no folder of backups.", folder=store.where)) from trouble
    if header["format"] != _FORMAT:
        raise BackupUnusable(tr("{folder} was written by a newer version of vanthu.", folder=store.where))
    if is_sealed and key is None:
        raise BackupUnusable(
            tr("The backups in {folder} are encrypted: name the key with --key.", folder=store.where)
        )
    if not is_sealed and key is not None:
        raise BackupUnusable(
            tr(
                "The backups in {folder} were begun without a key. Name a new folder for encrypted ones.",
                folder=store.where,
            )
        )
    keys = _derived(key, salt) if key is not None else None
    if not hmac.compare_digest(_proof(keys), proof):
        raise BackupUnusable(tr("This is not the key of the backups in {folder}.", folder=store.where))
    return Chest(store, keys)


def key_in(file: Path) -> bytes:
    """Read a key from a file: whatever it holds, at least 32 bytes. Raises BackupUnusable."""
    try:
        key = file.read_bytes().strip()
    except OSError as trouble:
        raise BackupUnusable(tr("The key {file} cannot be read.", file=str(file))) from trouble
    if len(key) < _LEAST_KEY_BYTES:
        raise BackupUnusable(
            tr(
                "{file} is too short for a key. Make one: openssl rand -base64 48 > {file}; and keep it elsewhere "
                "than the backups.",
                file=str(file),
            )
        )
    return key


def pieces(path: Path, piece_bytes: int = PIECE_BYTES) -> Iterator[bytes]:
    """Read a file piece by piece."""
    with path.open("rb") as source:
        while piece := source.read(piece_bytes):
            yield piece


def _derived(key: bytes, salt: bytes) -> _Keys:
    def part(purpose: bytes) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"vanthu backup 1 " + purpose).derive(key)

    return _Keys(part(b"names"), AESGCM(part(b"content")))


def _called(name: str) -> str:
    """The name under which a piece is kept in the store."""
    return f"{_PIECES}/{name[:2]}/{name}"


def _proof(keys: _Keys | None) -> str:
    return hmac.new(keys.names, b"the key", hashlib.sha256).hexdigest() if keys is not None else ""
