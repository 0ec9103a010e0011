"""A form's fields: `fields.yaml`, a JSON Schema with notes for people, made the one `FormTree` of its form."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

from pipeline.messages import say
from pipeline.model import (
    EVERY,
    GROUP,
    LIST,
    TABLE,
    VALUE,
    WHOLE,
    Address,
    Field,
    Finding,
    FormTree,
    Place,
    Rows,
    Severity,
)
from pipeline.rules import structure_check
from pipeline.strict_yaml import declared
from pipeline.strict_yaml.declared import Declared
from pipeline.vietnamese import compare_key

_SCHEMA: Final = Path(__file__).with_name("fields.schema.yaml")

#: What JSON Schema says of a value or a list that others than its judge want to know.
_LIMITS: Final = (
    *("minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "uniqueItems"),
    *("enum", "format", "pattern"),
)

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


def read(content: bytes, file: str) -> tuple[FormTree, tuple[Finding, ...]]:
    """The fields in a fields.yaml named `file`, and every problem of it; with problems the tree is not to be used."""
    source = declared.read(content, file, _SCHEMA)
    if source.problems:
        return FormTree(), source.problems
    schema = source.table
    tree = FormTree(_field(schema, WHOLE, "", is_required=True), schema)
    problems = [*_problems(source, schema, "", is_named=False), *_label_problems(source, tree)]
    if not problems:
        try:
            # only compiling shows whether patterns and references can be used
            structure_check(tree)
        except (ValueError, jsonschema_rs.ValidationError) as error:
            said = say("This is not a usable JSON Schema: {reason}", reason=str(error))
            problems.append(Finding("fields.schema", Severity.BLOCK, said, Place(file=file)))
    return tree, tuple(problems)


# The own schema has vouched for the shape of every node below.
_Node = Mapping[str, Any]


def _field(node: _Node, address: Address, sheet: str, *, is_required: bool) -> Field:
    """A field and everything below it."""
    sheet = node.get("x-sheet", sheet)
    item = node.get("items", {})
    shape = GROUP if "properties" in node else TABLE if "properties" in item else LIST if item else VALUE
    value = item if shape == LIST else node
    return Field(
        address=address,
        shape=shape,
        x_type=node.get("x-type", "") if shape == VALUE else "",
        label=node.get("x-label", ""),
        aliases=tuple(node.get("x-aliases", ())),
        help=node.get("x-help", ""),
        example=value.get("x-example", ""),
        sheet=sheet,
        default=node.get("x-default", ""),
        cites=node.get("x-cites", ""),
        choices={code: tuple(names) for code, names in value.get("x-choices", {}).items()},
        is_required=is_required,
        keeps_lines=node.get("x-keep-lines", False),
        keeps_title=node.get("x-keep-title", False),
        rows=_rows(node["x-rows"]) if "x-rows" in node else None,
        limits={word: node[word] for word in _LIMITS if word in node},
        children=_children(
            item if shape == TABLE else node, address.child(EVERY) if shape == TABLE else address, sheet
        ),
        item=_field(item, address.child(EVERY), sheet, is_required=False) if shape == LIST else None,
    )


def _children(node: _Node, address: Address, sheet: str) -> tuple[Field, ...]:
    required = node.get("required", ())
    return tuple(
        _field(child, address.child(name), sheet, is_required=name in required)
        for name, child in node.get("properties", {}).items()
    )


def _rows(said: int | Mapping[str, Any]) -> Rows:
    return Rows(said) if isinstance(said, int) else Rows(each=said["each"], columns=dict(said.get("columns", {})))


def _problems(source: Declared, node: _Node, at: str, *, is_named: bool) -> Iterator[Finding]:
    """What the own schema cannot say about a node at pointer `at` of the file, and about everything below it."""
    if is_named and "x-label" not in node:
        yield source.problem("fields.missing", at, say("“{key}” is missing.", key="x-label"))
    if "x-rows" in node:
        yield from _row_problems(source, node, at)
    if "properties" in node:
        yield from _group_problems(source, node, at)
    elif "items" in node:
        yield from _problems(source, node["items"], f"{at}/items", is_named=False)
    elif node["type"] in {"object", "array"}:
        wanted = "properties" if node["type"] == "object" else "items"
        yield source.problem("fields.missing", at, say("“{key}” is missing.", key=wanted))
    else:
        yield from _value_problems(source, node, at)


def _row_problems(source: Declared, node: _Node, at: str) -> Iterator[Finding]:
    columns = node.get("items", {}).get("properties", {})
    if not columns:
        yield source.problem("fields.rows", f"{at}/x-rows", say("“x-rows” is for tables only."))
    rows = _rows(node["x-rows"])
    for column, name in rows.columns.items():
        if columns and column not in columns:
            yield source.problem("fields.rows", f"{at}/x-rows/columns/{column}", declared.unknown(column, columns))
        if name not in _ROW_NAMES[rows.each]:
            yield source.problem(
                "fields.rows", f"{at}/x-rows/columns/{column}", declared.unknown(name, _ROW_NAMES[rows.each])
            )


def _group_problems(source: Declared, node: _Node, at: str) -> Iterator[Finding]:
    if node.get("additionalProperties") is not False:
        yield source.problem(
            "fields.open", at, say("Write “additionalProperties: false” here, so that a misspelt field is noticed.")
        )
    for position, name in enumerate(node.get("required", ())):
        if name not in node["properties"]:
            yield source.problem(
                "fields.unknown", f"{at}/required/{position}", declared.unknown(name, node["properties"])
            )
    for name, child in node["properties"].items():
        yield from _problems(source, child, f"{at}/properties/{name}", is_named=True)


def _value_problems(source: Declared, node: _Node, at: str) -> Iterator[Finding]:
    x_type = node.get("x-type")
    if x_type is None:
        yield source.problem("fields.missing", at, say("“{key}” is missing.", key="x-type"))
        return
    wanted = JSON_TYPES[x_type]
    if node["type"] != wanted:
        said = say(
            "A value of x-type {x_type} has the type {wanted}, not {found}.",
            x_type=x_type,
            wanted=wanted,
            found=node["type"],
        )
        yield source.problem("fields.type", f"{at}/type", said)
    # readers go by the one, the structure check by the other
    if (x_type == "date") != (node.get("format") == "date"):
        yield source.problem("fields.date", at, say("“x-type: date” and “format: date” belong together."))
    if x_type == "choice" and set(node.get("enum", ())) != set(node.get("x-choices", {})):
        said = say("A choice needs “enum” and “x-choices” with the same codes.")
        yield source.problem("fields.choice", at, said)


def _label_problems(source: Declared, tree: FormTree) -> Iterator[Finding]:
    """Labels by which two fields of one place would be taken for each other."""
    owners: dict[tuple[Address, str], Field] = {}
    for one in tree:
        if one.shape in {GROUP, TABLE} or not one.label:
            continue
        scope = _scope(one)
        for label in (one.label, *one.aliases):
            other = owners.setdefault((scope, compare_key(label)), one)
            if other is not one:
                said = say(
                    "The label “{label}” belongs to {first} and to {second}; give one of them another.",
                    label=label,
                    first=str(other.address),
                    second=str(one.address),
                )
                yield source.problem("fields.label", _place_in_schema(one.address), said)


def _scope(one: Field) -> Address:
    """Where a label must be unique: the columns of one table, or all that stands outside tables."""
    above = one.address.parent
    while above and above.name != EVERY:
        above = above.parent
    return above


def _place_in_schema(address: Address) -> str:
    """Where a field stands in the file: "/a/*/b" -> "/properties/a/items/properties/b"."""
    return "".join("/items" if step == EVERY else f"/properties/{step}" for step in address)
