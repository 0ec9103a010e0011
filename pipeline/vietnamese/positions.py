"""Positions of leaders: who is deputy to whom, and of what body somebody is a leader (the-thuc.md §2.9, §3.5)."""

import re
from typing import Final

from pipeline.vietnamese.text import clean

_DEPUTY: Final = re.compile(r"(phó|thứ)\s+(?=\S)", re.IGNORECASE)
#: "Phó Chánh Văn phòng phụ trách" leads while no head is appointed; "Phó Giám đốc phụ trách tài chính" has a field.
_IN_CHARGE: Final = re.compile(r"[\s,(-]+phụ trách\b(.*)$", re.IGNORECASE)
#: How titles of heads begin; of what else stands behind "Phó" nobody can tell whose deputy it is.
_HEAD: Final = re.compile(
    r"(?:chánh|chủ nhiệm|chủ tịch|tư lệnh|chính ủy|tổng biên tập|tổng thư ký|(?:tổng )?giám đốc|(?:\w+ ){0,2}trưởng)"
    r"\b",
    re.IGNORECASE,
)
#: As people say it: "Phó phòng Tổng hợp", "Phó Văn phòng".
_SHORTENED: Final = re.compile(r"(?:(phòng|ban|khoa|đội|tổ)|văn phòng)\b", re.IGNORECASE)
_ACTING: Final = re.compile(r"(?:quyền|q\.)\s+(?=\S)", re.IGNORECASE)
#: Titles of those who lead by themselves, before the body they lead; a secretary leads a collective.
_LEADS: Final = re.compile(
    r"(?:chánh|trưởng|chủ nhiệm|tổng giám đốc|giám đốc|chủ tịch|bí thư|viện trưởng|hiệu trưởng|cục trưởng)(?:\s+|$)",
    re.IGNORECASE,
)
_OF_A_COLLECTIVE: Final = re.compile(r"bí thư\b", re.IGNORECASE)


def head_over(position: str) -> str:
    """The position of the head to whom somebody is deputy, "" of who is none.

    "Chánh Văn phòng" over "Phó Chánh Văn phòng phụ trách"; nobody over "Phó Bí thư", who signs for a collective, nor
    over a deputy of something that is no title of a head.
    """
    bare = _IN_CHARGE.sub("", clean(position))
    found = _DEPUTY.match(bare)
    rest = bare[found.end() :] if found else ""
    if shortened := _SHORTENED.match(rest):
        rest = f"{'Trưởng' if shortened[1] else 'Chánh'} {rest}"
    if not _HEAD.match(rest) or _OF_A_COLLECTIVE.match(rest):
        return ""
    # a ministry's deputies have a title of their own
    head = f"Bộ {rest}" if found and found[1].casefold() == "thứ" else rest
    return head[0].upper() + head[1:]


def is_deputy(position: str) -> bool:
    """Whether the title says deputy, of a head or of a collective's secretary."""
    return _DEPUTY.match(clean(position)) is not None


def is_in_charge(position: str) -> bool:
    """Whether a deputy leads while no head is appointed: is in charge of the body itself, and of no field."""
    found = _IN_CHARGE.search(clean(position))
    field = found[1].strip(" )") if found else ""
    return found is not None and is_deputy(position) and field.casefold() in ("", body_led(position).casefold())


def is_acting(position: str) -> bool:
    """Whether somebody is acting head: "Quyền Giám đốc", "Q. Giám đốc"."""
    return _ACTING.match(clean(position)) is not None


def without_acting(position: str) -> str:
    """The position itself: "Giám đốc" of "Quyền Giám đốc"."""
    return _ACTING.sub("", clean(position), count=1)


def leads_a_collective(position: str) -> bool:
    """Whether somebody signs on behalf of a collective: a secretary, a deputy secretary."""
    bare = clean(position)
    return _OF_A_COLLECTIVE.match(_DEPUTY.sub("", bare, count=1)) is not None


def body_led(position: str) -> str:
    """What a leader leads, as far as the title says it: "Văn phòng" of "Phó Chánh Văn phòng", "" of "Giám đốc"."""
    bare = _IN_CHARGE.sub("", without_acting(position))
    bare = _DEPUTY.sub("", bare, count=1)
    found = _LEADS.match(bare)
    return bare[found.end() :] if found else ""


def title_under(position: str, superior: str) -> str:
    """A position without the words at its end with which the name of the body above begins."""
    words, above = position.split(), [word.casefold() for word in superior.split()]
    for length in range(min(len(words) - 1, len(above)), 0, -1):
        if [word.casefold() for word in words[-length:]] == above[:length]:
            return " ".join(words[:-length])
    return position
