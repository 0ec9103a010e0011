"""Recognising how a document ends: signatures, Nơi nhận, appendices."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from pipeline import vietnamese
from pipeline.layout.check.blocks import (
    APPENDIX,
    AUTHORITY,
    MARK,
    RANK,
    SHORT,
    Appendix,
    Blocks,
    Signature,
    at,
    holds_placeholder,
    is_head_title,
    is_line,
    is_upper,
)
from pipeline.layout.check.lines import joined, whole_items
from pipeline.layout.check.word_document import Paragraph

# "Nơi nhận văn bản" is the head of a column
_RECIPIENTS: Final = re.compile(r"^noi nhan(?: van ban nay)?\s*(?::.*)?$")
_ITEM: Final = ("-", "–", "+", "•")
_NAME_WORDS: Final = (2, 7)
_BRACKETED: Final = 12  # letters that more than a remark in brackets has
_LINES_OVER: Final = 4
_POSITION: Final = re.compile(
    r"^(?:nguoi (?:bao cao|lap|viet|ky|trinh)"
    r"|(?:pho )?(?:giam doc|hieu truong|truong|chu tich|thu truong|chanh|bi thu)"
    r"|can bo|cong chuc|chuyen vien|thu ky|thay mat)\b"
)
_GUIDE_LINES: Final = 4
_HEAD_ROWS: Final = 12  # lines between the two titles of a head that shows both by mistake, at most


def read_foot(main: Sequence[Paragraph], start: int, found: Blocks) -> int:
    """Signatures and recipients; the index where they begin."""
    begins: list[int] = []
    listed: list[Paragraph] = []
    label = next(
        (index for index in range(len(main) - 1, start - 1, -1) if _RECIPIENTS.match(_folded(main[index]))), None
    )
    if label is not None:
        # the last one: a text about official papers may begin a line with these words
        found.recipients = main[label]
        begins.append(_first_of_table(main, label))
        listed = _list_after(main, label)
        # where the items end in ";", a line that ends in "," goes on
        is_comma = not any(line.stripped.endswith(";") for line in listed)
        found.recipient_lines = whole_items(listed, begins=_ITEM, ends=";.," if is_comma else ";.")
    taken = {id(para) for para in (found.recipients, *listed) if para is not None}
    for cell in _cells(main[start:]):
        signature = _signature([para for para in cell if id(para) not in taken])
        if signature is not None and signature.name is None:
            signature = Signature(signature.lines, _name_below(main, cell[-1]))
        if signature is not None:
            found.signatures.append(signature)
            begins.append(_first_of_table(main, at(main, signature.lines[0])))
    begins += _nameless(main, found)
    # papers typed without a table at their foot
    if not found.signatures:
        loose = [para for para in main[start:] if para.cell is None and para.stripped and id(para) not in taken]
        signature = _loose_signature(loose)
        if signature is not None:
            found.signatures.append(signature)
            begins.append(at(main, signature.lines[0]))
    return min(begins, default=len(main))


def _nameless(main: Sequence[Paragraph], found: Blocks) -> list[int]:
    """Blocks beside Nơi nhận with lines in capitals and no name under them."""
    label = found.recipients.cell if found.recipients is not None else None
    if label is None:
        return []
    known = {id(line) for signature in found.signatures for line in signature.lines}
    begins = []
    for cell in _cells(main):
        here = cell[0].cell
        beside = here is not None and here[:2] == label[:2] and here != label
        if not beside or id(cell[0]) in known:
            continue
        signature = None
        if all(is_upper(para.stripped) or _is_small(para.stripped) for para in cell):
            signature = Signature(tuple(cell), _name_below(main, cell[-1]))
        elif 1 < len(cell) <= _LINES_OVER and _is_name(cell[-1].stripped):  # the rest should be in capitals (TT13)
            signature = Signature(tuple(cell[:-1]), cell[-1])
        if signature is not None:
            found.signatures.append(signature)
            begins.append(_first_of_table(main, at(main, cell[0])))
    return begins


def _name_below(main: Sequence[Paragraph], last: Paragraph) -> Paragraph | None:
    """The signer's name where it was typed under the table of the foot."""
    following = [para for para in main[at(main, last) + 1 :] if para.cell is None and para.stripped]
    return following[0] if len(following) == 1 and _is_name(following[0].stripped) else None


def _folded(para: Paragraph) -> str:
    return vietnamese.fold(vietnamese.clean(para.stripped)).lower()


def _first_of_table(main: Sequence[Paragraph], index: int) -> int:
    cell = main[index].cell
    if cell is None:
        return index
    return next(place for place, para in enumerate(main) if para.cell is not None and para.cell[0] == cell[0])


def _list_after(main: Sequence[Paragraph], label: int) -> list[Paragraph]:
    cell = main[label].cell
    found: list[Paragraph] = []
    for para in main[label + 1 :]:
        is_item = para.stripped.startswith(_ITEM)
        # an item typed on two lines goes on where the sign at its end is still to come
        goes_on = bool(found) and bool(para.stripped) and not found[-1].stripped.endswith((";", ".", ","))
        if para.cell != cell or (cell is None and not is_item and not goes_on):
            break
        # "NguyenVanAn-26" under the list is the writer's mark with the number of copies, no recipient (HD05, box 12)
        if para.stripped and not re.fullmatch(r"[\w.]+-\d+", para.stripped):
            found.append(para)
    return found


