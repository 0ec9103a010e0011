"""Words put in where nothing was printed: a line more by hand, by a typewriter, by a second run of the printer.

The proof of the printed characters says nothing of the rest of a page. What it leaves unexplained there is looked
through for letters that stand in a row; specks, initials, flourishes and creases are none. Words in colour, in a
frame or in a ring are those of a pen or a stamp, which people put on papers; black ones may pass for printed words.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from pipeline.papers.mask import Mask, grown, reduced
from pipeline.papers.seals import within_seals
from pipeline.papers.seen import AddedWords, Box
from pipeline.papers.strokes import connected, letters_in

#: Ink is looked at in cells of a quarter of a millimetre, of which a thin stroke fills a third.
_CELLS_PER_MM: Final = 4
_CELL_INK: Final = 0.3
#: Around print, and around where people sign: what lies there belongs to that.
_BESIDE_PRINT_MM: Final = 0.6
_BESIDE_ROOM_MM: Final = 6.0
#: Fewer inked cells are no four letters.
_LEAST_CELLS: Final = 60
#: How wide words are at least, and by how much they are grown to be drawn together.
_LEAST_WIDTH_MM: Final = 15.0
_DRAWN_TOGETHER_MM: Final = 2.0
#: As large are the frames of stamps (NĐ30 Phụ lục VI: 35 by 50 mm for papers that come in).
_FRAME_MM: Final = 12.0
_MOSTLY: Final = 0.5


def added_words(
    added: Mask, printed: Mask, coloured: Mask, rooms: Sequence[Box], per_mm: float
) -> Iterator[AddedWords]:
    """Find words in the new ink of a picture, outside of what was printed and of the `rooms` where people sign.

    `coloured` is where the picture has colour; boxes are in millimetres from its upper left corner.
    """
    side = round(per_mm / _CELLS_PER_MM)
    size_mm = per_mm / side
    cells = reduced(added, side) >= _CELL_INK
    cells &= ~grown(reduced(printed, side) > 0, round(_BESIDE_PRINT_MM * size_mm))
    for room in rooms:
        top, bottom, left, right = (
            max(0, round(edge * size_mm))
            for edge in (
                *(room.top - _BESIDE_ROOM_MM, room.bottom + _BESIDE_ROOM_MM),
                *(room.left - _BESIDE_ROOM_MM, room.right + _BESIDE_ROOM_MM),
            )
        )
        cells[top:bottom, left:right] = False
    letters = letters_in(cells, size_mm) if cells.sum() >= _LEAST_CELLS else np.zeros(cells.shape, dtype=bool)
    if letters.sum() < _LEAST_CELLS:
        return
    letters &= ~within_seals(cells, np.zeros(cells.shape, dtype=bool), size_mm)
    frames = [one for one in _boxes(cells, size_mm) if min(one.right - one.left, one.bottom - one.top) >= _FRAME_MM]
    in_colour = reduced(coloured, side) > 0
    for box in _boxes(grown(letters, round(_DRAWN_TOGETHER_MM * size_mm)), size_mm):
        there = tuple(
            slice(max(0, round(start * size_mm)), round(end * size_mm) + 1)
            for start, end in ((box.top, box.bottom), (box.left, box.right))
        )
        words = letters_in(letters[there], size_mm)
        if box.right - box.left < _LEAST_WIDTH_MM + 2 * _DRAWN_TOGETHER_MM or not words.any():
            continue
        is_framed = any(
            one.left < box.middle < one.right and one.top < (box.top + box.bottom) / 2 < one.bottom for one in frames
        )
        yield AddedWords(box, is_black=not is_framed and float(in_colour[there][words].mean()) < _MOSTLY)


def _boxes(mask: Mask, per_mm: float) -> Iterator[Box]:
    """Around each piece of a mask."""
    labels = connected(mask)
    down, across = np.nonzero(mask)
    numbers, of = np.unique(labels[mask], return_inverse=True)
    for at in range(len(numbers)):
        rows, columns = down[of == at], across[of == at]
        sides = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        yield Box(*(float(side) / per_mm for side in sides))
