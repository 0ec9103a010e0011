"""The end of a paper: what goes to the next page takes along what it belongs to.

No page holds a signature, or who gets the paper, and nothing else of it:

* a closing sentence of one line ("Trân trọng.") takes the paragraph before it along;
* the last row of a grid of signatures (a witness, mostly) takes the row before it along, and of three rows both;
* a list of recipients below the signature begins on its page, and goes on with five lines at least;
* below the last name there is no room for another row: it would send all of the end to the next page.

A choice of ours: no form speaks of it. No template can say it, for it depends on what was filled in.
"""

import math
import re
from itertools import accumulate
from typing import Final

from pipeline.layout.typesetting import width_mm

_CLOSING: Final = '<w:pStyle w:val="VTThanCuoi"/>'
_STYLE: Final = re.compile(r"<w:p(?: [^>]*)?><w:pPr><w:pStyle [^>]*/>(?!<w:keepNext)")
SECTIONS: Final = re.compile(r'<w:pgSz [^>]*?w:w="(\d+)"[^>]*/>.*?<w:pgMar [^>]*/>', re.DOTALL)
_SIDE: Final = re.compile(r'w:(?:left|right)="(\d+)"')
_INDENT_MM: Final = 10.0
_SIZE: Final = 14.0  # points, of the text in every form
_GRID: Final = '<w:tblStyle w:val="VTKhungGiaoUoc"/>'
_ROW: Final = re.compile(r"<w:tr[ >].*?</w:tr>", re.DOTALL)
_LIST: Final = re.compile(
    r'(?:<w:p(?: [^>]*)?><w:pPr><w:pStyle w:val="VTNoiNhan(?:Muc)?"/><w:keepNext/>(?:(?!</w:p>).)*</w:p>)+', re.DOTALL
)
_ITEM: Final = re.compile(r'<w:pStyle w:val="VTNoiNhanMuc"/><w:keepNext/>((?:(?!</w:p>).)*)', re.DOTALL)
#: A name with which its cell ends, and the end of a table after which there is nothing on its page.
_LAST_NAME: Final = re.compile(r'(<w:pStyle w:val="VTHoTen"/>)(?=(?:(?!</w:p>).)*</w:p></w:tc>)', re.DOTALL)
_LAST_ROW: Final = re.compile(
    r'</w:tr></w:tbl>(?:<w:p><w:pPr><w:pStyle w:val="VTHetBang"/></w:pPr></w:p>)*'
    r'(?:<w:p><w:pPr><w:pStyle w:val="VTHetBang"/>)?<w:sectPr'
)
#: An article without a text, before the next: it has nothing to be kept with.
_EMPTY_ARTICLE: Final = re.compile(
    r'(<w:pStyle w:val="VTDieu"/>)(</w:pPr>(?:(?!</w:p>).)*</w:p><w:p><w:pPr><w:pStyle w:val="VT(?:Chuong|Dieu)"/>)',
    re.DOTALL,
)
#: A page that holds fewer lines is one nobody would have made.
_FEWEST_LINES: Final = 5
#: Two rows of signatures on one page with the end of the text: of 38 lines less the rooms to sign in.
_MOST_LINES: Final = 20
#: Three rows with their rooms, the end of the text before them and who gets the paper.
_FEW_ROWS, _MOST_LINES_OF_FEW = 3, 14
#: And of a list that begins on a page.
_FEWEST_BEGUN: Final = 2


def end_kept(text: str) -> str:
    """The XML of a body whose end stands on its pages as one would have it."""
    text = _names_low(_EMPTY_ARTICLE.sub(r'\1<w:keepNext w:val="0"/>\2', text))
    return _recipients_kept(_grid_kept(closing_kept(text)))


def _names_low(text: str) -> str:
    """The XML without the room below the last names where nothing follows them on their page."""
    for end in reversed(list(_LAST_ROW.finditer(text))):
        row = max(text.rfind(tag, 0, end.start()) for tag in ("<w:tr>", "<w:tr "))
        names = _LAST_NAME.sub(r'\1<w:spacing w:after="0"/>', text[row : end.start()])
        text = text[:row] + names + text[end.start() :]
    return text


