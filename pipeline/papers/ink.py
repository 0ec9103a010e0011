"""Fresh ink: what stands on the paper in a place and did not stand on the issued page.

Told apart from grain, dust and rules by how far it spreads: a signature has height and width, a speck neither, a rule
or a fold only one. A seal is told by its red, and where a scan has no colour by its ring.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from pipeline.papers.alignment import DPI, Affine, Pixels
from pipeline.papers.handwriting import is_signed
from pipeline.papers.mask import Mask, grown, reduced
from pipeline.papers.seals import LARGEST_SEAL_MM, within_seals
from pipeline.papers.seen import Box

INK_DPI: Final = 150
_PER_MM: Final = INK_DPI / 25.4
#: Darker than the paper around it by this share of white: pale ballpoint is at a third, grain below a sixth.
_DARKER: Final = 0.22
#: Printed ink spreads by the scanner's blur, and lies off by what is left of the page's crookedness.
_SPREAD: Final = round(0.6 * _PER_MM)
_PAPER_MM: Final = 6.0
#: Share of a cell of 1 mm² that is ink where a line goes through it.
_CELL_INK: Final = 0.12
_LEAST_CELLS: Final = 9
#: A "1" written by hand goes through as many.
_FIGURE_CELLS: Final = 3
_LEAST_WIDTH_MM: Final = 5
_LEAST_HEIGHT_MM: Final = 3
_SEAL_CELLS: Final = 60
_RED: Final = 0.16
#: JPEG keeps colours half as fine as light: thin lines of a seal are next to grey.
_REDDISH: Final = 0.06
#: Blue ballpoint is by as much darker than the ink of seals, without colour; grain is below a third of it.
_OVER_SEAL: Final = 0.1
#: From how far beside the room the writing is looked at that reaches in.
_NEAR_MM: Final = 12.0


@dataclass(frozen=True)
class Ink:
    """What was put on a place: handwriting (not red), and a seal (red)."""

    has_signature: bool
    has_seal: bool


def ink_in(room: Box, scan: Image.Image, issued: Image.Image, to_scan: Affine) -> Ink:
    """Look for fresh ink in `room`; `scan` (RGB) and `issued` (grey) are at INK_DPI, `to_scan` is a map at DPI."""
    # a seal stands beside the signature, and must be seen whole to be told
    around = round(LARGEST_SEAL_MM * _PER_MM)
    left, top, right, bottom = (round(side * _PER_MM) for side in (room.left, room.top, room.right, room.bottom))
    seen = _seen((left - around, top - around, right + around, bottom + around), scan, issued, to_scan)
    reddish = grown(seen.redness > _REDDISH, _SPREAD)
    seals = within_seals(seen.fresh & ~reddish, seen.printed, _PER_MM)
    sealed = reddish | seals
    pen = (seen.fresh & ~sealed) | _over_seals(seen.fresh & sealed & ~grown(seen.printed, _SPREAD), seen.darkness)
    inside = (slice(around, pen.shape[0] - around), slice(around, pen.shape[1] - around))
    by = round(_NEAR_MM * _PER_MM)
    near = tuple(slice(part.start - by, part.stop + by) for part in inside)
    room_there = (slice(by, by + bottom - top), slice(by, by + right - left))
    return Ink(
        has_signature=_spreads(_cells(pen[inside]))
        and is_signed(pen[near], seen.printed[near], room_there, _PER_MM, sealed[near]),
        has_seal=bool(seals[inside].any()) or int(_cells(seen.redness[inside] > _RED).sum()) >= _SEAL_CELLS,
    )


def _over_seals(ink: Mask, darkness: Pixels) -> Mask:
    """What is darker than the ink of the seals it lies in, and not next to print: a pen went through."""
    # the middle of what is broad enough for the lens to leave it as dark as it is
    broad = ~grown(~ink, 1)
    if not broad.any():
        return np.zeros(ink.shape, dtype=bool)
    return ink & (darkness > float(np.median(darkness[broad])) + _OVER_SEAL)


def is_written_in(room: Box, scan: Image.Image, issued: Image.Image, to_scan: Affine) -> bool:
    """Whether something was written into a small `room`, be it one figure; pictures and map are as for `ink_in`."""
    left, top, right, bottom = (round(side * _PER_MM) for side in (room.left, room.top, room.right, room.bottom))
    # around it: how dark paper is, a small piece does not tell
    around = round(_PAPER_MM * _PER_MM)
    seen = _seen((left - around, top - around, right + around, bottom + around), scan, issued, to_scan)
    return int(_cells(seen.fresh[around:-around, around:-around]).sum()) >= _FIGURE_CELLS


@dataclass(frozen=True)
class _Seen:
    """A piece of the scan as it lies over the issued page, whose print with its spread is `printed`.

    `darkness` is how much darker than the paper, `redness` how much more red than green or blue, both from 0 to 1.
    """

    darkness: Pixels
    redness: Pixels
    printed: Mask

    @property
    def fresh(self) -> Mask:
        """What is inked and was not printed there."""
        return (self.darkness > _DARKER) & ~self.printed


def _seen(box: tuple[int, int, int, int], scan: Image.Image, issued: Image.Image, to_scan: Affine) -> _Seen:
    """What stands within `box` (points of the issued page)."""
    left, top, right, bottom = box
    size = (right - left, bottom - top)
    page = Image.new("L", size, 255)
    page.paste(issued, (-left, -top))
    there = scan.transform(
        size, Image.Transform.AFFINE, _from(left, top, to_scan), Image.Resampling.BILINEAR, fillcolor="white"
    )
    colours = np.asarray(there, dtype=np.float32) / 255
    redness = colours[..., 0] - np.maximum(colours[..., 1], colours[..., 2])
    return _Seen(_darkness(there.convert("L")), redness, _grown(_darkness(page)))


def _from(left: float, top: float, to_scan: Affine) -> Affine:
    """The map from a piece of the issued page to the scan, both at INK_DPI."""
    a, b, c, d, e, f = to_scan
    finer = INK_DPI / DPI
    return (a, b, c * finer + a * left + b * top, d, e, f * finer + d * left + e * top)


def _darkness(picture: Image.Image) -> Pixels:
    """By how much each point is darker than the paper around it, from 0 to 1: shadows are paper."""
    grey = np.asarray(picture, dtype=np.float32) / 255
    side = round(_PAPER_MM * _PER_MM)
    down, across = -(-grey.shape[0] // side), -(-grey.shape[1] // side)
    filled = np.pad(grey, ((0, down * side - grey.shape[0]), (0, across * side - grey.shape[1])), mode="edge")
    tiles = filled.reshape(down, side, across, side).transpose(0, 2, 1, 3).reshape(down, across, -1)
    paper = np.kron(np.percentile(tiles, 80, axis=2), np.ones((side, side)))[: grey.shape[0], : grey.shape[1]]
    darker: Pixels = np.clip(paper - grey, 0, 1)
    return darker


def _grown(darkness: Pixels) -> Mask:
    return grown(darkness > _DARKER / 2, _SPREAD)


def _cells(mask: Mask) -> Mask:
    """Which square millimetres are inked."""
    inked: Mask = reduced(mask, round(_PER_MM)) >= _CELL_INK
    return inked


def _spreads(cells: Mask) -> bool:
    """Whether inked cells are many, and neither a speck nor a line along one direction."""
    down, across = np.nonzero(cells)
    if len(down) < _LEAST_CELLS:
        return False
    # the middle nine tenths: one speck far off does not make a rule a signature
    height = float(np.subtract(*np.percentile(down, [95, 5])))
    width = float(np.subtract(*np.percentile(across, [95, 5])))
    return height >= _LEAST_HEIGHT_MM and width >= _LEAST_WIDTH_MM
