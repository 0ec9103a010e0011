"""Where in the XML each value of a template will stand, worked out once, before any value is known.

The template's branches and loops are walked with the stack of open elements in hand. When every way through the
template leaves the same elements open, what is written is well-formed whatever the values are, and each value's
*position* tells how a line break or tab in it must be written (as docxtpl's `resolve_listing` does after the fact). A
template for which this cannot be shown is not fast: it takes docxtpl's own road.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from jinja2 import nodes

from pipeline.filling.batches import NeedsDocxtpl, Position

#: Elements in which characters are not shown: text printed there would be lost.
CONTAINERS: Final = frozenset({
    "w:body", "w:p", "w:r", "w:tbl", "w:tr", "w:tc", "w:hdr", "w:ftr", "w:sdt", "w:sdtContent", "w:hyperlink",
    "w:ins", "w:smartTag", "w:txbxContent", "w:footnote", "w:footnotes", "w:endnote", "w:endnotes", "w:comment",
    "w:comments", "w:tblGrid", "w:tcPr", "w:trPr", "w:tblPr", "w:pPr", "w:rPr", "w:drawing", "w:pict",
    "w:fldSimple", "w:customXml",
})  # fmt: skip
_TOKEN = re.compile(r"<\?.*?\?>|<!--.*?-->|<[^<>]*>|<[^<>]*$|[^<]+", re.DOTALL)
_NAME = re.compile(r"</?([^\s/>]*)")
_TABLE_PIECE = re.compile(r"</?w:(?:tbl|tr|tc)[ />]")

#: An open element and, for runs and paragraphs, its properties as XML (None: not known beforehand).
Element: TypeAlias = tuple[str, str | None]


@dataclass(frozen=True)
class _State:
    """The open elements, outermost first, and the beginning of a tag whose end has not come yet."""

    stack: tuple[Element, ...] = ()
    pending: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.stack)

    def joined(self, other: "_State") -> "_State":
        """The state after either of two ways. Raises NeedsDocxtpl when they leave different elements open."""
        if self == other:
            return self
        if self.names != other.names or self.pending != other.pending:
            raise NeedsDocxtpl("branches leave different elements open")
        pairs = zip(self.stack, other.stack, strict=True)
        return _State(tuple((a[0], a[1] if a[1] == b[1] else None) for a, b in pairs), self.pending)


class Walk:
    """One walk through a template's tree; `positions` is the result, by the id of the expression's node."""

    def __init__(self) -> None:
        self.positions: dict[int, Position] = {}

    def through(self, template: nodes.Template) -> dict[int, Position]:
        """The position of every value printed. Raises NeedsDocxtpl when one of the ways is not well-formed."""
        end = self._body(template.body, _State())
        if end.stack or end.pending:
            raise NeedsDocxtpl("elements are left open at the end")
        return self.positions

    def _body(self, body: Iterable[nodes.Node], state: _State) -> _State:
        for node in body:
            state = self._node(node, state)
        return state

    def _node(self, node: nodes.Node, state: _State) -> _State:
        match node:
            case nodes.Output():
                return self._output(node, state)
            case nodes.If():
                return self._if(node, state)
            case nodes.For():
                return self._for(node, state)
            case nodes.With():
                return self._body(node.body, state)
            case nodes.Macro() | nodes.CallBlock() | nodes.FilterBlock() | nodes.AssignBlock():
                # what these write is not walked, so cells in it could not be counted
                _refuse_table_pieces(node)
                if isinstance(node, nodes.CallBlock | nodes.FilterBlock):
                    self.positions[id(node)] = _position_in(state, node.lineno)
                return state
            case nodes.Assign() | nodes.ExprStmt():
                return state
        raise NeedsDocxtpl(f"{type(node).__name__} is left to docxtpl")

    def _output(self, node: nodes.Output, state: _State) -> _State:
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                state = _after(state, child.data)
            else:
                self.positions[id(child)] = _position_in(state, child.lineno)
        return state

    def _if(self, node: nodes.If, state: _State) -> _State:
        # every branch begins where the `if` stands: what one leaves open the others must leave open, too
        after = self._body(node.body, state)
        for other in node.elif_:
            after = after.joined(self._body(other.body, state))
        return after.joined(self._body(node.else_, state))

    def _for(self, node: nodes.For, state: _State) -> _State:
        if node.recursive:
            _refuse_table_pieces(node)
            self.positions[id(node)] = _position_in(state, node.lineno)
            return state
        # a loop may run any number of times: walked until one more turn changes nothing
        while (after := state.joined(self._body(node.body, state))) != state:
            state = after
        return state.joined(self._body(node.else_, state))


def _refuse_table_pieces(node: nodes.Node) -> None:
    for data in node.find_all(nodes.TemplateData):
        if _TABLE_PIECE.search(data.data):
            raise NeedsDocxtpl("rows or cells are made inside a macro or block")


def _after(state: _State, data: str) -> _State:
    """The state after the characters `data`."""
    text = state.pending + data
    stack = list(state.stack)
    for token in _TOKEN.finditer(text):
        piece = token.group()
        if piece[0] != "<":
            # docxtpl makes breaks of them in whatever it renders, the template's own text included
            if stack and stack[-1][0] == "w:t" and ("\n" in piece or "\t" in piece):
                raise NeedsDocxtpl("the template's own text holds line feeds or tabs")
        elif piece.startswith(("<?", "<!--")):
            continue
        elif not piece.endswith(">"):
            # without its attributes: branches may write different ones, but must leave the same quote open
            return _State(tuple(stack), _compressed(piece))
        elif piece.startswith("</"):
            if not stack or stack.pop()[0] != _name(piece):
                raise NeedsDocxtpl(f"{piece} closes what is not open")
        elif not piece.endswith("/>"):
            _open(stack, _name(piece), text, token.start())
    return _State(tuple(stack))


def _open(stack: list[Element], name: str, text: str, start: int) -> None:
    """Put an opened element on the stack; properties are noted on the run or paragraph they belong to."""
    parent = {"w:rPr": "w:r", "w:pPr": "w:p"}.get(name)
    # properties come first in their run or paragraph, so the first are its own
    if parent and stack and stack[-1] == (parent, ""):
        stack[-1] = (parent, _whole(name, text, start))
    stack.append((name, "" if name in ("w:p", "w:r") else None))


def _whole(name: str, text: str, start: int) -> str | None:
    """The element `name` beginning at `start`, if all of it stands in `text` (no value or tag inside), else None."""
    depth = 0
    for token in re.compile(rf"<(/?){name}(?:\s[^<>]*)?(/?)>").finditer(text, start):
        if not token.group(2):
            depth += -1 if token.group(1) else 1
        if depth == 0:
            return text[start : token.end()]
    return None


def _name(tag: str) -> str:
    found = _NAME.match(tag)
    return found.group(1) if found else ""


def _compressed(piece: str) -> str:
    """A tag's beginning without its attributes: its name, and whether a quote is open."""
    found = _NAME.match(piece)
    quote = '"' if piece.count('"') % 2 else ""
    return f"{found.group() if found else '<'} {quote}"


def _position_in(state: _State, line: int) -> Position:
    if state.pending:
        # in the quotes of an attribute a value may stand; elsewhere in a tag it could change the element
        if not state.pending.endswith('"'):
            raise NeedsDocxtpl("a value stands in the middle of an element's name")
        return Position("raw", line=line)
    if not state.stack:
        raise NeedsDocxtpl("a value stands outside of every element")
    name = state.stack[-1][0]
    if name == "w:t":
        return _text_position(state.stack, line)
    return Position("between" if name in CONTAINERS else "raw", line=line)


def _text_position(stack: Sequence[Element], line: int) -> Position:
    if len(stack) < 2 or stack[-2][0] != "w:r":
        return Position("unknown", line=line)
    outer = stack[-3] if len(stack) > 2 else ("", None)
    return Position("text", run=stack[-2][1], paragraph=outer[1] if outer[0] == "w:p" else None, line=line)
