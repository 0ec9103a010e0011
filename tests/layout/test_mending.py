"""What departs from the official form is put right where no word is touched, and is found no more."""

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from docx.document import Document
from docx.shared import Mm
from lxml import etree

from pipeline.layout import all_profiles
from pipeline.layout.applying import parts_of, w
from pipeline.layout.check import Facts, check
from pipeline.layout.check.lines import printed_lines
from pipeline.layout.check.paragraphs import read_document
from pipeline.layout.mending import mend
from pipeline.ooxml import packed
from tests.folders import run
from tests.layout.check import typed
from tests.layout.check.mutations import MUTATIONS, Mutation
from tests.layout.check.papers import clean, opened
from tests.layout.check.rewritings import REWRITINGS
from tests.said import en

ON = dt.datetime(2026, 11, 30, 8, 0)

#: What is of the look and the signs of a paper; the rest are words and figures, which a person mends.
LOOKS = frozenset({"TT01", "TT02", "TT04", "TT10", "TT12", "TT14"})
MENDABLE = [mutation for mutation in MUTATIONS if mutation.rule in LOOKS]


def spoilt(mutation: Mutation, rewriting: str = "") -> bytes:
    paper = opened(clean(mutation.kind, mutation.form))
    mutation.spoil(paper)
    if rewriting:
        REWRITINGS[rewriting](paper)
    return paper.saved()


def words(content: bytes) -> list[str]:
    """The letters and figures of every paragraph, without the signs around them and zeros before a figure."""
    texts = (unicodedata.normalize("NFC", para.text) for para in read_document(content).everything)
    bare = ("".join(filter(str.isalnum, re.sub(r"(?<!\d)0+(?=\d)", "", text))) for text in texts)
    return [text for text in bare if text and text != "2"]  # but the number of a page


@pytest.mark.sweep
@pytest.mark.parametrize("mutation", MENDABLE, ids=lambda one: f"{one.rule} {one.name}")
def test_what_is_no_matter_of_words_is_put_right(mutation: Mutation) -> None:
    content, form = spoilt(mutation), all_profiles()[mutation.form]
    assert check(content, profile=form, facts=mutation.facts)
    made = mend(content, form, on=ON, facts=mutation.facts)
    left = check(made, profile=form, facts=mutation.facts)
    assert not left, [(one.code, en(one.message), one.found) for one in left]


@pytest.mark.slow
@pytest.mark.sweep
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: f"{one.rule} {one.name}")
def test_mending_touches_no_word_and_finds_nothing_to_do_again(mutation: Mutation) -> None:
    if mutation.rule == "TT17":
        pytest.skip("a secret paper is not mended")
    content, form = spoilt(mutation), all_profiles()[mutation.form]
    before = {one.code for one in check(content, profile=form, facts=mutation.facts)}
    made = mend(content, form, on=ON, facts=mutation.facts)
    assert {one.code for one in check(made, profile=form, facts=mutation.facts)} <= before
    assert mend(made, form, on=ON, facts=mutation.facts) == made
    assert words(made) == words(content)


@pytest.mark.slow
@pytest.mark.parametrize("rewriting", REWRITINGS)
def test_a_paper_typed_otherwise_is_mended_as_well(rewriting: str) -> None:
    for mutation in (one for one in MENDABLE if one.name in {"a paragraph of 13 pt", "exactly 15 pt", "no indent"}):
        content, form = spoilt(mutation, rewriting), all_profiles()[mutation.form]
        made = mend(content, form, on=ON, facts=mutation.facts)
        assert not check(made, profile=form, facts=mutation.facts), mutation.name


def _misshapen() -> Document:
    document = typed.state_plan()
    for old, new in (
        ("Số: 12/KH-VP", "Số 12 / KH-VP"),
        ("tháng 02", "tháng 2"),
        ("Kế hoạch này./.", "Kế hoạch này."),
    ):
        cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
        paras = [*document.paragraphs, *(each for cell in cells for each in cell.paragraphs)]
        place = next(each for each in paras if old in each.text)
        place.runs[0].text = place.runs[0].text.replace(old, new)
    document.sections[0].left_margin = Mm(20)
    return document


