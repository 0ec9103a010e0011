"""Watching: processes the inbox until it is told to stop, or once.

The inbox is looked at as a whole at the start and every few seconds; events of the file system only start the next
look earlier. An observer that no longer reports (the share went away, the folder was made anew) is replaced: a missed
event costs one interval, never a file.
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
from pipeline.app.away import Absence
from pipeline.app.serving import Service
from pipeline.app.views import Views
from pipeline.app.worker import STORE_TROUBLE, Worker
from pipeline.files import FolderAway
from pipeline.health import Heart
from pipeline.intake import InboxAway
from pipeline.model import Job
from pipeline.workspace import Workspace

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


class _WakeOnEvent(FileSystemEventHandler):
    """Wakes the loop; what happened is found out by looking at the inbox."""

    def __init__(self, wake: "News | threading.Event") -> None:
        self.wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Wake for anything but mere reading: our own look at the inbox reads, and would wake us again at once."""
        if event.event_type not in {"opened", "closed_no_write"}:
            self.wake.set()


class FolderObserver:
    """The observer of one folder, replaced when it no longer reports events."""

    def __init__(self, folder: Path, wake: "News | threading.Event") -> None:
        self.folder = folder
        self.wake = wake
        self.observer: BaseObserver | None = None
        self.inode = 0

    def open(self) -> None:
        """Start observing, or start again when the observer no longer reports; errors are logged, looks go on."""
        if self._is_reporting():
            return
        self.close()
        try:
            # a share that went and came back has the same path and another inode
            self.inode = self.folder.stat().st_ino
            observer = Observer()
            # the folders of the units too, and what they make below
            observer.schedule(_WakeOnEvent(self.wake), str(self.folder), recursive=True)
            observer.start()
        except OSError as trouble:
            log.warning("no events", extra={"action": "watch.observe", "why": str(trouble)})
            return
        self.observer = observer

    def _is_reporting(self) -> bool:
        # measured with watchdog 7.1: when the folder is removed and made again, the observer stays alive and only its
        # emitters have ended
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
def observed(folder: Path, wake: "News | threading.Event", *, uses_events: bool) -> Iterator[FolderObserver | None]:
    """Observe a folder for the length of a block."""
    observer = FolderObserver(folder, wake) if uses_events else None
    try:
        yield observer
    finally:
        if observer is not None:
            observer.close()


class News:
    """Wakes the loop, and says that it was the inbox and not the line that woke it."""

    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake
        self.is_there = True  # what lies there at the start

    def set(self) -> None:
        """Tell of a change in the inbox."""
        self.is_there = True
        self._wake.set()


def watch(
    worker: Worker, rhythm: Rhythm, stop: threading.Event, wake: threading.Event, report: Callable[[list[Job]], None]
) -> None:
    """Process the inbox until `stop` is set (with `wake`, at once); `report` is given the jobs that moved."""
    news, views, workspace = News(wake), Views(worker), worker.workspace
    lookout = _Lookout(workspace)
    troubles: dict[str, str] = {}
    looking, working = _Trouble("looking", troubles), _Trouble("working", troubles)
    with working.told_once():
        worker.tidy()
    with (
        observed(workspace.folders.inbox, news, uses_events=rhythm.uses_events) as observer,
        views,
        Service(worker, rhythm.quiet_seconds, wake.set) as service,
    ):
        next_look = next_round = time.monotonic()
        has_tried = False
        while not stop.is_set():
            if observer is not None:
                observer.open()
            if (news.is_there or time.monotonic() >= next_look) and not service.until_look():
                news.is_there = False
                next_look = time.monotonic() + rhythm.scan_seconds
                with looking.told_once():
                    next_look = lookout.look(service, rhythm)
            # what was taken goes on while the inbox is away
            try:
                # not with every look: what met trouble is tried again after some time, five times in all
                if time.monotonic() >= next_round:
                    next_round = time.monotonic() + rhythm.scan_seconds
                    views.are_old = has_tried = True
                    service.rounds.begin()
                service.take()
                service.move()
                views.bring_up_to_date(is_idle=service.is_idle)
                if moved := service.rounds.moved():
                    views.are_old = True
                    report(moved)
            except STORE_TROUBLE as trouble:
                working.tell(trouble)
                service.pause()
                next_round, has_tried = time.monotonic() + rhythm.scan_seconds, False
            if has_tried and service.is_idle:
                working.end()
            # `watch` tells of repeats by their notes; kept, the list would grow for months
            worker.repeated.clear()
            if not service.has_files:
                look = max(service.until_look(), 0.0 if news.is_there else next_look - time.monotonic())
                wake.wait(max(0.0, min(look, next_round - time.monotonic())))
                wake.clear()


