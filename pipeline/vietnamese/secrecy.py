"""Marks of secrecy: the stamp words MẬT, TỐI MẬT, TUYỆT MẬT as a mark, never as words of a sentence (the-thuc §9).

Luật 117/2025 forbids storing secret documents on a networked machine (Điều 5.2), so a file that may be marked is not
even copied. A mark stands alone on a short line, in capitals: MẬT, (MẬT), M Ậ T, “TÀI LIỆU MẬT”, or as a level is
written, Mật, Tối mật; or it answers the label Độ mật. What else a stamp says is set off from it by a sign: “MẬT – Chỉ
người có tên mới được bóc bì”, “HỎA TỐC – MẬT”.
“Bảo mật”, “bí mật nhà nước” and MẶT TRẬN (the same letters without accents) are none. Text in the old TCVN3 and
VNI encodings is tried too, since a stamp typed in them keeps no font in a file name or a PDF.
"""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

from pipeline.vietnamese.legacy import from_tcvn3, from_vni
from pipeline.vietnamese.text import fold

# Both figures are those of the detector that the city's Party office uses (the-thuc §9): longer lines are sentences,
# and among the letters of a stamp some may be small, because old fonts have no accented capitals.
_LONGEST_LINE: Final = 60  # characters
_LONGEST_SPACED: Final = 4 * _LONGEST_LINE  # spaces between the letters may make a stamp's line four times as long
_CAPITALS: Final = 0.6  # share of capitals
_LEVELS: Final = "(?:TUYỆT|TỐI)?MẬT"
_BEARERS: Final = "(?:TÀILIỆU|VĂNBẢN|HỒSƠ|CÔNGVĂN|ĐỘ|MỨCĐỘ|LOẠI)?"
_STAMP: Final = re.compile(f"{_BEARERS}{_LEVELS}(?:BẢNSỐ)?")
_LABEL_TEXT: Final = r"(?:mức |muc )?(?:độ mật|do[ _]mat)\s*"
_SAID: Final = "(?:tuy[ệe]t |t[ốo]i )?m[ậa]t"
_LABEL: Final = re.compile(rf"{_LABEL_TEXT}[:：]?", re.IGNORECASE)
_LABELLED: Final = re.compile(rf"{_LABEL_TEXT}[:：\-–]?\s*[(\[“\"]?{_SAID}\b", re.IGNORECASE)
#: Without accents only where the letters can mean nothing else: MAT alone is also mặt, mất and mát.
_UNACCENTED: Final = re.compile(r"[\W_]*(?:(?:TAI LIEU|VAN BAN|HO SO|CONG VAN) )?(?:TUYET|TOI) MAT[\W_]*")
_ALONE: Final = re.compile(r"[\W_]*(?:Mật|T(?:ối|uyệt) [Mm]ật)[\W_]*")
_SIGN: Final = re.compile(r"[–—―‒:;|/(){}\[\]“”\",.*]+|(?<!\w)-+|-+(?!\w)")
#: What the stamp on an envelope goes on with (Thông tư 24/2020/TT-BCA), however it is typed.
_ENVELOPE: Final = re.compile(r"[\W_]*(?:tuyệt |tối )?mật\s*[–—―:.,-]+\s*chỉ người có tên", re.IGNORECASE)
_LEVEL: Final = re.compile(rf"[(\[“\"]?{_SAID}[)\]”\"]?\.?", re.IGNORECASE)
# Latin letters written with the Cyrillic or Greek ones that look the same.
_LOOKALIKES: Final = str.maketrans("МТАОІУЕНКХСВΜΤΑΟΙΥ", "MTAOIYEHKXCBMTAOIY")
_M: Final = "[MmМмΜμ]"
#: No mark is without these letters in this order, however they are encoded, spaced, or written with look-alikes; what
#: stands between them is the one vowel with its marks (in old encodings A with a sign), spaces and signs.
_EVERY_MARK: Final = re.compile(f"{_M}[^A-Za-z]*[Aa]?[^A-Za-z]*[TtТтΤτ]")
# Letters of other widths and shapes: ＭＡＴ, 𝐌𝐀𝐓, Ⓜ. (Not all that Unicode calls compatible: ª and ² are TCVN3.)
_SHAPED: Final = re.compile("[\u2100-\u214f\u2460-\u24ff\uff01-\uff5e\U0001d400-\U0001d7ff\U0001f110-\U0001f189]+")
# Between the letters of a mark they would hide it from a search and from nobody's eye.
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")

