"""Which paragraph is what: the blocks of an official document told by their text and where they stand.

Nothing is taken from the names of styles, so that papers typed elsewhere are understood as well as ours. What is not
there is None or empty.
"""

import difflib
import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline import vietnamese
from pipeline.form.checking.walking import Para
from pipeline.form.profile import Family, Profile, all_profiles

_HEAD_REACH: Final = 40
_SHORT: Final = 90
_NUMBER: Final = re.compile(r"^\s*số\b[\s:：.]*[\d\s\u00a0.…_]*\s*[-–—/]\s*\S", re.IGNORECASE)
_NUMBER_ALONE: Final = re.compile(r"^\s*số\s*[:：]?\s*\S{1,20}$", re.IGNORECASE)
_DATE: Final = re.compile(r"\bngày\b.{0,12}\btháng\b.{0,12}\bnăm\b", re.IGNORECASE)
_MARK: Final = re.compile(r"^[\s\u00a0]*(?:[-–—_=~*.•]{1,40}|[\u2500-\u257f]+)[\s\u00a0]*$")
GROUND: Final = re.compile(r"^[\s\-–—+•*]*(?:căn cứ|theo đề nghị|xét đề nghị)\b", re.IGNORECASE)
_LETTER_SUBJECT: Final = re.compile(r"^\s*(?:v/v|về việc|vv)\b", re.IGNORECASE)
_ADDRESSEE: Final = re.compile(r"^\s*kính (?:gửi|trình|mời|chuyển)\b", re.IGNORECASE)
_RECIPIENTS: Final = re.compile(r"^noi nhan\b")
_APPENDIX: Final = re.compile(r"^phụ lục(?:\s+(?:số\s+)?([ivxlc]+|\d+))?$", re.IGNORECASE)
_DRAFT: Final = re.compile(r"^\W*(?:bản\s+)?dự thảo\b", re.IGNORECASE)
_URGENT: Final = frozenset({"khan", "thuong khan", "hoa toc", "hoa toc hen gio"})
AUTHORITY: Final = re.compile(r"^(?:[TKL]\s*[/.]?\s*[MTLU]|TUQ|T/UQ|Q|UQ)\s*[./]?\s+(?=[A-ZĐƯƠÂĂÊÔÀ-Ỹ])")
_HEADING: Final = re.compile(r"^(?:phần|chương|mục|tiểu mục)\s+(?:[ivxlc]+|\d+|thứ\s+\S+)\b", re.IGNORECASE)
RANK: Final = re.compile(r"^(?:Đại|Thượng|Trung|Thiếu) (?:tướng|tá|úy|uý)\s+", re.IGNORECASE)
_NAME_WORDS: Final = (2, 7)
_TITLES_OF: Final[dict[Family, str]] = {
    "party": "dang cong san viet nam",
    "state": "cong hoa xa hoi chu nghia viet nam",
}
_MOTTO: Final = "doc lap - tu do - hanh phuc"


@dataclass(frozen=True)
class Signature:
    """One signer: the lines over the signature and the name under it."""

    lines: tuple[Para, ...]
    name: Para | None


@dataclass(frozen=True)
class Appendix:
    """An appendix: its heading, the lines of its title, its guide line, and whether a body went before it."""

    heading: Para
    numeral: str
    guide: Para | None
    mark: Para | None


@dataclass
class Blocks:
    """The blocks of one document."""

    titles: dict[Family, Para] = field(default_factory=dict)
    motto: Para | None = None
    rules: list[Para] = field(default_factory=list)
    names: list[Para] = field(default_factory=list)
    issuer_mark: Para | None = None
    number: Para | None = None
    date: Para | None = None
    letter_subject: list[Para] = field(default_factory=list)
    draft: Para | None = None
    type: Para | None = None
    subject: list[Para] = field(default_factory=list)
    mark: Para | None = None
    addressee: list[Para] = field(default_factory=list)
    grounds: list[Para] = field(default_factory=list)
    body: list[Para] = field(default_factory=list)
    last: Para | None = None
    signatures: list[Signature] = field(default_factory=list)
    recipients: Para | None = None
    recipient_lines: list[Para] = field(default_factory=list)
    appendices: list[Appendix] = field(default_factory=list)
    is_appendix: bool = False

    @property
    def title(self) -> Para | None:
        """The first head title found, of whichever family."""
        return min(self.titles.values(), key=lambda para: para.order, default=None)


def recognised(body: Sequence[Para]) -> Blocks:
    """Recognise the blocks of a body."""
    found = Blocks()
    main, tail = _cut_appendices(body, found)
    inked = [para for para in main if para.bare]
    if not inked:
        return found
    if found.is_appendix:
        _read_appendices(tail, found)
        rest = _after_appendix_title(main, found.appendices[0])
    else:
        _head(main, found)
        rest = _title_block(main, _after_head(main, found), found)
    end = _foot(main, rest, found)
    found.body = [para for para in main if rest <= _at(main, para) < end and para.cell is None and para.bare]
    _content(found)
    if end > rest:
        last = next((para for para in reversed(main[rest:end]) if para.bare), None)
        found.last = last if last is not None and last.cell is None else None
    if not found.is_appendix:
        _read_appendices(tail, found)
    return found


