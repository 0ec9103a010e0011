"""Figures for Prometheus, as text (exposition format 0.0.4): counts and times, no names and no values of anybody."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipeline.archive.standing import Age, standings
from pipeline.health.heartbeat import heartbeats
from pipeline.health.work import UNDER_WAY
from pipeline.model import State
from pipeline.steps import incidents
from pipeline.store.workers import queued, workers
from pipeline.workspace import Workspace

_PREFIX: Final = "vanthu_"


@dataclass(frozen=True)
class _Gauge:
    """One figure with what it is, and its value for each label."""

    name: str
    help: str
    values: tuple[tuple[str, float], ...]

    def lines(self) -> Iterator[str]:
        yield f"# HELP {_PREFIX}{self.name} {self.help}"
        yield f"# TYPE {_PREFIX}{self.name} gauge"
        for labels, value in self.values:
            yield f"{_PREFIX}{self.name}{labels} {value:.15g}"


def metrics_of(workspace: Workspace) -> str:
    """Give all figures of now as text."""
    return "".join(f"{line}\n" for gauge in _gauges(workspace) for line in gauge.lines())


def _gauges(workspace: Workspace) -> Iterator[_Gauge]:
    ledger, folders, now = workspace.ledger, workspace.folders, workspace.clock()
    counts = ledger.counts()
    yield _Gauge(
        "jobs", "Jobs by state.", tuple((f'{{state="{state.value}"}}', counts.get(state, 0)) for state in State)
    )
    waiting = [(now - job.changed_at).total_seconds() for job in ledger.in_states(UNDER_WAY)]
    yield _Gauge(
        "oldest_under_way_seconds",
        "Seconds since the job that has stood still longest while it should go on by itself last changed.",
        (("", max(waiting, default=0.0)),),
    )
    yield _Gauge("incidents", "Files of the inbox that are not taken.", (("", len(incidents.standing(workspace))),))
    yield _Gauge("unpublished", "Files recorded and not yet laid out.", (("", len(ledger.pending())),))
    yield _Gauge("log_entries", "Entries of the log over register and events.", (("", ledger.log.head().size),))
    yield _Gauge(
        "books_agree",
        "1 where ledger, archive and heads end alike.",
        (("", all(one.age is Age.SAME for one in standings(ledger.log, workspace.places))),),
    )
    last = ledger.last_event_at()
    yield _Gauge("last_event_timestamp_seconds", "When the last event was.", (("", last.timestamp() if last else 0),))
    looks = [one.at.timestamp() for one in heartbeats(folders.workers).values()]
    yield _Gauge("watchers", "Watchers on this machine.", (("", len(looks)),))
    if there := workers(ledger.engine):
        yield _Gauge("workers", "Workers on all machines.", (("", len(there)),))
        given_out = queued(ledger.engine)
        yield _Gauge(
            "queue",
            "Jobs given out: those that wait for a worker, and those in hand.",
            tuple((f'{{status="{status}"}}', given_out.get(status, 0)) for status in ("todo", "doing")),
        )
    yield _Gauge("last_look_timestamp_seconds", "When a watcher last looked.", (("", max(looks, default=0.0)),))
    named = (("inbox", folders.inbox), ("outbox", folders.outbox), ("archive", folders.archive), ("var", folders.var))
    yield _Gauge(
        "free_bytes",
        "Bytes left on the disk of a folder.",
        tuple((f'{{folder="{name}"}}', shutil.disk_usage(folder).free) for name, folder in named),
    )
