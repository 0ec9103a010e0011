"""How many changed characters are named, how many honest pages doubted, and what the proof of a page costs.

    python -m benchmarks.characters [--pages N] [--first N] [--printer DPI] [--json FILE]

Each page of Vietnamese text (14 pt, the letters of the LibreOffice fonts) is printed twice: as it was issued, and
with 25 characters put in for look-alikes. Each is scanned at 200 and at 300 dpi, with its own crookedness, blur,
light and grain; `--printer` says how fine the printer's points are (0: as the scanner's). No paper was printed:
`tests/papers/print_and_scan.py` says what is simulated. Rasterising is drawing the scanned page once at its own
resolution; all figures are processor time, taken in turn.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pypdfium2

from pipeline.papers.characters import prove_page
from pipeline.papers.comparison import compare_pdf
from tests.papers.print_and_scan import Scanner, paper_of
from tests.papers.print_and_scan import printed as on_paper
from tests.papers.test_characters import ALIKE, VIETNAMESE, changed, placed, printed, vietnamese_font

ACCENTS = {
    "ấ": "ầ",
    "ầ": "ẩ",
    "ế": "ề",
    "ề": "ể",
    "ố": "ồ",
    "ồ": "ổ",
    "ả": "ã",
    "ã": "à",
    "ộ": "ô",
    "ớ": "ờ",
    "ờ": "ở",
    "í": "ì",
    "ì": "ỉ",
    "ứ": "ừ",
    "ừ": "ử",
    "á": "à",
    "à": "ả",
    "ư": "u",
    "u": "ư",
    "ơ": "o",
    "đ": "d",
    "ă": "â",
}
CHANGES = 25


@dataclass
class Measured:
    """What was seen at one resolution; times in seconds of processor time, of honest pages and of changed ones."""

    dpi: int
    changes: int = 0
    named: int = 0
    missed: list[str] = field(default_factory=list)
    pages: int = 0
    doubted: int = 0
    unclear: int = 0
    honest_s: list[float] = field(default_factory=list)
    changed_s: list[float] = field(default_factory=list)
    raster_s: list[float] = field(default_factory=list)


def measure(seed: int, seen: Measured, folder: Path, printer_dpi: int) -> None:
    """Prove one page as it was issued, and with changes."""
    chance = random.Random(seed)  # noqa: S311 - a draw, no secret
    font = vietnamese_font()
    words = VIETNAMESE.split()
    begin = chance.randrange(len(words))
    page = placed(" ".join([*words[begin:], *words[:begin]]) + " ", font)
    how = Scanner(
        seen.dpi,
        skew=chance.uniform(-3, 3),
        blur=chance.uniform(0.5, 1.0) * seen.dpi / 200,
        fade=chance.uniform(0, 0.2),
        is_grey=chance.random() < 0.5,
    )
    other, was = changed(page, {**ALIKE, **ACCENTS}, CHANGES, font, chance.randrange(1000))
    issued, paper = folder / "issued.pdf", folder / "paper.pdf"
    issued.write_bytes(printed(page, font))
    for shown, expected in ((page, []), (other, was)):
        paper.write_bytes(paper_of([on_paper(printed(shown, font), how.dpi, printer_dpi)[0]], how, seed))
        (found,) = compare_pdf(str(paper), str(issued), (), ()).seen
        if found.to_scan is None:
            raise SystemExit(f"page {seed} was not found on its scan; this is a fault of the comparison")
        start = time.process_time()
        proof = prove_page(str(paper), str(issued), found.sheet, found.page, found.to_scan, found.scale, ())
        (seen.changed_s if expected else seen.honest_s).append(time.process_time() - start)
        seen.raster_s.append(_rasterised(paper, how.dpi))
        named = [one.text for one in proof.changed]
        if expected:
            seen.changes += len(expected)
            for one in expected:
                if one in named:
                    named.remove(one)
                    seen.named += 1
                else:
                    seen.missed.append(one)
        else:
            seen.pages += 1
            seen.doubted += bool(named)
            seen.unclear += not proof.is_clear


def _rasterised(paper: Path, dpi: int) -> float:
    document = pypdfium2.PdfDocument(paper.read_bytes())
    start = time.process_time()
    document[0].render(scale=dpi / 72).to_pil()
    passed = time.process_time() - start
    document.close()
    return passed


def main() -> None:
    """Measure, and print a line for each resolution."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--printer", type=int, default=0)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    found = [Measured(300), Measured(200)]
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(chosen.first, chosen.first + chosen.pages):
            for seen in found:
                measure(seed, seen, Path(folder), chosen.printer)
    for seen in found:
        raster = statistics.median(seen.raster_s)
        costs = ", ".join(
            f"{name} {1000 * took:.0f} ms ({took / raster:.1f} times rasterising)"
            for name, times in (("an honest page", seen.honest_s), ("a changed one", seen.changed_s))
            for took in [statistics.median(times)]
        )
        missed = " ".join(seen.missed) or "none"
        print(
            f"{seen.dpi} dpi: {seen.named} of {seen.changes} changes named (missed: {missed}), "
            f"{seen.doubted} of {seen.pages} honest pages doubted, {seen.unclear} not clear; "
            f"the proof of {costs}; rasterising {raster * 1000:.0f} ms"
        )
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(seen) for seen in found]), encoding="utf-8")


if __name__ == "__main__":
    main()
