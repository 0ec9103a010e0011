"""Thousands of copies, made in every way, into an inbox that is looked at again and again: what was taken of them.

    python -m tests.share.trial --copies 10000 --seed 1 [--local | --samba] [--place FOLDER]

The looks are those of `vanthu watch`, with its own intake, gate, spool and ledger; what follows (reading, answers) is
left out, so that ten thousand copies take minutes. Prints the figures of docs/reliability.md.
"""

import argparse
import contextlib
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import intake, logs
from pipeline.app.worker import Worker
from pipeline.files import sha256_of
from pipeline.intake import MAX_QUIET_PERIODS, InboxAway, Settling
from pipeline.model import State
from tests.folders import opened, working_folder
from tests.share.copying import Copies, Pace, shared_out
from tests.share.moods import Moods
from tests.share.samba import MICROSOFT_DS, serving
from tests.share.serving import shared

QUIET_SECONDS, SCAN_SECONDS = 1.0, 0.5
WRITERS = 40
#: smbnetfs keeps no more connections than this open, and drops one that is in use for the next.
WRITERS_OVER_SAMBA = 6
#: What others did is seen so late, and times are told in steps of so many seconds.
LATE_SECONDS, CLOCK_SECONDS = 0.3, 2.0
HOSTILE = Moods(trouble=0.002, short=0.2, late_seconds=LATE_SECONDS, clock_seconds=CLOCK_SECONDS)


@dataclass
class Result:
    """What came of the copies."""

    whole: int
    given_up: int
    taken: int
    half: list[str]  #: what was taken and was never whole: its name, and how it was made
    lost: list[str]  #: sha256 of what was whole and is neither taken nor in the inbox
    doubled: list[str]
    lying: int  #: whole and still in the inbox: nobody looked into it yet, or it was not let in
    looks: list[int] = field(default_factory=list)  #: whole looks between being whole and at rest, and being taken

    def told(self) -> str:
        """One line for people."""
        late = sorted(self.looks)
        share = sum(1 for one in late if one <= 2) / max(1, len(late))
        told = (
            f"{self.whole} whole, {self.given_up} given up, {self.taken} taken; {len(self.half)} half, "
            f"{len(self.lost)} lost, {len(self.doubled)} twice, {self.lying} lying; "
            f"within two looks {share:.2%}, most {late[-1:]}"
        )
        return "\n".join([told, *self.half, *self.lost])


@contextlib.contextmanager
def writing(copies: Copies, count: int, seed: int, gap: float, writers: int) -> Iterator[threading.Event]:
    """Let so many writers make copies side by side; the event is set when all are done."""
    stop, done = threading.Event(), threading.Event()
    threads = [
        threading.Thread(target=copies.run, args=(seed, numbers, stop, lambda: gap))
        for numbers in shared_out(count, writers)
    ]
    for thread in threads:
        thread.start()

    def wait() -> None:
        for thread in threads:
            thread.join()
        done.set()

    waiter = threading.Thread(target=wait)
    waiter.start()
    try:
        yield done
    finally:
        stop.set()
        waiter.join()


def _look_and_take(worker: Worker, settling: Settling) -> None:
    """Look once and take all that is ready, with the parts of `app.serving` in one thread."""
    inbox = worker.workspace.folders.inbox
    try:
        seen = intake.survey(inbox)
    except InboxAway:
        settling.forget()
        return
    now = time.monotonic()
    rested = settling.at_rest(seen.found, now, is_all=seen.is_whole)
    ready = [file for file in rested if settling.is_ready(inbox, file, now)]
    worker.wait_for(seen, settling.overdue)
    worker.take(ready)


def _lying(folder: Path) -> set[str]:
    return {sha256_of(path) for path in folder.rglob("*") if path.is_file()}


