"""One question to an identity provider: what ties its answer to the browser that was sent there.

State, nonce and PKCE's verifier are made of a key of the office and of what one cookie holds. Whoever has the cookie
cannot make them, and nothing is kept here that somebody could fill up.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

#: So long somebody may take at the provider's.
LASTS_SECONDS: Final = 600
_MOST_CHARACTERS: Final = 1500


@dataclass(frozen=True)
class Asked:
    """What was sent along, and where the person wants to go afterwards; `cookie` is what the browser keeps."""

    cookie: str
    after: str
    state: str
    nonce: str
    verifier: str

    @property
    def challenge(self) -> str:
        """What the provider is told of the verifier (RFC 7636 §4.2, S256)."""
        return _text(hashlib.sha256(self.verifier.encode()).digest())


def begun(key: bytes, after: str, now: float) -> Asked:
    """Begin to ask. `now` in seconds since 1970."""
    where = _text(after.encode()) if len(after) < _MOST_CHARACTERS // 2 else _text(b"/")
    return _asked(key, f"{secrets.token_urlsafe(32)}.{int(now) + LASTS_SECONDS}.{where}", after)


def remembered(key: bytes, cookie: str, now: float) -> Asked | None:
    """Give what was asked by a browser that shows a cookie; None for none, and for what began too long ago."""
    drawn, _, rest = cookie.partition(".")
    until, _, where = rest.partition(".")
    if len(cookie) > _MOST_CHARACTERS or not drawn or not (until.isascii() and until.isdigit()):
        return None
    if not now <= int(until) <= now + LASTS_SECONDS:
        return None
    try:
        after = base64.urlsafe_b64decode(where + "=" * (-len(where) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    # of a cookie that was written over another state is made than the one the provider was given
    return _asked(key, cookie, after)


def _asked(key: bytes, cookie: str, after: str) -> Asked:
    made = (_text(hmac.new(key, f"{what}:{cookie}".encode(), hashlib.sha256).digest()) for what in _PARTS)
    return Asked(cookie, after, *made)


_PARTS: Final = ("state", "nonce", "verifier")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
