"""A key that a file of ours may hold is read by the code: what nobody reads is refused, never ignored."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from pipeline.config.keys import all_keys
from pipeline.layout.profile import Profile

PIPELINE = Path(__file__).resolve().parents[2] / "pipeline"
SCHEMAS = sorted(PIPELINE.rglob("*.schema.yaml"))


@functools.cache
def read_names() -> frozenset[str]:
    """Every word the code reads by: attributes it gets, texts it looks up (docstrings and definitions aside)."""
    found: set[str] = set()
    for path in PIPELINE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update((node.value, *node.value.split("/")))
    return frozenset(found)


def keys_of(schema: object) -> Iterator[str]:
    """The keys a JSON Schema allows in a file."""
    if isinstance(schema, list):
        for one in schema:
            yield from keys_of(one)
    elif isinstance(schema, dict):
        for name, inner in schema.items():
            if name == "properties" and isinstance(inner, dict):
                yield from inner
                yield from keys_of(list(inner.values()))
            else:
                yield from keys_of(inner)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.name)
def test_every_key_of_a_schema_is_read(schema: Path) -> None:
    keys = set(keys_of(yaml.safe_load(schema.read_text(encoding="utf-8"))))
    assert keys
    # "$schema" is for the editor in which the file is written: it is held to the one schema language we read
    assert keys - read_names() - {"$schema"} == set()


def fields_of(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from fields_of(field.annotation)


def test_every_key_of_a_profile_is_read() -> None:
    sides = {f"{side}_allowed_mm" for side in ("top", "bottom", "left", "right")}  # read by their side's name
    sides |= {f"{side}_mm" for side in ("top", "bottom", "left", "right", "header", "footer")}
    assert set(fields_of(Profile)) - sides - read_names() == set()


def test_every_key_of_the_configuration_is_read() -> None:
    assert {key.name.rpartition(".")[2] for key in all_keys()} - read_names() == set()
