"""Texts as they are searched, and what people search for: words without accents, case and signs.

`words_of` is the one spelling in which both are compared, on every database. đ becomes d, so that "dang ky" finds
"đăng ký" as well as "ĐĂNG KÝ"; unlike `search_key` nothing is rewritten: "TP.HCM" are the two words "tp hcm".
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: Letters and figures of any script; signs and blanks only part them. U+E000 to U+F8FF are none.
WORD = re.compile(r"[^\W_]+")
#: Accents, apart from their letters, and what nobody sees: soft hyphens, marks of width and direction.
_DROPPED = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
)
#: A phrase in quotes, or a word; "*" at its end: what begins so. Word makes “ ” of typed quotes.
_ASKED = re.compile(r'["“”]([^"“”]*)["“”](\*?)|([^\s"“”]+)')


@dataclass(frozen=True)
class Phrase:
    """Words that stand together in this order, as `words_of` gives them; `is_begun`: the last one may go on."""

    words: str
    is_begun: bool = False

    @property
    def key(self) -> str:
        """What of a text between blanks holds exactly where the phrase stands in it."""
        return f" {self.words}" if self.is_begun else f" {self.words} "


def words_of(text: str) -> str:
    """Give the words of a text as they are compared: "Số 01-KH/CTĐ4" -> "so 01 kh ctd4"."""
    # as `fold`, a quarter of its time: what is found is folded again to show where it stands
    plain = _DROPPED.sub("", unicodedata.normalize("NFD", text.casefold()))
    return " ".join(WORD.findall(plain.replace("đ", "d").replace("ð", "d").replace("ɖ", "d")))


def phrases_of(asked: Iterable[str]) -> tuple[Phrase, ...]:
    """Read what people ask for: each argument is a phrase, or a line in which phrases stand in quotes.

    A shell has taken the quotes away already: `find "thi đua" catp` comes as the arguments "thi đua" and "catp".
    """
    return tuple(phrase for one in asked for phrase in _phrases(one) if phrase.words)


def _phrases(asked: str) -> Iterator[Phrase]:
    if not re.search('["“”]', asked):
        yield _phrase(asked)
        return
    for found in _ASKED.finditer(asked):
        quoted, star, word = found.groups()
        yield _phrase(word) if word else Phrase(words_of(quoted), bool(star))


def _phrase(asked: str) -> Phrase:
    return Phrase(words_of(asked), asked.rstrip().endswith("*"))
