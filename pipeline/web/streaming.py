"""Pages tell by themselves that something has changed: a stream of events for each page that is looked at.

A stream says that something was recorded, and not what; the page says so, and whoever looks loads it anew. The server
looks at the last event of the ledger, once for all streams.
"""

import asyncio
import collections
import contextlib
import time
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from pipeline.errors import VanthuError
from pipeline.ledger import changes
from pipeline.model import Person
from pipeline.web.office import Office
from pipeline.web.peers import person_of
from pipeline.web.rights import Reach, reach_of

NAME: Final = "changes"
PATH: Final = "/su-kien"
#: A page in each of some windows; a browser keeps no more than six connections to one office for all of them.
MOST_OF_A_PERSON: Final = 4
_LOOK_SECONDS: Final = 1.0
#: So soon streams end when the office closes.
_TICK_SECONDS: Final = 0.25
#: So often something is sent, so that whoever is gone is found out, and whoever may no longer look.
_HEARTBEAT_SECONDS: Final = 15.0
_RETRY_MILLISECONDS: Final = 5000


class Streams:
    """The streams that are open."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._open: collections.Counter[str] = collections.Counter()
        self._lock = asyncio.Lock()
        self._looked = float("-inf")
        self._head = 0

    def route(self) -> Route:
        """Where they are."""
        return Route(PATH, self.endpoint, name=NAME, methods=["GET"])

    async def endpoint(self, request: Request) -> Response:
        """Open a stream from the event on that the page was made with; 204 tells a browser not to ask again."""
        nothing = Response(status_code=HTTPStatus.NO_CONTENT)
        try:
            person = await run_in_threadpool(person_of, self._office, request, is_seen=False)
        except VanthuError:
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        if person is None:
            return Response(status_code=HTTPStatus.UNAUTHORIZED)
        reach = reach_of(NAME, person.role)
        if reach is None:
            return Response(status_code=HTTPStatus.FORBIDDEN)
        if self._open[person.name] >= MOST_OF_A_PERSON:
            return nothing
        # a browser that comes again says up to where it was told
        said = request.headers.get("last-event-id") or request.query_params.get("tu", "")
        since = int(said[:12]) if said.isascii() and said.isdigit() else await self._last()
        unit = person.unit if reach is Reach.OWN else ""
        return StreamingResponse(
            self._told(person, request, unit, since),
            media_type="text/event-stream",
            # nginx would keep it back until there is enough of it
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    async def _told(self, person: Person, request: Request, unit: str, since: int) -> AsyncIterator[str]:
        self._open[person.name] += 1
        try:
            yield f"retry: {_RETRY_MILLISECONDS}\n\n"
            spoken = time.monotonic()
            while not self._office.closing.is_set():
                head = await self._last()
                if head > since and await self._concerns(unit, since):
                    spoken = time.monotonic()
                    yield f"id: {head}\nevent: changed\ndata: {head}\n\n"
                since = max(head, since)
                if time.monotonic() - spoken >= _HEARTBEAT_SECONDS:
                    spoken = time.monotonic()
                    if not await self._may_look(request):
                        return
                    yield ":\n\n"
                await asyncio.sleep(_TICK_SECONDS)
        finally:
            self._open[person.name] -= 1

    async def _last(self) -> int:
        """The last event, as it was known within the last second."""
        async with self._lock:
            if time.monotonic() - self._looked >= _LOOK_SECONDS:
                # the store is away for a moment: nothing is new
                with contextlib.suppress(VanthuError):
                    self._head, _ = await run_in_threadpool(self._office.workspace.ledger.events_head)
                self._looked = time.monotonic()
            return self._head

    async def _concerns(self, unit: str, since: int) -> bool:
        """Whether what came after an event is to be told; to a unit its own."""
        with contextlib.suppress(VanthuError):
            return await run_in_threadpool(changes.concerns, self._office.workspace.ledger, unit, since)
        return False

    async def _may_look(self, request: Request) -> bool:
        with contextlib.suppress(VanthuError):
            return await run_in_threadpool(person_of, self._office, request, is_seen=False) is not None
        return True
