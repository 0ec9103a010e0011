"""The doctor says of machine, folders, work and watcher whether they are well, and what to do where they are not."""

import contextlib
import dataclasses
import datetime as dt
import json
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import intake
from pipeline.app.watching import Rhythm, serve_once, watch
from pipeline.app.worker import Worker
from pipeline.files import CannotWrite, make_folder
from pipeline.health import Expected, Heart, examine, is_well, metrics_of
from pipeline.health import folders as folder_health
from pipeline.health import watchers as watcher_health
from pipeline.ledger import Outcome
from pipeline.model import Finding, Severity, State
from pipeline.reading import Sight
from pipeline.tools.soffice import Office
from pipeline.tools.tesseract import Tesseract
from pipeline.workspace import Workspace
from tests.folders import MAY, Clock, drop, opened, registration, run, working_folder
from tests.said import vi

NOTHING_ASKED = Expected(makes_pdf="off", reads_scans="off", scan_seconds=0.2)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    with opened(working_folder(tmp_path / "office"), clock) as workspace:
        yield workspace


def seen(office: Workspace, expected: Expected = NOTHING_ASKED) -> dict[str, Finding]:
    """What is not well, by its code."""
    return {one.code: one for one in examine(office, expected) if one.severity is not Severity.INFO}


@contextlib.contextmanager
def watching(office: Workspace) -> Iterator[None]:
    """Let a real watcher serve the office for the length of a block."""
    stop, wake = threading.Event(), threading.Event()
    rhythm = Rhythm(0.2, 0)
    serving = threading.Thread(target=watch, args=(Worker(office), rhythm, stop, wake, lambda _: None))
    serving.start()
    try:
        yield
    finally:
        stop.set()
        wake.set()
        serving.join()


# The watcher --------------------------------------------------------------------------------------------------------


def test_an_office_whose_watcher_sees_the_inbox_is_well_and_nothing_is_left_there(office: Workspace) -> None:
    with watching(office):
        wait_for_a_look(office)
        assert seen(office) == {}
    assert list(office.folders.inbox.glob(".vanthu-canary*")) == []


def wait_for_a_look(office: Workspace) -> None:
    """Wait for the first heartbeat."""
    is_there = threading.Event()
    while not list(office.folders.workers.glob("*.look")):
        is_there.wait(0.01)


def test_without_a_watcher_it_is_told_how_to_start_one(office: Workspace) -> None:
    found = seen(office)
    assert found.keys() == {"watcher.none"}
    mend = found["watcher.none"].mend
    assert mend is not None
    assert "systemctl start vanthu" in vi(mend)


def test_a_watcher_that_looks_at_another_folder_is_told(
    office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher_health, "_MORE_SECONDS", 0.0)
    elsewhere = tmp_path / "share that was away"
    elsewhere.mkdir()
    Heart(office.folders.workers, office.lease.owner, elsewhere).beat(MAY)
    found = seen(office)["watcher.sees"]
    assert found.severity is Severity.BLOCK
    assert "09:00:00 30/05/2022" in vi(found.message)


def test_the_heartbeat_of_a_killed_watcher_counts_no_more(office: Workspace) -> None:
    Heart(office.folders.workers, "dead", office.folders.inbox).beat(MAY)
    assert "watcher.none" in seen(office)
    assert not list(office.folders.workers.glob("*.look"))


# The work -----------------------------------------------------------------------------------------------------------


def test_a_job_that_should_have_gone_on_by_itself_is_told_after_an_hour(office: Workspace, clock: Clock) -> None:
    job = received(office)
    clock.now += dt.timedelta(minutes=59)
    assert "work.still" not in seen(office)
    clock.now += dt.timedelta(minutes=2)
    found = seen(office)["work.still"]
    assert (found.severity, found.found) == (Severity.BLOCK, str(job))
    assert f"#{job} dk.yaml" in vi(found.message)


def received(office: Workspace) -> int:
    """Take a form without working on it, as a worker does that is killed then; gives its job."""
    drop(office.folders.inbox.parent, "dk.yaml", registration("CATP"), "CATP")
    (job,) = Worker(office).take(intake.survey(office.folders.inbox).found)
    return job.id


def test_what_waits_for_people_is_told_and_is_no_emergency(office: Workspace) -> None:
    job = office.ledger.job(received(office))
    office.ledger.advance(job, Outcome(State.HELD, "a person decides"))
    drop(office.folders.inbox.parent, "giai nen.zip", b"PK\x03\x04" + bytes(40) + b"PK\x05\x06" + bytes(18), "KNH")
    serve_once(Worker(office), Rhythm(1, 0))
    found = list(examine(office, NOTHING_ASKED))
    assert {"work.held", "work.incidents"} <= {one.code for one in found if one.severity is Severity.WARN}
    assert is_well(found)


def test_what_is_recorded_and_not_laid_out_is_told(office: Workspace) -> None:
    drop(office.folders.inbox.parent, "dk.yaml", registration("CATP"), "CATP")
    outbox = office.folders.outbox
    outbox.rename(outbox.with_name("away"))
    outbox.write_bytes(b"no folder")
    with pytest.raises(CannotWrite):
        serve_once(Worker(office), Rhythm(1, 0))
    found = seen(office)
    outbox.unlink()
    assert found["work.unpublished"].severity is Severity.WARN
    assert "folder.rights" in found


