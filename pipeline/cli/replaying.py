"""`vanthu replay`: what changed templates, rules or facts of the year would change of this year's documents."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.app import facts, wording
from pipeline.cli import showing
from pipeline.cli.jobs import is_wanted
from pipeline.cli.session import Session
from pipeline.messages import mark, shown, tr
from pipeline.model import State

if TYPE_CHECKING:
    from pipeline.app.replaying import Replayed
    from pipeline.workspace import Workspace

#: Lines of a document that are shown of what would be different; the rest is counted.
_SHOWN = 8


@click.command(
    help=mark("Show what changed templates, rules or facts of the year would change of this year's documents."),
    epilog=mark(
        "Nothing is changed without --apply. Documents that are signed or bear their number are never touched."
    ),
)
@click.option(
    "--with",
    "templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=mark("Try this folder in place of templates/."),
)
@click.option(
    "--year-facts",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=mark("Try this file in place of the year's."),
)
@click.option("--apply", "is_applied", is_flag=True, help=mark("Make again what would be different, nothing else."))
@click.option("--yes", is_flag=True, help=mark("Do not ask before documents out for signature are made anew."))
@showing.json_option
@click.pass_obj
def replay(
    session: Session, templates: Path | None, year_facts: Path | None, *, is_applied: bool, yes: bool, as_json: bool
) -> int:
    """Replay this year, and make again what is different if that is asked for."""
    from pipeline.app import replaying

    if is_applied and (templates or year_facts):
        raise click.UsageError(
            tr("Put the tried files in their place first; --apply makes again by what is in force.")
        )
    with session.workspace(works=True) as workspace:
        tried = replaying.trial(workspace, templates, year_facts)
        count = replaying.open_count(workspace)
        found = list(showing.progress(replaying.replay(workspace, tried), count, tr("Documents")))
        changed = [one for one in found if one.is_changed]
        if not is_applied:
            _emit(workspace, found, changed, as_json=as_json)
            return 0
        # what could not be made stays as it lies there: taken back, nothing would come in its place
        troubled = [one for one in changed if one.trouble]
        whole = [one for one in changed if not one.trouble]
        done = _apply(session, workspace, whole, yes=yes, as_json=as_json) if whole or not troubled else 0
        for one in troubled:
            _emit_one(one, to_stderr=True)
        return done or (3 if troubled else 0)


def _apply(session: Session, workspace: "Workspace", changed: "list[Replayed]", *, yes: bool, as_json: bool) -> int:
    from pipeline.app import operations
    from pipeline.app.worker import Worker
    from pipeline.status import reasons

    plans = [operations.plan(workspace, one.job) for one in changed]
    if not yes and not is_wanted(operations.out_for_signature(plans)):
        click.echo(tr("Nothing was done."), err=True)
        return 130  # as when it is broken off by other means
    for planned in plans:
        operations.reprocess(workspace, planned)
    moved = Worker(workspace, session.settings.workers).work_off() if plans else []
    if as_json:
        showing.emit_json([facts.job_facts(one) for one in moved])
    elif not moved:
        click.echo(tr("All documents are as they would be made now; nothing was done."))
    else:
        showing.emit_jobs(reasons.told(workspace, moved))
    return 3 if any(one.state in {State.RETURNED, State.HELD} for one in moved) else 0


def _emit(workspace: "Workspace", found: "list[Replayed]", changed: "list[Replayed]", *, as_json: bool) -> None:
    from pipeline.app import replaying

    signed = replaying.signed_count(workspace)
    if as_json:
        rows = [_facts(one) for one in found]
        showing.emit_json({"documents": rows, "changed": len(changed), "signed": signed})
        return
    if changed:
        heads = ("#", tr("unit"), tr("kind"), tr("state"), tr("would be different"))
        showing.emit_table(
            heads,
            [
                (str(one.job.id), one.job.unit or "–", one.job.kind, wording.state_of(one.job), wording.replayed(one))
                for one in changed
            ],
        )
    for one in changed:
        _emit_one(one)
    click.echo(
        tr(
            "{changed} of {count} documents would be different; {signed} signed or numbered ones stay as they are.",
            changed=len(changed),
            count=len(found),
            signed=signed,
        )
    )


def _emit_one(one: "Replayed", *, to_stderr: bool = False) -> None:
    """Show what would be different of one document, as a comparison of two texts is shown."""
    lines = [tr("could not be made: {why}", why=one.trouble)] if one.trouble else []
    lines += [f"- {shown(finding.message)}" for finding in one.gone]
    lines += [f"+ {shown(finding.message)}" for finding in one.new]
    lines += one.lines[:_SHOWN]
    if not lines:
        return
    click.secho(f"#{one.job.id}  {one.job.unit or '–'}  {one.job.kind}", bold=True, err=to_stderr)
    for line in lines:
        colour = {"-": "red", "+": "green"}.get(line[0])
        click.secho(f"  {line}", fg=colour, err=to_stderr)
    if len(one.lines) > _SHOWN:
        click.echo("  " + tr("… and {count} more lines", count=len(one.lines) - _SHOWN), err=to_stderr)
    click.echo(err=to_stderr)


def _facts(one: "Replayed") -> dict[str, Any]:
    return {
        "job": facts.job_facts(one.job),
        "is_changed": one.is_changed,
        "findings_gone": one.gone,
        "findings_new": one.new,
        "lines": one.lines,
        "is_read_anew": one.is_read_anew,
        "has_new_look": one.has_new_look,
        "trouble": one.trouble,
    }


COMMANDS = (replay,)
