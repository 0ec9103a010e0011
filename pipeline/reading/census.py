"""The census of a form: which of its visible words became values, which are labels and headings, and which are left.

What is left was not read. Nobody is asked about it, but it is told, so that a remark written below a table is not
taken for passed on (docs/ARCHITECTURE.md: every visible character is a value, a known label, or told).
"""

import re
from collections.abc import Iterator
from typing import Final

from pipeline.messages import say, verbatim
from pipeline.model import Finding, Message, Place, Severity
from pipeline.ooxml.own_marks import GUIDE_SHEET
from pipeline.reading.context import KindForm, ReadingContext
from pipeline.reading.found import Found
from pipeline.reading.kinds import title_lines
from pipeline.reading.labels import is_placeholder, label_key
from pipeline.reading.names import unit_named
from pipeline.reading.raw import Cell, Line, RawForm
from pipeline.vietnamese import clean, search_key

_WITH_TEXT: Final = frozenset({"docx", "xlsx"})
_NAMED: Final = 3  # texts left over that are named; the rest are counted
_SHOWN: Final = 60
_LETTERS: Final = 3  # fewer are a sign between words
# what stands in every letter: the state's and the Party's head, the line of place and date, whom it goes to
_FURNITURE: Final = re.compile(
    r"dang cong san viet nam|cong hoa xa hoi chu nghia viet nam|doc lap.*tu do.*hanh phuc|so\b.{0,40}|\*+"
    r"|nam [0-9]{4}\b.{0,80}|dien vao\b.*"  # what our own forms say below their title
    r"|.{0,60}ngay .{0,12}thang .{0,12}nam .{0,8}|kinh gui\b.*|don vi tinh\b.{0,40}|(?:tong|cong)\b.{0,40}"
)
# where the form ends and what follows is of the letter: recipients, signature
_END: Final = re.compile(
    r"noi nhan|(?:t/?m|k/?t|t/l|t/u|q)\s*[./].*|dai dien\b.*|thu truong\b.*|nguoi (?:lap|bao cao)"
)
_HEADING: Final = re.compile(r"(?:[IVX]{1,5}|[0-9]{1,2}|[A-ZĐ])\s*[.\-–:)]\s*\S.{0,80}")


def left_over(raw: RawForm, form: KindForm, found: Found, context: ReadingContext) -> Iterator[Finding]:
    """One finding that names what of the form was not read, when there is anything."""
    left = list(_left(raw, form, found, context))
    if not left:
        return
    texts = [text for text, _ in left]
    yield Finding("form.left-over", Severity.INFO, _told(texts), left[0][1])


def _told(texts: list[str]) -> Message:
    named = verbatim("; ".join(f"“{text[:_SHOWN]}”" for text in texts[:_NAMED]))
    if len(texts) <= _NAMED:
        return say("The form has no place for this; it is not used: {texts}.", texts=named)
    return say(
        "The form has no place for this; it is not used: {texts} and {count} more.",
        texts=named,
        count=len(texts) - _NAMED,
    )


def _left(raw: RawForm, form: KindForm, found: Found, context: ReadingContext) -> Iterator[tuple[str, Place]]:
    if raw.format not in _WITH_TEXT:  # elsewhere a name that the form does not know is a fault of its own
        return
    used = _used(found)
    helps = {clean(node.help) for node in form.tree if node.help}
    is_before = bool(titles := title_lines(raw, form)[:1])
    for cell in _cells(raw, found):
        for line in cell.text.splitlines():
            text = clean(line)
            if is_before:
                is_before = text not in titles
                continue
            key = search_key(text).strip(" .:;-")
            if _END.fullmatch(key):
                return
            if not _is_known(text, key, cell, found, used, helps) and unit_named(text, context) is None:
                yield text, cell.place


def _cells(raw: RawForm, found: Found) -> Iterator[Cell]:
    """Every visible cell that is no head of a table; covered parts of merged cells are shown once."""
    for block in raw.blocks:
        if isinstance(block, Line):
            yield block.cell
        elif block.sheet != GUIDE_SHEET:
            for row in block.rows:
                yield from (
                    cell
                    for cell in row
                    if cell.anchor and not cell.is_blank and not cell.is_unseen and cell.place not in found.heads
                )


def _used(found: Found) -> dict[Place, list[str]]:
    """The texts that became values, by the place of each line."""
    used: dict[Place, list[str]] = {}
    for cell in found.cells.values():
        lines = cell.text.split("\n")
        places = cell.line_places or (cell.place,) * len(lines)
        for place, line in zip(places, lines, strict=False):
            used.setdefault(_bare(place), []).append(clean(line))
    return used


def _bare(place: Place) -> Place:
    """A place without what a form's control calls it: the paragraph or cell is the same."""
    return Place(
        sheet=place.sheet,
        cell=place.cell,
        table=place.table,
        row=place.row,
        column=place.column,
        paragraph=place.paragraph,
        page=place.page,
    )


def _is_known(text: str, key: str, cell: Cell, found: Found, used: dict[Place, list[str]], helps: set[str]) -> bool:
    if sum(character.isalpha() for character in text) < _LETTERS or is_placeholder(text) or text in helps:
        return True
    values = used.get(_bare(cell.place), ())
    if any(value and (value in text or text in value) for value in values):
        return True
    if found.is_label(text) or found.is_label(text.partition(":")[0]) or label_key(text) in found.column_labels:
        return True
    return bool(_FURNITURE.fullmatch(key) or _HEADING.fullmatch(text) or (text.upper() == text and len(text) < 120))
