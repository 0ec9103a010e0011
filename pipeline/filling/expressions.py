# ruff: noqa: N802 - methods are named after the nodes of Jinja's tree, as Jinja's own are
"""Expressions of a template: which path of the values each of them reads."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from jinja2 import nodes
from jinja2.defaults import DEFAULT_NAMESPACE

from pipeline.filling.origins import Either, Elements, MacroBody, Origin, Path, Read, Structure, either, optional
from pipeline.filling.values import Value

OWN: Final = frozenset({*DEFAULT_NAMESPACE, "loop", "self", "super", "caller", "varargs", "kwargs"})
#: Filters that give back the list they got, or elements of it.
_SAME: Final = frozenset({
    "sort", "list", "reverse", "unique", "select", "reject", "selectattr", "rejectattr", "safe", "e", "escape",
    "forceescape", "string", "trim",
})  # fmt: skip
_ONE: Final = frozenset({"first", "last", "random", "min", "max"})
_BY_ATTRIBUTE: Final = frozenset({"map", "sort", "sum", "min", "max", "unique", "groupby", "join"})
# how deep macros that call each other are followed; one that calls itself is followed once
_DEPTH: Final = 6


class Expressions:
    """The half of the walk that gives expressions their origin; `DataFlow` is the other half, statements."""

    def __init__(self) -> None:
        self.reads: list[Read] = []
        self.filters: set[str] = set()
        self._scopes: list[dict[str, Origin]] = [{}]
        self._guarded: list[str] = []
        self._calling: list[int] = []
        self._called: set[int] = set()
        self._loops: list[nodes.For] = []

    # statements are `DataFlow`'s; an expression looked at by itself (`_guarding`) holds none
    def _body(self, body: Iterable[nodes.Node]) -> None:
        raise NotImplementedError

    def _assign(self, target: nodes.Node, origin: Origin) -> None:
        raise NotImplementedError

    def _read(self, node: nodes.Node | None, use: str) -> Origin:
        """The origin of an expression that is used: what it means of the values is read."""
        if node is None:
            return None
        if use == "test" and isinstance(node, nodes.Not | nodes.And | nodes.Or | nodes.Test | nodes.Compare):
            return self._value(node)
        origin = self._value(node)
        self._note(origin, use, node.lineno)
        return origin

    def _note(self, origin: Origin, use: str, line: int, *, is_optional: bool = False) -> None:
        if isinstance(origin, Path):
            covered = any(
                origin.text == path or origin.text.startswith((f"{path}.", f"{path}[")) for path in self._guarded
            )
            self.reads.append(Read(origin.text, use, is_optional or origin.is_optional or covered, line))
        elif isinstance(origin, Either):
            for one in origin.origins:
                self._note(one, use, line, is_optional=is_optional)
        elif isinstance(origin, Elements) and use != "list":
            for one in (origin.element, *origin.positions):
                self._note(one, use, line, is_optional=is_optional)

    def _value(self, node: nodes.Node | None) -> Origin:
        if node is None:
            return None
        method = getattr(self, f"_of_{type(node).__name__}", None)
        if method is not None:
            origin: Origin = method(node)
            return origin
        for child in node.iter_child_nodes():
            self._read(child, "value")
        return None

    def _of_Name(self, node: nodes.Name) -> Origin:
        return self._found(node.name)

    def _found(self, name: str) -> Origin:
        for scope in reversed(self._scopes):
            if name in scope:
                return scope[name]
        return None if name in OWN else Path(name)

    def _of_Getattr(self, node: nodes.Getattr) -> Origin:
        return self._attribute(self._value(node.node), node.attr)

    def _attribute(self, owner: Origin, name: str) -> Origin:
        match owner:
            case Path():
                return owner.at(name)
            case Structure():
                return owner.attributes.get(name)
            case Either():
                return either(*(self._attribute(one, name) for one in owner.origins))
        return None

    def _of_Getitem(self, node: nodes.Getitem) -> Origin:
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

    def _element(self, origin: Origin) -> Origin:
        match origin:
            case Path():
                return origin.element
            case Elements():
                return either(origin.element, *origin.positions) if origin.positions else origin.element
            case Either():
                return either(*(self._element(one) for one in origin.origins))
        return None

    def _position(self, origin: Origin, index: int) -> Origin:
        match origin:
            case Elements() | Structure() if origin.positions:
                return origin.positions[index] if -len(origin.positions) <= index < len(origin.positions) else None
            case Either():
                return either(*(self._position(one, index) for one in origin.origins))
        return self._element(origin)

    def _of_Tuple(self, node: nodes.Tuple) -> Origin:
        return Elements(positions=tuple(self._value(item) for item in node.items))

    def _of_List(self, node: nodes.List) -> Origin:
        return Elements(positions=tuple(self._value(item) for item in node.items))

    def _of_Dict(self, node: nodes.Dict) -> Origin:
        made = Structure()
        for pair in node.items:
            origin = self._value(pair.value)
            if isinstance(pair.key, nodes.Const):
                made.attributes[str(pair.key.value)] = origin
            else:
                self._read(pair.key, "value")
                self._note(origin, "value", node.lineno)
        return made

    def _of_CondExpr(self, node: nodes.CondExpr) -> Origin:
        with self._guarding(node.test):
            self._read(node.test, "test")
            first = self._value(node.expr1)
        return either(first, self._value(node.expr2))

    def _of_And(self, node: nodes.And) -> Origin:
        with self._guarding(node.left):
            return either(self._read(node.left, "test"), self._read(node.right, "test"))

    def _of_Or(self, node: nodes.Or) -> Origin:
        self._note(left := self._value(node.left), "test", node.lineno)
        return either(left, self._value(node.right))

    def _of_Test(self, node: nodes.Test) -> Origin:
        origin = self._value(node.node)
        self._note(origin, "test", node.lineno, is_optional=node.name in ("defined", "undefined"))
        for argument in (*node.args, *node.kwargs):
            self._read(argument, "value")
        return None

    def _of_Keyword(self, node: nodes.Keyword) -> Origin:
        return self._read(node.value, "value")

    # ------------------------------------------------------------------------------------- filters and calls

    def _of_Filter(self, node: nodes.Filter) -> Origin:
        self.filters.add(node.name)
        subject = self._value(node.node)
        arguments = [self._value(argument) for argument in node.args]
        for keyword in node.kwargs:
            self._read(keyword, "value")
        # a name with a fallback may be missing from the values
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

    def _by_attribute(self, node: nodes.Filter, subject: Origin) -> Origin:
        """What a filter reads of each element by an attribute named in its arguments ("signatory.name")."""
        named = [k.value.value for k in node.kwargs if k.key == "attribute" and isinstance(k.value, nodes.Const)]
        first = node.args[0].value if node.args and isinstance(node.args[0], nodes.Const) else None
        if node.name in ("groupby", "selectattr", "rejectattr", "sum") and isinstance(first, str):
            named.append(first)
        if node.name not in _BY_ATTRIBUTE and node.name not in ("selectattr", "rejectattr"):
            return None
        origin: Origin = None
        for name in named:
            origin = self._element(subject)
            for step in str(name).split("."):
                origin = self._element(origin) if step.isdecimal() else self._attribute(origin, step)
            is_kept = node.name == "map"
            is_test = "defined" in [a.value for a in node.args[1:2] if isinstance(a, nodes.Const)]
            if not is_kept:
                self._note(origin, "value", node.lineno, is_optional=is_test)
        return origin

    def _of_Call(self, node: nodes.Call) -> Origin:
        arguments = [self._value(argument) for argument in node.args]
        named = {keyword.key: self._value(keyword.value) for keyword in node.kwargs}
        for extra in (node.dyn_args, node.dyn_kwargs):
            self._read(extra, "value")
        if isinstance(node.node, nodes.Getattr):
            return self._method(node, arguments)
        if isinstance(node.node, nodes.Name) and node.node.name == "loop" and self._loops and arguments:
            return self._again(arguments[0])
        function = self._value(node.node)
        if isinstance(function, MacroBody):
            self._expand(function.node, arguments, named)
            return None
        if isinstance(node.node, nodes.Name) and node.node.name in ("namespace", "dict") and function is None:
            return Structure(dict(named))
        self._note(function, "value", node.lineno)
        for argument in (*arguments, *named.values()):
            self._note(argument, "value", node.lineno)
        return None

    def _method(self, node: nodes.Call, arguments: Sequence[Origin]) -> Origin:
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

    def _expand(self, node: Value, arguments: Sequence[Origin], named: dict[str, Origin]) -> None:
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

    def _again(self, origin: Origin) -> Origin:
        """The body of a recursive loop, once more with what it was called with."""
        node = self._loops[-1]
        if self._calling.count(id(node)):
            self._note(origin, "list", node.lineno)
            return None
        self._calling.append(id(node))
        self._note(origin, "list", node.lineno)
        with self._scope():
            self._assign(node.target, self._element(origin))
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
                # apart, so that the test is not noted as a reading that must be there
                quiet = Expressions()
                quiet._scopes = self._scopes
                origin = quiet._value(node.node)
                guarded += [
                    one.text
                    for one in (origin.origins if isinstance(origin, Either) else (origin,))
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
