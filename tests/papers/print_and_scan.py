"""A print-and-scan model: what a printer, a pen, a seal and a scanner do to a page. No paper was scanned.

Printing spreads ink (dot gain: a minimum filter), the glass turns and cuts the sheet, the lens blurs, the sensor adds
grain, the lamp fades towards one edge, JPEG adds its rings. Ink is drawn with a round pen, a seal in red rings.
"""

import functools
import io
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from pipeline.papers.signature_places import SignaturePlace
from scripts.pretend_signature import as_pdf

PEN, PENCIL, SEAL = (25, 45, 160), (150, 150, 155), (200, 24, 32)


@dataclass(frozen=True)
class Scanner:
    """How a sheet is scanned: degrees, millimetres cut off all round, grey values of grain, share of light lost."""

    dpi: int = 200
    skew: float = 0.0
    cut_mm: float = 0.0
    grain: float = 6.0
    blur: float = 0.6
    fade: float = 0.0
    quality: int = 80
    is_grey: bool = False
    turn: int = 0


def printed(pdf: bytes, dpi: int, printer_dpi: int = 0) -> list[Image.Image]:
    """The pages as they come from a printer, on white paper, at the points of a scan.

    `printer_dpi`, a multiple of `dpi`, is how fine the printer's points are, onto which it puts each character; 0: as
    those of the scan.
    """
    return [sheet.copy() for sheet in printed_once(pdf, dpi, max(printer_dpi // dpi, 1))]


@functools.lru_cache(maxsize=4)
def printed_once(pdf: bytes, dpi: int, finer: int = 1) -> list[Image.Image]:
    """The pages as `printed` gives them, but always the same pictures: nobody may draw on them."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        whole = (page.render(scale=dpi * finer / 72).to_pil().convert("RGB") for page in document)
        return [_with_dot_gain(page).reduce(finer) for page in whole]
    finally:
        document.close()


def _with_dot_gain(page: Image.Image) -> Image.Image:
    """Each point as dark as its darkest neighbour; across, then down, as this is ten times as fast as a filter."""
    for x, y in ((1, 0), (0, 1)):
        beside = ImageChops.darker(ImageChops.offset(page, x, y), ImageChops.offset(page, -x, -y))
        page = ImageChops.darker(page, beside)
    return page


def scanned(sheet: Image.Image, how: Scanner, seed: int) -> Image.Image:
    """One sheet as the scanner sees it."""
    laid = sheet.convert("L") if how.is_grey else sheet
    turned = laid.rotate(how.skew, resample=Image.Resampling.BICUBIC, fillcolor="white")
    cut = round(how.cut_mm * how.dpi / 25.4)
    if cut:
        glass = Image.new(turned.mode, turned.size, "white")
        glass.paste(turned.crop((cut, cut, turned.width - cut, turned.height - cut)), (cut, cut))
        turned = glass
    seen = np.asarray(turned.filter(ImageFilter.GaussianBlur(how.blur)), dtype=np.float32)
    wide, high = turned.size
    grain = np.roll(_grain((high, wide)), (17 * seed, 31 * seed), (0, 1)) * how.grain
    colours = (slice(None), slice(None)) if how.is_grey else (slice(None), slice(None), None)
    if how.fade:
        seen = seen * np.linspace(1.0, 1.0 - how.fade, wide, dtype=np.float32)[None, :][colours]
    seen = seen + grain[colours]
    picture = Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8))
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=how.quality)
    read = Image.open(io.BytesIO(content.getvalue()))
    read.load()
    return read.rotate(how.turn, expand=True) if how.turn else read


@functools.cache
def _grain(shape: tuple[int, ...]) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    return np.random.default_rng(1).standard_normal(shape, dtype=np.float32)


def paper_of(sheets: Sequence[Image.Image], how: Scanner, seed: int = 1) -> bytes:
    """The scanned sheets as one PDF."""
    return as_pdf([scanned(sheet, how, seed + at) for at, sheet in enumerate(sheets)], how.dpi)


def sign(
    sheet: Image.Image, place: SignaturePlace, dpi: int, seed: int, ink: tuple[int, int, int] = PEN, mm: float = 0.5
) -> None:
    """Write a signature into the room above a name: loops of a hand, 25 to 45 mm wide."""
    chance = random.Random(seed)
    per = dpi / 25.4
    room = place.room
    x, y = room.middle + chance.uniform(-6, 6), room.bottom - 7 - chance.uniform(3, 9)
    wide, high, speed = chance.uniform(25, 45), chance.uniform(8, 16), chance.uniform(0.5, 1.1)
    points = [
        (
            (x + wide * (at / 60 - 0.5) + 3 * math.sin(at * speed)) * per,
            (y + high / 2 * math.sin(at * speed * 0.8 + seed) * math.cos(at * 0.11)) * per,
        )
        for at in range(61)
    ]
    stroke(sheet, points, ink, max(1, round(mm * per)))


def stroke(sheet: Image.Image, points: Sequence[tuple[float, float]], ink: tuple[int, int, int], width: int) -> None:
    """Draw a line with a pen, through which print is seen: its ink takes light away from what lies below."""
    across, down = zip(*points, strict=True)
    left, top = (math.floor(min(side)) - width for side in (across, down))
    size = (math.ceil(max(across)) + width - left, math.ceil(max(down)) + width - top)
    line = Image.new("RGB", size, (255, 255, 255))
    there = [(x - left, y - top) for x, y in points]
    ImageDraw.Draw(line).line(there, fill=ink, width=width, joint="curve")
    below = sheet.crop((left, top, left + size[0], top + size[1]))
    sheet.paste(ImageChops.multiply(below, line), (left, top))


def seal(sheet: Image.Image, place: SignaturePlace, dpi: int, aside_mm: float = -16.0) -> None:
    """Press a round red seal of 36 mm beside the middle of a place."""
    per = dpi / 25.4
    x, y = (place.room.middle + aside_mm) * per, (place.room.bottom - 14) * per
    draw = ImageDraw.Draw(sheet)
    for radius in (18.0, 16.5):
        around = (x - radius * per, y - radius * per, x + radius * per, y + radius * per)
        draw.ellipse(around, outline=SEAL, width=round(0.8 * per))
    draw.regular_polygon((x, y, 6 * per), 5, fill=SEAL)


def rule(sheet: Image.Image, place: SignaturePlace, dpi: int) -> None:
    """Draw one straight line across a place, as a fold or a ruler leaves it."""
    per = dpi / 25.4
    room = place.room
    y = (room.top + room.bottom) / 2 * per
    ImageDraw.Draw(sheet).line(((room.left * per, y), (room.right * per, y + per)), fill=(90, 90, 90), width=2)


def press(
    sheet: Image.Image, at_mm: tuple[float, float], dpi: int, *, strength: float = 0.85, side_mm: float = 36.0
) -> None:
    """Press a round seal with its middle at a place (from the upper left corner), as ink that lets print through.

    It has two rings, letters between them and a star; `strength` below 0.6 is a seal whose pad is nearly dry.
    """
    per = dpi / 25.4
    side = round(side_mm * per)
    seen = _seal(side)
    ink = Image.new("RGB", (side, side), SEAL)
    white = Image.new("RGB", (side, side), (255, 255, 255))
    pressed = Image.composite(ink, white, seen.point(lambda depth: round(depth * strength)))
    left, top = round(at_mm[0] * per - side / 2), round(at_mm[1] * per - side / 2)
    under = sheet.crop((left, top, left + side, top + side))
    sheet.paste(ImageChops.multiply(under, pressed), (left, top))


@functools.cache
def _seal(side: int) -> Image.Image:
    """The shape of a seal, as wide as so many pixels: 255 where it presses."""
    large = 4 * 18 * 12
    mm, middle = large / 36, large / 2
    shape = Image.new("L", (large, large), 0)
    draw = ImageDraw.Draw(shape)
    for radius, wide in ((17.9, 0.9), (16.4, 0.3), (10.5, 0.35)):
        around = (middle - radius * mm, middle - radius * mm, middle + radius * mm, middle + radius * mm)
        draw.ellipse(around, outline=255, width=round(wide * mm))
    corners = [
        (
            middle + (7 if at % 2 == 0 else 2.8) * mm * math.sin(math.pi * at / 5),
            middle - (7 if at % 2 == 0 else 2.8) * mm * math.cos(math.pi * at / 5),
        )
        for at in range(10)
    ]
    draw.polygon(corners, fill=255)
    for at in range(34):  # letters, without saying whose
        angle = 2 * math.pi * at / 34
        x, y = middle + 13.4 * mm * math.sin(angle), middle - 13.4 * mm * math.cos(angle)
        draw.rectangle((x - 0.7 * mm, y - 1.3 * mm, x + 0.7 * mm, y + 1.3 * mm), outline=255, width=round(0.4 * mm))
    return shape.resize((side, side), Image.Resampling.LANCZOS)
