"""Several workers on one ledger: nobody does what another is doing, and nobody waits for one that was killed."""

import contextlib
import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import flow
from pipeline.app.worker import Worker
from pipeline.intake import look
from pipeline.ledger import Lease, Outcome
from pipeline.model import Job, State
from pipeline.steps import making
from pipeline.workspace import Workspace
from tests.folders import MAY, Clock, drop, opened, registration, working_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return working_folder(tmp_path / "office")


@contextlib.contextmanager
def taken(folder: Path, clock: Clock | None = None) -> Iterator[tuple[Workspace, Job]]:
    """A workspace with one registration taken out of the inbox and not yet worked on."""
    drop(folder, "dk.yaml", registration("CATP"), "CATP")
    with opened(folder, clock) as workspace:
        (job,) = Worker(workspace).take(look(workspace.folders.inbox))
        yield workspace, job


def test_what_another_is_working_on_is_left_alone_and_done_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filling, go_on, times = threading.Event(), threading.Event(), []
    really = making.fills

    def slow(workspace: Workspace, job: Job) -> Outcome:
        times.append(job.id)
        filling.set()
        assert go_on.wait(30)
        return really(workspace, job)

    monkeypatch.setattr(making, "fills", slow)
    with taken(folder) as (workspace, job), opened(folder) as second:
        first = threading.Thread(target=Worker(workspace).work_off)
        first.start()
        assert filling.wait(30)
        (seen,) = Worker(second).work_off()
        # what it has come to so far is recorded with the rest (decision 0061)
        assert seen.state is State.RECEIVED
        go_on.set()
        first.join(30)
        assert (workspace.ledger.job(job.id).state, times) == (State.DELIVERED, [job.id])


def test_the_lease_of_a_worker_elsewhere_runs_out_by_the_clock(folder: Path) -> None:
    clock = Clock()
    with taken(folder, clock) as (workspace, job):
        workspace.ledger.claim(job, Lease("another-machine", workspace.lease.seconds))
        assert flow.advance(workspace, job.id).state is State.RECEIVED
        clock.now = MAY + dt.timedelta(seconds=workspace.lease.seconds + 1)
        assert flow.advance(workspace, job.id).state is State.DELIVERED


def test_what_is_at_rest_or_failed_is_leased_to_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_workspace: Workspace, _job: Job) -> Outcome:
        raise ZeroDivisionError

    monkeypatch.setattr(making, "fills", fails)
    with taken(folder) as (workspace, job), pytest.raises(ZeroDivisionError):
        flow.advance(workspace, job.id)
    monkeypatch.undo()
    with opened(folder) as workspace:
        assert workspace.ledger.job(job.id).state is State.ACCEPTED
        assert flow.advance(workspace, job.id).state is State.DELIVERED


@pytest.mark.slow
def test_a_killed_worker_of_this_machine_is_not_waited_for(folder: Path) -> None:
    with taken(folder) as (workspace, job):
        working = (
            "import sys, time; from pathlib import Path; from tests.folders import opened\n"
            "with opened(Path(sys.argv[1])) as w: print(w.ledger.claim(w.ledger.job(1), w.lease), flush=True);"
            " time.sleep(60)"
        )
        process = subprocess.Popen([sys.executable, "-c", working, str(folder)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        (alone,) = Worker(workspace).work_off()
        assert alone.state is State.RECEIVED
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        (after,) = Worker(workspace).work_off()
        assert (after.id, after.state) == (job.id, State.DELIVERED)


@pytest.mark.slow
def test_two_processes_on_one_inbox_do_each_file_once(folder: Path) -> None:
    for unit in ("CATP", "KNH", "SATRA", "DHQG"):
        drop(folder, f"{unit}.yaml", registration(unit), unit)
    command = [sys.executable, "-m", "pipeline", "-C", str(folder), "run"]
    processes = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)]
    for process in processes:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()
    deadline = time.monotonic() + 60
    with opened(folder) as workspace:
        # whatever the one had leased when the other looked last is gone on with at the next run
        while workspace.ledger.in_states(flow.WORK) and time.monotonic() < deadline:
            Worker(workspace).work_off()
        jobs = workspace.ledger.in_states(State)
        assert [job.state for job in jobs] == [State.DELIVERED] * 4
        assert [len(workspace.ledger.events(job.id)) for job in jobs] == [6] * 4
