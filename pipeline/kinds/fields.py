"""A form's fields: `fields.yaml`, a JSON Schema with notes for people, as a flat tree of values.

The schema itself stays the judge of a form's values; the tree serves whoever needs names, labels and types.
"""

import functools
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

from pipeline.messages import say
from pipeline.model import Json, JsonObject
from pipeline.strict_yaml import declared
from pipeline.strict_yaml.declared import Declared, Problem
from pipeline.vietnamese import compare_key

GROUP: Final = "group"  #: an object: its fields stand one by one in the form
TABLE: Final = "table"  #: a list of rows; its fields are the columns
LIST: Final = "list"  #: several values in one place
VALUE: Final = "value"

_SCHEMA: Final = Path(__file__).with_name("fields.schema.yaml")

#: What of a content or a member of the year may begin a row of a table.
_ROW_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "contents": ("code", "title", "weight"),
    "members": ("code", "name", "org", "role", "type"),
}

#: The JSON type in which a value of each x-type is kept once it is read (noi-dung.md §2).
JSON_TYPES: Final[Mapping[str, str]] = {
    "text": "string",
    "lines": "string",
    "date": "string",
    "date_fuzzy": "object",
    "time": "string",
    "year": "integer",
    "unit_code": "string",
    "content_code": "string",
    "person": "string",
    "number": "number",
    "percent": "number",
    "money": "integer",
    "integer": "integer",
    "phone": "string",
    "email": "string",
    "doc_ref": "string",
    "flag": "boolean",
    "choice": "string",
}


@dataclass(frozen=True)
class Rows:
    """How many rows a form offers of a table: `count`, or one for each content or member (`each`) of the year.

    `columns` says which columns begin filled in, and with what of it: {"max_score": "weight"}.
    """

    count: int = 0
    each: str = ""  #: "contents" or "members"
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """One place of a form. `pointer` has a `*` for every row or item: "/targets/*/due".

    `shape` is GROUP, TABLE, LIST or VALUE; only a VALUE (the item of a LIST too) has an `x_type`.
    """

    pointer: str
    shape: str
    x_type: str = ""
    label: str = ""
    aliases: tuple[str, ...] = ()
    help: str = ""
    example: str = ""
    sheet: str = ""
    default: str = ""  #: where an empty place takes its value from: "year.milestones", "doc.sign_date"
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: code -> label and its other spellings
    is_required: bool = False
    keeps_lines: bool = False
    rows: Rows | None = None

    @property
    def name(self) -> str:
        """The last part of the pointer."""
        return self.pointer.rpartition("/")[2]

    @property
    def parent(self) -> str:
        """The pointer of what it stands in, "" for the form itself."""
        return self.pointer.rpartition("/")[0]

    @property
    def is_table(self) -> bool:
        """Whether it is a list of rows."""
        return self.shape == TABLE


@dataclass(frozen=True)
class FieldTree:
    """All fields of a form, in the order they are written, what holds others before what it holds."""

    fields: tuple[Field, ...] = ()
    schema: JsonObject = field(default_factory=dict)

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    @functools.cached_property
    def by_pointer(self) -> Mapping[str, Field]:
        """The fields by their pointer patterns."""
        return {one.pointer: one for one in self.fields}

    def at(self, pointer: str) -> Field | None:
        """The field of a pointer, of a pattern ("/targets/*/due") or of a value ("/targets/3/due")."""
        found = self.by_pointer.get(pointer)
        if found is None:
            pattern = "/".join("*" if part.isdigit() else part for part in pointer.split("/"))
            found = self.by_pointer.get(pattern)
        return found

    def below(self, pointer: str = "") -> tuple[Field, ...]:
        """The fields directly below a place: columns of a table, fields of a group, "" for the form itself."""
        above = self.by_pointer.get(pointer)
        parent = f"{pointer}/*" if above is not None and above.is_table else pointer
        return tuple(one for one in self.fields if one.parent == parent)

    def node(self, pointer: str) -> Mapping[str, Any]:
        """The part of the schema that a pointer pattern names."""
        node: Mapping[str, Any] = self.schema
        for part in pointer.split("/")[1:]:
            node = node["items"] if part == "*" else node["properties"][part]
        return node

    @functools.cached_property
    def version(self) -> str:
        """Eight hexadecimal figures that change whenever the fields do; a form bears them."""
        return hashlib.sha256(json.dumps(self.schema, ensure_ascii=False).encode()).hexdigest()[:8]

    def laid_out(self, values: JsonObject) -> JsonObject:
        """The values with every place of the form there: None for a value or group left empty, [] for a list."""
        return _laid_out(self.schema, values)

    @functools.cached_property
    def choice_names(self) -> Mapping[str, Mapping[str, str]]:
        """What each choice's codes are called on paper, by the field's name: {"status": {"co_mat": "Có mặt"}}."""
        named = ((one.parent.rpartition("/")[2] if one.name == "*" else one.name, one) for one in self.fields)
        return {
            name: {code: labels[0] for code, labels in one.choices.items()}
            for name, one in named
            if one.x_type == "choice"
        }

    @functools.cached_property
    def validator(self) -> jsonschema_rs.Draft202012Validator:
        """The schema, compiled; formats (dates) are checked, nothing is fetched from anywhere."""
        return jsonschema_rs.Draft202012Validator(self.schema, validate_formats=True, retriever=_refuse)

    def __getstate__(self) -> dict[str, object]:
        """What travels to another process: the compiled schema stays behind."""
        return {"fields": self.fields, "schema": self.schema}


