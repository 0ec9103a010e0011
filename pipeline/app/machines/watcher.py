"""The watcher: one of the workers, elected by a lock, looks at the inbox; its lanes are those of all workers."""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine, text

from pipeline.app.machines.queue import Queue
from pipeline.app.watching import Rhythm, watch
from pipeline.app.worker import Worker
from pipeline.errors import StoreGone, VanthuError, WatchedAlready
from pipeline.health.presence import only_watcher
from pipeline.model import Job
from pipeline.store import workers
from pipeline.store.alone import key_of
from pipeline.store.trouble import telling

if TYPE_CHECKING:
    from pipeline.app.machines.member import Member

log = logging.getLogger(__name__)

#: How often a worker asks whether it is the watcher, and the watcher whether it still is.
ASK_SECONDS: Final = 2.0
#: So many jobs are given out for each lane: one in hand and one that waits, so that no lane does.
AHEAD: Final = 2
MOST_LANES: Final = 200


@dataclass
class Watcher(Worker):
    """A worker whose jobs are advanced by all workers, itself among them."""

    queue: Queue = field(kw_only=True)
    bundles: Callable[[], str] = field(kw_only=True)

    @property
    def most_threads(self) -> int:
        """How many jobs may ever be given out at once."""
        return MOST_LANES

    def lanes(self) -> int:
        """Say how many jobs may be given out now."""
        there = sum(one.lanes for one in workers.workers(self.workspace.ledger.engine))
        return min(self.most_threads, AHEAD * max(1, there))

    def advance(self, job_id: int, _job: Job | None = None) -> Job:
        """Have a job advanced somewhere, and see what the ledger says of it then."""
        self.queue.done(job_id, self.bundles())
        ledger = self.workspace.ledger
        job = ledger.job(job_id)
        # trouble of the sequence it still has: not again in this round (decision 0014)
        if any(one.sequence == job.sequence for one in ledger.attempts(job_id)):
            self.troubled.add(job_id)
        return job


def watch_when_elected(member: "Member", rhythm: Rhythm, report: Callable[[list[Job]], None]) -> None:
    """Watch whenever this worker is the elected one, until the member is told to stop."""
    while not member.stop.is_set():
        try:
            with _elected(member.workspace.ledger.engine) as lock:
                if lock is not None:
                    _watch(member, lock, rhythm, report)
        except (StoreGone, WatchedAlready) as trouble:
            log.error("waits", extra={"action": "queue.elect", "why": str(trouble)})  # noqa: TRY400 - no bug
        member.stop.wait(ASK_SECONDS)


@contextlib.contextmanager
def _elected(engine: Engine) -> Iterator[Connection | None]:
    """Be the watcher for the length of a block; None where another is."""
    with telling(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        asked = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key_of("watcher")})
        is_ours = asked.scalar_one()
        try:
            yield connection if is_ours else None
        finally:
            # closed, not given back: the lock goes with its session
            connection.invalidate()


def _watch(member: "Member", lock: Connection, rhythm: Rhythm, report: Callable[[list[Job]], None]) -> None:
    over = threading.Event()  # told to stop, or no longer the watcher
    member.watches.set()
    asking = threading.Thread(target=_ask, args=(member, lock, over))
    asking.start()
    worker = member.worker
    try:
        workspace = worker.workspace
        # a `vanthu watch` beside us would take the same files: safe, and of no use
        with (
            only_watcher(workspace.folders.workers),
            Queue(workspace.ledger.engine, workspace.lease.owner, over) as queue,
        ):
            lead = Watcher(workspace, worker.threads, queue=queue, bundles=lambda: member.hands.bundles)
            watch(lead, rhythm, over, member.wake, report)
    finally:
        member.watches.clear()
        over.set()
        asking.join()


def _ask(member: "Member", lock: Connection, over: threading.Event) -> None:
    """End the watching when the lock is lost or the member is told to stop; on a thread of its own."""
    while not over.is_set():
        if member.stop.wait(ASK_SECONDS):
            break
        try:
            with telling():
                lock.execute(text("SELECT 1"))
        except VanthuError as trouble:
            log.warning("not the watcher any more", extra={"action": "queue.lose", "why": str(trouble)})
            break
    over.set()
    member.wake.set()
