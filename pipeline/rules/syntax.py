"""The syntax tree of a compiled CEL expression.

cel-expr-python gives the tree only as a serialised `cel.expr.CheckedExpr` protobuf message; the few fields needed are
decoded here (field numbers: google/cel-spec, proto/cel/expr/checked.proto and syntax.proto), without protobuf.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

Raw: TypeAlias = "dict[int, list[int | bytes]]"


@dataclass(frozen=True)
class Const:
    """A literal; `kind` is its field number in cel.expr.Constant (2 bool, 3 int, 5 double, 6 string, …)."""

    kind: int
    text: str = ""


@dataclass(frozen=True)
class Ident:
    """A variable."""

    name: str


@dataclass(frozen=True)
class Select:
    """`operand.field`, or has(operand.field) when `is_test`."""

    operand: "Node"
    field: str
    is_test: bool


@dataclass(frozen=True)
class Call:
    """A function, method or operator; `arguments` begin with the target of a method."""

    function: str
    arguments: "tuple[Node, ...]"


@dataclass(frozen=True)
class Comprehension:
    """What all, exists, exists_one, map and filter become."""

    variable: str
    over: "Node"
    accumulator: str
    parts: "tuple[Node, ...]"


@dataclass(frozen=True)
class Several:
    """A list or map literal."""

    elements: "tuple[Node, ...]"


Node: TypeAlias = "Const | Ident | Select | Call | Comprehension | Several"

CONST_BOOL, CONST_INT, CONST_DOUBLE, CONST_STRING = 2, 3, 5, 6


def tree_of(serialized: bytes) -> Node:
    """The tree of `Expression.serialize()`: an Any that holds a CheckedExpr, whose field 4 is the expression."""
    checked = _one(_fields(serialized), 2)
    return _node(_one(_fields(checked), 4))


def walk(node: Node) -> Iterator[Node]:
    """`node` and everything below it."""
    yield node
    match node:
        case Select(operand=operand):
            yield from walk(operand)
        case Call(arguments=several) | Several(elements=several):
            for one in several:
                yield from walk(one)
        case Comprehension(over=over, parts=parts):
            for one in (over, *parts):
                yield from walk(one)


Path: TypeAlias = tuple[str, ...]
EVERY_ELEMENT = "*"


def paths(node: Node) -> set[Path]:
    """The paths of all variables `node` uses, as far as they can be followed: ("year", "units", "*", "code").

    A path that ends early stands for everything below it.
    """
    found: set[Path] = set()
    _use(node, {}, found)
    return found


def direct_path(node: Node) -> Path | None:
    """The path when the whole expression is nothing but one: `year.windows.signing`."""
    match node:
        case Ident(name):
            return (name,)
        case Select(operand=operand, field=name, is_test=False):
            above = direct_path(operand)
            return None if above is None else (*above, name)
        case _:
            return None


_Bound: TypeAlias = "dict[str, Path | None]"


def _use(node: Node, bound: _Bound, found: set[Path]) -> None:
    """Note what `node` uses; what is used only as the beginning of a longer path is not noted by itself."""
    path = _path(node, bound, found)
    if path is not None:
        found.add(path)


def _path(node: Node, bound: _Bound, found: set[Path]) -> Path | None:
    match node:
        case Ident(name):
            return bound.get(name, (name,))
        case Select(operand=operand, field=name):
            above = _path(operand, bound, found)
            return None if above is None else (*above, name)
        case Call(function="_[_]", arguments=(over, index)):
            _use(index, bound, found)
            if isinstance(index, Const) and index.kind == CONST_STRING:
                return _path(Select(over, index.text, is_test=False), bound, found)
            above = _path(over, bound, found)
            return None if above is None else (*above, EVERY_ELEMENT)
        case Call(arguments=several) | Several(elements=several):
            for one in several:
                _use(one, bound, found)
        case Comprehension(variable, over, accumulator, parts):
            above = _path(over, bound, found)
            element = None if above is None else (*above, EVERY_ELEMENT)
            if above is not None:
                found.add((*above, EVERY_ELEMENT, ""))  # the list itself is needed, be its elements used or not
            for one in parts:
                _use(one, {**bound, variable: element, accumulator: None}, found)
    return None


def _fields(message: bytes) -> Raw:
    found: Raw = {}
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, wire = tag >> 3, tag & 7
        value: int | bytes
        if wire == 0:
            value, at = _varint(message, at)
        elif wire == 2:
            length, at = _varint(message, at)
            value, at = message[at : at + length], at + length
        else:
            size = {1: 8, 5: 4}[wire]
            value, at = message[at : at + size], at + size
        found.setdefault(number, []).append(value)
    return found


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _all(raw: Raw, number: int) -> list[bytes]:
    return [value for value in raw.get(number, []) if isinstance(value, bytes)]


def _one(raw: Raw, number: int) -> bytes:
    return next(iter(_all(raw, number)), b"")


def _text(raw: Raw, number: int) -> str:
    return _one(raw, number).decode()


def _node(message: bytes) -> Node:
    raw = _fields(message)
    kind = next((number for number in range(3, 10) if number in raw), 0)
    inner = _fields(_one(raw, kind))
    match kind:
        case 4:
            return Ident(_text(inner, 1))
        case 5:
            return Select(_node(_one(inner, 1)), _text(inner, 2), is_test=inner.get(3, [0])[0] == 1)
        case 6:
            target = [_node(one) for one in _all(inner, 1)]
            return Call(_text(inner, 2), (*target, *(_node(one) for one in _all(inner, 3))))
        case 7:
            return Several(tuple(_node(one) for one in _all(inner, 1)))
        case 8:
            return Several(tuple(_node(part) for entry in _all(inner, 2) for part in _entry(entry)))
        case 9:
            parts = tuple(_node(part) for number in (4, 5, 6, 7) for part in _all(inner, number))
            return Comprehension(_text(inner, 1), _node(_one(inner, 2)), _text(inner, 3), parts)
        case _:
            literal = next(iter(inner), 0)
            return Const(literal, _literal(inner, literal))


def _literal(inner: Raw, kind: int) -> str:
    """A literal as text, as far as it is looked at: texts, truth values, whole numbers."""
    value = inner.get(kind, [0])[0]
    if isinstance(value, bytes):
        return value.decode() if kind == CONST_STRING else ""
    if kind == CONST_BOOL:
        return "true" if value else "false"
    return str(value - (1 << 64) if value >> 63 else value) if kind == CONST_INT else ""


def _entry(entry: bytes) -> list[bytes]:
    raw = _fields(entry)
    return [part for number in (3, 4) for part in _all(raw, number)]
