"""What a program sent: JSON in the shape that its operation takes, or files."""

import hashlib
import tempfile
from contextlib import ExitStack
from typing import Any, BinaryIO, Final, cast

from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from pipeline.messages import tr
from pipeline.web.api.call import Call
from pipeline.web.api.operations import Operation
from pipeline.web.api.problem import Refused

_MOST_FILES: Final = 20
#: Of a file that is the whole body so much is kept in memory, the rest in a file of the system's without a name.
_IN_MEMORY: Final = 1 << 20
_PIECE: Final = 1 << 20


async def received(row: Operation, call: Call, stack: ExitStack) -> Call:
    """Take what was sent; files are closed with the stack. Raises Refused."""
    if not row.is_write:
        return call
    return await (_json if row.takes is not None else _files)(row, call, stack)


async def _json(row: Operation, call: Call, _stack: ExitStack) -> Call:
    adapter: TypeAdapter[Any] = TypeAdapter(row.takes or type(None))
    try:
        body = adapter.validate_json(await call.request.body() or b"null")
    except ValidationError as trouble:
        raise Refused("body.unreadable", _wrong(trouble)) from trouble
    said = adapter.dump_python(body, mode="json")
    # the functions of pages ask for fields by their names
    form = FormData([(name, str(value)) for name, value in said.items() if value is not None])
    return call.with_body(form, body)


async def _files(_row: Operation, call: Call, stack: ExitStack) -> Call:
    request = call.request
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        form = await request.form(max_files=_MOST_FILES, max_fields=5)
        files = [(one.filename or "", one.file) for one in form.getlist("file") if isinstance(one, UploadFile)]
        for _, file in files:
            stack.callback(file.close)
        fields = FormData([(name, value) for name, value in form.multi_items() if isinstance(value, str)])
    else:
        spooled = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed with the stack
        whole = cast(BinaryIO, stack.enter_context(spooled))
        async for piece in request.stream():
            whole.write(piece)
        files, fields = [(request.query_params.get("name", ""), whole)], FormData()
    sent = [(name, await run_in_threadpool(_digest, file), file) for name, file in files]
    return call.with_body(fields, sent=tuple(sent))


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def _wrong(trouble: ValidationError) -> str:
    """Say which field of a body is wrong; what is wrong with it is said as the library says it."""
    first = trouble.errors(include_url=False, include_context=False)[0]
    where = ".".join(map(str, first["loc"])) or "–"
    return tr("What was sent is not as it should be: {where}: {why}", where=where, why=first["msg"])
