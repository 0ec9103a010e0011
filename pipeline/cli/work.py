"""`vanthu run`, `watch` and `worker`: processing the inbox, once, until stopped, or together with other machines."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING

import click

from pipeline.app import facts, wording
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr
from pipeline.model import Job, State
from pipeline.naming import display

if TYPE_CHECKING:
    from pipeline.app.watching import Rhythm
    from pipeline.app.worker import Worker

#: Some submissions were returned or held: done, but not everything went through.
NOT_ALL = 3
TROUBLED = frozenset({State.RETURNED, State.HELD})


@click.command(help=mark("Process everything in the inbox, then stop."))
@showing.json_option
@click.pass_obj
def run(session: Session, *, as_json: bool) -> int:
    """Take and advance everything once; exit code 3 when something was returned or held."""
    from pipeline.app.watching import Rhythm, serve_once
    from pipeline.app.worker import Worker
    from pipeline.status import reasons

    settings = session.settings
    with session.workspace(works=True) as workspace, showing.counted(tr("Processing")) as progress:
        worker = Worker(workspace, session.settings.workers, progress)
        moved = serve_once(worker, Rhythm(settings.scan_seconds, settings.quiet_seconds))
        told = reasons.told(workspace, moved)
    if as_json:
        showing.emit_json(
            {
                "jobs": [facts.job_facts(job) for job in moved],
                "repeated": [{"name": name, "job": job.id} for name, job in worker.repeated],
                "incidents": sorted({*worker.unfinished.values(), *worker.stopped.values()}),
                "left": [display(str(file.name)) for file in worker.left],
                "refused": [
                    {"name": display(str(file.name)), "why": one.message} for file, one in worker.refused.items()
                ],
            }
        )
    elif told:
        showing.emit_jobs(told)
    elif not worker.repeated and not worker.left and not worker.unfinished and not worker.stopped:
        showing.tell(tr("Nothing was to be done."))
    showing.tell_unwritten(worker.unwritten)
    for name, job in worker.repeated:
        showing.tell(tr("Already received, not taken again: {name} (#{id})", name=name, id=job.id))
    for file, one in worker.refused.items():
        showing.tell(tr("Not taken: {name}: {why}", name=display(str(file.name)), why=one.message))
    for file in worker.left:
        showing.tell(
            tr("Not taken yet: {name} has just changed; it is taken at the next run.", name=display(str(file.name)))
        )
    # also for what was left in the inbox: a script that goes by the code must not think it empty
    # never by its name: nobody has looked into it
    for incident in sorted({*worker.unfinished.values(), *worker.stopped.values()}):
        showing.tell(tr("Not taken: incident {incident}; `vanthu incidents list` says why.", incident=incident))
    is_all = not (worker.refused or worker.left or worker.unfinished or worker.stopped)
    return NOT_ALL if not is_all or any(job.state in TROUBLED for job in moved) else 0


@click.command(help=mark("Watch the inbox and process what arrives, until stopped (Ctrl-C or SIGTERM)."))
@click.pass_obj
def watch(session: Session) -> int:
    """Serve until told to stop; what was begun is finished first. Exit code 37 where another one serves already."""
    from pipeline.app.watching import watch as serve
    from pipeline.health.presence import only_watcher

    with _until_told(session) as told, only_watcher(told.worker.workspace.folders.workers):
        showing.tell(tr("Watching {inbox}; press Ctrl-C to stop.", inbox=str(session.settings.folders.inbox)))
        serve(told.worker, told.rhythm, told.stop, told.wake, _tell)
    return 0


@click.command(
    help=mark("Work together with other machines, one of which watches the inbox, until stopped (Ctrl-C or SIGTERM).")
)
@click.pass_obj
def worker(session: Session) -> int:
    """Serve the queue until told to stop.

    Exit code 38 when it was held for dead, 8 where others have another version.
    """
    from pipeline.app.machines import serve

    with _until_told(session) as told:
        showing.tell(tr("Working for {inbox}; press Ctrl-C to stop.", inbox=str(session.settings.folders.inbox)))
        serve(told.worker, told.rhythm, told.stop, told.wake, _tell)
    return 0


@dataclass(frozen=True)
class _Told:
    """What serves until it is told to stop."""

    worker: "Worker"
    rhythm: "Rhythm"
    stop: threading.Event
    wake: threading.Event


@contextlib.contextmanager
def _until_told(session: Session) -> Iterator[_Told]:
    """Open everything for a service that Ctrl-C or SIGTERM ends; where it ended by itself, that is an exception."""
    from pipeline import logs
    from pipeline.app.watching import Rhythm
    from pipeline.app.worker import Worker

    logs.hear_warnings()
    stop, wake = threading.Event(), threading.Event()

    # only flags are set: a handler that raised would end a step in the middle
    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()
        wake.set()

    # Ctrl-C and systemd's stop: both let a step end, and the next start goes on from the ledger
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    settings = session.settings
    rhythm = Rhythm(settings.scan_seconds, settings.quiet_seconds, uses_events=settings.uses_events)
    with session.workspace(works=True) as workspace:
        # without a bar: a service has nobody who looks at it
        yield _Told(Worker(workspace, settings.workers), rhythm, stop, wake)
    showing.tell(tr("Stopped; everything that was begun is finished or will go on at the next start."))


def _tell(moved: list[Job]) -> None:
    for job in moved:
        click.echo(
            f"{wording.moment(job.changed_at)}  #{job.id}  {job.unit or '–'}  {job.name}  {wording.state_of(job)}"
        )


COMMANDS = (run, watch, worker)
