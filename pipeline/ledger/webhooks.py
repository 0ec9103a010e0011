"""Webhooks as rows of the ledger: addresses that are told of what became of documents, and how far each was told."""

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from pipeline.errors import UnknownThing
from pipeline.ledger import acts, log
from pipeline.ledger.ledger import Ledger
from pipeline.ledger.outcome import Detail
from pipeline.ledger.rows import stamp
from pipeline.messages import tr
from pipeline.store import people_tables
from pipeline.store.engine import reading, writing

webhooks = people_tables.webhooks


@dataclass(frozen=True)
class Webhook:
    """One address: of which unit's documents it is told ("" of all), up to which event, and what went wrong last."""

    id: int
    url: str
    unit: str
    salt: str
    position: int
    trouble: str


class Webhooks:
    """The webhooks of one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def every(self) -> list[Webhook]:
        """Read all, by their numbers."""
        with reading(self._ledger.engine) as connection:
            return [_webhook(row) for row in connection.execute(select(webhooks).order_by(webhooks.c.id))]

    def add(self, url: str, unit: str) -> Webhook:
        """Let an address be told of what happens from now on."""
        position, _ = self._ledger.events_head()
        values = {"url": url, "unit": unit, "salt": secrets.token_hex(16), "position": position}
        with writing(self._ledger.engine) as connection:
            log.lock(connection)
            made = insert(webhooks).values(**values, made_at=stamp(self._ledger.clock())).returning(*webhooks.c)
            row = connection.execute(made).one()
            self._record(connection, "webhook.add", {"webhook": row.id, "url": url, "unit": unit})
        return _webhook(row)

    def remove(self, number: int) -> Webhook:
        """Let an address be told no more. Raises UnknownThing."""
        with writing(self._ledger.engine) as connection:
            log.lock(connection)
            row = connection.execute(select(webhooks).where(webhooks.c.id == number)).first()
            if row is None:
                raise UnknownThing(
                    tr("There is no webhook {number}. `vanthu webhook list` lists those there are.", number=number)
                )
            connection.execute(delete(webhooks).where(webhooks.c.id == number))
            self._record(connection, "webhook.remove", {"webhook": number, "url": row.url, "unit": row.unit})
        return _webhook(row)

    def told(self, number: int, position: int) -> None:
        """Note that an address was told of everything up to an event."""
        self._set(number, position=position, trouble="")

    def failed(self, number: int, trouble: str) -> None:
        """Note why an address could not be told."""
        self._set(number, trouble=trouble)

    def _set(self, number: int, **values: str | int) -> None:
        with writing(self._ledger.engine) as connection:
            connection.execute(update(webhooks).where(webhooks.c.id == number).values(**values))

    def _record(self, connection: Any, action: str, detail: Detail) -> None:  # noqa: ANN401 - a Connection
        acts.record_event(
            connection, job_id=None, at=self._ledger.clock(), who=self._ledger.who, action=action, detail=detail
        )


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(row.id, row.url, row.unit, row.salt, row.position, row.trouble)
