"""The ways in which a source file is broken: one small change each, as a replacement of a piece of its text.

Not mutated, because no behaviour hangs on it: docstrings, annotations, decorators, `__all__`, imports, `assert`s that
tell mypy something, and the words of sentences for people (the catalogue's own tests hold those).
"""

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["Mutant", "mutants"]

# a sentence for people is an argument of one of these; its words are no behaviour
_SPEAKING: Final = frozenset({"say", "tr", "message", "Message", "debug", "info", "warning", "error", "exception"})
_COMPARISONS: Final[dict[type[ast.cmpop], tuple[str, tuple[str, ...]]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
}
_ARITHMETIC: Final[dict[type[ast.operator], tuple[str, str]]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "+"),
    ast.BitOr: ("|", "&"),
    ast.BitAnd: ("&", "|"),
}


@dataclass(frozen=True)
class Mutant:
    """One change: `path` (relative to the tree) with bytes `start:end` replaced by `text`.

    `lines` are the lines whose execution is needed for the change to matter; `is_loaded` says that they run when
    the module is imported, not when a function is called.
    """

    path: str
    operator: str
    line: int
    start: int
    end: int
    text: str
    lines: tuple[int, int]
    is_loaded: bool

    def applied(self, source: bytes) -> bytes:
        """Give the broken source."""
        return source[: self.start] + self.text.encode() + source[self.end :]


def mutants(path: str, source: bytes) -> list[Mutant]:
    """List every change of one file that still compiles and differs from it, in the order of the file."""
    walk = _Walk(path, source)
    found: dict[tuple[int, int, str], Mutant] = {}
    for one in walk.all():
        if one.applied(source) != source:
            found.setdefault((one.start, one.end, one.text), one)
    return [one for _, one in sorted(found.items()) if _compiles(one, source)]


def _compiles(mutant: Mutant, source: bytes) -> bool:
    try:
        compile(mutant.applied(source), mutant.path, "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


class _Walk:
    def __init__(self, path: str, source: bytes) -> None:
        self.path, self.source = path, source
        self.tree = ast.parse(source)
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def all(self) -> Iterator[Mutant]:
        """Walk every statement; what a statement's own expressions hold belongs to its lines."""
        yield from self._body(self.tree.body, is_loaded=True)

    def _body(self, body: list[ast.stmt], *, is_loaded: bool) -> Iterator[Mutant]:
        for at, statement in enumerate(body):
            if at == 0 and _is_text(statement):
                continue
            yield from self._statement(statement, is_loaded=is_loaded)

    def _statement(self, statement: ast.stmt, *, is_loaded: bool) -> Iterator[Mutant]:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            defaults = [one for one in (*statement.args.defaults, *statement.args.kw_defaults) if one is not None]
            for default in defaults:
                yield from self._expression(default, (default.lineno, default.end_lineno or 0), is_loaded=True)
            yield from self._body(statement.body, is_loaded=False)
            return
        if isinstance(statement, ast.ClassDef):
            yield from self._body(statement.body, is_loaded=is_loaded)
            return
        if _is_silent(statement):
            return
        lines = _own_lines(statement)
        yield from self._of_statement(statement, lines, is_loaded=is_loaded)
        for value in _own_expressions(statement):
            yield from self._expression(value, lines, is_loaded=is_loaded)
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(statement, name, [])
            yield from self._body(inner, is_loaded=is_loaded)
        for handler in [*getattr(statement, "handlers", []), *getattr(statement, "cases", [])]:
            yield from self._body(handler.body, is_loaded=is_loaded)

    def _of_statement(self, statement: ast.stmt, lines: tuple[int, int], *, is_loaded: bool) -> Iterator[Mutant]:
        def changed(operator: str, node: ast.stmt | ast.expr, text: str) -> Mutant:
            return self._mutant(operator, node, text, lines, is_loaded=is_loaded)

        match statement:
            case ast.Expr(value=ast.Call()):
                yield changed("call removed", statement, "pass")
            case ast.AugAssign() | ast.Raise() | ast.Delete():
                yield changed("statement removed", statement, "pass")
            case ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]):
                yield changed("statement removed", statement, "pass")
            case ast.Continue():
                yield changed("loop left", statement, "break")
            case ast.Break():
                yield changed("loop not left", statement, "continue")
            case ast.Return(value=ast.expr() as value) if not _is_nothing(value):
                yield from (changed("returned constant", value, text) for text in _constants_for(value))
            case ast.If(test=test) | ast.While(test=test):
                yield changed("condition negated", test, f"not ({self._text(test)})")
            case _:
                return

    def _expression(self, root: ast.expr, lines: tuple[int, int], *, is_loaded: bool) -> Iterator[Mutant]:
        for node in _walked(root):
            yield from self._of_expression(node, lines, is_loaded=is_loaded)

    def _of_expression(self, node: ast.AST, lines: tuple[int, int], *, is_loaded: bool) -> Iterator[Mutant]:
        def changed(operator: str, at: ast.expr, text: str) -> Mutant:
            return self._mutant(operator, at, text, lines, is_loaded=is_loaded)

        match node:
            case ast.Compare() | ast.BoolOp() | ast.BinOp():
                yield from self._of_operators(node, lines, is_loaded=is_loaded)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield changed("not removed", node, f"({self._text(operand)})")
            case ast.IfExp(test=test):
                yield changed("condition negated", test, f"not ({self._text(test)})")
            case ast.Constant(value=value):
                yield from (changed(what, node, text) for what, text in _other_values(value))
            case ast.List(elts=[_, *_], ctx=ast.Load()):
                yield changed("literal emptied", node, "[]")
            case ast.Dict(keys=[_, *_]):
                yield changed("literal emptied", node, "{}")
            case ast.Call(keywords=keywords):
                yield from self._without_keywords(node, keywords, lines, is_loaded=is_loaded)
            case ast.comprehension(ifs=tests):
                yield from (changed("filter removed", test, "True") for test in tests)
            case _:
                return

    def _of_operators(
        self, node: ast.Compare | ast.BoolOp | ast.BinOp, lines: tuple[int, int], *, is_loaded: bool
    ) -> Iterator[Mutant]:
        match node:
            case ast.Compare(left=left, ops=ops, comparators=rights):
                for a, op, b in zip([left, *rights], ops, rights, strict=False):
                    for new in _COMPARISONS[type(op)][1]:
                        yield self._between(a, b, (_COMPARISONS[type(op)][0], new), ("comparison", lines), is_loaded)
            case ast.BoolOp(op=word, values=values):
                change = ("and", "or") if isinstance(word, ast.And) else ("or", "and")
                for a, b in itertools.pairwise(values):
                    yield self._between(a, b, change, ("and/or", lines), is_loaded)
            case ast.BinOp(left=a, op=sign, right=b) if type(sign) in _ARITHMETIC and not _is_textual(a, b):
                yield self._between(a, b, _ARITHMETIC[type(sign)], ("arithmetic", lines), is_loaded)
            case _:
                return

    def _without_keywords(
        self, call: ast.Call, keywords: list[ast.keyword], lines: tuple[int, int], *, is_loaded: bool
    ) -> Iterator[Mutant]:
        for keyword in keywords:
            if keyword.arg is None or (isinstance(call.func, ast.Name) and call.func.id == "field"):
                continue
            start, end = self._span(keyword)
            after = re.match(rb"\s*,", self.source[end:])
            end += after.end() if after else 0
            yield Mutant(self.path, "keyword dropped", keyword.lineno, start, end, "", lines, is_loaded)

    def _between(
        self, a: ast.expr, b: ast.expr, change: tuple[str, str], what: tuple[str, tuple[int, int]], is_loaded: bool
    ) -> Mutant:
        """Replace the operator that stands between two operands (and their brackets)."""
        start, end = self._span(a)[1], self._span(b)[0]
        gap = self.source[start:end]
        pattern = rb"\s+".join(re.escape(word.encode()) for word in change[0].split())
        found = re.search(pattern, gap)
        if found is None:  # a comment or a continuation hides it: nothing is changed, and `mutants` drops it
            return Mutant(self.path, what[0], a.lineno, start, start, "", what[1], is_loaded)
        line = self.source[: start + found.start()].count(b"\n") + 1
        return Mutant(
            self.path, what[0], line, start + found.start(), start + found.end(), change[1], what[1], is_loaded
        )

    def _mutant(
        self, operator: str, node: ast.stmt | ast.expr, text: str, lines: tuple[int, int], *, is_loaded: bool
    ) -> Mutant:
        start, end = self._span(node)
        return Mutant(self.path, operator, node.lineno, start, end, text, lines, is_loaded)

    def _span(self, node: ast.stmt | ast.expr | ast.keyword) -> tuple[int, int]:
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return self.starts[node.lineno - 1] + node.col_offset, self.starts[end_line - 1] + end_column

    def _text(self, node: ast.expr) -> str:
        start, end = self._span(node)
        return self.source[start:end].decode()


