"""A marked copy keeps everything the unit's file had: locks, drop-downs, pictures, comments, changes, fields."""

import base64
import html
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill, Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from pipeline.answers import marking
from pipeline.layout.check import check
from pipeline.messages import say
from pipeline.model import Address, Finding, JsonObject, Place, Severity
from pipeline.ooxml import packed
from pipeline.ooxml.own_marks import AUTHOR, RESULTS_SHEET
from pipeline.reading import KindForm, ReadingContext
from pipeline.tools.guard import Guard, Limits
from tests.answers.marking.conftest import Mark, Read
from tests.answers.marking.opened import Form, Workbook
from tests.reading import writers
from tests.reading.conftest import example
from tests.reading.office import needs_calc, needs_office, saved_as
from tests.reading.test_planted_faults import speller, with_fault
from tests.said import vi

Write = Callable[[KindForm, JsonObject, writers.Speller], bytes]
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
#: A drop-down whose list stands on another sheet, as Excel 2010 and later write it; openpyxl drops it when it saves.
NEWER_VALIDATION = (
    '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
    ' uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}">'
    '<x14:dataValidations xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1">'
    '<x14:dataValidation type="list"><x14:formula1><xm:f>AnDanh!$A$1:$A$3</xm:f></x14:formula1>'
    "<xm:sqref>C20</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
)


def faulty(context: ReadingContext, style: Write) -> bytes:
    """A registration with one fault."""
    form, values = context.form("dang-ky"), example("dang-ky", "pass-evnhcmc")
    assert form is not None
    return style(form, with_fault(values, Address.of("/headcount"), "vài"), speller(context))


def opened(content: bytes) -> Any:
    return Workbook(content).book


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def workbook(context: ReadingContext) -> bytes:
    """A locked workbook with everything a workbook can have."""
    plain = faulty(context, writers.as_xlsx)
    book = openpyxl.load_workbook(io.BytesIO(plain))
    sheet = book["ThongTin"]
    wrong = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "vài")
    assert wrong.coordinate == "C7"
    sheet.protection.sheet = True
    sheet.protection.password = "bi-mat"  # noqa: S105 - of a test
    for row in sheet["C3:C20"]:
        row[0].protection = Protection(locked=False)
    sheet["C4"].number_format = "@"
    sheet.column_dimensions["B"].width = 47
    sheet.freeze_panes = "A3"
    sheet.print_area = "A1:F20"
    sheet["C5"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet.conditional_formatting.add("C9", Rule(type="expression", formula=['$C$9="x"'], priority=1))
    for cell, said in (("C7", "Ghi theo biên chế"), ("C9", "Người ký")):
        sheet[cell].comment = Comment(said, "Chị Hoa")
    choices = DataValidation(type="list", formula1="=ds_danh_hieu")
    sheet.add_data_validation(choices)
    choices.add("C16")
    hidden = book.create_sheet("AnDanh")
    hidden.sheet_state = "veryHidden"
    for at, word in enumerate(("một", "hai", "ba"), start=1):
        hidden.cell(at, 1, word)
    book.defined_names["ds_danh_hieu"] = DefinedName("ds_danh_hieu", attr_text="AnDanh!$A$1:$A$3")
    sheet.add_image(Image(io.BytesIO(PIXEL)), "H2")
    parts = parts_of(writers.saved(book))
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        b"</worksheet>", f"{NEWER_VALIDATION}</worksheet>".encode()
    )
    return packed(parts)


