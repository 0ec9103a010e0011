"""What is not torn at the end of a line: a number from its word, the parts of a symbol, of a date, of a sum.

"số" stays with "01-KH/CTĐ4", which is not broken at its hyphen, "ngày" with "27/5/2022", "15.000.000" with "đồng"; no
line begins with the dash of a name ("Khối Dân - Chính - Đảng"). Word has signs of its own for both: the no-break
space, and `w:noBreakHyphen`, which LibreOffice writes into the PDF as the hyphen that it is. In headings of columns
and in Nơi nhận known words and names stay whole, too. Where a column has no room for what would stay together, it is
broken as before: else letters would stand alone on lines of their own.
"""

import functools
import re
from collections.abc import Callable, Iterator
from typing import Final

from pipeline.layout.closing import closing_kept
from pipeline.layout.typesetting import Face, whole_words, width_mm

_SPACE: Final = "\u00a0"
_HYPHEN: Final = "\u2011"  # only while we look: in the file it is an element, which needs no glyph of its own
#: The lines whose rooms are filled in by hand or after signature: people find them by their plain signs.
_AS_TYPED: Final = frozenset({"VTSo", "VTNgay"})

_CAPITAL: Final = "[A-ZĐƯƠÂĂÊÔ]"
_LETTER: Final = r"[^\W\d_]"
#: Each matches the blank that is kept, and what stands before it.
_TOGETHER: Final = (
    # a short word with the number after it; not "năm" and "điện thoại", for which a justified line is spread too wide
    re.compile(
        r"\b(?:số|ngày|tháng|quý|lần|đợt|khóa|điều|khoản|mục|chương|phần|lục|trang|bảng|dòng|cột|đoạn|ô|tờ|quyển)"
        r" (?=\d)",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:[Cc]hương|CHƯƠNG|[Pp]hần|PHẦN|[Mm]ục|MỤC|[Ôô]) (?={_CAPITAL}{{1,4}}\d*\b)"),
    # a number with what it counts; not "ngày", "tháng" and "năm", with which a date goes on: "năm 2022 ngày 25/5"
    re.compile(r"\d (?=(?:đồng|nghìn|triệu|tỷ|điểm|giờ|phút|phiếu|người|bản|tờ|lần|%)(?!\w))"),
    re.compile(r"\b\d{4} (?=- \d{4}\b)"),
    re.compile(r"\b\d{4}.- (?=\d{4}\b)"),
    # "sau:" alone on the last line of what announces a list
    re.compile(r"\bnhư (?=sau\s*:)"),
    # a dash within a name ends a line, and begins none
    re.compile(rf"{_LETTER} (?=- {_LETTER})"),
)
#: 01-KH/CTĐ4, 12/KH-CTĐ4, 30/2020/NĐ-CP, KCX-CN, 27-5-2022.
_SYMBOLS: Final = re.compile(
    # not within the name of a file, which is longer than a line
    rf"(?<![\w/-])(?:\d+(?:/\d+)?[-/](?={_CAPITAL})|{_CAPITAL}{{2,}}-(?={_CAPITAL}))\w*(?:[-/]\w+)*|\b\d+(?:-\d+)+"
)
_TOKENS: Final = re.compile(
    r"<w:t(?: [^>]*)?>(?P<text>[^<]*)</w:t>|<w:p[ >]|</w:p>|<w:(?P<sign>tab|br|cr|noBreakHyphen)(?: [^>]*)?/>"
    r'|<w:pStyle w:val="(?P<style>[^"]*)"|<w:tcW [^>]*w:w="(?P<width>\d+)"|(?P<table></w:tbl>)'
)
#: Of the text of a page; HD05 2.1.
_WIDTH_MM: Final = 165.0
_POINTS, _TABLE_POINTS = 14.0, 13.0
_BOLD: Final = frozenset({"VTBangDau", "VTBangDam"})
_IN_TABLES: Final = _BOLD | {"VTBangChu", "VTBangGiua", "VTBangSo"}
#: Headings and recipients: few, and seen by everybody; ragged, so that no line is spread too wide by it.
_NARROW: Final = frozenset({"VTBangDau", "VTNoiNhanMuc"})
_FACES: Final[tuple[Face, Face]] = ("regular", "bold")
_MM_PER_TWIP: Final = 25.4 / 1440
#: What the margins of a cell take, and its lines.
_CELL_MM: Final = 3.2


def kept_together(body: bytes | bytearray) -> bytes:
    """The XML of a body of ours in which these stay on one line; nothing else of it is changed.

    And a closing sentence of one line takes the paragraph before it along to the page of the signature.
    """
    return closing_kept(_kept(body.decode())).encode()


# the lines of a template come with every document made of it
@functools.lru_cache(maxsize=8192)
def unbroken(
    text: str, room_mm: float = _WIDTH_MM, size: float = _POINTS, face: Face = "regular", *, keeps_words: bool = False
) -> str:
    """A text with no-break spaces and hyphens (U+2011) where it is not to be torn, as long as they fit the room.

    `size` is that of the letters in points. With `keeps_words` known words and names are not torn either, as it is
    wanted of a narrow column: "Đơn vị" over "chủ trì", not "Đơn vị chủ" over "trì".
    """
    found = whole_words(text) if keeps_words else text
    for pattern in _TOGETHER:
        found = pattern.sub(lambda match: f"{match[0][:-1]}{_SPACE}", found)
    found = _SYMBOLS.sub(lambda match: match[0].replace("-", _HYPHEN), found)
    room = room_mm / size
    return _fitting(_fitting(found, text, _SPACE, room, face), text, _HYPHEN, room, face)


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


def _kept(xml: str) -> str:
    """The XML with each paragraph's text looked at as a whole: what is filled in is a run beside its word."""
    done, last = [], 0
    style, room = "", _WIDTH_MM
    waiting: list[re.Match[str]] = []
    for token in _TOKENS.finditer(xml):
        if token["text"] is not None or token["sign"]:
            waiting.append(token)
        elif token["style"] is not None:
            style = token["style"]
        elif token["width"]:
            room = int(token["width"]) * _MM_PER_TWIP - _CELL_MM
        elif token["table"]:
            room = _WIDTH_MM
        else:
            if style not in _AS_TYPED:
                for start, end, new in _rewritten(waiting, room, style):
                    done += [xml[last:start], new]
                    last = end
            waiting, style = [], ""
    return "".join([*done, xml[last:]])


def _rewritten(tokens: list[re.Match[str]], room: float, style: str) -> Iterator[tuple[int, int, str]]:
    """The texts of a paragraph that change: where they begin and end in the XML, and what stands there then."""
    old = "".join(token["text"] if token["text"] is not None else "\n" for token in tokens)
    size, face = _TABLE_POINTS if style in _IN_TABLES else _POINTS, _FACES[style in _BOLD]
    new = unbroken(old, room, size, face, keeps_words=style in _NARROW)
    if new == old:
        return
    at = 0
    for token in tokens:
        length = len(token["text"]) if token["text"] is not None else 1
        piece = new[at : at + length]
        at += length
        if token["text"] is not None and piece != token["text"]:
            start, end = token.span("text")
            yield start, end, piece.replace(_HYPHEN, '</w:t><w:noBreakHyphen/><w:t xml:space="preserve">')
