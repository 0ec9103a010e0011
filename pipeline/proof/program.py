"""The program that is written into each archive: the modules of this room that need nothing, in one file."""

import ast
import functools
import inspect
from pathlib import Path
from types import ModuleType
from typing import Final

from pipeline.proof import ed25519, heads, inclusion, standalone, tree

#: In the order in which one needs the other; the last says what the program does, and does it.
_MODULES: Final = (tree, ed25519, heads, inclusion, standalone)


@functools.cache
def program() -> bytes:
    """Give the bytes of `verify.py`."""
    # what it does is said first, as in any file
    said = inspect.getdoc(standalone) or ""
    return "\n\n".join([f'"""{said}\n"""', *(_without_ours(module) for module in _MODULES)]).encode()


def _without_ours(module: ModuleType) -> str:
    """The source of a module without its docstring and without imports of ours."""
    source = Path(str(module.__file__)).read_text("utf-8")
    lines = source.splitlines()
    for node in ast.parse(source).body:
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_ours = isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pipeline.")
        if is_docstring or is_ours:
            for at in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[at] = ""
    return "\n".join(lines).strip() + "\n"
