"""Writes are done once: each has a key, and what is sent again under it is answered as before."""

import hashlib
import json
from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from pipeline.errors import VanthuError
from pipeline.ledger.replies import Replies, Reply
from pipeline.messages import tr
from pipeline.web.api import problem
from pipeline.web.api.call import Call
from pipeline.web.api.operations import Operation
from pipeline.web.api.problem import Refused

_LEAST_KEY: Final = 8
_MOST_KEY: Final = 128


def once(row: Operation, call: Call) -> Response:
    """Do what is sent under a key once; sent again it is answered as before. Raises Refused."""
    key = call.request.headers.get("idempotency-key", "").strip()
    if not (_LEAST_KEY <= len(key) <= _MOST_KEY and key.isascii() and key.isprintable()):
        raise Refused(
            "key.missing", tr("Every act has a key of its own, 8 to 128 plain characters: Idempotency-Key: …")
        )
    replies, request_sha256 = Replies(call.workspace.ledger, call.person.id), _asked_sha256(call)
    if (earlier := replies.begin(key, request_sha256)) is not None:
        return _again(earlier, request_sha256)
    try:
        answer = _done(row, call)
    except BaseException:
        # nothing was done, or it is not known: the same may be sent again
        replies.forget(key)
        raise
    replies.keep(key, answer.status_code, bytes(answer.body).decode())
    return answer


def _done(row: Operation, call: Call) -> Response:
    """Do it; a refusal that would come again with the same request is an answer, too."""
    try:
        return row.answer(call)
    except Refused as refused:
        return problem.told(refused)
    except VanthuError as trouble:
        told = problem.refused_by(trouble)
        if told.code in problem.OURS:
            raise
        return problem.told(told)


def _again(earlier: Reply, request_sha256: str) -> Response:
    if earlier.request_sha256 != request_sha256:
        raise Refused("key.other-body", tr("Something else was sent under this key before; nothing was done."))
    if not earlier.status:
        raise Refused("key.under-way", tr("What was sent under this key is still under way."))
    kind = "application/json" if earlier.status < HTTPStatus.BAD_REQUEST else problem.TYPE
    headers = {"idempotency-replayed": "true"}
    return Response(earlier.body, earlier.status, headers, media_type=kind)


def _asked_sha256(call: Call) -> str:
    """The hash of what was asked for. Of forms what they say, not how: each program draws other boundaries."""
    request = call.request
    said = [
        request.method,
        request.url.path,
        sorted(request.query_params.multi_items()),
        sorted((name, value) for name, value in call.form.multi_items() if isinstance(value, str)),
        [(name, sha256) for name, sha256, _ in call.sent],
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
