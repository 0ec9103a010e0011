"""Signed heads as texts (C2SP tlog-checkpoint, signed-note). Part of the program that is written into archives."""

import base64
import contextlib
import hashlib
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.proof.ed25519 import is_signed_by

_B64 = "[A-Za-z0-9+/]+={0,2}"
_NOTE = re.compile(rf"^(\S+)\n(\d{{1,15}})\n({_B64})\n\n— \S+ ({_B64})$", re.MULTILINE)
#: As receipts and pages have it: name, size, root, signature.
_SHORT = re.compile(rf"([^\s·]+) · (\d{{1,15}}) · ({_B64}) · ({_B64})")


@dataclass(frozen=True)
class Head:
    """A head of the log: how many leaves it had and their root, signed; `where` tells in which file it stands."""

    origin: str
    size: int
    root: bytes
    signature: bytes  #: four bytes that name the key, then the signature
    where: str = ""

    @property
    def body(self) -> bytes:
        """What is signed (tlog-checkpoint)."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n".encode()


def heads_in(text: str, where: str = "") -> list[Head]:
    """Find the heads in a text, written as notes or on one line."""
    return [
        Head(origin, int(size), _bytes(root), _bytes(signature), where)
        for shape in (_NOTE, _SHORT)
        for origin, size, root, signature in shape.findall(text)
    ]


def heads_of(path: Path) -> list[Head]:
    """Read the heads of an anchors file, or of a receipt in Word."""
    content = path.read_bytes()
    if content[:2] == b"PK":
        with zipfile.ZipFile(path) as parts:
            names = [name for name in parts.namelist() if re.fullmatch(r"word/(document|footer\d*)\.xml", name)]
            content = b"\n".join(re.sub(rb"<[^>]*>", b"", parts.read(name)) for name in names)
    return heads_in(content.decode("utf-8", "replace"), path.name)


def _bytes(text: str) -> bytes:
    with contextlib.suppress(ValueError):
        return base64.b64decode(text, validate=True)
    return b""


def key_id(name: str, public: bytes) -> bytes:
    """Give the four bytes by which signatures name their key (signed-note)."""
    return hashlib.sha256(f"{name}\n\x01".encode() + public).digest()[:4]


def read_keys(text: str) -> dict[bytes, tuple[str, bytes]]:
    """Read verifier keys ("name+id+base64"), one a line: by id, name and public key."""
    keys = {}
    for line in text.split():
        name, _, rest = line.partition("+")
        public = _bytes(rest.partition("+")[2])[1:]
        keys[key_id(name, public)] = (name, public)
    return keys


Verifier = Callable[[bytes, bytes, bytes], bool]


def is_genuine(head: Head, keys: dict[bytes, tuple[str, bytes]], verifier: Verifier = is_signed_by) -> bool:
    """Tell whether a head is signed by one of the keys, under the key's own name."""
    name, public = keys.get(head.signature[:4], ("", b""))
    return name == head.origin and verifier(public, head.body, head.signature[4:])
