"""The syntax tree of a compiled CEL expression.

cel-expr-python gives the tree only as a serialised `cel.expr.CheckedExpr` protobuf message.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, message_factory


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

# field numbers of cel.expr.Constant
CONST_BOOL, CONST_INT, CONST_DOUBLE, CONST_STRING = 2, 3, 5, 6


def tree_of(serialized: bytes) -> Node:
    """The tree of `Expression.serialize()`: an Any that holds a CheckedExpr."""
    checked: Any = _checked_expr().FromString(any_pb2.Any.FromString(serialized).value)
    return _node(checked.expr)


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
                # the accumulator (“@result”) belongs to the macro: it is no variable of ours
                _use(one, {**bound, variable: element, accumulator: None}, found)
    return None


#: What is read of cel.expr.CheckedExpr (google/cel-spec, proto/cel/expr/checked.proto and syntax.proto): for each
#: message its fields as "number name type", a star for a repeated one. protobuf passes over all others.
_MESSAGES: Final = {
    "CheckedExpr": "4 expr Expr",
    "Expr": (
        "3 const_expr Constant, 4 ident_expr Ident, 5 select_expr Select, 6 call_expr Call, 7 list_expr CreateList, "
        "8 struct_expr CreateStruct, 9 comprehension_expr Comprehension"
    ),
    "Constant": (
        "1 null_value int64, 2 bool_value bool, 3 int64_value int64, 4 uint64_value uint64, 5 double_value double, "
        "6 string_value string, 7 bytes_value bytes, 8 duration_value bytes, 9 timestamp_value bytes"
    ),
    "Ident": "1 name string",
    "Select": "1 operand Expr, 2 field string, 3 test_only bool",
    "Call": "1 target Expr, 2 function string, 3 args Expr*",
    "CreateList": "1 elements Expr*",
    "CreateStruct": "2 entries Entry*",
    "Entry": "3 map_key Expr, 4 value Expr",
    "Comprehension": (
        "1 iter_var string, 2 iter_range Expr, 3 accu_var string, 4 accu_init Expr, 5 loop_condition Expr, "
        "6 loop_step Expr, 7 result Expr"
    ),
}
#: The messages in which exactly one field is set.
_ONE_OF: Final = frozenset({"Expr", "Constant"})


@functools.cache
def _checked_expr() -> Any:  # noqa: ANN401 - protobuf has no types here
    """The class of a CheckedExpr, made of `_MESSAGES`; no package on the index ships the generated ones."""
    file = descriptor_pb2.FileDescriptorProto(name="cel/expr/checked.proto", package="cel.expr")
    scalars = descriptor_pb2.FieldDescriptorProto.Type
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        if name in _ONE_OF:
            message.oneof_decl.add(name="kind")
        for field in fields.split(", "):
            number, called, type_ = field.split(" ")
            made = message.field.add(name=called, number=int(number))
            made.label = made.LABEL_REPEATED if type_.endswith("*") else made.LABEL_OPTIONAL
            if (bare := type_.removesuffix("*")) in _MESSAGES:
                made.type, made.type_name = made.TYPE_MESSAGE, f".cel.expr.{bare}"
            else:
                made.type = scalars.Value(f"TYPE_{bare.upper()}")
            if name in _ONE_OF:
                made.oneof_index = 0
    # a pool of our own: another library may one day register the whole of cel.expr in the default one
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("cel.expr.CheckedExpr"))


def _node(expr: Any) -> Node:  # noqa: ANN401 - a message whose class is made above
    match expr.WhichOneof("kind"):
        case "ident_expr":
            return Ident(expr.ident_expr.name)
        case "select_expr":
            select = expr.select_expr
            return Select(_node(select.operand), select.field, is_test=select.test_only)
        case "call_expr":
            call = expr.call_expr
            target = [call.target] if call.HasField("target") else []
            return Call(call.function, tuple(_node(one) for one in (*target, *call.args)))
        case "list_expr":
            return Several(tuple(_node(one) for one in expr.list_expr.elements))
        case "struct_expr":
            entries = expr.struct_expr.entries
            return Several(tuple(_node(part) for entry in entries for part in (entry.map_key, entry.value)))
        case "comprehension_expr":
            loop = expr.comprehension_expr
            parts = (loop.accu_init, loop.loop_condition, loop.loop_step, loop.result)
            return Comprehension(
                loop.iter_var, _node(loop.iter_range), loop.accu_var, tuple(_node(one) for one in parts)
            )
        case _:
            return _literal(expr.const_expr)


def _literal(constant: Any) -> Const:  # noqa: ANN401 - as above
    """A literal; its text as far as it is looked at: texts, truth values, whole numbers."""
    kind = constant.WhichOneof("kind")
    if kind is None:
        return Const(0)
    value = getattr(constant, kind)
    number = constant.DESCRIPTOR.fields_by_name[kind].number
    # Python writes True, CEL true
    if number == CONST_BOOL:
        return Const(number, "true" if value else "false")
    return Const(number, str(value) if number in (CONST_INT, CONST_STRING) else "")