def closing_kept(text: str) -> str:
    """The XML of a body with the paragraph before the closing sentence kept with it, where that is a line alone."""
    style = text.rfind(_CLOSING)
    start = _begin(text, style)
    before, closing = text[:start], text[start : text.find("</w:p>", style)]
    # after a table, or where nothing stands before it
    if style < 0 or not before.endswith("</w:p>"):
        return text
    if _INDENT_MM + width_mm(_words(closing), _SIZE) > room_mm(text[start:]):
        return text
    paragraph = _begin(text, len(before))
    kept = _STYLE.sub(r"\g<0><w:keepNext/>", text[paragraph:start], count=1)
    return text[:paragraph] + kept + text[start:]


def _grid_kept(text: str) -> str:
    """The XML with the last row of the last grid of signatures kept with the row before it, if a page holds both.

    Three rows stay together, and with the end of the text: else a page held two of them and nothing else.
    """
    grid = text.rfind(_GRID)
    rows = list(_ROW.finditer(text, grid, text.find("</w:tbl>", grid))) if grid >= 0 else []
    # their lines are paragraphs: we have broken them
    lines = [max(cell.count("</w:p>") for cell in row[0].split("</w:tc>")) for row in rows]
    if len(rows) == _FEW_ROWS and sum(lines) <= _MOST_LINES_OF_FEW:
        count = _FEW_ROWS
    elif len(rows) > 1 and sum(lines[-2:]) <= _MOST_LINES:
        count = 2
    else:
        return text
    for row in reversed(rows[-count:-1]):
        text = _row_kept(text, row)
    return text


def _row_kept(text: str, row: re.Match[str], *, is_last: bool = False) -> str:
    """The XML with a row of a table kept with what comes after it."""
    kept = _STYLE.sub(r"\g<0><w:keepNext/>", row[0])
    # LibreOffice lets a last row that is never split stand alone, whatever it is kept with (measured, 7.4.7); of this
    # one all is kept together
    return text[: row.start()] + (kept.replace("<w:cantSplit/>", "", 1) if is_last else kept) + text[row.end() :]


def _recipients_kept(text: str) -> str:
    """The XML with a list below the signature kept with it, and free to go on on the next page.

    The template keeps its lines together: then a page held all of them, and nothing else.
    """
    found = _LIST.search(text)
    if found is None:
        return text
    items = list(_ITEM.finditer(found[0]))
    lines = [math.ceil(width_mm(_words(item[1]), _SIZE) / max(1.0, room_mm(text[found.end() :]))) for item in items]
    freed = found[0]
    for item, done in reversed(list(zip(items, accumulate(lines), strict=True))):
        if done >= _FEWEST_BEGUN and sum(lines) - done >= _FEWEST_LINES:
            freed = freed[: item.start()] + item[0].replace("<w:keepNext/>", "", 1) + freed[item.end() :]
    text = text[: found.start()] + freed + text[found.end() :]
    rows = list(_ROW.finditer(text, text.rfind("<w:tbl>", 0, found.start()), found.start()))
    if not rows or not text[: found.start()].endswith("</w:tbl>"):
        return text
    return _row_kept(text, rows[-1], is_last=True)


def _words(paragraph: str) -> str:
    return "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", paragraph))


def _begin(text: str, end: int) -> int:
    """Where the paragraph begins that holds, or ends at, a place."""
    return max(text.rfind("<w:p>", 0, end), text.rfind("<w:p ", 0, end))


def room_mm(text: str) -> float:
    """How long a line is on the pages of this text, as its section says it."""
    found = SECTIONS.search(text)
    if found is None:
        return 0.0
    width, sides = int(found[1]), _SIDE.findall(found[0])
    return (width - sum(map(int, sides))) / 1440 * 25.4
