"""Every trouble has a path on which it is met: no exit code stands in the reference that nothing gives."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import VanthuError

PIPELINE = Path(__file__).resolve().parents[2] / "pipeline"


def every(kind: type[VanthuError]) -> Iterator[type[VanthuError]]:
    for below in kind.__subclasses__():
        yield below
        yield from every(below)


def made_in_the_source() -> set[str]:
    """The names that are called, or raised bare, anywhere in the program."""
    found: set[str] = set()
    for file in PIPELINE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            made = node.func if isinstance(node, ast.Call) else node.exc if isinstance(node, ast.Raise) else None
            if isinstance(made, ast.Name | ast.Attribute):
                found.add(made.id if isinstance(made, ast.Name) else made.attr)
    return found


def test_every_error_is_raised_somewhere() -> None:
    for file in PIPELINE.rglob("*.py"):
        if file.name not in ("__main__.py", "env.py") and "migrations" not in file.parts:
            importlib.import_module(".".join(file.relative_to(PIPELINE.parent).with_suffix("").parts))
    ours = [one for one in every(VanthuError) if one.__module__.startswith("pipeline.")]
    assert len(ours) > 20
    made = made_in_the_source()
    assert sorted(one.__name__ for one in ours if not one.__subclasses__() and one.__name__ not in made) == []
