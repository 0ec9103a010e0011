"""`vanthu check`: what is on the disk compared with what is recorded."""

from collections.abc import Iterable

import click

from pipeline import messages
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr
from pipeline.model import Message


def _bar(things: Iterable[str], count: int, what: Message) -> Iterable[str]:
    return showing.progress(things, count, messages.shown(what))


@click.command(help=mark("Compare what is on the disk with what is recorded; only reads."))
@showing.json_option
@click.pass_obj
def check(session: Session, *, as_json: bool) -> int:
    """Audit everything; the exit code is that of an integrity error when something is wrong."""
    from pipeline.app.folders import away
    from pipeline.audit import audit

    with session.workspace(mends=True) as workspace:
        folders = workspace.folders
        found = audit(
            workspace.ledger,
            workspace.spool,
            folders.archive,
            folders.outbox,
            _bar,
            anchors=folders.anchors,
            away=away(workspace),
        )
    return showing.emit_discrepancies(found, clean=tr("Everything is as recorded."), as_json=as_json)


COMMANDS = (check,)
