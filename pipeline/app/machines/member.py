"""A member: a process that works for the office on one of many machines, and ends when it is told to.

It must be run by a supervisor: one that was paused or cut off for too long is held for dead, ends when it notices,
and has to be started again.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable
from typing import Final

from pipeline.app.machines import queue, versions
from pipeline.app.machines.hands import BEAT_SECONDS, DEAD_SECONDS, Hands, bury
from pipeline.app.machines.watcher import watch_when_elected
from pipeline.app.watching import Rhythm
from pipeline.app.worker import Worker
from pipeline.errors import ConfigError, OperatorError, StoreGone, TransientError, VanthuError
from pipeline.messages import say, shown, tr
from pipeline.model import Job
from pipeline.proof.standalone import heads_in
from pipeline.store import workers
from pipeline.store.workers import Versions, WorkerSeen
from pipeline.workspace import Workspace

log = logging.getLogger(__name__)

#: Others that are not like us may be dead: they are waited for until they would be buried.
_JOIN_SECONDS: Final = 1.0


# below 9, for all numbers up to 29 are taken: a service that met it is not started again by itself
class OtherVersion(OperatorError):  # noqa: N818 - names a state of the world
    """Other workers have another program, other kinds and facts, or other keys than this machine."""

    exit_code = 8


class WorkerPruned(TransientError):  # noqa: N818 - names a state of the world
    """This worker was not seen for too long and was held for dead; others have gone on with its work."""

    exit_code = 38


class Member:
    """This process among the workers. `stop` may be set from anywhere, also by a signal."""

    def __init__(self, worker: Worker, stop: threading.Event, wake: threading.Event) -> None:
        self.worker = worker
        self.stop = stop
        self.wake = wake
        self.watches = threading.Event()
        self.hands = Hands(worker, "")
        self._trouble: VanthuError | None = None
        self._ended = threading.Event()
        self._beating = threading.Thread(target=self._beat)

    @property
    def workspace(self) -> Workspace:
        """What it works with."""
        return self.worker.workspace

    def join(self) -> None:
        """Be one of the workers. Raises OtherVersion, StoreGone."""
        engine = self.workspace.ledger.engine
        workers.name_sessions(engine, self.workspace.lease.owner)
        for _ in range(int(DEAD_SECONDS / _JOIN_SECONDS) + 1):
            bury(self.worker)
            queue.make(engine)
            me = self._me()
            self.hands.bundles = me.versions.bundles
            strangers = workers.join(engine, me)
            # a living one is seen every few seconds; one that is not may be what was killed before an upgrade
            alive = [one for one in strangers if one.unseen_seconds < 2 * BEAT_SECONDS]
            if alive:
                raise _other(me, alive[0])
            if not strangers:
                return
            if self.stop.wait(_JOIN_SECONDS):
                return
        raise _other(me, strangers[0])

    def begin(self) -> None:
        """Work, and let others see it."""
        self.hands.begin()
        self._beating.start()

    def end(self) -> None:
        """End what is in hand and leave. Raises what stopped this worker, if it was not told to."""
        try:
            self.hands.end()
        finally:
            self._ended.set()
            self._beating.join()
        # where the server is away it is buried later, as the dead are
        try:
            # what could not be given back when the server was lost
            self.workspace.ledger.release(self.workspace.lease.owner)
            workers.leave(self.workspace.ledger.engine, self.workspace.lease.owner)
        except StoreGone as trouble:
            log.warning("not left", extra={"action": "queue.leave", "why": str(trouble)})
        if self._trouble is not None:
            raise self._trouble
        if self.hands.trouble is not None:
            raise self.hands.trouble

    def _me(self) -> WorkerSeen:
        workspace = self.workspace
        have = versions.versions(workspace)
        _refuse_other_key(workspace)
        return WorkerSeen(workspace.lease.owner, socket.gethostname(), os.getpid(), self.worker.threads, have)

    def _beat(self) -> None:
        """Be seen, every few seconds; on a thread of its own."""
        engine, owner = self.workspace.ledger.engine, self.workspace.lease.owner
        while not self._ended.wait(BEAT_SECONDS):
            try:
                self.hands.bundles = versions.bundles(self.workspace)
                is_known = workers.beat(engine, owner, self.hands.bundles, watches=self.watches.is_set())
            except (VanthuError, OSError) as trouble:
                log.warning("not seen", extra={"action": "queue.beat", "why": str(trouble)})
                continue
            if not is_known:
                self._leave(WorkerPruned(_pruned()))
            elif self.hands.stopped.is_set():
                self._leave(
                    StoreGone(
                        tr(
                            "The connection to the database of the ledger was lost. Nothing is lost with it: the "
                            "supervisor starts this worker again."
                        )
                    )
                )

    def _leave(self, trouble: VanthuError) -> None:
        if not self.stop.is_set():
            # what the hands have met says more than that they have stopped
            self._trouble = trouble if self.hands.trouble is None else None
        self.stop.set()
        self.wake.set()


def serve(
    worker: Worker, rhythm: Rhythm, stop: threading.Event, wake: threading.Event, report: Callable[[list[Job]], None]
) -> None:
    """Work for the office with others until `stop` is set (with `wake`, at once).

    `report` is given the jobs that moved, where this worker is the watcher.
    Raises ConfigError on SQLite, MissingToolError without procrastinate, OtherVersion, WorkerPruned, IntegrityError.
    """
    if worker.workspace.ledger.engine.dialect.name != "postgresql":
        raise ConfigError(
            tr(
                "Many machines work together by a ledger on PostgreSQL (`database.url`); this one is a file on one "
                "machine, which `vanthu watch` serves."
            )
        )
    queue.must_be_installed()
    member = Member(worker, stop, wake)
    member.join()
    member.begin()
    try:
        watch_when_elected(member, rhythm, report)
    finally:
        stop.set()
        member.end()


def _pruned() -> str:
    return tr(
        "This worker was not seen for {seconds} seconds and was held for dead; the others have gone on with its "
        "work. Its supervisor starts it again.",
        seconds=round(DEAD_SECONDS),
    )


def _other(me: WorkerSeen, other: WorkerSeen) -> OtherVersion:
    ours, theirs = vars(me.versions), vars(other.versions)
    name = next(name for name in ours if ours[name] != theirs[name])
    said = {
        "program": say("another program, or other programs beside it"),
        "bundles": say("other kinds, years, certificates or settings of the office"),
        "keys": say("other keys: copy page-marks.key and khoa-moc.key from its folder var"),
    }
    return OtherVersion(
        tr(
            "The worker on {machine} has {what} ({theirs}; here: {ours}). Documents would depend on who made them: "
            "make both machines alike, then start this one again.",
            machine=other.machine,
            what=shown(said[name]),
            theirs=theirs[name],
            ours=ours[name],
        )
    )


def _refuse_other_key(workspace: Workspace) -> None:
    """Refuse to sign heads with another key than the office's, which a new folder would have made for itself."""
    noted = heads_in(workspace.ledger.log.head().note)
    ours = versions.keys(workspace).split()[1]
    if noted and noted[0].origin != ours:
        raise OtherVersion(
            tr(
                "The register's heads are signed with the key {theirs}, and this machine has {ours}: copy "
                "page-marks.key and khoa-moc.key from the folder var of a machine that works already.",
                theirs=noted[0].origin,
                ours=ours,
            )
        )


__all__ = ["Member", "OtherVersion", "Versions", "WorkerPruned", "serve"]
