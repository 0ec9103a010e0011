"""Blank forms for people: which units get one, with which facts of the year, and where each is written.

A form that somebody has begun to fill in is never overwritten unasked.
"""

import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import blank_forms, kinds, years
from pipeline.blank_forms import FormPlan
from pipeline.blank_forms.formats import FORMATS, USUAL
from pipeline.errors import OperatorError, UnknownThing, UnsafeSetupError
from pipeline.files import sha256_of, write_durably
from pipeline.kinds import Kind
from pipeline.messages import tr
from pipeline.practice import Folders, Practice
from pipeline.vietnamese import search_key
from pipeline.workspace import Workspace
from pipeline.years import Unit, Year

if TYPE_CHECKING:
    from pipeline.app.settings import Settings

#: The folder of forms: in the outbox, or in a unit's folder there.
FOLDER = "bieu-mau"

#: One form to be made: the unit it is for (None: the cluster, or any unit) and its format.
Pair = tuple[Unit | None, str]
Progress = Callable[[Sequence[Pair], int], Iterable[Pair]]


@dataclass(frozen=True)
class Written:
    """A form: `outcome` is "written", "unchanged" (the same lay there) or "kept" (something else lay there)."""

    unit: str
    format: str
    path: Path
    outcome: str


@dataclass(frozen=True)
class Order:
    """Which forms are wanted: of a kind by its folder or a title of it, for one unit, every member, or nobody yet.

    `formats` empty are the usual ones; `folder` None is the outbox; with `replace` also forms are overwritten that
    somebody has changed.
    """

    kind: str
    unit: str = ""
    is_all: bool = False
    formats: tuple[str, ...] = ()
    folder: Path | None = None
    is_blank: bool = False
    replace: bool = False


def quietly(pairs: Sequence[Pair], _count: int) -> Iterable[Pair]:
    """Show no progress."""
    return pairs


def write_forms(settings: "Settings", order: Order, today: dt.date, progress: Progress = quietly) -> list[Written]:
    """Write the forms of an order. Raises UnknownThing, OperatorError, UnsafeSetupError, BrokenKind, YearError."""
    return forms_of(settings.folders, settings.practice, years.load(settings.year_file), order, today, progress)


def forms_of(
    folders: Folders, practice: Practice, year: Year, order: Order, today: dt.date, progress: Progress = quietly
) -> list[Written]:
    """Write the forms of an order for a year. Raises UnknownThing, OperatorError, UnsafeSetupError, BrokenKind."""
    kind = kind_named(folders, order.kind, practice.words_of(year))
    day = _day(year, today)
    pairs = [(unit, format_) for unit in _units(kind, year, day, order) for format_ in order.formats or USUAL]
    written = []
    for unit, format_ in progress(pairs, len(pairs)):
        form = blank_forms.plan(kind, year, unit=unit, on=day, is_blank=order.is_blank)
        code = unit.code if unit is not None else ""
        name = "-".join(part for part in (kind.id, str(year.year), code) if part)
        path = _folder(folders, order.folder, code) / f"{name}.{format_}"
        written.append(Written(code, format_, path, _put(path, FORMATS[format_](form), replace=order.replace)))
    return written


def form_of(workspace: Workspace, kind_id: str, unit_code: str, extension: str) -> bytes:
    """Give one form as a file, with the facts of the current year filled in. Raises UnknownThing."""
    if extension not in FORMATS:
        raise UnknownThing(tr("There is no kind “{name}”.", name=f"{kind_id}.{extension}"))
    return FORMATS[extension](plan_of(workspace, kind_id, unit_code))


def plan_of(workspace: Workspace, kind_id: str, unit_code: str) -> FormPlan:
    """Give one form as it is laid out, with the facts of the current year. Raises UnknownThing, OperatorError."""
    year, kind = workspace.year(workspace.practice.year), workspace.loaded().kinds.get(kind_id)
    if kind is None:
        raise UnknownThing(tr("There is no kind “{name}”.", name=kind_id))
    day = _day(year, workspace.today())
    units = _units(kind, year, day, Order(kind_id, unit_code))
    return blank_forms.plan(kind, year, unit=units[0], on=day)


def _put(path: Path, content: bytes, *, replace: bool) -> str:
    """Write a form, but do not overwrite one that somebody has begun to fill in."""
    # a link is never followed: what lies behind it may be anybody's file
    if path.is_file() and not path.is_symlink() and sha256_of(path) == sha256_of(content):
        return "unchanged"
    if not replace and (path.is_symlink() or path.exists()):
        return "kept"
    write_durably(path, content)
    return "written"


def _folder(folders: Folders, wanted: Path | None, unit: str) -> Path:
    """Choose a form's folder. Raises UnsafeSetupError for the inbox or another store, and for a link.

    Written into the inbox, a blank form would be taken for a submission.
    """
    if wanted is None:
        way = [folders.outbox / unit, folders.outbox / unit / FOLDER]
        foreign = next((one for one in way if one.is_symlink()), None)
        if foreign is not None:
            raise UnsafeSetupError(
                tr("{path} is a link to somewhere else; nothing is written through it.", path=str(foreign))
            )
        return way[-1]
    folder = wanted.absolute()
    # the outbox is not among them: forms are for the people who read it
    for ours in (folders.inbox, folders.archive, folders.var, folders.templates, folders.years):
        if folder.resolve().is_relative_to(ours.resolve()):
            raise UnsafeSetupError(
                tr("{folder} lies in {ours}; choose another folder for forms.", folder=str(folder), ours=str(ours))
            )
    return folder


def kind_named(folders: Folders, name: str, words: Mapping[str, str]) -> Kind:
    """Find a kind by its folder or a title of it. Raises UnknownThing, BrokenKind."""
    templates = folders.templates
    known_ids = {folder.name for folder in templates.glob("[!_.]*") if (folder / "kind.yaml").is_file()}
    if name in known_ids:
        return kinds.load(templates / name, words)
    known = kinds.load_all(templates, words).kinds.values()
    titles = {search_key(title): kind for kind in known for title in (kind.title_vi, *kind.form_titles)}
    if search_key(name) in titles:
        return titles[search_key(name)]
    raise UnknownThing(_unknown(tr("There is no kind “{name}”.", name=name), name, sorted(known_ids)))


def _units(kind: Kind, year: Year, day: dt.date, order: Order) -> list[Unit | None]:
    """Give the units to make the form for; None stands for the cluster, or any unit."""
    name = order.unit
    if (name or order.is_all) and kind.submitted_by != "unit":
        raise OperatorError(
            tr("{kind} is drawn up by the cluster, not by the units; leave out --unit and --all.", kind=kind.title_vi)
        )
    members = year.members(day)
    if order.is_all:
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


def _day(year: Year, today: dt.date) -> dt.date:
    """Give the day whose signatories and acts are filled in: today, in another year its first milestone."""
    return today if today.year == year.year else min(milestone.due for milestone in year.milestones)