def read(content: bytes, file: str) -> tuple[FieldTree, tuple[Problem, ...]]:
    """The fields in a fields.yaml named `file`, and every problem of it; with problems the tree is not to be used."""
    source = declared.read(content, file, _SCHEMA)
    if source.problems:
        return FieldTree(), source.problems
    schema = source.table
    tree = FieldTree(tuple(_fields(schema, "", "")), schema)
    problems = [*_problems(source, schema, "", is_named=False), *_label_problems(source, tree)]
    if not problems:
        try:
            jsonschema_rs.Draft202012Validator(schema, validate_formats=True, retriever=_refuse)
        except (ValueError, jsonschema_rs.ValidationError) as error:
            problems.append(Problem(file, 0, say("This is not a usable JSON Schema: {reason}", reason=str(error))))
    return tree, tuple(problems)


def _refuse(uri: str) -> Json:
    raise ValueError(uri)


def _laid_out(node: Mapping[str, Any], values: JsonObject) -> JsonObject:
    made = dict(values)
    for name, child in node["properties"].items():
        there = made.get(name)
        rows = child.get("items", {})
        if "properties" in child:
            made[name] = _laid_out(child, there) if isinstance(there, dict) else None
        elif "properties" in rows and isinstance(there, list):
            made[name] = [_laid_out(rows, row) if isinstance(row, dict) else row for row in there]
        elif there is None:
            made[name] = [] if rows else None
    return made


# The own schema has vouched for the shape of every node below.
_Node = Mapping[str, Any]


def _fields(node: _Node, pointer: str, sheet: str) -> Iterator[Field]:
    """The fields below a node, depth first."""
    for name, child in node.get("properties", {}).items():
        here = f"{pointer}/{name}"
        inner_sheet = child.get("x-sheet", sheet)
        one = _field(child, here, inner_sheet, is_required=name in node.get("required", ()))
        yield one
        if one.shape == GROUP:
            yield from _fields(child, here, inner_sheet)
        elif one.shape == TABLE:
            yield from _fields(child["items"], f"{here}/*", inner_sheet)
        elif one.shape == LIST:
            yield _field(child["items"], f"{here}/*", inner_sheet, is_required=False)


def _field(node: _Node, pointer: str, sheet: str, *, is_required: bool) -> Field:
    item = node.get("items", {})
    shape = GROUP if "properties" in node else TABLE if "properties" in item else LIST if item else VALUE
    value = item if shape == LIST else node
    return Field(
        pointer=pointer,
        shape=shape,
        x_type=node.get("x-type", "") if shape == VALUE else "",
        label=node.get("x-label", ""),
        aliases=tuple(node.get("x-aliases", ())),
        help=node.get("x-help", ""),
        example=value.get("x-example", ""),
        sheet=sheet,
        default=node.get("x-default", ""),
        choices={code: tuple(names) for code, names in value.get("x-choices", {}).items()},
        is_required=is_required,
        keeps_lines=node.get("x-keep-lines", False),
        rows=_rows(node["x-rows"]) if "x-rows" in node else None,
    )


