"""Warm child processes in which foreign bytes are read, under limits on everything: a bad file costs one child.

A `Guard` starts its children with the list of the functions they may run. A child imports them once, cuts itself
off the network where the system lets it, limits its memory, file writing and open files, and then answers calls:
arguments and results travel as JSON and are built anew from their types (nothing is ever unpickled). Processor time
is limited for each call by the child's own rlimit, the wall clock by the parent, who kills the child's whole process
group and starts another one. The limits (1 GiB of memory, 20 s of processor time, 30 s by the clock) were measured on
files built to harm.

    with Guard(["pipeline.reading.reader:read"]) as guard:
        reading = guard.call("pipeline.reading.reader:read", str(path), "dk.xlsx", context, returns=Reading)
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar, cast

from pydantic import ValidationError

from pipeline.errors import ToolCrashed, VanthuError
from pipeline.files.refusals import Unfit
from pipeline.model import Finding
from pipeline.tools import patience
from pipeline.tools.guarded import CACHED_FROM_BYTES, LENGTH, Limits, Reason, adapter

__all__ = ["Encoded", "Guard", "GuardFault", "GuardRefused", "Limits", "Reason", "encoded"]

T = TypeVar("T")

# a child that a file has taken over may claim any length
_MAX_MESSAGE_BYTES: Final = 64 * 1024 * 1024
_MAX_FILE_BYTES: Final = 256 * 1024 * 1024  # of a function that gives bytes: a file made of one of the largest taken
_CALLS_PER_CHILD: Final = 1000  # libraries leak; a fresh child costs half a second
_START_S: Final = 60.0  # half a second on a quiet machine; a busy one must not look like a broken one
_PROGRAM_FOLDER: Final = Path(__file__).resolve().parents[2]
# With -P and an appended path, nothing lying in the working folder can be imported in place of a library.
_CHILD: Final = (
    "import sys; sys.path.append(sys.argv[1]); from pipeline.tools import guarded; guarded.serve(sys.argv[2])"
)


class GuardRefused(ToolCrashed):
    """The input made its reader break a limit or die; `reason` says which."""

    is_retried = False  # the same bytes would do the same again

    def __init__(self, function: str, reason: Reason) -> None:
        super().__init__(
            f"{function} was stopped in its guarded process ({reason.value}): the file it was given is damaged or "
            f"built to harm; nothing else was touched"
        )
        self.reason = reason

    @property
    def is_heavy(self) -> bool:
        """Whether it broke a limit, and did not simply die."""
        return self.reason is not Reason.DIED


class GuardFault(VanthuError):  # noqa: N818 - names whose fault it is
    """A guarded function raised: our bug, not the file's; the text ends with the child's traceback."""

    wants_traceback = True


@dataclass(frozen=True)
class Encoded:
    """An argument already written as JSON, so that what is sent with every call is encoded once."""

    json: bytes


def encoded(value: object, kind: Any = None) -> Encoded:  # noqa: ANN401 - a type, or what typing makes of one
    """Encode `value` (a dataclass, or what JSON knows), to be sent with many calls.

    `kind` is its type where its class does not tell (`tuple[Finding, ...]`): of a bare tuple or set pydantic does not
    ask what the things in it are, and writes their fields by guess.
    """
    return Encoded(adapter(kind or type(value)).dump_json(value))


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
        self._idle = _Idle(children)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def warm(self) -> None:
        """Start every child now, so that the first file need not wait for it."""
        slots = [self._idle.taken() for _ in range(self._children)]
        for slot in slots:
            self._idle.give_back(slot if slot is not None else self._started())

    def call(self, function: str, *args: object, returns: type[T], about: str = "", times: int = 1) -> T:
        """Run `function` in a child and build its result as a `returns`.

        `times` is how often the limits on time are allowed: once for a form, more for a file of many pages.

        `about` is the sha256 of the file it is about, if known: a child that has opened it already, and is idle, is
        asked (`pipeline.files.kept`). It decides nothing else: the child hashes what it reads.

        With `returns=bytes` the function gives a file, which travels as it is.

        Raises GuardRefused when the child broke a limit or died, Unfit where the function raised it, GuardFault when
        the function raised anything else; OutOfPatience (`pipeline.tools.patience`).
        """
        if function not in self.functions:
            raise GuardFault(f"{function} is not among the functions this guard may run: {', '.join(self.functions)}")
        messages = [arg.json if isinstance(arg, Encoded) else encoded(arg).json for arg in args]
        most = _MAX_FILE_BYTES if returns is bytes else _MAX_MESSAGE_BYTES
        with self._child(about) as child:
            status, result = child.exchange(function, messages, times, self.limits.wall_s * times, most)
        if "fault" in status:
            raise GuardFault(f"{function} failed in its guarded process:\n{status['fault']}")
        if "unfit" in status:
            raise Unfit(_built(function, status["unfit"].encode(), Finding))
        if returns is bytes:
            return cast("T", result)
        return _built(function, result, returns)

    def close(self) -> None:
        """End all children."""
        if os.getpid() != self._owner:  # forked: the children belong to our parent
            return
        for child in self._idle.all_now():
            if child is not None:
                child.kill()
        self._idle = _Idle(self._children)

    def _started(self) -> "_Child":
        return _Child.started(self.functions, self.limits)

    @contextlib.contextmanager
    def _child(self, about: str = "") -> "Iterator[_Child]":
        """Lend one child for one call; when the call does not end well it is killed and its slot given back empty."""
        if os.getpid() != self._owner:  # forked: the children belong to our parent
            self._owner, self._idle = os.getpid(), _Idle(self._children)
        child = self._idle.taken(about)
        survivor: _Child | None = None  # after any exception, Ctrl-C too, the child's state is unknown
        try:
            if child is not None and not child.is_fit:
                child.kill()
                child = None
            if child is None:
                with patience.not_counted():
                    child = self._started()
            yield child
            survivor = child
        finally:
            if survivor is None and child is not None:
                child.kill()
            self._idle.give_back(survivor)


def _built(function: str, answer: bytes, returns: type[T]) -> T:
    """What a child answered, built anew from its type: a child taken over can at worst give wrong values."""
    try:
        built: T = adapter(returns).validate_json(answer)
    except ValidationError as error:
        raise GuardFault(f"{function} answered something that is no {returns.__name__}: {error}") from error
    return built


class _Idle:
    """The children that wait for work, and the places of those not started yet (None)."""

    def __init__(self, children: int) -> None:
        self._waiting: list[_Child | None] = [None] * children
        self._change = threading.Condition()

    def taken(self, about: str = "") -> "_Child | None":
        """One that keeps the file of this hash, else the warm one that has rested longest; waits while all work."""
        with self._change:
            while not self._waiting:
                self._change.wait()
            knowing = (at for at, child in enumerate(self._waiting) if child is not None and about in child.keeps)
            # not the one that worked last: it keeps the file that is asked about next
            warm = (at for at, child in enumerate(self._waiting) if child is not None)
            return self._waiting.pop(next(knowing, next(warm, 0)))

    def give_back(self, child: "_Child | None") -> None:
        with self._change:
            self._waiting.append(child)
            self._change.notify()

    def all_now(self) -> "list[_Child | None]":
        """Those that are idle at this moment, taken away."""
        with self._change:
            waiting, self._waiting = self._waiting, []
            return waiting


@dataclass
class _Child:
    """The parent's side of one child."""

    process: "subprocess.Popen[bytes]"
    calls: int = 0
    keeps: frozenset[str] = frozenset()  #: hashes of the files it has open
    #: the large arguments it was sent last, by function and place
    sent: dict[tuple[str, int], bytes] = field(default_factory=dict)
    _read_fd: int = field(init=False)
    _write_fd: int = field(init=False)

    def __post_init__(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None  # noqa: S101 - asked for below
        self._write_fd, self._read_fd = self.process.stdin.fileno(), self.process.stdout.fileno()
        # a child that neither reads nor answers must not hold us beyond the time limit
        os.set_blocking(self._write_fd, False)
        os.set_blocking(self._read_fd, False)

    @classmethod
    def started(cls, functions: Sequence[str], limits: Limits) -> "_Child":
        """Start a child that has imported its functions. Raises GuardFault when it cannot."""
        order = json.dumps({"functions": list(functions), "limits": asdict(limits)})
        child = cls(
            subprocess.Popen(
                [sys.executable, "-P", "-c", _CHILD, str(_PROGRAM_FOLDER), order],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # a process group of its own, so that it is killed with all it started
                # nothing of our environment (passwords in URLs); few malloc arenas and no threads of numpy's, each of
                # which reserves dozens of megabytes
                env={
                    "PATH": os.defpath,
                    "LC_ALL": "C.UTF-8",
                    "MALLOC_ARENA_MAX": "2",
                    "OPENBLAS_NUM_THREADS": "1",
                },
            )
        )
        try:
            ready = json.loads(child._received(time.monotonic() + _START_S))
        except BaseException as error:
            child.kill()
            if isinstance(error, EOFError | TimeoutError):
                raise GuardFault("a guarded process could not be started (no memory, or no Python?)") from error
            raise
        if "fault" in ready:
            child.kill()
            raise GuardFault(f"a guarded process could not import its functions:\n{ready['fault']}")
        return child

    @property
    def is_fit(self) -> bool:
        """Tell whether it can take another call."""
        return self.process.poll() is None and self.calls < _CALLS_PER_CHILD

    def exchange(
        self, function: str, arguments: Sequence[bytes], times: int, wall_s: float, most_bytes: int
    ) -> tuple[dict[str, str], bytes]:
        """Send one call and wait for its status and result, at most so many bytes. Raises GuardRefused."""
        self.calls += 1
        end = time.monotonic() + wall_s
        # a large argument that is the same as last time is there already, decoded: nothing is sent in its place
        large = {at: one for at, one in enumerate(arguments) if len(one) >= CACHED_FROM_BYTES}
        again = [at for at, one in large.items() if self.sent.get((function, at)) == one]
        header = {"function": function, "args": len(arguments), "times": times, "again": again}
        messages = [json.dumps(header).encode()]
        messages += [b"" if at in again else one for at, one in enumerate(arguments)]
        self.sent |= {(function, at): one for at, one in large.items()}
        try:
            self._send(b"".join(len(message).to_bytes(LENGTH) + message for message in messages), end)
            status: dict[str, str] = json.loads(self._received(end))
            result = self._received(end, most_bytes) if "ok" in status else b""
            self.keeps = frozenset(status.get("keeps", "").split())
        except TimeoutError as error:
            raise GuardRefused(function, Reason.CLOCK) from error
        except (EOFError, BrokenPipeError) as error:
            raise GuardRefused(function, self._reason_of_death()) from error
        if "fault" in status:  # it may not have come to decode them
            self.sent.clear()
        if "refused" in status:
            raise GuardRefused(function, Reason(status["refused"]))
        return status, result

    def kill(self) -> None:
        """Kill it and whatever it started, and reap it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _reason_of_death(self) -> Reason:
        # its pipe closes a moment before the system knows how it ended
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self.process.wait(timeout=5)
            if code == -signal.SIGXCPU:  # RLIMIT_CPU
                return Reason.CPU
            if code == -signal.SIGALRM:  # the child's own alarm, when we were too late to kill it
                return Reason.CLOCK
            if code == -signal.SIGKILL:  # none of us has killed it: the system does, for want of memory
                return Reason.MEMORY
        return Reason.DIED

    def _send(self, content: bytes, end: float) -> None:
        rest = memoryview(content)
        while rest:
            _wait_for(self._write_fd, select.POLLOUT, end)
            with contextlib.suppress(BlockingIOError):
                rest = rest[os.write(self._write_fd, rest) :]

    def _received(self, end: float, most_bytes: int = _MAX_MESSAGE_BYTES) -> bytes:
        length = int.from_bytes(self._read(LENGTH, end))
        if length > most_bytes:
            raise EOFError("the answer is longer than any result can be")
        return self._read(length, end)

    def _read(self, size: int, end: float) -> bytes:
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
    """Wait until `fd` is ready (or hung up). Raises TimeoutError at `end` (monotonic seconds), OutOfPatience."""
    poll = select.poll()  # not `select`, which fails for descriptors from 1024 on
    poll.register(fd, event)
    while left := patience.step(end):
        if poll.poll(left * 1000):
            return
    raise TimeoutError
