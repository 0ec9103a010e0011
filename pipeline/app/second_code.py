"""A second code beside the password, by an app on the telephone (TOTP, RFC 6238): for who wants it."""

import base64
import hashlib
import hmac
import secrets
import struct
from typing import Final
from urllib.parse import quote, urlencode

from pipeline.app.web_key import web_key
from pipeline.ledger.people import People
from pipeline.workspace import Workspace

#: As every app has it when nothing is said: SHA-1, six figures, half a minute (RFC 6238 §4, §5.2).
STEP_SECONDS: Final = 30
_FIGURES: Final = 6
#: A clock may be a step behind or before ours.
_STEPS_OFF: Final = 1


def code_at(secret: bytes, step: int) -> str:
    """The code of a time step (RFC 4226 §5.3)."""
    digest = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**_FIGURES:0{_FIGURES}d}"


def begin(workspace: Workspace, name: str) -> str:
    """Let an account need a code from now on; gives what its app is told, as an address (otpauth://).

    A second time it is another secret. Raises UnknownThing.
    """
    salt = secrets.token_hex(16)
    People(workspace.ledger).set_second_code(name, salt)
    secret = base64.b32encode(_secret(workspace, salt)).decode().rstrip("=")
    issuer = f"vanthu {workspace.year(workspace.practice.year).cluster.symbol}"
    said = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?{said}"


def end(workspace: Workspace, name: str) -> None:
    """Let an account need none any more. Raises UnknownThing."""
    People(workspace.ledger).set_second_code(name, "")


def is_right(workspace: Workspace, name: str, said: str) -> bool:
    """Tell whether what somebody says beside the password is right: anything of who has no code, else a new code."""
    people = People(workspace.ledger)
    salt, last = people.second_code(name)
    if not salt:
        return True
    figures = "".join(said.split())
    now = int(workspace.clock().timestamp()) // STEP_SECONDS
    for step in range(now - _STEPS_OFF, now + _STEPS_OFF + 1):
        if hmac.compare_digest(code_at(_secret(workspace, salt), step).encode(), figures.encode()):
            # whoever looked over a shoulder comes too late; of two at once one is first
            return step > last and people.take_step(name, step)
    return False


def _secret(workspace: Workspace, salt: str) -> bytes:
    # 160 bits, as RFC 4226 asks for
    return web_key(workspace.folders.var, f"totp:{salt}")[:20]
