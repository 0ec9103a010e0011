"""The proof of one entry (C2SP tlog-proof), as a text and short enough for a QR. Part of the program in archives."""

import base64
import re
import zlib
from dataclasses import dataclass

from pipeline.proof.ed25519 import is_signed_by
from pipeline.proof.heads import Head, Verifier, heads_in, is_genuine
from pipeline.proof.tree import leaf_hash, root_of_path

FIRST_LINE = "c2sp.org/tlog-proof@v1"
#: Marks of the two texts of a page: path and head, and the entry itself.
_PATH, _ENTRY = "VTP1:", "VTE1:"
_BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


@dataclass(frozen=True)
class Proof:
    """That `entry` (the bytes of a leaf: hash before, line feed, JSON) is the leaf `index` under a signed head."""

    entry: bytes
    index: int
    path: tuple[bytes, ...]
    head: Head

    def holds(self, keys: dict[bytes, tuple[str, bytes]], verifier: Verifier = is_signed_by) -> bool:
        """Tell whether the entry leads to the head's root, and one of the keys has signed the head."""
        root = root_of_path(self.index, self.head.size, leaf_hash(self.entry), self.path)
        return root == self.head.root and self.index < self.head.size and is_genuine(self.head, keys, verifier)

    def as_text(self, note: str) -> str:
        """Write the proof as tlog-proof has it; `note` is the head's. The entry stands in it as extra data."""
        hashes = [base64.b64encode(one).decode() for one in self.path]
        extra = base64.b64encode(self.entry).decode()
        return "\n".join([FIRST_LINE, f"extra {extra}", f"index {self.index}", *hashes, "", note])

    def as_codes(self) -> tuple[str, str]:
        """Write path and head, and the entry, as two texts for QR codes; together they are the whole proof."""
        numbers = self.index.to_bytes(5) + self.head.size.to_bytes(5)
        name = self.head.origin.encode()
        packed = numbers + self.head.signature + bytes([len(name)]) + name + b"".join(self.path)
        return _PATH + base45(packed), _ENTRY + base45(zlib.compress(self.entry, 9))


def read_proof(text: str) -> Proof | None:
    """Read a proof from a text: a tlog-proof, or the texts of the two codes of a page; None without one."""
    if FIRST_LINE in text:
        lines = text[text.index(FIRST_LINE) :].split("\n")
        found = re.fullmatch(r"extra (\S+)", lines[1]), re.fullmatch(r"index (\d{1,12})", lines[2])
        heads = heads_in(text)
        if found[0] is None or found[1] is None or not heads:
            return None
        end = lines.index("", 3)
        path = tuple(base64.b64decode(line) for line in lines[3:end])
        return Proof(base64.b64decode(found[0][1]), int(found[1][1]), path, heads[-1])
    codes = re.search(rf"{_PATH}(.*)", text), re.search(rf"{_ENTRY}(.*)", text)
    if codes[0] is None or codes[1] is None:
        return None
    packed, entry = unbase45(codes[0][1].rstrip("\r")), zlib.decompress(unbase45(codes[1][1].rstrip("\r")))
    index, size, rest = int.from_bytes(packed[:5]), int.from_bytes(packed[5:10]), packed[10:]
    signature, name, hashes = rest[:68], rest[69 : 69 + rest[68]].decode(), rest[69 + rest[68] :]
    path = tuple(hashes[at : at + 32] for at in range(0, len(hashes), 32))
    # the root is not told: it is what the path leads to, and the signature says whether that is right
    root = root_of_path(index, size, leaf_hash(entry), path) or b""
    return Proof(entry, index, path, Head(name, size, root, signature))


def base45(data: bytes) -> str:
    """Write bytes with the characters of a QR code's alphanumeric mode (RFC 9285)."""
    text = ""
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        value, count = int.from_bytes(pair), 3 if len(pair) == 2 else 2
        for _ in range(count):
            text += _BASE45[value % 45]
            value //= 45
    return text


def unbase45(text: str) -> bytes:
    """Read what `base45` wrote. Raises ValueError."""
    data = b""
    for at in range(0, len(text), 3):
        digits = [_BASE45.index(letter) for letter in text[at : at + 3]]
        value = sum(digit * 45**place for place, digit in enumerate(digits))
        try:
            data += value.to_bytes(len(digits) - 1)
        except OverflowError:
            raise ValueError(text) from None
    return data