class _Lookout:
    """Looks at the inbox, and lets others know that it does, or that it cannot."""

    def __init__(self, workspace: Workspace) -> None:
        self._clock = workspace.clock
        self._heart = Heart(workspace.folders.workers, workspace.lease.owner, workspace.folders.inbox)
        self._absence = Absence(workspace.ledger)

    def look(self, service: Service, rhythm: Rhythm) -> float:
        """Look once, and say when to do so again (monotonic). Raises InboxAway."""
        try:
            service.look()
        except InboxAway:
            self._absence.begin()
            raise
        self._absence.end()
        self._heart.beat(self._clock())
        # a file still being copied is looked at again as soon as it can have come to rest
        return time.monotonic() + rhythm.next_look(is_waiting=service.settling.is_waiting())


class _Trouble:
    """Trouble of the store or of a share: nothing is lost, the next look tries again, and it is told once.

    `told` holds what each of those who try says now: one share that is away keeps several from their work.
    """

    def __init__(self, who: str, told: dict[str, str]) -> None:
        self._who, self._told = who, told

    @contextlib.contextmanager
    def told_once(self) -> Iterator[None]:
        """Let what cannot be done now be tried at the next look."""
        try:
            yield
        except (*STORE_TROUBLE, InboxAway) as trouble:
            self.tell(trouble)
        else:
            self.end()

    def tell(self, trouble: Exception) -> None:
        """Log the trouble, unless it is the one that was told last."""
        # a folder that is away is one trouble, whatever its share answers meanwhile
        matter = trouble.folder if isinstance(trouble, FolderAway | InboxAway) else str(trouble)
        if matter not in self._told.values():
            log.error("waits", extra={"action": "watch.wait", "why": str(trouble)})
        self._told[self._who] = matter

    def end(self) -> None:
        """Log that there is none any more, if there was and nobody else is still kept by it."""
        told = self._told.pop(self._who, "")
        if told and told not in self._told.values():
            log.warning("goes on", extra={"action": "watch.go-on"})


def serve_once(worker: Worker, rhythm: Rhythm) -> list[Job]:
    """Process what is in the inbox now; files that are still being copied are waited for, but not for ever.

    Raises InboxAway.
    """
    wake = threading.Event()
    worker.tidy()
    moved: dict[int, Job] = {}
    deadline = time.monotonic() + max(1.0, rhythm.quiet_seconds * (intake.MAX_QUIET_PERIODS + 2))
    with Service(worker, rhythm.quiet_seconds, wake.set) as service:
        while True:
            # the work of a round may itself outlast the wait (a loaded machine), so one more look always follows it
            is_last = time.monotonic() > deadline
            service.look()
            service.rounds.begin()
            service.take()
            while not service.is_over:
                service.move()
                if not service.has_files and not service.is_over:
                    wake.wait()
                    wake.clear()
                service.take()
            moved |= {job.id: job for job in service.rounds.moved()}
            worker.settle()
            after = intake.survey(worker.workspace.folders.inbox)
            overdue = service.settling.overdue.items()
            worker.wait_for(after, {file: wait for file, wait in overdue if file in after.found})
            # what people have been told of is not waited for
            told = {*worker.refused, *worker.kept, *worker.unfinished, *worker.stopped}
            left = [file for file in after.found if file not in told]
            if is_last or not left:
                worker.left = left
                return worker.workspace.ledger.jobs_of(list(moved))
            # a file at rest is one seen twice, some time apart
            time.sleep(min(0.2, max(rhythm.quiet_seconds / 4, 0.01)))
