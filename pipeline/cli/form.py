"""`vanthu form check`: does a Word file, ours or anybody's, keep to the official form?"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import messages
from pipeline.app import wording
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.errors import OperatorError
from pipeline.messages import mark, tr
from pipeline.model import Severity

if TYPE_CHECKING:
    from pipeline.layout.check import Checked

#: As for submissions that were returned: the command worked, the document is at fault.
NOT_CONFORMING = 3


@click.group(help=mark("The official form."))
def form() -> None:
    """Group the commands about the official form."""


@form.command(help=mark("Check whether a Word file keeps to the official form."))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--profile", default="", help=mark("The form to check against (default: that in force on the document's date).")
)
@showing.json_option
@click.pass_obj
def check(_session: Session, file: Path, profile: str, *, as_json: bool) -> int:
    """Check one file in a guarded child; exit code 3 when something in it keeps it from being issued."""
    from pipeline.cli.session import now
    from pipeline.layout import all_profiles
    from pipeline.layout.check import FUNCTIONS, Facts, check_guarded
    from pipeline.tools.guard import Guard

    if profile and profile not in all_profiles():
        raise OperatorError(
            tr(
                "There is no form profile “{profile}”; known are {known}.",
                profile=profile,
                known=", ".join(all_profiles()),
            )
        )
    # in a child, as a submission is: the file may be anybody's (one door, decision 0012)
    with Guard(FUNCTIONS) as guard:
        checked = check_guarded(guard, file.absolute(), profile, Facts(today=now().astimezone().date()))
    if as_json:
        showing.emit_json(
            {
                "file": str(file),
                "profile": checked.profile,
                "is_conforming": not checked.is_blocked,
                "findings": checked.findings,
            }
        )
    else:
        _show(checked)
    return NOT_CONFORMING if checked.is_blocked else 0


def _show(checked: "Checked") -> None:
    if not checked.findings:
        click.echo(tr("The file conforms to {profile}: nothing was found.", profile=checked.profile))
        return
    for one in checked.findings:
        where = messages.shown(messages.place(one.place))
        click.echo(
            " ".join(part for part in (one.code, wording.weight_of(one.severity), where and f"({where})") if part)
        )
        click.echo(f"    {messages.shown(one.message)}")
        for label, text in (
            (tr("found"), one.found),
            (tr("needed"), messages.shown(one.needed) if one.needed else ""),
            (tr("how to mend"), messages.shown(one.mend) if one.mend else ""),
        ):
            if text:
                click.echo(f"    {label}: {text}")
    if not checked.profile:
        return
    blocks, warnings = (
        sum(one.severity is severity for one in checked.findings) for severity in (Severity.BLOCK, Severity.WARN)
    )
    click.echo(
        tr(
            "Checked against {profile}: {blocks} faults to mend, {warnings} warnings.",
            profile=checked.profile,
            blocks=blocks,
            warnings=warnings,
        )
    )


COMMANDS = (form,)
