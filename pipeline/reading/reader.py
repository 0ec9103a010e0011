"""Reading one submitted file from its bytes to a `Reading`: door, secrecy gate, kind, fields, values.

Runs in a guarded child (`pipeline.reading.read_guarded`). The gate comes before anything of the content is looked at
for meaning: of a marked file nothing is given back but the finding.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from pipeline.files.refusals import Unfit, refusal
from pipeline.messages import say
from pipeline.model import WHOLE, Address, Finding, JsonObject, Place, Reading, Severity
from pipeline.reading import census, kinds
from pipeline.reading.building import Built, build, other_year, year_in
from pipeline.reading.characters import without_forbidden
from pipeline.reading.contents import pass_door, raw_form
from pipeline.reading.context import KindForm, ReadingContext
from pipeline.reading.dropped import in_inbox
from pipeline.reading.fonts import gathered
from pipeline.reading.formats import format_of
from pipeline.reading.found import Found
from pipeline.reading.labels import without_leaders
from pipeline.reading.mapping import find_fields
from pipeline.reading.names import unit_named
from pipeline.reading.old_formats import NEW_FORMATS
from pipeline.reading.raw import Cell, RawForm
from pipeline.reading.repairs import repaired
from pipeline.reading.values import is_empty
from pipeline.vietnamese.secrecy import has_mark, is_marked_name

#: Fields that say whose form it is and of which year; every kind that asks for them calls them so.
_UNIT: Final = Address.of("/unit_code")
_YEAR: Final = Address.of("/emulation_year")
_HEAD_NAMES: Final = 8  # lines of the letterhead


def read(path: str, name: str, context: ReadingContext) -> Reading:
    """Read the file at `path`, dropped under `name`. Everything wrong is in the findings."""
    content = Path(path).read_bytes()
    try:
        raw = raw_form(content, name)
    except Unfit as unfit:
        return Reading(_format_or_none(content, name), findings=(unfit.finding,))
    # before anything is understood: what follows may be put into findings, and from there into notes
    if is_marked_name(name) or has_mark(raw.lines):
        # noi-dung I10: nothing of its content is kept or told
        return Reading(raw.format, findings=(marked(),))
    return understand(raw, name, context)


def probe(path: str, name: str) -> Reading:
    """Only the door: the format, and why the file would be refused. For papers that are not read as forms."""
    content = Path(path).read_bytes()
    try:
        return Reading(pass_door(content, name))
    except Unfit as unfit:
        return Reading(_format_or_none(content, name), findings=(unfit.finding,))


def old_format(path_hex: str, name: str) -> str:
    """The old format of a file still lying in the inbox, "" when it is none or is refused at the door."""
    try:
        found = format_of(in_inbox(path_hex), name)
    except (Unfit, OSError):
        return ""
    return found if found in NEW_FORMATS else ""


def understand(raw: RawForm, name: str, context: ReadingContext) -> Reading:
    """Find the kind, its fields and their values in what a file holds."""
    # what could not be read for a reason that is told is neither judged nor called missing
    if raw.is_unread:
        return Reading(raw.format, findings=raw.findings)
    # before the kind is asked: a garbled title names none
    raw, composed = repaired(raw)
    raw, forbidden = without_forbidden(raw)
    form = kinds.kind_of(raw, name, context)
    if form is None:
        # a file that goes back for another reason need not be asked what it is
        is_refused = any(finding.severity is Severity.BLOCK for finding in raw.findings)
        why = () if is_refused else (kinds.unknown(context, kinds.says(raw), kinds.by_name(name, context)),)
        return Reading(raw.format, findings=(*raw.findings, *composed, *forbidden, *why))
    found, unknown = find_fields(raw, form)
    built = build(found, context)
    values = built.value if isinstance(built.value, dict) else {}
    unit, said_unit = _unit(raw, form, found.cells.get(_UNIT), context)
    if unit:
        values.setdefault("unit_code", unit)
    if not raw.tree and not found.holds_anything:
        # one cause, one finding: nothing of it is called missing field by field
        values |= {"emulation_year": year} if (year := _title_year(raw, form)) else {}
        beside = (*composed, *forbidden, *map(_beside_the_form, raw.seen_unread))
        findings = [census.nothing_found(raw, form), *raw.findings, *unknown, *beside]
        return Reading(raw.format, form.kind, unit, said_unit, values, findings=_for_flow(findings))
    findings = [
        *raw.findings,
        *composed,
        *unknown,
        *built.findings,
        *_other_units(found, unit, context),
        *_year(raw, form, built, values),
        *_pasted(raw, form, values),
    ]
    told = {(finding.code, replace(finding.place, pointer=WHOLE, label="", field="")) for finding in findings}
    # a label in a hidden column is known for what it is: nobody is asked about it
    unread = (one for one in raw.seen_unread if not (one.found and found.is_label(one.found)))
    beside = (*forbidden, *map(_beside_the_form, unread))
    findings += [one for one in beside if (one.code, replace(one.place, pointer=WHOLE)) not in told]
    if raw.tree:  # where programs write, a full stop is the decimal sign
        findings = [finding for finding in findings if finding.code != "number.decimal-point"]
    findings += census.unused(raw, found, context)
    ours = raw.marker if "/" in raw.marker and not raw.tree else ""
    return Reading(raw.format, form.kind, unit, said_unit, values, built.places, _for_flow(findings), ours)


def _other_units(found: Found, unit: str, context: ReadingContext) -> Iterator[Finding]:
    """Two forms put into one file: their tables were read as one, and whose they are nobody can tell."""
    for node, cell in found.again:
        other = unit_named(without_leaders(cell.text), context) if node.address == _UNIT else None
        if unit and other and other != unit:
            yield refusal(
                "form.two-units",
                say("The file names a second unit: “{unit}”. Only one form can be read from a file.", unit=cell.text),
                say("Drop the form of each unit as a file of its own."),
                place=replace(cell.place, pointer=_UNIT, label=node.label),
            )
            return


def _beside_the_form(unread: Finding) -> Finding:
    """What was not read where no field stands: the paper does not need it, but people are told."""
    return replace(unread, severity=Severity.WARN)


def _for_flow(findings: list[Finding]) -> tuple[Finding, ...]:
    """Each finding once. The unit of the whole form is judged by the flow, which also knows the folder."""
    own = [f for f in findings if (f.code, f.place.pointer) != ("F18", _UNIT)]
    return tuple(dict.fromkeys(gathered(own)))


def _year(raw: RawForm, form: KindForm, built: Built, values: JsonObject) -> list[Finding]:
    """The year of the title stands in for a missing one and must not differ from the form's (F05)."""
    title_year = _title_year(raw, form)
    if title_year is None:
        return []
    form_year = values.setdefault("emulation_year", title_year)
    if form_year == title_year or not isinstance(form_year, int):
        return []
    return [other_year(title_year, form_year, built.places.get(_YEAR, Place()))]


