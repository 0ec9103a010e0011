"""`vanthu status`, `show` and `why`: where everything stands."""

from typing import TYPE_CHECKING

import click

from pipeline import messages
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr
from pipeline.model import Finding, Said

if TYPE_CHECKING:
    from pipeline.standing import Account, Standing


@click.command(help=mark("Show the year unit by unit: what is missing, waits, needs a person."))
@click.option("--year", type=int, help=mark("Another year than the one being served."))
@showing.json_option
@click.pass_obj
def status(session: Session, year: int | None, *, as_json: bool) -> None:
    """Show the year at a glance."""
    from pipeline.standing import standing

    with session.house() as house:
        stands = standing(house, year or session.config.year)
        titles = {kind.id: messages.shown(kind.title) for kind in house.loaded().kinds.values()}
    if as_json:
        _emit_json(stands)
        return
    _emit_units(stands, titles)
    if stands.cluster:
        heads = ("#", tr("document"), tr("state"), tr("number"))
        rows = [
            (str(job.id), titles.get(job.kind, job.kind), showing.state_of(job), job.number) for job in stands.cluster
        ]
        showing.emit_table(heads, rows, title=tr("Documents of the cluster"))
    for waits in stands.waiting:
        click.echo(
            tr(
                "{document} (#{id}) waits for: {units}",
                document=titles.get(waits.job.kind, ""),
                id=waits.job.id,
                units=", ".join(waits.units),
            )
        )
    if stands.unclear:
        click.echo(tr("Files of which it is not clear what they are:"))
        showing.emit_jobs(stands.unclear)


def _emit_units(stands: "Standing", titles: dict[str, str]) -> None:
    kinds = list(dict.fromkeys(cell.kind for cell in stands.cells))
    units = list(dict.fromkeys(cell.unit for cell in stands.cells))
    cells = {(cell.unit, cell.kind): cell.job for cell in stands.cells}
    rows = []
    for unit in units:
        shown = []
        for kind in kinds:
            job = cells[unit, kind]
            shown.append(f"{showing.state_of(job)} (#{job.id})" if job else tr("not submitted"))
        rows.append((unit, *shown))
    showing.emit_table(
        (tr("unit"), *(titles[kind] for kind in kinds)), rows, title=tr("Year {year}", year=stands.year)
    )


def _emit_json(stands: "Standing") -> None:
    showing.emit_json(
        {
            "year": stands.year,
            "units": [
                {"unit": cell.unit, "kind": cell.kind, "job": showing.job_facts(cell.job) if cell.job else None}
                for cell in stands.cells
            ],
            "cluster": [showing.job_facts(job) for job in stands.cluster],
            "waiting": [{"job": showing.job_facts(one.job), "waits_for": one.units} for one in stands.waiting],
            "unclear": [showing.job_facts(job) for job in stands.unclear],
            "counts": {state.value: count for state, count in stands.counts.items()},
        }
    )


@click.command(
    help=mark("Show one document: its facts, what was found, its history and its files."), epilog=showing.DOCUMENTS
)
@showing.document_argument
@showing.json_option
@click.pass_obj
def show(session: Session, document: str, *, as_json: bool) -> None:
    """Show one job."""
    from pipeline import clerk
    from pipeline.standing import account

    with session.house() as house:
        found = clerk.find(house, document)
        told = account(house, found)
        events, artifacts = house.ledger.events(found.id), house.ledger.artifacts(found.id)
    if as_json:
        facts = _account_facts(told)
        showing.emit_json(facts | {"events": events, "artifacts": artifacts})
        return
    _emit_account(told)
    showing.emit_table(
        (tr("when"), tr("who"), tr("what"), tr("why")),
        [
            (showing.moment(one.at), one.who, showing.step_of(one.to_state or one.action), showing.reason(one.why))
            for one in events
        ],
        title=tr("History"),
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
    """Give account of a file, a job, a code or a number."""
    from pipeline import clerk
    from pipeline.standing import account

    with session.house() as house:
        told = account(house, clerk.find(house, document))
    if as_json:
        showing.emit_json(_account_facts(told))
    else:
        _emit_account(told)


def _account_facts(told: "Account") -> dict[str, object]:
    return {
        "job": showing.job_facts(told.job),
        "state": told.state,
        "next_step": told.next_step,
        "findings": told.findings,
        "lies_in": told.lies_in,
        "seen": told.seen,
    }


def _emit_account(told: "Account") -> None:
    job = told.job
    rows = [
        (tr("document"), f"#{job.id} {messages.shown(told.kind.title) if told.kind else ''} {job.variant}".strip()),
        (tr("file"), job.name),
        (tr("unit"), job.unit or "–"),
        (tr("received"), showing.moment(job.received_at)),
        (tr("state"), messages.shown(told.state)),
        (tr("number"), job.number or "–"),
        (tr("code"), job.code or "–"),
        (tr("version"), str(job.revision)),
        *((tr("lies in"), place) for place in told.lies_in),
        (tr("what next"), messages.shown(told.next_step)),
    ]
    showing.emit_table((tr("item"), tr("content")), rows)
    if told.findings:
        heads = (tr("code"), tr("weight"), tr("place"), tr("what is found"), tr("how to mend"))
        showing.emit_table(
            heads,
            [
                (
                    one.code,
                    showing.weight_of(one.severity),
                    messages.shown(messages.place(one.place)),
                    _told(one),
                    messages.shown(one.mend or one.needed or Said("", "")),
                )
                for one in told.findings
            ],
        )


def _told(finding: Finding) -> str:
    text = messages.shown(finding.message)
    return (
        text
        if not finding.found or finding.found in text
        else tr("{text} Found: “{found}”.", text=text, found=finding.found)
    )


COMMANDS = (status, show, why)
