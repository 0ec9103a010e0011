"""`vanthu form`: does a Word file, ours or anybody's, keep to the official form, and what can be put right in it?"""

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
    from pipeline.layout.mending import Mended

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
    from pipeline.layout.check import FUNCTIONS, Facts, check_guarded
    from pipeline.tools.guard import Guard

    _require_known(profile)
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


@form.command(help=mark("Put right what departs from the official form, without touching a word; into a copy."))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--out",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help=mark("The copy (default: FILE-da-sua.docx, beside FILE)."),
)
@click.option("--tracked", "is_tracked", is_flag=True, help=mark("As tracked changes, to be accepted in Word."))
@click.option(
    "--profile", default="", help=mark("The form to check against (default: that in force on the document's date).")
)
@showing.json_option
@click.pass_obj
def fix(_session: Session, file: Path, target: Path | None, profile: str, *, is_tracked: bool, as_json: bool) -> int:
    """Mend one file in a guarded child; exit code 3 when something is left that keeps it from being issued."""
    from pipeline.cli.session import now
    from pipeline.files import write_durably
    from pipeline.layout import check as form_check
    from pipeline.layout import mending
    from pipeline.tools.guard import Guard

    _require_known(profile)
    copy = target or file.with_name(f"{file.stem}-da-sua.docx")  # also of a .dotx, whose copy is a paper
    if copy.exists():
        raise OperatorError(tr("{file} is there already; it is not written over.", file=str(copy)))
    facts = form_check.Facts(today=now().astimezone().date())
    with Guard((*form_check.FUNCTIONS, *mending.FUNCTIONS)) as guard:
        made = mending.mend_guarded(
            guard, file.absolute(), on=now(), profile=profile, facts=facts, is_tracked=is_tracked
        )
    if made.mended:
        write_durably(copy, made.content)
    written = str(copy) if made.mended else ""
    is_blocked = any(one.severity is Severity.BLOCK for one in made.left)
    if as_json:
        told = {"copy": written, "profile": made.profile, "mended": made.mended, "left": made.left}
        showing.emit_json({"file": str(file), **told, "is_conforming": not is_blocked})
    else:
        _show_mended(made, written)
    return NOT_CONFORMING if is_blocked else 0


def _show_mended(made: "Mended", copy: str) -> None:
    for title, findings in ((tr("Put right:"), made.mended), (tr("Left for you:"), made.left)):
        if findings:
            click.echo(title)
        for one in findings:
            where = messages.shown(messages.place(one.place))
            needed = f" → {messages.shown(one.needed)}" if one.needed else ""
            click.echo(f"  • {messages.shown(one.message)}{where and f' ({where})'}{needed}")
    if copy:
        click.echo(tr("Written to {file}; the file itself was not touched.", file=copy))
    elif made.profile:
        click.echo(tr("There was nothing to put right without touching a word."))


def _require_known(profile: str) -> None:
    from pipeline.layout import all_profiles

    if profile and profile not in all_profiles():
        raise OperatorError(
            tr(
                "There is no form profile “{profile}”; known are {known}.",
                profile=profile,
                known=", ".join(all_profiles()),
            )
        )


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
