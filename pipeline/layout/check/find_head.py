"""Recognising how a document begins: head, name of the type, trích yếu and the mark under it."""

import re
from collections.abc import Sequence
from typing import Final

from pipeline import vietnamese
from pipeline.layout.check.blocks import (
    DATE,
    GROUND,
    MARK,
    NUMBER,
    SHORT,
    Blocks,
    head_titles,
    is_known_type,
    is_line,
    is_upper,
    same_words,
)
from pipeline.layout.check.word_document import Paragraph

_HEAD_REACH: Final = 40
_ANY_NUMBER: Final = re.compile(r"^(?:\w+ ){0,2}số\s*[:：]", re.IGNORECASE)
_NUMBER_ALONE: Final = re.compile(r"^\s*số\s*[:：]?\s*\S{1,20}$", re.IGNORECASE)
# every way people begin it: which of them the form wants is asked afterwards (TT09)
_LETTER_SUBJECT: Final = re.compile(r"^\s*(?:v/v|về việc|vv)\b", re.IGNORECASE)
ADDRESSEE: Final = re.compile(r"^\s*kính (?:gửi|trình|mời|chuyển)\b", re.IGNORECASE)
_PLACE_WORDS: Final = 9
_YEAR_LETTERS: Final = 8  # a year, or the blank for one
_SENTENCE: Final = re.compile(
    r"^\W*(?:hôm nay|vào|từ|đến|trong|trước|sau|căn cứ|lúc|hồi|kèm theo|theo)\b", re.IGNORECASE
)
_DRAFT: Final = re.compile(r"^\W*(?:bản\s+)?dự thảo\b", re.IGNORECASE)
_URGENT: Final = frozenset({"khan", "thuong khan", "hoa toc", "hoa toc hen gio"})
_MOTTO: Final = "doc lap - tu do - hanh phuc"


def read_head(main: Sequence[Paragraph], found: Blocks) -> None:
    """Title, motto, names, number, date and what else stands in the head."""
    inked = [para for para in main if para.stripped][:_HEAD_REACH]
    for para in inked:
        for family, titles in head_titles().items():
            if family not in found.titles and _says(para, titles):
                found.titles[family] = para
        if found.motto is None and any(same_words(piece, _MOTTO) for piece in _pieces(para)):
            found.motto = para
    title = found.title
    zone = _head_zone(main, title)
    for para in zone:
        _place_in_head(para, found)
    if title is not None:
        _names(zone, title, found)
        found.rules = [para for para in zone if _shows_rule(para) and _same_side(para, title)]


def _says(para: Paragraph, titles: Sequence[str]) -> bool:
    return any(same_words(piece, wanted) for piece in _pieces(para) for wanted in titles)


def _pieces(para: Paragraph) -> list[str]:
    return [piece for piece in re.split(r"[\t\n]", para.text) if piece.strip()] or [para.text]


def _head_zone(main: Sequence[Paragraph], title: Paragraph | None) -> list[Paragraph]:
    """The paragraphs of the head: those of the title's table, or up to number and date when there is none."""
    if title is not None and title.cell is not None:
        table = title.cell[0]
        return [para for para in main if para.cell is not None and para.cell[0] == table]
    zone: list[Paragraph] = []
    for para in main:
        if len(zone) >= 14 or (zone and is_known_type(para.stripped)):
            break
        if para.cell is None or title is None:
            zone.append(para)
    return zone


def _place_in_head(para: Paragraph, found: Blocks) -> None:
    text = para.stripped
    if not text or len(text) > SHORT * 2:
        return
    is_subject = _LETTER_SUBJECT.match(text) is not None or bool(
        found.letter_subject and _continues(found.letter_subject[-1], para)
    )
    # number and date may stand on one line, parted by a tab
    for piece in _pieces(para):
        bare = piece.strip()
        if found.number is None and len(bare) < 60 and (NUMBER.match(bare) or _NUMBER_ALONE.match(bare)):
            found.number = para
        # a line of the subject may begin with the day of the paper that it is about
        elif found.date is None and _is_date_line(bare) and not (is_subject and DATE.match(bare)):
            found.date = para
    if is_subject:
        found.letter_subject.append(para)
    elif found.draft is None and _DRAFT.match(text) and len(text) < 40:
        found.draft = para


def _is_date_line(text: str) -> bool:
    """Whether a line of the head is place and date, not a sentence that names a day."""
    match = DATE.search(text)
    if match is None or len(text) >= SHORT:
        return False
    place, year = text[: match.start()].rstrip(" ,"), text[match.end() :].strip(" .,…")
    return len(place.split()) <= _PLACE_WORDS and len(year) <= _YEAR_LETTERS and not _SENTENCE.match(text)


def _continues(before: Paragraph, para: Paragraph) -> bool:
    return para.cell is not None and para.cell == before.cell and not is_upper(para.stripped)


def _shows_rule(para: Paragraph) -> bool:
    return para.is_ruled or (not para.stripped and is_line(para))


def _same_side(para: Paragraph, title: Paragraph) -> bool:
    # in whichever row: each line of a head may have one of its own
    return para.cell is None or (title.cell is not None and para.cell[2] == title.cell[2])


