"""Pictures of pages made legible for a program that reads words: even paper, and no rules around the words.

A program that reads words takes what stands in a frame for a drawing and skips it: of 36 stamps in their double
border tesseract read none, without the border nearly all that stood on clear paper. So long thin strokes go first.
"""

import math
from collections.abc import Iterator
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Grey: TypeAlias = NDArray[np.uint8]
Mask: TypeAlias = NDArray[np.bool_]

_MM_PER_INCH: Final = 25.4
#: What is darker than the paper around it by so much is ink (0 black, 255 white).
_INK: Final = 170
_PAPER: Final = 235
_DARKEST_PAPER: Final = 60
#: The paper at a point is the mean of what lies within so many millimetres.
_AROUND_MM: Final = 5.0
#: Shortest rule: longer than the tops of two capitals that touch, shorter than the inner border of the smallest stamp
#: (20 × 8 mm, borders 1 mm apart); no letter of 13 points is so tall as an upright one.
_ACROSS_MM, _UPRIGHT_MM = 13.0, 5.6
#: How much of a rule is ink, at least.
_ACROSS_INK, _UPRIGHT_INK = 0.95, 0.98
#: How far a stamp may lie askew, with the scan; degrees, and in which steps it is tried.
_ASKEW, _STEP = 4.0, 0.5
#: Red ink is redder than green and blue by so much (0 to 255).
_RED: Final = 50
#: So many square millimetres of red ink are a stamp, perhaps.
_RED_MM2: Final = 6.0


def evened(picture: Image.Image, dpi: float) -> Grey:
    """The picture in grey, the paper white whatever the light on it."""
    grey = picture.convert("L")
    around = grey.filter(ImageFilter.BoxBlur(_AROUND_MM * dpi / _MM_PER_INCH))
    paper = np.maximum(np.asarray(around, np.int32), _DARKEST_PAPER)
    return np.clip(np.asarray(grey, np.int32) * _PAPER // paper, 0, 255).astype(np.uint8)


def is_ink(even: Grey) -> Mask:
    """Where ink is on an evened picture."""
    return np.asarray(even < _INK, np.bool_)


def red_ink(picture: Image.Image, dpi: float) -> Grey | None:
    """The red ink alone, black on white; None where there is too little for a stamp."""
    if picture.mode != "RGB":
        return None
    points = np.asarray(picture, np.int16)
    redness = points[..., 0] - np.maximum(points[..., 1], points[..., 2])
    if (redness > _RED).sum() < _RED_MM2 * (dpi / _MM_PER_INCH) ** 2:
        return None
    return np.clip(255 - 2 * redness, 0, 255).astype(np.uint8)


def without_rules(even: Grey, dpi: float) -> Grey:
    """An evened picture without the long thin strokes of frames, tables and underlines."""
    # at half the size it costs a quarter, and a stroke of one point is not lost
    down, across = (side // 2 for side in even.shape)
    fours = is_ink(even)[: 2 * down, : 2 * across].reshape(down, 2, across, 2)
    half: Mask = np.asarray(fours.any(axis=(1, 3)), np.bool_)
    per_mm = dpi / 2 / _MM_PER_INCH
    rules = _rules(half, int(_ACROSS_MM * per_mm), _ACROSS_INK)
    rules |= _rules(np.ascontiguousarray(half.T), int(_UPRIGHT_MM * per_mm), _UPRIGHT_INK).T
    clean = even.copy()
    clean[: 2 * down, : 2 * across][np.repeat(np.repeat(_fat(rules), 2, 0), 2, 1)] = 255
    return clean


def _fat(mask: Mask) -> Mask:
    """A mask with a point more on every side."""
    wide = mask | np.roll(mask, 1, 0) | np.roll(mask, -1, 0)
    return np.asarray(wide | np.roll(wide, 1, 1) | np.roll(wide, -1, 1))


def _rules(ink: Mask, length: int, share: float) -> Mask:
    """The points of all strokes that are so long, from left to right, at any small angle."""
    down, across = ink.shape
    found = np.zeros(ink.shape, np.bool_)
    if across <= length or not down:
        return found
    # a stroke at an angle steps from row to row
    ink = ink | np.roll(ink, 1, 0)
    for tangent in _tangents():
        steps = np.round((np.arange(across) - across / 2) * tangent).astype(np.int32)
        most = int(np.abs(steps).max())
        rows = np.arange(down)[:, None] + most + steps[None, :]
        straight = np.pad(ink, ((most, most), (0, 0)))[rows, np.arange(across)[None, :]]
        row, column = np.nonzero(_runs(straight, length, share))
        row = rows[row, column] - most
        is_inside = (row >= 0) & (row < down)
        found[row[is_inside], column[is_inside]] = True
    return found


def _tangents() -> Iterator[float]:
    for step in range(-round(_ASKEW / _STEP), round(_ASKEW / _STEP) + 1):
        yield math.tan(math.radians(step * _STEP))


def _runs(ink: Mask, length: int, share: float) -> Mask:
    """The points of all stretches of a row of this length of which this share is ink."""
    down, across = ink.shape
    sums = np.zeros((down, across + 1), np.int32)
    np.cumsum(ink, axis=1, out=sums[:, 1:])
    begins = sums[:, length:] - sums[:, :-length] >= share * length
    edges = np.zeros((down, across + 1), np.int16)
    edges[:, : begins.shape[1]] += begins
    edges[:, length:] -= begins
    return np.asarray(np.cumsum(edges[:, :-1], axis=1) > 0)
