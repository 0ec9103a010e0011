"""Following the values through a template's tree: which path of the values each expression reads.

Every expression is given a *meaning*: a path of the values, a list of meanings, a made-up structure, a macro, or
nothing that comes from the values. Names a template makes itself (loop variables, set, macros and their arguments,
blocks) mean what they were given, so `{% set s = unit.signatory %}{{ s.name }}` reads "unit.signatory.name".
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

from jinja2 import nodes
from jinja2.defaults import DEFAULT_NAMESPACE

_OWN: Final = frozenset({*DEFAULT_NAMESPACE, "loop", "self", "super", "caller", "varargs", "kwargs"})
#: Filters that give back the list they got, or elements of it.
_SAME: Final = frozenset(
    {
        "sort",
        "list",
        "reverse",
        "unique",
        "select",
        "reject",
        "selectattr",
        "rejectattr",
        "safe",
        "e",
        "escape",
        "forceescape",
        "string",
        "trim",
    }
)
_ONE: Final = frozenset({"first", "last", "random", "min", "max"})
_BY_ATTRIBUTE: Final = frozenset({"map", "sort", "sum", "min", "max", "unique", "groupby", "join"})
_DEPTH: Final = 6


class Read(NamedTuple):
    """One reading of a path, at a line of the numbered text."""

    path: str
    use: str
    is_optional: bool
    line: int


@dataclass(frozen=True)
class Path:
    """Something of the values; `is_optional` when the template has said what to do without it."""

    text: str
    is_optional: bool = False

    def at(self, name: str) -> "Path":
        """The value under a key of it."""
        return Path(f"{self.text}.{name}", self.is_optional)

    @property
    def element(self) -> "Path":
        """Any element of it."""
        return Path(f"{self.text}[]", self.is_optional)


@dataclass(frozen=True)
class Elements:
    """A list made in the template, of elements of one meaning; `positions` when they are told apart (a tuple)."""

    element: "Meaning" = None
    positions: tuple["Meaning", ...] = ()


@dataclass
class Structure:
    """A namespace or dict made in the template, or a group of `groupby`."""

    attributes: dict[str, "Meaning"] = field(default_factory=dict)
    positions: tuple["Meaning", ...] = ()


@dataclass(frozen=True)
class Made:
    """A macro of the template, or the body of a call block."""

    node: Any


@dataclass(frozen=True)
class Either:
    """One meaning or another."""

    meanings: tuple["Meaning", ...]


#: None: nothing that comes from the values.
Meaning: TypeAlias = Path | Elements | Structure | Made | Either | None


def either(*meanings: Meaning) -> Meaning:
    """One of several meanings."""
    flat: list[Meaning] = []
    for meaning in meanings:
        flat += meaning.meanings if isinstance(meaning, Either) else [meaning]
    distinct = [one for index, one in enumerate(flat) if one is not None and one not in flat[:index]]
    if not distinct:
        return None
    return (
        distinct[0]
        if len(distinct) == 1 and None not in flat
        else Either((*distinct, *([None] if None in flat else [])))
    )


class Trace:
    """One walk through one part; `reads` and `filters` are the result."""

    def __init__(self) -> None:
        self.reads: list[Read] = []
        self.filters: set[str] = set()
        self._scopes: list[dict[str, Meaning]] = [{}]
        self._guarded: list[str] = []
        self._calling: list[int] = []
        self._called: set[int] = set()
        self._loops: list[nodes.For] = []

    def through(self, template: nodes.Template) -> None:
        """Follow a whole part; macros nobody calls are followed at the end."""
        self._body(template.body)
        for macro in template.find_all(nodes.Macro):
            if id(macro) not in self._called:
                self._expand(macro, [], {})

    # ------------------------------------------------------------------------------------------ statements

    def _body(self, body: Iterable[nodes.Node]) -> None:
        for node in body:
            method = getattr(self, f"_do_{type(node).__name__}", self._do_other)
            method(node)

    def _do_other(self, node: nodes.Node) -> None:
        for child in node.iter_child_nodes():
            if isinstance(child, nodes.Expr):
                self._value(child)
            else:
                self._body([child])

    def _do_Output(self, node: nodes.Output) -> None:
        for child in node.nodes:
            self._read(child, "text")

    def _do_If(self, node: nodes.If) -> None:
        before = dict(self._scopes[-1])
        ends: list[dict[str, Meaning]] = []
        with self._guarding(node.test):
            self._read(node.test, "test")
            self._body(node.body)
        ends.append(self._scopes[-1])
        for other in (*node.elif_, None):
            self._scopes[-1] = dict(before)
            if other is None:
                self._body(node.else_)
            else:
                with self._guarding(other.test):
                    self._read(other.test, "test")
                    self._body(other.body)
            ends.append(self._scopes[-1])
        names = {name for end in ends for name in end}
        self._scopes[-1] = {name: either(*(self._seen(name, end, before) for end in ends)) for name in names}

    def _seen(self, name: str, end: dict[str, Meaning], before: dict[str, Meaning]) -> Meaning:
        """What a name means at the end of a branch that may not have set it: then it comes from outside."""
        if name in end:
            return end[name]
        for scope in reversed(self._scopes[:-1]):
            if name in scope:
                return scope[name]
        return None if name in _OWN or name in before else Path(name)

    def _do_For(self, node: nodes.For) -> None:
        element = self._element(self._read(node.iter, "list"))
        with self._scope():
            self._scopes[-1]["loop"] = None
            self._assign(node.target, element)
            if node.test is not None:
                self._read(node.test, "test")
            self._loops.append(node)
            self._body(node.body)
            self._loops.pop()
        with self._scope():
            self._body(node.else_)

    def _do_Assign(self, node: nodes.Assign) -> None:
        self._assign(node.target, self._value(node.node))

    def _do_AssignBlock(self, node: nodes.AssignBlock) -> None:
        with self._scope():
            self._body(node.body)
        if node.filter is not None:
            self._value(node.filter)
        self._assign(node.target, None)

    def _do_With(self, node: nodes.With) -> None:
        meanings = [self._value(value) for value in node.values]
        with self._scope():
            for target, meaning in zip(node.targets, meanings, strict=True):
                self._assign(target, meaning)
            self._body(node.body)

    def _do_Macro(self, node: nodes.Macro) -> None:
        self._scopes[-1][node.name] = Made(node)

    def _do_CallBlock(self, node: nodes.CallBlock) -> None:
        with self._scope():
            self._scopes[-1]["caller"] = Made(node)
            self._called.discard(id(node))
            self._value(node.call)
            if id(node) not in self._called:
                self._expand(node, [], {})

    def _do_FilterBlock(self, node: nodes.FilterBlock) -> None:
        with self._scope():
            self._body(node.body)
        self._value(node.filter)

    def _do_Block(self, node: nodes.Block) -> None:
        with self._scope():
            self._body(node.body)

    def _assign(self, target: nodes.Node, meaning: Meaning) -> None:
        if isinstance(target, nodes.Name):
            self._scopes[-1][target.name] = meaning
        elif isinstance(target, nodes.NSRef):
            space = self._found(target.name)
            if isinstance(space, Structure):
                space.attributes[target.attr] = either(space.attributes.get(target.attr), meaning)
        elif isinstance(target, nodes.Tuple):
            for index, item in enumerate(target.items):
                self._assign(item, self._position(meaning, index))

    # ----------------------------------------------------------------------------------------- expressions

    def _read(self, node: nodes.Node | None, use: str) -> Meaning:
        """The meaning of an expression that is used: what it means of the values is read."""
        if node is None:
            return None
        if use == "test" and isinstance(node, nodes.Not | nodes.And | nodes.Or | nodes.Test | nodes.Compare):
            return self._value(node)
        meaning = self._value(node)
        self._note(meaning, use, node.lineno)
        return meaning

    def _note(self, meaning: Meaning, use: str, line: int, *, is_optional: bool = False) -> None:
        if isinstance(meaning, Path):
            covered = any(
                meaning.text == path or meaning.text.startswith((f"{path}.", f"{path}[")) for path in self._guarded
            )
            self.reads.append(Read(meaning.text, use, is_optional or meaning.is_optional or covered, line))
        elif isinstance(meaning, Either):
            for one in meaning.meanings:
                self._note(one, use, line, is_optional=is_optional)
        elif isinstance(meaning, Elements) and use != "list":
            for one in (meaning.element, *meaning.positions):
                self._note(one, use, line, is_optional=is_optional)

    def _value(self, node: nodes.Node | None) -> Meaning:
        if node is None:
            return None
        method = getattr(self, f"_of_{type(node).__name__}", None)
        if method is not None:
            meaning: Meaning = method(node)
            return meaning
        for child in node.iter_child_nodes():
            self._read(child, "value")
        return None

    def _of_Name(self, node: nodes.Name) -> Meaning:
        return self._found(node.name)

    def _found(self, name: str) -> Meaning:
        for scope in reversed(self._scopes):
            if name in scope:
                return scope[name]
        return None if name in _OWN else Path(name)

    def _of_Getattr(self, node: nodes.Getattr) -> Meaning:
        return self._attribute(self._value(node.node), node.attr)

    def _attribute(self, owner: Meaning, name: str) -> Meaning:
        match owner:
            case Path():
                return owner.at(name)
            case Structure():
                return owner.attributes.get(name)
            case Either():
                return either(*(self._attribute(one, name) for one in owner.meanings))
        return None

    def _of_Getitem(self, node: nodes.Getitem) -> Meaning:
        owner = self._value(node.node)
        if isinstance(node.arg, nodes.Slice):
            self._value(node.arg)
            return owner
        if isinstance(node.arg, nodes.Const):
            key = node.arg.value
            return (
                self._attribute(owner, key)
                if isinstance(key, str)
                else self._position(owner, int(key) if isinstance(key, int) else 0)
            )
        self._read(node.arg, "value")
        return self._element(owner)

    def _element(self, meaning: Meaning) -> Meaning:
        match meaning:
            case Path():
                return meaning.element
            case Elements():
                return either(meaning.element, *meaning.positions) if meaning.positions else meaning.element
            case Either():
                return either(*(self._element(one) for one in meaning.meanings))
        return None

    def _position(self, meaning: Meaning, index: int) -> Meaning:
        match meaning:
            case Elements() | Structure() if meaning.positions:
                return meaning.positions[index] if -len(meaning.positions) <= index < len(meaning.positions) else None
            case Either():
                return either(*(self._position(one, index) for one in meaning.meanings))
        return self._element(meaning)

    def _of_Tuple(self, node: nodes.Tuple) -> Meaning:
        return Elements(positions=tuple(self._value(item) for item in node.items))

    def _of_List(self, node: nodes.List) -> Meaning:
        return Elements(positions=tuple(self._value(item) for item in node.items))

    def _of_Dict(self, node: nodes.Dict) -> Meaning:
        made = Structure()
        for pair in node.items:
            meaning = self._value(pair.value)
            if isinstance(pair.key, nodes.Const):
                made.attributes[str(pair.key.value)] = meaning
            else:
                self._read(pair.key, "value")
                self._note(meaning, "value", node.lineno)
        return made

    def _of_CondExpr(self, node: nodes.CondExpr) -> Meaning:
        with self._guarding(node.test):
            self._read(node.test, "test")
            first = self._value(node.expr1)
        return either(first, self._value(node.expr2))

    def _of_And(self, node: nodes.And) -> Meaning:
        with self._guarding(node.left):
            return either(self._read(node.left, "test"), self._read(node.right, "test"))

    def _of_Or(self, node: nodes.Or) -> Meaning:
        self._note(left := self._value(node.left), "test", node.lineno)
        return either(left, self._value(node.right))

    def _of_Test(self, node: nodes.Test) -> Meaning:
        meaning = self._value(node.node)
        self._note(meaning, "test", node.lineno, is_optional=node.name in ("defined", "undefined"))
        for argument in (*node.args, *node.kwargs):
            self._read(argument, "value")
        return None

    def _of_Keyword(self, node: nodes.Keyword) -> Meaning:
        return self._read(node.value, "value")

    # ------------------------------------------------------------------------------------- filters and calls

    def _of_Filter(self, node: nodes.Filter) -> Meaning:
        self.filters.add(node.name)
        subject = self._value(node.node)
        arguments = [self._value(argument) for argument in node.args]
        for keyword in node.kwargs:
            self._read(keyword, "value")
        if node.name in ("default", "d"):
            self._note(subject, "value", node.lineno, is_optional=True)
            return either(_optional(subject), *arguments)
        for argument in arguments:
            self._note(argument, "value", node.lineno)
        by_attribute = self._by_attribute(node, subject)
        if node.name == "groupby":
            group = Structure({"list": subject}, (None, subject))
            return Elements(group)
        if node.name == "map":
            self.filters |= {
                a.value for a in node.args[:1] if isinstance(a, nodes.Const) and isinstance(a.value, str)
            }
            return Elements(by_attribute)
        if node.name in ("batch", "slice"):
            return Elements(subject)
        if node.name in ("items", "dictsort"):
            return Elements(Structure(positions=(None, self._element(subject))))
        if node.name in _ONE:
            return self._element(subject)
        if node.name in _SAME:
            return subject
        self._note(subject, "value", node.lineno)
        return None

    def _by_attribute(self, node: nodes.Filter, subject: Meaning) -> Meaning:
        """What a filter reads of each element by an attribute named in its arguments ("signatory.name")."""
        named = [k.value.value for k in node.kwargs if k.key == "attribute" and isinstance(k.value, nodes.Const)]
        first = node.args[0].value if node.args and isinstance(node.args[0], nodes.Const) else None
        if node.name in ("groupby", "selectattr", "rejectattr", "sum") and isinstance(first, str):
            named.append(first)
        if node.name not in _BY_ATTRIBUTE and node.name not in ("selectattr", "rejectattr"):
            return None
        meaning: Meaning = None
        for name in named:
            meaning = self._element(subject)
            for step in str(name).split("."):
                meaning = self._element(meaning) if step.isdecimal() else self._attribute(meaning, step)
            is_kept = node.name == "map"
            is_test = "defined" in [a.value for a in node.args[1:2] if isinstance(a, nodes.Const)]
            if not is_kept:
                self._note(meaning, "value", node.lineno, is_optional=is_test)
        return meaning

    def _of_Call(self, node: nodes.Call) -> Meaning:
        arguments = [self._value(argument) for argument in node.args]
        named = {keyword.key: self._value(keyword.value) for keyword in node.kwargs}
        for extra in (node.dyn_args, node.dyn_kwargs):
            self._read(extra, "value")
        if isinstance(node.node, nodes.Getattr):
            return self._method(node, arguments)
        if isinstance(node.node, nodes.Name) and node.node.name == "loop" and self._loops and arguments:
            return self._again(arguments[0])
        function = self._value(node.node)
        if isinstance(function, Made):
            self._expand(function.node, arguments, named)
            return None
        if isinstance(node.node, nodes.Name) and node.node.name in ("namespace", "dict") and function is None:
            return Structure(dict(named))
        self._note(function, "value", node.lineno)
        for argument in (*arguments, *named.values()):
            self._note(argument, "value", node.lineno)
        return None

    def _method(self, node: nodes.Call, arguments: Sequence[Meaning]) -> Meaning:
        """A method of a value: the value is read, the method's name is none of the values'."""
        called: Any = node.node
        owner = self._value(called.node)
        for argument in arguments:
            self._note(argument, "value", node.lineno)
        name = called.attr
        if name == "items":
            return Elements(Structure(positions=(None, self._element(owner))))
        if name == "values":
            return Elements(self._element(owner))
        if name == "get" and node.args and isinstance(node.args[0], nodes.Const):
            found = self._attribute(owner, str(node.args[0].value))
            self._note(found, "value", node.lineno, is_optional=True)
            return either(_optional(found), *arguments[1:])
        if isinstance(owner, Structure):
            return owner.attributes.get(name)
        self._note(owner, "value", node.lineno)
        return None

    def _expand(self, node: Any, arguments: Sequence[Meaning], named: dict[str, Meaning]) -> None:
        """Follow the body of a macro or call block with what it was called with."""
        self._called.add(id(node))
        if self._calling.count(id(node)) or len(self._calling) > _DEPTH:
            return
        self._calling.append(id(node))
        with self._scope():
            defaults = [None] * (len(node.args) - len(node.defaults)) + list(node.defaults)
            for index, (argument, default) in enumerate(zip(node.args, defaults, strict=True)):
                given = arguments[index] if index < len(arguments) else named.get(argument.name)
                fallback = self._value(default) if index >= len(arguments) and argument.name not in named else None
                self._scopes[-1][argument.name] = given if fallback is None else either(given, fallback)
            self._body(node.body)
        self._calling.pop()

    def _again(self, meaning: Meaning) -> Meaning:
        """The body of a recursive loop, once more with what it was called with."""
        node = self._loops[-1]
        if self._calling.count(id(node)):
            self._note(meaning, "list", node.lineno)
            return None
        self._calling.append(id(node))
        self._note(meaning, "list", node.lineno)
        with self._scope():
            self._assign(node.target, self._element(meaning))
            self._body(node.body)
        self._calling.pop()
        return None

    # ---------------------------------------------------------------------------------------------- scopes

    @contextmanager
    def _scope(self) -> Iterator[None]:
        self._scopes.append({})
        yield
        self._scopes.pop()

    @contextmanager
    def _guarding(self, test: nodes.Node) -> Iterator[None]:
        """Within: paths that `test` says are defined may be missing elsewhere."""
        guarded = []
        for node in _conjuncts(test):
            if isinstance(node, nodes.Test) and node.name == "defined":
                quiet = Trace()
                quiet._scopes = self._scopes
                meaning = quiet._value(node.node)
                guarded += [
                    one.text
                    for one in (meaning.meanings if isinstance(meaning, Either) else (meaning,))
                    if isinstance(one, Path)
                ]
        self._guarded += guarded
        yield
        del self._guarded[len(self._guarded) - len(guarded) :]


def _conjuncts(test: nodes.Node) -> Iterator[nodes.Node]:
    if isinstance(test, nodes.And):
        yield from _conjuncts(test.left)
        yield from _conjuncts(test.right)
    else:
        yield test


def _optional(meaning: Meaning) -> Meaning:
    """What `default` gives back: the value, if it is there."""
    match meaning:
        case Path():
            return Path(meaning.text, is_optional=True)
        case Either():
            return either(*map(_optional, meaning.meanings))
    return meaning
