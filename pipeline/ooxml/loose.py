"""The parts of a zip as far as its bytes go, for the secrecy gate: what the door refuses is looked at all the same.

Each part is found by its own header and not by the list at the end: a file that is cut, or whose list says something
else than its parts, shows what it holds. Nothing here is believed but that these letters are in the file.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from pipeline.ooxml.limits import LIMITS

_HEADER: Final = re.compile(rb"PK\x03\x04")
_HEADER_BYTES: Final = 30
_CHUNK_BYTES: Final = 1 << 16
_ENCRYPTED, _SIZE_BEHIND = 0x1, 0x8
_STORED, _DEFLATED = 0, 8


def loose_parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every part that can be unpacked, or of its beginning; both of two of one name."""
    left = LIMITS.bytes
    starts = [match.start() for match in _HEADER.finditer(content)][: LIMITS.parts]
    for start, following in zip(starts, [*starts[1:], len(content)], strict=True):
        if start + _HEADER_BYTES > len(content) or left <= 0:
            return
        flags, method, packed, _, name, extra = struct.unpack_from("<6xHH8xIIHH", content, start)
        begin = start + _HEADER_BYTES + name + extra
        if flags & _ENCRYPTED or method not in {_STORED, _DEFLATED}:
            continue
        # a size that stands behind the part, or is of another make: up to the next part, or where unpacking ends
        end = begin + packed if packed and not flags & _SIZE_BEHIND else following
        part = content[begin:end] if method == _STORED else _inflated(content, begin, min(left, LIMITS.xml_bytes))
        left -= len(part)
        yield content[start + _HEADER_BYTES : start + _HEADER_BYTES + name].decode("utf-8", "replace"), part


def _inflated(content: bytes, begin: int, most: int) -> bytes:
    """What can be unpacked from a place on, up to where it breaks."""
    unpacker, out = zlib.decompressobj(-zlib.MAX_WBITS), bytearray()
    for at in range(begin, len(content), _CHUNK_BYTES):
        try:
            out += unpacker.decompress(content[at : at + _CHUNK_BYTES], most - len(out))
        except zlib.error:
            break
        if unpacker.eof or len(out) >= most:
            break
    return bytes(out)
