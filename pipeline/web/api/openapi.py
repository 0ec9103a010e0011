"""The OpenAPI document (3.1), made of the table of operations and of the shapes."""

import functools
import re
from importlib import metadata
from typing import Any, Final

from pydantic import TypeAdapter

from pipeline.web.api import shapes
from pipeline.web.api.call import ROOT
from pipeline.web.api.operations import OPERATIONS, Operation
from pipeline.web.api.problem import CODES, TYPE

_IN_PATH: Final = {
    "id": {"type": "integer", "minimum": 1},
    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "book": {"type": "string", "enum": ["outgoing", "incoming"]},
}
_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Drawn by the program for this one act. Sent again with the same body, nothing is done again, and "
    "the answer is the same, for seven days.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 128},
}


@functools.cache
def openapi() -> dict[str, Any]:
    """The document, the same for everybody."""
    named = sorted({one for row in OPERATIONS for one in (row.gives, row.takes) if one is not None}, key=_name)
    inputs: list[Any] = [(one, "validation", TypeAdapter(one)) for one in (*named, shapes.Problem)]
    refs, made = TypeAdapter.json_schemas(inputs, ref_template="#/components/schemas/{model}")
    paths: dict[str, dict[str, Any]] = {}
    for row in OPERATIONS:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(
            row, {key[0]: said for key, said in refs.items()}
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "vanthu",
            "version": f"1 (vanthu {metadata.version('vanthu')})",
            "description": "The office for programs. Every answer that refuses is a problem with a stable code: "
            + "; ".join(f"`{code}`: {meaning}" for code, (_, meaning) in CODES.items()),
        },
        "servers": [{"url": ROOT}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": made["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "`vanthu token add`"}},
        },
    }


def _name(shape: type) -> str:
    return shape.__name__


def _operation(row: Operation, schemas: dict[Any, Any]) -> dict[str, Any]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": _IN_PATH[name]}
        for name in re.findall(r"{(\w+)}", row.path)
    ]
    asked = [
        {"name": one.name, "in": "query", "description": one.meaning, "schema": {"type": one.sort}}
        for one in row.asks
    ]
    file: dict[str, Any] = {"application/octet-stream": {}, "application/pdf": {}}
    body = {"application/json": {"schema": schemas[row.gives]}} if row.gives is not None else file
    refusal = {"description": "Refused", "content": {TYPE: {"schema": schemas[shapes.Problem]}}}
    made: dict[str, Any] = {
        "operationId": row.name,
        "summary": row.meaning,
        "parameters": [*in_path, *asked, *([_KEY] if row.is_write else [])],
        "responses": {str(row.status): {"description": "Done", "content": body}, "default": refusal},
    }
    if row.takes is not None:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": schemas[row.takes]}}}
    if row.takes_files:
        files = {
            "type": "object",
            "properties": {"folder": {"type": "string"}, "file": {"type": "array", "items": {}}},
        }
        made["requestBody"] = {
            "required": True,
            "content": {"multipart/form-data": {"schema": files}, "application/octet-stream": {}},
        }
    return made
