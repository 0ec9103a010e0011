"""What stands between a program and an operation: its token, its right, its pace, and the key of its write."""

import collections
import logging
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from http import HTTPStatus
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pipeline.app import tokens
from pipeline.app.wording import role_of
from pipeline.errors import UnknownThing, VanthuError
from pipeline.messages import tr
from pipeline.model import Job, Person, Role
from pipeline.web.api import problem
from pipeline.web.api.call import ROOT, Call
from pipeline.web.api.once import once
from pipeline.web.api.openapi import openapi
from pipeline.web.api.operations import OPERATIONS, Operation
from pipeline.web.api.problem import Refused, turned_away
from pipeline.web.api.receiving import received
from pipeline.web.guards import TooLarge
from pipeline.web.office import Office
from pipeline.web.rights import extends_to, reach_of

log = logging.getLogger(__name__)

#: A program that goes round and round must not keep people from their pages; nor one that tries tokens.
_MOST_A_MINUTE: Final = 600
_MOST_WRONG_A_MINUTE: Final = 60


class Pace:
    """How often something was done within this minute, by whom; in memory."""

    def __init__(self) -> None:
        self._counts: collections.Counter[str] = collections.Counter()
        self._minute = 0
        self._lock = threading.Lock()

    def count(self, who: str, now: float) -> int:
        """Count once more, and say how often it is within this minute."""
        with self._lock:
            if self._minute != (minute := int(now // 60)):
                self._minute, self._counts = minute, collections.Counter()
            self._counts[who] += 1
            return self._counts[who]


class Desk:
    """Where programs are answered."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._wrong, self._pace = Pace(), Pace()

    def routes(self) -> list[Route]:
        """Every address of the API, below `ROOT`; the document of all is there for everybody."""
        made = [Route(f"{ROOT}/openapi.json", _described, name="openapi", methods=["GET"])]
        for row in OPERATIONS:
            path = row.path.replace("{id}", "{id:int}")
            made.append(Route(ROOT + path, self._endpoint(row), name=f"api-{row.name}", methods=[row.method]))
        return made

    def _endpoint(self, row: Operation) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            with ExitStack() as stack:
                try:
                    person = await run_in_threadpool(self._person, request)
                    call = await received(row, self._call(row, request, person), stack)
                    return await run_in_threadpool(self._answered, row, call)
                except Refused as refused:
                    return problem.told(refused)
                except TooLarge:
                    return turned_away(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                except VanthuError as trouble:
                    return _troubled(request, trouble)
                except HTTPException as trouble:  # of a form that cannot be read
                    return turned_away(trouble.status_code)

        return endpoint

    def _call(self, row: Operation, request: Request, person: Person) -> Call:
        """A call that the person's role may make. Raises Refused."""
        reach = reach_of(row.right, person.role)
        if reach is None:
            text = tr("This page is not for an account of a {role}.", role=role_of(person.role))
            raise Refused("role.refused", text)
        return Call(self._office, request, person, reach, self._office.as_person(person, "api"))

    def _person(self, request: Request) -> Person:
        """In whose name a program comes. Raises Refused."""
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise Refused("token.missing", tr("A program shows its token: Authorization: Bearer …"))
        person, now = tokens.holder_of(self._office.workspace, secret.strip()), time.monotonic()
        if person is None:
            address = request.client.host if request.client else ""
            if self._wrong.count(address, now) > _MOST_WRONG_A_MINUTE:
                raise Refused("too-many", tr("Too many requests within a minute; go on a little later."))
            log.warning("not let in", extra={"action": "web.refuse", "address": address})
            raise Refused(
                "token.unknown", tr("This token does not hold: it is not known, has run out, or was revoked.")
            )
        if self._pace.count(person.name, now) > _MOST_A_MINUTE:
            raise Refused("too-many", tr("Too many requests within a minute; go on a little later."))
        return person

    def _answered(self, row: Operation, call: Call) -> Response:
        try:
            if "id" in call.request.path_params:
                call = call.about(_reached(call))
            return once(row, call) if row.is_write else row.answer(call)
        except (Refused, VanthuError):
            raise
        except Exception:
            log.exception("operation failed", extra={"action": "web.fail", "page": row.name})
            text = tr("Something went wrong here; it was noted. Nothing is lost.")
            return problem.told(Refused("trouble", text))


def _reached(call: Call) -> Job:
    """The document that an address names. Raises UnknownThing, also for one that the right does not extend to."""
    job = call.workspace.ledger.job(call.request.path_params["id"])
    is_filed = call.workspace.ledger.artifact(job.id, Role.FILED) is not None
    if not extends_to(call.reach, call.person, job, is_filed=is_filed):
        raise UnknownThing(tr("There is no document #{id} here.", id=job.id))
    return job


def _troubled(request: Request, trouble: VanthuError) -> Response:
    refused = problem.refused_by(trouble)
    if refused.code in problem.OURS:
        log.error("trouble", extra={"action": "web.trouble", "path": request.url.path, "why": str(trouble)})
    return problem.told(refused)


async def _described(_request: Request) -> Response:
    return JSONResponse(openapi())
