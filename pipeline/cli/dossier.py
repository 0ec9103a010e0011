"""`vanthu dossier`: the year's dossiers, their hand-over, and how long they are kept."""

import datetime as dt
from pathlib import Path

import click

from pipeline import messages
from pipeline.app import facts, wording
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr

_YEAR = click.option("--year", type=int, help=mark("Of this year; else of the configured one."))


@click.group(help=mark("The dossiers of a year: what lies in each, its hand-over, how long it is kept."))
def dossier() -> None:
    """Group the commands about dossiers."""


@dossier.command("list", help=mark("List the year's dossiers, and how many documents lie in each."))
@_YEAR
@showing.json_option
@click.pass_obj
def list_dossiers(session: Session, year: int | None, *, as_json: bool) -> None:
    """List the dossiers of a year."""
    from pipeline.app import dossiers

    with session.workspace() as workspace:
        listed = dossiers.standings(workspace, workspace.today(), year or workspace.practice.year)
    if as_json:
        showing.emit_json([facts.dossier_facts(one) for one in listed])
        return
    if not listed:
        showing.tell(tr("The year's file names no dossiers; add `dossiers:` and `fonds:` to it."))
        return
    heads = (tr("code"), tr("title"), tr("opened"), tr("closes"), tr("filed"), tr("under way"), tr("kept for"))
    showing.emit_table(
        heads,
        [
            (
                one.entry.code,
                one.entry.title,
                wording.day(one.entry.period.begins),
                wording.day(one.entry.period.ends),
                str(len(one.filed)),
                str(len(one.under_way)),
                wording.kept_for(one.retention_years),
            )
            for one in listed
        ],
    )


@dossier.command(
    help=mark(
        "Make the hand-over of a closed dossier: a folder with checksums (BagIt) that holds its list of documents, "
        "all papers and their data, and beside it the package HSLTCQ (zip)."
    )
)
@click.argument("code", metavar="CODE")
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help=mark("The folder that gets both."),
)
@_YEAR
@showing.json_option
@click.pass_obj
def make(session: Session, code: str, target: Path, year: int | None, *, as_json: bool) -> None:
    """Hand a dossier over."""
    from pipeline.app import dossiers

    with session.workspace(works=True) as workspace:
        filled = dossiers.filled(workspace, year or workspace.practice.year, code)
        made = dossiers.hand_over(workspace, filled, target)
    if as_json:
        showing.emit_json(facts.hand_over_facts(made))
        return
    click.echo(tr("Folder with checksums: {path}", path=str(made.bag)))
    click.echo(tr("Package HSLTCQ: {path}", path=str(made.package)))
    click.echo(
        tr(
            "{documents} documents, {renditions} of them with a PDF/A rendition.",
            documents=len(filled.papers),
            renditions=len(made.renditions),
        )
    )
    for by in dict.fromkeys(one.judgement.by for one in made.renditions.values()):
        click.echo(wording.judge_of_pdfa(by))
    for one in made.not_included:
        showing.tell(tr("Not included: {what}", what=messages.shown(one)))


@dossier.command(help=mark("Propose what may be destroyed, and when; nothing is destroyed by it."))
@click.option("--on", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), help=mark("As of this day; else today."))
@showing.json_option
@click.pass_obj
def retention(session: Session, on: dt.datetime | None, *, as_json: bool) -> None:
    """List the dossiers of all years with the day from which each may be proposed for destruction."""
    from pipeline.app import dossiers

    with session.workspace() as workspace:
        day = on.date() if on else workspace.today()
        listed = dossiers.standings(workspace, day)
    if as_json:
        showing.emit_json([facts.dossier_facts(one) | {"proposal": wording.destruction(one, day)} for one in listed])
        return
    heads = (tr("year"), tr("code"), tr("title"), tr("documents"), tr("kept for"), tr("proposal"))
    showing.emit_table(
        heads,
        [
            (
                str(one.year),
                one.entry.code,
                one.entry.title,
                str(len(one.filed)),
                wording.kept_for(one.retention_years),
                wording.destruction(one, day),
            )
            for one in listed
        ],
        title=tr("Proposal of {day}; a council decides, the program destroys nothing", day=wording.day(day)),
    )


COMMANDS = (dossier,)
