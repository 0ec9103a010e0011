"""An author is told part, table, row, cell or paragraph, the text around, the tag, and what to do."""

from typing import Any

import pytest
from docxtpl import RichText

from pipeline.filling import TemplateError, compile_template, fill
from pipeline.messages import NOTHING
from pipeline.model import Finding, Place
from tests.filling.making import paragraphs, table, template
from tests.said import en


def _problems(content: bytes, values: dict[str, object] | None = None) -> tuple[Finding, ...]:
    with pytest.raises(TemplateError) as error:
        fill(compile_template(content), values or {})
    assert str(error.value)
    return error.value.problems


def test_an_undefined_name_is_told_by_cell_tag_and_mend() -> None:
    content = table(["a", "b"], ["{{ known }}", "Người ký: {{ nobody }} (ký tên)"])
    (problem,) = _problems(content, {"known": "x"})
    assert problem.place == Place(part="word/document.xml", table=1, row=2, column=2, paragraph=1)
    assert (problem.code, problem.found) == ("template.value", "{{ nobody }}")
    assert "in “Người ký: {{ nobody }} (ký tên)”: " in en(problem.message)
    assert "nobody" in en(problem.message)
    assert "default" in en(problem.mend or NOTHING)


def test_a_missing_key_of_a_row_is_told() -> None:
    content = table(
        ["a", "b"], ["{%tr for u in units %}"], ["{{ u.name }}", "{{ u.chief.name }}"], ["{%tr endfor %}"]
    )
    (problem,) = _problems(content, {"units": [{"name": "x", "chief": {}}]})
    assert (problem.place.row, problem.place.column) == (3, 2)
    assert problem.found == "{{ u.chief.name }}"


def test_the_right_one_of_two_tags_in_a_line_is_named() -> None:
    (problem,) = _problems(paragraphs("x", "{{ a }} and {{ a.b.c }} and {{ d }}"), {"a": {}, "d": 1})
    assert problem.place.paragraph == 2
    assert problem.found == "{{ a.b.c }}"


def test_the_second_of_two_equal_tags_is_found() -> None:
    content = paragraphs("{{ xs[0].n }}", "{% if more %}{{ xs[0].m }}{% endif %}", "{{ xs[0].m }}")
    (problem,) = _problems(content, {"xs": [{"n": 1}], "more": False})
    assert problem.place.paragraph == 3


def test_every_part_reports_its_own_first_error() -> None:
    def build(document: Any) -> None:
        document.add_paragraph("{{ a }}")
        document.sections[0].header.paragraphs[0].text = "{{ b }}"
        document.core_properties.title = "{{ c }}"

    problems = _problems(template(build))
    assert [problem.place.part for problem in problems] == [
        "word/document.xml",
        "word/header1.xml",
        "docProps/core.xml",
    ]
    assert problems[2].place.label == "title"


def test_all_syntax_errors_are_told_at_once_each_at_its_place() -> None:
    content = table(
        ["{{ a b }}", "{{ fine }}"],
        ["{% if %}x{% endif %}", "{{ 'open }}"],
        ["{% for x of y %}{{ x }}{% endfor %}", "{{ a | }}"],
    )
    problems = _problems(content)
    assert [(p.place.row, p.place.column) for p in problems] == [(1, 1), (2, 1), (2, 2), (3, 1), (3, 2)]


def test_an_if_without_end_and_an_end_without_if_are_told() -> None:
    problems = _problems(paragraphs("{% if a %}", "x {% endfor %}", "{% for x in y %}"))
    assert [problem.place.paragraph for problem in problems] == [1, 2, 3]
    assert "no end" in en(problems[0].message)
    assert "for" in en(problems[1].message)


def test_blocks_that_cross_are_told() -> None:
    (problem,) = _problems(paragraphs("{% for x in y %}{% if x %}", "{% endfor %}", "end"))
    assert problem.found == "{% if x %}"


@pytest.mark.parametrize("quote", ["„", "«", "´", "‟"])
def test_odd_quotes_in_a_tag_are_named(quote: str) -> None:
    (problem,) = _problems(paragraphs("x {{ a[" + quote + "k" + quote + "] }}"))
    assert quote in en(problem.message)
    assert "straight" in en(problem.mend or NOTHING)


def test_a_tag_that_is_not_closed_is_told() -> None:
    (problem,) = _problems(paragraphs("Kính gửi {{ name }, chào", "{{ other }}"), {"other": "x"})
    assert problem.place.paragraph == 1
    assert "closed" in en(problem.message)


def test_a_tag_split_across_runs_is_told_as_it_reads() -> None:
    def build(document: Any) -> None:
        paragraph = document.add_paragraph("Tên: ")
        for piece in ("{", "{ na", "me.x", " }", "}"):
            paragraph.add_run(piece)

    (problem,) = _problems(template(build), {"name": {}})
    assert problem.found == "{{ name.x }}"
    assert "in “Tên: {{ name.x }}”: " in en(problem.message)


