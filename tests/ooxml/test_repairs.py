"""Files that Word, Excel and LibreOffice open, though they break the standard: we open them, too."""

import io
import re
from collections.abc import Callable

import docx
import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill

from pipeline import ooxml
from pipeline.answers.marking.document import mark_docx
from pipeline.ooxml import packed, parts_of_ours
from pipeline.reading.contents import raw_form

Parts = dict[str, bytes]


def document() -> bytes:
    made = docx.Document()
    made.add_paragraph("Đơn vị: Công an Thành phố")
    made.core_properties.title = "Bản đăng ký"
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["B1"], sheet["B2"] = "Đơn vị", "Công an Thành phố", 95.5
    sheet["A1"].font, sheet["A1"].fill = Font(bold=True, color="FF00AA11"), PatternFill("solid", fgColor="FF336699")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def tied_to(target: str) -> Callable[[Parts], Parts]:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    tie = f'<Relationship Id="rId99" Type="{kind}" Target="{target}"/></Relationships>'.encode()
    name = "word/_rels/document.xml.rels"
    return lambda parts: parts | {name: parts[name].replace(b"</Relationships>", tie)}


def strict(parts: Parts) -> Parts:
    """Every namespace as "Save as Strict Open XML" writes it."""
    usual = re.compile(
        rb"http://schemas\.openxmlformats\.org/(wordprocessingml|spreadsheetml|officeDocument|drawingml)/2006/"
    )
    made = {name: usual.sub(rb"http://purl.oclc.org/ooxml/\1/", xml) for name, xml in parts.items()}
    return {name: xml.replace(b"extended-properties", b"extendedProperties") for name, xml in made.items()}


def renamed(before: str, after: str) -> Callable[[Parts], Parts]:
    return lambda parts: {(after if name == before else name): xml for name, xml in parts.items()}


def changed(part: str, pattern: bytes, becomes: bytes) -> Callable[[Parts], Parts]:
    def change(parts: Parts) -> Parts:
        assert re.search(pattern, parts[part])
        return parts | {part: re.sub(pattern, becomes, parts[part], count=1)}

    return change


def added(part: str, piece: bytes) -> Callable[[Parts], Parts]:
    """The part of a sheet with one element more, before its margins."""
    return changed(part, rb"<pageMargins", piece + b"<pageMargins")


DOCUMENTS: dict[str, Callable[[Parts], Parts]] = {
    "a picture that is NULL": tied_to("NULL"),
    "a picture that is not there": tied_to("media/image9.png"),
    "a picture that is a place in the text": tied_to("#_Toc1"),
    "the type of a template": changed("[Content_Types].xml", rb"document\.main\+xml", b"template.main+xml"),
    "strict": strict,
    "a part in other capitals": renamed("word/styles.xml", "word/Styles.xml"),
}


@pytest.mark.parametrize("fault", DOCUMENTS)
def test_a_document_that_word_opens_is_read_and_can_be_marked(fault: str) -> None:
    content = packed(DOCUMENTS[fault](parts_of_ours(document())))

    raw = raw_form(content, "a.docx")

    assert "Đơn vị: Công an Thành phố" in raw.lines
    assert "Bản đăng ký" in raw.lines
    assert not raw.findings
    again = docx.Document(io.BytesIO(mark_docx(ooxml.opened(content), ())))
    assert "Đơn vị: Công an Thành phố" in [paragraph.text for paragraph in again.paragraphs]


WORKBOOKS: dict[str, Callable[[Parts], Parts]] = {
    "strict": strict,
    "no styles": lambda parts: {
        name: re.sub(rb"<(?:Override|Relationship)[^>]*styles[^>]*/>", b"", xml)
        for name, xml in parts.items()
        if name != "xl/styles.xml"
    },
    "a format number that is empty": changed("xl/worksheets/sheet1.xml", rb' s="1"', b' s=""'),
    "a format number that is not there": changed("xl/worksheets/sheet1.xml", rb' s="1"', b' s="77"'),
    "a colour of three figures": changed("xl/styles.xml", rb'rgb="FF00AA11"', b'rgb="0A1"'),
    "a colour that is none": changed("xl/styles.xml", rb'rgb="FF00AA11"', b'rgb="xanh"'),
    "an empty fill": changed("xl/styles.xml", rb"<fill>.*?</fill>", b"<fill/>"),
    "a page turned sideways": added("xl/worksheets/sheet1.xml", b'<pageSetup orientation="sideways"/>'),
    "a rule that is none": added(
        "xl/worksheets/sheet1.xml", b'<dataValidations><dataValidation type="any" sqref="A1"/></dataValidations>'
    ),
    "a view that is none": changed("xl/worksheets/sheet1.xml", rb"<sheetView ", b'<sheetView view="weird" '),
    "a font of a family that is none": changed("xl/styles.xml", rb'<family val="2"', b'<family val="99"'),
    "a border that is none": changed("xl/styles.xml", rb"<left ?/>", b'<left style="wavy"/>'),
    "a day of saving that is none": changed(
        "docProps/core.xml", rb">[^<]*</dcterms:created>", b">h\xc3\xb4m qua</dcterms:created>"
    ),
    "a name for a sheet that is not there": changed(
        "xl/workbook.xml",
        rb"<definedNames ?/>",
        b'<definedNames><definedName name="a" localSheetId="x">1</definedName></definedNames>',
    ),
    "a row of a height that is none": changed("xl/worksheets/sheet1.xml", rb'<row r="1"', b'<row r="1" ht="cao"'),
    "strings in other capitals": renamed("xl/sharedStrings.xml", "xl/SharedStrings.xml"),
}


@pytest.mark.parametrize("fault", WORKBOOKS)
def test_a_workbook_that_excel_opens_is_read(fault: str) -> None:
    content = packed(WORKBOOKS[fault](parts_of_ours(workbook())))

    raw = raw_form(content, "a.xlsx")

    assert [cell.value for cell in raw.cells() if not cell.is_blank] == ["Đơn vị", "Công an Thành phố", 95.5]
    assert not raw.findings


def test_a_row_that_is_hidden_is_told_of_a_workbook_put_right_as_of_a_sound_one() -> None:
    sound = changed("xl/worksheets/sheet1.xml", rb'<row r="1"', b'<row r="1" hidden="1"')(parts_of_ours(workbook()))
    odd = WORKBOOKS["a page turned sideways"](sound)

    read, again = (raw_form(packed(parts), "a.xlsx") for parts in (sound, odd))

    assert [one.code for one in again.seen_unread] == ["cell.hidden"] * 2
    assert again == read


def test_a_sound_file_is_given_on_as_it_is() -> None:
    for content in (document(), workbook()):
        assert ooxml.opened(content).content is content
