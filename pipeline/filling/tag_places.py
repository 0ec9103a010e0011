"""Where a tag stands in the Word file, counted as its author sees it: table, row, cell, paragraph.

Patching moves and rewrites tags, so a tag is found again in the file by its text: the third `{{ x }}` Jinja reads
is the third `{{ x }}` in the file. This is done only when there is something to say.
"""

import functools
import io
import zipfile
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from pipeline.filling.tags import Tag, found_in, plain
from pipeline.filling.values import Value
from pipeline.model import WHOLE, Place

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WP_PARAGRAPHS: Final = f"{_W}p"
_AROUND: Final = 80


@dataclass(frozen=True)
class TemplateParagraph:
    """One place of a part: `text` is the paragraph's whole text."""

    place: Place
    text: str

    def around(self, tag: str) -> str:
        """The text about a tag, shortened at both ends."""
        index = self.text.find(tag)
        if len(self.text) <= _AROUND or index < 0:
            return self.text[:_AROUND]
        start = max(0, index - _AROUND // 4)
        end = start + _AROUND
        return f"{'…' if start else ''}{self.text[start:end]}{'…' if end < len(self.text) else ''}"


@functools.lru_cache(maxsize=16)
def paragraphs_of(content: bytes, member: str) -> list[TemplateParagraph]:
    """The paragraphs of one part of a Word file, in order, each with its place."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = etree.fromstring(archive.read(member))
    tables = {table: number for number, table in enumerate(root.iter(f"{_W}tbl"), start=1)}
    return [
        TemplateParagraph(_place(paragraph, member, tables), _text(paragraph))
        for paragraph in root.iter(_WP_PARAGRAPHS)
    ]


def place_in(element: Value, member: str) -> Place:
    """Where an element of a part stands: its paragraph, or the first one in it."""
    tables = {table: number for number, table in enumerate(element.getroottree().iter(f"{_W}tbl"), start=1)}
    around = element if element.tag == _WP_PARAGRAPHS else next(element.iterancestors(_WP_PARAGRAPHS), None)
    paragraph = around if around is not None else next(element.iter(_WP_PARAGRAPHS), None)
    return Place(part=member) if paragraph is None else _place(paragraph, member, tables)


def paragraph_at(root: Value, place: Place) -> Value | None:
    """The paragraph of a part at a place that `place_in` or `located` gave; None when it is not there (any more)."""
    tables = {table: number for number, table in enumerate(root.iter(f"{_W}tbl"), start=1)}
    wanted = replace(place, file="", label="", pointer=WHOLE)
    return next((one for one in root.iter(_WP_PARAGRAPHS) if _place(one, place.part, tables) == wanted), None)


def _text(paragraph: Value) -> str:
    """The characters of a paragraph, text boxes in it left to their own paragraphs."""
    pieces = []
    for text in paragraph.iter(f"{_W}t"):
        owner = next(text.iterancestors(_WP_PARAGRAPHS), None)
        if owner is paragraph:
            pieces.append(text.text or "")
    return "".join(pieces)


def _place(paragraph: Value, member: str, tables: dict[Value, int]) -> Place:
    cell = next(paragraph.iterancestors(f"{_W}tc"), None)
    if cell is None:
        # a text box counts as the paragraph it hangs on: people see it there
        holder = next(paragraph.iterancestors(_WP_PARAGRAPHS), paragraph)
        return Place(part=member, paragraph=_index(holder, _WP_PARAGRAPHS))
    row = next(cell.iterancestors(f"{_W}tr"))
    table = next(row.iterancestors(f"{_W}tbl"))
    return Place(
        part=member,
        table=tables[table],
        row=_index(row, f"{_W}tr"),
        column=_index(cell, f"{_W}tc"),
        paragraph=_index(paragraph, _WP_PARAGRAPHS),
    )


def _index(element: Value, tag: str) -> int:
    """Which of its kind an element is among its siblings, from 1."""
    return sum(1 for _ in element.itersiblings(tag, preceding=True)) + 1


def located(content: bytes, member: str, tags: list[Tag], tag: Tag) -> tuple[TemplateParagraph, str]:
    """The spot of `tag`, one of the `tags` of a part as Jinja reads it, and the tag as it stands in Word."""
    # patching drops prefixes, spaces and kinds of quotes: compared without them
    wanted = plain(tag.text)
    nth = sum(1 for other in tags if other.start < tag.start and plain(other.text) == wanted)
    found = _tags_in(content, member)
    same = [(spot, text) for spot, text in found if plain(text) == wanted]
    if same:
        # where Jinja reads more of them than the file shows, the last is nearer than no place
        return same[min(nth, len(same) - 1)]
    if not tag.is_closed:  # patching has drawn whatever follows into it
        begun = [(spot, text) for spot, text in found if wanted.startswith(plain(text))]
        if begun:
            return max(begun, key=lambda one: len(one[1]))
    return TemplateParagraph(Place(part=member), tag.text), tag.text


@functools.lru_cache(maxsize=16)
def _tags_in(content: bytes, member: str) -> list[tuple[TemplateParagraph, str]]:
    return [(spot, tag.text) for spot in paragraphs_of(content, member) for tag in found_in(spot.text)]
