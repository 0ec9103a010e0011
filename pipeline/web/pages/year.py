"""The year: units by kinds, and behind each cell why it stands so."""

from dataclasses import dataclass

from starlette.responses import Response

from pipeline import messages
from pipeline.messages import NOTHING
from pipeline.model import Message
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
        day_text=day_text,
        days_text=days_text,
        sent_text=sent_text,
    )


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
