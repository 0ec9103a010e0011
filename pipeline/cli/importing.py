"""`vanthu register import`: an old register is brought in, after a report of what each line would become."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import messages
from pipeline.app import facts, wording
from pipeline.cli import showing
from pipeline.cli.session import Session, reason_given
from pipeline.messages import mark, tr
from pipeline.model import Direction, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.app.old_books import Report
    from pipeline.app.old_papers import Outcome
    from pipeline.register.attaching import Attached

#: As for submissions that were returned: the command worked, the book is at fault.
NOT_SOUND = 3
#: As a clerk says it, and as the ledger does.
BOOKS = {"di": Direction.OUTGOING, "den": Direction.INCOMING}


@click.command(
    "import",
    help=mark(
        "Bring an old register in (.xlsx, .docx, .csv). Tells first what each line would become; --write does it, "
        "all or nothing."
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--book", type=click.Choice(list(BOOKS)), help=mark("The outgoing (di) or the incoming (den) book."))
@click.option("--series", default="", help=mark("The series of all lines: KH/2020-2025."))
@click.option("--year", type=click.IntRange(1900, 2200), help=mark("The year of days that are written without one."))
@click.option(
    "--papers",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help=mark("A folder of old papers: each is filed under its number, known by name or text."),
)
@click.option("--write", "writes", is_flag=True, help=mark("Bring it in; else nothing is recorded."))
@click.option("--why", default="", help=mark("The reason, for the record; needed with --write."))
@showing.json_option
@click.pass_obj
def import_book(  # noqa: PLR0913 - one parameter per option
    session: Session,
    file: Path,
    book: str | None,
    series: str,
    year: int | None,
    papers: Path | None,
    why: str,
    *,
    writes: bool,
    as_json: bool,
) -> int:
    """Report, and with --write record; exit code 3 when lines are refused."""
    from pipeline import status
    from pipeline.app import old_books, old_papers
    from pipeline.app.worker import Worker
    from pipeline.register.old_book import Asked

    reason = reason_given(why) if writes else ""
    outcomes: list[old_papers.Outcome] = []
    # LibreOffice and tesseract only where papers are to be looked at
    with session.workspace(works=papers is not None) as workspace:
        asked = Asked(BOOKS[book] if book else None, series, year)
        made = old_books.report(workspace, file, asked)
        is_written = writes and made.is_sound
        seen = old_papers.told(workspace, papers, old_papers.of_lines(made.lines)) if papers else ()
        if is_written:
            old_books.bring_in(workspace, made, reason)
            if papers:
                worker = Worker(workspace, session.settings.workers)
                outcomes = old_papers.attach(worker, papers, seen, reason)
            showing.tell_unwritten(status.refresh(workspace))
    if as_json:
        told = {"papers": facts.papers_facts(seen, outcomes)} if papers else {}
        showing.emit_json(facts.import_facts(made) | {"is_written": is_written} | told)
    else:
        _emit(made)
        _emit_papers(seen, outcomes)
        showing.tell(_summary(made, is_written=is_written))
    return 0 if made.is_sound else NOT_SOUND


def _emit(made: "Report") -> None:
    heads = (tr("line"), tr("series"), tr("number"), tr("date"), tr("title"), tr("what becomes of it"))
    rows = [
        (
            wording.place_of(line.place),
            line.series,
            wording.numbers_of(line),
            wording.day(line.columns.arrived_on or line.columns.document_on),
            line.columns.title[:100],
            wording.fate(line),
        )
        for line in made.lines
    ]
    if rows:
        showing.emit_table(heads, rows)
    if made.book.passed_over:
        passed = [(wording.place_of(one.place), one.text) for one in made.book.passed_over]
        showing.emit_table((tr("line"), tr("passed over")), passed)
    for finding in made.book.findings:
        weight = wording.weight_of(finding.severity)
        mend = f" {messages.shown(finding.mend)}" if finding.mend and finding.severity is Severity.BLOCK else ""
        showing.tell(f"{weight}: {messages.located(finding) if not mend else messages.shown(finding.message) + mend}")


def _emit_papers(seen: "Sequence[Attached]", outcomes: "Sequence[Outcome]") -> None:
    from pipeline.app import old_papers

    done = {one.of.paper.name: one for one in outcomes}
    if seen:
        heads = (tr("file"), tr("what becomes of it"))
        rows = []
        for one in seen:
            trouble = done[one.paper.name].trouble if one.paper.name in done else ""
            rows.append((one.paper.name, tr("left: {why}", why=trouble) if trouble else old_papers.fate(one)))
        showing.emit_table(heads, rows)
        counted = {"count": sum(one.of is not None for one in seen), "files": len(seen)}
        showing.tell(tr("{count} of {files} papers belong to a number.", **counted))


@click.command(
    help=mark("File old papers under the numbers of old books: tells first which is whose; --write does it."),
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--write", "writes", is_flag=True, help=mark("File them; else nothing is recorded."))
@click.option("--why", default="", help=mark("The reason, for the record; needed with --write."))
@showing.json_option
@click.pass_obj
def attach(session: Session, folder: Path, why: str, *, writes: bool, as_json: bool) -> None:
    """Attach papers to numbers that were imported before."""
    from pipeline import status
    from pipeline.app import old_papers
    from pipeline.app.worker import Worker

    reason = reason_given(why) if writes else ""
    outcomes: list[old_papers.Outcome] = []
    with session.workspace(works=True) as workspace:
        seen = old_papers.told(workspace, folder, old_papers.without_paper(workspace))
        if writes:
            outcomes = old_papers.attach(Worker(workspace, session.settings.workers), folder, seen, reason)
            showing.tell_unwritten(status.refresh(workspace))
    if as_json:
        showing.emit_json(facts.papers_facts(seen, outcomes))
    else:
        _emit_papers(seen, outcomes)


def _summary(made: "Report", *, is_written: bool) -> str:
    lines = [
        tr("Series {series}: numbers {gaps} stand in no line.", series=series, gaps=", ".join(gaps))
        for series, gaps in made.missing.items()
    ]
    lines += [
        tr("Series {series}: the next number is {next}.", series=one, next=no) for one, no in made.following.items()
    ]
    refused = len(made.refused)
    counted = {"lines": len(made.lines), "numbers": made.count, "passed": len(made.book.passed_over)}
    lines.append(
        tr(
            "{lines} lines, {numbers} numbers; {passed} rows of titles, headings, days and sums passed over.",
            **counted,
        )
    )
    if is_written:
        lines.append(tr("All of it is in the register now."))
    elif not made.is_sound:
        lines.append(
            tr("{count} lines are refused; nothing can be brought in before they are mended.", count=refused)
        )
    else:
        lines.append(tr("Nothing is recorded yet. To bring it in: the same command with --write --why “…”."))
    return "\n".join(lines)
