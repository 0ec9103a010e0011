"""Text as people type it, and the keys by which texts are compared and sorted.

Nothing here decides what is printed: a unit's own spelling is kept, keys are only for comparing, searching and
sorting. Text in an old encoding (TCVN3, VNI) must be converted first: U+00AD, which `clean` drops, is the letter ư
there.
"""

import functools
import re
import unicodedata
from typing import TypeAlias

# Zero-width characters, soft hyphen, byte order mark, bidi controls: invisible on paper, fatal when comparing.
_INVISIBLES = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_INVISIBLE = re.compile(f"[{_INVISIBLES}]")
_CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_CONTROL = re.compile(f"[{_CONTROLS}]")
_SPACES = re.compile(r"\s+")
_BLANKS = re.compile(r"[^\S\n]+")

# Đ typed as the Icelandic or African letter that looks the same.
_LOOKALIKES = str.maketrans({"\u00d0": "Đ", "\u00f0": "đ", "\u0189": "Đ", "\u0256": "đ"})

# Whatever `clean` would change, but for the composition. Most text has nothing of it, and `clean` is called for every
# value, label and name: one search is cheaper than three substitutions.
_UNTIDY = re.compile(rf"[^\S ]|  |^ | $|[{_INVISIBLES}{_CONTROLS}{''.join(map(chr, _LOOKALIKES))}]")

# Word makes “ ” and – of what is typed; other programs and the year's file have " and -.
_PUNCTUATION = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"')
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u0060\u00b4", "'")
)

# Old → new place of the tone mark; right only where the syllable ends after the pair (hoà → hòa, never hoàn).
_OLD_TONES = {
    **dict(zip(("oà", "oá", "oả", "oã", "oạ"), ("òa", "óa", "ỏa", "õa", "ọa"), strict=True)),
    **dict(zip(("oè", "oé", "oẻ", "oẽ", "oẹ"), ("òe", "óe", "ỏe", "õe", "ọe"), strict=True)),
    **dict(zip(("uỳ", "uý", "uỷ", "uỹ", "uỵ"), ("ùy", "úy", "ủy", "ũy", "ụy"), strict=True)),
}
_LETTER = r"[^\W\d_]"
_OPEN_SYLLABLE = re.compile(rf"(?<![qQ])(?:{'|'.join(_OLD_TONES)})(?!{_LETTER})", re.IGNORECASE)

_AROUND_DASH = re.compile(r" ?- ?")
# TP.HCM, TPHCM, TP. HCM, Tp HCM, TP. Hồ Chí Minh, Thành phố Hồ Chí Minh: one place, one key.
_CITY = re.compile(
    rf"(?<!{_LETTER})(?:thành phố|t\. ?p\.?|tp\.?) ?(?:hồ chí minh|hcm)(?!{_LETTER})|(?<!{_LETTER})tphcm(?!{_LETTER})"
)
_CITY_KEY = "tp.hcm"

# Vietnamese alphabetical order, as CLDR `vi` has it: letters first, tones decide between equal spellings.
SortKey: TypeAlias = tuple[tuple[int, ...], tuple[int, ...], str]

# a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y, with f, j, w, z at their Latin places.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền hỏi ngã sắc nặng, after ngang
_LETTERS = {letter: 1000 + place for place, letter in enumerate(_ALPHABET)}


def clean(text: str) -> str:
    """Tidy one line of text: NFC, without invisible characters, single spaces, trimmed, Đ for Ð."""
    if _UNTIDY.search(text) is None and unicodedata.is_normalized("NFC", text):
        return text
    return _SPACES.sub(" ", _tidy(text)).strip()


