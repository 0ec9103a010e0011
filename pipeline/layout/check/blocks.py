"""What the checks compare: the blocks of one official document, and the facts known of it beside its text."""

import datetime as dt
import difflib
import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline import vietnamese
from pipeline.layout.check.word_document import Paragraph
from pipeline.layout.profile import Family, Profile, all_profiles

#: The numbers of the tables that a head and a foot typed with tabs or spaces count as; those of the file begin at 1.
TYPED_HEAD, TYPED_FOOT = TYPED_TABLES = (0, -1)
_SIGNS: Final = 3  # of six: a paper with several faults still has more
SHORT: Final = 90  # characters of a line that can be part of a head or a foot
MARK: Final = re.compile(r"^[\s\u00a0]*(?:[-–—_=~*.•]{1,40}|[\u2500-\u257f]+)[\s\u00a0]*$")
GROUND: Final = re.compile(r"^[\s\-–—+•*]*(?:căn cứ|theo đề nghị|xét đề nghị)\b", re.IGNORECASE)
# wrong marks (TM, T/U) are recognised with the right ones: they are to be told, not overlooked
AUTHORITY: Final = re.compile(
    r"^(?:(?:[TKL]\s*[/.]?\s*[MTLU]|TUQ|T/UQ|Q|UQ)\s*[./]?\s+|(?:TM|KT|TL|TUQ|Q)\.)(?=[A-ZĐƯƠÂĂÊÔÀ-Ỹ])"
)
_HEADING: Final = re.compile(r"^(?:phần|chương|mục|tiểu mục)\s+(?:[ivxlc]+|\d+|thứ\s+\S+)\b", re.IGNORECASE)
NUMBER: Final = re.compile(r"^\s*số\b[\s:：.]*[\d\s\u00a0.…_]*\s*[-–—/]\s*\S", re.IGNORECASE)
APPENDIX: Final = re.compile(r"^phụ lục(?:\s+(?:số\s+)?([ivxlc]+|\d+))?$", re.IGNORECASE)
#: Code of a template, what Word shows of a merge field that was never filled (its name, without a blank), and of a
#: content control, in both languages and by the version.
PLACEHOLDER: Final = re.compile(
    r"\{[{%#]|[}%#]\}|\$\{[^{}]{1,40}\}|«[A-Za-z_]\w*»|<<[A-Za-z_]\w*>>"
    r"|Click (?:or tap )?(?:here )?to (?:enter|add) |Choose an item\."
    r"|(?:Bấm|Nhấp|Nhấn) [^.,;]{0,30}để nhập (?:văn bản|ngày)|Chọn một mục\."
)
DATE: Final = re.compile(r"\bngày\b.{0,12}\btháng\b.{0,12}\bnăm\b", re.IGNORECASE)
RANK: Final = re.compile(r"^(?:Đại|Thượng|Trung|Thiếu) (?:tướng|tá|úy|uý)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Signature:
    """One signer: the lines over the signature and the name under it."""

    lines: tuple[Paragraph, ...]
    name: Paragraph | None


@dataclass(frozen=True)
class Appendix:
    """An appendix: its heading, the lines of its title, its guide line, and whether a body went before it."""

    heading: Paragraph
    numeral: str
    guide: Paragraph | None
    mark: Paragraph | None


@dataclass
class Blocks:
    """The blocks of one document."""

    titles: dict[Family, Paragraph] = field(default_factory=dict)
    motto: Paragraph | None = None
    rules: list[Paragraph] = field(default_factory=list)
    names: list[Paragraph] = field(default_factory=list)
    issuer_mark: Paragraph | None = None
    number: Paragraph | None = None
    date: Paragraph | None = None
    letter_subject: list[Paragraph] = field(default_factory=list)
    draft: Paragraph | None = None
    type: Paragraph | None = None
    subject: list[Paragraph] = field(default_factory=list)
    mark: Paragraph | None = None
    addressee: list[Paragraph] = field(default_factory=list)
    grounds: list[Paragraph] = field(default_factory=list)
    body: list[Paragraph] = field(default_factory=list)
    last: Paragraph | None = None
    signatures: list[Signature] = field(default_factory=list)
    recipients: Paragraph | None = None
    recipient_lines: list[Paragraph] = field(default_factory=list)
    appendices: list[Appendix] = field(default_factory=list)
    is_appendix: bool = False
    second: Paragraph | None = None  #: where the head of another paper begins in the same file

    @property
    def is_official(self) -> bool:
        """Whether this is an official paper at all, told by what only such papers have: who issues it, and its marks.

        A contract, an application, a certificate or a letter has a motto of the State or a signature as well; none
        of them has an issuing body at its left, a number with a symbol, or a list of recipients.
        """
        if self.is_appendix:
            return bool(self.appendices and self.appendices[0].guide)
        is_issued = bool(self.names) and self.title is not None and self.title.cell is not None
        issued = (is_issued, self.number is not None, self.recipients is not None)
        signs = (
            *issued,
            self.title is not None or self.motto is not None,
            self.date is not None,
            bool(self.signatures),
        )
        return any(issued) and sum(signs) >= _SIGNS

    @property
    def drawn(self) -> tuple[Paragraph, ...]:
        """The rules and marks of head and trích yếu."""
        below = (self.issuer_mark, self.mark, *(each.mark for each in self.appendices))
        return tuple(line for line in (*self.rules, *below) if line is not None)

    @property
    def title(self) -> Paragraph | None:
        """The first head title found, of whichever family."""
        return min(self.titles.values(), key=lambda para: para.order, default=None)


@dataclass(frozen=True)
class Facts:
    """What the document should say. Nothing given, nothing compared.

    `today` is the day the check is made (a date after it is in the future); `on` the day of the document; `symbol`
    the issuing body's symbol in the number ("CTĐ4"); `issuer` its name as the head prints it; `prints_number` is
    False for a paper without a number (a pledge); `is_final` is False while a draft is looked at: it may say so.
    """

    today: dt.date | None = None
    on: dt.date | None = None
    symbol: str = ""
    issuer: str = ""
    prints_number: bool = True
    is_final: bool = True


def same_words(text: str, wanted: str) -> bool:
    """Whether a line is meant to say `wanted` (unaccented, lower case), slips of the pen allowed."""
    return _says(text, wanted) if len(text) <= _LONGEST_KEPT else _compared(text, wanted)


def _compared(text: str, wanted: str) -> bool:
    # a mark left out must not hide the title whose misspelling is to be told
    key = vietnamese.fold(vietnamese.clean(text)).lower().replace("–", "-").replace("—", "-")
    if key == wanted:
        return True
    return abs(len(key) - len(wanted)) <= 4 and difflib.SequenceMatcher(None, key, wanted).ratio() > 0.87


# the lines of a template come with every document made of it: each is looked at once
_LONGEST_KEPT: Final = 200
_says = functools.lru_cache(maxsize=8192)(_compared)


def is_upper(text: str) -> bool:
    """Whether a line is written in capitals (what small words a name has, such as “kiêm”, aside)."""
    return _in_capitals(text) if len(text) <= _LONGEST_KEPT else _are_capitals(text)


def _are_capitals(text: str) -> bool:
    letters = [char for char in unicodedata.normalize("NFC", text) if char.isalpha()]
    return bool(letters) and sum(char.isupper() for char in letters) > 0.8 * len(letters)


_in_capitals = functools.lru_cache(maxsize=4096)(_are_capitals)


def holds_placeholder(text: str) -> bool:
    """Whether a text holds a placeholder: what it will say is not known, only how it looks."""
    return bool(PLACEHOLDER.search(text))


def is_known_type(text: str) -> bool:
    """Whether a line is the name of a type of document, in any of the forms."""
    return vietnamese.compare_key(text) in _type_keys()


@functools.cache
def _type_keys() -> frozenset[str]:
    return frozenset(vietnamese.compare_key(name) for profile in all_profiles().values() for name in profile.types)


def own_text(para: Paragraph, pattern: re.Pattern[str]) -> str:
    """The piece of a line (divided by tabs) that matches, the whole line when none does."""
    for piece in re.split(r"[\t\n]", para.text):
        if pattern.search(piece.strip()):
            return piece.strip()
    return para.stripped


def is_line(para: Paragraph) -> bool:
    """Whether a paragraph without letters shows a line: underlined blanks, a border, a drawn shape."""
    return para.is_ruled or any(run.format.underline for run in para.runs)


def at(paras: Sequence[Paragraph], para: Paragraph) -> int:
    """The index of a paragraph in a list."""
    return next(index for index, each in enumerate(paras) if each is para)


def is_typed_half(para: Paragraph) -> bool:
    """Whether a line is half of a head or foot typed without a table: its rule is a shape anchored anywhere."""
    return para.cell is not None and para.cell[0] in TYPED_TABLES


def is_heading(para: Paragraph) -> bool:
    """Whether a paragraph of the body is a centred heading (Phần, Chương, Mục and their names)."""
    return bool(_HEADING.match(para.stripped)) or (para.format.align == "center" and is_upper(para.stripped))


@functools.cache
def head_titles() -> Mapping[Family, tuple[str, ...]]:
    """The titles of heads by system of forms, unaccented: a misspelt title must be found to be told (TT06)."""
    found: dict[Family, dict[str, None]] = {}
    for profile in all_profiles().values():
        title = vietnamese.fold(profile.texts_["head_title"]).lower()
        found.setdefault(profile.family, {})[title] = None
    return {family: tuple(titles) for family, titles in found.items()}


def is_head_title(text: str) -> bool:
    """Whether a line is meant to be the title of a head, of any form."""
    return any(same_words(text, wanted) for titles in head_titles().values() for wanted in titles)


def family_of(found: Blocks) -> Family:
    """The family of a paper: what its head says; without a head, what its number line and its end speak for."""
    if len(found.titles) == 1:
        return next(iter(found.titles))
    newest = {profile.family: profile for profile in all_profiles().values()}
    votes = {family: _votes(found, profile) for family, profile in newest.items()}
    most = max(votes.values())
    # equal: the title that stands first, else the system that is presumed
    first = [family for family, para in found.titles.items() if para is found.title]
    presumed = sorted(newest, key=lambda family: not newest[family].is_presumed)
    return next(family for family in (*first, *presumed) if votes[family] == most)


def _votes(found: Blocks, profile: Profile) -> int:
    """How much of what a paper shows is as the form of one system has it, and how much is not."""
    votes = 0
    if found.number is not None:
        # the State writes a colon after "Số", the Party none
        has_colon = re.match(r"^\s*Số\s*:", found.number.stripped) is not None
        votes += 1 if has_colon == (":" in profile.shapes.number_line.literals[0]) else -1
    if found.motto is not None:
        votes += 1 if profile.texts_["head_motto"] else -1
    # an appendix names the paper it belongs to: "số 12/QĐ-UBND" or "số 12-QĐ/TU"
    guide = found.appendices[0].guide if found.is_appendix and found.appendices else None
    after = None if guide is None else re.search(r"số\s*[\d\s.…_]*([/\-–])", guide.text)
    if after is not None and after[1] == "/":
        votes += 9 if profile.shapes.reference.literals[1].startswith("/") else -9
    # "./." ends the texts of the State
    if found.is_appendix and found.last is not None and found.last.stripped.endswith("./."):
        votes += 1 if profile.texts_["content_end"] == "./." else -1
    return votes
