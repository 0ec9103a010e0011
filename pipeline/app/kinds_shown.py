"""A kind as people look at it: its contract in words, a document filled in with samples, another template tried."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline import filling, reading
from pipeline.app import replaying
from pipeline.app.replaying import Replayed
from pipeline.authoring.check import KindCheck, check_kind
from pipeline.authoring.samples import ANY_CODE, FULL, day_of, sample_context
from pipeline.errors import NotAllowedNow
from pipeline.files import sha256_of, write_durably
from pipeline.kinds import BrokenKind, Kind
from pipeline.layout import apply, profile_for
from pipeline.messages import chosen, language, shown, tr
from pipeline.model import Severity
from pipeline.papers import codes
from pipeline.steps import secrecy
from pipeline.tools.private_folder import private_folder
from pipeline.tools.soffice import Office
from pipeline.vietnamese.filters import FILTERS
from pipeline.workspace import Workspace

#: Made of a kind and the facts of the year: drawn anew at any time.
_DRAWN: Final = "kind-pages"
_VALUE: Final = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class Asked:
    """One field of a kind's form: how deep it stands, what it is called, what may be written, whether it must be."""

    depth: int
    label: str
    sort: str
    is_required: bool
    help: str
    example: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Ruled:
    """One rule: its number, how much it weighs, what is said where it is broken, and how that is mended."""

    id: str
    severity: Severity
    message: str
    mend: str


@dataclass(frozen=True)
class Tried:
    """What another template would do: what is wrong with it, and what would be different of this year's documents."""

    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()
    documents: tuple[Replayed, ...] = ()
    signed: int = 0

    @property
    def changed(self) -> list[Replayed]:
        """The documents that would be different."""
        return [one for one in self.documents if one.is_changed]


def fields_of(kind: Kind) -> Iterator[Asked]:
    """The fields of a kind in the order of its form."""
    for one in kind.fields:
        if not one.label:
            continue
        sort = tr("rows of") if one.is_table else "" if one.is_group else _sorts().get(one.value_type, one.value_type)
        names = tuple(names[0] for names in (one.item or one).choices.values())
        example = (one.item or one).example or one.example
        depth = len([step for step in one.address if step != "*"]) - 1
        yield Asked(depth, one.label, sort, one.is_required, one.help, example, names)


def _sorts() -> dict[str, str]:
    return {
        "text": tr("text"),
        "lines": tr("lines of text"),
        "doc_ref": tr("a document with number and day"),
        "date": tr("day"),
        "date_fuzzy": tr("day, month or quarter"),
        "time": tr("time of day"),
        "year": tr("year"),
        "integer": tr("whole number"),
        "number": tr("number"),
        "percent": tr("of a hundred"),
        "money": tr("amount of money"),
        "phone": tr("telephone number"),
        "email": tr("e-mail address"),
        "person": tr("name of a person"),
        "unit_code": tr("unit"),
        "content_code": tr("content of the year"),
        "choice": tr("one of a list"),
        "flag": tr("yes or no"),
    }


def rules_of(kind: Kind) -> list[Ruled]:
    """The rules of a kind in the order they are written; what depends on the form stands as “…”."""
    return [
        Ruled(
            one.id,
            one.severity,
            _VALUE.sub("…", chosen(dict(one.message.texts), language())),
            _VALUE.sub("…", chosen(dict(one.mend.texts), language())) if one.mend else "",
        )
        for one in kind.rules.rules
    ]


def checked(workspace: Workspace, kind: Kind) -> KindCheck:
    """Check a kind as a whole, but for trying its documents in LibreOffice: that takes longer than people wait."""
    return check_kind(kind, workspace.year(workspace.practice.year), workspace.loaded().kinds)


def sample_of(workspace: Workspace, kind: Kind) -> bytes:
    """Make the Word document of a kind with every field filled in. Raises TemplateError, ValueRefused."""
    year = workspace.year(workspace.practice.year)
    profile = profile_for(day_of(year), kind.form_family) if kind.has_form else None
    template = filling.compile_template(apply(kind.template, profile) if profile else kind.template)
    pictures = {"vanthu-code": codes.picture(ANY_CODE)} if "vanthu-code" in template.pictures else {}
    values = sample_context(kind, year, workspace.loaded().kinds, FULL)
    return filling.fill(template, values, filters=FILTERS, pictures=pictures)


def drawn(workspace: Workspace, kind: Kind) -> Path | None:
    """Where the pages of a kind's sample lie as a PDF; None where nobody has drawn them since it, or a
    fact of the year, was changed."""
    path = _place(workspace, kind)
    return path if path.is_file() else None


def draw(workspace: Workspace, kind: Kind, office: Office) -> None:
    """Draw the pages of a kind's sample. Raises what LibreOffice and the template do."""
    content = office.convert(sample_of(workspace, kind))
    path = _place(workspace, kind)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for older in path.parent.glob(f"{kind.id}.*.pdf"):
        older.unlink(missing_ok=True)
    write_durably(path, content)


def _place(workspace: Workspace, kind: Kind) -> Path:
    # the sample names the office and its units: another year, or another name in it, is another sample
    made_of = f"{kind.digest} {workspace.year(workspace.practice.year).digest}"
    return workspace.folders.var / _DRAWN / f"{kind.id}.{sha256_of(made_of.encode())[:32]}.pdf"


def tried(workspace: Workspace, kind: Kind, name: str, template: bytes) -> Tried:
    """Say what another template would change of this year's documents; nothing is put in place and nothing recorded.

    Raises NotAllowedNow for what is no Word file, or bears a mark of secrecy.
    """
    with private_folder(workspace.folders.var / "tried-templates") as folder:
        upload = folder / "upload.docx"
        upload.write_bytes(template)
        _refuse_unfit(workspace, upload, name)
        templates = folder / "templates"
        shutil.copytree(workspace.folders.templates, templates, ignore=shutil.ignore_patterns("examples", ".*"))
        (templates / kind.id / "template.docx").write_bytes(template)
        try:
            trial = replaying.trial(workspace, templates)
        except BrokenKind as broken:
            return Tried((str(broken),))
        check = check_kind(trial.loaded.kinds[kind.id], workspace.year(workspace.practice.year), trial.loaded.kinds)
        if check.problems:
            return Tried(check.problems, check.notes)
        documents = tuple(replaying.replay(workspace, trial))
    return Tried((), check.notes, documents, replaying.signed_count(workspace))


def _refuse_unfit(workspace: Workspace, path: Path, name: str) -> None:
    """Look at the door, in the guarded child, before anything here opens the file. Raises NotAllowedNow."""
    looked = reading.look_guarded(workspace.guard, path, name)
    if looked.mark is reading.Mark.MARKED:
        raise NotAllowedNow(tr("The file seems to bear a mark of secrecy. Nothing of it was kept."))
    door = reading.probe_guarded(workspace.guard, path, name)
    refused = next((one for one in door.findings if one.severity is Severity.BLOCK), None)
    if refused is not None:
        raise NotAllowedNow(shown(refused.message))
    if door.format != "docx":
        raise NotAllowedNow(tr("A template is a Word file (.docx)."))
    # “could not look” is never “no”
    if looked.mark is reading.Mark.UNSEEN:
        raise NotAllowedNow(shown(secrecy.trouble_of(looked.why)))
