"""What an expression reads: its paths are followed through the form's shape, so that a misspelt field is refused.

CEL itself cannot tell: a form is a map to it, and a name that is not there
becomes an error only when it is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pipeline.messages import say
from pipeline.model import EVERY, Message
from pipeline.rules import syntax
from pipeline.rules.matching import Read
from pipeline.rules.shapes import ANY, Shape, nearest
from pipeline.rules.syntax import Call, Comprehension, Const, Ident, Node, Select, Several

#: CEL keeps whole numbers and fractions apart in arithmetic; these x-types are the one or the other.
FRACTIONS: Final = frozenset({"number", "percent"})
WHOLE: Final = frozenset({"integer", "money", "year"})
_ARITHMETIC: Final = frozenset({"_+_", "_-_", "_*_", "_/_"})
_COMPARISONS: Final = frozenset({"_==_", "_!=_", "@in"})
#: x-types whose values have parts of their own that a form need not list
OPEN: Final = frozenset({"person", "doc_ref", "date_fuzzy"})
#: functions whose second argument names a column of their first
_COLUMNS: Final = frozenset({"column", "total", "count", "find"})


@dataclass
class Reads:
    """The places of the form an expression reads, and what is wrong with it."""

    places: set[Read] = field(default_factory=set)
    guarded: set[Read] = field(default_factory=set)  #: asked for with has(): may be absent
    problems: list[Message] = field(default_factory=list)


def follow(node: Node, roots: Mapping[str, Shape], form: Shape, rows: Shape) -> Reads:
    """What the expression `node` reads; `roots` gives the shape behind each variable that has one.

    Shapes of `form` are those of the whole form, shapes of `rows` (its double) those of the row a rule stands in.
    """
    walker = _Walker(form, rows)
    walker.use(node, dict(roots))
    return walker.reads


class _Walker:
    def __init__(self, form: Shape, rows: Shape) -> None:
        self.form, self.rows = form, rows
        self.reads = Reads()

    def use(self, node: Node, scope: dict[str, Shape | None]) -> Shape | None:
        """The shape of what `node` gives (None: unknown), noted as read."""
        shape = self._shape(node, scope)
        self._note(shape)
        return shape

    def _note(self, shape: Shape | None) -> None:
        if shape is not None and shape.address and (read := self._read(shape)) is not None:
            self.reads.places.add(read)

    def _read(self, shape: Shape) -> Read | None:
        """A shape as a place of the form; None for one of another document."""
        # the two are equal: only by identity are they told apart
        if self.form.at(shape.address) is shape:
            return Read(shape.address, is_of_row=False)
        return Read(shape.address) if self.rows.at(shape.address) is shape else None

    def _shape(self, node: Node, scope: dict[str, Shape | None]) -> Shape | None:
        match node:
            case Ident(name):
                return scope.get(name)
            case Select():
                return self._select(node, scope)
            case Call():
                return self._call(node, scope)
            case Comprehension():
                return self._comprehension(node, scope)
            case Several(elements):
                for element in elements:
                    self.use(element, scope)
        return None

    def _select(self, node: Select, scope: dict[str, Shape | None]) -> Shape | None:
        shape = self._shape(node.operand, scope)
        if shape is None:
            return None
        # what lies below is not known: the place itself is read
        if shape.is_open or (not shape.below and shape.x_type in OPEN):
            self._note(shape)
            return None
        found = shape.below.get(node.field) or shape.below.get(ANY)
        if found is None:
            self._unknown(shape, node.field)
            return None
        if node.is_test:
            read = self._read(found)
            self.reads.guarded |= {read} if read is not None else set()
            return None
        return found

    def _call(self, node: Call, scope: dict[str, Shape | None]) -> Shape | None:
        shapes = [self.use(argument, scope) for argument in node.arguments]
        if node.function in _ARITHMETIC:
            self._check_arithmetic(node, shapes)
        if node.function in _COMPARISONS:
            self._check_choices(node, shapes)
        first = shapes[0] if shapes else None
        if first is None:
            return None
        if node.function == "_[_]":
            return self._indexed(first, node.arguments[1])
        if node.function in _COLUMNS and len(node.arguments) > 1:
            self._check_column(first, *node.arguments[1:])
            return first.element if node.function == "find" else None
        return None

    def _comprehension(self, node: Comprehension, scope: dict[str, Shape | None]) -> Shape | None:
        over = self.use(node.over, scope)
        inner = {**scope, node.variable: over.element if over is not None else None, node.accumulator: None}
        for part in node.parts:
            self.use(part, inner)
        # what is kept are rows of the same list, so their columns go on being checked
        return over if _is_filter(node) else None

    def _indexed(self, shape: Shape, index: Node) -> Shape | None:
        if isinstance(index, Const) and index.kind == syntax.CONST_STRING and EVERY not in shape.below:
            # `x["name"]` reads what `x.name` reads
            return self._select(Select(Ident("@"), index.text, is_test=False), {"@": shape})
        return shape.element

    def _check_column(self, shape: Shape, column: Node, wanted: "Node | None" = None) -> None:
        element = shape.element
        # the name of a column that is computed cannot be followed
        if element is None or not element.below or not isinstance(column, Const) or not column.text:
            return
        if column.text not in element.below:
            self._unknown(element, column.text)
            return
        self._note(element.below[column.text])
        if wanted is not None:
            self._check_choice(element.below[column.text], wanted)

    def _check_arithmetic(self, node: Call, shapes: list[Shape | None]) -> None:
        kinds = {_numeric(argument, shape) for argument, shape in zip(node.arguments, shapes, strict=True)}
        if {"whole", "fraction"} <= kinds:
            self.reads.problems.append(
                say(
                    "whole numbers and fractions are mixed in “{operator}”; write 2.0 for 2, or use number(…)",
                    operator=node.function.strip("_"),
                )
            )

    def _check_choices(self, node: Call, shapes: list[Shape | None]) -> None:
        for shape, other in zip(shapes, reversed(node.arguments), strict=False):
            if shape is not None:
                self._check_choice(shape, other)

    def _check_choice(self, shape: Shape, other: Node) -> None:
        """Refuse a choice compared with a code it never has."""
        if shape.choices:
            self.reads.problems += [_no_choice(shape, text) for text in _texts(other) if text not in shape.choices]

    def _unknown(self, shape: Shape, name: str) -> None:
        close = nearest(name, shape.names())
        if close:
            text = say(
                "“{name}” is not a field of “{place}”; did you mean “{close}”?",
                name=name,
                place=str(shape.address) or "/",
                close=close,
            )
        else:
            text = say("“{name}” is not a field of “{place}”", name=name, place=str(shape.address) or "/")
        self.reads.problems.append(text)


def _is_filter(node: Comprehension) -> bool:
    """Whether a comprehension gives some of the elements it goes through: each step adds the element itself."""
    kept = Call("_+_", (Ident(node.accumulator), Several((Ident(node.variable),))))
    return any(isinstance(part, Call) and part.function == "_?_:_" and kept in part.arguments for part in node.parts)


def _texts(node: Node) -> list[str]:
    """The texts of a literal, or of a list of literals."""
    among = node.elements if isinstance(node, Several) else (node,)
    return [one.text for one in among if isinstance(one, Const) and one.kind == syntax.CONST_STRING]


def _no_choice(shape: Shape, text: str) -> Message:
    close, place = nearest(text, shape.choices), str(shape.address)
    if close:
        return say(
            "“{found}” is no choice of “{place}”; did you mean “{close}”?", found=text, place=place, close=close
        )
    known = ", ".join(shape.choices)
    return say("“{found}” is no choice of “{place}” (known: {known})", found=text, place=place, known=known)


def _numeric(node: Node, shape: Shape | None) -> str:
    if isinstance(node, Const):
        return {syntax.CONST_INT: "whole", syntax.CONST_DOUBLE: "fraction"}.get(node.kind, "")
    if isinstance(node, Call) and node.function in {"total", "number"}:
        return "fraction"
    if isinstance(node, Call) and node.function in {"size", "count", "days_between"}:
        return "whole"
    if shape is None:
        return ""
    return "fraction" if shape.x_type in FRACTIONS else "whole" if shape.x_type in WHOLE else ""
