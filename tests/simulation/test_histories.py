"""Whole histories, each of one seed: whatever goes wrong, nothing is lost, nothing twice, and everything rests."""

import contextlib
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.folders import ROOT
from tests.simulation.history import Simulator, simulator
from tests.simulation.plan import Plan, made
from tests.simulation.planted import edited, found_after, planted

KEPT = sorted((Path(__file__).parent / "kept").glob("*.plan"))


@pytest.fixture(scope="module")
def simulated() -> Iterator[Simulator]:
    with simulator() as made_once:
        yield made_once


def test_some_new_histories_end_well(simulated: Simulator) -> None:
    first = secrets.randbelow(1_000_000_000) + 1
    failed = {seed: told for seed in range(first, first + 8) if (told := simulated.live(made(seed)).violations)}
    assert not failed, f"make simulate HISTORIES=8 SEED={first}"


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_history_that_once_failed_ends_well(simulated: Simulator, path: Path) -> None:
    assert simulated.live(Plan.read(path)).violations == ()


@pytest.mark.slow
def test_a_seed_gives_the_same_history_in_every_process(simulated: Simulator) -> None:
    seed = 25
    told = simulated.live(made(seed))
    assert simulated.live(made(seed)).trace == told.trace
    # names of this process, and the order of its sets, have no part in it
    program = (
        "from tests.simulation.history import simulator\nfrom tests.simulation.plan import made\n"
        f"with simulator() as one:\n print(*one.live(made({seed})).trace, sep='\\n')"
    )
    environment = {"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    other = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, cwd=ROOT, env=environment, text=True
    )
    assert other.stdout.splitlines() == told.trace


def test_a_kept_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "1.plan"
    for seed in range(1, 40):
        path.write_text("\n".join(made(seed).lines()), "utf-8")
        assert Plan.read(path) == made(seed)


def test_documents_of_simulated_histories_go_all_the_way(simulated: Simulator) -> None:
    # what is held by a stand-in that no longer fits the program meets no fault, and every history ends well
    reached: Counter[str] = Counter()
    for seed in range(1, 13):
        assert not simulated.live(made(seed)).violations
        with contextlib.closing(simulated.ledger()) as ledger:
            reached.update(state for (state,) in ledger.execute("SELECT to_state FROM events WHERE job_id > 0"))
    ways = ("filled", "delivered", "signed", "archived", "matched", "returned", "superseded", "numbered")
    assert all(reached[state] for state in ways), reached
    assert reached["delivered"] >= reached["received"] / 3


@pytest.mark.slow
def test_two_thousand_new_histories_end_well() -> None:
    words = [sys.executable, "-m", "tests.simulation", "--histories", "2000"]
    told = subprocess.run(words, capture_output=True, check=False, cwd=ROOT, text=True)
    assert told.returncode == 0, told.stdout + told.stderr


def test_each_planted_fault_is_an_edit_of_the_program_as_it_is() -> None:
    names = [fault.name for fault in planted()]
    assert len(names) == len(set(names)) >= 100
    for fault in planted():
        compile(edited(fault), fault.file, "exec")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["half a file is taken", "the file goes before it is recorded", "it is never done"])
def test_a_planted_fault_is_found(name: str) -> None:
    (fault,) = [one for one in planted() if one.name == name]
    assert found_after(fault, histories=150, seed=1).told