def _after_appendix_title(main: Sequence[Para], appendix: "Appendix") -> int:
    last = appendix.mark or appendix.guide or appendix.heading
    return _at(main, last) + 1


def same_words(text: str, wanted: str) -> bool:
    """Whether a line is meant to say `wanted` (unaccented, lower case), slips of the pen allowed."""
    key = vietnamese.fold(vietnamese.clean(text)).lower().replace("–", "-").replace("—", "-")
    if key == wanted:
        return True
    return abs(len(key) - len(wanted)) <= 4 and difflib.SequenceMatcher(None, key, wanted).ratio() > 0.87


def is_upper(text: str) -> bool:
    """Whether a line is written in capitals (what small words a name has, such as “kiêm”, aside)."""
    letters = [char for char in unicodedata.normalize("NFC", text) if char.isalpha()]
    return bool(letters) and sum(char.isupper() for char in letters) > 0.8 * len(letters)


def _at(paras: Sequence[Para], para: Para) -> int:
    # the body is walked in order, so the distance of the orders is the distance in the list
    return next(index for index, each in enumerate(paras) if each is para)


# --- head --------------------------------------------------------------------------------------------------------


def _head(main: Sequence[Para], found: Blocks) -> None:
    inked = [para for para in main if para.bare][:_HEAD_REACH]
    for para in inked:
        for family, wanted in _TITLES_OF.items():
            if family not in found.titles and any(same_words(piece, wanted) for piece in _pieces(para)):
                found.titles[family] = para
        if found.motto is None and any(same_words(piece, _MOTTO) for piece in _pieces(para)):
            found.motto = para
    title = found.title
    zone = _head_zone(main, title)
    for para in zone:
        _place_in_head(para, found, main)
    if title is not None:
        _names(zone, title, found)
        found.rules = [para for para in zone if para.is_ruled and _same_side(para, title)]


def _pieces(para: Para) -> list[str]:
    return [piece for piece in re.split(r"[\t\n]", para.text) if piece.strip()] or [para.text]


def _head_zone(main: Sequence[Para], title: Para | None) -> list[Para]:
    """The paragraphs of the head: those of the title's table, or up to number and date when there is none."""
    if title is not None and title.cell is not None:
        table = title.cell[0]
        return [para for para in main if para.cell is not None and para.cell[0] == table]
    zone: list[Para] = []
    for para in main:
        if len(zone) >= 14 or (zone and _known_type(para.bare)):
            break
        if para.cell is None or title is None:
            zone.append(para)
    return zone


def _place_in_head(para: Para, found: Blocks, main: Sequence[Para]) -> None:
    text = para.bare
    if not text or len(text) > _SHORT * 2:
        return
    for piece in _pieces(para):
        bare = piece.strip()
        if found.number is None and len(bare) < 60 and (_NUMBER.match(bare) or _NUMBER_ALONE.match(bare)):
            found.number = para
        elif found.date is None and len(bare) < _SHORT and _DATE.search(bare):
            found.date = para
    if _LETTER_SUBJECT.match(text) or (found.letter_subject and _continues(found.letter_subject[-1], para)):
        found.letter_subject.append(para)
    elif found.draft is None and _DRAFT.match(text) and len(text) < 40:
        found.draft = para


def _continues(before: Para, para: Para) -> bool:
    return para.cell is not None and para.cell == before.cell and not is_upper(para.bare)


def _same_side(para: Para, title: Para) -> bool:
    return para.cell == title.cell or para.cell is None


def _names(zone: Sequence[Para], title: Para, found: Blocks) -> None:
    """The lines of the superior and the issuing body, and the mark under them: the column left of the title."""
    taken = {id(para) for para in (title, found.number, found.date, found.motto, found.draft, *found.letter_subject)}
    if title.cell is None:
        lines = [
            para
            for para in zone
            if id(para) not in taken and para.bare and is_upper(para.bare) and not _known_type(para.bare)
        ]
        lines = [para for para in lines if found.number is None or para.order < found.number.order]
        found.names = lines
        found.issuer_mark = next((para for para in zone if para.bare == "*"), None)
        return
    row = title.cell[1]
    left = [para for para in zone if para.cell is not None and para.cell[1] == row and para.cell[2] < title.cell[2]]
    if not any(para.bare for para in left):
        left = [para for para in zone if para.cell is not None and para.cell[2] < title.cell[2]]
    for para in left:
        if id(para) in taken or vietnamese.fold(para.bare).lower() in _URGENT:
            continue
        if para.bare and any(char.isalpha() for char in para.bare):
            found.names.append(para)
        elif found.names and ((_MARK.match(para.text) and para.bare) or _is_line(para)):
            found.issuer_mark = found.issuer_mark or para


