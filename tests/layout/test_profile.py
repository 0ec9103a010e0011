"""Profiles: which form is in force, and what each prescribes."""

import datetime as dt
import re
from pathlib import Path

import pytest

from pipeline.layout import FormError, NoFormInForce, Profile, all_profiles, profile_for
from pipeline.layout import profile as profile_module
from pipeline.layout.styles import PARAGRAPHS
from pipeline.layout.typesetting import balanced, width_mm

FOLDER = Path(profile_module.__file__).parent / "profiles"
FORMS = ("dang-hd36", "dang-hd05", "nd30", "tt01-2011")


@pytest.mark.parametrize(
    ("on", "family", "expected"),
    [
        (dt.date(2018, 4, 3), "party", "dang-hd36"),
        (dt.date(2022, 5, 27), "party", "dang-hd36"),
        (dt.date(2026, 5, 26), "party", "dang-hd36"),
        (dt.date(2026, 5, 27), "party", "dang-hd05"),
        (dt.date(2031, 1, 1), "party", "dang-hd05"),
        (dt.date(2011, 3, 5), "state", "tt01-2011"),
        (dt.date(2020, 3, 4), "state", "tt01-2011"),
        (dt.date(2020, 3, 5), "state", "nd30"),
        (dt.date(2026, 11, 22), "state", "nd30"),
    ],
)
def test_the_form_is_chosen_by_the_documents_own_date(on: dt.date, family: str, expected: str) -> None:
    assert profile_for(on, family).id == expected


@pytest.mark.parametrize(("on", "family"), [(dt.date(2018, 4, 2), "party"), (dt.date(2011, 3, 4), "state")])
def test_a_date_before_the_first_form_is_told(on: dt.date, family: str) -> None:
    with pytest.raises(NoFormInForce, match=on.isoformat()):
        profile_for(on, family)


def test_the_office_may_force_a_form() -> None:
    assert profile_for(dt.date(1999, 1, 1), "party", "nd30").id == "nd30"


def test_an_unknown_form_or_family_is_told_with_the_known_ones() -> None:
    with pytest.raises(FormError, match="dang-hd05"):
        profile_for(dt.date(2026, 6, 1), "party", "hd05")
    with pytest.raises(FormError, match="party and state"):
        profile_for(dt.date(2026, 6, 1), "dang")


def test_a_broken_profile_is_told_by_its_name() -> None:
    text = (FOLDER / "nd30.yaml").read_text(encoding="utf-8")
    for broken, told in (
        (text.replace("VTThan:", "VTThann:"), "VTThan"),
        (text.replace("top_mm: 20", "top_mm: hai mươi"), r"nd30\.yaml:20: page\.top_mm"),
        (text.replace("{number}/", "{nomber}/", 1), r"nd30\.yaml:\d+: shapes\.number_line: .*“{nomber}”"),
        (text.replace("number_cycle: calendar-year", "number_cycle: year"), r"nd30\.yaml:\d+: number_cycle"),
        ("a: [", r"nd30\.yaml:2: This is not valid YAML"),
        ("- 1", r"nd30\.yaml:1"),
    ):
        with pytest.raises(FormError, match=told):
            profile_module._parse("nd30.yaml", broken)


@pytest.mark.parametrize("name", FORMS)
def test_every_figure_carries_its_source(name: str) -> None:
    lines = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    known = set(all_profiles()[name].sources)
    section, bare, sources = "", [], set()
    for line in lines:
        if line and not line.startswith((" ", "#")):
            section = line.split(":")[0]
        tags = re.findall(r"\[(P|D|M|I)(?::(S\d+))?\]", line.partition("  #")[2])
        sources |= {source for _, source in tags if source}
        is_figure = re.match(r"\s+\w+: |(valid|font|number_regex|authority_marks): ", line)
        if is_figure and not tags and section not in ("types", "sources"):
            bare.append(line)
    assert bare == []
    assert sources == known


def test_numbers_and_references_are_written_as_each_form_wants() -> None:
    party, state = all_profiles()["dang-hd05"], all_profiles()["nd30"]
    assert party.number_line(1, "KH", "CTĐ4") == "Số 01-KH/CTĐ4"
    assert party.number_line(127, "QĐ", "TW") == "Số 127-QĐ/TW"
    assert party.number_line(None, "KH", "CTĐ4") == "Số      -KH/CTĐ4"
    assert state.number_line(5, "KH", "CTĐ4") == "Số: 05/KH-CTĐ4"
    assert party.reference(9, "BB", "CTĐ4") == "09-BB/CTĐ4"


