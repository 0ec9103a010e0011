"""The world of one history: its time, its programs, who of them goes on, and what goes wrong when.

The programs are threads, of which exactly one runs: it hands the baton on at a seam (an act on the disk, a
transaction, a call of a child), if the dice say so. Everything that happens is counted; a fault is planned for a
count, and happens at the next act that it can happen to.
"""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from tests.simulation.disk import Disk
from tests.simulation.plan import FITS, Fault, Plan

SECOND: Final = 1_000_000_000
BEGIN: Final = dt.datetime(2022, 5, 30, 2, 0, tzinfo=dt.UTC)
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_BEGIN_NS: Final = (BEGIN - _EPOCH) // dt.timedelta(microseconds=1) * 1000
LEASE_SECONDS: Final = 60.0
#: A history of so many acts does not come to rest: four who watch for minutes, files lying there, come to 60,000.
MOST_ACTS: Final = 120_000


class Killed(BaseException):
    """The process is no more: whatever it still tries is not done."""


class Endless(BaseException):
    """The history does not come to rest."""


@dataclass(eq=False)
class Program:
    """A process of ours, in a thread; `number` is its own, as that of a process is."""

    name: str
    number: int
    main: Callable[[], None]
    wakes_at: int = 0
    #: what it waits for, beside the time; None for nothing
    until: Callable[[], bool] | None = None
    is_dead: bool = False
    is_over: bool = False
    trouble: BaseException | None = None
    thread: threading.Thread | None = None
    remembers: "set[object]" = field(default_factory=set)
    gate: threading.Lock = field(default_factory=threading.Lock)


