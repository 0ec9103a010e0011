"""The paragraphs of a body of ours, each in its column, and what is not torn at the ends of its lines."""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from pipeline.layout.closing import SECTIONS, end_kept, room_mm
from pipeline.layout.column_widths import columns_shared
from pipeline.layout.line_ends import Column, lines_of
from pipeline.layout.no_break import HYPHEN, Kept, unbroken
from pipeline.layout.profile import Look, Profile
from pipeline.layout.typesetting import Face

#: The lines whose rooms are filled in by hand or after signature: people find them by their plain signs.
_AS_TYPED: Final = frozenset({"VTSo", "VTNgay"})
#: What is narrow and ragged, so that no line is spread by what stays together: of headings and recipients, which are
#: few, all that is known; of cells the names, for with every word a table would be a fifth longer,
#: and words as far as they cost no line.
_NARROW: Final[Mapping[str, Kept]] = MappingProxyType({
    "VTBangDau": "words", "VTNoiNhanMuc": "words", "VTBangChu": "names", "VTBangGiua": "names", "VTBangDam": "names",
})  # fmt: skip
_TOKENS: Final = re.compile(
    r"<w:t(?: [^>]*)?>(?P<text>[^<]*)</w:t>|<w:p[ >]|</w:p>|<w:(?P<sign>tab|br|cr|noBreakHyphen)(?: [^>]*)?/>"
    r'|<w:pStyle w:val="(?P<style>[^"]*)"|<w:tcW [^>]*w:w="(?P<width>\d+)"|(?P<bold><w:b/>)|(?P<cell><w:tc[ >])'
    r"|(?P<row></w:tr>)|(?P<table></w:tbl>)|(?P<section></w:sectPr>)"
)
_MM_PER_TWIP: Final = 25.4 / 1440
#: What the margins of a cell take, and its lines.
_CELL_MM: Final = 3.2


def kept_together(body: bytes | bytearray, profile: Profile) -> bytes:
    """The XML of a body of ours in which no line tears a number, a symbol or a name.

    The columns of its tables share their width by what stands in them (`column_widths`), and its end stands on its
    pages as one would have it (`closing`). The profile says how the named styles look.
    """
    return end_kept(_kept(columns_shared(body.decode(), profile), profile)).encode()


@dataclass(frozen=True)
class _Paragraph:
    """The texts and signs of a paragraph, looked at as a whole: what is filled in is a run beside its word."""

    tokens: tuple[re.Match[str], ...]
    column: Column
    keeps: Kept

    @property
    def text(self) -> str:
        return "".join(token["text"] if token["text"] is not None else "\n" for token in self.tokens)

    def lines(self) -> int:
        """How many lines it has when nothing is kept for which there is a choice."""
        return lines_of(unbroken(self.text, self.column, self.keeps), self.column)

    def rewritten(self, most: int = 0) -> Iterator[tuple[int, int, str]]:
        """The texts that change: where they begin and end in the XML, and what stands there then."""
        old = self.text
        new = unbroken(old, self.column, self.keeps, most)
        at = 0
        for token in self.tokens if new != old else ():
            length = len(token["text"]) if token["text"] is not None else 1
            piece = new[at : at + length]
            at += length
            if token["text"] is not None and piece != token["text"]:
                start, end = token.span("text")
                yield start, end, piece.replace(HYPHEN, '</w:t><w:noBreakHyphen/><w:t xml:space="preserve">')


def _kept(xml: str, profile: Profile) -> str:
    done, last = [], 0
    for start, end, new in _changes(xml, profile):
        done += [xml[last:start], new]
        last = end
    return "".join([*done, xml[last:]])


def _changes(xml: str, profile: Profile) -> Iterator[tuple[int, int, str]]:
    """The texts that change, paragraph by paragraph, of a table row by row."""
    at = _Place(profile, _sections(xml, profile))
    for token in _TOKENS.finditer(xml):
        if token["cell"]:
            at.row.append([])
        elif token["row"]:
            yield from _row_changes(at.row)
            at.row = []
        elif (paragraph := at.read(token)) is not None and at.row:
            at.row[-1].append(paragraph)
        elif paragraph is not None:
            yield from paragraph.rewritten()


def _row_changes(row: list[list[_Paragraph]]) -> Iterator[tuple[int, int, str]]:
    """Of a row that does not get higher by it: a cell may have as many lines as the highest of them."""
    if not any(paragraph.keeps == "names" for cell in row for paragraph in cell):
        row_lines = [[0] * len(cell) for cell in row]
    else:
        row_lines = [[paragraph.lines() for paragraph in cell] for cell in row]
    highest = max(map(sum, row_lines))
    for cell, lines in zip(row, row_lines, strict=True):
        for paragraph, own in zip(cell, lines, strict=True):
            yield from paragraph.rewritten(most=highest - sum(lines) + own)


@dataclass
class _Place:
    """Where in a body we are: its section, cell, and paragraph."""

    profile: Profile
    sections: deque[float]
    row: list[list[_Paragraph]] = field(default_factory=list)
    cell_mm: float = 0.0
    style: str = ""
    is_bold: bool = False
    waiting: list[re.Match[str]] = field(default_factory=list)

    def read(self, token: re.Match[str]) -> _Paragraph | None:
        """Go on by a token; at the end of a paragraph, give it."""
        if token["text"] is not None or token["sign"]:
            self.waiting.append(token)
        elif token["style"] is not None:
            self.style = token["style"]
        elif token["width"]:
            self.cell_mm = int(token["width"]) * _MM_PER_TWIP - _CELL_MM
        elif token["table"]:
            self.cell_mm = 0.0
        elif token["bold"]:
            self.is_bold = True
        elif token["section"]:
            self.sections.popleft()
        else:
            paragraph = self._paragraph()
            self.waiting, self.style, self.is_bold = [], "", False
            return paragraph
        return None

    def _paragraph(self) -> _Paragraph | None:
        if not self.waiting or self.style in _AS_TYPED:
            return None
        column = _column(self.profile.styles.get(self.style), self.cell_mm or self.sections[0], is_bold=self.is_bold)
        return _Paragraph(tuple(self.waiting), column, _NARROW.get(self.style, ""))


def _sections(xml: str, profile: Profile) -> deque[float]:
    """How long a line is in each section, in millimetres; the last one is of what no section says."""
    page = profile.page
    found = [room_mm(section[0]) for section in SECTIONS.finditer(xml)]
    return deque([*found, page.width_mm - page.left_mm - page.right_mm])


def _column(look: Look | None, width_mm: float, *, is_bold: bool) -> Column:
    """The lines of a paragraph in a named style; what has none is a text."""
    if look is None:
        return Column(width_mm, indent_mm=0.0)
    face: Face = "bold" if look.bold or is_bold else "italic" if look.italic else "regular"
    return Column(width_mm - look.left_mm, look.size, face, look.first_mm if look.align == "both" else None)
