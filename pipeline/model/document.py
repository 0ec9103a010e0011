"""What a document is about, and what the register and the archive say of it."""

import datetime as dt
import enum
import re
from dataclasses import dataclass


class Direction(enum.StrEnum):
    """Which register a paper belongs to (NĐ30 Phụ lục IV has a form for each)."""

    OUTGOING = "outgoing"  #: sổ đăng ký văn bản đi
    INCOMING = "incoming"  #: sổ đăng ký văn bản đến


#: "01-KH/CTĐ4" (Party), "01/KH-CTĐ4" (State), "245a-CV/…": the number, and the symbol behind it.
_NUMBER = re.compile(r"(\d+[a-z]?)[-/](.+)")


def number_parts(number: str) -> tuple[str, str]:
    """Take a number as a document bears it apart: ("01", "KH/CTĐ4"); ("", the whole) for what is not written so."""
    found = _NUMBER.fullmatch(number)
    return (found.group(1), found.group(2)) if found else ("", number)


@dataclass(frozen=True)
class Identity:
    """Whose document it is, of which year and about what; empty as long as nobody knows.

    Kind, unit, year and variant are the matter; a later document about the same matter is its next revision. `code`
    stands on every page of the document and follows from the rest.
    """

    kind: str = ""
    unit: str = ""
    year: int = 0
    variant: str = ""  #: what tells two documents of one kind apart: the meeting of some minutes
    revision: int = 1
    code: str = ""


@dataclass(frozen=True)
class Description:
    """What the register and the archive say of a document; known when it is made, and recorded with its job then.

    `title` is type and subject in one; `profile` the official form it was made in; `signer` who signs (of many, all);
    `recipients` and `kept_by` are lines of its Nơi nhận; `author` is the organisation of the unit whose paper it is,
    "" for one of the cluster; `direction` None for a document that is not registered.
    """

    on: dt.date
    title: str
    profile: str
    signer: str
    recipients: tuple[str, ...]
    kept_by: tuple[str, ...]
    author: str
    direction: Direction | None
