"""A field is named in one way: the source takes addresses apart and puts them together in one module."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "pipeline"
HOME = SOURCE / "model" / "address.py"
#: names of parts in a zip archive are paths, not addresses
PATHS = {SOURCE / "ooxml" / "package.py"}
#: what only somebody who spells an address by hand would write
SPELLINGS = {
    ("split", ("/",)),
    ("rsplit", ("/",)),
    ("replace", ("/", ".")),
    ("replace", (".", "/")),
    ("replace", ("/", "~1")),
    ("replace", ("~1", "/")),
    ("replace", ("/*", "")),
    ("count", ("/*",)),
}


def spelled_by_hand(path: Path) -> Iterator[str]:
    """The calls of a module that take apart or put together an address as text."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = tuple(one.value for one in node.args if isinstance(one, ast.Constant))
            if (node.func.attr, given[:2]) in SPELLINGS:
                yield f"{path.relative_to(SOURCE.parent)}:{node.lineno}: {ast.unparse(node)}"


def test_addresses_are_taken_apart_in_one_module() -> None:
    modules = sorted(set(SOURCE.rglob("*.py")) - {HOME} - PATHS)
    assert [said for path in modules for said in spelled_by_hand(path)] == []


def test_the_search_finds_what_it_is_after() -> None:
    assert len(list(spelled_by_hand(HOME))) >= 2
    assert [said for path in PATHS for said in spelled_by_hand(path)] != []