def _walked(root: ast.AST) -> Iterator[ast.AST]:
    """Walk an expression, but not into sentences for people, f-string texts, or calls that raise them."""
    yield root
    for child in ast.iter_child_nodes(root):
        if isinstance(root, ast.JoinedStr) and isinstance(child, ast.Constant):
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str) and _speaks(root):
            continue
        yield from _walked(child)


def _speaks(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in _SPEAKING or name.endswith(("Error", "Fault", "Refused"))


def _own_lines(statement: ast.stmt) -> tuple[int, int]:
    """The lines of a statement without the blocks in it."""
    body = getattr(statement, "body", None) or getattr(statement, "cases", None)
    if not body:
        return statement.lineno, statement.end_lineno or statement.lineno
    first = body[0]
    start = first.pattern.lineno if isinstance(first, ast.match_case) else first.lineno
    return statement.lineno, max(statement.lineno, start - 1)


def _own_expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    for name, value in ast.iter_fields(statement):
        if name in ("annotation", "targets", "target", "type_comment"):
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.expr):
                yield one
            elif isinstance(one, ast.withitem):
                yield one.context_expr
            elif isinstance(one, ast.match_case) and one.guard is not None:
                yield one.guard


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_silent(statement: ast.stmt) -> bool:
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.Assert() | ast.Pass():
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name == "__all__"
        case _:
            return _is_text(statement)


def _is_nothing(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _constants_for(value: ast.expr) -> tuple[str, ...]:
    """What a function may answer instead: for a condition both truths, otherwise nothing at all."""
    if isinstance(value, ast.Compare | ast.BoolOp) or (
        isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not)
    ):
        return ("True", "False")
    if isinstance(value, ast.Constant):
        return ()  # its other values are tried already
    return ("None",)


def _is_textual(*operands: ast.expr) -> bool:
    return any(isinstance(one, ast.JoinedStr | ast.Constant) and _is_string(one) for one in operands)


def _is_string(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def _other_values(value: object) -> list[tuple[str, str]]:
    if value is True or value is False:
        return [("boolean flipped", str(not value))]
    if isinstance(value, int):
        return [("off by one", str(value + 1))]
    if isinstance(value, float):
        return [("off by one", repr(value + 1))]
    if isinstance(value, str | bytes) and value:
        return [("literal emptied", "b''" if isinstance(value, bytes) else "''")]
    return []
