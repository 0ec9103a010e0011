"""Text: cleaning, comparison keys, folding."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.vietnamese import clean, clean_lines, compare_key, fold, new_tones, search_key, upper
from pipeline.vietnamese.text import continued

VIETNAMESE = st.text(
    alphabet="aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"
    "AÀÁẢÃẠĂẰÂẤĐEÉÊỆIÍOÓÔỐƠỚUÚƯỨYÝ 0123456789-–.,'\"“”",
    max_size=60,
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("uỷ", "ủy"),
        ("hoà", "hòa"),
        ("hoá", "hóa"),
        ("thuý", "thúy"),
        ("khoẻ", "khỏe"),
        ("THUỶ", "THỦY"),
        ("Hoà", "Hòa"),
        ("Thành uỷ Hoà Bình", "Thành ủy Hòa Bình"),
        ("uỷ-viên", "ủy-viên"),
        ("(uỷ)", "(ủy)"),
    ],
)
def test_the_tone_mark_moves_in_open_syllables(old: str, new: str) -> None:
    assert new_tones(old) == new


@pytest.mark.parametrize(
    "word",
    [
        "hoàn", "suýt", "huỳnh", "toán", "quý", "quỳ", "Quý", "QUÝ", "quả", "già", "khoái", "khuỷu", "thuyền", "xoáy",
        "ngoài", "hoạt", "huýt", "quỵ",
    ],
)  # fmt: skip
def test_the_tone_mark_stays_where_it_is_in(word: str) -> None:
    assert new_tones(word) == word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thành uỷ", "thành ủy"),
        ("Ngô Thị Mỹ Hoà", "NGÔ  THỊ MỸ HÒA"),
        ("Khối Dân – Chính – Đảng", "Khối Dân-Chính-Đảng"),
        ("2025 - 2030", "2025–2030"),
        ("“Dân vận khéo”", '"dân vận khéo"'),
        ("Công an TP.HCM", "Công an Thành phố Hồ Chí Minh"),
        ("Công an TP.HCM", "Công an TPHCM"),
        ("Công an TP.HCM", "công an Tp. HCM"),
        ("Công an TP.HCM", "Công an TP Hồ Chí Minh"),
        ("Ðảng bộ", "Đảng bộ"),
        ("Đại\u00a0học\u200b Quốc gia", "Đại học Quốc gia"),
        (unicodedata.normalize("NFD", "Thành ủy"), "Thành ủy"),
    ],
)
def test_spellings_of_one_thing_have_one_key(one: str, other: str) -> None:
    assert compare_key(one) == compare_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Hà", "Hạ"), ("mật", "mặt"), ("Dân", "Dần"), ("TP", "TP.HCM"), ("Hòa", "Hóa")]
)
def test_different_words_have_different_keys(one: str, other: str) -> None:
    assert compare_key(one) != compare_key(other)


def test_folding_takes_accents_off_and_keeps_case() -> None:
    assert fold("Đặng Thị Thuỳ Nhiên") == "Dang Thi Thuy Nhien"
    assert search_key("Điện  Lực TP. HCM") == "dien luc tp.hcm"


def test_invisible_characters_and_spaces_are_cleaned() -> None:
    assert clean("\ufeff Thành\u00a0 ủy\u200b \n\t TP\u00ad. ") == "Thành ủy TP."
    assert clean_lines("1. Về nguồn\r\n\n  2. Hội thao \x0b3. x") == ("1. Về nguồn", "2. Hội thao", "3. x")


def test_capitals_are_right_for_decomposed_text() -> None:
    assert upper(unicodedata.normalize("NFD", "ủy ban")) == "ỦY BAN"


@given(VIETNAMESE)
def test_a_key_is_its_own_key(text: str) -> None:
    assert compare_key(compare_key(text)) == compare_key(text)


@given(VIETNAMESE)
def test_a_key_does_not_depend_on_the_composition_or_the_case(text: str) -> None:
    assert compare_key(unicodedata.normalize("NFD", text)) == compare_key(text)
    assert compare_key(text.upper()) == compare_key(text)


@given(st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert once == unicodedata.normalize("NFC", once)
    assert "  " not in once
    assert once == once.strip()


@given(VIETNAMESE)
def test_folded_text_is_ascii(text: str) -> None:
    assert fold(text).translate(str.maketrans("–“”", "-''")).isascii()


@pytest.mark.parametrize(
    ("text", "goes_on"),
    [
        ("Chuyên đề năm 2022 của Thành ủy", "chuyên đề năm 2022 của Thành ủy"),
        ("Ý kiến góp ý", "ý kiến góp ý"),
        ("về việc nghỉ lễ", "về việc nghỉ lễ"),
        ("TP.HCM văn minh", "TP.HCM văn minh"),
        ("Hồ Chí Minh toàn tập", "Hồ Chí Minh toàn tập"),
        ("", ""),
    ],
)
def test_a_text_that_goes_on_a_sentence_begins_small_unless_it_begins_with_a_name(text: str, goes_on: str) -> None:
    assert continued(text) == goes_on
