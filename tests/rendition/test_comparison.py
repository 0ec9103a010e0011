"""A PDF is believed when it says what its Word document says: real LibreOffice, real papers of every kind."""

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from pipeline.ooxml import packed, parts_of_ours
from pipeline.rendition import UnsoundRendition, render
from pipeline.rendition.comparison import differences
from pipeline.tools.fonts import letters_without_font
from pipeline.tools.soffice import Office
from tests.folders import shipped_kinds
from tests.kinds.test_papers import paper

pytestmark = pytest.mark.office

ROOT = Path(__file__).parents[2]
KINDS = sorted(shipped_kinds().kinds)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = Office(tmp_path_factory.mktemp("office"))
    if not office.available():
        pytest.skip("LibreOffice is not installed")
    with office:
        yield office


def example_of(kind: str) -> str:
    return min(path.stem for path in (ROOT / "templates" / kind / "examples").glob("pass-*.yaml"))


def pages_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def saved(document: Document) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def with_field(instruction: str, stored: str) -> bytes:
    """A document that says a day before it, and in a field what is stored there."""
    document = docx.Document()
    document.core_properties.title = "Tiêu đề cũ của mẫu"
    paragraph = document.add_paragraph("Ngày ban hành: ")
    for xml in (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {instruction} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        f"<w:t>{stored}</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ):
        paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}>{xml}</w:r>"))
    return saved(document)


@pytest.mark.sweep
@pytest.mark.parametrize("kind", KINDS)
def test_the_pdf_of_every_kind_says_what_its_word_document_says(office: Office, kind: str) -> None:
    draft = paper(kind, example_of(kind), "dang-hd05")

    assert list(differences(draft, pages_of(render(draft, office).content))) == []


def test_one_word_changed_lost_or_added_is_named(office: Office) -> None:
    draft = paper("ke-hoach", example_of("ke-hoach"), "dang-hd05")
    pages = pages_of(render(draft, office).content)
    parts = parts_of_ours(draft)
    (words,) = re.findall(rb"<w:t[^>]*>([^<]{60,})</w:t>", parts["word/document.xml"])[:1]
    first, second, rest = words.split(b" ", 2)

    for changed in (b"khac " + second + b" " + rest, second + b" " + rest, b"them " + words):
        other = packed(parts | {"word/document.xml": parts["word/document.xml"].replace(words, changed, 1)})
        assert list(differences(other, pages)), changed.decode()
    assert first


def test_every_paragraph_left_out_of_the_pdf_is_named(office: Office) -> None:
    draft = paper("cong-van", example_of("cong-van"), "nd30")
    pages = pages_of(render(draft, office).content)
    lines = [line for line in pages[0].splitlines() if len(line.strip()) > 12 and " " in line]

    assert len(lines) > 5
    for line in lines:
        assert list(differences(draft, [pages[0].replace(line, "", 1)])), line


@pytest.mark.parametrize(
    ("instruction", "stored"),
    [('DATE \\@ "dd/MM/yyyy"', "05/06/2019"), ("TITLE", "Kế hoạch thi đua"), ("FILENAME", "ke-hoach.docx")],
)
def test_what_libreoffice_computes_anew_holds_the_paper(office: Office, instruction: str, stored: str) -> None:
    with pytest.raises(UnsoundRendition, match="does not say what the Word document says"):
        render(with_field(instruction, stored), office)


def test_a_day_added_by_a_field_without_a_stored_text_is_named(office: Office) -> None:
    draft = paper("cong-van", example_of("cong-van"), "nd30")
    pages = pages_of(render(draft, office).content)

    assert list(differences(draft, [pages[0] + "\n28/11/2026"]))
    assert list(differences(draft, [pages[0] + "\n1250"]))


def test_where_nobody_can_say_which_fonts_there_are_the_paper_is_held(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "fc-list"
    broken.write_text("#!/bin/sh\nexit 3\n", "utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    document = docx.Document()
    document.add_paragraph("Đơn vị chọn ♜ và ký")

    with pytest.raises(UnsoundRendition, match="fontconfig"):
        render(saved(document), office)


def test_letters_lent_by_another_font_are_still_there_and_one_lost_is_named(office: Office) -> None:
    document = docx.Document()
    document.styles["Normal"].font.name = "Caladea"  # it has no ạ, ế or ử
    document.add_paragraph("Kế hoạch gửi ngày 05/6/2022 cho các đơn vị của cụm.")
    draft = saved(document)
    pages = pages_of(render(draft, office).content)

    assert list(differences(draft, [pages[0].replace("05/6", "06/5")]))
    assert list(differences(draft, [pages[0].replace("ế", "", 1)]))


def test_pages_are_numbered_without_being_taken_for_text(office: Office) -> None:
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(14)
    for number in range(60):
        document.add_paragraph(f"Đoạn văn thứ {number} của kế hoạch, có nội dung riêng.")
    footer = document.sections[0].footer.paragraphs[0]
    footer.add_run("Trang ")
    for xml in (
        '<w:fldChar w:fldCharType="begin"/>',
        "<w:instrText> PAGE </w:instrText>",
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ):
        footer._p.append(parse_xml(f"<w:r {nsdecls('w')}>{xml}</w:r>"))

    assert render(saved(document), office).pages > 1


def test_a_sign_that_no_font_has_holds_the_paper(office: Office) -> None:
    sign = "\U00013080"
    if not letters_without_font(sign):
        pytest.skip("a font with Egyptian hieroglyphs is installed")
    document = docx.Document()
    document.add_paragraph(f"Ký hiệu {sign} của đơn vị")

    with pytest.raises(UnsoundRendition, match="U\\+13080"):
        render(saved(document), office)


def test_a_cell_of_one_letter_is_not_looked_for_in_a_heading_that_comes_again() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=1)
    for row, text in zip(table.rows, ("Tên hoạt động", "H", "Đ"), strict=True):
        row.cells[0].text = text
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    draft = saved(document)

    assert list(differences(draft, ["Tên hoạt động\nH", "Tên hoạt động\nĐ"])) == []
    assert list(differences(draft, ["Tên hoạt động\nH", "Tên hoạt động\n"]))
