"""Page marks: what each printed page says of itself, so that a page alone tells whose it is and which one.

    VT0123456789ABCD-02/05-7K2MQ9
    │                │  │  └─ six check characters, keyed by a secret of this office
    │                │  └─ pages of the document
    │                └─ this page, from 1
    └─ the document code (`codes`), one for each version

The check characters are 30 bits of an HMAC-SHA256: who knows a code and has no key makes no other page of it. A mark
that is copied whole is told by the picture of its page (decision 0024). Papers printed before there were marks carry
the code alone.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator
from typing import Final

from pipeline.model import SeenMark
from pipeline.papers import codes

_CHECK: Final = 6
_BITS: Final = 5 * _CHECK
_CODE: Final = rf"({codes.PREFIX}[0-9A-Z]{{{codes.LENGTH - 2}}})"
_NUMBER: Final = r"(\d{2,6})"
_MARK: Final = re.compile(rf"(?<![0-9A-Z]){_CODE}-{_NUMBER}/{_NUMBER}-([0-9A-Z]{{{_CHECK}}})(?![0-9A-Z])")


def mark_text(code: str, page: int, pages: int, key: bytes) -> str:
    """Give the text of the mark of one page (from 1) of `pages`; `key` is the secret of the office."""
    return f"{_stem(code, page, pages)}-{_check(code, page, pages, key)}"


def marks_in(text: str, sheet: int) -> Iterator[SeenMark]:
    """Find the marks in what was read off a sheet, by their form alone: nothing is known of the key here."""
    for match in _MARK.finditer(text):
        code, page, pages, check = match.groups()
        if codes.is_valid(code):
            yield SeenMark(sheet=sheet, code=code, page=int(page), pages=int(pages), check=check)


def is_ours(mark: SeenMark, key: bytes) -> bool:
    """Tell whether a mark was made with `key`."""
    return hmac.compare_digest(mark.check, _check(mark.code, mark.page, mark.pages, key))


def fingerprint(key: bytes) -> str:
    """Tell one key from another without giving it away: recorded with each document that is printed with it."""
    return hashlib.sha256(b"page mark key " + key).hexdigest()[:16]


def _stem(code: str, page: int, pages: int) -> str:
    return f"{code}-{page:02}/{pages:02}"


def _check(code: str, page: int, pages: int, key: bytes) -> str:
    keyed = hmac.new(key, f"page mark {_stem(code, page, pages)}".encode(), hashlib.sha256).digest()
    bits = int.from_bytes(keyed[:8], "big") >> (64 - _BITS)
    return "".join(codes.ALPHABET[bits >> shift & 31] for shift in range(_BITS - 5, -1, -5))
