"""One guarded reader and one desk, of the kinds and the year in the repository, for all tests of reading."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline import kinds, years
from pipeline.model import JsonObject, Reading
from pipeline.reading import FUNCTIONS, ContentName, Desk, KindForm, UnitNames, form_tree, read_guarded
from pipeline.tools.guard import Guard
from pipeline.yaml_text import parse

ROOT = Path(__file__).parents[2]
Read = Callable[[bytes, str], Reading]


def desk_of_2022() -> Desk:
    """The desk of the kinds and the year in the repository, as the flow lays it."""
    year = years.load(ROOT / "years" / "2022.yaml")
    loaded = kinds.load_all(ROOT / "templates").kinds.values()
    forms = (
        KindForm(kind.id, kind.title_vi, kind.form_titles, form_tree(kind.fields.schema), kind.abbreviation)
        for kind in loaded
    )
    return Desk(
        tuple(forms),
        tuple(UnitNames(unit.code, tuple(unit.names())) for unit in year.units),
        tuple(ContentName(content.code, content.title) for content in year.contents),
        year.year,
    )


@pytest.fixture(scope="session")
def desk() -> Desk:
    return desk_of_2022()


@pytest.fixture(scope="session")
def guard() -> Iterator[Guard]:
    with Guard(FUNCTIONS) as guard:
        yield guard


@pytest.fixture
def read(guard: Guard, desk: Desk, tmp_path: Path) -> Read:
    """Reads bytes dropped under a name through the real guarded child."""

    def reader(content: bytes, name: str) -> Reading:
        path = tmp_path / "spooled"
        path.write_bytes(content)
        return read_guarded(guard, path, name, desk)

    return reader


def example(kind: str, name: str) -> JsonObject:
    """The values of an example form of a kind."""
    parsed = parse((ROOT / "templates" / kind / "examples" / f"{name}.yaml").read_bytes()).values
    assert isinstance(parsed, dict)
    assert isinstance(parsed["form"], dict)
    return _counted(parsed["form"])


def _counted(values: JsonObject) -> JsonObject:
    """The examples write some percentages as text."""
    for decision in values.get("decisions") or ():  # type: ignore[union-attr]
        if isinstance(decision, dict) and isinstance(decision.get("percent"), str):
            percent = float(str(decision["percent"]).rstrip("%").replace(",", "."))
            decision["percent"] = int(percent) if percent.is_integer() else percent
    return values
