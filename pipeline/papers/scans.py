"""How a page was scanned, told by the pictures that cover it: resolution, colour, compression (the-thuc.md §10.1)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pypdfium2 import PdfImage, PdfPage
from pypdfium2.raw import (
    FPDF_COLORSPACE_CALGRAY,
    FPDF_COLORSPACE_DEVICEGRAY,
    FPDF_COLORSPACE_INDEXED,
    FPDF_PAGEOBJ_IMAGE,
)

from pipeline.model import Colour

_POINTS_PER_INCH: Final = 72
#: A picture that covers this much of its page is the page's scan.
_COVERS: Final = 0.7
_GREYS: Final = frozenset({FPDF_COLORSPACE_DEVICEGRAY, FPDF_COLORSPACE_CALGRAY})
#: Filters of a PDF that write bytes as letters: they pack nothing.
_AS_LETTERS: Final = frozenset({"ASCIIHexDecode", "ASCII85Decode", "AHx", "A85", "Crypt"})
_LOSSLESS: Final = {
    "FlateDecode": "Flate",
    "Fl": "Flate",
    "LZWDecode": "LZW",
    "LZW": "LZW",
    "RunLengthDecode": "RunLength",
    "RL": "RunLength",
    "CCITTFaxDecode": "CCITT",
    "CCF": "CCITT",
}
#: JBIG2 may put one letter for another that looks like it; that it did not cannot be seen.
_LOSSY: Final = {"DCTDecode": "JPEG", "DCT": "JPEG", "JBIG2Decode": "JBIG2"}
_JPEG_2000, _JPEG_2000_NAME = "JPXDecode", "JPEG 2000"
_NONE: Final = "none"
#: The key of a page on which it says how its picture was packed before it was wrapped into a PDF without loss.
PACKED_BEFORE: Final = "/VanThuPackedBefore"
HEIC: Final = "HEIC"
#: The field Compression of TIFF 6.0 and its supplements.
_IN_TIFF: Final = {1: _NONE, 2: "CCITT", 3: "CCITT", 4: "CCITT", 5: "LZW", 6: "JPEG", 7: "JPEG", 8: "Flate"} | {
    32773: "RunLength",
    32946: "Flate",
    34712: _JPEG_2000_NAME,
}
# JPEG 2000 (ISO 15444-1 A.6.1): the marker COD says by its last byte with which wavelets; 1 are those without loss
_START, _COD, _WAVELETS_AT, _WITHOUT_LOSS = b"\xff\x4f\xff\x51", b"\xff\x52", 13, 1
_LONGEST_HEADER: Final = 65_536


@dataclass(frozen=True)
class Scan:
    """How a page was scanned: dots per inch, its colours, how it is packed and whether that kept every point."""

    dpi: int
    colour: Colour
    compression: str = _NONE
    is_lossless: bool = True


def packed_in_tiff(compression: int) -> str:
    """Name how a page of a TIFF file is packed."""
    return _IN_TIFF.get(compression, f"TIFF {compression}")


def as_it_came(scan: Scan, packed_before: str) -> Scan:
    """Tell of a page that was packed anew how it came; one on which loss is seen is believed to have it."""
    if not scan.is_lossless or not packed_before:
        return scan
    return replace(scan, compression=packed_before, is_lossless=packed_before in {_NONE, *_LOSSLESS.values()})


def pictures_on(page: PdfPage) -> list[PdfImage]:
    """List the pictures on a page."""
    return list(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=3))


def scan_on(page: PdfPage, pictures: Sequence[PdfImage] | None = None) -> PdfImage | None:
    """Give the picture that covers a page, None where it was not scanned; `pictures` are those on it, if known."""
    return next(_covering(page, pictures_on(page) if pictures is None else pictures), None)


def scan_of(page: PdfPage, pictures: Sequence[PdfImage]) -> Scan | None:
    """Tell how a page was scanned by the pictures on it; None where it was not."""
    # some scanners lay letters and ground over each other: all of them must have kept every point
    layers = list(_covering(page, pictures))
    if not layers:
        return None
    packed = dict(_packed(layer) for layer in layers)
    return Scan(dpi_of(layers[0]), _colour_of(layers[0]), " + ".join(sorted(packed)), all(packed.values()))


def dpi_of(picture: PdfImage) -> int:
    """Tell how finely a page was scanned by the picture that covers it."""
    across, up = extent(picture)
    columns: int
    rows: int
    columns, rows = picture.get_px_size()
    if (columns > rows) != (across > up):  # placed turned
        columns, rows = rows, columns
    return round(min(columns / across, rows / up) * _POINTS_PER_INCH)


def extent(picture: PdfImage) -> tuple[float, float]:
    """Width and height on the page, in points."""
    left, bottom, right, top = picture.get_bounds()
    return right - left, top - bottom


def _covering(page: PdfPage, pictures: Sequence[PdfImage]) -> Iterator[PdfImage]:
    width, height = page.get_size()
    for picture in pictures:
        across, up = extent(picture)
        if across * up >= _COVERS * width * height:
            yield picture


def _colour_of(picture: PdfImage) -> Colour:
    facts = picture.get_metadata()
    if facts.bits_per_pixel == 1:
        return Colour.TWO_TONE
    # a grey of 16 bits is drawn with 24
    is_coloured = facts.bits_per_pixel > 8 and facts.colorspace not in _GREYS
    is_coloured = is_coloured or facts.colorspace == FPDF_COLORSPACE_INDEXED
    return Colour.COLOUR if is_coloured else Colour.GREY


def _packed(picture: PdfImage) -> tuple[str, bool]:
    """Name how a picture is packed, and whether that kept every point."""
    filters = [one for one in picture.get_filters() if one not in _AS_LETTERS]
    # a JPEG that is packed once more is a JPEG
    for one in filters:
        if one in _LOSSY:
            return _LOSSY[one], False
        if one == _JPEG_2000:
            return _JPEG_2000_NAME, _kept_every_point(bytes(picture.get_data(decode_simple=True)[:_LONGEST_HEADER]))
    if not filters:
        return _NONE, True
    name = _LOSSLESS.get(filters[-1])
    # what is not known is not said to be without loss
    return name or filters[-1], name is not None


def _kept_every_point(content: bytes) -> bool:
    """Tell whether a JPEG 2000 was made with the wavelets that lose nothing."""
    start = content.find(_START)
    at = content.find(_COD, start) if start >= 0 else -1
    return at >= 0 and content[at + _WAVELETS_AT : at + _WAVELETS_AT + 1] == bytes([_WITHOUT_LOSS])
