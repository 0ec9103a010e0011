"""Links to one document, by which a unit reads its answer without an account: signed, and good for some days.

Whoever has a link reads that document and takes its files, and does nothing. A link is kept nowhere: its signature
says that the office made it.
"""

import base64
import datetime as dt
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final

from pipeline.workspace import Workspace

PATH: Final = "/l/"
_SAID: Final = re.compile(r"([1-9][0-9]{0,9})-([0-9]{8})-([A-Za-z0-9_-]{22})")
#: 128 bits: nobody finds one by trying.
_SIGNATURE_BYTES: Final = 16


@dataclass(frozen=True)
class Link:
    """A link to a document, and its last day."""

    url: str
    until: dt.date


@dataclass(frozen=True)
class Followed:
    """What a link that the office made leads to, and its last day."""

    job_id: int
    until: dt.date


def link_to(workspace: Workspace, job_id: int) -> Link | None:
    """Make the link to a document, the same all day; None where no address is configured."""
    practice = workspace.practice
    if not practice.web_address or not job_id or workspace.link_key is None:
        return None
    until = workspace.today() + dt.timedelta(days=practice.link_days)
    said = f"{job_id}-{until:%Y%m%d}"
    return Link(f"{practice.web_address}{PATH}{said}-{_signature(workspace.link_key(), said)}", until)


def followed(workspace: Workspace, said: str) -> Followed | None:
    """Say where a link leads, also one that has run out; None for what the office did not make."""
    parts = _SAID.fullmatch(said)
    if parts is None or workspace.link_key is None:
        return None
    right = _signature(workspace.link_key(), f"{parts[1]}-{parts[2]}")
    if not hmac.compare_digest(right, parts[3]):
        return None
    return Followed(int(parts[1]), dt.datetime.strptime(parts[2], "%Y%m%d").date())


def picture(url: str) -> bytes:
    """Draw a link as a QR code (PNG)."""
    from pipeline.pictures import qr_code

    return qr_code.png(url, "M", scale=6)


def _signature(key: bytes, said: str) -> str:
    made = hmac.new(key, said.encode(), hashlib.sha256).digest()[:_SIGNATURE_BYTES]
    return base64.urlsafe_b64encode(made).decode().rstrip("=")
