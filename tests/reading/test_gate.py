"""The secrecy gate looks at what can be seen of a file whatever is wrong with it, and takes no guess for a no."""

import io
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from openpyxl.comments import Comment

from pipeline.reading import Look, Mark, look_guarded
from tests.folders import shared_guard
from tests.hostile import makers

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document: Any) -> bytes:
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def letter(first_line: str = "KẾ HOẠCH") -> Document:
    document = docx.Document()
    document.add_paragraph(first_line)
    document.add_paragraph("Kính gửi các đơn vị thành viên")
    return document


def looked(folder: Path, content: bytes, name: str = "a.docx") -> Look:
    path = folder / "dropped"
    path.write_bytes(content)
    return look_guarded(shared_guard(), path, name)


def with_link(content: bytes) -> bytes:
    """A picture that Word would fetch."""
    relation = (
        '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        'Target="https://example.vn/anh.png" TargetMode="External"/></Relationships>'
    )
    rels = "word/_rels/document.xml.rels"
    return makers.repacked(content, change=makers.in_part(rels, b"</Relationships>", relation.encode()))


def with_macro(content: bytes) -> bytes:
    return makers.repacked(content, add={"word/vbaProject.bin": b"x"})


def cut(content: bytes) -> bytes:
    return content[:-400]


def doubled(content: bytes) -> bytes:
    return makers.repacked(content, add={"word/Document.xml": b"<a/>"})


