"""Document codes: the sixteen characters by which a paper that comes back is recognised, and their QR picture.

    VT 0123456789AB CD
    │  │            └─ two check characters
    │  └─ twelve characters of Crockford's base 32 (60 bits), opaque: nothing secret stands on paper
    └─ the system

The twelve characters are the message of a Reed-Solomon code over GF(32) whose two check characters give it distance
three, so that *any* one or two wrong characters are noticed: every single misreading, every transposition (of
neighbours or not, check characters included).

Crockford's alphabet has no I, L, O, U; when a code is read from print, O counts as 0, I and L as 1. A page number may
follow a code in a barcode ("…-P02"): it is not part of it.
"""

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

#: The system's two letters; other barcodes on a page (identity cards, invoices) do not begin so.
PREFIX: Final = "VT"
LENGTH: Final = 16
#: Crockford, "Base 32" (https://www.crockford.com/base32.html): no I, L, O, U.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_BODY: Final = 12
_VALUE: Final = {character: value for value, character in enumerate(ALPHABET)}
_LOOKALIKES: Final = str.maketrans("OIL", "011")
#: x⁵ + x² + 1, primitive over GF(2): its root generates the 31 non-zero elements, more than the 14 positions need.
_FIELD_POLYNOMIAL: Final = 0b100101

# Printed codes are broken by spaces (groups of four), by hyphens, by the end of a line; never by other signs: the
# clerks' own "VT," (văn thư) in "Lưu: VT, …" must not begin a code.
_GAP: Final = r"[\s\u00ad\u2010\u2011-]{0,3}"
_IN_TEXT: Final = re.compile(rf"(?<![0-9A-Za-z])(?=(V{_GAP}T(?:{_GAP}[0-9A-Z]){{{LENGTH - 2}}})(?![0-9A-Za-z]))")
_GAPS: Final = re.compile(r"[^0-9A-Z]+")

#: Side of one module in pixels (so that of a picture of one bit a pixel each module is a byte), and the quiet zone
#: around the symbol in modules. Printed 15 mm wide, a picture of 25 modules has modules of 0.6 mm, seven pixels of a
#: 300 dpi scan.
_PIXELS_PER_MODULE: Final = 8
_QUIET_MODULES: Final = 2
#: Always the same mask: choosing the best of eight costs nine times the rest and reads no better (measured under
#: blur and noise, 300 codes a mask).
_MASK: Final = 7


@cache
def _times(left: int, right: int) -> int:
    """Multiply two elements of GF(32)."""
    product = 0
    while right:  # as on paper, digit by digit in base 2, where adding is xor
        if right & 1:
            product ^= left
        left <<= 1
        if left & 0b100000:  # the degree reached 5: reduced by the field's polynomial
            left ^= _FIELD_POLYNOMIAL
        right >>= 1
    return product


def _remainder(values: Iterable[int]) -> tuple[int, int]:
    """Divide the message polynomial (highest power first, times x²) by (x + 1)(x + α), with α = 2; its remainder.

    (x + 1)(x + α) = x² + 3x + 2 in GF(32): subtraction is addition is xor.
    """
    first = second = 0
    for value in values:
        lead = value ^ first
        first, second = second ^ _times(lead, 3), _times(lead, 2)
    return first, second


def _checked(body: str) -> str:
    """Make the whole code of a body of twelve characters: prefix, body, two check characters."""
    first, second = _remainder(_VALUE[character] for character in body)
    return f"{PREFIX}{body}{ALPHABET[first]}{ALPHABET[second]}"


def new_code(seed: str) -> str:
    """Make the code of `seed`: the same seed gives the same code on any machine; 60 bits of its sha256."""
    bits = int.from_bytes(hashlib.sha256(seed.encode("utf-8")).digest()[:8], "big") >> 4
    body = "".join(ALPHABET[bits >> shift & 31] for shift in range(5 * (_BODY - 1), -1, -5))
    return _checked(body)


def is_valid(code: str) -> bool:
    """Tell whether `code` is a document code as it is stored: 16 characters, our prefix, right check characters."""
    if len(code) != LENGTH or not code.startswith(PREFIX):
        return False
    body = code[len(PREFIX) : len(PREFIX) + _BODY]
    return all(character in _VALUE for character in body) and _checked(body) == code


def find_all(text: str) -> tuple[str, ...]:
    """Find every document code in `text`, in order of appearance, each once; spaces and hyphens inside do not matter.

    Letters that Crockford's alphabet lacks are read as the digits they look like. What only looks like a code (its
    check characters are wrong) is not reported: better unread than wrongly read.
    """
    return tuple(dict.fromkeys(_candidates(text)))


def _candidates(text: str) -> Iterator[str]:
    for match in _IN_TEXT.finditer(text):
        code = _GAPS.sub("", match[1]).translate(_LOOKALIKES)
        if is_valid(code):
            yield code


def picture(code: str) -> bytes:
    """Draw the QR code of `code` as PNG bytes: version 1, level Q, quiet zone of 2 modules, 200 pixels square.

    The same code gives the same bytes whatever the compression library: the picture's data are stored, not
    deflated (the Word file that holds it is). Raises ValueError for what is not a document code.
    """
    if not is_valid(code):
        raise ValueError(f"“{code}” is not a document code; take it from codes.new_code")
    import segno  # who reads and compares codes draws none

    # level Q is the highest that version 1 holds; H needs version 2, whose finer modules read no better at 15 mm
    symbol = segno.make_qr(code, version=1, error="q", mode="alphanumeric", mask=_MASK, boost_error=False)
    side = len(symbol.matrix) + 2 * _QUIET_MODULES
    # each row of pixels begins with its filter: none (0), or as the row above (2) and no difference
    edge = (b"\0" + b"\xff" * side) * (_QUIET_MODULES * _PIXELS_PER_MODULE)
    quiet, again = b"\xff" * _QUIET_MODULES, (b"\2" + bytes(side)) * (_PIXELS_PER_MODULE - 1)
    rows = (bytes(0 if module else 0xFF for module in row) for row in symbol.matrix)
    pixels = b"".join((edge, *(b"\0" + quiet + row + quiet + again for row in rows), edge))
    # one bit a pixel, grey; nothing interlaced
    size = (side * _PIXELS_PER_MODULE).to_bytes(4)
    header = size + size + b"\x01\0\0\0\0"
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels, 0)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, chunks))


def _chunk(named: tuple[bytes, bytes]) -> bytes:
    """One piece of a PNG: length, name, content, sum (ISO/IEC 15948, 5.3)."""
    name, content = named
    return len(content).to_bytes(4) + name + content + zlib.crc32(name + content).to_bytes(4)
