"""A template of text is filled in one pass: what a value says is never read as a template again."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import TemplateFault, TextTemplate

NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,5}(\.[a-z0-9_]{1,5}){0,2}", fullmatch=True)
#: Texts full of what templates, formats, patterns and markup give a meaning to.
TEXTS = st.text(
    st.one_of(st.sampled_from("{}%\\$&<>'\"[]!:#*?`~;=\n\t\u00a0ĐƯ"), st.characters(codec="utf-8")), max_size=20
)


def written(literal: str) -> str:
    return literal.replace("{", "{{").replace("}", "}}")


@given(st.lists(st.tuples(TEXTS, NAMES, TEXTS), max_size=6), TEXTS)
def test_every_value_stands_in_the_text_as_it_was_given(parts: list[tuple[str, str, str]], last: str) -> None:
    values = {name: value for _, name, value in parts}
    source = "".join(f"{written(literal)}{{{name}}}" for literal, name, _ in parts) + written(last)
    wanted = "".join(f"{literal}{values[name]}" for literal, name, _ in parts) + last
    assert TextTemplate.parse(source).filled(values) == wanted


@given(TEXTS, TEXTS, st.sampled_from([("{a}", ""), ("", "{a}"), ("{{{a}", "}}")]))
def test_filling_some_names_first_makes_no_difference(first: str, second: str, around: tuple[str, str]) -> None:
    template = TextTemplate.parse(f"{around[0]}-{{b}}-{{a}}{around[1]}")
    values = {"a": first, "b": second}
    assert template.partly_filled({"a": first}).filled({"b": second}) == template.filled(values)
    assert template.partly_filled(values).filled({}) == template.filled(values)


@given(TEXTS, TEXTS)
def test_a_template_as_a_pattern_finds_its_values_again(literal: str, value: str) -> None:
    template = TextTemplate.parse(f"{written(literal)}{{a}}{written(literal)}")
    match = re.fullmatch(template.as_pattern({"a": "(?P<a>.*)"}), template.filled({"a": value}), re.DOTALL)
    assert match is not None
    assert match["a"] == value


@pytest.mark.parametrize(
    ("source", "piece"),
    [
        ("một { ngoặc", "{"),
        ("một } ngoặc", "}"),
        ("{a}}", "}"),
        ("{}", "{}"),
        ("{0}", "{0}"),
        ("{a!r}", "{a!r}"),
        ("{a:02d}", "{a:02d}"),
        ("{a[0]}", "{a[0]}"),
        ("{year.}", "{year.}"),
        ("{ a }", "{ a }"),
        ("{b}", "{b}"),
    ],
)
def test_what_is_no_known_name_is_refused_when_the_template_is_read(source: str, piece: str) -> None:
    with pytest.raises(TemplateFault) as refused:
        TextTemplate.parse(source, known={"a", "a.b"})
    assert refused.value.piece == piece


def test_a_name_without_a_value_is_an_error_and_no_gap() -> None:
    with pytest.raises(KeyError):
        TextTemplate.parse("{a}").filled({"b": "c"})
