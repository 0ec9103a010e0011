"""What an issued page must look like on one scan of it, and where the scan is otherwise.

Printer and scanner spread ink, blur and fade it, and no two do it alike; so how they did it is learnt from the page
itself. The scan is explained, by least squares, from the issued page drawn sharp, spread and blurred; then in windows
of some 2 cm by that picture, its two slopes (what is left of crookedness, to the first order), its sharpness and a
constant (shadows). What is not explained is ink that was not issued, or issued ink that is not there.

Every third point each way tells enough for the fits; only what they leave is worked out for each point.

Source of the slopes: Lucas and Kanade, "An iterative image registration technique" (1981).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from pipeline.papers.alignment import DPI, Affine, Pixels

_Value = TypeVar("_Value", bound=np.generic)
_Matrix: TypeAlias = NDArray[np.floating[Any]]
#: Ink as whole numbers, which are added twice as fast as fractions: sharp from 0 to 255, soft from 0 to _FULL.
_Sharp: TypeAlias = NDArray[np.uint8]
_Soft: TypeAlias = NDArray[np.uint16]

_FULL: Final = 255 * 4**4
#: Blurs as `summed` takes them: by one pixel, as both pictures are so that their points can be compared; and from one
#: to two.
_BY_ONE: Final = (1, 1, 1, 1)
_TO_TWO: Final = (2, 2, 2)
#: A tile is of 6 mm; nine of them are fitted together.
_TILE_MM: Final = 6.0
#: Every so many points each way one is asked.
_STEP: Final = 3
#: Shares change from tile to tile, and within one so often.
_STRIPS: Final = 4
#: What keeps windows with little ink from being explained by anything: for picture, slopes, sharpness, constant.
_HOLD: Final = np.array([1e-4, 1e-3, 1e-3, 1e-3, 1e-4]) / 10
#: Points off by more are not asked how the rest lies: a signature, a seal, another word.
_OUTLYING: Final = 0.25
#: The same where it is not known yet how a window lies.
_LOST: Final = 0.5
#: Share of a window's points that are ink where a window is as sure as any how the page lies.
_ENOUGH_INK: Final = 0.02
#: By so many pixels a window may lie otherwise than the page: beyond, something was written over it.
_DISAGREES: Final = 1.0
_ROUNDS: Final = 3


@dataclass(frozen=True)
class Explained:
    """A scan held against its issued page, as large as that: `seen` is the ink on it, a little blurred.

    `rest` is what the page does not explain: new ink is above 0, ink that lacks below. Both in shares of full ink.
    """

    seen: Pixels
    rest: Pixels


def explained(scan: Image.Image, issued: Image.Image, to_scan: Affine, dpi: int) -> Explained:
    """Explain a scan by the page that was issued.

    `scan` and `issued` are grey at `dpi`; `to_scan` maps points of `issued` to points of `scan`.
    """
    width, height = issued.size
    # how the page lies is seen well enough on coarse pictures
    coarser = dpi // DPI
    lies = _Page(issued.reduce(coarser), DPI).straightened(scan.reduce(coarser), _scaled(to_scan, 1 / coarser))
    seen, rest = _Page(issued, dpi).explained(scan, _scaled(lies, coarser))
    return Explained(seen[:height, :width] * np.float32(1 / _FULL), rest[:height, :width])


def summed(pixels: NDArray[_Value], steps: Sequence[int]) -> NDArray[_Value]:
    """Add to each point the one so many `steps` beside it, across and down, for one step after another.

    Over 4**len(steps) that is a blur as by a Gaussian of the variance sum(step²) / 4. The steps together are even.
    """
    sums = np.pad(pixels, sum(steps) // 2)
    for step in steps:
        sums = sums[:, step:] + sums[:, :-step]
        sums = sums[step:] + sums[:-step]
    return sums


def spread(pixels: NDArray[_Value]) -> NDArray[_Value]:
    """Take the highest of each point and those around it."""
    out = np.pad(pixels, 1)
    out = np.maximum(np.maximum(out[:, :-2], out[:, 1:-1]), out[:, 2:])
    return np.maximum(np.maximum(out[:-2], out[1:-1]), out[2:])


def _scaled(to_scan: Affine, by: float) -> Affine:
    a, b, c, d, e, f = to_scan
    return (a, b, c * by, d, e, f * by)


class _Page:
    """An issued page, and the pictures from which its scan is explained."""

    def __init__(self, issued: Image.Image, dpi: int) -> None:
        self.tile = _STEP * _STRIPS * round(dpi * _TILE_MM / 25.4 / _STEP / _STRIPS)
        # whole tiles, and nothing printed on what is added
        whole = ImageOps.expand(issued, (0, 0, -issued.width % self.tile, -issued.height % self.tile), fill=255)
        self.size = whole.size
        sharp = _ink_of(whole)
        wide = spread(sharp)
        #: the page drawn sharp, spread by one pixel and by two, and sharp but twice as soft
        self.soft = [_softened(one) for one in (sharp, wide, spread(wide))]
        self.soft.append(summed(self.soft[0] // np.uint16(4 ** len(_TO_TWO)), _TO_TWO))

    def straightened(self, scan: Image.Image, to_scan: Affine) -> Affine:
        """The map corrected by how the windows lie."""
        seen = self._seen(scan, to_scan)
        fit, ink = self._fitted(_few(seen), self._pictures(self._shown(seen), step=_STEP))
        # windows say how the page lies as surely as they hold ink
        sure = np.sqrt(np.minimum(ink / (_ENOUGH_INK * self._points), 1)).ravel()
        by = (2 * fit[..., 1:3] / np.maximum(fit[..., :1], 0.1)).reshape(-1, 2)
        down, across = (at.ravel() for at in np.indices(ink.shape))
        places = np.stack([(across + 0.5) * self.tile, (down + 0.5) * self.tile, np.ones(len(across))], axis=1)
        moved = np.zeros((3, 2))
        for _ in range(_ROUNDS):
            moved, *_ = np.linalg.lstsq(places * sure[:, None], (places[:, :2] - by) * sure[:, None], rcond=None)
            off = np.hypot(*(places @ moved - places[:, :2] + by).T)
            sure = np.where(off > _DISAGREES, 0, sure)
        whole = np.vstack([np.array(to_scan).reshape(2, 3), [0, 0, 1]]) @ np.vstack([moved.T, [0, 0, 1]])
        a, b, c, d, e, f = whole[:2].ravel().tolist()
        return (a, b, c, d, e, f)

    def explained(self, scan: Image.Image, to_scan: Affine) -> tuple[_Soft, Pixels]:
        """What is seen, and what is left of it once everything is explained that can be."""
        seen = self._seen(scan, to_scan)
        shown = self._shown(seen)
        few, pictures = _few(seen), self._pictures(shown, step=_STEP)
        # where print was lost, or something was pressed over it, nothing is learnt
        fit, _ = self._fitted(few, pictures, np.abs(few * np.float32(1 / _FULL) - pictures[0]) < _LOST)
        rest = _rest(few, lambda rows: [one[rows] for one in pictures], fit)
        fit, _ = self._fitted(few, pictures, np.abs(rest) < _OUTLYING)
        return seen, _rest(seen, lambda rows: self._pictures(shown, rows), fit)

    def _seen(self, scan: Image.Image, to_scan: Affine) -> _Soft:
        over = scan.transform(self.size, Image.Transform.AFFINE, to_scan, Image.Resampling.BILINEAR, fillcolor=255)
        return _softened(_ink_of(over))

    def _shown(self, seen: _Soft) -> Pixels:
        """The page as this scanner shows it, with a rim of one point."""
        known, target = np.stack([_few(one).ravel() for one in self.soft], axis=1) / _FULL, _few(seen).ravel() / _FULL
        # where nothing is printed only signatures and seals are seen
        near = known[:, -1] > 0
        known, target = known[near], target[near]
        shares = _explaining(known, target)
        close = np.abs(known @ shares - target) < _OUTLYING
        shares = _explaining(known[close], target[close])
        shown: Pixels = np.zeros((seen.shape[0] + 2, seen.shape[1] + 2), dtype=np.float32)
        rows = self.tile // _STRIPS
        for top in range(0, len(seen), rows):
            for share, soft in zip(shares, self.soft, strict=True):
                shown[top + 1 : top + rows + 1, 1:-1] += soft[top : top + rows] * np.float32(share / _FULL)
        return shown

    def _pictures(self, shown: Pixels, rows: slice = slice(None), step: int = 1) -> list[Pixels]:
        """The page as this scanner shows it, its slopes over two pixels, its sharpness; of each `step`-th point."""
        top, bottom, _ = rows.indices(len(shown) - 2)
        up, middle, down = (shown[top + at : bottom + at : step] for at in range(3))
        soft, softer = (self.soft[at][top:bottom:step, ::step] for at in (0, -1))
        return [
            middle[:, 1:-1:step],
            middle[:, 2::step] - middle[:, :-2:step],
            down[:, 1:-1:step] - up[:, 1:-1:step],
            np.subtract(softer, soft, dtype=np.float32) * np.float32(1 / _FULL),
        ]

    def _fitted(
        self, seen: _Soft, pictures: Sequence[Pixels], trusted: NDArray[np.bool_] | None = None
    ) -> tuple[_Matrix, _Matrix]:
        """For each tile and those around it: the shares of pictures and of a constant, and how much ink there is."""
        side = self.tile // _STEP
        rows, columns = (length // side for length in seen.shape)
        stacked = np.stack([*pictures, np.ones(seen.shape, np.float32), seen * np.float32(1 / _FULL)])
        if trusted is not None:
            stacked *= trusted
        tiles = stacked.reshape(-1, rows, side, columns, side).transpose(1, 3, 0, 2, 4)
        points = tiles.reshape(rows, columns, len(stacked), side * side)
        products = np.pad(points @ points.swapaxes(2, 3), ((1, 1), (1, 1), (0, 0), (0, 0))).astype(np.float64)
        around = np.sum([products[y : y + rows, x : x + columns] for y in range(3) for x in range(3)], axis=0)
        squares = around[..., :-1, :-1] + np.diag(_HOLD * self._points)
        return np.linalg.solve(squares, around[..., :-1, -1:])[..., 0], squares[..., 0, 0]

    @property
    def _points(self) -> int:
        """How many points are asked in a window."""
        return 9 * (self.tile // _STEP) ** 2


def _rest(seen: _Soft, pictures: Callable[[slice], Sequence[Pixels]], fit: _Matrix) -> Pixels:
    """What the pictures, each in its share, do not explain; `pictures` gives those of some rows.

    Worked out in strips, which the processor keeps at hand; within one the shares are taken to be the same.
    """
    height, width = seen.shape
    count = len(fit) * _STRIPS
    *shares, constant = (
        np.asarray(Image.fromarray(one).resize((width, count), Image.Resampling.BILINEAR))
        for one in np.moveaxis(fit, -1, 0).astype(np.float32)
    )
    rest = np.empty((height, width), dtype=np.float32)
    for at in range(count):
        rows = slice(at * height // count, (at + 1) * height // count)
        rest[rows] = seen[rows] * np.float32(1 / _FULL) - constant[at]
        for share, picture in zip(shares, pictures(rows), strict=True):
            rest[rows] -= share[at] * picture
    return rest


def _ink_of(grey: Image.Image) -> _Sharp:
    """The ink of a grey picture; a yellowed page has as much as a white one."""
    counts = np.cumsum(grey.histogram())
    paper = max(1, int(np.searchsorted(counts, counts[-1] / 2)))
    ink = grey.point([max(0, round(255 - 255 * shade / paper)) for shade in range(256)])
    return np.asarray(ink)


def _softened(ink: _Sharp) -> _Soft:
    return summed(ink.astype(np.uint16), _BY_ONE)


def _few(pixels: NDArray[Any]) -> NDArray[Any]:
    return np.ascontiguousarray(pixels[::_STEP, ::_STEP])


def _explaining(known: _Matrix, target: _Matrix) -> _Matrix:
    """How much of each known column, together, is most like the target."""
    shares, *_ = np.linalg.lstsq(known.T @ known, known.T @ target, rcond=1e-6)
    return shares
