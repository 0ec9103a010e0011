# ruff: noqa: N802 - methods are named after the nodes of Jinja's tree, as Jinja's own are
"""Jinja's code generator, made to write documents: its parser and its meaning stay, only the output differs.

`StrictGenerator` counts loops, looks filters up in the document at hand and computes nothing while compiling.
`FastGenerator` besides writes each stretch of text between two statements as one *batch*: the template's bytes with
slots, and a tuple of the values that go in. Its code is allowed to fail on anything unusual: whatever it raises, the
document is made again by the strict generator's code, which knows the right answer or the right error.
"""

import io
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, DependencyFinderVisitor, Frame

from pipeline.filling.batches import Batch, Position
from pipeline.filling.runtime import LOOP_NAMES
from pipeline.filling.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2.environment import Environment

# Jinja asks for the attribute before the key: `x.items` is the method, though the dict has such a key
_DICT_NAMES: Final = frozenset(dir(dict))
_UNDERSCORED: Final = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))


def unescaped(text: str) -> str:
    """Template text with docxtpl's escaped delimiters ("{_{") as they are meant."""
    for written, meant in _UNDERSCORED:
        text = text.replace(written, meant)
    return text


class StrictGenerator(CodeGenerator):
    """Code that counts its work."""

    def __init__(
        self, environment: "Environment", name: str | None, filename: str | None, *_options: Value, **_named: Value
    ) -> None:
        self._source = io.StringIO()
        # Jinja's optimizer would compute constant expressions (`'a' * 10**9`) while compiling, before work is counted
        super().__init__(environment, name, filename, self._source, optimized=False)
        self._looped: set[int] = set()

    @property
    def source(self) -> str:
        """The code generated so far."""
        return self._source.getvalue()

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        """As Jinja; the generated code imports our own runtime."""
        super().writeline(
            x.replace("from jinja2.runtime import", "from pipeline.filling.runtime import Loop, get, shown,"),
            node,
            extra,
        )

    def write_commons(self) -> None:
        """As Jinja; what macros and blocks write is paid for."""
        super().write_commons()
        self.writeline("concat = context.budget.joined")

    def visit(self, node: nodes.Node, *args: Value, **kwargs: Value) -> Value:
        """As Jinja; what a loop goes through is paid for."""
        if id(node) not in self._looped:
            return super().visit(node, *args, **kwargs)
        self.write("context.budget.looped(")
        super().visit(node, *args, **kwargs)
        self.write(")")
        return None

    def visit_For(self, node: nodes.For, frame: Frame) -> None:
        """As Jinja."""
        self._looped.add(id(node.iter))
        super().visit_For(node, frame)

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Value) -> str:
        # a constant printed while compiling would get past checking and counting
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def pull_dependencies(self, nodes: Iterable[nodes.Node]) -> None:
        """As Jinja, with the filters of the document at hand instead of the environment's."""
        visitor = DependencyFinderVisitor()
        for node in nodes:
            visitor.visit(node)
        # sorted: the same template gives the same code in every process
        for name in sorted(visitor.filters):
            identifier = self.filters.setdefault(name, self.temporary_identifier())
            self.writeline(f"{identifier} = context.filter({name!r})")
        for name in sorted(visitor.tests):
            identifier = self.tests.setdefault(name, self.temporary_identifier())
            self.writeline(f"{identifier} = environment.tests[{name!r}]")

    @contextmanager
    def _filter_test_common(self, node: Value, frame: Frame, is_filter: bool) -> "Iterator[None]":
        if not is_filter:
            if node.name not in self.environment.tests:
                self.fail(f"No test named {node.name!r}.", node.lineno)
            with super()._filter_test_common(node, frame, is_filter):
                yield
            return
        self.write(f"{self.filters[node.name]}(context, ")
        yield
        self.signature(node, frame)
        self.write(")")


class FastGenerator(StrictGenerator):
    """Code that writes batches; `batches` is filled while the code is generated."""

    def __init__(self, environment: "Environment", positions: Mapping[int, Position]) -> None:
        super().__init__(environment, None, None)
        self._positions = positions
        self._certain: set[int] = set()
        self._is_plain_loop = False
        self.batches: list[Batch] = []

    def write_commons(self) -> None:
        """As Jinja, with the writer at hand."""
        super().write_commons()
        self.writeline("write = context.writer.write")

    def _batch(self, statics: list[str], positions: list[Position]) -> int:
        self.batches.append(Batch.of([unescaped(text) for text in statics], positions))
        return len(self.batches) - 1

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:
        """One batch for everything between two statements."""
        # a macro or block gives its text back: nothing may be written before that is printed
        if frame.buffer is not None:
            super().visit_Output(node, frame)
            return
        statics, values, positions = [""], [], []
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                statics[-1] += child.data
            else:
                statics.append("")
                values.append(child)
                positions.append(self._positions[id(child)])
        self.writeline(f"write({self._batch(statics, positions)}, (", node)
        for child in values:
            self._certain.add(id(child))
            self.visit(child, frame)
            self.write(", ")
        self.write("))")

    def start_write(self, frame: Frame, node: nodes.Node | None = None) -> None:
        """A value written by a statement (a call block, a filter block, a recursive loop)."""
        if frame.buffer is not None:
            super().start_write(frame, node)
        else:
            self.writeline(f"write({self._batch(['', ''], [self._positions[id(node)]])}, (", node)

    def end_write(self, frame: Frame) -> None:
        """The end of it."""
        self.write(")" if frame.buffer is not None else ",))")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Value) -> None:
        self.write("shown(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Value) -> None:
        self.write(")")

    def _output_const_repr(self, group: Iterable[Value]) -> str:
        return repr(unescaped("".join(group)))

    def visit_For(self, node: nodes.For, frame: Frame) -> None:
        """As Jinja; what is looped over must be there. A loop that is only asked how far it is needs no more."""
        self._certain.add(id(node.iter))
        named = [one for one in node.find_all(nodes.Name) if one.name == "loop"]
        asked = [one for one in node.find_all(nodes.Getattr) if one.node in named and one.attr in LOOP_NAMES]
        # Jinja's own loop holds the items before and after: a table of 2,000 rows takes a quarter longer
        self._is_plain_loop = len(named) == len(asked) and not node.recursive
        super().visit_For(node, frame)

    def write(self, x: str) -> None:
        """As Jinja, with our own loop where it does."""
        if self._is_plain_loop and x.endswith(" in LoopContext("):
            x = x.replace("LoopContext(", "Loop(")
        super().write(x)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """An attribute or a key: straight from the dict where there is one (no dict has such an attribute)."""
        owner = node.node
        if isinstance(owner, nodes.Name):
            reference = frame.symbols.ref(owner.name)
            if owner.name == "loop" and node.attr in LOOP_NAMES:
                self.write(f"({reference}.{node.attr} if {reference}.__class__ is Loop else ")
                super().visit_Getattr(node, frame)
                self.write(")")
                return
            if id(node) in self._certain and node.attr not in _DICT_NAMES:
                self.write(f"({reference}[{node.attr!r}] if {reference}.__class__ is dict else ")
                super().visit_Getattr(node, frame)
                self.write(")")
                return
        self._certain.add(id(owner))
        if node.attr in _DICT_NAMES:
            super().visit_Getattr(node, frame)
            return
        self.write("get(environment, ")
        self.visit(owner, frame)
        self.write(f", {node.attr!r})")

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:
        """As Jinja; what is subscripted must be there."""
        self._certain.add(id(node.node))
        super().visit_Getitem(node, frame)
