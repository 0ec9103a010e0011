"""Refusals as programs get them (RFC 9457): a stable code, a status, and the sentence that people are told."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from pipeline.errors import (
    AmbiguousName,
    NotAcceptable,
    NotAllowedNow,
    StateConflict,
    UnknownThing,
    VanthuError,
)
from pipeline.messages import tr

#: Every code with its status and what it means; the codes are never changed, and never used for something else.
CODES: Final[Mapping[str, tuple[HTTPStatus, str]]] = {
    "token.missing": (HTTPStatus.UNAUTHORIZED, "No token: the header is `Authorization: Bearer vanthu_…`."),
    "token.unknown": (HTTPStatus.UNAUTHORIZED, "The token is not known, has run out, or was revoked."),
    "role.refused": (HTTPStatus.FORBIDDEN, "An account of this role may not do this."),
    "too-many": (HTTPStatus.TOO_MANY_REQUESTS, "Too many requests; `Retry-After` says when to go on."),
    "not-found": (
        HTTPStatus.NOT_FOUND,
        "There is no such address, document, file or number, or not for this account.",
    ),
    "ambiguous": (HTTPStatus.CONFLICT, "A name means several."),
    "method.refused": (HTTPStatus.METHOD_NOT_ALLOWED, "This address does not know the method."),
    "body.too-large": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "What was sent is too large; nothing of it was taken."),
    "body.unreadable": (HTTPStatus.UNPROCESSABLE_ENTITY, "Body or parameters are not as the document says."),
    "key.missing": (
        HTTPStatus.BAD_REQUEST,
        "Every write needs an `Idempotency-Key` of its own, 8 to 128 characters.",
    ),
    "key.other-body": (HTTPStatus.UNPROCESSABLE_ENTITY, "Something else was sent under this key before."),
    "key.under-way": (HTTPStatus.CONFLICT, "What was sent under this key is still under way; ask again later."),
    "document.changed": (HTTPStatus.CONFLICT, "The document is not as it was looked at; look again, then decide."),
    "not-now": (HTTPStatus.CONFLICT, "The state of the document, or what is asked, does not allow it."),
    "not-acceptable": (HTTPStatus.CONFLICT, "Only warnings can be accepted."),
    "drop.refused": (HTTPStatus.UNPROCESSABLE_ENTITY, "None of the files was taken; `files` says why, one by one."),
    "busy": (HTTPStatus.SERVICE_UNAVAILABLE, "The ledger or a folder cannot be reached now; the same again later."),
    "trouble": (HTTPStatus.INTERNAL_SERVER_ERROR, "Something is wrong in the office; it was noted there."),
}
#: What is nobody's fault but the office's: it is noted there, and the same may be sent again.
OURS: Final = frozenset({"busy", "trouble"})
TYPE: Final = "application/problem+json"
_LATER_SECONDS: Final = 5


class Refused(Exception):  # noqa: N818 - names a state of the world
    """A request is refused for a reason of `CODES`; `str()` is the sentence for people, `more` stands beside it."""

    def __init__(self, code: str, sentence: str, **more: object) -> None:
        super().__init__(sentence)
        self.code = code
        self.more = more


def refused_by(trouble: VanthuError) -> Refused:
    """A trouble of the office as programs are told of it."""
    code = "trouble"
    if isinstance(trouble, AmbiguousName):
        code = "ambiguous"
    elif isinstance(trouble, UnknownThing):
        code = "not-found"
    elif isinstance(trouble, NotAcceptable):
        code = "not-acceptable"
    elif isinstance(trouble, NotAllowedNow):
        code = "not-now"
    elif isinstance(trouble, StateConflict):
        code = "document.changed"
    elif trouble.is_retried:
        code = "busy"
    return Refused(code, str(trouble))


def told(refused: Refused) -> Response:
    """The answer that tells of a refusal."""
    status, meaning = CODES[refused.code]
    said = {
        "type": f"urn:vanthu:problem:{refused.code}",
        "title": meaning,
        "status": int(status),
        "detail": str(refused),
        "code": refused.code,
        **refused.more,
    }
    headers = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    if status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS} or refused.code == "key.under-way":
        headers["retry-after"] = str(_LATER_SECONDS)
    return Response(json.dumps(said, ensure_ascii=False), status, headers, media_type=TYPE)


def turned_away(status: int) -> Response:
    """Refuse what is no request of the API, or too large."""
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return told(Refused("body.too-large", tr("What was sent is too large; nothing of it was taken.")))
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return told(Refused("method.refused", tr("This address does not know the method.")))
    if status == HTTPStatus.BAD_REQUEST:
        return told(Refused("body.unreadable", tr("What was sent cannot be read as a form; nothing was done.")))
    return told(Refused("not-found", tr("There is no such page.")))
