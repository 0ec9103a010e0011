"""What programs were answered: a write that is sent again under its key is not done again, and answered the same."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from pipeline.ledger.ledger import Ledger
from pipeline.ledger.rows import stamp
from pipeline.store import people_tables
from pipeline.store.engine import reading, writing

replies = people_tables.replies
#: So long an answer is kept; who sends again later than that has long been told.
_KEPT: Final = dt.timedelta(days=7)
#: No request takes so long: what is still under way after it was broken off, and is done anew. Nothing is done twice
#: by that: of every act the ledger knows whether it was done.
_UNDER_WAY: Final = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Reply:
    """What was sent under a key (its hash), and what was answered; status 0 while that is under way."""

    request_sha256: str
    status: int
    body: str


class Replies:
    """The answers to one person's programs."""

    def __init__(self, ledger: Ledger, person_id: int) -> None:
        self._ledger = ledger
        self._person = person_id

    def begin(self, key: str, request_sha256: str) -> Reply | None:
        """Begin to answer under a key; gives what stands there already, None where the answer is still to be made."""
        now = self._ledger.clock()
        mine = (replies.c.person_id == self._person, replies.c.key == key)
        old = (replies.c.at < stamp(now - _KEPT)) | (
            (replies.c.status == 0) & (replies.c.at < stamp(now - _UNDER_WAY))
        )
        try:
            with writing(self._ledger.engine) as connection:
                connection.execute(delete(replies).where(old))
                row = connection.execute(select(replies).where(*mine)).first()
                if row is None:
                    values = {"person_id": self._person, "key": key, "request_sha256": request_sha256}
                    connection.execute(insert(replies).values(**values, at=stamp(now)))
                    return None
        except IntegrityError:  # another request under this key was first
            with reading(self._ledger.engine) as connection:
                row = connection.execute(select(replies).where(*mine)).one()
        return Reply(row.request_sha256, row.status, row.body)

    def keep(self, key: str, status: int, body: str) -> None:
        """Keep what was answered under a key."""
        with writing(self._ledger.engine) as connection:
            mine = (replies.c.person_id == self._person, replies.c.key == key)
            connection.execute(update(replies).where(*mine).values(status=status, body=body))

    def forget(self, key: str) -> None:
        """Let a key be as if nothing was sent: nothing was done, and the same may be sent again."""
        with writing(self._ledger.engine) as connection:
            connection.execute(delete(replies).where(replies.c.person_id == self._person, replies.c.key == key))
