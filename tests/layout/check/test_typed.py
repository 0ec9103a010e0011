"""Papers typed elsewhere, without our styles: the correct ones pass, and their faults are told where they stand."""

import datetime as dt
import unicodedata
from collections.abc import Callable

import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from pipeline.layout import all_profiles
from pipeline.layout.check import Facts, check, examined
from pipeline.layout.mending import mend
from pipeline.model import Severity
from tests.layout.check import typed
from tests.said import en

PAPERS = (typed.party_letter, typed.state_plan, typed.party_report_with_tabs)


@pytest.mark.parametrize(("paper", "form"), list(zip(PAPERS, ("dang-hd05", "nd30", "dang-hd36"), strict=True)))
def test_a_correct_paper_passes_in_the_form_of_its_own_date(paper: Callable[[], Document], form: str) -> None:
    checked = examined(typed.saved(paper()))
    assert checked.profile == form
    assert not checked.findings, [(one.code, en(one.message), one.found) for one in checked.findings]


def _paragraphs(document: Document) -> list[Paragraph]:
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return [*document.paragraphs, *(each for cell in cells for each in cell.paragraphs)]


def _changed(paper: Callable[[], Document], old: str, new: str) -> bytes:
    document = paper()
    place = next(each for each in _paragraphs(document) if old in each.text)
    for run in place.runs:
        run.text = run.text.replace(old, new)
    return typed.saved(document)


FAULTS = (
    (typed.party_letter, "Số 05-CV/VPĐU", "Số: 05-CV/VPĐU", "TT05"),
    (typed.party_letter, "Số 05-CV/VPĐU", "Số 5-CV/VPĐU", "TT07"),
    (typed.party_letter, "Số 05-CV/VPĐU", "Số 05-KH/VPĐU", "TT07"),
    (typed.party_letter, "về việc", "V/v", "TT05"),
    (typed.party_letter, "K/T CHÁNH", "KT. CHÁNH", "TT05"),
    (typed.party_letter, "PHÓ CHÁNH VĂN PHÒNG", "CHÁNH VĂN PHÒNG", "TT13"),
    (typed.party_letter, "- Lưu Văn phòng.", "- Lưu: VT.", "TT05"),
    (typed.party_letter, "tháng 6", "tháng 06", "TT08"),
    (typed.party_letter, "tổng hợp.", "tổng hợp./.", "TT05"),
    (typed.party_letter, "Nguyễn Văn Bình", "TS. Nguyễn Văn Bình", "TT13"),
    (typed.state_plan, "Số: 12/KH-VP", "Số 12-KH/VP", "TT05"),
    (typed.state_plan, "Số: 12/KH-VP", "Số: 12/QĐ-VP", "TT07"),
    (typed.state_plan, "KT. CHÁNH", "K/T CHÁNH", "TT05"),
    (typed.state_plan, "Độc lập - Tự do", "Độc lập-Tự do", "TT06"),
    (typed.state_plan, "tháng 02", "tháng 2", "TT08"),
    (typed.state_plan, "Kế hoạch này./.", "Kế hoạch này.", "TT12"),
    (typed.state_plan, "- Lưu: VT, TH.", "- Lưu VT.", "TT14"),
    (typed.party_report_with_tabs, "Số 15-BC/VPTU", "Số: 15/BC-VPTU", "TT05"),
    (typed.party_report_with_tabs, "ngày 10 tháng 11", "ngày 31 tháng 11", "TT08"),
    (typed.party_report_with_tabs, "-----", "------", "TT09"),
    (typed.party_report_with_tabs, "CHÁNH VĂN PHÒNG", "T/L CHÁNH VĂN PHÒNG", "TT13"),
)


@pytest.mark.parametrize(("paper", "old", "new", "rule"), FAULTS)
def test_a_fault_of_a_typed_paper_is_told(paper: Callable[[], Document], old: str, new: str, rule: str) -> None:
    found = check(_changed(paper, old, new))
    assert rule in {one.code for one in found}, [(one.code, en(one.message)) for one in found]


