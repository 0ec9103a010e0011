"""The findings the program can make, read off its sources: each code with the sentence said beside it.

A code is a text of the form "unit.unknown" or "I04" that stands among the arguments of a call, or in a row of a
table, together with a sentence, a severity, or under a maker's name (`Finding`, `refusal` …).
"""

import ast
import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).resolve().parent.parent

CODE = re.compile(r"[a-z]+\.[a-z]+(?:-[a-z]+)*|[A-Z]{1,2}[0-9]{2}")
#: Dotted texts that are no codes: names of files, paths of facts, actions of the history.
NO_CODE = re.compile(r".*\.(?:yaml|json|docx|xlsx|pdf|xml|rels|png|sqlite|po|mo)|year\..*")
_MAKERS = re.compile(r"Finding|\w*Fault|\w*refusal|warning|_?problem|_finding|at_tag|on_line|_of_file|_unread|_told")


@dataclass(frozen=True, order=True)
class KnownFinding:
    """A finding's code and its sentence ("" when the sentence is made elsewhere)."""

    code: str
    msgid: str


def all_findings(files: Iterable[Path] | None = None) -> list[KnownFinding]:
    """Every finding in `files` (of all the program), by code; one that is said in several ways with each sentence."""
    found: set[KnownFinding] = set()
    for file in sorted((ROOT / "pipeline").rglob("*.py")) if files is None else files:
        found |= _found_in(file)
    worded = {one.code for one in found if one.msgid}
    return sorted(one for one in found if one.msgid or one.code not in worded)


@functools.cache
def _found_in(file: Path) -> frozenset[KnownFinding]:
    return frozenset(_findings(_parsed(file)))


@functools.cache
def _parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def code_like_texts(root: Path = ROOT / "pipeline") -> set[str]:
    """Every text in the sources that looks like a dotted code, whatever it is used for."""
    return {
        node.value
        for file in root.rglob("*.py")
        for node in ast.walk(_parsed(file))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and "." in node.value
        and _is_code(node.value)
    }


def _is_code(text: str) -> bool:
    return bool(CODE.fullmatch(text)) and not NO_CODE.fullmatch(text)


#: What names stand for: the values assigned to each.
_Named: TypeAlias = dict[str, list[ast.expr]]


def _findings(tree: ast.Module) -> Iterator[KnownFinding]:
    """The findings of a module; a name means what the function around it, then the module, says."""
    constants = _assigned(tree.body)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        yield from _Scope(constants | _assigned(function.body)).findings(function.body)
    yield from _Scope(constants).findings([node for node in tree.body if not isinstance(node, ast.FunctionDef)])


def _assigned(body: list[ast.stmt]) -> _Named:
    named: _Named = {}
    for node in (inner for statement in body for inner in ast.walk(statement)):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    named.setdefault(target.id, []).append(node.value)
    return named


@dataclass(frozen=True)
class _Scope:
    """Looks for findings where names are known."""

    named: _Named

    def findings(self, body: list[ast.stmt]) -> Iterator[KnownFinding]:
        for node in (inner for statement in body for inner in ast.walk(statement)):
            if isinstance(node, ast.Call):
                parts = [*node.args, *(keyword.value for keyword in node.keywords)]
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                yield from self._in(parts, is_maker=bool(_MAKERS.fullmatch(name)))
            elif isinstance(node, ast.Tuple):
                yield from self._in(node.elts, is_maker=False)

    def _in(self, parts: list[ast.expr], *, is_maker: bool) -> Iterator[KnownFinding]:
        """The findings whose code is one of `parts`."""
        for position, part in enumerate(parts):
            codes = list(self._codes(part))
            if not codes:
                continue
            rest = parts[position + 1 :]
            msgid = next((msgid for other in rest for msgid in self._said(other)), "")
            if is_maker or msgid or any(_is_severity(other) or _is_verbatim(other) for other in rest):
                for code in codes:
                    yield KnownFinding(code, msgid)
            return

    def _codes(self, part: ast.expr) -> Iterator[str]:
        match part:
            case ast.Constant(value=str(text)) if _is_code(text):
                yield text
            case ast.Name(id=name) if name.isupper():
                for value in self.named.get(name, []):
                    if isinstance(value, ast.Constant):
                        yield from self._codes(value)
            case ast.IfExp(body=body, orelse=orelse):
                yield from self._codes(body)
                yield from self._codes(orelse)
            case _:
                pass

    def _said(self, part: ast.expr) -> Iterator[str]:
        """The sentences of an argument: said in place, by a lambda, either way of an `if`, or under a name."""
        match part:
            case ast.Call(func=ast.Name(id="say"), args=[ast.Constant(value=str(text)), *_]):
                yield text
            case ast.Call(func=ast.Attribute(attr="say"), args=[ast.Constant(value=str(text)), *_]):
                yield text
            case ast.Lambda(body=body):
                yield from self._said(body)
            case ast.IfExp(body=body, orelse=orelse):
                yield from self._said(body)
                yield from self._said(orelse)
            case ast.Name(id=name):
                before = [value for value in self.named.get(name, []) if value.lineno <= part.lineno]
                latest = max(before, key=lambda value: value.lineno, default=None)
                if latest is not None and not isinstance(latest, ast.Name):
                    yield from self._said(latest)
            case _:
                pass


def _is_verbatim(part: ast.expr) -> bool:
    """Whether it is the sentence of a library, shown as it is."""
    return isinstance(part, ast.Call) and getattr(part.func, "attr", "") == "verbatim"


def _is_severity(part: ast.expr) -> bool:
    return isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "Severity"