@pytest.mark.slow
def test_a_workbook_keeps_locks_lists_pictures_names_looks_and_comments(
    read: Read, mark: Mark, workbook: bytes
) -> None:
    found = read(workbook, "dk.xlsx")
    assert [(one.place.sheet, one.place.cell) for one in found.findings] == [("ThongTin", "C7")]

    made = mark(workbook, "dk.xlsx", found)

    assert made is not None
    before, after = parts_of(workbook), parts_of(made.content)
    changed = {name for name in before if before[name] != after[name]}
    assert not {
        name for name in changed if "media" in name or ("drawing" in name.lower() and "vml" not in name.lower())
    }
    assert NEWER_VALIDATION.encode()[-60:] in after["xl/worksheets/sheet1.xml"]
    assert cells_xml(before) == cells_xml(after)
    sheet, old = opened(made.content)["ThongTin"], opened(workbook)["ThongTin"]
    assert sheet.protection.sheet and sheet.protection.password == old.protection.password
    assert [sheet[f"C{row}"].protection.locked for row in (3, 7, 30)] == [False, False, True]
    assert sheet["C4"].number_format == "@"
    assert sheet.column_dimensions["B"].width == 47
    assert (sheet.freeze_panes, sheet.print_area) == ("A3", "'ThongTin'!$A$1:$F$20")
    assert sheet["C5"].fill.fgColor.rgb == "FF00FF00"
    assert [(one.sqref, one.formula1) for one in sheet.data_validations.dataValidation] == [
        (one.sqref, one.formula1) for one in old.data_validations.dataValidation
    ]
    assert sheet["C9"].comment.text == "Người ký"
    assert sheet["C7"].comment.text.startswith("Ghi theo biên chế\n\n— Kết quả kiểm tra —\n✗ [Phải sửa]")
    assert Workbook(made.content).coloured == {("ThongTin", "C7")}


def cells_xml(parts: dict[str, bytes]) -> bytes:
    sheet = etree.fromstring(parts["xl/worksheets/sheet1.xml"])
    (data,) = sheet.iter("{*}sheetData")
    return etree.tostring(data, method="c14n", exclusive=True)


def test_what_no_mark_is_put_into_keeps_its_bytes(read: Read, mark: Mark, workbook: bytes) -> None:
    made = mark(workbook, "dk.xlsx", read(workbook, "dk.xlsx"))

    assert made is not None
    before, after = parts_of(workbook), parts_of(made.content)
    sheets = {name for name in before if name.startswith("xl/worksheets/")}
    assert len(sheets) > 2
    assert {name for name in sheets if before[name] != after[name]} == {"xl/worksheets/sheet1.xml"}
    assert {name.rpartition("/")[0] for name in after.keys() - before.keys()} == {"xl/worksheets"}


def test_a_marked_workbook_opens_at_its_list_of_faults(read: Read, mark: Mark, workbook: bytes) -> None:
    found = read(workbook, "dk.xlsx")
    made = mark(workbook, "dk.xlsx", found)
    assert made is not None
    book = opened(made.content)
    assert book.sheetnames[0] == RESULTS_SHEET
    assert book.active.title == RESULTS_SHEET
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_view.tabSelected] == [RESULTS_SHEET]
    assert book["AnDanh"].sheet_state == "veryHidden"
    results = book[RESULTS_SHEET]
    row = [cell.value for cell in results[5]]
    assert row[2:4] == ["ThongTin, C7", found.findings[0].place.label]
    assert row[4] == vi(found.findings[0].message)
    assert results["C5"].hyperlink.location == "'ThongTin'!C7"
    assert "01 điểm phải sửa" in results["A1"].value


def test_a_fault_of_the_whole_form_stands_on_the_list_and_colours_nothing(
    read: Read, mark: Mark, workbook: bytes
) -> None:
    found = read(workbook, "dk.xlsx")
    whole = Finding("X99", Severity.BLOCK, say("The file is empty."), Place(Address.of("/activities")))
    made = mark(workbook, "dk.xlsx", type(found)(found.format, findings=(whole,)))
    assert made is not None
    copy = Workbook(made.content)
    assert (copy.words, copy.coloured) == ({}, set())
    assert "Tệp rỗng." in [cell.value for cell in opened(made.content)[RESULTS_SHEET][5]]


