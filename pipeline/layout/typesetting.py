"""Where the lines of a head or a signature are broken, and how wide a text is in Times New Roman, without a font.

The advance widths are those of the font's own metrics (thousandths of the size; Liberation Serif has the same). A
Vietnamese letter is as wide as its base letter, except the four letters with a horn.
"""

import functools
import unicodedata
from collections.abc import Mapping
from typing import Literal

Face = Literal["regular", "bold", "italic"]

_MM_PER_POINT = 25.4 / 72
_HORN = "\u031b"
# for a letter the table lacks: as wide as a figure
_AVERAGE = 500

_GROUPS: Mapping[Face, Mapping[int, str]] = {
    "regular": {
        180: "'", 250: " .,", 278: "ijlt;:/", 333: "frI-()![]", 389: "sJ", 408: '"', 444: "acez“”?",
        500: "bdghknopquvxy0123456789–*_đ«»", 529: "ơ", 542: "ư", 556: "FPS", 564: "+=<>", 611: "ELTZ", 667: "BCR",
        722: "wADGHKNOQUVXYƠĐ", 776: "Ư", 778: "m&", 833: "%", 889: "M", 944: "W", 1000: "—…",
    },
    "bold": {
        250: " .,", 278: "il/'", 333: "fjt;:-()![]", 389: "sI", 444: "cerz", 500: "agovxyJ0123456789–“”*_?«»",
        554: "ơ", 555: '"', 556: "bdhknpquSđ", 570: "+=<>", 600: "ư", 611: "FP", 667: "BELTZ", 722: "wACDNRUVXYĐ",
        778: "GHKOQƠ", 796: "Ư", 833: "m&", 944: "M", 1000: "W%—…",
    },
    "italic": {
        214: "'", 250: " .,", 278: "fijlt/", 333: "I;:-()!", 389: "rsz[]", 420: '"', 444: "cekvxyJ",
        500: "abdghnopquS0123456789–*_?đ«»", 534: "ơ", 545: "ư", 556: "LTYZ“”", 611: "ABEFPRVX", 667: "wCKN",
        675: "+=<>", 722: "mDGHOQUƠĐ", 754: "Ư", 778: "&", 833: "MW%", 889: "—…",
    },
}  # fmt: skip

_WIDTHS: dict[Face, dict[str, int]] = {
    face: {letter: width for width, letters in groups.items() for letter in letters}
    for face, groups in _GROUPS.items()
}

#: Words which stay on one line in a head or a signature, where we break the lines and everybody sees it.
_TOGETHER = (
    "ban chấp hành", "ban thường vụ", "báo cáo", "biên bản", "biên phòng", "bình xét", "bộ chỉ huy", "bộ đội",
    "bộ tư lệnh", "cá nhân", "cán bộ", "cấp nước", "chánh văn phòng", "chế xuất", "chính trị", "chủ nhiệm",
    "chủ tịch", "chủ trì", "chuyên đề", "cổ phần", "công an", "công nghiệp", "công tác", "công ty", "cụm phó",
    "cụm thi đua", "cụm thi đua số", "cụm trưởng", "danh sách", "dân - chính - đảng", "doanh nghiệp", "đại diện",
    "đại học", "đảng bộ", "đảng ủy", "đặc khu", "đăng ký", "đầu mối", "đề nghị", "điện lực", "đính chính", "đơn vị",
    "giám đốc", "giao ước", "hành chính", "hành chính - lưu trữ", "hoạt động", "hồ chí minh", "hội đồng", "hội nghị",
    "kế hoạch", "khen thưởng", "khu chế xuất", "kiểm phiếu", "liên đoàn", "lưu trữ", "ngân hàng", "phó bí thư",
    "phó chánh văn phòng", "phó chủ nhiệm", "phó giám đốc", "phó tổng giám đốc", "phó trưởng ban",
    "phó trưởng phòng", "phụ trách", "quân sự", "quốc gia", "quy chế", "sài gòn", "sơ kết", "tán thành", "tập thể",
    "thành lập", "thành phố", "thành ủy", "thành viên", "thẩm định", "thi đua", "thực hiện", "thương mại", "tổ chức",
    "tổng công ty", "tổng giám đốc", "tổng kết", "trách nhiệm hữu hạn", "triển khai", "trưởng ban", "tự chấm",
    "trưởng phòng", "ủy ban", "ủy ban nhân dân", "ủy quyền", "văn bản", "văn phòng", "về việc",
)  # fmt: skip

_NO_BREAK = "\u00a0"

_PHRASES = frozenset(tuple(phrase.split()) for phrase in _TOGETHER)
_LONGEST = max(len(phrase) for phrase in _PHRASES)


