"""What becomes of a sheet between the printer and the scanned file, in eighteen ways. All of it is simulated."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tests.papers import print_and_scan as paper
from tests.papers.print_and_scan import Scanner

#: Where the codes of a page may be: the corners of the head's, the foot's and the mark's, in millimetres.
Codes = list[tuple[float, float]]
OnPaper = Callable[[Image.Image, int, Codes, random.Random], Image.Image]


_PLAIN: Final = Scanner()


@dataclass(frozen=True)
class Distortion:
    """What happens to the paper, how it is scanned, and what is done with the picture.

    `skew` is the largest turn in degrees; with `is_exact` each sheet is turned by just that, to one side or the
    other. `scanner` says the rest; `blur` is in pixels at 200 dpi. `is_of_glass`: no more than a good
    scanner's glass leaves.
    """

    skew: float = 0.7
    is_exact: bool = False
    blur: float = 0.6
    scanner: Scanner = _PLAIN
    on_paper: tuple[OnPaper, ...] = ()
    is_two_tone: bool = False
    is_of_glass: bool = False

    def apply(
        self, sheet: Image.Image, dpi: int, codes: Codes, chance: random.Random, *, is_grey: bool
    ) -> Image.Image:
        """Scan one printed and signed sheet."""
        for change in self.on_paper:
            sheet = change(sheet, dpi, codes, chance)
        skew = self.skew * chance.choice((-1, 1)) if self.is_exact else chance.uniform(-self.skew, self.skew)
        how = replace(
            self.scanner, dpi=dpi, skew=skew, blur=self.blur * dpi / 200, is_grey=is_grey or self.is_two_tone
        )
        seen = paper.scanned(sheet, how, chance.randrange(1000))
        return seen.point(lambda grey: 255 if grey > 140 else 0).convert("1") if self.is_two_tone else seen


def _sealed(sheet: Image.Image, dpi: int, codes: Codes, chance: random.Random) -> Image.Image:
    """One seal over one of the codes; where there is none, nobody seals."""
    if not codes:
        return sheet
    sealed, (x, y) = sheet.copy(), chance.choice(codes)
    paper.press(sealed, (x + chance.uniform(-8, 8), y + chance.uniform(-8, 8)), dpi)
    return sealed


def _struck(sheet: Image.Image, dpi: int, codes: Codes, chance: random.Random) -> Image.Image:
    """A pen goes through one of the codes."""
    if not codes:
        return sheet
    struck, (x, y), per = sheet.copy(), chance.choice(codes), dpi / 25.4
    ends = [((x + side * 12) * per, (y + chance.uniform(-9, 9)) * per) for side in (-1, 1)]
    ImageDraw.Draw(struck).line(ends, fill=paper.PEN, width=round(1.2 * per))
    return struck


def _filed(sheet: Image.Image, dpi: int, codes: Codes, chance: random.Random) -> Image.Image:
    """Holes 80 mm apart with the dark lid behind them, a staple, and a fold across."""
    filed, per = sheet.copy(), dpi / 25.4
    draw = ImageDraw.Draw(filed)
    middle = sheet.height / 2 + chance.uniform(-3, 3) * per
    for off in (-40, 40):
        x, y, radius = 11 * per, middle + off * per, 2.8 * per
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(70, 70, 70))
    x, y = chance.uniform(8, 14) * per, chance.uniform(8, 14) * per
    draw.line((x, y, x + 9 * per, y + 5 * per), fill=(110, 110, 115), width=round(0.8 * per))
    y = sheet.height * chance.choice((1 / 3, 1 / 2, 2 / 3)) + chance.uniform(-6, 6) * per
    draw.line((0, y, sheet.width, y + chance.uniform(-2, 2) * per), fill=(205, 205, 205), width=round(0.5 * per))
    return filed


def _smaller(sheet: Image.Image, dpi: int, codes: Codes, chance: random.Random) -> Image.Image:
    """Printed to fit the printable area: 96 in the hundred."""
    fitted = sheet.resize((round(sheet.width * 0.96), round(sheet.height * 0.96)), Image.Resampling.BICUBIC)
    page = Image.new("RGB", sheet.size, (255, 255, 255))
    page.paste(fitted, ((sheet.width - fitted.width) // 2, (sheet.height - fitted.height) // 2))
    return page


def _pale(sheet: Image.Image, dpi: int, codes: Codes, chance: random.Random) -> Image.Image:
    """The toner runs out."""
    strength = chance.uniform(0.4, 0.5)
    return sheet.point(lambda level: round(255 - (255 - level) * strength))


def _shining_through(sheet: Image.Image, dpi: int, codes: Codes, chance: random.Random) -> Image.Image:
    """Thin yellowish paper with another print on its back."""
    back = sheet.transpose(Image.Transpose.FLIP_LEFT_RIGHT).filter(ImageFilter.GaussianBlur(1.5 * dpi / 200))
    back = ImageChops.offset(back, 0, round(3.5 * dpi / 25.4)).point(lambda level: round(255 - (255 - level) * 0.16))
    tint = Image.new("RGB", sheet.size, (246, 238, 214))
    return ImageChops.multiply(ImageChops.multiply(sheet, back), tint)


DISTORTIONS: Final[dict[str, Distortion]] = {
    "straight": Distortion(is_of_glass=True),
    "askew by up to 2°": Distortion(skew=2, is_of_glass=True),
    "askew by 5°": Distortion(skew=5, is_exact=True, is_of_glass=True),
    "cut by 8 mm all round": Distortion(scanner=Scanner(cut_mm=8), is_of_glass=True),
    "a seal over a code": Distortion(on_paper=(_sealed,), is_of_glass=True),
    "askew 5°, cut 8 mm, a seal": Distortion(
        skew=5, is_exact=True, scanner=Scanner(cut_mm=8), on_paper=(_sealed,), is_of_glass=True
    ),
    "a pen through a code": Distortion(on_paper=(_struck,)),
    "holes, staple, fold": Distortion(on_paper=(_filed,)),
    "printed at 96 %": Distortion(on_paper=(_smaller,)),
    "yellow, print shines through": Distortion(on_paper=(_shining_through,)),
    "grain 20": Distortion(scanner=Scanner(grain=20)),
    "grain 40": Distortion(scanner=Scanner(grain=40)),
    "blurred (1.5)": Distortion(blur=1.5),
    "very blurred (2.2)": Distortion(blur=2.2),
    "JPEG 15": Distortion(scanner=Scanner(quality=15)),
    "pale toner, lamp fades": Distortion(scanner=Scanner(fade=0.35), on_paper=(_pale,)),
    "black and white": Distortion(is_two_tone=True),
    "askew 2°, blur, grain, JPEG 40": Distortion(skew=2, blur=1.2, scanner=Scanner(grain=15, quality=40, fade=0.2)),
}
