"""`vanthu kinds check` finds what a form of another day would bring to light: branches, lists, programs."""

import dataclasses
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from pipeline import kinds, years
from pipeline.app.kinds_now import with_sound_templates
from pipeline.authoring.check import KindCheck, check_kind
from pipeline.authoring.scaffolding import NewKind, scaffold
from pipeline.kinds import Kind, Loaded
from pipeline.layout import all_profiles
from pipeline.tools.soffice import Office
from tests.filling.making import with_part
from tests.filling.test_packages import WML
from tests.folders import ROOT, run, working_folder


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Kind:
    """A kind as `vanthu kinds new` makes it: its form has a list of points, which must not be empty."""
    templates = tmp_path_factory.mktemp("templates")
    scaffold(NewKind("thong-bao", "Thông báo", "TB", all_profiles()["dang-hd36"]), templates)
    return kinds.load_all(templates).kinds["thong-bao"]


@pytest.fixture(scope="module")
def year() -> years.Year:
    return years.load(ROOT / "years" / "2022.yaml")


def edited(kind: Kind, edit: Callable[[Any], object]) -> Kind:
    """The kind, its template edited in the text before the signature."""
    document = Document(io.BytesIO(kind.template))
    edit(document)
    saved = io.BytesIO()
    document.save(saved)
    return dataclasses.replace(kind, template=saved.getvalue())


def lines(*texts: str) -> Callable[[Any], object]:
    """An edit that puts these lines before the last paragraph of the text."""

    def edit(document: Any) -> None:
        anchor = next(one for one in document.paragraphs if "đề nghị các đơn vị" in one.text)
        for text in texts:
            anchor.insert_paragraph_before(text, style=anchor.style)

    return edit


def announcing(*texts: str) -> Callable[[Any], object]:
    """An edit that puts these lines before the closing sentence."""

    def edit(document: Any) -> None:
        closing = next(one for one in document.paragraphs if one.style.style_id == "VTThanCuoi")
        body = next(one.style for one in document.paragraphs if one.style.style_id == "VTThan")
        for text in texts:
            closing.insert_paragraph_before(text, style=body)

    return edit


def checked(kind: Kind, year: years.Year, office: Office | None = None) -> KindCheck:
    return check_kind(kind, year, {kind.id: kind}, office)


def test_a_fresh_kind_is_in_order(fresh: Kind, year: years.Year) -> None:
    assert checked(fresh, year).problems == ()


def test_a_list_that_only_a_long_form_prints_is_tried_long(fresh: Kind, year: years.Year) -> None:
    kind = edited(fresh, lines("{% if doc.points | length > 5 %}{{ doc.points[0] + 1 }}{% endif %}"))
    problems = checked(kind, year).problems
    assert len(problems) == 1
    assert "{{ doc.points[0] + 1 }}" in problems[0]
    assert problems[0].startswith("khi các danh sách dài")


def test_a_lead_in_that_is_printed_without_its_list_is_told_with_its_words(fresh: Kind, year: years.Year) -> None:
    announced = ("Các việc phải làm gồm:", "{%p for item in doc.points[1:] %}", "- {{ item }}", "{%p endfor %}")
    (note,) = checked(edited(fresh, announcing(*announced)), year).notes
    assert "Các việc phải làm gồm:" in note
    together = ("{%p if doc.points[1:] %}", *announced, "{%p endif %}")
    assert checked(edited(fresh, announcing(*together)), year).notes == ()


def test_a_comment_beside_a_looped_value_is_told_as_one_outside_a_loop_is(fresh: Kind, year: years.Year) -> None:
    content = edited(fresh, lines("{%p for item in doc.points %}", "{{ item }}", "{%p endfor %}"))

    def comment(document: Any) -> None:
        marked = next(one for one in document.paragraphs if one.text == "{{ item }}")
        marked._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:commentReference w:id="0"/></w:r>'))

    note = (
        f'<w:comments {nsdecls("w")}><w:comment w:id="0" w:author="a"><w:p><w:r><w:t>xem lại</w:t></w:r></w:p>'
        "</w:comment></w:comments>"
    ).encode()
    commented = edited(content, comment)
    template = with_part(commented.template, "comments.xml", note, f"{WML}.comments+xml", RELATIONSHIP_TYPE.COMMENTS)
    problems = checked(dataclasses.replace(commented, template=template), year).problems
    # its paragraph reads as the form does, which excuses other faults
    assert any("TT18" in one and one.startswith("khi điền đủ mọi mục") for one in problems), problems


def test_a_field_that_works_something_out_makes_the_kind_unusable_wherever_kinds_are_loaded(
    fresh: Kind, year: years.Year
) -> None:
    def dated(document: Any) -> None:
        shown = "<w:r><w:t>{{ document.code }}</w:t></w:r>"
        field = f'<w:fldSimple {nsdecls("w")} w:instr=" DATE ">{shown}</w:fldSimple>'
        document.paragraphs[-1]._p.append(parse_xml(field))

    kind = edited(fresh, dated)
    assert ["DATE" in one and "Ctrl+Shift+F9" in one for one in checked(kind, year).problems] == [True]
    loaded = with_sound_templates(Loaded({kind.id: kind}), Path("templates"))
    assert not loaded.kinds
    assert [str(one).startswith("templates/thong-bao/template.docx: ") for one in loaded.broken] == [True]


def test_an_empty_cell_in_a_branch_no_form_takes_is_no_problem_because_it_is_mended(
    fresh: Kind, year: years.Year
) -> None:
    def celled(document: Any) -> None:
        table = document.add_table(1, 2)
        first, second = table.rows[0].cells
        first.text, second.text = "{%p if doc.points | length > 50 %}", "ô bên"
        first.add_paragraph("Trích yếu")
        first.add_paragraph("{%p endif %}")
        document.element.body.insert(13, table._tbl)

    assert not [one for one in checked(edited(fresh, celled), year).problems if "ô của bảng" in one]


def test_a_branch_that_breaks_a_rule_of_word_is_told_though_no_form_takes_it(fresh: Kind, year: years.Year) -> None:
    def twice(document: Any) -> None:
        lines("{%p if doc.points | length > 50 %}", "A", "B", "{%p endif %}")(document)
        for one in document.paragraphs:
            if one.text in ("A", "B"):
                one._p.append(parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="9" w:name="{one.text}"/>'))

    problems = checked(edited(fresh, twice), year).problems
    assert [("bookmarkStart 9" in one, one.partition(":")[0]) for one in problems] == [
        (True, "khi thử mọi nhánh điều kiện và danh sách")
    ]


def test_without_libreoffice_the_check_says_that_it_left_it_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = working_folder(tmp_path / "cum", pdf="off")
    assert run("-C", str(folder), "kinds", "check", "giay-moi") == 0
    assert "LibreOffice" in capsys.readouterr().err


@pytest.mark.office
def test_every_document_tried_is_opened_by_libreoffice(fresh: Kind, year: years.Year, tmp_path: Path) -> None:
    class Counting(Office):
        opened = 0

        def convert(self, document: bytes) -> bytes:
            Counting.opened += 1
            return super().convert(document)

    with Counting(tmp_path / "soffice") as office:
        assert checked(fresh, year, office).problems == ()
    assert Counting.opened > 5
