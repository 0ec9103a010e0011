"""Vietnamese alphabetical order, as CLDR `vi` has it: letters first, tones decide between equal spellings."""

import unicodedata

from pipeline.vietnamese.text import clean

SortKey = tuple[tuple[int, ...], tuple[int, ...], str]

# a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y, with f, j, w, z at their Latin places.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền hỏi ngã sắc nặng, after ngang
_LETTERS = {letter: 1000 + place for place, letter in enumerate(_ALPHABET)}


def sort_key(text: str) -> SortKey:
    """The key that sorts `text` as a Vietnamese dictionary does; capitals and small letters count as equal first."""
    cleaned = clean(text)
    letters: list[int] = []
    tones: list[int] = []
    for char in cleaned.casefold():
        letter, tone = _split(char)
        letters.append(_LETTERS.get(letter, _other(letter)))
        tones.append(tone)
    return tuple(letters), tuple(tones), cleaned.swapcase()


def name_sort_key(full_name: str) -> tuple[SortKey, SortKey, SortKey]:
    """People by given name (the last word), then family name (the first), then what is between (the-thuc §12.4)."""
    parts = clean(full_name).split(" ")
    middle = " ".join(parts[1:-1])
    family = parts[0] if len(parts) > 1 else ""
    return sort_key(parts[-1]), sort_key(family), sort_key(middle)


def _split(char: str) -> tuple[str, int]:
    marks = unicodedata.normalize("NFD", char)
    tone = next((1 + _TONES.index(mark) for mark in marks if mark in _TONES), 0)
    return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES)), tone


def _other(letter: str) -> int:
    """Spaces, then punctuation, then figures stand before letters; letters of other scripts after them."""
    if letter.isspace():
        return 0
    code = ord(letter[0]) if letter else 0
    if letter.isdigit():
        return 700 + min(code, 250)
    return 1 + code if code < 600 else 2000 + code
