"""Forms that people are filling in in the browser, as rows of the ledger: what is typed is not gone with its page.

None of it is history: a form is written over until it is sent, and forgotten when it is done with. What is sent lies
in the inbox as a file, and from then on is a job like every other.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.sql import ColumnElement

from pipeline.ledger.ledger import Ledger
from pipeline.ledger.rows import moment, stamp
from pipeline.model import Person
from pipeline.store import people_tables
from pipeline.store.engine import reading, writing

begun_forms = people_tables.begun_forms


@dataclass(frozen=True)
class Which:
    """Whose form it is that a person fills in: a kind's, of a unit ("" for the cluster's), of a year."""

    kind: str
    unit: str
    year: int


@dataclass(frozen=True)
class Sent:
    """What was sent of a form, and at which of its versions: the bytes that lay in the inbox, under that name."""

    sha256: str
    name: str
    folder: str
    at: dt.datetime
    version: int


@dataclass(frozen=True)
class BegunForm:
    """A form that is being filled in: its texts by their names (`blank_forms.typed`); `version` counts savings."""

    which: Which
    typed: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    saved_at: dt.datetime | None = None
    sent: Sent | None = None


class BegunForms:
    """The forms that one person is filling in."""

    def __init__(self, ledger: Ledger, person: Person) -> None:
        self._ledger = ledger
        self._person = person

    def every(self) -> list[BegunForm]:
        """Read all of them, those saved last first."""
        query = select(begun_forms).where(begun_forms.c.person_id == self._person.id)
        with reading(self._ledger.engine) as connection:
            rows = connection.execute(query.order_by(begun_forms.c.saved_at.desc()))
            return [_begun(row) for row in rows]

    def find(self, which: Which) -> BegunForm | None:
        """Read one; None where none was saved."""
        with reading(self._ledger.engine) as connection:
            row = connection.execute(select(begun_forms).where(*self._is(which))).first()
        return _begun(row) if row is not None else None

    def save(self, which: Which, typed: Mapping[str, str], version: int) -> BegunForm | None:
        """Save what is typed over the version that it was typed in; None where another one was saved meanwhile."""
        now = stamp(self._ledger.clock())
        said = {"typed": json.dumps(dict(typed), ensure_ascii=False), "version": version + 1, "saved_at": now}
        with writing(self._ledger.engine) as connection:
            known = connection.execute(select(begun_forms.c.version).where(*self._is(which))).scalar()
            if (known or 0) != version:
                return None
            if known is None:
                owner = {"person_id": self._person.id, "kind": which.kind, "unit": which.unit, "year": which.year}
                query = insert(begun_forms).values(**owner, **said).returning(*begun_forms.c)
                return _begun(connection.execute(query).one())
            changed = update(begun_forms).where(*self._is(which)).values(**said).returning(*begun_forms.c)
            return _begun(connection.execute(changed).one())

    def sent(self, which: Which, sent: Sent) -> None:
        """Keep with a form what was sent of it."""
        said = {
            "sent_sha256": sent.sha256,
            "sent_name": sent.name,
            "sent_folder": sent.folder,
            "sent_at": stamp(sent.at),
            "sent_version": sent.version,
        }
        with writing(self._ledger.engine) as connection:
            connection.execute(update(begun_forms).where(*self._is(which)).values(**said))

    def forget(self, which: Which, version: int) -> bool:
        """Forget a form; False where another version of it was saved meanwhile."""
        query = delete(begun_forms).where(*self._is(which), begun_forms.c.version == version)
        with writing(self._ledger.engine) as connection:
            return connection.execute(query).rowcount == 1

    def _is(self, which: Which) -> tuple[ColumnElement[bool], ...]:
        table = begun_forms.c
        return (
            table.person_id == self._person.id,
            table.kind == which.kind,
            table.unit == which.unit,
            table.year == which.year,
        )


def _begun(row: Row[Any]) -> BegunForm:
    sent = None
    if row.sent_sha256:
        sent = Sent(row.sent_sha256, row.sent_name, row.sent_folder, moment(row.sent_at), row.sent_version)
    which = Which(row.kind, row.unit, row.year)
    return BegunForm(which, json.loads(row.typed), row.version, moment(row.saved_at), sent)
