"""Dropping files in the browser: into the unit's folder of the inbox, and what became of what was dropped."""

from starlette.responses import Response

from pipeline.app import dropping
from pipeline.messages import tr
from pipeline.status.reasons import told
from pipeline.web.rights import Reach
from pipeline.web.visit import Visit

_NEWEST = 20


def drop(visit: Visit) -> Response:
    """Show where files are dropped, what still lies there, and what came of the newest."""
    return _page(visit, [])


def bring(visit: Visit) -> Response:
    """Lay the files that came into the inbox; of each is told whether it was taken."""
    folder = visit.person.unit if visit.reach is Reach.OWN else visit.asked("folder")
    if not visit.files:
        return _page(visit, [], tr("No file was chosen."), 422)
    brought = [dropping.bring(visit.workspace, folder, one.filename or "", one.file) for one in visit.files]
    return _page(visit, brought, status=422 if any(one.refusal for one in brought) else 200)


def _page(visit: Visit, brought: list[dropping.Brought], text: str = "", status: int = 200) -> Response:
    workspace, unit, live = visit.workspace, visit.person.unit, visit.live("/tha-tep")
    folders = dropping.folders(workspace)
    mine = {unit: folders[unit]} if unit in folders else {} if visit.reach is Reach.OWN else folders
    lying = [(folder, name) for folder in mine for name in dropping.lying(workspace, folder)]
    return visit.page(
        "drop.html.j2",
        status,
        live=live,
        folders=mine,
        chosen=visit.asked("folder"),
        brought=brought,
        text=text,
        lying=lying,
        is_watched=visit.office.is_watched(),
        newest=told(workspace, workspace.ledger.latest(_NEWEST, unit)),
        most_bytes=workspace.practice.limits.paper_bytes,
        taken=",".join(f".{extension}" for extension in dropping.TAKEN),
    )