def _names(zone: Sequence[Paragraph], title: Paragraph, found: Blocks) -> None:
    """The lines of the superior and the issuing body, and the mark under them: the column left of the title."""
    taken = {id(para) for para in (title, found.number, found.date, found.motto, found.draft, *found.letter_subject)}
    # a head without a table: all capitals above the number are names
    if title.cell is None:
        lines = [
            para
            for para in zone
            if id(para) not in taken
            and para.stripped
            and is_upper(para.stripped)
            and not is_known_type(para.stripped)
        ]
        # under the title stands the name of the type, not the body
        end = title.order if found.number is None else max(title.order, found.number.order)
        lines = [para for para in lines if para.order < end and not _is_untitled_type(para, title)]
        found.names = lines
        found.issuer_mark = next((para for para in zone if para.stripped == "*"), None)
        return
    left = [para for para in zone if para.cell is not None and para.cell[2] < title.cell[2]]
    for para in left:
        # a mark of urgency stands in this column and is no name (HD05, box 10)
        if id(para) in taken or vietnamese.fold(para.stripped).lower() in _URGENT:
            continue
        if ADDRESSEE.match(para.stripped):
            break
        if para.stripped and any(char.isalpha() for char in para.stripped):
            if _is_no_name(para, found):
                continue
            found.names.append(para)
        elif found.names and ((MARK.match(para.text) and para.stripped) or is_line(para)):
            found.issuer_mark = found.issuer_mark or para


def _is_untitled_type(para: Paragraph, title: Paragraph) -> bool:
    """Whether a line in the middle of the sheet, under a title in the middle, is that of a type no form lists."""
    return para.order > title.order and para.format.align == "center" and title.format.align == "center"


def _is_no_name(para: Paragraph, found: Blocks) -> bool:
    """Whether a line of the left column is no name: a number of another shape, a subject, what follows them."""
    text = para.stripped
    is_below = found.number is not None and para.order > found.number.order
    return is_below or text.startswith("(") or bool(_ANY_NUMBER.match(text)) or bool(_LETTER_SUBJECT.match(text))


def after_head(main: Sequence[Paragraph], found: Blocks) -> int:
    """Where the head ends: after its table, or after the last of its lines."""
    marks = [para for para in (found.title, found.motto, found.number, found.date, *found.letter_subject) if para]
    if not marks:
        return 0
    tables = {para.cell[0] for para in marks if para.cell is not None}
    last = max(
        index
        for index, para in enumerate(main)
        if para in marks or (para.cell is not None and para.cell[0] in tables)
    )
    return last + 1


def read_title(main: Sequence[Paragraph], start: int, found: Blocks) -> int:
    """Name of the type, trích yếu and the mark under it; the index where the content begins."""
    candidates = [(index, para) for index, para in enumerate(main[start : start + 14], start) if para.stripped][:6]
    for index, para in candidates:
        if ADDRESSEE.match(para.stripped) or len(para.stripped) > SHORT:
            break
        if _DRAFT.match(para.stripped):
            found.draft = found.draft or para
            continue
        if para.cell is None and (is_known_type(para.stripped) or _looks_like_type(para)):
            found.type = para
            start = _subject(main, index + 1, found)
            break
    return start


def _looks_like_type(para: Paragraph) -> bool:
    return is_upper(para.stripped) and para.format.align == "center" and not MARK.match(para.text)


def _subject(main: Sequence[Paragraph], start: int, found: Blocks) -> int:
    index = start
    while index < len(main) and index < start + 10:
        para = main[index]
        # a trích yếu may stand in a table of one cell
        is_set_in = para.cell is not None and (bool(found.subject) or para.format.align != "center")
        if is_set_in or GROUND.match(para.stripped) or ADDRESSEE.match(para.stripped):
            break
        # "CHỦ TỊCH ỦY BAN NHÂN DÂN …": who decides, under the trích yếu
        if (
            found.subject
            and is_upper(para.stripped)
            and (found.subject[-1].is_ruled or not is_upper(found.subject[-1].stripped))
        ):
            break
        # a line without letters: Word makes a border of typed hyphens by itself
        if (para.stripped and MARK.match(para.text)) or (not para.stripped and is_line(para)):
            found.mark = para
            return index + 1
        if para.stripped.startswith("(") and found.subject:
            # by whom it was adopted, in brackets; typed on a few lines, perhaps
            end = next((at for at, each in enumerate(main[index : index + 4]) if each.stripped.endswith(")")), 0)
            index += end + 1
            continue
        if para.stripped:
            if found.subject and (para.format.align != "center" or len(found.subject) > 5):
                break
            # in bold, it is the trích yếu all the same
            is_bold = all(run.format.bold for run in para.visible_runs)
            if para.format.align != "center" and len(para.stripped) > SHORT * 2 and not is_bold:
                break
            found.subject.append(para)
        elif found.subject and not _mark_follows(main, index):
            break
        index += 1
    return index


def _mark_follows(main: Sequence[Paragraph], index: int) -> bool:
    following = [para for para in main[index : index + 4] if para.stripped or is_line(para)]
    return bool(following) and bool(MARK.match(following[0].text) or is_line(following[0]))
