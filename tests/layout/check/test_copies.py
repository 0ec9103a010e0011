"""A copy is judged by what is written under the copied paper, and bears no guilt for the paper itself."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.shared import Mm, Pt

from pipeline.layout import all_profiles
from pipeline.layout.check import examined
from pipeline.layout.check.checking import Checked
from pipeline.layout.mending import mend
from pipeline.model import Severity
from tests.layout.check import typed
from tests.layout.check.copied import STAMP, Part, party_copy, stamped_copy, state_copy, tabbed_copy
from tests.layout.check.papers import opened
from tests.layout.check.rewritings import REWRITINGS
from tests.layout.check.rewritings_of_words import MORE
from tests.said import en

STATE = Part()
OLD = replace(
    STATE,
    heading="SAO Y BẢN CHÍNH",
    date="Thành phố Hồ Chí Minh, ngày 05 tháng 3 năm 2019",
    recipients=("- Lưu: VT.",),
)
PARTY = Part(
    heading="SAO Y BẢN CHÍNH",
    names=("ĐẢNG ỦY CÔNG AN THÀNH PHỐ", "VĂN PHÒNG"),
    number="Số 24-BS/VPĐU",
    date="TP Hồ Chí Minh, ngày 05 tháng 3 năm 2024",
    signer=("K/T CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"),
    recipients=("- Các chi bộ trực thuộc,", "- Lưu Văn phòng."),
    is_ruled=False,
    mark="*",
)


def found_in(document: Document) -> Checked:
    return examined(typed.saved(document))


def told(checked: Checked) -> list[tuple[str, str]]:
    return [(one.code, en(one.message)) for one in checked.findings if one.severity is not Severity.INFO]


def decree() -> Document:
    """A paper whose own form is ruled elsewhere: it is copied all the same."""
    document = typed.state_plan()
    for line in document.tables[0].cell(1, 0).paragraphs:
        line.runs[0].text = "Số: 12/2024/NĐ-CP"
    return document


def scanned() -> Document:
    """A file with nothing of the copied paper: it was photocopied onto the sheet."""
    return typed.blank(14)


def with_wide_annex() -> Document:
    """A plan with an annex that lies on its side, before what the copy bears."""
    document = typed.state_plan()
    annex = document.add_section()
    annex.orientation, annex.page_width, annex.page_height = WD_ORIENT.LANDSCAPE, Mm(420), Mm(297)
    typed.line(document, "Phụ lục", 14, "b")
    typed.line(document, "DANH MỤC", 14, "b")
    typed.line(document, "(Kèm theo Kế hoạch số 12/KH-VP ngày 12 tháng 02 năm 2024 của Văn phòng)", 14, "i")
    upright = document.add_section()
    upright.orientation, upright.page_width, upright.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    return document


RIGHT: dict[str, tuple[Callable[[], Document], str]] = {
    "sao y of a State office": (lambda: state_copy(STATE), "nd30"),
    "sao lục": (lambda: state_copy(replace(STATE, heading="SAO LỤC", number="Số: 12/SL-SNV")), "nd30"),
    "trích sao": (lambda: state_copy(replace(STATE, heading="TRÍCH SAO", number="Số: 12/TrS-SNV")), "nd30"),
    "its number names no body": (lambda: state_copy(replace(STATE, number="Số: 12/SY")), "nd30"),
    "its superior is named, too": (lambda: state_copy(replace(STATE, names=("UBND THÀNH PHỐ", "SỞ NỘI VỤ"))), "nd30"),
    "its number is still to be written": (lambda: state_copy(replace(STATE, number="Số:      /SY-SNV")), "nd30"),
    "its head is typed with tabs": (lambda: tabbed_copy(STATE), "nd30"),
    "a decree is copied": (lambda: state_copy(STATE, decree()), "nd30"),
    "a photocopy": (lambda: state_copy(STATE, scanned()), "nd30"),
    "a paper with a wide annex": (lambda: state_copy(STATE, with_wide_annex()), "nd30"),
    "before 2020": (lambda: state_copy(OLD), "tt01-2011"),
    "sao y of a Party office": (lambda: party_copy(PARTY), "dang-hd36"),
    "sao lục of a Party office": (lambda: party_copy(replace(PARTY, heading="SAO LỤC")), "dang-hd36"),
    "a stamp": (lambda: stamped_copy(STAMP), "dang-hd05"),
    "a stamp of an excerpt": (lambda: stamped_copy(STAMP | {"kind": "Hình thức sao: Trích sao"}), "dang-hd05"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_copy_is_found_right_by_the_form_of_its_own_day(name: str) -> None:
    made, form = RIGHT[name]
    checked = found_in(made())
    assert (checked.profile, told(checked)) == (form, [])


HEADING = "How the paper was copied is said otherwise than the form prescribes."
NUMBER = "Number and symbol of the copy are not written as the form prescribes."
WRONG: dict[str, tuple[Callable[[], Document], tuple[str, str]]] = {
    "a heading of another form": (lambda: state_copy(replace(STATE, heading="SAO Y BẢN CHÍNH")), ("TT19", HEADING)),
    "a heading in small letters": (
        lambda: state_copy(replace(STATE, heading="Sao y")),
        ("TT19", "Heading of the copy: capital letters are wanted."),
    ),
    "a heading that is not bold": (
        lambda: state_copy(replace(STATE, looks={"heading": (14, "")})),
        ("TT19", "Heading of the copy: bold letters are wanted."),
    ),
    "nobody is named": (
        lambda: state_copy(replace(STATE, names=())),
        ("TT19", "The body that copied the paper is not named at the left."),
    ),
    "a name that is not bold": (
        lambda: state_copy(replace(STATE, looks={"names": (13, "")})),
        ("TT19", "Name of the body that copied the paper: bold letters are wanted."),
    ),
    "no line under the name": (
        lambda: state_copy(replace(STATE, is_ruled=False)),
        ("TT06", "There is no line under the issuing body's name."),
    ),
    "no number": (lambda: state_copy(replace(STATE, number="")), ("TT19", "The copy has no number of its own.")),
    "the abbreviation of another sort": (
        lambda: state_copy(replace(STATE, number="Số: 09/SL-SNV")),
        ("TT19", NUMBER),
    ),
    "no leading zero": (lambda: state_copy(replace(STATE, number="Số: 9/SY-SNV")), ("TT19", NUMBER)),
    "no colon": (lambda: state_copy(replace(STATE, number="Số 09/SY-SNV")), ("TT19", NUMBER)),
    "a large number": (
        lambda: state_copy(replace(STATE, looks={"number": (16, "")})),
        ("TT19", "Number and symbol of the copy: wrong size of letters."),
    ),
    "no date": (lambda: state_copy(replace(STATE, date="")), ("TT08", "There is no line with place and date.")),
    "an upright date": (
        lambda: state_copy(replace(STATE, looks={"date": (14, "")})),
        ("TT08", "Place and date: italic letters are wanted."),
    ),
    "nobody signs": (lambda: state_copy(replace(STATE, signer=(), name="")), ("TT19", "Nobody signs the copy.")),
    "a mark of the Party's": (
        lambda: state_copy(replace(STATE, signer=("T/L GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"))),
        ("TT05", ""),
    ),
    "a degree before the name": (
        lambda: state_copy(replace(STATE, name="TS. Trần Thị Cúc")),
        ("TT13", "No degree, rank or title of honour stands before the signer's name."),
    ),
    "no recipients": (
        lambda: state_copy(replace(STATE, recipients=())),
        ("TT14", "There is no list of recipients (Nơi nhận)."),
    ),
    "a recipient with a comma": (
        lambda: state_copy(replace(STATE, recipients=("- Các phòng,", "- Lưu: VT."))),
        ("TT14", "A recipient ends with the wrong sign."),
    ),
    "no line across the page": (
        lambda: state_copy(replace(STATE, is_parted=False)),
        ("TT19", "No line parts the copy's own components from the copied paper."),
    ),
    "a head of its own": (
        lambda: state_copy(replace(STATE, title="CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")),
        ("TT19", "A copy has no head of its own: it only names who copied it."),
    ),
    "a number of the State's": (lambda: party_copy(replace(PARTY, number="Số: 24/SY-VPĐU")), ("TT19", "")),
    "no asterisk": (
        lambda: party_copy(replace(PARTY, mark="")),
        ("TT06", "The mark under the issuing body's name is missing or another one."),
    ),
    "a stamp without a row": (
        lambda: stamped_copy({key: row for key, row in STAMP.items() if key != "recipients"}),
        ("TT19", "The stamp of the copy has no row “Nơi nhận bản sao”."),
    ),
    "a stamp with an unknown sort": (
        lambda: stamped_copy(STAMP | {"kind": "Hình thức sao: Chụp lại"}),
        ("TT19", HEADING),
    ),
    "a stamp with another code": (
        lambda: stamped_copy(STAMP | {"number": "Số, ký hiệu bản sao: Số 24-SY/VPĐU"}),
        ("TT19", NUMBER),
    ),
    "a stamp that no line parts": (
        lambda: stamped_copy(STAMP, is_parted=False),
        ("TT19", "No line parts the copy's own components from the copied paper."),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_departs_in_a_copy_is_found_once_and_nothing_beside_it(name: str) -> None:
    made, (code, message) = WRONG[name]
    found = told(found_in(made()))
    assert {one for one, _ in found} <= {code, "TT05"}
    assert any(one == code and message in said for one, said in found), found


def test_what_departs_in_the_copied_paper_is_a_hint() -> None:
    copied = typed.state_plan()
    copied.tables[0].cell(0, 1).paragraphs[0].runs[0].text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAN"
    checked = found_in(state_copy(STATE, copied))
    assert told(checked) == []
    assert "The title of the head is misspelt." in [en(one.message) for one in checked.findings]


def test_mending_a_copy_leaves_the_copied_paper_as_it_was() -> None:
    copied = typed.state_plan()
    kind = next(line for line in copied.paragraphs if line.text == "KẾ HOẠCH")
    kind.runs[0].font.size = Pt(20)
    before = typed.saved(state_copy(replace(STATE, looks={"heading": (14, "")}), copied))
    made = mend(before, all_profiles()["nd30"], on=dt.datetime(2024, 3, 5, tzinfo=dt.UTC))
    assert told(examined(before)) == [("TT19", "Heading of the copy: bold letters are wanted.")]
    assert told(examined(made)) == []
    after = next(line for line in docx.Document(io.BytesIO(made)).paragraphs if line.text == "KẾ HOẠCH")
    assert after.runs[0].font.size == Pt(20)


@pytest.mark.parametrize("word", ["Sao y", "SAO Y", "TRÍCH SAO"])
def test_a_word_of_the_text_makes_no_copy(word: str) -> None:
    document = typed.state_plan()
    lines = [line for line in document.paragraphs if line.text == typed.TEXT]
    lines[2].runs[0].text = word
    checked = found_in(document)
    assert checked.profile == "nd30"
    assert "TT19" not in {one.code for one in checked.findings}


def test_a_certified_contract_is_no_copy_of_a_body() -> None:
    document = typed.blank(14)
    for text, look in (
        ("HỢP ĐỒNG THUÊ NHÀ", "b"),
        ("Số: 12/2024/HĐTN", ""),
        (typed.TEXT, ""),
        ("SAO Y BẢN CHÍNH", "b"),
    ):
        typed.line(document, text, 14, look)
    for text, look in (("Ngày 05 tháng 3 năm 2024", "i"), ("CHỦ TỊCH", "b"), ("Trần Thị Cúc", "b")):
        typed.line(document, text, 14, look)
    checked = found_in(document)
    assert (checked.profile, [one.code for one in checked.findings]) == ("", ["form.not-official"])
    # and it is not taken for a law by its number
    assert "legal document" not in en(checked.findings[0].message)


def test_every_form_says_how_its_copies_look() -> None:
    for profile in all_profiles().values():
        assert profile.copies.headings
        assert all("{type}" in line for line in profile.copies.number_lines)


#: Ways of typing a paper that need none of our styles.
ANYWHERE = (
    "a run for each word",
    "blanks at the end",
    "content controls around runs",
    "content controls around paragraphs",
    "bookmarks",
    "empty runs",
    "smart tags",
    "links within the paper",
    "texts as fields",
    "signs without width",
    "soft hyphens",
    "in the markup of another program",
)


@pytest.mark.parametrize("name", ANYWHERE)
def test_a_copy_typed_otherwise_gets_the_same_findings(name: str) -> None:
    for made in (state_copy(STATE), state_copy(replace(STATE, number="Số: 9/SY-SNV", is_ruled=False))):
        content = typed.saved(made)
        paper = opened(content)
        {**REWRITINGS, **MORE}[name](paper)
        written = paper.saved()
        assert written != content
        assert told(examined(written)) == told(examined(content))
