"""`vanthu register`: the register of numbers."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr

if TYPE_CHECKING:
    from pipeline.register.rows import Row


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
        showing.emit_json([_facts(row) for row in listed])
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
                _day(row.columns.document_on),
                row.columns.title,
                row.columns.signer,
                _status(row),
            )
            for row in listed
        ],
    )


def _status(row: "Row") -> str:
    match row.status:
        case "void":
            return tr("void: {why}", why=row.void.why if row.void else "")
        case "filed":
            return tr("filed")
        case _:
            return tr("booked, the paper is not back yet")


def _lines(row: "Row") -> Iterator[tuple[str, str]]:
    """Give the filled columns of one number, then what was done with it."""
    said = row.columns
    columns = (
        (tr("sender"), said.author),
        (tr("date"), _day(said.document_on)),
        (tr("title"), said.title),
        (tr("signer"), said.signer),
        (tr("recipients"), said.recipients),
        (tr("kept by"), said.kept_by),
        (tr("copies"), str(said.copies or "")),
        (tr("remark"), said.remark),
    )
    yield from ((label, told) for label, told in columns if told)
    acts = ((tr("booked"), row.booked), (tr("filed"), row.filed), (tr("made void"), row.void))
    for label, entry in acts:
        if entry is not None:
            yield label, " · ".join(part for part in (showing.moment(entry.at), entry.who, entry.why) if part)


def _day(on: dt.date | None) -> str:
    return f"{on:%d/%m/%Y}" if on else ""


def _facts(row: "Row") -> dict[str, object]:
    return {
        "series": row.series,
        "no": row.no,
        "number": row.number,
        "job": row.job_id,
        "status": row.status,
        "why": row.void.why if row.void else "",
        "at": row.booked.at,
        "who": row.booked.who,
        "direction": row.direction,
        "facts": row.columns.as_json(),
        "hash": row.booked.hash,
    }


@register.command(help=mark("Show one number: its columns and its history."), epilog=showing.DOCUMENTS)
@showing.document_argument
@showing.json_option
@click.pass_obj
def show(session: Session, document: str, *, as_json: bool) -> None:
    """Show one number of the register."""
    from pipeline.app import operations
    from pipeline.errors import UnknownThing
    from pipeline.register.rows import rows

    with session.workspace() as workspace:
        listed = [row for row in rows(workspace.ledger) if row.number == document]
        if not listed:
            job = operations.find(workspace, document)
            listed = [row for row in rows(workspace.ledger) if row.job_id == job.id]
    if not listed:
        raise UnknownThing(tr("“{said}” has no number. `vanthu register list` shows all.", said=document))
    if as_json:
        showing.emit_json([_facts(row) for row in listed])
        return
    for row in listed:
        showing.emit_table((tr("item"), tr("content")), list(_lines(row)), title=f"{row.number} ({row.series})")


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
        showing.emit_json(showing.job_facts(job))
    else:
        click.echo(job.number)
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
        showing.emit_json(showing.job_facts(job))
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
        write_durably(file, register_now(workspace))
    showing.tell(tr("The register is written to {file}.", file=str(file)))


COMMANDS = (register,)
