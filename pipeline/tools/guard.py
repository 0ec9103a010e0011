"""Warm child processes in which foreign bytes are read: a limit on everything, and a verdict instead of a victim.

A `Guard` starts its children with the list of the functions they may run. A child imports them once, cuts itself
off the network where the system lets it, limits its memory, file writing and open files, and then answers calls:
arguments and results travel as JSON and are built anew from their types (nothing is ever unpickled). Processor time
is limited for each call by the child's own rlimit, the wall clock by the parent, who kills the child's whole process
group and starts another one. Limits: dependencies measured on the hostile files, 1 GiB, 20 s of CPU, 30 s of time.

    with Guard(["pipeline.reading.reader:read"]) as guard:
        reading = guard.call("pipeline.reading.reader:read", str(path), "dk.xlsx", desk, returns=Reading)
"""

import contextlib
import json
import os
import queue
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from pydantic import ValidationError

from pipeline.errors import ToolCrashed, VanthuError
from pipeline.tools.guarded import LENGTH, Limits, Reason, adapter

__all__ = ["Guard", "GuardFault", "GuardRefused", "Limits", "Packed", "Reason", "packed"]

T = TypeVar("T")

_LONGEST: Final = 64 * 1024 * 1024
_CALLS_PER_CHILD: Final = 1000  # libraries leak; a fresh child costs half a second
_START_S: Final = 60.0
_HOME: Final = Path(__file__).resolve().parents[2]
# With -P and an appended path, nothing lying in the working folder can be imported in place of a library.
_CHILD: Final = (
    "import sys; sys.path.append(sys.argv[1]); from pipeline.tools import guarded; guarded.serve(sys.argv[2])"
)


class GuardRefused(ToolCrashed):
    """The input made its reader break a limit or die; `reason` says which."""

    is_retried = False

    def __init__(self, function: str, reason: Reason) -> None:
        super().__init__(
            f"{function} was stopped in its guarded process ({reason.value}): the file it was given is damaged or "
            f"built to harm; nothing else was touched"
        )
        self.reason = reason


class GuardFault(VanthuError):  # noqa: N818 - names whose fault it is
    """A guarded function raised: our bug, not the file's; the text ends with the child's traceback."""

    wants_traceback = True


@dataclass(frozen=True)
class Packed:
    """An argument already written as JSON: what is sent with every call is written once."""

    json: bytes


def packed(value: object) -> Packed:
    """`value` (a dataclass, or what JSON knows) ready to be sent again and again."""
    return Packed(_written(value))


class Guard:
    """Some warm children that may run `functions` ("package.module:function"), each used by one call at a time.

    Safe to share between threads; a process forked off starts its own children. Close it, or use it as a context
    manager: an unclosed guard's children end by themselves when their pipe closes.
    """

    def __init__(self, functions: Sequence[str], *, children: int = 1, limits: Limits | None = None) -> None:
        self.functions = tuple(functions)
        self.limits = limits or Limits()
        self._children = children
        self._owner = os.getpid()
        self._idle = self._fresh_slots()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def warm(self) -> None:
        """Start every child now, so that the first file is not the one that waits."""
        slots = [self._idle.get() for _ in range(self._children)]
        for slot in slots:
            self._idle.put(slot if slot is not None else self._started())

    def call(self, function: str, *args: object, returns: type[T]) -> T:
        """Run `function` in a child and build its result as a `returns`.

        Raises GuardRefused when the child broke a limit or died, GuardFault when the function itself raised.
        """
        if function not in self.functions:
            raise GuardFault(f"{function} is not among the functions this guard may run: {', '.join(self.functions)}")
        messages = [json.dumps({"function": function, "args": len(args)}).encode()]
        messages += [arg.json if isinstance(arg, Packed) else _written(arg) for arg in args]
        with self._child() as child:
            verdict, result = child.exchange(function, messages, self.limits.wall_s)
        if "fault" in verdict:
            raise GuardFault(f"{function} failed in its guarded process:\n{verdict['fault']}")
        try:
            answer: T = adapter(returns).validate_json(result)
        except ValidationError as error:
            raise GuardFault(f"{function} answered something that is no {returns.__name__}: {error}") from error
        return answer

    def close(self) -> None:
        """End all children."""
        if os.getpid() != self._owner:
            return
        with contextlib.suppress(queue.Empty):
            while True:
                child = self._idle.get_nowait()
                if child is not None:
                    child.kill()
        self._idle = self._fresh_slots()

    def _fresh_slots(self) -> "queue.LifoQueue[_Child | None]":
        slots: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(self._children):
            slots.put(None)
        return slots

    def _started(self) -> "_Child":
        return _Child.started(self.functions, self.limits)

    @contextlib.contextmanager
    def _child(self) -> "Iterator[_Child]":
        """One child for one call; it is killed and its place given back empty when the call does not end well."""
        if os.getpid() != self._owner:  # forked: the children belong to our parent
            self._owner, self._idle = os.getpid(), self._fresh_slots()
        child = self._idle.get()
        survivor: _Child | None = None
        try:
            if child is not None and not child.is_fit:
                child.kill()
                child = None
            if child is None:
                child = self._started()
            yield child
            survivor = child
        finally:
            if survivor is None and child is not None:
                child.kill()
            self._idle.put(survivor)


