"""Every spelling of an address gives back the address, and the questions asked of it are answered."""

import json
import pickle
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from pipeline.model import EVERY, WHOLE, Address, JsonObject, Place, Step, of_field_name, put, value_at

FIELDS = st.from_regex(r"[a-z][a-zA-Z0-9_]{0,8}", fullmatch=True)
ROWS = st.integers(min_value=0, max_value=999_999_999)
#: what a hostile form may call a field: figures apart, anything at all
ANYTHING = st.text(max_size=6).filter(lambda text: not (text.isascii() and text.isdigit()))
ADDRESSES = st.lists(st.one_of(ANYTHING, ROWS, st.just(EVERY)), max_size=6).map(Address)


@st.composite
def of_a_form(draw: st.DrawFn) -> Address:
    """A place as forms have them: names, a row number only behind a name."""
    steps: list[Step] = []
    for name in draw(st.lists(FIELDS, min_size=1, max_size=4)):
        steps.append(name)
        if draw(st.booleans()):
            steps.append(draw(ROWS))
    return Address(steps)


@given(ADDRESSES)
def test_a_json_pointer_gives_back_its_address(address: Address) -> None:
    assert Address.of(str(address)) == address


@given(st.text(max_size=20).map(lambda text: f"/{text}"))
def test_a_json_pointer_of_any_text_is_spelled_as_it_was(pointer: str) -> None:
    escaped = pointer.replace("~", "~0")
    assert str(Address.of(escaped)) == escaped


@given(of_a_form())
def test_the_name_of_a_field_in_a_file_gives_back_its_address(address: Address) -> None:
    assert of_field_name(address.field_name, lambda _: False) == address
    assert address.excel_name == f"f_{address.field_name}"


@given(of_a_form())
def test_a_dotted_name_gives_back_its_address(address: Address) -> None:
    assert Address.of_dotted(address.dotted) == address


@given(of_a_form())
def test_a_pattern_names_the_place_it_was_made_of(address: Address) -> None:
    assert address.generic.matches(address)
    assert address.generic.seen_from(address) == address


@given(of_a_form(), st.integers())
def test_a_value_put_somewhere_is_found_there(address: Address, value: int) -> None:
    plain = Address(step for step in address if isinstance(step, str))
    values: JsonObject = {}
    put(values, plain, value)
    assert value_at(values, plain) == value
    assert value_at(values, plain.child("more")) is None


def test_a_value_is_found_and_put_in_a_row() -> None:
    values: JsonObject = {"targets": [{"due": 1}, {"due": 2}]}
    put(values, Address.of("/targets/1/due"), 3)
    assert values == {"targets": [{"due": 1}, {"due": 3}]}
    assert value_at(values, Address.of("/targets/1/due")) == 3
    assert value_at(values, Address.of("/targets/2/due")) is None
    assert value_at(values, Address.of("/targets/due")) is None


@pytest.mark.parametrize(("pointer", "written"), [("/0/a", {"0": {"a": 1}}), ("/a/7", {"a": {"7": 1}})])
def test_a_name_of_figures_is_found_in_a_group_too(pointer: str, written: JsonObject) -> None:
    assert value_at(written, Address.of(pointer)) == 1


def test_a_place_is_asked_about_what_is_around_it() -> None:
    due = Address.of("/targets/3/due")
    assert (due.name, due.parent, due.table) == ("due", Address.of("/targets/3"), Address.of("/targets"))
    assert due.is_inside(Address.of("/targets")) and due.is_inside(WHOLE)
    assert not due.is_inside(due) and not due.is_inside(Address.of("/targets/30"))
    assert due.below(Address.of("/targets/3")) == Address.of("/due")
    assert due.is_of_row and not due.is_pattern
    assert (WHOLE.name, WHOLE.parent, str(WHOLE)) == ("", WHOLE, "")
    title = Address.of("/title")
    assert (title.table, title.is_of_row) == (title, False)


def test_a_pattern_is_asked_about_its_rows() -> None:
    due = Address.of("/chapters/*/articles/*/due")
    assert due.is_pattern
    assert due.at_row(2) == Address.of("/chapters/2/articles/*/due")
    assert due.at_row(2).field_name == "chapters.2.articles.due"
    assert not due.matches(Address.of("/chapters/2/articles/due"))
    assert due.seen_from(Address.of("/chapters/2/title")) == Address.of("/chapters/2/articles/*/due")
    assert due.seen_from(Address.of("/other/2/title")) == due


@pytest.mark.parametrize(
    ("name", "pointer"),
    [
        ("leader.full_name", "/leader/full_name"),
        ("targets[2].due", "/targets/2/due"),
        ("targets.02.due", "/targets/2/due"),
        ("targets.due", "/targets/0/due"),
        ("targets.due#3", "/targets/3/due"),
        ("chapters.articles.no#3", "/chapters/3/articles/0/no"),
        ("chapters.3.articles.no", "/chapters/3/articles/0/no"),
        ("targets.due#ba", "/targets/0/due"),
        (f"targets.{'9' * 5000}.due", f"/targets/0/{'9' * 5000}/due"),
    ],
)
def test_a_row_that_is_not_named_is_counted(name: str, pointer: str) -> None:
    tables = {"/targets", "/chapters", "/chapters/*/articles"}
    assert str(of_field_name(name, lambda address: str(address.generic) in tables)) == pointer


def test_what_does_not_begin_with_a_slash_is_no_pointer() -> None:
    with pytest.raises(ValueError, match="targets"):
        Address.of("targets/3")


@dataclass(frozen=True)
class _Kept:
    at: Address = WHOLE
    places: dict[Address, Place] = field(default_factory=dict)


def test_in_recorded_json_an_address_is_its_pointer() -> None:
    kept = _Kept(Address.of("/a/3"), {Address.of("/b~1c/0"): Place(cell="B3")})
    written = TypeAdapter(_Kept).dump_json(kept)
    assert json.loads(written)["at"] == "/a/3"
    assert list(json.loads(written)["places"]) == ["/b~1c/0"]
    assert TypeAdapter(_Kept).validate_json(written) == kept
    assert pickle.loads(pickle.dumps(kept)) == kept  # noqa: S301 - our own bytes
