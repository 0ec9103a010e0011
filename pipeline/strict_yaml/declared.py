"""Files in which people declare facts and forms (a year, a kind): read strictly, every problem with its line.

A declared file is YAML that has a JSON Schema of its own (`*.schema.yaml`, package data). `read` gives the value,
the line of every JSON pointer in it, and everything wrong with it at once; nothing is raised for a fault of the file,
so that one load can name them all.
"""

import difflib
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema_rs

from pipeline import messages, strict_yaml
from pipeline.messages import say
from pipeline.model import Address, Finding, Json, JsonObject, Message, Place, Severity


@dataclass(frozen=True)
class Declared:
    """A declared file as read: its value, the line of each JSON pointer ("/units/3/code"), its problems."""

    file: str
    value: Json
    lines: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Finding, ...] = ()

    def line(self, pointer: str) -> int:
        """The line of `pointer`, or of the nearest thing around it."""
        while pointer and pointer not in self.lines:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer, 0)

    def problem(self, code: str, pointer: str, said: Message) -> Finding:
        """A problem at `pointer`; "" is the whole file."""
        return self.placed(Finding(code, Severity.BLOCK, said, Place(Address.of(pointer))))

    def placed(self, finding: Finding) -> Finding:
        """A finding whose place is an address among the values, with its file and line."""
        place = replace(finding.place, file=self.file, line=self.line(str(finding.place.pointer)))
        return replace(finding, place=place)

    @property
    def table(self) -> JsonObject:
        """The value where it is a table of keys, else an empty one (which is a problem already)."""
        return self.value if isinstance(self.value, dict) else {}


def read(content: bytes, file: str, schema: Path) -> Declared:
    """The declared file `content`, named `file` in problems, checked against the schema in the file `schema`."""
    declared = parse(content, file)
    # a broken text would break the schema too, at places that are not the fault
    if declared.problems:
        return declared
    return Declared(file, declared.value, declared.lines, (*check(declared, schema), *_never_typed(declared)))


def parse(content: bytes, file: str) -> Declared:
    """The file `content` as plain values, not yet checked against a schema."""
    parsed = strict_yaml.parse(content, file)
    return Declared(file, parsed.values, parsed.lines, parsed.problems)


def check(declared: Declared, schema: Path) -> Iterator[Finding]:
    """What the schema in the file `schema` says against a file already read."""
    rules, validator = _validator(schema)
    for error in validator.iter_errors(declared.value):
        yield from _sentences(declared, error, rules)


def _never_typed(declared: Declared) -> Iterator[Finding]:
    """Texts with a character that would be printed as another one or as none: they stand in every document."""
    for pointer, value in strict_yaml.scalars(declared.value):
        match = strict_yaml.NEVER_TYPED.search(value) if isinstance(value, str) else None
        if match is not None:
            said = say("There is a character that must not be there (U+{code}).", code=f"{ord(match[0]):04X}")
            yield declared.problem("schema.character", pointer, said)


def listed(problems: Iterable[Finding]) -> str:
    """The problems as one text, one a line, in the order of the files."""
    ordered = sorted(problems, key=lambda problem: (problem.place.file, problem.place.line))
    return "\n".join(dict.fromkeys(map(messages.located, ordered)))


def unknown(word: str, known: Iterable[str]) -> Message:
    """The sentence for a key that is not known, with the nearest one that is."""
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    if close:
        return say("The key “{key}” is not known; did you mean “{near}”?", key=word, near=close[0])
    return say("The key “{key}” is not known here.", key=word)


@functools.cache
def _validator(schema: Path) -> tuple[JsonObject, jsonschema_rs.Draft202012Validator]:
    """An own schema and its validator, read once."""
    rules = parse(schema.read_bytes(), schema.name).table
    # left to itself the library fetches a foreign $ref over the network; and unasked it takes 2022-02-30 for a date
    return rules, jsonschema_rs.Draft202012Validator(rules, validate_formats=True, retriever=_refuse)


def _refuse(uri: str) -> Json:
    """No schema is fetched from anywhere."""
    raise ValueError(f"a reference to another file is not allowed: {uri}")


#: What `kind.as_dict()` of a schema error holds: numbers, names, nested errors.
_Cause: TypeAlias = Mapping[str, Any]


