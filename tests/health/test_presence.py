"""A worker is there for as long as it holds its file, and what it had leased is free when it no longer does."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.app.worker import Worker
from pipeline.errors import NoSpaceError
from pipeline.files import locked
from pipeline.health.presence import only_watcher, present, release_gone
from pipeline.intake import look
from pipeline.ledger import Lease, Ledger
from tests.folders import drop, opened, registration, run, working_folder


def test_every_worker_has_a_name_and_a_file_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "workers"
    with present(folder) as one, present(folder) as other:
        assert one != other
        assert {path.name for path in folder.iterdir()} == {f"{one}.worker", f"{other}.worker"}
        assert len(one) == 16
        mode = (folder / f"{one}.worker").stat().st_mode
        assert mode & 0o666 & ~umask() == 0o660 & ~umask()
    with present(folder):
        assert len(list(folder.iterdir())) == 3


def test_a_disk_in_trouble_is_told_as_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "workers"
    folder.mkdir()
    (folder / "0123456789abcdef.worker").write_bytes(b"")

    def fails(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "open", fails)
    # a watch waits for these, and would end with any other
    with pytest.raises(NoSpaceError), present(folder):
        pass
    with pytest.raises(NoSpaceError):
        release_gone(folder, Ledger.__new__(Ledger))
    with pytest.raises(NoSpaceError), locked(tmp_path / "publishing.lock"):
        pass


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_the_file_of_a_worker_is_not_handed_on_to_its_children(tmp_path: Path) -> None:
    with present(tmp_path) as name:
        held = [
            int(fd.name)
            for fd in Path("/proc/self/fd").iterdir()
            if fd.exists() and fd.readlink() == tmp_path / f"{name}.worker"
        ]
        assert [os.get_inheritable(fd) for fd in held] == [False]


def test_what_a_worker_that_went_had_leased_is_free_and_its_file_gone(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    for unit in ("CATP", "KNH"):
        drop(folder, "dk.yaml", registration(unit), unit)
    with opened(folder) as workspace:
        ledger, workers = workspace.ledger, workspace.folders.workers
        one, other = Worker(workspace).take(look(workspace.folders.inbox))
        with present(workers) as living:
            with present(workers) as gone:
                assert ledger.claim(one, Lease(gone, 600))
                assert ledger.claim(other, Lease(living, 600))
                release_gone(workers, ledger)
                assert not ledger.claim(one, Lease("a third", 600))
            release_gone(workers, ledger)
            assert {path.stem for path in workers.iterdir()} == {living, workspace.lease.owner}
            assert ledger.claim(one, Lease("a third", 600))
            assert not ledger.claim(other, Lease("a third", 600))
        release_gone(workers, ledger)
        assert ledger.claim(other, Lease("a third", 600))


def test_a_file_that_is_no_workers_is_left_alone(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with opened(folder) as workspace:
        note = workspace.folders.workers / "note.txt"
        note.write_bytes(b"")
        release_gone(workspace.folders.workers, workspace.ledger)
        assert note.exists()


def test_a_second_watch_ends_at_once_with_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = working_folder(tmp_path / "office")
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    # one that were not refused would serve for ever
    stops = threading.Timer(20, signal.raise_signal, (signal.SIGTERM,))
    stops.start()
    try:
        with only_watcher(folder / "var" / "workers"):
            drop(folder, "dk.yaml", registration("CATP"), "CATP")
            assert run("-C", str(folder), "watch") == 37
            told = capsys.readouterr()
            # a command beside it works on as ever
            assert run("-C", str(folder), "run") == 0
    finally:
        stops.cancel()
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert f"(tiến trình {os.getpid()})" in told.err


@pytest.mark.slow
def test_when_a_watch_was_killed_the_next_one_takes_its_place(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    first, second = (_watch(folder) for _ in range(2))
    try:
        deadline = time.monotonic() + 30
        while first.poll() is None and second.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        # whichever came first
        left = second if first.poll() is not None else first
        assert {first.poll(), second.poll()} == {37, None}
        left.kill()
        left.wait()
        third = _watch(folder)
        try:
            drop(folder, "dk.yaml", registration("CATP"), "CATP")
            while not list((folder / "outbox" / "cho-ky").glob("*.docx")):
                assert third.poll() is None
                assert time.monotonic() < deadline + 60
                time.sleep(0.05)
            third.send_signal(signal.SIGTERM)
            assert third.wait(30) == 0
        finally:
            third.kill()
            third.wait()
    finally:
        for process in (first, second):
            process.kill()
            process.wait()


def _watch(folder: Path) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-m", "pipeline", "-C", str(folder), "watch"]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
