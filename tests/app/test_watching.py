"""The watch: how often it looks, what wakes it, and what it reports."""

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from watchdog.observers.api import BaseObserver

from pipeline.app import watching
from pipeline.app.watching import FolderObserver, Rhythm, observed, serve_once, watch
from pipeline.app.worker import Worker
from pipeline.errors import NoSpaceError
from pipeline.files.writing import temporary_file
from pipeline.model import Job, State
from tests.folders import drop, registration
from tests.status.office import Office


def comes(true: Callable[[], bool], within: float = 10.0) -> bool:
    """Wait until something is so."""
    deadline = time.monotonic() + within
    while not true() and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    return true()


@contextlib.contextmanager
def watched(worker: Worker, rhythm: Rhythm) -> Iterator[tuple[list[list[Job]], threading.Event]]:
    """A watch in a thread of its own: what it reported, and what wakes it."""
    stop, wake = threading.Event(), threading.Event()
    reported: list[list[Job]] = []
    thread = threading.Thread(target=watch, args=(worker, rhythm, stop, wake, reported.append))
    thread.start()
    try:
        yield reported, wake
    finally:
        stop.set()
        wake.set()
        thread.join(20)
        assert not thread.is_alive()


# the rhythm


@pytest.mark.parametrize(
    ("scan", "quiet", "is_waiting", "seconds"),
    [(5, 2, False, 5), (5, 2, True, 2), (1, 2, True, 1), (5, 0, True, 0.05), (5, 0.01, True, 0.05)],
)
def test_while_a_file_is_coming_to_rest_the_next_look_is_sooner(
    scan: float, quiet: float, is_waiting: bool, seconds: float
) -> None:
    assert Rhythm(scan, quiet).next_look(is_waiting=is_waiting) == seconds


# events


def test_a_drop_anywhere_below_wakes_and_mere_reading_does_not(tmp_path: Path) -> None:
    (tmp_path / "CATP").mkdir()
    (tmp_path / "CATP" / "alt.yaml").write_bytes(b"x")
    wake = threading.Event()
    with observed(tmp_path, wake, uses_events=True) as observer:
        assert observer is not None
        observer.open()
        (tmp_path / "CATP" / "dk.yaml").write_bytes(b"x")
        assert wake.wait(10)
        while wake.wait(0.2):  # what else this writing tells
            wake.clear()
        (tmp_path / "CATP" / "alt.yaml").read_bytes()
        list(tmp_path.iterdir())
        assert not wake.wait(0.3)
    wake.clear()
    (tmp_path / "dk.yaml").write_bytes(b"x")
    assert not wake.wait(0.3), "the observer is closed with its block"


def test_where_events_are_not_used_there_is_no_observer(tmp_path: Path) -> None:
    assert Rhythm(1, 0).uses_events
    with observed(tmp_path, threading.Event(), uses_events=False) as observer:
        assert observer is None


def test_an_observer_that_reports_is_kept_and_one_of_a_folder_made_anew_is_replaced(tmp_path: Path) -> None:
    folder, wake = tmp_path / "inbox", threading.Event()
    folder.mkdir()
    observer = FolderObserver(folder, wake)
    first = opened(observer)
    assert first is not None
    assert opened(observer) is first
    folder.rename(tmp_path / "away")
    assert opened(observer) is None, "told in the log, and the looks go on"
    folder.mkdir()
    assert opened(observer) is not None
    assert not first.is_alive()
    wake.clear()
    (folder / "dk.yaml").write_bytes(b"x")
    assert wake.wait(10)
    observer.close()
    assert observer.observer is None


def opened(observer: FolderObserver) -> BaseObserver | None:
    """Open an observer; gives what it observes with."""
    observer.open()
    return observer.observer


def test_an_observer_that_died_is_replaced(tmp_path: Path) -> None:
    observer = FolderObserver(tmp_path, threading.Event())
    first = opened(observer)
    assert first is not None
    first.stop()
    first.join(5)
    second = opened(observer)
    assert second not in {None, first}
    assert second is not None
    for emitter in second.emitters:
        emitter.stop()
        emitter.join(5)
    assert opened(observer) is not second
    observer.close()


def test_a_folder_that_cannot_be_observed_is_told_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with loud(caplog, watching.log):
        FolderObserver(tmp_path / "nowhere", threading.Event()).open()
    (told,) = caplog.records
    assert (told.getMessage(), vars(told)["action"], "nowhere" in vars(told)["why"]) == (
        "no events",
        "watch.observe",
        True,
    )


@contextlib.contextmanager
def loud(caplog: pytest.LogCaptureFixture, log: logging.Logger) -> Iterator[None]:
    """Hear a log, whatever other tests have set up."""
    was, log.disabled = log.disabled, False
    try:
        with caplog.at_level("DEBUG", logger=log.name):
            yield
    finally:
        log.disabled = was


# watching


def test_a_watch_takes_what_lies_there_and_is_woken_by_a_drop(office: Office) -> None:
    drop(office.folder, "dk.yaml", registration("CATP"), "CATP")
    with watched(Worker(office.workspace), Rhythm(600, 0)) as (reported, _):
        assert comes(lambda: len(reported) == 1)
        drop(office.folder, "dk.yaml", registration("KNH"), "KNH")
        assert comes(lambda: len(reported) == 2)
    assert [[(job.unit, job.state) for job in jobs] for jobs in reported] == [
        [("CATP", State.DELIVERED)],
        [("KNH", State.DELIVERED)],
    ]


