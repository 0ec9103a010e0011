"""Where the lines of a head or a signature are broken, and how wide a text is in Times New Roman, without a font.

The advance widths are those of the font's own metrics (thousandths of the size; Liberation Serif has the same). A
Vietnamese letter is as wide as its base letter, except the four letters with a horn.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Face = Literal["regular", "bold", "italic"]

MM_PER_POINT = 25.4 / 72
_HORN = "\u031b"
# for a letter the table lacks: as wide as a figure
_AVERAGE = 500

_GROUPS: Mapping[Face, Mapping[int, str]] = {
    "regular": {
        180: "'", 250: " .,", 278: "ijlt;:/", 333: "frI-()![]", 389: "sJ", 408: '"', 444: "acez“”?",
        500: "bdghknopquvxy0123456789–*_đ«»", 529: "ơ", 542: "ư", 556: "FPS", 564: "+=<>", 611: "ELTZ", 667: "BCR",
        722: "wADGHKNOQUVXYƠĐ", 776: "Ư", 778: "m&", 833: "%", 889: "M", 921: "@", 944: "W", 1000: "—…",
    },
    "bold": {
        250: " .,", 278: "il/'", 333: "fjt;:-()![]", 389: "sI", 444: "cerz", 500: "agovxyJ0123456789–“”*_?«»",
        554: "ơ", 555: '"', 556: "bdhknpquSđ", 570: "+=<>", 600: "ư", 611: "FP", 667: "BELTZ", 722: "wACDNRUVXYĐ",
        778: "GHKOQƠ", 796: "Ư", 833: "m&", 930: "@", 944: "M", 1000: "W%—…",
    },
    "italic": {
        214: "'", 250: " .,", 278: "fijlt/", 333: "I;:-()!", 389: "rsz[]", 420: '"', 444: "cekvxyJ",
        500: "abdghnopquS0123456789–*_?đ«»", 534: "ơ", 545: "ư", 556: "LTYZ“”", 611: "ABEFPRVX", 667: "wCKN",
        675: "+=<>", 722: "mDGHOQUƠĐ", 754: "Ư", 778: "&", 833: "MW%", 889: "—…", 920: "@",
    },
}  # fmt: skip

_WIDTHS: dict[Face, dict[str, int]] = {
    face: {letter: width for width, letters in groups.items() for letter in letters}
    for face, groups in _GROUPS.items()
}

#: Words which stay on one line in a head or a signature, where we break the lines and everybody sees it.
_TOGETHER = (
    "ban chấp hành", "ban thường vụ", "báo cáo", "bằng khen", "bí mật", "biên bản", "biện pháp", "biên phòng",
    "bình xét", "bộ chỉ huy", "bộ đội", "bộ tư lệnh", "cá nhân", "cán bộ", "cấp nước", "chánh văn phòng", "chế xuất",
    "chi bộ", "chỉ tiêu", "chính trị", "chủ nhiệm", "chủ tịch", "chủ trì", "chuyên đề", "chức vụ", "có mặt",
    "cổ phần",
    "công an", "cộng hòa", "công nghiệp", "cộng sản", "công tác", "công ty", "cờ thi đua", "cụm phó", "cụm thi đua",
    "cụm thi đua số", "cụm trưởng", "danh sách", "dân - chính - đảng", "doanh nghiệp", "đại diện", "đại học",
    "đảng bộ", "đảng ủy", "đặc khu", "đăng ký", "đầu mối", "đề nghị", "địa điểm", "điện lực", "đính chính", "đơn vị",
    "giám đốc", "giao ước", "giấy khen", "hành chính", "hành chính - lưu trữ", "hoàn thành", "hoạt động",
    "hồ chí minh", "hội đồng", "hội nghị", "kế hoạch", "kết quả", "khen thưởng", "khu chế xuất", "không có",
    "kiểm phiếu", "lãnh đạo", "liên đoàn", "lưu trữ", "ngân hàng", "nhà nước", "nội dung", "phó bí thư", "phó chánh",
    "phó chánh văn phòng", "phó chủ nhiệm", "phó giám đốc", "phó tổng giám đốc", "phó trưởng ban",
    "phó trưởng phòng", "phối hợp", "phụ trách", "quân sự", "quốc gia", "quy chế", "sài gòn", "sơ kết", "tán thành",
    "tập thể", "thành lập", "thành phố", "thành ủy", "thành viên", "thẩm định", "thi đua", "thông qua", "thời gian",
    "thư điện tử",
    "thực hiện", "thương mại", "tổ chức", "tổng công ty", "tổng giám đốc", "tổng kết", "trách nhiệm hữu hạn",
    "triển khai", "trưởng ban", "trưởng phòng", "tự chấm", "ủy ban", "ủy ban nhân dân", "ủy quyền", "văn bản",
    "văn phòng", "văn phòng phẩm", "về việc", "ý kiến",
)  # fmt: skip

_NO_BREAK = "\u00a0"
#: The width of a blank, in thousandths of the size, in every face.
BLANK = 250
#: A person's name has up to five syllables, and "ông" before it.
_LONGEST_NAME = 6

_DATE = re.compile(r"ngày \d{1,2} tháng \d{1,2}(?: năm \d{4}|$)", re.IGNORECASE)

#: What may stand before a name and after it.
_BEFORE, _AFTER = '(“"', ',.;:)”"'

_PHRASES = frozenset(tuple(phrase.split()) for phrase in _TOGETHER)
_LONGEST = max(len(phrase) for phrase in _PHRASES)


@dataclass(frozen=True)
class _Room:
    """A line of a column that no piece of a text may be longer than."""

    room_mm: float
    size: float
    face: Face

    def holds(self, words: list[str]) -> bool:
        return width_mm(" ".join(words), self.size, self.face) <= self.room_mm


def _base(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    return unicodedata.normalize("NFC", parts[0] + _HORN) if _HORN in parts else parts[0]


def width_mm(text: str, size: float, face: Face = "regular") -> float:
    """The width of `text` on one line, in millimetres, at `size` points."""
    return thousandths(text, face) / 1000 * size * MM_PER_POINT


# a book of ten thousand lines has few words, again and again
@functools.lru_cache(maxsize=65_536)
def thousandths(text: str, face: Face) -> int:
    """The width of `text` in thousandths of its size."""
    widths = _WIDTHS[face]
    plain = unicodedata.normalize("NFC", text).replace("\u00a0", " ")
    return sum(widths.get(_base(letter), _AVERAGE) for letter in plain)


def balanced(text: str, room_mm: float, size: float, face: Face = "regular") -> list[str]:
    """`text` in as few lines as fit `room_mm`, the lines as even as they can be, upper lines the longer ones.

    Names such as "Tổng công ty" are kept together while the room allows it. A word wider than the room stands on a
    line of its own. An empty text has no lines.
    """
    words = _phrases(text, _Room(room_mm, size, face))
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


def whole_words(text: str, room_mm: float, size: float, face: Face = "regular", *, is_of_names: bool = False) -> str:
    """`text` with no-break spaces within words that are known and fit the room, or within names alone.

    Other blanks stay.
    """
    # letter for letter: two blanks, or the end of a line, would get lost
    if text.split(" ") != text.split():
        return text
    phrases = _phrases(text, _Room(room_mm, size, face))
    return " ".join(
        phrase.replace(" ", _NO_BREAK) if not is_of_names or _is_name(phrase) else phrase for phrase in phrases
    )


def words(text: str) -> Iterator[tuple[int, int]]:
    """Where known words of several syllables begin and end in a text, and names."""
    if text.split(" ") != text.split():
        return
    start = 0
    for phrase in _phrases(text):
        end = start + len(phrase)
        if " " in phrase:
            yield start, end
        start = end + 1


def names(text: str) -> Iterator[tuple[int, int]]:
    """Where names begin and end in a text: those of persons and places, and the words of which others consist."""
    return ((start, end) for start, end in words(text) if _is_name(text[start:end]))


def _is_name(phrase: str) -> bool:
    return phrase.lstrip(_BEFORE)[:1].isupper() or bool(_DATE.match(phrase))


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


def _greedy(words: list[str], room_mm: float, size: float, face: Face) -> list[str]:
    lines, used = [words[0]], thousandths(words[0], face)
    for word in words[1:]:
        more = thousandths(word, face)
        longer = used + _WIDTHS[face][" "] + more
        if longer / 1000 * size * MM_PER_POINT <= room_mm:
            lines[-1], used = f"{lines[-1]} {word}", longer
        else:
            lines.append(word)
            used = more
    return lines


def _phrases(text: str, room: _Room | None = None) -> list[str]:
    """`text` cut into what should stay together: known words, names, a word with its number or date, single words.

    With a room, a phrase that does not fit it gives way to a shorter one.
    """
    words = text.split()
    parts: list[str] = []
    start = 0
    while start < len(words):
        length = _phrase_length(words, start, room) or _name_length(words, start, room)
        length = length or _date_length(words, start, room) or 1
        counted = _takes_number(words[start + length - 1 : start + length + 2])
        length += counted and (room is None or room.holds(words[start : start + length + 1]))
        parts.append(" ".join(words[start : start + length]))
        start += length
    return parts


def _phrase_length(words: list[str], start: int, room: _Room | None) -> int:
    """How many words from `start` are a known phrase that fits, 0 where none is."""
    for length in range(min(_LONGEST, len(words) - start), 1, -1):
        if _is_phrase(words[start : start + length]) and (room is None or room.holds(words[start : start + length])):
            return length
    return 0


def _name_length(words: list[str], start: int, room: _Room | None) -> int:
    """How many words from `start` are a name, each with a capital; of a name that does not fit, its first half."""
    length = 0
    while length <= _LONGEST_NAME and start + length < len(words):
        word = words[start + length]
        if not _is_syllable(word, is_first=length == 0) or _phrase_length(words, start + length, None):
            break
        length += 1
        if word[-1] in _AFTER:
            break
    if length < 2 or length > _LONGEST_NAME:
        return 0
    while length > 1 and room is not None and not room.holds(words[start : start + length]):
        length //= 2
    return length


def _date_length(words: list[str], start: int, room: _Room | None) -> int:
    """How many words from `start` are a date, "ngày 27 tháng 5 năm 2022", or as much of it as fits; 0 if none."""
    if not _DATE.match(" ".join(words[start : start + 6])):
        return 0
    return next((most for most in (6, 4) if room is None or room.holds(words[start : start + most])), 0)


def _is_syllable(word: str, *, is_first: bool) -> bool:
    """A syllable of a name: "Nguyễn", "(Nguyễn" where it begins, "An," where it ends; no "TP", no "QUYẾT"."""
    letters = (word.lstrip(_BEFORE) if is_first else word).rstrip(_AFTER)
    return letters.istitle() and letters.isalpha()


def _takes_number(following: list[str]) -> bool:
    """Whether a number stands behind the first of three words that belongs to it, or what the number counts."""
    word, number, counted = [*following, "", ""][:3]
    if word.isdigit() and number == "tháng":
        return True
    # "ngày 27 tháng 5": a day, no count
    is_count = number.isdigit() and counted == "tháng" and word != "ngày"
    # a number, a date, a symbol, whatever stands before it; what stands in brackets is said apart
    return number[:1].isdigit() and word[-1] not in ",.;" and not is_count


def _is_phrase(words: list[str]) -> bool:
    *others, last = (word.casefold() for word in words)
    return (*others, last) in _PHRASES or (*others, last.rstrip(_AFTER)) in _PHRASES
