"""How many bad scans are still recognised, how many wrongly, and how long a page takes.

    python -m benchmarks.recognition [--papers N] [--json FILE]

Each paper has its own code and is distorted in every way below at 200 and 300 dpi; what counts is the whole road of
`recognise_pdf`, from the file to the code. The distortions are simulated: no paper was printed.
"""

import argparse
import io
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from pipeline.papers import codes
from pipeline.papers.recognition import recognise_pdf
from scripts.pretend_signature import as_pdf, scanned, sign_text_layer
from tests.sample_papers import paper

Distortion = Callable[[Image.Image, random.Random], Image.Image]


def _turned(degrees: float) -> Distortion:
    return lambda sheet, chance: scanned(sheet, degrees * chance.choice((-1, 1)), 0, 0, 1)


def _on_its_side(degrees: int) -> Distortion:
    return lambda sheet, chance: scanned(sheet, 0, 0, degrees, 1)


def _noisy(spread: float) -> Distortion:
    return lambda sheet, chance: scanned(sheet, 0, spread, 0, chance.randrange(1 << 20))


def _blurred(sigma: float) -> Distortion:
    return lambda sheet, chance: sheet.filter(ImageFilter.GaussianBlur(sigma))


def _jpeg(quality: int) -> Distortion:
    def compressed(sheet: Image.Image, chance: random.Random) -> Image.Image:
        content = io.BytesIO()
        sheet.save(content, "JPEG", quality=quality)
        return Image.open(content).convert("RGB")

    return compressed


def _pale(sheet: Image.Image, chance: random.Random) -> Image.Image:
    return ImageEnhance.Brightness(ImageEnhance.Contrast(sheet).enhance(0.25)).enhance(0.8)


def _two_tone(sheet: Image.Image, chance: random.Random) -> Image.Image:
    return sheet.convert("L").point(lambda grey: 255 if grey > 140 else 0).convert("RGB")


def _coarse(sheet: Image.Image, chance: random.Random) -> Image.Image:
    return sheet.resize((sheet.width // 2, sheet.height // 2), Image.Resampling.BILINEAR).resize(sheet.size)


def _stroke(sheet: Image.Image, chance: random.Random) -> Image.Image:
    """A pen goes through the upper code; the lower one stays."""
    mm = sheet.width / 210
    ends = [((181 + chance.uniform(-3, 3)) * mm, 3 * mm), ((194 + chance.uniform(-3, 3)) * mm, 21 * mm)]
    marked = sheet.copy()
    ImageDraw.Draw(marked).line(ends, fill=(20, 40, 160), width=round(1.2 * mm))
    return marked


def _everything(sheet: Image.Image, chance: random.Random) -> Image.Image:
    crooked = scanned(sheet, chance.uniform(-2, 2), 15, 0, chance.randrange(1 << 20))
    return _jpeg(40)(crooked.filter(ImageFilter.GaussianBlur(0.8)), chance)


DISTORTIONS: dict[str, Distortion] = {
    "clean": lambda sheet, chance: sheet,
    "crooked 1°": _turned(1),
    "crooked 3°": _turned(3),
    "turned 90°": _on_its_side(90),
    "upside down": _on_its_side(180),
    "noise 12": _noisy(12),
    "noise 25": _noisy(25),
    "noise 40": _noisy(40),
    "noise 60": _noisy(60),
    "blur 1": _blurred(1),
    "blur 2": _blurred(2),
    "JPEG 40": _jpeg(40),
    "JPEG 15": _jpeg(15),
    "pale": _pale,
    "black and white": _two_tone,
    "half resolution": _coarse,
    "pen through one": _stroke,
    "all together": _everything,
}


@dataclass
class Score:
    """What became of the scans distorted in one way."""

    scans: int = 0
    matched: int = 0
    wrong: int = 0
    page_ms: list[float] = field(default_factory=list)

    def count(self, found: str, wanted: str, page_ms: float) -> None:
        """One more scan."""
        self.scans += 1
        self.matched += found == wanted
        self.wrong += found not in ("", wanted)
        self.page_ms.append(page_ms)


def measure(papers: int, dpi: int) -> dict[str, Score]:
    """Recognise `papers` papers of one page, distorted in every way."""
    scores = {name: Score() for name in DISTORTIONS}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scan.pdf"
        for number in range(papers):
            code = codes.new_code(f"benchmark {number}")
            document = pypdfium2.PdfDocument(sign_text_layer(paper(code)))
            sheet = document[0].render(scale=dpi / 72).to_pil().convert("RGB")
            document.close()
            for name, distort in DISTORTIONS.items():
                path.write_bytes(as_pdf([distort(sheet, random.Random(number))], dpi))  # noqa: S311
                began = time.process_time()
                found = recognise_pdf(str(path)).code
                scores[name].count(found, code, (time.process_time() - began) * 1000)
    return scores


def main() -> None:
    """Measure and print; with --json also write the figures down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=10)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    figures = {}
    for dpi in (200, 300):
        scores = measure(asked.papers, dpi)
        print(f"\n{dpi} dpi                matched   wrong   ms a page (CPU, median)")
        for name, score in scores.items():
            median = statistics.median(score.page_ms)
            print(f"  {name:20}{score.matched:4} of {score.scans:<4}{score.wrong:5}{median:12.0f}")
            figures[f"{dpi} {name}"] = (score.matched, score.scans, score.wrong, median)
        matched, scans = sum(s.matched for s in scores.values()), sum(s.scans for s in scores.values())
        print(f"  together            {matched:4} of {scans:<4} ({matched / scans:.1%})")
    if asked.json:
        asked.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
