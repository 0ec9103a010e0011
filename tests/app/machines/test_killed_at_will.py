"""Three machines, each in a namespace of its own, killed at will: whatever was dropped is done once."""

import json
import random
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.app.machines.many import Office, drop_forms, office_of_many
from tests.folders import drop, run, waiting
from tests.postgresql import Server
from tests.sample_papers import signed_paper
from tests.waiting import eventually

pytest.importorskip("procrastinate")
pytestmark = pytest.mark.slow
MACHINES = ("m1", "m2", "m3")
UNITS = 40


class Killer(threading.Thread):
    """Kills a machine every few seconds, and starts it again as a supervisor does."""

    def __init__(self, office: Office, seed: int) -> None:
        super().__init__()
        self.office, self.random = office, random.Random(seed)
        self.over = threading.Event()
        self.kills: list[tuple[str, bool]] = []  # whom, and whether it was the watcher
        self.killed: set[str] = set()  # by the names they had among the workers

    def living(self) -> dict[str, tuple[str, bool]]:
        """The workers that were not killed by us, by machine: the name of each, and whether it is the watcher."""
        rows = self.office.ask("SELECT machine, name, watches FROM vanthu_queue.workers")
        return {str(one): (str(name), bool(watches)) for one, name, watches in rows if name not in self.killed}

    def run(self) -> None:
        while not self.over.wait(self.random.uniform(1.5, 5)):
            name = self.random.choice(MACHINES)
            there = self.living().get(name)
            # on a busy machine one takes many seconds to begin: killed before, nothing would be tried
            if there is None:
                continue
            self.office.kill(name)
            self.killed.add(there[0])
            self.kills.append((name, there[1]))
            time.sleep(self.random.uniform(0.2, 2))
            self.office.start(name)


def in_state(office: Office, state: str) -> int:
    return int(str(office.ask(f"SELECT count(*) FROM jobs WHERE state = '{state}'")[0][0]))  # noqa: S608 - ours


def test_whatever_is_killed_each_document_is_made_numbered_and_filed_once(
    tmp_path: Path, postgresql: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with office_of_many(tmp_path, postgresql, UNITS) as office:
        for name in MACHINES:
            office.start(name)
        eventually(lambda: len(office.there()) == len(MACHINES))
        killer = Killer(office, seed=12)
        killer.start()
        try:
            drop_forms(office)
            eventually(lambda: in_state(office, "delivered") == UNITS, within_s=500)
            for code, unit in office.ask("SELECT code, unit FROM jobs WHERE state = 'delivered' ORDER BY id"):
                drop(office.share, f"{unit}.pdf", signed_paper(str(code)))
                time.sleep(0.1)
            eventually(lambda: in_state(office, "archived") == UNITS, within_s=500)
        finally:
            killer.over.set()
            killer.join()
        eventually(lambda: not waiting(office.share))
        # the first process of a namespace hears of no signal before it has said what to do with it
        eventually(lambda: len(killer.living()) == len(MACHINES))
        assert [office.stop(name) for name in MACHINES] == [0, 0, 0]
        assert len(killer.kills) >= 5
        watched = sum(one for _, one in killer.kills)
        (tmp_path / "kills.txt").write_text(
            f"{len(killer.kills)} kills, {watched} of the watcher\n", encoding="utf-8"
        )
        # one job, one drop, one number, one file for each; nothing is under way, nothing waits to be laid out
        states = Counter(str(state) for (state,) in office.ask("SELECT state FROM jobs"))
        assert states == {"archived": UNITS, "matched": UNITS}
        assert office.ask("SELECT count(*), count(DISTINCT sha256), sum(is_repeat) FROM drops") == [
            (2 * UNITS, 2 * UNITS, 0)
        ]
        given = [no for (no,) in office.ask("SELECT no FROM register WHERE act = 'number' ORDER BY id")]
        assert given == list(range(1, UNITS + 1))
        assert office.ask("SELECT count(*) FROM publications WHERE done_at = ''") == [(0,)]
        twice = "SELECT path FROM publications WHERE sha256 <> '' GROUP BY path, sha256 HAVING count(*) > 1"
        assert office.ask(twice) == []
        assert len(list((office.share / "archive").rglob("*.pdf"))) == UNITS
        root = str(office.machine("m1"))
        assert run("-C", root, "check") == 0
        assert run("-C", root, "verify") == 0
        capsys.readouterr()
        assert run("-C", root, "register", "list", "--json") == 0
        assert sorted(one["no"] for one in json.loads(capsys.readouterr().out)) == given
