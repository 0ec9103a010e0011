"""Patience: how long children and outside programs may be waited for on behalf of one piece of work.

Whoever drives the work sets it (`app.line`); every wait for a child asks how much is left and gives up when it is
used up. So one heavy file takes a lane of the line for some seconds and no more, and a watch that is told to stop
ends soon, whatever it waits for. What is given up is as if it had not been begun: nothing of it is recorded. Where
nobody has set any (a person's command), the limits of each tool are all that counts.
"""

import contextlib
import math
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextvars import ContextVar
from typing import Final

from pipeline.errors import VanthuError

#: A wait looks up so often: patience may be shortened meanwhile, from another thread.
LOOKS_UP_S: Final = 0.5


class OutOfPatience(VanthuError):  # noqa: N818 - names a state of the world
    """The work takes longer than it may here; it is done again with more patience, or at the next start."""


class Patience:
    """What is left for one piece of work, by the clock."""

    def __init__(self, seconds: float = math.inf) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._last = math.inf
        self._is_counted = True
        #: whether work known to take long is begun at all
        self.is_short = not math.isinf(seconds)

    def left(self) -> float:
        """Seconds that are left; below zero when it is used up."""
        now = time.monotonic()
        return min(self._last - now, self._end - now if self._is_counted else math.inf)

    def begin_again(self) -> None:
        """Have as much as at first: the next piece of work begins."""
        self._end = time.monotonic() + self._seconds

    def end_within(self, seconds: float) -> None:
        """Leave no more than so many seconds from now on, whatever is done in them."""
        self._last = min(self._last, time.monotonic() + seconds)

    @contextlib.contextmanager
    def not_counted(self) -> Iterator[None]:
        """Spend nothing within the block."""
        begun, was, self._is_counted = time.monotonic(), self._is_counted, False
        try:
            yield
        finally:
            self._is_counted = was
            self._end += time.monotonic() - begun if was else 0


_current: ContextVar[Patience | None] = ContextVar("patience", default=None)


@contextlib.contextmanager
def having(patience: Patience) -> Iterator[Patience]:
    """Wait within the block, in this thread, only as long as `patience` lasts."""
    token = _current.set(patience)
    try:
        yield patience
    finally:
        _current.reset(token)


def current() -> Patience | None:
    """Give the patience that this thread works with, None where nobody has set any."""
    return _current.get()


def step(end: float) -> float:
    """Say how long to wait at one go for something that is waited for until `end` (monotonic); 0 when it is over.

    Raises OutOfPatience.
    """
    patience, now = _current.get(), time.monotonic()
    if patience is not None and patience.left() <= 0:
        raise OutOfPatience("It takes longer than it may here; it goes on apart from the others.")
    left = max(0.0, end - now)
    return left if patience is None else min(left, LOOKS_UP_S, max(0.0, patience.left()))


def is_apart() -> bool:
    """Tell whether the work goes on apart from others, which must not be slowed down by it."""
    patience = _current.get()
    return patience is not None and not patience.is_short


def refuse_long() -> None:
    """Begin nothing that is known to take long where others wait behind it. Raises OutOfPatience."""
    patience = _current.get()
    if patience is not None and patience.is_short:
        raise OutOfPatience("It is known to take long; it is done apart from the others.")


@contextlib.contextmanager
def not_counted() -> Iterator[None]:
    """What is done within the block is not the work's fault: a child or LibreOffice has to be started first."""
    patience = _current.get()
    with contextlib.nullcontext() if patience is None else patience.not_counted():
        yield


def waited(process: "subprocess.Popen[bytes]", timeout_s: float) -> int:
    """Wait for a process and give its exit status. Raises subprocess.TimeoutExpired, OutOfPatience."""
    end = time.monotonic() + timeout_s
    while True:
        at_once = step(end)
        if at_once <= 0:
            raise subprocess.TimeoutExpired(process.args, timeout_s)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(at_once)


def answered(process: "subprocess.Popen[bytes]", asked: bytes, timeout_s: float) -> bytes:
    """Give a process its input and wait for all it says. Raises subprocess.TimeoutExpired, OutOfPatience.

    The caller ends the process in any case; with it ends the thread that gives and takes.
    """
    answer: Future[bytes] = Future()

    # in one go, by a thread: `communicate` that is called again after a timeout gives nothing more of the input, and
    # who reads it waits for ever (CPython 3.11)
    def give_and_take() -> None:
        try:
            answer.set_result(process.communicate(asked)[0])
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=give_and_take, daemon=True).start()
    end = time.monotonic() + timeout_s
    while True:
        at_once = step(end)
        if at_once <= 0:
            raise subprocess.TimeoutExpired(process.args, timeout_s)
        with contextlib.suppress(TimeoutError):
            return answer.result(at_once)
