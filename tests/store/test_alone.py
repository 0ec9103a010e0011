"""One at a time, on each engine: threads, processes, and on PostgreSQL machines that share no folder."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.errors import StoreGone
from pipeline.store.alone import alone
from pipeline.store.engine import open_engine
from tests.postgresql import Server

HOLDER = """
import sys, time
from pathlib import Path
from pipeline.store.alone import alone
from pipeline.store.engine import open_engine
with alone(open_engine(sys.argv[1]), "publishing", Path(sys.argv[2])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def holder(url: str, folder: Path) -> "subprocess.Popen[str]":
    """Another process that holds the lock until it is killed."""
    words = [sys.executable, "-c", HOLDER, url, str(folder)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_threads_do_it_one_after_the_other(ledger_url: str, tmp_path: Path) -> None:
    engine = open_engine(ledger_url)
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(10):
            with alone(engine, "publishing", tmp_path):
                inside += 1
                most = max(most, inside)
                time.sleep(0.001)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert most == 1


def test_another_machine_is_held_off_until_its_holder_is_killed(postgresql: Server, tmp_path: Path) -> None:
    url = postgresql.empty_ledger()
    there = holder(url, tmp_path / "there")
    engine = open_engine(url)
    done = threading.Event()

    def wait() -> None:
        with alone(engine, "publishing", tmp_path / "here"):
            done.set()

    thread = threading.Thread(target=wait)
    thread.start()
    with alone(engine, "board", tmp_path / "here"):  # another name is another lock
        assert not done.wait(0.3)
    there.kill()
    there.communicate()
    assert done.wait(10)
    thread.join()
    engine.dispose()


def test_a_lock_that_was_lost_meanwhile_is_told_and_the_next_gets_it(postgresql: Server, tmp_path: Path) -> None:
    engine = open_engine(postgresql.empty_ledger())
    with pytest.raises(StoreGone), alone(engine, "publishing", tmp_path):
        postgresql.execute(
            "postgres", "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        )
    with alone(engine, "publishing", tmp_path):
        pass
    engine.dispose()


def test_trouble_within_gives_the_lock_back(postgresql: Server, tmp_path: Path) -> None:
    engine = open_engine(url := postgresql.empty_ledger())
    with pytest.raises(ZeroDivisionError), alone(engine, "publishing", tmp_path):
        1 / 0  # noqa: B018 - any trouble
    other = open_engine(url)
    with alone(other, "publishing", tmp_path / "other"):
        pass
    other.dispose()
    engine.dispose()
