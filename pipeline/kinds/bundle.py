"""A kind's folder: read, checked as a whole, packed into one file and unpacked again.

A job keeps the packed folder it began with, so that an edited template never changes work under way. The package is
a zip archive without compression and without times: the same folder gives the same bytes on any machine.
"""

import functools
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipeline.errors import KindError
from pipeline.kinds import fields
from pipeline.kinds.kind import PERMANENT, DigitalSigning, Gather, Kind, Reminding, Signing, Subject
from pipeline.kinds.references import NUMBERED_AT, SIGNING_GROUPS, Table, reference_problems, sentences_of
from pipeline.kinds.wording import OF_NO_OFFICE, worded
from pipeline.messages import ENGLISH, VIETNAMESE, say, tr
from pipeline.model import (
    Address,
    Finding,
    FormTree,
    Message,
    Place,
    Severity,
    TextTemplate,
)
from pipeline.ooxml import template_type
from pipeline.rules import RuleBook, RulesRefused, Shape, compile_rules, shapes_of
from pipeline.strict_yaml import declared
from pipeline.strict_yaml.declared import Declared

#: The files of a bundle; examples/ is for people and tests.
KIND_FILE: Final = "kind.yaml"
FIELDS_FILE: Final = "fields.yaml"
RULES_FILE: Final = "rules.yaml"
TEMPLATE_FILE: Final = "template.docx"
FILES: Final = (FIELDS_FILE, KIND_FILE, RULES_FILE, TEMPLATE_FILE)

_SCHEMA: Final = Path(__file__).with_name("kind.schema.yaml")
_LIMIT_BYTES: Final = 20 * 1024 * 1024


class BrokenKind(KindError):  # noqa: N818 - names a state of the world
    """A kind's folder cannot be used; `problems` are all that is wrong with it, each with file and line."""

    def __init__(self, kind: str, problems: Iterable[Finding]) -> None:
        self.kind = kind
        self.problems = tuple(problems)
        super().__init__(declared.listed(self.problems))


@dataclass(frozen=True)
class Loaded:
    """All kinds of a templates folder: those that can be used, by id, and the trouble with the others."""

    kinds: Mapping[str, Kind]
    broken: tuple[BrokenKind, ...] = ()


def load_all(folder: Path, words: Mapping[str, str] = OF_NO_OFFICE) -> Loaded:
    """Every kind under `folder`, in the words of an office; a broken one holds only itself.

    A name that begins with "_" or "." is no kind.
    """
    loaded: dict[str, Kind] = {}
    broken: list[BrokenKind] = []
    forms = _forms_under(folder, words)
    for inner in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not inner.is_dir() or inner.name.startswith(("_", ".")):
            continue
        try:
            loaded[inner.name] = _loaded(inner, forms, words)
        except BrokenKind as error:
            broken.append(error)
    # a kind that is there and broken is told by itself
    names = loaded.keys() | {error.kind for error in broken}
    for kind in tuple(loaded.values()):
        if problems := tuple(_gather_problems(kind, names, folder)):
            broken.append(BrokenKind(kind.id, problems))
            del loaded[kind.id]
    return Loaded(loaded, tuple(sorted(broken, key=lambda error: error.kind)))


def load(folder: Path, words: Mapping[str, str] = OF_NO_OFFICE) -> Kind:
    """The kind in `folder`, checked also against the forms beside it. Raises BrokenKind with every problem."""
    return _loaded(folder, _forms_under(folder.parent, words), words)


#: Of every kind of a templates folder its name, how its fields.yaml is named in problems, and what is in it.
_Forms = tuple[tuple[str, str, bytes], ...]


def _forms_under(templates: Path, words: Mapping[str, str]) -> _Forms:
    return tuple(
        (path.parent.name, f"{templates.name}/{path.parent.name}/{FIELDS_FILE}", worded(_read(path), words))
        for path in sorted(templates.glob(f"[!._]*/{FIELDS_FILE}"))
    )


def _read(path: Path) -> bytes:
    """The form of a kind; nothing, which is no form, where it cannot be read: its own kind says so, once."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _loaded(folder: Path, forms: _Forms, words: Mapping[str, str]) -> Kind:
    contents = _contents(folder, words)
    files = tuple(contents[name] for name in FILES)
    return _understood(folder.name, files, f"{folder.parent.name}/{folder.name}", forms)


@functools.lru_cache(maxsize=64)
def _understood(name: str, files: tuple[bytes, ...], shown: str, forms: _Forms) -> Kind:
    """A kind is made of nothing but these bytes: while one is edited, the others need not be compiled again."""
    return _kind(name, dict(zip(FILES, files, strict=True)), shown, _others(forms))


def pack(folder: Path, words: Mapping[str, str] = OF_NO_OFFICE) -> bytes:
    """The files of a kind's folder, in an office's words, as one zip archive: the same bytes each time.

    Raises BrokenKind.
    """
    return _packed(_contents(folder, words))


def unpack(package: bytes) -> Kind:
    """The kind in a package made by `pack`. Raises BrokenKind."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            # whatever else an archive holds is not unpacked
            contents = {name: archive.read(name) for name in archive.namelist() if name in FILES}
    except (zipfile.BadZipFile, OSError) as error:
        raise KindError(tr("The kept copy of a kind's folder is damaged: {reason}", reason=str(error))) from error
    id_ = declared.parse(contents.get(KIND_FILE, b""), KIND_FILE).table.get("id", "")
    return _kind(str(id_), contents, f"({id_})", is_kept=True)


