"""Numbers: given, filed and made void, each act an entry in the hash chain of its series."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, insert, select, update

from pipeline.errors import KindError, NotAllowedNow, StateConflict
from pipeline.ledger import log
from pipeline.ledger.chain import GENESIS, canonical, linked
from pipeline.ledger.clocks import refuse_clock_behind
from pipeline.ledger.outcome import Beginning, Entered, NumberWish
from pipeline.ledger.rows import Entry, act_name, entry_of, parts_of, stamp
from pipeline.messages import tr
from pipeline.model import Job
from pipeline.store import schema
from pipeline.store.engine import upsert

#: The acts by which a job has a number: it was given, or the job is the paper of one of an old book.
BOOKED: Final = frozenset({"number", "paper"})


@dataclass(frozen=True)
class Act:
    """What is done with a number: "number" gives it, "file" says which bytes it stands for, "void" gives it up.

    Of a filed document "replace" says that a further paper is filed, "amend" what another document does to it, or it
    to another; "note" is what a person enters beside a number; "begin" says with which number a run begins, or goes
    on after those that stand in a book on paper; "import" is a number of an old book (`imports`). What is done again
    is counted ("file.2"), so that the database keeps each to one time.
    """

    series: str
    no: int
    act: str
    job_id: int | None
    recorded: Mapping[str, object]  #: the columns of the register, or what was filed; it enters the hash chain
    why: str


def number_of(connection: Connection, job_id: int) -> Entry | None:
    """Give the entry that holds a job's valid number, or None."""
    rows = connection.execute(
        select(schema.register, schema.series.c.key, schema.series.c.direction)
        .join(schema.series, schema.series.c.id == schema.register.c.series_id)
        .where(schema.register.c.job_id == job_id)
        .order_by(schema.register.c.id)
    ).all()
    entries = [entry_of(row) for row in rows]
    # a job may have been numbered, made void and numbered again: the last that is not void counts
    void = {(entry.series, entry.no) for entry in entries if entry.act == "void"}
    given = [entry for entry in entries if entry.verb in BOOKED]
    valid = [entry for entry in given if (entry.series, entry.no) not in void]
    return valid[-1] if valid else None


def give_number(connection: Connection, job: Job, wish: NumberWish, at: dt.datetime, who: str, why: str) -> str:
    """Give the next number of a series to a job, or the number it already has: one number, once.

    Source: HD05 II.3.1 (Party: from 01 per type and term), NĐ30 Điều 15 (State: from 01 per year).
    Raises KindError when the series is of the other register: each has its own run of numbers (NĐ30 Phụ lục IV).
    """
    # the same step done twice, or a number booked before the signing (decision 0004)
    held = number_of(connection, job.id)
    if held is not None:
        return held.columns.number
    refuse_clock_behind(connection, at)
    begun = {"key": wish.series, "direction": wish.direction.value, "last_no": 1, "entries": 0, "head": GENESIS}
    # counted up in the row that is locked by it until the commit: no gap, no double, on any database (rule 3)
    row = connection.execute(
        upsert(connection, schema.series, begun)
        .on_conflict_do_update(index_elements=["key"], set_={"last_no": schema.series.c.last_no + 1})
        .returning(schema.series.c.last_no, schema.series.c.direction)
    ).one()
    # printed before it was given: another document was given it meanwhile, and this one is made again
    if wish.expected not in {None, row.last_no}:
        raise StateConflict(f"Job {job.id} was made with number {wish.expected}, but {row.last_no} is the next.")
    # the series' first number decides; raised, the transaction takes the number back with it
    if row.direction != wish.direction:
        raise KindError(
            tr(
                "{series} is a series of the other register (incoming and outgoing papers have one each). Give the "
                "kind {kind} a `series` of its own in kind.yaml.",
                series=wish.series,
                kind=job.kind,
            )
        )
    # the columns enter the chain with the number, so that the book cannot be told otherwise later
    columns = replace(wish.columns, number=wish.written(row.last_no), direction=wish.direction)
    append_act(
        connection,
        Act(wish.series, row.last_no, "number", job.id, columns.as_json() | dict(wish.beside), why),
        at,
        who,
    )
    return columns.number


