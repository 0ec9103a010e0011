"""Old encodings become Unicode by their fonts: every letter, both cases, and nothing else changes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.vietnamese.legacy import Encoding, encoding_of_font, from_tcvn3, from_vni, looks_tcvn3, to_unicode

VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"]
LETTERS = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES] + ["đ"]

# The encodings written the other way round, by hand, from their own descriptions.
_TONE_MARKS = {"\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
_CIRCUMFLEX = {"": "â", "\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"}
_BREVE = {"": "ê", "\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"}
_SINGLE = {"í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "đ": "ñ", "ơ": "ô", "ư": "ö"}


def in_vni(letter: str) -> str:
    """A small letter as VNI types it."""
    if letter in _SINGLE:
        return _SINGLE[letter]
    base, marks = letter[0], unicodedata.normalize("NFD", letter)[1:]
    base = unicodedata.normalize("NFD", letter)[0]
    tone = next((mark for mark in marks if mark in _TONE_MARKS), "")
    if "\u0302" in marks:
        return base + _CIRCUMFLEX[tone]
    if "\u0306" in marks:
        return base + _BREVE[tone]
    if "\u031b" in marks:
        base = {"o": "ô", "u": "ö"}[base]
    return base + _TONE_MARKS.get(tone, "")


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_of_vni_is_read_in_both_cases(letter: str) -> None:
    assert from_vni(in_vni(letter)) == letter
    assert from_vni(in_vni(letter).upper()) == letter.upper()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
        ("Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"),
        ("Uû ban nh©n d©n", "Uỷ ban nhân dân"),
        ("M\u00adêng Tµ \u00adu", "Mường Tà ưu"),
        ("CéNG HßA", "CỘNG HÒA"),
    ],
)
def test_tcvn3_is_read(typed: str, meant: str) -> None:
    assert to_unicode(typed, ".VnTime") == meant


def test_a_font_of_capitals_makes_capitals() -> None:
    assert to_unicode("§éc lËp", ".VnTimeH") == "ĐỘC LẬP"


def test_vni_is_read() -> None:
    assert to_unicode("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "VNI-Times") == "Cộng hòa xã hội chủ nghĩa Việt Nam"


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", Encoding.TCVN3),
        (".vnarialh", Encoding.TCVN3),
        ("VNI-Times", Encoding.VNI),
        ("Times New Roman", None),
        ("Vni", None),
        ("", None),
    ],
)
def test_the_font_tells_the_encoding(font: str, encoding: Encoding | None) -> None:
    assert encoding_of_font(font) is encoding


@given(st.text())
def test_text_in_a_unicode_font_stays_as_it_is(text: str) -> None:
    assert to_unicode(text, "Times New Roman") == text


@given(st.text(st.characters(codec="ascii")))
def test_ascii_is_the_same_in_the_old_encodings(text: str) -> None:
    assert from_vni(text) == text
    assert from_tcvn3(text) == text


def test_tcvn3_without_a_font_can_be_suspected() -> None:
    assert looks_tcvn3("§éc lËp - Tù do")
    assert not looks_tcvn3("Độc lập - Tự do")
    assert not looks_tcvn3("Déjà vu")
