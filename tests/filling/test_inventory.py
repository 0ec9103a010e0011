"""What a template reads is known before it is used: every path, and nothing that is not one."""

from typing import Any

import pytest

from pipeline.filling import compile_template, inventory
from pipeline.model import Place
from tests.filling.making import paragraphs, table, template

EXPECTED = {
    "{% for u in units %}{{ u.signatory.name }}{{ loop.index }}{% endfor %}": ["units", "units[].signatory.name"],
    "{% set s = unit.signatory %}{{ s.name | upper }}{{ s.x | default('') }}": [
        "unit.signatory.name",
        "unit.signatory.x",
    ],
    "{% macro f(u, n=3) %}{{ u.name }}{{ n }}{{ other }}{% endmacro %}{{ f(chief) }}"
    "{% for x in xs %}{{ f(x) }}{% endfor %}": [
        "chief.name",
        "other",
        "xs",
        "xs[].name",
    ],
    "{% for k, v in d.items() %}{{ k }}{{ v.z }}{% endfor %}": ["d[].z"],
    "{{ name.split(',')[0].upper() }}{{ d.get('q', w) }}": ["d.q", "name", "w"],
    "{% for g in rows | groupby('unit.code') %}{{ g.grouper }}"
    "{% for r in g.list %}{{ r.n }}{% endfor %}{% endfor %}": [
        "rows",
        "rows[].n",
        "rows[].unit.code",
    ],
    "{% for code, rs in rows | groupby('unit') %}{{ code }}{{ rs | length }}"
    "{% for r in rs %}{{ r.n }}{% endfor %}{% endfor %}": [
        "rows",
        "rows[].n",
        "rows[].unit",
    ],
    "{% for line in xs | batch(3, '') %}{% for c in line %}{{ c.a }}{% endfor %}{% endfor %}": ["xs", "xs[].a"],
    "{% set ns = namespace(t=0) %}{% for r in rows %}{% set ns.t = ns.t + r.n %}{% endfor %}{{ ns.t }}": [
        "rows",
        "rows[].n",
    ],
    "{% set ns = namespace(u=none) %}{% for r in rows %}{% set ns.u = r.unit %}{% endfor %}{{ ns.u.name }}": [
        "rows",
        "rows[].unit.name",
    ],
    "{% if a %}{{ b }}{% elif c.d %}{{ e }}{% else %}{{ f }}{% endif %}{{ 'x' if g else h }}": [
        *"ab",
        "c.d",
        *"efgh",
    ],
    "{% if a %}{% set m = 1 %}{% else %}{% set m = 2 %}{% endif %}{{ m }}": ["a"],
    "{% if a %}{% set m = 1 %}{% endif %}{{ m }}": ["a", "m"],
    "{% set m = m | default(1) %}{{ m }}": ["m"],
    "{{ rows | map(attribute='n') | join(', ') }}{{ rows | sum(attribute='v.w') }}": [
        "rows",
        "rows[].n",
        "rows[].v.w",
    ],
    "{% for i in t recursive %}{{ i.n }}{{ loop(i.k) }}{% endfor %}": [
        "t",
        "t[].k",
        "t[].k[].k",
        "t[].k[].n",
        "t[].n",
    ],
    "{% macro f(l) %}{% for x in l %}{{ caller(x) }}{% endfor %}{% endmacro %}"
    "{% call(u) f(us) %}{{ u.n }}{% endcall %}": [
        "us",
        "us[].n",
    ],
    "{% for a, b in [('x', p.q), ('y', r)] %}{{ a }}{{ b }}{% endfor %}": ["p.q", "r"],
    "{{ range(n) | list }}{{ dict(a=1).a }}{{ cycler('a', 'b').next() }}{{ joiner(',')() }}": ["n"],
    "{% with t = foo.bar, u = 1 %}{{ t.baz }}{{ u }}{% endwith %}{{ xs[0].name }}{{ m[key].v }}": [
        "foo.bar.baz",
        "key",
        "m[].v",
        "xs[].name",
    ],
    "{% for x in xs if x.ok %}{{ x.n }}{% else %}{{ none_at_all }}{% endfor %}": [
        "none_at_all",
        "xs",
        "xs[].n",
        "xs[].ok",
    ],
    "{% filter upper %}{{ a }}{% endfilter %}{% set b %}{{ c }}{% endset %}{{ b }}": ["a", "c"],
    "{% raw %}{{ a }}{% endraw %}{# {{ b }} #}{% block z %}{{ c }}{% endblock %}": ["c"],
    "{{ a.b if a is defined else '' }}{{ c['d']['e'] }}{{ f ~ g }}{{ h in i }}{{ not j }}": [
        "a",
        "a.b",
        "c.d.e",
        *"fghij",
    ],
    "{{r rich }}{{ fn(x, key=y) }}{{ z | custom(w) }}": ["fn", "rich", "w", "x", "y", "z"],
    "{{ '%s' % a }}{{ a[1:2] }}{{ xs | first }}{{ (xs | last).name }}{{ xs | sort(attribute='no') | length }}": [
        "a",
        "xs",
        "xs[]",
        "xs[].name",
        "xs[].no",
    ],
}


