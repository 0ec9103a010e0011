"""Whatever conditions and loops leave out, what is left is a document Word opens, on either road."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from lxml import etree

from pipeline.filling import TemplateError, compile_template, fill, outcomes, require_valid, template_faults
from tests.filling.making import paragraphs, png, table, template, text, texts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SLOW = "{% block x %}{% endblock %}"
roads = pytest.mark.parametrize("extra", ["", SLOW], ids=["fast", "slow"])


def with_text(content: bytes, extra: str) -> bytes:
    document = Document(io.BytesIO(content))
    document.add_paragraph(f"end{extra}")
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def made(content: bytes, values: Mapping[str, object]) -> Any:
    """The document's body, once it is known to be valid."""
    filled = fill(compile_template(content), values)
    require_valid(filled)
    return Document(io.BytesIO(filled))


def cell(*lines: str) -> bytes:
    """A table of two cells, the first with a paragraph of each line."""

    def build(document: Any) -> None:
        first, second = document.add_table(1, 2).rows[0].cells
        first.text, second.text = lines[0], "bên"
        for line in lines[1:]:
            first.add_paragraph(line)

    return template(build)


@roads
def test_a_cell_whose_condition_fails_keeps_a_paragraph(extra: str) -> None:
    content = with_text(cell("{%p if a %}", "x", "{%p endif %}"), extra)
    assert [one.text for one in made(content, {"a": False}).tables[0].rows[0].cells] == ["", "bên"]
    assert [one.text for one in made(content, {"a": True}).tables[0].rows[0].cells] == ["x", "bên"]


@roads
def test_a_cell_looped_over_nothing_keeps_a_paragraph(extra: str) -> None:
    content = with_text(cell("{%p for x in xs %}", "{{ x }}", "{%p endfor %}"), extra)
    assert [one.text for one in made(content, {"xs": []}).tables[0].rows[0].cells] == ["", "bên"]


@roads
def test_a_cell_of_a_looped_row_keeps_a_paragraph_in_each_turn(extra: str) -> None:
    def build(document: Any) -> None:
        rows = document.add_table(3, 2).rows
        rows[0].cells[0].text, rows[2].cells[0].text = "{%tr for x in xs %}", "{%tr endfor %}"
        rows[1].cells[0].text = "{{ x }}"
        rows[1].cells[1].text = "{%p if x > 1 %}"
        rows[1].cells[1].add_paragraph("nhiều")
        rows[1].cells[1].add_paragraph("{%p endif %}")

    found = made(with_text(template(build), extra), {"xs": [1, 2]}).tables[0]
    assert [[one.text for one in row.cells] for row in found.rows] == [["1", ""], ["2", "nhiều"]]


@roads
def test_a_table_without_rows_goes(extra: str) -> None:
    content = with_text(table(["{%tr for x in xs %}"], ["{{ x }}"], ["{%tr endfor %}"]), extra)
    assert not made(content, {"xs": []}).tables
    assert len(made(content, {"xs": [1, 2]}).tables[0].rows) == 2


@roads
def test_a_row_without_cells_goes(extra: str) -> None:
    content = with_text(table(["{%tc for x in xs %}", "{{ x }}", "{%tc endfor %}"], ["một", "hai", "ba"]), extra)
    assert [len(row.cells) for row in made(content, {"xs": []}).tables[0].rows] == [3]


@roads
def test_a_table_alone_in_a_cell_leaves_a_paragraph_when_it_goes(extra: str) -> None:
    def build(document: Any) -> None:
        outer = document.add_table(1, 1).cell(0, 0)
        inner = outer.add_table(3, 1)
        for row, line in zip(inner.rows, ("{%tr for x in xs %}", "{{ x }}", "{%tr endfor %}"), strict=True):
            row.cells[0].text = line
        for paragraph in outer.paragraphs:
            paragraph._p.getparent().remove(paragraph._p)

    content = with_text(template(build), extra)
    assert made(content, {"xs": []}).tables[0].cell(0, 0).text == ""
    assert made(content, {"xs": [1]}).tables[0].cell(0, 0).tables


