"""The program with its ledger on a real PostgreSQL: what it says when that is not there, and that it comes back."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.folders import UNITS, drop, registration, run, waiting, working_folder
from tests.postgresql import Server
from tests.sample_papers import signed_paper
from tests.waiting import eventually


def office(folder: Path, url: str) -> Path:
    """A working folder whose ledger is on PostgreSQL."""
    if not folder.exists():
        working_folder(folder)
    settings = yaml.safe_load((folder / "config.yaml").read_text("utf-8"))
    settings["database"] = {"url": url}
    (folder / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return folder


@contextlib.contextmanager
def watching(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A real `vanthu watch`, told to stop at the end, which it must do cleanly."""
    words = [sys.executable, "-m", "pipeline", "-C", str(folder), "watch"]
    log = folder.parent / f"watch-{time.monotonic_ns()}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(words, stdout=out, stderr=out, env=os.environ | {"PYTHONFAULTHANDLER": "1"})
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        try:
            assert process.wait(timeout=30) == 0, log.read_text("utf-8")
        except subprocess.TimeoutExpired:
            # it says where each of its threads hangs
            process.send_signal(signal.SIGABRT)
            process.wait()
            raise AssertionError(log.read_text("utf-8")) from None
        assert "Traceback" not in log.read_text("utf-8")
    finally:
        process.kill()
        process.wait()


def awaiting(folder: Path) -> int:
    """How many documents lie in the outbox for signature."""
    return len([path for path in (folder / "outbox" / "cho-ky").glob("*.docx") if not path.name.startswith(".")])


def is_at_rest(folder: Path, server: Server, database: str) -> bool:
    """Nothing lies in the inbox, and no job is on its way."""
    if waiting(folder):
        return False
    left = "SELECT count(*) FROM jobs WHERE state NOT IN ('delivered', 'superseded')"
    return server.execute(database, left) == [(0,)]


def test_a_missing_driver_is_one_sentence_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = office(tmp_path / "office", "postgresql://vt@localhost/vanthu")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert run("-C", str(folder), "status") == 12
    told = capsys.readouterr().err
    assert "pip install 'vanthu[postgresql]'" in told
    assert len(told.splitlines()) == 1


def test_a_server_that_is_not_there_is_told_and_tried_again_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("psycopg")
    folder = office(tmp_path / "office", f"postgresql://vt@/vanthu?host={tmp_path}")
    assert run("-C", str(folder), "status") == 36
    told = capsys.readouterr().err
    assert "không trả lời" in told
    assert "Traceback" not in told


@pytest.mark.slow
def test_a_server_that_keeps_silent_is_given_up_before_a_stop_would_be_overdue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("psycopg")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        folder = office(tmp_path / "office", f"postgresql://vt@127.0.0.1:{silent.getsockname()[1]}/vanthu")
        begun = time.monotonic()
        assert run("-C", str(folder), "status") == 36
        assert time.monotonic() - begun < 25
    assert "không trả lời" in capsys.readouterr().err