def _cells(paras: Iterable[Paragraph]) -> list[list[Paragraph]]:
    cells: dict[tuple[int, int, int], list[Paragraph]] = {}
    for para in paras:
        if para.cell is not None and para.stripped:
            cells.setdefault(para.cell, []).append(para)
    return list(cells.values())


def _signature(paras: Sequence[Paragraph]) -> Signature | None:
    """A cell with lines in capitals and a person's name under them."""
    if len(paras) < 2:
        return None
    # "Người báo cáo", "Trưởng phòng": a position that should be in capitals (TT13), and nobody's list
    if not is_upper(paras[0].stripped):
        is_position = len(paras) <= _LINES_OVER and _POSITION.match(_folded(paras[0]))
        return Signature(tuple(paras[:-1]), paras[-1]) if is_position and _is_name(paras[-1].stripped) else None
    # a head of a table in capitals has no name below it
    if all(AUTHORITY.match(para.stripped) is None for para in paras) and not _is_name(paras[-1].stripped):
        return None
    return _split_signature(paras)


def _loose_signature(paras: Sequence[Paragraph]) -> Signature | None:
    """The last lines of a paper without a table at its foot."""
    tail = list(paras[-12:])
    for index, para in enumerate(tail):
        rest = tail[index:]
        begins = (
            is_upper(para.stripped) and len(para.stripped) < SHORT and len(rest) > 1 and _is_name(rest[-1].stripped)
        )
        if begins and all(is_upper(each.stripped) or _is_small(each.stripped) for each in rest[:-1]):
            return _split_signature(rest)
    return None


def _is_small(text: str) -> bool:
    return vietnamese.compare_key(text) == "kiêm" or (text.startswith("(") and text.endswith(")"))


def _split_signature(paras: Sequence[Paragraph]) -> Signature:
    lines = [para for para in paras if is_upper(para.stripped) or _is_small(para.stripped)]
    name = next((para for para in reversed(paras) if para not in lines), None)
    if name is None and len(lines) > 1 and _is_name(lines[-1].stripped.title()) and _far_below(lines):
        name = lines.pop()
    return Signature(tuple(lines), name)


def _far_below(lines: Sequence[Paragraph]) -> bool:
    # room for a signature tells a name in capitals from one more line of the position
    return lines[-1].format.before >= 24


def _is_name(text: str) -> bool:
    if holds_placeholder(text):
        return True
    words = RANK.sub("", re.sub(r"^(?:[\w.]+\.\s*)+", "", text)).split()
    least, most = _NAME_WORDS
    return (
        least <= len(words) <= most
        and all(word[:1].isupper() for word in words)
        and not any(char.isdigit() for char in text)
    )


# --- appendices --------------------------------------------------------------------------------------------------


def cut_appendices(body: Sequence[Paragraph], found: Blocks) -> tuple[list[Paragraph], list[Paragraph]]:
    """The main document, and what follows its first appendix heading; a paper that *is* an appendix is not cut."""
    headings = [index for index, para in enumerate(body) if para.cell is None and APPENDIX.match(para.stripped)]
    # a regulation that is issued with its decision begins with a head of its own
    second = _second_head(body)
    found.second = None if second is None else body[second]
    if not headings:
        return list(body[:second]), []
    headings[0] = min(headings[0], len(body) if second is None else second)
    inked_before = sum(1 for para in body[: headings[0]] if para.stripped)
    # fewer lines than any head has: the paper is itself an appendix
    if inked_before < 4:
        found.is_appendix = True
        return list(body[headings[0] :]), list(body)
    return list(body[: headings[0]]), list(body)


def _second_head(body: Sequence[Paragraph]) -> int | None:
    """Where the head of another paper begins in the same file: its title says the same again."""
    titled = [index for index, para in enumerate(body) if is_head_title(para.stripped)]
    if len(titled) < 2 or titled[1] - titled[0] < _HEAD_ROWS:
        return None
    return _first_of_table(body, titled[1])


def read_appendices(whole: Sequence[Paragraph], found: Blocks) -> None:
    """Each appendix with its guide line and its mark."""
    for index, para in enumerate(whole):
        match = APPENDIX.match(para.stripped)
        if match is None or para.cell is not None:
            continue
        following = list(whole[index + 1 : index + 10])
        guide = _guide(following)
        mark = next(
            (each for each in following if each.cell is None and (MARK.match(each.text) and each.stripped)), None
        ) or next((each for each in following if each.cell is None and not each.stripped and is_line(each)), None)
        found.appendices.append(Appendix(para, match[1] or "", guide, mark))


def _guide(following: Sequence[Paragraph]) -> Paragraph | None:
    """The line in brackets that says what an appendix belongs to; it may be typed on a few lines."""
    start = next(
        (
            at
            for at, each in enumerate(following)
            if each.stripped.startswith("(") and len(each.stripped) > _BRACKETED
        ),
        None,
    )
    if start is None:
        return None
    lines = following[start : start + _GUIDE_LINES]
    end = next((at for at, each in enumerate(lines, 1) if each.stripped.endswith(")")), 1)
    return joined(lines[:end])
