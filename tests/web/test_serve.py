"""`vanthu serve`: both services under one command, ended by one signal, and neither's trouble hidden."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from pipeline.cli import supervising
from pipeline.cli.supervising import Pair
from tests.folders import ROOT, working_folder


@contextmanager
def serving(folder: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    words = [sys.executable, "-m", "pipeline", "-C", str(folder), "serve", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(40)


def children(process: "subprocess.Popen[str]") -> dict[str, int]:
    """The services by their names, with their process ids."""
    found = {}
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for pid in listed:
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        found["web" if {"web", "pipeline.web"} & set(words) else "watch"] = int(pid)
    return found


def is_there(pid: int) -> bool:
    try:
        return not Path(f"/proc/{pid}/stat").read_text().split(") ")[1].startswith("Z")
    except FileNotFoundError:
        return False


@pytest.mark.slow
def test_a_taken_port_keeps_nobody_from_working_and_one_signal_ends_both(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = int(other.getsockname()[1])
        with serving(folder, port) as process:
            assert process.stdout is not None
            assert any("vanthu web đã dừng" in line for line in process.stdout)
            assert set(children(process)) == {"watch"}
            (folder / "inbox" / "a.yaml").write_text("x: 1\n...\n")
            other.close()
            # of the second that serves, when the port is free
            assert any(f"http://127.0.0.1:{port}/" in line for line in process.stdout)
            assert httpx2.get(f"http://127.0.0.1:{port}/vao").status_code == 200
            assert not (folder / "inbox" / "a.yaml").exists()
            both = children(process)
            assert set(both) == {"watch", "web"}
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            assert not any(map(is_there, both.values()))
            assert "Traceback" not in process.stdout.read()


def test_who_watches_takes_the_other_along_with_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = _scripted(monkeypatch, tmp_path, watch="time.sleep(0.3) or sys.exit(57)", web="time.sleep(60)")
    assert pair.serve() == 57
    (web,) = started(tmp_path / "web")
    assert not is_there(web)


def test_who_is_killed_is_told_as_a_shell_tells_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = _scripted(monkeypatch, tmp_path, watch="os.kill(os.getpid(), 9)", web="time.sleep(60)")
    assert pair.serve() == 128 + 9


def test_who_shows_is_started_again_and_the_work_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "_FIRST_PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(supervising, "_LONGEST_PAUSE_SECONDS", 0.02)
    pair = _scripted(monkeypatch, tmp_path, watch="time.sleep(0.9)", web="sys.exit(1)")
    assert pair.serve() == 0  # of the one that watches
    assert len(started(tmp_path / "web")) >= 3
    assert len(started(tmp_path / "watch")) == 1
    told = re.findall(r"vanthu web đã dừng \(mã thoát 1\); chạy lại sau", capsys.readouterr().err)
    assert len(told) >= 2


@pytest.mark.parametrize("code", [2, 10, 29])
def test_what_lies_with_the_set_up_of_pages_ends_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    pair = _scripted(monkeypatch, tmp_path, watch="time.sleep(60)", web=f"sys.exit({code})")
    begun = time.monotonic()
    assert pair.serve() == code
    assert time.monotonic() - begun < 20


def started(file: Path) -> list[int]:
    """The process ids under which a script was started."""
    return [int(line) for line in file.read_text().splitlines()]


def _scripted(monkeypatch: pytest.MonkeyPatch, folder: Path, *, watch: str, web: str) -> Pair:
    """A pair of scripts, each of which leaves its process id when it starts."""
    (folder / "pipeline").mkdir()
    # a folder without it would stand behind the program that is installed
    (folder / "pipeline" / "__init__.py").touch()
    (folder / "pipeline" / "__main__.py").write_text(
        "import os, sys, time\n"
        f"open({str(folder)!r} + '/' + sys.argv[1], 'a').write(str(os.getpid()) + chr(10))\n"
        f"{watch} if sys.argv[1] == 'watch' else {web}\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setattr(supervising, "_LOOK_SECONDS", 0.01)
    # the signals of the test run stay its own
    monkeypatch.setattr("pipeline.cli.supervising.signal.signal", lambda *_: None)
    return Pair(["watch"], ["web"])
