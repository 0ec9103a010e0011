"""Formatting is resolved as Word does: style chains, toggles that cancel each other, tables, lists, the theme."""

import pytest

from pipeline.layout.check.paragraphs import read_document
from pipeline.layout.check.word_document import Paragraph
from pipeline.ooxml import packed

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def made(body: str, styles: str = "", numbering: str = "", theme: str = "") -> list[Paragraph]:
    """The paragraphs of a small file."""
    others = {"styles": styles, "numbering": numbering}
    relations = "".join(
        f'<Relationship Id="r{name}" Type="{OFFICE}/{name}" Target="{name}.xml"/>' for name in (*others, "theme")
    )
    parts = {
        "[Content_Types].xml": f'<Types><Override PartName="/word/document.xml" ContentType="{DOCUMENT}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
        f'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}<w:sectPr/></w:body></w:document>',
        "word/theme.xml": theme or "<theme/>",
        **{f"word/{name}.xml": f'<w:{name} xmlns:w="{W}">{content}</w:{name}>' for name, content in others.items()},
    }
    return read_document(packed({name: content.encode() for name, content in parts.items()})).body


def style(name: str, run: str = "", para: str = "", kind: str = "paragraph", base: str = "", more: str = "") -> str:
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{name}"/>{based}<w:pPr>{para}</w:pPr>'
        f"<w:rPr>{run}</w:rPr>{more}</w:style>"
    )


def para(style_id: str = "", run: str = "", props: str = "") -> str:
    named = f'<w:pStyle w:val="{style_id}"/>' if style_id else ""
    return f"<w:p><w:pPr>{named}{props}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>Chữ</w:t></w:r></w:p>"


B, OFF = "<w:b/>", '<w:b w:val="0"/>'
DEFAULT_B = f"<w:docDefaults><w:rPrDefault><w:rPr>{B}</w:rPr></w:rPrDefault></w:docDefaults>"
CHAR = '<w:rStyle w:val="C"/>'


@pytest.mark.parametrize(
    ("styles", "run", "bold"),
    [
        (style("P"), "", False),
        (style("P", B), "", True),
        (style("P", B), OFF, False),
        (style("P", B) + style("C", B, kind="character"), CHAR, False),  # two styles cancel each other
        (style("P") + style("C", B, kind="character"), CHAR, True),
        (style("P", B) + style("C", B, kind="character"), CHAR + B, True),  # set directly
        (DEFAULT_B + style("P", B), "", True),
        (style("G", B) + style("P", base="G"), "", True),  # inherited
        (style("G", B) + style("P", B, base="G"), "", True),  # within one chain nothing is cancelled
        (style("G", B) + style("P", OFF, base="G"), "", False),
    ],
)
def test_bold_is_what_word_makes_of_styles_and_direct_formatting(styles: str, run: str, bold: bool) -> None:
    (one,) = made(para("P", run), styles)
    assert one.runs[0].format.bold is bold


def test_the_nearest_style_decides_and_direct_formatting_before_it() -> None:
    sizes = style("G", '<w:sz w:val="20"/>') + style("P", '<w:sz w:val="26"/>', base="G")
    first, second = made(para("P") + para("P", '<w:sz w:val="30"/>'), sizes)
    assert (first.runs[0].format.size, second.runs[0].format.size) == (13, 15)


def test_fonts_of_the_theme_are_looked_up_and_named_ones_weigh_less_beside_them() -> None:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/main"
    theme = (
        f'<a:theme xmlns:a="{drawing}"><a:fontScheme><a:majorFont><a:latin typeface="Cambria"/></a:majorFont>'
        '<a:minorFont><a:latin typeface="Calibri"/></a:minorFont></a:fontScheme></a:theme>'
    )
    fonts = '<w:rFonts w:ascii="Arial" w:asciiTheme="minorHAnsi" w:hAnsiTheme="majorHAnsi"/>'
    first, second = made(para("P", fonts) + para("P", '<w:rFonts w:ascii="Arial"/>'), style("P", fonts), theme=theme)
    assert first.runs[0].format.fonts[:2] == ("Calibri", "Cambria")
    assert second.runs[0].format.fonts[:2] == ("Arial", "Cambria")


def test_a_table_style_formats_its_first_row_where_the_table_says_so() -> None:
    rows = "".join(f"<w:tr><w:tc>{para()}</w:tc></w:tr>" for _ in range(2))
    first_row = f'<w:tblStylePr w:type="firstRow"><w:rPr>{B}</w:rPr></w:tblStylePr>'
    table = style("T", '<w:sz w:val="22"/>', kind="table", more=first_row)

    def looks(flag: str) -> list[tuple[bool, float]]:
        head = f'<w:tblPr><w:tblStyle w:val="T"/><w:tblLook w:firstRow="{flag}"/></w:tblPr>'
        return [
            (one.runs[0].format.bold, one.runs[0].format.size) for one in made(f"<w:tbl>{head}{rows}</w:tbl>", table)
        ]

    assert looks("1") == [(True, 11), (False, 11)]
    assert looks("0") == [(False, 11), (False, 11)]


def test_a_list_indents_its_paragraphs_unless_they_say_otherwise() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:lvlText w:val="%1."/><w:pPr>'
        '<w:ind w:left="720" w:hanging="360"/></w:pPr></w:lvl></w:abstractNum>'
        '<w:num w:numId="4"><w:abstractNumId w:val="1"/></w:num>'
    )
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="4"/></w:numPr>'
    own = '<w:ind w:left="0" w:firstLine="567"/>'
    first, second = made(para(props=listed) + para(props=listed + own), numbering=numbering)
    assert (first.format.first, first.format.left, first.number) == (-360, 720, "%1.")
    assert (second.format.first, second.format.left) == (567, 0)


def test_deleted_text_is_no_text_and_inserted_text_is() -> None:
    (one,) = made(
        '<w:p><w:ins w:id="1"><w:r><w:t>thêm</w:t></w:r></w:ins><w:del w:id="2"><w:r><w:delText>bỏ</w:delText></w:r>'
        "</w:del></w:p>"
    )
    assert one.text == "thêm"


def test_places_count_tables_rows_columns_and_paragraphs_from_one() -> None:
    cell = f"<w:tc>{para()}{para()}</w:tc>"
    found = made(f"{para()}<w:tbl><w:tr>{cell}{cell}</w:tr></w:tbl>{para()}")
    assert [(one.place.table, one.place.row, one.place.column, one.place.paragraph) for one in found] == [
        (0, 0, 0, 1),
        (1, 1, 1, 1),
        (1, 1, 1, 2),
        (1, 1, 2, 1),
        (1, 1, 2, 2),
        (0, 0, 0, 2),
    ]
