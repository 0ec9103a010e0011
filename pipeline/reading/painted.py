"""What is painted in a file: pages that are pictures, pictures in Word and Excel files; for the secrecy gate.

The gate says which there are; each is drawn in the guarded child and read outside it (`reading.sight`). Of a page
only the upper left is drawn, where marks stand (the-thuc.md §9: 60 of 100 of each side), after it was turned.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageOps
from pypdfium2 import PdfiumError, PdfPage
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

from pipeline import pictures
from pipeline.files import refusals, sha256_of
from pipeline.files.pictures import HEAD_BYTES, picture_format
from pipeline.files.refusals import Unfit
from pipeline.pdf.pdfium import pdfium_document
from pipeline.pictures.door import BROKEN
from pipeline.pictures.legible import Grey, Mask, evened, is_ink, red_ink, without_rules
from pipeline.reading.dropped import in_inbox
from pipeline.reading.look import DPI, Painted, Unseen

#: Sheets up to this one are looked at in any case; of later ones those that look like the beginning of a document.
FIRST_SHEETS: Final = 5
#: Sheets of a file that are looked at, at most: as many as a picture file may have.
MOST_SHEETS: Final = 400

_POINTS_PER_INCH: Final = 72
_UPPER_LEFT: Final = 0.6
_MOST_PIXELS: Final = 12_000_000  # A3 at 200 dpi has 7.7; what is larger is drawn coarser
_A4_INCHES: Final = 11.7
#: Fewer letters are no text of a page, but a scanner's own stamp.
_FEW_LETTERS: Final = 20
#: Pictures up to this size may be our codes, which are square; points.
_CODE_POINTS: Final = 25 / 25.4 * 72
_SQUARE: Final = 1.2
_SMALLEST_POINTS: Final = 12.0
_MEDIA: Final = ("word/media/", "xl/media/")
_DRAWN: Final = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff")
_LINES: Final = (".emf", ".wmf", ".emz", ".wmz", ".svg")
_IN_OFFICE: Final = ("JPEG", "PNG", "GIF", "BMP", "TIFF")
#: A picture in a document with fewer points to a side is a stamp or an emblem, and no page; it is drawn no larger.
_PAGE_POINTS: Final = 1000
_STAMP_POINTS, _MARGIN_POINTS = 600, 40
#: At `DPI` a stamp of 8 mm and a little white; much larger its letters would be taken for rules.
_STAMP_HIGH_POINTS: Final = 80
#: A square one with no more points to a side is a code or an emblem.
_CODE_PIXELS: Final = 400
#: Of a picture that shows something so much is ink, at least.
_LEAST_INK: Final = 0.0005
_SPARSE: Final = 0.03
_LEAST_GAP_MM, _LEAST_COLUMN_MM, _HEAD_MM = 4.0, 15.0, 25.0


def painted_in(content: bytes) -> Painted:
    """The numbers (from 1) of the sheets of a file that are pictures, or of the pictures in an office file."""
    try:
        if content.startswith(b"PK\x03\x04"):
            media = _media(content)
            return _at_most(range(1, len(media.names) + 1), is_whole=media.is_whole)
        if picture_format(content[:HEAD_BYTES]):
            return _at_most(range(1, len(pictures.opened(content).sizes) + 1), is_whole=True)
        if b"%PDF-" in content[:1024]:
            pages = list(_painted_pages(content))
            return _at_most((number for number, _ in pages), is_whole=all(is_seen for _, is_seen in pages))
    except (*BROKEN, Unfit, PdfiumError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        # not everybody who reads it is content with it: what one could not look into is not "no picture"
        return Painted(unseen=Unseen.UNREADABLE)
    return Painted()


def _at_most(sheets: Iterable[int], *, is_whole: bool) -> Painted:
    found = tuple(sheets)
    unseen = Unseen.TOO_MANY if len(found) > MOST_SHEETS else Unseen.NOTHING if is_whole else Unseen.UNREADABLE
    return Painted(found[:MOST_SHEETS], unseen)


def draw(path_hex: str, sha256: str, sheet: int, turn: int) -> bytes:
    """Draw the upper left of one sheet, turned clockwise by so many degrees: its ink as a PGM, its red ink behind it.

    b"" for one that shows nothing, or that lies behind the first ones and does not look like a beginning. `path_hex`
    are the bytes of the path, two hexadecimal digits each. Raises Unfit when it cannot be drawn, or the file changed.
    """
    try:
        content = in_inbox(path_hex)
        if sha256_of(content) != sha256:
            raise Unfit(refusals.damaged())
        whole = _drawn(content, sheet)
    except (*BROKEN, PdfiumError, zipfile.BadZipFile, EOFError) as error:
        raise Unfit(refusals.damaged()) from error
    is_page = max(whole.size) > _STAMP_POINTS
    if turn:
        whole = whole.rotate(-turn, expand=True)
    if sheet > FIRST_SHEETS and is_page and not _may_begin(whole):
        return b""
    part = whole.crop((0, 0, round(whole.width * _UPPER_LEFT), round(whole.height * _UPPER_LEFT)))
    return b"".join(_layers(part if is_page else whole))


def _layers(picture: Image.Image) -> Iterator[bytes]:
    even = evened(picture, DPI)
    if is_ink(even).mean() < _LEAST_INK:
        return
    yield _as_pgm(without_rules(even, DPI))
    red = red_ink(picture, DPI)
    if red is not None:
        yield _as_pgm(without_rules(red, DPI))


def _as_pgm(grey: Grey) -> bytes:
    down, across = grey.shape
    return b"P5 %d %d 255\n" % (across, down) + grey.tobytes()


def _drawn(content: bytes, sheet: int) -> Image.Image:
    if content.startswith(b"PK\x03\x04"):
        return _drawn_media(content, sheet)
    if picture_format(content[:HEAD_BYTES]):
        for number, frame in enumerate(pictures.opened(content).frames(), 1):
            if number == sheet:
                return _scaled(frame, round(_A4_INCHES * DPI))
        raise Unfit(refusals.damaged())
    with pdfium_document(content) as document:
        page = document[sheet - 1]
        width, height = page.get_size()
        scale = min(DPI / _POINTS_PER_INCH, (_MOST_PIXELS / (width * height)) ** 0.5)
        drawn: Image.Image = page.render(scale=scale).to_pil()
        return drawn.convert("RGB")


def _drawn_media(content: bytes, number: int) -> Image.Image:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        packed = archive.read(_media(content).names[number - 1])
    with Image.open(io.BytesIO(packed), formats=_IN_OFFICE) as picture:
        if picture.width * picture.height > pictures.LIMITS.pixels:
            raise Unfit(refusals.too_heavy())
        is_page = max(picture.size) >= _PAGE_POINTS
        drawn = _scaled(picture, round(_A4_INCHES * DPI) if is_page else _as_stamp(picture.size))
    if is_page:
        return drawn
    # words that touch the edge are not read
    around = Image.new("RGB", (drawn.width + 2 * _MARGIN_POINTS, drawn.height + 2 * _MARGIN_POINTS), "white")
    around.paste(drawn, (_MARGIN_POINTS, _MARGIN_POINTS))
    return around


def _as_stamp(size: tuple[int, int]) -> int:
    """How long a small picture is drawn: as high as a stamp on paper, where it has the shape of one."""
    short, long = sorted(size)
    return min(_STAMP_POINTS - 2 * _MARGIN_POINTS, round(_STAMP_HIGH_POINTS * long / max(1, short)))


def _scaled(picture: Image.Image, longest: int) -> Image.Image:
    """A picture in colours on white, upright as its camera noted, so many points long."""
    share = longest / max(picture.size)
    if share < 1:
        picture.draft("RGB", (round(picture.width * share), round(picture.height * share)))
    upright = ImageOps.exif_transpose(picture)
    if upright.has_transparency_data:
        solid = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", solid.size, "white"), solid)
    upright = _eight_bits(upright).convert("RGB")
    share = longest / max(upright.size)
    size = (max(1, round(upright.width * share)), max(1, round(upright.height * share)))
    return upright.resize(size, Image.Resampling.LANCZOS)


def _eight_bits(picture: Image.Image) -> Image.Image:
    if not picture.mode.startswith("I"):
        return picture
    return Image.fromarray((np.asarray(picture) // 256).astype(np.uint8))


@dataclass(frozen=True)
class _Media:
    """The pictures in an office file that may show a mark; not `is_whole` where some can be drawn by nobody here."""

    names: tuple[str, ...]
    is_whole: bool


def _media(content: bytes) -> _Media:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        there = [one for one in archive.infolist() if one.filename.lower().startswith(_MEDIA) and one.file_size]
        pictured = [one for one in there if one.filename.lower().endswith(_DRAWN)]
        drawn = [one for one in pictured if one.file_size <= pictures.LIMITS.page_bytes]
        # sounds and films show no mark; drawings of lines (EMF, WMF, SVG) may
        is_whole = len(drawn) == len(pictured) and not any(one.filename.lower().endswith(_LINES) for one in there)
        return _Media(tuple(sorted(one.filename for one in drawn if not _is_code(archive, one))), is_whole)


def _is_code(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    try:
        with archive.open(part) as file, Image.open(file, formats=_IN_OFFICE) as picture:
            short, long = sorted(picture.size)
    except BROKEN:
        return False
    return long <= _CODE_PIXELS and long <= _SQUARE * short


def _painted_pages(content: bytes) -> Iterator[tuple[int, bool]]:
    """The pages that are pictures, by number, and whether they could be looked at: one that could not may be one."""
    with pdfium_document(content) as document:
        for number in range(1, len(document) + 1):
            try:
                page = document[number - 1]
            except PdfiumError:
                yield number, False
                continue
            try:
                if _is_painted(page):
                    yield number, True
            finally:
                page.close()


def _is_painted(page: PdfPage) -> bool:
    """Whether a page shows a picture that is no code, or shows anything and has no text."""
    for picture in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = picture.get_bounds()
        sides = sorted((abs(right - left), abs(top - bottom)))
        is_code = sides[1] <= _CODE_POINTS and sides[1] <= _SQUARE * sides[0]
        if sides[0] >= _SMALLEST_POINTS and not is_code:
            return True
    text = page.get_textpage()
    try:
        return len(text.get_text_range().strip()) < _FEW_LETTERS and next(iter(page.get_objects()), None) is not None
    finally:
        text.close()


def _may_begin(page: Image.Image) -> bool:
    """Whether a page looks like the beginning of a document, whichever way it lies.

    The head of an official document stands in two columns with paper between them (the-thuc.md §2), and a cover or a
    form has little ink; the lines of a page that goes on go from margin to margin.
    """
    small = page.convert("L").resize((page.width // 2, page.height // 2), Image.Resampling.BOX)
    ink = is_ink(evened(small, DPI / 2))
    return ink.mean() < _SPARSE or any(_has_two_columns(np.rot90(ink, turns)) for turns in range(4))


def _has_two_columns(ink: Mask) -> bool:
    per_mm = DPI / 2 / 25.4
    rows = np.flatnonzero(ink.sum(axis=1) > per_mm)
    if not rows.size:
        return False
    head = ink[rows[0] : rows[0] + round(_HEAD_MM * per_mm)].sum(axis=0) > 1
    inked = np.flatnonzero(head)
    gaps = np.flatnonzero(np.diff(inked) > _LEAST_GAP_MM * per_mm)
    least = _LEAST_COLUMN_MM * per_mm
    return any(inked[at] - inked[0] > least and inked[-1] - inked[at + 1] > least for at in gaps)
