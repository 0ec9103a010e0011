"""How many blocks of signatures are seen rightly: signed or not, whatever else stands there.

    python -m benchmarks.signature_ink [--pages N] [--seed N] [--workers N] [--issued FOLDER] [--show FOLDER]
                                       [--write]

Pages of the example year on which people sign (one or two names, and the grid of eleven units of the giao ước) are
printed; above each name something of `marks` is drawn, every second time a signature. They are scanned at 150, 200
and 300 dpi, grey and in colour, each in its own way. No paper was printed or scanned. `--show` keeps pictures of the
blocks that were seen wrongly; `--write` puts the table into docs/measures.md.
"""

import argparse
import random
import tempfile
import textwrap
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image
from rich.progress import Progress

from benchmarks.issued import Issued, issued_documents
from benchmarks.pages import write_section
from benchmarks.signature_ink.marks import MARKS
from pipeline.papers.comparison import compare_pdf
from pipeline.papers.signature_places import SignaturePlace, places_of
from tests.papers import print_and_scan as paper
from tests.papers.print_and_scan import Scanner

RESOLUTIONS = (150, 200, 300)
_GRID = "giao-uoc"
WIDTH = 100


@dataclass(frozen=True)
class Page:
    """One page to be signed: of a document, with the places on it."""

    document: Issued
    number: int
    places: tuple[SignaturePlace, ...]


@dataclass(frozen=True)
class Block:
    """One place, what was drawn there, and whether a signature was seen; None where the page was not found."""

    mark: str
    is_grid: bool
    dpi: int
    is_grey: bool
    seen: bool | None

    @property
    def is_right(self) -> bool:
        """Whether it was seen as it is."""
        return self.seen == MARKS[self.mark].is_signature


def pages_of(documents: Sequence[Issued]) -> list[Page]:
    """All pages on which people sign."""
    found = []
    for document in documents:
        opened = pypdfium2.PdfDocument(document.content)
        places = [one for one in places_of(opened, document.names) if isinstance(one, SignaturePlace)]
        opened.close()
        found += [
            Page(document, number, tuple(one for one in places if one.page == number))
            for number in sorted({one.page for one in places})
        ]
    return found


def seen_on(page: Page, seed: str, show: Path | None) -> list[Block]:
    """Draw something above each name of a page, scan it and look."""
    chance = random.Random(seed)  # noqa: S311 - a draw, no secret
    dpi, is_grey = chance.choice(RESOLUTIONS), chance.random() < 0.5
    sheet = paper.printed_once(page.document.content, dpi)[page.number - 1].copy()
    drawn = []
    for place in page.places:
        is_signed = chance.random() < 0.5
        name = chance.choice([name for name, mark in MARKS.items() if mark.is_signature == is_signed])
        MARKS[name].draw(sheet, place, dpi, chance)
        drawn.append(name)
    how = Scanner(
        dpi,
        skew=chance.uniform(-3, 3),
        grain=chance.uniform(4, 14),
        blur=chance.uniform(0.5, 1.2) * dpi / 200,
        fade=chance.uniform(0, 0.3),
        quality=chance.randrange(50, 90),
        is_grey=is_grey,
        turn=180 if chance.random() < 0.1 else 0,
    )
    content = paper.paper_of([sheet], how, chance.randrange(1000))
    with tempfile.TemporaryDirectory() as name:
        issued, returned = Path(name) / "issued.pdf", Path(name) / "paper.pdf"
        issued.write_bytes(page.document.content)
        returned.write_bytes(content)
        compared = compare_pdf(str(returned), str(issued), page.document.names, (), ((1, page.number),))
    by_name = {one.name: one for one in compared.signatures}
    blocks = []
    for place, mark in zip(page.places, drawn, strict=True):
        one = by_name[place.name]
        is_grid = page.document.kind == _GRID
        block = Block(mark, is_grid, dpi, is_grey, one.has_signature if one.sheet else None)
        blocks.append(block)
        if show is not None and not block.is_right:
            _show(show / f"{mark} {seed.replace('/', '-')} {dpi}.png", sheet, content, place, dpi)
    return blocks


