"""Kinds without official form, and what `kinds check` says of a template that is not as it should be."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.filling import compile_template, fill
from pipeline.model import Role, State
from tests.filling.making import png, template
from tests.folders import drop, opened, run, working_folder
from tests.layout.check.papers import clean

NEW = ("--title", "Phiếu khảo sát", "--abbreviation", "PKS")
SLIP = "kind: phieu\nemulation_year: 2022\ndoc_date: 2022-05-30\nsubject: khảo sát\npoints: [Ý kiến thứ nhất]\n"


def office(tmp_path: Path, *words: str) -> Path:
    """A working folder with the kind “phieu”; what LibreOffice makes of it is tried elsewhere."""
    folder = working_folder(tmp_path / "office")
    settings = folder / "config.yaml"
    settings.write_text(settings.read_text("utf-8").replace("pdf: auto", 'pdf: "off"'), "utf-8")
    run("-C", str(folder), "kinds", "new", "phieu", *NEW, *words)
    return folder


def spoil(folder: Path, change: Callable[[Document], object]) -> None:
    path = folder / "templates" / "phieu" / "template.docx"
    document = docx.Document(str(path))
    change(document)
    document.save(str(path))


def checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    code = run("-C", str(folder), "kinds", "check", "phieu")
    return code, capsys.readouterr().out


@pytest.mark.slow
def test_a_slip_without_head_is_made_where_its_kind_has_no_official_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = office(tmp_path, "--no-form")
    kind = folder / "templates" / "phieu" / "kind.yaml"
    # A5, as slips are: no profile's page is put over it
    spoil(folder, lambda document: setattr(document.sections[0], "page_width", docx.shared.Mm(148)))
    kind.write_text(re.sub("(?m)^form_family.*\n", "", kind.read_text("utf-8")), "utf-8")
    code, told = checked(folder, capsys)
    assert (code, told) == (0, "phieu: đạt\n")
    drop(folder, "phieu.yaml", SLIP)
    with opened(folder) as workspace:
        serve_once(Worker(workspace, 1), Rhythm(1, 0))
        (job,) = workspace.ledger.in_states(State)
        assert job.state is State.DELIVERED, job
        made = docx.Document(io.BytesIO(workspace.artifact(job, Role.DRAFT)))
    assert made.sections[0].page_width == docx.shared.Twips(8391)
    assert "ĐẢNG CỘNG SẢN" not in "".join(paragraph.text for paragraph in made.paragraphs)
    # the same template, of a kind that has a form: its head is missed
    kind.write_text(kind.read_text("utf-8").replace("form: none", "form_family: party"), "utf-8")
    code, told = checked(folder, capsys)
    assert code == 11 and "TT06" in told, told


def test_what_was_left_in_a_template_without_form_is_still_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = office(tmp_path, "--no-form")
    spoil(folder, lambda document: document.add_paragraph("Kính gửi: «TEN_CO_QUAN»"))
    code, told = checked(folder, capsys)
    assert code == 11 and "«TEN_CO_QUAN»" in told and "TT06" not in told, told


def test_an_unknown_name_is_told_at_every_place_that_reads_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = office(tmp_path)

    def change(document: Document) -> None:
        table = document.add_table(rows=2, cols=2)
        table.cell(1, 1).text = "{{ doc.ten_la }}"
        # the last name of another path is the same: it is not the one
        document.add_paragraph("{{ doc.subject }} {{ document.subject }}")
        document.sections[0].header.paragraphs[0].add_run("{{ doc.ten_la }}")

    spoil(folder, change)
    code, told = checked(folder, capsys)
    lines = [line for line in told.splitlines() if "doc.ten_la" in line]
    assert code == 11 and len(lines) == 2, told
    assert any("dòng 2, cột 2" in line for line in lines), told
    assert any("header" in line or "đầu trang" in line for line in lines), told


# The picture of the page code --------------------------------------------------------------------------------------


@pytest.mark.parametrize("attribute", ["descr", "title", "name"])
@pytest.mark.parametrize("more", ["", "{{ s }}"])
def test_a_picture_is_known_by_what_word_writes_as_its_alternative_text(attribute: str, more: str) -> None:
    def build(document: Document) -> None:
        document.add_paragraph(f"x{more}")
        document.add_picture(png())
        drawing = document.inline_shapes[0]._inline
        drawing.docPr.set(attribute, "vanthu-code")

    compiled = compile_template(template(build))
    values: dict[str, object] = {}
    if more:  # what is made inline goes docxtpl's own road
        values["s"] = compiled.docxtpl().new_subdoc()
    made = fill(compiled, values, pictures={"vanthu-code": png("blue").read()})
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert png("blue").read() in [archive.read(name) for name in archive.namelist()]


def test_the_alternative_text_of_a_group_is_not_that_of_its_pictures() -> None:
    def build(document: Document) -> None:
        document.add_picture(png())
        drawing = document.inline_shapes[0]._inline
        drawing.docPr.set("descr", "vanthu-code")
        data = drawing.graphic.graphicData
        data.append(docx.oxml.parse_xml(docx.oxml.xmlchemy.serialize_for_reading(data.pic)))

    assert "vanthu-code" not in compile_template(template(build)).pictures


@pytest.mark.slow
def test_a_template_without_place_for_the_code_is_told_what_to_do_in_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = tmp_path / "phieu.docx"
    letter.write_bytes(template(lambda document: document.add_paragraph("Họ và tên: ........")))
    folder = office(tmp_path, "--no-form", "--from", str(letter))
    code, told = checked(folder, capsys)
    assert code == 11 and "View Alt Text" in told and "vanthu-code" in told, told


# Word's own kinds of template --------------------------------------------------------------------------------------

_USUAL = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_WORD_S_OWN = {
    "dotx": b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    "dotm": b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
}


def saved_as(path: Path, kind: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(_USUAL, _WORD_S_OWN[kind]))
    return made.getvalue()


@pytest.mark.parametrize("kind", ["dotx", "dotm"])
def test_a_renamed_word_template_is_told_with_the_way_out(
    tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = office(tmp_path)
    path = folder / "templates" / "phieu" / "template.docx"
    path.write_bytes(saved_as(path, kind))
    code, told = checked(folder, capsys)
    assert code == 11 and told.count("✗") == 1, told
    assert f"mẫu của Word (.{kind})" in told and "Word Document (.docx)" in told, told


def test_a_word_template_in_the_place_of_template_docx_is_told_with_the_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = office(tmp_path)
    path = folder / "templates" / "phieu" / "template.docx"
    path.rename(path.with_suffix(".dotx"))
    code, told = checked(folder, capsys)
    assert code == 11 and "template.dotx" in told and "lưu thành Word Document (.docx)" in told, told


def test_form_fix_of_a_word_template_writes_a_document(tmp_path: Path) -> None:
    path = tmp_path / "kh.dotx"
    spoilt = tmp_path / "kh.docx"
    document = docx.Document(io.BytesIO(clean("ke-hoach", "dang-hd36")))
    document.sections[0].left_margin = docx.shared.Mm(10)
    document.save(str(spoilt))
    path.write_bytes(saved_as(spoilt, "dotx"))
    run("form", "fix", str(path))
    made = docx.Document(str(tmp_path / "kh-da-sua.docx"))
    assert made.sections[0].left_margin == docx.shared.Twips(1701)
