"""A form is one YAML file: what is checked, mended and made follows it, and no code knows a form by its name."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline import filling
from pipeline.layout import all_profiles, apply
from pipeline.layout import profile as profile_module
from pipeline.layout.applying import twips, w
from pipeline.layout.check import blocks, check, examined
from pipeline.layout.check.checking import Checked
from pipeline.layout.mending import mend
from pipeline.model import Severity
from pipeline.papers import codes
from pipeline.vietnamese.filters import FILTERS
from tests.layout import sample
from tests.layout.check.papers import CODE, Paper, clean, opened, set_para, set_run, set_text
from tests.said import en

SHIPPED = Path(str(profile_module.FOLDER))
Add = Callable[[str, str, dict[str, str]], None]


def forget() -> None:
    for remembered in (all_profiles, blocks.head_titles, blocks._type_keys):
        remembered.cache_clear()


@pytest.fixture
def add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Add]:
    """Puts one more file among the profiles: another's text with some lines in it changed."""
    for path in SHIPPED.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")

    def added(name: str, like: str, changes: dict[str, str]) -> None:
        text = (SHIPPED / f"{like}.yaml").read_text("utf-8")
        for key, value in {"id": name, **changes}.items():
            there = re.search(rf"(?m)^ *{key}: (.*)$", text)
            assert there is not None, key
            text = text[: there.start(1)] + value + text[there.end(1) :]
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
        monkeypatch.setattr(profile_module, "FOLDER", tmp_path)
        forget()

    yield added
    monkeypatch.undo()
    forget()


def dated(content: bytes, year: int) -> Paper:
    """A paper of our samples as one of another year."""
    paper = opened(content)
    paper.parts = {
        name: part.replace(b"27 th\xc3\xa1ng 5 n\xc4\x83m 2022", f"27 tháng 5 năm {year}".encode())
        if name == "word/document.xml"
        else part
        for name, part in paper.parts.items()
    }
    return paper


def told(checked: Checked) -> set[tuple[str, str]]:
    return {(one.code, en(one.message)) for one in checked.findings if one.severity is not Severity.INFO}


def made(kind: str, form: str) -> bytes:
    profile = all_profiles()[form]
    year = sample.year_values()
    template = (sample.TEMPLATES / kind / "template.docx").read_bytes()
    return filling.fill(
        filling.compile_template(apply(template, profile)),
        sample.context(kind, profile, sample.document_of(kind, year), year, number=1),
        filters=FILTERS,
        pictures={"vanthu-code": codes.picture(CODE)},
    )


# One file ----------------------------------------------------------------------------------------------------------

NEXT = {
    "valid": "{from: 2030-01-01}",
    "title": "Nghị định tưởng tượng 2030",
    "numbers_at": "bottom-right",
    "content_end": '"."',
    "ground_last": '","',
    "authority_marks": "[T.M, K.T, T.L, Q.]",
    "has_both_titles": "false",
    "VTNoiNhan": "{size: 13, underline: true, line: 15 exact}",
    "padded_months": "9",
    "VTSoTrang": "{size: 13, align: right, line: 16 exact}",
}


def test_a_paper_of_its_time_is_judged_by_a_form_that_is_only_a_file(add: Add) -> None:
    paper = dated(clean("ke-hoach", "nd30"), 2031)
    add("nd-2030", "nd30", NEXT)
    checked = examined(paper.saved())
    assert checked.profile == "nd-2030"
    assert told(checked) >= {
        ("TT04", "The pages carry no number at the foot."),
        ("TT11", "A căn cứ ends with the wrong sign."),
        ("TT14", "Heading of Nơi nhận: no bold letters are wanted."),
        ("TT08", "Place and date are not written as the form prescribes."),
    }
    # the same paper in its own year is one of the form it was made in
    assert examined(clean("ke-hoach", "nd30")).profile == "nd30"


@pytest.mark.parametrize("kind", ["ke-hoach", "bien-ban"])
def test_what_is_made_in_such_a_form_keeps_to_it(add: Add, kind: str) -> None:
    add("nd-2030", "nd30", NEXT)
    found = check(made(kind, "nd-2030"), profile=all_profiles()["nd-2030"])
    assert not found, [(one.code, en(one.message), one.found) for one in found]