def _base(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    return unicodedata.normalize("NFC", parts[0] + _HORN) if _HORN in parts else parts[0]


def width_mm(text: str, size: float, face: Face = "regular") -> float:
    """The width of `text` on one line, in millimetres, at `size` points."""
    return _thousandths(text, face) / 1000 * size * _MM_PER_POINT


# a book of ten thousand lines has few words, again and again
@functools.lru_cache(maxsize=65_536)
def _thousandths(text: str, face: Face) -> int:
    """The width of `text` in thousandths of its size."""
    widths = _WIDTHS[face]
    plain = unicodedata.normalize("NFC", text).replace("\u00a0", " ")
    return sum(widths.get(_base(letter), _AVERAGE) for letter in plain)


def balanced(text: str, room_mm: float, size: float, face: Face = "regular") -> list[str]:
    """`text` in as few lines as fit `room_mm`, the lines as even as they can be, upper lines the longer ones.

    Names such as "Tổng công ty" are kept together while the room allows it. A word wider than the room stands on a
    line of its own. An empty text has no lines.
    """
    words = [part for phrase in _phrases(text) for part in _unbroken(phrase, room_mm, size, face)]
    if not words:
        return []
    lines = _greedy(words, room_mm, size, face)
    if len(lines) == 1:
        return lines
    # The narrowest room which still needs no more lines gives the evenest ones.
    low, high = 0.0, room_mm
    # 24 halvings of a page's width: less than a ten-thousandth of a millimetre
    for _ in range(24):
        middle = (low + high) / 2
        if len(_greedy(words, middle, size, face)) <= len(lines):
            high = middle
        else:
            low = middle
    return _greedy(words, high, size, face)


def held_together(text: str) -> str:
    """`text` with no-break spaces within what should stay on one line, for a page that breaks it by itself.

    The last words go with what they follow: nobody wants a name alone on a line.
    """
    phrases = [phrase.replace(" ", _NO_BREAK) for phrase in _phrases(text)]
    return " ".join([*phrases[:-2], _NO_BREAK.join(phrases[-2:])])


def whole_words(text: str) -> str:
    """`text` with no-break spaces within the names and words that are known; other blanks stay as they are."""
    # letter for letter: two blanks, or the end of a line, would get lost
    if text.split(" ") != text.split():
        return text
    return " ".join(phrase.replace(" ", _NO_BREAK) for phrase in _phrases(text))


def wrapped(text: str, room_mm: float, size: float, face: Face = "regular") -> list[str]:
    """`text` as a column of a table shows it: each line as full as can be, a word that is too wide broken.

    Line breaks in the text stay. An empty text has no lines.
    """
    lines: list[str] = []
    for paragraph in text.split("\n") if text else ():
        words = [piece for word in paragraph.split() for piece in _pieces(word, room_mm, size, face)]
        lines += _greedy(words, room_mm, size, face) if words else [""]
    return lines


def _pieces(word: str, room_mm: float, size: float, face: Face) -> list[str]:
    """A word that no line holds, in pieces that fit: after a slash where there is one ("19-ĐK/" "VPĐU")."""
    if width_mm(word, size, face) <= room_mm:
        return [word]
    pieces = [""]
    for letter in word:
        if pieces[-1] and width_mm(pieces[-1] + letter, size, face) > room_mm:
            kept, slash, rest = pieces[-1].rpartition("/")
            pieces[-1:] = [kept + slash, rest] if slash and rest else [pieces[-1], ""]
        pieces[-1] += letter
    return pieces


def _unbroken(phrase: str, room_mm: float, size: float, face: Face) -> list[str]:
    return [phrase] if width_mm(phrase, size, face) <= room_mm else phrase.split()


def _greedy(words: list[str], room_mm: float, size: float, face: Face) -> list[str]:
    lines, used = [words[0]], _thousandths(words[0], face)
    for word in words[1:]:
        more = _thousandths(word, face)
        longer = used + _WIDTHS[face][" "] + more
        if longer / 1000 * size * _MM_PER_POINT <= room_mm:
            lines[-1], used = f"{lines[-1]} {word}", longer
        else:
            lines.append(word)
            used = more
    return lines


def _phrases(text: str) -> list[str]:
    """`text` cut into what should stay together: known names, a word with its number or date, single words."""
    words = text.split()
    parts: list[str] = []
    start = 0
    while start < len(words):
        length = next((n for n in range(_LONGEST, 1, -1) if _is_phrase(words[start : start + n], n)), 1)
        following = words[start + length - 1 : start + length + 2]
        if _counts_months(following[:2]) or (
            _begins_with_digit(following[1:2]) and not _counts_months(following[1:])
        ):
            length += 1
        elif following[:1] == ["ngày"] and _begins_with_digit(following[1:2]):
            length += 1  # "ngày 27 tháng 5": a day, no count
        parts.append(" ".join(words[start : start + length]))
        start += length
    return parts


def _begins_with_digit(words: list[str]) -> bool:
    """A number, a date, a symbol, whatever stands before it."""
    return bool(words) and words[0].lstrip("(")[:1].isdigit()


def _counts_months(words: list[str]) -> bool:
    """A number with what it counts: "6 tháng"."""
    return len(words) == 2 and words[0].isdigit() and words[1] == "tháng"


def _is_phrase(words: list[str], length: int) -> bool:
    return len(words) == length and tuple(word.casefold() for word in words) in _PHRASES
