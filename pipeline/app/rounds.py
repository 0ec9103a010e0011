"""Rounds: every job that can go on is put into the line, until nothing moves any more.

What met trouble, or is worked on elsewhere, is put off to the next round: five attempts are five rounds. What waits
for other documents is asked again whenever something has moved.
"""

import functools
import threading
from typing import TYPE_CHECKING, Final

from pipeline import flow
from pipeline.app.line import Line, Task
from pipeline.health import presence
from pipeline.model import Job, State

if TYPE_CHECKING:
    from pipeline.app.worker import Worker

#: The party of what waits for other documents: asked between the others, and never in place of them.
_WAITERS: Final = "\0waiting"


class Rounds:
    """The jobs of one workspace in a line. All calls come from the thread that has the line."""

    def __init__(self, worker: "Worker", line: Line) -> None:
        self._worker = worker
        self._line = line
        self._put_off: set[int] = set()
        self._has_moved = False
        self._results: dict[int, tuple[Job, Job]] = {}  # as each was, as it is; written on the lanes
        self._moved: dict[int, None] = {}
        self._count = 0

    @property
    def is_over(self) -> bool:
        """Whether all has been done that can be done in this round."""
        return self._line.is_empty and not self._has_moved

    def begin(self) -> None:
        """Begin a round: what was put off is tried again."""
        workspace = self._worker.workspace
        self._put_off.clear()
        self._line.have(self._worker.lanes())
        # the jobs of a worker that was killed are free at once, not when its lease runs out (decision 0014)
        presence.release_gone(workspace.folders.workers, workspace.ledger)
        self._ask()
        self.move()

    def move(self) -> None:
        """Note what has ended, begin what can be begun. Raises the trouble that stops everything."""
        try:
            self._line.move()
        finally:
            self._note_ended()
        if self._line.is_idle and self._has_moved:
            self._ask()
            self._line.move()

    def add(self, job: Job) -> None:
        """Let a job wait for its turn."""
        self._line.add(
            Task(job.id, functools.partial(self._advance, job), _party_of(job), self._worker.workspace.cost_of(job))
        )

    def moved(self) -> list[Job]:
        """Give the jobs that have moved or met trouble since this was last asked, as they now stand."""
        # asked before they are forgotten: the store may be in trouble, and then they are told of later
        moved = self._worker.workspace.ledger.jobs_of(list(self._moved)) if self._moved else []
        for job in moved:
            self._moved.pop(job.id, None)
        return moved

    def _ask(self) -> None:
        """Put every job into the line that can go on."""
        self._has_moved = False
        for job in self._worker.workspace.ledger.in_states(flow.WORK):
            if job.id not in self._put_off:
                self.add(job)

    def _advance(self, job: Job) -> None:
        """Advance a job; on a lane, in a thread of its own."""
        self._results[job.id] = (job, self._worker.advance(job.id, job))

    def _note_ended(self) -> None:
        # the line holds more than jobs: files that are looked into
        ended = [self._results.pop(key) for key in self._line.ended() if isinstance(key, int)]
        for job, now in ended:
            is_still = job.sequence == now.sequence
            self._has_moved |= not is_still
            # what waits for others is asked again after any change
            if is_still and job.state is State.WAITING:
                continue
            self._moved[job.id] = None
            if is_still or job.id in self._worker.troubled:
                self._put_off.add(job.id)
        self._count += len(ended)
        if ended:
            self._worker.progress(self._count, self._count + len(self._line))
        self._worker.troubled.difference_update(job.id for job, _ in ended)


def work_off(worker: "Worker") -> list[Job]:
    """Do one round to its end; gives the jobs that moved, as they now stand."""
    wake = threading.Event()
    with Line(worker.threads, wake.set) as line:
        rounds = Rounds(worker, line)
        rounds.begin()
        while not rounds.is_over:
            wake.wait()
            wake.clear()
            rounds.move()
        return rounds.moved()


def _party_of(job: Job) -> str:
    return _WAITERS if job.state is State.WAITING else job.folder