UNION = {
    "family": "union",
    "called": "{vi: văn bản của Đoàn, en: Youth Union}",
    "is_presumed": "false",
    "valid": "{from: 2018-01-01}",
    "head_title": "ĐOÀN TNCS HỒ CHÍ MINH",
    "authority_marks": "[TM., KT., TL.]",
}


def test_another_system_of_papers_is_known_by_its_head_and_is_only_a_file(add: Add) -> None:
    add("doan", "dang-hd36", UNION)
    content = made("ke-hoach", "doan")
    checked = examined(content)
    assert (checked.profile, told(checked)) == ("doan", set())
    paper = opened(content)
    set_text(paper.para("VTTieuDe"), "ĐẢNG CỘNG SẢN VIỆT NAM")
    assert examined(paper.saved()).profile == "dang-hd36"
    asked = check(paper.saved(), profile=all_profiles()["doan"])
    mixed = next(one for one in asked if one.code == "TT05")
    assert en(mixed.message) == "Title of the head: this is the Party / State form in a Youth Union document."
    assert mixed.needed is not None and en(mixed.needed) == "ĐOÀN TNCS HỒ CHÍ MINH"


def test_no_module_of_the_official_form_knows_a_form_or_a_system_by_its_name() -> None:
    names = {name for one in all_profiles().values() for name in (one.id, one.family)}
    known = re.compile("|".join(rf"[\"']{re.escape(name)}[\"']" for name in sorted(names)))
    room = Path(profile_module.__file__).parent
    code = {path: re.sub(r'(?s)""".*?"""|#[^\n]*', "", path.read_text("utf-8")) for path in room.rglob("*.py")}
    assert [str(path.relative_to(room)) for path, text in code.items() if known.search(text)] == []


# The circular before the decree ------------------------------------------------------------------------------------

OLD = "tt01-2011"


def test_a_paper_of_2018_is_judged_by_the_circular_of_its_time() -> None:
    checked = examined(dated(clean("ke-hoach", OLD), 2018).saved())
    assert (checked.profile, told(checked)) == (OLD, set())


@pytest.mark.parametrize("kind", ["bien-ban", "dang-ky", "giao-uoc", "ke-hoach", "phu-luc-hoat-dong", "quy-che"])
def test_papers_made_in_the_circular_s_form_are_left_in_peace(kind: str) -> None:
    found = check(clean(kind, OLD), profile=all_profiles()[OLD])
    assert not found, [(one.code, en(one.message), one.found) for one in found]


def number_at_the_top(paper: Paper) -> None:
    """As NĐ30 wants it."""
    paper.parts = opened(clean("ke-hoach", "nd30")).parts
    paper.trees.clear()


def in_the_middle(paper: Paper) -> None:
    set_para(paper.para("VTSoTrang", part=footer(paper)), "jc", val="center")


def footer(paper: Paper) -> str:
    return next(name for name, part in paper.parts.items() if name.startswith("word/footer") and b" PAGE " in part)


def word(style: str, text: str) -> Callable[[Paper], None]:
    return lambda paper: set_text(paper.para(style), text)


def look(style: str, tag: str, **attributes: str) -> Callable[[Paper], None]:
    return lambda paper: set_run(paper.para(style), tag, **attributes)


def narrow(paper: Paper) -> None:
    for section in paper.body.iter("{*}pgMar"):
        section.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}left", str(twips(20)))


def last_ground(paper: Paper) -> None:
    grounds = [one for one in paper.body.iter("{*}p") if '"VTCanCu"' in styles_of(one)]
    text = "".join(piece.text or "" for piece in grounds[-1].iter("{*}t"))
    set_text(grounds[-1], text.rstrip(",") + ".")


def styles_of(paragraph: object) -> str:
    from lxml import etree

    return etree.tostring(paragraph, encoding="unicode")  # type: ignore[call-overload,no-any-return]


