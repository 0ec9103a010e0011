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
from PIL import Image, ImageDraw, ImageFilter

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


def printed(pdf: bytes, dpi: int) -> list[Image.Image]:
    """The pages as they come from a printer, on white paper."""
    return [sheet.copy() for sheet in _printed(pdf, dpi)]


@functools.cache
def _printed(pdf: bytes, dpi: int) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [
            page.render(scale=dpi / 72).to_pil().convert("RGB").filter(ImageFilter.MinFilter(3)) for page in document
        ]
    finally:
        document.close()


def scanned(sheet: Image.Image, how: Scanner, seed: int) -> Image.Image:
    """One sheet as the scanner sees it."""
    turned = sheet.rotate(how.skew, resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    cut = round(how.cut_mm * how.dpi / 25.4)
    if cut:
        glass = Image.new("RGB", turned.size, (255, 255, 255))
        glass.paste(turned.crop((cut, cut, turned.width - cut, turned.height - cut)), (cut, cut))
        turned = glass
    seen = np.asarray(turned.filter(ImageFilter.GaussianBlur(how.blur)), dtype=np.float32)
    if how.fade:
        seen = seen * np.linspace(1.0, 1.0 - how.fade, turned.width, dtype=np.float32)[None, :, None]
    seen = seen + np.roll(_grain(seen.shape[:2]), (17 * seed, 31 * seed), (0, 1))[..., None] * how.grain
    picture = Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8))
    content = io.BytesIO()
    (picture.convert("L") if how.is_grey else picture).save(content, "JPEG", quality=how.quality)
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
    chance = random.Random(seed)  # noqa: S311 - a hand, no secret
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
    ImageDraw.Draw(sheet).line(points, fill=ink, width=max(1, round(mm * per)), joint="curve")


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
