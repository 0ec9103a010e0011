"""docs/kinds.md names every key, note, type and name there is, and shows an example that works."""

import re

import pytest

from pipeline.kinds.fields import JSON_TYPES
from pipeline.model import Json
from pipeline.strict_yaml import declared
from tests.kinds import examples
from tests.kinds.examples import ROOT

PAGE = (ROOT / "docs" / "kinds.md").read_text(encoding="utf-8")
PROSE = re.sub(r"(?s)```.*?```", "", PAGE)
NAMED = set(re.findall(r"[\w$-]+", " ".join(re.findall(r"`([^`]+)`", PROSE))))


def keys_of(schema: str, *path: str) -> set[str]:
    here: Json = declared.parse((ROOT / "pipeline" / "kinds" / schema).read_bytes(), schema).value
    for part in path:
        assert isinstance(here, dict)
        here = here[part]
    assert isinstance(here, dict)
    return set(here)


def test_the_page_names_every_key_of_kind_yaml() -> None:
    keys = keys_of("kind.schema.yaml", "properties") | keys_of(
        "kind.schema.yaml", "properties", "signing", "properties"
    )
    assert keys <= NAMED, keys - NAMED


def test_the_page_names_every_keyword_and_note_of_fields_yaml() -> None:
    keys = keys_of("fields.schema.yaml", "$defs", "node", "properties")
    assert keys <= NAMED, keys - NAMED


def test_the_page_names_every_type() -> None:
    assert JSON_TYPES.keys() <= NAMED


def names_of(values: Json, depth: int) -> set[str]:
    if isinstance(values, list):
        return set().union(*(names_of(value, depth) for value in values)) if values else set()
    if not isinstance(values, dict) or depth == 0:
        return set()
    return set(values).union(*(names_of(value, depth - 1) for value in values.values()))


#: Names whose keys are the office's own: codes, kinds, profiles.
BY_CODE = ("unit", "content", "milestone", "windows", "citations", "persons", "recipients", "thresholds")


@pytest.mark.parametrize("name", sorted(examples.year().as_values()))
def test_the_page_names_what_a_year_gives(name: str) -> None:
    value = examples.year().as_values()[name]
    assert name in NAMED
    inner = value.values() if name in BY_CODE and isinstance(value, dict) else [value]
    found = set().union(*(names_of(one, 1) for one in inner)) - {"name"}
    assert found <= NAMED, found - NAMED
