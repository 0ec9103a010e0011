"""The page behind a link: one document to read and to take, for whoever has the link; nothing is done there."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import UnknownThing, VanthuError
from pipeline.messages import tr
from pipeline.model import Person, PersonRole
from pipeline.status import explain
from pipeline.steps import links
from pipeline.web.office import Office
from pipeline.web.pages import document
from pipeline.web.rights import Reach
from pipeline.web.visit import Visit, shown

PAGE, FILE = "linked", "linked-file"
_ANSWERS: Final = {PAGE: "/l/{said}", FILE: "/l/{said}/tep/{sha256}"}
#: Nobody comes in by a link: there is no such account.
_GUEST: Final = Person(0, "", "", PersonRole.UNIT, "")


class Linked:
    """Where links lead."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        """Both addresses."""
        return [self._route(PAGE, _page), self._route(FILE, document.file)]

    def _route(self, name: str, answer: Callable[[Visit], Response]) -> Route:
        async def endpoint(request: Request) -> Response:
            made = await run_in_threadpool(self._answered, request, answer)
            made.headers["x-robots-tag"] = "noindex"
            return made

        return Route(_ANSWERS[name], endpoint, name=name, methods=["GET"])

    def _answered(self, request: Request, answer: Callable[[Visit], Response]) -> Response:
        workspace = self._office.workspace
        to = links.followed(workspace, request.path_params["said"])
        if to is None:
            return shown("trouble.html.j2", HTTPStatus.NOT_FOUND, text=tr("There is no such page."))
        if workspace.today() > to.until:
            text = tr("This link was good until {day}. Ask the clerk for a new one.", day=f"{to.until:%d/%m/%Y}")
            return shown("trouble.html.j2", HTTPStatus.GONE, text=text)
        try:
            job = workspace.ledger.job(to.job_id)
            return answer(Visit(self._office, request, _GUEST, Reach.OWN, workspace, job))
        except UnknownThing as trouble:
            return shown("trouble.html.j2", HTTPStatus.NOT_FOUND, text=str(trouble))
        except VanthuError as trouble:
            return shown("trouble.html.j2", HTTPStatus.SERVICE_UNAVAILABLE, text=str(trouble))


def _page(visit: Visit) -> Response:
    job = visit.document
    said = visit.request.path_params["said"]
    until = links.followed(visit.workspace, said)
    return shown(
        "linked.html.j2",
        told=explain(visit.workspace, job),
        job=job,
        files=list(document.files_of(visit, job)),
        here=f"/l/{said}",
        until=until.until if until else None,
    )
