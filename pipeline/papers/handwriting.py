"""Handwriting told from other ink: specks, holes, folds and strokes that come from elsewhere are no signature.

A hand that signs turns back again and again: across the direction in which the writing runs, its lines stand beside
each other. A stroke, a fold, a rule or a staple is one line; a speck is short; a punch hole or a stain is wider than
any pen; letters side by side were printed or stamped. What reaches in from the signature beside it lies for the most
part outside.
"""

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.papers.creases import creases_in
from pipeline.papers.mask import Mask, opened, reduced
from pipeline.papers.strokes import letters_in

#: A square of half a millimetre, by row and column; and a piece of writing, an array of them.
Cell: TypeAlias = tuple[int, int]
Piece: TypeAlias = NDArray[np.intp]

#: Ink is looked at in cells of half a millimetre; a line of a fine pen fills a third of one.
_CELLS_PER_MM: Final = 2
_CELL_INK: Final = 0.2
_CELL_PRINT: Final = 0.5
#: Wider than any pen: a hole has 5.5 to 6 mm, the star of a seal and a smudge about as much.
_SOLID_MM: Final = 2.4
#: Smaller pieces are specks, or what is left of a printed letter.
_SPECK_MM: Final = 3.0
#: From side to side across the writing, within a millimetre along it; and in how many of these at least.
_BESIDE_MM: Final = 2.5
_LEAST_MM: Final = 4
#: Share of a piece of writing that must be within the room to be of the person who signs there.
_OWN: Final = 0.4


def is_signed(ink: Mask, printed: Mask, room: tuple[slice, slice], per_mm: float, sealed: Mask | None = None) -> bool:
    """Whether `ink` shows handwriting in `room`; around it there is what may reach in. `per_mm` points to the mm.

    Where something is `printed`, no ink is seen, though the pen may have gone through; where it is `sealed`, some.
    """
    side = round(per_mm / _CELLS_PER_MM)
    words = reduced(printed, side) >= _CELL_PRINT
    thin = ink & ~opened(ink, round(_SOLID_MM * per_mm))
    # letters are told last: hardly anywhere is there anything else
    return _is_written(thin, words, room, side) and _is_written(
        thin & ~letters_in(thin, per_mm, sealed), words, room, side
    )


def _is_written(ink: Mask, words: Mask, room: tuple[slice, slice], side: int) -> bool:
    """Whether thin ink shows handwriting in `room`, in cells of `side` points."""
    cells = reduced(ink, side) >= _CELL_INK
    cells &= ~creases_in(cells, words)
    inside = np.zeros(cells.shape, dtype=bool)
    inside[tuple(slice(part.start // side, part.stop // side) for part in room)] = True
    pieces = [np.array(piece) for piece in _pieces(_cells_of(cells), 2)]
    lines = [piece for piece in pieces if np.ptp(piece, axis=0).max() + 1 >= _SPECK_MM * _CELLS_PER_MM]
    joined = _joined(lines, list(_pieces(_cells_of(words), 1)))
    return sum(_turns(piece, inside) for piece in joined) >= _LEAST_MM


def _joined(lines: Sequence[Piece], words: Sequence[Sequence[Cell]]) -> Iterator[Piece]:
    """The pieces of writing, those drawn together that go into the same printed words."""
    word_of = {cell: number for number, word in enumerate(words) for cell in word}
    through: dict[int, list[Piece]] = {}
    for line in lines:
        beside = {(row + down, column + across) for row, column in line.tolist() for down, across in _around(2)}
        touched = [word_of[cell] for cell in beside if cell in word_of]
        if touched:
            through.setdefault(min(touched), []).append(line)
        else:
            yield line
    yield from (np.concatenate(parts) for parts in through.values())


def _turns(piece: Piece, inside: Mask) -> int:
    """On how many millimetres along a piece of writing its lines stand beside each other, within the room."""
    own = inside[piece[:, 0], piece[:, 1]]
    if own.mean() < _OWN:
        return 0
    points = piece - piece.mean(axis=0)
    _, axes = np.linalg.eigh(points.T @ points)
    across, along = (points @ axes).T
    millimetres = np.floor((along - along.min()) / _CELLS_PER_MM).astype(int)[own]
    least, most = np.full(millimetres.max() + 1, np.inf), np.full(millimetres.max() + 1, -np.inf)
    np.minimum.at(least, millimetres, across[own])
    np.maximum.at(most, millimetres, across[own])
    return int((most - least >= _BESIDE_MM * _CELLS_PER_MM).sum())


def _cells_of(cells: Mask) -> set[Cell]:
    return {(row, column) for row, column in np.argwhere(cells).tolist()}


def _around(reach: int) -> list[Cell]:
    return [(down, across) for down in range(-reach, reach + 1) for across in range(-reach, reach + 1)]


def _pieces(left: set[Cell], reach: int) -> Iterator[list[Cell]]:
    """The connected pieces of cells; with a `reach` of 2 a gap of one cell is none."""
    near = _around(reach)
    while left:
        edge = [left.pop()]
        piece = list(edge)
        while edge:
            row, column = edge.pop()
            beside = {(row + down, column + across) for down, across in near} & left
            left -= beside
            edge += beside
            piece += beside
        yield piece
