"""Creases: where a sheet was folded, a straight line goes over it from one side to the other.

Two of them that cross turn beside each other as handwriting does, with a punch hole near by still more; one that goes
through a line of print changes its characters. No hand that signs draws so far so straight; where a pen goes through
a crease, the stroke of the pen stays.
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


def creases_in(cells: Mask, printed: Mask) -> Mask:
    """The cells on straight lines from edge to edge, across or down; a line is up to three inked cells wide.

    It goes on below print. Cells above or below which there is ink, too, are of a stroke that goes through the line.
    """
    return _lines_in(cells, printed) | _lines_in(cells.T, printed.T).T


def _lines_in(cells: Mask, printed: Mask) -> Mask:
    """The cells of lines from left to right."""
    height, width = cells.shape
    found, columns = np.zeros(cells.shape, dtype=bool), np.arange(width)
    most = int(np.ceil(_MOST_LEAN * width))
    down, across = np.nonzero(cells)
    shows = cells | printed
    for drop in range(-most, most + 1):
        steps = _steps(drop, width)
        # of each line, by the row in which it begins: hardly one has enough ink to be looked at
        inked = np.bincount((down - steps[across]) % height, minlength=height)
        for first in np.flatnonzero(inked >= _INKED * width):
            row = (first + steps) % height
            if shows[row, columns].mean() < _SHOWN:
                continue
            alone = ~(cells[row - 2, columns] | cells[(row + 2) % height, columns])
            found[row[alone], columns[alone]] = True
            for beside in (row - 1, (row + 1) % height):
                found[beside, columns] |= alone & cells[beside, columns]
    return found


def _steps(drop: int, width: int) -> NDArray[np.int64]:
    """By how many rows a line that drops so many over the whole width has dropped at each column."""
    steps: NDArray[np.int64] = np.rint(np.linspace(0, drop, width)).astype(np.int64)
    return steps
