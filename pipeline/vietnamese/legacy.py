"""Text in the old one-byte encodings TCVN3 (ABC) and VNI, known by the name of its font, converted to Unicode.

The same bytes are other letters in another font, so the font decides and never the characters alone (noi-dung §8.3);
only for text that has no font (a file name, a YAML file) `looks_tcvn3` gives a guess, used to look, not to convert.
"""

import enum
import functools
import re
import unicodedata
from typing import Final


class Encoding(enum.StrEnum):
    """An old encoding, by the name a clerk knows."""

    TCVN3 = "TCVN3 (ABC)"
    VNI = "VNI"


# noi-dung §8.3, position by position; U+00AD is ư.
_TCVN3: Final = dict(
    zip(
        "¸µ¶·¹¨¾»¼½Æ©ÊÇÈÉË®ÐÌÎÏÑªÕÒÓÔÖÝ×ØÜÞãßáâä«èåæçé¬íêëìîóïñòô\u00adøõö÷ùýúûüþ¡¢§£¤¥¦",
        "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
_TCVN3_TABLE: Final = str.maketrans(_TCVN3)
# Letters that a text in a Unicode font hardly ever has, and TCVN3 has in every other word.
_TCVN3_SIGNS: Final = re.compile("[µ¶·¸¹®©ª«¬§¨¾»¼½]")
#: The same letters beside others, as within a word: there Western and Windows-1258 text has no signs.
TCVN3_IN_WORD: Final = re.compile("[A-Za-z\u00ad][µ¶·¸¹®©ª«¬¨¾»¼½]|[§®][A-Za-z]")
_UNICODE_SIGNS: Final = re.compile("[\u0102-\u01b0\u1ea0-\u1ef9]")

# VNI: the mark follows its letter as a letter of its own; the mark's case follows the letter's.
_VNI_TONES: Final = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_VNI_MARKS: Final = {
    **_VNI_TONES,
    "â": _CIRCUMFLEX, "á": _CIRCUMFLEX + "\u0301", "à": _CIRCUMFLEX + "\u0300", "å": _CIRCUMFLEX + "\u0309",
    "ã": _CIRCUMFLEX + "\u0303", "ä": _CIRCUMFLEX + "\u0323",
    "ê": _BREVE, "é": _BREVE + "\u0301", "è": _BREVE + "\u0300", "ú": _BREVE + "\u0309",
    "ü": _BREVE + "\u0303", "ë": _BREVE + "\u0323",
}  # fmt: skip
_VNI_SINGLE: Final = {
    "ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ",
}  # fmt: skip
_VNI_LETTER: Final = re.compile("([aeiouyôö])([ùøûõïâáàåãäêéèúüë])|[ñôöíìæóòî]", re.IGNORECASE)
_ASCII_LETTERS: Final = re.compile("[A-Za-z]")


@functools.lru_cache(maxsize=256)
def encoding_of_font(font: str) -> Encoding | None:
    """Tell which old encoding text in `font` is in: `.VnTime`, `.VnArialH` are TCVN3, `VNI-Times` is VNI."""
    name = font.strip().lower()
    if name.startswith(".vn"):
        return Encoding.TCVN3
    return Encoding.VNI if name.startswith(("vni-", "vni ")) else None


def to_unicode(text: str, font: str) -> str:
    """Convert `text` to Unicode (NFC) as its old `font` shows it; text in any other font is returned as it is."""
    encoding = encoding_of_font(font)
    if encoding is Encoding.VNI:
        return from_vni(text)
    if encoding is Encoding.TCVN3:
        shown = from_tcvn3(text)
        return shown.upper() if font.strip().lower().endswith("h") else shown  # .VnTimeH draws capitals
    return text


def from_tcvn3(text: str) -> str:
    """Convert TCVN3 text to Unicode; ASCII and letters outside the table stay."""
    shown = unicodedata.normalize("NFC", text.translate(_TCVN3_TABLE))
    # the encoding has no accented capitals: "TèI MËT" is typed for TỐI MẬT
    letters = "".join(_ASCII_LETTERS.findall(text))
    return shown.upper() if len(letters) > 1 and letters.isupper() else shown


def from_vni(text: str) -> str:
    """Convert VNI text to Unicode (NFC)."""
    return unicodedata.normalize("NFC", _VNI_LETTER.sub(_vni_letter, text))


def looks_tcvn3(text: str) -> bool:
    """Tell whether text without a font may be TCVN3: its letters are there and none of Unicode's Vietnamese ones."""
    return bool(_TCVN3_SIGNS.search(text)) and not _UNICODE_SIGNS.search(unicodedata.normalize("NFC", text))


def _vni_letter(match: re.Match[str]) -> str:
    letter, mark = match[1] or match[0], match[2]
    plain = _VNI_SINGLE.get(letter.lower(), letter.lower())
    return (plain.upper() if letter.isupper() else plain) + _VNI_MARKS.get((mark or "").lower(), "")