@pytest.mark.slow
@needs_office
@needs_calc
def test_a_marked_workbook_saved_by_libreoffice_is_read_and_marked_anew(
    read: Read, mark: Mark, workbook: bytes
) -> None:
    made = mark(workbook, "dk.xlsx", read(workbook, "dk.xlsx"))
    assert made is not None
    saved = saved_as(made.content, "xlsx", "xlsx")
    assert Workbook(saved).coloured == {("ThongTin", "C7")}
    again = read(saved, "dk.xlsx")
    assert again.values == read(workbook, "dk.xlsx").values
    assert [one.place.cell for one in again.findings] == ["C7"]
    mended = Workbook(saved).mended({("ThongTin", "C7"): "24", ("ThongTin", "C6"): "tuần sau"})

    anew = mark(mended, "dk.xlsx", read(mended, "dk.xlsx"))

    assert anew is not None
    copy = Workbook(anew.content)
    assert copy.coloured == set(copy.words) == {("ThongTin", "C6")}
    assert copy.book["ThongTin"]["C7"].comment.text.strip() == "Ghi theo biên chế"


def document(context: ReadingContext) -> bytes:
    """A document with tracked changes, protection, and somebody's comment."""
    plain = faulty(context, writers.as_docx)
    made: Any = docx.Document(io.BytesIO(plain))
    first, wrong = made.paragraphs[0], next(one for one in made.paragraphs if "vài" in one.text)
    made.add_comment(wrong.runs, text="Chị xem lại giúp", author="Chị Hoa", initials="H")
    first._p.append(
        parse_xml(
            f'<w:ins {nsdecls("w")} w:id="90" w:author="Hoa"><w:r><w:t xml:space="preserve"> </w:t></w:r></w:ins>'
        )
    )
    first._p.append(
        parse_xml(f'<w:del {nsdecls("w")} w:id="91" w:author="Hoa"><w:r><w:delText>cũ</w:delText></w:r></w:del>')
    )
    made.settings.element.insert(
        0, parse_xml(f'<w:documentProtection {nsdecls("w")} w:edit="forms" w:enforcement="1"/>')
    )
    cell = made.tables[0].cell(1, 1)._tc
    cell.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="00FF00"/>'))
    return writers.saved(made)


def test_a_document_keeps_changes_protection_backgrounds_and_comments(
    read: Read, mark: Mark, context: ReadingContext
) -> None:
    sent = document(context)
    found = read(sent, "dk.docx")
    assert {one.code for one in found.findings} == {"value.number", "I06"}

    made = mark(sent, "dk.docx", found)

    assert made is not None
    copy: Any = docx.Document(io.BytesIO(made.content))
    xml = etree.tostring(copy.element.body, encoding="unicode")
    assert re.search(r'w:ins [^>]*w:id="90"', xml) and ">cũ</w:delText>" in xml
    assert copy.settings.element.find(qn("w:documentProtection")).get(qn("w:edit")) == "forms"
    assert [one.text for one in copy.comments if one.author == "Chị Hoa"] == ["Chị xem lại giúp"]
    assert copy.tables[0].cell(1, 1)._tc.tcPr.find(qn("w:shd")).get(qn("w:fill")) == "00FF00"
    again = read(made.content, "dk.docx")
    assert [one.code for one in again.findings] == [one.code for one in found.findings]


def test_our_own_comments_are_not_held_against_a_document(read: Read, mark: Mark, context: ReadingContext) -> None:
    sent = faulty(context, writers.as_controls)
    made = mark(sent, "dk.docx", read(sent, "dk.docx"))
    assert made is not None
    assert {one.author for one in docx.Document(io.BytesIO(made.content)).comments} == {AUTHOR}
    assert "I06" not in {one.code for one in read(made.content, "dk.docx").findings}
    traces = [{one.code for one in check(content)} & {"TT15", "TT18"} for content in (sent, made.content)]
    assert traces[0] == traces[1]


def test_fields_of_a_pdf_stay_fillable_and_hold_what_they_held(
    read: Read, mark: Mark, context: ReadingContext
) -> None:
    sent = faulty(context, writers.as_pdf)
    made = mark(sent, "dk.pdf", read(sent, "dk.pdf"))
    assert made is not None
    assert fields_of(made.content) == fields_of(sent)
    assert Form(made.content).coloured == {"headcount"}
    first = PdfReader(io.BytesIO(made.content)).pages[0]["/Annots"]
    kinds = [one.get_object()["/Subtype"] for one in first]  # type: ignore[attr-defined]
    assert kinds[0] == "/Square", "a frame above the fields would catch their clicks"
    assert kinds[-1] == "/Text"