@roads
def test_a_header_and_a_text_box_left_empty_keep_a_paragraph(extra: str) -> None:
    def build(document: Any) -> None:
        header = document.sections[0].header
        header.paragraphs[0].text = "{%p if a %}"
        header.add_paragraph("x")
        header.add_paragraph("{%p endif %}")
        lines = ("{%p if a %}", "x", "{%p endif %}")
        box = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
        shape = (
            f'<w:r {nsdecls("w")}><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>'
            f"<w:txbxContent>{box}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        )
        document.add_paragraph("trước")._p.append(parse_xml(shape))

    document = made(with_text(template(build), extra), {"a": False})
    assert [one.text for one in document.sections[0].header.paragraphs] == [""]
    assert len(next(document.element.iter(f"{W}txbxContent"))) == 1


def test_a_template_that_cannot_be_left_empty_is_not_looked_through_when_filled() -> None:
    rows = (["{%tr for x in xs %}"], ["{{ x }}"], ["{%tr endfor %}"])
    parts = [compile_template(content).members for content in (table(["đầu"], *rows), cell("{% if a %}x{% endif %}"))]
    assert not [one for members in parts for one in members if getattr(one, "may_be_empty", False)]


@pytest.mark.parametrize("tag", ["{% cellbg colour %}x", "{% colspan n %}x", "{% vm %}x"])
def test_what_stands_for_a_tag_of_a_cell_is_in_the_order_of_the_schema(tag: str) -> None:
    content = table(["h", "i"], ["{%tr for c in xs %}"], [tag, "{{ c }}"], ["{%tr endfor %}"])
    filled = fill(compile_template(content), {"xs": [1, 2], "colour": "FF0000", "n": 1})
    require_valid(filled)


# --- every branch ------------------------------------------------------------------------------------------------


def outcome_texts(content: bytes) -> set[str]:
    return {"|".join(texts(one)) for one in outcomes(compile_template(content))}


def test_every_condition_is_tried_both_ways_and_every_loop_empty_once_and_often() -> None:
    found = outcome_texts(
        paragraphs("a{% if x %}b{% elif y %}c{% else %}d{% endif %}", "{% for z in zs %}e{% else %}f{% endfor %}")
    )
    assert {"ab|e", "ab|eee", "ab|f", "ad|e"} <= found
    assert any(one.startswith("ac") for one in found)


def test_an_inner_condition_is_tried_both_ways_within_the_outer_one() -> None:
    found = outcome_texts(paragraphs("{% if x %}a{% if y %}b{% else %}c{% endif %}{% endif %}."))
    assert found == {"ab.", "ac.", "."}


def test_values_of_any_kind_are_left_out_of_the_structure() -> None:
    content = paragraphs("{{ a.b.c | nothing }}{{ d() }}{% macro m(x) %}[{{ x }}]{% endmacro %}{{ m(1) }}")
    assert outcome_texts(content) == {"11[1]"}


def test_outcomes_hold_no_tags_in_headers_and_are_valid() -> None:
    def build(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "{% if a %}đầu trang{% endif %}"
        document.add_paragraph("{{r rich }}{{ a }}")

    found = list(outcomes(compile_template(template(build))))
    headers = {Document(io.BytesIO(one)).sections[0].header.paragraphs[0].text for one in found}
    assert headers == {"đầu trang", ""}
    for one in found:
        require_valid(one)


def test_a_comment_in_a_loop_breaks_a_rule_in_one_of_the_outcomes() -> None:
    def build(document: Any) -> None:
        document.add_paragraph("{%p for x in xs %}")
        paragraph = document.add_paragraph("{{ x }}")
        paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:commentReference w:id="0"/></w:r>'))
        document.add_paragraph("{%p endfor %}")

    with pytest.raises(TemplateError, match="commentReference"):
        for one in outcomes(compile_template(template(build))):
            require_valid(one)


# --- what a loop would double ------------------------------------------------------------------------------------


def looped(xml: str, *more: str) -> bytes:
    """A template with `xml` in a looped paragraph, and paragraphs of further XML behind the loop."""

    def build(document: Any) -> None:
        document.add_paragraph("{%p for x in xs %}")
        for content in ("<w:r><w:t>{{ x }}</w:t></w:r>" + xml,):
            document.element.body.insert(-1, parse_xml(f"<w:p {DECLARED}>{content}</w:p>"))
        document.add_paragraph("{%p endfor %}")
        for content in more:
            document.element.body.insert(-1, parse_xml(f"<w:p {DECLARED}>{content}</w:p>"))

    return template(build)


DECLARED = f'{nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
BOOKMARK = '<w:bookmarkStart w:id="7" w:name="_GoBack"/><w:bookmarkEnd w:id="7"/>'
CONTROL = '<w:sdt><w:sdtPr><w:id w:val="-12"/></w:sdtPr><w:sdtContent><w:r><w:t>x</w:t></w:r></w:sdtContent></w:sdt>'
SHAPE = '<w:r><w:pict><v:shape id="_x0000_s1026" o:spid="_x0000_s1026"/></w:pict></w:r>'


@pytest.mark.parametrize("xml", [BOOKMARK, CONTROL, SHAPE], ids=["bookmark", "control", "shape"])
@roads
def test_an_id_in_a_loop_that_nothing_refers_to_comes_no_second_time(xml: str, extra: str) -> None:
    content = with_text(looped(xml), extra)
    assert not template_faults(content)
    assert [one.text for one in made(content, {"xs": ["a", "b"]}).paragraphs][:2] == ["a", "b"]


def test_ids_outside_of_loops_stay_as_they_are() -> None:
    filled = fill(compile_template(looped("", BOOKMARK + CONTROL + SHAPE)), {"xs": []})
    with zipfile.ZipFile(io.BytesIO(filled)) as archive:
        document = archive.read("word/document.xml")
    assert all(one in document for one in (b"_GoBack", b'w:val="-12"', b'id="_x0000_s1026"'))


def test_a_bookmark_in_a_loop_that_something_refers_to_is_told_with_its_place() -> None:
    marked = BOOKMARK.replace("_GoBack", "muc")
    (one,) = template_faults(looped(marked, '<w:hyperlink w:anchor="muc"><w:r><w:t>xem</w:t></w:r></w:hyperlink>'))
    assert (one.code, one.place.paragraph) == ("template.looped", 2)


def restarting(depth: int) -> bytes:
    """A list begun anew (“Restart at 1”) within so many loops."""

    def build(document: Any) -> None:
        numbering = document.part.numbering_part.element
        number = parse_xml(
            f'<w:num {nsdecls("w")} w:numId="99"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
            '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        )
        numbering.append(number)
        for _ in range(depth):
            document.add_paragraph("{%p for x in xs %}")
        item = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="99"/></w:numPr></w:pPr><w:r><w:t>ý</w:t></w:r>'
        document.element.body.insert(-1, parse_xml(f"<w:p {nsdecls('w')}>{item}</w:p>"))
        for _ in range(depth):
            document.add_paragraph("{%p endfor %}")

    return template(build)


def test_a_list_begun_anew_in_a_loop_within_a_loop_is_told() -> None:
    assert [template_faults(restarting(depth)) == () for depth in (0, 1)] == [True, True]
    (one,) = template_faults(restarting(2))
    assert (one.code, one.place.paragraph) == ("template.looped", 3)


def test_properties_out_of_order_in_the_template_are_put_in_order() -> None:
    def build(document: Any) -> None:
        properties = '<w:jc w:val="left"/><w:jc w:val="center"/><w:spacing w:before="60"/><w:keepNext/>'
        document.element.body.insert(
            -1, parse_xml(f"<w:p {nsdecls('w')}><w:pPr>{properties}</w:pPr><w:r><w:t>{{{{ a }}}}</w:t></w:r></w:p>")
        )

    filled = fill(compile_template(template(build)), {"a": "x"})
    require_valid(filled)
    with zipfile.ZipFile(io.BytesIO(filled)) as archive:
        properties = next(etree.fromstring(archive.read("word/document.xml")).iter(f"{W}pPr"))
    assert [one.tag.removeprefix(W) for one in properties] == ["keepNext", "spacing", "jc"]
    assert properties[-1].get(f"{W}val") == "center"
    assert text(filled) == "x"


# --- docxtpl's template object -----------------------------------------------------------------------------------


def test_a_picture_replaced_through_the_object_is_refused_and_not_left_out() -> None:
    from pipeline.filling import NotTaken

    made_with = compile_template(paragraphs("{{ a }}")).docxtpl()
    with pytest.raises(NotTaken, match="pictures="):
        made_with.replace_pic("logo.png", png())
    for method in (made_with.replace_media, made_with.replace_embedded, made_with.replace_zipname):
        with pytest.raises(NotTaken, match=method.__name__):
            method("a", "b")
