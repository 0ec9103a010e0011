"""Labels and headers as people write them, brought to one key; and texts that stand for nothing filled in."""

import functools
import re
from typing import Final

from pipeline.vietnamese import clean, fold, search_key

_NUMBERING: Final = re.compile(
    r"^(?:(?:phần|mục|chương)\s+)?(?:[ivxlc]{1,6}\s*[.)/\-–]+\s+|[ivx]{1,6}\s*[.)\-–]+(?=[^\W\d_])"
    r"|[0-9]{1,2}(?:\.[0-9]{1,2})*\s*[.)/:\-–]+\s*|[0-9](?:\.[0-9]{1,2})+\s+|[a-zđ]\s*[.)]\s*)",
    re.IGNORECASE,
)
_BULLET: Final = re.compile(r"^\s*(?:[-–—+*•●○▪■➢✓·]|[0-9]{1,2}[.)](?=\s)|[a-zđ]\)(?=\s))\s*")
_NOTE: Final = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*")
#: What may stand around a label and is no part of it.
EDGES: Final = " \t:.;,*-_/…–—+•●○▪■➢✓·"
#: What parts a label from its value where people type no colon: a tab, dots to write on, wide space, an equals sign.
_APART: Final = re.compile(r"\s*(?:\t|…|\.{3,}|_{3,}|[ \u00a0]{3,}|\s=\s)[\s.…_=]*")

# noi-dung F01, and what forms print where something is to be written.
_PLACEHOLDER: Final = re.compile(
    r"[\s.…_·\-–—/\\|:,;?*()\[\]{}<>]*"
    r"|x{2,}|n/?a|\[\s*\]|(?:d{1,2}|n{1,2})\s*[/.-]\s*(?:m{1,2}|t{1,2})\s*[/.-]\s*(?:y{2,4}|n{2,4})"
    r"|ngày[\s.…_/]*tháng[\s.…_/]*năm[\s.…_/]*(?:20[\s.…_]*)?|[\s.…_]*/[\s.…_]*/[\s.…_]*20[0-9]{2}"
    r"|nguyễn văn a|trần văn b|tên đơn vị|[(<\[](?:ghi|nêu|điền|nhập|chọn)[^()<>\[\]]*[)>\]]"
    # what Word shows in an empty content control, in both languages and by the version
    r"|chọn một mục\.?|(?:bấm|nhấp|nhấn|chạm).* để (?:nhập|thêm|chọn).*|choose an item\.?"
    r"|click or tap .*|click here to (?:enter|add) .*",
    re.IGNORECASE,
)
_LEADERS: Final = re.compile(
    r"^\s*(?:…[\s.…_]*|_{2,}[\s.…_]*|\.{3,}[\s.…_]*)|(?:…[\s.…_]*|_{2,}[\s.…_]*|(?<!\.)\.{3,}[\s.…_]*)$"
)


@functools.lru_cache(maxsize=8192)
def label_key(text: str) -> str:
    """The key by which a label on a form is known: no accents, case, numbering, notes in brackets, colon."""
    # no label is as long, and a cell may hold 32,767 characters
    if len(text) > 300:
        return ""
    bare = clean(text)
    # “1. Tên đơn vị”, “II- Chỉ tiêu”: people number what the form does not
    bare = _NUMBERING.sub("", bare)
    # twice, for brackets within brackets
    return search_key(_NOTE.sub(" ", _NOTE.sub(" ", bare))).strip(EDGES) or search_key(bare).strip(EDGES + "()[]")


def has_accents(text: str) -> bool:
    """Whether any letter of a text has a mark that Vietnamese writes: tones, ă â ê ô ơ ư, đ."""
    return any(sign > "\u007f" and fold(sign) != sign for sign in text)


def is_placeholder(text: str) -> bool:
    """Whether the text only marks where something should be written: ……, xxx, N/A, dd/mm/yyyy, Nguyễn Văn A."""
    return len(text) <= 200 and bool(_PLACEHOLDER.fullmatch(clean(text)))


def without_leaders(text: str) -> str:
    """The text without the dotted line it was written on: "……Công an TP.HCM……"."""
    if not any(sign in text for sign in ("…", "__", "...")):  # as nearly all are
        return text.strip()
    return _LEADERS.sub("", _LEADERS.sub("", text)).strip()


def pieces_apart(text: str) -> list[str]:
    """What stands apart on a line: "Điện thoại ........ 0900000001", "Người ký<tab>Lê An"."""
    return [piece for piece in _APART.split(text.strip()) if piece]


def without_bullet(text: str) -> str:
    """A line of a list without its dash or number."""
    return _BULLET.sub("", text, count=1)