def begin_series(connection: Connection, begin: Beginning, at: dt.datetime, who: str, why: str) -> None:
    """Let a run begin with a number, or go on with a later one; the numbers before it are never given.

    Raises NotAllowedNow when that number was given already or would be given next in any case.
    """
    log.lock(connection)
    refuse_clock_behind(connection, at)
    values = {"key": begin.series, "direction": begin.direction.value, "last_no": begin.first - 1}
    table = schema.series
    moved = connection.execute(
        upsert(connection, table, values | {"entries": 0, "head": GENESIS})
        # only ever forward: no number is given again
        .on_conflict_do_update(
            index_elements=["key"],
            set_={"last_no": begin.first - 1},
            where=(table.c.last_no < begin.first - 1) & (table.c.direction == begin.direction.value),
        )
        .returning(table.c.last_no)
    ).first()
    if moved is None:
        last = connection.execute(select(table.c.last_no).where(table.c.key == begin.series)).scalar_one()
        raise NotAllowedNow(
            tr(
                "Series {series} is under way and gives {next} next; it can only be moved on, to a later number.",
                series=begin.series,
                next=last + 1,
            )
        )
    facts = {"first": begin.first, "document_on": begin.on.isoformat(), "direction": begin.direction.value}
    append_act(connection, Act(begin.series, begin.first, "begin", None, facts, why), at, who)


def note_number(connection: Connection, held: Entry, entered: Entered, at: dt.datetime, who: str) -> None:
    """Enter something beside a number that was given, whatever became of it since."""
    act = _counted(connection, held, entered.act)
    append_act(connection, Act(held.series, held.no, act, held.job_id or None, entered.facts, entered.why), at, who)


def append_act(connection: Connection, act: Act, at: dt.datetime, who: str) -> None:
    """Append one act to its series' chain and to the log; both are locked until the commit."""
    # the log's row first, as wherever something is recorded: no two writers wait for each other
    state = log.state_of(connection)
    table = schema.series
    head = connection.execute(
        update(table)
        .where(table.c.key == act.series)
        .values(entries=table.c.entries + 1)
        .returning(table.c.id, table.c.entries, table.c.head)
    ).one()
    row: dict[str, object] = {
        "entry": head.entries,
        "no": act.no,
        "act": act.act,
        "job_id": act.job_id,
        "at": stamp(at),
        "who": who,
        "why": act.why,
        "facts": canonical(act.recorded),
    }
    # with the name of its series: an entry moved to another chain does not fit there
    data = linked(head.head, row | {"series": act.series})
    digest = hashlib.sha256(data).hexdigest()
    entry_id = connection.execute(
        insert(schema.register)
        .values(**row, series_id=head.id, previous_hash=head.head, hash=digest)
        .returning(schema.register.c.id)
    ).scalar_one()
    connection.execute(update(table).where(table.c.id == head.id).values(head=digest))
    log.append(connection, state, data, entry_id=entry_id)


def file_number(connection: Connection, job: Job, detail: Mapping[str, object], at: dt.datetime, who: str) -> None:
    """Say in the register which archived bytes a number stands for."""
    held = number_of(connection, job.id)
    if held is None:
        raise StateConflict(f"Job {job.id} is to be filed without a number. This is a bug; please report it.")
    append_act(connection, Act(held.series, held.no, _counted(connection, held, "file"), job.id, detail, ""), at, who)


def enter(connection: Connection, job: Job, entered: Entered, at: dt.datetime, who: str) -> None:
    """Say something of a job's number in the register; of a document without a number only its history tells."""
    held = number_of(connection, job.id)
    if held is not None:
        act = _counted(connection, held, entered.act)
        append_act(connection, Act(held.series, held.no, act, job.id, entered.facts, entered.why), at, who)


def _counted(connection: Connection, held: Entry, act: str) -> str:
    """Name an act upon a number: "file" the first time, then "file.2", "file.3" …"""
    table = schema.register
    done = connection.execute(
        select(table.c.act)
        .join(schema.series, schema.series.c.id == table.c.series_id)
        .where(schema.series.c.key == held.series, table.c.no == held.no)
    ).scalars()
    times = sum(parts_of(one) == (act, held.suffix) for one in done)
    return act_name(act, held.suffix, times + 1)


def void_number(connection: Connection, job: Job, at: dt.datetime, who: str, why: str) -> None:
    """Make a job's number void: it stays in the register with reason and person, and is never given again.

    Raises NotAllowedNow when the job has no number.
    """
    held = number_of(connection, job.id)
    if held is None:
        raise NotAllowedNow(f"Job {job.id} has no number that could be made void. `vanthu register list` shows all.")
    act = Act(held.series, held.no, "void", job.id, {"number": held.columns.number}, why)
    append_act(connection, act, at, who)


def give_up(connection: Connection, job: Job, at: dt.datetime, who: str, why: str) -> bool:
    """Make the number of a document void that will not be issued, if it has one that is not filed; tell whether."""
    held = number_of(connection, job.id)
    if held is None or _counted(connection, held, "file") != "file":
        return False
    void_number(connection, job, at, who, why)
    return True
