"""The year: units by kinds, and behind each cell why it stands so."""

from dataclasses import dataclass

from starlette.responses import Response

from pipeline import messages
from pipeline.errors import NotAllowedNow
from pipeline.messages import NOTHING, tr
from pipeline.model import Message
from pipeline.status import reminding
from pipeline.status.reasons import reason_of
from pipeline.status.views import Board, Cell, Column, Row, Status, cell_text, day_text, days_text, sent_text
from pipeline.web.rights import Reach
from pipeline.web.visit import Visit

#: Where a reason tells more than the status does.
_EXPLAINED = frozenset({Status.RETURNED, Status.HELD, Status.VALID, Status.CHECKING})


@dataclass(frozen=True)
class Shown:
    """One cell as it is shown: its words, and the reason behind them."""

    column: Column
    cell: Cell
    text: Message
    why: Message


def year(visit: Visit) -> Response:
    """Show the year; a unit sees its own row."""
    board = visit.office.board()
    is_all = visit.reach is Reach.ALL
    rows = [row for row in board.rows if is_all or row.unit == visit.person.unit]
    return visit.page(
        "year.html.j2",
        board=board,
        rows=[(row, _cells(visit, board, row)) for row in rows],
        is_all=is_all,
        remindable=_remindable(visit, board),
        day_text=day_text,
        days_text=days_text,
        sent_text=sent_text,
    )


def remind(visit: Visit) -> Response:
    """Write the letter to the units that lack; asked twice, it is the same letter. Raises UnknownThing."""
    workspace, kind = visit.workspace, visit.asked("kind")
    wanted = reminding.reminders(workspace, kind, reminding.letter_day(workspace), None) if kind else []
    if not wanted:
        raise NotAllowedNow(tr("No reminder is needed: nothing is missing."))
    job = wanted[0].earlier or reminding.send(workspace, wanted[0])
    return visit.go(f"/ho-so/{job.id}")


def _remindable(visit: Visit, board: Board) -> list[tuple[Column, int]]:
    """The kinds of which a letter reminds and something is missing, and of how many units; none for who looks."""
    if not visit.may("remind") or visit.workspace.practice.year != visit.workspace.today().year:
        return []
    letters = reminding.remindable(visit.workspace)
    lacking = [
        (column, sum(row.cells[at].status in {Status.MISSING, Status.RETURNED} for row in board.rows))
        for at, column in enumerate(board.columns)
        if column.kind in letters
    ]
    return [(column, count) for column, count in lacking if count]


def row_of(visit: Visit, board: Board, unit: str) -> list[Shown]:
    """The cells of one unit; [] for one that the year does not know."""
    return next((_cells(visit, board, row) for row in board.rows if row.unit == unit), [])


def _cells(visit: Visit, board: Board, row: Row) -> list[Shown]:
    return [
        Shown(column, cell, cell_text(cell), _why(visit, cell))
        for column, cell in zip(board.columns, row.cells, strict=True)
    ]


def _why(visit: Visit, cell: Cell) -> Message:
    if not cell.job_id or cell.status not in _EXPLAINED:
        return NOTHING
    said = reason_of(visit.workspace, visit.workspace.ledger.job(cell.job_id))
    text = messages.shown(said)
    # a person's own words may be a whole paragraph; the document's page has them all
    return said if len(text) <= _MOST_SHOWN else messages.verbatim(f"{text[:_MOST_SHOWN]}…")


_MOST_SHOWN = 140
