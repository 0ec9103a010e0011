"""Pretend that somebody signed: for the example year and for tests, so that a story can be played without people.

`sign_text_layer` puts a blue signature and a red seal on the last page of a PDF, as an electronic office would:
pictures with transparency, the text underneath untouched. `scan` prints and scans: pages become pictures, if wished a
little crooked and noisy. Both are deterministic. Nothing here signs anything in law or in cryptography.
"""

import functools
import io
import math
import random
import zlib
from collections.abc import Sequence

import pypdf
import pypdfium2
from PIL import Image, ImageChops, ImageDraw
from pypdf.generic import (
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
)

from pipeline.pdf import draw_around

_POINTS_PER_INCH = 72
_INK = (28, 52, 158)
_SEAL = (200, 24, 32)
_SEAL_PT = 102.0  # 36 mm across, real size
_SIGNATURE_PT = 120.0


def sign_text_layer(pdf: bytes, *names: str) -> bytes:
    """`pdf` with a signature and a seal above each of `names`; text, codes and metadata stay.

    A name counts where it stands last; without names, or when none is found, one signature stands right of the middle
    of the last page.
    """
    places = _places_above(pdf, names)
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    writer.pdf_header = pdf[:8].decode("ascii")  # pypdf would call it 1.3
    for number in sorted({number for number, _, _ in places}):
        page = writer.pages[number]
        drawn = [
            operator
            for count, (on, x, y) in enumerate(places)
            if on == number
            for operator in _signed_at(writer, page, count, x, y)
        ]
        draw_around(writer, page, b"q\n", "\n".join(["\nQ", *drawn, ""]).encode("ascii"))
    signed = io.BytesIO()
    writer.write(signed)
    return signed.getvalue()


def scan(pdf: bytes, dpi: int = 200, *, skew: float = 0.0, noise: float = 0.0, turn: int = 0, seed: int = 1) -> bytes:
    """`pdf` as it comes from a scanner: one colour picture a page, no text.

    `skew` is the largest crookedness in degrees (each page has its own), `noise` the spread of a grey value (of 255),
    `turn` the degrees (a multiple of 90) by which the pages lie wrong on the glass.
    """
    chance = random.Random(seed)  # noqa: S311 - a scanner, not a secret
    document = pypdfium2.PdfDocument(pdf)
    sheets = []
    try:
        for page in document:
            picture = page.render(scale=dpi / _POINTS_PER_INCH).to_pil().convert("RGB")
            angle = chance.uniform(-skew, skew) if skew else 0.0
            sheets.append(scanned(picture, angle, noise, turn, chance.randrange(1 << 30)))
    finally:
        document.close()
    return as_pdf(sheets, dpi)


def scanned(picture: Image.Image, angle: float, noise: float, turn: int, seed: int) -> Image.Image:
    """One sheet on the glass."""
    if angle:
        picture = picture.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    if noise:
        picture = ImageChops.add(picture, _grain(picture.size, noise, seed), offset=-128)
    return picture.rotate(turn, expand=True) if turn else picture


def as_pdf(sheets: Sequence[Image.Image], dpi: int) -> bytes:
    """The sheets as one PDF without text, each page as large as its picture is at `dpi`."""
    content = io.BytesIO()
    # Pillow notes on a picture how it was saved with others, and would save it so the next time, too
    first, *rest = (sheet.copy() for sheet in sheets)
    # Pillow writes the moment of saving into the file unless it is told another
    first.save(content, "PDF", resolution=dpi, save_all=True, append_images=rest, creationDate=None, modDate=None)
    return content.getvalue()


def _places_above(pdf: bytes, names: Sequence[str]) -> list[tuple[int, float, float]]:
    """For each name found: its page (from 0) and the signature's middle, in points from the lower left corner."""
    document = pypdfium2.PdfDocument(pdf)
    places = []
    try:
        for name in names:
            for number in range(len(document) - 1, -1, -1):
                text = document[number].get_textpage()
                found = list(iter(text.search(name).get_next, None))
                if found:
                    index, count = found[-1]
                    left, _, right, top = text.get_rect(text.count_rects(index, count) - 1)
                    places.append((number, (left + right) / 2, top + 30))
                    break
        width, height = document[len(document) - 1].get_size()
        return places or [(len(document) - 1, width * 0.72, height * 0.38)]
    finally:
        document.close()


def _signed_at(writer: pypdf.PdfWriter, page: pypdf.PageObject, count: int, x: float, y: float) -> Sequence[str]:
    """The operators that draw the `count`-th signature, its middle at (x, y)."""
    third = _SIGNATURE_PT / 3  # the seal covers about a third of the signature, on its left
    return (
        *_placed(writer, page, f"/VtSeal{count}", _seal(), (x - third - _SEAL_PT / 2, y - _SEAL_PT / 2, _SEAL_PT)),
        *_placed(writer, page, f"/VtInk{count}", _signature(count), (x - _SIGNATURE_PT / 2, y - 20, _SIGNATURE_PT)),
    )


