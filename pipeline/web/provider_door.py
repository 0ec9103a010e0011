"""Coming in by the office's identity provider: sent there, and back again; and leaving there, too.

Rights are those of the account that the provider's word names. What it says wrongly is in the log, not on the page.
"""

import logging
import re
import threading
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline.app import people
from pipeline.app.identity import asking
from pipeline.app.identity.asking import Asked
from pipeline.app.identity.id_token import NotBelieved
from pipeline.app.identity.provider import Provider, ProviderAway
from pipeline.app.identity.registration import BACK
from pipeline.app.web_key import web_key
from pipeline.errors import VanthuError
from pipeline.messages import tr
from pipeline.web.entering import Tries, after_door, door, let_in
from pipeline.web.office import Office

log = logging.getLogger(__name__)

PATH: Final = "/vao/oidc"
#: What one browser was sent away with; it lasts as long as the question.
COOKIE: Final = "vanthu-oidc"
_MOST_CODE: Final = 4000
#: What a provider says in place of a code (RFC 6749 §4.1.2.1): its own word, shown to people as it is.
_REFUSAL: Final = re.compile(r"[a-z_]{1,40}")

Answer = Callable[[Request], Awaitable[Response]]


class ProviderDoor:
    """The way in by one provider."""

    def __init__(self, office: Office, provider: Provider) -> None:
        self._office = office
        self._provider = provider
        self._tries = Tries()
        self._answered = _Answered()

    def routes(self) -> list[Route]:
        """Its addresses."""
        return [
            Route(PATH, self._told(self._away), name="sign-in-there", methods=["GET"]),
            Route(BACK, self._told(self._back), name="come-back", methods=["GET"]),
            Route(f"{PATH}/ra", self._told(self._out), name="leave-there", methods=["GET"]),
        ]

    def _told(self, answer: Answer) -> Answer:
        """Answer a request; a trouble is a sentence at the door."""

        async def told(request: Request) -> Response:
            called = self._provider.registered.called
            try:
                return await answer(request)
            except ProviderAway as trouble:
                log.warning("provider is away", extra={"action": "oidc.wait", "why": str(trouble)})
                text = tr(
                    "{provider} does not answer as it should; nobody can come in by it now. Try again in a while, or "
                    "come in by your password here.",
                    provider=called,
                )
                return _forgotten(door(request, "/", text, HTTPStatus.SERVICE_UNAVAILABLE))
            except NotBelieved as trouble:
                log.warning("not believed", extra={"action": "oidc.refuse", "why": str(trouble)})
                text = tr(
                    "What {provider} answered cannot be believed, and nobody was let in. Begin anew; if it happens "
                    "again, tell whoever runs the machine: the log says why.",
                    provider=called,
                )
                return _forgotten(door(request, "/", text, HTTPStatus.UNAUTHORIZED))
            except VanthuError as trouble:
                return _forgotten(door(request, "/", str(trouble), HTTPStatus.SERVICE_UNAVAILABLE))

        return told

    async def _away(self, request: Request) -> Response:
        """Send a browser to the provider."""
        asked = await run_in_threadpool(self._asked, after_door(request))
        response = RedirectResponse(await run_in_threadpool(self._provider.address_for, asked), HTTPStatus.SEE_OTHER)
        response.set_cookie(
            COOKIE,
            asked.cookie,
            max_age=asking.LASTS_SECONDS,
            path=PATH,
            httponly=True,
            secure=request.url.scheme == "https",
            # the provider sends the browser back from elsewhere
            samesite="lax",
        )
        return response

    def _asked(self, after: str) -> Asked:
        return asking.begun(self._key(), after, self._now())

    def _key(self) -> bytes:
        return web_key(self._office.workspace.folders.var, "oidc")

    def _now(self) -> float:
        return self._office.workspace.clock().timestamp()

    async def _back(self, request: Request) -> Response:
        """Take what the provider sends a browser back with."""
        said = request.query_params
        cookie = request.cookies.get(COOKIE, "")
        asked = await run_in_threadpool(asking.remembered, self._key(), cookie, self._now())
        # of two with one state the second is no answer to anything
        if asked is None or said.get("state", "") != asked.state or not self._answered.is_first(asked.state):
            text = tr(
                "This sign-in was not begun in this browser, was used already, or has taken more than ten minutes. "
                "Begin anew, at {address}",
                address=self._provider.registered.door,
            )
            return _forgotten(door(request, "/", text, HTTPStatus.UNAUTHORIZED))
        if said.get("iss", self._provider.registered.issuer) != self._provider.registered.issuer:
            raise NotBelieved("another provider answered (RFC 9207)")
        if "code" not in said:
            return self._refused(request, said.get("error", ""))
        address = request.client.host if request.client else ""
        now = time.monotonic()
        # each goes to the provider once: whoever sends false codes from one address does not keep it busy
        if self._tries.is_over(asked.state, address, now):
            text = tr("Too many sign-ins that came to nothing. Try again in a quarter of an hour.")
            return _forgotten(door(request, "/", text, HTTPStatus.TOO_MANY_REQUESTS))
        self._tries.begun(asked.state, address, now)
        response = await run_in_threadpool(self._let_in, request, said["code"][:_MOST_CODE], asked)
        if response.status_code == HTTPStatus.SEE_OTHER:
            self._tries.right(asked.state, address)
        return response

    def _refused(self, request: Request, why: str) -> Response:
        text = tr(
            "{provider} has let nobody in ({why}).",
            provider=self._provider.registered.called,
            why=why if _REFUSAL.fullmatch(why) else "–",
        )
        return _forgotten(door(request, "/", text, HTTPStatus.UNAUTHORIZED))

    def _let_in(self, request: Request, code: str, asked: Asked) -> Response:
        registered = self._provider.registered
        named = self._provider.named(code, asked)
        admitted = people.admit_vouched(self._office.workspace, named.account, registered.issuer, named.subject)
        if admitted is None:
            log.warning(
                "no account", extra={"action": "oidc.refuse", "why": "no open account", "person": named.account}
            )
            text = tr(
                "{provider} knows you as “{name}”, but there is no open account of that name here. Whoever runs the "
                "machine makes one (vanthu user add).",
                provider=registered.called,
                name=named.account or "–",
            )
            return _forgotten(door(request, "/", text, HTTPStatus.FORBIDDEN))
        return _forgotten(let_in(request, admitted, asked.after))

    async def _out(self, request: Request) -> Response:
        """Send somebody who has left here to leave there, too."""
        address = await run_in_threadpool(self._provider.address_to_leave)
        if address:
            return RedirectResponse(address, HTTPStatus.SEE_OTHER)
        text = tr("{provider} offers no way to leave; close the browser.", provider=self._provider.registered.called)
        return door(request, "/", text)


def _forgotten(response: Response) -> Response:
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="lax")
    return response


class _Answered:
    """Which questions were answered already, for as long as they could be answered once more."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def is_first(self, state: str) -> bool:
        """Tell whether a question is answered for the first time; from now on it was."""
        now = time.monotonic()
        with self._lock:
            self._until = {one: until for one, until in self._until.items() if until > now}
            is_first = state not in self._until
            self._until[state] = now + asking.LASTS_SECONDS
            return is_first
