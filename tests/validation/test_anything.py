"""Whatever stands in a form, validation gives findings: no value makes a rule break down or the program stop."""

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.messages import shown_in
from pipeline.model import Json, Severity
from pipeline.strict_yaml import MOST_DEPTH
from tests.rules.samples import changed, judged, kind, minutes, plan, pledge, registration, regulations
from tests.said import en, vi

ODD: list[Json] = [
    None,
    "",
    "x",
    "……",
    "2022-02-30",
    "2022-06-31",
    "99:99",
    "31/06/2022",
    0,
    -1,
    2**60,
    1.5,
    -0.0,
    True,
    [],
    {},
    [None],
    [[]],
    [{}],
    {"a": 1},
    "ND9",
    "CATP",
    "\u0000",
    "{value}",
    "%s",
    "a" * 5000,
    ["x", 3],
    "10/10 đơn vị",
    "Điều 99",
]
CLEAN = {
    "dang-ky": registration,
    "ke-hoach": plan,
    "giao-uoc": pledge,
    "bien-ban": minutes,
    "quy-che": regulations,
}


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [here] if here else []
    if isinstance(value, dict):
        found += [place for name, one in value.items() for place in places(one, (*here, name))]
    elif isinstance(value, list):
        found += [place for at, one in enumerate(value) for place in places(one, (*here, at))]
    return found


def put(values: Any, place: tuple[Any, ...], odd: Json) -> None:
    """Put a copy of `odd` at a place; nothing where an earlier odd value has taken the place away.

    A copy, since the same list put into itself would have no end, which no file can say.
    """
    *way, last = place
    try:
        for part in way:
            values = values[part]
        # where the list is a mapping now, no file has a number for a key
        if not isinstance(values, dict) or isinstance(last, str):
            values[last] = copy.deepcopy(odd)
    except (KeyError, IndexError, TypeError):
        return


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_every_odd_value_in_every_place_is_survived(name: str) -> None:
    """Each place of a clean form gets an odd value, while the documents accepted before stand beside."""
    clean = CLEAN[name]()
    accepted = {other.replace("-", "_"): [make()] for other, make in CLEAN.items()} | {"phu_luc_hoat_dong": []}
    generator = random.Random(2022)
    for place in places(clean):
        for odd in generator.sample(ODD, 1):
            values = changed(clean)
            put(values, place, odd)
            findings = judged(name, values, accepted=accepted)
            assert all(vi(finding.message) and en(finding.message) for finding in findings)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_several_odd_values_at_once_are_survived(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(CLEAN)))
    values = changed(CLEAN[name]())
    spots = places(values)
    for _ in range(data.draw(st.integers(1, 12))):
        put(values, data.draw(st.sampled_from(spots)), data.draw(st.sampled_from(ODD)))
    judged(name, values)


def test_a_form_with_nothing_in_it_gets_what_is_required() -> None:
    for name in CLEAN:
        codes = {one.code for one in judged(name, {})}
        assert codes <= {"field.required", *(rule.code for rule in kind(name).rules.rules if rule.meets_absence)}
        assert "field.required" in codes


def nested(depth: int, *, of_lists: bool) -> Json:
    value: Json = "x"
    for _ in range(depth):
        value = [value] if of_lists else {"a": value}
    return value


@pytest.mark.parametrize("of_lists", [True, False], ids=["lists", "mappings"])
@pytest.mark.parametrize("depth", [2_000, 100_000])
def test_a_value_nested_without_end_is_a_finding(depth: int, of_lists: bool) -> None:
    values = registration() | {"note": nested(depth, of_lists=of_lists)}

    (finding,) = judged("dang-ky", values)

    assert (finding.code, finding.severity) == ("file.too-heavy", Severity.BLOCK)
    assert str(MOST_DEPTH) in shown_in(finding.message, "vi")


@pytest.mark.parametrize("of_lists", [True, False], ids=["lists", "mappings"])
def test_nesting_is_bounded_where_readers_bound_it(of_lists: bool) -> None:
    codes = {
        depth: {one.code for one in judged("dang-ky", {"note": nested(depth, of_lists=of_lists)})}
        for depth in (MOST_DEPTH - 1, MOST_DEPTH, MOST_DEPTH + 1)
    }

    assert [code == {"file.too-heavy"} for code in codes.values()] == [False, False, True]


def test_a_list_that_holds_itself_is_a_finding() -> None:
    ring: list[Json] = []
    ring.append(ring)

    assert [one.code for one in judged("dang-ky", {"note": ring})] == ["file.too-heavy"]
