"""Checks of single values by their x-type that JSON Schema cannot make: they need the year, or Vietnamese.

The readers make most values canonical and report what they cannot read; this is the second door, for values that
come by another way (YAML, JSON, a program).
"""

from collections.abc import Callable, Mapping
from typing import Final

from pipeline import vietnamese
from pipeline.messages import say, verbatim
from pipeline.model import (
    GROUP,
    VALUE,
    Address,
    Field,
    Finding,
    FormTree,
    Json,
    JsonObject,
    Message,
    Place,
    Severity,
    Step,
)
from pipeline.rules.values import is_placeholder
from pipeline.rules.wording import shown
from pipeline.rules.year_facts import YearFacts

_Tell = tuple[str, Severity, Message, Message | None, Message]
_Look = Callable[[object, str, YearFacts], _Tell | None]


def typed_findings(form: FormTree, values: JsonObject, year: JsonObject) -> list[Finding]:
    """Every value that is not what its x-type says, found in one walk through the values along the form."""
    found: list[Finding] = []
    _walk_group(values, form.root, (), YearFacts.of(year), found)
    return found


# An `Address` is made of what is found only: most values are as they should be, and a form has hundreds.
_Way = tuple[Step, ...]


def _walk_group(value: Json, group: Field, way: _Way, facts: YearFacts, found: list[Finding]) -> None:
    if not isinstance(value, dict):
        return
    for name, child in group.by_name.items():
        if name in value:
            _walk(value[name], child, (*way, name), facts, found)


def _walk(value: Json, field: Field, way: _Way, facts: YearFacts, found: list[Finding]) -> None:
    if field.shape == VALUE:
        look = _LOOKS.get(field.x_type)
        # the structure check tells of a group or a list where a value should be
        told = look(value, field.label, facts) if look is not None and not isinstance(value, dict | list) else None
        if told is not None:
            found.append(_finding(value, way, told))
    elif field.shape == GROUP:
        _walk_group(value, field, way, facts, found)
    elif isinstance(value, list):
        for at, one in enumerate(value):
            if field.item is not None:
                _walk(one, field.item, (*way, at), facts, found)
            else:
                _walk_group(one, field, (*way, at), facts, found)


def _finding(value: Json, way: _Way, told: _Tell) -> Finding:
    code, severity, message, needed, mend = told
    return Finding(code, severity, message, Place(Address(way)), shown(value), needed, mend)


def _text(value: object, label: str, facts: YearFacts) -> _Tell | None:
    if not is_placeholder(value):
        return None
    message = say("“{label}” still holds only “{found}”.", label=label, found=shown(value))
    mend = say("Fill in “{label}” instead of what only holds its place.", label=label)
    return "F01", Severity.BLOCK, message, say("a value"), mend


def _person(value: object, label: str, facts: YearFacts) -> _Tell | None:
    if not isinstance(value, str) or (told := _text(value, label, facts)) is not None:
        return told if isinstance(value, str) else None
    # noi-dung F22
    name = vietnamese.split_name(value)
    if vietnamese.is_name(name.full_name):
        return None
    message = say("“{found}” is not a full name.", found=value)
    mend = say("Write family name and given name in full; position and rank have places of their own.")
    return "F22", Severity.WARN, message, say("family name and given name, letters only"), mend


def _unit(value: object, label: str, facts: YearFacts) -> _Tell | None:
    # also units that have left: whether one was a member on the day is for rules to say (`member`)
    known = facts.unit_codes
    if not known or value in known:
        return None
    message = say("“{label}”: “{found}” is not a member unit.", label=label, found=shown(value))
    mend = say("Write the code or the name of one member unit in “{label}”.", label=label)
    return "F18", Severity.BLOCK, message, say("one of: {options}", options=", ".join(known)), mend


def _content(value: object, label: str, facts: YearFacts) -> _Tell | None:
    known = facts.content_codes
    if not known or value in known:
        return None
    message = say("“{label}”: “{found}” is not one of the year's contents.", label=label, found=shown(value))
    mend = say("Write the code or the title of one of the year's contents in “{label}”.", label=label)
    return "content.unknown", Severity.BLOCK, message, say("one of: {options}", options=", ".join(known)), mend


def _year(value: object, label: str, facts: YearFacts) -> _Tell | None:
    # noi-dung F05
    wanted = facts.year
    if wanted is None or value == wanted:
        return None
    message = say(
        "“{label}” is {found}, but the documents are those of {year}.",
        label=label,
        found=str(value),
        year=str(wanted),
    )
    mend = say("Write {year} in “{label}”; see whether last year's form was copied.", year=str(wanted), label=label)
    return "F05", Severity.BLOCK, message, verbatim(str(wanted)), mend


def _time(value: object, label: str, facts: YearFacts) -> _Tell | None:
    if isinstance(value, str) and vietnamese.parse_time(value) is not None:
        return None
    message = say("“{label}”: “{found}” is not a time of day.", label=label, found=shown(value))
    mend = say("Write “{label}” as hours and minutes.", label=label)
    return "value.time", Severity.BLOCK, message, say("a time, such as 08:30"), mend


def _percent(value: object, label: str, facts: YearFacts) -> _Tell | None:
    # no upper limit: a result may be more than its target (noi-dung BC02)
    if not isinstance(value, int | float) or value >= 0:
        return None
    message = say("“{label}” is below zero: {found}.", label=label, found=shown(value))
    mend = say("Write a number of at least {limit} in “{label}”.", limit="0", label=label)
    return "field.too-small", Severity.BLOCK, message, say("at least {limit}", limit="0"), mend


def _phone(value: object, label: str, facts: YearFacts) -> _Tell | None:
    # noi-dung DK08: Excel takes the first 0 off what it thinks is a number
    if isinstance(value, str) and vietnamese.parse_phone(value) == value:
        return None
    message = say("“{label}”: “{found}” is not a telephone number.", label=label, found=shown(value))
    mend = say("Write all 10 figures of “{label}”; in Excel, format the cell as text.", label=label)
    return "DK08", Severity.WARN, message, say("10 figures, beginning with 0"), mend


def _email(value: object, label: str, facts: YearFacts) -> _Tell | None:
    if isinstance(value, str) and vietnamese.parse_email(value) is not None:
        return None
    message = say("“{label}”: “{found}” is not an e-mail address.", label=label, found=shown(value))
    mend = say("Write the whole address in “{label}”.", label=label)
    return "DK08", Severity.WARN, message, say("an address such as office@unit.vn"), mend


_LOOKS: Final[Mapping[str, _Look]] = {
    # lines and references to documents are texts to people: dots in them are no value
    "text": _text,
    "lines": _text,
    "doc_ref": _text,
    "person": _person,
    "unit_code": _unit,
    "content_code": _content,
    "year": _year,
    "time": _time,
    "percent": _percent,
    "phone": _phone,
    "email": _email,
}
