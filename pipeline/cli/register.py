"""`vanthu register`: the register of numbers."""

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline import messages
from pipeline.app import facts, wording
from pipeline.cli import outside, showing
from pipeline.cli.days import Day
from pipeline.cli.importing import attach, import_book
from pipeline.cli.session import Session
from pipeline.messages import mark, tr

if TYPE_CHECKING:
    from pipeline.app.numbering import Preview

F = TypeVar("F", bound=Callable[..., Any])
#: So many numbers are listed where nobody asked for a series or for all.
_MOST_LISTED = 100


def _series_option(command: F) -> F:
    """Add --series to a command about one number: 01-QC/CTĐ4 comes again with every term."""
    decorate: Callable[[F], F] = click.option(
        "--series", default="", help=mark("The series of the number, where several have it: QC/2020-2025.")
    )
    return decorate(command)


def _why_option(command: F) -> F:
    decorate: Callable[[F], F] = click.option("--why", required=True, help=mark("The reason, for the record."))
    return decorate(command)


@click.group(help=mark("The register of numbers."))
def register() -> None:
    """Group the commands about numbers."""


@register.command("list", help=mark("List the numbers given, series by series."))
@click.option("--series", default="", help=mark("Only this series."))
@click.option("--all", "is_all", is_flag=True, help=mark("All numbers, not the last 100 alone; with --json always."))
@showing.json_option
@click.pass_obj
def list_numbers(session: Session, series: str, *, is_all: bool, as_json: bool) -> None:
    """List the register: all of a series, or the numbers that were entered last."""
    from pipeline.register.rows import newest_rows, rows

    with session.workspace() as workspace:
        # a register of many years nobody reads as a whole in a terminal
        if series or is_all or as_json:
            listed, is_more = rows(workspace.ledger, series), False
        else:
            listed, is_more = newest_rows(workspace.ledger, _MOST_LISTED)
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
    if is_more:
        showing.tell(
            tr("The last {count} numbers that were entered. All: vanthu register list --all", count=len(listed))
        )


@register.command(help=mark("Show one number: its columns and its history."), epilog=showing.DOCUMENTS)
@showing.document_argument
@_series_option
@showing.json_option
@click.pass_obj
def show(session: Session, document: str, series: str, *, as_json: bool) -> None:
    """Show one number of the register."""
    from pipeline.app import numbering

    with session.workspace() as workspace:
        listed = numbering.find_numbers(workspace, document, series)
    if as_json:
        showing.emit_json([facts.number_facts(row) for row in listed])
        return
    for row in listed:
        title = f"{row.number} ({row.series})"
        showing.emit_table((tr("item"), tr("content")), list(wording.number_lines(row)), title=title)


@register.command(
    help=mark("Show everything that was done with a number: when, by whom, why."), epilog=showing.DOCUMENTS
)
@showing.document_argument
@_series_option
@showing.json_option
@click.pass_obj
def history(session: Session, document: str, series: str, *, as_json: bool) -> None:
    """Show the acts upon a number, in order."""
    from pipeline.app import numbering
    from pipeline.register import rows

    with session.workspace() as workspace:
        told = [
            (row, rows.history(workspace.ledger, row)) for row in numbering.find_numbers(workspace, document, series)
        ]
    if as_json:
        showing.emit_json([facts.number_facts(row) | {"acts": [one.as_json() for one in acts]} for row, acts in told])
        return
    heads = (tr("when"), tr("act"), tr("who"), tr("why"), tr("content"))
    for row, acts in told:
        lines = [(wording.moment(one.at), wording.act(one), one.who, one.why, wording.entered(one)) for one in acts]
        showing.emit_table(heads, lines, title=f"{row.number} ({row.series})")


