"""`vanthu papers`: signed papers that came back and wait for a person, and what the person decides."""

from typing import TYPE_CHECKING

import click

from pipeline import messages
from pipeline.app import facts, wording
from pipeline.cli import showing
from pipeline.cli.session import Session, reason_given
from pipeline.messages import mark, tr
from pipeline.model import Job, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.app.papers import Waiting
    from pipeline.workspace import Workspace


@click.group(help=mark("Signed papers that came back and wait for a person."))
def papers() -> None:
    """Group the commands about papers."""


@papers.command("list", help=mark("List the papers that were not taken by themselves, and why."))
@showing.json_option
@click.pass_obj
def list_papers(session: Session, *, as_json: bool) -> None:
    """List what waits."""
    from pipeline.app import papers as kept

    with session.workspace() as workspace:
        listed = kept.waiting(workspace)
    if as_json:
        showing.emit_json([_facts(one) for one in listed])
        return
    if not listed:
        showing.tell(tr("No signed paper waits for a decision."))
        return
    heads = ("#", tr("file"), tr("state"), tr("seems to be"), tr("what is found"))
    rows = [
        (
            str(one.job.id),
            one.job.name,
            wording.state_of(one.job),
            f"#{one.document.id} {one.document.kind} {one.document.unit}".strip() if one.document else "–",
            " ".join(messages.shown(found.message) for found in one.findings if found.severity is Severity.BLOCK),
        )
        for one in listed
    ]
    showing.emit_table(heads, rows)


def _reasoned(command: "Callable[..., None]") -> "Callable[..., None]":
    """Add what every decision needs: the paper, the reason, and --json."""
    reason = click.option("--why", required=True, help=mark("The reason, for the record."))
    return click.argument("paper", metavar="PAPER")(reason(showing.json_option(click.pass_obj(command))))


@papers.command(
    help=mark("Take a paper as the signed one of its document, whatever was found."), epilog=showing.DOCUMENTS
)
@_reasoned
def confirm(session: Session, paper: str, why: str, *, as_json: bool) -> None:
    """Confirm one paper."""
    from pipeline.app import papers as kept

    _decide(session, paper, why, kept.confirm, as_json=as_json)


@papers.command(help=mark("Take a paper as the signed one of the document that is named."), epilog=showing.DOCUMENTS)
@_reasoned
@click.argument("document", metavar="DOC")
def match(session: Session, paper: str, document: str, why: str, *, as_json: bool) -> None:
    """Match one paper."""
    from pipeline.app import operations
    from pipeline.app import papers as kept

    def matched(workspace: "Workspace", job: Job, reason: str) -> Job:
        return kept.match(workspace, job, operations.find(workspace, document), reason)

    _decide(session, paper, why, matched, as_json=as_json)


@papers.command(help=mark("Send a paper back with a reason."), epilog=showing.DOCUMENTS)
@_reasoned
def refuse(session: Session, paper: str, why: str, *, as_json: bool) -> None:
    """Refuse one paper."""
    from pipeline.app import papers as kept

    _decide(session, paper, why, kept.refuse, as_json=as_json)


def _decide(
    session: Session, paper: str, why: str, decide: "Callable[[Workspace, Job, str], Job]", *, as_json: bool
) -> None:
    """Carry out what a person decided; the document goes on at once."""
    from pipeline.app import operations
    from pipeline.app.worker import Worker

    reason = reason_given(why)
    with session.workspace(works=True) as workspace:
        decided = decide(workspace, operations.find(workspace, paper), reason)
        moved = [decided, *Worker(workspace, session.settings.workers).work_off()]
    if as_json:
        showing.emit_json([facts.job_facts(one) for one in moved])
    else:
        showing.emit_jobs(moved)


def _facts(waiting: "Waiting") -> dict[str, object]:
    return {
        "job": facts.job_facts(waiting.job),
        "document": facts.job_facts(waiting.document) if waiting.document else None,
        "findings": waiting.findings,
    }


COMMANDS = (papers,)
