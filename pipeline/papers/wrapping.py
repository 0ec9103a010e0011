"""Photos and scans as pictures become a PDF to be looked at: each picture one page, not a point of it changed.

A JPEG stands in the PDF as it came, byte for byte; a PNG keeps its packed pixels; what is packed anew (TIFF, HEIC) is
packed without loss. A page is as large as the picture says it was scanned, or A4 where that makes no sheet of paper:
telephones write 72 dpi. Runs in the guarded child (`pipeline.papers.guarding`).
"""

import io
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from PIL import Image

from pipeline import pictures
from pipeline.files import refusals
from pipeline.files.refusals import Unfit, refusal
from pipeline.messages import say
from pipeline.model import Finding
from pipeline.papers.scans import HEIC, PACKED_BEFORE, packed_in_tiff
from pipeline.pictures.door import BROKEN, Picture

_Sides: TypeAlias = tuple[float, float] | None

_MM_PER_INCH: Final = 25.4
_PT_PER_MM: Final = 72 / 25.4
_A4_MM: Final = (210.0, 297.0)
#: No scanner says less; telephones and messengers say 72 or 96, or nothing, and mean nothing by it.
_LEAST_DPI: Final = 100
#: Short and long side of what may be a sheet of paper, from A6 to A3 with what a scanner adds.
_SHORT_MM: Final = (100.0, 315.0)
_LONG_MM: Final = (140.0, 445.0)
#: Packed fast: a sheet of A4 at 300 dpi in colour takes a second and a half, at the usual level twice as long.
_PACKED: Final = 1
#: Where a PNG says its bits per sample, and whether it is interlaced (PNG 11.2.1).
_BITS_OF_PNG, _INTERLACING_OF_PNG = 24, 28
#: How Pillow holds a picture that a PNG holds just so.
_AS_PNG: Final = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I;16"})
#: Its colours are of three bytes in another order, and of one that means nothing.
_AS_RGB: Final = frozenset({"YCbCr", "RGBX"})
_BITS_PER_SAMPLE, _COMPRESSION = 258, 259
_VERSION: Final = "1.6"


def wrap(path: str) -> bytes:
    """Make a PDF of a picture file. Raises Unfit for one that is refused, or is not whole."""
    picture = pictures.opened(Path(path).read_bytes())
    try:
        return _wrapped(picture)
    except BROKEN as error:
        raise Unfit(refusals.damaged()) from error


def _wrapped(picture: Picture) -> bytes:
    sides, files, packed = [], [], []
    for frame in picture.frames():
        frame.load()  # all of it is there, or this raises
        sides.append(_sides_mm(frame))
        if picture.format == "tif":
            files.append(_tiff_page(frame))
            packed.append(packed_in_tiff(getattr(frame, "tag_v2", {}).get(_COMPRESSION, 1)))
        elif picture.format == "heic":
            files.append(_as_png(frame))
            packed.append(HEIC)
    if not files:
        _refuse_lossy(picture)
        files = [picture.content]
    return _as_pdf(files, iter(sides), packed)


def _as_pdf(files: Sequence[bytes], sides: Iterator[_Sides], packed: Sequence[str]) -> bytes:
    """One page a file; `packed` says how those were packed that are packed anew. Raises Unfit for what cannot be."""
    import img2pdf  # with pikepdf a sixth of a second, which a child that sees no picture need not spend

    logging.getLogger("img2pdf").setLevel(logging.CRITICAL)
    try:
        made = img2pdf.convert_to_docobject(
            # as files: bytes that happen to be a path would be opened as one
            [io.BytesIO(file) for file in files],
            layout_fun=lambda across, down, _dpi: _laid(across / down, next(sides)),
            rotation=img2pdf.Rotation.ifvalid,
            first_frame_only=True,
            nodate=True,
            engine=img2pdf.Engine.pikepdf,
        )
    except (img2pdf.ImageOpenError, img2pdf.JpegColorspaceError, img2pdf.UnsupportedColorspaceError) as error:
        raise Unfit(refusals.damaged()) from error
    for page, how in zip(made.writer.pages, packed, strict=False):
        page.obj[PACKED_BEFORE] = how
    out = io.BytesIO()
    # the same picture gives the same bytes; img2pdf compares versions as words, and would not ask for it
    made.writer.save(out, min_version=_VERSION, deterministic_id=True)
    return out.getvalue()


def _tiff_page(frame: Image.Image) -> bytes:
    if max(getattr(frame, "tag_v2", {}).get(_BITS_PER_SAMPLE, (8,))) > 8 and frame.mode != "I;16":
        raise Unfit(_lossy())
    if frame.mode == "CMYK":  # a PNG has no such colours
        return _saved(frame, "TIFF")
    return _as_png(frame)


def _as_png(frame: Image.Image) -> bytes:
    if frame.mode in _AS_RGB:
        frame = frame.convert("RGB")
    if frame.mode not in _AS_PNG:
        raise Unfit(_lossy())
    return _saved(frame, "PNG", compress_level=_PACKED)


def _saved(frame: Image.Image, format_: str, **how: int) -> bytes:
    out = io.BytesIO()
    frame.save(out, format_, **how)
    return out.getvalue()


def _refuse_lossy(picture: Picture) -> None:
    """Pillow keeps eight bits of a colour, where a PNG has sixteen and cannot be taken as it is."""
    if picture.format != "png" or picture.content[_BITS_OF_PNG] <= 8:
        return
    (frame,) = picture.frames()
    if picture.content[_INTERLACING_OF_PNG] or "A" in frame.mode or "transparency" in frame.info:
        raise Unfit(_lossy())


def _lossy() -> Finding:
    return refusal(
        "picture.rare",
        say("The picture is stored in a rare way (more than 8 bits a colour, for example) that cannot be kept here."),
        say("Save it as JPG, PNG with 8 bits a colour, or PDF, and drop that file."),
    )


def _sides_mm(frame: Image.Image) -> _Sides:
    """How large the sheet was, as the picture says; None where what it says makes no sheet of paper."""
    said = frame.info.get("dpi")
    if not said or min(said) < _LEAST_DPI:
        return None
    sides = tuple(float(points / dpi) * _MM_PER_INCH for points, dpi in zip(frame.size, said, strict=True))
    short, long = min(sides), max(sides)
    is_sheet = _SHORT_MM[0] <= short <= _SHORT_MM[1] and _LONG_MM[0] <= long <= _LONG_MM[1]
    return (sides[0], sides[1]) if is_sheet else None


def _laid(shape: float, sides: _Sides) -> tuple[float, float, float, float]:
    """Width and height of a page, and of the picture in the middle of it, in points; `shape` is width by height."""
    if sides is not None:
        across, down = (side * _PT_PER_MM for side in sides)
        return across, down, across, down
    across, down = (side * _PT_PER_MM for side in (_A4_MM if shape <= 1 else _A4_MM[::-1]))
    width = min(across, down * shape)
    return across, down, width, width / shape
