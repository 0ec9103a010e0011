"""`vanthu backup`, `backups`, `restore`: a working folder copied while it works, and made anew."""

from pathlib import Path

import click

from pipeline import messages
from pipeline.cli import showing
from pipeline.cli.session import Session, now, who
from pipeline.errors import IntegrityError
from pipeline.messages import mark, say, tr
from pipeline.model import Number

_key_option = click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    help=mark("A file with the key by which the backups are encrypted."),
)


def _megabytes(size_bytes: int) -> str:
    return messages.shown(say("{size} MB", size=Number(size_bytes / 1_000_000, places=1)))


@click.command(
    help=mark(
        "Back the whole office up into a folder or a bucket (s3://…), while it works; what has not changed is not "
        "copied again."
    )
)
@click.argument("target", metavar="DIR|URL")
@_key_option
@showing.json_option
@click.pass_obj
def backup(session: Session, target: str, key: Path | None, *, as_json: bool) -> int:
    """Take a backup; the exit code is that of an integrity error when something recorded could not be taken."""
    from pipeline.app.backing_up import backup as take

    taken = take(session.settings, target, key, now, who())
    code = IntegrityError.exit_code if taken.damaged else 0
    if as_json:
        showing.emit_json(taken)
        return code
    showing.tell(
        tr(
            "Backup {name}: {files} files, {size}; of that {written} are new.",
            name=taken.name,
            files=taken.files,
            size=_megabytes(taken.size_bytes),
            written=_megabytes(taken.written_bytes),
        )
    )
    if taken.damaged:
        showing.tell(
            tr(
                "{count} recorded files of the spool are gone or changed and are not in this backup: `vanthu check` "
                "names them.",
                count=len(taken.damaged),
            )
        )
    if key is None:
        showing.tell(tr("It is not encrypted and holds the secret keys of the office: keep it as you keep var/."))
    return code


@click.command(help=mark("List the backups in a folder or a bucket, the newest last."))
@click.argument("source", metavar="DIR|URL")
@_key_option
@click.option("--verify", "verifies", is_flag=True, help=mark("Read every piece back and prove it."))
@showing.json_option
@click.pass_obj
def backups(session: Session, source: str, key: Path | None, *, verifies: bool, as_json: bool) -> None:
    """List the backups."""
    from pipeline.app.backing_up import listed

    found = listed(source, session.access, key, verifies=verifies)
    if as_json:
        showing.emit_json(found)
        return
    heads = (tr("backup"), tr("taken at"), tr("files"), tr("size of all"), tr("entries in the log"))
    rows = [(one.name, one.made_at, str(one.files), _megabytes(one.size_bytes), str(one.log_size)) for one in found]
    showing.emit_table(heads, rows)
    if verifies:
        showing.tell(tr("Every piece is what was written."))


@click.command(
    help=mark("Make a working folder of a backup and check it; or bring parts of one back. Nothing is written over.")
)
@click.argument("source", metavar="DIR|URL")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@_key_option
@click.option("--backup", "name", default="", help=mark("Which backup, by its number or name; else the newest."))
@click.option(
    "--only",
    "parts",
    multiple=True,
    type=click.Choice(["var", "archive", "anchors", "outbox", "templates", "years", "certificates"]),
    help=mark("Bring only this folder back, into a working folder that is there; may be given several times."),
)
@click.option("--database", default="", help=mark("An empty database for the ledger; else a SQLite file in var."))
@showing.json_option
@click.pass_obj
def restore(  # noqa: PLR0913 - what a person says on the command line
    session: Session,
    source: str,
    folder: Path,
    key: Path | None,
    name: str,
    parts: tuple[str, ...],
    database: str,
    *,
    as_json: bool,
) -> int:
    """Restore; the exit code is that of an integrity error when the check finds something wrong."""
    from pipeline.app.backing_up import restore as put_back

    root = folder.absolute()
    done = put_back(
        source, session.access, root, key, name=name, parts=parts, database=database, clock=now, who=who()
    )
    if not as_json:
        showing.tell(tr("{files} files were restored to {folder}.", files=done.files, folder=str(root)))
        if done.moved:
            showing.tell(
                tr(
                    "{settings} named places outside, which may still be the old office's: the restored config.yaml "
                    "names folders here; what it said before is in config.goc.yaml.",
                    settings=", ".join(done.moved),
                )
            )
        if any(one.code == "ledger.older" for one in done.found):
            showing.tell(
                tr(
                    "The backup is older than the archive: nothing is numbered before the ledger knows what the "
                    "archive knows. Go on with: vanthu -C {folder} rebuild --why …",
                    folder=str(root),
                )
            )
    return showing.emit_discrepancies(done.found, clean=tr("Everything is as recorded."), as_json=as_json)


COMMANDS = (backup, backups, restore)
