"""Marks of secrecy as a program reads them on a picture, without their accents or with wrong ones (the-thuc.md §9).

What is read on a picture is a guess, so here, and only here, MẬT is known by its letters alone: MAT, MẶT, MẠT by
itself in capitals is taken for the mark; MẶT TRẬN TỔ QUỐC, BẢO MẬT, TIỀN MẶT have other words beside it. Beside a
level, and in red ink, more of its letters may be wrong: a stamp over printed lines loses some of its own.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pipeline.vietnamese.secrecy import is_mark
from pipeline.vietnamese.text import fold

_LONGEST: Final = 40  # characters: label, level and what is read of a border
_CAPITALS: Final = 0.6  # share of capitals, as of marks that are written
_BEARER: Final = "(?:TAILIEU|VANBAN|HOSO|CONGVAN|(?:MUC)?DOMAT|LOAI)?"
#: TỐI and TUYỆT as they were read: TOI, TÔI, TCI, TL1, TOÖI; TUYET, TUY1T, 1UY!, ruy, TUxis.
_LEVEL: Final = "(?:T[OCQGDLU0]{1,3}[IL1T][A-Z0-9]?|[TRLIJ1]?UY[A-Z0-9]{0,4}|TU[A-Z0-9]{2,4})"
#: Before what was read as MẬT with its accent no other word stands than one that begins as those two do.
_ACCENTED: Final = re.compile(r"\W*[TRLIJ1][^\W_]{1,6}\W+MẬT\W*", re.IGNORECASE)
_PLAIN: Final = re.compile(f"{_BEARER}(?:{_LEVEL}?M[I1]?AA?T|{_LEVEL}M[A-Z0-9]{{0,3}}T)")
#: Strokes of the border may stand at either end.
_RED: Final = re.compile(
    f"[IL1J]{{0,2}}(?:{_LEVEL}|T[A-Z0-9]{{1,2}}|[TRLIJ1]?U[A-Z0-9]{{1,5}})?M(?!OT)[A-Z0-9]{{0,3}}T[IL1J]{{0,2}}"
)
#: A level, the word before it run into it perhaps; and its label, which is none.
_ONE_LEVEL: Final = re.compile(r"MAT(?![A-Z0-9])")
_LABEL: Final = re.compile(r"^[^A-Z0-9]*(?:MUC )?DO MAT")
_OTHER_SIGNS: Final = re.compile(r"[^A-Z0-9]+")


@dataclass(frozen=True)
class ReadLine:
    """One line that was read; `is_red` when it is written in red ink."""

    text: str
    is_red: bool = False


def has_read_mark(lines: Iterable[ReadLine]) -> bool:
    """Tell whether any of the lines that were read on a picture is a mark of secrecy."""
    return any(_is_read_mark(line) for line in lines)


def _is_read_mark(line: ReadLine) -> bool:
    if len(line.text) > _LONGEST or _names_levels(line.text):
        return False
    if is_mark(line.text):
        return True
    letters = [char for char in line.text if char.isalpha()]
    if sum(char.isupper() for char in letters) <= _CAPITALS * len(letters):
        return False
    words = [_OTHER_SIGNS.sub("", fold(word).upper()) for word in line.text.split()]
    # strokes of a border are read as letters of their own; so are the letters of a mark that is set wide
    as_read = ("".join(words), "".join(word for word in words if len(word) > 1))
    known = _RED if line.is_red else _PLAIN
    return bool(_ACCENTED.fullmatch(line.text)) or any(known.fullmatch(one) for one in as_read)


def _names_levels(text: str) -> bool:
    """Whether it is a piece of a sentence about levels: “tài liệu TUYỆT MẬT, TỐI MẬT, MẬT không được gửi”."""
    return len(_ONE_LEVEL.findall(_LABEL.sub("", fold(text).upper()))) > 1
