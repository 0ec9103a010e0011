"""Texts that lost their letters on the way: what can be put right is put right, and told with before and after.

UTF-8 once read as Western text ("Thá»§y" for Thủy), Cyrillic and Greek letters among Latin ones (noi-dung §8.3).
Text that looks like TCVN3 in a font that is none is only told: by its letters alone it may mean something else.
"""

import re
import unicodedata
from dataclasses import replace
from typing import Final

from pipeline.files.refusals import warning
from pipeline.messages import say
from pipeline.model import Finding, Place, Severity
from pipeline.reading.characters import FORBIDDEN
from pipeline.reading.raw import Cell, RawForm
from pipeline.vietnamese.legacy import TCVN3_IN_WORD, from_tcvn3, looks_tcvn3

_SHOWN: Final = 60
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]+")
#: How the lead bytes of Vietnamese letters in UTF-8 look in Western text.
_GARBLED: Final = re.compile("[ÃÂÄÆ][\u0080-\u00bf\u0152-\u2122]|á[º»][\u0080-\u00bf\u0152-\u2122]|â€")
# Windows-1252 has no letter for five of the bytes, Latin-1 has (invisible) ones: text of either is met.
_WESTERN: Final = {chr(code): code for code in range(0x80, 0x100)} | {
    bytes([code]).decode("cp1252", errors="ignore"): code for code in range(0x80, 0xA0)
}
_FOREIGN: Final = "АВЕЅІЈКМНОРСТУХаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"
_LATIN: Final = "ABESIJKMHOPCTYXaesijopcyxABEZHIKMNOPTYXo"
_LOOKALIKES: Final = str.maketrans(_FOREIGN, _LATIN)
_FOREIGN_LETTER: Final = re.compile(f"[{_FOREIGN}]")
_LATIN_LETTER: Final = re.compile("[A-Za-zÀ-ɏẠ-ỹ]")
#: Plain letters in another width or shape: of East Asian keyboards, of mathematical fonts, ligatures, units (㎡).
_SHAPED: Final = re.compile("[\uff01-\uff5e\ufb00-\ufb06\u3371-\u33df\U0001d400-\U0001d7ff]")
# One look tells the sound texts, which nearly all are, from those to be looked at closely.
_ODD: Final = re.compile("|".join(pattern.pattern for pattern in (_GARBLED, _FOREIGN_LETTER, _SHAPED, TCVN3_IN_WORD)))


def repaired(raw: RawForm) -> tuple[RawForm, tuple[Finding, ...]]:
    """The form with its texts put right; what is said of a text goes with its cell, what is given is of the file."""
    is_odd = any(isinstance(cell.value, str) and _ODD.search(cell.value) for cell in raw.cells())
    count = len({cell.place for cell in raw.cells() if _is_decomposed(cell)})
    return raw.mapped(_mended) if is_odd else raw, (_composed(count),) if count else ()


def _mended(cell: Cell) -> Cell:
    text = cell.value
    if not isinstance(text, str) or text.isascii():
        return cell
    # run by run: what stands between the garbled letters may be sound
    if _GARBLED.search(text) and (after := _BEYOND_ASCII.sub(_decoded, text)) != text:
        return _told(cell, after, _garbled(cell, after))
    if _SHAPED.search(text):
        after = _SHAPED.sub(_in_plain_shape, text)
        return _told(cell, after, _plain_shaped(cell, after))
    if _FOREIGN_LETTER.search(text) and (after := re.sub(r"\w+", _in_latin, text)) != text:
        return _told(cell, after, _lookalike(cell))
    # where a font told of TCVN3, `fonts` has converted the text; by letters alone it stays (noi-dung §8.3)
    if not cell.findings and len(TCVN3_IN_WORD.findall(text)) > 1 and looks_tcvn3(text):
        return _told(cell, text, _perhaps_old(cell))
    return cell


def _told(cell: Cell, text: str, finding: Finding) -> Cell:
    return replace(cell, value=text, findings=(*cell.findings, finding))


def _decoded(match: re.Match[str]) -> str:
    """A run of letters as the UTF-8 it was, or as it is when it was none."""
    try:
        return bytes(_WESTERN[letter] for letter in match[0]).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return match[0]


def _in_latin(word: re.Match[str]) -> str:
    """A word of Latin letters and others in Latin letters alone; words of others only stay."""
    return word[0].translate(_LOOKALIKES) if _LATIN_LETTER.search(word[0]) else word[0]


def _in_plain_shape(letter: re.Match[str]) -> str:
    """A letter as the plain one, or ones, it stands for; what Unicode gives none for stays."""
    codes = [code for code in unicodedata.decomposition(letter[0]).split() if not code.startswith("<")]
    return "".join(chr(int(code, 16)) for code in codes) or letter[0]


def _plain_shaped(cell: Cell, after: str) -> Finding:
    return warning(
        "text.lookalike",
        say("The letters are of another width or shape; they were read as “{after}”.", after=after.strip()[:_SHOWN]),
        say("Check the reading; where it is wrong, type the text again."),
        found=FORBIDDEN.sub("\ufffd", cell.text.strip()[:_SHOWN]),
        place=cell.place,
    )


def _garbled(cell: Cell, after: str) -> Finding:
    return warning(
        "I11",
        say("The letters were garbled on the way; the text was read as “{after}”.", after=after.strip()[:_SHOWN]),
        say("Check the reading; where it is wrong, type the text again."),
        found=FORBIDDEN.sub("\ufffd", cell.text.strip()[:_SHOWN]),
        place=cell.place,
    )


def _perhaps_old(cell: Cell) -> Finding:
    return warning(
        "I11",
        say(
            "The text seems to be typed in TCVN3 (ABC), but its font is none; it was left as it is. "
            "Perhaps it means “{after}”.",
            after=from_tcvn3(cell.text).strip()[:_SHOWN],
        ),
        say("Type the text again in Unicode (Times New Roman)."),
        found=FORBIDDEN.sub("\ufffd", cell.text.strip()[:_SHOWN]),
        place=cell.place,
    )


def _lookalike(cell: Cell) -> Finding:
    return warning(
        "text.lookalike",
        say("Cyrillic or Greek letters stand among the Latin ones they look like; Latin ones were read."),
        say("Check the reading; where it is wrong, type the text again."),
        found=FORBIDDEN.sub("\ufffd", cell.text.strip()[:_SHOWN]),
        place=cell.place,
    )


def _is_decomposed(cell: Cell) -> bool:
    return isinstance(cell.value, str) and not unicodedata.is_normalized("NFC", cell.value)


def _composed(count: int) -> Finding:
    return Finding(
        "I12",
        Severity.INFO,
        say("In {count} places letters and their marks were stored apart; they were put together.", count=count),
        Place(),
        mend=say("Nothing is to be done."),
    )
