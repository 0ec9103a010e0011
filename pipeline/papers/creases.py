"""Creases: where a sheet was folded, a straight line goes over it from one side to the other.

Two of them that cross turn beside each other as handwriting does, with a punch hole near by still more. No hand that
signs draws so far so straight; where a pen goes through a crease, both stay.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.papers.mask import Mask

#: How far a crease leans from the upright, as a slope: sheets are laid on a scanner askew, and folded so.
_MOST_LEAN: Final = 0.1
#: Share of its way on which a crease shows, with what was printed there; and its ink alone.
_SHOWN: Final = 0.85
_INKED: Final = 0.4


def without_creases(cells: Mask, printed: Mask) -> Mask:
    """The inked cells but for those of straight lines from edge to edge, across or down."""
    across = _without_lines(cells, printed)
    return _without_lines(across.T, printed.T).T


def _without_lines(cells: Mask, printed: Mask) -> Mask:
    """The cells without lines from left to right."""
    height, width = cells.shape
    left, columns = cells.copy(), np.arange(width)
    most = int(np.ceil(_MOST_LEAN * width))
    for drop in range(-most, most + 1):
        rows = (np.arange(height)[:, None] + _steps(drop, width)) % height
        inked, shown = cells[rows, columns], (cells | printed)[rows, columns]
        is_line = (shown.mean(axis=1) >= _SHOWN) & (inked.mean(axis=1) >= _INKED)
        for row in np.flatnonzero(is_line):
            # what goes on above or below is a stroke that crosses
            alone = ~(cells[rows[row] - 2, columns] | cells[(rows[row] + 2) % height, columns])
            for beside in (-1, 0, 1):
                at = (rows[row] + beside) % height
                left[at[alone], columns[alone]] = False
    return left


def _steps(drop: int, width: int) -> NDArray[np.int64]:
    """By how many rows a line that drops so many over the whole width has dropped at each column."""
    steps: NDArray[np.int64] = np.rint(np.linspace(0, drop, width)).astype(np.int64)
    return steps
