"""How a sheet may be laid to be a page: as it lies, on its side, or as one half of a sheet that holds two pages.

Also how large it is drawn: a file that says a sheet of A4 is a metre high (“72 dpi”) is drawn as large as the page
that was sent out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image
from pypdfium2 import PdfDocument

from pipeline.papers.alignment import DPI, Point
from pipeline.papers.straightening import Flat, finer, flattened

#: By so much a sheet may be larger or smaller than its page: scanners, and A4 on Letter, stay below.
_SIZE_TOLERANCE: Final = 0.12
_SHAPE_TOLERANCE: Final = 1.3
#: From this many times the area of a page on a sheet may be two of them side by side.
_TWO_PAGES: Final = 1.6
_POINTS_PER_INCH: Final = 72
_MAX_PIXELS: Final = 12_000_000
#: Turned clockwise by 90 degrees, the lower half of a sheet is on the left.
_HALVES: Final = {0: ("left", "right"), 90: ("bottom", "top")}
#: Left, upper, right, lower edge of each half, as shares of the sheet.
_SHARES: Final = {
    "left": (0.0, 0.0, 0.5, 1.0),
    "right": (0.5, 0.0, 1.0, 1.0),
    "top": (0.0, 0.0, 1.0, 0.5),
    "bottom": (0.0, 0.5, 1.0, 1.0),
}

Size = tuple[float, float]


@dataclass(frozen=True)
class View:
    """A sheet (from 1), or a half of it as it lies, turned clockwise by so many degrees, and larger by `scale`."""

    sheet: int
    turn: int = 0
    half: str = ""
    scale: float = 1.0
    #: how the page lies on the view, where that is no rectangle, at DPI; and how large it is there, in pixels
    flat: Flat | None = None
    size: tuple[int, int] = (0, 0)


def views_of(document: PdfDocument, sheet: int, wanted: Size) -> Iterator[tuple[View, ...]]:
    """The ways in which a sheet may hold pages of a size (in points), likely ones first; each is all of the sheet."""
    width, height = _size(document, sheet)
    lies = 0 if (width > height) == (wanted[0] > wanted[1]) else 90
    yield (_view((width, height), View(sheet, lies), wanted),)
    across = 90 - lies
    # two pages lie beside each other across a sheet; along it only where it is as large as both
    if lies == 0 and width * height < _TWO_PAGES * wanted[0] * wanted[1]:
        return
    halves = tuple(_view((width, height), View(sheet, across, half), wanted) for half in _HALVES[across])
    if _is_shaped(_laid((width, height), halves[0]), wanted):
        yield halves


def drawn(document: PdfDocument, view: View, dpi: int, *, in_colour: bool = False) -> Image.Image:
    """Draw a view at a resolution. Raises PdfiumError."""
    page = document[view.sheet - 1]
    try:
        width, height = page.get_size()
        # recognition has drawn the page before; one that is too large is drawn coarser, and will be like no page
        scale = min(view.scale * dpi / _POINTS_PER_INCH, (_MAX_PIXELS / (width * height)) ** 0.5)
        whole: Image.Image = page.render(scale=scale, grayscale=not in_colour).to_pil()
    finally:
        page.close()
    if view.half:
        sides = zip(_SHARES[view.half], (whole.width, whole.height) * 2, strict=True)
        left, upper, right, lower = (round(share * side) for share, side in sides)
        whole = whole.crop((left, upper, right, lower))
    if view.turn:
        whole = whole.rotate(-view.turn, expand=True)
    if view.flat is not None:
        by = dpi / DPI
        whole = flattened(whole, (round(view.size[0] * by), round(view.size[1] * by)), finer(view.flat, by))
    return whole.convert("RGB" if in_colour else "L")


def on_sheet(document: PdfDocument, view: View, at: Point) -> Point:
    """Where a point of a view, drawn at DPI, lies on its sheet, as the operators of its page count (x, y upwards)."""
    x, y = at
    if view.flat is not None:
        a, b, c, d, e, f, g, h = view.flat
        below = g * x + h * y + 1
        x, y = (a * x + b * y + c) / below, (d * x + e * y + f) / below
    page = document[view.sheet - 1]
    try:
        width, height = page.get_size()
        turned = page.get_rotation()
        left, bottom, *_ = page.get_cropbox()
    finally:
        page.close()
    x, y = (side * _POINTS_PER_INCH / (DPI * view.scale) for side in (x, y))
    # as the sheet is shown, before it was turned and cut
    shares = _SHARES[view.half] if view.half else (0.0, 0.0, 1.0, 1.0)
    across, down = width * (shares[2] - shares[0]), height * (shares[3] - shares[1])
    x, y = {0: (x, y), 90: (y, down - x), 180: (across - x, down - y), 270: (across - y, x)}[view.turn]
    x, y = x + width * shares[0], y + height * shares[1]
    shown = {0: (x, height - y), 90: (y, x), 180: (width - x, y), 270: (height - y, width - x)}[turned]
    return left + shown[0], bottom + shown[1]


def _size(document: PdfDocument, sheet: int) -> Size:
    page = document[sheet - 1]
    try:
        width, height = page.get_size()
        return width, height
    finally:
        page.close()


def _view(size: Size, view: View, wanted: Size) -> View:
    """The view with the scale that makes it as large as the page, where it is of another size but of its shape."""
    width, height = _laid(size, view)
    is_as_large = all(
        abs(there / side - 1) <= _SIZE_TOLERANCE for there, side in zip((width, height), wanted, strict=True)
    )
    if is_as_large or not _is_shaped((width, height), wanted):
        return view
    return replace(view, scale=min(wanted[0] / width, wanted[1] / height))


def _laid(size: Size, view: View) -> Size:
    """How large a view of a sheet is."""
    width, height = size
    if view.half in {"left", "right"}:
        width /= 2
    elif view.half:
        height /= 2
    return (height, width) if view.turn else (width, height)


def _is_shaped(size: Size, wanted: Size) -> bool:
    """Whether something has about the shape of a page: a strip is none, however it is drawn."""
    shape = (size[0] / size[1]) / (wanted[0] / wanted[1])
    return 1 / _SHAPE_TOLERANCE <= shape <= _SHAPE_TOLERANCE
