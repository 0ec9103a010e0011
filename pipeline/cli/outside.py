"""`vanthu register add` and `confirm`: papers that were not made here, entered as a person says."""

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline.app import facts, wording
from pipeline.cli import showing
from pipeline.cli.days import Day
from pipeline.cli.session import Session
from pipeline.messages import mark, tr

if TYPE_CHECKING:
    from pipeline.app.outside import WaitingPaper
    from pipeline.model import Job
    from pipeline.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])


def _said(command: F) -> F:
    """Add the options by which a person says what stands on a paper."""
    options: list[Callable[[F], F]] = [
        click.option("--number", help=mark("Number and symbol as the paper bears them.")),
        click.option("--date", "on", type=Day(), help=mark("The day of the paper.")),
        click.option("--author", help=mark("Who issued it (tác giả); incoming papers.")),
        click.option("--title", help=mark("Type and subject (tên loại và trích yếu).")),
        click.option("--signer", help=mark("Who signed it.")),
        click.option("--recipients", help=mark("To whom it goes; outgoing papers. Several with “;” between them.")),
        click.option("--type", help=mark("The type (KH, kế hoạch), which says the series; outgoing papers.")),
        click.option("--arrived-on", type=Day(), help=mark("The day it came; else the day on which it was dropped.")),
        click.option("--why", default="", help=mark("The reason, for the record.")),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def _given(said: dict[str, object]) -> dict[str, str | dt.date]:
    return {name: value for name, value in said.items() if isinstance(value, str | dt.date)}


@click.command(
    help=mark(
        "Enter papers that were not made here: takes them, shows what was read on them, and asks. Without a terminal "
        "they wait for `vanthu register confirm`."
    )
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--book", type=click.Choice(["di", "den"]), default="den", help=mark("Which book; den (incoming) else.")
)
@click.option("--accept", is_flag=True, help=mark("I have seen the paper: enter it as proposed and as said here."))
@_said
@showing.json_option
@click.pass_obj
def add(
    session: Session,
    /,
    files: tuple[Path, ...],
    book: str,
    why: str,
    *,
    accept: bool,
    as_json: bool,
    **said: object,
) -> None:
    """Take papers and ask what is to be said of them."""
    from pipeline import status
    from pipeline.app import outside
    from pipeline.app.brought import bring
    from pipeline.app.worker import Worker

    if len(files) > 1 and _given(said):
        raise click.UsageError(tr("What is said of a paper is said of one: name one file."))
    jobs = []
    with session.workspace(works=True) as workspace:
        folders, worker = workspace.folders, Worker(workspace, session.settings.workers)
        folder = folders.outgoing if book == "di" else folders.incoming
        for file in files:
            job = bring(worker, file, folder)
            if job.id not in {one.job.id for one in outside.waiting(workspace)}:
                jobs.append(job)
                continue
            paper = outside.waiting_paper(workspace, job)
            if accept:
                jobs.append(outside.confirm(workspace, job, _given(said), why))
            elif sys.stdin.isatty() and not as_json:
                jobs.append(_asked(workspace, paper, _given(said), why))
            else:
                jobs.append(job)
                if not as_json:
                    _show(paper)
        worker.work_off()
        showing.tell_unwritten(status.refresh(workspace))
        jobs = [workspace.ledger.job(job.id) for job in jobs]
    _emit(jobs, as_json=as_json)


def _asked(workspace: "Workspace", paper: "WaitingPaper", given: dict[str, str | dt.date], why: str) -> "Job":
    """Ask of each thing whether it stands so on the paper; what is answered is the person's word."""
    from pipeline.app import outside

    _show(paper)
    said: dict[str, str | dt.date] = dict(given)
    for name, label in wording.outside_names(paper.proposal.facts.direction).items():
        if name not in said:
            proposed = getattr(paper.proposal.facts, name)
            default = wording.day(proposed) if isinstance(proposed, dt.date) else proposed or ""
            read = _day if name in {"on", "arrived_on"} else str
            answer = click.prompt(label, default=default, value_proc=read, err=True)
            if answer or default:
                said[name] = answer
    if not showing.agreed(tr("Enter it so?")):
        return paper.job
    return outside.confirm(workspace, paper.job, said, why)


def _day(text: str) -> dt.date | str:
    """Read a day that was typed; nothing for nothing. Raises BadParameter, upon which it is asked again."""
    return Day().convert(text, None, None) if text.strip() else ""


def _show(paper: "WaitingPaper") -> None:
    title = f"#{paper.job.id} {paper.job.name} ({wording.proposal_source(paper.proposal.source)})"
    showing.emit_table((tr("item"), tr("proposed")), list(wording.proposal_lines(paper.proposal.facts)), title=title)


@click.command(
    help=mark("Enter a paper that was dropped and waits: as proposed, but for what is said here."),
    epilog=showing.DOCUMENTS,
)
@showing.document_argument
@_said
@showing.json_option
@click.pass_obj
def confirm(session: Session, /, document: str, why: str, *, as_json: bool, **said: object) -> None:
    """Confirm one paper."""
    from pipeline import status
    from pipeline.app import operations, outside
    from pipeline.app.worker import Worker

    with session.workspace(works=True) as workspace:
        job = outside.confirm(workspace, operations.find(workspace, document), _given(said), why)
        Worker(workspace, session.settings.workers).work_off()
        job = workspace.ledger.job(job.id)
        showing.tell_unwritten(status.refresh(workspace))
    _emit([job], as_json=as_json)


@click.command(help=mark("List the papers that wait for `vanthu register confirm`, with what was read on them."))
@showing.json_option
@click.pass_obj
def waiting(session: Session, *, as_json: bool) -> None:
    """List what waits."""
    from pipeline.app import outside

    with session.workspace() as workspace:
        listed = outside.waiting(workspace)
    if as_json:
        showing.emit_json([{"job": facts.job_facts(one.job), "proposal": one.proposal} for one in listed])
        return
    for one in listed:
        _show(one)
    if not listed:
        showing.tell(tr("No paper waits to be confirmed."))


def _emit(jobs: "list[Job]", *, as_json: bool) -> None:
    if as_json:
        showing.emit_json([facts.job_facts(job) for job in jobs])
        return
    for job in jobs:
        if job.number:
            click.echo(job.number)
        showing.tell(tr("#{id} {name}: {state}.", id=job.id, name=job.name, state=wording.state_of(job)))


COMMANDS = (add, confirm, waiting)
