"""What a paper announces and does not bring: "… như sau:", a heading, the head of a table with nothing behind it.

It happens where the form may leave a list empty and the template prints its lead-in all the same. Told by the named
styles of a template (`pipeline.layout.styles`), in the order of the page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from pipeline.layout.check.paragraphs import read_document
from pipeline.layout.check.word_document import Paragraph
from pipeline.vietnamese import shortened

#: Headings by how much they stand over.
_LEVELS: Final = {"VTMuc": 1, "VTMucNho": 2}
_CLOSING: Final = "VTThanCuoi"
_BEFORE_TABLE: Final = "VTDanBang"
_COLUMN_HEADS: Final = "VTBangDau"
#: How much of a line is told.
_SHOWN: Final = 60
_CELLS: Final = ("VTBangChu", "VTBangGiua", "VTBangSo")


@dataclass(frozen=True)
class _Block:
    """A paragraph of the text, or a table: `rows` is how many it has below its head, None where it has no head."""

    text: str
    style: str = ""
    rows: int | None = None


def announced_in_vain(content: bytes) -> Iterator[str]:
    """The lines of a filled document that announce what does not follow, each as it is printed."""
    blocks = _blocks(read_document(content).body)
    for block, following in zip(blocks, (*blocks[1:], None), strict=True):
        if block.rows == 0 or (not block.rows and _is_in_vain(block, following)):
            yield shortened(block.text, _SHOWN)


def _is_in_vain(block: _Block, following: _Block | None) -> bool:
    is_heading, announces = block.style in _LEVELS, block.text.endswith(":")
    if not (is_heading or announces):
        return False
    if following is None or following.style == _CLOSING or following.rows == 0:
        return True
    if block.style == _BEFORE_TABLE:
        return following.rows is None
    return is_heading and _LEVELS.get(following.style, 9) <= _LEVELS[block.style]


def _blocks(paragraphs: Sequence[Paragraph]) -> tuple[_Block, ...]:
    """Paragraphs and tables in the order of the page; tables that only place what stands in them are closings."""
    found: list[_Block] = []
    printed = (one for one in paragraphs if one.stripped)
    for table, lines in groupby(printed, key=lambda one: one.cell and one.cell[0]):
        within = list(lines)
        if table is None:
            found += [_Block(one.stripped, one.style) for one in within]
        elif any(one.style in (_COLUMN_HEADS, *_CELLS) for one in within):
            has_head = any(one.style == _COLUMN_HEADS for one in within)
            rows = {one.cell[1] for one in within if one.cell and one.style != _COLUMN_HEADS}
            found.append(_Block(within[0].stripped, rows=len(rows) if has_head else None))
        else:
            found.append(_Block("", _CLOSING))
    return tuple(found)
