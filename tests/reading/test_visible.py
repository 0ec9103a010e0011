"""What people see in a form is read, or told; what they do not see is no value (the law of docs/ARCHITECTURE.md)."""

import datetime as dt
import io
import re
from typing import Any

import openpyxl
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.utils import get_column_letter
from PIL import Image

from pipeline.model import Reading, Severity
from pipeline.ooxml import packed, parts_of_ours
from pipeline.reading import ReadingContext
from tests.reading import writers
from tests.reading.conftest import Read
from tests.reading.test_dirt import beside, cell_with, codes, document, registration, workbook
from tests.said import vi

_VML = 'xmlns:v="urn:schemas-microsoft-com:vml"'
_NS = nsdecls("w", "w14") + ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def runs(*children: str, properties: str = "") -> str:
    """A run with these children."""
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{''.join(children)}</w:r>"


def text(letters: str) -> str:
    return f'<w:t xml:space="preserve">{letters}</w:t>'


def field(instruction: str, result: str = "", data: str = "") -> str:
    """A complex field with its stored result."""
    begin = f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'
    middle = runs('<w:fldChar w:fldCharType="separate"/>') + runs(text(result)) if result else ""
    end = runs('<w:fldChar w:fldCharType="end"/>')
    return begin + runs(f'<w:instrText xml:space="preserve"> {instruction} </w:instrText>') + middle + end


def written(word: Any, *pieces: str) -> Any:
    """The document with the first target's text made of these pieces of a paragraph."""
    cell = word.tables[0].rows[1].cells[2]
    paragraph = cell.paragraphs[0]._p
    for child in list(paragraph):
        if child.tag != qn("w:pPr"):
            paragraph.remove(child)
    holder = parse_xml(f"<w:p {_NS}>{''.join(pieces)}</w:p>")
    for child in list(holder):
        paragraph.append(child)
    return word


def target(reading: Reading) -> Any:
    targets = reading.values["targets"]
    assert isinstance(targets, list)
    assert isinstance(targets[0], dict)
    return targets[0].get("target_text")


@pytest.fixture
def read_word(read: Read, context: ReadingContext) -> Any:
    """Reads a registration whose first target is made of the pieces given."""

    def reader(*pieces: str) -> Reading:
        return read(writers.saved(written(document(context), *pieces)), "DK.docx")

    return reader


READ = {
    "a sign chosen from Symbol": (
        runs(text("Đạt "), '<w:sym w:font="Symbol" w:char="F0B3"/>', text(" 95%")),
        "Đạt ≥ 95%",
    ),
    "the same sign without the private part": (runs('<w:sym w:font="Symbol" w:char="00B3"/>', text(" 95%")), "≥ 95%"),
    "a letter typed in Symbol": (
        runs(text("\u00b3"), properties='<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>') + runs(text(" 95%")),
        "≥ 95%",
    ),
    "a private letter typed in Symbol": (
        runs(text("\uf0b3"), properties='<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>') + runs(text(" 95%")),
        "≥ 95%",
    ),
    "an equation in a row": (runs(text("Đạt ")) + "<m:oMath><m:r><m:t>≥95</m:t></m:r></m:oMath>", "Đạt ≥95"),
    "a fraction": (
        "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
        + runs(text(" số vụ")),
        "1/2 số vụ",
    ),
    "a raised figure": (
        "<m:oMath><m:sSup><m:e><m:r><m:t>𝑚</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
        + runs(text(" sàn")),
        "m² sàn",
    ),
    "letters with a reading above them": (
        "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>trên</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>Gốc</w:t></w:r>"
        "</w:rubyBase></w:ruby></w:r>" + runs(text(" chữ")),
        "Gốc chữ",
    ),
    "an entry chosen from a list of the old kind": (
        field(
            "FORMDROPDOWN",
            data='<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="Một"/><w:listEntry w:val="Hai"/>'
            "</w:ddList></w:ffData>",
        ),
        "Hai",
    ),
    "the result of a field and not the fields of its instruction": (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        + runs("<w:instrText> IF </w:instrText>")
        + field("MERGEFIELD x", "không in")
        + runs('<w:instrText> = "a" "b" "c" </w:instrText>', '<w:fldChar w:fldCharType="separate"/>')
        + runs(text("in ra"), '<w:fldChar w:fldCharType="end"/>'),
        "in ra",
    ),
    "a sign that a field stands for": (field('SYMBOL 179 \\f "Symbol" \\s 12') + runs(text(" 95%")), "≥ 95%"),
    "a sign that a simple field stands for": (
        '<w:fldSimple w:instr=" SYMBOL 0xB3 \\f Symbol "/>' + runs(text(" 95%")),
        "≥ 95%",
    ),
    "a sign in the font of letters that are not Latin": (
        runs(text("\u00b3 95"), properties='<w:rFonts w:ascii="Times New Roman" w:hAnsi="Symbol"/>'),
        "≥ 95",
    ),
    "no sign, where Symbol is the font of Latin letters alone": (
        runs(text("m\u00b3"), properties='<w:rFonts w:ascii="Symbol" w:hAnsi="Times New Roman"/>'),
        "μ³",
    ),
    "a font of the theme over one that is named": (
        runs(
            text("a\u00b3"),
            properties='<w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi" w:ascii="Symbol"/>',
        ),
        "a³",
    ),
    "a word among the signs of an equation": (
        "<m:oMath><m:r><m:t>5</m:t></m:r><w:r><w:t>kg</w:t></w:r></m:oMath>",
        "5kg",
    ),
    "figures above the line": (
        runs(text("10")) + runs(text("6"), properties='<w:vertAlign w:val="superscript"/>') + runs(text(" đồng")),
        "10⁶ đồng",
    ),
    "figures below the line": (
        runs(text("CO")) + runs(text("2"), properties='<w:vertAlign w:val="subscript"/>'),
        "CO₂",
    ),
    "figures lifted by hand": (
        runs(text("10")) + runs(text("6"), properties='<w:position w:val="10"/>') + runs(text(" đồng")),
        "10⁶ đồng",
    ),
    "a letter above the line": (
        runs(text("N")) + runs(text("o"), properties='<w:vertAlign w:val="superscript"/>') + runs(text(" 5")),
        "No 5",
    ),
    "grey letters that the theme calls a darker white": (
        runs(text("xám"), properties='<w:color w:val="A6A6A6" w:themeColor="background1" w:themeShade="A6"/>'),
        "xám",
    ),
    "text after a field that has no end": (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + runs(text("vẫn thấy")),
        "vẫn thấy",
    ),
}


