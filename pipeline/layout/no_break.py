"""What is not torn at the end of a line: a number from its word, the parts of a symbol, of a date, of a sum.

"số" stays with "01-KH/CTĐ4", which is not broken at its hyphen, "ngày" with "27/5/2022", "15.000.000" with "đồng"; no
line begins with the dash of a name ("Khối Dân - Chính - Đảng"). Word has signs of its own for both: the no-break
space, and `w:noBreakHyphen`, which LibreOffice writes into the PDF as the hyphen that it is. In tables and in Nơi
nhận, whose lines are ragged, known words and names stay whole, too; in a justified text names, dates and years do
where a line would end in them, and not at the price of wide blanks (`line_ends`). Where a column has no room for what
would stay together, it is broken as before: else letters would stand alone on lines of their own.
"""

import functools
import re
from collections.abc import Callable, Iterable
from typing import Final, Literal

from pipeline.layout.line_ends import Column, kept_at_ends
from pipeline.layout.typesetting import Face, whole_words, width_mm

_SPACE: Final = "\u00a0"
#: Only while we look: in the file it is an element, which needs no glyph of its own.
HYPHEN: Final = "\u2011"

_CAPITAL: Final = "[A-ZĐƯƠÂĂÊÔ]"
_LETTER: Final = r"[^\W\d_]"
#: Each matches the blank that is kept, and what stands before it.
_TOGETHER: Final = (
    # a short word with the number after it; not "điện thoại", which is weighed
    re.compile(
        r"\b(?:số|ngày|tháng|quý|lần|đợt|khóa|điều|khoản|mục|chương|phần|lục|trang|bảng|dòng|cột|đoạn|ô|tờ|quyển)"
        r" (?=\d)",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:[Cc]hương|CHƯƠNG|[Pp]hần|PHẦN|[Mm]ục|MỤC|[Ôô]) (?={_CAPITAL}{{1,4}}\d*\b)"),
    # a number with what it counts; not "ngày", "tháng" and "năm", with which a date goes on: "năm 2022 ngày 25/5"
    re.compile(r"\d (?=(?:đồng|nghìn|triệu|tỷ|điểm|giờ|phút|phiếu|người|bản|tờ|lần|%)(?!\w))"),
    re.compile(r"\d (?=ngày làm việc\b)"),
    re.compile(r"\b\d+ (?=- \d+\b)"),
    re.compile(r"\b\d{4}.- (?=\d{4}\b)"),
    # why one gets a paper: "(để báo cáo)"
    re.compile(r"\(để (?=\w)"),
    # "sau:" alone on the last line of what announces a list
    re.compile(r"\bnhư (?=sau\s*:)"),
    # a dash within a name ends a line, and begins none
    re.compile(rf"{_LETTER} (?=- {_LETTER})"),
)
#: Of ragged lines; in justified ones it is weighed.
_YEARS: Final = re.compile(r"\bnăm (?=\d)", re.IGNORECASE)
#: 01-KH/CTĐ4, 12/KH-CTĐ4, 30/2020/NĐ-CP, KCX-CN, 27-5-2022.
_SYMBOLS: Final = re.compile(
    # not within the name of a file, which is longer than a line
    rf"(?<![\w/-])(?:\d+(?:/\d+)?[-/](?={_CAPITAL})|{_CAPITAL}{{2,}}-(?={_CAPITAL}))\w*(?:[-/]\w+)*|\b\d+(?:-\d+)+"
)
#: What stays together of ragged lines beside numbers and symbols: nothing, names, or all known words; others as
#: far as they cost no line.
Kept = Literal["", "names", "words"]


_TEXT: Final = Column()


# the lines of a template come with every document made of it
@functools.lru_cache(maxsize=8192)
def unbroken(text: str, column: Column = _TEXT, keeps: Kept = "", most: int = 0) -> str:
    """A text with no-break spaces and hyphens (U+2011) where it is not to be torn, as long as they fit the room.

    Known words, or names alone, stay whole where a narrow column `keeps` them: "Đơn vị" over "chủ trì", not "Đơn vị
    chủ" over "trì"; others, where the column has not more than `most` lines then.
    """
    is_laid = column.indent_mm is not None and "\n" not in text
    found = text
    if keeps in ("names", "words"):
        found = whole_words(text, column.room_mm, column.size, column.face, is_of_names=keeps == "names")
    pairs = sorted(match.end() - 1 for pattern in _TOGETHER for match in pattern.finditer(text))
    if not is_laid:
        years = (match.end() - 1 for match in _YEARS.finditer(text) if column.indent_mm is None)
        found = _with(found, (*pairs, *years))
    found = _SYMBOLS.sub(lambda match: match[0].replace("-", HYPHEN), found)
    room = column.room_mm / column.size
    found = _fitting(_fitting(found, text, _SPACE, room, column.face), text, HYPHEN, room, column.face)
    if "\n" in text or (not is_laid and not most):
        return found
    return kept_at_ends(found, text, column, most, pairs if is_laid else ())


def _with(text: str, blanks: Iterable[int]) -> str:
    letters = list(text)
    for at in blanks:
        letters[at] = _SPACE
    return "".join(letters)


def _fitting(text: str, original: str, sign: str, room: float, face: Face) -> str:
    """The text without the signs in what no line of a column holds: there they are again what they were.

    `room` is in millimetres for each point of the letters' size.
    """
    if sign not in text:
        return text
    pieces, at = [], 0
    # a line may end at a blank, and after a hyphen; at a stroke neither Word nor LibreOffice ends one
    for piece in re.split(r"([ \n]+|(?<=-))", text):
        was = original[at : at + len(piece)]
        at += len(piece)
        is_too_wide = sign in piece and width_mm(was, 1, face) > room
        pieces.append("".join(map(_given_back(sign), piece, was)) if is_too_wide else piece)
    return "".join(pieces)


def _given_back(sign: str) -> Callable[[str, str], str]:
    return lambda letter, was: was if letter == sign else letter
