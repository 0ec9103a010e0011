"""Validation: everything wrong with a form, in one pass, each fault once and with its place.

Structure (JSON Schema), single values by their type, and the kind's own rules. A rule that would look at a value
which is missing or unusable is passed over there: that value is reported already. What the readers reported is
theirs; it only keeps the same cause from being told again.
"""

import datetime as dt
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.kinds import Kind
from pipeline.messages import say
from pipeline.model import EVERY, WHOLE, Address, Finding, FormTree, Json, JsonObject, Place, Reading, Severity, Step
from pipeline.rules import StructureCheck, Variables, structure_check
from pipeline.rules.reads import FRACTIONS
from pipeline.rules.structure import OF_ABSENCE, REQUIRED
from pipeline.rules.typed import typed_findings
from pipeline.strict_yaml import MOST_DEPTH
from pipeline.validation.copied import Known, copied
from pipeline.validation.signers import untold_authority
from pipeline.years import Year

_WEIGHT = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.INFO: 2}


def validate(  # noqa: PLR0913 - what a form is held against, each by its name
    reading: Reading,
    kind: Kind,
    year: Year,
    *,
    today: dt.date,
    gathered: JsonObject,
    accepted: JsonObject,
    register: Sequence[Json] = (),
    under_way: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """The findings of validation (the readers' own are in `reading`): blocking ones first, then in document order.

    `gathered` and `accepted` hold the values of other documents by kind id with underscores, `register` the numbers
    given so far (docs/rules.md), `under_way` the types ("KH") of documents that are accepted and not numbered yet;
    None where nobody knows which papers there are. Raises `pipeline.rules.RuleCrashed` when a rule itself is broken:
    our fault, not the form's.
    """
    if _is_deeper(reading.values, MOST_DEPTH):
        return (_too_deep(),)
    form = _form_of(kind.fields)
    values = form.tidied(reading.values)
    facts = year.as_values(kind.date_of(values))
    told = _told(reading)
    structure = [one for one in form.structure.findings(values) if not _is_told(one, told)]
    missing = {one.place.pointer for one in structure if one.code == REQUIRED}
    unusable = told | {one.place.pointer for one in structure if one.code != REQUIRED}
    typed = [one for one in typed_findings(kind.fields, values, facts) if one.place.pointer not in unusable]
    # a value that blocks by its type silences the rules that read it: one cause is told once
    unusable |= {one.place.pointer for one in typed if one.severity is Severity.BLOCK}
    judged = kind.rules.judge(
        Variables(values, facts, today.isoformat(), gathered, accepted, list(register)),
        frozenset(unusable),
        frozenset(missing),
    )
    # the sentence of the kind's own rule says better what is missing
    structure = [one for one in structure if not (one.code in OF_ABSENCE and one.place.pointer in judged.of_absence)]
    said = {_key(one) for one in reading.findings}
    by_rule = {_key(one) for one in judged.findings}
    places = _Places(reading.places, kind.fields)
    return form.ordered(
        replace(one, place=places.of(one.place.pointer))
        for one in (
            *structure,
            # where both say the same, the sentence of the kind's own rule goes out
            *(one for one in typed if _key(one) not in said | by_rule),
            *(one for one in judged.findings if _key(one) not in said),
            *_copied(values, reading, kind, year, Known(register, under_way), judged.findings),
            *untold_authority(values, kind, year),
        )
    )


def _copied(
    values: JsonObject, reading: Reading, kind: Kind, year: Year, known: Known, judged: Iterable[Finding]
) -> Iterator[Finding]:
    """What was copied and does not fit, but for numbers of which a rule speaks already."""
    told = {(one.place.pointer, one.found) for one in judged}
    found = copied(values, reading.places, kind, year, known)
    return (one for one in found if (one.place.pointer, one.found) not in told)


def _is_deeper(values: Json, most: int) -> bool:
    """Whether values lie in each other deeper than any reader lets pass: what follows here is recursive."""
    level: list[Json] = [values]
    for _ in range(most + 1):
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _too_deep() -> Finding:
    return Finding(
        "file.too-heavy",
        Severity.BLOCK,
        say("The nesting is deeper than {most} levels.", most=MOST_DEPTH),
        mend=say("Copy the content into an empty form and drop that file."),
    )


def _key(finding: Finding) -> tuple[str, Address]:
    """What tells that two stages say the same: the code and the field."""
    return finding.code, finding.place.pointer


def in_order(findings: Iterable[Finding], kind: Kind) -> tuple[Finding, ...]:
    """Findings of several stages together, each fault once: blocking ones first, then in the order of the form."""
    first: dict[Finding, Finding] = {}
    for finding in findings:
        first.setdefault(_cause(finding), finding)
    return _form_of(kind.fields).ordered(first.values())


def _cause(finding: Finding) -> Finding:
    """What tells two findings apart: of one cell that stands for several rows (two lines in one) it is one."""
    place = finding.place
    # two activities in one cell have two addresses, and a person mends one cell
    is_cell = place.cell or (place.table and place.row and place.column)
    return replace(finding, place=replace(place, pointer=WHOLE)) if is_cell else finding


@dataclass(frozen=True)
class _Form:
    """What is made ready once for each kind."""

    structure: StructureCheck
    fractions: tuple[Address, ...]
    order: Mapping[Address, int]

    def tidied(self, values: JsonObject) -> JsonObject:
        """The values without empty places, and with fractions as such, as CEL's arithmetic needs them."""
        tidy = _without_empty(values)
        made = tidy if isinstance(tidy, dict) else {}
        # the readers give 10 for 10,0, and CEL multiplies no whole number by a fraction
        for pattern in self.fractions:
            _make_fraction(made, pattern)
        return made

    def ordered(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Blocking findings first, then in the order of the document."""
        return tuple(sorted(findings, key=lambda one: (_WEIGHT[one.severity], self._position(one.place.pointer))))

    def _position(self, address: Address) -> tuple[int, ...]:
        return tuple(
            step if isinstance(step, int) else self.order.get(Address(address[: at + 1]).generic, len(self.order))
            for at, step in enumerate(address)
        )


# The facts of a year as values, by the day they are of: most forms of a batch are of few days.
_FORMS: OrderedDict[int, tuple[FormTree, _Form]] = OrderedDict()
_FORMS_KEPT = 64


def _form_of(fields: FormTree) -> _Form:
    known = _FORMS.get(id(fields))
    # the id may have been another object's before
    if known is None or known[0] is not fields:
        form = _Form(
            structure_check(fields),
            tuple(one.address for one in fields if one.x_type in FRACTIONS),
            {one.address: at for at, one in enumerate(fields)},
        )
        known = _FORMS[id(fields)] = (fields, form)
        if len(_FORMS) > _FORMS_KEPT:
            _FORMS.popitem(last=False)
    return known[1]


def _without_empty(value: Json) -> Json:
    """`value` without nulls, empty texts and empty lists or groups: what nobody filled in is not there."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict):
        kept: JsonObject = {}
        for name, one in value.items():
            tidy = _without_empty(one)
            # “no” and nought are answers
            if tidy or tidy is False or tidy == 0:
                kept[name] = tidy
        return kept
    if isinstance(value, list):
        # an empty row keeps its place: the addresses of all below it count rows
        return [_without_empty(one) for one in value]
    return value


def _make_fraction(value: Json, pattern: tuple[Step, ...]) -> None:
    head, rest = pattern[0], pattern[1:]
    if head == EVERY:
        if not isinstance(value, list):
            return
        for at, one in enumerate(value):
            if rest:
                _make_fraction(one, rest)
            elif isinstance(one, int) and not isinstance(one, bool):
                value[at] = float(one)
    elif isinstance(value, dict) and head in value:
        name = str(head)
        one = value[name]
        if rest:
            _make_fraction(one, rest)
        elif isinstance(one, int) and not isinstance(one, bool):
            value[name] = float(one)


def _told(reading: Reading) -> set[Address]:
    """The places the readers found unusable."""
    return {one.place.pointer for one in reading.findings if one.severity is Severity.BLOCK and one.place.pointer}


def _is_told(fault: Finding, told: Iterable[Address]) -> bool:
    """Whether a fault has the same cause as one of the readers': of the same place, or lacking what they left out."""
    here = fault.place.pointer
    if here in told:
        return True
    return fault.code in OF_ABSENCE and any(here.is_inside(one) or one.is_inside(here) for one in told)


@dataclass(frozen=True)
class _Places:
    """Where the readers found each value; for one that is not there, the nearest place known."""

    known: Mapping[Address, Place]
    fields: FormTree

    def of(self, address: Address) -> Place:
        """The place of a field."""
        field = self.fields.at(address)
        label = field.label if field is not None else ""
        own = self.known.get(address)
        if own is not None:
            return replace(own, pointer=address, label=own.label or label)
        return replace(self._near(address) or Place(), pointer=address, label=label)

    def _near(self, address: Address) -> Place | None:
        if inside := self._inside(address):  # a list or a group stands where its first value stands
            return inside
        around = address.parent
        while around:
            if around in self.known:
                return self.known[around]
            beside = self._inside(around)
            if beside is not None:
                return replace(beside, cell="", column=0, field="")
            around = around.parent
        return None

    def _inside(self, address: Address) -> Place | None:
        return next((place for other, place in self.known.items() if other.is_inside(address)), None)
