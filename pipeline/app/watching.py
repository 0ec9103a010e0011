"""Watching: serves the inbox until it is told to stop.

The scan is the truth, at the start and every few seconds; events of the file system only wake it earlier. An observer
that has died (the share went away, the folder was made anew) is started again: a missed event costs one interval,
never a file.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from pipeline import intake
from pipeline.app.worker import STORE_TROUBLE, Worker
from pipeline.intake import Settling
from pipeline.model import Job

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rhythm:
    """How often the inbox is looked at, and how long a file must have been at rest; seconds."""

    scan_seconds: float
    quiet_seconds: float
    uses_events: bool = True

    def next_look(self, *, is_waiting: bool) -> float:
        """Say how long to wait for the next look; `is_waiting` when a file was seen that is not at rest yet."""
        return min(self.scan_seconds, max(self.quiet_seconds, 0.05)) if is_waiting else self.scan_seconds


class _Waker(FileSystemEventHandler):
    """Wakes the loop; what happened is found out by looking."""

    def __init__(self, wake: threading.Event) -> None:
        self.wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Wake for anything but mere reading."""
        if event.event_type not in {"opened", "closed_no_write"}:
            self.wake.set()


class Eyes:
    """The observer of one folder, replaced when it has gone blind."""

    def __init__(self, folder: Path, wake: threading.Event) -> None:
        self.folder = folder
        self.wake = wake
        self.observer: BaseObserver | None = None
        self.inode = 0

    def open(self) -> None:
        """Begin to watch, or begin again when the observer no longer sees; trouble is logged, the scan goes on."""
        if self._sees():
            return
        self.close()
        try:
            self.inode = self.folder.stat().st_ino
            observer = Observer()
            observer.schedule(_Waker(self.wake), str(self.folder), recursive=True)
            observer.start()
        except OSError as trouble:
            log.warning("blind", extra={"action": "watch.blind", "why": str(trouble)})
            return
        self.observer = observer

    def _sees(self) -> bool:
        # the observer's own thread outlives its emitters, so the emitters are asked
        if self.observer is None or not self.observer.is_alive():
            return False
        if not all(emitter.is_alive() for emitter in self.observer.emitters):
            return False
        try:
            return self.folder.stat().st_ino == self.inode
        except OSError:
            return False

    def close(self) -> None:
        """Stop watching."""
        if self.observer is not None:
            self.observer.stop()
            self.observer.join(timeout=5)
            self.observer = None


@contextlib.contextmanager
def eyes_on(folder: Path, wake: threading.Event, *, uses_events: bool) -> Iterator[Eyes | None]:
    """Watch a folder for the length of a block."""
    eyes = Eyes(folder, wake) if uses_events else None
    try:
        yield eyes
    finally:
        if eyes is not None:
            eyes.close()


def watch(
    worker: Worker, rhythm: Rhythm, stop: threading.Event, wake: threading.Event, told: Callable[[list[Job]], None]
) -> None:
    """Serve the inbox until `stop` is set (set `wake` too, to stop at once); `told` hears of the jobs that moved."""
    inbox = worker.workspace.folders.inbox
    settling = Settling(rhythm.quiet_seconds)
    worker.tidy()
    with eyes_on(inbox, wake, uses_events=rhythm.uses_events) as eyes:
        while not stop.is_set():
            if eyes is not None:
                eyes.open()
            ready = settling.settled(inbox, intake.look(inbox), time.monotonic())
            try:
                worker.take(ready)
                moved = worker.work_off()
            except STORE_TROUBLE as trouble:  # nothing is lost; the next look tries again
                log.error("waits", extra={"action": "watch.wait", "why": str(trouble)})  # noqa: TRY400 - no bug
                moved = []
            if moved:
                told(moved)
            worker.repeated.clear()
            # a file still being copied is looked at again as soon as it can have come to rest
            wake.wait(rhythm.next_look(is_waiting=settling.is_waiting()))
            wake.clear()


def serve_once(worker: Worker, rhythm: Rhythm) -> list[Job]:
    """Work off what lies in the inbox now; files that are still being copied are waited for, but not for ever."""
    inbox = worker.workspace.folders.inbox
    settling = Settling(rhythm.quiet_seconds)
    worker.tidy()
    moved: dict[int, Job] = {}
    deadline = time.monotonic() + max(1.0, rhythm.quiet_seconds * (intake.MAX_QUIET_PERIODS + 2))
    while True:
        found = intake.look(inbox)
        worker.take(settling.settled(inbox, found, time.monotonic()))
        moved |= {job.id: job for job in worker.work_off()}
        left = [file for file in intake.look(inbox) if file not in worker.refused]
        if not left or time.monotonic() > deadline:
            return [worker.workspace.ledger.job(job_id) for job_id in moved]
        time.sleep(min(0.2, max(rhythm.quiet_seconds / 4, 0.01)))  # a file at rest is one seen twice, some time apart
