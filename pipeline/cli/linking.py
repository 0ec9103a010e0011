"""`vanthu link`: the link by which a unit reads its answer in the browser without an account."""

import click

from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.errors import ConfigError
from pipeline.messages import mark, tr


@click.command(
    help=mark("Make a link to one document, which needs no account and is good for some days (web.link_days)."),
    epilog=showing.DOCUMENTS,
)
@showing.document_argument
@showing.json_option
@click.pass_obj
def link(session: Session, document: str, *, as_json: bool) -> None:
    """Print a link; it is not kept anywhere."""
    from pipeline.app import operations
    from pipeline.steps import links

    with session.workspace() as workspace:
        job = operations.find(workspace, document)
        made = links.link_to(workspace, job.id)
    if made is None:
        raise ConfigError(tr("No address is configured: write web.address into config.yaml (docs/web.md)."))
    if as_json:
        showing.emit_json(made)
        return
    click.echo(made.url)
    showing.tell(
        tr("Whoever has it reads #{id} and takes its files until {day}.", id=job.id, day=f"{made.until:%d/%m/%Y}")
    )


COMMANDS = (link,)
