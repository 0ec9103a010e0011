"""What people search for is compared with texts in one spelling: words without accents, case and signs."""

import unicodedata

import pytest

from pipeline.vietnamese import fold
from pipeline.vietnamese.phrases import Phrase, phrases_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Số 01-KH/CTĐ4", "so 01 kh ctd4"),
        ("ĐĂNG KÝ", "dang ky"),
        ("đăng ký", "dang ky"),  # decomposed
        ("TP.HCM", "tp hcm"),
        ("Thành phố Hồ Chí Minh", "thanh pho ho chi minh"),
        ("hoà\nhòa\vhoa", "hoa hoa hoa"),
        ("thi_đua", "thi dua"),
        ("thi\u00adđua", "thidua"),  # a soft hyphen parts no word
        ("\ue000\ue001 % _ *", ""),  # nothing that parts texts, or that a database takes for a sign of its own
    ],
)
def test_a_text_is_its_words_without_accents_case_and_signs(text: str, words: str) -> None:
    assert words_of(text) == words


def test_words_are_those_of_the_folded_text() -> None:
    letters = "aàảãáạăằẳẵắặâầẩẫấậđeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
    for form in ("NFC", "NFD"):
        for text in (letters, letters.upper(), "\u00d0\u0189"):
            assert words_of(unicodedata.normalize(form, text)) == fold(text).lower()


@pytest.mark.parametrize(
    ("asked", "phrases"),
    [
        (["thi đua", "CATP"], ["thi dua", "catp"]),  # a shell has taken the quotes away
        (['"thi đua" catp'], ["thi dua", "catp"]),
        (["“thi đua” catp"], ["thi dua", "catp"]),
        (['01-KH/CTĐ4 "thi'], ["01 kh ctd4", "thi"]),  # a quote that nobody closed
        (["-", "", '""'], []),
    ],
)
def test_words_in_quotes_are_one_phrase(asked: list[str], phrases: list[str]) -> None:
    assert phrases_of(asked) == tuple(Phrase(words) for words in phrases)


@pytest.mark.parametrize(
    ("asked", "text", "stands"),
    [
        ("chuy*", "chuyển đổi số", True),
        ("chuy", "chuyển đổi số", False),
        ("đổi số", "chuyển đổi số", True),
        ("đổi s*", "chuyển đổi số", True),
        ("*đổi", "chuyển đổi số", True),
        ("ổi số", "chuyển đổi số", False),
    ],
)
def test_a_star_stands_for_the_rest_of_a_word_and_no_word_is_found_within_another(
    asked: str, text: str, stands: bool
) -> None:
    (phrase,) = phrases_of([asked])
    assert (phrase.key in f" {words_of(text)} ") is stands
