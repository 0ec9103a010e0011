"""Hash chains: each entry's hash covers its canonical JSON and the hash before it."""

import hashlib
import json
from collections.abc import Mapping

# what the first entry follows: no sha256 anybody will meet
GENESIS = "0" * 64
# never to be changed: every hash recorded so far was made of this spelling
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: Mapping[str, object]) -> str:
    """Write `value` the one way that is hashed: sorted keys, no spaces, Vietnamese as it is."""
    return _ENCODER.encode(value)


def linked(previous: str, value: Mapping[str, object]) -> bytes:
    """Give the bytes of an entry that follows `previous`: its chain hashes them, and they are its leaf in the log."""
    return f"{previous}\n{canonical(value)}".encode()


def link(previous: str, value: Mapping[str, object]) -> str:
    """Give the hash of an entry that follows `previous`."""
    return hashlib.sha256(linked(previous, value)).hexdigest()