@pytest.mark.parametrize("pieces", READ)
def test_what_is_no_plain_run_of_text_is_read_as_people_see_it(read_word: Any, pieces: str) -> None:
    xml, seen = READ[pieces]

    reading = read_word(xml)

    assert target(reading) == seen
    assert codes(reading) == []


TOLD = {
    "a sign no other font has": (runs(text("Giữ "), '<w:sym w:font="Webdings" w:char="F0FC"/>'), "text.unknown-sign"),
    "a sign of a font nobody knows": (
        runs(text("Giữ "), '<w:sym w:font="Lạ" w:char="F0B3"/>'),
        "text.forbidden-character",
    ),
    "words between the signs of an equation that were put in while changes were tracked": (
        "<m:oMath><w:ins><m:r><m:t>5</m:t></m:r></w:ins></m:oMath>" + runs(text("Giữ ")),
        "text.unread",
    ),
    "an equation that is crossed out": (
        "<m:oMath><m:r><w:rPr><w:strike/></w:rPr><m:t>80</m:t></m:r></m:oMath>" + runs(text("Giữ ")),
        "text.unread",
    ),
    "a sum without any letter": (
        '<m:oMath><m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:e/></m:nary></m:oMath>' + runs(text("Giữ ")),
        "text.unread",
    ),
    "a fraction that a field draws": (field("EQ \\f(1;2)") + runs(text("Giữ ")), "text.unread"),
    "the words of a button": (field("MACROBUTTON NoMacro Bấm vào đây") + runs(text("Giữ ")), "text.unread"),
    "a number that a field counts": (field("LISTNUM") + runs(text("Giữ ")), "text.unread"),
    "a letter of an unknown code page": (field("SYMBOL 179") + runs(text("Giữ ")), "text.unread"),
    "today in Word's oldest way": (runs(text("Giữ "), "<w:dayLong/>"), "text.unread"),
    "drawn letters": (
        runs(text("Giữ "), f"<w:pict><v:shape {_VML}><v:textpath string='95%'/></v:shape></w:pict>"),
        "text.unread",
    ),
    "figures in a box": (
        runs(
            text("Giữ "),
            f"<w:pict><v:shape {_VML}><v:textbox><w:txbxContent><w:p>{runs(text('95%'))}</w:p>"
            "</w:txbxContent></v:textbox></v:shape></w:pict>",
        ),
        "text.unread",
    ),
    "figures above the line that have no sign of their own": (
        runs(text("10")) + runs(text("1,5"), properties='<w:vertAlign w:val="superscript"/>'),
        "text.unread",
    ),
    "a power for which the fonts of documents have no sign": (
        "<m:oMath><m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>−3</m:t></m:r></m:sup></m:sSup></m:oMath>"
        + runs(text(" Giữ")),
        "text.unread",
    ),
    "a letter that shows nothing and says something": (runs(text("Giữ \U000e0041")), "text.forbidden-character"),
    "a code that is no letter": (runs(text("Giữ \ufdd0")), "text.forbidden-character"),
    "a private letter in an ordinary font": (runs(text("Giữ \uf0b3")), "text.forbidden-character"),
    "an equation that one line cannot say": (
        runs(text("Giữ ")) + "<m:oMath><m:rad><m:deg/><m:e><m:r><m:t>x</m:t></m:r></m:e></m:rad></m:oMath>",
        "text.unread",
    ),
}


@pytest.mark.parametrize("pieces", TOLD)
def test_what_cannot_be_read_holds_the_paper_and_is_told_at_its_place(read_word: Any, pieces: str) -> None:
    xml, code = TOLD[pieces]

    reading = read_word(xml)

    (finding,) = [one for one in reading.findings if one.code == code]
    assert finding.severity is Severity.BLOCK
    assert str(finding.place.pointer) == "/targets/0/target_text"
    assert codes(reading) == [code]


