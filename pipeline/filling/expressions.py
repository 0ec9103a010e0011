# ruff: noqa: N802 - methods are named after the nodes of Jinja's tree, as Jinja's own are
"""Expressions of a template: which path of the values each of them reads."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from jinja2 import nodes
from jinja2.defaults import DEFAULT_NAMESPACE

from pipeline.filling.meanings import Either, Elements, Made, Meaning, Path, Read, Structure, either, optional
from pipeline.filling.values import Value

OWN: Final = frozenset({*DEFAULT_NAMESPACE, "loop", "self", "super", "caller", "varargs", "kwargs"})
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


class Expressions:
    """The half of the walk that gives expressions their meaning; `Trace` is the other half, statements."""

    def __init__(self) -> None:
        self.reads: list[Read] = []
        self.filters: set[str] = set()
        self._scopes: list[dict[str, Meaning]] = [{}]
        self._guarded: list[str] = []
        self._calling: list[int] = []
        self._called: set[int] = set()
        self._loops: list[nodes.For] = []

    # statements are `Trace`'s; an expression looked at by itself (`_guarding`) holds none
    def _body(self, body: Iterable[nodes.Node]) -> None:
        raise NotImplementedError

    def _assign(self, target: nodes.Node, meaning: Meaning) -> None:
        raise NotImplementedError

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
        return None if name in OWN else Path(name)

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
            return either(optional(subject), *arguments)
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
        called: Value = node.node
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
            return either(optional(found), *arguments[1:])
        if isinstance(owner, Structure):
            return owner.attributes.get(name)
        self._note(owner, "value", node.lineno)
        return None

    def _expand(self, node: Value, arguments: Sequence[Meaning], named: dict[str, Meaning]) -> None:
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
                quiet = Expressions()
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
