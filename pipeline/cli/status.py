"""`vanthu status`, `show` and `why`: how far everything is."""

from typing import TYPE_CHECKING

import click

from pipeline import messages
from pipeline.app import facts, wording
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr
from pipeline.model import Artifact, Finding, SignatureCheck

if TYPE_CHECKING:
    from pipeline.ledger.rows import Attempt, Event
    from pipeline.status import Explanation
    from pipeline.status.views import Board, Column
    from pipeline.steps.warnings import Warned

#: With more kinds than this, columns are headed by abbreviations, so that the table fits a narrow terminal.
MOST_TITLES = 3
#: So many of the next deadlines are shown in the terminal; the board in the outbox has them all.
NEXT_DEADLINES = 3


@click.command(help=mark("Show the year unit by unit: what is missing, late, waiting or held."))
@click.option("--year", type=int, help=mark("Another year than the current one."))
@showing.json_option
@click.pass_obj
def status(session: Session, year: int | None, *, as_json: bool) -> None:
    """Show the year at a glance."""
    from pipeline.status import board_of, year_status

    with session.workspace() as workspace:
        stands = year_status(workspace, year or session.settings.year)
        # the same board that lies in the outbox: two accounts of one year would differ one day
        board = board_of(workspace, stands)
    if as_json:
        showing.emit_json(facts.year_facts(stands, board))
        return
    _emit_units(board)
    _emit_deadlines(board)
    _emit_lists(board)


def _emit_units(board: "Board") -> None:
    from pipeline.status.views import cell_text, day_text

    is_narrow = len(board.columns) > MOST_TITLES
    rows = [(row.unit, *(messages.shown(cell_text(cell)) for cell in row.cells)) for row in board.rows]
    showing.emit_table(
        (tr("unit"), *(_head(column, is_narrow=is_narrow) for column in board.columns)),
        rows,
        title=tr("Year {year}, as of {day}", year=board.year, day=day_text(board.as_of)),
    )
    if is_narrow:
        for column in board.columns:
            click.echo(f"{column.abbreviation}: {messages.shown(column.title)}")
        click.echo()


def _head(column: "Column", *, is_narrow: bool) -> str:
    from pipeline.status.views import day_text

    title = column.abbreviation if is_narrow else messages.shown(column.title)
    return tr("{kind}, due {day}", kind=title, day=day_text(column.due)) if column.due else title


def _emit_deadlines(board: "Board") -> None:
    """Show the next deadlines, and those gone by that somebody still owes something for."""
    from pipeline.status.views import day_text, days_text, sent_text

    coming = [one for one in board.deadlines if one.days_left >= 0][:NEXT_DEADLINES]
    owed = [one for one in board.deadlines if one.days_left < 0 and one.sent < one.expected]
    if not owed and not coming:
        return
    showing.emit_table(
        (tr("due"), tr("when"), tr("what is due"), tr("papers received")),
        [
            (
                day_text(one.due),
                messages.shown(days_text(one.days_left)),
                one.task,
                messages.shown(sent_text(one)) or "–",
            )
            for one in (*owed, *coming)
        ],
        title=tr("Deadlines"),
    )


def _emit_lists(board: "Board") -> None:
    from pipeline.status.views import warning_text

    if board.documents:
        showing.emit_table(
            ("#", tr("document"), tr("state"), tr("number")),
            [
                (
                    str(one.job_id),
                    "\n".join((one.title, *map(messages.shown, one.remarks))),
                    messages.shown(one.state),
                    one.number,
                )
                for one in board.documents
            ],
            title=tr("Documents of the cluster"),
        )
    for waits in board.waiting:
        units = "; ".join(waits.units)
        click.echo(tr("{document} (#{id}) waits for: {units}", document=waits.title, id=waits.job_id, units=units))
    for asked in board.asked:
        click.echo(messages.shown(asked))
    if board.warnings:
        showing.emit_table(
            ("#", tr("unit"), tr("rule"), tr("what was noticed")),
            [(str(one.job_id), one.unit, one.rule, messages.shown(warning_text(one))) for one in board.warnings],
            title=tr("Warnings waiting to be looked at (vanthu accept)"),
        )
    if board.stopped:
        showing.emit_table(
            ("#", tr("unit"), tr("file"), tr("state"), tr("why")),
            [
                (str(one.job_id), one.unit or "–", one.name, messages.shown(one.state), messages.shown(one.reason))
                for one in board.stopped
            ],
            title=tr("On hold or not identified"),
        )
    if board.register_check:
        click.echo(tr("Check of the books"))
        for one in board.register_check:
            click.echo(f"  {messages.shown(one)}")
    if board.workers:
        click.echo(tr("Machines at work"))
        for one in board.workers:
            click.echo(f"  {messages.shown(one)}")


@click.command(
    help=mark("Show one document: its facts, what was found, its history and its files."), epilog=showing.DOCUMENTS
)
@showing.document_argument
@click.option("--against", default="", metavar="DOCUMENT", help=mark("Show what is different in another version."))
@click.option("--chain", "is_chain", is_flag=True, help=mark("Show its chain of proof, link by link."))
@showing.json_option
@click.pass_obj
def show(session: Session, document: str, against: str, *, is_chain: bool, as_json: bool) -> int:
    """Show one job; the exit code is that of an integrity error when a link of its chain is broken."""
    from pipeline.app import operations
    from pipeline.cli.versions import emit_chain, emit_compared
    from pipeline.status import explain

    with session.workspace() as workspace:
        found = operations.find(workspace, document)
        if against:
            emit_compared(workspace, found, operations.find(workspace, against), as_json=as_json)
            return 0
        if is_chain:
            return emit_chain(workspace, found, as_json=as_json)
        explanation = explain(workspace, found)
        events, artifacts = workspace.ledger.events(found.id), workspace.ledger.artifacts(found.id)
        # all there ever were: `why` counts those since the last move, here the history is wanted
        attempts = workspace.ledger.attempts(found.id)
    _emit_document(explanation, events, attempts, artifacts, as_json=as_json)
    return 0


