"""`vanthu doctor` and `vanthu metrics`: whether machine, folders and work are well, for people and for Prometheus."""

from pathlib import Path

import click

from pipeline import messages
from pipeline.app import wording
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr
from pipeline.model import Finding, Severity

#: Something stops or endangers the work.
UNWELL = 4


@click.command(help=mark("Look whether machine, folders, work and watcher are well, and say what to do where not."))
@showing.json_option
@click.pass_obj
def doctor(session: Session, *, as_json: bool) -> int:
    """Examine everything; exit code 4 when something stops or endangers the work."""
    from pipeline.health import Expected, examine, is_well

    settings = session.settings
    expected = Expected(settings.makes_pdf, settings.reads_scans, settings.scan_seconds)
    with session.workspace(mends=True) as workspace:
        found = list(examine(workspace, expected, lambda said: showing.tell_passing(messages.shown(said))))
    showing.tell_passing("")
    if as_json:
        showing.emit_json({"is_well": is_well(found), "findings": found})
    else:
        showing.emit_table(("", tr("what is found"), tr("what to do")), [_row(one) for one in found])
        showing.tell(_summary(found))
    return 0 if is_well(found) else UNWELL


@click.command(help=mark("Print figures for Prometheus: jobs by state, what stands still, room on the disks."))
@click.option(
    "--to", "path", type=click.Path(path_type=Path), help=mark("Write them to a file (*.prom), whole or not at all.")
)
@click.pass_obj
def metrics(session: Session, path: Path | None) -> None:
    """Print or write the figures."""
    from pipeline.files import write_durably
    from pipeline.health import metrics_of

    with session.workspace(mends=True) as workspace:
        text = metrics_of(workspace)
    if path is None:
        click.echo(text, nl=False)
    else:
        write_durably(path, text.encode())


def _row(one: Finding) -> tuple[str, str, str]:
    return (
        tr("well") if one.severity is Severity.INFO else wording.weight_of(one.severity),
        messages.shown(one.message),
        messages.shown(one.mend) if one.mend is not None else "",
    )


def _summary(found: list[Finding]) -> str:
    wrong = sum(one.severity is Severity.BLOCK for one in found)
    eyed = sum(one.severity is Severity.WARN for one in found)
    if not wrong and not eyed:
        return tr("All is well.")
    return tr("To mend at once: {wrong}; to look at: {eyed}.", wrong=wrong, eyed=eyed)


COMMANDS = (doctor, metrics)
