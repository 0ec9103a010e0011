"""Decoding the QR picture of a code on a page: the cheapest attempt first, costly ones only where they are needed.

Most scans are one JPEG a page, which decodes as grey at half its size in a fraction of the time that drawing the
page takes. There are two pictures on every page and a mark, and three ways of cleaning a noisy one (docs/measures.md
says how many scans are matched); what cannot be decoded is reported, never guessed.
"""

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import zxingcpp
from PIL import Image, ImageFilter
from pypdfium2 import PdfImage, PdfiumError, PdfPage
from zxingcpp import BarcodeFormat, BarcodeFormats, Binarizer

from pipeline.papers import codes

_QR: Final = BarcodeFormats([BarcodeFormat.QRCode])
_POINTS_PER_INCH: Final = 72
_FIRST_DPI: Final = 200
_SECOND_DPI: Final = 300
#: A sheet of A2 at 300 dpi; larger pages are drawn coarser, so that no page can ask for unbounded memory.
_MAX_PIXELS: Final = 35_000_000
_LONGEST_SIDE_PT: Final = 14_400  # 200 inches, the largest page that Acrobat makes

# A page is blank when its middle holds next to no ink: the rim may have punch holes, staples and shadows.
_RIM_MM: Final = 15
_BLANK_INK: Final = 0.0004
_DARKER_THAN_PAPER: Final = 60
#: Within this of the edge stands no code; a blank back that is looked at seven times takes as long as ten pages.
_CUT_MM: Final = 2
#: Less ink than this is no code: one of 3 mm on A6 has ten times as much.
_CODELESS_INK: Final = 0.00003

# The ink of a seal or a pen over a code is paler than the print: what is darker than this share of the way from the
# print's grey to the paper's is print. The darkest pixels of a page, that many of them, show the print's grey.
_PRINT_ENDS: Final = 0.25
_DARKEST: Final = 0.0005

_Picture: TypeAlias = tuple[Image.Image, Binarizer]


@dataclass(frozen=True)
class PageCodes:
    """The codes read off a page, and by how many degrees (0, 90, 180, 270, clockwise) it lies turned.

    `texts` is what the pictures say that hold these codes: a page mark says more. `has_strange` says that a QR code
    was read which is none of ours.
    """

    codes: tuple[str, ...] = ()
    turn: int = 0
    texts: tuple[str, ...] = ()
    has_strange: bool = False


@dataclass(frozen=True)
class DecodedPage:
    """What decoding a page gave: its codes, and the grey picture that was tried first (None: it has none)."""

    seen: PageCodes
    picture: Image.Image | None


def decode_page(page: PdfPage, scan: PdfImage | None, *, is_thorough: bool) -> DecodedPage:
    """Decode the codes of a page; `scan` is the one picture that covers it, if there is one.

    Unless `is_thorough`, only the first picture is tried; nor any other where that one shows paper only.
    """
    embedded = _embedded(scan) if scan is not None else None
    first: Image.Image | None = None
    has_strange = False
    for picture, binarizer in _pictures(page, embedded):
        first = first or picture
        turned = page.get_rotation() if picture is embedded else 0  # the embedded picture knows nothing of /Rotate
        seen = _decoded(picture, binarizer, turned)
        has_strange = has_strange or seen.has_strange
        if seen.codes or not is_thorough or shows_paper_only(picture, _CUT_MM, _CODELESS_INK):
            return DecodedPage(seen, first)
    return DecodedPage(PageCodes(has_strange=has_strange), first)


def _pictures(page: PdfPage, embedded: Image.Image | None) -> Iterator[_Picture]:
    """Give pictures of a page from the cheapest to the costliest; each is made only when it is asked for."""
    if embedded is not None:
        yield embedded, Binarizer.LocalAverage
    # a threshold for each neighbourhood reads through shadows and yellowed paper; one for the whole page comes last,
    # for pale codes on even ground
    drawn = _drawn(page, _FIRST_DPI)
    if drawn is not None:
        yield drawn, Binarizer.LocalAverage
        yield _print_only(drawn), Binarizer.BoolCast
    fine = _drawn(page, _SECOND_DPI)
    if fine is None:
        return
    yield fine, Binarizer.LocalAverage
    yield fine.reduce(2), Binarizer.LocalAverage  # averages noise away
    yield fine.filter(ImageFilter.MedianFilter(3)), Binarizer.LocalAverage
    yield fine.filter(ImageFilter.GaussianBlur(1.2)), Binarizer.LocalAverage
    yield fine, Binarizer.GlobalHistogram