def trial(
    place: Path, count: int, seed: int, moods: Moods | None, gap: float = 0.0, *, over_samba: bool = False
) -> Result:
    """Make copies into an inbox, a bad share or (without moods) a folder of this machine, and take what is whole.

    `over_samba`: the writers have the folder from a Samba server of this machine, and it is watched from below.
    """
    folder = working_folder(place / "office")
    with contextlib.ExitStack() as stack:
        if moods is None:
            into = folder / "inbox"
            if over_samba:
                samba = stack.enter_context(serving(place / "smb", into, port=MICROSOFT_DS))
                into = stack.enter_context(samba.mounted(place / "mounted"))
            # one machine: the kernel tells who writes, and nothing need ever be taken late
            pace = Pace(3 * QUIET_SECONDS, 3 * QUIET_SECONDS, 0.6 * QUIET_SECONDS)
        else:
            into = stack.enter_context(shared(place, moods, folder / "inbox")).folder
            pace = Pace(3 * QUIET_SECONDS, 0.6 * MAX_QUIET_PERIODS * QUIET_SECONDS, 3 * QUIET_SECONDS)
        copies = Copies(into, pace, is_plain=over_samba)
        workspace = stack.enter_context(opened(folder))
        worker, settling = Worker(workspace), Settling(QUIET_SECONDS)
        taken: dict[str, int] = {}
        looks: list[tuple[float, set[str]]] = []
        with writing(copies, count, seed, gap, WRITERS_OVER_SAMBA if over_samba else WRITERS) as done:
            # a busy machine takes one after the other: it ends when for so long nothing more was taken
            patience = 2 * QUIET_SECONDS * (MAX_QUIET_PERIODS + 3)
            deadline = 0.0
            while True:
                begun = time.monotonic()
                if done.is_set():
                    deadline = begun + patience if not deadline or (looks and looks[-1][1]) else deadline
                    if begun > deadline or copies.finished.keys() <= taken.keys():
                        break
                _look_and_take(worker, settling)
                # what was taken in this look: the highest ids
                new = {job.submission_sha256 for job in workspace.ledger.in_states(State)} - taken.keys()
                for sha256 in new:
                    taken[sha256] = len(looks)
                looks.append((begun, new))
                time.sleep(max(0.0, SCAN_SECONDS - (time.monotonic() - begun)))
        everything = workspace.ledger.in_states(State)
        jobs = [job.submission_sha256 for job in everything]
        known = copies.finished.keys() | copies.passing
        return Result(
            whole=len(copies.finished),
            given_up=copies.given_up,
            taken=len(taken),
            half=sorted(
                f"{job.name} {copies.ways.get(job.name)}"
                for job in everything
                # on one machine what is broken and held by nobody is taken at last, to be answered as broken
                if job.submission_sha256 not in known and not (moods is None and copies.is_given_up(job.name))
            ),
            lost=sorted(copies.finished.keys() - set(jobs) - _lying(into)),
            lying=len((copies.finished.keys() - set(jobs)) & _lying(into)),
            doubled=sorted(one for one in set(jobs) if jobs.count(one) > 1),
            looks=[
                sum(1 for at, _ in looks[: taken[sha256] + 1] if at >= whole_at + QUIET_SECONDS + LATE_SECONDS)
                for sha256, whole_at in copies.finished.items()
                # a text without an end is taken late on a share, and that is no fault of the looks
                if sha256 in taken and (moods is None or sha256 not in copies.unsure)
            ],
        )


def main() -> None:
    """Make the trial that the command line asks for."""
    logs.set_up(level="warning")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--local", action="store_true")
    parser.add_argument("--samba", action="store_true")
    parser.add_argument("--place", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.place) as place:
        begun = time.monotonic()
        moods = None if asked.local or asked.samba else HOSTILE
        result = trial(Path(place), asked.copies, asked.seed, moods, over_samba=asked.samba)
        where = "over Samba" if asked.samba else "a folder of this machine" if asked.local else "a bad share"
        took = time.monotonic() - begun
        sys.stdout.write(f"{where}, seed {asked.seed}, {took:.0f} s: {result.told()}\n")


if __name__ == "__main__":
    main()
