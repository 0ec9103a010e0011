"""A paper that was not made here: what the register is to say of it, as a program proposes or a person says it."""

import datetime as dt
from dataclasses import dataclass

from pipeline.model.document import Direction


@dataclass(frozen=True)
class OutsideFacts:
    """What the register is to say of a paper that was not made here; empty what nobody knows.

    `number` is number and symbol as the paper bears them ("15-CV/TU"): of an incoming paper its sender's, of an
    outgoing one the register's own.
    """

    direction: Direction
    number: str = ""
    on: dt.date | None = None
    author: str = ""
    title: str = ""
    signer: str = ""
    recipients: str = ""
    type: str = ""  #: the code of its type ("KH"), which says in which run an outgoing paper is numbered
    arrived_on: dt.date | None = None


@dataclass(frozen=True)
class Proposal:
    """What was read on a paper: a proposal that a person confirms. `source` is "text" (its own), "ocr", or ""."""

    facts: OutsideFacts
    source: str = ""