def fields_of(content: bytes) -> dict[str, tuple[str, str, str]]:
    fields = PdfReader(io.BytesIO(content)).get_fields() or {}
    return {name: tuple(str(one.get(key, "")) for key in ("/FT", "/V", "/Ff")) for name, one in fields.items()}  # type: ignore[misc]


def test_a_signed_pdf_is_never_touched(read: Read, mark: Mark, context: ReadingContext) -> None:
    plain = faulty(context, writers.as_pdf)
    pdf = PdfWriter(clone_from=io.BytesIO(plain))
    signature = DictionaryObject(
        {
            NameObject("/FT"): NameObject("/Sig"),
            NameObject("/T"): TextStringObject("ky"),
            NameObject("/V"): DictionaryObject({NameObject("/Type"): NameObject("/Sig")}),
        }
    )
    form: Any = pdf.root_object["/AcroForm"]
    form["/Fields"].append(pdf._add_object(signature))
    out = io.BytesIO()
    pdf.write(out)
    found = read(out.getvalue(), "dk.pdf")
    assert "value.number" in {one.code for one in found.findings}
    assert mark(out.getvalue(), "dk.pdf", found) is None


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_comments_never_become_part_of_a_yaml_value(
    read: Read, mark: Mark, context: ReadingContext, ending: str
) -> None:
    sent = faulty(context, lambda form, values, _: writers.as_yaml(form, {**values, "headcount": "vài"}))
    sent = sent.replace(b"\n", ending.encode())
    found = read(sent, "dk.yaml")
    made = mark(sent, "dk.yaml", found)
    assert made is not None and made.extension == "yaml"
    assert read(made.content, "dk.yaml").values == found.values
    lines = made.content.decode().split(ending)
    at = lines.index("headcount: vài")
    above = [line for line in lines[:at] if line.startswith("#")]
    assert lines[at - len(above) : at] == above
    assert above[0].startswith("# ✗ [Phải sửa] ") and all(line.startswith("#   ") for line in above[1:])
    assert made.content.count(b"\r") == (0 if ending == "\n" else made.content.count(b"\n"))


def test_text_that_cannot_hold_comments_becomes_a_page_with_the_faults_under_their_lines(
    read: Read, mark: Mark
) -> None:
    within = b'{kind: dang-ky, unit_code: "a\n  <b>b</b>", headcount: x}\n'
    for name, sent in (("a.json", b'{\n"kind": "dang-ky",\n"headcount": "<script>"\n}'), ("a.yaml", within)):
        found = read(sent, name)
        assert found.findings
        made = mark(sent, name, found)
        assert made is not None and made.extension == "html"
        page = made.content.decode()
        assert "<script" not in page and "<b>" not in page
        assert html.escape(vi(found.findings[0].message)) in page
        assert "default-src 'none'" in page


def test_what_does_not_pass_the_door_or_breaks_its_limits_has_no_marked_copy(
    read: Read, mark: Mark, context: ReadingContext, tmp_path: Path
) -> None:
    sent = faulty(context, writers.as_xlsx)
    found = read(sent, "dk.xlsx")
    parts = parts_of(sent)
    bombed = packed(parts | {"xl/workbook.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + parts["xl/workbook.xml"]})
    assert mark(bombed, "dk.xlsx", found) is None
    assert mark(sent[:-100], "dk.xlsx", found) is None
    assert mark(sent, "dk.docx", found) is None
    path = tmp_path / "dk.xlsx"
    path.write_bytes(sent)
    with Guard(marking.FUNCTIONS, limits=Limits(wall_s=0.001)) as hurried:
        assert marking.mark_guarded(hurried, path, "dk.xlsx", found.findings, language="vi") is None