def _sentences(declared: Declared, error: jsonschema_rs.ValidationError, rules: JsonObject) -> Iterator[Finding]:
    """The problems one schema error stands for."""
    pointer = strict_yaml.pointer_of(*error.instance_path)
    name, cause = error.kind.name, error.kind.as_dict()
    if name in ("oneOf", "anyOf") and cause.get("context"):
        # the branch in which the fault lies deepest is the one that was meant
        meant = max(cause["context"], key=lambda branch: max(len(inner.instance_path) for inner in branch))
        for inner in meant:
            yield from _sentences(declared, inner, rules)
    elif name in ("additionalProperties", "unevaluatedProperties"):
        known = _known_keys(rules, error.schema_path)
        # one problem a key, because each has its own nearest known word
        for key in cause["unexpected"]:
            yield declared.problem("schema.unknown", pointer + strict_yaml.pointer_of(key), unknown(key, known))
    else:
        code, fault = _fault(name, cause, _shown(error.instance), str(error.message))
        yield declared.problem(code, pointer, _about(error.instance_path, fault))


def _fault(name: str, cause: _Cause, found: str, otherwise: str) -> tuple[str, Message]:  # noqa: C901, PLR0911 - one line each
    """What a schema error means: the code, and in words."""
    match name:
        case "required":
            return "schema.missing", say("“{key}” is missing.", key=cause["property"])
        case "type":
            return "schema.type", say("{found} is not {wanted}.", found=found, wanted=_type_words(cause))
        case "enum":
            return "schema.choice", say("{found} is not one of: {options}.", found=found, options=_options(cause))
        case "pattern":
            return "schema.pattern", say("{found} is not of the form {form}.", found=found, form=cause["pattern"])
        case "format":
            return "schema.date", say("{found} is not a date (year-month-day).", found=found)
        case "minItems":
            return "schema.length", say("At least {limit} entries are needed.", limit=cause["limit"])
        case "minLength" | "minProperties":
            return "schema.length", say("It must not be empty.")
        case "maxLength":
            return "schema.length", say(
                "{found} is longer than {limit} characters.", found=found, limit=cause["limit"]
            )
        case "minimum" | "exclusiveMinimum":
            return "schema.limit", say("{found} is too small (limit {limit}).", found=found, limit=cause["limit"])
        case "maximum":
            return "schema.limit", say("{found} is too large (limit {limit}).", found=found, limit=cause["limit"])
        case "uniqueItems":
            return "schema.double", say("It says the same thing twice.")
    return "schema.other", messages.verbatim(otherwise)


def _type_words(cause: _Cause) -> Message:
    words = {
        "object": say("a table of keys"),
        "array": say("a list"),
        "string": say("a text"),
        "integer": say("a whole number"),
        "number": say("a number"),
        "boolean": say("true or false"),
    }
    kinds = cause.get("types") or [cause.get("type", "")]
    return messages.joined((words.get(str(kind), messages.verbatim(str(kind))) for kind in kinds), " / ")


def _options(cause: _Cause) -> str:
    return ", ".join(str(option) for option in cause["options"])


def _about(path: Sequence[str | int], fault: Message) -> Message:
    """The fault, with what a person calls the thing at `path` before it: "units 4, signatories 1, from: …"."""
    words: list[str] = []
    for part in path:
        if isinstance(part, int) and words:
            words[-1] += f" {part + 1}"
        else:
            words.append(str(part))
    called = ", ".join(words)
    return messages.joined((messages.verbatim(called), fault), ": ")


def _shown(value: object) -> str:
    """A wrong value as it is quoted: short."""
    match value:
        case None:
            return "“”"
        case dict():
            return "{…}"
        case list():
            return "[…]"
    text = f"“{value}”"
    return text if len(text) <= 80 else text[:77] + "…”"


def _known_keys(rules: JsonObject, path: Sequence[str | int]) -> frozenset[str]:
    """The keys the part of the own schema at `path` (minus its last step) allows."""
    here: Json = rules
    for part in list(path)[:-1]:
        if isinstance(here, dict) and isinstance(part, str):
            here = here.get(part, {})
        elif isinstance(here, list) and isinstance(part, int):
            here = here[part]
    known = here.get("properties", {}) if isinstance(here, dict) else {}
    return frozenset(known) if isinstance(known, dict) else frozenset()
