"""Tokens, by which programs use the office in a person's name: made and revoked by who runs the machine."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from pipeline.ledger.tokens import Token, Tokens
from pipeline.model import Person
from pipeline.workspace import Workspace

#: By which people and programs that look for lost secrets know what it is.
PREFIX: Final = "vanthu_"


@dataclass(frozen=True)
class Made:
    """A token that was made, and its secret, which is shown this once."""

    token: Token
    secret: str


def add(workspace: Workspace, account: str, label: str, days: int | None) -> Made:
    """Make a token of an account that holds for some days, or until it is revoked.

    Raises UnknownThing, NotAllowedNow.
    """
    secret = PREFIX + secrets.token_urlsafe(32)
    ends_at = workspace.clock() + dt.timedelta(days=days) if days is not None else None
    return Made(
        Tokens(workspace.ledger).add(account, " ".join(label.split())[:200], _digest(secret), ends_at), secret
    )


def holder_of(workspace: Workspace, secret: str) -> Person | None:
    """Give the person in whose name a program comes that shows a secret; None where it does not hold."""
    return Tokens(workspace.ledger).holder(_digest(secret)) if secret.startswith(PREFIX) else None


def _digest(secret: str) -> str:
    # 256 random bits need no slow hash
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
