"""`vanthu remind`: the letter to the units whose papers are missing."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from pipeline import messages
from pipeline.app import facts, wording
from pipeline.cli import showing
from pipeline.cli.days import Day
from pipeline.cli.session import Session
from pipeline.messages import mark, tr
from pipeline.model import Job, State

if TYPE_CHECKING:
    from pipeline.status.reminding import Reminder


@click.command(
    help=mark(
        "Write the letter to the units whose papers are missing; without KIND, of all that is late or due soon."
    )
)
@click.argument("kind", metavar="[KIND]", default="")
@click.option("--due", type=Day(), help=mark("The day by which they should answer."))
@click.option(
    "--date", "on", type=Day(), help=mark("The letter's own date; without it today, or the next working day.")
)
@showing.json_option
@click.pass_obj
def remind(session: Session, kind: str, due: dt.date | None, on: dt.date | None, *, as_json: bool) -> int:
    """Write the letters that are needed and process them like dropped forms."""
    from pipeline.app.worker import Worker
    from pipeline.status import reminding
    from pipeline.status.reasons import units_named

    with session.workspace(works=True) as workspace:
        wanted = reminding.reminders(workspace, kind, on or reminding.letter_day(workspace), due)
        # asked twice on one day, the second call finds the letters of the first and sends none
        sent = [(one, reminding.send(workspace, one)) for one in wanted if one.earlier is None]
        if sent:
            # judged and filled like a form a clerk drops; what else is due is done along the way
            Worker(workspace, session.settings.workers).work_off()
        # read again: the letter may have been returned or held by a rule
        made = [(one, workspace.ledger.job(job.id)) for one, job in sent]
        names = _Names(
            {one.id: messages.shown(one.title) for one in workspace.loaded().kinds.values()},
            {job.id: units_named(workspace, session.settings.year, one.units) for one, job in made},
        )
    if as_json:
        earlier = [facts.reminder_facts(one, None) for one in wanted if one.earlier]
        showing.emit_json([facts.reminder_facts(one, job) for one, job in made] + earlier)
    else:
        _emit(wanted, made, names)
    return 3 if any(job.state in {State.RETURNED, State.HELD} for _, job in made) else 0


@dataclass(frozen=True)
class _Names:
    """What people call the kinds by their ids, and the units of each letter by its job."""

    kinds: dict[str, str]
    units: dict[int, str]


def _emit(wanted: "list[Reminder]", made: "list[tuple[Reminder, Job]]", names: _Names) -> None:
    if not wanted:
        showing.tell(tr("No reminder is needed: nothing is missing."))
    for one in wanted:
        if one.earlier is not None:
            click.echo(
                tr(
                    "{kind}: there is a letter to the same units already: #{id}, {state}.",
                    kind=names.kinds.get(one.kind, one.kind),
                    id=one.earlier.id,
                    state=wording.state_of(one.earlier),
                )
            )
    for one, job in made:
        click.echo(
            tr(
                "{kind}: letter #{id} to {count} units ({units}): {state}.",
                kind=names.kinds.get(one.kind, one.kind),
                id=job.id,
                count=len(one.units),
                units=names.units[job.id],
                state=wording.state_of(job),
            )
        )


COMMANDS = (remind,)
