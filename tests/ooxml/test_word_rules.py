"""Each rule Word keeps, broken once: told with its place; what every template of the house makes breaks none."""

from typing import Any

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from pipeline.ooxml.word_rules import violations
from tests.filling.making import template
from tests.folders import shipped_kinds
from tests.said import en

DECLARED = (
    f'{nsdecls("w", "wp")} xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
P, CELL = "<w:p/>", "<w:tc><w:p/></w:tc>"
GRID = "<w:tblPr/><w:tblGrid/>"
CONTROL = '<w:sdt><w:sdtPr><w:id w:val="4"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>'
SHAPE = '<w:r><w:pict><v:{} id="s1"/></w:pict></w:r>'


def table(rows: str) -> str:
    return f"<w:tbl>{GRID}{rows}</w:tbl>"


def row(cells: str) -> str:
    return f"<w:tr>{cells}</w:tr>"


def paragraph(content: str) -> str:
    return f"<w:p>{content}</w:p>"


BOX = "<w:r><w:pict><v:rect><v:textbox>{}</v:textbox></v:rect></w:pict></w:r>"
DRAWING = '<w:r><w:drawing><wp:inline><wp:docPr id="5" name="x"/></wp:inline></w:drawing></w:r>'
NOTE = '<w:r><w:{}Reference w:id="2"/></w:r>'
SECTION = "<w:pPr><w:sectPr>{}</w:sectPr></w:pPr>"

BROKEN = {
    "a cell of nothing": (table(row(CELL) + row("<w:tc/>")), "cell", (1, 2, 1)),
    "a cell of properties": (table(row("<w:tc><w:tcPr/></w:tc>")), "cell", (1, 1, 1)),
    "a cell that ends with a table": (
        table(row(f"<w:tc><w:p/>{table(row(CELL))}</w:tc>")),
        "cell",
        (1, 1, 1),
    ),
    "a row of nothing": (table(row(CELL) + row("<w:trPr/>")), "row", (1, 2, 0)),
    "a table of nothing": (table(row(CELL)) + P + table(""), "table", (2, 0, 0)),
    "a text box of nothing": (paragraph(BOX.format("<w:txbxContent/>")), "text box", (0, 0, 0)),
    "a paragraph in a paragraph": (paragraph(P), "only text", (0, 0, 0)),
    "a table in a paragraph": (paragraph(table(row(CELL))), "only text", (1, 0, 0)),
    "two bookmarks of one id": (
        paragraph('<w:bookmarkStart w:id="3" w:name="a"/><w:bookmarkStart w:id="3" w:name="b"/>'),
        "bookmarkStart 3",
        (0, 0, 0),
    ),
    "two marks of one comment": (paragraph(NOTE.format("comment") * 2), "commentReference 2", (0, 0, 0)),
    "two marks of one footnote": (paragraph(NOTE.format("footnote") * 2), "footnoteReference 2", (0, 0, 0)),
    "two drawings of one id": (paragraph(DRAWING * 2), "docPr 5", (0, 0, 0)),
    "two shapes of one id": (paragraph(SHAPE.format("shape") + SHAPE.format("rect")), "shape s1", (0, 0, 0)),
    "two controls of one id": (CONTROL.format(P) * 2, "id 4", (0, 0, 0)),
    "properties of a paragraph": (paragraph("<w:pPr><w:jc/><w:pStyle/></w:pPr>"), "“pStyle”", (0, 0, 0)),
    "properties of letters": (paragraph("<w:r><w:rPr><w:sz/><w:b/></w:rPr></w:r>"), "“b”", (0, 0, 0)),
    "properties of a cell": (table(row("<w:tc><w:tcPr><w:shd/><w:tcW/></w:tcPr><w:p/></w:tc>")), "“tcW”", (1, 1, 1)),
    "properties of a section": (paragraph(SECTION.format("<w:cols/><w:pgSz/>")), "“pgSz”", (0, 0, 0)),
    "a property twice": (paragraph("<w:pPr><w:jc/><w:jc/></w:pPr>"), "“jc”", (0, 0, 0)),
    "properties after the text": (paragraph("<w:r><w:t>a</w:t></w:r><w:pPr/>"), "“pPr”", (0, 0, 0)),
}  # fmt: skip
SOUND = {
    "a cell that ends with a control": table(row(f"<w:tc>{CONTROL.format(P)}</w:tc>")),
    "a bookmark behind the last paragraph": table(row('<w:tc><w:p/><w:bookmarkEnd w:id="1"/></w:tc>')),
    "a row within a control": table(CONTROL.format(row(CELL))),
    "a cell within a control": table(row(CONTROL.format(CELL))),
    "the kind of a shape, twice": paragraph(SHAPE.format("shapetype") * 2),
    "several headers": paragraph(SECTION.format("<w:headerReference/><w:footerReference/><w:headerReference/>")),
    "properties in order": paragraph("<w:pPr><w:pStyle/><w:spacing/><w:jc/><w:rPr><w:b/><w:sz/></w:rPr></w:pPr>"),
}  # fmt: skip


def document_of(xml: str) -> bytes:
    def build(document: Any) -> None:
        for one in parse_xml(f"<w:body {DECLARED}>{xml}</w:body>"):
            document.element.body.insert(-1, one)

    return template(build)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_told_with_its_place(name: str) -> None:
    xml, said, place = BROKEN[name]
    (one,) = violations(document_of(xml))
    assert said in en(one.message)
    assert (one.place.part, one.place.table, one.place.row, one.place.column) == ("word/document.xml", *place)


@pytest.mark.parametrize("name", SOUND)
def test_what_word_writes_itself_breaks_no_rule(name: str) -> None:
    assert not violations(document_of(SOUND[name]))


def test_the_templates_of_the_house_break_no_rule() -> None:
    assert not [one for kind in shipped_kinds().kinds.values() for one in violations(kind.template)]
