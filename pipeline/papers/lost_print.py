"""What was printed and is not on the paper: words that were put in for others, painted over or torn off.

Every printed point must have ink beside it on the scan. Ink that is new does no harm here (people write number and
date into their blanks, and sign), and a seal over words is ink. A line that was set anew leaves printed points bare.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pypdfium2 import PdfPage
from pypdfium2.raw import FPDF_PAGEOBJ_FORM

from pipeline.papers.alignment import DPI, Affine, ink_of, laid
from pipeline.papers.codes import find_all
from pipeline.papers.seen import Box

#: Windows of 8 mm, each half over the next: two or three words.
_WINDOW: Final = 32
_STEP: Final = 16
#: The rim is cut by scanners, holed and stapled; above and below the text stand the codes, read by themselves.
_SIDE_RIM_MM: Final = 15.0
_RIM_MM: Final = 20.0
#: Share of a window that is print, from which it is looked at; and the share of its print that must be there.
_LEAST_PRINT: Final = 0.02
_LEAST_FOUND: Final = 0.8
_IS_PRINT: Final = 0.5
_IS_THERE: Final = 0.25
_PER_MM: Final = DPI / 25.4
_MM_PER_POINT: Final = 25.4 / 72


def lost_print(scan: Image.Image, issued: Image.Image, to_scan: Affine, marks: Iterable[Box] = ()) -> tuple[Box, ...]:
    """Where printed words of the issued page are not on the scan; both pictures are grey, at DPI.

    `marks` are the page's marks: as with codes it does no harm where one is cut off or smeared.
    """
    printed = ink_of(issued) > _IS_PRINT
    for box in marks:
        left, top, right, bottom = (round(side * _PER_MM) for side in (box.left, box.top, box.right, box.bottom))
        printed[max(0, top - 1) : bottom + 2, max(0, left - 1) : right + 2] = False
    there = _beside(laid(scan, issued.size, to_scan) > _IS_THERE)
    bare = [box for box in _windows(printed) if _is_bare(printed, there, box)]
    return tuple(_drawn_together(bare))


def marks_on(page: PdfPage) -> Iterator[Box]:
    """Where the marks of an issued page stand: each is an object of its own that holds its text."""
    text, height = page.get_textpage(), page.get_height()
    try:
        for one in page.get_objects(filter=[FPDF_PAGEOBJ_FORM], max_depth=1):
            left, bottom, right, top = one.get_bounds()
            if find_all(text.get_text_bounded(left, bottom, right, top)):
                yield Box(*(side * _MM_PER_POINT for side in (left, height - top, right, height - bottom)))
    finally:
        text.close()


def _windows(printed: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    height, width = printed.shape
    rim, side = round(_RIM_MM * _PER_MM), round(_SIDE_RIM_MM * _PER_MM)
    for top in range(rim, height - rim - _WINDOW + 1, _STEP):
        for left in range(side, width - side - _WINDOW + 1, _STEP):
            yield top, left


def _is_bare(printed: NDArray[np.bool_], there: NDArray[np.bool_], at: tuple[int, int]) -> bool:
    window = (slice(at[0], at[0] + _WINDOW), slice(at[1], at[1] + _WINDOW))
    wanted = int(printed[window].sum())
    if wanted < _LEAST_PRINT * _WINDOW * _WINDOW:
        return False
    return int((printed[window] & there[window]).sum()) < _LEAST_FOUND * wanted


def _beside(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Ink and its neighbours: a page is laid over another to within a pixel."""
    for axis in (0, 1):
        ink = ink | np.roll(ink, 1, axis) | np.roll(ink, -1, axis)
    return ink


def _drawn_together(windows: list[tuple[int, int]]) -> Iterator[Box]:
    """One box for windows that touch each other, from the top of the page downwards."""
    left = set(windows)
    while left:
        group, edge = set[tuple[int, int]](), [min(left)]
        while edge:
            top, side = edge.pop()
            if (top, side) not in left:
                continue
            left.remove((top, side))
            group.add((top, side))
            edge += [(top + down, side + across) for down in (-_STEP, 0, _STEP) for across in (-_STEP, 0, _STEP)]
        tops, sides = [top for top, _ in group], [side for _, side in group]
        corners = (min(sides), min(tops), max(sides) + _WINDOW, max(tops) + _WINDOW)
        yield Box(*(corner / _PER_MM for corner in corners))