# File names: the accented word in capitals as a word of its own, or unaccented where it can mean nothing else.
_NAME_WORD: Final = re.compile(r"(?<![^\W_])(?:TUYỆT[\W_]*|TỐI[\W_]*)?MẬT(?![^\W_])")
_NAME_BEFORE: Final = re.compile(r"(?:BẢO|BÍ|CƠ|AN)[\W_]*$")
_NAME_LEVEL: Final = re.compile(r"(?<![a-z])(?:tuyet|toi)[\W_]*mat(?![a-z])|(?<![a-z])do[\W_]*mat(?![a-z])")
_NAME_BRACKETED: Final = re.compile(r"[(\[{][\s_]*mat[\s_]*[)\]}]")


def is_mark(line: str) -> bool:
    """Tell whether one line (a paragraph, a cell, a line of a stamp) is a mark of secrecy."""
    if len(line) > _LONGEST_SPACED or not _EVERY_MARK.search(plain := _in_plain_letters(line)):
        return False
    return _is_mark(plain)


# the lines of a form and of a template come again with every file
@functools.lru_cache(maxsize=4096)
def _is_mark(line: str) -> bool:
    return any(_is_marked(shown) for shown in _as_shown(line))


def has_mark(lines: Iterable[str]) -> bool:
    """Tell whether any of the lines is a mark, or a label Độ mật is followed by its level on the next one."""
    after_label = False  # label and level often stand in two cells of a table
    for line in lines:
        for piece in line.splitlines() or [""]:
            # a longer line may still be a label; looking for its letters would take the square of its length
            if not after_label and len(piece) <= _LONGEST_SPACED and not _EVERY_MARK.search(_in_plain_letters(piece)):
                continue
            shown = _legible(piece).strip()
            if not shown:
                continue
            if is_mark(piece) or (after_label and _LEVEL.fullmatch(shown)):
                return True
            after_label = bool(_LABEL.fullmatch(shown))
    return False


def is_marked_name(name: str) -> bool:
    """Tell whether a file name says that the file is secret: asked before the file is opened or copied (I10)."""
    stem = name.rpartition(".")[0] or name
    for shown in _as_shown(stem):
        for match in _NAME_WORD.finditer(shown):
            if not _NAME_BEFORE.search(shown[: match.start()]):
                return True
    # "tuyet mat", "do mat" and "(mat)" are taken for marks; "mat" alone is not: mặt, mất and mát lose their marks too
    folded = fold(_legible(stem)).lower()
    return bool(_NAME_LEVEL.search(folded) and "mặt" not in _legible(stem).lower()) or bool(
        _NAME_BRACKETED.search(folded)
    )


def _is_marked(shown: str) -> bool:
    if _is_stamp(shown) or _LABELLED.match(shown) or _ENVELOPE.match(shown):
        return True
    if _ALONE.fullmatch(shown) or _UNACCENTED.fullmatch(shown):
        return True
    pieces = [piece for piece in _SIGN.split(shown) if piece.strip()]
    if len(pieces) > 1 and _is_stamp(pieces[0]):
        return True
    # beside other words of a stamp; a line of small letters is a sentence about secrecy, one that lists the levels
    # (TÀI LIỆU MẬT, TỐI MẬT, TUYỆT MẬT) a heading about them: a stamp has one
    stamps = {"".join(piece.split()).upper() for piece in pieces if _is_stamp(piece)}
    return len(shown) <= _LONGEST_LINE and _is_in_capitals(shown) and len(stamps) == 1


def _is_in_capitals(shown: str) -> bool:
    letters = [char for char in shown if char.isalpha()]
    return sum(char.isupper() for char in letters) > _CAPITALS * len(letters)


def _is_stamp(shown: str) -> bool:
    if len(shown) > _LONGEST_LINE:
        return False
    letters = "".join(char for char in shown if char.isalpha())
    if not _is_in_capitals(shown):
        return False
    return bool(_STAMP.fullmatch(letters.upper()))


def _as_shown(line: str) -> list[str]:
    """Give the line in Unicode, and as it would read in each old encoding."""
    decoders: tuple[Callable[[str], str], ...] = (from_tcvn3, from_vni)
    plain = _legible(line)
    return [plain, *(decoded for decode in decoders if (decoded := _legible(decode(line))) != plain)]


def _legible(text: str) -> str:
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", _in_plain_letters(text)))
    return " ".join(visible.translate(_LOOKALIKES).split())


def _in_plain_letters(text: str) -> str:
    if text.isascii():
        return text
    return _SHAPED.sub(lambda shaped: unicodedata.normalize("NFKC", shaped[0]), text)
