"""Where the lines of a justified paragraph end, and what may be kept from ending there.

A name or a date at the end of a line goes to the next one as a whole only if the blanks of the line that it leaves
do not get too wide: half of a name is better than a line full of holes. So the lines are laid as Word and LibreOffice
lay them, each as full as can be, and a no-break space is set at the ends of lines alone.
"""

import functools
import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from pipeline.layout.typesetting import BLANK, MM_PER_POINT, Face, names, thousandths, words

#: How wide a blank may become, of its own width, for what would be nicer on one line; for what has no halves, as a
#: year and its word. A choice of ours: for a year the blanks of twelve words get 2.4 times as wide at the most.
_NICE: Final = 2.5
_NEEDED: Final = 3.0
#: For a date, of which the month would begin a line, and for a remark in brackets.
_DATE: Final = 2.75
#: LibreOffice rounds the width of every piece of a line; a cell's margins are taken so wide that it does not matter.
_ROUNDED_MM: Final = 0.25
#: Programs measure a line differently by so much, at the most.
_NEAR_MM: Final = 1.0
#: What LibreOffice leaves free for the slant of a letter before each no-break sign: 1/12 of a line's height.
_SLANT: Final = 1107 / 12
_NO_BREAK: Final = "\u00a0"
_NO_BREAK_HYPHEN: Final = "\u2011"
_PIECES: Final = re.compile(r"[^ -]*-+|[^ -]+")
_DATES: Final = re.compile(r"\b(?:(ngày) \d{1,2} )?(tháng) \d{1,2} (năm) \d{4}\b", re.IGNORECASE)
#: What is told beside a name, in brackets.
_REMARKS: Final = re.compile(r"\((?:để [^()]{1,12}|điện thoại:? [\d .]+)\)?")
#: What may follow a name at once.
_SIGNS: Final = ",.;:)”"
_LAST_WORD: Final = re.compile(r"[^ ]+ [^ ]+$")
_YEARS: Final = re.compile(r"\bnăm \d+", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """The lines of a paragraph in millimetres, its letters in points.

    `indent_mm` is by how much a justified text begins further in; None for ragged lines, which nothing spreads.
    """

    room_mm: float = 165.0  # of the text of a page; HD05 2.1
    size: float = 14.0
    face: Face = "regular"
    indent_mm: float | None = None


@dataclass(frozen=True)
class Whole:
    """Letters of a text that would stay on one line; at its `starts`, the best first, one may begin."""

    end: int
    starts: tuple[int, ...]
    widest: float = _NICE


def kept_at_ends(text: str, original: str, column: Column, most: int = 0, pairs: Sequence[int] = ()) -> str:
    """The text with no-break spaces where a line would end within a name or a date, as far as the room allows it.

    `original` is the text without any. Ragged lines may not get more than `most` by it. `pairs` are blanks at which
    no line ends, however wide the others get.
    """
    laid = _Laid(text, column, most)
    if laid.is_one_line():
        return text
    is_ragged = column.indent_mm is None
    # the first that fits is taken: a paragraph's end is not worth what is torn before it
    wholes = (
        *_dates(original), *_names(original, is_ragged=is_ragged), *_remarks(original), *_paired(original, pairs),
        *(() if is_ragged else _ending(original)),
    )  # fmt: skip
    laid.lay(wholes)
    return "".join(_NO_BREAK if at in laid.kept else letter for at, letter in enumerate(text))


# a long table says the same again and again
@functools.lru_cache(maxsize=8192)
def lines_of(text: str, column: Column) -> int:
    """How many lines a text has; one without letters has one, too."""
    return sum(_Laid(paragraph, column).lines_from(0, is_first=True) for paragraph in text.split("\n"))


class _Laid:
    """A paragraph as it is laid, piece by piece, each line as full as can be.

    `kept` are the blanks that end no line.
    """

    def __init__(self, text: str, column: Column, most: int = 0) -> None:
        self.kept: set[int] = set()
        self._text, self._column, self._most = text, column, most
        pieces = list(_PIECES.finditer(text))
        self._begins = [piece.start() for piece in pieces]
        widths = [_width_of(piece[0], column.face) for piece in pieces]
        # a blank stands before a piece, or nothing where a hyphen ends the one before
        self._ends = list(accumulate(width + BLANK * self._is_after_blank(at) for at, width in enumerate(widths)))

    def is_one_line(self) -> bool:
        """Whether no line ends within it."""
        return self._end(0, is_first=True) >= len(self._begins)

    def lay(self, wholes: Sequence[Whole]) -> None:
        """Lay line by line, and keep of `wholes` what may be kept."""
        done, start = 0, 0
        while (end := self._end(start, is_first=not done)) < len(self._begins):
            done += 1
            begin = next(self._earlier(wholes, start, end, done), end)
            torn = self._begins[end]
            self.kept |= {at for at in range(self._begins[begin], torn) if self._text[at] == " "}
            self.kept |= self._uncertain(wholes, start, end, done)
            start = begin

    def _uncertain(self, wholes: Sequence[Whole], start: int, end: int, done: int) -> set[int]:
        """The blanks of pairs at which the line would end if another program found it a little longer or shorter."""
        left = self._room(is_first=done == 1) - self._width(start, end)
        near = self._near()
        ends = ([end - 1] if end - 1 > start and left < near else []) + (
            [end + 1] if self._width(start, end + 1) - self._room(is_first=done == 1) < near else []
        )
        return {
            self._begins[at] - 1
            for at in ends
            if at < len(self._begins) and self._is_after_blank(at)
            for whole in wholes
            if whole.widest == math.inf and whole.starts[0] < self._begins[at] <= whole.end
        }

    def lines_from(self, start: int, *, is_first: bool) -> int:
        """How many lines the pieces from one on make, which begins one."""
        count = 1
        while (start := self._end(start, is_first=is_first)) < len(self._begins):
            count, is_first = count + 1, False
        return count

    def _earlier(self, wholes: Sequence[Whole], start: int, end: int, done: int) -> Iterator[int]:
        """With which piece the next line may begin instead of `end`, lest this one tears something; best first."""
        torn = self._begins[end]
        for whole in wholes:
            if not min(whole.starts) < torn <= whole.end:
                continue
            for at in whole.starts:
                begin = bisect_left(self._begins, at)
                if begin == end or (
                    start < begin < end
                    and self._begins[begin] == at
                    and self._width(begin, end + 1) <= self._room(is_first=False)
                    and self._may_end(start, begin, done, whole)
                ):
                    yield begin

    def _may_end(self, start: int, end: int, done: int, whole: Whole) -> bool:
        """Whether the line may end so early: the blanks do not get too wide, or the lines not too many."""
        if self._column.indent_mm is None:
            return done + self.lines_from(end, is_first=False) <= self._most
        blanks = sum(
            self._is_after_blank(at) and self._begins[at] - 1 not in self.kept for at in range(start + 1, end)
        )
        left = self._room(is_first=done == 1) - self._width(start, end)
        return blanks > 0 and 1 + left / (blanks * BLANK) <= whole.widest

    def _end(self, start: int, *, is_first: bool) -> int:
        """The piece with which the next line begins, when this one begins with `start`."""
        end, room = start + 1, self._room(is_first=is_first)
        while end < len(self._begins) and self._width(start, end + 1) <= room:
            end += 1
        return end

    def _room(self, *, is_first: bool) -> float:
        """The room of a line, in thousandths of the letters' size."""
        indent_mm = self._column.indent_mm
        less_mm = 0.0 if indent_mm is None else _ROUNDED_MM + indent_mm * is_first
        return (self._column.room_mm - less_mm) / (self._column.size * MM_PER_POINT) * 1000

    def _near(self) -> float:
        return _NEAR_MM / (self._column.size * MM_PER_POINT) * 1000

    def _width(self, start: int, end: int) -> float:
        before = self._ends[start - 1] + BLANK * self._is_after_blank(start) if start else 0
        slants = self._column.face == "italic" and sum(
            self._begins[start] < at < self._begins[end - 1] for at in self.kept
        )
        return self._ends[end - 1] - before + slants * _SLANT

    def _is_after_blank(self, at: int) -> bool:
        return at > 0 and self._text[self._begins[at] - 1] == " "


def _width_of(piece: str, face: Face) -> float:
    slants = sum(map(piece.count, (_NO_BREAK, _NO_BREAK_HYPHEN))) if face == "italic" else 0
    return thousandths(piece.replace(_NO_BREAK_HYPHEN, "-"), face) + slants * _SLANT


def _dates(text: str) -> Iterator[Whole]:
    """Dates and years: "ngày 27 tháng 5 năm 2022" would stay whole, else goes on with the year, or with the month."""
    for date in _DATES.finditer(text):
        starts = tuple(date.start(part) for part in ((1, 3, 2) if date[1] else (2, 3)))
        yield Whole(date.end(), starts, _DATE)
    for year in _YEARS.finditer(text):
        yield Whole(year.end(), (year.start(),), _NEEDED)


def _remarks(text: str) -> Iterator[Whole]:
    """What stands in brackets behind a name."""
    for remark in _REMARKS.finditer(text):
        yield Whole(remark.end(), (remark.start(),), _DATE)


def _ending(text: str) -> Iterator[Whole]:
    """Two syllables, or the whole word they are of, for no paragraph ends with a line of one."""
    if last := _LAST_WORD.search(text):
        start = next((start for start, end in words(text) if start < last.start() < end), last.start())
        yield Whole(last.end(), (start,))


def _paired(text: str, pairs: Sequence[int]) -> Iterator[Whole]:
    """The words at both sides of a blank; of two blanks with one word between them all three: "2025 - 2030"."""
    start = end = -1
    for blank in pairs:
        if text.rfind(" ", 0, blank) + 1 > end:
            if end > 0:
                yield Whole(end, (start,), math.inf)
            start = text.rfind(" ", 0, blank) + 1
        end = text.find(" ", blank + 1)
        end = len(text) if end < 0 else end
    if end > 0:
        yield Whole(end, (start,), math.inf)


def _names(text: str, *, is_ragged: bool) -> Iterator[Whole]:
    """Names and the words of bodies: in two lines at least "Nguyễn" over "Văn An", "Phó Chánh" over "Văn phòng".

    Of ragged lines all known words: there it is the lines that are counted.
    """
    for start, end in words(text) if is_ragged else names(text):
        syllables = [start, *(start + at.end() for at in re.finditer(" ", text[start:end]))]
        # neither a name with a number nor one of several ("Dân - Chính - Đảng") has halves
        name = text[start:end]
        is_halved = len(syllables) > 2 and not name.rstrip(_SIGNS)[-1:].isdigit() and " - " not in name
        half = syllables[len(syllables) // 2]
        yield Whole(end, (start, half)) if is_halved else Whole(end, (start,), _NEEDED)
