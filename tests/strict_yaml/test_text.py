"""The strict part of YAML: what is written is what is read, every problem has its line."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline import strict_yaml
from pipeline.model import Json
from tests.said import en


@pytest.mark.parametrize(
    "plain",
    ["1.10", "012", "no", "yes", "on", "12:30", "1_000", "2022-02-30", "0x1f", "1e5", ".inf", "True", "+5", "-"],
)
def test_plain_text_stays_what_was_written(plain: str) -> None:
    assert strict_yaml.parse(f"a: {plain}" if plain != "-" else "a: '-'").values == {"a": plain}


@pytest.mark.parametrize(
    ("plain", "value"),
    [("true", True), ("false", False), ("null", None), ("~", None), ("", None), ("0", 0), ("-7", -7), ("'7'", "7")],
)
def test_five_words_and_whole_numbers_have_another_type(plain: str, value: Json) -> None:
    values = strict_yaml.parse(f"a: {plain}").values
    assert values == {"a": value}
    assert isinstance(values, dict)
    assert type(values["a"]) is type(value)


def test_every_value_has_its_line() -> None:
    parsed = strict_yaml.parse("# head\na:\n  b: 1\n  c:\n    - x\n    - {d/e: y}\n")
    assert parsed.lines == {"": 2, "/a": 2, "/a/b": 3, "/a/c": 4, "/a/c/0": 5, "/a/c/1": 6, "/a/c/1/d~1e": 6}
    assert parsed.line_of("/a/c/1/d~1e/deeper") == 6
    assert parsed.line_of("/nowhere") == 2


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a: 1\na: 2\n", 2, "second time"),
        ("a: &x 1\n", 1, "&x"),
        ("a: 1\nb: *x\n", 2, "*x"),
        ("a: !!python/object:os.system x\n", 1, "tag"),
        ("a: !x {b: 1}\n", 1, "tag"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("? [1]\n: 2\n", 1, "key"),
        ('a: 1\n"": 2\n', 2, "key is missing"),
        ("a:\n\tb: 1\n", 2, "not valid YAML"),
        ("a: [1\nb: 2\n", 2, "not valid YAML"),
        ("a: 1\nb: \x01\n", 2, "not valid YAML"),
        ("[" * 30, 1, "nesting"),
    ],
)
def test_a_problem_names_its_line(text: str, line: int, word: str) -> None:
    problems = strict_yaml.parse(text).problems
    assert [problem.place.line for problem in problems][:1] == [line]
    assert word in en(problems[0].message)


def test_all_problems_are_found_in_one_pass() -> None:
    parsed = strict_yaml.parse("a: &x 1\na: 2\nb: !t 3\nc: *x\n")
    assert [problem.place.line for problem in parsed.problems] == [1, 2, 3, 4]
    assert parsed.values == {"a": 1, "b": 3, "c": None}
    assert not any("\0" in pointer for pointer in parsed.lines)


def test_a_problem_has_a_stable_code_and_the_file_it_is_in() -> None:
    problems = strict_yaml.parse("a: &x 1\na: 2\nb: !t 3\n---\n", "years/2022.yaml").problems
    assert [problem.code for problem in problems] == ["yaml.reference", "yaml.double", "yaml.tag", "yaml.documents"]
    assert {problem.place.file for problem in problems} == {"years/2022.yaml"}


def test_a_key_given_twice_keeps_the_first_and_its_line() -> None:
    parsed = strict_yaml.parse("a: 1\nb: 0\na:\n  c: 2\n")
    assert (parsed.values, parsed.lines["/a"]) == ({"a": 1, "b": 0}, 1)


@pytest.mark.parametrize("content", [b"\xff\xfea\x00", "đ".encode("utf-16"), b"a: \xe1\n"])
def test_other_encodings_are_refused(content: bytes) -> None:
    assert "UTF-8" in en(strict_yaml.parse(content).problems[0].message)


def test_a_byte_order_mark_is_allowed() -> None:
    assert strict_yaml.parse("a: đ".encode("utf-8-sig")).values == {"a": "đ"}


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a,*a]\n" for n in range(30)),
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 50_000,
        "x: " + "9" * 5_000,
        "a" * (strict_yaml.MOST_CHARACTERS + 1),
        "- a\n" * (strict_yaml.MOST_NODES + 1),
    ],
    ids=["laughs", "lists", "maps", "dashes", "digits", "long", "many"],
)
def test_bombs_neither_crash_nor_pass_as_something_else(bomb: str) -> None:
    parsed = strict_yaml.parse(bomb)
    assert parsed.problems or parsed.values == {"x": "9" * 5_000}


@given(st.text(max_size=200))
def test_no_text_raises_anything(text: str) -> None:
    strict_yaml.parse(text)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything(content: bytes) -> None:
    strict_yaml.parse(content)


_TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=0x1EF9, exclude_categories=["Cs", "Cc"]), max_size=12)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS.filter(str.strip), inner, max_size=3),
    max_leaves=12,
)


@given(_VALUES)
def test_what_a_yaml_writer_writes_quoted_is_read_back(value: Json) -> None:
    written = yaml.safe_dump(value, allow_unicode=True, default_style='"')
    # a writer that quotes all marks its numbers and booleans with tags; those are put in their plain form
    for tag in ("!!int ", "!!bool ", "!!null "):
        written = written.replace(tag, "")
    read = strict_yaml.parse(written)
    assert not read.problems
    assert _as_texts(read.values) == _as_texts(value)


def _as_texts(value: Json) -> Json:
    """Numbers and words as they are written: a quoting writer makes texts of them."""
    match value:
        case dict():
            return {key: _as_texts(inner) for key, inner in value.items()}
        case list():
            return [_as_texts(inner) for inner in value]
        case bool() | None:
            return {True: "true", False: "false", None: "null"}[value]
        case _:
            return str(value)