@pytest.mark.slow
def test_a_ledger_that_was_put_back_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = working_folder(tmp_path / "office")
    ledger = folder / "var" / "vanthu.sqlite"
    with opened(folder):
        shutil.copyfile(ledger, tmp_path / "backup")
    with opened(folder) as office:
        drop(folder, "dk.yaml", registration("CATP"), "CATP")
        serve_once(Worker(office), Rhythm(1, 0))
    for left in ledger.parent.glob("vanthu.sqlite*"):
        left.unlink()
    shutil.copyfile(tmp_path / "backup", ledger)
    assert run("-C", str(folder), "doctor", "--json") == 4
    said = json.loads(capsys.readouterr().out)["findings"]
    assert {(one["code"], one["found"]) for one in said if one["severity"] == "block"} == {("work.books", "older")}


# Machine and folders ------------------------------------------------------------------------------------------------


def test_a_clock_that_was_set_back_is_told(office: Workspace, clock: Clock) -> None:
    received(office)
    clock.now -= dt.timedelta(minutes=1)
    assert "machine.clock" not in seen(office)
    clock.now -= dt.timedelta(days=365)
    found = seen(office)["machine.clock"]
    assert found.severity is Severity.BLOCK
    assert "30/05/2021" in vi(found.message)
    assert "30/05/2022" in vi(found.message)


def test_what_is_not_installed_weighs_as_much_as_the_settings_ask_for_it(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    # by its folder LibreOffice is found too
    monkeypatch.setattr(Office, "available", lambda _: False)
    insisted = seen(office, Expected("on", "on", 0.2))
    assert {insisted[code].severity for code in ("machine.libreoffice", "machine.tesseract")} == {Severity.BLOCK}
    assert insisted["machine.fonts"].severity is Severity.WARN
    asked = seen(office, Expected("auto", "auto", 0.2))
    assert {asked[code].severity for code in ("machine.libreoffice", "machine.tesseract")} == {Severity.WARN}
    mend = asked["machine.tesseract"].mend
    assert mend is not None
    assert "tesseract-ocr-vie" in vi(mend)


def test_a_folder_where_nothing_can_be_written_is_named(office: Workspace) -> None:
    broken = office.folders.inbox.parent / "kho"
    broken.write_bytes(b"no folder")
    found = list(folder_health.folder_findings(dataclasses.replace(office.folders, archive=broken)))
    (rights,) = (one for one in found if one.severity is Severity.BLOCK)
    assert vi(rights.message).startswith(f"folders.archive: không ghi được tệp vào {broken}")
    assert not list(office.folders.inbox.glob(".vanthu-canary*"))


@pytest.mark.parametrize(("free", "severity"), [(4_000_000_000, Severity.WARN), (400_000_000, Severity.BLOCK)])
def test_a_disk_that_fills_up_is_told_before_the_work_stops(
    office: Workspace, monkeypatch: pytest.MonkeyPatch, free: int, severity: Severity
) -> None:
    usage = shutil.disk_usage("/")._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    found = seen(office)["folder.space"]
    assert found.severity is severity
    assert f"{free / 1e9:.1f}".replace(".", ",") + " GB" in vi(found.message)


def test_a_key_that_others_may_read_is_told(office: Workspace) -> None:
    make_folder(office.folders.var)
    office.mark_key()
    (key,) = office.folders.var.glob("*.key")
    assert "folder.key" not in seen(office)
    key.chmod(0o644)
    assert seen(office)["folder.key"].found == str(key)


# Doors --------------------------------------------------------------------------------------------------------------


def test_the_command_line_gives_all_findings_and_its_code_says_whether_it_is_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = working_folder(tmp_path / "office")
    assert run("-C", str(folder), "doctor", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["is_well"]
    assert {"machine.clock", "folder.rights", "work.books", "watcher.none"} <= {
        one["code"] for one in said["findings"]
    }
    (folder / "var" / "office.key").write_bytes(b"00")
    assert run("-C", str(folder), "doctor") == 4
    assert "Cần xử lý ngay: 1" in capsys.readouterr().err


def test_figures_are_what_prometheus_reads_and_hold_no_name(
    office: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    received(office)
    text = metrics_of(office)
    sample = re.compile(r'vanthu_[a-z_]+(\{[a-z]+="[a-z-]+"\})? [0-9.e+-]+')
    declared = re.findall(r"# TYPE (vanthu_[a-z_]+) gauge", text)
    for line in text.splitlines():
        assert line.startswith(("# HELP ", "# TYPE ")) or sample.fullmatch(line), line
    assert set(declared) == set(re.findall(r"^(vanthu_[a-z_]+)", text, re.MULTILINE))
    assert 'vanthu_jobs{state="received"} 1' in text.splitlines()
    assert not {"dk.yaml", "CATP"} & set(re.findall(r"[\w.]+", text))
    written = tmp_path / "vanthu.prom"
    assert run("-C", str(office.folders.inbox.parent), "metrics", "--to", str(written)) == 0
    assert 'vanthu_jobs{state="received"} 1' in written.read_text("utf-8").splitlines()


@pytest.mark.parametrize(("is_required", "severity"), [(False, Severity.WARN), (True, Severity.BLOCK)])
def test_that_nobody_looks_for_marks_on_scans_is_told(
    office: Workspace, tmp_path: Path, *, is_required: bool, severity: Severity
) -> None:
    sight = Sight(Tesseract(tmp_path, program=str(tmp_path / "none")), is_required=is_required)
    found = seen(dataclasses.replace(office, sight=sight))["machine.sight"]
    assert found.severity is severity
    assert "tesseract" in vi(found.mend)