def shortened(text: str, most: int) -> str:
    """A text of at most so many letters, ended after a word with a sign that there is more."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0].rstrip(' ,;:')}…"


def clean_lines(text: str) -> tuple[str, ...]:
    """Give the non-empty lines of `text`, each cleaned: what one cell with several items in it holds."""
    # \v is Word's line break within a paragraph, U+2028 what web pages paste
    unified = _tidy(text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\u2028", "\n"))
    lines = (_BLANKS.sub(" ", line).strip() for line in unified.split("\n"))
    return tuple(line for line in lines if line)


def upper(text: str) -> str:
    """Put Vietnamese text into capitals; `str.upper` is right once the text is NFC."""
    return unicodedata.normalize("NFC", text).upper()


def continued(text: str) -> str:
    """Write a text as it goes on a sentence: its first letter small, but for a name or an abbreviation.

    Of those it knows what two capitals tell: "TP.HCM", "Hồ Chí Minh".
    """
    first, _, rest = text.partition(" ")
    is_name = first[1:].upper() == first[1:] != "" or rest[:1].isupper()
    return text if is_name else text[:1].lower() + text[1:]


def new_tones(text: str) -> str:
    """Move the tone mark to its new place in open syllables: uỷ → ủy, hoà → hòa, thuý → thúy; not in hoàn, quý."""
    return _OPEN_SYLLABLE.sub(_moved, unicodedata.normalize("NFC", text))


def compare_key(text: str) -> str:
    """Give the key by which names of units, contents, people and titles are equal (noi-dung §2, the-thuc §12).

    Accents count; case, place of the tone mark, kind of dash or quote, spacing and the many spellings of
    "TP.HCM" do not.
    """
    return _cached_key(text) if len(text) <= _LONGEST_CACHED else _key(text)


def fold(text: str) -> str:
    """Take accents off, đ → d, keep case: for searching and ASCII names only, never as an identity (MẬT = MẶT)."""
    if text.isascii():
        return text
    return _cached_fold(text) if len(text) <= _LONGEST_CACHED else _bare(text)


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.translate(_LOOKALIKES))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.replace("đ", "d").replace("Đ", "D")


def search_key(text: str) -> str:
    """Give `compare_key` without accents: labels and headers are found by it however they were typed."""
    return fold(compare_key(text))


def sort_key(text: str) -> SortKey:
    """Give the key that sorts `text` as a Vietnamese dictionary does; case decides last."""
    cleaned = clean(text)
    letters: list[int] = []
    tones: list[int] = []
    for char in cleaned.casefold():
        letter, tone = _letter_and_tone(char)
        letters.append(_LETTERS.get(letter, _place_of_other(letter)))
        tones.append(tone)
    return tuple(letters), tuple(tones), cleaned.swapcase()


def _key(text: str) -> str:
    folded = unicodedata.normalize("NFC", clean(text).casefold()).translate(_PUNCTUATION)
    spaced = _AROUND_DASH.sub("-", new_tones(folded))
    return _CITY.sub(_CITY_KEY, spaced)


# Names of units, contents and people are compared again and again, so are the lines of a template; paragraphs of a
# document are not.
_LONGEST_CACHED = 200
_cached_key = functools.lru_cache(maxsize=8192)(_key)
_cached_fold = functools.lru_cache(maxsize=8192)(_bare)


def _tidy(text: str) -> str:
    visible = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", visible).translate(_LOOKALIKES)


def _moved(match: re.Match[str]) -> str:
    found = match.group()
    moved = _OLD_TONES[found.lower()]
    # the case of each letter stays where it was: HOÀ → HÒA, Uỷ → Ủy
    return "".join(new.upper() if old.isupper() else new for old, new in zip(found, moved, strict=True))


def _letter_and_tone(char: str) -> tuple[str, int]:
    marks = unicodedata.normalize("NFD", char)
    tone = next((1 + _TONES.index(mark) for mark in marks if mark in _TONES), 0)
    return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES)), tone


def _place_of_other(letter: str) -> int:
    """Sort spaces, then punctuation, then figures before letters, and letters of other scripts after them."""
    if letter.isspace():
        return 0
    code = ord(letter[0]) if letter else 0
    if letter.isdigit():
        return 700 + min(code, 250)
    return 1 + code if code < 600 else 2000 + code
