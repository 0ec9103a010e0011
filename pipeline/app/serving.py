"""Serving an inbox: looking, taking and working go on side by side, so that nobody waits for a batch to end.

One thread looks and takes, a file at a time and in turns; the lanes of the line work meanwhile. A file whose bytes
take long to look into for marks of secrecy is looked into apart, and taken when the answer is there.
"""

import functools
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Final, Self

from pipeline import intake
from pipeline.app.line import Line, Task
from pipeline.app.rounds import Rounds
from pipeline.app.turns import Turns
from pipeline.app.worker import Worker
from pipeline.files import FolderAway
from pipeline.intake import Found, InboxAway, Settling
from pipeline.steps import publishing
from pipeline.tools.patience import Patience, having

#: Files are taken for so long at a time; then the line is served, and the inbox looked at if it is time.
TAKING_SECONDS: Final = 0.25
#: How long a file may be looked into for marks of secrecy while others wait to be taken; a form takes a tenth.
GATE_SECONDS: Final = 1.0
#: So many jobs of one party may wait in the line: what was taken further ahead would only slow down what is in hand.
MOST_AHEAD: Final = 20
#: Looking at a full inbox may take no more than one part of so many of the time.
LOOKING_SHARE: Final = 4
LEAST_BETWEEN_LOOKS: Final = 0.1


class Service:
    """One inbox being served.

    All calls come from one thread; `on_end` is called, from another, when a piece of work has ended.
    """

    def __init__(self, worker: Worker, quiet_seconds: float, on_end: Callable[[], None]) -> None:
        self._worker = worker
        self._inbox = worker.workspace.folders.inbox
        self.settling = Settling(quiet_seconds)
        self._line = Line(worker.lanes(), on_end, most=worker.most_threads)
        self.rounds = Rounds(worker, self._line)
        self._files: Turns[Found] = Turns()
        self._not_before = 0.0
        self._has_looked = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.end()

    @property
    def has_files(self) -> bool:
        """Whether files are there that can be taken now."""
        return any(map(self._may_take, self._files.parties()))

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits: what is heavy may still go on apart."""
        return not self._files and self._line.is_idle

    @property
    def is_over(self) -> bool:
        """Whether everything has been done that can be done."""
        return not self._files and self.rounds.is_over

    def until_look(self) -> float:
        """Seconds until the inbox may be looked at again; looking leaves time for the rest."""
        return max(0.0, self._not_before - time.monotonic())

    def look(self) -> None:
        """Look at the inbox and tell people of what stays. Raises InboxAway, FolderAway."""
        begun = time.monotonic()
        try:
            self._worker.workspace.must_be_there("inbox")
            seen = intake.survey(self._inbox)
        except (InboxAway, FolderAway):
            # nobody saw what was done there meanwhile
            self.settling.forget()
            self._files.clear()
            raise
        self._worker.wait_for(seen, self.settling.overdue)
        self._has_looked = True
        self._files.clear()
        # monotonic: a wall clock set forward would make a file at rest that is still being written
        for file in self.settling.at_rest(seen.found, time.monotonic(), is_all=seen.is_whole):
            if not self._line.holds(file):
                self._files.add(file, file.folder, file.stamp.size_bytes)
        ended = time.monotonic()
        self._not_before = ended + max(LEAST_BETWEEN_LOOKS, (ended - begun) * LOOKING_SHARE)

    def take(self) -> None:
        """Take some files, in turns; after a look also when there are none: what was taken before may be left."""
        if not self.has_files and not self._has_looked:
            return
        self._has_looked = False
        with having(Patience(GATE_SECONDS)) as patience:
            for job in self._worker.take(self._some(patience)):
                self.rounds.add(job)
        # what came twice opens no job: nobody else would lay its answer
        if self._worker.repeated:
            publishing.publish(self._worker.workspace)
        for file in self._worker.heavy:
            work = functools.partial(self._look_into, file)
            self._line.add(Task(file, work, file.folder, file.stamp.size_bytes), apart=True)
        self._worker.heavy.clear()

    def move(self) -> None:
        """Serve the line. Raises the trouble that stops everything."""
        self.rounds.move()

    def pause(self) -> None:
        """Let nothing wait any more until the next look: the store is in trouble."""
        self._files.clear()
        self._line.forget()

    def _some(self, patience: Patience) -> Iterator[Found]:
        until = time.monotonic() + TAKING_SECONDS
        while (file := self._files.next(self._may_take)) is not None:
            patience.begin_again()
            # only now that it is its turn: of thousands that wait none has to be opened with every look
            if self.settling.is_ready(self._inbox, file, time.monotonic()):
                yield file
            if time.monotonic() > until:
                return

    def _may_take(self, party: str) -> bool:
        """Whether a party's files are taken: not further ahead of the work than it can go on without a pause."""
        return self._line.waiting_of(party) < MOST_AHEAD

    def _look_into(self, file: Found) -> None:
        """Look into a heavy file, apart; it is taken by the next look."""
        self._worker.seen[file] = self._worker.look(file)
