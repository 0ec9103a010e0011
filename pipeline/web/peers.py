"""Who a request comes from: the machine at the other end of the connection, and the person.

A web server before the office says whom it passes requests on for, by address (`X-Forwarded-For`) and, where the
office is told to believe it, by name. It is believed by the address of its own connection and by nothing else.
"""

from typing import Any, Final, cast

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from pipeline.app import people
from pipeline.ledger.people import People
from pipeline.model import Person, PersonRole
from pipeline.web.entering import token_of
from pipeline.web.office import Office

_PEER: Final = "vanthu.peer"


class Peers:
    """Remembers who is at the other end before the forwarded address takes its place."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        client = scope.get("client")
        await self._app({**scope, _PEER: client[0] if client else ""}, receive, send)


def behind_proxies(app: ASGIApp, office: Office) -> ASGIApp:
    """The application as it is served: it hears who asked from a web server on this machine, or one that is named."""
    trusted = sorted({"127.0.0.1", *office.proxy_addresses})
    # uvicorn writes the same types out longer
    return Peers(cast(ASGIApp, ProxyHeadersMiddleware(cast(Any, app), trusted)))


def named_by_proxy(office: Office, request: HTTPConnection) -> str:
    """The name that a web server says, "" where none is believed."""
    # without `Peers` before it nothing is known of the other end, and nothing is believed
    if not office.proxy_header or request.scope.get(_PEER) not in office.proxy_addresses:
        return ""
    # twice: somebody before the server has set it, too
    said = request.headers.getlist(office.proxy_header)
    return said[0].strip().lower() if len(said) == 1 else ""


def person_of(office: Office, request: HTTPConnection, *, is_seen: bool = True) -> Person | None:
    """The person whose request it is; None for nobody."""
    workspace = office.workspace
    if name := named_by_proxy(office, request):
        known = People(workspace.ledger).find(name)
        return known[0] if known is not None and known[0].role is not PersonRole.LOCKED else None
    return (people.person_of if is_seen else people.still_in)(workspace, token_of(request))
