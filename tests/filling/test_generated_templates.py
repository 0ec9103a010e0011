"""Templates nobody thought of, with values nobody thought of: our parts are docxtpl's parts."""

from typing import Any

import pytest
from docxtpl import RichText
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.filling import compile_template, fill
from tests.filling.making import by_docxtpl, same_parts, template

WORDS = st.text(alphabet="abĐđơ ửẬ&<>\"'\n\t.{}", max_size=10).filter(
    lambda text: "{{" not in text and "}}" not in text
)
STATIC = st.sampled_from(["", "Kính gửi: ", "  hai  ", "số & <ba>", "—", "năm 2022 "])
NAMES = st.sampled_from(["a", "b", "d.x", "d.y.z", "xs[0].n", "n"])
EXPRESSIONS = st.one_of(
    NAMES.map("{{{{ {} }}}}".format),
    NAMES.map("{{{{ {} | upper }}}}".format),
    NAMES.map("{{{{ ({} ~ ', ' ~ b) | trim }}}}".format),
    st.sampled_from(
        [
            "{{ missing | default('–') }}",
            "{{ n + 1 }}",
            "{{ 'yes' if flag else a }}",
            "{{ xs | length }}",
            "{{r rich }}",
        ]
    ),
)
LOOPED = st.sampled_from(
    ["{{ x.n }}", "{{ loop.index }}. ", "{{ x.m }}", "{% if loop.first %}({{ x.n }}{% endif %}", "; "]
)
INLINE = st.recursive(
    st.one_of(STATIC, EXPRESSIONS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map("".join),
        st.tuples(inner, inner).map(lambda two: f"{{% if flag %}}{two[0]}{{% else %}}{two[1]}{{% endif %}}"),
        st.lists(LOOPED, max_size=3).map(lambda parts: f"{{% for x in xs %}}{''.join(parts)}{{% endfor %}}"),
    ),
    max_leaves=5,
)
CUTS = st.lists(st.integers(1, 12), max_size=6)


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0) -> list[tuple[str, Any, list[int]]]:
    """Paragraphs (text, where its runs are cut) and tables, some in conditions and loops of paragraphs."""
    made: list[tuple[str, Any, list[int]]] = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["paragraph", "paragraph", "table", *(["if", "for"] if depth < 2 else [])]))
        if kind == "paragraph":
            made.append(("paragraph", draw(INLINE), draw(CUTS)))
        elif kind == "table":
            made.append(("table", draw(tables()), []))
        else:
            head = "{%p if flag %}" if kind == "if" else "{%p for x in xs %}"
            inner = draw(blocks(depth=depth + 1))
            made += [("paragraph", head, []), *inner, ("paragraph", f"{{%p end{kind} %}}", [])]
    return made


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Two or three columns; rows that always come, rows in loops and in conditions."""
    columns = draw(st.integers(2, 3))
    cell = st.one_of(STATIC, EXPRESSIONS)
    rows = [draw(st.lists(cell, min_size=columns, max_size=columns))]
    for _ in range(draw(st.integers(0, 2))):
        head, end = draw(
            st.sampled_from([("{%tr for x in xs %}", "{%tr endfor %}"), ("{%tr if flag %}", "{%tr endif %}")])
        )
        inside = st.one_of(LOOPED, cell) if "for" in head else cell
        rows += [[head], draw(st.lists(inside, min_size=columns, max_size=columns)), [end]]
    return rows


def _write(paragraph: Any, text: str, cuts: list[int]) -> None:
    """`text` as runs, cut anywhere, every second one bold."""
    for number, cut in enumerate([*cuts, len(text) or 1]):
        piece, text = text[:cut], text[cut:]
        if piece:
            paragraph.add_run(piece).bold = number % 2 == 1 or None
    if text:
        paragraph.add_run(text)


def _document(made: list[tuple[str, Any, list[int]]], header: str) -> bytes:
    def build(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = header
        for kind, content, cuts in made:
            if kind == "paragraph":
                _write(document.add_paragraph(), content, cuts)
            else:
                table = document.add_table(len(content), max(map(len, content)))
                for row, texts in zip(table.rows, content, strict=True):
                    for cell, text in zip(row.cells, texts, strict=False):
                        cell.text = text

    return template(build)


@st.composite
def values(draw: st.DrawFn) -> dict[str, object]:
    """Values for every name the templates use."""
    rows = draw(st.lists(st.fixed_dictionaries({"n": WORDS, "m": st.integers(0, 9)}), min_size=1, max_size=3))
    return {
        "a": draw(WORDS),
        "b": draw(st.one_of(WORDS, st.integers())),
        "d": {"x": draw(WORDS), "y": {"z": draw(WORDS)}},
        "n": draw(st.integers(-5, 10**6)),
        "flag": draw(st.booleans()),
        "xs": rows,
        "rich": _Rich(draw(WORDS)),
    }


class _Rich:
    """docxtpl's RichText, shown by its text when a test fails."""

    def __init__(self, text: str) -> None:
        self._made = RichText(text, italic=True)
        self._text = text

    def __html__(self) -> str:
        return str(self._made.xml)

    def __str__(self) -> str:
        return str(self._made.xml)

    def __repr__(self) -> str:
        return f"RichText({self._text!r})"


@pytest.mark.slow
@settings(max_examples=20)
@given(blocks(), st.one_of(STATIC, NAMES.map("H {{{{ {} }}}}".format)), values())
def test_generated_documents_are_docxtpls(
    made: list[tuple[str, Any, list[int]]], header: str, given_values: dict[str, object]
) -> None:
    content = _document(made, header)
    same_parts(fill(compile_template(content), given_values), by_docxtpl(content, given_values))
