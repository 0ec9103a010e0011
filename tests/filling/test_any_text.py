"""Whatever text is given: it comes out as it went in, or is refused with its place. Never a shorter document."""

import io
import unicodedata
import zipfile
from types import MappingProxyType
from typing import Any

import pytest
from docx import Document
from docxtpl import Listing, RichText
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.filling import TemplateError, ValueRefused, compile_template, fill
from tests.filling.making import paragraphs, same_parts, table, template, text, texts

NASTY = (
    "{{ 7*7 }}",
    "{% x %}",
    "{_{",
    "}_}",
    "{#",
    "<w:p>",
    "</w:t>",
    "&amp;",
    "&",
    "]]>",
    "\x00",
    "\ud800",
    "\f",
    "\a",
)
PIECES = st.sampled_from(
    (*NASTY, "\n", "\t", "\r\n", "\r", "_", "{", "e\u0302\u0301", "\u202e", "\ufffe", "\x1f", "\x01", '"', "'")
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=6).map("".join)

FAST = paragraphs("({{ a }})", "the end")
SLOW = paragraphs("({% if true %}{{ a }}{% block x %}{% endblock %}{% endif %})", "the end")
ROWS = table(["h", "i"], ["{%tr for r in rows %}"], ["({{ r.x }})", "({{ r.y }})"], ["{%tr endfor %}"])


def _expected(value: str) -> str:
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))


def _is_legal(value: str) -> bool:
    return all(
        char in "\t\n\r" or " " <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd" or char >= "\U00010000"
        for char in value
    )


@settings(max_examples=150)
@given(TEXTS)
@example("{_{ x }_} {_% %_}")
@example("\r\n\r")
def test_text_in_is_text_out_or_refused_at_its_place(value: str) -> None:
    compiled = compile_template(FAST)
    assert not compiled.slow
    try:
        made = texts(fill(compiled, {"a": value}))
    except ValueRefused as refused:
        assert refused.pointer == "/a"
        assert not _is_legal(value)
    else:
        assert _is_legal(value)
        assert made == [f"({_expected(value)})", "the end"]


@settings(max_examples=40)
@given(TEXTS)
@example("{_{ x }_} {_% %_}")
def test_the_slow_way_says_the_same(value: str) -> None:
    compiled = compile_template(SLOW)
    assert compiled.slow
    try:
        assert texts(fill(compiled, {"a": value})) == [f"({_expected(value)})", "the end"]
    except ValueRefused as refused:
        assert refused.pointer == "/a"
        assert not _is_legal(value)


