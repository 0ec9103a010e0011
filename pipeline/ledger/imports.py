"""Numbers of an old book enter the register: many entries at once, each a link of its chain and a leaf of the log.

An imported number is no number given: it may lie anywhere below those, have letters behind it (57a), and have gaps
beside it. It has an act of its own, so that "the numbers given follow one another" stays provable.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from pipeline.errors import KindError, NotAllowedNow
from pipeline.ledger import log
from pipeline.ledger.chain import GENESIS, canonical, linked
from pipeline.ledger.numbers import Act, append_act
from pipeline.ledger.rows import Entry, act_name, parts_of, stamp
from pipeline.messages import tr
from pipeline.model import Direction, Job
from pipeline.store import schema
from pipeline.store.engine import upsert

#: The act by which a number of an old book enters.
IMPORT: Final = "import"
#: The act by which such a number gets its paper.
PAPER: Final = "paper"
_GIVEN: Final = frozenset({"number", IMPORT})


@dataclass(frozen=True)
class Imported:
    """One number of an old book: its columns and where they stood, for the chain, and why it is void if it is."""

    series: str
    direction: Direction
    no: int
    suffix: str  #: letters behind the figure: "a" of 57a
    facts: Mapping[str, object]
    on: str = ""  #: the day that counts for the run, ISO 8601
    void_why: str = ""


def import_numbers(
    connection: Connection, imported: Sequence[Imported], at: dt.datetime, who: str, why: str
) -> dict[str, int]:
    """Append numbers of an old book; gives the next number of each series they are of.

    A run goes on after the highest of them. Raises NotAllowedNow when one is in the register already, KindError when
    a series is of the other register.
    """
    state = log.state_of(connection)
    by_series: dict[str, list[Imported]] = {}
    for one in imported:
        by_series.setdefault(one.series, []).append(one)
    leaves: list[log.Entry] = []
    following = {}
    for key, numbers in by_series.items():
        row = _series_row(connection, key, numbers[0].direction)
        _refuse_known(connection, key, row.id, numbers)
        highest = max(one.no for one in numbers)
        acts = [act for one in numbers for act in _acts(one)]
        if highest > row.last_no:
            # the newest day of the book, not today: an old book brought in changes no rule of this year
            newest = max(one.on for one in numbers)
            facts = {"first": highest + 1, "document_on": newest, "direction": numbers[0].direction.value}
            acts.append((highest + 1, "begin", facts, why))
        leaves += _append(connection, row, acts, stamp(at), who, why)
        following[key] = max(highest, row.last_no) + 1
        connection.execute(
            update(schema.series).where(schema.series.c.id == row.id).values(last_no=following[key] - 1)
        )
    log.append_many(connection, state, leaves)
    return following


def _series_row(connection: Connection, key: str, direction: Direction) -> Any:  # noqa: ANN401 - a row
    table = schema.series
    begun = {"key": key, "direction": direction.value, "last_no": 0, "entries": 0, "head": GENESIS}
    row = connection.execute(
        upsert(connection, table, begun)
        .on_conflict_do_update(index_elements=["key"], set_={"last_no": table.c.last_no})
        .returning(table.c.id, table.c.key, table.c.direction, table.c.last_no, table.c.entries, table.c.head)
    ).one()
    if row.direction != direction:
        raise KindError(tr("{series} is a series of the other register; nothing was imported.", series=key))
    return row


def _refuse_known(connection: Connection, key: str, series_id: int, numbers: Iterable[Imported]) -> None:
    """Refuse what was given or imported since the report was made: the lock is ours by now."""
    table = schema.register
    rows = connection.execute(select(table.c.no, table.c.act).where(table.c.series_id == series_id))
    known = {(row.no, parts_of(row.act)[1]) for row in rows if parts_of(row.act)[0] in _GIVEN}
    for one in numbers:
        if (one.no, one.suffix) in known:
            raise NotAllowedNow(
                tr(
                    "Number {no} of {series} is in the register already; nothing was imported.",
                    no=f"{one.no}{one.suffix}",
                    series=key,
                )
            )


def attach_paper(connection: Connection, job: Job, held: Entry, at: dt.datetime, who: str, why: str) -> str:
    """Say that a job is the paper of a number of an old book; gives the number.

    Its facts are the columns of the number: from then on it has it as if it had been given. Raises NotAllowedNow when
    the number has a paper, or was given up.
    """
    table = schema.register
    done = connection.execute(
        select(table.c.act)
        .join(schema.series, schema.series.c.id == table.c.series_id)
        .where(schema.series.c.key == held.series, table.c.no == held.no)
    ).scalars()
    if any(parts_of(act) in {(PAPER, held.suffix), ("void", held.suffix)} for act in done):
        raise NotAllowedNow(tr("Number {number} has its paper already, or is void.", number=held.columns.number))
    facts = held.columns.as_json() | {"sha256": job.submission_sha256}
    append_act(connection, Act(held.series, held.no, act_name(PAPER, held.suffix), job.id, facts, why), at, who)
    return held.columns.number


_Act = tuple[int, str, Mapping[str, object], str]


def _acts(one: Imported) -> list[_Act]:
    acts: list[_Act] = [(one.no, act_name(IMPORT, one.suffix), one.facts, "")]
    if one.void_why:
        acts.append((one.no, act_name("void", one.suffix), {"number": one.facts["number"]}, one.void_why))
    return acts


def _append(
    connection: Connection,
    series: Any,  # noqa: ANN401 - a row
    acts: Sequence[_Act],
    at: str,
    who: str,
    why: str,
) -> list[log.Entry]:
    """Append acts to one chain; gives what each is in the log."""
    head, rows, told = series.head, [], []
    for entry, (no, act, facts, reason) in enumerate(acts, start=series.entries + 1):
        row: dict[str, object] = {
            "entry": entry,
            "no": no,
            "act": act,
            "job_id": None,
            "at": at,
            "who": who,
            "why": reason or why,
            "facts": canonical(facts),
        }
        # as `numbers.append_act` does, one entry at a time
        data = linked(head, row | {"series": series.key})
        digest = hashlib.sha256(data).hexdigest()
        rows.append(row | {"series_id": series.id, "previous_hash": head, "hash": digest})
        told.append(data)
        head = digest
    ids = connection.execute(
        insert(schema.register).returning(schema.register.c.id, sort_by_parameter_order=True), rows
    ).scalars()
    values = {"entries": series.entries + len(rows), "head": head}
    connection.execute(update(schema.series).where(schema.series.c.id == series.id).values(values))
    return [log.Entry(data, entry_id=entry_id) for data, entry_id in zip(told, ids, strict=True)]
