"""Two services under one command: the one that works, and the one that shows; told to stop they end together."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

from pipeline.cli import showing
from pipeline.messages import tr

_LOOK_SECONDS: Final = 0.2
#: What is in hand has six seconds in one and ten in the other; a service manager waits for thirty.
_ENDING_SECONDS: Final = 25.0
_FIRST_PAUSE_SECONDS: Final = 5.0
_LONGEST_PAUSE_SECONDS: Final = 300.0
#: Whoever was well for so long begins with the shortest pause again.
_WELL_SECONDS: Final = 600.0
#: What does not go away by itself: the command line, the set-up (docs/reference/errors.md).
_OF_THE_SET_UP: Final = frozenset({2, *range(8, 30)})


@dataclass
class _Service:
    """One service; `is_needed` when the other one is of no use without it."""

    name: str
    words: Sequence[str]
    is_needed: bool
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    pause: float = 0.0
    not_before: float = 0.0

    def start(self) -> None:
        """Start it."""
        # with -P nothing that lies in the working folder is imported in place of a library
        self.process = subprocess.Popen([sys.executable, "-P", "-m", "pipeline", *self.words])
        self.started = time.monotonic()

    def ended(self) -> int | None:
        """The exit code with which it ended since it was last asked, as a shell writes it; None while it runs."""
        code = self.process.poll() if self.process is not None else None
        if code is None:
            return None
        self.process = None
        return code if code >= 0 else 128 - code

    def put_off(self) -> None:
        """Let it be started again after a pause, a longer one each time."""
        was_well = time.monotonic() - self.started >= _WELL_SECONDS
        self.pause = _FIRST_PAUSE_SECONDS if was_well else min(self.pause * 2, _LONGEST_PAUSE_SECONDS)
        self.pause = max(self.pause, _FIRST_PAUSE_SECONDS)
        self.not_before = time.monotonic() + self.pause


@dataclass
class Pair:
    """`vanthu watch` and `vanthu web` for one working folder, given the words that call each."""

    watch: Sequence[str]
    web: Sequence[str]
    _stop: threading.Event = field(default_factory=threading.Event)

    def serve(self) -> int:
        """Let both serve until told to stop; gives the exit code of the one that ended the other, else 0."""
        services = (_Service("watch", self.watch, is_needed=True), _Service("web", self.web, is_needed=False))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._leave)
        try:
            return self._look_after(services)
        finally:
            _end(services)

    def _leave(self, _signal: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _look_after(self, services: Sequence[_Service]) -> int:
        for one in services:
            one.start()
        while not self._stop.is_set():
            for one in services:
                code = one.ended()
                if code is not None:
                    if one.is_needed or code in _OF_THE_SET_UP:
                        showing.tell(tr("vanthu {name} has ended (exit code {code}).", name=one.name, code=code))
                        return code
                    one.put_off()
                    text = tr(
                        "vanthu {name} has ended (exit code {code}); it is started again in {seconds} s.",
                        name=one.name,
                        code=code,
                        seconds=int(one.pause),
                    )
                    showing.tell(text)
                elif one.process is None and time.monotonic() >= one.not_before:
                    one.start()
            self._stop.wait(_LOOK_SECONDS)
        return max(_end(services), default=0)


def _end(services: Sequence[_Service]) -> list[int]:
    """End what runs, and give the exit codes; what does not end in time is killed."""
    running = [one.process for one in services if one.process is not None]
    for process in running:
        process.terminate()
    until = time.monotonic() + _ENDING_SECONDS
    codes = []
    for process in running:
        try:
            code = process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        codes.append(code if code >= 0 else 128 - code)
    return codes
