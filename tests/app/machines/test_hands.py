"""What the watcher gives out is done on lanes elsewhere: in haste or apart, once, and by who has its bundles."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from pipeline.app.machines.hands import Hands
from pipeline.app.machines.queue import Queue
from pipeline.app.worker import Worker
from pipeline.model import Job
from pipeline.store import workers
from pipeline.store.engine import reading
from pipeline.tools.patience import OutOfPatience, Patience, current, having
from tests.folders import opened
from tests.ledger.test_ledger import drop as dropped

pytest.importorskip("procrastinate")
BUNDLES = "the same everywhere"


class Slow(Worker):
    """Advances nothing; what is asked of it in haste takes too long, and it waits where it is told to."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.asked: list[tuple[int, bool]] = []
        self.waits = threading.Event()
        self.waits.set()
        self.begun = threading.Event()
        self.is_slow = False

    def advance(self, job_id: int, _job: Job | None = None) -> Job:
        patience = current()
        assert patience is not None
        self.asked.append((job_id, patience.is_short))
        self.begun.set()
        self.waits.wait(20)
        if self.is_slow and patience.is_short:
            raise OutOfPatience
        return self.workspace.ledger.job(job_id)


@contextmanager
def at_work(office: Path, engine: Engine) -> Iterator[tuple[Slow, Queue, Hands, int]]:
    """One worker's hands at work for a queue; and a job."""
    stopping = threading.Event()
    with opened(office) as workspace:
        job = workspace.ledger.take(dropped(1), name_key="a").job
        worker = Slow(workspace)
        hands = Hands(worker, BUNDLES)
        hands.begin()
        with Queue(engine, workspace.lease.owner, stopping) as queue:
            yield worker, queue, hands, job.id
            stopping.set()
        worker.waits.set()
        if not hands.stopped.is_set():
            hands.end()


def rows(engine: Engine) -> list[str]:
    """How the rows of the queue stand that are about jobs."""
    with reading(engine) as connection:
        asked = text(f"SELECT status::text FROM {workers.QUEUE} WHERE task_name = 'advance'")  # noqa: S608 - a constant
        return list(connection.execute(asked).scalars())


def test_what_takes_long_is_given_up_in_haste_and_done_apart(office: Path, engine: Engine) -> None:
    with at_work(office, engine) as (worker, queue, _, job):
        worker.is_slow = True
        with having(Patience(3)), pytest.raises(OutOfPatience):
            queue.done(job, BUNDLES)
        with having(Patience()):
            queue.done(job, BUNDLES)
        assert worker.asked == [(job, True), (job, False)]
        # hints that have ended are not kept
        assert rows(engine) == []


def test_waiting_for_a_lane_is_not_the_work_s_fault(office: Path, engine: Engine) -> None:
    with at_work(office, engine) as (worker, queue, _, job), ThreadPoolExecutor(1) as pool:
        worker.waits.clear()

        def give_out() -> None:
            with having(Patience(0.5)):
                queue.done(job, BUNDLES)

        given = pool.submit(give_out)
        assert worker.begun.wait(10)
        with pytest.raises(TimeoutError):
            given.result(timeout=1)
        worker.waits.set()
        given.result(timeout=10)


def test_a_worker_with_other_bundles_leaves_the_job_as_it_is(office: Path, engine: Engine) -> None:
    with at_work(office, engine) as (worker, queue, hands, job):
        hands.bundles = "edited meanwhile"
        with having(Patience(3)):
            queue.done(job, BUNDLES)
        assert worker.asked == []


def test_a_worker_that_ends_puts_back_what_it_does_not_finish(
    office: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.app.machines.hands.END_SECONDS", 0.1)
    with at_work(office, engine) as (worker, queue, hands, job), ThreadPoolExecutor(1) as pool:
        worker.waits.clear()
        worker.is_slow = True

        def give_out() -> None:
            with having(Patience(3)):
                queue.done(job, BUNDLES)

        given = pool.submit(give_out)
        assert worker.begun.wait(10)
        ending = threading.Thread(target=hands.end)
        ending.start()
        worker.waits.set()
        ending.join()
        assert rows(engine) == ["todo"]
        assert not given.done()
        # another one takes it
        other = Slow(worker.workspace)
        after = Hands(other, BUNDLES)
        after.begin()
        given.result(timeout=20)
        assert other.asked == [(job, True)]
        after.end()


def test_a_job_that_a_watcher_before_gave_out_is_not_given_out_twice(office: Path, engine: Engine) -> None:
    with opened(office) as workspace, ThreadPoolExecutor(1) as pool:
        job = workspace.ledger.take(dropped(1), name_key="a").job.id
        stopping = threading.Event()
        stopping.set()  # the watcher before gives out, and ends
        with Queue(engine, "before", stopping) as before, having(Patience(3)), pytest.raises(OutOfPatience):
            before.done(job, BUNDLES)
        worker = Slow(workspace)
        hands = Hands(worker, BUNDLES)
        with Queue(engine, "after", threading.Event()) as after:

            def give_out() -> None:
                with having(Patience(3)):
                    after.done(job, BUNDLES)

            given = pool.submit(give_out)
            with pytest.raises(TimeoutError):
                given.result(timeout=0.5)
            assert rows(engine) == ["todo"]
            hands.begin()
            given.result(timeout=20)
            hands.end()
        assert worker.asked == [(job, True)]
