"""Laying a photo flat: taken from beside or from afar, a sheet is a crooked part of the picture.

The pictures of the document code stand at known places of the page; where their corners lie on the photo tells how
the sheet lies there (a homography). That is refined by the shifts of windows, as turned and shifted scans are
(`alignment`). Without two codes in view nothing is straightened.

Source: Hartley and Zisserman, "Multiple View Geometry in Computer Vision" (2004), 4.1 (direct linear transformation).
"""

import itertools
import math
from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import zxingcpp
from PIL import Image
from zxingcpp import BarcodeFormat, BarcodeFormats

from pipeline.papers import codes
from pipeline.papers.alignment import Pixels, Point, ink_of, shifts

#: (a, b, …, h): the point (x, y) of the page lies at ((ax + by + c) / w, (dx + ey + f) / w), w = gx + hy + 1.
Flat: TypeAlias = tuple[float, float, float, float, float, float, float, float]

_QR: Final = BarcodeFormats([BarcodeFormat.QRCode])
#: Codes on a page: two, and the mark of the page; more are other things.
_LEAST_CODES: Final = 2
_MOST_CODES: Final = 4
_ROUNDS: Final = 4
_LEAST_WINDOWS: Final = 12
_DISAGREES: Final = 2.5
#: By how much of its size a code may lie off where the others say it is.
_CODE_OFF: Final = 0.35


#: The four corners of a code in pixels, in the order in which it is read.
Corners: TypeAlias = tuple[Point, Point, Point, Point]


def codes_on(picture: Image.Image) -> list[Corners]:
    """Find the pictures of our codes, whatever page they are of: they stand at the same places on each."""
    read = zxingcpp.read_barcodes(picture, formats=_QR, try_invert=False)
    return [_seen(one) for one in read if codes.find_all(one.text)][:_MOST_CODES]


def _seen(barcode: zxingcpp.Barcode) -> Corners:
    at = barcode.position
    corners = [(float(one.x), float(one.y)) for one in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
    return corners[0], corners[1], corners[2], corners[3]


def flat_by_codes(photo: Sequence[Corners], page: Sequence[Corners]) -> Flat | None:
    """Tell by the codes on both how the page lies on a photo; None where they are fewer than two, or do not fit."""
    best: tuple[float, Flat] | None = None
    count = min(len(photo), len(page))
    # the codes of a page say the same: which is which, only the fit tells
    for chosen in itertools.permutations(photo, count) if count >= _LEAST_CODES else ():
        for beside in itertools.combinations(page, count):
            points, targets = np.concatenate(beside), np.concatenate(chosen)
            flat = _fitted(points, targets)
            off = float(np.hypot(*(_laid(flat, points) - targets).T).max())
            if off < _CODE_OFF * math.dist(*chosen[0][:2]) and (best is None or off < best[0]):
                best = (off, flat)
    return best[1] if best else None


def refined(flat: Flat, photo: Image.Image, page: Pixels) -> Flat:
    """Give the map corrected by the shifts of windows; as it was where too few of them agree."""
    size = (page.shape[1], page.shape[0])
    for _ in range(_ROUNDS):
        pairs = list(shifts(page, ink_of(flattened(photo, size, flat))))
        points = np.array([at for at, _ in pairs])
        moved = np.array([(x + dx, y + dy) for (x, y), (dx, dy) in pairs])
        targets = _laid(flat, moved) if pairs else moved
        while len(points) >= _LEAST_WINDOWS:
            solved = _fitted(points, targets)
            off = np.hypot(*(_laid(solved, points) - targets).T)
            kept = off <= max(_DISAGREES, 2 * float(np.median(off)))
            if kept.all():
                break
            points, targets = points[kept], targets[kept]
        else:
            return flat
        flat = solved
    return flat


def flattened(photo: Image.Image, size: tuple[int, int], flat: Flat) -> Image.Image:
    """Give the sheet as it lies flat, in a picture of `size`."""
    return photo.transform(size, Image.Transform.PERSPECTIVE, flat, Image.Resampling.BILINEAR, fillcolor="white")


def finer(flat: Flat, by: float) -> Flat:
    """Give the same map between pictures that are larger by a factor."""
    a, b, c, d, e, f, g, h = flat
    return (a, b, c * by, d, e, f * by, g / by, h / by)


def turn_of(flat: Flat) -> int:
    """Tell by how many degrees clockwise the photo is turned to stand upright, to the next quarter."""
    return round(-math.degrees(math.atan2(flat[3], flat[0])) / 90) * 90 % 360


def _fitted(points: Pixels, targets: Pixels) -> Flat:
    """The map that lays points onto targets best, by least squares."""
    rows = []
    for (x, y), (u, v) in zip(points.tolist(), targets.tolist(), strict=True):
        rows.append((x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y))
        rows.append((0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y))
    solved, *_ = np.linalg.lstsq(np.array(rows), targets.ravel(), rcond=None)
    a, b, c, d, e, f, g, h = solved.tolist()
    return (a, b, c, d, e, f, g, h)


def _laid(flat: Flat, points: Pixels) -> Pixels:
    a, b, c, d, e, f, g, h = flat
    x, y = points[:, 0], points[:, 1]
    below = g * x + h * y + 1
    laid: Pixels = np.stack(((a * x + b * y + c) / below, (d * x + e * y + f) / below), axis=1)
    return laid
