"""What a dead worker had in hand is brought back, and one that was paused for too long ends by itself."""

import signal
import time
from functools import partial
from pathlib import Path

import pytest

from pipeline.app.machines import WorkerPruned
from pipeline.app.machines.hands import DEAD_SECONDS
from pipeline.errors import StoreGone
from tests.app.machines.many import Office, drop_forms, office_of_many
from tests.folders import run
from tests.postgresql import Server
from tests.waiting import eventually

pytest.importorskip("procrastinate")
pytestmark = pytest.mark.slow
UNITS = 12
#: Until it is dead, until the next rescue, and what was in hand.
BROUGHT_BACK = DEAD_SECONDS + 10 + 30


def has_workers(office: Office, count: int) -> bool:
    return len(office.there()) == count


def begin(office: Office, *machines: str) -> None:
    """Start machines one after the other: the first is the watcher."""
    for number, name in enumerate(machines, start=1):
        office.start(name)
        eventually(partial(has_workers, office, number), why=partial(office.log, name))
        eventually(lambda: any(office.there().values()))


def stopped_with_a_job_in_hand(office: Office, machine: str) -> None:
    """Stop a machine's worker, as a frozen machine is stopped, at a moment when a job is leased by it."""
    leased = "SELECT count(*) FROM jobs JOIN vanthu_queue.workers ON lease_owner = workers.name"
    held = f"{leased} WHERE machine = '{machine}'"

    def is_held() -> bool:
        if office.ask(held) == [(0,)]:
            return False
        office.signal_worker(machine, signal.SIGSTOP)
        if office.ask(held) != [(0,)]:
            return True
        office.signal_worker(machine, signal.SIGCONT)
        return False

    deadline = time.monotonic() + 60
    while not is_held():
        assert time.monotonic() < deadline, office.log(machine)
        time.sleep(0.01)


def is_all_made(office: Office) -> bool:
    return office.ask("SELECT count(*) FROM jobs WHERE state = 'delivered'") == [(UNITS,)]


def is_sound(office: Office, machine: str) -> None:
    assert office.ask("SELECT count(*), count(DISTINCT unit) FROM jobs") == [(UNITS, UNITS)]
    assert office.ask("SELECT count(*) FROM jobs WHERE lease_owner <> ''") == [(0,)]
    assert len(list((office.share / "outbox" / "cho-ky").glob("[!.]*.docx"))) == UNITS
    assert run("-C", str(office.machine(machine)), "check") == 0


def test_what_a_killed_worker_had_in_hand_others_do(tmp_path: Path, postgresql: Server) -> None:
    with office_of_many(tmp_path, postgresql, UNITS) as office:
        begin(office, "m1", "m2")
        drop_forms(office)
        stopped_with_a_job_in_hand(office, "m2")
        office.kill("m2")
        eventually(lambda: is_all_made(office), within_s=BROUGHT_BACK, why=lambda: office.log("m1"))
        eventually(lambda: office.there() == {"m1": True})
        assert office.stop("m1") == 0
        is_sound(office, "m1")


def test_a_watcher_that_was_paused_for_too_long_is_replaced_and_ends(tmp_path: Path, postgresql: Server) -> None:
    with office_of_many(tmp_path, postgresql, UNITS) as office:
        begin(office, "m1", "m2")
        drop_forms(office)
        stopped_with_a_job_in_hand(office, "m1")
        eventually(lambda: office.there() == {"m2": True}, within_s=BROUGHT_BACK, why=lambda: office.log("m2"))
        eventually(lambda: is_all_made(office), within_s=BROUGHT_BACK, why=lambda: office.log("m2"))
        office.signal_worker("m1", signal.SIGCONT)
        assert office.processes["m1"].wait(timeout=60) == WorkerPruned.exit_code, office.log("m1")
        assert "không báo hiệu" in office.log("m1")
        assert "Traceback" not in office.log("m1")
        # its supervisor starts it again, and it is one of them
        office.start("m1")
        eventually(lambda: office.there() == {"m2": True, "m1": False}, why=lambda: office.log("m1"))
        assert [office.stop(name) for name in ("m1", "m2")] == [0, 0]
        is_sound(office, "m2")


def test_a_server_that_is_started_again_costs_no_document(tmp_path: Path) -> None:
    server = Server.begin()
    try:
        with office_of_many(tmp_path, server, UNITS) as office:
            begin(office, "m1", "m2")
            drop_forms(office)
            eventually(lambda: office.ask("SELECT count(*) FROM jobs WHERE state = 'delivered'") != [(0,)])
            server.stop("immediate")
            time.sleep(1)
            server.start()
            deadline = time.monotonic() + 120
            while not is_all_made(office):
                assert time.monotonic() < deadline, office.log("m1") + office.log("m2")
                for name in ("m1", "m2"):
                    # as a supervisor does
                    if (code := office.processes[name].poll()) is not None:
                        assert code in {StoreGone.exit_code, WorkerPruned.exit_code}, office.log(name)
                        office.start(name)
                time.sleep(0.5)
            eventually(lambda: len(office.there()) == 2)
            assert [office.stop(name) for name in ("m1", "m2")] == [0, 0]
            is_sound(office, "m1")
    finally:
        server.remove()
