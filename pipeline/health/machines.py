"""The workers of many machines: who is there, who watches, what waits; nothing where one machine works alone."""

from collections.abc import Iterator
from typing import Final

from pipeline.messages import say
from pipeline.model import Finding, Severity
from pipeline.store.workers import WorkerSeen, queued, workers
from pipeline.workspace import Workspace

WORKERS: Final = "machines.workers"
NO_WATCHER: Final = "machines.watcher"
UNSEEN: Final = "machines.unseen"
BUNDLES: Final = "machines.bundles"
SPOOL: Final = "machines.spool"

#: A worker lets itself be seen every five seconds, and is held for dead after thirty.
_UNSEEN_SECONDS: Final = 20.0


def machines_findings(workspace: Workspace) -> Iterator[Finding]:
    """Look at the workers and at the queue."""
    found = workers(workspace.ledger.engine)
    if not found:
        return
    waiting = queued(workspace.ledger.engine)
    yield Finding(
        WORKERS,
        Severity.INFO,
        say(
            "{count} workers are there ({machines}); {waiting} jobs wait for them, {in_hand} are in hand.",
            count=len(found),
            machines=", ".join(one.machine for one in found),
            waiting=waiting.get("todo", 0),
            in_hand=waiting.get("doing", 0),
        ),
    )
    watcher = next((one for one in found if one.watches), None)
    if watcher is None:
        yield Finding(
            NO_WATCHER,
            Severity.WARN,
            say("None of the workers watches the inbox: what is dropped waits until one of them does."),
            mend=say("One is elected within seconds. If not, look at their logs; start them again."),
        )
    yield from _unseen(found)
    yield from _bundles(found, watcher)
    if len({one.machine for one in found}) > 1 and not workspace.is_spool_shared:
        yield Finding(
            SPOOL,
            Severity.BLOCK,
            say("Many machines work, and the spool is in var, which no other machine sees."),
            mend=say(
                "Name a folder on the share that all of them see, or an object store: folders.spool or "
                "object_store.spool in config.yaml."
            ),
        )


def _unseen(found: list[WorkerSeen]) -> Iterator[Finding]:
    for one in found:
        if one.unseen_seconds > _UNSEEN_SECONDS:
            yield Finding(
                UNSEEN,
                Severity.WARN,
                say(
                    "The worker on {machine} was not seen for {seconds} seconds.",
                    machine=one.machine,
                    seconds=round(one.unseen_seconds),
                ),
                found=one.machine,
                mend=say(
                    "Its supervisor starts it again. What it had in hand the others do, once it counts as dead."
                ),
            )


def _bundles(found: list[WorkerSeen], watcher: WorkerSeen | None) -> Iterator[Finding]:
    for one in found:
        if watcher is not None and one.versions.bundles != watcher.versions.bundles:
            yield Finding(
                BUNDLES,
                Severity.BLOCK,
                say(
                    "The worker on {machine} has other kinds, years or certificates than the one that watches "
                    "({watcher}), and does nothing until it has the same.",
                    machine=one.machine,
                    watcher=watcher.machine,
                ),
                found=one.machine,
                mend=say("Copy templates, years and certificates to it, or let them lie on a share."),
            )
