"""Readers and markers in real guarded children."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline import reading
from pipeline.answers import marking
from pipeline.answers.marking import Marked
from pipeline.model import Reading
from pipeline.reading import ReadingContext
from pipeline.tools.guard import Guard
from tests.reading.conftest import context_of_2022

Mark = Callable[[bytes, str, Reading], Marked | None]
Read = Callable[[bytes, str], Reading]


@pytest.fixture(scope="session")
def context() -> ReadingContext:
    return context_of_2022()


@pytest.fixture(scope="session")
def guard() -> Iterator[Guard]:
    with Guard((*reading.FUNCTIONS, *marking.FUNCTIONS)) as guard:
        yield guard


@pytest.fixture
def read(guard: Guard, context: ReadingContext, tmp_path: Path) -> Read:
    """Reads bytes dropped under a name."""

    def reader(content: bytes, name: str) -> Reading:
        path = tmp_path / "spooled"
        path.write_bytes(content)
        return reading.read_guarded(guard, path, name, context)

    return reader


@pytest.fixture
def mark(guard: Guard, tmp_path: Path) -> Mark:
    """Marks bytes dropped under a name with what was found in them."""

    def marker(content: bytes, name: str, found: Reading) -> Marked | None:
        path = tmp_path / "to-be-marked"
        path.write_bytes(content)
        return marking.mark_guarded(guard, path, name, found.findings, language="vi")

    return marker
