"""The clock, as far as numbers go by it: one that is far behind the register gives none.

A clock only describes; but the year of a run, and the day of a document that has none, are today's. One that has lost
its battery would put a number into the book of another year, for good.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from pipeline.errors import NotAllowedNow
from pipeline.ledger.chain import canonical
from pipeline.ledger.rows import moment
from pipeline.messages import tr
from pipeline.store import schema

#: By how much it may be behind the last entry: another machine's may be a day off, or a zone wrong.
MOST_BEHIND: Final = dt.timedelta(days=7)
#: How it is recorded that a person trusts the clock, with the hash of the last entry, which was made later.
TRUSTED: Final = "numbering.trust-clock"


class ClockBehind(NotAllowedNow):
    """The clock is far behind the last entry of the register: a number would stand in the book of another year."""


@dataclass(frozen=True)
class Ahead:
    """The last entry of the register, where the clock is far behind it and nobody has trusted the clock since."""

    at: dt.datetime
    hash: str


def entry_ahead(connection: Connection, now: dt.datetime) -> Ahead | None:
    """Give the last entry of the register, by its sequence, if the clock is far behind it."""
    newest = select(schema.register.c.at, schema.register.c.hash).order_by(schema.register.c.id.desc()).limit(1)
    last = connection.execute(newest).first()
    if last is None or moment(last.at) - now <= MOST_BEHIND:
        return None
    events = schema.events
    trusted = (events.c.action == TRUSTED) & (events.c.detail == canonical({"entry": last.hash}))
    if connection.execute(select(events.c.id).where(trusted).limit(1)).first() is not None:
        return None
    return Ahead(moment(last.at), last.hash)


def refuse_clock_behind(connection: Connection, now: dt.datetime) -> None:
    """Refuse a clock that is far behind the last entry of the register. Raises ClockBehind."""
    last = entry_ahead(connection, now)
    if last is not None:
        raise ClockBehind(
            tr(
                "The clock of this machine says {now}, but the last entry of the register was made on {last}. No "
                "number is given: it might stand in the book of another year. Set the clock right (timedatectl "
                "set-ntp true). If it is right, and was wrong then: vanthu register clock --why …",
                now=f"{now.astimezone():%H:%M %d/%m/%Y}",
                last=f"{last.at.astimezone():%d/%m/%Y}",
            )
        )
