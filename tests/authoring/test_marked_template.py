"""`kinds check --marked` puts the faults of a template where they are: as comments in a copy of the Word file."""

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from tests.folders import run, working_folder


def commented(document: Document) -> dict[str, str]:
    """The words of each comment by the text of the paragraph it stands at."""
    said = {str(one.comment_id): one.text for one in document.comments}
    found: dict[str, str] = {}
    for paragraph in document.element.body.iter(qn("w:p")):
        for start in paragraph.iterchildren(qn("w:commentRangeStart")):
            text = "".join(piece.text or "" for piece in paragraph.iter(qn("w:t")))
            found[text] = found.get(text, "") + said[start.get(qn("w:id"))]
    return found


@pytest.fixture
def checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[Callable[[Document], None]], Document]:
    """Spoils the template of a new kind and gives the marked copy of it."""
    folder = working_folder(tmp_path / "cum")
    assert (
        run("-C", str(folder), "kinds", "new", "thong-bao-moi", "--title", "Thông báo", "--abbreviation", "TB") == 0
    )
    path = folder / "templates" / "thong-bao-moi" / "template.docx"

    def check(spoil: Callable[[Document], None]) -> Document:
        document = docx.Document(str(path))
        spoil(document)
        document.save(str(path))
        before = path.read_bytes()
        code = run("-C", str(folder), "kinds", "check", "thong-bao-moi", "--marked", str(tmp_path / "loi"))
        assert code == 11
        assert "thong-bao-moi.docx" in capsys.readouterr().err
        assert path.read_bytes() == before
        return docx.Document(io.BytesIO((tmp_path / "loi" / "thong-bao-moi.docx").read_bytes()))

    return check


def test_a_broken_tag_is_marked_at_its_paragraph(checked: Callable[..., Document]) -> None:
    said = commented(checked(lambda document: document.add_paragraph("Ngày {{ doc.sign_date")))

    assert list(said) == ["Ngày {{ doc.sign_date"]
    assert "✗ [" in said["Ngày {{ doc.sign_date"]


def test_a_broken_tag_in_a_cell_is_marked_in_that_cell(checked: Callable[..., Document]) -> None:
    def spoil(document: Document) -> None:
        table = document.add_table(rows=2, cols=2)
        table.cell(1, 1).text = "Lần {{ doc.'x }}"

    assert list(commented(checked(spoil))) == ["Lần {{ doc.'x }}"]


def test_a_name_nobody_supplies_is_marked_where_it_is_used(checked: Callable[..., Document]) -> None:
    said = commented(checked(lambda document: document.add_paragraph("Gửi {{ doc.nguoi_nhan_khac }}")))

    assert list(said) == ["Gửi {{ doc.nguoi_nhan_khac }}"]
    assert "doc.nguoi_nhan_khac" in said["Gửi {{ doc.nguoi_nhan_khac }}"]


def test_a_filter_that_there_is_not_is_marked_where_it_is_used(checked: Callable[..., Document]) -> None:
    said = commented(checked(lambda document: document.add_paragraph("Gửi {{ doc.subject | in_hoa }}")))

    assert list(said) == ["Gửi {{ doc.subject | in_hoa }}"]
    assert said["Gửi {{ doc.subject | in_hoa }}"].count("in_hoa") > 0


def test_what_stands_in_a_header_is_said_at_the_first_paragraph(checked: Callable[..., Document]) -> None:
    def spoil(document: Document) -> None:
        document.sections[0].header.paragraphs[0].add_run("{{ doc.sign_date")

    document = checked(spoil)
    first = next(document.element.body.iter(qn("w:p")))

    assert first.find(qn("w:commentRangeStart")) is not None
    assert len(commented(document)) == 1


def test_a_sound_template_has_no_copy(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "cum")

    assert run("-C", str(folder), "kinds", "check", "ke-hoach", "--marked", str(tmp_path / "loi")) == 0
    assert list((tmp_path / "loi").iterdir()) == []
