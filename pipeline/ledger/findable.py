"""The texts of documents as they are searched: kept beside the ledger, made of it, and never believed against it.

Each document has one row: all its texts as words, one column on both engines. What is asked is whether a phrase
stands in that column; the indexes of SQLite and PostgreSQL only find the rows sooner, so both give one answer.
The rows follow the history: `changed` names the documents to which something happened since the last event they know.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    ColumnClause,
    Connection,
    Row,
    Select,
    bindparam,
    cast,
    column,
    delete,
    exists,
    func,
    insert,
    select,
    table,
    text,
    union_all,
    update,
)

from pipeline.ledger.ledger import Ledger
from pipeline.ledger.rows import job_of
from pipeline.model import Job, Role, State
from pipeline.store import schema
from pipeline.store.engine import reading, upsert, writing
from pipeline.vietnamese.phrases import Phrase, words_of

jobs, findable, until = schema.jobs, schema.findable, schema.findable_until
_UNTIL = "events"
#: Between two texts: no phrase reaches over it. A letter to FTS5, and none to `words_of`: nobody can ask for it.
_PARTED = " \ue000 "
#: Before a word that tells kind, unit or year to the index of SQLite; nobody can ask for it either.
_MARK, _NO_WORD = "\ue001", "\ue002"
#: Years that are named one by one to the index; a longer span is only compared.
_MOST_YEARS = 12
#: On PostgreSQL, of what so many documents hold the newest are looked through before its index is asked.
_COMMON, _NEWEST = 3_000, 2_000
#: How long a key of its index may be (`store.full_text`).
_LONGEST_KEY = 500
#: Events looked at in one go: a ledger that was never searched is filled in steps that each stay done.
_EVENTS_AT_ONCE = 20_000

_Query: TypeAlias = Select[tuple[Any, ...]]
_AGAIN: Final = delete(findable).where(findable.c.job_id == bindparam("of_job_id"))
_NEW: Final = insert(findable)


@dataclass(frozen=True)
class Place:
    """One text of a document: "number", "title", "people", "form", "document" or "scan"; `page` 0 where none is."""

    name: str
    page: int
    text: str


@dataclass(frozen=True)
class Findable:
    """A document as it is searched."""

    job: Job
    signer: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Changed:
    """What the rows do not know yet: the documents that something happened to in the events after `since`."""

    since: int
    until: int
    jobs: tuple[int, ...]


@dataclass(frozen=True)
class Wanted:
    """What is searched for: every phrase, and of the rest what is given; days are those of the documents."""

    phrases: tuple[Phrase, ...] = ()
    kind: str = ""
    unit: str = ""
    signer: tuple[Phrase, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None


def changed(ledger: Ledger) -> Changed | None:
    """Name the documents whose rows are to be made anew, in steps; None when all are as the ledger is."""
    events, artifacts = schema.events, schema.artifacts
    newest = ledger.events_head()[0]
    with reading(ledger.engine) as connection:
        since = connection.execute(select(until.c.event).where(until.c.name == _UNTIL)).scalar() or 0
        if since >= newest:
            return None
        last = min(newest, since + _EVENTS_AT_ONCE)
        # a sidecar alone has what came back from the archive
        told = (Role.DESCRIPTION.value, Role.SIDECAR.value)
        is_described = exists().where(artifacts.c.job_id == events.c.job_id, artifacts.c.role.in_(told))
        later = events.alias()
        query = (
            select(events.c.job_id)
            .where(events.c.id > since, events.c.id <= last, is_described)
            # what moves again later is made then, once
            .where(~exists().where(later.c.job_id == events.c.job_id, later.c.id > last))
            .group_by(events.c.job_id)
            .order_by(events.c.job_id)
        )
        return Changed(since, last, tuple(connection.execute(query).scalars()))


def record(ledger: Ledger, known: Changed, made: Iterable[Findable]) -> bool:
    """Replace the rows of some documents; False when another process has done so since, and nothing was changed."""
    with writing(ledger.engine) as connection:
        connection.execute(upsert(connection, until, {"name": _UNTIL, "event": 0}).on_conflict_do_nothing())
        ours = (until.c.name == _UNTIL, until.c.event == known.since)
        moved = connection.execute(update(until).where(*ours).values(event=known.until))
        if moved.rowcount != 1:
            return False
        rows = [_row(one) for one in made]
        if rows:
            connection.execute(_AGAIN, [{"of_job_id": row["job_id"]} for row in rows])
            connection.execute(_NEW, rows)
    return True


def forget(ledger: Ledger) -> None:
    """Throw all rows away; they are made anew from what is recorded."""
    with writing(ledger.engine) as connection:
        connection.execute(delete(findable))
        connection.execute(delete(until).where(until.c.name == _UNTIL))


def matching(ledger: Ledger, wanted: Wanted, most: int) -> list[tuple[Job, tuple[Place, ...]]]:
    """Find the documents that hold every phrase, the newest first, at most so many; superseded ones are left out."""
    with reading(ledger.engine) as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.execute(_of_sqlite(wanted).limit(most)).all()
        else:
            rows = _rows_of_postgresql(connection, wanted, most)
    return [(job_of(row), tuple(Place(*place) for place in json.loads(row.places))) for row in rows]


def _rows_of_postgresql(connection: Connection, wanted: Wanted, most: int) -> Sequence[Row[Any]]:
    query, keys = _asked(wanted), _keys(wanted)
    if not keys:
        return connection.execute(query.limit(most)).all()
    # the planner does not know what reading long keys costs, and would go through all of them
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    known = select(func.count()).select_from(_holding(keys).limit(_COMMON).subquery())
    # the index gives all hits before the first can be shown: what many hold is found sooner among the newest
    if (connection.execute(known).scalar() or 0) >= _COMMON:
        newest = connection.execute(select(func.max(findable.c.job_id))).scalar() or 0
        rows = connection.execute(query.where(findable.c.job_id > newest - _NEWEST).limit(most)).all()
        if len(rows) >= most:
            return rows
    # by itself, before anything else: the planner takes LIKE for far rarer than it is. Apart: "or" would keep the
    # index from being used
    narrowed = union_all(_holding(keys), _holding("")).cte("narrowed").prefix_with("MATERIALIZED")
    return connection.execute(query.join(narrowed, narrowed.c.job_id == findable.c.job_id).limit(most)).all()


def _holding(keys: str) -> Select[tuple[Any]]:
    """The documents that hold these keys; of none, those that have no keys."""
    words = table("findable_words", column("job_id"), column("keys"))
    kept: ColumnClause[Any] = words.c["keys"]
    if not keys:
        return select(words.c.job_id).where(kept.is_(None))
    from sqlalchemy.dialects.postgresql import TSQUERY  # an office with SQLite never loads it

    return select(words.c.job_id).where(kept.op("@@")(cast(keys, TSQUERY)))


def _asked(wanted: Wanted) -> _Query:
    """What is asked, whichever the database; its indexes only find the rows sooner."""
    query = select(*jobs.c, findable.c.places).select_from(findable).join(jobs, jobs.c.id == findable.c.job_id)
    query = query.where(jobs.c.state != State.SUPERSEDED.value)
    for said, name in ((wanted.kind, jobs.c.kind), (wanted.unit, jobs.c.unit)):
        query = query.where(name == said) if said else query
    if wanted.since:
        query = query.where(jobs.c.document_on >= wanted.since.isoformat())
    if wanted.until:
        query = query.where(jobs.c.document_on <= wanted.until.isoformat(), jobs.c.document_on != "")
    for phrase in wanted.signer:
        query = query.where(findable.c.signer.like(f"%{phrase.key}%"))
    # a phrase holds letters, figures and blanks alone: nothing that LIKE would take for a sign of its own
    for phrase in wanted.phrases:
        query = query.where(findable.c.folded.like(f"%{phrase.key}%"))
    return query.order_by(findable.c.job_id.desc())


def _of_sqlite(wanted: Wanted) -> _Query:
    query, match = _asked(wanted), _match(wanted)
    if not match:
        return query
    words = table("findable_words", column("rowid"), column("findable_words"))
    query = query.join(words, words.c.rowid == findable.c.job_id).where(words.c.findable_words.op("MATCH")(match))
    # by the index's own order: else every hit would be fetched and sorted before the first is shown
    return query.order_by(None).order_by(words.c.rowid.desc())


def _match(wanted: Wanted) -> str:
    """What FTS5 is asked, to narrow the search down: it may give too much, and never too little."""
    parts = [f'"{one.words}"{"*" if one.is_begun else ""}' for one in (*wanted.phrases, *wanted.signer)]
    parts += [" OR ".join(f'"{mark}"' for mark in marks) for marks in _marks(wanted, is_alone=not parts)]
    return " AND ".join(f"({part})" for part in parts)


def _keys(wanted: Wanted) -> str:
    """The same for PostgreSQL: words, and pairs of neighbours."""
    parts = [part for phrase in (*wanted.phrases, *wanted.signer) for part in _pairs(phrase)]
    parts += [" | ".join(f"'{mark}'" for mark in marks) for marks in _marks(wanted, is_alone=not parts)]
    return " & ".join(f"({part})" for part in parts)


def _pairs(phrase: Phrase) -> Iterator[str]:
    words = phrase.words.split()
    keys = [f"{one}_{other}" for one, other in pairwise(words)] or words
    for nth, key in enumerate(keys, 1):
        is_begun = phrase.is_begun and nth == len(keys)
        # what begins with one letter are a twentieth of all keys, and more to put together than to look at the texts
        if len(key) < _LONGEST_KEY and not (is_begun and len(key) == 1):
            yield f"'{key}'{':*' if is_begun else ''}"


def _marks(wanted: Wanted, *, is_alone: bool) -> Iterator[list[str]]:
    """The marks of which a document must have one each."""
    yield from ([_mark(name, said)] for name, said in (("kind", wanted.kind), ("unit", wanted.unit)) if said)
    is_short = wanted.since and wanted.until and 0 <= wanted.until.year - wanted.since.year < _MOST_YEARS
    if wanted.since and wanted.until and is_short and not is_alone:
        yield [_mark("year", str(year)) for year in range(wanted.since.year, wanted.until.year + 1)]


def _row(one: Findable) -> dict[str, object]:
    job = one.job
    year = str(job.document_on.year) if job.document_on else ""
    marks = " ".join(_mark(*mark) for mark in (("kind", job.kind), ("unit", job.unit), ("year", year)))
    texts = _PARTED.join(words_of(place.text) for place in one.places)
    return {
        "job_id": job.id,
        "signer": f" {words_of(one.signer)} ",
        "folded": f" {marks}{_PARTED}{texts} ",
        "places": json.dumps([[place.name, place.page, place.text] for place in one.places], ensure_ascii=False),
    }


def _mark(name: str, said: str) -> str:
    """A word that says of a document what is asked of it by name, as one word of the index."""
    return f"{_MARK}{name}{_NO_WORD}{re.sub('[^0-9a-z]', _NO_WORD, said.lower())}"
