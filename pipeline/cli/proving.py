"""`vanthu verify`: an archive proved without its ledger."""

from pathlib import Path

import click

from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr

_FILE = click.Path(path_type=Path, exists=True)


@click.command(
    help=mark("Verify an archive without its ledger, and against signed heads that were kept elsewhere; only reads.")
)
@click.argument("archive", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False)
@click.option(
    "--anchors",
    "--heads",
    "anchors",
    type=_FILE,
    multiple=True,
    help=mark("A file with heads: the anchors file or its folder, a receipt, a notice. May be given several times."),
)
@showing.json_option
@click.pass_obj
def verify(session: Session, archive: Path | None, anchors: tuple[Path, ...], *, as_json: bool) -> int:
    """Verify; the exit code is that of an integrity error when something is not as it was."""
    from pipeline.archive.verifying import heads_at, verified

    if archive is None:
        folders = session.settings.folders
        archive = folders.archive
        # those that are not there are told by `check`: this command may be run where they are not
        anchors = anchors or ((folders.anchors,) if (folders.anchors / "moc.txt").is_file() else ())
    found = verified(archive, heads_at(anchors))
    return showing.emit_discrepancies(found, clean=tr("The archive is as it was."), as_json=as_json)


COMMANDS = (verify,)
