"""How wide the columns of a table are, by what stands in them: shared anew when a paper is filled, in the same room.

A template gives each column a width for what its maker thought of. A column gets at least its longest word, and its
longest name, or number with its word, as far as there is room; what it lacks the others give, each of what it has to
spare. Then a column with much text takes from one with little as long as the rows get lower by it. So a table whose
texts fit the template's widths is left as it is.

A row that is high may be split, whatever the template says of it: kept whole it leaves half a page empty before it.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline.layout.line_ends import Column
from pipeline.layout.no_break import Kept, unbroken
from pipeline.layout.profile import Profile
from pipeline.layout.styles import LINED_TABLE
from pipeline.layout.typesetting import Face, width_mm

_TABLE: Final = f'<w:tbl><w:tblPr><w:tblStyle w:val="{LINED_TABLE[0]}"/>'
_FIXED: Final = '<w:tblLayout w:type="fixed"/>'
#: What we do not lay out: a table in a cell, a row that begins further in, a cell over several rows.
_UNKNOWN: Final = ("<w:tbl>", "<w:gridBefore", "<w:gridAfter", "<w:vMerge")
_PARTS: Final = re.compile(
    r'<w:gridCol [^>]*?w:w="(?P<column>\d+)"|<w:tcW [^>]*?w:w="(?P<cell>\d+)"|<w:gridSpan w:val="(?P<span>\d+)"'
    r'|<w:pStyle w:val="(?P<style>[^"]*)"|(?P<bold><w:b/>)|<w:t(?: [^>]*)?>(?P<text>[^<]*)</w:t>'
    r"|(?P<hyphen><w:noBreakHyphen/>)|(?P<paragraph></w:p>)|(?P<row></w:tr>)"
)
#: Where a line may end: at a blank, and behind a hyphen that no no-break space follows.
_ENDS: Final = re.compile(r" +|(?<=-)(?=[^ \u00a0-])")
_ROW: Final = re.compile(r"<w:tr[ >].*?</w:tr>", re.DOTALL)
_STYLE: Final = re.compile(r"<w:p(?: [^>]*)?><w:pPr><w:pStyle [^>]*/>(?!<w:keepNext)")
_WHOLE, _HEADING = "<w:cantSplit/>", "<w:tblHeader/>"
#: A row of more lines may be split, of forty on a page; not a lower one: neither program minds a line left alone.
_MOST_KEPT: Final = 10
_TWO_SYLLABLES: Final = re.compile(r"[^\W\d]+ [^\W\d]+")
#: A text so short is as whole as a name.
_SHORT_MM: Final = 23.0
_MM_PER_TWIP: Final = 25.4 / 1440
#: The margins of a cell, its lines, and a room for what programs round.
_AROUND_MM: Final = 3.4
#: No column gets narrower than this part of its width in the template: an empty one may be written in by hand.
_KEEPS: Final = 0.6
#: The part of a line that ragged texts of several lines leave free, each.
_FREE: Final = 0.4
_STEP_MM: Final = 2.0
#: A name that is torn is as bad as so much of a line.
_TORN: Final = 0.5
#: By how many lines a step makes a table lower at least; how many steps; how many rows are looked at for them.
_GAIN, _STEPS, _ROWS = 0.1, 30, 40


@dataclass
class _Cell:
    """Where its width stands in the XML, the columns it covers, and what is in it, in millimetres."""

    place: tuple[int, int]
    columns: range
    word: float = 0.0
    number: float = 0.0
    name: float = 0.0
    length: float = 0.0
    paragraphs: int = 0


@dataclass
class _Table:
    """A table as the template gives it: where the widths of its columns stand, and the widths, in millimetres."""

    places: list[tuple[int, int]] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    rows: list[list[_Cell]] = field(default_factory=lambda: [[]])

    def is_whole(self) -> bool:
        """Whether each row covers all columns."""
        return bool(self.rows) and all(row and row[-1].columns.stop == len(self.widths) for row in self.rows)


def columns_shared(body: str, profile: Profile) -> str:
    """The XML of a body with the widths of its lined tables shared by what stands in them; each as wide as before.

    Their high rows may be split.
    """
    done, last = [], 0
    while (start := body.find(_TABLE, last)) >= 0:
        end = body.find("</w:tbl>", start)
        done += [body[last:start], _shared(body[start:end], profile)]
        last = end
    return "".join([*done, body[last:]])


def _shared(xml: str, profile: Profile) -> str:
    if _FIXED not in xml or any(xml.find(sign, 1) >= 0 for sign in _UNKNOWN):
        return xml
    table = _read(xml, profile)
    if not table.is_whole():
        return xml
    widths = _balanced(table)
    return _rows_broken(_widened(xml, table, widths) if widths != table.widths else xml, _split(table, widths))


def _split(table: _Table, widths: Sequence[float]) -> list[bool]:
    """Of each row, whether it is so high that it may be split."""
    return [
        any(
            max(cell.paragraphs, _lines(cell.length, sum(widths[at] for at in cell.columns))) > _MOST_KEPT
            for cell in row
        )
        for row in table.rows
    ]


def _rows_broken(xml: str, split: Sequence[bool]) -> str:
    """The XML of a table whose high rows may go on on the next page, and whose last row is not alone there."""
    rows = list(_ROW.finditer(xml))
    pieces, last = [], 0
    for at, (row, is_split) in enumerate(zip(rows, split, strict=True)):
        text = row[0]
        if _HEADING not in text:
            text = text.replace(_WHOLE, "", 1) if is_split else text
            text = _STYLE.sub(r"\g<0><w:keepNext/>", text) if at == len(rows) - 2 and not any(split[at:]) else text
        pieces += [xml[last : row.start()], text]
        last = row.end()
    return "".join([*pieces, xml[last:]])


def _widened(xml: str, table: _Table, widths: Sequence[float]) -> str:
    """The XML of a table whose columns, and the cells over them, have these widths."""
    edges = [round(sum(widths[:at]) / _MM_PER_TWIP) for at in range(len(widths) + 1)]
    cells = [(cell.place, cell.columns) for row in table.rows for cell in row]
    pieces, last = [], 0
    for (start, end), columns in [*((place, range(at, at + 1)) for at, place in enumerate(table.places)), *cells]:
        pieces += [xml[last:start], str(edges[columns.stop] - edges[columns.start])]
        last = end
    return "".join([*pieces, xml[last:]])


def _read(xml: str, profile: Profile) -> _Table:
    table = _Table()
    style, is_bold, text = "", False, ""
    for part in _PARTS.finditer(xml):
        row = table.rows[-1]
        if part["column"]:
            table.places.append(part.span("column"))
            table.widths.append(int(part["column"]) * _MM_PER_TWIP)
        elif part["cell"]:
            begin = row[-1].columns.stop if row else 0
            row.append(_Cell(part.span("cell"), range(begin, begin + 1)))
        elif part["span"]:
            begin = row[-1].columns.start
            row[-1].columns = range(begin, begin + int(part["span"]))
        elif part["row"]:
            table.rows.append([])
        elif part["paragraph"]:
            _measure(row[-1], text, style, profile, is_bold=is_bold)
            style, is_bold, text = "", False, ""
        else:
            style, is_bold = part["style"] or style, is_bold or bool(part["bold"])
            text += part["text"] or ("-" if part["hyphen"] else "")
    table.rows.pop()
    return table


def _measure(cell: _Cell, text: str, style: str, profile: Profile, *, is_bold: bool) -> None:
    """Add a paragraph to what is in a cell."""
    if not text:
        return
    cell.paragraphs += 1
    look = profile.styles.get(style)
    face: Face = "bold" if is_bold or (look and look.bold) else "italic" if look and look.italic else "regular"
    is_heading = style == "VTBangDau"
    word, number, name, length = _lengths(text, look.size if look else 14.0, face, "words" if is_heading else "names")
    if is_heading and any(map(str.isdigit, text)):
        number = name  # "Quý 1"
    elif is_heading and _TWO_SYLLABLES.fullmatch(text):
        name = (
            number  # "Thực hiện": each may have a line of its own; longer ones are whole when no text needs the room
        )
    elif not is_heading and length <= _SHORT_MM:
        name = length  # "Đã tổ chức"
    cell.word, cell.number = max(cell.word, word), max(cell.number, number)
    cell.name, cell.length = max(cell.name, name), cell.length + length


@functools.lru_cache(maxsize=8192)
def _lengths(text: str, size: float, face: Face, keeps: Kept) -> tuple[float, float, float, float]:
    """In millimetres: its longest word or symbol, its longest number with its word, its longest name, all of it."""
    column = Column(size=size, face=face)

    def longest(shown: str) -> float:
        return max((width_mm(piece, size, face) for piece in set(_ENDS.split(shown))), default=0.0)

    # what has several names in it ("Dân - Chính - Đảng") is as whole as a number
    numbers = unbroken(text, column).replace("\u00a0- ", "\u00a0-\u00a0")
    words = numbers.replace("\u00a0", " ")
    return longest(words), longest(numbers), longest(unbroken(text, column, keeps)), width_mm(text, size, face)


def _balanced(table: _Table) -> list[float]:
    """The widths of the columns, in millimetres; those of the template where it is not better otherwise."""
    words, numbers, names = _least(table)
    if sum(words) > sum(table.widths):
        return table.widths
    numbers = _as_far(words, numbers, sum(table.widths))
    least = _as_far(numbers, names, sum(table.widths))
    widths = [max(own, needed) for own, needed in zip(table.widths, least, strict=True)]
    spare = [own - needed for own, needed in zip(widths, least, strict=True)]
    if (lacking := sum(widths) - sum(table.widths)) > 0:
        widths = [own - free * lacking / sum(spare) for own, free in zip(widths, spare, strict=True)]
    every = max(1, len(table.rows) // _ROWS)
    rows = [
        [(cell.columns.start, cell.length, cell.name) for cell in row if len(cell.columns) == 1 and cell.length]
        for row in table.rows[::every]
    ]
    return _lowered(rows, widths, numbers)


def _least(table: _Table) -> tuple[list[float], list[float], list[float]]:
    """How wide each column is to be for its words, for its numbers with their words, for its names."""
    words = [own * _KEEPS for own in table.widths]
    numbers, names = list(words), list(words)
    for cell in (cell for row in table.rows for cell in row if len(cell.columns) == 1 and cell.length):
        at = cell.columns.start
        words[at] = max(words[at], cell.word + _AROUND_MM)
        numbers[at] = max(numbers[at], cell.number + _AROUND_MM)
        names[at] = max(names[at], cell.name + _AROUND_MM)
    return words, numbers, names


def _as_far(widths: Sequence[float], wanted: Sequence[float], room: float) -> list[float]:
    """The widths as wide as wanted, as far as there is room: who lacks little gets it before who lacks much."""
    lacking = [max(0.0, wide - own) for own, wide in zip(widths, wanted, strict=True)]
    left, most = room - sum(widths), max(lacking)
    for done, one in enumerate(sorted(lacking)):
        others = len(lacking) - done
        if one * others > left:
            most = left / others
            break
        left -= one
    return [own + min(most, more) for own, more in zip(widths, lacking, strict=True)]


_Row = Sequence[tuple[int, float, float]]


def _lowered(rows: Sequence[_Row], widths: list[float], least: Sequence[float]) -> list[float]:
    """The widths when a column has taken from another, step by step, as long as the rows get lower by it."""
    for _ in range(_STEPS):
        gains, losses = _steps(rows, widths)
        wide = max(range(len(widths)), key=lambda at: gains[at])
        givers = [at for at in range(len(widths)) if at != wide and widths[at] - _STEP_MM >= least[at]]
        giver = min(givers, key=lambda at: losses[at], default=wide)
        if giver == wide or gains[wide] - losses[giver] < _GAIN:
            break
        widths[wide] += _STEP_MM
        widths[giver] -= _STEP_MM
    return widths


def _steps(rows: Sequence[_Row], widths: Sequence[float]) -> tuple[Mapping[int, float], Mapping[int, float]]:
    """By how many lines the rows get lower with each column a step wider, and higher with it a step narrower.

    A name that is torn counts, too.
    """
    gains: dict[int, float] = defaultdict(float)
    losses: dict[int, float] = defaultdict(float)
    for row in rows:
        heights = [_lines(length, widths[at]) for at, length, _ in row]
        highest, next_highest = sorted([1.0, 1.0, *heights])[:-3:-1]
        for (at, length, name), height in zip(row, heights, strict=True):
            if height == highest > next_highest:
                gains[at] += highest - max(next_highest, _lines(length, widths[at] + _STEP_MM))
            losses[at] += max(0.0, _lines(length, widths[at] - _STEP_MM) - highest)
            free = widths[at] - _AROUND_MM - name
            gains[at] += _TORN * (-_STEP_MM <= free < 0)
            losses[at] += _TORN * (0 <= free < _STEP_MM)
    return gains, losses


def _lines(length: float, width: float) -> float:
    room = max(1.0, width - _AROUND_MM)
    return 1.0 if length <= room else length / room + _FREE
