"""Round seals, told by their ring: on a grey scan nothing else tells them from a signature.

A circle of a seal's size is believed where most of it is inked; no hand draws one so. What lies within it is the
seal's. Found by correlating the ink with rings of each radius (the circular Hough transform, by FFT).
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pipeline.papers.mask import Mask, reduced

#: Outer diameters of the seals of Party and state offices, with what a scanner stretches (NĐ 99/2016: 20 to 42 mm;
#: those of offices are of 36 mm).
SMALLEST_SEAL_MM: Final = 26.0
LARGEST_SEAL_MM: Final = 44.0
#: Rings are looked for on cells of half a millimetre, in steps of as much.
_CELLS_PER_MM: Final = 2
_CELL_INK: Final = 0.25
#: Share of the ring that must be inked: a signature over it takes nothing away, a worn seal up to a third.
_LEAST_RING: Final = 0.66
#: A seal on the name lies over as many as five printed lines; less of a ring than this could be anything.
_LEAST_SEEN: Final = 0.55
_UNSEEN_COSTS: Final = 0.5
#: Ink of the ring itself lies outside the circle found, by its width and by half a step.
_RIM_MM: Final = 1.2


def within_seals(ink: Mask, printed: Mask, per_mm: float) -> Mask:
    """Tell which points lie within a round seal; `ink` has `per_mm` points to the millimetre, as has the answer.

    Where something is `printed` no ink is seen: there a ring is not looked for.
    """
    inside = np.zeros(ink.shape, dtype=bool)
    side = round(per_mm / _CELLS_PER_MM)
    # a thin ring stays whole
    cells = reduced(ink, side) >= _CELL_INK
    size_mm = per_mm / side
    if min(cells.shape) / size_mm < SMALLEST_SEAL_MM:
        return inside
    inked = np.fft.rfft2(cells.astype(np.float32))
    free = np.fft.rfft2((reduced(printed, side) < _CELL_INK).astype(np.float32))
    best = np.zeros(cells.shape)
    radii = np.zeros(cells.shape)
    for radius in np.arange(SMALLEST_SEAL_MM / 2, LARGEST_SEAL_MM / 2 + 0.1, 1 / _CELLS_PER_MM):
        seen = np.maximum(_share_on_ring(free, cells.shape, radius * size_mm), _LEAST_SEEN)
        # the less of a ring can be seen, the more of that must be there
        share = _share_on_ring(inked, cells.shape, radius * size_mm) / seen - (1 - seen) * _UNSEEN_COSTS
        # of the rings about one middle the outermost is the seal's edge
        radii = np.where((share > best) | (share >= _LEAST_RING), radius, radii)
        best = np.maximum(best, share)
    rows, columns = np.indices(ink.shape) / per_mm
    while best.max() >= _LEAST_RING:
        down, across = np.unravel_index(int(best.argmax()), best.shape)
        radius = float(radii[down, across]) + _RIM_MM
        y, x = (float(down) + 0.5) / size_mm, (float(across) + 0.5) / size_mm
        inside |= (rows - y) ** 2 + (columns - x) ** 2 <= radius**2
        # two seals never stand closer than one of them is wide
        far = round(SMALLEST_SEAL_MM / 2 * size_mm)
        best[max(0, down - far) : down + far + 1, max(0, across - far) : across + far + 1] = 0
    return inside


def _share_on_ring(
    inked: NDArray[np.complexfloating[Any, Any]], shape: tuple[int, ...], radius: float
) -> NDArray[np.floating[Any]]:
    """For each cell as the middle: which share of the ring of `radius` cells around it is inked."""
    angles = np.arange(0, 2 * np.pi, 1 / radius)
    ring = np.zeros(shape, dtype=np.float32)
    reach = round(radius)
    rows, columns = np.round(radius * np.sin(angles)).astype(int), np.round(radius * np.cos(angles)).astype(int)
    ring[rows % shape[0], columns % shape[1]] = 1
    share = np.fft.irfft2(inked * np.conj(np.fft.rfft2(ring)), shape) / ring.sum()
    # circles that reach over the edge wrap around: they are none
    whole = np.zeros(shape, dtype=bool)
    whole[reach : shape[0] - reach, reach : shape[1] - reach] = True
    return np.where(whole, share, 0.0)
