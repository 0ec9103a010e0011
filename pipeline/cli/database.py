"""`vanthu db`: the ledger's database as a whole."""

from typing import TYPE_CHECKING

import click

from pipeline import messages
from pipeline.cli import showing
from pipeline.cli.session import Session, now, who
from pipeline.errors import IntegrityError
from pipeline.messages import mark, say, tr
from pipeline.model import Number

if TYPE_CHECKING:
    from pipeline.app.database import TableCopy


@click.group(help=mark("The database of the ledger: how it stands, and copied to another one."))
def db() -> None:
    """Group the commands about the database."""


@db.command(
    help=mark("Show where the ledger is kept, its revision, and rows and checksum of every table; only reads.")
)
@showing.json_option
@click.pass_obj
def status(session: Session, *, as_json: bool) -> None:
    """Show how the database stands."""
    from pipeline.app.database import standing

    found = standing(session.settings)
    if as_json:
        showing.emit_json(found)
        return
    facts = {
        tr("database"): found.url,
        tr("its revision"): found.revision or "–",
        tr("revision of this program"): found.program_revision,
        tr("its size"): messages.shown(say("{size} MB", size=Number(found.size_bytes / 1_000_000, places=1))),
    }
    showing.emit_table((tr("setting"), tr("value")), [*facts.items(), *found.server.items()])
    if found.tables:
        _emit(found.tables)
    if not found.is_current:
        showing.tell(
            tr("The next command brings the ledger to revision {revision}.", revision=found.program_revision)
        )


@db.command(help=mark("Bring the ledger to the revision of this program now; every other command does so by itself."))
@click.pass_obj
def migrate(session: Session) -> None:
    """Migrate now."""
    from pipeline.app.database import bring_up_to_date

    before, after = bring_up_to_date(session.settings)
    if before == after:
        showing.tell(tr("The ledger is at revision {revision}; nothing is to be done.", revision=after))
    else:
        showing.tell(
            tr("The ledger was brought from revision {before} to {after}.", before=before or "–", after=after)
        )


@db.command(help=mark("Copy the ledger into another, empty database, of either engine, and verify the copy."))
@click.option("--to", "url", required=True, help=mark("The other database: postgresql://… or sqlite:///FILE."))
@showing.json_option
@click.pass_obj
def copy(session: Session, url: str, *, as_json: bool) -> int:
    """Copy all rows and read them back; the exit code is an integrity error's when a history is not whole."""
    from pipeline.app.database import copy_to

    copied = copy_to(session.settings, url, now, who())
    if as_json:
        showing.emit_json(copied)
    else:
        _emit(copied.tables)
        clean = tr(
            "The copy holds the same rows. To work with it, write its URL into config.yaml, under database.url."
        )
        showing.emit_discrepancies(copied.found, clean=clean, as_json=False)
    return 0 if copied.is_whole else IntegrityError.exit_code


def _emit(tables: list["TableCopy"]) -> None:
    heads = (tr("table"), tr("rows"), "sha256")
    showing.emit_table(heads, [(one.name, str(one.rows), one.sha256[:16]) for one in tables])


COMMANDS = (db,)