@settings(max_examples=60)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4))
def test_every_row_has_its_own_text(rows: list[tuple[str, str]]) -> None:
    values = {"rows": [{"x": x, "y": y} for x, y in rows]}
    try:
        made = Document(io.BytesIO(fill(compile_template(ROWS), values)))
    except ValueRefused as refused:
        _, name, index, column = refused.pointer.split("/")
        assert name == "rows"
        assert not _is_legal(values["rows"][int(index)][column])
    else:
        cells = [tuple(cell.text for cell in row.cells) for row in made.tables[0].rows][1:]
        assert cells == [(f"({_expected(x)})", f"({_expected(y)})") for x, y in rows]


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"a": "x\x00"}, "/a"),
        ({"a": "ok", "unused": {"deep": ["fine", "\ud800"]}}, "/unused/deep/1"),
        ({"a": "ok", "b/c": {"d~e": "\x0b"}}, "/b~1c/d~0e"),
        ({"a": "page\fbreak"}, "/a"),
        ({"a": "new\aparagraph"}, "/a"),
        ({"a": "\uffff"}, "/a"),
        ({"a": "ok", "b": MappingProxyType({"c": "\x00"})}, "/b/c"),
        ({"a": Listing("one\x0btwo")}, "/a"),
        ({"a": "ok", "b": [RichText("\x1b", bold=True)]}, "/b/0"),
        ({"a": "ok", "rows": [{"x": "one"}, {"x": "tw\x00o"}]}, "/rows/1/x"),
        ({"a": "ok", "rows": [{"x": "one", "n": 1}, {"n": 2, "x": "\x1f"}]}, "/rows/1/x"),
        ({"a": "ok", "rows": [{"x": "one"}, {"x": "two", "y": ["three", "\ufffe"]}]}, "/rows/1/y/1"),
        ({"a": "ok", "rows": ({"x": "one"}, MappingProxyType({"x": "\x00"}), "two")}, "/rows/1/x"),
    ],
)
def test_what_word_cannot_hold_is_refused_with_the_values_pointer(values: dict[str, object], pointer: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        fill(compile_template(FAST), values)
    assert refused.value.pointer == pointer
    assert pointer in str(refused.value)


def test_text_made_by_the_template_is_checked_as_well() -> None:
    with pytest.raises(TemplateError) as refused:
        fill(compile_template(paragraphs("x {{ '%c' | format(n) }}")), {"n": 0})
    assert "U+0000" in str(refused.value)


def test_values_are_composed_before_anything_compares_them() -> None:
    compiled = compile_template(paragraphs("{% if a == 'Quyết' %}same{% endif %} {{ a | length }}"))
    assert text(fill(compiled, {"a": unicodedata.normalize("NFD", "Quyết")})) == "same 5"


def test_values_of_every_row_are_composed_before_anything_compares_them() -> None:
    compiled = compile_template(paragraphs("{% for r in rows %}{{ 'same' if r.x == 'Quyết' }}{{ r.n }}{% endfor %}"))
    said = ("Quyết", "Quyết", unicodedata.normalize("NFD", "Quyết"))
    rows = [{"x": x, "n": n} for n, x in enumerate(said)]
    assert text(fill(compiled, {"rows": rows})) == "same0same1same2"


def test_a_listing_may_break_pages_and_paragraphs() -> None:
    made = texts(fill(compile_template(FAST), {"a": Listing("one\atwo\fthree & <four>")}))
    assert [line for line in made if line.strip()] == ["(one", "two", "three & <four>)", "the end"]


def test_rich_text_and_listings_are_composed_as_well() -> None:
    content = paragraphs("{{r a }}{{ b }}")
    values = {"a": RichText("\u0338e\u0302", bold=True), "b": Listing("o\u0302\r\n")}
    assert text(fill(compile_template(content), values)) == "\u0338êô\n"


@pytest.mark.parametrize("content", [paragraphs("{{r a }}"), paragraphs("x {%r if true %}{{r a }}{%r endif %}")])
def test_plain_text_where_word_shows_none_is_refused_not_lost(content: bytes) -> None:
    with pytest.raises(TemplateError) as refused:
        fill(compile_template(content), {"a": "would vanish"})
    assert refused.value.problems[0].place.paragraph == 1


def test_null_is_refused_rather_than_printed() -> None:
    with pytest.raises(TemplateError) as refused:
        fill(compile_template(FAST), {"a": None})
    assert refused.value.problems[0].found == "{{ a }}"
    assert text(fill(compile_template(paragraphs("({{ a | default('', true) }})")), {"a": None})) == "()"


def test_properties_hold_the_text_as_it_is() -> None:
    def build(document: Any) -> None:
        document.core_properties.title = "{{ a }}"
        document.core_properties.keywords = "{{ a }}"
        document.add_paragraph("x")

    value = 'A & <b> "c" {{ d }} ' + "long " * 80
    made = Document(io.BytesIO(fill(compile_template(template(build)), {"a": value})))
    assert (made.core_properties.title, made.core_properties.keywords) == (value, value)


def test_values_in_attributes_cannot_leave_them() -> None:
    def build(document: Any) -> None:
        document.add_paragraph("x")
        document.paragraphs[0]._p.get_or_add_pPr().get_or_add_jc().set(
            "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}val", "{{ a }}"
        )

    value = '"/><w:x w:y="'
    made = fill(compile_template(template(build)), {"a": value})
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    namespace = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    assert [element.get(f"{namespace}val") for element in root.iter(f"{namespace}jc")] == [value]


def test_macros_print_what_they_are_given() -> None:
    content = paragraphs("{% macro f(x) %}[{{ x }}]{% endmacro %}{{ f(a) }}{% set s %}{{ a }}{% endset %}{{ s }}")
    value = "{_{ & < \n > {{ x }}"
    assert text(fill(compile_template(content), {"a": value})) == f"[{value}]{value}"


def test_generators_among_the_values_are_read_once_and_for_all() -> None:
    compiled = compile_template(paragraphs("{% for x in xs %}{{ x }}{% endfor %}{% block b %}{% endblock %}"))
    assert text(fill(compiled, {"xs": (str(n) for n in range(3))})) == "012"


def test_equal_values_of_other_kinds_make_equal_documents() -> None:
    compiled = compile_template(ROWS)
    same_parts(
        fill(compiled, {"rows": [{"x": 1, "y": 2.5}]}),
        fill(compiled, {"rows": ({"x": "1", "y": "2.5"},)}),
    )
