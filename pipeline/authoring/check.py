"""The check of a kind as a whole: form, rules and template are tried together before any unit sees them.

Loading has checked rules against fields. Here the template is compiled, every name it reads is looked up in a
document composed from a sample form, and the document is made twice: once with every field filled in, once with
nothing but the required ones, so that an optional field printed without a fallback is found now.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline import filling, kinds, years
from pipeline.errors import VanthuError
from pipeline.filling import TemplateError, ValueRefused
from pipeline.filling.composition import COMPOSED, Ingredients, compose
from pipeline.kinds import Kind
from pipeline.layout import Profile, apply, profile_for
from pipeline.layout.check import Facts, check, in_one_line, without_form_text
from pipeline.messages import located, tr
from pipeline.model import Job, Json, JsonObject, Severity, State
from pipeline.papers import codes
from pipeline.vietnamese.filters import FILTERS
from pipeline.years import Year

#: What a field of each x-type is tried with; the form's own example is for people and may be spelled loosely.
SAMPLES: dict[str, Json] = {
    "date_fuzzy": {"from": "2022-06-01", "to": "2022-06-10", "text": "đầu tháng 6"},
    "time": "08:30",
    "number": 90.5,
    "percent": 100,
    "money": 15_000_000,
    "integer": 11,
    "phone": "0912345678",
    "email": "van.thu@example.vn",
    "flag": True,
    "person": "Nguyễn Thị Thử",
}
ANY_CODE = codes.new_code("proving")  # a valid one, because the QR picture is drawn too


@dataclass(frozen=True)
class KindCheck:
    """What was found about one kind: with `problems` it cannot be used, `notes` should be looked at."""

    kind: str
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def check_all(templates: Path, year_file: Path, names: Iterable[str] = ()) -> list[KindCheck]:
    """Check the kinds under `templates` (those of `names`, if any are named) with the facts of a year."""
    year = years.load(year_file)
    # all of them, whichever are named: a kind may gather another, and the two must fit
    loaded = kinds.load_all(templates)
    wanted = set(names) or {*loaded.kinds, *(trouble.kind for trouble in loaded.broken)}
    checks = [KindCheck(trouble.kind, (str(trouble),)) for trouble in loaded.broken if trouble.kind in wanted]
    checks += [check_kind(kind, year, loaded.kinds) for kind in loaded.kinds.values() if kind.id in wanted]
    known = {one.kind for one in checks}
    checks += [KindCheck(name, (tr("There is no such kind."),)) for name in sorted(wanted - known)]
    return sorted(checks, key=lambda one: one.kind)


def check_kind(kind: Kind, year: Year, others: Mapping[str, Kind] | None = None) -> KindCheck:
    """Check one kind with the facts of a year."""
    try:
        full = sample_context(kind, year, others or {}, is_full=True)
        template = filling.compile_template(apply(kind.template, profile_for(_day(year), kind.form_family)))
    except TemplateError as trouble:
        return KindCheck(kind.id, tuple(map(located, trouble.problems)))
    except VanthuError as trouble:
        return KindCheck(kind.id, (str(trouble),))
    read = filling.inventory(template).paths
    unknown = tuple(
        tr("The template reads {path}, which neither the form nor the year nor the program supplies.", path=path)
        for path in read
        if not _resolves(full, path)
    )
    if unknown:
        return KindCheck(kind.id, unknown)
    tried = (
        (tr("with every field filled in"), full),
        (tr("with only the required fields"), sample_context(kind, year, others or {}, is_full=False)),
    )
    problems: list[str] = []
    notes: list[str] = []
    for how, values in tried:
        found, worth_a_look = _findings_of(kind, template, values, profile_for(_day(year), kind.form_family))
        problems += [f"{how}: {line}" for line in found]
        notes += [f"{how}: {line}" for line in worth_a_look]
    return KindCheck(kind.id, tuple(problems), (*notes, *_unused(kind, read)))


def _findings_of(
    kind: Kind, template: filling.CompiledTemplate, values: JsonObject, profile: Profile
) -> tuple[list[str], list[str]]:
    """Make a document and check it against the official form: what is wrong, and what should be looked at."""
    try:
        content = filling.fill(template, values, filters=FILTERS, pictures={"vanthu-code": codes.picture(ANY_CODE)})
    except (TemplateError, ValueRefused) as trouble:
        return [str(trouble)], []
    facts = Facts(prints_number=kind.number_printed)
    found = without_form_text(check(content, profile=profile, facts=facts), values["doc"])
    blocks = [in_one_line(each) for each in found if each.severity is Severity.BLOCK]
    return blocks, [in_one_line(each) for each in found if each.severity is not Severity.BLOCK]


def _unused(kind: Kind, read: tuple[str, ...]) -> Iterable[str]:
    """Name the form's own fields that are neither printed, nor used for a document's head, nor judged by a rule."""
    used = {path.split(".")[1].removesuffix("[]") for path in read if path.startswith("doc.")} | COMPOSED
    used |= {str(place[0]) for place in kind.rules.places if place}
    used |= {str(address[0]) for address in (kind.date_field, kind.variant, kind.signing.witness) if address}
    for field in kind.fields.root.children:
        if field.name not in used:
            yield tr("The field {name} ({label}) is asked for and never used.", name=field.name, label=field.label)


def _day(year: Year) -> dt.date:
    # not today: the check must give the same answer whenever it is run; and on a milestone somebody signs (R03)
    return min(milestone.due for milestone in year.milestones)


def sample_context(
    kind: Kind, year: Year, others: Mapping[str, Kind], *, is_full: bool, profile: Profile | None = None
) -> JsonObject:
    """Compose the values of a sample document of a kind, in the official form in force unless one is given."""
    day = _day(year)
    doc = kind.completed(sample_values(kind, year, day, is_full=is_full), year.as_values(day))
    job = Job(
        id=1,
        state=State.ACCEPTED,
        sequence=0,
        kind=kind.id,
        unit=year.units[-1].code if kind.submitted_by == "unit" else "",
        year=year.year,
        variant=kind.variant_of(doc),
        revision=1,
        code=ANY_CODE,
        name="",
        folder="",
        submission_sha256="",
        bundle_sha256="",
        received_at=dt.datetime.now(dt.UTC),
        changed_at=dt.datetime.now(dt.UTC),
    )
    gathered: JsonObject = {}
    for gather in kind.gathers:
        other = others.get(gather.kind)
        values = other.fields.laid_out(sample_values(other, year, day, is_full=is_full)) if other else {}
        members = year.members_as_values(day).values()
        gathered[gather.kind.replace("-", "_")] = [values | {"unit": unit} for unit in members]
    return compose(
        Ingredients(
            job=job,
            kind=kind,
            year=year,
            day=day,
            doc=doc,
            gathered=gathered,
            profile=profile or profile_for(day, kind.form_family),
            signature_style="kiem",
        )
    )


def sample_values(kind: Kind, year: Year, day: dt.date, *, is_full: bool) -> JsonObject:
    """Make the values of a form from its fields: all of them, or the required ones only."""
    return _group(kind.fields.schema, year, day, is_full=is_full)


def _group(schema: JsonObject, year: Year, day: dt.date, *, is_full: bool) -> JsonObject:
    required, properties = schema.get("required"), schema.get("properties")
    names = required if isinstance(required, list) else []
    return {
        key: _value(key, child, year, day, is_full=is_full)
        for key, child in (properties.items() if isinstance(properties, dict) else ())
        if is_full or key in names
    }


def _value(name: str, schema: Json, year: Year, day: dt.date, *, is_full: bool) -> Json:
    node = schema if isinstance(schema, dict) else {}
    match node.get("type"):
        case "object" if "properties" in node:
            return _group(node, year, day, is_full=is_full)
        case "array":
            least = node.get("minItems", 1)
            # one item even where none is needed: the body of the template's loop must be seen
            count = max(1, least if isinstance(least, int) else 1)
            return [_value(name, node["items"], year, day, is_full=is_full) for _ in range(count)]
        case _:
            return _single(node, year, day)


def _single(node: JsonObject, year: Year, day: dt.date) -> Json:
    choices = node.get("enum")
    if isinstance(choices, list):
        return choices[0]
    match node.get("x-type"):
        case "date":
            return day.isoformat()
        case "year":
            return year.year
        case "unit_code":
            return year.units[0].code
        case "content_code":
            return year.contents[0].code
        case str(x_type) if x_type in SAMPLES:
            return SAMPLES[x_type]
        case _:
            example = node.get("x-example")
            return str(example) if example else "Nội dung thử"


def _resolves(values: Json, path: str) -> bool:
    """Tell whether "doc.targets[].due" is there; an empty list tells nothing about its items: then it is assumed."""
    here: list[Json] = [values]
    for part in path.replace("[]", ".[]").split("."):
        if part == "[]":
            here = [item for value in here if isinstance(value, list) for item in value]
            if not here:
                return True
        else:
            here = [value[part] for value in here if isinstance(value, dict) and part in value]
        if not here:
            return False
    return True
