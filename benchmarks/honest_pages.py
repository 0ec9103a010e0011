"""How many honest pages are doubted: signed, sealed and scanned, and not a character changed.

    python -m benchmarks.honest_pages [--pages N] [--seed N] [--workers N] [--issued FOLDER] [--show FOLDER] [--write]

Pages of the example year are printed at 600 dpi, signed and sealed where people sign, and scanned at 300 or 200 dpi,
each in its own way; then every character is proved. No paper was printed or scanned: `tests/papers/print_and_scan.py`
says what is simulated. `--show` keeps the scans of doubted pages; `--write` puts the table into docs/measures.md.
"""

import argparse
import random
import tempfile
import textwrap
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pypdfium2
from PIL import Image
from rich.progress import Progress

from benchmarks.issued import Issued, issued_documents
from benchmarks.pages import write_section
from benchmarks.signature_ink.marks import MARKS
from pipeline.papers.characters import prove_page
from pipeline.papers.comparison import compare_pdf
from pipeline.papers.signature_places import SignaturePlace, places_of
from tests.papers import print_and_scan as paper
from tests.papers.print_and_scan import Scanner

RESOLUTIONS = (300, 200)
_PRINTER_DPI = 600
_SIGNED = tuple(name for name, mark in MARKS.items() if mark.is_signature)
WIDTH = 100


@dataclass(frozen=True)
class Proved:
    """One honest page: how many characters it has, which words were doubted; not clear, it was not proved."""

    dpi: int
    is_grey: bool
    characters: int
    covered: int
    doubted: tuple[str, ...]
    is_clear: bool


@lru_cache(maxsize=8)
def _sheets(content: bytes, dpi: int) -> tuple[Image.Image, ...]:
    return tuple(paper.printed(content, dpi, _PRINTER_DPI))


def proved(document: Issued, number: int, seed: str, show: Path | None) -> Proved:
    """Sign, scan and prove one page."""
    chance = random.Random(seed)  # noqa: S311 - a draw, no secret
    dpi, is_grey = chance.choice(RESOLUTIONS), chance.random() < 0.4
    sheet = _sheets(document.content, dpi)[number - 1].copy()
    for place in _places(document, number):
        MARKS[chance.choice(_SIGNED)].draw(sheet, place, dpi, chance)
    how = Scanner(
        dpi,
        skew=chance.uniform(-3, 3),
        grain=chance.uniform(4, 14),
        blur=chance.uniform(0.4, 1.0) * dpi / 200,
        fade=chance.uniform(0, 0.3),
        quality=chance.randrange(60, 95),
        is_grey=is_grey,
    )
    content = paper.paper_of([sheet], how, chance.randrange(1000))
    with tempfile.TemporaryDirectory() as name:
        issued, returned = Path(name) / "issued.pdf", Path(name) / "paper.pdf"
        issued.write_bytes(document.content)
        returned.write_bytes(content)
        compared = compare_pdf(str(returned), str(issued), document.names, (), ((1, number),))
        (seen,) = compared.seen
        if seen.to_scan is None:
            return Proved(dpi, is_grey, 0, 0, (), is_clear=False)
        rooms = tuple(room for page, room in compared.rooms if page == number)
        proof = prove_page(str(returned), str(issued), 1, number, seen.to_scan, seen.scale, rooms)
    doubted = tuple(f"{one.text} in {one.word}" for one in proof.changed)
    if doubted and show is not None:
        show.mkdir(parents=True, exist_ok=True)
        (show / f"{document.code} {number} {seed.replace('/', '-')} {dpi}.pdf").write_bytes(content)
    return Proved(dpi, is_grey, proof.characters, proof.covered, doubted, proof.is_clear)


def _places(document: Issued, number: int) -> list[SignaturePlace]:
    opened = pypdfium2.PdfDocument(document.content)
    try:
        found = list(places_of(opened, document.names))
    finally:
        opened.close()
    return [one for one in found if isinstance(one, SignaturePlace) and one.page == number]


def measure(documents: Sequence[Issued], asked: argparse.Namespace) -> list[Proved]:
    """Prove as many pages as asked, all of them in turn."""
    pages = [(document, number) for document in documents for number in range(1, document.pages + 1)]
    found: list[Proved] = []
    with ProcessPoolExecutor(asked.workers) as pool, Progress(transient=True) as progress:
        bar = progress.add_task("pages", total=asked.pages)
        # by document: what was printed once is scanned again and again
        chosen = sorted(range(asked.pages), key=lambda at: at % len(pages))
        works = [pool.submit(proved, *pages[at % len(pages)], f"{asked.seed}/{at}", asked.show) for at in chosen]
        for work in as_completed(works):
            found.append(work.result())
            progress.advance(bar)
    return found


def report(found: Sequence[Proved], asked: argparse.Namespace, different: int) -> str:
    """A row for each way of scanning."""
    told = f"""{asked.pages} honest pages, seed {asked.seed}: the {different} pages of the example year again and
again, each time signed, sealed and scanned otherwise. **Simulated:** no paper was printed or scanned
(`tests/papers/print_and_scan.py`); printed at {_PRINTER_DPI} dpi, turned by up to 3°, blurred, grainy, with less
light at one edge, JPEG of 60 to 95. Covered are characters under what people added."""
    rows = ["| scan | pages | doubted | not clear | characters | covered |", "|---|---|---|---|---|---|"]
    for dpi in RESOLUTIONS:
        for is_grey in (False, True):
            these = [one for one in found if (one.dpi, one.is_grey) == (dpi, is_grey)]
            rows.append(f"| {dpi} dpi, {'grey' if is_grey else 'colour'} | {_figures(these)} |")
    rows.append(f"| together | {_figures(found)} |")
    words = [f"{one.dpi} dpi: {', '.join(one.doubted)}" for one in found if one.doubted]
    return "\n".join(
        (textwrap.fill(told, WIDTH), "", *rows, *(["", "Doubted: " + "; ".join(words)] if words else []))
    )


def _figures(these: Sequence[Proved]) -> str:
    doubted, unclear = sum(bool(one.doubted) for one in these), sum(not one.is_clear for one in these)
    characters, covered = sum(one.characters for one in these), sum(one.covered for one in these)
    return f"{len(these)} | {doubted} | {unclear} | {characters:,} | {covered:,}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--issued", type=Path)
    parser.add_argument("--show", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        documents = issued_documents(asked.issued or Path(folder) / "year")
        text = report(measure(documents, asked), asked, sum(document.pages for document in documents))
    if asked.write:
        write_section("measures.md", "honest_pages", "Honest pages", text)
    print(text)


if __name__ == "__main__":
    main()