def _title_year(raw: RawForm, form: KindForm) -> int | None:
    if form.root.child("emulation_year") is None:
        return None
    return next(filter(None, map(year_in, kinds.title_lines(raw, form))), None)


def _pasted(raw: RawForm, form: KindForm, values: JsonObject) -> list[Finding]:
    """Pictures, and not one row of any of the form's tables: these were pasted as pictures (noi-dung §8.2)."""
    tables = [node for node in form.root.children if node.is_table]
    if not raw.pictures or not tables or any(node.name in values for node in tables):
        return []
    message = say(
        "The table “{label}” is not there, but there are pictures: what stands in a picture is not read.",
        label=tables[0].label,
    )
    mend = say("Fill in the form that the cluster sent out; type the values into its tables, do not paste pictures.")
    return [refusal("form.picture", message, mend, place=Place(tables[0].address, label=tables[0].label))]


def marked() -> Finding:
    """I10: a mark of secrecy. No word of the file is repeated, not even its title."""
    return Finding(
        "secrecy.mark",
        Severity.BLOCK,
        say("The file seems to bear a mark of secrecy. It was not read, and must not be on this machine."),
        mend=say(
            "Remove the file from the shared folder at once, tell the person in charge of state secrets, and hand "
            "the document over on paper by the rules for it. If the mark is not one, ask the clerk of the cluster."
        ),
    )


def _format_or_none(content: bytes, name: str) -> str:
    try:
        return format_of(content, name)
    except Unfit:
        return ""


def _unit(raw: RawForm, form: KindForm, cell: Cell | None, context: ReadingContext) -> tuple[str, str]:
    """The unit's code and the text that named it: its field, or the letterhead."""
    if form.root.child("unit_code") is None:
        return "", ""
    if cell is not None and not is_empty(cell):
        said = without_leaders(cell.text)
        return unit_named(said, context) or "", " ".join(said.split())
    for line in list(kinds.head_lines(raw))[:_HEAD_NAMES]:
        code = unit_named(line, context)
        if code:
            return code, line
    return "", ""