@dataclass
class _Child:
    """The parent's side of one child."""

    process: "subprocess.Popen[bytes]"
    calls: int = 0
    _read_fd: int = field(init=False)
    _write_fd: int = field(init=False)

    def __post_init__(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None  # noqa: S101 - asked for below
        self._write_fd, self._read_fd = self.process.stdin.fileno(), self.process.stdout.fileno()
        os.set_blocking(self._write_fd, False)
        os.set_blocking(self._read_fd, False)

    @classmethod
    def started(cls, functions: Sequence[str], limits: Limits) -> "_Child":
        """A child that has imported its functions. Raises GuardFault when it cannot."""
        order = json.dumps({"functions": list(functions), "limits": _plain(limits)})
        child = cls(
            subprocess.Popen(
                [sys.executable, "-P", "-c", _CHILD, str(_HOME), order],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
            )
        )
        try:
            ready = json.loads(child._received(time.monotonic() + _START_S))
        except (EOFError, TimeoutError) as error:
            child.kill()
            raise GuardFault("a guarded process could not be started (no memory, or no Python?)") from error
        if "fault" in ready:
            child.kill()
            raise GuardFault(f"a guarded process could not import its functions:\n{ready['fault']}")
        return child

    @property
    def is_fit(self) -> bool:
        """Whether it can take another call."""
        return self.process.poll() is None and self.calls < _CALLS_PER_CHILD

    def exchange(self, function: str, messages: Sequence[bytes], wall_s: float) -> tuple[dict[str, str], bytes]:
        """Send one call and wait for its verdict and result. Raises GuardRefused."""
        self.calls += 1
        end = time.monotonic() + wall_s
        try:
            self._send(b"".join(len(message).to_bytes(LENGTH) + message for message in messages), end)
            verdict: dict[str, str] = json.loads(self._received(end))
            result = self._received(end) if "ok" in verdict else b""
        except TimeoutError as error:
            raise GuardRefused(function, Reason.CLOCK) from error
        except (EOFError, BrokenPipeError) as error:
            raise GuardRefused(function, self._reason_of_death()) from error
        if "refused" in verdict:
            raise GuardRefused(function, Reason(verdict["refused"]))
        return verdict, result

    def kill(self) -> None:
        """End it and whatever it started, and reap it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _reason_of_death(self) -> Reason:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self.process.wait(timeout=5)
            if code == -signal.SIGXCPU:
                return Reason.CPU
            if code == -signal.SIGALRM:
                return Reason.CLOCK
        return Reason.DIED

    def _send(self, content: bytes, end: float) -> None:
        rest = memoryview(content)
        while rest:
            _wait_for(self._write_fd, select.POLLOUT, end)
            with contextlib.suppress(BlockingIOError):
                rest = rest[os.write(self._write_fd, rest) :]

    def _received(self, end: float) -> bytes:
        length = int.from_bytes(self._taken(LENGTH, end))
        if length > _LONGEST:
            raise EOFError("an answer too long to be one")
        return self._taken(length, end)

    def _taken(self, size: int, end: float) -> bytes:
        content = bytearray()
        while len(content) < size:
            _wait_for(self._read_fd, select.POLLIN, end)
            with contextlib.suppress(BlockingIOError):
                piece = os.read(self._read_fd, min(size - len(content), 1 << 20))
                if not piece:
                    raise EOFError
                content += piece
        return bytes(content)


def _wait_for(fd: int, event: int, end: float) -> None:
    """Until `fd` is ready (or hung up). Raises TimeoutError at `end` (monotonic seconds)."""
    poll = select.poll()
    poll.register(fd, event)
    left = end - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise TimeoutError


def _plain(limits: Limits) -> dict[str, float]:
    return {name: getattr(limits, name) for name in Limits.__dataclass_fields__}


def _written(value: object) -> bytes:
    return adapter(type(value)).dump_json(value)
