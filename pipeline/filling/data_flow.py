# ruff: noqa: N802 - methods are named after the nodes of Jinja's tree, as Jinja's own are
"""Following the values through a template's tree: which path of the values each expression reads.

Every expression is given an *origin*: a path of the values, a list of origins, a made-up structure, a macro, or
nothing that comes from the values. Names a template makes itself (loop variables, set, macros and their arguments,
blocks) mean what they were given, so `{% set s = unit.signatory %}{{ s.name }}` reads "unit.signatory.name".
"""

from collections.abc import Iterable

from jinja2 import nodes

from pipeline.filling.expressions import OWN, Expressions
from pipeline.filling.origins import MacroBody, Origin, Path, Structure, either


class DataFlow(Expressions):
    """One walk through one part; `reads` and `filters` are the result."""

    def through(self, template: nodes.Template) -> None:
        """Follow a whole part; macros nobody calls are followed at the end."""
        self._body(template.body)
        for macro in template.find_all(nodes.Macro):
            if id(macro) not in self._called:
                self._expand(macro, [], {})

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
        # every branch begins with the names as they were; after it a name has the origins of all branches
        before = dict(self._scopes[-1])
        ends: list[dict[str, Origin]] = []
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

    def _seen(self, name: str, end: dict[str, Origin], before: dict[str, Origin]) -> Origin:
        """What a name means at the end of a branch that may not have set it: then it comes from outside."""
        if name in end:
            return end[name]
        for scope in reversed(self._scopes[:-1]):
            if name in scope:
                return scope[name]
        return None if name in OWN or name in before else Path(name)

    def _do_For(self, node: nodes.For) -> None:
        element = self._element(self._read(node.iter, "list"))
        with self._scope():
            # the template's own, even where the values have something of that name
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
        # what a block has written is text of the template's making
        self._assign(node.target, None)

    def _do_With(self, node: nodes.With) -> None:
        origins = [self._value(value) for value in node.values]
        with self._scope():
            for target, origin in zip(node.targets, origins, strict=True):
                self._assign(target, origin)
            self._body(node.body)

    def _do_Macro(self, node: nodes.Macro) -> None:
        self._scopes[-1][node.name] = MacroBody(node)

    def _do_CallBlock(self, node: nodes.CallBlock) -> None:
        with self._scope():
            self._scopes[-1]["caller"] = MacroBody(node)
            self._called.discard(id(node))
            self._value(node.call)
            # a macro that never asks for its caller: what stands in the body is told all the same
            if id(node) not in self._called:
                self._expand(node, [], {})

    def _do_FilterBlock(self, node: nodes.FilterBlock) -> None:
        with self._scope():
            self._body(node.body)
        self._value(node.filter)

    def _do_Block(self, node: nodes.Block) -> None:
        with self._scope():
            self._body(node.body)

    def _assign(self, target: nodes.Node, origin: Origin) -> None:
        if isinstance(target, nodes.Name):
            self._scopes[-1][target.name] = origin
        elif isinstance(target, nodes.NSRef):
            space = self._found(target.name)
            if isinstance(space, Structure):
                # a namespace outlives loops and branches: what was in it before may still be there
                space.attributes[target.attr] = either(space.attributes.get(target.attr), origin)
        elif isinstance(target, nodes.Tuple):
            for index, item in enumerate(target.items):
                self._assign(item, self._position(origin, index))