def _show(path: Path, sheet: Image.Image, content: bytes, place: SignaturePlace, dpi: int) -> None:
    """The room of a place as it was drawn, and about there on the scan."""
    room, per = place.room, dpi / 25.4
    left, top, right, bottom = (round(side * per) for side in (room.left, room.top, room.right, room.bottom))
    around = round(8 * per)
    box = (left - around, top - around, right + around, bottom + around)
    scan = paper.printed_once(content, dpi)[0]
    both = Image.new("RGB", (2 * (box[2] - box[0]), box[3] - box[1]), "white")
    both.paste(sheet.crop(box), (0, 0))
    both.paste(scan.crop(box), (both.width // 2, 0))
    path.parent.mkdir(parents=True, exist_ok=True)
    both.save(path)


def measure(documents: Sequence[Issued], asked: argparse.Namespace) -> list[Block]:
    """Look at as many pages as asked, every second one of the grid."""
    pages = pages_of(documents)
    grid = [page for page in pages if page.document.kind == _GRID]
    others = [page for page in pages if page.document.kind != _GRID]
    chance = random.Random(asked.seed)  # noqa: S311 - a draw, no secret
    chosen = [
        (chance.choice(grid if number % 2 else others), f"{asked.seed}/{number}") for number in range(asked.pages)
    ]
    chosen.sort(key=lambda one: (one[0].document.code, one[0].number))
    blocks: list[Block] = []
    with ProcessPoolExecutor(asked.workers) as pool, Progress(transient=True) as progress:
        bar = progress.add_task("pages", total=len(chosen))
        for done in as_completed([pool.submit(seen_on, page, seed, asked.show) for page, seed in chosen]):
            blocks += done.result()
            progress.advance(bar)
    return blocks


def report(blocks: Sequence[Block], asked: argparse.Namespace) -> str:
    """A row for each mark, and what the figures are."""
    columns: dict[str, list[Block]] = {
        **{f"{dpi} dpi": [block for block in blocks if block.dpi == dpi] for dpi in RESOLUTIONS},
        "grey": [block for block in blocks if block.is_grey],
        "colour": [block for block in blocks if not block.is_grey],
        "single": [block for block in blocks if not block.is_grid],
        "grid": [block for block in blocks if block.is_grid],
        "all": list(blocks),
    }
    rows = [f"| above the name | {' | '.join(columns)} |", "|---|" + "---|" * len(columns)]
    for name in (*MARKS, "together"):
        cells = [_of([block for block in these if name in {block.mark, "together"}]) for these in columns.values()]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    right = sum(block.is_right for block in blocks)
    called = sum(block.seen is True and not block.is_right for block in blocks)
    overlooked = sum(block.seen is False and not block.is_right for block in blocks)
    signatures = sum(mark.is_signature for mark in MARKS.values())
    told = f"""{asked.pages} pages, {len(blocks)} blocks, seed {asked.seed}. **Simulated:** no paper was printed or
scanned. On pages of the example year as LibreOffice made them, half of them the grid of the giao ước, something is
drawn above each name (`benchmarks/signature_ink`), every second time a signature; then they are scanned by the model
of `tests/papers/print_and_scan.py`: turned by up to 3°, blurred, grainy, with less light at one edge, one in ten with
its head down. Blocks seen rightly: **{right} of {len(blocks)} ({right / max(1, len(blocks)):.2%}); not signed and
called signed: {called}; signed and not seen: {overlooked}**. The first {signatures} rows are signatures, the others
none."""
    return "\n".join((textwrap.fill(told, WIDTH), "", *rows))


def _of(blocks: Sequence[Block]) -> str:
    return f"{sum(block.is_right for block in blocks)}/{len(blocks)}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--issued", type=Path)
    parser.add_argument("--show", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        blocks = measure(issued_documents(asked.issued or Path(folder) / "year"), asked)
    told = report(blocks, asked)
    print(told)
    if asked.write:
        write_section("measures.md", "signature_ink", "Ink above names", told)


if __name__ == "__main__":
    main()
