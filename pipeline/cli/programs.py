"""`vanthu token`, `vanthu webhook`: by what programs come in, and where they are told of changes."""

from typing import TYPE_CHECKING

import click

from pipeline.app import wording
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr

if TYPE_CHECKING:
    from pipeline.ledger.tokens import Token
    from pipeline.ledger.webhooks import Webhook


@click.group(help=mark("Tokens, by which programs use the office (vanthu web, /api/v1) in a person's name."))
def token() -> None:
    """Group the commands about tokens."""


@token.command(help=mark("Make a token of an account, with its rights; its secret is shown this once."))
@click.argument("name")
@click.option("--label", default="", help=mark("What it is for, as it is listed."))
@click.option("--days", type=click.IntRange(1, 3660), help=mark("It holds for so many days; else until revoked."))
@showing.json_option
@click.pass_obj
def add(session: Session, name: str, label: str, days: int | None, *, as_json: bool) -> None:
    """Make one token; only the hash of its secret is kept."""
    from pipeline.app import tokens

    with session.workspace() as workspace:
        made = tokens.add(workspace, name, label, days)
    if as_json:
        showing.emit_json(made)
        return
    click.echo(made.secret)
    showing.tell(
        tr("Token {number} of “{name}”: keep it now, it is not shown again.", number=made.token.id, name=name)
    )


@token.command("list", help=mark("List the tokens; their secrets are not kept."))
@showing.json_option
@click.pass_obj
def list_tokens(session: Session, *, as_json: bool) -> None:
    """List all tokens."""
    from pipeline.ledger.tokens import Tokens

    with session.workspace() as workspace:
        listed = Tokens(workspace.ledger).every()
    if as_json:
        showing.emit_json(listed)
    elif listed:
        heads = (tr("token"), tr("account"), tr("what for"), tr("made"), tr("until"), tr("last used"))
        showing.emit_table(heads, [_row(one) for one in listed])
    else:
        showing.tell(tr("There is no token: vanthu token add NAME"))


def _row(one: "Token") -> tuple[str, ...]:
    ends, seen = (wording.moment(at) if at is not None else "–" for at in (one.ends_at, one.seen_at))
    return str(one.id), one.account, one.label or "–", wording.moment(one.made_at), ends, seen


@token.command(help=mark("Revoke a token by its number; whoever uses it is refused from now on."))
@click.argument("number", type=int)
@click.pass_obj
def revoke(session: Session, number: int) -> None:
    """Take one token away."""
    from pipeline.ledger.tokens import Tokens

    with session.workspace() as workspace:
        gone = Tokens(workspace.ledger).revoke(number)
    showing.tell(tr("Token {number} of “{name}” holds no more.", number=number, name=gone.account))


@click.group(help=mark("Addresses of programs that are told (by vanthu web) what becomes of documents."))
def webhook() -> None:
    """Group the commands about webhooks."""


@webhook.command("add", help=mark("Let an address be told from now on; the secret of its messages is shown."))
@click.argument("url")
@click.option("--unit", default="", help=mark("Only of this unit's documents."))
@showing.json_option
@click.pass_obj
def add_webhook(session: Session, url: str, unit: str, *, as_json: bool) -> None:
    """Add one address."""
    from pipeline.app import webhooks

    with session.workspace() as workspace:
        made = webhooks.add(workspace, url, unit)
    if as_json:
        showing.emit_json(made)
        return
    click.echo(made.secret)
    showing.tell(tr("Webhook {number} is told from now on; by this secret it knows us.", number=made.webhook.id))


@webhook.command("list", help=mark("List the addresses, and what is in the way of those that cannot be told."))
@showing.json_option
@click.pass_obj
def list_webhooks(session: Session, *, as_json: bool) -> None:
    """List all addresses; their secrets are not shown again."""
    from pipeline.ledger.webhooks import Webhooks

    with session.workspace() as workspace:
        listed = Webhooks(workspace.ledger).every()
    if as_json:
        told = ("id", "url", "unit", "position", "trouble")
        showing.emit_json([{name: getattr(one, name) for name in told} for one in listed])
    elif listed:
        heads = (tr("webhook"), tr("address"), tr("unit"), tr("trouble"))
        showing.emit_table(heads, [_line(one) for one in listed])
    else:
        showing.tell(tr("Nobody is told: vanthu webhook add URL"))


def _line(one: "Webhook") -> tuple[str, ...]:
    return str(one.id), one.url, one.unit or "–", one.trouble or "–"


@webhook.command("remove", help=mark("Let an address be told no more."))
@click.argument("number", type=int)
@click.pass_obj
def remove_webhook(session: Session, number: int) -> None:
    """Remove one address."""
    from pipeline.ledger.webhooks import Webhooks

    with session.workspace() as workspace:
        gone = Webhooks(workspace.ledger).remove(number)
    showing.tell(tr("Webhook {number} ({url}) is told no more.", number=number, url=gone.url))


COMMANDS = (token, webhook)
