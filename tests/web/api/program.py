"""A program as tests need one: it shows its token, draws its keys, and holds every answer against the document."""

import re
import uuid
from collections.abc import Mapping
from typing import Any, Final

import httpx2
import jsonschema_rs
from starlette.testclient import TestClient

from pipeline.app import tokens
from pipeline.model import Job, PersonRole
from pipeline.web.api.call import ROOT
from pipeline.web.api.openapi import openapi
from tests.web.browser import ACCOUNTS, HERE, Rooms

_SCHEMAS: Final = {"components": openapi()["components"]}


class Program(TestClient):
    """One program of one account."""

    __test__ = False

    def __init__(self, rooms: Rooms, role: PersonRole | None = None) -> None:
        headers = {}
        if role is not None:
            made = tokens.add(rooms.workspace, ACCOUNTS[role][0], "a test", None)
            headers["authorization"] = f"Bearer {made.secret}"
        super().__init__(rooms.app, base_url=HERE, follow_redirects=False, headers=headers)

    def ask(self, path: str, **params: str | int) -> Any:
        """What a reading operation answers; it must."""
        answer = as_described("GET", path, self.get(ROOT + path, params=params or None))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def do(
        self, path: str, body: Mapping[str, object] | None = None, *, key: str = "", **more: Any
    ) -> httpx2.Response:
        """What a writing operation answers."""
        headers = {"idempotency-key": key or str(uuid.uuid4())}
        if body is not None:
            more["json"] = dict(body)
        return as_described("POST", path, self.post(ROOT + path, headers=headers, **more))

    def decide(self, job: Job, path: str, **fields: object) -> httpx2.Response:
        """Decide about a document as it is given."""
        return self.do(f"/documents/{job.id}/{path}", {"sequence": job.sequence, **fields})


def as_described(method: str, path: str, answer: httpx2.Response) -> httpx2.Response:
    """Hold an answer against the document: its status, its type, its shape."""
    described = next(
        operations[method.lower()]
        for known, operations in openapi()["paths"].items()
        if method.lower() in operations and re.fullmatch(re.sub(r"{\w+}", "[^/]+", known), path.partition("?")[0])
    )
    said = described["responses"].get(str(answer.status_code), described["responses"]["default"])["content"]
    kind = answer.headers["content-type"]
    assert kind in said, (path, answer.status_code, kind)
    if kind.endswith("json"):
        jsonschema_rs.validate(_SCHEMAS | said[kind]["schema"], answer.json())
    return answer