def _rows(said: int | Mapping[str, Any]) -> Rows:
    return Rows(said) if isinstance(said, int) else Rows(each=said["each"], columns=dict(said.get("columns", {})))


def _problems(source: Declared, node: _Node, at: str, *, is_named: bool) -> Iterator[Problem]:
    """What the own schema cannot say about a node at pointer `at` of the file, and about everything below it."""
    if is_named and "x-label" not in node:
        yield source.problem(at, say("“{key}” is missing.", key="x-label"))
    if "x-rows" in node:
        yield from _row_problems(source, node, at)
    if "properties" in node:
        yield from _group_problems(source, node, at)
    elif "items" in node:
        yield from _problems(source, node["items"], f"{at}/items", is_named=False)
    elif node["type"] in {"object", "array"}:
        wanted = "properties" if node["type"] == "object" else "items"
        yield source.problem(at, say("“{key}” is missing.", key=wanted))
    else:
        yield from _value_problems(source, node, at)


def _row_problems(source: Declared, node: _Node, at: str) -> Iterator[Problem]:
    columns = node.get("items", {}).get("properties", {})
    if not columns:
        yield source.problem(f"{at}/x-rows", say("“x-rows” is for tables only."))
    rows = _rows(node["x-rows"])
    for column, name in rows.columns.items():
        if columns and column not in columns:
            yield source.problem(f"{at}/x-rows/columns/{column}", declared.unknown(column, columns))
        if name not in _ROW_NAMES[rows.each]:
            yield source.problem(f"{at}/x-rows/columns/{column}", declared.unknown(name, _ROW_NAMES[rows.each]))


def _group_problems(source: Declared, node: _Node, at: str) -> Iterator[Problem]:
    if node.get("additionalProperties") is not False:
        yield source.problem(
            at, say("Write “additionalProperties: false” here, so that a misspelt field is noticed.")
        )
    for position, name in enumerate(node.get("required", ())):
        if name not in node["properties"]:
            yield source.problem(f"{at}/required/{position}", declared.unknown(name, node["properties"]))
    for name, child in node["properties"].items():
        yield from _problems(source, child, f"{at}/properties/{name}", is_named=True)


def _value_problems(source: Declared, node: _Node, at: str) -> Iterator[Problem]:
    x_type = node.get("x-type")
    if x_type is None:
        yield source.problem(at, say("“{key}” is missing.", key="x-type"))
        return
    wanted = JSON_TYPES[x_type]
    if node["type"] != wanted:
        said = say(
            "A value of x-type {x_type} has the type {wanted}, not {found}.",
            x_type=x_type,
            wanted=wanted,
            found=node["type"],
        )
        yield source.problem(f"{at}/type", said)
    if (x_type == "date") != (node.get("format") == "date"):
        yield source.problem(at, say("“x-type: date” and “format: date” belong together."))
    if x_type == "choice" and set(node.get("enum", ())) != set(node.get("x-choices", {})):
        said = say("A choice needs “enum” and “x-choices” with the same codes.")
        yield source.problem(at, said)


def _label_problems(source: Declared, tree: FieldTree) -> Iterator[Problem]:
    """Labels by which two fields of one place would be taken for each other."""
    owners: dict[tuple[str, str], Field] = {}
    for one in tree:
        if one.shape in {GROUP, TABLE} or not one.label:
            continue
        scope = _scope(tree, one)
        for label in (one.label, *one.aliases):
            other = owners.setdefault((scope, compare_key(label)), one)
            if other is not one:
                said = say(
                    "The label “{label}” belongs to {first} and to {second}; give one of them another.",
                    label=label,
                    first=other.pointer,
                    second=one.pointer,
                )
                yield source.problem(_place_in_schema(one.pointer), said)


def _scope(tree: FieldTree, one: Field) -> str:
    """Where a label must be unique: the columns of one table, or all that stands outside tables."""
    above = one.parent
    while above and not above.endswith("/*"):
        above = above.rpartition("/")[0]
    return above or ""


def _place_in_schema(pointer: str) -> str:
    """Where a field stands in the file: "/a/*/b" -> "/properties/a/items/properties/b"."""
    return "".join("/items" if part == "*" else f"/properties/{part}" for part in pointer.split("/")[1:])
