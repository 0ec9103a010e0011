"""The child's side of `pipeline.tools.guard`: serve calls under limits until the parent is gone.

Everything a child may run is named when it starts and imported before the limits close; after that it reads its
pipe, answers, and has no way to the network, to more memory, or to writing a file.
"""

import contextlib
import ctypes
import enum
import gc
import importlib
import inspect
import json
import math
import os
import resource
import signal
import time
import traceback
import typing
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from pydantic import TypeAdapter

from pipeline.files import kept
from pipeline.files.refusals import Unfit
from pipeline.model import Finding

LENGTH: Final = 8  #: bytes of the big-endian length before every message
CACHED_FROM_BYTES: Final = 2048  # arguments from this many bytes on (a reading context) are decoded once per child
_COLLECTED_FROM: Final = 4  # a child that takes more than one part of so many of its memory: one has 90 MB at first


class Reason(enum.StrEnum):
    """Why a call was stopped; the same input would do it again."""

    MEMORY = "memory"
    CPU = "cpu"
    CLOCK = "clock"
    DEPTH = "depth"
    DIED = "died"


@dataclass(frozen=True)
class Limits:
    """What one guarded call may use."""

    memory_bytes: int = 1024 * 1024 * 1024
    cpu_s: int = 20
    wall_s: float = 30.0
    written_bytes: int = 0  #: RLIMIT_FSIZE: guarded code writes nothing
    open_files: int = 64


_ADAPTERS: Final[dict[Any, TypeAdapter[Any]]] = {}


def adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - a type, or what typing makes of one
    """Give what reads and writes values of type `kind` as JSON; made once per type."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


@dataclass(frozen=True)
class _Callable:
    """One function a child may run, with how to read its arguments and write its result."""

    function: Callable[..., object]
    parameters: tuple[TypeAdapter[Any], ...]
    result: TypeAdapter[Any]

    @classmethod
    def imported(cls, name: str) -> "_Callable":
        module, _, attribute = name.partition(":")
        function: Callable[..., object] = getattr(importlib.import_module(module), attribute)
        hints = typing.get_type_hints(function)
        parameters = tuple(adapter(hints[parameter]) for parameter in inspect.signature(function).parameters)
        return cls(function, parameters, adapter(hints["return"]))


def serve(order: str) -> None:
    """Run as a child: answer calls on stdin and stdout until stdin closes. `order` is what `_Child.started` wrote."""
    asked = json.loads(order)
    limits = Limits(**asked["limits"])
    requests, replies = _own_pipes()
    try:
        # imports come first: they need more memory and open files than a call may have
        functions = {name: _Callable.imported(name) for name in asked["functions"]}
        _lock_in(limits)
    except Exception:
        _reply(replies, {"fault": traceback.format_exc()})
        return
    kept.keep_from_now_on()
    gc.freeze()  # what was imported stays: looking for garbage asks only what calls have left
    _reply(replies, {"ready": "yes"})
    cached: dict[tuple[str, int], object] = {}
    while (header := _request(requests)) is not None:
        call = json.loads(header)
        messages = [_request(requests) or b"" for _ in range(call["args"])]
        _free_what_was_left(limits)
        _limit_time(limits, call["times"])
        _answer(replies, functions, call["function"], messages, call["again"], cached)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(
    replies: BinaryIO,
    functions: dict[str, _Callable],
    name: str,
    messages: list[bytes],
    again: list[int],
    cached: dict[tuple[str, int], object],
) -> None:
    """Run one call and write its status: "ok" with the result, "unfit" with a finding, "refused" with a Reason,
    "fault" with a traceback.

    Memory and depth that ran out are caught here; processor time and the clock end the process.
    """
    try:
        known = functions[name]
        args = [
            cached[name, at] if at in again else _argument(cached, (name, at), message, reader)
            for at, (message, reader) in enumerate(zip(messages, known.parameters, strict=True))
        ]
        made = _run(known.function, args)
        # a file that was made goes as it is: as JSON it would be a third larger, and three times in memory
        result = made if isinstance(made, bytes) else known.result.dump_json(made)
    except Unfit as unfit:
        _reply(replies, {"unfit": adapter(Finding).dump_json(unfit.finding).decode()})
    except MemoryError:
        _reply(replies, {"refused": Reason.MEMORY.value})
    except RecursionError:
        _reply(replies, {"refused": Reason.DEPTH.value})
    except Exception:
        _reply(replies, {"fault": traceback.format_exc(limit=-8)})
    else:
        _reply(replies, {"ok": "yes", "keeps": " ".join(kept.digests())}, result)


def _run(function: Callable[..., object], args: list[object]) -> object:
    """The answer; what is kept of earlier files must not be why there is no memory for this one."""
    try:
        return function(*args)
    except MemoryError:
        if not kept.forget():
            raise
    return function(*args)


def _free_what_was_left(limits: Limits) -> None:
    """Collect what earlier calls left behind, once it is much: readers of PDFs hold their objects in cycles.

    Before a call, for a C library that finds no memory says nothing, and draws no page: measured, three looks at a
    scan of 66 MB left 400 MB, and the fourth needed 300 more.
    """
    resident_pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    if resident_pages * resource.getpagesize() > limits.memory_bytes // _COLLECTED_FROM:
        gc.collect()


def _argument(
    cached: dict[tuple[str, int], object],
    where: tuple[str, int],
    message: bytes,
    reader: TypeAdapter[Any],
) -> object:
    """Decode one argument; a large one is kept, for the next call may be with the same (it is frozen)."""
    argument = reader.validate_json(message)
    if len(message) >= CACHED_FROM_BYTES:
        cached[where] = argument
    return argument


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Move the pipes to the parent away from stdin and stdout, where libraries could write by accident."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return requests, replies


def _lock_in(limits: Limits) -> None:
    """Limit this process for good: no network where the system allows, memory, writing, open files, core dumps."""
    _cut_network()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would be a copy of the file's content
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.written_bytes, limits.written_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits.open_files, limits.open_files))


def _cut_network() -> None:
    """Move into an empty network namespace: as root directly, otherwise through a user namespace; best effort."""
    new_net, new_user = 0x40000000, 0x10000000  # CLONE_NEWNET, CLONE_NEWUSER; `os.unshare` came with Python 3.12
    with contextlib.suppress(OSError, AttributeError):
        unshare = ctypes.CDLL(None, use_errno=True).unshare
        if unshare(new_net) != 0:
            unshare(new_net | new_user)


def _limit_time(limits: Limits, times: int) -> None:
    """Allow this call so many times the limits on time, from now on, and set an alarm in case the parent is gone."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    # only the soft limit moves: RLIMIT_CPU counts from the start of the process, and a lowered hard one stays low
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + 1 + limits.cpu_s * times, hard))
    signal.setitimer(signal.ITIMER_REAL, limits.wall_s * times + 5)  # the parent, if it lives, comes first


def time_for(share: float) -> float:
    """Give when, by `time.process_time`, this share of the processor time that this call may still use is used up.

    Never, where nothing limits it: outside a guarded child.
    """
    soft, _ = resource.getrlimit(resource.RLIMIT_CPU)
    used = time.process_time()
    return math.inf if soft == resource.RLIM_INFINITY else used + share * (soft - used)


def _request(requests: BinaryIO) -> bytes | None:
    """Read the next message; None when the parent is gone."""
    length = requests.read(LENGTH)
    return requests.read(int.from_bytes(length)) if len(length) == LENGTH else None


def _reply(replies: BinaryIO, status: dict[str, str], *parts: bytes) -> None:
    with contextlib.suppress(BrokenPipeError):
        for message in (json.dumps(status).encode(), *parts):
            replies.write(len(message).to_bytes(LENGTH))
            replies.write(message)
        replies.flush()
