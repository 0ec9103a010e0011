"""Masks of ink: which points of a picture are inked, grown, thinned out and counted in cells."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Mask: TypeAlias = NDArray[np.bool_]


def grown(mask: Mask, by: int) -> Mask:
    """The mask and `by` points around it, on each side."""
    for axis in (0, 1):
        wide = [(0, 0), (0, 0)]
        wide[axis] = (by, by)
        mask, reach, length = np.pad(mask, wide), 1, mask.shape[axis]
        # a point is in it where one of the 2 * by + 1 behind it is: of two, then of four of them, …
        while (more := min(reach, 2 * by + 1 - reach)) > 0:
            mask = _within(mask, axis, 0, -more) | _within(mask, axis, more, None)
            reach += more
        mask = _within(mask, axis, 0, length)
    return mask


def _within(mask: Mask, axis: int, start: int, stop: int | None) -> Mask:
    return mask[start:stop] if axis == 0 else mask[:, start:stop]


def opened(mask: Mask, side: int) -> Mask:
    """What of the mask is as wide and as high as a square of `side` points, and a point around it."""
    sums = np.pad(mask, ((1, 0), (1, 0))).astype(np.int32).cumsum(axis=0).cumsum(axis=1)
    full = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side] == side * side
    solid = np.zeros(mask.shape, dtype=bool)
    # the upper left point of each full square; grown over the square
    solid[: full.shape[0], : full.shape[1]] = full
    for axis in (0, 1):
        wide = solid
        for step in range(1, side + 1):
            wide = wide | np.roll(solid, step, axis)
        solid = wide
    return grown(solid, 1)


def reduced(mask: Mask, side: int) -> NDArray[np.floating[Any]]:
    """The share of ink in each cell of `side` points a side."""
    down, across = mask.shape[0] // side, mask.shape[1] // side
    parts = mask[: down * side, : across * side].reshape(down, side, across, side)
    shares: NDArray[np.floating[Any]] = parts.mean(axis=(1, 3))
    return shares