def _is_line(para: Para) -> bool:
    """Whether a paragraph without letters shows a line: underlined blanks, a border, a drawn shape."""
    return para.is_ruled or any(run.look.underline for run in para.runs)


# --- title -------------------------------------------------------------------------------------------------------


def _known_type(text: str) -> bool:
    key = vietnamese.compare_key(text)
    return key in _type_keys()


@functools.cache
def _type_keys() -> frozenset[str]:
    return frozenset(vietnamese.compare_key(name) for profile in all_profiles().values() for name in profile.types)


def _after_head(main: Sequence[Para], found: Blocks) -> int:
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


def _title_block(main: Sequence[Para], start: int, found: Blocks) -> int:
    """Name of the type, trích yếu and the mark under it; the index where the content begins."""
    candidates = [(index, para) for index, para in enumerate(main[start : start + 14], start) if para.bare][:6]
    for index, para in candidates:
        if _ADDRESSEE.match(para.bare) or len(para.bare) > _SHORT:
            break
        if _DRAFT.match(para.bare):
            found.draft = found.draft or para
            continue
        if para.cell is None and (_known_type(para.bare) or _looks_like_type(para)):
            found.type = para
            start = _subject(main, index + 1, found)
            break
    return start


def _looks_like_type(para: Para) -> bool:
    return is_upper(para.bare) and para.look.align == "center" and not _MARK.match(para.text)


def _subject(main: Sequence[Para], start: int, found: Blocks) -> int:
    index = start
    while index < len(main) and index < start + 10:
        para = main[index]
        if para.cell is not None or GROUND.match(para.bare) or _ADDRESSEE.match(para.bare):
            break
        if (para.bare and _MARK.match(para.text)) or (not para.bare and _is_line(para)):
            found.mark = para
            return index + 1
        if para.bare.startswith("(") and found.subject:
            index += 1  # by whom it was adopted, in brackets
            continue
        if para.bare:
            if found.subject and (para.look.align != "center" or len(found.subject) > 5):
                break
            if para.look.align != "center" and len(para.bare) > _SHORT * 2:
                break
            found.subject.append(para)
        elif found.subject and not _mark_follows(main, index):
            break
        index += 1
    return index


def _mark_follows(main: Sequence[Para], index: int) -> bool:
    following = [para for para in main[index : index + 4] if para.bare or _is_line(para)]
    return bool(following) and bool(_MARK.match(following[0].text) or _is_line(following[0]))


# --- content and foot --------------------------------------------------------------------------------------------


def _content(found: Blocks) -> None:
    """Tell addressee lines and căn cứ from the body."""
    rest = list(found.body)
    while rest and (_ADDRESSEE.match(rest[0].bare) or (found.addressee and _is_item(rest[0]))):
        found.addressee.append(rest.pop(0))
    start = next((index for index, para in enumerate(rest[:6]) if GROUND.match(para.bare)), None)
    if start is not None:
        end = start
        while end < len(rest) and GROUND.match(rest[end].bare):
            end += 1
        found.grounds = rest[start:end]
        rest = rest[:start] + rest[end:]
    found.body = rest


def _is_item(para: Para) -> bool:
    return para.bare.startswith(("-", "–", "+")) and len(para.bare) < _SHORT * 2


def _foot(main: Sequence[Para], start: int, found: Blocks) -> int:
    """Signatures and recipients; the index where they begin."""
    begins: list[int] = []
    label = next(
        (index for index in range(len(main) - 1, start - 1, -1) if _RECIPIENTS.match(_folded(main[index]))), None
    )
    if label is not None:
        found.recipients = main[label]
        begins.append(_first_of_table(main, label))
        found.recipient_lines = _list_after(main, label)
    taken = {id(para) for para in (found.recipients, *found.recipient_lines) if para is not None}
    for cell in _cells(main[start:]):
        signature = _signature([para for para in cell if id(para) not in taken])
        if signature is not None:
            found.signatures.append(signature)
            begins.append(_first_of_table(main, _at(main, signature.lines[0])))
    if not found.signatures:
        loose = [para for para in main[start:] if para.cell is None and para.bare and id(para) not in taken]
        signature = _loose_signature(loose)
        if signature is not None:
            found.signatures.append(signature)
            begins.append(_at(main, signature.lines[0]))
    return min(begins, default=len(main))


def _folded(para: Para) -> str:
    return vietnamese.fold(vietnamese.clean(para.bare)).lower()


