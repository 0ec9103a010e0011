"""The papers of the kinds that are no more than folders, made of their examples in every form and held against it."""

import datetime as dt
import functools
import io

import docx
import pytest

from pipeline import filling
from pipeline.filling.composition import Ingredients, compose
from pipeline.layout import all_profiles, apply, kept_together
from pipeline.layout.check import Facts, check, in_one_line
from pipeline.model import Job, JsonObject, Severity, State
from pipeline.papers import codes
from pipeline.vietnamese.filters import FILTERS
from tests.kinds import examples

NOON = dt.datetime(2022, 5, 27, 5, 0, tzinfo=dt.UTC)
FORMS = ("dang-hd36", "dang-hd05", "nd30")
PAPERS = (
    ("giay-moi", "pass-trien-khai"),
    ("giay-moi", "pass-short"),
    ("cong-van", "pass-gui-du-thao"),
    ("cong-van", "pass-don-doc-dang-ky"),
    ("cong-van", "pass-don-doc-bao-cao"),
    ("cong-van", "pass-dinh-chinh"),
    ("cong-van", "pass-nop-bao-cao"),
    ("to-trinh", "pass-khen-thuong"),
    ("to-trinh", "pass-other-matter"),
    ("bao-cao-so-ket", "pass-2022"),
    ("bao-cao-tong-ket", "pass-gathered"),
    ("bang-diem", "pass-bdbptp"),
    ("bang-diem", "pass-self"),
)
#: These stand on the common frame, which the papers above measure: they are rendered by the slow tests alone.
FRAMED = (
    ("thong-bao", "pass-ket-luan"),
    ("quyet-dinh", "pass-ban-kiem-phieu"),
    ("uy-quyen", "pass-ky-giay-moi"),
    ("kiem-phieu", "pass-binh-xet"),
    ("chuong-trinh", "pass-trien-khai"),
    ("danh-sach", "pass-khen-thuong"),
    ("danh-sach", "pass-thanh-vien"),
)


def values_of(kind_id: str, name: str, family: str = "party") -> JsonObject:
    return examples.completed(examples.reading_of(examples.example(kind_id, name, family)), family).values


def gathered_by(kind_id: str, day: dt.date | None, family: str = "party") -> JsonObject:
    """What the kind gathers, of every unit: the example that bears the unit's name."""
    units = examples.year(family).as_values(day)["units"]
    assert isinstance(units, list)
    found: JsonObject = {}
    for gather in examples.kind_named(kind_id).gathers:
        form = examples.kind_named(gather.kind).fields
        found[gather.kind.replace("-", "_")] = [
            form.laid_out(values_of(gather.kind, f"pass-{unit['code'].lower()}", family)) | {"unit": unit}
            for unit in units
            if isinstance(unit, dict) and isinstance(unit["code"], str)
        ]
    return found


def paper(kind_id: str, name: str, form: str, number: int | None = None) -> bytes:
    """The Word document of an example; in a form of the State it is one of the State's office."""
    family = all_profiles()[form].family
    kind, year, doc = examples.kind_named(kind_id, family), examples.year(family), values_of(kind_id, name, family)
    day = kind.date_of(doc)
    assert day is not None
    unit = str(doc["unit_code"]) if kind.submitted_by == "unit" else ""
    code = codes.new_code(name)
    job = Job(1, State.ACCEPTED, 0, kind_id, unit, 2022, kind.variant_of(doc), 1, code, "", "", "", "", NOON, NOON)
    profile = all_profiles()[form]
    gathered = gathered_by(kind_id, day, family)
    made_of = Ingredients(job, kind, year, day, doc, gathered, profile, "kiem", number=number)
    pictures = {"vanthu-code": codes.picture(code)}
    template, values = template_of(kind_id, form), compose(made_of)
    return filling.fill(
        template, values, filters=FILTERS, pictures=pictures, finish=functools.partial(kept_together, profile=profile)
    )


@functools.cache
def template_of(kind_id: str, form: str) -> filling.CompiledTemplate:
    return filling.compile_template(apply(examples.kind_named(kind_id).template, all_profiles()[form]))


def text_of(content: bytes) -> str:
    """Body and tables, a line for each paragraph."""
    lines: list[str] = []
    for block in docx.Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, docx.table.Table):
            lines += [line.text for row in block.rows for cell in row.cells for line in cell.paragraphs]
        else:
            lines.append(block.text)
    return "\n".join(lines)


@pytest.mark.sweep
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("kind_id", "name"), (*PAPERS, *FRAMED))
def test_a_paper_of_an_example_is_as_the_form_wants_it(kind_id: str, name: str, form: str) -> None:
    facts = Facts(prints_number=examples.kind_named(kind_id).number_printed)
    found = check(paper(kind_id, name, form), profile=all_profiles()[form], facts=facts)
    assert [in_one_line(one) for one in found if one.severity is not Severity.INFO] == []