@pytest.mark.parametrize(
    ("tag", "word"),
    [
        ("{{ 1 / n }}", "ZeroDivisionError"),
        ("{{ n + 'x' }}", "TypeError"),
        ("{{ n | nothing }}", "nothing"),
        ("{{ n() }}", "TypeError"),
        ("{% for x in n %}{% endfor %}", "TypeError"),
        ("{{ ''.__class__ }}", "__class__"),
        ("{{ xs.append(1) }}", "append"),
    ],
)
def test_what_fails_while_filling_is_told_with_its_tag(tag: str, word: str) -> None:
    (problem,) = _problems(paragraphs("first", f"x {tag} y"), {"n": 0, "xs": []})
    assert problem.place.paragraph == 2
    assert word in en(problem.message)
    assert tag.startswith(problem.found)


@pytest.mark.parametrize(
    "tag", ["{{ a is wonderful }}", "{% nonsense %}", "{% autoescape false %}{{ a }}{% endautoescape %}"]
)
def test_what_jinja_or_we_do_not_have_is_told_when_the_template_is_compiled(tag: str) -> None:
    with pytest.raises(TemplateError) as error:
        compile_template(paragraphs("x", tag))
    assert error.value.problems[0].place.paragraph == 2


def test_rich_text_in_a_plain_tag_is_told() -> None:
    (problem,) = _problems(paragraphs("x", "a {{ rich }} b"), {"rich": RichText("y", bold=True)})
    assert problem.place.paragraph == 2
    assert "{{r" in en(problem.mend or NOTHING)


def test_a_loop_that_opens_and_closes_in_different_places_is_told_not_lost() -> None:
    def build(document: Any) -> None:
        document.add_paragraph("{% if a %}x")
        document.add_table(1, 1).cell(0, 0).text = "{% endif %}y"
        document.add_paragraph("end")

    (problem,) = _problems(template(build), {"a": False})
    assert "different places" in en(problem.message)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04broken"])
def test_what_is_no_word_file_is_told(content: bytes) -> None:
    with pytest.raises(TemplateError) as error:
        compile_template(content)
    assert "docx" in en(error.value.problems[0].message)


def test_a_picture_the_template_does_not_have_is_told() -> None:
    with pytest.raises(TemplateError) as error:
        fill(compile_template(paragraphs("x")), {}, pictures={"nobody": b"png"})
    assert "nobody" in str(error.value)


@pytest.mark.sweep
@pytest.mark.parametrize(
    "tag",
    [
        "{{ 'a' * 10**9 }}",
        "{{ [1] * 10**9 }}",
        "{{ 9 ** (9 ** 9) }}",
        "{{ 'a' | center(10**9) }}",
        "{{ 'a'.ljust(10**9) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%1000000000d' | format(1) }}",
        "{{ '{:>1000000000}'.format(1) }}",
        "{{ ('a' * 900000).replace('a', 'b' * 900000) }}",
        "{{ ('b' * 900000).join(['a'] * 900000) }}",
        "{{ range(10**9) | list }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% macro f(n) %}{{ f(n) }}{% endmacro %}{{ f(1) }}",
        "{% macro g(n) %}{% if n %}{{ g(n - 1) }}{{ g(n - 1) }}{% endif %}{% endmacro %}{{ g(60) }}",
        "{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set n = namespace(s='aaa') %}{% for i in range(60) %}{% set n.s %}{{ n.s * 2 }}{% endset %}{% endfor %}",
        "{% for i in range(99999) %}{{ 'a' * 99999 }}{% endfor %}",
        "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}",
        "{% set n = namespace(x=1) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x | upper }}",
        "{% set n = namespace(x=1) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x ~ 1 }}",
        "{{ (['a' * 900000] * 900000) | join }}",
        "{{ (['a' * 900000] * 900000) | select | join }}",
        "{{ ''.join(['a' * 900000] * 900000) }}",
        "{{ ([[1] * 900000] * 900000) | sum(start=[]) }}",
        "{{ ('%s' * 300000) % (('a' * 900000,) * 300000) }}",
        "{{ ('{0}' * 300000).format('a' * 900000) }}",
        "{{ ('a\\n' * 400000) | indent('b' * 900000) }}",
    ],
)
def test_template_code_that_eats_memory_or_time_is_stopped_and_named(
    tag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.filling.budget.WORK", 500_000)
    (problem,) = _problems(paragraphs("x", f"y {tag}"))
    assert "too much" in en(problem.message) or "Recursion" in en(problem.message)
    assert problem.place.paragraph == 2
