"""docs/rules.md is complete and true: every shorthand is explained, and every example does what it says."""

import re
from pathlib import Path
from typing import Any

import pytest

from pipeline import strict_yaml
from pipeline.model import Json, JsonObject
from pipeline.rules import Variables, compile_rules
from pipeline.rules.expressions import VARIABLES
from pipeline.rules.functions import NAMES
from pipeline.rules.shorthands import SHORTHANDS
from tests.rules.forms import form_of_values

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^### (\w+)\n.*?^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))


def parsed(text: str) -> Any:
    source = strict_yaml.parse(text)
    assert not source.problems
    return source.values


def as_read(value: Json) -> Json:
    """Fractions as the readers of forms make them; the strict YAML of our files leaves them as text."""
    match value:
        case dict():
            return {name: as_read(one) for name, one in value.items()}
        case list():
            return [as_read(one) for one in value]
        case str() if re.fullmatch(r"[0-9]+\.[0-9]+", value):
            return float(value)
        case _:
            return value


def test_every_shorthand_is_explained_and_nothing_else_is() -> None:
    assert set(re.findall(r"^### (\w+)$", PAGE, re.MULTILINE)) == set(SHORTHANDS)
    assert set(EXAMPLES) == set(SHORTHANDS)


@pytest.mark.parametrize("name", sorted(SHORTHANDS))
def test_every_placeholder_a_shorthand_supplies_is_named(name: str) -> None:
    section = PAGE.partition(f"### {name}\n")[2].partition("\n### ")[0].partition("```yaml")[0]
    named = set(re.findall(r"\{(\w+)\}", section)) | set(re.findall(r"`\{(\w+)\}`", section))
    assert SHORTHANDS[name].supplies <= named | {"row"}, section


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_example_of(name: str) -> None:
    example = parsed(EXAMPLES[name])
    rule: JsonObject = {"id": "EX01", "severity": "block", "message": {"vi": "Sai.", "en": "Wrong."}}
    rule |= example.pop("rule")
    example = {name: as_read(value) for name, value in example.items()}
    fields = form_of_values(example["passes"], example["fails"])
    book = compile_rules([rule], fields, "example.yaml")
    assert places(book, example, "passes") == []
    assert len(places(book, example, "fails")) == 1


def places(book: Any, example: JsonObject, which: str) -> list[Json]:
    def part(name: str) -> Any:
        return example.get(name, {})

    today, register = str(example.get("today", "")), part("register") or []
    variables = Variables(part(which), part("year"), today, {}, part("accepted"), register)
    return [str(one.place.pointer) for one in book.judge(variables).findings]


def test_all_variables_and_functions_of_expressions_are_named() -> None:
    words = set(re.findall(r"`(\w+)(?:\(.*?\))?`", PAGE))
    assert set(VARIABLES) <= words
    assert set(NAMES) <= words
