"""The check of a kind as a whole: form, rules and template are tried together before any unit sees them.

Loading has checked rules against fields. Here the template is compiled, every name it reads is looked up in a
document composed from a sample form, and documents are made of it: of forms of every size, so that an optional field
printed without a fallback is found now, and with every condition both ways. Each is held against the official form
(a kind with `form: none` against none) and the rules Word keeps, and given to LibreOffice where there is one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipeline import filling, kinds, years
from pipeline.authoring.lead_ins import announced_in_vain
from pipeline.authoring.samples import (
    ANY_CODE,
    EMPTY_LISTS,
    FULL,
    LONG_LISTS,
    LONG_TEXTS,
    REQUIRED,
    Size,
    day_of,
    sample_context,
)
from pipeline.errors import VanthuError
from pipeline.filling import TemplateError, ValueRefused
from pipeline.filling.composition import COMPOSED
from pipeline.kinds import Kind
from pipeline.layout import Profile, apply, profile_for
from pipeline.layout.check import Facts, in_one_line, own_faults
from pipeline.messages import located, say, shown, tr
from pipeline.model import EVERY, Address, Finding, Json, JsonObject, Place, Severity
from pipeline.papers import codes
from pipeline.tools.soffice import Office
from pipeline.vietnamese.filters import FILTERS
from pipeline.years import Year

#: The placeholder picture in whose place the document code is drawn.
_CODE_PICTURE: Final = "vanthu-code"


@dataclass(frozen=True)
class KindCheck:
    """What was found about one kind: with `problems` it cannot be used, `notes` should be looked at.

    `findings` are those of the problems that have a place in the template.
    """

    kind: str
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def check_all(
    templates: Path, year_file: Path, names: Iterable[str] = (), office: Office | None = None, form: str = "party"
) -> list[KindCheck]:
    """Check the kinds under `templates` (those of `names`, if any are named) with the facts of a year.

    `form` says whose papers the office writes: party, state. Without `office` no document is tried in LibreOffice.
    """
    year = years.load(year_file)
    # all of them, whichever are named: a kind may gather another, and the two must fit
    loaded = kinds.load_all(templates, year.words(form))
    wanted = set(names) or {*loaded.kinds, *(trouble.kind for trouble in loaded.broken)}
    checks = [KindCheck(trouble.kind, (str(trouble),)) for trouble in loaded.broken if trouble.kind in wanted]
    checks += [check_kind(kind, year, loaded.kinds, office) for kind in loaded.kinds.values() if kind.id in wanted]
    known = {one.kind for one in checks}
    checks += [KindCheck(name, (tr("There is no such kind."),)) for name in sorted(wanted - known)]
    return sorted(checks, key=lambda one: one.kind)


def check_kind(
    kind: Kind, year: Year, others: Mapping[str, Kind] | None = None, office: Office | None = None
) -> KindCheck:
    """Check one kind with the facts of a year; the documents tried are given to `office` when there is one."""
    profile = profile_for(day_of(year), kind.form_family) if kind.has_form else None
    try:
        full = sample_context(kind, year, others or {}, FULL)
        template = filling.compile_template(apply(kind.template, profile) if profile else kind.template)
    except TemplateError as trouble:
        return _in_template(kind, trouble.problems)
    except VanthuError as trouble:
        return KindCheck(kind.id, (str(trouble),))
    if faults := filling.template_faults(kind.template):
        return _in_template(kind, faults)
    uses = filling.inventory(template).uses
    if unknown := [use for use in uses if not _resolves(full, use.path)]:
        return _in_template(kind, (_unknown(use.path, place) for use in unknown for place in use.places))
    told: dict[str, _Told] = {}
    for how, size in _sizes():
        values = full if size is FULL else sample_context(kind, year, others or {}, size)
        # what is wrong in one is mostly wrong in all, a paragraph further on: said once
        for one in _tried(kind, template, values, profile, office):
            told.setdefault(one.what, replace(one, line=f"{how}: {one.line}"))
    how = tr("with conditions and lists tried each way")
    for one in _branches(template, None if any(one.is_problem for one in told.values()) else office):
        told.setdefault(one.what, replace(one, line=f"{how}: {one.line}"))
    problems = (
        *(one.line for one in told.values() if one.is_problem),
        *_unused(kind, tuple(use.path for use in uses)),
    )
    notes = tuple(one.line for one in told.values() if not one.is_problem)
    findings = tuple(one.finding for one in told.values() if one.finding is not None)
    return KindCheck(kind.id, problems, notes, findings)


def _in_template(kind: Kind, faults: Iterable[Finding]) -> KindCheck:
    found = tuple(faults)
    return KindCheck(kind.id, tuple(map(located, found)), findings=found)


def _unknown(path: str, place: Place) -> Finding:
    """A name that nobody supplies, at a tag that uses it."""
    return Finding(
        "template.name-unknown",
        Severity.BLOCK,
        say("The template reads {path}, which neither the form nor the year nor the program supplies.", path=path),
        place,
    )


@dataclass(frozen=True)
class _Told:
    """Something found about a document: what it is, wherever it stands, and the line that is shown.

    `finding` says where in the template it stands, when that is known.
    """

    what: str
    line: str
    is_problem: bool = True
    finding: Finding | None = None


def _sizes() -> Iterable[tuple[str, Size]]:
    return (
        (tr("with every field filled in"), FULL),
        (tr("with only the required fields"), REQUIRED),
        (tr("with empty lists"), EMPTY_LISTS),
        (tr("with long lists"), LONG_LISTS),
        (tr("with the longest texts"), LONG_TEXTS),
    )


def _tried(
    kind: Kind, template: filling.CompiledTemplate, values: JsonObject, profile: Profile | None, office: Office | None
) -> list[_Told]:
    """Make a document and check it."""
    pictures = {_CODE_PICTURE: codes.picture(ANY_CODE)}
    found: list[_Told] = []
    if _CODE_PICTURE not in template.pictures:
        # told, and the rest looked at all the same: a letter of an office's own begins without it
        said = tr(
            "The template has no place for the document code: put a small square picture into the header or footer, "
            "click it with the right button in Word, choose View Alt Text, and write {name} there; the QR picture of "
            "each document takes its place.",
            name=_CODE_PICTURE,
        )
        found, pictures = [_Told(said, said)], {}
    try:
        content = filling.fill(template, values, filters=FILTERS, pictures=pictures)
    except TemplateError as trouble:
        return [*found, *(_Told(shown(one.message), located(one), finding=one) for one in trouble.problems)]
    except ValueRefused as trouble:
        return [*found, _Told(str(trouble), str(trouble))]
    facts = Facts(prints_number=kind.number_printed)
    found += [
        # how often a fault comes is part of its message, how it is mended is not
        _Told(f"{each.code} {shown(each.mend or each.message)}", in_one_line(each), each.severity is Severity.BLOCK)
        for each in own_faults(content, profile, facts, values["doc"])
    ]
    found += [_Told(said, said, is_problem=False) for said in map(_in_vain, announced_in_vain(content))]
    # LibreOffice dies of some things the form forbids: who mends those mends that
    is_fit = not any(one.is_problem for one in found)
    return found + _not_opening(content, office if is_fit else None)


def _in_vain(line: str) -> str:
    return tr(
        "“{line}” is printed with nothing behind it, for its list is empty. Put both into one condition, "
        "{condition} … {end}.",
        line=line,
        condition="{%p if … %}",
        end="{%p endif %}",
    )


def _branches(template: filling.CompiledTemplate, office: Office | None) -> Iterable[_Told]:
    """Tell what keeps a document from opening when conditions go one way or the other."""
    try:
        for content in filling.outcomes(template):
            yield from _not_opening(content, office)
    except TemplateError as trouble:
        yield _Told(str(trouble), str(trouble))


def _not_opening(content: bytes, office: Office | None) -> list[_Told]:
    """Tell why Word, or LibreOffice, does not open a document."""
    try:
        filling.require_valid(content)
        if office is not None:
            office.convert(content)
    except TemplateError as trouble:
        # the places are of the document made, not of the template
        return [_Told(shown(one.message), located(one)) for one in trouble.problems]
    except VanthuError as trouble:
        return [_Told(str(trouble), str(trouble))]
    return []


def _unused(kind: Kind, read: Iterable[str]) -> Iterable[str]:
    """Name the fields and columns that are neither printed, nor used for a document's head, nor read by a rule.

    Nobody is to type what no paper says and nothing looks at.
    """
    printed = {_names(Address.of_dotted(path.replace("[]", ""))[1:]) for path in read if path.startswith("doc.")}
    judged = {_names(one.address) for rule in kind.rules.rules for one in (*rule.reads, *rule.guarded)}
    judged |= {_names(place) for place in kind.rules.places}
    told_apart = {_names(one) for one in (kind.date_field, kind.variant, kind.round)}
    # groups and lists that composition and the signature blocks use as a whole
    whole = COMPOSED | {str(one[0]) for one in _signing(kind) if one}
    for field in kind.fields:
        names = _names(field.address)
        is_asked = names and not field.children and names[0] not in whole
        if is_asked and names not in printed | judged | told_apart:
            yield tr(
                "The field {name} ({label}) is asked for and never used: print it, let a rule judge it, or do not "
                "ask for it.",
                name=".".join(names),
                label=field.label,
            )


def _signing(kind: Kind) -> tuple[Address, ...]:
    return (kind.signing.left, kind.signing.right, kind.signing.witness)


def _names(address: Iterable[object]) -> tuple[str, ...]:
    """The names on the way to a field, whatever rows lie between them."""
    return tuple(str(step) for step in address if step != EVERY)


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