def test_signs_and_zeros_around_the_words_are_put_right() -> None:
    content, form = typed.saved(_misshapen()), all_profiles()["nd30"]
    made = mend(content, form, on=ON)
    assert not check(made, profile=form)
    text = "\n".join(line.text for line in printed_lines(read_document(made)))
    assert "Số: 12/KH-VP" in text
    assert "ngày 12 tháng 02 năm 2024" in text
    assert "Kế hoạch này./." in text


def accepted(content: bytes, *, is_all: bool) -> bytes:
    """A file as Word leaves it when every tracked change is accepted, or rejected."""
    paper = opened(content)
    gone, kept = (w("del"), w("ins")) if is_all else (w("ins"), w("del"))
    for tree in (paper.body,):
        for mark in list(tree.iter(w("rPrChange"), w("pPrChange"), w("sectPrChange"))):
            properties = mark.getparent()
            assert properties is not None
            properties.remove(mark)
            if not is_all:
                fixed = [child for child in properties if child.tag in (w("headerReference"), w("sectPr"), w("rPr"))]
                properties[:] = [*fixed, *mark[0]]
        for mark in list(tree.iter(gone)):
            parent = mark.getparent()
            assert parent is not None
            if parent.tag == w("rPr"):  # a whole paragraph
                para = next(parent.iterancestors(w("p")))
                holder = para.getparent()
                assert holder is not None
                holder.remove(para)
            else:
                parent.remove(mark)
        for mark in list(tree.iter(kept)):
            parent = mark.getparent()
            assert parent is not None
            for text in mark.iter(w("delText")):
                text.tag = w("t")
            for each in mark:
                mark.addprevious(each)
            parent.remove(mark)
    return paper.saved()


def test_tracked_changes_give_the_mended_paper_when_accepted_and_the_old_one_when_rejected() -> None:
    content, form = typed.saved(_misshapen()), all_profiles()["nd30"]
    made = mend(content, form, on=ON, is_tracked=True)
    assert {one.code for one in check(made, profile=form)} >= {"TT18"}
    assert not check(accepted(made, is_all=True), profile=form)

    def told(one: bytes) -> list[tuple[str, str]]:
        return [(each.code, en(each.message)) for each in check(one, profile=form)]

    assert told(accepted(made, is_all=False)) == told(content)


def test_the_command_writes_a_copy_and_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "kh.docx"
    file.write_bytes(typed.saved(_misshapen()))
    before = file.read_bytes()
    assert run("form", "fix", str(file)) == 0
    told = capsys.readouterr().out
    assert "Đã sửa" in told
    assert "lề trái" in told
    assert file.read_bytes() == before
    assert not check((tmp_path / "kh-da-sua.docx").read_bytes(), profile=all_profiles()["nd30"])
    # a second time nothing is written over
    assert run("form", "fix", str(file)) not in (0, 3)
    assert "không ghi đè" in capsys.readouterr().err
    assert run("form", "fix", str(tmp_path / "kh-da-sua.docx"), "--json") == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["copy"], again["mended"], again["is_conforming"]) == ("", [], True)


def test_what_only_a_person_can_mend_is_left_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = _misshapen()
    document.tables[-1].cell(0, 1).paragraphs[-1].runs[0].text = ""
    file = tmp_path / "kh.docx"
    file.write_bytes(typed.saved(document))
    assert run("form", "fix", str(file)) == 3
    assert "Còn lại" in capsys.readouterr().out
    assert (tmp_path / "kh-da-sua.docx").exists()


