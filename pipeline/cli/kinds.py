"""`vanthu kinds`: the document kinds, and whether the files of each fit together."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import messages
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr

if TYPE_CHECKING:
    from pipeline.authoring.check import KindCheck
    from pipeline.layout import Profile

KIND_ERROR = 11  # that of `errors.KindError`: what `vanthu run` would end with


@click.group(help=mark("The kinds of documents."))
def kinds() -> None:
    """Group the commands about kinds."""


@kinds.command("list", help=mark("List the kinds there are."))
@showing.json_option
@click.pass_obj
def list_kinds(session: Session, *, as_json: bool) -> None:
    """List the kinds; broken ones are named with their trouble."""
    from pipeline.app.kinds_now import with_sound_templates
    from pipeline.kinds import load_all

    templates = session.settings.folders.templates
    # as the worker would find them: a kind whose template cannot be filled is broken too
    loaded = with_sound_templates(load_all(templates), templates)
    if as_json:
        showing.emit_json(
            {
                "kinds": [
                    {
                        "id": kind.id,
                        "title": kind.title,
                        "abbreviation": kind.abbreviation,
                        "submitted_by": kind.submitted_by,
                        "gathers": [gather.kind for gather in kind.gathers],
                        "register": kind.register,
                        "rules": len(kind.rules.rules),
                        "digest": kind.digest,
                    }
                    for kind in loaded.kinds.values()
                ],
                "broken": [{"kind": trouble.kind, "problems": str(trouble)} for trouble in loaded.broken],
            }
        )
        return
    heads = (tr("kind"), tr("title"), tr("abbreviation"), tr("who submits"), tr("gathers"), tr("rules"))
    rows = [
        (
            kind.id,
            messages.shown(kind.title),
            kind.abbreviation,
            tr("unit") if kind.submitted_by == "unit" else tr("cluster"),
            ", ".join(gather.kind for gather in kind.gathers),
            str(len(kind.rules.rules)),
        )
        for kind in loaded.kinds.values()
    ]
    showing.emit_table(heads, rows)
    for trouble in loaded.broken:
        showing.tell(tr("Broken: {kind}", kind=trouble.kind) + f"\n{trouble}")


@kinds.command(help=mark("Check that form, rules and template of each kind fit together."))
@click.argument("names", nargs=-1)
@click.option(
    "--marked",
    type=click.Path(path_type=Path, file_okay=False),
    help=mark("A folder for copies of faulty templates, with the faults as comments in Word."),
)
@showing.json_option
@click.pass_obj
def check(session: Session, names: tuple[str, ...], *, marked: Path | None, as_json: bool) -> int:
    """Check the bundles as a whole; exit code 11 when one is broken."""
    checks = _checked(session, names)
    if marked is not None:
        _write_marked(session, checks, marked)
    is_broken = any(one.problems for one in checks)
    if as_json:
        showing.emit_json(checks)
        return KIND_ERROR if is_broken else 0
    return _show_checks(checks)


def _checked(session: Session, names: tuple[str, ...]) -> "list[KindCheck]":
    from pipeline.app.opening import opened_office
    from pipeline.authoring.check import check_all

    folders, family = session.settings.folders, session.settings.practice.form_family
    with opened_office(session.settings) as office:
        checks = check_all(folders.templates, session.settings.year_file, names, office, family)
    if office is None:
        showing.tell(tr("LibreOffice is switched off or not installed: no document was tried in it."))
    return checks


def _write_marked(session: Session, checks: "list[KindCheck]", folder: Path) -> None:
    from pipeline.authoring.marked_template import marked_template

    folder.mkdir(parents=True, exist_ok=True)
    for one in checks:
        template = session.settings.folders.templates / one.kind / "template.docx"
        if not one.problems or not template.is_file():
            continue
        content = marked_template(template.read_bytes(), one, messages.language())
        if content is not None:  # what is no Word file has no place for a comment
            target = folder / f"{one.kind}.docx"
            target.write_bytes(content)
            showing.tell(tr("The faults of {kind} stand as comments in {file}.", kind=one.kind, file=str(target)))


def _show_checks(checks: "list[KindCheck]") -> int:
    for one in checks:
        click.echo(f"{one.kind}: {tr('broken') if one.problems else tr('in order')}")
        for line in one.problems:
            click.echo(f"  ✗ {line}")
        for line in one.notes:
            click.echo(f"  · {line}")
    return KIND_ERROR if any(one.problems for one in checks) else 0


@kinds.command(help=mark("Make the folder of a new kind; its template is then edited in Word."))
@click.argument("name")
@click.option("--title", required=True, help=mark("What the kind is called: “Thông báo”."))
@click.option("--abbreviation", required=True, help=mark("Its abbreviation in numbers and file names: TB."))
@click.option("--profile", default="", help=mark("The official form, such as dang-hd05 or nd30."))
@click.option("--family", type=click.Choice(["party", "state"]), default="party", help=mark("Party or State form."))
@click.option(
    "--no-form", is_flag=True, help=mark("Without official form: no head is drawn or asked (đơn, lý lịch, phiếu).")
)
@click.option(
    "--submitted-by", type=click.Choice(["cluster", "unit"]), default="cluster", help=mark("Who submits the form.")
)
@click.option("--subject", default="", help=mark("The trích yếu; names of the year in braces are filled in."))
@click.option(
    "--fields",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=mark("A fields.yaml (docs/kinds.md); without it a plain form is made."),
)
@click.option(
    "--many-a-year/--one-a-year",
    "is_many",
    default=None,
    help=mark("Whether an office writes many of them a year; else it is guessed by the title."),
)
@click.option(
    "--from",
    "letter",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=mark("A Word file of the office that becomes the template: mail merge fields and dotted lines become tags."),
)
@click.pass_obj
def new(
    session: Session,
    /,
    name: str,
    fields: Path | None,
    letter: Path | None,
    *,
    is_many: bool | None,
    no_form: bool,
    **given: str,
) -> int:
    """Make a kind's folder and check it at once; exit code 11 when it has problems."""
    from pipeline.authoring.scaffolding import NewKind, scaffold

    wanted = NewKind(
        name=name,
        title=given["title"],
        abbreviation=given["abbreviation"],
        profile=_profile_of(given["profile"], given["family"]),
        submitted_by="unit" if given["submitted_by"] == "unit" else "cluster",
        subject=given["subject"] or NewKind.subject,
        fields=fields.read_text(encoding="utf-8") if fields is not None else "",
        letter=letter.read_bytes() if letter is not None else b"",
        has_form=not no_form,
        is_many=is_many,
    )
    folder = scaffold(wanted, session.settings.folders.templates)
    showing.tell(
        tr(
            "{folder} is made. Edit template.docx in Word, then: vanthu kinds check {name}",
            folder=str(folder),
            name=name,
        )
    )
    if wanted.keeps_apart and not wanted.fields:
        showing.tell(tr("Of many a year each has its number (serial): a new one takes the place of none before it."))
    else:
        showing.tell(tr("There is one a year: a new one takes the place of an earlier one that is not signed yet."))
    # checked at once: what does not pass shows before anybody has begun to edit it
    return _show_checks(_checked(session, (name,)))


def _profile_of(profile: str, family: str) -> "Profile":
    from pipeline.layout import all_profiles, profile_for

    if profile:
        return profile_for(dt.date.today(), family, profile)
    # a new kind is for papers to come: the newest form of the family (they are listed oldest first)
    return [each for each in all_profiles().values() if each.family == family][-1]


COMMANDS = (kinds,)
