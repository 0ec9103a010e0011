"""`vanthu exchange`: documents for other offices, and from them, as messages of the axis; nothing is sent."""

from pathlib import Path

import click

from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group(help=mark("Messages of the axis between offices (QCVN 102:2016) as files; nothing is sent."))
def exchange() -> None:
    """Group the commands about messages."""


@exchange.command(
    "export", help=mark("Write the message of a filed document, for a gateway to send."), epilog=showing.DOCUMENTS
)
@showing.document_argument
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    required=True,
    help=mark("Who gets it, by identifier; may be repeated."),
)
@click.option("--to", "target", type=_FOLDER, required=True, help=mark("The folder from which the gateway takes it."))
@showing.json_option
@click.pass_obj
def export(session: Session, document: str, recipients: tuple[str, ...], target: Path, *, as_json: bool) -> None:
    """Write a message."""
    from pipeline.app import exchanging, operations

    with session.workspace() as workspace:
        job = operations.find(workspace, document)
        path = exchanging.export(workspace, job, list(recipients), target)
    if as_json:
        showing.emit_json({"job": job.id, "message": path})
    else:
        click.echo(tr("Message: {path}", path=str(path)))


@exchange.command(
    "import",
    help=mark(
        "Lay out the messages of a folder: the files of each, what it says, and the answer that it came. "
        "What a clerk takes of them goes into the inbox, as every file."
    ),
)
@click.argument("source", metavar="FOLDER", type=_FOLDER)
@click.option("--to", "target", type=_FOLDER, required=True, help=mark("The folder that gets a folder for each."))
@showing.json_option
@click.pass_obj
def import_(session: Session, source: Path, target: Path, *, as_json: bool) -> int:
    """Take messages apart."""
    from pipeline.app import exchanging
    from pipeline.errors import UnknownThing
    from pipeline.exchange.reading import UnreadableMessage

    if not source.is_dir():
        raise UnknownThing(tr("There is no folder {path}.", path=str(source)))
    with session.workspace() as workspace:
        came = list(exchanging.import_all(workspace, source, target))
    if as_json:
        showing.emit_json(came)
    for one in came if not as_json else ():
        if one.folder is not None:
            click.echo(f"{one.message.name}: {one.folder}")
        elif one.trouble:
            showing.tell(f"{one.message.name}: {one.trouble}")
        else:
            showing.tell(f"{one.message.name}: {tr('was laid out before')}")
    return UnreadableMessage.exit_code if any(one.trouble for one in came) else 0


COMMANDS = (exchange,)
