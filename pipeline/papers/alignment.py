"""Laying a scanned page over the page that was issued: where on the scan does each point of the issued page lie?

A page comes back turned by some degrees, shifted, a little larger or smaller. First the best of a few turns is found
by phase correlation of small pictures. Then the map is refined: the page is cut into windows, the shift of each is
found by phase correlation, and all shifts together give the affine map. Windows over fresh ink or a fold disagree
with the others and are left out.

Source: Kuglin and Hines, "The phase correlation image alignment method" (1975).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels: TypeAlias = NDArray[np.floating[Any]]
#: (a, b, c, d, e, f): the point (x, y) of the issued page lies at (ax + by + c, dx + ey + f) on the scan.
Affine: TypeAlias = tuple[float, float, float, float, float, float]
Point: TypeAlias = tuple[float, float]

#: Resolution at which pages are laid over each other; a window is a little more than 3 cm then.
DPI: Final = 100
_WINDOW: Final = 128
_STEP: Final = 96
#: Share of a window's issued pixels that must be ink: white paper shows no shift.
_LEAST_INK: Final = 0.01
_IS_INK: Final = 0.5
_ROUNDS: Final = 3
#: A map that moved by less than so many pixels is good enough: ink is looked for with 0.6 mm of patience.
_SETTLED: Final = 0.7
#: Windows needed to believe a map, and by how many pixels one may disagree with it.
_LEAST_WINDOWS: Final = 6
_DISAGREES: Final = 2.5
#: Turns that are tried, in degrees, on pictures of a fourth of the size; the best of them are looked at closely.
_TURNS: Final = (0.0, -1.5, 1.5, -3.0, 3.0, -4.5, 4.5)
_SMALL: Final = 4
_LIKELY: Final = 2


@dataclass(frozen=True)
class Aligned:
    """A page laid over its issued page. `likeness` is 1 for the same picture, about 0 for another one."""

    to_scan: Affine
    likeness: float

    @property
    def is_upside_down(self) -> bool:
        """Whether the page lies with its head down."""
        a, _, _, _, e, _ = self.to_scan
        return a + e < 0


def align(scan: Image.Image, issued: Image.Image) -> Aligned:
    """Lay `scan` over `issued`; both are grey, at DPI."""
    page = ink_of(issued)
    likely = sorted(_searched(scan, issued), reverse=True)[:_LIKELY]
    found = max((_Guess.made(scan, page, guess) for _, guess in likely), key=lambda one: one.likeness)
    for _ in range(_ROUNDS):
        refined = _refined(page, found.over, found.to_scan)
        if refined is None:
            break
        better = _Guess.made(scan, page, refined)
        # a worse map is none: a page that is not this one has no map at all
        if better.likeness <= found.likeness:
            break
        is_settled = _apart(found.to_scan, refined, issued.size) < _SETTLED
        found = better
        if is_settled:
            break
    return Aligned(found.to_scan, found.likeness)


@dataclass(frozen=True)
class _Guess:
    """A map, the scan as it lies with it, and how like the page that is."""

    to_scan: Affine
    over: Pixels
    likeness: float

    @classmethod
    def made(cls, scan: Image.Image, page: Pixels, to_scan: Affine) -> Self:
        over = laid(scan, (page.shape[1], page.shape[0]), to_scan)
        return cls(to_scan, over, _likeness(over, page))


def _apart(one: Affine, other: Affine, size: tuple[int, int]) -> float:
    """By how many pixels two maps differ at most: at a corner."""
    corners = np.array([(x, y, 1.0) for x in (0, size[0]) for y in (0, size[1])]).T
    return float(np.abs((np.array(one) - np.array(other)).reshape(2, 3) @ corners).max())


def laid(scan: Image.Image, size: tuple[int, int], to_scan: Affine) -> Pixels:
    """The scan as it lies over an issued page of `size`, its ink as numbers from 0 (paper) to 1."""
    return ink_of(scan.transform(size, Image.Transform.AFFINE, to_scan, Image.Resampling.BILINEAR, fillcolor=255))


def _refined(page: Pixels, over: Pixels, to_scan: Affine) -> Affine | None:
    """The map corrected by the shifts of its windows; None when too few of them agree."""
    pairs = list(shifts(page, over))
    a, b, c, d, e, f = to_scan
    points = np.array([(x, y, 1.0) for (x, y), _ in pairs])
    targets = np.array(
        [(a * (x + dx) + b * (y + dy) + c, d * (x + dx) + e * (y + dy) + f) for (x, y), (dx, dy) in pairs]
    )
    while len(points) >= _LEAST_WINDOWS:
        solved, *_ = np.linalg.lstsq(points, targets, rcond=None)
        off = np.hypot(*(points @ solved - targets).T)
        kept = off <= max(_DISAGREES, 2 * float(np.median(off)))
        if kept.all():
            (ax, dx), (bx, ex), (cx, fx) = solved.tolist()
            return (ax, bx, cx, dx, ex, fx)
        points, targets = points[kept], targets[kept]
    return None


def shifts(page: Pixels, over: Pixels) -> Iterator[tuple[Point, Point]]:
    """Give, for each window with ink, its middle, and by how many pixels its content lies off."""
    fade = np.outer(np.hanning(_WINDOW), np.hanning(_WINDOW)).astype(np.float32)
    for window in _windows(page, _STEP):
        if min((page[window] > _IS_INK).mean(), (over[window] > _IS_INK).mean()) < _LEAST_INK:
            continue
        shift, _ = _phase_shift(page[window] * fade, over[window] * fade)
        if max(map(abs, shift)) < _WINDOW / 3:
            rows, columns = window
            yield (columns.start + _WINDOW / 2, rows.start + _WINDOW / 2), shift


def _phase_shift(one: Pixels, other: Pixels) -> tuple[Point, float]:
    """By how many pixels (right, down) the content of `other` lies off that of `one`, and how sure that is."""
    crossed = np.fft.rfft2(other) * np.conj(np.fft.rfft2(one))
    # not wholly whitened: on paper most frequencies hold nothing but grain
    crossed /= np.sqrt(np.abs(crossed)) + 1e-9
    peaks = np.fft.irfft2(crossed, one.shape)
    down, right = np.unravel_index(int(peaks.argmax()), peaks.shape)
    height, width = peaks.shape
    dy, dx = _between(peaks[:, right], int(down)), _between(peaks[down, :], int(right))
    shift = (dx - width if dx > width / 2 else dx, dy - height if dy > height / 2 else dy)
    spread = float(peaks.std())  # of nothing but paper it is none
    return shift, float(peaks.max()) / spread if spread else 0.0


def _between(line: Pixels, at: int) -> float:
    """The top of a parabola through a peak and its neighbours: a peak lies between pixels."""
    before, here, after = line[at - 1], line[at], line[(at + 1) % len(line)]
    bend = before - 2 * here + after
    return at + (float(0.5 * (before - after) / bend) if bend else 0.0)


def _searched(scan: Image.Image, issued: Image.Image) -> Iterator[tuple[float, Affine]]:
    """Each turn, upright and upside down, with the shift that suits it best, and how well it suits."""
    page, small = ink_of(issued.reduce(_SMALL)), scan.reduce(_SMALL)
    size = (page.shape[1], page.shape[0])
    for degrees in (*_TURNS, *(180 + turn for turn in _TURNS)):
        turned = _about_middle(degrees, small.size, size)
        (dx, dy), peak = _phase_shift(page, laid(small, size, turned))
        a, b, c, d, e, f = turned
        # the map of the small pictures, moved by the shift and made large
        yield peak, (a, b, (c + a * dx + b * dy) * _SMALL, d, e, (f + d * dx + e * dy) * _SMALL)


def _about_middle(degrees: float, scan: tuple[int, int], page: tuple[int, int]) -> Affine:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    (scan_x, scan_y), (x, y) = (scan[0] / 2, scan[1] / 2), (page[0] / 2, page[1] / 2)
    return (cos, -sin, scan_x - cos * x + sin * y, sin, cos, scan_y - sin * x - cos * y)


def ink_of(picture: Image.Image) -> Pixels:
    """Give the ink of a grey picture, from 0 to 1; a yellowed page has as much as a white one."""
    grey = np.asarray(picture)
    # the median, counted: a page has a million points of 256 greys
    paper = float(np.searchsorted(np.bincount(grey.ravel(), minlength=256).cumsum(), grey.size / 2))
    ink: Pixels = np.clip(np.float32(1) - grey / np.float32(max(paper, 1.0)), 0, 1)
    return ink


def _likeness(over: Pixels, page: Pixels) -> float:
    """How alike the words of two pages are: the middle one of the correlations of their windows.

    Within each row of a window only the differences from its mean count: lines of text that stand equally far apart,
    as on every page of one form, are no likeness.
    """
    alike = [
        _correlation(over[window], page[window])
        for window in _windows(page, _WINDOW)
        if (page[window] > _IS_INK).mean() >= _LEAST_INK
    ]
    return float(np.median(alike)) if alike else 0.0


def _correlation(one: Pixels, other: Pixels) -> float:
    # a little blurred: half a pixel off must not make two words unlike
    one, other = (_blurred(part) - _blurred(part).mean(axis=1, keepdims=True) for part in (one, other))
    size = math.sqrt(float((one * one).sum() * (other * other).sum()))
    return float((one * other).sum()) / size if size else 0.0


def _windows(page: Pixels, step: int) -> Iterator[tuple[slice, slice]]:
    height, width = page.shape
    for top in range(0, height - _WINDOW + 1, step):
        for left in range(0, width - _WINDOW + 1, step):
            yield slice(top, top + _WINDOW), slice(left, left + _WINDOW)


def _blurred(pixels: Pixels) -> Pixels:
    for axis in (0, 1):
        pixels = (np.roll(pixels, 1, axis) + pixels + np.roll(pixels, -1, axis)) / 3
    return pixels
