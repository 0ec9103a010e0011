"""The model of leases, claims and numbering holds in every order of its steps, and not without the sequence check."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

MODEL = Path(__file__).parent / "model" / "leases.pml"
TOOLS = [name for name in ("spin", "gcc") if shutil.which(name) is None]
NEEDS_SPIN = pytest.mark.skipif(bool(TOOLS), reason=f"not installed: {', '.join(TOOLS)} (Debian's spin and gcc)")


def searched(folder: Path, *options: str) -> str:
    """Search the model through; gives what the searcher says."""
    subprocess.run(["spin", "-a", *options, MODEL], cwd=folder, check=True, capture_output=True)
    subprocess.run(["gcc", "-O2", "-DSAFETY", "-o", "pan", "pan.c"], cwd=folder, check=True, capture_output=True)
    told = subprocess.run(["./pan", "-m1000000", "-w24"], cwd=folder, check=True, capture_output=True, text=True)
    return told.stdout


@NEEDS_SPIN
def test_three_workers_and_three_jobs_give_each_job_one_number(tmp_path: Path) -> None:
    told = searched(tmp_path)
    assert "errors: 0" in told
    assert "Search not completed" not in told
    states = re.search(r"([\d.e+]+) states, stored", told)
    assert states is not None
    assert float(states.group(1)) > 1000


@pytest.mark.slow
@NEEDS_SPIN
def test_without_the_sequence_check_a_job_gets_two_numbers(tmp_path: Path) -> None:
    told = searched(tmp_path, "-DUNCHECKED")
    assert "errors: 1" in told
    assert "assertion violated" in told