@pytest.mark.parametrize("name", FORMS)
def test_numbers_as_written_match_the_forms_own_pattern(name: str) -> None:
    profile = all_profiles()[name]
    for type_code in ("KH", "QC", "BB"):
        for number in (1, 9, 10, 99, 100, 1234):
            assert re.match(profile.number_regex, profile.number_line(number, type_code, "CTĐ4"))
        assert not re.match(profile.number_regex, profile.number_line(None, type_code, "CTĐ4"))


@pytest.mark.parametrize(
    ("on", "long", "short"),
    [
        (dt.date(2026, 1, 5), "ngày 05 tháng 01 năm 2026", "05/01/2026"),
        (dt.date(2026, 2, 28), "ngày 28 tháng 02 năm 2026", "28/02/2026"),
        (dt.date(2026, 6, 5), "ngày 05 tháng 6 năm 2026", "05/6/2026"),
        (dt.date(2026, 12, 22), "ngày 22 tháng 12 năm 2026", "22/12/2026"),
    ],
)
def test_dates_take_a_zero_for_days_under_ten_and_months_one_and_two(on: dt.date, long: str, short: str) -> None:
    for profile in all_profiles().values():
        assert profile.long_date(on) == long
        assert profile.short_date(on) == short


def test_the_trich_yeu_begins_small_in_party_form_and_with_a_capital_in_state_form() -> None:
    assert all_profiles()["dang-hd36"].subject("Tổ chức các hoạt động") == "tổ chức các hoạt động"
    assert all_profiles()["nd30"].subject("đẩy mạnh công tác") == "Đẩy mạnh công tác"


def test_the_marks_under_issuer_and_trich_yeu_are_those_of_the_form() -> None:
    party = all_profiles()["dang-hd05"]
    assert party.issuer_mark(["CỤM THI ĐUA SỐ 4"]) == "*"
    assert party.subject_mark(["tổ chức"]) == "-----"


@pytest.mark.parametrize("text", ["CỤM THI ĐUA SỐ 4", "VĂN PHÒNG", "ĐẢNG ỦY CÔNG AN THÀNH PHỐ HỒ CHÍ MINH"])
def test_a_drawn_line_is_a_third_to_a_half_of_the_text_above_it(text: str) -> None:
    state = all_profiles()["nd30"]
    line = width_mm(state.issuer_mark([text]), state.styles["VTDauCoQuan"].size)
    share = line / width_mm(text, state.styles["VTCoQuan"].size, "bold")
    assert 1 / 3 <= share <= 1 / 2


@pytest.mark.parametrize("name", FORMS)
def test_the_rule_under_the_title_is_as_long_as_the_text(name: str) -> None:
    profile = all_profiles()[name]
    style = "VTTieuNgu" if profile.texts_["head_motto"] else "VTTieuDe"
    text = profile.texts_["head_motto"] or profile.texts_["head_title"]
    length = width_mm(text, profile.styles[style].size, "bold")
    assert profile.styles["VTKeTieuDe"].rule_mm == pytest.approx(length, abs=0.5)


@pytest.mark.parametrize("name", FORMS)
def test_head_and_foot_fill_the_text_block_and_hold_their_texts(name: str) -> None:
    profile = all_profiles()[name]
    page = profile.page
    for widths in (profile.head.names_mm, profile.head.dates_mm, profile.head.foot_mm):
        assert sum(widths) == pytest.approx(page.width_mm - page.left_mm - page.right_mm)
    place = "TP Hồ Chí Minh" if name == "dang-hd05" else "Thành phố Hồ Chí Minh"
    longest = f"{place}, ngày 22 tháng 12 năm 2026"
    assert width_mm(longest, profile.styles["VTNgay"].size, "italic") < profile.head.dates_mm[1]
    parent = width_mm("THÀNH PHỐ HỒ CHÍ MINH", profile.styles["VTCapTren"].size)
    assert parent < profile.head.names_mm[0]


