"""How many stamps of secrecy the gate sees on scans, how many innocent pages it stops, and what a page costs.

    python -m benchmarks.stamped [--marked N] [--innocent N] [--json FILE]

Each page goes through the gate as a file dropped into an inbox does: drawn in the guarded child, read by tesseract.
What is simulated is said in `tests/stamped_sheets.py`. Half of the marked pages bear the stamp on lines of text: no
official form has it there, and they are counted apart.
"""

import argparse
import itertools
import json
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from pipeline.papers import codes
from pipeline.reading import FUNCTIONS, Mark, Sight, look_guarded
from pipeline.tools.guard import Guard
from pipeline.tools.tesseract import Tesseract
from tests.sample_papers import signed_paper
from tests.sample_pictures import as_jpg, pictures_of
from tests.stamped_sheets import (
    BELOW_NUMBER,
    BLACK,
    BLUE,
    INNOCENT_HEADS,
    MARKS,
    ON_THE_TEXT,
    OTHER_STAMPS,
    RED,
    letter,
    scanned,
    seal,
    stamp,
    stamped,
)

RESOLUTIONS = (150, 200, 300)


@dataclass(frozen=True)
class Case:
    """One page, what it is, and whether it bears a mark."""

    what: str
    dpi: int
    is_marked: bool
    picture: Image.Image


def marked(count: int, chance: random.Random) -> Iterator[Case]:
    """Pages with a mark of each level, in red and black, grey and colour, at each resolution."""
    inks = {"red": (RED, False), "red seen in grey": (RED, True), "black": (BLACK, True)}
    places = {"below the number": BELOW_NUMBER, "on the text": ON_THE_TEXT}
    drawn = itertools.cycle(itertools.product(places, inks, MARKS, RESOLUTIONS))
    for number, (place, ink, words, dpi) in enumerate(itertools.islice(drawn, count)):
        colour, is_grey = inks[ink]
        x, y = places[place]
        page = letter(dpi, INNOCENT_HEADS[number % len(INNOCENT_HEADS)], begin=number)
        mark = stamp(words, MARKS[words], dpi, colour)
        at = (x + chance.uniform(-3, 3), y + chance.uniform(-1.5, 1.5))
        page = stamped(page, mark, dpi, at, chance.uniform(-3, 3))
        page = scanned(page, chance, skew=chance.uniform(-1, 1), grain=chance.uniform(2, 8), is_grey=is_grey)
        yield Case(f"{place}, {ink}", dpi, True, page)


def innocent(count: int, chance: random.Random) -> Iterator[Case]:
    """Letters whose words have the letters of a mark, other stamps, and signed papers of ours with their seals."""
    ours = pictures_of(signed_paper(codes.new_code("1")), 200)
    for number in range(count):
        dpi = RESOLUTIONS[number % len(RESOLUTIONS)]
        if number % 5 == 4:
            what, page = "our own, signed", ours[number % len(ours)]
            dpi = 200
        else:
            head = INNOCENT_HEADS[number % len(INNOCENT_HEADS)]
            what, page = "letter", letter(dpi, head, begin=number, has_head=number % 7 != 6)
        if number % 5 in (1, 3):
            words = list(OTHER_STAMPS)[number % len(OTHER_STAMPS)]
            what = "other stamp"
            mark = stamp(words, OTHER_STAMPS[words], dpi, chance.choice((RED, BLACK, BLUE)))
            page = stamped(page, mark, dpi, BELOW_NUMBER, chance.uniform(-3, 3))
        if number % 5 == 2:
            what, page = "seal at the head", stamped(page, seal(dpi), dpi, (46, 6), chance.uniform(-9, 9))
        is_grey = bool(number % 2)
        page = scanned(page, chance, skew=chance.uniform(-1, 1), grain=chance.uniform(2, 8), is_grey=is_grey)
        yield Case(what, dpi, False, page)


def main() -> None:
    """Measure, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--marked", type=int, default=108)
    parser.add_argument("--innocent", type=int, default=200)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", type=Path, help="a folder for the pages that were judged wrongly")
    asked = parser.parse_args()
    chance = random.Random(4)  # noqa: S311 - a draw, no secret
    seen: Counter[tuple[str, int, bool, bool]] = Counter()
    seconds: list[float] = []
    with tempfile.TemporaryDirectory() as name, Guard(FUNCTIONS) as guard:
        path, sight = Path(name) / "page.jpg", Sight(Tesseract(Path(name)))
        for case in itertools.chain(marked(asked.marked, chance), innocent(asked.innocent, chance)):
            path.write_bytes(as_jpg(case.picture, case.dpi))
            begun = time.monotonic()
            found = look_guarded(guard, path, path.name, sight=sight)
            seconds.append(time.monotonic() - begun)
            is_right = (found.mark is Mark.MARKED) is case.is_marked
            seen[case.what, case.dpi, case.is_marked, is_right] += 1
            if not is_right and asked.keep:
                asked.keep.mkdir(exist_ok=True)
                case.picture.save(asked.keep / f"{case.is_marked}-{case.dpi}-{case.what}-{len(seconds)}.png")
    rows = [
        {
            "page": what,
            "dpi": dpi,
            "marked": is_marked,
            "right": seen[what, dpi, is_marked, True],
            "wrong": seen[what, dpi, is_marked, False],
        }
        for what, dpi, is_marked in dict.fromkeys(key[:3] for key in seen)
    ]
    rows.sort(key=lambda row: (not row["marked"], str(row["page"]), row["dpi"]))
    for row in rows:
        print(
            f"{'marked' if row['marked'] else 'innocent':9}{row['page']:36}{row['dpi']:4} dpi  "
            f"right {row['right']:3}  wrong {row['wrong']:3}"
        )
    slowest = statistics.quantiles(seconds, n=20)[-1]
    print(f"a page by the clock: median {statistics.median(seconds):.2f} s, 95 of 100 within {slowest:.2f} s")
    if asked.json:
        asked.json.write_text(json.dumps({"pages": rows, "median_s": statistics.median(seconds)}), "utf-8")


if __name__ == "__main__":
    main()