@register.command(
    "next",
    help=mark("Give a number to a document that is being signed, and enter it in the register."),
    epilog=showing.DOCUMENTS,
)
@showing.document_argument
@click.option("--preview", "is_preview", is_flag=True, help=mark("Only show which number it would be; give none."))
@click.option("--shown", default="", help=mark("The number that was shown before, if it is on the paper already."))
@click.option("--why", default="", help=mark("The reason, for the record."))
@showing.json_option
@click.pass_obj
def next_number(session: Session, document: str, shown: str, why: str, *, is_preview: bool, as_json: bool) -> int:
    """Give a number while the paper is being signed; asked again, give the same one."""
    from pipeline import status
    from pipeline.app import numbering, operations

    with session.workspace() as workspace:
        job = operations.find(workspace, document)
        told = numbering.preview(workspace, job)
        if not as_json:
            _tell_preview(told)
        # at a desk the clerk looks at it first; a script has asked for it already
        is_asked = not is_preview and not job.number and not as_json and sys.stdin.isatty()
        if is_asked and not showing.agreed(tr("Give this number?")):
            raise click.Abort
        if not is_preview:
            job = numbering.next_number(workspace, job, why)
            showing.tell_unwritten(status.refresh(workspace))
        is_printed = numbering.is_printed(workspace, job)
    if is_preview:
        if as_json:
            showing.emit_json({"number": told.number, "series": told.series, "warning": told.warning})
        else:
            click.echo(told.number)
        return 0
    expected = shown or told.number
    if as_json:
        showing.emit_json(facts.job_facts(job) | {"shown": expected, "warning": told.warning})
    else:
        click.echo(job.number)  # alone on stdout, so that it can be used by a script
        showing.tell(
            tr("The number stands on the document already.")
            if is_printed
            else tr("Write this number on the paper, then scan it and drop the scan into the inbox.")
        )
    return _tell_other(job.number, expected)


def _tell_preview(told: "Preview") -> None:
    """Show the number before it is given, and why it should perhaps not be."""
    showing.tell(tr("The number will be {number} (series {series}).", number=told.number, series=told.series))
    if told.warning is not None:
        showing.tell(tr("Warning: {what}", what=messages.shown(told.warning)))


def _tell_other(given: str, expected: str) -> int:
    """Say loudly that another number was given than the one that may stand on the paper; gives the exit code."""
    if given == expected:
        return 0
    text = tr(
        "ATTENTION: number {given} was given, not {expected}, which was shown before. If {expected} stands on the "
        "paper, correct the paper.",
        given=given,
        expected=expected,
    )
    click.secho(f"!!! {text} !!!", fg="red", bold=True, err=True)
    return 1


@register.command(
    help=mark("Make a number void; it stays in the register with the reason."), epilog=showing.DOCUMENTS
)
@showing.document_argument
@_series_option
@_why_option
@showing.json_option
@click.pass_obj
def void(session: Session, document: str, series: str, why: str, *, as_json: bool) -> None:
    """Make a booked number void."""
    from pipeline import status
    from pipeline.app import numbering, operations

    with session.workspace() as workspace:
        job = numbering.void_number(workspace, operations.find(workspace, document, series), why)
        showing.tell_unwritten(status.refresh(workspace))
    if as_json:
        showing.emit_json(facts.job_facts(job))
    else:
        showing.tell(tr("The number is void; it will not be given again."))


