"""Worker: drives the flow. Takes what lies in the inbox, takes every job as far as it goes, and keeps trouble apart.

This is one of the two places where an exception becomes something else (the other is the command line): trouble with
one input holds that job and the work goes on; trouble with our own store stops everything.
"""

import logging
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import flow, intake, status
from pipeline.app import order_workbook, rounds, searching
from pipeline.app.mailing import Mailer
from pipeline.errors import (
    IntegrityError,
    NoSpaceError,
    StateConflict,
    StoreBusy,
    StoreGone,
    TransientError,
    VanthuError,
)
from pipeline.files import (
    CannotWrite,
    Left,
    Reason,
    Refused,
    finish,
    is_same,
    remove,
    sweep,
    withdraw,
    write_durably,
)
from pipeline.intake import Found, Survey, Wait
from pipeline.ledger import Drop, Outcome
from pipeline.ledger.ledger import LedgerLost
from pipeline.ledger.outcome import Taken
from pipeline.messages import ENGLISH, say, shown_in
from pipeline.model import TRANSITIONS, Job, State
from pipeline.naming import key
from pipeline.reading import Look, Mark
from pipeline.steps import answering, incidents, publishing, secrecy, unfinished
from pipeline.steps.witnessing import witness
from pipeline.tools.patience import OutOfPatience
from pipeline.workspace import Workspace

log = logging.getLogger(__name__)

#: After so many transient troubles without a step forward in between a job is held for the operator.
MOST_ATTEMPTS = 5
#: A job moved by somebody else is looked at again so often before it is left to them.
MOST_CONFLICTS = 5
#: A temporary file this old belongs to no living writer.
LEFT_BEHIND_SECONDS = 60
#: Why an entry is not opened that a file may be behind, which nobody has looked into then.
NOT_SEEN = frozenset({Reason.TOO_LARGE, Reason.UNREADABLE})
#: Why one is not opened now: the next look will tell.
NOT_NOW = frozenset({Reason.BUSY, Reason.CHANGING})
#: What the gate says of a file whose bytes it could not read.
UNREADABLE = "file.unreadable"
#: Trouble of the store itself: nothing may go on as if nothing had happened.
STORE_TROUBLE = (StoreBusy, StoreGone, NoSpaceError, CannotWrite)

#: Told how many jobs are done, and how many there are, as far as is known.
Progress = Callable[[int, int], None]


def quietly(_done: int, _known: int) -> None:
    """Show no progress."""


