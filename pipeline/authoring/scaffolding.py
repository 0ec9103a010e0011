"""Scaffolding: a new document kind from a title, an abbreviation and a fields file; a clerk then edits its template.

What is made passes `vanthu kinds check` at once: its template is drawn on the common frame, every field of the form
is printed once, and the head, the signature and Nơi nhận are those of the official form.
"""

import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from pipeline import kinds, strict_yaml, vietnamese
from pipeline.authoring.mail_merge import imported
from pipeline.authoring.plain_form import PRINTED_ELSEWHERE, plain_fields, quoted
from pipeline.errors import OperatorError
from pipeline.layout import Profile
from pipeline.layout.template_builder import Column, TemplateBuilder
from pipeline.messages import tr
from pipeline.model import Json
from pipeline.strict_yaml import declared

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TEXT_MM: Final = 165.0  # A4 less the margins of 30 and 15 mm
_INDEX_MM: Final = 11.0  # the column “TT”
#: How a field of each x-type is printed; all others as text.
_SHOWN: Final = {
    "date": "{path} | date_short",
    "date_fuzzy": "{path}.text",
    "money": "{path} | money",
    "number": "{path} | number",
    "percent": "{path} | number",
    "unit_code": "year.unit[{path}].name",
    "content_code": "year.content[{path}].title",
    "choice": "choice.{name}[{path}]",
    "flag": "'Có' if {path} else 'Không'",
    "integer": "{path}",
    "year": "{path}",
    "time": "{path}",
}

#: The form of a kind for which none was given.
#: Types of which an office writes many a year, each about a matter of its own.
_MANY_A_YEAR: Final = frozenset(
    {"thong bao", "cong van", "quyet dinh", "giay moi", "to trinh", "thong tri", "chi thi", "thu moi", "bien ban"}
)
#: Names a template takes for methods of a dict (`doc.items`): Jinja looks for an attribute before a key.
_TAKEN: Final = frozenset(dir(dict))
#: A comment and an empty list: a file that is empty altogether would be refused.
_RULES: Final = "# What must hold between the values of this form (docs/rules.md explains the words).\n[]\n"


class CannotScaffold(OperatorError):  # noqa: N818 - names a state of the world
    """A new kind cannot be made of what was given."""


@dataclass(frozen=True)
class NewKind:
    """What a new kind is made of; `fields` is the text of a fields.yaml, "" for the plain form.

    `letter` is an office's own Word file that becomes the template (b"": it is drawn); its fields become the form's.
    """

    name: str
    title: str
    abbreviation: str
    profile: Profile
    submitted_by: Literal["unit", "cluster"] = "cluster"
    subject: str = "năm {year.year} của {year.cluster.name}"
    fields: str = ""
    letter: bytes = b""
    has_form: bool = True  #: False: no official form is asked of it (a đơn, a lý lịch, a phiếu)
    is_many: bool | None = None  #: whether an office writes many a year; None: as offices do with such a title

    @property
    def keeps_apart(self) -> bool:
        """Whether the documents of one year are told apart by a number, so that none takes the place of another."""
        if self.is_many is not None or self.submitted_by == "unit":
            return bool(self.is_many)
        return vietnamese.search_key(self.title) in _MANY_A_YEAR


