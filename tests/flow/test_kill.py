"""A real process, really killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.model import State
from tests.folders import UNITS, drop, opened, registration, waiting, working_folder
from tests.postgresql import Server


def vanthu(folder: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", "-C", str(folder), *words]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def test_work_killed_in_the_middle_goes_on_and_nothing_is_lost_or_doubled(
    tmp_path: Path, request: pytest.FixtureRequest, engine: str
) -> None:
    folder = working_folder(tmp_path / "office")
    if engine == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        with (folder / "config.yaml").open("a", encoding="utf-8") as config:
            config.write(f"database: {{url: '{server.empty_ledger()}'}}\n")
    for unit in UNITS:
        drop(folder, f"{unit}.yaml", registration(unit), unit)
    process = subprocess.Popen(vanthu(folder, "watch"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not list((folder / "outbox").rglob("*.docx")) and time.monotonic() < deadline:
            time.sleep(0.01)  # until the work is visibly under way
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    again = subprocess.run(vanthu(folder, "run", "--json"), capture_output=True, timeout=120, check=False)
    assert again.returncode == 0, again.stderr.decode()
    with opened(folder) as workspace:
        jobs = workspace.ledger.in_states(State)
    assert sorted(job.unit for job in jobs) == sorted(UNITS)
    assert {job.state for job in jobs} == {State.DELIVERED}
    # a half-written file may be left under a hidden name; the next start that finds it old takes it away
    shown = [path for path in (folder / "outbox" / "cho-ky").iterdir() if not path.name.startswith(".")]
    assert len(shown) == len(UNITS)
    assert waiting(folder) == []


@pytest.mark.slow
def test_a_watch_told_to_stop_finishes_and_leaves_cleanly(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    process = subprocess.Popen(vanthu(folder, "watch"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    drop(folder, "dk.yaml", registration("CATP"), "CATP")
    line = process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert "CATP" in line
    assert process.returncode == 0, err


@pytest.mark.slow
def test_what_a_crash_left_half_written_is_taken_away_at_the_next_start(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    awaiting = folder / "outbox" / "cho-ky"
    awaiting.mkdir(parents=True)
    old, young = awaiting / ".vanthu-0123456789abcdef.part", awaiting / ".vanthu-fedcba9876543210.part"
    for left in (old, young):
        left.write_bytes(b"half")
    os.utime(old, (time.time() - 3600,) * 2)
    subprocess.run(vanthu(folder, "run"), capture_output=True, timeout=120, check=True)
    assert (old.exists(), young.exists()) == (False, True)
