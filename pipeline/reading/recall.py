"""What the secrecy gate has parsed is not parsed again when the same bytes are read a moment later.

Kept in the guarded child alone, by the hash of the bytes, for one use each. Few and small forms only: what is kept
must not eat the memory that the next file may need.
"""

import hashlib
from typing import Final

from pipeline.reading.raw import RawForm

_MOST: Final = 16
_MOST_LINES: Final = 3000  # a form has some hundreds
_MOST_BYTES: Final = 1 << 20
_KEPT: Final[dict[tuple[bytes, str], RawForm]] = {}


def keep(content: bytes, name: str, raw: RawForm) -> None:
    """Remember what a file holds; the oldest is forgotten when there are too many."""
    if len(content) > _MOST_BYTES or len(raw.lines) > _MOST_LINES:
        return
    if len(_KEPT) >= _MOST:
        del _KEPT[next(iter(_KEPT))]
    _KEPT[_key(content, name)] = raw


def kept(content: bytes, name: str) -> RawForm | None:
    """What is remembered of a file, which is forgotten by that; None for most."""
    return _KEPT.pop(_key(content, name), None) if _KEPT else None


def _key(content: bytes, name: str) -> tuple[bytes, str]:
    # how bytes are read depends on the last part of the name, see `door.format_of`
    return hashlib.sha256(content).digest(), name.rpartition(".")[2].lower()