def _grain(size: tuple[int, int], spread: float, seed: int) -> Image.Image:
    """Grey noise around 128, the same for the same seed: a tile, mirrored and shifted over the sheet."""
    chance = random.Random(seed)  # noqa: S311 - (as above)
    side = 256
    tile = Image.frombytes(
        "L", (side, side), bytes(min(255, max(0, round(chance.gauss(128, spread)))) for _ in range(side * side))
    )
    sheet = Image.new("L", size, 128)
    for top in range(0, size[1], side):
        for left in range(0, size[0], side):
            sheet.paste(tile.rotate(90 * chance.randrange(4)), (left, top))
    return Image.merge("RGB", (sheet, sheet, sheet))


def _placed(
    writer: pypdf.PdfWriter,
    page: pypdf.PageObject,
    name: str,
    picture: Image.Image,
    where: tuple[float, float, float],
) -> Sequence[str]:
    """Make `picture` known to `page` as `name`; the operators that draw it at (left, bottom, width) in points."""
    left, bottom, width = where
    image = _image(picture.convert("RGB"), "/DeviceRGB")
    image[NameObject("/SMask")] = writer._add_object(_image(picture.getchannel("A"), "/DeviceGray"))
    known = _inside(_inside(page, "/Resources"), "/XObject")
    known[NameObject(name)] = writer._add_object(image)
    height = width * picture.height / picture.width
    return ("q", f"{width:.2f} 0 0 {height:.2f} {left:.2f} {bottom:.2f} cm", f"{name} Do", "Q")


def _inside(holder: DictionaryObject, key: str) -> DictionaryObject:
    """The dictionary under `key`, made when there is none."""
    found = holder.setdefault(NameObject(key), DictionaryObject()).get_object()
    if not isinstance(found, DictionaryObject):
        raise TypeError(f"{key} of the page is no dictionary; this is not one of our PDFs")
    return found


def _image(picture: Image.Image, colours: str) -> StreamObject:
    stream = StreamObject()
    stream.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(picture.width),
            NameObject("/Height"): NumberObject(picture.height),
            NameObject("/ColorSpace"): NameObject(colours),
            NameObject("/BitsPerComponent"): NumberObject(8),
            NameObject("/Filter"): NameObject("/FlateDecode"),
        }
    )
    stream._data = zlib.compress(picture.tobytes(), 6)
    return stream


@functools.cache
def _signature(hand: int) -> Image.Image:
    """The blue loops of one hand or another on nothing, 480 × 200 pixels."""
    picture = Image.new("RGBA", (960, 400), (*_INK, 0))
    pen = ImageDraw.Draw(picture)
    steps = [step / 400 for step in range(401)]
    loops = [
        (
            60 + 800 * t + 70 * math.sin((19 + hand % 5) * t),
            210
            - 120 * math.sin((23 - 2 * (hand % 7)) * t + 0.6) * (1 - 0.75 * t)
            - 40 * math.sin((5 + hand % 3) * t),
        )
        for t in steps
    ]
    pen.line(loops, fill=(*_INK, 255), width=9, joint="curve")
    pen.line([(90 + 780 * t, 330 - 60 * t - 25 * math.sin(6 * t)) for t in steps], fill=(*_INK, 255), width=7)
    return picture.resize((480, 200), Image.Resampling.LANCZOS)


@functools.cache
def _seal() -> Image.Image:
    """A round red seal with a star and no name, 400 × 400 pixels, as ink lets paper through."""
    side, middle = 800, 400.0
    picture = Image.new("RGBA", (side, side), (*_SEAL, 0))
    pen = ImageDraw.Draw(picture)
    for radius, width in ((390, 16), (365, 6), (230, 6)):
        pen.ellipse(
            (middle - radius, middle - radius, middle + radius, middle + radius), outline=(*_SEAL, 205), width=width
        )
    points = [
        (
            middle + (150 if corner % 2 == 0 else 60) * math.sin(math.pi * corner / 5),
            middle - (150 if corner % 2 == 0 else 60) * math.cos(math.pi * corner / 5),
        )
        for corner in range(10)
    ]
    pen.polygon(points, fill=(*_SEAL, 205))
    for letter in range(36):  # the ring of letters, without saying whose
        angle = 2 * math.pi * letter / 36
        x, y = middle + 298 * math.sin(angle), middle - 298 * math.cos(angle)
        pen.rectangle((x - 14, y - 26, x + 14, y + 26), outline=(*_SEAL, 190), width=8)
    return picture.resize((400, 400), Image.Resampling.LANCZOS)