def test_the_day_of_a_paper_that_a_letter_is_about_is_not_the_letters_own() -> None:
    # it begins the second line of "V/v", which stands before place and date
    said = text_of(paper("cong-van", "pass-dinh-chinh", "nd30"))
    assert "\nngày 27 tháng 5 năm 2022" in said.replace("\u00a0", " ")
    found = check(paper("cong-van", "pass-dinh-chinh", "nd30"), profile=all_profiles()["nd30"], facts=Facts())
    assert [one.code for one in found if one.code == "TT08"] == []


@pytest.mark.parametrize(
    ("form", "number", "subject"),
    [
        ("dang-hd36", "Số 07-CV/CTĐ4", "về việc góp ý dự thảo"),
        ("nd30", "Số: 07/CTĐ4-VP", "V/v góp ý dự thảo"),
    ],
)
def test_a_letter_has_no_type_and_its_subject_under_the_number(form: str, number: str, subject: str) -> None:
    lines = text_of(paper("cong-van", "pass-gui-du-thao", form, number=7)).splitlines()
    assert lines[lines.index(number) + 1].startswith(subject)
    assert "CÔNG VĂN" not in lines


@pytest.mark.parametrize(
    ("form", "word"), [("dang-hd36", "Kính gửi:"), ("dang-hd05", "Kính trình:"), ("nd30", "Kính gửi:")]
)
def test_a_petition_addresses_its_superior_as_the_form_says(form: str, word: str) -> None:
    family = all_profiles()[form].family
    superior = examples.year(family).cluster.parent
    assert f"{word} {superior}" in text_of(paper("to-trinh", "pass-khen-thuong", form))


def test_a_report_is_addressed_in_state_form_only() -> None:
    party, state = (text_of(paper("bao-cao-so-ket", "pass-2022", form)) for form in ("dang-hd36", "nd30"))
    assert "Kính gửi" not in party
    assert "Kính gửi: Văn phòng Ủy ban nhân dân Thành phố" in state
    assert "BÁO CÁO\nsơ kết công tác thi đua" in party


def test_the_annual_report_carries_the_scores_of_every_unit() -> None:
    text = text_of(paper("bao-cao-tong-ket", "pass-gathered", "dang-hd36")).replace("\u00a0", " ")
    _, _, table = text.partition("BẢNG TỔNG HỢP ĐIỂM")
    lines = table.splitlines()
    row = lines.index("Tổng công ty Điện lực TP.HCM")
    assert lines[row + 1 : row + 10] == ["14,5", "9,5", "15", "14,5", "14,5", "9", "9,5", "10", "98,5"]
    assert table.count("TP.HCM") >= 5


def test_the_sums_of_a_score_sheet_stand_under_the_scores_they_are_of() -> None:
    own, reviewed = (text_of(paper("bang-diem", name, "dang-hd36")) for name in ("pass-self", "pass-catp"))
    assert "TỔNG ĐIỂM\n\n98,5\n\n\n" in own
    assert "TỔNG ĐIỂM\n\n98,5\n\n98\n" in reviewed


def lines_of(kind_id: str, name: str, form: str) -> list[str]:
    return text_of(paper(kind_id, name, form)).replace("\u00a0", " ").splitlines()


def test_a_state_decision_names_who_decides_before_the_grounds_and_a_party_decision_after_them() -> None:
    who, what = "CỤM TRƯỞNG CỤM THI ĐUA SỐ 4", "QUYẾT ĐỊNH:"
    party, state = (lines_of("quyet-dinh", "pass-ban-kiem-phieu", form) for form in ("dang-hd05", "nd30"))
    grounds = [index for index, line in enumerate(state) if line.startswith("Căn cứ")]
    # NĐ30 Mẫu 1.2
    assert state.index(who) < grounds[0] < grounds[-1] < state.index(what)
    assert party[party.index(who) + 1] == what
    assert party[party.index(who) - 1].startswith("- Căn cứ")
    assert state.count(who) == 1


@pytest.mark.parametrize(
    ("kind_id", "name"),
    [("bao-cao-so-ket", "pass-2022"), ("bao-cao-tong-ket", "pass-gathered"), ("dang-ky", "pass-catp")],
)
def test_a_state_paper_that_names_its_addressee_above_says_so_below(kind_id: str, name: str) -> None:
    # NĐ30 appendix I, II.9b; the Party form has no addressee on these, and names it in the list
    party, state = (lines_of(kind_id, name, form) for form in ("dang-hd05", "nd30"))
    assert any(line.startswith("Kính gửi:") for line in state)
    assert state[state.index("Nơi nhận:") + 1] == "- Như trên;"
    assert not any("Như trên" in line for line in party)


def test_grounds_that_end_with_a_comma_are_followed_by_a_sentence() -> None:
    lines = lines_of("uy-quyen", "pass-ky-giay-moi", "dang-hd36")
    after = [lines[index + 1] for index, line in enumerate(lines) if line.startswith("- Căn cứ")]
    assert after[-1] == "Cụm trưởng Cụm thi đua số 4 ủy quyền ký văn bản như sau:"