def _emit_document(
    explanation: "Explanation",
    events: "list[Event]",
    attempts: "list[Attempt]",
    artifacts: list[Artifact],
    *,
    as_json: bool,
) -> None:
    if as_json:
        showing.emit_json(
            facts.explanation_facts(explanation) | {"events": events, "attempts": attempts, "artifacts": artifacts}
        )
        return
    _emit_explanation(explanation, has_codes=True)
    showing.emit_table(
        (tr("when"), tr("who"), tr("what"), tr("why")),
        [
            (wording.moment(one.at), one.who, wording.step_of(one.to_state or one.action), _recorded(one))
            for one in events
        ],
        title=tr("History"),
    )
    if attempts:
        showing.emit_table(
            (tr("when"), tr("who"), tr("what")),
            [(wording.moment(one.at), one.who, one.what) for one in attempts],
            title=tr("Attempts that failed"),
        )
    showing.emit_table(
        (tr("role"), "sha256", tr("bytes")),
        [(one.role.value, one.sha256, str(one.size_bytes)) for one in artifacts],
        title=tr("Recorded files"),
    )


@click.command(help=mark("Say where a dropped file is, why, and what happens next."), epilog=showing.DOCUMENTS)
@showing.document_argument
@showing.json_option
@click.pass_obj
def why(session: Session, document: str, *, as_json: bool) -> None:
    """Explain where a file, a job, a code or a number is, and why."""
    from pipeline.app import operations
    from pipeline.status import explain

    with session.workspace() as workspace:
        explanation = explain(workspace, operations.find(workspace, document))
    if as_json:
        showing.emit_json(facts.explanation_facts(explanation))
    else:
        _emit_explanation(explanation, has_codes=False)


def _recorded(event: "Event") -> str:
    """Give what is recorded of an event as it is: the reason, and the error of a program that failed."""
    error = event.detail.get("error")
    return "\n".join((wording.reason(event.why), *([str(error)] if error else [])))


def _emit_explanation(explanation: "Explanation", *, has_codes: bool) -> None:
    job = explanation.job
    rows = [
        (tr("document"), f"#{job.id} {explanation.title}".strip()),
        (tr("file"), job.name),
        (tr("unit"), job.unit or "–"),
        (tr("received"), wording.moment(job.received_at)),
        (tr("state"), messages.shown(explanation.state)),
        (tr("number"), job.number or "–"),
        (tr("code"), job.code or "–"),
        (tr("version"), str(job.revision)),
        *([(tr("scan"), messages.shown(explanation.scanned))] if explanation.scanned else []),
        *((tr("lies in"), place) for place in explanation.lies_in),
        *((tr("remark"), messages.shown(one)) for one in explanation.decided_later),
        (tr("what next"), messages.shown(explanation.next_step)),
    ]
    showing.emit_table((tr("item"), tr("content")), rows)
    if explanation.signatures is not None:
        _emit_signatures(explanation.signatures)
    if explanation.findings:
        accepted = {one.finding: one for one in explanation.warnings if one.acceptance}
        heads = (tr("code"), tr("weight"), tr("place"), tr("what is found"), tr("how to mend"))
        told = [_finding_row(one, accepted.get(one)) for one in explanation.findings]
        # codes are for who looks into the record; a clerk reads sentences
        showing.emit_table(heads[not has_codes :], [row[not has_codes :] for row in told])


def _emit_signatures(check: "SignatureCheck") -> None:
    showing.emit_table(
        (tr("signed by"), tr("organisation"), tr("certificate"), tr("signed at"), tr("time from"), tr("verdict")),
        [
            (
                one.signer or one.field,
                one.organisation or "–",
                one.serial or "–",
                wording.moment(one.at) if one.at else "–",
                wording.time_source(one.time_source),
                wording.verdict(one.verdict),
            )
            for one in check.signatures
        ],
        title=tr("Digital signatures"),
    )
    for file in check.unread:
        click.echo(tr("{file} in the folder of certificates is none, and no list of revoked ones either.", file=file))


def _finding_row(finding: Finding, accepted: "Warned | None") -> tuple[str, ...]:
    weight = wording.weight_of(finding.severity)
    mend = messages.shown(finding.mend or finding.needed or messages.NOTHING)
    # an accepted warning needs no mending: who accepted it, and why, takes that place
    if accepted is not None and accepted.acceptance is not None:
        weight = tr("{weight}, accepted", weight=weight)
        mend = wording.accepted(accepted.acceptance)
    return finding.code, weight, messages.shown(messages.place(finding.place)), _told(finding), mend


def _told(finding: Finding) -> str:
    text = messages.shown(finding.message)
    return (
        text
        # most sentences quote it already
        if not finding.found or finding.found in text
        else tr("{text} Found: “{found}”.", text=text, found=finding.found)
    )


COMMANDS = (status, show, why)
