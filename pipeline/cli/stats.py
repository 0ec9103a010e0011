"""`vanthu stats`: a year in figures."""

import click

from pipeline.app import wording
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr


@click.command(
    help=mark("Show a year in figures: what came in, how much was right the first time, how long things took.")
)
@click.option("--year", type=click.IntRange(1900, 2200), help=mark("Another calendar year than the current one."))
@showing.json_option
@click.pass_obj
def stats(session: Session, year: int | None, *, as_json: bool) -> None:
    """Show the figures of a calendar year."""
    from pipeline.app import facts
    from pipeline.app.statistics import statistics_of

    with session.workspace() as workspace:
        made = statistics_of(workspace, year or session.settings.year)
    if as_json:
        showing.emit_json(facts.statistics_facts(made))
        return
    heads = (
        tr("files received"),
        tr("forms"),
        tr("right the first time"),
        tr("to the answer (days)"),
        tr("to the signature (days)"),
        tr("to the archive (days)"),
    )
    for head, lines in ((tr("unit"), made.units), (tr("kind"), made.kinds)):
        rows = [(one.name, *wording.figures_of(one)) for one in (*lines, made.all)]
        showing.emit_table((head, *heads), rows, title=tr("Year {year} in figures", year=made.year))
    showing.tell(tr("Days: the middle one, in brackets what nine of ten did not exceed."))
    if made.again:
        showing.tell(tr("{count} files had come before and are not counted.", count=made.again))


COMMANDS = (stats,)
