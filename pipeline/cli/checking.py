"""`vanthu check`: what is on the disk compared with what is recorded."""

from collections.abc import Iterable

import click

from pipeline import messages
from pipeline.app import wording
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.errors import IntegrityError
from pipeline.messages import mark, tr
from pipeline.model import Message, Severity


def _bar(things: Iterable[str], count: int, what: Message) -> Iterable[str]:
    return showing.progress(things, count, messages.shown(what))


@click.command(help=mark("Compare what is on the disk with what is recorded; only reads."))
@showing.json_option
@click.pass_obj
def check(session: Session, *, as_json: bool) -> int:
    """Audit everything; the exit code is that of an integrity error when something is wrong."""
    from pipeline.audit import audit

    with session.workspace() as workspace:
        found = audit(workspace.ledger, workspace.spool, workspace.folders.archive, workspace.folders.outbox, _bar)
    # warnings and information (a file taken from the outbox) must not wake the operator at night
    is_wrong = any(one.severity is Severity.BLOCK for one in found)
    if as_json:
        showing.emit_json({"is_clean": not is_wrong, "discrepancies": found})
    elif found:
        heads = (tr("code"), tr("weight"), tr("what is found"))
        showing.emit_table(
            heads, [(one.code, wording.weight_of(one.severity), messages.shown(one.message)) for one in found]
        )
    if not as_json and not is_wrong:
        click.echo(tr("Everything is as recorded."))
    return IntegrityError.exit_code if is_wrong else 0


COMMANDS = (check,)
