"""The names of the year that rules may ask for are those a year gives."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import messages, years
from pipeline.model import EVERY, Json
from pipeline.rules import RulesRefused, compile_rules
from pipeline.rules.shapes import ANY
from pipeline.rules.year_names import YEAR, Names
from tests.rules.forms import Plain, form_of

ROOT = Path(__file__).resolve().parents[2]


def differences(names: Names, value: Json, place: str = "year") -> Iterator[str]:
    """Where the names known to rules and the facts of a year are not the same."""
    if isinstance(value, list):
        if value and isinstance(value[0], dict):
            yield from differences(names[EVERY], value[0], f"{place}[]")
    elif isinstance(value, dict) and ANY in names:
        for name, below in value.items():
            yield from differences(names[ANY], below, f"{place}.{name}")
    elif isinstance(value, dict):
        yield from (f"{place}.{name}" for name in names.keys() ^ value.keys())
        for name in names.keys() & value.keys():
            yield from differences(names[name], value[name], f"{place}.{name}")
    elif names:
        yield place


def test_rules_know_the_names_of_a_year() -> None:
    year = years.load(ROOT / "years" / "2022.yaml")
    assert list(differences(YEAR, year.as_values(dt.date(2022, 5, 27)))) == []


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("year.treshold.quorum.text == value", "“treshold” is not a field of “/year”; did you mean “thresholds”?"),
        ("year.thresholds.quorun.text == value", "did you mean “quorum”?"),
        (
            "year.units.exists(unit, unit.cod == value)",
            "“cod” is not a field of “/year/units/*”; did you mean “code”?",
        ),
        ("year.milestone.M_DANGKY.date == value", "“date” is not a field of “/year/milestone/{}”"),
        ('register.exists(one, one.numbr == "x")', "did you mean “number”?"),
    ],
)
def test_a_misspelt_name_of_the_year_is_refused(expression: str, said: str) -> None:
    rule: dict[str, Any] = {
        "id": "EX01",
        "severity": "block",
        "at": "/title",
        "expr": expression,
        "message": {"vi": "Sai.", "en": "Wrong."},
    }
    messages.use("en")
    try:
        with pytest.raises(RulesRefused) as caught:
            compile_rules([rule], form_of(Plain("/title")), "rules.yaml")
    finally:
        messages.use("vi")
    assert said in str(caught.value)
