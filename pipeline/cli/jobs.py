"""`vanthu reprocess`, `vanthu cancel` and `vanthu accept`: what a person decides about a document."""

from typing import TYPE_CHECKING

import click

from pipeline import messages
from pipeline.app import facts, wording
from pipeline.cli import showing
from pipeline.cli.session import Session, reason_given
from pipeline.messages import mark, tr
from pipeline.model import Job, State

if TYPE_CHECKING:
    from pipeline.app.operations import Plan


@click.command(
    help=mark("Process again what was returned or is held, or what is not signed yet."),
    epilog=showing.DOCUMENTS,
)
@click.argument("document", metavar="[DOC]", required=False)
@click.option("--failed", is_flag=True, help=mark("All documents that were returned or are held."))
@click.option("--kind", help=mark("All documents of this kind that are not signed."))
@click.option("--all", "everything", is_flag=True, help=mark("All documents that are not signed."))
@click.option("--dry-run", is_flag=True, help=mark("Only show what would be done."))
@click.option("--yes", is_flag=True, help=mark("Do not ask before documents out for signature are made anew."))
@showing.json_option
@click.pass_obj
def reprocess(  # noqa: PLR0913, PLR0917 - one for each option
    session: Session,
    document: str | None,
    failed: bool,
    kind: str | None,
    everything: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Plan, show or carry out; the jobs then go on at once."""
    from pipeline.app import operations
    from pipeline.app.worker import Worker
    from pipeline.status import reasons

    if sum((document is not None, failed, kind is not None, everything)) != 1:
        raise click.UsageError(tr("Name one document, or one of --failed, --kind, --all."))
    # a dry run starts neither guarded children nor LibreOffice
    with session.workspace(works=not dry_run) as workspace:
        if document is not None:
            plans = [operations.plan(workspace, operations.find(workspace, document))]
        else:
            plans = operations.plans(workspace, is_failed=failed, kind=kind or "")
        if dry_run:
            _emit_plans(plans, as_json=as_json)
            return 0
        # a document that is named was meant; a sweep may take back papers that people are about to sign
        if document is None and not yes and not is_wanted(operations.out_for_signature(plans)):
            click.echo(tr("Nothing was done."), err=True)
            return 130  # as when it is broken off by other means
        for planned in plans:
            operations.reprocess(workspace, planned)
        # at once, in this process: nobody need know whether a service is running
        moved = Worker(workspace, session.settings.workers).work_off()
        told = reasons.told(workspace, moved)
    if as_json:
        showing.emit_json([facts.job_facts(one) for one in moved])
    else:
        showing.emit_jobs(told)
    return 3 if any(one.state in {State.RETURNED, State.HELD} for one in moved) else 0


def is_wanted(out: list[Job]) -> bool:
    """Ask before documents that lie out for signature are taken back; who cannot answer does not want it."""
    if not out:
        return True
    question = tr(
        "{count} documents are out for signature ({jobs}). They are withdrawn and made again; copies already printed "
        "are then of an old version. Continue?",
        count=len(out),
        jobs=", ".join(f"#{job.id}" for job in out),
    )
    try:
        return showing.agreed(question)
    # no terminal, or Ctrl-D
    except click.Abort:
        return False


def _emit_plans(plans: "list[Plan]", *, as_json: bool) -> None:
    if as_json:
        showing.emit_json([{"job": facts.job_facts(one.job), "again": one.again} for one in plans])
        return
    heads = ("#", tr("unit"), tr("kind"), tr("file"), tr("state"), tr("would be done"))
    showing.emit_table(
        heads,
        [
            (
                str(one.job.id),
                one.job.unit or "–",
                one.job.kind or "–",
                one.job.name,
                wording.state_of(one.job),
                wording.again_of(one.again),
            )
            for one in plans
        ],
    )


@click.command(help=mark("Cancel a document; its number, if it has one, becomes void."), epilog=showing.DOCUMENTS)
@showing.document_argument
@click.option("--why", required=True, help=mark("The reason, for the record."))
@showing.json_option
@click.pass_obj
def cancel(session: Session, document: str, why: str, *, as_json: bool) -> None:
    """Cancel one job."""
    from pipeline import status
    from pipeline.app import operations
    from pipeline.status import reasons
    from pipeline.steps import publishing

    with session.workspace() as workspace:
        moved = operations.cancel(workspace, operations.find(workspace, document), why)
        # here and not by the next worker: what is cancelled must leave the folder for signature at once
        publishing.publish(workspace)
        showing.tell_unwritten(status.refresh(workspace))
        told = reasons.told(workspace, [moved])
    if as_json:
        showing.emit_json(facts.job_facts(moved))
    else:
        showing.emit_jobs(told)


@click.command(
    help=mark("Accept a warning with a reason; warnings stop nothing, they wait for a person to look at them."),
    epilog=showing.DOCUMENTS,
)
@showing.document_argument
@click.option("--rule", required=True, help=mark("The rule whose warning is accepted (DK10)."))
@click.option("--why", required=True, help=mark("The reason, for the record."))
@click.option(
    "--at", "pointer", default="", help=mark("Only the warning at this place of the form (/targets/3/due).")
)
@showing.json_option
@click.pass_obj
def accept(session: Session, document: str, rule: str, why: str, pointer: str, *, as_json: bool) -> None:
    """Accept the warnings of one rule."""
    from pipeline import status
    from pipeline.app import operations

    reason = reason_given(why)
    with session.workspace() as workspace:
        job = operations.find(workspace, document)
        done = operations.accept(workspace, job, rule.strip(), reason, pointer.strip())
        showing.tell_unwritten(status.refresh(workspace))
    if as_json:
        showing.emit_json({"job": facts.job_facts(job), "accepted": done.now, "accepted_before": done.before})
        return
    for finding in done.now:
        text = messages.shown(finding.message)
        click.echo(tr("Accepted for #{id}: {rule}: {text}", id=job.id, rule=finding.code, text=text))
    for earlier in done.before:
        if earlier.acceptance is not None:
            text = wording.accepted(earlier.acceptance)
            click.echo(tr("Accepted already: {rule}. {told}", rule=earlier.finding.code, told=text))


COMMANDS = (reprocess, cancel, accept)
