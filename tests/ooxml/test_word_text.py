"""Reading, the comparison with the PDF and the check of the official form see one text in a Word file."""

import io

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from lxml import etree

from pipeline.layout.check.paragraphs import read_document
from pipeline.ooxml import opened
from pipeline.ooxml.word_fields import Fields
from pipeline.reading.raw import Line
from pipeline.reading.word import read_docx
from pipeline.rendition.comparison import differences

RUN = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"


def mark(kind: str, data: str = "") -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{data}</w:fldChar></w:r>'


def instruction(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def field(text: str, result: str) -> str:
    return mark("begin") + instruction(text) + mark("separate") + RUN.format(result) + mark("end")


TICKED = mark("begin", "<w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData>")
ENTRIES = '<w:ddList><w:result w:val="1"/><w:listEntry w:val="Nam"/><w:listEntry w:val="Nữ"/></w:ddList>'
CHOICE = mark("begin", f"<w:ffData>{ENTRIES}</w:ffData>")
#: What stands in a paragraph between "a" and "z", and what people see of it.
PIECES = {
    "a link": (f"<w:hyperlink>{RUN.format('Một')}</w:hyperlink>", "Một"),
    "an insertion": (f'<w:ins w:id="1" w:author="x">{RUN.format("Một")}</w:ins>', "Một"),
    "a deletion": ('<w:del w:id="1" w:author="x"><w:r><w:delText>Một</w:delText></w:r></w:del>', ""),
    "what was moved away": (f'<w:moveFrom w:id="1" w:author="x">{RUN.format("Một")}</w:moveFrom>', ""),
    "what was moved here": (f'<w:moveTo w:id="1" w:author="x">{RUN.format("Một")}</w:moveTo>', "Một"),
    "a content control": (f"<w:sdt><w:sdtPr/><w:sdtContent>{RUN.format('Một')}</w:sdtContent></w:sdt>", "Một"),
    "two renderings": (
        "<mc:AlternateContent><mc:Choice Requires='wps'>"
        + RUN.format("Một")
        + "</mc:Choice><mc:Fallback>"
        + RUN.format("Hai")
        + "</mc:Fallback></mc:AlternateContent>",
        "Một",
    ),
    "a simple field": (f'<w:fldSimple w:instr="REF so">{RUN.format("Một")}</w:fldSimple>', "Một"),
    "a field": (field("REF so", "Một"), "Một"),
    "a field in an instruction": (
        mark("begin")
        + instruction("IF ")
        + field("REF so", "ẩn")
        + mark("separate")
        + RUN.format("Một")
        + mark("end"),
        "Một",
    ),
    "a field in a result": (
        mark("begin") + instruction("REF so") + mark("separate") + field("REF tên", "Một") + mark("end"),
        "Một",
    ),
    "text in an instruction": (mark("begin") + RUN.format("ẩn") + mark("separate") + mark("end"), ""),
    "a field that never ends": (mark("begin") + instruction("REF so") + RUN.format("Một"), "Một"),
    "an end that nothing began": (RUN.format("Một") + mark("end") + RUN.format("Hai"), "MộtHai"),
    "an end in a simple field": (
        f'<w:fldSimple w:instr="REF so">{mark("end")}{RUN.format("Một")}</w:fldSimple>',
        "Một",
    ),
    "a list of an old form": (CHOICE + mark("separate") + RUN.format("thừa") + mark("end"), "Nữ"),
    "a list that never ends": (CHOICE + RUN.format("Một"), "Một"),
    "a tick of an old form": (TICKED + instruction("FORMCHECKBOX") + mark("end"), "☒"),
    "a hyphen that keeps together": ("<w:r><w:t>Một</w:t><w:noBreakHyphen/><w:t>Hai</w:t></w:r>", "Một-Hai"),
}


def written(xml: str) -> bytes:
    document = docx.Document()
    paragraph = document.add_paragraph()
    more = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    inside = RUN.format("a") + xml + RUN.format("z")
    for child in list(parse_xml(f"<w:p {nsdecls('w')} {more}>{inside}</w:p>")):
        paragraph._p.append(child)
    return saved(document)


def saved(document: "docx.document.Document") -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def read(content: bytes) -> list[str]:
    return [block.cell.text for block in read_docx(opened(content)).blocks if isinstance(block, Line)]


@pytest.mark.parametrize(("xml", "seen"), PIECES.values(), ids=PIECES)
def test_all_three_see_what_people_see(xml: str, seen: str) -> None:
    content = written(xml)
    assert read(content) == [f"a{seen}z"]
    assert [one.text for one in read_document(content).body] == [f"a{seen}z"]
    # LibreOffice draws a tick box with lines
    assert list(differences(content, [f"a{seen.replace('☒', '')}z"])) == []
    assert list(differences(content, [f"a{seen}mất z"])) != []


def test_a_field_of_pages_is_told_apart_from_the_text_around_it() -> None:
    """The pages decide its result: the stored one is compared with nothing."""
    for xml in (field("PAGE", "7"), f'<w:fldSimple w:instr="NUMPAGES">{RUN.format("7")}</w:fldSimple>'):
        content = written(xml)
        assert list(differences(content, ["a 1 z"])) == []
        assert read_document(content).body[0].fields != ()


def test_text_that_only_a_style_hides_is_asked_of_no_page() -> None:
    document = docx.Document()
    hidden = document.styles.add_style("Ẩn", WD_STYLE_TYPE.CHARACTER)
    hidden.element.get_or_add_rPr().append(OxmlElement("w:vanish"))
    paragraph = document.add_paragraph("Thấy được")
    paragraph.add_run("không ai thấy", style="Ẩn")
    content = saved(document)
    assert read(content) == ["Thấy được"]
    assert list(differences(content, ["Thấy được"])) == []


def test_a_day_in_a_simple_field_is_told_as_one_between_marks_is() -> None:
    for xml in (field("DATE", "1/6/2022"), f'<w:fldSimple w:instr="DATE">{RUN.format("1/6/2022")}</w:fldSimple>'):
        told = [one.code for one in read_docx(opened(written(xml))).seen_unread]
        assert told == ["text.computed"], xml


def test_a_text_box_begins_no_field_and_ends_none_of_the_text_around_it() -> None:
    box = f"<w:txbxContent><w:p>{mark('end')}{mark('begin')}</w:p></w:txbxContent>"
    xml = f"<w:p {nsdecls('w')}>{mark('begin')}{instruction('REF so')}{box}{mark('separate')}{mark('end')}</w:p>"
    root: etree._Element = parse_xml(xml)
    fields = Fields(root)
    assert [(one.name, one.has_end) for one in fields.all] == [("", False), ("REF", True)]
