"""What stands before every page: headers, where an unsafe request comes from, how large one may be.

No cookie and no field guards against requests that other sites make in a person's name, but what browsers say of a
request themselves: `Sec-Fetch-Site`, and `Origin` where that is missing. What says neither is no browser. Programs
(`/api/`) show a token with each request, which no browser adds by itself; their cookies are not looked at.
"""

from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Scripts and styles from here alone, none within a page; nothing from elsewhere, in nobody's frame.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    # nothing but ourselves learns an address within the office; browsers need it for `Origin`
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
#: Where a cookie counts nothing.
PROGRAMS: Final = "/api/"
_SAFE: Final = frozenset({"GET", "HEAD"})
#: So much of what is too large is read before it is refused: else browsers show no answer, but a broken connection.
_READ_ON: Final = 64_000_000

Page = Callable[[Request, int], Response]


class TooLarge(Exception):  # noqa: N818 - names a state of the world
    """A request turned out to be larger than it may be."""


class Guards:
    """Wraps an application. `most` says how many bytes a request to a path may have, `refusal` makes its answers."""

    def __init__(self, app: ASGIApp, most: Callable[[str], int], refusal: Page) -> None:
        self._app = app
        self._most = most
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        is_asked_to_do = scope["method"] not in _SAFE and not scope["path"].startswith(PROGRAMS)
        if is_asked_to_do and not is_from_here(scope["scheme"], headers):
            await self._refusal(Request(scope), 403)(scope, receive, with_headers)
            return
        most = self._most(scope["path"])
        if _length(headers) > most:
            await _read_on(receive)
            await self._refusal(Request(scope), 413)(scope, receive, with_headers)
            return
        await self._app(scope, _counted(receive, most), with_headers)


def is_from_here(scheme: str, headers: Headers) -> bool:
    """Tell whether a request was made by a page of ours."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return headers.get("origin", "") == f"{scheme}://{headers.get('host', '')}"


def _length(headers: Headers) -> int:
    said = headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() else 0


def _counted(receive: Receive, most: int) -> Receive:
    # a request may say nothing of its length, or less than the truth
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise TooLarge
        return message

    return counted


async def _read_on(receive: Receive) -> None:
    seen, is_more = 0, True
    while is_more and seen < _READ_ON:
        message = await receive()
        seen += len(message.get("body", b""))
        is_more = message.get("more_body", False)
