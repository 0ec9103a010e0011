"""Numbers of old books that have no paper yet, as they are searched: there is no document in which words could stand.

One row each, made of the entry by which the number came in; it goes when the number gets its paper, which is a
document like any other. Tens of thousands of short rows are looked through as they are, without an index of words.
"""

from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from pipeline.ledger.findable import Wanted
from pipeline.ledger.imports import IMPORT, PAPER
from pipeline.ledger.ledger import Ledger
from pipeline.ledger.rows import Entry, entry_of, parts_of
from pipeline.store import schema
from pipeline.store.engine import reading, upsert, writing
from pipeline.vietnamese.phrases import words_of

numbers, register, series, until = schema.findable_numbers, schema.register, schema.series, schema.findable_until
_UNTIL: Final = "register"
#: Between two texts, as in `findable`: no phrase reaches over it.
_PARTED: Final = " \ue000 "
#: Entries taken in one transaction: a book of ten thousand numbers keeps no other process waiting for long.
_ENTRIES_AT_ONCE: Final = 2_000


def bring_up_to_date(ledger: Ledger) -> None:
    """Follow the register up to its newest entry."""
    while _is_behind(ledger):
        with writing(ledger.engine) as connection:
            _follow(connection)


def forget(ledger: Ledger) -> None:
    """Throw all rows away; they are made anew from the register."""
    with writing(ledger.engine) as connection:
        connection.execute(delete(numbers))
        connection.execute(delete(until).where(until.c.name == _UNTIL))


def matching(ledger: Ledger, wanted: Wanted, most: int) -> list[tuple[str, list[Entry]]]:
    """Find the numbers that hold every phrase, the newest day first: hash of the entry, and all acts upon the number.

    What asks for a kind or a unit finds none: an old book names neither.
    """
    if wanted.kind or wanted.unit or most < 1:
        return []
    query = select(register.c.hash, numbers.c.series_id, numbers.c.no)
    query = query.join(register, register.c.id == numbers.c.entry_id)
    for phrase in wanted.phrases:
        query = query.where(numbers.c.folded.like(f"%{phrase.key}%"))
    for phrase in wanted.signer:
        query = query.where(numbers.c.signer.like(f"%{phrase.key}%"))
    if wanted.since:
        query = query.where(numbers.c.day >= wanted.since.isoformat())
    if wanted.until:
        query = query.where(numbers.c.day <= wanted.until.isoformat(), numbers.c.day != "")
    with reading(ledger.engine) as connection:
        found = connection.execute(query.order_by(numbers.c.day.desc(), numbers.c.entry_id.desc()).limit(most)).all()
        return [(one.hash, _acts(connection, one.series_id, one.no)) for one in found]


def _acts(connection: Connection, series_id: int, no: int) -> list[Entry]:
    query = select(register, series.c.key, series.c.direction).join(series, series.c.id == register.c.series_id)
    query = query.where(register.c.series_id == series_id, register.c.no == no)
    return [entry_of(row) for row in connection.execute(query.order_by(register.c.entry))]


def _is_behind(ledger: Ledger) -> bool:
    with reading(ledger.engine) as connection:
        known = connection.execute(select(until.c.event).where(until.c.name == _UNTIL)).scalar() or 0
        return known < (connection.execute(select(func.max(register.c.id))).scalar() or 0)


def _follow(connection: Connection) -> None:
    """Take the next entries up; another process may have been first, then from where it stopped."""
    connection.execute(upsert(connection, until, {"name": _UNTIL, "event": 0}).on_conflict_do_nothing())
    known = connection.execute(select(until.c.event).where(until.c.name == _UNTIL).with_for_update()).scalar_one()
    query = select(register, series.c.key, series.c.direction).join(series, series.c.id == register.c.series_id)
    rows = connection.execute(
        query.where(register.c.id > known).order_by(register.c.id).limit(_ENTRIES_AT_ONCE)
    ).all()
    if imported := [_row(row) for row in rows if parts_of(row.act)[0] == IMPORT]:
        connection.execute(insert(numbers), imported)
    for row in rows:
        verb, suffix = parts_of(row.act)
        if verb == PAPER:
            its = (numbers.c.series_id == row.series_id, numbers.c.no == row.no, numbers.c.suffix == suffix)
            connection.execute(delete(numbers).where(*its))
    last = max((row.id for row in rows), default=known)
    connection.execute(update(until).where(until.c.name == _UNTIL).values(event=last))


def _row(row: Row[Any]) -> dict[str, object]:
    said = entry_of(row).columns
    day = said.document_on or said.arrived_on
    texts = (said.number, said.title, said.signer, said.author, said.sender_number, *said.recipients.split("; "))
    return {
        "entry_id": row.id,
        "series_id": row.series_id,
        "no": row.no,
        "suffix": parts_of(row.act)[1],
        "day": day.isoformat() if day else "",
        "signer": f" {words_of(said.signer)} ",
        "folded": f" {_PARTED.join(map(words_of, texts))} ",
    }
