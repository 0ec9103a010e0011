"""Where number and date are written into a document: the blanks in the words of its first page."""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pypdfium2 import PdfPage, PdfTextPage, raw

from pipeline.papers.seen import Box

#: "Số      -KH/CTĐ4" of the Party, "Số:      /KH-CTĐ4" of the State (HD05 II.3, NĐ30 Phụ lục I mục II.3).
_NUMBER: Final = re.compile(r"^[ \t]*Số:?(?P<number>[ \u00a0.…_]+)(?=[-/][A-ZĐƯƠÂĂÊÔ])", re.MULTILINE)
_DATE: Final = re.compile(
    r"ngày(?P<day>[ \u00a0.…_]+)tháng(?P<month>[ \u00a0.…_]+)năm(?:\s+\d{4}\b|(?P<year>[ \u00a0.…_]*)(?=[\r\n]|$))",
    re.MULTILINE,
)
#: People write higher and lower than print; so much more is looked at above and below, in millimetres.
_ABOVE_MM, _BELOW_MM = 3.0, 2.0
_MM: Final = 25.4 / 72
_ASCENT: Final = 0.7  # of a figure, in font sizes


@dataclass(frozen=True)
class BlankRoom:
    """A blank in a line: from where to where it goes (points from the left), its base line, its font size."""

    name: str
    left: float
    right: float
    base: float
    size: float

    def box(self, height: float) -> Box:
        """Where somebody would have written."""
        top, bottom = height - self.base - _ASCENT * self.size, height - self.base
        return Box(self.left * _MM, top * _MM - _ABOVE_MM, self.right * _MM, bottom * _MM + _BELOW_MM)


def blank_rooms(page: PdfPage) -> Iterator[BlankRoom]:
    """Give the blanks of number and date on a page, each with its name ("number", "day", "month", "year")."""
    text = page.get_textpage()
    try:
        # by characters: their indices are those of the boxes
        said = "".join(chr(raw.FPDFText_GetUnicode(text, at)) for at in range(text.count_chars()))
        for shape in (_NUMBER, _DATE):
            if found := shape.search(said):
                yield from (
                    _room(text, found, name) for name, blank in found.groupdict().items() if blank is not None
                )
    finally:
        text.close()


def _room(text: PdfTextPage, found: re.Match[str], name: str) -> BlankRoom:
    start, end = found.span(name)
    before = start - 1
    size = raw.FPDFText_GetFontSize(text, before)
    left = text.get_charbox(before)[2]
    # a year that is to be written after "năm" ends where the line does
    is_last = end >= len(found.string) or found.string[end] in "\r\n"
    right = left + 2.5 * size if is_last else text.get_charbox(end)[0]
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, before, x, y)
    return BlankRoom(name, left, right, y.value, size)