def test_what_is_no_official_document_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = typed.blank(13)
    document.add_paragraph("Dear colleagues, the meeting is moved to Friday.")
    file = tmp_path / "letter.docx"
    file.write_bytes(typed.saved(document))
    assert run("form", "fix", str(file)) == 0
    assert "không phải văn bản hành chính" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == [file]


Typed = Callable[[], Document]


@pytest.mark.parametrize("paper", [typed.party_letter, typed.state_plan, typed.party_report_with_tabs])
def test_a_correct_paper_is_left_as_it_is(paper: Typed) -> None:
    content = typed.saved(paper())
    forms = {"party_letter": "dang-hd05", "state_plan": "nd30", "party_report_with_tabs": "dang-hd36"}
    assert mend(content, all_profiles()[forms[paper.__name__]], on=ON, facts=Facts()) == content


def test_what_is_written_keeps_the_order_of_the_schema() -> None:
    made = mend(typed.saved(_misshapen()), all_profiles()["nd30"], on=ON, is_tracked=True)
    body = etree.fromstring(parts_of(made)["word/document.xml"])
    section = body.find(f"{w('body')}/{w('sectPr')}")
    assert section is not None
    tags = [etree.QName(child).localname for child in section]
    assert tags.index("pgSz") < tags.index("pgMar") < tags.index("sectPrChange")


def test_short_lines_typed_with_shift_enter_are_set_with_their_paragraph() -> None:
    document = typed.state_plan()
    lines = next(each for each in document.paragraphs if each.text.startswith("Đề nghị"))
    before = lines.insert_paragraph_before()
    before.add_run("Các phòng gửi kế hoạch;").add_break()
    before.add_run("Văn phòng tổng hợp.")
    before.alignment = typed.CENTRE
    content, form = typed.saved(document), all_profiles()["nd30"]
    assert {one.code for one in check(content, profile=form)} == {"TT10"}
    made = mend(content, form, on=ON)
    assert not check(made, profile=form)
    assert mend(made, form, on=ON) == made


def test_a_mark_that_stands_in_another_run_than_its_letter_is_put_on_it() -> None:
    document = typed.state_plan()
    text = next(each for each in document.paragraphs if each.text.startswith("Đề nghị"))
    run = text.runs[0]
    head, tail = run.text.split("ị", 1)
    run.text = f"{head}i"
    text.add_run(f"\u0323{tail}").font.size = run.font.size
    content, form = typed.saved(document), all_profiles()["nd30"]
    assert {one.code for one in check(content, profile=form)} == {"TT03"}
    made = mend(content, form, on=ON)
    assert not check(made, profile=form)
    assert f"{head}ị{tail}" in {para.text for para in read_document(made).body}


def test_numbers_are_put_into_a_file_that_names_no_other_part() -> None:
    document = typed.state_plan()
    lines = next(each for each in document.paragraphs if each.text.startswith("Đề nghị"))
    for _ in range(12):  # more than one page
        lines.insert_paragraph_before(typed.TEXT)
    parts = parts_of(typed.saved(document))
    bare = {name: part for name, part in parts.items() if "_rels/document" not in name and "header" not in name}
    body = etree.fromstring(bare["word/document.xml"])
    for section in body.iter(w("sectPr")):
        for child in section.findall(w("headerReference")) + section.findall(w("titlePg")):
            section.remove(child)
    # a width that is no number, too: some programs write shares
    for width in body.iter(w("tcW")):
        width.set(w("w"), "50%")
    bare["word/document.xml"] = etree.tostring(body)
    types = etree.fromstring(bare["[Content_Types].xml"])
    for each in [one for one in types if "header" in one.get("PartName", "")]:
        types.remove(each)
    bare["[Content_Types].xml"] = etree.tostring(types)
    content, form = packed(bare), all_profiles()["nd30"]
    assert "TT04" in {one.code for one in check(content, profile=form)}
    assert "TT04" not in {one.code for one in check(mend(content, form, on=ON), profile=form)}
