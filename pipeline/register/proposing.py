"""What the register may say of a paper, proposed from its words: number, day, author, type, title.

By the shape of official papers (HD05 II, NĐ30 Phụ lục I): author at the top, number and place with day below it, then
type and subject. What is read is a proposal: nothing of it enters a book before a person has said so.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.model import Direction, OutsideFacts
from pipeline.vietnamese import clean, compare_key, fold, parse_date

#: The head of a paper: what stands further down speaks of other papers.
_HEAD_LINES: Final = 40
_SUBJECT_LINES: Final = 6
_LONGEST: Final = 500
_NUMBER: Final = re.compile(r"\bS[ốôòóo]\s*[:.]?\s*([0-9]{1,6}[a-zđ]?\s*[-/]\s*[^\s,;]+)", re.IGNORECASE)
_BLANK_NUMBER: Final = re.compile(r"\bSố\s*[:.]?\s*[-/]\s*([^\s,;]+)")
_DAY: Final = re.compile(r"ngày\s*[0-9]{1,2}\s*tháng\s*[0-9]{1,2}\s*năm\s*[0-9]{4}", re.IGNORECASE)
_PLACE_AND_DAY: Final = re.compile(r"[^,]{2,40},\s*ngày\b.*", re.IGNORECASE)
_ABOUT: Final = re.compile(r"(?:v/v|về việc|về)\b[:\s]*", re.IGNORECASE)
#: What stands opposite the author on every paper, without accents.
_NATIONAL: Final = re.compile(
    r"cong hoa xa hoi chu nghia viet nam|doc lap\s*-\s*tu do\s*-\s*hanh phuc|dang cong san viet nam"
)
_END: Final = re.compile(
    r"^(?:[-_*.=—–\s]{3,}$|kính gửi|căn cứ|điều 1|[ivx1]+[.)]\s|thực hiện |theo )", re.IGNORECASE
)
_WORDS: Final = re.compile(r"[^\W\d_]{2,}")


def proposed(
    lines: Sequence[str], direction: Direction, types: Mapping[str, str], arrived_on: dt.date | None = None
) -> OutsideFacts:
    """Propose what a paper's own lines say; `types` gives codes of types by their names ("KẾ HOẠCH" -> "KH")."""
    head = [text for line in lines[: 3 * _HEAD_LINES] if (text := clean(line))][:_HEAD_LINES]
    at, number = _number(head)
    day = next((match.group() for line in head if (match := _DAY.search(line))), "")
    type_name, title = _subject(head, at, types)
    return OutsideFacts(
        direction,
        number=number,
        on=parse_date(day) if day else None,
        author=_author(head[:at] if at >= 0 else head[:4]),
        title=" ".join(part for part in (type_name.capitalize(), title) if part)[:_LONGEST],
        type=types.get(compare_key(type_name), ""),
        arrived_on=arrived_on if direction is Direction.INCOMING else None,
    )


def _number(head: Sequence[str]) -> tuple[int, str]:
    """Give the line of the number, and number with symbol; -1 where no line has it, "" where its place is blank."""
    for at, line in enumerate(head):
        if match := _NUMBER.search(line):
            return at, re.sub(r"\s*([-/])\s*", r"\1", match[1]).rstrip(".")
        if _BLANK_NUMBER.search(line):
            return at, ""
    return -1, ""


def _author(above: Sequence[str]) -> str:
    """Give the issuing body: the lines in capitals above the number, without the body above it."""
    found = []
    for line in above:
        bare = _without_national(line)
        # a place with a day stands beside the symbol or the body, and has small letters
        if _WORDS.search(bare) and bare == bare.upper() and not _DAY.search(line):
            found.append(bare)
    return " ".join(found[1:] or found)


def _without_national(line: str) -> str:
    """Take out what stands opposite: texts of two columns come out as one line."""
    key = fold(line).casefold()
    match = _NATIONAL.search(key)
    # letter for letter: taking accents off composed letters changes no place
    bare = line[: match.start()] + line[match.end() :] if match and len(key) == len(line) else line
    return clean(bare).strip("*-–— ")


def _subject(head: Sequence[str], at: int, types: Mapping[str, str]) -> tuple[str, str]:
    """Give the name of the type as it stands there ("" for a công văn), and the subject below it."""
    below = [line for line in head[at + 1 :] if not _PLACE_AND_DAY.fullmatch(line)]
    for number, line in enumerate(below):
        if line == line.upper() and compare_key(line) in types:
            return line, _until_end(below[number + 1 :])
    for number, line in enumerate(below):
        if _ABOUT.match(line):
            return "", _until_end(below[number:])
    return "", ""


def _until_end(lines: Sequence[str]) -> str:
    taken: list[str] = []
    for line in lines[:_SUBJECT_LINES]:
        if _END.match(line) or (taken and line == line.upper()):
            break
        taken.append(line)
    return " ".join(taken)
