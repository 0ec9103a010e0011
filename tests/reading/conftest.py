"""One guarded reader and one reading context (the kinds and the year of the repository) for all tests of reading."""

import functools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline import years
from pipeline.model import Json, JsonObject, Reading
from pipeline.reading import FUNCTIONS, ReadingContext, read_guarded
from pipeline.strict_yaml import parse
from pipeline.tools.guard import Guard
from pipeline.workspace import reading_context
from tests.folders import shipped_kinds

ROOT = Path(__file__).parents[2]
Read = Callable[[bytes, str], Reading]


@functools.cache
def context_of_2022() -> ReadingContext:
    """The reading context of the kinds and the year in the repository, as steps make it."""
    year = years.load(ROOT / "years" / "2022.yaml")
    return reading_context(shipped_kinds().kinds.values(), year)


@pytest.fixture(scope="session")
def context() -> ReadingContext:
    return context_of_2022()


@pytest.fixture(scope="session")
def guard() -> Iterator[Guard]:
    with Guard(FUNCTIONS) as guard:
        yield guard


@pytest.fixture
def read(guard: Guard, context: ReadingContext, tmp_path: Path) -> Read:
    """Reads bytes dropped under a name through the real guarded child."""

    def reader(content: bytes, name: str) -> Reading:
        path = tmp_path / "spooled"
        path.write_bytes(content)
        return read_guarded(guard, path, name, context)

    return reader


def example(kind: str, name: str) -> JsonObject:
    """The values of an example form of a kind, numbers as numbers."""
    form = _form(ROOT / "templates" / kind / "examples" / f"{name}.yaml")
    assert form is not None
    counted = _counted(form)
    assert isinstance(counted, dict)
    return counted


def whole_examples() -> list[tuple[str, str]]:
    """The first example of every kind that writes its form out in full: (kind, name)."""
    first: dict[str, str] = {}
    for path in sorted((ROOT / "templates").glob("*/examples/pass-*.yaml")):
        if _form(path) is not None:
            first.setdefault(path.parts[-3], path.stem)
    return list(first.items())


def _form(path: Path) -> Json:
    parsed = parse(path.read_bytes()).values
    return parsed.get("form") if isinstance(parsed, dict) else None


def _counted(value: Json) -> Json:
    """YAML of ours keeps fractions as text: "13.5", "88,9%"."""
    if isinstance(value, dict):
        return {key: _counted(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_counted(inner) for inner in value]
    if isinstance(value, str) and re.fullmatch(r"[0-9]+[.,][0-9]+%?|[0-9]+%", value):
        number = float(value.rstrip("%").replace(",", "."))
        return int(number) if number.is_integer() else number
    return value
