"""Vietnamese order of words and people; names."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.vietnamese import is_name, same_person, sort_key, split_name, titled

ORDERED = [
    "a",
    "à",
    "ả",
    "ã",
    "á",
    "ạ",
    "an",
    "ăn",
    "âm",
    "ba",
    "bà",
    "bá",
    "ca",
    "da",
    "đa",
    "đá",
    "e",
    "ê",
    "ga",
    "ghe",
    "hoa",
    "hòa",
    "hoan",
    "i",
    "ma",
    "mà",
    "mả",
    "mã",
    "má",
    "mạ",
    "man",
    "nga",
    "nghe",
    "o",
    "ô",
    "ơ",
    "u",
    "ư",
    "xa",
    "y",
    "ý",
]


def test_words_stand_as_in_a_dictionary() -> None:
    shuffled = list(ORDERED)
    random.Random(4).shuffle(shuffled)
    assert sorted(shuffled, key=sort_key) == ORDERED


def test_tones_count_only_between_equal_letters() -> None:
    assert sorted(["má ca", "ma đa", "ma ca"], key=sort_key) == ["ma ca", "má ca", "ma đa"]


def test_icu_agrees() -> None:
    icu = pytest.importorskip("icu")
    collator = icu.Collator.createInstance(icu.Locale("vi"))
    generator = random.Random(7)
    letters = "aàáảãạăắâấbcdđeéêếghikmnoóôốơớtuúưứvxyý "
    drawn = ["".join(generator.choice(letters) for _ in range(4)).strip() or "a" for _ in range(300)]
    assert sorted(drawn, key=sort_key) == sorted(drawn, key=lambda word: (collator.getSortKey(word), word))


@given(st.lists(st.text(max_size=12), max_size=8))
def test_order_is_total(texts: list[str]) -> None:
    ordered = sorted(texts, key=sort_key)
    assert all(sort_key(one) <= sort_key(other) for one, other in itertools.pairwise(ordered))


@pytest.mark.parametrize(
    ("typed", "name", "honorific", "rank"),
    [
        ("Đ/c Ngô Thị Mỹ Hoà", "Ngô Thị Mỹ Hoà", "Đ/c", ""),
        ("đồng chí: Hồ Thị Kim Duyệt", "Hồ Thị Kim Duyệt", "đồng chí", ""),
        ("Ông Vũ Đình Quý Khoa", "Vũ Đình Quý Khoa", "Ông", ""),
        ("ThS. Mai Thị Bảo Quỳnh Như", "Mai Thị Bảo Quỳnh Như", "", "ThS."),
        ("Đại tá Phan Nguyễn Khôi Nguyên", "Phan Nguyễn Khôi Nguyên", "", "Đại tá"),
        ("Đ/c PGS.TS. Trịnh Công Thuỵ", "Trịnh Công Thuỵ", "Đ/c", "PGS. TS."),
        ("Ngô Thị Mỹ Hoà", "Ngô Thị Mỹ Hoà", "", ""),
        ("Tạ Hữu Nghĩa Lâm", "Tạ Hữu Nghĩa Lâm", "", ""),
        ("Ông Ích Khiêm", "Ích Khiêm", "Ông", ""),
    ],
)
def test_titles_are_told_from_names(typed: str, name: str, honorific: str, rank: str) -> None:
    split = split_name(typed)
    assert (split.full_name, split.honorific, split.rank) == (name, honorific, rank)


@pytest.mark.parametrize(
    ("text", "answer"),
    [("Ngô Thị Mỹ Hoà", True), ("Hoà", False), ("Nguyễn Văn 2", False), ("A" * 30 + " " + "B" * 30, False)],
)
def test_what_can_be_a_name(text: str, answer: bool) -> None:
    assert is_name(text) is answer


def test_names_are_capitalised() -> None:
    assert titled("NGUYỄN VĂN ĐẠT") == titled("nguyễn  văn đạt") == "Nguyễn Văn Đạt"


def test_one_person_typed_two_ways() -> None:
    assert same_person("Đ/c Ngô Thị Mỹ Hoà", "NGÔ THỊ MỸ HÒA")
    assert not same_person("Ngô Thị Mỹ Hoà", "Ngô Thị Mỹ Hoa")