@pytest.mark.sweep
@pytest.mark.parametrize("text", EXPECTED)
def test_every_path_is_found_and_none_besides(text: str) -> None:
    assert list(inventory(compile_template(paragraphs(text))).paths) == sorted(EXPECTED[text])


def test_all_parts_are_read() -> None:
    def build(document: Any) -> None:
        document.add_paragraph("{{ body }}")
        document.sections[0].header.paragraphs[0].text = "{{ head.er }}"
        document.sections[0].footer.paragraphs[0].text = "{{ foot }}"
        document.core_properties.title = "{{ title }}"
        document.core_properties.keywords = "{{ document.code }}"

    found = inventory(compile_template(template(build)))
    assert found.paths == ("body", "document.code", "foot", "head.er", "title")
    assert found.names == {"body", "document", "foot", "head", "title"}


def test_docxtpls_own_tags_are_no_names() -> None:
    content = table(
        ["{% colspan n %}b", "{% cellbg colour %}c", "", ""],
        ["{%tr for u in us %}"],
        ["{% vm %}{{ u.a }}", "{%tc for c in u.cs %}", "{{ c }}", "{%tc endfor %}"],
        ["{%tr endfor %}"],
    )
    assert inventory(compile_template(content)).paths == ("colour", "n", "us", "us[].a", "us[].cs", "us[].cs[]")


def test_what_has_a_fallback_everywhere_may_be_missing() -> None:
    text = "{{ a | default('') }}{{ b | default('') }}{{ b }}{% if c is defined and c.d %}"
    text += "{{ c.d.e }}{% endif %}{{ f.get('g') or '' }}"
    uses = {use.path: use.is_optional for use in inventory(compile_template(paragraphs(text))).uses}
    assert uses == {"a": True, "b": False, "c": True, "c.d": True, "c.d.e": True, "f.g": True}


def test_a_use_tells_how_and_where() -> None:
    content = table(["x", "y"], ["{% if flag %}z{% endif %}", "{% for u in units %}{{ u.name }}{% endfor %}"])
    uses = {use.path: use for use in inventory(compile_template(content)).uses}
    assert uses["flag"].uses == {"test"}
    assert uses["units"].uses == {"list"}
    assert uses["units[].name"].uses == {"text"}
    assert uses["units[].name"].places == (Place(part="word/document.xml", table=1, row=2, column=2, paragraph=1),)


def test_filters_are_listed() -> None:
    found = inventory(compile_template(paragraphs("{{ a | words }}{{ xs | map('two') | join }}")))
    assert found.filters == {"words", "map", "two", "join"}
