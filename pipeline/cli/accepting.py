"""`vanthu accept`: a person has seen a warning and lets it stand."""

import click

from pipeline import messages
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr


@click.command(
    help=mark("Accept a warning with a reason; warnings stop nothing, they wait for a person to look."),
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

    reason = " ".join(why.split())
    if not reason:
        raise click.UsageError(tr("Say why: --why must not be empty."))
    with session.workspace() as workspace:
        job = operations.find(workspace, document)
        done = operations.accept(workspace, job, rule.strip(), reason, pointer.strip())
        showing.tell_unwritten(status.refresh(workspace))
    if as_json:
        showing.emit_json({"job": showing.job_facts(job), "accepted": done.now, "accepted_before": done.before})
        return
    for finding in done.now:
        told = messages.shown(finding.message)
        click.echo(tr("Accepted for #{id}: {rule}: {text}", id=job.id, rule=finding.code, text=told))
    for earlier in done.before:
        if earlier.acceptance is not None:
            told = showing.accepted(earlier.acceptance)
            click.echo(tr("Accepted already: {rule}. {told}", rule=earlier.finding.code, told=told))


COMMANDS = (accept,)
