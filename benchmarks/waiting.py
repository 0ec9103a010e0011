"""How long one good form waits for its answer: alone, behind 2,000 forms of another unit, and behind poison.

    python -m benchmarks.waiting [--forms 12] [--flood 2000] [--pdf]

The real `vanthu watch` serves a working folder, with the usual quiet time. Good forms of units of their own are
dropped one after the other, each when the one before it was answered; the answer is the receipt in the unit's folder
of the outbox. First alone; then while a unit has dropped scans of 300 pages and sheets that cost the reader all its
time; then while another unit has just dropped the flood, too. At the end SIGTERM, in the middle of the work. What
counts is the ratio of the longest wait to the longest alone in the same run.
"""

import argparse
import io
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pypdf
from openpyxl import Workbook
from PIL import Image
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject

from benchmarks.pages import write_section
from benchmarks.road import ROOT, office_of, submissions

#: A form that is not answered within this many seconds is not waited for any longer.
MOST_SECONDS = 300.0
FORM = ROOT / "examples" / "2022" / "BTLTP" / "dang-ky-2022.yaml"


@dataclass(frozen=True)
class Waits:
    """How long each good form waited, in seconds."""

    seconds: list[float]

    @property
    def longest(self) -> float:
        """With fewer than a hundred forms this is the 99th percentile."""
        return max(self.seconds)

    def said(self) -> str:
        """Median and longest."""
        return f"{statistics.median(self.seconds):.1f} s | {self.longest:.1f} s"


@contextmanager
def watched(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The watch at work on a folder; the block is entered when it says so."""
    with (folder / "watch.log").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "-C", str(folder), "watch"],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
            stdout=out,
            stderr=out,
        )
    try:
        until(lambda: (folder / "watch.log").stat().st_size > 0)
        yield process
    finally:
        process.kill()
        process.wait()


def until(true: Callable[[], bool], most: float = MOST_SECONDS) -> float:
    """Wait until something is so; gives the seconds."""
    begun = time.monotonic()
    while not true():
        if time.monotonic() - begun > most:
            raise SystemExit(f"not within {most:.0f} s")
        time.sleep(0.02)
    return time.monotonic() - begun


def put(folder: Path, name: str, content: bytes) -> None:
    """Drop a file as a copy program does."""
    target = folder / "inbox" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    hidden = target.with_name(f".{target.name}.tmp")
    hidden.write_bytes(content)
    hidden.replace(target)


def answered(folder: Path, form: Path) -> float:
    """Drop a good form and wait for its receipt; gives the seconds."""
    lying = folder / "outbox" / form.stem
    put(folder, f"{form.stem}/{form.name}", form.read_bytes())
    return until(lambda: any(lying.glob("*bien-nhan*")))


def flood(folder: Path, count: int) -> None:
    """Drop many forms of one unit."""
    base = FORM.read_text("utf-8")
    for number in range(count):
        put(folder, f"BTLTP/f{number}.yaml", base.replace("headcount: 18", f"headcount: {number + 20}").encode())


def poison(folder: Path) -> None:
    """Drop scans of 300 pages, and sheets with more cells than can be read in time."""
    for number in range(3):
        put(folder, f"KNH/quet-{number}.pdf", heavy_scan(300, seed=number))
        put(folder, f"KNH/bang-{number}.xlsx", heavy_sheet(60_000, seed=number))


def heavy_scan(pages: int, *, seed: int) -> bytes:
    """A scan whose pages are all one picture of noise: small in bytes, long to look at."""
    out, first = io.BytesIO(), io.BytesIO()
    Image.effect_noise((2480, 3508), 90 + seed).convert("1").save(first, "PDF", resolution=300)
    writer = pypdf.PdfWriter()
    page = writer.add_page(pypdf.PdfReader(first).pages[0])
    for _ in range(pages - 1):
        again = pypdf.PageObject(writer)
        again.update(page)
        # as it is, not copied: the picture lies in the file once
        tree = cast("DictionaryObject", writer._pages.get_object())
        kids = cast("ArrayObject", tree["/Kids"])
        kids.append(writer._add_object(again))
        tree[NameObject("/Count")] = NumberObject(len(kids))
    writer.write(out)
    return out.getvalue()


def heavy_sheet(rows: int, *, seed: int) -> bytes:
    """A workbook with many cells."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in range(rows):
        sheet.append([f"{seed} {row} {column} {row * column}" for column in range(10)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def stopped(process: "subprocess.Popen[bytes]") -> float:
    """Tell the watch to stop; gives the seconds it took."""
    process.send_signal(signal.SIGTERM)
    begun = time.monotonic()
    process.wait(MOST_SECONDS)
    return time.monotonic() - begun


def measure(count: int, flooded: int, *, pdf: bool) -> str:
    """Measure all of it; gives the report."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = office_of(Path(temporary), 3 * count + 1, pdf=pdf)
        # the usual quiet time: what a unit sees
        text = (folder / "config.yaml").read_text("utf-8")
        (folder / "config.yaml").write_text(text.replace("quiet_seconds: 0", "quiet_seconds: 2.0"), "utf-8")
        forms = submissions(folder, 3 * count + 1)
        with watched(folder) as process:
            answered(folder, forms.pop())  # everything warm, as in an office's day
            alone = Waits([answered(folder, forms.pop()) for _ in range(count)])
            print("alone", alone.said(), flush=True)
            poison(folder)
            poisoned = Waits([answered(folder, forms.pop()) for _ in range(count)])
            print("poison", poisoned.said(), flush=True)
            flood(folder, flooded)
            crowded = Waits([answered(folder, forms.pop()) for _ in range(count)])
            print("flood", crowded.said(), flush=True)
            stop = stopped(process)
        left = len(list((folder / "inbox" / "BTLTP").iterdir()))
    return f"""{count} good forms of units of their own, one after the other, {"with" if pdf else "without"} PDF;
`vanthu watch` with a quiet time of 2 s. The 99th percentile of so few is the longest.

| | median | longest | longest / longest alone |
|---|---|---|---|
| alone | {alone.said()} | 1× |
| while a unit has dropped three scans of 300 pages and three sheets of 600,000 cells | {poisoned.said()} | {poisoned.longest / alone.longest:.1f}× |
| while another unit has dropped {flooded:,} forms at once as well | {crowded.said()} | {crowded.longest / alone.longest:.1f}× |

Told to stop in the middle of it ({left:,} files still in the inbox), it was gone after {stop:.1f} s."""  # noqa: E501


def main() -> None:
    """Measure, print, and put the figures on the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=12)
    parser.add_argument("--flood", type=int, default=2000)
    parser.add_argument("--pdf", action="store_true")
    parser.add_argument("--no-page", action="store_true")
    asked = parser.parse_args()
    report = measure(asked.forms, asked.flood, pdf=asked.pdf)
    print(report)
    if not asked.no_page:
        write_section("performance.md", "waiting.py", "How long a good form waits", report)


if __name__ == "__main__":
    main()