def scaffold(wanted: NewKind, templates: Path) -> Path:
    """Make the folder of a new kind under `templates`. Raises CannotScaffold; nothing is left half made."""
    folder = templates / wanted.name
    if not _NAME.fullmatch(wanted.name):
        raise CannotScaffold(
            tr(
                "“{name}” is no name of a kind: small letters, digits and hyphens, such as ke-hoach.",
                name=wanted.name,
            )
        )
    if folder.exists():
        raise CannotScaffold(
            tr("{folder} is there already; an existing kind is never overwritten.", folder=str(folder))
        )
    _check_abbreviation(wanted)
    letter = imported(wanted.letter) if wanted.letter else None
    fields = wanted.fields or plain_fields(
        wanted.title,
        is_unit=wanted.submitted_by == "unit",
        is_of_many=wanted.keeps_apart,
        asked=letter.fields if letter else None,
    )
    schema = _schema_of(fields)
    drawn = b"" if letter else _drawn(schema, has_form=wanted.has_form).save(wanted.profile)
    files = {
        kinds.bundle.KIND_FILE: _kind_text(wanted, schema).encode(),
        kinds.bundle.FIELDS_FILE: fields.encode(),
        kinds.bundle.RULES_FILE: _RULES.encode(),
        kinds.bundle.TEMPLATE_FILE: letter.template if letter else drawn,
    }
    # folders whose names begin with a dot are not loaded as kinds: it is seen only when it is whole
    half = Path(tempfile.mkdtemp(prefix=".new-", dir=templates))
    try:
        for name, content in files.items():
            (half / name).write_bytes(content)
        half.chmod(0o755)
        half.rename(folder)
    except OSError:
        shutil.rmtree(half, ignore_errors=True)
        raise
    return folder


def _check_abbreviation(wanted: NewKind) -> None:
    right = _listed(wanted)
    if right and right != wanted.abbreviation:
        raise CannotScaffold(
            tr(
                "In {profile} “{title}” is abbreviated {right}, not {abbreviation}.",
                profile=wanted.profile.id,
                title=wanted.title,
                right=right,
                abbreviation=wanted.abbreviation,
            )
        )


def _listed(wanted: NewKind) -> str:
    """The abbreviation the official form gives the title, "" for what is no official type."""
    key = vietnamese.compare_key(wanted.title)
    types = wanted.profile.types.items()
    return next((code for name, code in types if vietnamese.compare_key(name) == key), "")


def _schema_of(fields: str) -> Mapping[str, Json]:
    parsed = strict_yaml.parse(fields.encode())
    if parsed.problems:
        raise CannotScaffold(declared.listed(parsed.problems))
    if not isinstance(parsed.values, dict) or not isinstance(parsed.values.get("properties"), dict):
        raise CannotScaffold(tr("The fields file has no “properties”: it names no field."))
    return parsed.values


def _properties(schema: Mapping[str, Json]) -> Mapping[str, Mapping[str, Json]]:
    found = schema.get("properties")
    named = found if isinstance(found, dict) else {}
    if unfit := sorted(named.keys() & _TAKEN):
        raise CannotScaffold(tr("A field cannot be called {name}; a template could not print it.", name=unfit[0]))
    return {name: node for name, node in named.items() if isinstance(node, dict)}


def _required(schema: Mapping[str, Json]) -> list[Json]:
    found = schema.get("required")
    return found if isinstance(found, list) else []


# --- kind.yaml ---------------------------------------------------------------------------------------------------


def _kind_text(wanted: NewKind, schema: Mapping[str, Json]) -> str:
    is_unit = wanted.submitted_by == "unit"
    fields = _properties(schema)
    dates = [
        name for name in _required(schema) if isinstance(name, str) and fields.get(name, {}).get("x-type") == "date"
    ]
    if not dates:
        raise CannotScaffold(tr("The form needs a required field of x-type date: the document's own date."))
    if is_unit and "leader" not in _required(schema):
        raise CannotScaffold(
            tr("A form of the units needs the required group “leader” (full_name, position): who signs it.")
        )
    date = "doc_date" if "doc_date" in dates else dates[0]
    # the official forms number only the types they list; units' own papers are numbered by the units
    is_numbered = bool(_listed(wanted)) and not is_unit and wanted.has_form
    lines = [
        f"# {wanted.title}; made by `vanthu kinds new`. docs/kinds.md explains the keys.",
        f"id: {wanted.name}",
        f"title: {{vi: {quoted(wanted.title)}}}    # other languages: en: …",
        f"abbreviation: {wanted.abbreviation}",
        f"form_titles: [{quoted(wanted.title.upper())}]",
        f"subject: {quoted(wanted.subject)}",
        *([] if wanted.has_form else ["form: none               # no official form is asked of it"]),
        f"form_family: {wanted.profile.family}",
        f"submitted_by: {wanted.submitted_by}",
        f"register: {'incoming' if is_unit else 'outgoing'}",
        f"series: {wanted.abbreviation}",
        *([] if is_unit or is_numbered else ["number_printed: false    # not a type of the official form"]),
        *(["round: /serial           # of many a year: which one"] if "serial" in fields else []),
        f"date_field: /{date}",
        f"signing: {{block: head, of: {'submitter' if is_unit else 'cum_truong'}}}",
        f"recipients: [{'head, unit_file' if is_unit else 'vptu, members, file'}]",
        "retention: 10            # years; to be confirmed by the office",
    ]
    return "\n".join(lines) + "\n"


