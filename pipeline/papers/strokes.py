"""Strokes: pieces of ink that touch, and which of them are letters that stand in a row.

Somebody who signs draws a few strokes that go on; what a machine prints, or a stamp with a name, is many small pieces
side by side. So "(đã ký)", a name set anew and the box of a signing program are told from a signature, and words that
were put in where nothing was printed from specks, strokes and initials.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.papers.mask import Mask, grown
from pipeline.papers.print_model import spread

#: How high and wide a letter is at most, and how high it is at least: smaller is a speck.
_HIGHEST_MM: Final = 6.5
_WIDEST_MM: Final = 9.0
_LEAST_MM: Final = 1.0
#: So many of them side by side are a row ("ĐÃ KÝ" has four); a signature is seen in fewer pieces.
_ROW: Final = 4
#: How wide letters of a row are where they touch.
_TOUCHING_MM: Final = 16.0


def connected(mask: Mask) -> NDArray[np.int64]:
    """A number for each stroke of points that touch, 0 where there is none."""
    labels = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    while True:
        around = np.where(mask, spread(labels), 0)
        # a number is that of a point of the stroke, which may know a higher one by now
        further = np.append(0, around)[around]
        if (further == labels).all():
            return labels
        labels = further


def reach(along: NDArray[np.int64], of: NDArray[np.int64]) -> NDArray[np.int64]:
    """How far what each thing is `of` reaches, given where the things lie along one side."""
    least, most = _ends(along, of)
    return (most - least)[of]


def letters_in(mask: Mask, per_mm: float, cut: Mask | None = None) -> Mask:
    """Which of the ink is letters that stand in a row; all small pieces are, where so many stand side by side.

    What touches where ink was `cut` away, as within a seal, is a piece of something larger.
    """
    labels = connected(mask)
    down, across = np.nonzero(mask)
    _, of = np.unique(labels[mask], return_inverse=True)
    found = np.zeros(mask.shape, dtype=bool)
    if not len(of):
        return found
    (top, bottom), (left, right) = _ends(down, of), _ends(across, of)
    high, wide = (bottom - top + 1) / per_mm, (right - left + 1) / per_mm
    is_low = high <= _HIGHEST_MM
    if cut is not None:
        is_low[of[grown(cut, 1)[mask]]] = False
    is_letter = is_low & (wide <= _WIDEST_MM) & (high >= _LEAST_MM)
    # how many of them each row of points goes through
    through = np.zeros(mask.shape[0] + 1, dtype=np.int64)
    np.add.at(through, top[is_letter], 1)
    np.add.at(through, bottom[is_letter] + 1, -1)
    if through.cumsum().max() >= _ROW:
        found[down, across] = (is_low & (wide <= _TOUCHING_MM))[of]
    return found


def _ends(along: NDArray[np.int64], of: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each of what the things are `of` begins and ends along one side."""
    least = np.full(of.max(initial=0) + 1, along.max(initial=0))
    most = np.zeros(of.max(initial=0) + 1, dtype=np.int64)
    np.minimum.at(least, of, along)
    np.maximum.at(most, of, along)
    return least, most
