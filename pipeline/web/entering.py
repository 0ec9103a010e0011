"""Coming in and going out: the door page, the cookie, and how often somebody may try."""

import collections
import logging
import threading
import time
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from pipeline.app import people
from pipeline.app.people import LASTS, Admitted
from pipeline.app.wording import role_of
from pipeline.errors import VanthuError
from pipeline.messages import tr
from pipeline.model import Person
from pipeline.web.guards import TooLarge
from pipeline.web.office import Office
from pipeline.web.visit import shown

log = logging.getLogger(__name__)

COOKIE: Final = "vanthu"
#: Wrong passwords within this time are counted.
_WINDOW_SECONDS: Final = 15 * 60.0
#: Of one name from one address; of one name from everywhere, so that nobody is kept out by others; from one
#: address, behind which a whole office may sit that comes in at eight.
_MOST_OF_BOTH, _MOST_OF_NAME, _MOST_OF_ADDRESS = 5, 25, 100
#: So many names and addresses are remembered; who fills this up only makes the oldest be forgotten.
_MOST_REMEMBERED: Final = 10_000


class Tries:
    """How often a wrong password was said of late, by name and by address; in memory, for a quarter of an hour."""

    def __init__(self) -> None:
        self._wrong: collections.OrderedDict[str, list[float]] = collections.OrderedDict()
        self._lock = threading.Lock()

    def is_over(self, name: str, address: str, now: float) -> bool:
        """Whether nobody may try again for now."""
        with self._lock:
            return any(self._count(key, now) >= most for key, most in _keys(name, address).items())

    def begun(self, name: str, address: str, now: float) -> None:
        """Count a try as wrong until it turns out right."""
        with self._lock:
            for key in _keys(name, address):
                self._wrong.setdefault(key, []).append(now)
                self._wrong.move_to_end(key)
            while len(self._wrong) > _MOST_REMEMBERED:
                self._wrong.popitem(last=False)

    def right(self, name: str, address: str) -> None:
        """Take back what was counted: its person has come in."""
        both, of_name, of_address = _keys(name, address)
        with self._lock:
            self._wrong.pop(both, None)
            for key in (of_name, of_address):
                if self._wrong.get(key):
                    self._wrong[key].pop()

    def _count(self, key: str, now: float) -> int:
        kept = [at for at in self._wrong.get(key, ()) if now - at < _WINDOW_SECONDS]
        if kept:
            self._wrong[key] = kept
        else:
            self._wrong.pop(key, None)
        return len(kept)


def _keys(name: str, address: str) -> dict[str, int]:
    return {
        f"{name} from {address}": _MOST_OF_BOTH,
        f"name {name}": _MOST_OF_NAME,
        f"from {address}": _MOST_OF_ADDRESS,
    }


class Doorkeeper:
    """The page before all others."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._tries = Tries()

    async def page(self, request: Request) -> Response:
        """Show the door."""
        return door(request, after_door(request), is_out="ra" in request.query_params)

    async def enter(self, request: Request) -> Response:
        """Let a person in who says name and password."""
        try:
            form = await request.form(max_files=0, max_fields=5, max_part_size=2_000)
        except TooLarge:
            return door(request, "/", tr("What was sent is too large."), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        said = {name: value for name, value in form.items() if isinstance(value, str)}
        name = said.get("name", "").strip().lower()[:64]
        address = request.client.host if request.client else ""
        after = _after(said.get("tiep", ""))
        now = time.monotonic()
        if self._tries.is_over(name, address, now):
            log.warning("too many tries", extra={"action": "web.slow-down", "address": address})
            text = tr("Too many wrong passwords. Try again in a quarter of an hour, or ask whoever runs the machine.")
            return door(request, after, text, HTTPStatus.TOO_MANY_REQUESTS)
        # before the password is looked at: of many who guess at once none is looked at for nothing
        self._tries.begun(name, address, now)
        workspace = self._office.workspace
        try:
            password, code = said.get("password", ""), said.get("code", "")
            admitted = await run_in_threadpool(people.admit, workspace, name, password, code)
        except VanthuError as trouble:
            return door(request, after, str(trouble), HTTPStatus.SERVICE_UNAVAILABLE)
        if admitted is None:
            log.warning("not let in", extra={"action": "web.refuse", "address": address})
            return door(request, after, tr("Name, password or code is not right."), HTTPStatus.UNAUTHORIZED)
        self._tries.right(name, address)
        return let_in(request, admitted, after)


def token_of(request: HTTPConnection) -> str:
    """The secret that a browser shows."""
    return request.cookies.get(COOKIE, "")


def sent_to_door(request: Request) -> Response:
    """Ask who it is; a form that was sent meanwhile is not lost, the browser has it."""
    if request.method == "GET":
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/vao?tiep={quote(path, safe='')}" if path != "/" else "/vao", HTTPStatus.SEE_OTHER)
    text = tr(
        "Your time here was over before this was sent, and nothing was done. Come in anew, go back in the browser to "
        "what you have written, and send it again."
    )
    return door(request, "/", text, HTTPStatus.UNAUTHORIZED)


def refused(person: Person) -> Response:
    """Say that a page is not this person's."""
    text = tr("This page is not for an account of a {role}.", role=role_of(person.role))
    return shown("trouble.html.j2", HTTPStatus.FORBIDDEN, text=text)


def _after(said: str) -> str:
    """Where to go after the door: a path of ours, nothing that leads elsewhere."""
    is_ours = said.startswith("/") and not said.startswith(("//", "/\\")) and said.isprintable()
    return said if is_ours and "\\" not in said else "/"


def after_door(request: Request) -> str:
    """Where whoever asks for the door wants to go."""
    return _after(request.query_params.get("tiep", ""))


def door(request: Request, after: str, text: str = "", status: int = 200, *, is_out: bool = False) -> Response:
    """Show the door; `is_out` to somebody who has just left."""
    called = request.app.state.provider_called
    return shown("door.html.j2", status, after=after, text=text, provider_called=called, is_out=is_out)


def let_in(request: Request, admitted: Admitted, after: str) -> Response:
    """Give a browser its session, and show where it wanted to go."""
    response = RedirectResponse(after, HTTPStatus.SEE_OTHER)
    response.set_cookie(
        COOKIE,
        admitted.token,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        secure=request.url.scheme == "https",
        # not "strict": who follows a link of a mail into the office is in already
        samesite="lax",
    )
    return response
