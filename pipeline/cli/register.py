"""`vanthu register`: the register of numbers."""

from pathlib import Path

import click

from pipeline.app import facts, wording
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr


@click.group(help=mark("The register of numbers."))
def register() -> None:
    """Group the commands about numbers."""


@register.command("list", help=mark("List the numbers given, series by series."))
@click.option("--series", default="", help=mark("Only this series."))
@showing.json_option
@click.pass_obj
def list_numbers(session: Session, series: str, *, as_json: bool) -> None:
    """List the register."""
    from pipeline.register.rows import rows

    with session.workspace() as workspace:
        listed = rows(workspace.ledger, series)
    if as_json:
        showing.emit_json([facts.number_facts(row) for row in listed])
        return
    if not listed:
        showing.tell(tr("No number has been given yet."))
        return
    heads = (tr("series"), tr("number"), tr("date"), tr("title"), tr("signer"), tr("state"))
    showing.emit_table(
        heads,
        [
            (
                row.series,
                row.number,
                wording.day(row.columns.document_on),
                row.columns.title,
                row.columns.signer,
                wording.number_status(row),
            )
            for row in listed
        ],
    )


@register.command(help=mark("Show one number: its columns and its history."), epilog=showing.DOCUMENTS)
@showing.document_argument
@showing.json_option
@click.pass_obj
def show(session: Session, document: str, *, as_json: bool) -> None:
    """Show one number of the register."""
    from pipeline.app import operations

    with session.workspace() as workspace:
        listed = operations.find_numbers(workspace, document)
    if as_json:
        showing.emit_json([facts.number_facts(row) for row in listed])
        return
    for row in listed:
        title = f"{row.number} ({row.series})"
        showing.emit_table((tr("item"), tr("content")), list(wording.number_lines(row)), title=title)


@register.command(
    "next",
    help=mark("Give a number to a document that is being signed, and enter it in the register."),
    epilog=showing.DOCUMENTS,
)
@showing.document_argument
@showing.json_option
@click.pass_obj
def next_number(session: Session, document: str, *, as_json: bool) -> None:
    """Give a number while the paper is being signed; asked again, give the same one."""
    from pipeline import status
    from pipeline.app import operations

    with session.workspace() as workspace:
        job = operations.next_number(workspace, operations.find(workspace, document))
        showing.tell_unwritten(status.refresh(workspace))
    if as_json:
        showing.emit_json(facts.job_facts(job))
    else:
        click.echo(job.number)  # alone on stdout, so that it can be used by a script
        showing.tell(tr("Write this number on the paper, then scan it and drop the scan into the inbox."))


@register.command(
    help=mark("Make a number void; it stays in the register with the reason."), epilog=showing.DOCUMENTS
)
@showing.document_argument
@click.option("--why", required=True, help=mark("The reason, for the record."))
@showing.json_option
@click.pass_obj
def void(session: Session, document: str, why: str, *, as_json: bool) -> None:
    """Make a booked number void."""
    from pipeline import status
    from pipeline.app import operations

    with session.workspace() as workspace:
        job = operations.void_number(workspace, operations.find(workspace, document), why)
        showing.tell_unwritten(status.refresh(workspace))
    if as_json:
        showing.emit_json(facts.job_facts(job))
    else:
        showing.tell(tr("The number is void; it will not be given again."))


@register.command(help=mark("Write the register as a workbook with the ten official columns."))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def export(session: Session, file: Path) -> None:
    """Write the register's workbook where it is wanted."""
    from pipeline.files import write_durably
    from pipeline.status.refreshing import register_now

    with session.workspace() as workspace:
        # made now, not copied: the workbook in the outbox may be open in somebody's Excel and of yesterday
        write_durably(file, register_now(workspace))
    showing.tell(tr("The register is written to {file}.", file=str(file)))


COMMANDS = (register,)
