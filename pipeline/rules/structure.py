"""The structure check: what JSON Schema says about a form's values, told as a clerk needs it.

The engine (jsonschema-rs) gives the kind of every error with its figures; its English text is never shown. Schemas
with references to elsewhere are refused when a kind is loaded, so nothing is ever fetched.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import jsonschema_rs

from pipeline.messages import say, verbatim
from pipeline.model import Address, Field, Finding, FormTree, JsonObject, Message, Place, Severity
from pipeline.rules.shapes import nearest
from pipeline.rules.wording import shown

REQUIRED: Final = "field.required"
TOO_FEW: Final = "list.too-few"
TOO_MANY: Final = "list.too-many"
#: faults that a rule about the presence or the number of something says better
OF_ABSENCE: Final = frozenset({REQUIRED, TOO_FEW, TOO_MANY})


@dataclass(frozen=True)
class StructureCheck:
    """The JSON Schema of one form, compiled; formats (dates) are checked, nothing is fetched from anywhere."""

    form: FormTree
    validator: jsonschema_rs.Draft202012Validator

    def findings(self, values: JsonObject) -> tuple[Finding, ...]:
        """Every way in which `values` do not fit the form, each once, placed by its address (also what is absent)."""
        found: dict[tuple[str, Address], Finding] = {}
        for error in self.validator.iter_errors(values):
            for finding in _findings(error, self.form):
                found.setdefault((finding.code, finding.place.pointer), finding)
        return tuple(found.values())


def structure_check(form: FormTree) -> StructureCheck:
    """The check that the schema of a form calls for. Raises what jsonschema_rs raises for no usable schema."""
    return StructureCheck(
        # without `validate_formats` 2026-02-30 is a date; without a `retriever` of ours a reference is fetched by
        # HTTP
        form,
        jsonschema_rs.Draft202012Validator(form.schema, validate_formats=True, retriever=_refuse),
    )


def _refuse(uri: str) -> NoReturn:
    raise ValueError(uri)


@dataclass(frozen=True)
class _Error:
    """One error of the engine: the place, the figures, the value, the field."""

    at: Address
    figures: Mapping[str, Any]
    value: object
    field: Field | None
    form: FormTree

    @property
    def label(self) -> str:
        """What the place is called."""
        return self.field.label if self.field is not None and self.field.label else (self.at.name or "/")


def _findings(error: Any, form: FormTree) -> Iterator[Finding]:  # noqa: ANN401 - the library's own type
    at = Address(error.instance_path)
    kind, figures = error.kind.name, error.kind.as_dict()
    if kind == "required":
        # the engine's path ends at the group that lacks it
        at = at.child(str(figures["property"]))
        yield _required(_Error(at, figures, None, form.at(at), form))
    elif kind == "additionalProperties":
        # one error of the engine may name several
        for name in figures["unexpected"]:
            yield _unknown(_Error(at.child(str(name)), figures, None, None, form))
    else:
        here = _Error(at, figures, error.instance, form.at(at), form)
        yield _TELLERS.get(kind, _other)(here)


def _finding(
    code: str, error: _Error, message: Message, needed: Message | None = None, mend: Message | None = None
) -> Finding:
    # a group or a list would be shown whole, and says nothing
    found = "" if isinstance(error.value, dict | list) else shown(error.value)
    return Finding(code, Severity.BLOCK, message, Place(error.at), found, needed, mend)


def _required(error: _Error) -> Finding:
    example = error.field.example if error.field is not None else ""
    return _finding(
        REQUIRED,
        error,
        say("“{label}” is not filled in.", label=error.label),
        needed=say("a value, for example: {example}", example=example) if example else say("a value"),
        mend=say("Fill in “{label}”.", label=error.label),
    )


def _unknown(error: _Error) -> Finding:
    name = error.at.name
    close = nearest(name, (one.name for one in error.form.below(error.at.parent)))
    return Finding(
        "field.unknown",
        Severity.BLOCK,
        say("“{name}” is not an item of this form.", name=name),
        Place(error.at),
        found=name,
        needed=verbatim(f"“{close}”") if close else None,
        mend=say("Correct the name of the item, or leave it out."),
    )


def _type(error: _Error) -> Finding:
    kinds = error.figures["types"]
    wanted = _TYPES.get(kinds[0] if len(kinds) == 1 else "", say("another kind of value"))
    return _finding(
        "field.type",
        error,
        say("“{label}” cannot be “{found}”.", label=error.label, found=shown(error.value)),
        needed=wanted,
        mend=say("Write “{label}” anew, in the form that is needed.", label=error.label),
    )


def _choice(error: _Error) -> Finding:
    # people know the labels of choices, the schema their codes
    choices = error.field.choices if error.field is not None else {}
    options = [choices[one][0] if one in choices else str(one) for one in error.figures["options"]]
    return _finding(
        "field.choice",
        error,
        say("“{label}” cannot be “{found}”.", label=error.label, found=shown(error.value)),
        needed=say("one of: {options}", options=", ".join(options)),
        mend=say("Choose one of the values of the list."),
    )


def _date(error: _Error) -> Finding:
    return _finding(
        "F03",
        error,
        say("“{label}”: there is no day “{found}”.", label=error.label, found=shown(error.value)),
        needed=say("a real day, day first, for example 05/6/2022"),
        mend=say("Look at the calendar and write the right day in “{label}”.", label=error.label),
    )


def _long(error: _Error) -> Finding:
    # JSON Schema counts code points, as Python does
    length = len(error.value) if isinstance(error.value, str) else 0
    return _finding(
        "field.too-long",
        error,
        say("“{label}” has {length} characters.", label=error.label, length=length),
        needed=say("at most {limit} characters", limit=error.figures["limit"]),
        mend=say("Shorten “{label}” to {limit} characters.", label=error.label, limit=error.figures["limit"]),
    )


def _short(error: _Error) -> Finding:
    return _finding(
        "field.too-short",
        error,
        say("“{label}” is too short.", label=error.label),
        needed=say("at least {limit} characters", limit=error.figures["limit"]),
        mend=say("Write “{label}” in full.", label=error.label),
    )


def _pattern(error: _Error) -> Finding:
    example = error.field.example if error.field is not None else ""
    return _finding(
        "field.pattern",
        error,
        say("“{label}” is not written as it should be: “{found}”.", label=error.label, found=shown(error.value)),
        needed=say("as in: {example}", example=example) if example else None,
        mend=say("Write “{label}” anew, as in the example.", label=error.label),
    )


def _small(error: _Error) -> Finding:
    return _finding(
        "field.too-small",
        error,
        say("“{label}” is too small: {found}.", label=error.label, found=shown(error.value)),
        needed=say("at least {limit}", limit=shown(error.figures["limit"])),
        mend=say(
            "Write a number of at least {limit} in “{label}”.", limit=shown(error.figures["limit"]), label=error.label
        ),
    )


def _large(error: _Error) -> Finding:
    return _finding(
        "field.too-large",
        error,
        say("“{label}” is too large: {found}.", label=error.label, found=shown(error.value)),
        needed=say("at most {limit}", limit=shown(error.figures["limit"])),
        mend=say(
            "Write a number of at most {limit} in “{label}”.", limit=shown(error.figures["limit"]), label=error.label
        ),
    )


def _few(error: _Error) -> Finding:
    return _finding(
        TOO_FEW,
        error,
        say("“{label}” has {count} entries.", label=error.label, count=_size(error.value)),
        needed=say("at least {limit} entries", limit=error.figures["limit"]),
        mend=say(
            "Add entries to “{label}”, one a row, until there are {limit}.",
            label=error.label,
            limit=error.figures["limit"],
        ),
    )


def _many(error: _Error) -> Finding:
    return _finding(
        TOO_MANY,
        error,
        say("“{label}” has {count} entries.", label=error.label, count=_size(error.value)),
        needed=say("at most {limit} entries", limit=error.figures["limit"]),
        mend=say(
            "Keep {limit} entries of “{label}” and delete the others.",
            label=error.label,
            limit=error.figures["limit"],
        ),
    )


def _repeated(error: _Error) -> Finding:
    return _finding(
        "list.repeated",
        error,
        say("“{label}” holds the same entry twice.", label=error.label),
        needed=say("every entry once"),
        mend=say("Remove the repeated entry."),
    )


def _other(error: _Error) -> Finding:
    return _finding(
        "field.form",
        error,
        say("“{label}” does not fit the form.", label=error.label),
        mend=say("Write “{label}” anew, as the form asks.", label=error.label),
    )


def _size(value: object) -> int:
    return len(value) if isinstance(value, list | dict) else 0


_TYPES: Final[Mapping[str, Message]] = {
    "string": say("text"),
    "number": say("a number, such as 98,5"),
    "integer": say("a whole number, such as 12"),
    "boolean": say("yes or no"),
    "array": say("a list"),
    "object": say("a group of items"),
}
_TELLERS: Final[Mapping[str, Callable[[_Error], Finding]]] = {
    "type": _type,
    "enum": _choice,
    "format": _date,
    "maxLength": _long,
    "minLength": _short,
    "pattern": _pattern,
    "minimum": _small,
    "maximum": _large,
    "minItems": _few,
    "maxItems": _many,
    "uniqueItems": _repeated,
}
