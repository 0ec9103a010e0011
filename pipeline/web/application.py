"""The application: every address with its page, and before each page who asks, and whether they may."""

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from pipeline.errors import NotAcceptable, NotAllowedNow, StateConflict, TransientError, UnknownThing, VanthuError
from pipeline.messages import tr
from pipeline.model import Job, Person, Role
from pipeline.web.api.call import ROOT
from pipeline.web.api.endpoint import Desk
from pipeline.web.api.operations import OPERATIONS
from pipeline.web.api.problem import turned_away
from pipeline.web.entering import Doorkeeper, refused, sent_to_door
from pipeline.web.guards import PROGRAMS, Guards, TooLarge
from pipeline.web.linked import Linked
from pipeline.web.office import Office
from pipeline.web.pages import PAGES, Page, filling
from pipeline.web.pages.filling import kept_while_out
from pipeline.web.peers import person_of
from pipeline.web.provider_door import ProviderDoor
from pipeline.web.rights import Reach, extends_to, reach_of
from pipeline.web.streaming import Streams
from pipeline.web.visit import Visit, shown

log = logging.getLogger(__name__)

#: A form without files is small; with files it may be as large as some of the largest papers.
_MOST_FORM_BYTES: Final = 200_000
#: One of a kind that is filled in here has hundreds of places.
_MOST_FILLED_BYTES: Final = 1_000_000
_MOST_FIELDS, _MOST_FILLED_FIELDS = 40, 5000
_MOST_FILES: Final = 20
_PAPERS_AT_ONCE: Final = 4


def application(office: Office) -> ASGIApp:
    """Put the pages of an office behind their guards."""
    door = Doorkeeper(office)
    routes = [
        Route("/vao", door.page, name="sign-in", methods=["GET"]),
        Route("/vao", door.enter, name="enter", methods=["POST"]),
        Mount("/tinh", StaticFiles(directory=Path(__file__).with_name("static")), name="static"),
        *(ProviderDoor(office, office.provider).routes() if office.provider is not None else ()),
        *Desk(office).routes(),
        Streams(office).route(),
        *Linked(office).routes(),
        *(Route(page.path, _endpoint(office, page), name=page.name, methods=[page.method]) for page in PAGES),
    ]
    inner = Starlette(routes=routes, exception_handlers={HTTPException: _no_such_page})
    inner.state.provider_called = office.provider.registered.called if office.provider is not None else ""
    bring = {page.path for page in PAGES if page.name in {"bring", "old-book-report"}}
    bring |= {ROOT + row.path for row in OPERATIONS if row.takes_files}
    most_bytes = _PAPERS_AT_ONCE * office.workspace.practice.limits.paper_bytes

    def most(path: str) -> int:
        if path in bring or (path.startswith("/loai/") and path.endswith("/mau")):
            return most_bytes
        return _MOST_FILLED_BYTES if path.startswith("/bieu-mau/") else _MOST_FORM_BYTES

    return Guards(inner, most, _turned_away)


def _endpoint(office: Office, page: Page) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            person = await run_in_threadpool(person_of, office, request)
            if person is None:
                return await _sent_to_door(request, page)
            reach = reach_of(page.name, person.role)
            if reach is None:
                return _elsewhere(request, page, person)
            form = await _form(request, page)
            try:
                return await run_in_threadpool(_answered, office, page, request, person, reach, form)
            finally:
                # what is larger than a megabyte lies in a file of the system's, without a name
                await form.close()
        except TooLarge:
            return _turned_away(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except VanthuError as trouble:  # of the store, before anybody is known
            return _troubled(request, None, trouble)

    return endpoint


async def _form(request: Request, page: Page) -> FormData:
    if page.method != "POST":
        return FormData()
    most = _MOST_FILLED_FIELDS if page.name in filling.FILLED else _MOST_FIELDS
    return await request.form(max_files=_MOST_FILES, max_fields=most, max_part_size=_MOST_FORM_BYTES)


async def _sent_to_door(request: Request, page: Page) -> Response:
    """Ask who it is; of a form that is filled in what was typed comes back with the question."""
    if page.name == filling.KEEP:
        return kept_while_out(request, await _form(request, page))
    return sent_to_door(request)


def _answered(office: Office, page: Page, request: Request, person: Person, reach: Reach, form: FormData) -> Response:
    visit = Visit(office, request, person, reach, office.as_person(person), form=form)
    try:
        if "id" in request.path_params:
            job = _reached(visit)
            visit = Visit(office, request, person, reach, visit.workspace, job, form)
        return page.answer(visit)
    except VanthuError as trouble:
        return _troubled(request, visit, trouble)
    except Exception:
        log.exception("page failed", extra={"action": "web.fail", "page": page.name})
        return visit.page(
            "trouble.html.j2", 500, text=tr("Something went wrong here; it was noted. Nothing is lost.")
        )


def _reached(visit: Visit) -> Job:
    """The document that an address names. Raises UnknownThing, also for one that the right does not extend to."""
    job = visit.workspace.ledger.job(visit.request.path_params["id"])
    is_filed = visit.workspace.ledger.artifact(job.id, Role.FILED) is not None
    if not extends_to(visit.reach, visit.person, job, is_filed=is_filed):
        # as if there were none: that there is one is nobody else's business
        raise UnknownThing(tr("There is no document #{id} here.", id=job.id))
    return job


def _elsewhere(request: Request, page: Page, person: Person) -> Response:
    """Refuse a page; who has come to the first one is shown the first that is theirs."""
    if page.name == "today" and reach_of("register", person.role) is not None:
        return RedirectResponse(request.app.url_path_for("register"), HTTPStatus.SEE_OTHER)
    log.warning("refused", extra={"action": "web.refuse", "page": page.name, "person": person.name})
    return refused(person)


def _troubled(request: Request, visit: Visit | None, trouble: VanthuError) -> Response:
    """Tell a trouble in its own words, with the status that says whose it is."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    if isinstance(trouble, UnknownThing):
        status = HTTPStatus.NOT_FOUND
    elif isinstance(trouble, NotAllowedNow | NotAcceptable | StateConflict):
        status = HTTPStatus.CONFLICT
    elif isinstance(trouble, TransientError) or trouble.is_retried:
        status = HTTPStatus.SERVICE_UNAVAILABLE
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("trouble", extra={"action": "web.trouble", "path": request.url.path, "why": str(trouble)})
    if visit is None:
        return shown("trouble.html.j2", status, text=str(trouble))
    return visit.page("trouble.html.j2", status, text=str(trouble))


def _turned_away(request: Request, status: int) -> Response:
    if request.url.path.startswith(PROGRAMS):
        return turned_away(status)
    if status == HTTPStatus.FORBIDDEN:
        text = tr("This request did not come from a page of the office; nothing was done.")
    else:
        text = tr("What was sent is too large; nothing of it was taken. Drop fewer or smaller files at a time.")
    return shown("trouble.html.j2", status, text=text)


def _no_such_page(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
    if request.url.path.startswith(PROGRAMS):
        return turned_away(status)
    if status == HTTPStatus.BAD_REQUEST:
        return shown("trouble.html.j2", status, text=tr("What was sent cannot be read as a form; nothing was done."))
    return shown("trouble.html.j2", status, text=tr("There is no such page."))
