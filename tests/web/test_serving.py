"""`vanthu web` as a process: on this machine alone, with a certificate elsewhere, ended by one signal."""

import datetime as dt
import os
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

from pipeline.app import people
from pipeline.errors import PlaceTaken
from pipeline.model import PersonRole
from tests.folders import ROOT, Clock, opened, run, working_folder


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that serves a folder, and its address."""
    port = free_port()
    words = [sys.executable, "-m", "pipeline", "-C", str(folder), "web", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.kill()


@pytest.mark.slow
def test_it_serves_and_ends_by_one_signal_with_everything_closed(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    now = Clock(dt.datetime.now(dt.UTC))
    with opened(folder, now) as workspace:
        people.add(workspace, "lan", "", PersonRole.CLERK, "", "mat-khau-dai-1")
        admitted = people.admit(workspace, "lan", "mat-khau-dai-1")
        assert admitted is not None
        secret = admitted.token
    with served(folder) as (process, address):
        answer = httpx2.get(f"{address}/vao")
        assert (answer.status_code, "Đăng nhập" in answer.text) == (200, True)
        assert "server" not in answer.headers
        headers = {"cookie": f"vanthu={secret}"}
        with httpx2.stream("GET", f"{address}/su-kien", headers=headers, timeout=10) as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 5000"
            # a page that listens keeps nobody waiting
            process.send_signal(signal.SIGTERM)
            begun = time.monotonic()
            list(lines)
            assert time.monotonic() - begun < 2
            # not the ten seconds that it would be waited for, and nothing is said on stderr
            assert process.wait(9) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.slow
def test_where_it_is_is_said_when_it_answers_and_by_nobody_whose_place_is_taken(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with served(folder) as (_, address):
        assert httpx2.get(f"{address}/vao").status_code == 200
        port = address.rpartition(":")[2]
        words = [sys.executable, "-m", "pipeline", "-C", str(folder), "web", "--port", port]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        second = subprocess.run(words, capture_output=True, check=False, env=environment, text=True, timeout=60)
    assert (second.returncode, second.stdout) == (40, "")
    assert f"127.0.0.1, cổng {port}" in second.stderr
    assert "Traceback" not in second.stderr


NOWHERE = [("10.255.0.1", "máy này không có địa chỉ đó"), ("khong-co.invalid", "không có địa chỉ nào mang tên đó")]


@pytest.mark.parametrize(("host", "told"), NOWHERE, ids=[host for host, _ in NOWHERE])
def test_an_address_that_is_not_this_machines_is_told_in_one_sentence(host: str, told: str) -> None:
    from pipeline.web.__main__ import _place

    with pytest.raises(PlaceTaken, match=told):
        _place(host, free_port())


REFUSED = [
    (("--host", "0.0.0.0"), "mật khẩu sẽ đi qua mạng"),  # noqa: S104 - that is what is refused
    (("--host", "van-thu.example.vn"), "mật khẩu sẽ đi qua mạng"),
    (("--host", "0.0.0.0", "--certificate", "khong-co.pem"), "Không có tệp khong-co.pem"),  # noqa: S104
    (("--key", "khong-co.pem"), "--key phải đi cùng --certificate"),
]


@pytest.mark.parametrize(("words", "told"), REFUSED, ids=[" ".join(words) for words, _ in REFUSED])
def test_what_would_lay_passwords_open_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    assert run("-C", str(working_folder(tmp_path / "office")), "web", *words) == 2
    assert told in " ".join(capsys.readouterr().err.split())


def test_without_the_extra_one_sentence_says_what_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.cli import browser

    monkeypatch.setattr(browser, "_PACKAGES", ("starlette", "a_package_that_nobody_has"))
    assert run("-C", str(working_folder(tmp_path / "office")), "web") == 12
    assert capsys.readouterr().err.strip().endswith("pip install 'vanthu[web]'")
