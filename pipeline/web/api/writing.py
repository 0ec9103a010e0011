"""What programs do: files are dropped, numbers taken. What pages decide, the functions of those pages decide."""

import dataclasses
import datetime as dt

from starlette.responses import Response

from pipeline.app import dropping, numbering, outside
from pipeline.messages import NOTHING, shown, tr
from pipeline.web.api import shapes
from pipeline.web.api.call import ROOT, Call, answered
from pipeline.web.api.problem import Refused
from pipeline.web.rights import Reach

_OF_THE_DECISION = frozenset({"sequence", "why"})


def bring(call: Call) -> Response:
    """Lay files into a folder of the inbox; a unit's account into its own. Raises Refused when none is taken."""
    asked = call.asked("folder")
    folder = call.person.unit if call.reach is Reach.OWN else asked
    if asked not in {"", folder}:
        raise Refused("role.refused", tr("An account of a unit drops files into that unit's folder alone."))
    if not call.sent:
        raise Refused("body.unreadable", tr("No file was chosen."))
    made = []
    for name, sha256, source in call.sent:
        brought = dropping.bring(call.workspace, folder, name, source)
        refusal = shown(brought.refusal or NOTHING)
        href = f"{ROOT}/drops/{sha256}"
        made.append(shapes.Brought(brought.name, sha256, brought.refusal is None, refusal, href))
    if not any(one.is_taken for one in made):
        refused = [dataclasses.asdict(one) for one in made]
        raise Refused("drop.refused", tr("None of the files was taken."), files=refused)
    return answered(shapes.BroughtFiles(folder, tuple(made)), 201)


def number(call: Call) -> Response:
    """Give a document its number; asked again, the same one."""
    if not call.document.number:
        call.must_be_unchanged()
    given = numbering.next_number(call.workspace, call.document)
    call.office.settle(call.workspace)
    shown_before = call.asked("shown")
    document = call.whole(call.workspace.ledger.job(given.id))
    return answered(shapes.GivenNumber(given.number, shown_before in {"", given.number}, document))


def enter_paper(call: Call) -> Response:
    """Enter a paper that was not made here, as it was read but for what is said."""
    call.must_be_unchanged()
    body: shapes.OutsidePaper = call.body
    given: dict[str, str | dt.date] = {
        field.name: value
        for field in dataclasses.fields(body)
        if field.name not in _OF_THE_DECISION and (value := getattr(body, field.name)) is not None
    }
    outside.confirm(call.workspace, call.document, given, call.reason())
    return call.done()