def _contents(folder: Path, words: Mapping[str, str]) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    problems: list[Finding] = []
    for name in FILES:
        path = folder / name
        shown = f"{folder.parent.name}/{folder.name}/{name}"
        try:
            if path.stat().st_size > _LIMIT_BYTES:
                problems.append(_whole(shown, "kind.size", say("The file is larger than 20 MB.")))
            read = path.read_bytes()
            contents[name] = read if name == TEMPLATE_FILE else worded(read, words)
        except FileNotFoundError:
            problems.append(_whole(shown, "kind.file", _missing(path)))
        except OSError as error:
            said = say("The file cannot be read: {reason}", reason=error.strerror or "")
            problems.append(_whole(shown, "kind.file", said))
    if problems:
        raise BrokenKind(folder.name, problems)
    return contents


def _missing(path: Path) -> Message:
    """That a file is not there; of a template also what lies there under another ending."""
    others = [path.with_suffix(ending) for ending in (".dotx", ".dotm", ".docm", ".dot", ".doc")]
    there = next((other for other in others if path.name == TEMPLATE_FILE and other.is_file()), None)
    if there is None:
        return say("The file is missing; every kind has one.")
    return say(
        "The file is missing, but there is {name}: open that in Word and save it with File, Save As, as a Word "
        "Document (.docx) of this name.",
        name=there.name,
    )


def _template_problems(template: bytes, shown: str) -> Iterator[Finding]:
    """Tell a template that was saved as Word's own kind of template and only named .docx."""
    kind = template_type(template)
    if kind:
        said = say(
            "The file is a Word template (.{extension}) that was only renamed: open it in Word and save it with "
            "File, Save As, as a Word Document (.docx), without macros.",
            extension=kind,
        )
        yield _whole(f"{shown}/{TEMPLATE_FILE}", "kind.template-type", said)


def _whole(file: str, code: str, said: Message) -> Finding:
    """A problem of a file as a whole."""
    return Finding(code, Severity.BLOCK, said, Place(file=file))


def _packed(contents: Mapping[str, bytes]) -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as archive:
        for name in FILES:
            # a `ZipInfo` of its own has the day 1980-01-01 always; `writestr` with a name takes the time of writing
            archive.writestr(zipfile.ZipInfo(name), contents[name])
    return package.getvalue()


def _kind(
    name: str,
    contents: Mapping[str, bytes],
    shown: str,
    others: Mapping[str, Shape] | None = None,
    *,
    is_kept: bool = False,
) -> Kind:
    """The kind in the files `contents`, named `shown` in problems; `others` are the forms its rules may look at.

    A kept copy (`is_kept`) may hold what was retired since: it never did anything, and its job must not stop for it.
    """
    missing = [file for file in FILES if file not in contents]
    if missing:
        said = say("The file is missing; every kind has one.")
        raise BrokenKind(name, (_whole(f"{shown}/{file}", "kind.file", said) for file in missing))
    source = declared.parse(contents[KIND_FILE], f"{shown}/{KIND_FILE}")
    if is_kept:
        source = _without_retired(source)
    if not source.problems:
        source = replace(source, problems=tuple(declared.check(source, _SCHEMA)))
    tree, field_problems = _form(contents[FIELDS_FILE], f"{shown}/{FIELDS_FILE}")
    problems = [*source.problems, *field_problems]
    if not source.problems and source.table["id"] != name:
        said = say("The id here is {id}, but the folder is named {name}.", id=str(source.table["id"]), name=name)
        problems.append(source.problem("kind.id", "/id", said))
    if not problems:
        # pointers are followed only where both the form and the table are sound
        problems += reference_problems(source, tree)
    problems += _template_problems(contents[TEMPLATE_FILE], shown)
    book = RuleBook()
    if not field_problems:
        book, rule_problems = _rules(contents[RULES_FILE], tree, f"{shown}/{RULES_FILE}", others)
        problems += rule_problems
    if problems:
        raise BrokenKind(name, problems)
    return _made(source.table, tree, book, contents)


def _without_retired(source: Declared) -> Declared:
    """kind.yaml of a kept copy without values of `number_at` that never did anything."""
    table = dict(source.table)
    if table.get("number_at", "filing") in NUMBERED_AT:
        return source
    del table["number_at"]
    return replace(source, value=table)


