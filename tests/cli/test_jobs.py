"""`vanthu reprocess` for many documents at once asks before it takes back what lies out for signature."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import State
from tests.folders import drop, opened, registration, working_folder


def reprocess(folder: Path, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", "-C", str(folder), "--lang", "vi", "reprocess", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, input=said)


def revisions(folder: Path) -> list[tuple[int, State]]:
    with opened(folder) as workspace:
        return [(job.revision, job.state) for job in workspace.ledger.in_states(State)]


@pytest.mark.slow
def test_what_is_out_for_signature_is_made_anew_only_after_a_yes(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, "dk.yaml", registration("CATP"), "CATP")
    with opened(folder) as workspace:
        serve_once(Worker(workspace), Rhythm(1, 0))
    untouched = [(1, State.DELIVERED)]

    asked = reprocess(folder, "--all")
    assert asked.returncode == 130
    assert "1 văn bản đang chờ ký (#1)" in asked.stderr
    assert revisions(folder) == untouched

    assert reprocess(folder, "--kind", "dang-ky", said="n\n").returncode == 130
    assert revisions(folder) == untouched

    assert reprocess(folder, "--kind", "dang-ky", "--yes").returncode == 0
    assert revisions(folder) == [(1, State.SUPERSEDED), (2, State.DELIVERED)]