def test_a_watch_without_events_looks_when_it_is_time_and_reports_nothing_when_nothing_moves(office: Office) -> None:
    with watched(Worker(office.workspace), Rhythm(0.05, 0, uses_events=False)) as (reported, _):
        drop(office.folder, "dk.yaml", registration("CATP"), "CATP")
        assert comes(lambda: len(reported) == 1)
        assert not comes(lambda: len(reported) > 1, 0.3)


def test_a_watch_forgets_what_came_twice_once_it_was_told(office: Office) -> None:
    office.drop("dk.yaml", registration("CATP"), "CATP")
    worker = Worker(office.workspace)
    lying = office.lying("CATP")
    with watched(worker, Rhythm(600, 0)):
        drop(office.folder, "lai.yaml", registration("CATP"), "CATP")
        assert comes(lambda: bool(list(lying.glob("lai.da-nhan-truoc.*"))))
        assert comes(lambda: worker.repeated == [])


def test_trouble_of_the_store_stops_no_watch(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The next look tries again."""
    drop(office.folder, "dk.yaml", registration("CATP"), "CATP")
    worker, really, full = Worker(office.workspace), Worker.advance, threading.Event()

    def once_full(self: Worker, job_id: int, job: Job | None = None) -> Job:
        if not full.is_set():
            full.set()
            raise NoSpaceError("the disk is full")
        return really(self, job_id, job)

    monkeypatch.setattr(Worker, "advance", once_full)
    with loud(caplog, watching.log), watched(worker, Rhythm(0.05, 0, uses_events=False)) as (reported, _):
        assert comes(lambda: len(reported) == 1)
    told, over = [one for one in caplog.records if one.name == watching.log.name]
    assert (told.getMessage(), vars(told)["action"], vars(told)["why"]) == ("waits", "watch.wait", "the disk is full")
    assert over.getMessage() == "goes on"


def test_a_watch_begins_by_taking_away_what_a_crash_left(office: Office) -> None:
    left = left_by_a_crash(office.folder / "outbox")
    with watched(Worker(office.workspace), Rhythm(600, 0)):
        assert comes(lambda: not left.exists())


def test_one_run_begins_by_taking_away_what_a_crash_left(office: Office) -> None:
    left = left_by_a_crash(office.folder / "archive")
    serve_once(Worker(office.workspace), Rhythm(1, 0))
    assert not left.exists()


def left_by_a_crash(folder: Path) -> Path:
    """A temporary file as a writer that was killed an hour ago left it."""
    with contextlib.suppress(ZeroDivisionError), temporary_file(folder, 0o600) as (path, _):
        content = path.read_bytes()
        left = path.with_name(path.name)
        raise ZeroDivisionError
    left.write_bytes(content)
    os.utime(left, (time.time() - 3600,) * 2)
    return left


# once


#: More often than this nobody asks what time it is in one run: some times a look.
MOST_LOOKS = 2000


def test_one_run_gives_the_jobs_that_moved_as_they_now_stand(office: Office) -> None:
    office.drop("dk.yaml", registration("CATP"), "CATP")
    drop(office.folder, "dk.yaml", registration("KNH"), "KNH")
    drop(office.folder, "sai.yaml", registration("SATRA", activities=[]), "SATRA")
    worker = Worker(office.workspace)
    moved = serve_once(worker, Rhythm(1, 0))
    assert [(job.unit, job.state) for job in moved] == [("KNH", State.DELIVERED), ("SATRA", State.RETURNED)]
    assert moved == [office.job(job.id) for job in moved]
    assert worker.left == []


@pytest.mark.slow
def test_one_run_waits_for_a_file_to_come_to_rest_and_not_for_what_is_refused(office: Office) -> None:
    drop(office.folder, "dk.yaml", registration("CATP"), "CATP")
    with (office.folder / "inbox" / "anh.docx").open("wb") as file:
        file.truncate(26_000_000)
    begun = time.monotonic()
    worker = Worker(office.workspace)
    (job,) = serve_once(worker, Rhythm(1, 0.2))
    assert job.state is State.DELIVERED
    assert time.monotonic() - begun >= 0.2
    assert (worker.left, len(worker.refused)) == ([], 1)


@pytest.mark.parametrize(("quiet", "patience", "pause"), [(0.4, 4.8, 0.1), (0.08, 1.0, 0.02), (0.02, 1.0, 0.01)])
def test_one_run_does_not_wait_for_ever_for_a_file_that_keeps_changing(
    office: Office, monkeypatch: pytest.MonkeyPatch, quiet: float, patience: float, pause: float
) -> None:
    """It looks several times in a quiet period, for two periods more than half a file is waited for."""
    path = drop(office.folder, "dk.yaml", registration("CATP"), "CATP")
    now = [1000.0]
    pauses: list[float] = []
    looks: list[float] = []

    def pass_by(seconds: float) -> None:
        now[0] += seconds
        pauses.append(seconds)
        path.write_text(f"kind: dang-ky\nheadcount: {len(pauses)}\n", encoding="utf-8")

    def told() -> float:
        looks.append(now[0])
        assert len(looks) < MOST_LOOKS, "it looks without a pause"
        return now[0]

    monkeypatch.setattr(time, "monotonic", told)
    monkeypatch.setattr(time, "sleep", pass_by)
    worker = Worker(office.workspace)
    assert serve_once(worker, Rhythm(1, quiet)) == []
    assert ([file.shown_name for file in worker.left], set(pauses)) == (["dk.yaml"], {pause})
    assert patience < now[0] - 1000 < patience + 2 * pause + 0.001
