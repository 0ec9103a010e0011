"""Three machines whose spool is in an object store: machines are killed, and so is the store."""

from collections import Counter
from pathlib import Path

import pytest

from tests.app.machines.many import Office, drop_forms
from tests.app.machines.test_killed_at_will import in_state
from tests.folders import drop, run, waiting
from tests.postgresql import Server
from tests.sample_papers import signed_paper
from tests.seaweed import Seaweed
from tests.waiting import eventually

pytest.importorskip("procrastinate")
pytestmark = pytest.mark.slow
MACHINES = ("m1", "m2", "m3")
UNITS = 12


@pytest.fixture
def url(seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in seaweed.environment.items():
        monkeypatch.setenv(name, value)
    return seaweed.new_url()


def worked_by(office: Office) -> Counter[str]:
    """How many steps each machine has done."""
    return Counter({name: len(list((office.machine(name) / "var" / "spool").glob("??/*"))) for name in MACHINES})


def test_what_is_dropped_is_done_once_though_machines_and_store_are_killed(
    tmp_path: Path, postgresql: Server, seaweed: Seaweed, url: str
) -> None:
    units = tuple(f"DV{number:02d}" for number in range(UNITS))
    store: dict[str, object] = {"spool": url, "seconds": 5}
    office = Office(tmp_path, postgresql, postgresql.new_database(), units, object_store=store)
    try:
        for name in MACHINES:
            office.start(name)
        eventually(lambda: len(office.there()) == len(MACHINES))
        drop_forms(office)
        eventually(lambda: in_state(office, "delivered") >= 2)
        seaweed.kill()
        office.kill("m2")
        office.start("m2")
        seaweed.start()
        eventually(lambda: in_state(office, "delivered") == UNITS, within_s=300)
        for code, unit in office.ask("SELECT code, unit FROM jobs WHERE state = 'delivered' ORDER BY id"):
            drop(office.share, f"{unit}.pdf", signed_paper(str(code)))
        eventually(lambda: in_state(office, "archived") >= 2)
        office.kill("m3")
        office.start("m3")
        eventually(lambda: in_state(office, "archived") == UNITS, within_s=300)
        eventually(lambda: not waiting(office.share))
        # none of them sees another's copies, and each has worked
        assert all(worked_by(office).values())
        eventually(lambda: len(office.there()) >= len(MACHINES))
        assert [office.stop(name) for name in MACHINES] == [0, 0, 0]
    finally:
        office.end()
        if seaweed.is_killed:
            seaweed.start()
    given = [no for (no,) in office.ask("SELECT no FROM register WHERE act = 'number' ORDER BY id")]
    assert given == list(range(1, UNITS + 1))
    assert office.ask("SELECT count(*), count(DISTINCT sha256), sum(is_repeat) FROM drops") == [
        (2 * UNITS, 2 * UNITS, 0)
    ]
    assert len(list((office.share / "archive").rglob("*.pdf"))) == UNITS
    assert not (office.share / "spool").exists()
    # a machine that has never worked has all it needs from ledger, share and store
    root = str(office.machine("m4"))
    assert run("-C", root, "check") == 0
    assert run("-C", root, "verify") == 0
