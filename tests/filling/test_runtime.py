"""What generated code runs on says what Jinja says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.runtime import LoopContext, StrictUndefined

from pipeline.filling import compile_template, fill, runtime
from pipeline.filling.values import Value
from tests.filling.making import paragraphs, text


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
def test_what_a_template_asks_is_answered_as_jinja_does(tags: str, values: dict[str, Value], shown: str) -> None:
    compiled = compile_template(paragraphs(tags))
    assert compiled.slow == ""
    assert text(fill(compiled, values)) == shown


@given(items=st.lists(st.integers(), max_size=6), is_lazy=st.booleans())
def test_our_loop_counts_as_jinjas_does(items: list[int], is_lazy: bool) -> None:
    def told(loop: Value) -> list[object]:
        return [(item, {name: getattr(it, name) for name in sorted(runtime.LOOP_NAMES)}) for item, it in loop]

    given_items = (lambda: iter(items)) if is_lazy else (lambda: items)
    assert told(runtime.Loop(given_items(), None)) == told(LoopContext(given_items(), StrictUndefined))
