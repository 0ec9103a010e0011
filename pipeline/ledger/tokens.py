"""Tokens as rows of the ledger: by which programs come in, each under a person's account and with its rights."""

import contextlib
import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from pipeline.errors import NotAllowedNow, StoreBusy, UnknownThing
from pipeline.ledger import acts, log
from pipeline.ledger.ledger import Ledger
from pipeline.ledger.outcome import Detail
from pipeline.ledger.rows import moment, stamp
from pipeline.messages import tr
from pipeline.model import Person, PersonRole
from pipeline.store import people_tables
from pipeline.store.engine import reading, writing

people = people_tables.people
tokens = people_tables.tokens
#: When a token was last used is written down at most so often: it is a write with every request else.
_SEEN_EVERY: Final = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Token:
    """One token: under whose account, what for, until when (None: until it is revoked), when last used."""

    id: int
    account: str
    label: str
    made_at: dt.datetime
    ends_at: dt.datetime | None
    seen_at: dt.datetime | None


class Tokens:
    """The tokens of one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def every(self) -> list[Token]:
        """Read all tokens, by their numbers."""
        with reading(self._ledger.engine) as connection:
            return [_token(row) for row in connection.execute(_QUERY.order_by(tokens.c.id))]

    def add(self, account: str, label: str, token_sha256: str, ends_at: dt.datetime | None) -> Token:
        """Make a token of an account. Raises UnknownThing, NotAllowedNow for an account that is locked."""
        with writing(self._ledger.engine) as connection:
            log.lock(connection)
            person = connection.execute(select(people).where(people.c.name == account)).first()
            if person is None:
                raise UnknownThing(
                    tr("There is no account “{name}”. `vanthu user list` lists those there are.", name=account)
                )
            if person.role == PersonRole.LOCKED:
                raise NotAllowedNow(tr("The account “{name}” is locked.", name=account))
            made = connection.execute(
                insert(tokens)
                .values(
                    token_sha256=token_sha256,
                    person_id=person.id,
                    label=label,
                    made_at=stamp(self._ledger.clock()),
                    ends_at=stamp(ends_at) if ends_at is not None else "",
                )
                .returning(tokens.c.id)
            ).scalar_one()
            self._record(connection, "token.add", {"token": made, "name": account, "label": label})
            return _token(connection.execute(_QUERY.where(tokens.c.id == made)).one())

    def revoke(self, number: int) -> Token:
        """Take a token away. Raises UnknownThing."""
        with writing(self._ledger.engine) as connection:
            log.lock(connection)
            row = connection.execute(_QUERY.where(tokens.c.id == number)).first()
            if row is None:
                raise UnknownThing(
                    tr("There is no token {number}. `vanthu token list` lists those there are.", number=number)
                )
            connection.execute(delete(tokens).where(tokens.c.id == number))
            self._record(connection, "token.revoke", {"token": number, "name": row.name, "label": row.label})
        return _token(row)

    def holder(self, token_sha256: str) -> Person | None:
        """Give the person under whose account a token is, while it holds and the account is not locked."""
        now = self._ledger.clock()
        query = (
            select(people, tokens.c.seen_at)
            .join(tokens, tokens.c.person_id == people.c.id)
            .where(tokens.c.token_sha256 == token_sha256)
            .where((tokens.c.ends_at == "") | (tokens.c.ends_at > stamp(now)))
            .where(people.c.role != PersonRole.LOCKED.value)
        )
        with reading(self._ledger.engine) as connection:
            row = connection.execute(query).first()
        if row is not None and (not row.seen_at or now - moment(row.seen_at) > _SEEN_EVERY):
            # who asks waits for nobody who writes, and is seen with the next request
            with contextlib.suppress(StoreBusy), writing(self._ledger.engine) as connection:
                same = tokens.c.token_sha256 == token_sha256
                connection.execute(update(tokens).where(same).values(seen_at=stamp(now)))
        return Person(row.id, row.name, row.full_name, PersonRole(row.role), row.unit) if row is not None else None

    def _record(self, connection: Connection, action: str, detail: Detail) -> None:
        acts.record_event(
            connection, job_id=None, at=self._ledger.clock(), who=self._ledger.who, action=action, detail=detail
        )


_QUERY: Final = select(tokens, people.c.name).join(people, people.c.id == tokens.c.person_id)


def _token(row: Row[Any]) -> Token:
    ends, seen = (moment(text) if text else None for text in (row.ends_at, row.seen_at))
    return Token(row.id, row.name, row.label, moment(row.made_at), ends, seen)