@dataclass
class Worker:
    """Works for one workspace; remembers what was refused, came twice or was left in the inbox because
    somebody is still writing it; the ledger remembers the rest."""

    workspace: Workspace
    threads: int = 1
    progress: Progress = quietly
    #: jobs that met trouble since whoever drives asked last
    troubled: set[int] = field(default_factory=set)
    #: files that took too long to look into where others wait; looked into apart, the answer is kept for `take`
    heavy: set[Found] = field(default_factory=set)
    seen: dict[Found, Look] = field(default_factory=dict)
    refused: dict[Found, Refused] = field(default_factory=dict)
    repeated: list[tuple[str, Job]] = field(default_factory=list)
    unwritten: set[Path] = field(default_factory=set)
    left: list[Found] = field(default_factory=list)
    #: told of, and not taken before they are finished: the number of the incident of each
    unfinished: dict[Found, int] = field(default_factory=dict)
    #: told of, and stopped at the secrecy gate
    stopped: dict[Found, int] = field(default_factory=dict)
    #: taken, and not to be removed: the sha256 of what was taken of each
    kept: dict[Found, str] = field(default_factory=dict)
    #: how often the gate could not read a file that can be opened: a share in trouble, or a bad spot on the disk
    _unread: Counter[Found] = field(default_factory=Counter)
    mailer: Mailer = field(init=False)

    def __post_init__(self) -> None:
        self.mailer = Mailer(self.workspace)

    @property
    def most_threads(self) -> int:
        """How many lanes there can ever be."""
        return self.threads

    def lanes(self) -> int:
        """Say how many jobs may be advanced side by side now."""
        return self.threads

    def tidy(self) -> None:
        """Take away the temporary files that a crash left; those of living writers are young."""
        folders = self.workspace.folders
        for folder in (folders.outbox, folders.archive):
            sweep(folder, older_than_s=LEFT_BEHIND_SECONDS)
        # what the folders are known by was written into them, and beside the store
        known = (one.record.parent for one in folders.identities.values())
        for folder in dict.fromkeys((folders.var, folders.workers, folders.anchors, folders.inbox, *known)):
            sweep(folder, older_than_s=LEFT_BEHIND_SECONDS, is_deep=False)
        self.workspace.spool.sweep(older_than_s=LEFT_BEHIND_SECONDS)

    def take(self, found: Iterable[Found]) -> list[Job]:
        """Take files out of the inbox: bytes first, then the job, and only then the file goes."""
        finish(self.workspace.folders.inbox)
        self._forget_gone()
        ready: list[tuple[Found, Drop]] = []
        for file in found:
            if file in self.kept:
                self._withdraw(file, self.kept[file])
                continue
            if file in self.refused or self._is_stopped_still(file):
                continue
            try:
                drop = self._brought_in(file)
            except OutOfPatience:
                self.heavy.add(file)
                continue
            except OSError as trouble:  # a share that went away, a folder that lets nobody in: the others are served
                # never the error itself: its text names the file, which may not have been looked at
                why = trouble.strerror or type(trouble).__name__
                log.error("not taken", extra={"action": "intake.fail", "why": why})  # noqa: TRY400 - no traceback
                continue
            if drop is not None:
                ready.append((file, drop))
        return self._recorded(ready) if ready else []

    def wait_for(self, seen: Survey, overdue: Mapping[Found, Wait]) -> None:
        """Tell people of the files that stay because they are not finished, and take back what no longer holds."""
        # of what a share in trouble did not show nothing is known: it need not be gone
        if seen.is_whole:
            there = set(seen.found)
            self.unfinished = {file: number for file, number in self.unfinished.items() if file in there}
            self.stopped = {file: number for file, number in self.stopped.items() if file in there}
            self.kept = {file: sha256 for file, sha256 in self.kept.items() if file in there}
            self.seen = {file: look for file, look in self.seen.items() if file in there}
            self._unread = Counter({file: count for file, count in self._unread.items() if file in there})
            incidents.end_those_gone(self.workspace, seen.found)
        for file, wait in overdue.items():
            if file not in self.unfinished:
                self.unfinished[file] = unfinished.told(self.workspace, file, wait)

    def _brought_in(self, file: Found) -> Drop | None:
        """Bring a file's bytes into the spool, if it may be taken."""
        workspace = self.workspace
        workspace.spool_must_be_there()
        limit_bytes = workspace.practice.limits.of(workspace.folders.inbox, file)
        # before a single byte of it is copied, logged or recorded (the secrecy gate, noi-dung I10)
        seen = self._let_in(file, intake.refusal(workspace.folders.inbox, file, limit_bytes=limit_bytes))
        if seen is None:
            return None
        inbox = workspace.folders.inbox
        drop = intake.take(inbox, file, workspace.spool, limit_bytes=limit_bytes, looked_at=seen.sha256)
        if isinstance(drop, Refused):
            self._refuse(file, drop)
            return None
        return replace(drop, unseen=seen.unseen.value)

    def _recorded(self, ready: Sequence[tuple[Found, Drop]]) -> list[Job]:
        """Record together what was brought in, and take it out of the inbox; gives the jobs that were opened."""
        ledger, opened = self.workspace.ledger, []
        found = ledger.take_new([(drop, key(drop.name)) for _, drop in ready])
        for (file, drop), new in zip(ready, found, strict=True):
            taken = new or self._recorded_again(drop)
            # only now, and only what was taken: what was written over it meanwhile is the next drop (rule 1)
            self._withdraw(file, drop.sha256)
            log.info("taken", extra={"action": "intake.take", "job": taken.job.id, "is_repeat": taken.is_repeat})
            if not taken.is_repeat:
                self.workspace.note_unseen(taken.job, drop.unseen)
                opened.append(taken.job)
            elif not taken.is_same_file:
                self.repeated.append((drop.name, taken.job))
        return opened

    def _recorded_again(self, drop: Drop) -> Taken:
        """Record a drop whose bytes came before, with its answer."""
        workspace = self.workspace
        # asked before `take`: the note is bytes, and bytes are in the spool before anything is recorded (rule 1)
        earlier = workspace.ledger.repeat_of(drop)
        publications = (answering.already(workspace, earlier, drop),) if earlier is not None else ()
        return workspace.ledger.take(drop, name_key=key(drop.name), publications=publications)

    def _is_stopped_still(self, file: Found) -> bool:
        """Tell whether a file was stopped at the gate and nobody has let it in since: it is not looked at anew."""
        number = self.stopped.get(file)
        return number is not None and not incidents.is_admitted(self.workspace, number)

    def _let_in(self, file: Found, refused: Refused | None) -> Look | None:
        """Ask the secrecy gate; None when the file is not to be taken, and people have been told where they must be.

        `refused` says why it would not be opened, if it would not.
        """
        workspace = self.workspace
        if refused is not None and refused.reason in NOT_NOW:
            return None
        seen = self.seen.pop(file, None) or self.look(file)
        if seen.mark is Mark.UNSEEN:
            # a link, a pipe: there is nothing of it to look into, `intake.take` says what it is
            if refused is not None and refused.reason not in NOT_SEEN:
                return seen
            # it can be opened and was not read: a share in trouble, or a bad spot on the disk
            if refused is None and seen.why == UNREADABLE:
                self._unread[file] += 1
                if self._unread[file] < intake.MAX_QUIET_PERIODS:
                    return None
        if seen.mark is Mark.NONE:
            return seen
        if seen.mark is Mark.MARKED:
            incident: int | None = secrecy.set_aside(workspace, file)
        else:
            incident = secrecy.close_to(workspace, file, seen)
        if incident is None:  # a person has let it in
            return seen
        if incident:
            # never its name
            facts = {"incident": incident, "mark": seen.mark.value, "why": seen.why}
            log.warning("not let in", extra={"action": "intake.secrecy", **facts})
            self.stopped[file] = incident
        # also where it is gone, or a share cannot say: a word that nobody has given lets nothing in
        return None

    def look(self, file: Found) -> Look:
        """Ask, in a guarded child, whether a file bears a mark of secrecy; nothing else happens to it."""
        return secrecy.look(self.workspace, file)

    def _withdraw(self, file: Found, sha256: str) -> None:
        """Remove a file that was taken from the inbox; where that cannot be, it is not taken again, and told."""
        left = withdraw(self.workspace.folders.inbox, file.name, file.stamp, sha256)
        if left not in {Left.LOCKED, Left.BUSY}:
            self.kept.pop(file, None)
            return
        if file not in self.kept:
            log.warning("not removed", extra={"action": "intake.keep", "folder": file.folder, "why": left.value})
        self.kept[file] = sha256
        if left is Left.LOCKED:
            unfinished.told_of_lying(self.workspace, file)

    def _refuse(self, file: Found, refused: Refused) -> None:
        """Leave an entry of the inbox where it is, and tell whoever dropped it, once."""
        if refused.reason in {Reason.GONE, *NOT_NOW} or self.refused.get(file) == refused:
            return  # another run took it, its owner did, or writes on: the next look will tell
        log.warning(
            "refused",
            extra={"action": "intake.refuse", "file": file.shown_name, "why": shown_in(refused.message, ENGLISH)},
        )
        self.refused[file] = refused
        self.workspace.must_be_there("outbox")
        try:
            # not recorded as a publication: nothing was taken, so there is no job it could belong to
            write_durably(*answering.not_taken(self.workspace, file.folder, file.shown_name, refused.message))
        except CannotWrite as trouble:
            if not trouble.is_of_one_place:
                raise
            log.warning("not told", extra={"action": "intake.refuse", "folder": file.folder, "why": str(trouble)})

    def _forget_gone(self) -> None:
        """Take back what was told about entries that have changed or are no longer there."""
        for file in [
            file for file in self.refused if not is_same(self.workspace.folders.inbox, file.name, file.stamp)
        ]:
            remove(answering.not_taken_path(self.workspace, file.folder, file.shown_name))
            # afterwards: where it cannot be taken back now, it is at the next look
            del self.refused[file]

    def work_off(self) -> list[Job]:
        """Advance every job that can be advanced, until nothing moves any more; returns them as they now stand."""
        moved = rounds.work_off(self)
        self.settle()
        return moved

    def settle(self) -> None:
        """After some work: publish what is recorded, bring journal, anchors and views up to date."""
        # also without a job that moved: a crash may have left recorded publications (decision 0002)
        kept_waiting = publishing.publish(self.workspace)
        witness(self.workspace)
        self._show()
        self.mailer.send_new()
        # last: one who cannot be served keeps nobody else waiting
        if kept_waiting is not None:
            raise kept_waiting

    def _show(self) -> None:
        """Bring the views in the outbox up to date; a view that cannot be made is our fault and stops no document."""
        try:
            self.workspace.must_be_there("outbox")
            self.unwritten.update(status.refresh(self.workspace))
            searching.bring_up_to_date(self.workspace)
            order_workbook.put_ready(self.workspace)
        except (*STORE_TROUBLE, IntegrityError):
            raise
        except Exception as trouble:  # documents are processed whether or not the board can be made
            log.exception("not shown", extra={"action": "board.write", "why": str(trouble)})

    def advance(self, job_id: int, job: Job | None = None) -> Job:
        """Advance one job and translate trouble: hold the job, leave it for another try, or stop everything.

        `job` is the job as it was read a moment ago, where it was.
        """
        # each time the job is read anew, and what is due is done from where the other has left it
        for _ in range(MOST_CONFLICTS):
            try:
                advanced = flow.advance(self.workspace, job_id, job)
            except StateConflict:
                job = None
                log.info("moved by another", extra={"action": "job.conflict", "job": job_id})
            # nothing more is written into a ledger that is older than the archive: it would tell another history
            except (*STORE_TROUBLE, LedgerLost):
                raise
            # nothing of the step in hand is recorded: it is done again with more time, or at the next start
            except OutOfPatience:
                raise
            except TransientError as trouble:
                return self._postponed(job_id, trouble)
            # recorded bytes that are gone or changed concern more than one job: nothing may be built on them
            except IntegrityError as trouble:
                self._hold(job_id, trouble)
                raise
            except Exception as trouble:  # one job's trouble never stops the others
                return self._hold(job_id, trouble)
            else:
                return advanced
        return self.workspace.ledger.job(job_id)

    def _postponed(self, job_id: int, trouble: TransientError) -> Job:
        ledger = self.workspace.ledger
        # tried again in the next round, not in this one: five attempts are five rounds (decision 0014)
        self.troubled.add(job_id)
        count = ledger.attempt(ledger.job(job_id), str(trouble))
        log.warning("to be tried again", extra={"action": "job.postpone", "job": job_id, "why": str(trouble)})
        if not trouble.is_retried:  # the same would happen again
            return self._hold(job_id, trouble)
        if count < MOST_ATTEMPTS:
            return ledger.job(job_id)
        why = say("tried {count} times without success; the last time: {trouble}", count=count, trouble=str(trouble))
        return self._hold(job_id, trouble, shown_in(why, self.workspace.practice.language))

    def _hold(self, job_id: int, trouble: Exception, why: str = "") -> Job:
        job = self.workspace.ledger.job(job_id)
        log.error("held", extra={"action": "job.hold", "job": job_id, "why": str(trouble)})
        log.debug("trace", extra={"action": "job.trace", "job": job_id}, exc_info=trouble)
        # a job that somebody has cancelled or filed meanwhile is not brought back by trouble with it
        if State.HELD not in TRANSITIONS[job.state]:
            return job
        # in the history: the log may be gone by the time the operator comes
        trace = "".join(traceback.format_exception(trouble))
        # what Python says of it is nothing for a clerk, whose board shows the reason
        failed = say("the program failed; what it met: vanthu show {id}", id=job_id)
        told = (
            str(trouble) if isinstance(trouble, VanthuError) else shown_in(failed, self.workspace.practice.language)
        )
        detail = {"error": f"{type(trouble).__name__}: {trouble}", "trace": trace}
        return self.workspace.ledger.advance(job, Outcome(State.HELD, why=why or told, detail=detail))