def test_the_figures_of_the_party_form_are_those_of_the_guidance() -> None:
    for name in ("dang-hd36", "dang-hd05"):
        profile = all_profiles()[name]
        page = profile.page
        assert (page.top_mm, page.bottom_mm, page.left_mm, page.right_mm, page.header_mm) == (20, 20, 30, 15, 10)
        assert _look(profile, "VTTieuDe") == (15, True, False)
        assert _look(profile, "VTCapTren") == (14, False, False)
        assert _look(profile, "VTCoQuan") == (14, True, False)
        assert _look(profile, "VTNgay") == (14, False, True)
        assert _look(profile, "VTChucVu") == (14, False, False)
        assert _look(profile, "VTHoTen") == (14, True, False)
        assert _look(profile, "VTNoiNhanMuc") == (12, False, False)
        assert profile.styles["VTNoiNhan"].underline
        assert profile.styles["VTThan"].first_mm == 10
        assert profile.styles["VTThan"].before >= 6


def test_what_changed_between_the_two_party_forms() -> None:
    old, new = all_profiles()["dang-hd36"], all_profiles()["dang-hd05"]
    assert (old.texts_["ground_last"], new.texts_["ground_last"]) == (",", ".")
    assert (old.texts_["recipient_end"], new.texts_["recipient_end"]) == (",", ";")
    assert (old.texts_["petition_addressee"], new.texts_["petition_addressee"]) == ("Kính gửi:", "Kính trình:")
    assert (old.types["quy định"], new.types["quy định"]) == ("QĐi", "QĐ")
    assert new.styles["VTThan"].lines == (18, 22)


def test_the_figures_of_the_state_form_are_those_of_the_decree() -> None:
    state = all_profiles()["nd30"]
    assert _look(state, "VTTieuDe") == (13, True, False)
    assert _look(state, "VTTieuNgu") == (14, True, False)
    assert _look(state, "VTCanCu") == (14, False, True)
    assert _look(state, "VTChucVu") == (14, True, False)
    assert _look(state, "VTNoiNhan") == (12, True, True)
    assert _look(state, "VTNoiNhanMuc") == (11, False, False)
    assert state.texts_["content_end"] == "./."
    assert state.shapes.appendix_numbers == "roman"
    assert not state.shapes.minutes_have_date


def _look(profile: Profile, style: str) -> tuple[float, bool, bool]:
    look = profile.styles[style]
    return look.size, look.bold, look.italic


@pytest.mark.parametrize("name", FORMS)
def test_sizes_lie_in_the_ranges_the_form_allows(name: str) -> None:
    for look in all_profiles()[name].styles.values():
        low, high = look.sizes or (look.size, look.size)
        assert low <= look.size <= high
        if look.lines:
            assert look.lines[0] <= look.spacing[0] <= look.lines[1]


def test_every_form_says_how_every_style_looks() -> None:
    for profile in all_profiles().values():
        assert profile.styles.keys() == PARAGRAPHS.keys()


def test_texts_are_measured_as_the_font_sets_them() -> None:
    assert width_mm("ĐẢNG CỘNG SẢN VIỆT NAM", 15, "bold") == pytest.approx(72.9, abs=0.2)
    assert width_mm("Thành phố Hồ Chí Minh, ngày 22 tháng 12 năm 2026", 14, "italic") == pytest.approx(106.3, abs=0.2)
    assert width_mm("VĂN PHÒNG THÀNH ỦY", 14) == pytest.approx(55.8, abs=0.2)


def test_a_long_name_is_broken_evenly_and_not_inside_a_phrase() -> None:
    lines = balanced("ĐẢNG ỦY TỔNG CÔNG TY ĐIỆN LỰC TP.HCM", 67, 14)
    assert lines == ["ĐẢNG ỦY TỔNG CÔNG TY", "ĐIỆN LỰC TP.HCM"]


def test_breaking_lines_loses_no_word_and_keeps_to_the_room() -> None:
    text = " ".join(["VĂN PHÒNG ĐẢNG ỦY TỔNG CÔNG TY ĐẦU TƯ VÀ PHÁT TRIỂN HẠ TẦNG SỐ 4"] * 4)
    for column_mm in (30, 45, 60, 80, 160):
        lines = balanced(text, column_mm, 14, "bold")
        assert " ".join(lines) == text
        assert all(width_mm(line, 14, "bold") <= column_mm for line in lines)


def test_an_empty_text_has_no_lines_and_a_word_too_wide_stands_alone() -> None:
    assert balanced("  ", 50, 14) == []
    assert balanced("THIÊNNHIÊNMÔITRƯỜNGVÀPHÁTTRIỂN A B", 40, 14)[0] == "THIÊNNHIÊNMÔITRƯỜNGVÀPHÁTTRIỂN"
