"""The closing sentence of a paper, where it is one line.

It does not go to a page of its own with the signature ("Trân trọng." above a name and nothing else): it takes the
paragraph before it along. A choice of ours: no form speaks of it. No template can say it, for it depends on what was
filled in.
"""

import re
from typing import Final

from pipeline.layout.typesetting import width_mm

_CLOSING: Final = '<w:pStyle w:val="VTThanCuoi"/>'
_STYLE: Final = re.compile(r"<w:p(?: [^>]*)?><w:pPr><w:pStyle [^>]*/>(?!<w:keepNext)")
_PAGE: Final = re.compile(r'<w:pgSz [^>]*?w:w="(\d+)"[^>]*/>.*?<w:pgMar [^>]*/>', re.DOTALL)
_SIDE: Final = re.compile(r'w:(?:left|right)="(\d+)"')
_INDENT_MM: Final = 10.0
_SIZE: Final = 14.0  # points, of the text in every form


def closing_kept(text: str) -> str:
    """The XML of a body with the paragraph before the closing sentence kept with it, where that is a line alone."""
    style = text.rfind(_CLOSING)
    start = _begin(text, style)
    before, closing = text[:start], text[start : text.find("</w:p>", style)]
    # after a table, or where nothing stands before it
    if style < 0 or not before.endswith("</w:p>"):
        return text
    words = "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", closing))
    if _INDENT_MM + width_mm(words, _SIZE) > _room_mm(text[start:]):
        return text
    paragraph = _begin(text, len(before))
    kept = _STYLE.sub(r"\g<0><w:keepNext/>", text[paragraph:start], count=1)
    return text[:paragraph] + kept + text[start:]


def _begin(text: str, end: int) -> int:
    """Where the paragraph begins that holds, or ends at, a place."""
    return max(text.rfind("<w:p>", 0, end), text.rfind("<w:p ", 0, end))


def _room_mm(text: str) -> float:
    """How long a line is on the pages of this text, as its section says it."""
    found = _PAGE.search(text)
    if found is None:
        return 0.0
    width, sides = int(found[1]), _SIDE.findall(found[0])
    return (width - sum(map(int, sides))) / 1440 * 25.4
