"""What an issued page must look like on one scan of it, and where the scan is otherwise.

Printer and scanner spread ink, blur and fade it, and no two do it alike; so how they did it is learnt from the page
itself. The scan is explained, by least squares, from the issued page drawn sharp, spread and blurred; then in windows
of some 2 cm by that picture, its two slopes (what is left of crookedness, to the first order), its sharpness and a
constant (shadows). What is not explained is ink that was not issued, or issued ink that is not there.

Source of the slopes: Lucas and Kanade, "An iterative image registration technique" (1981).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter, ImageOps

from pipeline.papers.alignment import Affine, Pixels, ink_of

_Images: TypeAlias = list[Image.Image]
_Matrix: TypeAlias = NDArray[np.floating[Any]]

#: In pixels: what both pictures are blurred by, so that their points can be compared.
_SOFT: Final = 1.0
_SCAN_SOFT: Final = 1.0
#: Printed ink spreads by a pixel or two; the picture is offered with each, and blurred two and four times as much.
_SPREADS: Final = 2
_BLURS: Final = (2, 4)
#: A tile is of 6 mm; nine of them are fitted together.
_TILE_MM: Final = 6.0
#: Every third point each way tells how ink spreads, every second one how a window lies.
_SPREAD_STEP: Final = 3
_FIT_STEP: Final = 2
#: What keeps windows with little ink from being explained by anything: for picture, slopes, sharpness, constant.
_HOLD: Final = np.array([1e-4, 1e-3, 1e-3, 1e-3, 1e-4])
#: Points off by more are not asked how the rest lies: a signature, a seal, another word.
_OUTLYING: Final = 0.25
#: Share of a window's points that are ink where a window is as sure as any how the page lies.
_ENOUGH_INK: Final = 0.02
#: By so many pixels a window may lie otherwise than the page: beyond, something was written over it.
_DISAGREES: Final = 1.0
_ROUNDS: Final = 3


@dataclass(frozen=True)
class Explained:
    """A scan held against its issued page, as large as that: `shown` is the page's ink as this scanner shows it.

    `rest` is what the page does not explain: new ink is above 0, ink that lacks below. Both in shares of full ink.
    """

    shown: Pixels
    rest: Pixels


def explained(scan: Image.Image, issued: Image.Image, to_scan: Affine, dpi: int) -> Explained:
    """Explain a scan by the page that was issued.

    `scan` and `issued` are grey at `dpi`; `to_scan` maps points of `issued` to points of `scan`.
    """
    tile = 2 * round(dpi * _TILE_MM / 25.4 / 2)
    width, height = issued.size
    # whole tiles, and nothing printed on what is added
    issued = ImageOps.expand(issued, (0, 0, -width % tile, -height % tile), fill=255)
    # how the page lies is seen well enough on pictures of half the size
    lies = _Page(issued.reduce(2), tile // 2).straightened(scan.reduce(2), _scaled(to_scan, 0.5))
    whole = _Page(issued, tile).explained(scan, _scaled(lies, 2))
    return Explained(whole.shown[:height, :width], whole.rest[:height, :width])


def _scaled(to_scan: Affine, by: float) -> Affine:
    a, b, c, d, e, f = to_scan
    return (a, b, c * by, d, e, f * by)


class _Page:
    """An issued page, and the pictures from which its scan is explained."""

    def __init__(self, issued: Image.Image, tile: int) -> None:
        self.size = issued.size
        self.tile = tile
        sharp = _ink_picture(issued)
        spread = list(islice(_spreading(sharp), _SPREADS))
        self.parts: _Images = [
            *(one.filter(ImageFilter.GaussianBlur(_SOFT)) for one in (sharp, *spread)),
            *(sharp.filter(ImageFilter.GaussianBlur(_SOFT * by)) for by in _BLURS),
        ]

    def straightened(self, scan: Image.Image, to_scan: Affine) -> Affine:
        """The map corrected by how the windows lie."""
        seen = self._seen(scan, to_scan)
        fit, ink = self._fitted(seen, self._pictures(seen), None)
        # windows say how the page lies as surely as they hold ink
        sure = np.sqrt(np.minimum(ink / (_ENOUGH_INK * 9 * (self.tile / _FIT_STEP) ** 2), 1)).ravel()
        by = (fit[..., 1:3] / np.maximum(fit[..., :1], 0.1)).reshape(-1, 2)
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

    def explained(self, scan: Image.Image, to_scan: Affine) -> Explained:
        """What is left of the scan once everything is explained that can be."""
        seen = self._seen(scan, to_scan)
        pictures = self._pictures(seen)
        fit, _ = self._fitted(seen, pictures, None)
        rest = self._rest(seen, pictures, fit)
        fit, _ = self._fitted(seen, pictures, np.abs(rest) < _OUTLYING)
        rest = self._rest(seen, pictures, fit)
        return Explained(seen - rest, rest)

    def _seen(self, scan: Image.Image, to_scan: Affine) -> Pixels:
        over = scan.transform(self.size, Image.Transform.AFFINE, to_scan, Image.Resampling.BICUBIC, fillcolor=255)
        return _pixels(_ink_picture(over).filter(ImageFilter.GaussianBlur(_SCAN_SOFT)))

    def _pictures(self, seen: Pixels) -> Sequence[Pixels]:
        """The page as this scanner shows it, its slopes, its sharpness, and a constant."""
        few = [_pixels(part)[::_SPREAD_STEP, ::_SPREAD_STEP].ravel() for part in self.parts]
        known, target = np.stack(few, axis=1), seen[::_SPREAD_STEP, ::_SPREAD_STEP].ravel()
        # where nothing is printed only signatures and seals are seen
        near = known[:, -1] > 0
        shares, *_ = np.linalg.lstsq(known[near], target[near], rcond=1e-3)
        close = near & (np.abs(known @ shares - target) < _OUTLYING)
        shares, *_ = np.linalg.lstsq(known[close], target[close], rcond=1e-3)
        shown: Pixels = np.zeros_like(seen)
        for share, part in zip(shares, self.parts, strict=True):
            shown += np.float32(share) * _pixels(part)
        down, right = _slopes(shown)
        blurred = _picture(shown).filter(ImageFilter.GaussianBlur(_SOFT * 2))
        sharper: Pixels = _pixels(blurred) - shown
        return (shown, right, down, sharper, np.ones_like(shown))

    def _fitted(
        self, seen: Pixels, pictures: Sequence[Pixels], trusted: NDArray[np.bool_] | None
    ) -> tuple[_Matrix, _Matrix]:
        """For each tile, with those around it, the share of each picture; and how much ink there is."""
        few = [one[::_FIT_STEP, ::_FIT_STEP] for one in pictures]
        target = seen[::_FIT_STEP, ::_FIT_STEP]
        if trusted is not None:
            counted = trusted[::_FIT_STEP, ::_FIT_STEP].astype(np.float32)
            few, target = [one * counted for one in few], target * counted
        count = len(few)
        rows, columns = (side // (self.tile // _FIT_STEP) for side in target.shape)
        squares, products = np.zeros((rows, columns, count, count)), np.zeros((rows, columns, count, 1))
        for at in range(count):
            for other in range(at, count):
                squares[..., at, other] = squares[..., other, at] = self._summed(few[at] * few[other])
            products[..., at, 0] = self._summed(few[at] * target)
        points = 9 * (self.tile / _FIT_STEP) ** 2
        held = squares + np.eye(count) * _HOLD * points / 10
        return np.linalg.solve(held, products)[..., 0], squares[..., 0, 0]

    def _summed(self, pixels: Pixels) -> _Matrix:
        side = self.tile // _FIT_STEP
        rows, columns = (one // side for one in pixels.shape)
        tiles = pixels[: rows * side, : columns * side].reshape(rows, side, columns, side).sum(axis=(1, 3))
        padded = np.pad(tiles, 1)
        return sum(padded[y : y + rows, x : x + columns] for y in range(3) for x in range(3))  # type: ignore[return-value]

    def _rest(self, seen: Pixels, pictures: Sequence[Pixels], fit: _Matrix) -> Pixels:
        rest = seen.copy()
        for at, picture in enumerate(pictures):
            share = Image.fromarray(fit[..., at].astype(np.float32))
            smooth = share.resize((seen.shape[1], seen.shape[0]), Image.Resampling.BILINEAR)
            rest -= np.asarray(smooth) * picture
        return rest


def _slopes(pixels: Pixels) -> tuple[Pixels, Pixels]:
    down, right = np.gradient(pixels)
    return np.asarray(down), np.asarray(right)


def _spreading(ink: Image.Image) -> Iterator[Image.Image]:
    """The ink spread by one pixel all round, by two, and so on."""
    while True:
        for right, down in ((1, 0), (0, 1)):
            there, back = (ImageChops.offset(ink, right * way, down * way) for way in (1, -1))
            ink = ImageChops.lighter(ink, ImageChops.lighter(there, back))
        yield ink


def _ink_picture(picture: Image.Image) -> Image.Image:
    return _picture(ink_of(picture))


def _picture(ink: Pixels) -> Image.Image:
    return Image.fromarray((np.clip(ink, 0, 1) * 255 + 0.5).astype(np.uint8))


def _pixels(picture: Image.Image) -> Pixels:
    return np.asarray(picture, dtype=np.float32) / np.float32(255)
