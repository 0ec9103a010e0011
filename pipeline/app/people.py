"""Accounts of the office in the browser: made and changed by who runs the machine; who comes in, how long.

Passwords are kept as argon2id (RFC 9106), never shown and never logged.
"""

import datetime as dt
import hashlib
import os
import re
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from pipeline.app import second_code
from pipeline.errors import ConfigError, UnknownThing
from pipeline.ledger.people import People
from pipeline.messages import tr
from pipeline.model import Person, PersonRole
from pipeline.workspace import Workspace

#: A session ends so long after it began, and so long after it was last used: a working day, and a long lunch.
LASTS: Final = dt.timedelta(hours=12)
IDLE: Final = dt.timedelta(hours=2)
#: NIST SP 800-63B asks for eight and for no rules about signs; guessing is slowed down besides.
LEAST_CHARACTERS: Final = 10
MOST_CHARACTERS: Final = 200
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,31}")
#: Second recommendation of RFC 9106 §4: 64 MiB, three passes; one lane.
_PASSES, _LANES, _KIBIBYTES, _LENGTH = 3, 1, 64 * 1024, 32
#: So many passwords are looked at side by side: each takes 64 MiB.
_AT_ONCE: Final = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Admitted:
    """A person who was let in, and the secret that the browser keeps."""

    person: Person
    token: str


def add(workspace: Workspace, name: str, full_name: str, role: PersonRole, unit: str, password: str) -> Person:
    """Make an account. Raises ConfigError for what cannot be, UnknownThing, NotAllowedNow if it is taken."""
    if not _NAME.fullmatch(name):
        raise ConfigError(
            tr(
                "“{name}” is no name of an account: 2 to 32 letters a-z without accents, figures, dots or hyphens.",
                name=name,
            )
        )
    return People(workspace.ledger).add(
        name, " ".join(full_name.split()), role, _unit(workspace, role, unit), hashed(password)
    )


def set_password(workspace: Workspace, name: str, password: str) -> Person:
    """Give an account another password, which ends its sessions. Raises UnknownThing, ConfigError."""
    return People(workspace.ledger).set_password(name, hashed(password))


def set_role(workspace: Workspace, name: str, role: PersonRole, unit: str) -> Person:
    """Give an account another role, which ends its sessions. Raises UnknownThing, ConfigError."""
    return People(workspace.ledger).set_role(name, role, _unit(workspace, role, unit))


def _unit(workspace: Workspace, role: PersonRole, unit: str) -> str:
    """The unit of an account: only one in the role `UNIT` has one, and must."""
    if role is not PersonRole.UNIT:
        if unit:
            raise ConfigError(tr("Only an account in the role “unit” is of a unit; leave --unit out."))
        return ""
    codes = {one.code.casefold(): one.code for year in workspace.years.values() for one in year.units}
    if unit.casefold() not in codes:
        raise UnknownThing(
            tr(
                "An account in the role “unit” is of one unit, by its code in the file of the year; “{unit}” is "
                "none. Known: {codes}.",
                unit=unit,
                codes=", ".join(sorted(codes.values())),
            )
        )
    return codes[unit.casefold()]


def hashed(password: str) -> str:
    """A password as it is kept. Raises ConfigError for one that is too short or too long."""
    if not LEAST_CHARACTERS <= len(password) <= MOST_CHARACTERS:
        raise ConfigError(
            tr(
                "A password has {least} to {most} characters; some words that belong to nobody else are best.",
                least=LEAST_CHARACTERS,
                most=MOST_CHARACTERS,
            )
        )
    with _AT_ONCE:
        made = Argon2id(salt=os.urandom(16), length=_LENGTH, iterations=_PASSES, lanes=_LANES, memory_cost=_KIBIBYTES)
        return made.derive_phc_encoded(password.encode())


#: What is looked at where there is no such account, so that the answer takes as long: a hash of nobody's password.
_NOBODYS: Final = "$argon2id$v=19$m=65536,t=3,p=1$mERX7evghANF9dLPGg0EyA$R5XFfifwvd4preXdMBj0uANSoyS2AJ4Qq2B1hWPKzQs"


def admit(workspace: Workspace, name: str, password: str, code: str = "") -> Admitted | None:
    """Let a person in who says name, password and, who has one, the second code; None where they are not right."""
    known = People(workspace.ledger).find(name.strip().lower())
    kept = known[1] if known is not None else _NOBODYS
    if not _is_right(password, kept) or known is None or known[0].role is PersonRole.LOCKED:
        return None
    # after the password: who does not know it must not use up codes
    if not second_code.is_right(workspace, known[0].name, code):
        return None
    return _let_in(workspace, known[0])


def admit_vouched(workspace: Workspace, name: str, issuer: str, subject: str) -> Admitted | None:
    """Let a person in for whom an identity provider has vouched; None where no account of that name is open."""
    known = People(workspace.ledger).find(name) if name else None
    if known is None or known[0].role is PersonRole.LOCKED:
        return None
    return _let_in(workspace, known[0], {"issuer": issuer, "subject": subject})


def _let_in(workspace: Workspace, person: Person, vouched: Mapping[str, str] | None = None) -> Admitted:
    token = secrets.token_urlsafe(32)
    People(workspace.ledger).begin_session(person, _digest(token), workspace.clock() + LASTS, vouched)
    return Admitted(person, token)


def nobodys_password() -> str:
    """A password that nobody knows, for an account for which an identity provider vouches."""
    return secrets.token_urlsafe(64)


def is_password(workspace: Workspace, person: Person, password: str) -> bool:
    """Tell whether a password is a person's."""
    known = People(workspace.ledger).find(person.name)
    return known is not None and _is_right(password, known[1])


def _is_right(password: str, kept: str) -> bool:
    with _AT_ONCE:
        try:
            Argon2id.verify_phc_encoded(password[: MOST_CHARACTERS + 1].encode("utf-8", "replace"), kept)
        except InvalidKey:
            return False
    return True


def person_of(workspace: Workspace, token: str) -> Person | None:
    """Give the person whose browser shows a secret; None where the session is over."""
    return People(workspace.ledger).in_session(_digest(token), IDLE) if token else None


def still_in(workspace: Workspace, token: str) -> Person | None:
    """Give the same without counting it as seen: a page that is left open asks by itself."""
    return People(workspace.ledger).in_session(_digest(token), IDLE, is_seen=False) if token else None


def leave(workspace: Workspace, person: Person, token: str) -> None:
    """End a session."""
    People(workspace.ledger).end_session(person, _digest(token))


def _digest(token: str) -> str:
    # 256 random bits need no slow hash
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
