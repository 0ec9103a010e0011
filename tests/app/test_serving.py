"""Serving an inbox: nobody waits for a flood, for a heavy file or for what takes long at the gate."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.app.serving import Service
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.files.holding import Holders
from pipeline.intake import Found
from pipeline.model import State
from pipeline.reading import Look
from pipeline.steps import secrecy
from pipeline.tools import patience
from pipeline.workspace import Workspace
from tests.app.test_attempts import vanthu
from tests.folders import ROOT, drop, registration, working_folder
from tests.status.office import Office
from tests.waiting import eventually

FORMS = 40


def heavy_at_the_gate(monkeypatch: pytest.MonkeyPatch, name: str) -> list[str]:
    """Let looking into a file take too long where others wait; gives what was asked at the gate, in order."""
    really, asked = secrecy.look, []

    def look(workspace: Workspace, found: Found) -> Look:
        asked.append(found.shown_name)
        if found.shown_name == name:
            patience.refuse_long()
        return really(workspace, found)

    monkeypatch.setattr(secrecy, "look", look)
    return asked


def test_what_takes_long_at_the_gate_is_looked_into_apart_and_taken_after_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = heavy_at_the_gate(monkeypatch, "dk-CATP.yaml")
    drop(office.folder, "dk-CATP.yaml", registration("CATP"), "CATP")
    drop(office.folder, "dk-KNH.yaml", registration("KNH"), "KNH")
    worker = Worker(office.workspace)

    moved = serve_once(worker, Rhythm(1, 0))

    assert [(job.unit, job.state) for job in moved] == [("KNH", State.DELIVERED), ("CATP", State.DELIVERED)]
    assert asked == ["dk-CATP.yaml", "dk-KNH.yaml", "dk-CATP.yaml"]
    assert (worker.left, worker.seen, worker.heavy) == ([], {}, set())


def test_a_look_opens_none_of_the_files_that_wait_for_their_turn(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    really = Holders.of

    def of(self: Holders, fd: int) -> object:
        opened.append(fd)
        return really(self, fd)

    monkeypatch.setattr(Holders, "of", of)
    for number in range(20):
        drop(office.folder, f"{number}.yaml", registration("CATP", headcount=number + 1), "CATP")
    with Service(Worker(office.workspace), 0, lambda: None) as service:
        service.look()
        assert (opened, service.has_files) == ([], True)


# the real command line


def done(folder: Path, unit: str) -> int:
    """How many forms of a unit have been worked on."""
    with contextlib.closing(sqlite3.connect(folder / "var" / "vanthu.sqlite")) as ledger:
        query = "select count(*) from jobs where folder = ? and state <> 'received'"
        return int(ledger.execute(query, (unit,)).fetchone()[0])


@pytest.mark.slow
def test_a_good_form_is_answered_before_the_flood_that_came_first_and_a_stop_is_obeyed_in_the_middle(
    tmp_path: Path,
) -> None:
    folder = working_folder(tmp_path / "office")
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline", "-C", str(folder), "watch"],
        cwd=ROOT,
        env=dict(os.environ),
        stderr=subprocess.PIPE,
    ) as process:
        try:
            assert process.stderr is not None
            process.stderr.readline()  # it watches
            for number in range(FORMS):
                drop(folder, f"f{number}.yaml", registration("BTLTP", headcount=number + 1), "BTLTP")
            eventually(lambda: done(folder, "BTLTP") >= 1)
            before = done(folder, "BTLTP")
            drop(folder, "dk.yaml", registration("KNH"), "KNH")
            eventually(lambda: any((folder / "outbox" / "KNH").glob("*bien-nhan*")))
            meanwhile = done(folder, "BTLTP") - before
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
            took = time.monotonic() - begun
        finally:
            process.kill()
    assert (before < 5, meanwhile < FORMS / 2) == (True, True)
    assert took < 15, "ten on a quiet machine"
    assert done(folder, "BTLTP") < FORMS
    # what is left is done at the next start
    assert vanthu(folder, "run").returncode == 0
    assert done(folder, "BTLTP") == FORMS