HIDDEN = {
    "hidden itself": "<w:vanish/>",
    "white on white": '<w:color w:val="FFFFFF"/>',
    "white by the theme": '<w:color w:val="FFFFFF" w:themeColor="background1"/>',
    "nearly white": '<w:color w:val="FDFDFD"/>',
    "white on white laid behind it": '<w:color w:val="FFFFFF"/><w:highlight w:val="white"/>',
    "black on black": '<w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/>',
    "not painted": "<w14:textFill><w14:noFill/></w14:textFill>",
    "painted white": '<w14:textFill><w14:solidFill><w14:srgbClr w14:val="FFFFFF"/></w14:solidFill></w14:textFill>',
    "of one point": '<w:sz w:val="2"/>',
}


@pytest.mark.parametrize("how", HIDDEN)
def test_text_that_nobody_sees_is_no_value_and_is_told(read_word: Any, how: str) -> None:
    reading = read_word(runs(text("Tỷ lệ 80% "), properties=HIDDEN[how]), runs(text("Tỷ lệ 95%")))

    assert target(reading) == "Tỷ lệ 95%"
    assert codes(reading) == ["docx.hidden-text"]


@pytest.mark.parametrize("line", ["<w:strike/>", "<w:dstrike/>"])
def test_text_that_is_crossed_out_is_no_value_and_is_told(read_word: Any, line: str) -> None:
    reading = read_word(runs(text("Tỷ lệ 80% "), properties=line), runs(text("Tỷ lệ 95%")))

    assert target(reading) == "Tỷ lệ 95%"
    assert [(one.code, one.severity) for one in reading.findings] == [("text.struck-out", Severity.WARN)]
    assert "Tỷ lệ 80%" in vi(reading.findings[0].message)


def test_a_style_hides_and_crosses_out_as_the_run_itself_would(read: Read, context: ReadingContext) -> None:
    word = document(context)
    for name, mark in (("An", "vanish"), ("Gach", "strike")):
        style = f'<w:style {_NS} w:type="character" w:styleId="{name}"><w:rPr><w:{mark}/></w:rPr></w:style>'
        word.styles.element.append(parse_xml(style))
    hidden = runs(text("ẩn "), properties='<w:rStyle w:val="An"/>')
    struck = runs(text("gạch "), properties='<w:rStyle w:val="Gach"/>')
    shown = runs(text("hiện"), properties='<w:rStyle w:val="An"/><w:vanish w:val="0"/>')

    reading = read(writers.saved(written(word, hidden, struck, shown)), "DK.docx")

    assert target(reading) == "hiện"
    assert sorted(codes(reading)) == ["docx.hidden-text", "text.struck-out"]


def test_a_row_without_height_is_not_read_and_told(read: Read, context: ReadingContext) -> None:
    word = document(context)
    flat = parse_xml(f'<w:trHeight {_NS} w:val="1" w:hRule="exact"/>')
    word.tables[0].rows[2]._tr.get_or_add_trPr().append(flat)

    reading = read(writers.saved(word), "DK.docx")

    assert len(reading.values["targets"]) == len(registration()["targets"]) - 1  # type: ignore[arg-type]
    assert codes(reading) == ["docx.hidden-text"]


def test_a_row_deleted_while_changes_were_tracked_is_not_read_and_told(read: Read, context: ReadingContext) -> None:
    word = document(context)
    word.tables[0].rows[2]._tr.get_or_add_trPr().append(parse_xml(f'<w:del {_NS} w:id="5" w:author="Lan"/>'))

    reading = read(writers.saved(word), "DK.docx")

    assert len(reading.values["targets"]) == len(registration()["targets"]) - 1  # type: ignore[arg-type]
    assert codes(reading) == ["I06"]


def test_a_picture_in_a_value_is_told_and_one_elsewhere_is_not(read: Read, context: ReadingContext) -> None:
    word = document(context)
    png = io.BytesIO()
    Image.new("RGB", (60, 20), "white").save(png, "PNG")
    for paragraph in (word.paragraphs[0], word.tables[0].rows[1].cells[2].paragraphs[0]):
        paragraph.add_run().add_picture(png)

    (finding,) = read(writers.saved(word), "DK.docx").findings

    assert (finding.code, finding.severity) == ("text.unread", Severity.WARN)
    assert str(finding.place.pointer) == "/targets/0/target_text"
    assert "hình ảnh" in vi(finding.message)


def test_a_header_of_any_name_and_a_watermark_in_it_are_told(read: Read, context: ReadingContext) -> None:
    word = document(context)
    header = word.sections[0].header
    header.paragraphs[0].text = "Gửi kèm sau"
    mark = f"<w:r {_NS}><w:pict><v:shape {_VML}><v:textpath string='BẢN NHÁP'/></v:shape></w:pict></w:r>"
    header.paragraphs[0]._p.append(parse_xml(mark))
    parts = {
        name.replace("header1", "dau-trang"): xml.replace(b"header1.xml", b"dau-trang.xml")
        for name, xml in parts_of_ours(writers.saved(word)).items()
    }

    (finding,) = read(packed(parts), "DK.docx").findings

    assert finding.place.part == "dau-trang"
    assert {"Gửi kèm sau", "BẢN NHÁP"} <= set(re.findall("“([^”]+)”", vi(finding.message)))