def _decoded(picture: Image.Image, binarizer: Binarizer, turned: int) -> PageCodes:
    # our codes are never printed white on black: looking for that would only cost time
    read = zxingcpp.read_barcodes(picture, formats=_QR, try_invert=False, binarizer=binarizer)
    found = {code: barcode for barcode in read for code in codes.find_all(barcode.text)}
    if not found:
        return PageCodes(has_strange=any(barcode.text for barcode in read))
    orientation = next(iter(found.values())).orientation  # off by some degrees on a page that was fed askew
    texts = tuple(barcode.text for barcode in read if codes.find_all(barcode.text))
    return PageCodes(tuple(found), (round(orientation / 90) * 90 + turned) % 360, texts)


def _embedded(scan: PdfImage) -> Image.Image | None:
    """Give a scanned page's own JPEG, grey, at half its size if that is fine enough; None for all else."""
    try:
        matrix = scan.get_matrix()
        is_upright = matrix.a > 0 and matrix.d > 0 and abs(matrix.b) < 1 and abs(matrix.c) < 1
        if not is_upright or scan.get_filters() != ["DCTDecode"]:
            return None
        width, height = scan.get_px_size()
        if width * height > _MAX_PIXELS:
            return None
        picture = Image.open(io.BytesIO(bytes(scan.get_data())), formats=["JPEG"])
        # 140 dpi are enough: a module of the code is then three pixels wide
        halved = width / (matrix.a / _POINTS_PER_INCH) >= 2 * 140
        picture.draft("L", (width // 2, height // 2) if halved else (width, height))
        return picture.convert("L")
    except (PdfiumError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _drawn(page: PdfPage, dpi: int) -> Image.Image | None:
    """Draw the page in grey; None when it cannot be drawn."""
    width, height = page.get_size()
    # a MediaBox of two million points makes pdfium ask for all memory there is
    if not (0 < width <= _LONGEST_SIDE_PT and 0 < height <= _LONGEST_SIDE_PT):
        return None
    scale = min(dpi / _POINTS_PER_INCH, math.sqrt(_MAX_PIXELS / (width * height)))
    try:
        drawn: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    except (PdfiumError, ValueError):
        return None
    return drawn


def _print_only(picture: Image.Image) -> Image.Image:
    """Clear a grey picture of a page of all ink that is paler than its print: a seal or a pen over a code."""
    histogram = picture.histogram()
    print_grey, paper_grey = _level(histogram, _DARKEST), _level(histogram, 0.5)
    ends = print_grey + (paper_grey - print_grey) * _PRINT_ENDS
    return picture.point([0 if grey < ends else 255 for grey in range(256)])


def _level(histogram: Sequence[int], share: float) -> int:
    """Give the grey that this share of the pixels is not lighter than."""
    wanted, seen = sum(histogram) * share, 0
    for grey, count in enumerate(histogram):
        seen += count
        if seen >= wanted:
            return grey
    return len(histogram) - 1


def shows_paper_only(picture: Image.Image, rim_mm: float = _RIM_MM, ink: float = _BLANK_INK) -> bool:
    """Whether a grey picture of a whole page shows paper only, but for its rim and that share of ink."""
    small = picture.reduce(max(1, picture.width // 600))  # averages the grain of the scan away
    rim = round(small.width * rim_mm / 210)
    histogram = small.crop((rim, rim, small.width - rim, small.height - rim)).histogram()
    paper = _level(histogram, 0.5)  # the paper's grey is the median
    return sum(histogram[: max(0, paper - _DARKER_THAN_PAPER)]) <= ink * sum(histogram)