# --- template ----------------------------------------------------------------------------------------------------


def _drawn(schema: Mapping[str, Json], *, has_form: bool) -> TemplateBuilder:
    """The template: every field of the form once, in the order of the form; without an official form, no head."""
    template = TemplateBuilder()
    if has_form:
        template.head()
        template.title()
        template.grounds()
    else:
        template.text("VTTenLoai", "{{ document.type_name }}")
    printed = {name: node for name, node in _properties(schema).items() if name not in PRINTED_ELSEWHERE}
    for name, node in printed.items():
        _draw(template, f"doc.{name}", name, node)
    if not has_form:
        template.text("VTHoTen", "{{ signers.main.name }}")
        return template
    template.text("VTThanCuoi", "{{ year.cluster.name }} đề nghị các đơn vị thực hiện{{ form.content_end }}")
    template.foot()
    return template


def _draw(template: TemplateBuilder, path: str, name: str, node: Mapping[str, Json]) -> None:
    label = _label(name, node)
    items = node.get("items")
    if node.get("type") == "array" and isinstance(items, dict):
        template.tag("{%p if " + path + " %}")
        if "properties" in items:
            template.text("VTDanBang", f"{label}:")
            template.table(f"row in {path}", _columns(items))
        else:
            template.text("VTThan", f"{label}:")
            template.each(f"item in {path}", ("VTThan", "- {{ " + _shown("item", name, items) + " }}."))
        template.tag("{%p endif %}")
    elif "properties" in node:
        template.tag("{%p if " + path + " %}")
        for inner, child in _properties(node).items():
            _draw(template, f"{path}.{inner}", inner, child)
        template.tag("{%p endif %}")
    else:
        # zero and “no” are values; an empty text is none
        given = f"{path} is not none" if node.get("type") in ("integer", "number", "boolean") else path
        template.when(given, ("VTThan", f"- {label}: " + "{{ " + _shown(path, name, node) + " }}."))


def _columns(items: Mapping[str, Json]) -> tuple[Column, ...]:
    """A column for each field of a table, all of one width."""
    fields = _properties(items)
    width = (_TEXT_MM - _INDEX_MM) / max(1, len(fields))
    return (
        Column("TT", _INDEX_MM, "{{ loop.index }}", "VTBangGiua"),
        *(Column(_label(name, node), width, _cell(f"row.{name}", name, node)) for name, node in fields.items()),
    )


def _label(name: str, node: Mapping[str, Json]) -> str:
    """What a field is called, as text of the template: braces in a label open no tag."""
    return re.sub(r"\{(?=[{%#_])", '{{ "{" }}', str(node.get("x-label", name)))


def _cell(path: str, name: str, node: Mapping[str, Json]) -> str:
    return "{% if " + path + " is not none %}{{ " + _shown(path, name, node) + " }}{% endif %}"


def _shown(path: str, name: str, node: Mapping[str, Json]) -> str:
    """A field as it is printed."""
    pattern = _SHOWN.get(str(node.get("x-type")), "{path} | trim(' .,;:')")
    return pattern.format(path=path, name=name)
