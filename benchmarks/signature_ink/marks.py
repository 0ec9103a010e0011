"""What may stand above a name on paper, drawn: signatures of many hands, and what is none. All of it is simulated."""

import io
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from pipeline.papers.signature_places import SignaturePlace
from tests.papers import print_and_scan as paper

Draw = Callable[[Image.Image, SignaturePlace, int, random.Random], None]
Ink = tuple[int, int, int]

_BLUE: Final = paper.PEN
_BLACK: Final = (25, 25, 30)
#: A ballpoint that is nearly empty.
_FAINT: Final = (140, 150, 195)


@dataclass(frozen=True)
class Mark:
    """What is drawn in the room of a place, and whether that is a signature."""

    draw: Draw
    is_signature: bool


def _pen(ink: Ink, mm: float) -> Draw:
    def draw(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
        paper.sign(sheet, place, dpi, chance.randrange(10_000), ink, mm)

    return draw


def _short(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
    """Two or three loops, 9 to 14 mm wide: how many people sign."""
    x, y = place.room.middle + chance.uniform(-8, 8), place.room.bottom - chance.uniform(11, 16)
    _loops(sheet, (x, y), (chance.uniform(9, 14), chance.uniform(6, 9)), dpi, chance)


def _loops(
    sheet: Image.Image, at: tuple[float, float], size: tuple[float, float], dpi: int, chance: random.Random
) -> None:
    per, turns, lean = dpi / 25.4, chance.uniform(2, 3.5), chance.uniform(-0.4, 0.4)
    points = []
    for step in range(61):
        share = step / 60
        angle = 2 * math.pi * turns * share
        x = size[0] * (share - 0.5) + size[0] / 6 * math.cos(angle)
        y = size[1] / 2 * math.sin(angle) * (1 - 0.4 * share)
        points.append(((at[0] + x - lean * y) * per, (at[1] + y) * per))
    paper.stroke(sheet, points, chance.choice((_BLUE, _BLACK)), round(0.5 * per))


def _through_the_name(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
    at = (place.room.middle + chance.uniform(-4, 4), place.room.bottom - chance.uniform(5, 8))
    _loops(sheet, at, (chance.uniform(25, 38), chance.uniform(9, 14)), dpi, chance)


def _pasted(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
    """A picture of a signature, put in by a program: its paper is not quite white, and JPEG has been at it."""
    per, middle = dpi / 25.4, place.room.middle
    picture = Image.new("RGB", (round(50 * per), round(22 * per)), (246, 246, 248))
    _loops(picture, (25, 11), (chance.uniform(28, 40), chance.uniform(9, 15)), dpi, chance)
    content = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(0.7)).save(content, "JPEG", quality=30)
    left, top = round((middle - 25) * per), round((place.room.bottom - 31) * per)
    under = sheet.crop((left, top, left + picture.width, top + picture.height))
    with Image.open(io.BytesIO(content.getvalue())) as read:
        sheet.paste(ImageChops.multiply(under, read.convert("RGB")), (left, top))


def _with_seal(strength: float, aside: tuple[float, float]) -> Draw:
    def draw(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
        paper.sign(sheet, place, dpi, chance.randrange(10_000))
        _seal(strength, aside, (12, 17))(sheet, place, dpi, chance)

    return draw


def _seal(strength: float, aside: tuple[float, float], up: tuple[float, float]) -> Draw:
    def draw(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
        at = (place.room.middle + chance.uniform(*aside), place.room.bottom - chance.uniform(*up))
        paper.press(sheet, at, dpi, strength=strength)

    return draw


def _nothing(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
    """Nobody has signed."""


def _crossing(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
    """A pen stroke that begins elsewhere and runs through the room."""
    room, per = place.room, dpi / 25.4
    left = (room.left - 15, room.bottom - chance.uniform(8, 30))
    right = (room.right + 15, room.bottom - chance.uniform(8, 30))
    bend = chance.uniform(-3, 3)
    points = [
        (
            (left[0] + (right[0] - left[0]) * at / 20) * per,
            (left[1] + (right[1] - left[1]) * at / 20 + bend * math.sin(math.pi * at / 20)) * per,
        )
        for at in range(21)
    ]
    paper.stroke(sheet, points, chance.choice((_BLUE, _BLACK)), round(0.5 * per))


def _tail(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
    """The last sweep of a signature beside it reaches in."""
    room, per = place.room, dpi / 25.4
    is_left = chance.random() < 0.5
    edge, inwards = (room.left, 1) if is_left else (room.right, -1)
    reach, y = chance.uniform(4, 12), room.bottom - chance.uniform(10, 22)
    rise = chance.uniform(-4, 4)
    points = [
        ((edge + inwards * (reach * at / 20 * 1.5 - reach * 0.5)) * per, (y + rise * (at / 20) ** 2) * per)
        for at in range(21)
    ]
    paper.stroke(sheet, points, _BLUE, round(0.5 * per))


def _paraph(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
    """Initials of who has drafted it, beside the line above the room."""
    at = (place.room.middle + chance.uniform(16, 24), place.room.top + chance.uniform(-2, 1))
    _loops(sheet, at, (chance.uniform(4, 6), chance.uniform(3, 5)), dpi, chance)


def _dirt(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
    room, per, draw = place.room, dpi / 25.4, ImageDraw.Draw(sheet)
    for _ in range(chance.randrange(8, 20)):
        x, y = chance.uniform(room.left, room.right) * per, chance.uniform(room.top, room.bottom) * per
        size = chance.uniform(0.1, 0.6) * per
        draw.ellipse((x - size, y - size * 0.8, x + size, y + size), fill=(60, 55, 50))


def _smudge(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
    """A finger has wiped over ink or toner: a pale stain with soft edges."""
    per = dpi / 25.4
    wide, high = round(chance.uniform(12, 25) * per), round(chance.uniform(5, 9) * per)
    stain = Image.new("L", (wide + 8 * round(per), high + 8 * round(per)), 255)
    inner = 4 * round(per)
    ImageDraw.Draw(stain).ellipse((inner, inner, inner + wide, inner + high), fill=chance.randrange(205, 228))
    soft = stain.filter(ImageFilter.GaussianBlur(1.2 * per)).convert("RGB")
    left = round((place.room.middle + chance.uniform(-15, 5)) * per)
    top = round((place.room.bottom - chance.uniform(18, 26)) * per)
    under = sheet.crop((left, top, left + soft.width, top + soft.height))
    sheet.paste(ImageChops.multiply(under, soft), (left, top))


def _holes(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
    """Two punch holes, 6 mm wide and 80 mm apart; one of them in the room, as on a sheet that was turned over."""
    room, per, draw = place.room, dpi / 25.4, ImageDraw.Draw(sheet)
    x, first = chance.uniform(room.left + 4, room.right - 4), room.bottom - chance.uniform(12, 25)
    for y in (first, first - 80):
        radius = 2.9 * per
        draw.ellipse((x * per - radius, y * per - radius, x * per + radius, y * per + radius), fill=(60, 60, 60))


def _fold(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
    """A dark crease across, and one down through the room."""
    per, draw = dpi / 25.4, ImageDraw.Draw(sheet)
    y, x = (place.room.bottom - chance.uniform(8, 24)) * per, (place.room.middle + chance.uniform(-20, 20)) * per
    dark = chance.randrange(120, 190)
    draw.line((0, y, sheet.width, y + chance.uniform(-2, 2) * per), fill=(dark,) * 3, width=round(0.5 * per))
    if chance.random() < 0.5:
        draw.line((x, 0, x + chance.uniform(-2, 2) * per, sheet.height), fill=(dark,) * 3, width=round(0.5 * per))


def _on_folds(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
    """A signature on a sheet that is folded there."""
    _fold(sheet, place, dpi, chance)
    paper.sign(sheet, place, dpi, chance.randrange(10_000))


def _fold_and_holes(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
    _fold(sheet, place, dpi, chance)
    _holes(sheet, place, dpi, chance)


def _staple(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
    per = dpi / 25.4
    x, y = place.room.middle + chance.uniform(-25, 25), place.room.bottom - chance.uniform(10, 25)
    lean = chance.uniform(-5, 5)
    ImageDraw.Draw(sheet).line(
        (x * per, y * per, (x + 11) * per, (y + lean) * per), fill=(90, 90, 95), width=round(0.8 * per)
    )


def _words(text: str, high_mm: float, ink: Ink) -> Draw:
    """Words that a printer, a typewriter or a stamp puts where a hand should sign."""

    def draw(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
        per = dpi / 25.4
        font = ImageFont.load_default(round(high_mm * per))
        at = ((place.room.middle + chance.uniform(-4, 4)) * per, (place.room.bottom - chance.uniform(14, 18)) * per)
        layer = Image.new("RGB", sheet.size, "white")
        ImageDraw.Draw(layer).multiline_text(at, text, ink, font, "mm", align="center")
        sheet.paste(ImageChops.multiply(sheet, layer))

    return draw


def _name_and_signature(sheet: Image.Image, place: SignaturePlace, dpi: int, chance: random.Random) -> None:
    """Signed over a stamp with the name."""
    _words("Tran Van An", 5, _BLUE)(sheet, place, dpi, chance)
    paper.sign(sheet, place, dpi, chance.randrange(10_000))


MARKS: Final[dict[str, Mark]] = {
    "blue pen": Mark(_pen(_BLUE, 0.5), is_signature=True),
    "black pen": Mark(_pen(_BLACK, 0.5), is_signature=True),
    "thin pen (0.3 mm)": Mark(_pen(_BLUE, 0.3), is_signature=True),
    "thick pen (1 mm)": Mark(_pen(_BLACK, 1.0), is_signature=True),
    "faint pen": Mark(_pen(_FAINT, 0.5), is_signature=True),
    "short signature": Mark(_short, is_signature=True),
    "through the name": Mark(_through_the_name, is_signature=True),
    "pasted picture": Mark(_pasted, is_signature=True),
    "seal over its left third": Mark(_with_seal(0.85, (-18, -12)), is_signature=True),
    "seal over all of it": Mark(_with_seal(0.85, (-4, 4)), is_signature=True),
    "on folds": Mark(_on_folds, is_signature=True),
    "over a stamped name": Mark(_name_and_signature, is_signature=True),
    "nothing": Mark(_nothing, is_signature=False),
    "seal alone, beside": Mark(_seal(0.85, (-18, -10), (12, 17)), is_signature=False),
    "seal alone, on the name": Mark(_seal(0.85, (-4, 4), (4, 12)), is_signature=False),
    "pale seal alone": Mark(_seal(0.5, (-16, 2), (8, 17)), is_signature=False),
    "stroke from elsewhere": Mark(_crossing, is_signature=False),
    "end of a neighbour's": Mark(_tail, is_signature=False),
    "initials at the title": Mark(_paraph, is_signature=False),
    "specks of dirt": Mark(_dirt, is_signature=False),
    "smudge": Mark(_smudge, is_signature=False),
    "punch holes": Mark(_holes, is_signature=False),
    "folds": Mark(_fold, is_signature=False),
    "folds and punch holes": Mark(_fold_and_holes, is_signature=False),
    "staple": Mark(_staple, is_signature=False),
    "name in print": Mark(_words("Tran Van An", 5, _BLACK), is_signature=False),
    "name as a stamp": Mark(_words("TRAN VAN AN", 4, _BLUE), is_signature=False),
    "“signed” in print": Mark(_words("(da ky)", 5, _BLACK), is_signature=False),
    "box of a signing program": Mark(
        _words("Ky boi: Tran Van An\nCo quan: Van phong\nNgay ky: 27/5/2022", 3, _BLACK), is_signature=False
    ),
}