def _rules(
    content: bytes, tree: FormTree, file: str, others: Mapping[str, Shape] | None
) -> tuple[RuleBook, tuple[Finding, ...]]:
    source = declared.parse(content, file)
    if source.problems:
        return RuleBook(), source.problems
    try:
        return compile_rules(source.value, tree, file, lines=source.line, others=others), ()
    except RulesRefused as error:
        return RuleBook(), error.problems


@functools.lru_cache(maxsize=4)
def _others(forms: _Forms) -> dict[str, Shape] | None:
    """The forms that a rule may look at; None when one of them cannot be read."""
    trees: dict[str, FormTree] = {}
    for kind, shown, content in forms:
        tree, problems = _form(content, shown)
        if problems:
            return None
        trees[kind] = tree
    return shapes_of(trees)


@functools.lru_cache(maxsize=64)
def _form(content: bytes, file: str) -> tuple[FormTree, tuple[Finding, ...]]:
    """A form is read once, for its own kind and for the rules of all that look at it."""
    return fields.read(content, file)


def _made(table: Table, tree: FormTree, book: RuleBook, contents: Mapping[str, bytes]) -> Kind:
    retention = table["retention"]
    titles = _titles(table)
    return Kind(
        id=table["id"],
        title=Message.of_texts(titles),
        type_name=table.get("type_name", titles[VIETNAMESE]),
        abbreviation=table["abbreviation"],
        form_titles=tuple(table["form_titles"]),
        subject=_subject(table["subject"]),
        has_form=table.get("form") != "none",
        form_family=table.get("form_family", "party"),
        submitted_by=table["submitted_by"],
        gathers=tuple(Gather(one["kind"], one["each"]) for one in table.get("gathers", ())),
        register=table["register"],
        series=table["series"],
        issuer=table.get("issuer", ""),
        joint_with=tuple(table.get("joint_with", ())),
        number_at=table.get("number_at", "filing"),
        number_printed=table.get("number_printed", table["register"] == "outgoing"),
        date_field=Address.of(table["date_field"]),
        variant=Address.of(table.get("variant", "")),
        round=Address.of(table.get("round", "")),
        deadline=table.get("deadline", ""),
        reminding=_reminding(table.get("reminds")),
        signing=_signing(table["signing"]),
        digital_signing=_digital_signing(table),
        recipients=tuple(table["recipients"]),
        retention_years=PERMANENT if retention == "permanent" else retention,
        fields=tree,
        rules=book,
        template=contents[TEMPLATE_FILE],
        digest=hashlib.sha256(_packed(contents)).hexdigest(),
    )


def _titles(table: Table) -> dict[str, str]:
    """The title by language; a plain text is Vietnamese, its English was a key of its own before November 2026."""
    title = table["title"]
    if isinstance(title, str):
        english = table.get("title_en")
        return {VIETNAMESE: title, ENGLISH: english} if english else {VIETNAMESE: title}
    return dict(title)


def _reminding(value: Table | None) -> Reminding | None:
    return Reminding(dict(value["of"]), value.get("basis", "")) if value else None


def _signing(value: Table) -> Signing:
    groups = {name: Address.of(value[name]) for name in SIGNING_GROUPS if name in value}
    return Signing(value["block"], value.get("of", ""), **groups)


def _digital_signing(table: Table) -> DigitalSigning | None:
    said = table.get("signed_digitally")
    if said is not None:
        return DigitalSigning(
            tuple(said["by"]), tuple(said.get("organisations", ())), said.get("picture_suffices", False)
        )
    # one who signs alone, then the organisation, is what NĐ30 Điều 5 asks for; who of many does is the office's word
    return DigitalSigning() if table["signing"]["block"] == "head" else None


def _subject(value: str | Table) -> Subject:
    parsed = {code: TextTemplate.parse(sentence) for code, sentence in sentences_of(value).items()}
    return Subject(parsed, Address() if isinstance(value, str) else Address.of(value["by"]))


def _gather_problems(kind: Kind, names: Iterable[str], folder: Path) -> Iterator[Finding]:
    file = f"{folder.name}/{kind.id}/{KIND_FILE}"
    for gather in kind.gathers:
        if gather.kind not in names:
            yield _whole(file, "kind.gathers", say("It gathers {kind}, but there is no such kind.", kind=gather.kind))
    for one in kind.fields:
        if one.cites and one.cites not in names:
            said = say("{field} cites {kind}, but there is no such kind.", field=str(one.address), kind=one.cites)
            yield _whole(file, "kind.cites", said)
    reminding = kind.reminding
    for named in (*reminding.purposes, reminding.basis) if reminding else ():
        if named and named not in names:
            yield _whole(file, "kind.reminds", say("It reminds of {kind}, but there is no such kind.", kind=named))
