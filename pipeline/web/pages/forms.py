"""Forms to be filled in, with what the year knows of a unit written in already."""

import datetime as dt
from urllib.parse import quote

from starlette.responses import Response

from pipeline.app import blank_forms
from pipeline.errors import UnknownThing
from pipeline.ledger.begun_forms import BegunForm, BegunForms
from pipeline.messages import tr
from pipeline.model import PersonRole
from pipeline.status.year import due_of
from pipeline.web.visit import Visit

#: Those for people; who wants another one asks the command.
_FORMATS = {"xlsx": "Excel", "docx": "Word", "pdf": "PDF"}


def forms(visit: Visit) -> Response:
    """Show the forms: of the units, and for who is of no unit those of the cluster, too."""
    workspace = visit.workspace
    year = workspace.year(workspace.practice.year)
    is_unit = visit.person.role is PersonRole.UNIT
    of_units = [kind for kind in workspace.loaded().kinds.values() if kind.submitted_by == "unit"]
    of_cluster = [kind for kind in workspace.loaded().kinds.values() if kind.submitted_by != "unit"]
    for kinds in (of_units, of_cluster):
        kinds.sort(key=lambda kind: (due_of(kind, year) or dt.date.max, kind.title_vi))
    chosen = visit.person.unit if is_unit else visit.asked("don-vi")
    return visit.page(
        "forms.html.j2",
        year=year,
        units=[] if is_unit else year.units,
        chosen=chosen,
        of_units=[(kind, due_of(kind, year)) for kind in of_units],
        of_cluster=[] if is_unit else [(kind, due_of(kind, year)) for kind in of_cluster],
        formats=_FORMATS,
        begun=_begun(visit) if visit.may("fill") else {},
    )


def _begun(visit: Visit) -> dict[tuple[str, str], BegunForm]:
    """The forms of this year that this person has begun, by kind and unit; what was sent as it is, is done with."""
    every = BegunForms(visit.workspace.ledger, visit.person).every()
    return {
        (one.which.kind, one.which.unit): one
        for one in every
        if one.which.year == visit.workspace.practice.year and not (one.sent and one.sent.version == one.version)
    }


def file(visit: Visit) -> Response:
    """Give one form. Raises UnknownThing."""
    kind, extension = visit.request.path_params["kind"], visit.request.path_params["extension"]
    is_unit = visit.person.role is PersonRole.UNIT
    unit = visit.person.unit if is_unit else visit.asked("don-vi")
    known = visit.workspace.loaded().kinds.get(kind)
    if known is None or extension not in _FORMATS or (is_unit and known.submitted_by != "unit"):
        raise UnknownThing(tr("There is no such page."))
    # what the cluster draws up is of no unit, whichever is chosen
    unit = unit if known.submitted_by == "unit" else ""
    content = blank_forms.form_of(visit.workspace, kind, unit, extension)
    name = "-".join(part for part in (kind, str(visit.workspace.practice.year), unit) if part)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(f'{name}.{extension}')}"}
    return Response(content, media_type="application/octet-stream", headers=headers)
