"""`vanthu folders`: whether inbox, outbox and archive are the folders they were."""

import click

from pipeline.cli import showing
from pipeline.cli.session import Session, reason_given
from pipeline.messages import mark, tr


@click.group(help=mark("The folders that may lie on a share."))
def folders() -> None:
    """Group the commands about folders."""


@folders.command("list", help=mark("Say whether inbox, outbox and archive are the folders they were."))
@showing.json_option
@click.pass_obj
def list_folders(session: Session, *, as_json: bool) -> None:
    """List the folders with their paths, and why one is away."""
    from pipeline.app import folders as known

    with session.workspace(mends=True) as workspace:
        away = known.away(workspace)
        rows = [(name, known_by.where) for name, known_by in workspace.identities.items()]
    if as_json:
        showing.emit_json([{"folder": name, "path": path, "away": away.get(name, "")} for name, path in rows])
        return
    showing.emit_table(
        (tr("folder"), tr("path"), tr("standing")),
        [(name, path, tr("away") if name in away else tr("there")) for name, path in rows],
    )


@folders.command(help=mark("Take what is at a folder's path now for the folder it was, after a person has looked."))
@click.argument("name")
@click.option("--why", required=True, help=mark("The reason, for the record."))
@click.pass_obj
def confirm(session: Session, name: str, why: str) -> None:
    """Mark the folder that is there now."""
    from pipeline.app import folders as known

    reason = reason_given(why)
    with session.workspace(mends=True) as workspace:
        where = known.confirm(workspace, name, reason)
    showing.tell(tr("{folder} is taken for the folder from now on.", folder=where))


COMMANDS = (folders,)