PLANTED = {
    "number at the top": (number_at_the_top, "TT04"),
    "number in the middle": (in_the_middle, "TT04"),
    "left margin of 20 mm": (narrow, "TT01"),
    "căn cứ in italics": (look("VTCanCu", "i"), "TT11"),
    "the last căn cứ ends in a full stop": (last_ground, "TT11"),
    "the Party's head": (word("VTTieuDe", "ĐẢNG CỘNG SẢN VIỆT NAM"), "TT05"),
    "a motto without hyphens": (word("VTTieuNgu", "Độc lập Tự do Hạnh phúc"), "TT06"),
    "the issuing body not bold": (look("VTCoQuan", "b", val="0"), "TT06"),
    "the Party's number": (word("VTSo", "Số 01-KH/CTĐ4"), "TT05"),
    "an abbreviation that is none": (word("VTSo", "Số: 01/KHH-CTĐ4"), "TT07"),
    "a month with a zero too many": (word("VTNgay", "Thành phố Hồ Chí Minh, ngày 27 tháng 05 năm 2018"), "TT08"),
    "a date upright": (look("VTNgay", "i", val="0"), "TT08"),
    "a small trích yếu": (look("VTTrichYeu", "sz", val="24"), "TT09"),
    "the Party's Nơi nhận": (lambda paper: [look("VTNoiNhan", tag, val=on)(paper) for tag, on in (
        ("b", "0"), ("i", "0"), ("u", "single"))], "TT05"),
    "a recipient that ends in a comma": (word("VTNoiNhanMuc", "- Như trên,"), "TT14"),
    "the name of the type in small letters": (word("VTTenLoai", "Kế hoạch"), "TT09"),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_what_departs_from_the_circular_is_told(planted: str) -> None:
    spoil, code = PLANTED[planted]
    paper = dated(clean("ke-hoach", OLD), 2018)
    spoil(paper)
    found = check(paper.saved(), profile=all_profiles()[OLD])
    assert code in {one.code for one in found}, [(one.code, en(one.message)) for one in found]


def test_a_face_that_the_circular_leaves_free_is_no_fault() -> None:
    paper = dated(clean("ke-hoach", OLD), 2018)
    set_run(paper.para("VTThan"), "rFonts", ascii="Arial", hAnsi="Arial", cs="Arial", eastAsia="Arial")
    assert examined(paper.saved()).findings == ()
    assert "TT02" in {one.code for one in check(paper.saved(), profile=all_profiles()["nd30"])}


def test_a_missing_number_is_put_at_the_foot_of_an_old_paper() -> None:
    paper = dated(clean("ke-hoach", "nd30"), 2018)
    assert ("TT04", "The pages carry no number at the foot.") in told(examined(paper.saved()))
    made = mend(paper.saved(), all_profiles()[OLD], on=dt.datetime(2026, 11, 30, tzinfo=dt.UTC))
    assert "TT04" not in {one.code for one in check(made, profile=all_profiles()[OLD])}


# Sheets of annexes -------------------------------------------------------------------------------------------------

TURNED = {"top": 30, "bottom": 15, "left": 20, "right": 20}  # on its side: bound at the top


def plan_with_an_annex(width_mm: float, height_mm: float) -> bytes:
    """A plan whose annex lies on a sheet of its own, on its side."""
    paper = opened(clean("ke-hoach", "nd30"))
    *_, last = paper.body.iter("{*}sectPr")
    size, margins = last.find("{*}pgSz"), last.find("{*}pgMar")
    assert size is not None and margins is not None
    for name, value in (("w", str(twips(width_mm))), ("h", str(twips(height_mm))), ("orient", "landscape")):
        size.set(w(name), value)
    for side, millimetres in TURNED.items():
        margins.set(w(side), str(twips(millimetres)))
    return paper.saved()


def test_an_annex_may_lie_on_its_side_and_on_a_sheet_of_a3() -> None:
    for width, height in ((297, 210), (420, 297)):
        found = check(plan_with_an_annex(width, height), profile=all_profiles()["nd30"])
        assert not found, [(one.code, en(one.message), one.found) for one in found]


def test_neither_the_paper_itself_nor_an_annex_of_another_size_may() -> None:
    letter = check(plan_with_an_annex(279, 216), profile=all_profiles()["nd30"])
    assert [en(one.message) for one in letter] == ["Section 2: the paper is not A4."]
    paper = opened(clean("ke-hoach", "nd30"))
    for size in paper.body.iter("{*}pgSz"):
        size.set(w("w"), str(twips(297)))
        size.set(w("h"), str(twips(420)))
    found = check(paper.saved(), profile=all_profiles()["nd30"])
    assert "Section 1: the paper is not A4." in {en(one.message) for one in found}
