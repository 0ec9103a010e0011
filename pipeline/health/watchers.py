"""The watcher: is one there, and does it see the inbox that people drop into?"""

import datetime as dt
import time
from collections.abc import Iterator
from typing import Final

from pipeline.health.heartbeat import canary, heartbeats
from pipeline.messages import say
from pipeline.model import Finding, Severity
from pipeline.store.workers import workers as seen
from pipeline.workspace import Workspace

WATCHER: Final = "watcher.sees"
NO_WATCHER: Final = "watcher.none"

#: Beyond the time between two looks: a look at 20,000 files, and the job in hand.
_MORE_SECONDS: Final = 10.0
_LONGEST_SECONDS: Final = 60.0
_POLL_SECONDS: Final = 0.1


def watcher_findings(workspace: Workspace, scan_seconds: float) -> Iterator[Finding]:
    """Put a canary into the inbox, and wait until the watcher of this machine has seen it."""
    workers = workspace.folders.workers
    if not heartbeats(workers):
        # it runs on another machine, whose `machines.workers` says so
        if any(one.watches for one in seen(workspace.ledger.engine)):
            return
        yield Finding(
            NO_WATCHER,
            Severity.WARN,
            say("No watcher runs on this machine: what is dropped waits for the next vanthu run."),
            mend=say("Start the service: {command}", command="systemctl start vanthu"),
        )
        return
    waits = min(scan_seconds + _MORE_SECONDS, _LONGEST_SECONDS)
    try:
        with canary(workspace.folders.inbox) as name:
            took = _seen_after(workspace, name, waits)
    except OSError:  # told of with the folder
        took = None
    beats = heartbeats(workers).values()
    last = max((one.at for one in beats), default=None)
    if took is not None:
        yield Finding(WATCHER, Severity.INFO, say("The watcher sees the inbox."))
        return
    yield Finding(
        WATCHER,
        Severity.BLOCK,
        say(
            "A watcher runs, but has not seen a file that was put into the inbox {seconds} seconds ago; it last "
            "looked at {last}.",
            seconds=round(waits),
            last=_moment(last),
        ),
        mend=say(
            "If it works on a large file it will look again. Else it looks at another folder, of a share that was "
            "away: {command}",
            command="systemctl restart vanthu",
        ),
    )


def _seen_after(workspace: Workspace, name: str, seconds: float) -> float | None:
    """After how many seconds a watcher has seen the canary; None when none has in so many."""
    began = time.monotonic()
    while (passed := time.monotonic() - began) < seconds:
        if any(name in one.canaries for one in heartbeats(workspace.folders.workers).values()):
            return passed
        time.sleep(_POLL_SECONDS)
    return None


def _moment(at: dt.datetime | None) -> str:
    return f"{at.astimezone():%H:%M:%S %d/%m/%Y}" if at is not None else "–"
