"""Every documented feature of docxtpl: our parts are docxtpl's parts, given the same escaped values."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage, Listing, RichText, RichTextParagraph

from pipeline.filling import compile_template, fill
from tests.filling.making import by_docxtpl, paragraphs, png, same_parts, table, template

UNITS = [{"name": "Một & <hai>", "cells": ["a", "b"]}, {"name": 'Ba\nbốn\t"năm"', "cells": ["c", "d"]}]


@dataclass(frozen=True)
class Case:
    """A template, its values (given the docxtpl document they are for), its filters."""

    content: bytes
    values: Mapping[str, object] | Callable[[Any], Mapping[str, object]]
    filters: Mapping[str, Callable[..., object]] = field(default_factory=dict)

    def of(self, document: Any) -> Mapping[str, object]:
        return self.values(document) if callable(self.values) else self.values


def _split_runs(document: Any) -> None:
    paragraph = document.add_paragraph()
    for piece in ("{", "{ na", "me }", "} end {", "%", " if x %}yes{% endif %", "}"):
        paragraph.add_run(piece).bold = len(piece) % 2 == 0


def _headers(document: Any) -> None:
    first = document.sections[0]
    first.header.paragraphs[0].text = "H {{ a }} {{ b }}"
    first.footer.paragraphs[0].text = "F {% if a %}{{ a }}{% endif %}"
    first.different_first_page_header_footer = True
    first.first_page_header.paragraphs[0].text = "first {{ b }}"
    document.add_paragraph("{{ a }}")
    second = document.add_section()
    second.header.is_linked_to_previous = False
    second.header.paragraphs[0].text = "H2 {{ a }}"


def _properties(document: Any) -> None:
    properties = document.core_properties
    properties.title, properties.author = "T {{ a }}", "{{ a }}"
    properties.subject = "{% for x in xs %}{{ x }},{% endfor %}"
    document.add_paragraph("{{ a }}")


def _pictures(document: Any) -> None:
    document.add_paragraph("{%p for x in xs %}")
    document.add_picture(png())
    document.add_paragraph("{%p endfor %}")
    document.add_picture(png())


def _nested_table(document: Any) -> None:
    outer = document.add_table(2, 2)
    inner = outer.cell(0, 0).add_table(1, 2)
    inner.cell(0, 0).text = "{{ a }}"


def _rich() -> RichText:
    rich = RichText("bold", bold=True, color="#FF0000", size=28, font="eastAsia:Arial")
    rich.add(" and & <more>", underline=True, strike=True, superscript=True, highlight="00FF00")
    return rich


def _rich_paragraphs() -> RichTextParagraph:
    made = RichTextParagraph()
    made.add("one & two", parastyle="ListBullet")
    made.add(_rich())
    return made


def _pictures_for(document: Any) -> Mapping[str, object]:
    return {"xs": [InlineImage(document, png(colour), width=Mm(20)) for colour in ("red", "blue")]}


def _linked_picture(document: Any) -> Mapping[str, object]:
    return {"xs": [InlineImage(document, png(), height=Mm(20), anchor="https://example.org/?a=1&b=2")]}


def _subdocuments(document: Any) -> Mapping[str, object]:
    made = document.new_subdoc()
    made.add_paragraph("sub & one {_{")
    made.add_paragraph().add_run("two").bold = True
    made.add_picture(png())
    other = Document()
    other.add_paragraph("other", style="List Bullet")
    other.add_picture(png("green"))
    saved = io.BytesIO()
    other.save(saved)
    saved.seek(0)
    return {"s": made, "t": document.new_subdoc(saved), "a": "x\ty"}


COLUMNS = table(
    ["h", "{%tc for c in cols %}", "{{ c }}", "{%tc endfor %}"],
    ["x", "{%tc for c in cols %}", "{{ c }}v", "{%tc endfor %}"],
)
ROWS = (["{%tr for u in units %}"], ["{{ loop.index }}", "{{ u.name }}"], ["{%tr endfor %}"])
LOOPED = paragraphs(
    "{% for x in xs %}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.revindex }}{{ loop.cycle('a', 'b') }}"
    "{{ loop.previtem if not loop.first else '' }}{% endfor %}",
    "{% for x in [] %}{% else %}none{% endfor %}{% for x in xs if x > 1 %}{{ x }}{{ loop.index0 }}{% endfor %}",
    "{% for i in tree recursive %}{{ i.n }}{% if i.k %}({{ loop(i.k) }}){% endif %}{% endfor %}",
)
MACROS = paragraphs(
    "{% macro f(x, y=2) %}[{{ x }}{{ y }}{{ caller() if caller is defined else '' }}]{% endmacro %}"
    "{{ f(a) }} {{ f('b', y=a) }}",
    "{% call f(a) %}in {{ a }}{% endcall %}",
    "{%p macro g(x) %}",
    "para {{ x }}",
    "{%p endmacro %}",
    "{{p g(a) }}",
    "{{p g('z') }}",
)
METHODS = paragraphs(
    "{{ d.items() | list | length }} {{ s.upper() }} {{ d['items'] }} {{ d.get('zz', 'none') }}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}{{ xs[0] }}{{ xs[1:] }}{{ s[0] }}",
)
SPACES = paragraphs("{% set ns = namespace(c=0) %}{% for x in xs %}{% set ns.c = ns.c + x %}{% endfor %}{{ ns.c }}")
BLOCKS = paragraphs("{% filter upper %}abc {{ a }}{% endfilter %} {% set q %}hi {{ a }}{% endset %}{{ q }}")
VALUES = paragraphs("{{ 1 / 3 }} {{ true }} {{ xs }} {{ d }} {{ '%.2f' | format(x) }} {{ x | round(1) }} {{ n }}")

CASES: dict[str, Case] = {
    "nothing at all": Case(paragraphs(), {}),
    "no tags but a picture and a table": Case(
        template(
            lambda document: [document.add_paragraph("x & y"), document.add_picture(png()), document.add_table(2, 2)]
        ),
        {"unused": "x"},
    ),
    "values": Case(paragraphs("{{ a }} {{ b | upper }}", "no tag"), {"a": "x & y", "b": "đơn"}),
    "line breaks and tabs": Case(paragraphs("{{ a }} {{ b }}"), {"a": "x\n\ny", "b": "\t1\t2\n"}),
    "tags split across runs": Case(template(_split_runs), {"name": "A\tB", "x": 1}),
    "if around paragraphs": Case(paragraphs("{%p if a %}", "yes", "{%p else %}", "no", "{%p endif %}"), {"a": ""}),
    "for around paragraphs": Case(
        paragraphs("{%p for u in units %}", "{{ u.name }} {{ loop.index }}", "{%p endfor %}"), {"units": UNITS}
    ),
    "rows": Case(table(["No", "Name"], *ROWS, ["", "total"]), {"units": UNITS}),
    "no rows": Case(table(["No", "Name"], *ROWS), {"units": []}),
    "rows and nothing else": Case(table(*ROWS), {"units": UNITS}),
    "more columns": Case(COLUMNS, {"cols": list("abcdef")}),
    "fewer columns": Case(COLUMNS, {"cols": ["a"]}),
    "vm": Case(
        table(["h", "i"], ["{%tr for c in xs %}"], ["{% vm %}same", "{{ c }}"], ["{%tr endfor %}"]), {"xs": [1, 2, 3]}
    ),
    "hm": Case(table(["a", "b", "c"], ["{%tc for c in xs %}", "{% hm %}same", "{%tc endfor %}"]), {"xs": [1, 2, 3]}),
    "colspan": Case(table(["{% colspan n %}x", "{{ a }}"], ["b", "c"]), {"n": 2, "a": "q"}),
    "cellbg": Case(table(["{% cellbg colour %}x{{ a }}", "y"], ["b", "c"]), {"colour": "FF0000", "a": "q"}),
    "dashes": Case(paragraphs("one", "{%- if a %}two{% endif -%}", "three {{- a }}"), {"a": 1}),
    "if around runs": Case(paragraphs("a {%r if x %} b {{ x }}{%r endif %} c"), {"x": "q"}),
    "if across paragraphs": Case(paragraphs("a {% if x %} b", "c", "d {% endif %} e {{ x }}"), {"x": "1\t2"}),
    "rich text": Case(paragraphs("a {{r rich }} b {{r none or '' }}"), {"rich": _rich(), "none": None}),
    "rich text with breaks": Case(paragraphs("a {{r x }} b"), {"x": RichText("x\ny\tz\aq\fr", italic=True)}),
    "rich paragraphs": Case(paragraphs("a", "{{p x }}", "b"), {"x": _rich_paragraphs()}),
    "listing": Case(paragraphs("a {{ x }} b"), {"x": Listing("x\ny\tz & <\aq\fr")}),
    "pictures made inline": Case(paragraphs("a {% for x in xs %}{{ x }}{% endfor %} b"), _pictures_for),
    "a picture with a link": Case(paragraphs("a {% for x in xs %}{{ x }}{% endfor %} b"), _linked_picture),
    "subdocuments": Case(paragraphs("{{ a }}", "{{p s }}", "{{p t }}", "b"), _subdocuments),
    "headers and footers": Case(template(_headers), {"a": "x & y\nz", "b": "t\tu"}),
    "properties": Case(template(_properties), {"a": "x", "xs": [1, 2]}),
    "pictures in a loop": Case(template(_pictures), {"xs": [1, 2]}),
    "a table in a table": Case(template(_nested_table), {"a": "1"}),
    "escaped delimiters": Case(paragraphs("{_{ a }_} {_% if %_} {{ a }}"), {"a": "x"}),
    "raw and comments": Case(
        paragraphs("{% raw %}{{ a }}{% endraw %} {# comment #}{{ a }}", "{#p gone #}"), {"a": "x"}
    ),
    "macros": Case(MACROS, {"a": "x & y\nz"}),
    "blocks": Case(paragraphs("{% block a %}in {{ x }}{% endblock %}"), {"x": "1"}),
    "filter and set blocks": Case(BLOCKS, {"a": "đơn vị"}),
    "loops": Case(LOOPED, {"xs": [1, 2, 3], "tree": [{"n": "a", "k": [{"n": "b", "k": []}]}, {"n": "c", "k": []}]}),
    "filters": Case(
        paragraphs("{{ a | two }} {{ xs | map('two') | join(', ') }} {{ b | upper }}"),
        {"a": 3, "xs": [1, 2], "b": "x"},
        {"two": lambda value: f"{value:02d}", "upper": lambda text: f"({text})"},
    ),
    "namespaces": Case(SPACES, {"xs": [1, 2, 3]}),
    "kinds of values": Case(VALUES, {"xs": [1, "a"], "d": {"a": 1}, "x": 2.345, "n": 10**12}),
    "fallbacks": Case(paragraphs("{{ 'x' if a }}{{ b | default('') }}|{{ c.d | default('e') }}"), {"a": 0, "c": {}}),
    "typographic quotes": Case(
        paragraphs("{{ a[‘k’] }} {% if a[“k”] == ’v’ %}same{% endif %}{% if 1 < 2 and 3 > 2 %}lt{% endif %}"),
        {"a": {"k": "v"}},
    ),
    "methods and items": Case(METHODS, {"d": {"items": 1, "b": 2}, "s": "abc", "xs": [1, 2]}),
}


@pytest.mark.sweep
@pytest.mark.parametrize("name", CASES)
def test_our_parts_are_docxtpls_parts(name: str) -> None:
    case = CASES[name]
    document = DocxTemplate(io.BytesIO(case.content))
    document.init_docx()
    ours = fill(
        compile_template(case.content), case.of(compile_template(case.content).docxtpl()), filters=case.filters
    )
    same_parts(ours, by_docxtpl(case.content, case.of(document), case.filters, document))


@pytest.mark.sweep
@pytest.mark.parametrize("name", CASES)
def test_our_documents_open_in_python_docx(name: str) -> None:
    case = CASES[name]
    compiled = compile_template(case.content)
    assert (
        Document(io.BytesIO(fill(compiled, case.of(compiled.docxtpl()), filters=case.filters))).element.body
        is not None
    )


def test_values_made_with_another_docxtpl_document_are_taken() -> None:
    content = paragraphs("{{p s }}", "{{ a }}")
    document = DocxTemplate(io.BytesIO(content))
    made = document.new_subdoc()
    made.add_paragraph("from a subdocument")
    values = {"s": made, "a": InlineImage(document, png())}
    compiled = compile_template(content)
    first, second = fill(compiled, values), fill(compiled, values)
    assert first == second
    assert Document(io.BytesIO(first)).paragraphs[0].text == "from a subdocument"


def test_a_picture_of_the_template_is_replaced_by_name_as_docxtpl_replaces_it() -> None:
    def build(document: Any) -> None:
        document.add_paragraph("{{ a }}")
        document.add_picture(png())
        document.inline_shapes[0]._inline.graphic.graphicData.pic.nvPicPr.cNvPr.set("descr", "the code")

    content = template(build)
    document = DocxTemplate(io.BytesIO(content))
    document.replace_pic("the code", png("blue"))
    theirs = by_docxtpl(content, {"a": "x"}, document=document)
    same_parts(fill(compile_template(content), {"a": "x"}, pictures={"the code": png("blue").read()}), theirs)


@pytest.mark.slow
def test_the_fast_way_is_taken_for_ordinary_templates() -> None:
    fast = ("values", "rows", "no rows", "for around paragraphs", "headers and footers", "rich text", "macros", "vm")
    assert [compile_template(CASES[name].content).slow for name in fast] == [""] * len(fast)
