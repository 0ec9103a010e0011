"""`vanthu incidents`: files in the inbox that are not taken, and letting one in."""

from typing import TYPE_CHECKING

import click

from pipeline.app import wording
from pipeline.cli import showing
from pipeline.cli.session import Session, reason_given
from pipeline.messages import mark, tr

if TYPE_CHECKING:
    from pipeline.steps.incidents import Incident


@click.group(help=mark("Files in the inbox that are not taken."))
def incidents() -> None:
    """Group the commands about incidents."""


@incidents.command("list", help=mark("List the incidents that are not over."))
@showing.json_option
@click.pass_obj
def list_incidents(session: Session, *, as_json: bool) -> None:
    """List incidents; the names of their files are not known."""
    from pipeline.steps import incidents as kept

    with session.workspace() as workspace:
        listed = kept.standing(workspace)
    if as_json:
        showing.emit_json([_facts(one) for one in listed])
        return
    if not listed:
        showing.tell(tr("There is no open incident."))
        return
    heads = ("#", tr("since"), tr("unit"), tr("why"))
    rows = [(str(one.number), wording.moment(one.at), one.unit, wording.incident(one)) for one in listed]
    showing.emit_table(heads, rows)


@incidents.command(help=mark("Let in a file that could not be looked into, after a person has looked at it."))
@click.argument("number", type=int)
@click.option("--why", required=True, help=mark("The reason, for the record."))
@showing.json_option
@click.pass_obj
def admit(session: Session, number: int, why: str, *, as_json: bool) -> None:
    """Let one file in as it is."""
    from pipeline.app import operations

    reason = reason_given(why)
    with session.workspace() as workspace:
        found = operations.admit(workspace, number, reason)
    if as_json:
        showing.emit_json(_facts(found))
    else:
        showing.tell(tr("The file of incident {number} is let in; it is taken at the next look.", number=number))


def _facts(incident: "Incident") -> dict[str, object]:
    return {
        "incident": incident.number,
        "since": incident.at,
        "unit": incident.unit,
        "what": incident.sort.rpartition(".")[2],
        "why": incident.why,
    }


COMMANDS = (incidents,)