class World:
    """One history under way."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.dice = Random(plan.seed)
        self.disk = Disk()
        self.now = 0  #: nanoseconds since the beginning; goes on only
        self.offset = 0  #: what the wall clock is ahead of it, beside the beginning
        self.jumped = -(1 << 62)  #: when much time passed at once, and leases ran out under their workers
        #: when the clock was set: what on a share is told by the age of a file alone is not known for a while
        self.clock_set = -(1 << 62)
        self.acts = 0
        self.current: Program | None = None
        self.programs: list[Program] = []
        #: those that ended before they were through, and those whose last acts a power cut has undone
        self.died: set[int] = set()
        #: names of files that were to be taken away when the share or the disk failed: nobody else left them behind
        self.not_removed: set[str] = set()
        self._trace: list[tuple[int, str, str, str]] = []
        self.violations: list[str] = []
        #: what lasts: "full", "locked", "stale:inbox" … until when
        self.lasting: dict[str, int] = {}
        self.is_calm = False
        self.is_judged = False
        self.in_transaction = 0
        self.dealt_alone = False
        self.on_power_cut: list[Callable[[], None]] = []
        self._faults = sorted(plan.faults, key=lambda fault: fault.at)
        self._waiting: list[Fault] = []
        self._numbers = iter(range(1, 1 << 30))
        self._timed: list[tuple[int, int, Callable[[], None]]] = []
        self._baton = threading.Lock()
        self._baton.acquire()
        self._tick_disk()

    # time

    @property
    def wall_ns(self) -> int:
        return _BEGIN_NS + self.now + self.offset

    def clock(self) -> dt.datetime:
        return _EPOCH + dt.timedelta(microseconds=self.wall_ns // 1000)

    def _tick_disk(self) -> None:
        now_ns = _BEGIN_NS + self.now + self.offset
        self.disk.now_ns = now_ns - now_ns % self.plan.coarse_ns

    def note(self, what: str, subject: str = "") -> None:
        self._trace.append((self.now, self.current.name if self.current else "-", what, subject))

    @property
    def trace(self) -> list[str]:
        """Everything that happened, a line each."""
        return [f"{now / SECOND:10.4f} {who:10} {what} {subject}".rstrip() for now, who, what, subject in self._trace]

    def violated(self, what: str) -> None:
        self.violations.append(what)
        self.note(f"VIOLATED {what}")

    def pass_at_once(self, seconds: int) -> None:
        """Let much time pass, in which nobody does anything."""
        self.now += seconds * SECOND
        self.jumped = self.now

    # programs

    def start(self, name: str, main: Callable[[], None], after_s: float = 0.0) -> Program:
        program = Program(name, next(self._numbers), main, self.now + int(after_s * SECOND))
        program.gate.acquire()
        self.programs.append(program)
        return program

    def at(self, when_s: float, act: Callable[[], None]) -> None:
        """Let something happen at a moment; what people do takes no part in the handing over of the baton."""
        self._timed.append((max(self.now, int(when_s * SECOND)), next(self._numbers), act))
        self._timed.sort()

    def _body(self, program: Program) -> None:
        program.gate.acquire()
        try:
            if not program.is_dead:
                program.main()
        except Killed:
            pass
        except BaseException as trouble:  # whatever it is, it is told by who looks at the end
            program.trouble = trouble
        program.is_over = True
        self._baton.release()

    def _go_on(self, program: Program) -> None:
        self.current = program
        if program.thread is None:
            program.thread = threading.Thread(target=self._body, args=(program,), daemon=True)
            program.thread.start()
        program.gate.release()
        self._baton.acquire()
        self.current = None
        if program.is_over:
            program.thread.join()
            if program.is_dead or program.trouble is not None:
                self.died.add(program.number)
            self.programs.remove(program)
            self.disk.leave(program.number)
            self.ended(program)

    def ended(self, program: Program) -> None:
        """A program has ended; who runs the history decides what follows."""

    def hand_on(self) -> None:
        """Let others go on first."""
        program = self.current
        if program is None:
            return
        self._baton.release()
        program.gate.acquire()
        if program.is_dead:
            raise Killed

    def sleep(self, seconds: float) -> None:
        self.wait(seconds, None)

    def wait(self, seconds: float | None, until: Callable[[], bool] | None) -> None:
        """Wait so long, or until something is so."""
        program = self.current
        if program is None:
            return
        # never no time at all: what is asked again at once is asked a moment later
        program.wakes_at = self.now + int(seconds * SECOND) + 100_000 if seconds is not None else 1 << 62
        program.until = until
        self.hand_on()
        program.until = None

    def run(self, is_over: Callable[[], bool]) -> None:
        """Let everything go on until it is over, or until nothing can go on any more."""
        while not is_over():
            if self._timed and self._timed[0][0] <= self.now:
                self._timed.pop(0)[2]()
                continue
            ready = [
                one for one in self.programs if one.is_dead or one.wakes_at <= self.now or (one.until and one.until())
            ]
            if ready:
                program = ready[0] if len(ready) == 1 else self.dice.choice(ready)
                program.wakes_at = self.now
                self._go_on(program)
                continue
            moments = [one.wakes_at for one in self.programs] + [moment for moment, _, _ in self._timed[:1]]
            later = min(moments, default=1 << 62)
            if later >= 1 << 62:
                if self.programs:
                    self.violated(f"nobody can go on: {', '.join(one.name for one in self.programs)} wait for ever")
                return
            self.now = later
            self._tick_disk()

    def stop_all(self) -> None:
        """End what is still there, as if it were killed."""
        for program in list(self.programs):
            program.is_dead = True
            self._go_on(program)

    # acts

    def act(self, kind: str, subject: str = "") -> str:
        """One act at a seam; gives the fault that happens to it, "" for none. Raises Killed."""
        program = self.current
        if program is None:
            return ""
        if program.is_dead:
            raise Killed
        self.acts += 1
        if self.acts > MOST_ACTS:
            raise Endless
        self.now += 200_000
        self._tick_disk()
        self.note(kind, subject)
        fault = ""
        if self._waiting or (self._faults and self._faults[0].at <= self.acts):
            fault = self._fault(kind, subject) if not self.in_transaction or kind in {"begin", "commit"} else ""
        if fault == "kill":
            self.kill()
        if fault == "power-cut":
            self.power_cut()
        if not self.dealt_alone and not self.in_transaction and self.dice.random() < self.plan.switches:
            self.hand_on()
        return fault

    def kill(self) -> None:
        """End the program that is running. Raises Killed."""
        if self.current is not None:
            self.current.is_dead = True
        raise Killed

    def fault_now(self, kind: str, subject: str = "") -> str:
        """A fault of something that is no seam: nobody else goes on there."""
        is_lived = self.current is not None and not self.current.is_dead
        return self._fault(kind, subject, is_named=True) if is_lived else ""

    def act_alone(self, kind: str) -> str:
        """An act at which no other program goes on: it is one with what was before."""
        switches, self.dealt_alone = self.dealt_alone, True
        try:
            return self.act(kind)
        finally:
            self.dealt_alone = switches

    def power_cut(self) -> None:
        """Every program here is no more, and the disk keeps what it has; raises Killed in who is running."""
        self.note("POWER CUT")
        running = self.current
        for program in list(self.programs):
            program.is_dead = True
            self.disk.leave(program.number)
        before = {path for path, _ in self.disk.walk()}
        self.disk.power_cut(self.dice)
        # a name that was taken away and is back: its program may have ended well, and has left nothing behind itself
        self.died.update(node.process for path, node in self.disk.walk() if path not in before)
        for told in self.on_power_cut:
            told()
        if running is not None:
            raise Killed

    def _fault(self, kind: str, subject: str, *, is_named: bool = False) -> str:
        if self.is_calm:
            return ""
        while self._faults and self._faults[0].at <= self.acts:
            self._waiting.append(self._faults.pop(0))
        for fault in self._waiting:
            # no program ends where it is no seam
            if fault.fits(kind, subject) and (not is_named or fault.what in FITS):
                self._waiting.remove(fault)
                if fault.then is not None:
                    self._faults.append(replace(fault.then, at=self.acts + fault.then.at))
                    self._faults.sort(key=lambda one: one.at)
                self.note(f"FAULT {fault.what}")
                return fault.what
        return ""

    def lasts(self, what: str) -> bool:
        return not self.is_calm and self.lasting.get(what, -1) > self.now
