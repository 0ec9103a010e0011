"""Checks of single values by their x-type that JSON Schema cannot make: they need the year, or Vietnamese.

The readers make most values canonical and report what they cannot read; this is the second door, for values that
come by another way (YAML, JSON, a program).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from pipeline import vietnamese
from pipeline.messages import say, verbatim
from pipeline.model import Finding, Json, JsonObject, Message, Place, Severity
from pipeline.rules.pointers import EVERY, Parts, join, split
from pipeline.rules.values import is_placeholder
from pipeline.rules.wording import shown


class TypedField(Protocol):
    """What is needed of a field here."""

    @property
    def pointer(self) -> str:
        """The pattern."""

    @property
    def x_type(self) -> str:
        """The type."""

    @property
    def label(self) -> str:
        """The Vietnamese label."""


_Tell = tuple[str, Severity, Message, Message | None, Message]
_Look = Callable[[Json, str, JsonObject], _Tell | None]


@dataclass
class _Branch:
    """What to look at below one place of a form."""

    below: "dict[str, _Branch]" = field(default_factory=dict)
    label: str = ""
    look: _Look | None = None


@dataclass(frozen=True)
class TypedChecks:
    """The checks of one form, as the tree in which its values are walked through once."""

    root: _Branch

    def findings(self, values: JsonObject, year: JsonObject) -> list[Finding]:
        """Every value that is not what its x-type says."""
        found: list[Finding] = []
        _walk(values, self.root, (), year, found)
        return found


def typed_checks(fields: Iterable[TypedField]) -> TypedChecks:
    """The checks that the fields of a form call for."""
    root = _Branch()
    for one in fields:
        look = _LOOKS.get(one.x_type)
        if look is None:
            continue
        branch = root
        for part in split(one.pointer):
            branch = branch.below.setdefault(part, _Branch())
        branch.label, branch.look = one.label, look
    return TypedChecks(root)


def _walk(value: Json, branch: _Branch, parts: Parts, year: JsonObject, found: list[Finding]) -> None:
    if branch.look is not None:
        if isinstance(value, dict | list):
            return  # the structure check tells that
        told = branch.look(value, branch.label, year)
        if told is not None:
            found.append(_finding(value, parts, told))
    elif isinstance(value, dict):
        for name, below in branch.below.items():
            if name in value:
                _walk(value[name], below, (*parts, name), year, found)
    elif isinstance(value, list) and EVERY in branch.below:
        for at, one in enumerate(value):
            _walk(one, branch.below[EVERY], (*parts, str(at)), year, found)


def _finding(value: Json, parts: Parts, told: _Tell) -> Finding:
    code, severity, message, needed, mend = told
    return Finding(code, severity, message, Place(pointer=join(parts)), shown(value), needed, mend)


def _text(value: Json, label: str, year: JsonObject) -> _Tell | None:
    if not is_placeholder(value):
        return None
    message = say("“{label}” still holds only “{found}”.", label=label, found=shown(value))
    mend = say("Fill in “{label}” instead of what only holds its place.", label=label)
    return "F01", Severity.BLOCK, message, say("a value"), mend


def _person(value: Json, label: str, year: JsonObject) -> _Tell | None:
    if not isinstance(value, str) or (told := _text(value, label, year)) is not None:
        return told if isinstance(value, str) else None
    name = vietnamese.split_name(value)
    if vietnamese.is_name(name.full_name):
        return None
    message = say("“{found}” is not a full name.", found=value)
    mend = say("Write family name and given name in full; position and rank have places of their own.")
    return "F22", Severity.WARN, message, say("family name and given name, letters only"), mend


def _unit(value: Json, label: str, year: JsonObject) -> _Tell | None:
    known = _known(year, "unit", "units")
    if not known or value in known:
        return None
    message = say("“{label}”: “{found}” is not a member unit.", label=label, found=shown(value))
    mend = say("Write the code or the name of one member unit in “{label}”.", label=label)
    return "F18", Severity.BLOCK, message, say("one of: {options}", options=", ".join(known)), mend


def _content(value: Json, label: str, year: JsonObject) -> _Tell | None:
    known = _known(year, "content", "contents")
    if not known or value in known:
        return None
    message = say("“{label}”: “{found}” is not one of the year's contents.", label=label, found=shown(value))
    mend = say("Write the code or the title of one of the year's contents in “{label}”.", label=label)
    return "content.unknown", Severity.BLOCK, message, say("one of: {options}", options=", ".join(known)), mend


def _year(value: Json, label: str, year: JsonObject) -> _Tell | None:
    wanted = year.get("year")
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


def _time(value: Json, label: str, year: JsonObject) -> _Tell | None:
    if isinstance(value, str) and vietnamese.parse_time(value) is not None:
        return None
    message = say("“{label}”: “{found}” is not a time of day.", label=label, found=shown(value))
    mend = say("Write “{label}” as hours and minutes.", label=label)
    return "value.time", Severity.BLOCK, message, say("a time, such as 08:30"), mend


def _percent(value: Json, label: str, year: JsonObject) -> _Tell | None:
    if not isinstance(value, int | float) or value >= 0:
        return None
    message = say("“{label}” is below zero: {found}.", label=label, found=shown(value))
    mend = say("Write a number of at least {limit} in “{label}”.", limit="0", label=label)
    return "field.too-small", Severity.BLOCK, message, say("at least {limit}", limit="0"), mend


def _phone(value: Json, label: str, year: JsonObject) -> _Tell | None:
    if isinstance(value, str) and vietnamese.parse_phone(value) == value:
        return None
    message = say("“{label}”: “{found}” is not a telephone number.", label=label, found=shown(value))
    mend = say("Write all 10 figures of “{label}”; in Excel, format the cell as text.", label=label)
    return "DK08", Severity.WARN, message, say("10 figures, beginning with 0"), mend


def _email(value: Json, label: str, year: JsonObject) -> _Tell | None:
    if isinstance(value, str) and vietnamese.parse_email(value) is not None:
        return None
    message = say("“{label}”: “{found}” is not an e-mail address.", label=label, found=shown(value))
    mend = say("Write the whole address in “{label}”.", label=label)
    return "DK08", Severity.WARN, message, say("an address such as office@unit.vn"), mend


def _known(year: JsonObject, by_code: str, listed: str) -> Collection[str]:
    """The codes of the year's units or contents: of the mapping if the year has it, else of the list."""
    mapping, things = year.get(by_code), year.get(listed)
    if isinstance(mapping, dict):
        return mapping
    return [str(one.get("code")) for one in things if isinstance(one, dict)] if isinstance(things, list) else []


_LOOKS: Final[Mapping[str, _Look]] = {
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