@pytest.mark.parametrize(
    "inside",
    ['<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>', "<m:oMath><m:r><m:t>x=5</m:t></m:r></m:oMath>"],
    ids=["a sign", "an equation"],
)
def test_a_footnote_without_letters_is_told_all_the_same(read: Read, context: ReadingContext, inside: str) -> None:
    word = written(document(context), runs(text("Có chú thích"), '<w:footnoteReference w:id="7"/>'))
    notes = f'<w:footnotes {_NS}><w:footnote w:id="7"><w:p>{inside}</w:p></w:footnote></w:footnotes>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), word.part.package)
    word.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    assert codes(read(writers.saved(word), "DK.docx")) == ["text.unread"]


def test_white_letters_on_a_shade_are_read(read: Read, context: ReadingContext) -> None:
    word = written(document(context), runs(text("Chữ trắng nền xanh"), properties='<w:color w:val="FFFFFF"/>'))
    cell = word.tables[0].rows[1].cells[2]
    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {_NS} w:val="clear" w:fill="1F497D"/>'))

    reading = read(writers.saved(word), "DK.docx")

    assert target(reading) == "Chữ trắng nền xanh"
    assert codes(reading) == []


def test_a_day_that_word_makes_itself_is_read_as_stored_and_told(read_word: Any) -> None:
    reading = read_word(runs(text("Trước ")), field('DATE \\@ "dd/MM/yyyy"', "05/06/2022"))

    assert target(reading) == "Trước 05/06/2022"
    assert [(one.code, one.severity) for one in reading.findings] == [("text.computed", Severity.WARN)]


def test_a_form_field_that_fills_itself_is_told(read_word: Any) -> None:
    data = '<w:ffData><w:textInput><w:type w:val="currentDate"/></w:textInput></w:ffData>'

    reading = read_word(field("FORMTEXT", "05/06/2022", data))

    assert (target(reading), codes(reading)) == ("05/06/2022", ["text.computed"])


def bound(word: Any, in_document: str) -> Any:
    """The first target in a control that is tied to the title of the file."""
    names = "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:cp='http://schemas.openxmlformats.org/package/2006/metadata/core-properties'"
    control = (
        f'<w:sdt><w:sdtPr><w:dataBinding w:prefixMappings="{names}" w:xpath="/cp:coreProperties[1]/dc:title[1]" '
        'w:storeItemID="{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"/><w:text/></w:sdtPr>'
        f"<w:sdtContent>{runs(text(in_document))}</w:sdtContent></w:sdt>"
    )
    return written(word, control)


def test_a_control_that_word_fills_in_otherwise_is_told_and_one_it_fills_in_alike_is_not(
    read: Read, context: ReadingContext
) -> None:
    word = document(context)
    word.core_properties.title = "Tỷ lệ 95%"

    assert codes(read(writers.saved(bound(word, "Tỷ lệ 95%")), "DK.docx")) == []
    (finding,) = read(writers.saved(bound(word, "Tỷ lệ 80%")), "DK.docx").findings

    assert (finding.code, str(finding.place.pointer)) == ("text.unread", "/targets/0/target_text")
    assert "Tỷ lệ 95%" in vi(finding.message)


