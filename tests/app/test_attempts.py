"""A trouble that may pass is tried again, by whoever drives, but not for ever."""

import dataclasses
import datetime as dt
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipeline.app import operations
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import MOST_ATTEMPTS, Worker
from pipeline.ledger import Outcome
from pipeline.model import Job, Role, State
from pipeline.tools.guard import GuardRefused, Reason
from pipeline.tools.soffice import Office
from tests.folders import MAY, Clock, drop, opened, registration, working_folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a form in its inbox, whose LibreOffice dies on every document."""
    folder = working_folder(tmp_path / "office", pdf="on")
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 77\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    drop(folder, "dk.yaml", registration("CATP"), "CATP")
    return folder


def vanthu(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pipeline", "-C", str(folder), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def run(folder: Path) -> Job:
    """Work off once, as a process of its own would; gives the one job."""
    with opened(folder) as workspace:
        (job,) = serve_once(Worker(workspace, 1), Rhythm(1, 0))
        return job


@pytest.mark.slow
def test_runs_that_are_processes_of_their_own_hold_a_job_after_the_fifth_trouble_and_say_why(folder: Path) -> None:
    assert vanthu(folder, "run").returncode == 0
    for _ in range(MOST_ATTEMPTS - 2):  # as good as processes, and sooner done: all is opened anew
        run(folder)
    assert "đã 4 lần không được" in vanthu(folder, "why", "1").stdout
    assert vanthu(folder, "run").returncode == 3
    told = " ".join(vanthu(folder, "show", "1").stdout.split())
    assert "đã thử 5 lần không được; lần cuối: LibreOffice bị dừng đột ngột" in told


@pytest.mark.slow
def test_the_count_starts_anew_when_a_person_has_the_job_done_again(folder: Path) -> None:
    assert [run(folder).state for _ in range(MOST_ATTEMPTS)] == [State.FILLED] * 4 + [State.HELD]
    with opened(folder) as workspace:
        operations.reprocess(workspace, operations.plan(workspace, workspace.ledger.job(1)))
    assert [run(folder).state for _ in range(MOST_ATTEMPTS)] == [State.FILLED] * 4 + [State.HELD]


@pytest.mark.slow
def test_what_would_go_the_same_way_again_is_not_tried_again(tmp_path: Path) -> None:
    class Refusing(Office):
        def convert(self, draft: bytes) -> bytes:
            raise GuardRefused("the reader", Reason.MEMORY)

    folder = working_folder(tmp_path / "office")
    drop(folder, "dk.yaml", registration("CATP"), "CATP")
    with opened(folder) as workspace:
        office = Refusing(tmp_path / "soffice", workers=1)
        (job,) = serve_once(Worker(dataclasses.replace(workspace, office=office), 1), Rhythm(1, 0))
        office.close()
    assert job.state is State.HELD


def test_a_document_on_which_libreoffice_dies_is_told_after_one_try_apart_and_held_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, "dk.yaml", registration("CATP"), "CATP")
    drop(folder, "dk.yaml", registration("KNH"), "KNH")
    python, runs = tmp_path / "python", tmp_path / "runs"
    # it starts well, and ends with whatever it is given
    python.write_text(f"#!/bin/sh\necho 1 >> {runs}\necho '{{\"ready\": true}}'\nread request\n", "utf-8")
    python.chmod(0o755)
    with opened(folder) as workspace:
        office = Office(tmp_path / "soffice", workers=1, apart=1, program="sh", python=str(python))
        with office:
            jobs = serve_once(Worker(dataclasses.replace(workspace, office=office), 1), Rhythm(1, 0))
        assert [job.state for job in jobs] == [State.HELD] * 2
        assert [len(workspace.ledger.attempts(job.id)) for job in jobs] == [1, 1]
    # of each: once in the line, once apart
    assert runs.read_text("ascii").split() == ["1"] * 4


def test_a_job_that_moves_on_has_left_its_troubles_behind(folder: Path) -> None:
    for _ in range(MOST_ATTEMPTS - 1):
        filled = run(folder)
    with opened(folder) as workspace:
        ledger = workspace.ledger
        assert len(ledger.attempts(filled.id)) == MOST_ATTEMPTS - 1
        rendered = ledger.advance(filled, Outcome(State.RENDERED))
        assert ledger.attempt(rendered, "anything") == 1


@pytest.mark.slow
def test_a_draft_made_anew_is_the_one_that_is_published_though_the_clock_went_back(folder: Path) -> None:
    year = folder / "years" / "2022.yaml"
    right = year.read_text(encoding="utf-8")
    year.write_text(right.replace("ĐẢNG ỦY CÔNG AN TP.HCM", "ĐẢNG ỦY CÔNG AN"), encoding="utf-8")
    assert run(folder).state is State.FILLED
    year.write_text(right, encoding="utf-8")
    (folder / "config.yaml").write_text("year: 2022\nrendition: {pdf: 'off'}\nwatching: {quiet_seconds: 0}\n")
    with opened(folder, Clock(MAY - dt.timedelta(hours=1))) as workspace:
        held = workspace.ledger.advance(workspace.ledger.job(1), Outcome(State.HELD))
        operations.reprocess(workspace, operations.plan(workspace, held))
        Worker(workspace).work_off()
        assert workspace.ledger.job(1).state is State.DELIVERED
        drafts = [one.sha256 for one in workspace.ledger.artifacts(1) if one.role is Role.DRAFT]
        old, new = (words_of(workspace.spool.get(sha256)) for sha256 in drafts)
    (published,) = (folder / "outbox" / "cho-ky").glob("*.docx")
    assert old != new
    assert words_of(published.read_bytes()) == new


def words_of(document: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        return package.read("word/document.xml")
