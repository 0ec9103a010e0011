"""Today: what waits for whom, what came in, which days are near, what is in trouble."""

from collections.abc import Iterable

from starlette.responses import Response

from pipeline import messages
from pipeline.app import operations, outside, papers, wording
from pipeline.messages import tr
from pipeline.model import AWAITED, PersonRole
from pipeline.status.reasons import told
from pipeline.status.views import Board, Deadline, day_text, days_text, sent_text
from pipeline.steps import incidents
from pipeline.web.pages.year import row_of
from pipeline.web.visit import Visit

#: So many of the newest files, and of the next deadlines, are shown.
_NEWEST, _NEXT = 12, 4


def today(visit: Visit) -> Response:
    """Show the day: of a unit its own papers, of the office all."""
    live = visit.live("/")
    if visit.person.role is PersonRole.UNIT:
        return _of_unit(visit, live)
    workspace, board = visit.workspace, visit.office.board()
    return visit.page(
        "today.html.j2",
        live=live,
        board=board,
        deadlines=_near(board),
        day_text=day_text,
        days_text=days_text,
        sent_text=sent_text,
        papers=papers.waiting(workspace),
        outside=outside.waiting(workspace),
        awaited=sum(count for state, count in workspace.ledger.counts().items() if state in AWAITED),
        incidents=[
            (one, wording.incident(one), visit.may("admit") and one.sort == incidents.UNSEEN)
            for one in incidents.standing(workspace)
        ],
        newest=told(workspace, workspace.ledger.latest(_NEWEST)),
        troubles=list(_troubles(visit, board)),
    )


def admit(visit: Visit) -> Response:
    """Let a file in that could not be looked into; a person has looked. Raises UnknownThing, NotAllowedNow."""
    said = visit.asked("incident")
    operations.admit(visit.workspace, int(said[:9]) if said.isascii() and said.isdigit() else 0, visit.reason())
    return visit.go("/")


def _of_unit(visit: Visit, live: tuple[int, str]) -> Response:
    board = visit.office.board()
    return visit.page(
        "unit.html.j2",
        live=live,
        board=board,
        cells=row_of(visit, board, visit.person.unit),
        deadlines=_near(board),
        day_text=day_text,
        days_text=days_text,
        newest=told(visit.workspace, visit.workspace.ledger.latest(40, visit.person.unit)),
    )


def _near(board: Board) -> list[Deadline]:
    """The days that are gone by and still owed for, then those that come next."""
    owed = [one for one in board.deadlines if one.days_left < 0 and one.sent < one.expected]
    return owed + [one for one in board.deadlines if one.days_left >= 0][:_NEXT]


def _troubles(visit: Visit, board: Board) -> Iterable[str]:
    if not visit.office.is_watched():
        yield tr(
            "Nobody watches the inbox: what is dropped is not taken. Whoever runs the machine starts vanthu watch."
        )
    is_sound = len(board.register_check) == 1 and board.register_check[0].id.startswith("Numbers follow")
    if not is_sound:
        yield from map(messages.shown, board.register_check)
