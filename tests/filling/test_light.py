"""The part of Jinja's runtime that stands in for it until it is needed says what Jinja says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.runtime import LoopContext, StrictUndefined

from pipeline.filling import compile_template, fill, light
from pipeline.filling.anything import Value
from pipeline.filling.budget import Budget
from pipeline.filling.sandbox import XML_ENVIRONMENT, context_of
from tests.filling.making import paragraphs, table, text

PLAIN = table(
    ["h", "i"],
    ["{%tr for r in rows %}"],
    ["{{ loop.index }}/{{ loop.length }}", "{{ r.x | trim(' .') | upper }}{% if not loop.last %};{% endif %}"],
    ["{%tr endfor %}"],
)
PROGRAM = """
import sys
from pathlib import Path
from pipeline.filling import compile_template, fill
made = fill(compile_template(Path(sys.argv[1]).read_bytes()), {"rows": [{"x": " Đơn vị 1. "}, {"x": "b"}]})
Path(sys.argv[2]).write_bytes(made)
print("jinja2" in sys.modules, "dataclasses" in sys.modules)
"""


def test_a_plain_document_from_a_kept_form_needs_no_jinja_at_all(tmp_path: Path) -> None:
    """Importing it takes longer than all the rest of a process's first document."""
    (tmp_path / "template.docx").write_bytes(PLAIN)
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "template.docx"), str(tmp_path / "made.docx")]
    done = [
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout for _ in range(2)
    ]
    assert done == ["True True\n", "False False\n"]
    assert (tmp_path / "made.docx").read_bytes() == fill(
        compile_template(PLAIN), {"rows": [{"x": " Đơn vị 1. "}, {"x": "b"}]}
    )


@pytest.mark.parametrize(
    ("tags", "values", "shown"),
    [
        ("{{ a | default('–') }}", {}, "–"),
        ("{{ a.items() | list | length }}", {"a": {"x": 1}}, "1"),
        ("{{ range(3) | join('+') }}", {}, "0+1+2"),
        ("{{ range }}", {"range": "mine"}, "mine"),
        ("{% for x in xs %}{{ loop.cycle('a', 'b') }}{% endfor %}", {"xs": [1, 2, 3]}, "aba"),
        ("{% for x in xs | reverse %}{{ loop.revindex0 }}{{ x }}{% endfor %}", {"xs": "ab"}, "1b0a"),
        ("{% for k in d %}{{ loop.first }}{{ k }}{% endfor %}", {"d": {"p": 1, "q": 2}}, "TruepFalseq"),
        ("{% macro m(a, b) %}[{{ a }}{{ b | default('?') }}]{% endmacro %}{{ m(1) }}", {}, "[1?]"),
        ("{% set n = namespace(v=1) %}{% set n.v = 2 %}{{ n.v }}", {}, "2"),
        ("{{ 'yes' if a }}|{{ b[0] ~ (a + 1) }}", {"a": 0, "b": ["x"]}, "|x1"),
        ("{{ d['keys'] }}{{ d.keys() | list | length }}", {"d": {"keys": "k"}}, "k1"),
        ("{{ a is defined }}{{ b is none }}{{ 3 is odd }}", {"b": None}, "FalseTrueTrue"),
        (
            "{{ a | replace('x', 'y') }}{{ a | replace('x', 'y', 1) }}{{ 12 | replace('1', 'y') }}",
            {"a": "xx"},
            "yyyxy2",
        ),
    ],
)
def test_what_only_jinja_knows_is_asked_of_jinja(tags: str, values: dict[str, Value], shown: str) -> None:
    compiled = compile_template(paragraphs(tags))
    assert compiled.slow == ""
    assert text(fill(compiled, values)) == shown


TEXTS = st.text(max_size=8) | st.integers() | st.booleans() | st.lists(st.text(max_size=3), max_size=3)


@given(value=TEXTS, arguments=st.lists(st.text(max_size=2), max_size=2))
@pytest.mark.parametrize("name", ["lower", "upper", "trim", "length", "count", "default", "d", "replace"])
def test_the_light_filters_say_what_jinjas_say(name: str, value: Value, arguments: list[str]) -> None:
    function = light._light_filter(name, value, tuple(arguments))
    if function is None:
        return
    context = context_of(XML_ENVIRONMENT, {}, Budget(), {}, None)
    try:
        expected: Value = context.filter(name)(context, value, *arguments)
    except TypeError:
        with pytest.raises(TypeError):
            function(value, *arguments)
        return
    assert function(value, *arguments) == expected


@given(items=st.lists(st.integers(), max_size=6), is_lazy=st.booleans())
def test_the_light_loop_counts_as_jinjas_does(items: list[int], is_lazy: bool) -> None:
    def told(loop: Value) -> list[object]:
        return [(item, {name: getattr(it, name) for name in sorted(light.LOOP_NAMES)}) for item, it in loop]

    given_items = (lambda: iter(items)) if is_lazy else (lambda: items)
    assert told(light.Loop(given_items(), None)) == told(LoopContext(given_items(), StrictUndefined))


def test_the_names_every_template_knows_are_jinjas() -> None:
    assert set(XML_ENVIRONMENT.globals) == light.GLOBALS
