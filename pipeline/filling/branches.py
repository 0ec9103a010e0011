"""The ways a template can turn out: every condition both ways, every loop empty, once and many times.

Values are left out of it: a value prints “1”, a condition holds or not because a plan says so. What is seen is the
structure alone, which is what Word opens or does not. Conditions within conditions are tried down to each depth, so
that an inner one is seen both ways while the outer one holds.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from jinja2 import nodes
from lxml import etree

from pipeline.filling.compiled import CompiledTemplate
from pipeline.filling.errors import TemplateError
from pipeline.filling.exact import ExactTemplate
from pipeline.filling.generator import unescaped
from pipeline.filling.problems import malformed
from pipeline.filling.sandbox import XML_ENVIRONMENT
from pipeline.filling.values import Value
from pipeline.filling.xml_positions import CONTAINERS

#: What a value prints: a number, so that it may stand in an attribute, too.
_VALUE: Final = "1"
_MANY: Final = 3
# a macro that calls itself ends here
_DEEPEST: Final = 8


@dataclass(frozen=True)
class Plan:
    """Which way conditions go: down to `depth` the branch of index `branch`, below it the last.

    Loops turn `turns` times.
    """

    depth: int
    branch: int
    turns: int


def plans(compiled: CompiledTemplate) -> list[Plan]:
    """The plans that together take every branch of a template, and every loop empty, once and many times."""
    depths, branches = 0, 1
    for tagged in compiled.tagged:
        tree = XML_ENVIRONMENT.parse(tagged.text)
        depths = max(depths, _depth(tree.body))
        branches = max(branches, *(1 + len(one.elif_) for one in tree.find_all(nodes.If)), 1)
    taken = [Plan(depth, branch, _MANY) for depth in range(1, depths + 1) for branch in range(branches)]
    whole = [Plan(depths, 0, turns) for turns in (0, 1, _MANY)]
    return list(dict.fromkeys((*whole, Plan(0, 0, 1), Plan(0, 0, 0), *taken)))


def _depth(body: Iterable[nodes.Node]) -> int:
    """How deep conditions stand within conditions."""
    deepest = 0
    for node in body:
        inner = max((_depth(part) for part in _parts(node)), default=0)
        deepest = max(deepest, inner + isinstance(node, nodes.If))
    return deepest


def _parts(node: nodes.Node) -> list[list[nodes.Node]]:
    if isinstance(node, nodes.If):
        return [node.body, *(other.body for other in node.elif_), node.else_]
    if isinstance(node, nodes.For):
        return [node.body, node.else_]
    return [getattr(node, "body", None) or []]


def outcomes(compiled: CompiledTemplate) -> Iterator[bytes]:
    """A document for every plan, each once. Raises TemplateError when one of them is no XML that can be read."""
    seen: set[tuple[str, ...]] = set()
    for plan in plans(compiled):
        template, planned, saved = _Template(io.BytesIO(compiled.content)), _Planned(plan), io.BytesIO()
        try:
            template.render({}, jinja_env=planned)
            template.save(saved)
        except etree.XMLSyntaxError as error:
            raise TemplateError([malformed(error)]) from error
        if (key := tuple(planned.rendered)) not in seen:
            seen.add(key)
            yield saved.getvalue()


class _Template(ExactTemplate):
    """docxtpl without the properties: they have no structure."""

    def render_properties(self, context: Value, jinja_env: Value = None) -> None:
        """Leave them as they are."""


class _Planned:
    """Stands where docxtpl wants an environment: its templates come out as a plan says; `rendered` is what came."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.rendered: list[str] = []

    def from_string(self, source: str) -> "_Planned":
        """The template of a part."""
        self.rendered.append(_Structure(self._plan).of(XML_ENVIRONMENT.parse(source)))
        return self

    def render(self, _context: Value) -> str:
        """The part last asked for."""
        return self.rendered[-1]


class _Structure:
    """Writes a part as a plan says."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._pieces: list[str] = []
        self._tag = ""
        self._macros: Mapping[str, nodes.Macro] = {}
        self._calls = 0

    def of(self, template: nodes.Template) -> str:
        """The part."""
        self._macros = {macro.name: macro for macro in template.find_all(nodes.Macro)}
        self._body(template.body, 0)
        return unescaped("".join(self._pieces))

    def _body(self, body: Iterable[nodes.Node], depth: int) -> None:
        for node in body:
            match node:
                case nodes.Output():
                    for child in node.nodes:
                        self._print(child, depth)
                case nodes.If():
                    self._if(node, depth)
                case nodes.For():
                    for _ in range(self._plan.turns):
                        self._body(node.body, depth)
                    if not self._plan.turns:
                        self._body(node.else_, depth)
                case nodes.Macro() | nodes.AssignBlock():
                    pass
                case _:
                    self._body(getattr(node, "body", None) or [], depth)

    def _if(self, node: nodes.If, depth: int) -> None:
        branches = [node.body, *(other.body for other in node.elif_)]
        if depth < self._plan.depth:
            self._body(branches[min(self._plan.branch, len(branches) - 1)], depth + 1)
        else:
            self._body(node.else_, depth + 1)

    def _print(self, node: nodes.Node, depth: int) -> None:
        if isinstance(node, nodes.TemplateData):
            self._pieces.append(node.data)
            self._note(node.data)
        elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in self._macros:
            if self._calls < _DEEPEST:
                self._calls += 1
                self._body(self._macros[node.node.name].body, depth)
                self._calls -= 1
        elif self._shows():
            self._pieces.append(_VALUE)

    def _note(self, data: str) -> None:
        """Remember the last tag begun: what is printed next stands in it or after it."""
        start = data.rfind("<")
        text = data[start:] if start >= 0 else self._tag + data
        before, end, _ = text.partition(">")
        self._tag = before + end

    def _shows(self) -> bool:
        """Whether what is printed next is seen: in the value of an attribute, or in an element of text."""
        if not self._tag.endswith(">"):
            return True
        # rich text and subdocuments stand between elements: they may be nothing
        is_open = not self._tag.startswith("</") and not self._tag.endswith("/>")
        return is_open and self._tag.strip("<>").split(" ")[0] not in CONTAINERS