def test_a_control_tied_to_data_of_its_own_is_told(read: Read, context: ReadingContext) -> None:
    store = "{11111111-1111-1111-1111-111111111111}"
    word = written(
        document(context),
        f'<w:sdt><w:sdtPr><w:dataBinding w:xpath="/a[1]/b[2]" w:storeItemID="{store}"/><w:text/></w:sdtPr>'
        f"<w:sdtContent>{runs(text('Tỷ lệ 80%'))}</w:sdtContent></w:sdt>",
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006"
    package = word.part.package
    data = Part(PackURI("/customXml/item9.xml"), "application/xml", b"<a><b/><b>95%</b></a>", package)
    about = f'<d:datastoreItem d:itemID="{store}" xmlns:d="{office}/customXml"/>'.encode()
    kind = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    word.part.relate_to(data, f"{office}/relationships/customXml")
    data.relate_to(
        Part(PackURI("/customXml/itemProps9.xml"), kind, about, package), f"{office}/relationships/customXmlProps"
    )

    (finding,) = read(writers.saved(word), "DK.docx").findings

    assert finding.code == "text.unread"
    assert "95%" in vi(finding.message)


def test_a_day_of_which_nothing_is_stored_is_told(read_word: Any) -> None:
    assert codes(read_word(runs(text("Trước ")), field("DATE"))) == ["text.computed"]


def test_a_footnote_is_told_with_its_words(read: Read, context: ReadingContext) -> None:
    word = written(document(context), runs(text("Có chú thích"), '<w:footnoteReference w:id="7"/>'))
    notes = (
        f'<w:footnotes {_NS}><w:footnote w:id="7"><w:p>{runs(text("Trừ quý IV"))}</w:p></w:footnote></w:footnotes>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), word.part.package)
    word.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    (finding,) = read(writers.saved(word), "DK.docx").findings

    assert (finding.code, finding.severity) == ("text.unread", Severity.BLOCK)
    assert "Trừ quý IV" in vi(finding.message)


BOXES = {
    "signs of Wingdings": (
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>',
        '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>',
    ),
    "boxes of the old kind": (
        field("FORMCHECKBOX", data="<w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData>"),
        field("FORMCHECKBOX", data='<w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox></w:ffData>'),
    ),
    "characters": (runs(text("☒")), runs(text("☐"))),
}


@pytest.mark.parametrize("between", ["   ", "<w:br/>"])
@pytest.mark.parametrize("boxes", BOXES)
def test_of_boxes_printed_side_by_side_the_ticked_ones_are_chosen(
    read: Read, context: ReadingContext, boxes: str, between: str
) -> None:
    ticked, blank = BOXES[boxes]
    word = document(context)
    line = next(one for one in word.paragraphs if one.text.startswith("Danh hiệu tập thể đăng ký"))
    gap = runs(between if between.startswith("<") else text(between))
    pieces = [runs(text("Danh hiệu tập thể đăng ký: ")), ticked, runs(text(" Tập thể lao động xuất sắc")), gap]
    pieces += [blank, runs(text(" Tập thể lao động tiên tiến"))]
    holder = parse_xml(f"<w:p {_NS}>{''.join(pieces)}</w:p>")
    line._p.getparent().replace(line._p, holder)

    reading = read(writers.saved(word), "DK.docx")

    assert reading.values["titles_collective"] == ["tap_the_xuat_sac"]
    assert codes(reading) == []


_LETTERS = st.sampled_from(["Tỷ lệ", "hồ sơ", "95%", "m", "x"])
_PIECES = st.one_of(
    _LETTERS.map(lambda one: (runs(text(f"{one} ")), one, True)),
    _LETTERS.map(lambda one: (runs(text(f"{one} "), properties="<w:strike/>"), one, False)),
    _LETTERS.map(lambda one: (runs(text(f"{one} "), properties="<w:vanish/>"), one, False)),
    st.sampled_from([("F0B3", "≥"), ("F0A3", "≤"), ("F0B1", "±")]).map(
        lambda one: (f'<w:r><w:sym w:font="Symbol" w:char="{one[0]}"/></w:r>', one[1], True)
    ),
    _LETTERS.map(lambda one: (f"<m:oMath><m:r><m:t>{one}</m:t></m:r></m:oMath>", one, True)),
    _LETTERS.map(
        lambda one: (f"<m:oMath><m:nary><m:e><m:r><m:t>{one}</m:t></m:r></m:e></m:nary></m:oMath>", one, False)
    ),
    _LETTERS.map(lambda one: (field("QUOTE", one), one, True)),
    _LETTERS.map(lambda one: (f"<w:hyperlink>{runs(text(one))}</w:hyperlink>", one, True)),
    _LETTERS.map(lambda one: (f"<w:ins>{runs(text(one))}</w:ins>", one, True)),
    _LETTERS.map(lambda one: (f"<w:r><w:ruby><w:rubyBase>{runs(text(one))}</w:rubyBase></w:ruby></w:r>", one, True)),
    st.sampled_from(["F0FC", "F021"]).map(
        lambda one: (f'<w:r><w:sym w:font="Webdings" w:char="{one}"/></w:r>', "", False)
    ),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_PIECES, min_size=1, max_size=6))
def test_every_piece_of_a_paragraph_is_read_in_its_order_or_told(
    read_word: Any, pieces: list[tuple[str, str, bool]]
) -> None:
    reading = read_word(runs(text("Đầu ")), *(xml for xml, _, _ in pieces))

    shown = [letters for _, letters, is_shown in pieces if is_shown]
    told = {code for one in reading.findings if (code := one.code) != "I06"}
    if all(is_shown for *_, is_shown in pieces):
        assert "".join(str(target(reading)).split()) == "Đầu" + "".join("".join(shown).split())
        assert told == set()
    else:
        assert told


def test_a_column_that_the_form_does_not_have_is_told(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    sheet, first = targets_of(book)
    sheet.cell(first - 1, 8).value, sheet.cell(first, 8).value = "Ghi chú", "Làm cùng đơn vị bạn"

    (finding,) = read(writers.saved(book), "DK.xlsx").findings

    assert finding.code == "form.column-unknown"
    assert "Làm cùng đơn vị bạn" in vi(finding.message)
    assert finding.place.cell == f"H{first}"


# Workbooks ---------------------------------------------------------------------------------------------------


def changed(content: bytes, part: str, before: str, after: str) -> bytes:
    """The workbook with a part written as openpyxl does not write it."""
    parts = parts_of_ours(content)
    assert before.encode() in parts[part]
    return packed(parts | {part: parts[part].replace(before.encode(), after.encode(), 1)})


def targets_of(book: openpyxl.Workbook) -> tuple[Any, int]:
    """The sheet of the table of targets, and its first row of values."""
    sheet = book.worksheets[0]
    return sheet, cell_with(sheet, "Chỉ tiêu").row + 1


@pytest.mark.parametrize("how", ["hidden", "height"])
def test_rows_that_are_not_shown_are_not_read_and_told(read: Read, context: ReadingContext, how: str) -> None:
    book = workbook(context)
    sheet, first = targets_of(book)
    if how == "hidden":
        sheet.row_dimensions[first + 2].hidden = True
    content = writers.saved(book)
    if how == "height":
        content = changed(
            content, "xl/worksheets/sheet1.xml", f'<row r="{first + 2}"', f'<row r="{first + 2}" ht="0"'
        )

    reading = read(content, "DK.xlsx")

    assert len(reading.values["targets"]) == len(registration()["targets"]) - 1  # type: ignore[arg-type]
    assert set(codes(reading)) == {"cell.hidden"}
    assert all(one.place.cell.endswith(str(first + 2)) and one.severity is Severity.WARN for one in reading.findings)


@pytest.mark.parametrize("how", ["hidden", "width"])
def test_a_range_of_columns_that_is_not_shown_is_told_cell_by_cell(
    read: Read, context: ReadingContext, how: str
) -> None:
    book = workbook(context)
    sheet, first = targets_of(book)
    header = sheet[first - 1]
    column = next(cell.column for cell in header if str(cell.value).startswith("Biện pháp"))
    # Excel writes one element for neighbours that look alike
    columns = sheet.column_dimensions[get_column_letter(column)]
    columns.min, columns.max = column, column + 1
    columns.hidden, columns.width = how == "hidden", 17
    content = writers.saved(book)
    if how == "width":
        content = changed(content, "xl/worksheets/sheet1.xml", 'width="17"', 'width="0"')

    reading = read(content, "DK.xlsx")

    hidden = [str(one.place.pointer) for one in reading.findings if one.code == "cell.hidden"]
    assert {one for one in hidden if one.startswith("/targets/0/")} == {"/targets/0/measures", "/targets/0/due"}
    # what must be there holds the form, and is not called missing besides
    assert {one.severity for one in reading.findings if one.place.pointer.name == "due"} == {Severity.BLOCK}
    targets = reading.values["targets"]
    assert isinstance(targets, list)
    assert all(isinstance(row, dict) and not {"measures", "due"} & row.keys() for row in targets)


def look(cell: Any, font: Font, fill: str = "") -> None:
    cell.font, cell.fill = font, PatternFill("solid", fgColor=fill) if fill else PatternFill()


UNSEEN = {
    "white letters": lambda cell: setattr(cell, "font", Font(color="FFFFFFFF")),
    "nearly white letters": lambda cell: look(cell, Font(color="FFFDFDFD")),
    "letters white by the palette": lambda cell: look(cell, Font(color=Color(indexed=9))),
    "letters of the theme that are nearly white": lambda cell: look(cell, Font(color=Color(theme=1, tint=0.99))),
    "white on white": lambda cell: look(cell, Font(color="FFFFFFFF"), "FFFFFFFF"),
    "black on black": lambda cell: look(cell, Font(color="FF000000"), "FF000000"),
    "letters of one point": lambda cell: look(cell, Font(size=1)),
    "a format that shows nothing": lambda cell: setattr(cell, "number_format", ";;;"),
}


@pytest.mark.parametrize("how", UNSEEN)
def test_a_cell_whose_text_cannot_be_seen_is_no_value(read: Read, context: ReadingContext, how: str) -> None:
    book = workbook(context)
    cell = beside(book.worksheets[0], "Điện thoại")
    UNSEEN[how](cell)

    reading = read(writers.saved(book), "DK.xlsx")

    assert [(one.code, one.place.cell) for one in reading.findings] == [("cell.unseen", cell.coordinate)]
    assert isinstance(reading.values["focal_point"], dict)
    assert "phone" not in reading.values["focal_point"]


def test_grey_letters_that_the_theme_calls_a_darker_white_are_read(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    beside(book.worksheets[0], "Điện thoại").font = Font(color=Color(theme=0, tint=-0.35))

    assert codes(read(writers.saved(book), "DK.xlsx")) == []


@pytest.mark.parametrize(
    "font", [InlineFont(color=Color("FFFFFFFF")), InlineFont(sz=1)], ids=["white", "of one point"]
)
def test_a_part_of_a_cell_that_cannot_be_seen_is_no_value_and_is_told(
    read: Read, context: ReadingContext, font: InlineFont
) -> None:
    book = workbook(context)
    first_target(book, "Chỉ tiêu").value = CellRichText(TextBlock(font, "Tỷ lệ 80% "), "Tỷ lệ 95%")

    reading = read(writers.saved(book), "DK.xlsx")

    assert target(reading) == "Tỷ lệ 95%"
    assert [(one.code, one.found) for one in reading.findings] == [("cell.unseen", "Tỷ lệ 80% ")]


def test_figures_above_the_line_of_a_cell_are_read_as_such(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    raised = TextBlock(InlineFont(vertAlign="superscript"), "6")
    first_target(book, "Chỉ tiêu").value = CellRichText("10", raised, " đồng")

    assert target(read(writers.saved(book), "DK.xlsx")) == "10⁶ đồng"


def test_a_low_row_without_a_number_of_its_own_is_not_read_and_told(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    _, first = targets_of(book)
    content = changed(
        writers.saved(book), "xl/worksheets/sheet1.xml", f'<row r="{first + 2}"', '<row ht="0.5" customHeight="1"'
    )

    reading = read(content, "DK.xlsx")

    assert len(reading.values["targets"]) == len(registration()["targets"]) - 1  # type: ignore[arg-type]
    assert set(codes(reading)) == {"cell.hidden"}


def test_a_chart_that_is_a_sheet_of_its_own_is_told_with_its_words(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    chart = BarChart()
    chart.title = "Đạt 97% quý III"
    book.create_chartsheet("Biểu đồ").add_chart(chart)

    (finding,) = read(writers.saved(book), "DK.xlsx").findings

    assert (finding.code, finding.place.sheet) == ("text.unread", "Biểu đồ")
    assert "Đạt 97% quý III" in vi(finding.message)


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTROL = """<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape>
<v:textbox><div><font face="Tahoma">Tập thể<br>xuất sắc</font></div></v:textbox>
<x:ClientData ObjectType="Checkbox"><x:Checked>1</x:Checked></x:ClientData></v:shape></xml>"""


def test_a_box_to_tick_that_lies_on_a_sheet_is_told_though_excel_wrote_it_as_browsers_do(
    read: Read, context: ReadingContext
) -> None:
    parts = parts_of_ours(writers.saved(workbook(context)))
    ties = "xl/worksheets/_rels/sheet1.xml.rels"
    parts["xl/drawings/vmlDrawing9.vml"] = _CONTROL.encode()
    parts[ties] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId99" Type="{_OFFICE}/vmlDrawing" Target="../drawings/vmlDrawing9.vml"/></Relationships>'
    ).encode()
    drawing = b'<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(b"<Default", drawing + b"<Default", 1)

    (finding,) = read(packed(parts), "DK.xlsx").findings

    assert finding.code == "text.unread"
    assert "☒ Tập thể xuất sắc" in vi(finding.message)


def first_target(book: openpyxl.Workbook, label: str) -> Any:
    """The cell of the first target in the column of this label."""
    sheet, first = targets_of(book)
    column = next(cell.column for cell in sheet[first - 1] if str(cell.value).startswith(label))
    return sheet.cell(first, column)


SHOWN = {
    # the column, what is kept, its format; what is read, and what is told
    "whole": ("Mức phấn đấu", 95, "#,##0", 95, []),
    "rounded": ("Mức phấn đấu", 94.6, "0", 95, ["cell.shown-otherwise"]),
    "a rounded percentage": ("Mức phấn đấu", 0.9464, "0.0%", 94.6, ["cell.shown-otherwise"]),
    "as precise as it is": ("Mức phấn đấu", 94.6, "0.0", 94.6, []),
    "in thousands": ("Mức phấn đấu", 15000, "#,##0,", 15, ["cell.shown-otherwise"]),
    "without its minus": ("Mức phấn đấu", -95, "0;0", 95, ["cell.shown-otherwise"]),
    "with a word that counts": ("Mức phấn đấu", 95, '"≥ "0', None, ["value.number"]),
    "with a word that is of a number": ("Mức phấn đấu", 95, '0" người"', 95, []),
    "a word in its place": ("Mức phấn đấu", 95, '"Đạt"', None, ["value.number"]),
    "nothing for a nought": ("Mức phấn đấu", 0, "#,###", None, ["cell.unseen"]),
    "a dash for a nought": ("Mức phấn đấu", 0, '0;-0;"-"??', 0, []),
    "by a point alone": ("Mức phấn đấu", 95, ".", 95, ["cell.shown-otherwise"]),
    "on a condition": ("Mức phấn đấu", 95, '[=95]"Đạt";0', 95, ["cell.shown-otherwise"]),
    "a percentage among words": ("Chỉ tiêu", 0.95, "0%", "95%", []),
    "zeros before it": ("Chỉ tiêu", 12, "0000", "0012", []),
    "strokes in it": ("Chỉ tiêu", 903123456, r"0000\-000\-000", "0903-123-456", []),
    "a month without its day": ("Thời gian", dt.datetime(2022, 8, 1), "mmm-yy", None, ["value.date"]),
    "a day without its year": ("Thời gian", dt.datetime(2023, 8, 5), "d-mmm", "2022-08-05", ["date.no-year"]),
    "a day": ("Thời gian", dt.datetime(2022, 8, 5), "dd/mm/yyyy", "2022-08-05", []),
}
_FIELD = {"Mức phấn đấu": "target_value", "Chỉ tiêu": "target_text", "Thời gian": "due"}


@pytest.mark.parametrize("how", SHOWN)
def test_a_number_is_read_as_its_cell_shows_it(read: Read, context: ReadingContext, how: str) -> None:
    label, kept, number_format, value, told = SHOWN[how]
    book = workbook(context)
    cell = first_target(book, label)
    cell.value, cell.number_format = kept, number_format
    book.worksheets[0].column_dimensions[cell.column_letter].width = 30

    reading = read(writers.saved(book), "DK.xlsx")

    targets = reading.values["targets"]
    assert isinstance(targets, list)
    assert isinstance(targets[0], dict)
    assert targets[0].get(_FIELD[label]) == value
    assert codes(reading) == told


def test_a_number_with_more_figures_than_can_be_counted_with_is_told(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    first_target(book, "Mức phấn đấu").value = 12345678901234567890

    assert codes(read(writers.saved(book), "DK.xlsx")) == ["value.number"]


@pytest.mark.parametrize("kept", [b"1E+300", b"1E+400", b"-1E+28", b"123456789012345678"])
@pytest.mark.parametrize("number_format", ["0", "#,##0.00", "General"])
def test_a_number_that_no_sheet_can_show_is_told(
    read: Read, context: ReadingContext, kept: bytes, number_format: str
) -> None:
    book = workbook(context)
    cell = first_target(book, "Mức phấn đấu")
    cell.value, cell.number_format = 4711, number_format
    parts = parts_of_ours(writers.saved(book))
    name = next(name for name, part in parts.items() if b"<v>4711</v>" in part)
    parts[name] = parts[name].replace(b"<v>4711</v>", b"<v>%s</v>" % kept)

    told = codes(read(packed(parts), "DK.xlsx"))

    assert told
    assert set(told) <= {"value.number", "cell.shown-otherwise", "cell.unseen"}


def test_white_letters_on_a_filled_cell_are_read(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    cell = beside(book.worksheets[0], "Điện thoại")
    cell.font, cell.fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="1F497D")

    assert codes(read(writers.saved(book), "DK.xlsx")) == []


def test_crossed_out_text_of_a_cell_or_a_part_of_it_is_no_value(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    sheet, first = targets_of(book)
    column = next(cell.column for cell in sheet[first - 1] if str(cell.value).startswith("Chỉ tiêu"))
    sheet.cell(first, column).value = CellRichText(TextBlock(InlineFont(strike=True), "Tỷ lệ 80% "), "Tỷ lệ 95%")
    venue = beside(sheet, "Điện thoại")
    venue.font = Font(strike=True)

    reading = read(writers.saved(book), "DK.xlsx")

    assert target(reading) == "Tỷ lệ 95%"
    assert isinstance(reading.values["focal_point"], dict)
    assert "phone" not in reading.values["focal_point"]
    assert codes(reading) == ["text.struck-out"] * 2


@pytest.mark.parametrize(("shown_as", "value"), [('0"%"', 95), (r"0\%", 95), ("0%", 0.95), ("0.00%", 0.95)])
def test_a_percentage_is_read_as_its_format_shows_it(
    read: Read, context: ReadingContext, shown_as: str, value: float
) -> None:
    book = workbook(context)
    sheet, first = targets_of(book)
    cell = sheet.cell(first, 5)
    cell.value, cell.number_format = value, shown_as

    targets = read(writers.saved(book), "DK.xlsx").values["targets"]

    assert isinstance(targets, list)
    assert isinstance(targets[0], dict)
    assert targets[0]["target_value"] == 95


def test_comments_and_hidden_sheets_of_a_workbook_are_told(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    cell, beside_a_value = beside(book.worksheets[0], "Giấy ủy quyền"), beside(book.worksheets[0], "Điện thoại")
    cell.comment, beside_a_value.comment = Comment("12-GUQ", "Lan"), Comment("Hỏi lại số này", "Lan")
    other = book.create_sheet("Số liệu cũ")
    other["A1"], other.sheet_state = "80%", "hidden"

    reading = read(writers.saved(book), "DK.xlsx")

    assert {(one.code, one.place.sheet, one.place.cell, one.severity) for one in reading.findings} == {
        ("I06", book.worksheets[0].title, cell.coordinate, Severity.WARN),
        ("cell.hidden", "Số liệu cũ", "", Severity.WARN),
    }


def test_a_text_box_on_a_sheet_is_told_with_its_words(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    chart = BarChart()
    chart.title = "Đạt 97% quý III"
    book.worksheets[0].add_chart(chart, "L2")

    (finding,) = read(writers.saved(book), "DK.xlsx").findings

    assert finding.code == "text.unread"
    assert "Đạt 97% quý III" in vi(finding.message)


def test_a_sign_typed_in_symbol_in_a_cell_is_read(read: Read, context: ReadingContext) -> None:
    book = workbook(context)
    sheet, first = targets_of(book)
    column = next(cell.column for cell in sheet[first - 1] if str(cell.value).startswith("Chỉ tiêu"))
    sheet.cell(first, column).value = CellRichText(TextBlock(InlineFont(rFont="Symbol"), "\u00b3"), " 95%")

    reading = read(writers.saved(book), "DK.xlsx")

    assert target(reading) == "≥ 95%"
    assert codes(reading) == []


@pytest.mark.parametrize(
    "shown", ["Click here to enter text.", "Bấm hoặc gõ nhẹ vào đây để nhập văn bản.", "Nhấp vào đây để nhập ngày."]
)
def test_what_word_shows_in_an_empty_control_is_nothing_filled_in(read_word: Any, shown: str) -> None:
    control = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{runs(text(shown))}</w:sdtContent></w:sdt>"

    reading = read_word(control)

    assert target(reading) is None
    assert "text.unread" not in codes(reading)
