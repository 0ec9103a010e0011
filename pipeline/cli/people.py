"""`vanthu user`: who may come in by the browser."""

import sys
from typing import TYPE_CHECKING

import click

from pipeline.app import wording
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr
from pipeline.model import PersonRole

if TYPE_CHECKING:
    from pipeline.model import Person

_ROLES = click.Choice([role.value for role in PersonRole])


@click.group(help=mark("Who may come in by the browser (vanthu web), and as what."))
def user() -> None:
    """Group the commands about accounts."""


@user.command(
    help=mark("Make an account; its password is asked for, or read from the first line of what is piped in.")
)
@click.argument("name")
@click.option("--role", type=_ROLES, required=True, help=mark("What the person is in the office."))
@click.option("--unit", default="", help=mark("Of an account in the role “unit”: the unit's code."))
@click.option("--full-name", default="", help=mark("The person's name as it is shown."))
@click.option(
    "--no-password", is_flag=True, help=mark("None is asked for: the person comes in by the identity provider alone.")
)
@click.pass_obj
def add(session: Session, name: str, role: str, unit: str, full_name: str, *, no_password: bool) -> None:
    """Make one account."""
    from pipeline.app import people

    with session.workspace() as workspace:
        password = people.nobodys_password() if no_password else _password()
        made = people.add(workspace, name, full_name, PersonRole(role), unit, password)
    _show([made])


@user.command(help=mark("Give an account another password; whoever is in under its name has to come in anew."))
@click.argument("name")
@click.pass_obj
def passwd(session: Session, name: str) -> None:
    """Change one password."""
    from pipeline.app import people

    with session.workspace() as workspace:
        people.set_password(workspace, name, _password())
    showing.tell(tr("The account “{name}” has its new password.", name=name))


@user.command(help=mark("Give an account another role; “locked” lets nobody in under its name any more."))
@click.argument("name")
@click.argument("role", type=_ROLES)
@click.option("--unit", default="", help=mark("Of an account in the role “unit”: the unit's code."))
@click.pass_obj
def role(session: Session, name: str, role: str, unit: str) -> None:
    """Change one role."""
    from pipeline.app import people

    with session.workspace() as workspace:
        changed = people.set_role(workspace, name, PersonRole(role), unit)
    _show([changed])


@user.command(
    help=mark("Let an account need a code of an app on the telephone, too (TOTP); the code for the app is shown.")
)
@click.argument("name")
@click.option("--off", is_flag=True, help=mark("No code any more: the telephone is lost, or another one."))
@click.pass_obj
def totp(session: Session, name: str, *, off: bool) -> None:
    """Begin or end the second code of one account."""
    from pipeline.app import second_code
    from pipeline.pictures import qr_code

    with session.workspace() as workspace:
        if off:
            second_code.end(workspace, name)
            showing.tell(tr("The account “{name}” needs no code any more.", name=name))
            return
        said = second_code.begin(workspace, name)
    click.echo(qr_code.drawn_for_terminal(said, "M"))
    click.echo(said)
    showing.tell(tr("“{name}” scans this with the app now; it is not shown again.", name=name))


@user.command("list", help=mark("List the accounts."))
@showing.json_option
@click.pass_obj
def list_people(session: Session, *, as_json: bool) -> None:
    """List all accounts; no password is ever shown."""
    from pipeline.ledger.people import People

    with session.workspace() as workspace:
        listed = People(workspace.ledger).every()
    if as_json:
        showing.emit_json(listed)
    elif listed:
        _show(listed)
    else:
        showing.tell(tr("Nobody may come in by the browser yet: vanthu user add NAME --role clerk"))


def _show(listed: "list[Person]") -> None:
    heads = (tr("account"), tr("name"), tr("role"), tr("unit"))
    rows = [(one.name, one.full_name or "–", wording.role_of(one.role), one.unit or "–") for one in listed]
    showing.emit_table(heads, rows)


def _password() -> str:
    """Ask for a password, twice and unseen; a script pipes it in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    said: str = click.prompt(tr("Password"), hide_input=True, confirmation_prompt=tr("The same once more"), err=True)
    return said


COMMANDS = (user,)
