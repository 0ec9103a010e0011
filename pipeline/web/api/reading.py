"""What programs ask: documents, what was found, files, the books."""

from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from pipeline import messages
from pipeline.app import book_search, dropping, numbering
from pipeline.app.book_search import BookAsked
from pipeline.ledger.listing import Listed, listed
from pipeline.messages import NOTHING, shown, tr
from pipeline.model import Direction, Finding, State
from pipeline.register.books import COLUMNS, line_of
from pipeline.register.rows import Row
from pipeline.status import explain
from pipeline.status.reasons import told
from pipeline.web.api import shapes
from pipeline.web.api.call import ROOT, Call, answered
from pipeline.web.api.problem import Refused
from pipeline.web.rights import Reach

_LIMIT, _MOST = 50, 200
_FILTERS: Final = ("state", "kind", "unit", "year")


def documents(call: Call) -> Response:
    """List documents, the newest first."""
    limit = _figure(call, "limit", _LIMIT, 1, _MOST)
    wanted = _wanted(call)
    # one more, to know whether there is a further page
    found = listed(call.workspace.ledger, wanted, limit + 1)
    kept = {name: call.asked(name) for name in (*_FILTERS, "limit") if call.asked(name)}
    following = urlencode(kept | {"before": str(found[limit - 1].id)}) if len(found) > limit else ""
    page = told(call.workspace, found[:limit])
    return answered(
        shapes.Documents(
            tuple(call.summary(one) for one in page), f"{ROOT}/documents?{following}" if following else None
        )
    )


def _wanted(call: Call, sha256: str = "") -> Listed:
    """What is asked for, as far as the right extends."""
    states = [one for one in call.asked("state").split(",") if one]
    if unknown := set(states) - {state.value for state in State}:
        raise Refused("body.unreadable", tr("“{said}” is no state of a document.", said=", ".join(sorted(unknown))))
    return Listed(
        states=tuple(map(State, states)),
        kind=call.asked("kind"),
        unit=call.asked("unit"),
        year=_figure(call, "year", 0, 0, 9999),
        sha256=sha256,
        unit_or_folder=call.person.unit if call.reach is Reach.OWN else "",
        is_filed=call.reach is Reach.FILED,
        before=_figure(call, "before", 0, 0, (1 << 31) - 1),
    )


def _figure(call: Call, name: str, default: int, least: int, most: int) -> int:
    said = call.asked(name)
    if not said:
        return default
    if not (said.isascii() and said.isdigit() and least <= int(said[:12]) <= most):
        text = tr("“{name}” is a number from {least} to {most}.", name=name, least=least, most=most)
        raise Refused("body.unreadable", text)
    return int(said)


def document(call: Call) -> Response:
    """Give one document."""
    return answered(call.whole(call.document))


def findings(call: Call) -> Response:
    """Give what was found about a document."""
    explained = explain(call.workspace, call.document)
    accepted = [one.finding for one in explained.warnings if one.acceptance is not None]
    made = (_finding(one, is_accepted=one in accepted) for one in explained.findings)
    return answered(shapes.Findings(tuple(made)))


def _finding(one: Finding, *, is_accepted: bool) -> shapes.Finding:
    return shapes.Finding(
        code=one.code,
        severity=one.severity.value,
        message=shown(one.message),
        place=shown(messages.place(one.place)),
        pointer=str(one.place.pointer),
        found=one.found,
        needed=shown(one.needed or NOTHING),
        mend=shown(one.mend or NOTHING),
        is_accepted=is_accepted,
    )


def events(call: Call) -> Response:
    """Give what happened to a document."""
    return answered(
        shapes.Events(
            tuple(
                shapes.Event(one.id, one.at, one.who, one.action, one.from_state, one.to_state, one.why)
                for one in call.workspace.ledger.events(call.document.id)
            )
        )
    )


def book(call: Call) -> Response:
    """Give a page of a book of the register, the newest number first."""
    try:
        direction = Direction(call.request.path_params["book"])
    except ValueError as trouble:
        raise Refused("not-found", tr("There is no such page.")) from trouble
    limit = _figure(call, "limit", _LIMIT, 1, _MOST)
    year = _figure(call, "year", call.workspace.practice.year, 0, 9999)
    found = book_search.found(
        call.workspace, BookAsked(direction, year, call.asked("words")[:200]), call.office.shelf
    )
    pages = max(1, -(-found.total // limit))
    page = _figure(call, "page", 1, 1, pages)
    part = found.newest((page - 1) * limit, limit)
    return answered(shapes.Numbers(tuple(_number(call, row) for row in part), found.total, page, pages))


def _number(call: Call, row: Row) -> shapes.Number:
    line = line_of(row, call.workspace.practice.language)
    facts = zip(COLUMNS[row.direction], line.facts, strict=True)
    return shapes.Number(
        series=row.series,
        no=row.no,
        suffix=row.suffix,
        number=row.number,
        status=row.status,
        direction=row.direction.value,
        day=line.day,
        document=row.job_id or None,
        columns={column.name: fact.text for column, fact in facts if fact.text},
    )


def next_number(call: Call) -> Response:
    """Say which number a document would get, without giving it."""
    said = numbering.preview(call.workspace, call.document)
    return answered(shapes.NextNumber(said.number, said.series, shown(said.warning or NOTHING)))


def folders(call: Call) -> Response:
    """List the folders of the inbox into which this account may drop files, and what lies there."""
    every = dropping.folders(call.workspace)
    mine = {name: title for name, title in every.items() if call.reach is Reach.ALL or name == call.person.unit}
    lying = ((name, title, tuple(dropping.lying(call.workspace, name))) for name, title in mine.items())
    return answered(shapes.Folders(tuple(shapes.Folder(*one) for one in lying)))


def drop(call: Call) -> Response:
    """Say what became of a file by its bytes; of what this account may see."""
    sha256 = call.request.path_params["sha256"]
    found = told(call.workspace, listed(call.workspace.ledger, _wanted(call, sha256), _MOST))
    return answered(shapes.DropStatus(sha256, tuple(map(call.summary, found))))