@register.command(
    help=mark("Enter beside a number what no document tells: when it was handed over, who signed for it, a remark."),
    epilog=showing.DOCUMENTS,
)
@showing.document_argument
@_series_option
@click.option("--sent-on", type=Day(), help=mark("The day it was handed over (ngày chuyển)."))
@click.option("--receipt", help=mark("Who signed for it (ký nhận)."))
@click.option("--remark", help=mark("A remark; earlier ones stay."))
@click.option("--copies", type=click.IntRange(min=1), help=mark("How many copies; outgoing papers only."))
@click.option("--arrived-on", type=Day(), help=mark("The day it came; incoming papers only."))
@click.option("--sender-number", help=mark("Number and symbol that its sender gave it; incoming papers only."))
@click.option("--handled-by", help=mark("Whom it was given to; incoming papers only."))
@click.option("--due", type=Day(), help=mark("The day by which it is dealt with; incoming papers only."))
@_why_option
@showing.json_option
@click.pass_obj
def note(session: Session, /, document: str, series: str, why: str, *, as_json: bool, **entered: object) -> None:
    """Enter columns that a person knows."""
    from pipeline import status
    from pipeline.app import numbering

    given = {
        name: value.isoformat() if isinstance(value, dt.date) else value if isinstance(value, int) else str(value)
        for name, value in entered.items()
        if value is not None
    }
    if not given:
        raise click.UsageError(tr("Say what is to be entered: a day, a name, a remark."))
    with session.workspace() as workspace:
        row = numbering.note(workspace, numbering.the_number(workspace, document, series), given, why)
        showing.tell_unwritten(status.refresh(workspace))
    if as_json:
        showing.emit_json(facts.number_facts(row))
    else:
        showing.tell(tr("Entered beside {number} ({series}).", number=row.number, series=row.series))


@register.command(
    help=mark(
        "Begin a run of numbers, or go on with a later number: after those of a book on paper, or by another rule."
    )
)
@click.argument("series", metavar="SERIES")
@click.option(
    "--at", "first", type=click.IntRange(min=1), default=1, help=mark("The number that is given next; 1 else.")
)
@_why_option
@click.pass_obj
def begin(session: Session, series: str, first: int, why: str) -> None:
    """Begin a series at a number."""
    from pipeline import status
    from pipeline.app import numbering

    with session.workspace() as workspace:
        key = numbering.begin(workspace, series, first, why)
        showing.tell_unwritten(status.refresh(workspace))
    showing.tell(tr("Series {series}: the next number is {next}.", series=key, next=first))


@register.command(help=mark("Say that the clock is right, though the last entry of the register was made later."))
@_why_option
@click.pass_obj
def clock(session: Session, why: str) -> None:
    """Let numbers be given again after a clock that was wrong is right."""
    with session.workspace() as workspace:
        is_trusted = workspace.ledger.trust_clock(why)
    showing.tell(
        tr("Recorded. Numbers are given by this clock; what is held for it is made again (vanthu reprocess).")
        if is_trusted
        else tr("The clock is not behind the register; nothing was recorded.")
    )


#: As a clerk says it, and as the ledger does.
_BOOKS = {"di": "outgoing", "den": "incoming"}


@register.command(
    help=mark("Write the books of the register: .xlsx, .docx or .pdf to be printed, .csv or .json for machines.")
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--book", type=click.Choice(list(_BOOKS)), help=mark("Only the outgoing (di) or the incoming (den) book.")
)
@click.option("--series", default="", help=mark("Only this series."))
@click.option("--from", "first", type=Day(), help=mark("Only from this day on."))
@click.option("--to", "last", type=Day(), help=mark("Only up to this day."))
@click.pass_obj
def export(
    session: Session, file: Path, book: str | None, series: str, first: dt.date | None, last: dt.date | None
) -> None:
    """Write the register where it is wanted."""
    from pipeline.files import write_durably
    from pipeline.model import Direction
    from pipeline.register.formats import FORMATS
    from pipeline.status.books import Extract, books_of, written

    extension = file.suffix.lower().removeprefix(".")
    if extension not in FORMATS:
        known = ", ".join(f".{one}" for one in FORMATS)
        raise click.UsageError(tr("The name of the file must end in one of: {known}.", known=known))
    extract = Extract(Direction(_BOOKS[book]) if book else None, series, first, last)
    with session.workspace() as workspace:
        # made now, not copied: the workbook in the outbox may be open in somebody's Excel and of yesterday
        write_durably(file, written(workspace, extension, books_of(workspace, extract)))
    showing.tell(tr("The register is written to {file}.", file=str(file)))


register.add_command(import_book)
register.add_command(attach)
for _command in outside.COMMANDS:
    register.add_command(_command)

COMMANDS = (register,)
