"""A marked file is not read: wherever the mark stands, nothing of the file comes back (noi-dung I10)."""

from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml

from pipeline.reading import ReadingContext
from tests.reading import writers
from tests.reading.conftest import Read, example
from tests.reading.test_dirt import document, workbook

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_V = 'xmlns:v="urn:schemas-microsoft-com:vml"'


def in_body(word: Any) -> None:
    word.paragraphs[0].insert_paragraph_before("TỐI MẬT")


def in_table(word: Any) -> None:
    table = word.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Độ mật", "Mật"


def in_header(word: Any) -> None:
    word.sections[0].header.paragraphs[0].text = "( M Ậ T )"


def in_text_box(word: Any) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>MẬT</w:t></w:r></w:p></w:txbxContent>"
    shape = f"<w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict>"
    word.paragraphs[0]._p.append(parse_xml(f"<w:r {_W} {_V}>{shape}</w:r>"))


def in_watermark(word: Any) -> None:
    shape = f'<w:r {_W} {_V}><w:pict><v:shape><v:textpath string="TUYỆT MẬT"/></v:shape></w:pict></w:r>'
    word.sections[0].header.paragraphs[0]._p.append(parse_xml(shape))


def in_properties(word: Any) -> None:
    word.core_properties.keywords = "MẬT"


def in_old_font(word: Any) -> None:
    word.paragraphs[0].insert_paragraph_before("").add_run("TèI MËT").font.name = ".VnTime"


@pytest.mark.parametrize(
    "mark", [in_body, in_table, in_header, in_text_box, in_watermark, in_properties, in_old_font]
)
def test_a_marked_word_document_is_not_read(read: Read, context: ReadingContext, mark: Any) -> None:
    word = document(context)
    mark(word)

    reading = read(writers.saved(word), "DK.docx")

    assert [finding.code for finding in reading.findings] == ["secrecy.mark"]
    assert (reading.kind, reading.unit, reading.said_unit) == ("", "", "")
    assert (dict(reading.values), dict(reading.places)) == ({}, {})
    assert reading.findings[0].found == ""


def in_cell(book: openpyxl.Workbook) -> None:
    book.worksheets[0]["H1"] = "MẬT"


def in_sheet_name(book: openpyxl.Workbook) -> None:
    book.create_sheet("MẬT")


def in_hidden_sheet(book: openpyxl.Workbook) -> None:
    sheet = book.create_sheet("x")
    sheet["A1"] = "TỐI MẬT"
    sheet.sheet_state = "hidden"


def in_print_header(book: openpyxl.Workbook) -> None:
    header = book.worksheets[0].oddHeader
    assert header is not None
    header.center.text = "MẬT"


@pytest.mark.parametrize("mark", [in_cell, in_sheet_name, in_hidden_sheet, in_print_header])
def test_a_marked_workbook_is_not_read(read: Read, context: ReadingContext, mark: Any) -> None:
    book = workbook(context)
    mark(book)

    assert [finding.code for finding in read(writers.saved(book), "DK.xlsx").findings] == ["secrecy.mark"]


def test_marked_texts_pdfs_and_names_are_not_read(read: Read, context: ReadingContext) -> None:
    form, values = context.form("dang-ky"), example("dang-ky", "pass-catp")
    assert form is not None
    for content, name in (
        ("kind: dang-ky\ndo_mat: Mật\n".encode(), "a.yaml"),
        ("kind: dang-ky\nĐộ mật: Mật\n".encode(), "a.yaml"),
        ("kind: dang-ky\nsubmit_doc_no: MẬT\n".encode(), "a.yaml"),
        (writers.as_pdf(form, values | {"submit_doc_no": "MẬT"}, writers.plain(context)), "a.pdf"),
        (writers.as_xlsx(form, values, writers.plain(context)), "DK (MẬT).xlsx"),
    ):
        assert [finding.code for finding in read(content, name).findings] == ["secrecy.mark"], name


def test_a_form_about_state_secrets_is_read(read: Read, context: ReadingContext) -> None:
    book = workbook(context)  # its activity is a talk on protecting state secrets
    book.worksheets[0]["H1"] = "TỌA ĐÀM BẢO VỆ BÍ MẬT NHÀ NƯỚC"
    word = docx.Document()
    word.add_paragraph("BẢN ĐĂNG KÝ THI ĐUA NĂM 2022")
    word.add_paragraph("Nội dung: bảo mật, bảo vệ bí mật nhà nước; MẶT TRẬN TỔ QUỐC")

    assert read(writers.saved(book), "Bao ve bi mat nha nuoc.xlsx").findings == ()
    assert [one.code for one in read(writers.saved(word), "a.docx").findings] == ["form.nothing-found"]