@pytest.mark.parametrize("paper", PAPERS)
def test_letters_put_together_from_parts_are_told_and_nothing_else_is(paper: Callable[[], Document]) -> None:
    document = paper()
    for run in (run for place in _paragraphs(document) for run in place.runs if run.text):
        run.text = unicodedata.normalize("NFD", run.text)
    content = typed.saved(document)

    checked = examined(content)

    assert [one.code for one in checked.findings] == ["TT03"]
    mended = mend(content, all_profiles()[checked.profile], on=dt.datetime(2026, 6, 5, tzinfo=dt.UTC))
    assert not examined(mended).findings


def test_of_letters_in_parts_a_fault_is_told_and_mended_with_them() -> None:
    document = typed.state_plan()
    for run in (run for place in _paragraphs(document) for run in place.runs if run.text):
        run.text = unicodedata.normalize("NFD", run.text.replace("tháng 02", "tháng 2"))
    content = typed.saved(document)

    checked = examined(content)

    assert {one.code for one in checked.findings} == {"TT03", "TT08"}
    mended = mend(content, all_profiles()[checked.profile], on=dt.datetime(2026, 6, 5, tzinfo=dt.UTC))
    assert not examined(mended).findings


def test_a_hyphen_that_keeps_its_line_is_a_hyphen() -> None:
    assert not check(_changed(typed.state_plan, "12/KH-VP", "12/KH\u2011VP"))


def test_a_tracked_row_is_told_though_no_paragraph_holds_it() -> None:
    document = typed.party_letter()
    typed.hidden_row(document)
    assert [one.code for one in check(typed.saved(document))] == ["TT18"]


def test_a_draft_may_call_itself_one_while_it_is_looked_at_as_one() -> None:
    content = _changed(typed.party_letter, "về việc góp ý", "về việc {{ x }} góp ý")
    assert "TT15" in {one.code for one in check(content) if one.severity is Severity.BLOCK}
    assert "TT15" not in {one.code for one in check(content, facts=Facts(is_final=False))}


def test_a_secret_paper_stops_everything_else() -> None:
    content = _changed(typed.party_letter, "Số 05-CV/VPĐU", "TỐI MẬT")
    checked = examined(content)
    assert [one.code for one in checked.findings] == ["TT17"]


def test_a_paper_older_than_any_form_we_know_is_told_so() -> None:
    content = _changed(typed.party_report_with_tabs, "năm 2022", "năm 2004")
    assert "form.unknown" in {one.code for one in check(content)}


def _struck(document: Document) -> None:
    document.paragraphs[6].runs[0].font.strike = True


def _day_of_opening(document: Document) -> None:
    date = next(place for place in _paragraphs(document) if "ngày 12" in place.text).runs[0]._r
    field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" DATE "/>')
    date.addprevious(field)
    field.append(date)


def _empty_control(document: Document) -> None:
    document.paragraphs[6].add_run(" Bấm hoặc gõ nhẹ vào đây để nhập văn bản.")


def _control_in_english(document: Document) -> None:
    document.paragraphs[6].add_run(" Click or tap here to enter text.")


def _watermark(document: Document) -> None:
    shape = '<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textpath string="BẢN NHÁP"/></v:shape>'
    drawn = parse_xml(f"<w:r {nsdecls('w')}><w:pict>{shape}</w:pict></w:r>")
    document.sections[0].header.paragraphs[0]._p.append(drawn)


def _room_for_binding(document: Document) -> None:
    document.sections[0].gutter = Mm(10)


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (_struck, "TT15"),
        (_day_of_opening, "TT15"),
        (_empty_control, "TT15"),
        (_control_in_english, "TT15"),
        (_watermark, "TT15"),
        (_room_for_binding, "TT01"),
    ],
)
def test_what_would_be_seen_on_the_paper_and_does_not_belong_there_is_told(
    spoil: Callable[[Document], None], rule: str
) -> None:
    document = typed.state_plan()
    spoil(document)
    assert [one.code for one in check(typed.saved(document))] == [rule]


def test_room_for_binding_belongs_to_the_left_margin_and_is_put_right_with_it() -> None:
    document = typed.state_plan()
    _room_for_binding(document)
    mended = mend(typed.saved(document), all_profiles()["nd30"], on=dt.datetime(2026, 6, 5, tzinfo=dt.UTC))
    assert not check(mended)
    document.sections[0].left_margin = Mm(20)
    assert not check(typed.saved(document))
