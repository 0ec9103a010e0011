"""What Word prints before the paragraphs of a list: numbers and dashes, and words that may belong to what is said.

The text of such a label stands in no paragraph (ECMA-376, 17.9): "Không quá 1" may be typed as a list's number, and
of two things in one cell only the list says that they are two.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from pipeline.model import Place
from pipeline.reading.fonts import unicode_text

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NUMBERED, _STYLE = f"{_W}pPr/{_W}numPr", f"{_W}pPr/{_W}pStyle"
_COUNTED: Final = re.compile(r"%[1-9]")
#: What may stand before a number and says no more than that something is counted.
_COUNTING_WORDS: Final = re.compile(
    r"\b(?:phần|chương|tiểu mục|mục|điều|khoản|điểm|tiết|câu|bước|bài|bảng|biểu|mẫu|hình|phụ lục|số)\b", re.IGNORECASE
)
_COMPARING: Final = frozenset("≥≤<>±=≈≠~%")

Element = etree._Element


@dataclass(frozen=True)
class Label:
    """What stands before one paragraph: "1." or "-" as a text, and whether it says more than that."""

    text: str
    says_something: bool


@dataclass
class Lists:
    """The lists of a document by its numbering and its styles."""

    numbering: Element | None = None
    styles: Element | None = None
    _by_name: dict[str, Element] = field(default_factory=dict)
    _levels: dict[tuple[str, str], Element | None] = field(default_factory=dict)
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def label(self, paragraph: Element) -> Label | None:
        """The label of a paragraph, asked in the order of the page; None for one in no list."""
        if self.numbering is None:
            return None
        found = self._numbered(paragraph)
        if found is None:
            return None
        if found not in self._levels:
            self._levels[found] = self._level(*found)
        level = self._levels[found]
        if level is None:
            return None
        self._counts[found] += 1
        return _label(level, self._counts[found])

    def _numbered(self, paragraph: Element) -> tuple[str, str] | None:
        """List and level of a paragraph, its own or those of its style; None for none."""
        style = paragraph.find(_STYLE)
        holder: Element | None = paragraph
        met: set[str] = set()
        while holder is not None:
            numbered = holder.find(_NUMBERED)
            if numbered is not None and (number := _value(numbered, "numId")):
                return None if number == "0" else (number, _value(numbered, "ilvl") or "0")
            if holder is not paragraph:
                style = holder.find(f"{_W}basedOn")
            name = style.get(f"{_W}val", "") if style is not None else ""
            if not name or name in met or self.styles is None:
                return None
            met.add(name)
            holder = self._style(name)
        return None

    def _style(self, name: str) -> Element | None:
        if not self._by_name and self.styles is not None:
            self._by_name = {one.get(f"{_W}styleId", ""): one for one in self.styles.iterchildren(f"{_W}style")}
        return self._by_name.get(name)

    def _level(self, number: str, level: str) -> Element | None:
        for one in self.numbering.iterchildren(f"{_W}num") if self.numbering is not None else ():
            if one.get(f"{_W}numId") != number:
                continue
            for own in one.iterfind(f"{_W}lvlOverride/{_W}lvl"):
                if own.get(f"{_W}ilvl") == level:
                    return own
            wanted = _value(one, "abstractNumId")
            for abstract in one.itersiblings(f"{_W}abstractNum", preceding=True):
                if abstract.get(f"{_W}abstractNumId") == wanted:
                    levels = abstract.iterchildren(f"{_W}lvl")
                    return next((each for each in levels if each.get(f"{_W}ilvl") == level), None)
        return None


def _label(level: Element, count: int) -> Label | None:
    text, kind = _value(level, "lvlText"), _value(level, "numFmt") or "decimal"
    fonts = level.find(f"{_W}rPr/{_W}rFonts")
    font = fonts.get(f"{_W}ascii", "") if fonts is not None else ""
    written = unicode_text([(text, font)], Place())[0].strip()
    if not written:
        return None
    is_bullet = kind == "bullet"
    said = written if is_bullet else _COUNTING_WORDS.sub("", _COUNTED.sub("", written)).strip()
    letters = sum(map(str.isalnum, said))
    tells = said in _COMPARING or letters > (1 if is_bullet else 0)
    if tells:
        return Label(_COUNTED.sub(str(count), written), says_something=True)
    return Label("-" if is_bullet or not _COUNTED.search(written) else f"{count}.", says_something=False)


def _value(holder: Element, name: str) -> str:
    found = holder.find(f"{_W}{name}")
    return found.get(f"{_W}val", "") if found is not None else ""
