"""The line: work is done on a few lanes, in turns; what takes long goes on apart, so that nobody waits for it.

A piece of work may take some seconds on a lane of the line. One that is not done by then is given up there (nothing
of the step in hand is recorded) and done again on a lane apart, with all the time its tools allow. So three scans of
300 pages, a workbook built to harm or a document on which LibreOffice hangs keep nobody but each other. Told to end,
the line begins nothing new and gives what is in hand some seconds more.
"""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from pipeline.app.turns import Turns
from pipeline.tools.patience import OutOfPatience, Patience, having

log = logging.getLogger(__name__)

#: How long a piece of work may take where others wait behind it: a form of many pages takes one.
HASTE_SECONDS: Final = 3.0
#: How long what is in hand may still take when everything is to end; with what follows it is over in ten.
END_SECONDS: Final = 6.0


@dataclass(frozen=True)
class Task:
    """A piece of work; `key` names it, and no two of one name are in the line. `cost` and `party` as in `Turns`."""

    key: object
    work: Callable[[], None] = field(compare=False)
    party: str = field(default="", compare=False)
    cost: int = field(default=0, compare=False)


@dataclass
class _Lane:
    """Threads for one sort of work, and what waits for them."""

    pool: ThreadPoolExecutor
    size: int
    seconds: float | None  #: None where it may take as long as its tools allow
    turns: Turns[Task] = field(default_factory=Turns)
    under_way: dict[Future[None], tuple[Task, Patience]] = field(default_factory=dict)

    def start(self, ended: Callable[[Future[None]], None]) -> None:
        while len(self.under_way) < self.size and (task := self.turns.next()) is not None:
            patience = Patience() if self.seconds is None else Patience(self.seconds)
            future = self.pool.submit(_done, task, patience)
            self.under_way[future] = (task, patience)
            future.add_done_callback(ended)


class Line:
    """Lanes with work on them.

    All calls come from one thread; `on_end` is called, from another, whenever a piece of work has ended. `most` says
    how many lanes there may be one day (`have`).
    """

    def __init__(
        self, lanes: int, on_end: Callable[[], None], *, most: int = 0, haste_seconds: float = HASTE_SECONDS
    ) -> None:
        self._on_end = on_end
        most = max(lanes, most)
        self._fast = _Lane(ThreadPoolExecutor(most), lanes, haste_seconds)
        self._apart = _Lane(ThreadPoolExecutor(apart_of(most)), apart_of(lanes), None)
        self._well: list[object] = []
        self._slow: set[object] = set()  # what has taken long before is not tried in haste again

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def __len__(self) -> int:
        return sum(len(lane.turns) + len(lane.under_way) for lane in self._lanes)

    def have(self, lanes: int) -> None:
        """Have so many lanes from now on; what is under way goes on."""
        self._fast.size, self._apart.size = lanes, apart_of(lanes)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return not len(self)

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits for the lanes of the line and nothing is under way there, whatever goes on apart."""
        return not self._fast.turns and not self._fast.under_way

    def waiting_of(self, party: str) -> int:
        """Count what waits of one party for the lanes of the line."""
        return self._fast.turns.count(party)

    def holds(self, key: object) -> bool:
        """Tell whether a piece of work of this name waits or is under way."""
        task = Task(key, _nothing)
        return any(task in lane.turns or task in (one for one, _ in lane.under_way.values()) for lane in self._lanes)

    def add(self, task: Task, *, apart: bool = False) -> None:
        """Let a piece of work wait for its turn; one of the same name that is in the line already stays."""
        if not self.holds(task.key):
            lane = self._apart if apart or task.key in self._slow else self._fast
            lane.turns.add(task, task.party, task.cost)

    def forget(self) -> None:
        """Let nothing wait any more; what is under way goes on."""
        for lane in self._lanes:
            lane.turns.clear()

    def move(self) -> None:
        """Take note of what has ended and begin what can be begun.

        Raises the first trouble that a piece of work met; then nothing is begun.
        """
        self._note_ended()
        for lane in self._lanes:
            lane.start(lambda _: self._on_end())

    def ended(self) -> list[object]:
        """Give the names of what was seen to have ended well since this was last asked."""
        ended, self._well = self._well, []
        return ended

    def end(self) -> None:
        """Begin nothing new, give what is in hand some seconds, and wait for its end; trouble of it is logged."""
        self.forget()
        for _, patience in self._under_way():
            patience.end_within(END_SECONDS)
        while any(self._under_way()):
            wait([future for lane in self._lanes for future in lane.under_way])
            try:
                self._note_ended()
            except Exception as trouble:  # whatever it was, it is met again at the next start
                log.error("waits", extra={"action": "line.end", "why": str(trouble)})  # noqa: TRY400 - no bug
        self.forget()
        for lane in self._lanes:
            lane.pool.shutdown()

    @property
    def _lanes(self) -> tuple[_Lane, _Lane]:
        return self._fast, self._apart

    def _under_way(self) -> Iterator[tuple[Task, Patience]]:
        return (one for lane in self._lanes for one in list(lane.under_way.values()))

    def _note_ended(self) -> None:
        troubles = []
        for lane in self._lanes:
            for future in [future for future in lane.under_way if future.done()]:
                task, _ = lane.under_way.pop(future)
                trouble = future.exception()
                if trouble is None:
                    self._well.append(task.key)
                elif not isinstance(trouble, OutOfPatience):
                    troubles.append(trouble)
                # in haste: it goes on apart; there, it was told to end
                elif lane is self._fast:
                    log.info("goes on apart", extra={"action": "line.apart", "key": str(task.key)})
                    self._slow.add(task.key)
                    self._apart.turns.add(task, task.party, task.cost)
        if troubles:
            raise troubles[0]


def apart_of(lanes: int) -> int:
    """Say how many lanes there are apart, beside so many of the line."""
    return max(1, lanes // 2)


def _done(task: Task, patience: Patience) -> None:
    with having(patience):
        task.work()


def _nothing() -> None:
    """Stand for the work of a task that is only looked for by its name."""
