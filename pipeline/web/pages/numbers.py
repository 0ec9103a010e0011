"""What a clerk does with the number of a document: enters something beside it, or makes it void."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from pipeline.app import numbering
from pipeline.errors import NotAllowedNow
from pipeline.messages import tr
from pipeline.model import AWAITED, Direction, Job
from pipeline.register.books import COLUMNS, Fact, line_of
from pipeline.register.rows import Row, rows_numbered
from pipeline.web.rights import Reach
from pipeline.web.visit import Visit
from pipeline.workspace import Workspace

#: What is entered here, by the book, in the order of its columns; days are asked for as days.
ENTERED: Final = {
    Direction.OUTGOING: ("sent_on", "receipt", "remark"),
    Direction.INCOMING: ("handled_by", "sent_on", "receipt", "due", "remark"),
}
DAYS: Final = frozenset({"sent_on", "due"})


@dataclass(frozen=True)
class Book:
    """What the book says of a number: heads of columns with what stands there; and what a person may do with it.

    `fields` are what may be entered: name, head of the column, and whether it is a day.
    """

    facts: tuple[tuple[str, Fact], ...]
    fields: tuple[tuple[str, str, bool], ...]
    may_void: bool


def book_of(visit: Visit) -> Book | None:
    """What the book says of a document's number; None where it has none, or the book is not this person's to see."""
    row = _row_of(visit.workspace, visit.document)
    if row is None or visit.reach is Reach.OWN:
        return None
    columns = COLUMNS[row.direction]
    facts = zip(columns, line_of(row, visit.workspace.practice.language).facts, strict=True)
    heads = {column.name: column.head for column in columns}
    named = ENTERED[row.direction] if visit.may("note") else ()
    return Book(
        tuple((column.head, fact) for column, fact in facts if fact.text),
        tuple((name, heads[name], name in DAYS) for name in named),
        may_void=visit.may("void") and visit.document.state in AWAITED,
    )


def _row_of(workspace: Workspace, job: Job) -> Row | None:
    held = workspace.ledger.number_entry(job.id)
    found = rows_numbered(workspace.ledger, [held.no], held.series) if held is not None else []
    return next((row for row in found if held is not None and row.suffix == held.suffix), None)


def note(visit: Visit) -> Response:
    """Enter something beside the number. Raises NotAllowedNow."""
    row = _row_of(visit.workspace, visit.document)
    if row is None:
        raise NotAllowedNow(tr("Document #{id} has no number.", id=visit.document.id))
    said = {name: visit.asked(name)[:500] for name in ENTERED[row.direction] if visit.asked(name)}
    if not said:
        raise NotAllowedNow(tr("Nothing was filled in; nothing was entered."))
    for name in DAYS & said.keys():
        try:
            dt.date.fromisoformat(said[name])
        except ValueError as trouble:
            raise NotAllowedNow(tr("“{said}” is no day.", said=said[name])) from trouble
    numbering.note(visit.workspace, row, said, visit.reason())
    return visit.done()


def void(visit: Visit) -> Response:
    """Make the number void; it stays in the book with the reason."""
    visit.must_be_unchanged()
    numbering.void_number(visit.workspace, visit.document, visit.reason())
    return visit.done()
