"""`make mutants` on a toy project: it knows a test that bites from one that does not."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# one toy project for all: each test goes on where the one before it ended
pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]

SOURCE = '''"""A toy."""


def is_late(days: int) -> bool:
    """Its test knows the boundary."""
    return days > 3


def is_early(days: int) -> bool:
    """Its test asks nothing."""
    return days < 3


def lonely(days: int) -> int:
    """It has no test."""
    return days + 3
'''
TESTS = """
import subprocess
import sys
from pipeline.room import is_early, is_late

def test_late():
    assert is_late(4) and not is_late(3)

def test_early():
    assert is_early(0) in (True, False)

def test_broken_already():
    assert is_late(0)
"""
SLOW = """
import pytest

@pytest.mark.slow
def test_nothing():
    pass
"""
IN_A_CHILD = """
import subprocess
import sys

def test_lonely():
    code = "from pipeline.room import lonely; print(lonely(4))"
    assert subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, cwd="/").stdout == b"7\\n"
"""


class Toy:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("pipeline/__init__.py", "")
        self.write("pipeline/room.py", SOURCE)
        self.write("tests/test_room.py", TESTS)
        self.write("tests/late/test_slow.py", SLOW)
        self.write("pytest.ini", "[pytest]\nfilterwarnings = error\nmarkers = slow\n")

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, *words: str) -> tuple[int, str, Any]:
        command = [sys.executable, str(ROOT / "scripts" / "mutants.py"), "--root", str(self.folder)]
        done = subprocess.run([*command, "--workers", "1", *words], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr, self.results() if done.returncode != 2 else None

    def results(self) -> dict[str, set[str]]:
        facts = json.loads((self.folder / ".mutants" / "results.json").read_text(encoding="utf-8"))
        found: dict[str, set[str]] = {}
        for one in facts["mutants"]:
            found.setdefault(one["verdict"], set()).add(one["change"].splitlines()[-1].removeprefix("    + ").strip())
        return found


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    return Toy(tmp_path_factory.mktemp("toy"))


def test_a_test_that_bites_kills_and_one_that_does_not_lets_live(toy: Toy) -> None:
    code, said, results = toy.run("room", "--sample", "0")

    assert code == 1
    assert {"return days >= 3", "return days > 4", "return True"} <= results["killed"]
    assert {"return days <= 3", "return days >= 3", "return days < 4"} <= results["survived"]
    assert results["unreached"] == {"return days - 3", "return days + 4", "return None"}
    assert "pipeline/room.py:11: comparison" in said
    assert "left out, because they fail unbroken: tests/test_room.py::test_broken_already" in said


def test_a_mutant_is_killed_in_a_process_that_a_test_starts(toy: Toy) -> None:
    toy.write("tests/test_child.py", IN_A_CHILD)

    _, _, results = toy.run("room", "--sample", "0")

    assert "unreached" not in results
    assert {"return days - 3", "return days + 4", "return None"} <= results["killed"]


def test_an_equivalent_mutant_counts_on_neither_side(toy: Toy) -> None:
    toy.write(
        "scripts/mutation/equivalent.yaml",
        "- {file: pipeline/room.py, line: return days < 3, becomes: return days <= 3, reason: a toy}\n",
    )

    _, said, _ = toy.run("room", "--sample", "0")

    assert "1 equivalent" in said
    assert "return days <= 3" not in said


def test_what_was_recorded_is_found_again_in_a_changed_file_and_the_changed_lines_are_tried(toy: Toy) -> None:
    def git(*words: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.vn"]
        subprocess.run(["git", "-C", str(toy.folder), *identity, *words], check=True, capture_output=True)

    toy.write(".gitignore", ".mutants/\n")
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "toy")
    toy.write("pipeline/room.py", SOURCE.replace("days > 3", "days > 2 + 1").replace('"""A toy."""', '"""A\ntoy."""'))

    _, said, results = toy.run()

    assert "recording" not in said
    assert results == {"killed": results["killed"]}
    assert {"return days >= 2 + 1", "return days > 2 - 1"} <= results["killed"]


def test_a_room_that_is_not_there_is_named(toy: Toy) -> None:
    code, said, _ = toy.run("nowhere")

    assert (code, "nowhere" in said) == (1, True)


def test_the_page_keeps_the_rooms_that_were_not_run(toy: Toy) -> None:
    toy.write(
        "measures.md",
        "# Measures\n\n<!-- mutants: begin -->\nold\n\n| a | 5 | 4 | 3 | 1 | 0 | 0 | 75 % |\n<!-- mutants: end -->\n",
    )

    toy.run("room", "--sample", "2", "--page", "measures.md")

    page = (toy.folder / "measures.md").read_text(encoding="utf-8")
    assert "| a | 5 | 4 | 3 | 1 | 0 | 0 |" in page
    assert "\n| room |" in page and "\n| together |" in page
    assert "old" not in page
