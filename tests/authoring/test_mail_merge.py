"""A letter made for mail merge becomes a template: a tag for what is merged, a branch for IF, the rest is told."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from pipeline import kinds
from pipeline.authoring.mail_merge import Letter, MergeField, imported
from pipeline.filling import TemplateError, compile_template, fill
from pipeline.vietnamese.filters import FILTERS
from tests.filling.making import paragraphs, replaced, template, with_part
from tests.filling.test_computed import complex_field, runs, simple_field
from tests.folders import run, working_folder

BEGIN, SEPARATE, END = (f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate", "end"))
SEX = 'MERGEFIELD "Giới tính"'


def said(text: str) -> str:
    return f'<w:instrText xml:space="preserve">{text}</w:instrText>'


def if_field(after: str, *inner: list[Any], before: str = " IF ") -> list[Any]:
    """An IF that compares a nested field; `after` holds “@” where each of `inner` stands."""
    pieces = after.split("@")
    elements = [*runs(BEGIN, said(before)), *complex_field(SEX, "Nam"), *runs(said(pieces[0]))]
    for field, piece in zip(inner, pieces[1:], strict=True):
        elements += [*field, *runs(said(piece))]
    return [*elements, *runs(SEPARATE, "<w:rPr><w:b/></w:rPr><w:t>ông</w:t>", END)]


def letter(*elements: list[Any]) -> Letter:
    def build(document: Any) -> None:
        for one in elements:
            document.add_paragraph("Gửi ")._p.extend(one)

    return imported(template(build))


def text(made: Letter, **doc: object) -> str:
    """The first paragraph of the letter, filled in."""
    filled = fill(compile_template(made.template), {"doc": doc}, filters=FILTERS)
    return Document(io.BytesIO(filled)).paragraphs[0].text


@pytest.mark.parametrize("make", [complex_field, simple_field])
def test_a_merge_field_becomes_a_tag_of_a_field_of_the_form(make: Any) -> None:
    made = letter(make("MERGEFIELD Ten_don_vi \\* MERGEFORMAT", "«Ten_don_vi»"))
    assert (made.fields, made.problems) == ((MergeField("ten_don_vi", "Ten don vi"),), ())
    assert text(made, ten_don_vi="A & B <c>") == "Gửi A & B <c>"


def test_the_same_field_has_one_name_and_two_of_like_names_have_two() -> None:
    made = letter(
        simple_field("MERGEFIELD Tên", "x"), simple_field("MERGEFIELD Ten", "x"), simple_field("MERGEFIELD Tên", "x")
    )
    assert [(one.name, one.label) for one in made.fields] == [("ten", "Tên"), ("ten_2", "Ten")]


@pytest.mark.parametrize(("label", "name"), [("items", "field_items"), ("2022", "field_2022"), ("…", "field")])
def test_a_name_a_template_could_not_print_is_made_one_it_can(label: str, name: str) -> None:
    made = letter(simple_field(f"MERGEFIELD {label}", "x"))
    assert [one.name for one in made.fields] == [name]
    assert text(made, **{name: "y"}) == "Gửi y"


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (' = "Nam" "ông" "bà" ', {"Nam": "ông", "Nữ": "bà"}),
        (" = Nam ông bà ", {"Nam": "ông", "Nữ": "bà"}),
        (' &lt;&gt; "Nam" "bà" "ông" \\* MERGEFORMAT ', {"Nam": "ông", "Nữ": "bà"}),
        (' = "Nam" "ông" ', {"Nam": "ông", "Nữ": ""}),
        (' = "" "ông/bà" "rõ" ', {"": "ông/bà", "Nữ": "rõ"}),
        (" = “Nam” “ông &amp; {{” “bà” ", {"Nam": "ông & {{", "Nữ": "bà"}),
    ],
)
def test_an_if_becomes_a_branch_that_follows_the_value(after: str, told: dict[str, str]) -> None:
    made = letter(if_field(after))
    assert made.problems == ()
    assert {value: text(made, gioi_tinh=value) for value in told} == {
        value: f"Gửi {printed}" for value, printed in told.items()
    }


def test_fields_within_a_branch_are_tags_within_it() -> None:
    inner = complex_field("MERGEFIELD Ho_ten", "x")
    made = letter(if_field(' = "Nam" "ông @" "bà" ', inner))
    assert text(made, gioi_tinh="Nam", ho_ten="Hòa") == "Gửi ông Hòa"
    assert text(made, gioi_tinh="Nữ", ho_ten="Hòa") == "Gửi bà"


def test_letters_look_as_the_result_did() -> None:
    made = letter(if_field(' = "Nam" "ông" "bà" '))
    filled = fill(compile_template(made.template), {"doc": {"gioi_tinh": "Nữ"}})
    assert [(run.text, run.bold) for run in Document(io.BytesIO(filled)).paragraphs[0].runs][-1] == ("bà", True)


@pytest.mark.parametrize(
    ("switch", "value", "printed", "x_type"),
    [
        ('\\@ "dd/MM/yyyy"', "2022-05-27", "27/5/2022", "date"),
        ('\\# "#,##0"', 15000, "15.000", "number"),
        ("\\* Upper", "an hòa", "AN HÒA", "text"),
        ('\\b "ông " \\f "!"', "Hòa", "ông Hòa!", "text"),
        ('\\b "ông "', "", "", "text"),
    ],
)
def test_a_switch_is_said_as_a_filter_or_a_condition(switch: str, value: object, printed: str, x_type: str) -> None:
    made = letter(simple_field(f"MERGEFIELD x {switch}", "x"))
    assert [one.x_type for one in made.fields] == [x_type]
    assert text(made, x=value) == f"Gửi {printed}"


@pytest.mark.parametrize(
    "field",
    [
        if_field(' > "5" "nhiều" "ít" '),
        if_field(' = "N*" "ông" "bà" '),
        if_field(' = "Nam" "ông '),
        simple_field('MERGEFIELD x \\@ "MMMM"', "x"),
        simple_field("NEXT", ""),
        complex_field('FILLIN "Tên?"', "x"),
        complex_field("DATE", "1/1/2022"),
    ],
)
def test_what_no_tag_says_stays_and_is_told_with_its_place(field: list[Any]) -> None:
    made = letter(simple_field("MERGEFIELD a", "x"), field)
    assert made.problems
    assert {one.place.paragraph for one in made.problems} == {2}
    assert [one.name for one in made.fields] == ["a"]


def test_a_field_over_several_paragraphs_stays_and_is_told() -> None:
    def build(document: Any) -> None:
        document.add_paragraph()._p.extend(runs(BEGIN, said(' IF "a" = "a" "một')))
        document.add_paragraph()._p.extend(runs(said('hai" "ba"'), SEPARATE, "<w:t>một</w:t>", END))

    assert [one.code for one in imported(template(build)).problems] == ["template.merge-field"]


def test_headers_are_turned_over_too_and_the_rest_of_the_file_is_kept() -> None:
    def build(document: Any) -> None:
        document.sections[0].header.paragraphs[0]._p.extend(simple_field("MERGEFIELD a", "x"))
        document.add_paragraph("Một").runs[0].bold = True

    content = template(build)
    made = imported(content)
    filled = Document(io.BytesIO(fill(compile_template(made.template), {"doc": {"a": "y"}})))
    assert filled.sections[0].header.paragraphs[0].text == "y"
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(io.BytesIO(made.template)) as after:
        assert set(before.namelist()) == set(after.namelist())
        assert before.read("word/document.xml") == after.read("word/document.xml")


def test_the_list_of_recipients_is_forgotten() -> None:
    content = replaced(
        paragraphs("x"),
        "word/settings.xml",
        "</w:settings>",
        f'<w:mailMerge {nsdecls("w")}><w:mainDocumentType w:val="formLetters"/></w:mailMerge></w:settings>',
    )
    with zipfile.ZipFile(io.BytesIO(imported(content).template)) as archive:
        assert b"mailMerge" not in archive.read("word/settings.xml")


def test_a_file_that_is_no_word_file_is_refused() -> None:
    with pytest.raises(TemplateError):
        imported(b"no Word file")


@pytest.mark.parametrize("name", ["footnotes"])
def test_notes_are_turned_over(name: str) -> None:
    note = (
        f'<w:{name} {nsdecls("w")}><w:footnote w:id="1"><w:p><w:fldSimple w:instr="MERGEFIELD a"><w:r><w:t>x'
        f"</w:t></w:r></w:fldSimple></w:p></w:footnote></w:{name}>"
    ).encode()
    wml = "application/vnd.openxmlformats-officedocument.wordprocessingml."
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    content = with_part(paragraphs("x"), f"{name}.xml", note, f"{wml}{name}+xml", f"{relations}/{name}")
    assert [one.name for one in imported(content).fields] == ["a"]


def test_parsing_is_by_the_marks_even_where_one_run_holds_several() -> None:
    whole = f"{BEGIN}{said(' MERGEFIELD a ')}{SEPARATE}<w:t>x</w:t>{END}"
    made = letter([parse_xml(f"<w:r {nsdecls('w')}><w:t>trước </w:t>{whole}<w:t> sau</w:t></w:r>")])
    assert text(made, a="y") == "Gửi trước y sau"


# --- dotted lines ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("Kính gửi: ……………", "Kính gửi: x"),
        ("Họ tên: ........ Chức vụ: ……….", "Họ tên: x Chức vụ: x"),
        ("Ông (bà) ______ được cử đi.", "Ông (bà) x được cử đi."),
        ("Chi tiết xem sau...", "Chi tiết xem sau..."),
        ("Số: ……./TB", "Số: ……./TB"),
        ("ngày ….. tháng ….. năm 2022", "ngày ….. tháng ….. năm 2022"),
        ("{{ doc.a or '.....' }} Nơi ở: .....", "x Nơi ở: x"),
    ],
)
def test_a_dotted_line_becomes_a_tag_called_by_the_words_before_it(line: str, printed: str) -> None:
    made = imported(paragraphs(line))
    names = {one.name for one in made.fields} | {"a"}
    assert text(made, **dict.fromkeys(names, "x")) == printed


def test_the_words_before_a_dotted_line_are_the_label_of_its_field() -> None:
    made = imported(paragraphs("Họ và tên: ……………; nơi công tác …………", "Họ và tên ........"))
    assert [(one.name, one.label) for one in made.fields] == [
        ("ho_va_ten", "Họ và tên"),
        ("noi_cong_tac", "nơi công tác"),
    ]


def test_a_dotted_line_cut_into_runs_is_one_tag_that_looks_as_its_first_dots() -> None:
    def build(document: Any) -> None:
        paragraph = document.add_paragraph("Kính gửi: ")
        for piece, is_bold in (("..", True), ("....", False), ("., ông", None)):
            paragraph.add_run(piece).bold = is_bold

    filled = fill(compile_template(imported(template(build)).template), {"doc": {"kinh_gui": "x"}})
    runs_of = [(run.text, run.bold) for run in Document(io.BytesIO(filled)).paragraphs[0].runs if run.text]
    assert runs_of == [("Kính gửi: ", None), ("x", True), (", ông", None)]


# --- vanthu kinds new --from -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_letter_becomes_a_kind_whose_form_asks_for_what_the_letter_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def build(document: Any) -> None:
        document.add_paragraph("Gửi ")._p.extend(simple_field("MERGEFIELD Ten_don_vi", "x"))
        document.add_paragraph()._p.extend(if_field(' = "Nam" "ông" "bà" '))
        document.add_paragraph("Hạn nộp: ").add_run("…………")
        document.add_paragraph("Ngày ")._p.extend(complex_field("MERGEFIELD Ngay_hop \\@ dd/MM/yyyy", "x"))

    folder = working_folder(tmp_path / "cum")
    (tmp_path / "thu.docx").write_bytes(template(build))
    words = ("--title", "Thư mời", "--abbreviation", "TM", "--from", str(tmp_path / "thu.docx"))
    code = run("-C", str(folder), "kinds", "new", "thu-moi", *words)
    # the letter is not in the official form yet and shows no code: the check says so, and no more
    assert code == 11
    problems = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ✗ ")]
    others = [line for line in problems if ": TT" not in line]
    assert len(others) < len(problems)
    assert ["vanthu-code" in line for line in others] == [True]
    kind = kinds.load_all(folder / "templates").kinds["thu-moi"]
    own = [
        one
        for one in kind.fields.root.children
        if one.name not in ("emulation_year", "serial", "doc_date", "subject")
    ]
    assert [(one.name, one.label) for one in own] == [
        ("ten_don_vi", "Ten don vi"),
        ("gioi_tinh", "Giới tính"),
        ("han_nop", "Hạn nộp"),
        ("ngay_hop", "Ngay hop"),
    ]