TROUBLES = {
    "linked picture": (with_link, "file.external-link"),
    "macro": (with_macro, "I05"),
    "broken end": (cut, "file.damaged"),
    "part twice": (doubled, "file.tampered"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_could_not_be_looked_into_is_not_called_unmarked(tmp_path: Path, trouble: str) -> None:
    spoil, why = TROUBLES[trouble]
    found = looked(tmp_path, spoil(saved(letter())))
    assert (found.mark, found.why) == (Mark.UNSEEN, why)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_mark_is_seen_in_a_file_that_the_door_refuses(tmp_path: Path, trouble: str) -> None:
    spoil, _ = TROUBLES[trouble]
    document = letter()
    document.sections[0].header.paragraphs[0].text = "MẬT"
    assert looked(tmp_path, spoil(saved(document))).mark is Mark.MARKED


def by_run(document: Document) -> None:
    document.add_paragraph().add_run("tài liệu mật").font.all_caps = True


def by_small_capitals(document: Document) -> None:
    document.add_paragraph().add_run("tài liệu mật").font.small_caps = True


def by_paragraph_style(document: Document) -> None:
    base = document.styles.add_style("Stamp", WD_STYLE_TYPE.PARAGRAPH)
    base.font.all_caps = True
    derived = document.styles.add_style("Stamp of the office", WD_STYLE_TYPE.PARAGRAPH)
    derived.base_style = base
    document.add_paragraph("tài liệu mật", style="Stamp of the office")


def by_character_style(document: Document) -> None:
    document.styles.add_style("Caps", WD_STYLE_TYPE.CHARACTER).font.all_caps = True
    document.add_paragraph().add_run("tối mật", style="Caps")


def by_table_style(document: Document) -> None:
    document.styles.add_style("Framed", WD_STYLE_TYPE.TABLE).font.all_caps = True
    document.add_table(1, 1, style="Framed").rows[0].cells[0].text = "tài liệu mật"


def by_default(document: Document) -> None:
    document.styles["Normal"].font.small_caps = True
    document.add_paragraph("tuyệt mật")


def in_comment(document: Document) -> None:
    document.add_comment(document.paragraphs[0].runs, text="MẬT")


def in_number(document: Document) -> None:
    document.part.numbering_part.element.append(
        parse_xml(f'<w:abstractNum {_W} w:abstractNumId="99"><w:lvl><w:lvlText w:val="MẬT"/></w:lvl></w:abstractNum>')
    )


def across_runs(document: Document) -> None:
    paragraph = document.add_paragraph("T")
    for piece in ("ỐI ", "M", "ẬT"):
        paragraph.add_run(piece)


def alone_in_small_letters(document: Document) -> None:
    document.add_paragraph("Mật")


def with_the_rest_of_the_stamp(document: Document) -> None:
    document.add_paragraph("MẬT – Chỉ người có tên mới được bóc bì")


@pytest.mark.parametrize(
    "mark",
    [
        by_run,
        by_small_capitals,
        by_paragraph_style,
        by_character_style,
        by_table_style,
        by_default,
        in_comment,
        in_number,
        across_runs,
        alone_in_small_letters,
        with_the_rest_of_the_stamp,
    ],
)
def test_a_mark_is_seen_as_it_is_printed_wherever_it_stands(tmp_path: Path, mark: Any) -> None:
    document = letter()
    assert looked(tmp_path, saved(document)).mark is Mark.NONE
    mark(document)
    assert looked(tmp_path, saved(document)).mark is Mark.MARKED


def test_small_letters_that_are_printed_small_are_no_mark(tmp_path: Path) -> None:
    document = letter()
    style = document.styles.add_style("Caps", WD_STYLE_TYPE.PARAGRAPH)
    style.font.all_caps = True
    document.add_paragraph(style=style).add_run("tài liệu mật").font.all_caps = False
    assert looked(tmp_path, saved(document)).mark is Mark.NONE


def test_a_mark_in_a_text_box_or_the_comment_of_a_workbook_is_seen(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"].comment = Comment("MẬT", "văn thư")
    assert looked(tmp_path, saved(book), "a.xlsx").mark is Mark.MARKED


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", "kind: [dang-ky\nMẬT\n".encode()),
        ("a.yaml", b"kind: [dang-ky\ndo_mat: M\\u1eacT\n"),
        ("a.json", '{"kind": "dang-ky", "x": "MẬT"'.encode()),
        ("a.csv", 'Họ tên;"MẬT\n'.encode()),
        ("a.txt", "MẬT\n".encode()),
        ("a.html", b"<p>M&#7852;T</p>"),
        ("a.pdf", "TỐI MẬT\n".encode()),
    ],
)
def test_a_text_is_looked_at_whether_or_not_it_can_be_read(tmp_path: Path, name: str, content: bytes) -> None:
    assert looked(tmp_path, content, name).mark is Mark.MARKED


def test_a_sentence_that_names_the_levels_of_secrecy_is_no_mark(tmp_path: Path) -> None:
    sentence = "Kiểm tra tài liệu TUYỆT MẬT, TỐI MẬT, MẬT"
    for name, content in (("a.yaml", f"kind: x\ntitle: {sentence}\n"), ("a.json", f'{{"title": "{sentence}"}}')):
        assert looked(tmp_path, content.encode(), name).mark is Mark.NONE


def test_a_document_under_another_name_is_looked_at_for_what_it_is(tmp_path: Path) -> None:
    assert looked(tmp_path, saved(letter()), "a.pdf").mark is Mark.NONE
    assert looked(tmp_path, saved(letter("MẬT")), "a.pdf").mark is Mark.MARKED


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256))),
        ("a.eml", b"Content-Transfer-Encoding: base64\n\nTeG6rFQ=\n"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(range(256))),
        ("a.zip", makers.repacked(saved(letter()), rename={"[Content_Types].xml": "types.xml"})),
        ("a.yaml", b"kind: dang-ky\n\0\0\0\0"),
    ],
)
def test_what_shows_no_letters_could_not_be_looked_at(tmp_path: Path, name: str, content: bytes) -> None:
    assert looked(tmp_path, content, name).mark is Mark.UNSEEN


def test_a_file_that_ends_its_reader_could_not_be_looked_at(tmp_path: Path) -> None:
    bomb = next(
        one for one in makers.archives(saved(openpyxl.Workbook()), saved(letter())) if "heavy" in one.codes[0]
    )
    assert looked(tmp_path, bomb.content, bomb.name).mark is Mark.UNSEEN


def test_nothing_is_no_secret(tmp_path: Path) -> None:
    assert looked(tmp_path, b"", "a.docx").mark is Mark.NONE
