"""What a reader must know to read: the form of every kind, the names of the units and of the contents, the year.

A `ReadingContext` is plain data, so that it can be sent to a guarded child as JSON.
"""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.model import Json, JsonObject

OBJECT: Final = "object"
TABLE: Final = "table"


@dataclass(frozen=True)
class Choice:
    """One of the values a choice may have: its code, and what people write for it."""

    code: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Node:
    """One field of a form, or a group or table of fields.

    `type` is OBJECT (children are its fields), TABLE (a list of objects; children are its columns) or the x-type of
    a value; `is_list` says that it holds several of them. `pointer` has a `*` for every row: "/targets/*/due".
    """

    name: str
    pointer: str
    type: str
    label: str = ""
    aliases: tuple[str, ...] = ()
    is_list: bool = False
    keeps_lines: bool = False  #: several lines in one cell are several items of the table
    sheet: str = ""
    choices: "tuple[Choice, ...]" = ()
    children: "tuple[Node, ...]" = ()

    @property
    def is_group(self) -> bool:
        """Whether it holds fields and no value of its own."""
        return self.type in {OBJECT, TABLE}

    @property
    def labels(self) -> tuple[str, ...]:
        """The label and its other spellings."""
        return (self.label, *self.aliases) if self.label else self.aliases

    def child(self, name: str) -> "Node | None":
        """The field of this name in a group."""
        return next((child for child in self.children if child.name == name), None)

    def walk(self) -> "Iterator[Node]":
        """This node and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class KindForm:
    """A kind as reading sees it: how its forms call themselves, and their fields below one OBJECT node."""

    kind: str
    title: str
    titles: tuple[str, ...]
    root: Node
    abbreviation: str = ""
    version: str = ""  #: of its fields; "" when nobody asks


@dataclass(frozen=True)
class UnitNames:
    """A unit's code and everything it is called: its code again, its name, its office, then other spellings."""

    code: str
    names: tuple[str, ...]

    @property
    def own_names(self) -> tuple[str, ...]:
        """What it is properly called."""
        return self.names[:3]


@dataclass(frozen=True)
class ContentName:
    """A content of the year: its code and title."""

    code: str
    title: str


@dataclass(frozen=True)
class ReadingContext:
    """Everything reading knows."""

    kinds: tuple[KindForm, ...]
    units: tuple[UnitNames, ...] = ()
    contents: tuple[ContentName, ...] = ()
    year: int = 0

    def form(self, kind: str) -> KindForm | None:
        """The form of a kind id."""
        return next((form for form in self.kinds if form.kind == kind), None)


def is_number(part: str) -> bool:
    """Whether a part of a pointer is the number of a row or an item."""
    return part.isascii() and part.isdigit()


def node_at(root: Node, pointer: str) -> Node | None:
    """The field that a pointer with row numbers names, or None."""
    node: Node | None = root
    before = ""
    for part in pointer.split("/")[1:]:
        if node is None:
            return None
        if not (is_number(part) and node.is_list and not is_number(before)):
            node = node.child(part) if node.type != TABLE or is_number(before) else None
        before = part
    return node


def form_tree(schema: JsonObject) -> Node:
    """The fields of a form from its fields.yaml (a JSON Schema with x-… annotations; see docs/kinds.md)."""
    return _node("", "", schema, "")


def _node(name: str, pointer: str, schema: JsonObject, sheet: str) -> Node:
    sheet = _text(schema.get("x-sheet")) or sheet
    made = functools.partial(
        Node,
        name=name,
        pointer=pointer,
        label=_text(schema.get("x-label")),
        aliases=tuple(_text(alias) for alias in _list(schema.get("x-aliases"))),
        sheet=sheet,
    )
    items = _object(schema.get("items"))
    if "properties" in schema:
        return made(type=OBJECT, children=_children(pointer, schema, sheet))
    if "properties" in items:
        return made(type=TABLE, is_list=True, children=_children(f"{pointer}/*", items, sheet))
    value = items or schema
    return made(
        type=_text(value.get("x-type")) or "text",
        is_list=bool(items),
        keeps_lines=bool(schema.get("x-keep-lines")),
        choices=tuple(_choices(value)),
    )


def _choices(value: JsonObject) -> Iterator[Choice]:
    named = _object(value.get("x-choices"))
    for code in _list(value.get("enum")) or list(named):
        yield Choice(_text(code), tuple(_text(name) for name in _list(named.get(_text(code)))))


def _children(pointer: str, schema: JsonObject, sheet: str) -> tuple[Node, ...]:
    return tuple(
        _node(name, f"{pointer}/{name}", _object(child), sheet)
        for name, child in _object(schema.get("properties")).items()
    )


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else ()


def _object(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}
