"""`vanthu forms`: the form of a kind, blank or with the facts of the year, for people to fill in."""

import datetime as dt
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import showing
from pipeline.cli.session import Session, now
from pipeline.errors import OperatorError, UnknownThing, UnsafeSetupError
from pipeline.messages import mark, tr

if TYPE_CHECKING:
    from pipeline.app.opening import Settings
    from pipeline.kinds import Kind
    from pipeline.years import Unit, Year

#: Some forms were there already, changed by somebody, and were not overwritten.
NOT_ALL = 3

#: The folder of forms: in the outbox, or in a unit's folder there.
FOLDER = "bieu-mau"


@dataclass(frozen=True)
class Written:
    """A form: `outcome` is "written", "unchanged" (it was there already) or "kept" (another file was there)."""

    unit: str
    format: str
    path: Path
    outcome: str


class Formats(click.ParamType[tuple[str, ...]]):
    """Formats with commas between them."""

    name = "formats"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Read the formats, or say which there are."""
        from pipeline.blank_forms.formats import FORMATS

        wanted = tuple(word.strip().lower().lstrip(".") for word in str(value).split(",") if word.strip())
        for word in wanted:
            if word not in FORMATS:
                known = ", ".join(FORMATS)
                said = tr("“{word}” is not a format; the formats are {known}.", word=word, known=known)
                self.fail(said, param, ctx)
        return tuple(dict.fromkeys(wanted))


@click.command(
    help=mark("Make the form of a kind, with the facts of the year filled in."),
    epilog=mark("The forms lie in outbox/<UNIT>/bieu-mau, those of the cluster and for any unit in outbox/bieu-mau."),
)
@click.argument("kind")
@click.option("--unit", "unit", default="", help=mark("For one unit: its code or a name of it."))
@click.option("--all", "is_all", is_flag=True, help=mark("One for every member unit."))
@click.option(
    "--format",
    "formats",
    type=Formats(),
    default="",
    help=mark("xlsx, docx, pdf, yaml, json; by default the first three."),
)
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), help=mark("Another folder to put them into.")
)
@click.option("--blank", "is_blank", is_flag=True, help=mark("Fill nothing in."))
@click.option("--replace", is_flag=True, help=mark("Overwrite also forms that somebody has changed."))
@showing.json_option
@click.pass_obj
def forms(
    session: Session,
    /,
    kind: str,
    unit: str,
    formats: tuple[str, ...],
    folder: Path | None,
    *,
    as_json: bool,
    **flags: bool,
) -> int:
    """Write the forms; exit code 3 when one that somebody has changed was left as it is."""
    from pipeline import years
    from pipeline.blank_forms.formats import USUAL

    settings = session.settings
    year = years.load(settings.year_file)
    wanted = _kind(settings, kind)
    day = _day(year, now().astimezone().date())
    units = _units(wanted, year, day, unit, is_all=flags["is_all"])
    made = _make(_Order(settings, wanted, year, day, folder, **flags), units, formats or USUAL)
    if as_json:
        showing.emit_json(made)
    else:
        _show(made)
    return NOT_ALL if any(one.outcome == "kept" for one in made) else 0


@dataclass(frozen=True)
class _Order:
    settings: "Settings"
    kind: "Kind"
    year: "Year"
    day: dt.date
    folder: Path | None
    is_all: bool
    is_blank: bool
    replace: bool


def _make(order: _Order, units: "Sequence[Unit | None]", formats: Sequence[str]) -> list[Written]:
    from pipeline.blank_forms import plan
    from pipeline.blank_forms.formats import FORMATS

    written = []
    pairs = [(unit, format_) for unit in units for format_ in formats]
    for unit, format_ in showing.progress(pairs, len(pairs), tr("Forms")):
        form = plan(order.kind, order.year, unit=unit, on=order.day, is_blank=order.is_blank)
        code = unit.code if unit is not None else ""
        name = "-".join(part for part in (order.kind.id, str(order.year.year), code) if part)
        path = _folder(order, code) / f"{name}.{format_}"
        outcome = _put(path, FORMATS[format_](form), replace=order.replace)
        written.append(Written(code, format_, path, outcome))
    return written


def _put(path: Path, content: bytes, *, replace: bool) -> str:
    """Write a form, but do not overwrite one that somebody has begun to fill in."""
    from pipeline.files import sha256_of, write_durably

    if path.is_file() and not path.is_symlink() and sha256_of(path) == sha256_of(content):
        return "unchanged"
    if not replace and (path.is_symlink() or path.exists()):
        return "kept"
    write_durably(path, content)
    return "written"


def _folder(order: _Order, unit: str) -> Path:
    """Choose a form's folder. Raises UnsafeSetupError for the inbox or another store, and for a link.

    Written into the inbox, a blank form would be taken for a submission.
    """
    folders = order.settings.folders
    if order.folder is None:
        way = [folders.outbox / unit, folders.outbox / unit / FOLDER]
        foreign = next((one for one in way if one.is_symlink()), None)
        if foreign is not None:
            raise UnsafeSetupError(
                tr("{path} is a link to somewhere else; nothing is written through it.", path=str(foreign))
            )
        return way[-1]
    folder = order.folder.absolute()
    for ours in (folders.inbox, folders.archive, folders.var, folders.templates, folders.years):
        if folder.resolve().is_relative_to(ours.resolve()):
            raise UnsafeSetupError(
                tr("{folder} lies in {ours}; choose another folder for forms.", folder=str(folder), ours=str(ours))
            )
    return folder


def _kind(settings: "Settings", name: str) -> "Kind":
    """Find a kind by its folder or a title of it. Raises UnknownThing, BrokenKind."""
    from pipeline.kinds import load, load_all
    from pipeline.vietnamese import search_key

    templates = settings.folders.templates
    folders = {folder.name for folder in templates.glob("[!_.]*") if (folder / "kind.yaml").is_file()}
    if name in folders:
        return load(templates / name)
    kinds = load_all(templates).kinds.values()
    titles = {search_key(title): kind for kind in kinds for title in (kind.title_vi, *kind.form_titles)}
    if search_key(name) in titles:
        return titles[search_key(name)]
    raise UnknownThing(_unknown(tr("There is no kind “{name}”.", name=name), name, sorted(folders)))


def _units(kind: "Kind", year: "Year", day: dt.date, name: str, *, is_all: bool) -> "list[Unit | None]":
    """Give the units to make the form for; None stands for the cluster, or any unit."""
    if (name or is_all) and kind.submitted_by != "unit":
        raise OperatorError(
            tr("{kind} is drawn up by the cluster, not by the units; leave out --unit and --all.", kind=kind.title_vi)
        )
    members = year.members(day)
    if is_all:
        return list(members)
    if not name:
        return [None]
    found = year.unit(name) or year.unit_named(name)
    if found is None:
        raise UnknownThing(_unknown(tr("There is no unit “{name}”.", name=name), name, [one.code for one in members]))
    return [found]


def _unknown(sentence: str, name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(name.casefold(), {one.casefold(): one for one in names}, n=1, cutoff=0.5)
    hint = next((one for one in names if near and one.casefold() == near[0]), "")
    meant = tr("Did you mean “{near}”?", near=hint) if hint else tr("Known are {names}.", names=", ".join(names))
    return f"{sentence} {meant}"


def _day(year: "Year", today: dt.date) -> dt.date:
    """Give the day whose signatories and acts are filled in: today, in another year its first milestone."""
    return today if today.year == year.year else min(milestone.due for milestone in year.milestones)


def _show(made: Sequence[Written]) -> None:
    outcomes = {
        "written": tr("written"),
        "unchanged": tr("unchanged"),
        "kept": tr("left alone: somebody has changed it"),
    }
    heads = (tr("unit"), tr("format"), tr("form"), tr("what was done"))
    showing.emit_table(heads, [(one.unit or "–", one.format, str(one.path), outcomes[one.outcome]) for one in made])
    if any(one.outcome == "kept" for one in made):
        showing.tell(tr("--replace overwrites the forms that were changed."))


COMMANDS = (forms,)
