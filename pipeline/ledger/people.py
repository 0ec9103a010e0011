"""Accounts and sessions as rows of the ledger; who was let in, and what became of an account, stands in the history.

A wrong password leaves no event: nothing of the history can be taken away again, and whoever guesses could fill it.
"""

import contextlib
import datetime as dt
from collections.abc import Mapping
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
sessions = people_tables.sessions
#: That somebody is still there is written down at most so often: it is a write with every page else.
_SEEN_EVERY: Final = dt.timedelta(minutes=1)


class People:
    """The people of one ledger. Whoever stands behind the ledger (`ledger.who`) has made the change."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def every(self) -> list[Person]:
        """Read all accounts, by name."""
        with reading(self._ledger.engine) as connection:
            return [_person(row) for row in connection.execute(select(people).order_by(people.c.name))]

    def find(self, name: str) -> tuple[Person, str] | None:
        """Read one account and its password as it is kept (PHC text); None where there is none."""
        with reading(self._ledger.engine) as connection:
            row = connection.execute(select(people).where(people.c.name == name)).first()
        return (_person(row), row.password) if row is not None else None

    def add(self, name: str, full_name: str, role: PersonRole, unit: str, password: str) -> Person:
        """Make an account. Raises NotAllowedNow for a name that is taken."""
        with writing(self._ledger.engine) as connection:
            log.lock(connection)
            if connection.execute(select(people.c.id).where(people.c.name == name)).first() is not None:
                raise NotAllowedNow(tr("There is an account “{name}” already.", name=name))
            row = connection.execute(
                insert(people)
                .values(
                    name=name,
                    full_name=full_name,
                    role=role.value,
                    unit=unit,
                    password=password,
                    made_at=stamp(self._ledger.clock()),
                )
                .returning(*people.c)
            ).one()
            self._record(connection, "person.add", {"name": name, "role": role.value, "unit": unit})
        return _person(row)

    def set_password(self, name: str, password: str) -> Person:
        """Give an account another password; whoever is in under its name is out. Raises UnknownThing."""
        return self._change(name, {"password": password}, "person.password", {"name": name})

    def set_role(self, name: str, role: PersonRole, unit: str) -> Person:
        """Give an account another role; whoever is in under its name is out, and its tokens hold no more.

        Raises UnknownThing.
        """
        changed = {"role": role.value, "unit": unit}
        return self._change(name, changed, "person.role", {"name": name, **changed})

    def set_second_code(self, name: str, salt: str) -> Person:
        """Let an account need a second code, or with "" none; whoever is in under its name is out.

        Raises UnknownThing.
        """
        detail = {"name": name, "needed": "yes" if salt else "no"}
        return self._change(name, {"totp_salt": salt, "totp_step": 0}, "person.second-code", detail)

    def second_code(self, name: str) -> tuple[str, int]:
        """Give of what an account's codes are made ("" for none), and the last time step that was taken."""
        with reading(self._ledger.engine) as connection:
            query = select(people.c.totp_salt, people.c.totp_step).where(people.c.name == name)
            row = connection.execute(query).first()
        return (row.totp_salt, row.totp_step) if row is not None else ("", 0)

    def take_step(self, name: str, step: int) -> bool:
        """Take the code of a time step; False where it, or a later one, was taken already."""
        query = update(people).where(people.c.name == name, people.c.totp_step < step).values(totp_step=step)
        with writing(self._ledger.engine) as connection:
            return connection.execute(query).rowcount == 1

    def _change(self, name: str, values: Mapping[str, str | int], action: str, detail: Detail) -> Person:
        with writing(self._ledger.engine) as connection:
            log.lock(connection)
            row = connection.execute(
                update(people).where(people.c.name == name).values(**values).returning(*people.c)
            ).first()
            if row is None:
                raise UnknownThing(
                    tr("There is no account “{name}”. `vanthu user list` lists those there are.", name=name)
                )
            connection.execute(delete(sessions).where(sessions.c.person_id == row.id))
            if "role" in values:
                # they were made for what the account might do then
                connection.execute(delete(people_tables.tokens).where(people_tables.tokens.c.person_id == row.id))
            self._record(connection, action, detail)
        return _person(row)

    def begin_session(
        self, person: Person, token_sha256: str, ends_at: dt.datetime, vouched: Mapping[str, str] | None = None
    ) -> None:
        """Let a person in; what has run out of all sessions is forgotten. `vouched`: who has said who it is."""
        now = self._ledger.clock()
        with writing(self._ledger.engine) as connection:
            log.lock(connection)
            connection.execute(delete(sessions).where(sessions.c.ends_at < stamp(now)))
            connection.execute(
                insert(sessions).values(
                    token_sha256=token_sha256, person_id=person.id, seen_at=stamp(now), ends_at=stamp(ends_at)
                )
            )
            self._record(connection, "session.begin", {"name": person.name, **(vouched or {})})

    def in_session(self, token_sha256: str, idle: dt.timedelta, *, is_seen: bool = True) -> Person | None:
        """Give the person of a session that has not run out, was seen within `idle`, and is not locked.

        With `is_seen` the person is seen now.
        """
        now = self._ledger.clock()
        query = (
            select(people, sessions.c.seen_at)
            .join(sessions, sessions.c.person_id == people.c.id)
            .where(sessions.c.token_sha256 == token_sha256)
            .where(sessions.c.ends_at > stamp(now), sessions.c.seen_at > stamp(now - idle))
            .where(people.c.role != PersonRole.LOCKED.value)
        )
        with reading(self._ledger.engine) as connection:
            row = connection.execute(query).first()
        if row is not None and is_seen and now - moment(row.seen_at) > _SEEN_EVERY:
            # who looks waits for nobody who writes, and is seen with the next page
            with contextlib.suppress(StoreBusy), writing(self._ledger.engine) as connection:
                connection.execute(
                    update(sessions).where(sessions.c.token_sha256 == token_sha256).values(seen_at=stamp(now))
                )
        return _person(row) if row is not None else None

    def end_session(self, person: Person, token_sha256: str) -> None:
        """Let a person out."""
        with writing(self._ledger.engine) as connection:
            log.lock(connection)
            connection.execute(delete(sessions).where(sessions.c.token_sha256 == token_sha256))
            self._record(connection, "session.end", {"name": person.name})

    def _record(self, connection: Connection, action: str, detail: Detail) -> None:
        acts.record_event(
            connection, job_id=None, at=self._ledger.clock(), who=self._ledger.who, action=action, detail=detail
        )


def _person(row: Row[Any]) -> Person:
    return Person(row.id, row.name, row.full_name, PersonRole(row.role), row.unit)
