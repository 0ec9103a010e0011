"""What a person does with numbers: finds, asks for, gives up, begins a run, enters what no document tells.

Each leaves an entry with person and reason in the chain of its series; `history` shows them.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.answers import states
from pipeline.app.operations import find
from pipeline.errors import AmbiguousName, NotAllowedNow, UnknownThing
from pipeline.ledger import Beginning, Entered, NumberWish, Outcome
from pipeline.ledger.imports import IMPORT
from pipeline.ledger.outcome import NUMBERED
from pipeline.messages import tr
from pipeline.model import AFTER_SIGNATURE, AWAITED, Direction, Job, Message, State
from pipeline.register import lookup
from pipeline.register.lookup import qualified
from pipeline.register.rows import NOTE, Row, rows_numbered
from pipeline.register.series import ALL_TYPES, YEAR, Run, own_code, periods
from pipeline.steps.number_wishes import late, next_of
from pipeline.steps.registering import number_wish
from pipeline.steps.witnessing import refuse_older
from pipeline.vietnamese import clean, compare_key
from pipeline.workspace import Workspace

#: What people enter beside a number, by the register it stands in (NĐ30 Phụ lục IV): no document tells it.
COLUMNS: Final[Mapping[Direction, frozenset[str]]] = {
    Direction.OUTGOING: frozenset({"sent_on", "receipt", "remark", "copies"}),
    Direction.INCOMING: frozenset(
        {"sent_on", "receipt", "remark", "arrived_on", "sender_number", "handled_by", "due"}
    ),
}


def find_numbers(workspace: Workspace, said: str, series: str = "") -> list[Row]:
    """Find the numbers of the register that a person names, by themselves or by their document.

    Raises UnknownThing.
    """
    # all of that number: 01-KH/CTĐ4 comes again with every term
    found = lookup.found(workspace.ledger, said, series)
    if not found:
        job = find(workspace, said, series)
        numbers = {entry.no for entry in workspace.ledger.entries_of(job.id)}
        found = [row for row in rows_numbered(workspace.ledger, numbers) if row.job_id == job.id]
    if not found:
        raise UnknownThing(tr("“{said}” has no number. `vanthu register list` shows all.", said=said))
    return found


def the_number(workspace: Workspace, said: str, series: str = "") -> Row:
    """Find the one number that a person names. Raises UnknownThing, AmbiguousName."""
    found = find_numbers(workspace, said, series)
    if len(found) > 1:
        raise AmbiguousName(
            tr(
                "“{said}” means several numbers; nothing was done. Name it with its series:\n{choices}",
                said=said,
                choices="\n".join(f"  {qualified(row)}  {row.number}  {row.columns.title}" for row in found),
            )
        )
    return found[0]


@dataclass(frozen=True)
class Preview:
    """The number a document would get now, and what is to be known before it is given."""

    number: str
    series: str
    warning: Message | None = None


def preview(workspace: Workspace, job: Job) -> Preview:
    """Say which number a document would get, without giving it; the one it has, if it has one.

    Raises as `next_number`.
    """
    if job.number:
        held = workspace.ledger.number_entry(job.id)
        return Preview(job.number, held.series if held else "")
    wish = _wish(workspace, job)
    warning = late(workspace, wish.series, wish.columns)
    return Preview(wish.written(next_of(workspace, wish)), wish.series, warning)


def next_number(workspace: Workspace, job: Job, why: str = "") -> Job:
    """Give and book the number of a document that is being signed; asked again, the same number.

    Raises NotAllowedNow for a document that is not out for signature or has no number by its kind, LedgerLost,
    ClockBehind.
    """
    # it may be on the paper already: asked twice, or too late, the answer is the number it has
    if job.number and job.state in AFTER_SIGNATURE:
        return job
    wish = _wish(workspace, job)
    # which signatures lack is still so
    to = State.NUMBERED if job.state is State.DELIVERED else job.state
    reason = (why or NUMBERED) if to is State.NUMBERED else job.reason
    return workspace.ledger.advance(job, Outcome(to, why=reason, number=wish))


def _wish(workspace: Workspace, job: Job) -> NumberWish:
    if job.state not in AWAITED:
        raise NotAllowedNow(
            tr(
                "Job {id} is {state}; a number is given once the document is out for signature.",
                id=job.id,
                state=states()[job.state],
            )
        )
    refuse_older(workspace)
    workspace.ledger.refuse_clock_behind()
    wish = number_wish(workspace, job)
    if wish is None:
        raise NotAllowedNow(tr("Documents of the kind “{kind}” have no number.", kind=job.kind))
    return wish


def is_printed(workspace: Workspace, job: Job) -> bool:
    """Tell whether a document was made with the number it has (`number_at: filling`)."""
    made = [event for event in workspace.ledger.events(job.id) if event.to_state == State.FILLED]
    return bool(job.number and made and made[-1].detail.get("number"))


def void_number(workspace: Workspace, job: Job, why: str) -> Job:
    """Make a number void that was given before the signed paper came back; it stays in the register with the reason.

    Raises NotAllowedNow when the document is filed already, or has no number.
    """
    if not job.number or job.state not in AWAITED:
        raise NotAllowedNow(
            tr(
                "Job {id} is {state}; only a number that was booked and not yet filed can be made void. "
                "A filed document is replaced or corrected by a new one.",
                id=job.id,
                state=states()[job.state],
            )
        )
    # a paper that shows a void number must not be signed (`number_at: filling`)
    if is_printed(workspace, job):
        raise NotAllowedNow(
            tr(
                "Number {number} stands on the document of job {id}. Cancel it (vanthu cancel) or have it made again "
                "(vanthu reprocess): its number is then void, and a new document has the next one.",
                number=job.number,
                id=job.id,
            )
        )
    to = State.DELIVERED if job.state is State.NUMBERED else job.state
    return workspace.ledger.void(job, Outcome(to, why=why))


def note(workspace: Workspace, row: Row, facts: Mapping[str, str | int], why: str) -> Row:
    """Enter columns beside a number; gives its row with them. Days are ISO 8601.

    Raises NotAllowedNow for a column that the register of that direction does not have.
    """
    if foreign := facts.keys() - COLUMNS[row.direction]:
        raise NotAllowedNow(
            tr(
                "{number} stands in the other register, which has no such column: {columns}.",
                number=row.number,
                columns=", ".join(sorted(foreign)),
            )
        )
    tidy = {name: clean(value) if isinstance(value, str) else value for name, value in facts.items()}
    workspace.ledger.note_number(row.booked, Entered(NOTE, tidy, why))
    return next(one for one in rows_numbered(workspace.ledger, [row.no], row.series) if one.suffix == row.suffix)


def begin(workspace: Workspace, said: str, first: int, why: str) -> str:
    """Let a run of numbers begin with `first`, or go on with it; gives the name of the series.

    So a book on paper is taken over, numbers that stand elsewhere are passed by, and in the middle of a year another
    rule begins. Raises UnknownThing for a series that cannot be, NotAllowedNow for a number that was given.
    """
    refuse_older(workspace)
    key, direction = _series(workspace, said)
    on = _day_of(workspace, key)
    highest = _given_that_year(workspace, key, direction, on)
    # number and symbol are unique within a year (NĐ30 Điều 15), whichever run they were given in
    if first <= highest:
        raise NotAllowedNow(
            tr(
                "Number {highest} was given this year in a run that {series} takes over; begin at {first} or later.",
                series=key,
                highest=highest,
                first=highest + 1,
            )
        )
    workspace.ledger.begin_series(Beginning(key, direction, first, on), why)
    return key


def _series(workspace: Workspace, said: str) -> tuple[str, Direction]:
    """Give the series that a person names and the register it is of."""
    code, _, period = said.strip().rpartition("/")
    kinds = workspace.loaded().kinds.values()
    codes = {
        own_code(kind.series, kind.issuer): Direction(kind.register) for kind in kinds if kind.register != "none"
    }
    codes |= {name: direction for direction, name in ALL_TYPES.items()}
    spans = {term.id for year in workspace.years.values() for term in year.terms}
    for known, direction in codes.items():
        if compare_key(known) == compare_key(code) and (period in spans or YEAR.fullmatch(period)):
            return f"{known}/{period}", direction
    raise UnknownThing(
        tr(
            "“{said}” names no series. Write code and period, as KH/2020-2025 or ĐẾN/2022; codes: {codes}; terms: "
            "{terms}.",
            said=said,
            codes=", ".join(codes),
            terms=", ".join(sorted(spans)),
        )
    )


def _day_of(workspace: Workspace, key: str) -> dt.date:
    """Give a day of the year that a run is about: today, but for a run of another year."""
    today, period = workspace.today(), key.rpartition("/")[2]
    of_a_year = YEAR.fullmatch(period)
    year = int(period[-4:]) if of_a_year else today.year
    return today if year == today.year else dt.date(year, 1, 1)


def _given_that_year(workspace: Workspace, key: str, direction: Direction, on: dt.date) -> int:
    """Give the highest number of the year of `on` in other runs that the series `key` would take the place of."""
    run = Run(key, direction)
    if run.period not in periods(on, workspace.year(workspace.practice.year)).values():
        return 0
    common = ALL_TYPES[direction]
    others = (Run(*one) for one in workspace.ledger.newest_runs(on.year))
    replaced = (
        one
        for one in others
        if one.direction is direction and one.key != key and (one.code == run.code or common in {one.code, run.code})
    )
    return max(
        (
            entry.no
            for one in replaced
            for entry in workspace.ledger.entries(one.key)
            if entry.verb in {"number", IMPORT} and (entry.columns.document_on or on).year == on.year
        ),
        default=0,
    )