def test_a_database_that_does_not_let_us_in_is_a_matter_of_the_configuration(
    tmp_path: Path, postgresql: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = office(tmp_path / "office", postgresql.url("nobody_made_it"))
    assert run("-C", str(folder), "status") == 10
    assert "nobody_made_it" in capsys.readouterr().err


@pytest.mark.slow
def test_a_ledger_on_postgresql_leaves_no_database_in_var(tmp_path: Path, postgresql: Server) -> None:
    folder = office(tmp_path / "office", postgresql.empty_ledger())
    drop(folder, "dk.yaml", registration("CATP"), "CATP")
    assert run("-C", str(folder), "run") == 0
    assert awaiting(folder) == 1
    assert not list((folder / "var").glob("*.sqlite*"))
    assert run("-C", str(folder), "check") == 0


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_watch_outlives_its_server_and_goes_on_by_itself(tmp_path: Path, mode: str) -> None:
    server = Server.begin()
    try:
        folder = office(tmp_path / "office", server.new_database())
        with watching(folder) as process:
            drop(folder, "dk.yaml", registration("CATP"), "CATP")
            eventually(lambda: awaiting(folder) == 1)
            server.stop(mode)
            drop(folder, "dk.yaml", registration("KNH"), "KNH")
            # some rounds without a server, after which the file still lies where it was dropped
            time.sleep(2)
            assert process.poll() is None
            assert (folder / "inbox" / "KNH" / "dk.yaml").is_file()
            server.start()
            eventually(lambda: awaiting(folder) == 2)
        assert run("-C", str(folder), "check") == 0
    finally:
        server.remove()


@pytest.mark.slow
def test_a_server_started_again_in_the_middle_of_work_loses_and_doubles_nothing(tmp_path: Path) -> None:
    server = Server.begin()
    try:
        folder = office(tmp_path / "office", server.new_database())
        with watching(folder):
            for round_ in range(3):
                for unit in UNITS:
                    content = registration(unit, headcount=20 + round_)
                    drop(folder, f"dk{round_}.yaml", content, unit)
                # one that begins without a server ends with exit code 36
                eventually(lambda: awaiting(folder) > 0)
                time.sleep(0.5)
                server.stop("immediate")
                time.sleep(1)
                server.start()
            eventually(lambda: is_at_rest(folder, server, "t1"))
        assert awaiting(folder) == len(UNITS)
        assert run("-C", str(folder), "check") == 0
        assert server.execute("t1", "SELECT count(*) FROM drops WHERE is_repeat = 1") == [(0,)]
        assert server.execute("t1", "SELECT count(*) FROM drops") == [(3 * len(UNITS),)]
    finally:
        server.remove()


@pytest.mark.slow
def test_a_watch_and_runs_beside_it_take_each_file_once(tmp_path: Path, postgresql: Server) -> None:
    folder = office(tmp_path / "office", url := postgresql.empty_ledger())
    with watching(folder):
        for number in range(40):
            unit = UNITS[number % len(UNITS)]
            drop(folder, f"f{number}.yaml", registration(unit, headcount=20 + number), unit)
            # a second watch is refused; commands are not
            if number % 10 == 9:
                assert run("-C", str(folder), "run") == 0
        database = url.partition("?")[0].rpartition("/")[2]
        eventually(lambda: is_at_rest(folder, postgresql, database))
    assert awaiting(folder) == len(UNITS)
    assert run("-C", str(folder), "check") == 0
    assert postgresql.execute(database, "SELECT count(*), count(DISTINCT sha256) FROM drops") == [(40, 40)]
    assert postgresql.execute(database, "SELECT count(*) FROM drops WHERE is_repeat = 1") == [(0,)]


@pytest.mark.slow
def test_an_office_moves_to_postgresql_and_back_by_the_command_line(
    tmp_path: Path, postgresql: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = working_folder(tmp_path / "office")
    there, back = postgresql.new_database(), f"sqlite:///{tmp_path / 'var2' / 'ledger.db'}"
    for number, (url, unit) in enumerate((("", "CATP"), (there, "KNH"), (back, "BTLTP"))):
        if url:
            assert run("-C", str(folder), "db", "copy", "--to", url) == 0
            office(folder, url)
        drop(folder, "dk.yaml", registration(unit), unit)
        assert run("-C", str(folder), "run") == 0
        capsys.readouterr()
        assert run("-C", str(folder), "show", str(2 * number + 1), "--json") == 0
        code = json.loads(capsys.readouterr().out)["job"]["code"]
        drop(folder, "scan.pdf", signed_paper(code))
        assert run("-C", str(folder), "run") == 0
        assert run("-C", str(folder), "check") == 0
        assert run("-C", str(folder), "verify") == 0
        capsys.readouterr()
        assert run("-C", str(folder), "db", "status", "--json") == 0
        status = json.loads(capsys.readouterr().out)
        assert status["engine"] == ("postgresql" if url == there else "sqlite")
        assert {one["name"]: one["rows"] for one in status["tables"]}["register"] == 2 * number + 2
    # the ledger that was left behind is older than the archive now, and numbers nothing
    office(folder, there)
    assert run("-C", str(folder), "run") == 57