def _first_of_table(main: Sequence[Para], index: int) -> int:
    cell = main[index].cell
    if cell is None:
        return index
    return next(place for place, para in enumerate(main) if para.cell is not None and para.cell[0] == cell[0])


def _list_after(main: Sequence[Para], label: int) -> list[Para]:
    cell = main[label].cell
    found: list[Para] = []
    for para in main[label + 1 :]:
        if para.cell != cell or (cell is None and not para.bare.startswith(("-", "–", "+", "•"))):
            break
        if para.bare and not re.fullmatch(r"[\w.]+-\d+", para.bare):
            found.append(para)
    return found


def _cells(paras: Iterable[Para]) -> list[list[Para]]:
    cells: dict[tuple[int, int, int], list[Para]] = {}
    for para in paras:
        if para.cell is not None and para.bare:
            cells.setdefault(para.cell, []).append(para)
    return list(cells.values())


def _signature(paras: Sequence[Para]) -> Signature | None:
    """A cell with lines in capitals and a person's name under them."""
    if not paras or not is_upper(paras[0].bare) or len(paras) < 2:
        return None
    if all(AUTHORITY.match(para.bare) is None for para in paras) and not _is_name(paras[-1].bare):
        return None
    return _split_signature(paras)


def _loose_signature(paras: Sequence[Para]) -> Signature | None:
    """The last lines of a paper without a table at its foot."""
    tail = list(paras[-12:])
    for index, para in enumerate(tail):
        rest = tail[index:]
        begins = is_upper(para.bare) and len(para.bare) < _SHORT and len(rest) > 1 and _is_name(rest[-1].bare)
        if begins and all(is_upper(each.bare) or _is_small(each.bare) for each in rest[:-1]):
            return _split_signature(rest)
    return None


def _is_small(text: str) -> bool:
    return vietnamese.compare_key(text) == "kiêm" or (text.startswith("(") and text.endswith(")"))


def _split_signature(paras: Sequence[Para]) -> Signature:
    lines = [para for para in paras if is_upper(para.bare) or _is_small(para.bare)]
    name = next((para for para in reversed(paras) if para not in lines), None)
    if name is None and len(lines) > 1 and _is_name(lines[-1].bare.title()) and _far_below(lines):
        name = lines.pop()
    return Signature(tuple(lines), name)


def _far_below(lines: Sequence[Para]) -> bool:
    return lines[-1].look.before >= 24


def _is_name(text: str) -> bool:
    words = RANK.sub("", re.sub(r"^(?:[\w.]+\.\s*)+", "", text)).split()
    least, most = _NAME_WORDS
    return (
        least <= len(words) <= most
        and all(word[:1].isupper() for word in words)
        and not any(char.isdigit() for char in text)
    )


def is_heading(para: Para) -> bool:
    """Whether a paragraph of the body is a centred heading (Phần, Chương, Mục and their names)."""
    return bool(_HEADING.match(para.bare)) or (para.look.align == "center" and is_upper(para.bare))


# --- appendices --------------------------------------------------------------------------------------------------


def _cut_appendices(body: Sequence[Para], found: Blocks) -> tuple[list[Para], list[Para]]:
    """The main document, and what follows its first appendix heading; a paper that *is* an appendix is not cut."""
    headings = [index for index, para in enumerate(body) if para.cell is None and _APPENDIX.match(para.bare)]
    if not headings:
        return list(body), []
    inked_before = sum(1 for para in body[: headings[0]] if para.bare)
    if inked_before < 4:
        found.is_appendix = True
        return list(body[headings[0] :]), list(body)
    return list(body[: headings[0]]), list(body)


def _read_appendices(whole: Sequence[Para], found: Blocks) -> None:
    for index, para in enumerate(whole):
        match = _APPENDIX.match(para.bare)
        if match is None or para.cell is not None:
            continue
        following = list(whole[index + 1 : index + 10])
        guide = next((each for each in following if each.bare.startswith("(") and len(each.bare) > 12), None)
        mark = next(
            (each for each in following if each.cell is None and (_MARK.match(each.text) and each.bare)), None
        ) or next((each for each in following if each.cell is None and not each.bare and _is_line(each)), None)
        found.appendices.append(Appendix(para, match[1] or "", guide, mark))


def family_of(found: Blocks, profile: Profile | None) -> Family:
    """The family of a paper: what its head says; without a head, what its number line says; the Party otherwise."""
    if profile is not None:
        return profile.family
    if len(found.titles) == 1:
        return next(iter(found.titles))
    votes = 0
    if found.number is not None:
        votes += -1 if re.match(r"^\s*Số\s*:", found.number.bare) else 1
    if found.motto is not None:
        votes -= 1
    if found.is_appendix and found.last is not None and found.last.bare.endswith("./."):
        votes -= 1
    if found.title is not None and not votes:
        return next(family for family, para in found.titles.items() if para is found.title)
    return "state" if votes < 0 else "party"
