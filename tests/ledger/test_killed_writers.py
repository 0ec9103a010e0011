"""Processes that number papers and are killed at any moment, on both engines: no gap, no double, no broken chain."""

import itertools
import random
import subprocess
import sys
import time

import pytest

from pipeline.archive.journal import Places
from pipeline.audit.log import log_findings
from pipeline.ledger import Ledger, Outcome
from pipeline.model import State
from tests.ledger.test_ledger import NOON, WISH, drop, signed_job

pytestmark = pytest.mark.slow
PROCESSES = 3
KILLS = 15
JOBS = 90


def work(url: str) -> None:
    """What each process does: take files in an order of its own, bring them on, number them."""
    ledger = Ledger.open(url, lambda: NOON, "worker")
    order = random.Random(time.monotonic_ns()).sample(range(JOBS), JOBS)
    for number in itertools.cycle(order):
        taken = ledger.take(drop(number), name_key=str(number))
        job = ledger.job(taken.job.id)
        if job.state is not State.SIGNED:
            continue
        try:
            ledger.advance(job, Outcome(State.REGISTERED, number=WISH))
        except Exception as trouble:  # another was first
            assert "StateConflict" in type(trouble).__name__, trouble


def test_numbers_given_by_processes_that_are_killed_have_no_gap_and_no_double(
    ledger_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ledger = Ledger.open(ledger_url, lambda: NOON, "test")
    for number in range(JOBS):
        signed_job(ledger, number)

    def begin() -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-c", f"from {__name__} import work; work({ledger_url!r})"])

    workers = [begin() for _ in range(PROCESSES)]
    chance = random.Random(7)
    try:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.3, 1.2))
            place = chance.randrange(PROCESSES)
            assert workers[place].poll() is None, "a process ended by itself"
            workers[place].kill()
            workers[place].wait()
            workers[place] = begin()
        until = time.monotonic() + 120
        while ledger.in_states([State.SIGNED]):
            assert time.monotonic() < until
            assert all(worker.poll() is None for worker in workers)
            time.sleep(0.2)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    assert sorted(entry.no for entry in ledger.entries()) == list(range(1, JOBS + 1))
    assert len(ledger.in_states(State)) == JOBS
    folder = tmp_path_factory.mktemp("none")
    assert list(log_findings(ledger, Places(folder, folder))) == []
    ledger.close()
