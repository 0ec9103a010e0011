"""How many bad scans are recognised, how many wrongly, what is told of their faults, and what a page costs.

    python -m benchmarks.returned_scans [--scans N] [--every N] [--seed N] [--workers N] [--issued FOLDER]
                                        [--json FILE] [--write]

Documents of the example year, printed with their page marks, come back signed: distorted in 18 ways (`distortions`),
at 150, 200 and 300 dpi, and with their sheets as `faults` says. Every scan is recognised; every `--every`-th, in
turn over all distortions and faults, is also compared with what was sent out. No paper was printed or scanned.
`--issued` keeps the played year for the next run; `--write` puts the tables into docs/measures.md.
"""

import argparse
import json
import random
import statistics
import tempfile
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.progress import Progress

from benchmarks.issued import Issued, issued_documents
from benchmarks.pages import write_section
from benchmarks.returned_scans.assembling import Desk
from benchmarks.returned_scans.distortions import DISTORTIONS
from benchmarks.returned_scans.faults import FAULTS, Returned
from benchmarks.returned_scans.judging import Judged, judge

RESOLUTIONS = (200, 300, 150)
#: With so many draws each fault comes back in a group, at one page or another.
TIMES = 12
WIDTH = 100


@dataclass(frozen=True)
class Group:
    """One document distorted in one way at one resolution; it comes back with each of the faults."""

    number: int
    distortion: str
    dpi: int
    document: Issued
    foreign: Issued
    is_grey: bool


@dataclass(frozen=True)
class Scan:
    """One scan and what became of it."""

    group: int
    distortion: str
    dpi: int
    fault: str
    kind: str
    wanted: str
    judged: Judged

    @property
    def is_matched(self) -> bool:
        """Whether it was taken for the right document."""
        return self.judged.code == self.wanted

    @property
    def is_wrong(self) -> bool:
        """Whether it was taken for another document."""
        return self.judged.code not in {"", self.wanted}


def groups(documents: Sequence[Issued], seed: int) -> Iterator[Group]:
    """All distortions and resolutions again and again, each time with another document."""
    chance = random.Random(seed)  # noqa: S311 - a draw, no secret
    # a paper of one page has few of the faults
    several = [one for one in documents if one.pages > 2]
    number = 0
    while True:
        for distortion in DISTORTIONS:
            for dpi in RESOLUTIONS:
                document = chance.choice(several)
                # the same form of another unit is the hardest to tell
                alike = [one for one in documents if one.kind == document.kind and one is not document]
                others = alike or [one for one in documents if one is not document]
                yield Group(number, distortion, dpi, document, chance.choice(others), chance.random() < 3 / 4)
                number += 1


def faults_of(document: Issued) -> list[str]:
    """The faults that a paper of a document may have."""
    return [name for name in FAULTS if document.older or "older" not in name]


def papers_of(document: Issued, place: str) -> list[tuple[str, Returned]]:
    """The papers of one group: each fault at some pages, never twice the same sheets."""
    made: dict[Returned, str] = {}
    for time in range(TIMES):
        for fault in faults_of(document):
            chance = random.Random(f"{place}/{fault}/{time}")  # noqa: S311 - a draw, no secret
            made.setdefault(FAULTS[fault](document.pages, chance), fault)
    return [(fault, returned) for returned, fault in made.items()]


def scanned(group: Group, seed: int, every: int) -> list[Scan]:
    """Make and judge the scans of one group."""
    made = []
    place = f"{seed}/{group.number}"
    desk = Desk(group.document, group.foreign, DISTORTIONS[group.distortion], group.dpi, place, is_grey=group.is_grey)
    with tempfile.TemporaryDirectory() as name:
        path, issued = Path(name) / "scan.pdf", Path(name) / "issued.pdf"
        issued.write_bytes(group.document.content)
        for number, (fault, returned) in enumerate(papers_of(group.document, place)):
            path.write_bytes(desk.paper(returned))
            is_compared = (group.number + number) % every == 0
            judged = judge(path, group.document, issued, returned, group.dpi, is_compared=is_compared)
            made.append(
                Scan(
                    group.number,
                    group.distortion,
                    group.dpi,
                    fault,
                    group.document.kind,
                    group.document.code,
                    judged,
                )
            )
    return made


def measure(documents: Sequence[Issued], asked: argparse.Namespace) -> list[Scan]:
    """Make and judge as many scans as asked, or a few more: a group is never cut. Each is written down at once."""
    chosen, planned = [], 0
    for group in groups(documents, asked.seed):
        if planned >= asked.scans:
            break
        chosen.append(group)
        planned += len(papers_of(group.document, f"{asked.seed}/{group.number}"))
    # a document is drawn once for all groups that it is in
    chosen.sort(key=lambda group: (group.document.code, group.dpi))
    scans: list[Scan] = []
    with ProcessPoolExecutor(asked.workers) as pool, Progress(transient=True) as progress:
        bar = progress.add_task("scans", total=planned)
        for done in as_completed([pool.submit(scanned, group, asked.seed, asked.every) for group in chosen]):
            scans += done.result()
            progress.update(bar, completed=len(scans))
            if asked.json:
                with asked.json.open("a", encoding="utf-8") as file:
                    file.writelines(json.dumps(asdict(scan), ensure_ascii=False) + "\n" for scan in done.result())
    return scans


def table(scans: Sequence[Scan], by: Callable[[Scan], str], names: Iterable[str], title: str) -> str:
    """A table of Markdown with a row for each name."""
    rows = [
        f"| {title} | matched ≥ 200 dpi | 150 dpi | wrong | ms a page | × drawing | all told | held in vain |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in (*names, "together"):
        these = [scan for scan in scans if name in (by(scan), "together")]
        if not these:
            continue
        fine, coarse = ([scan for scan in these if (scan.dpi >= 200) == is_fine] for is_fine in (True, False))
        compared = [scan for scan in these if scan.judged.is_compared]
        told = sum(not scan.judged.untold for scan in compared)
        vain = sum(bool(scan.judged.needless) for scan in compared)
        ratios = [scan.judged.page_ms / scan.judged.raster_ms for scan in these if scan.judged.raster_ms]
        rows.append(
            f"| {name} | {_of(fine)} | {_of(coarse)} | {sum(scan.is_wrong for scan in these)} | "
            f"{statistics.median(scan.judged.page_ms for scan in these):.0f} | "
            f"{statistics.median(ratios) if ratios else 0:.2f} | {told} of {len(compared)} | {vain} |"
        )
    return "\n".join(rows)


def _of(scans: Sequence[Scan]) -> str:
    return f"{sum(scan.is_matched for scan in scans)} of {len(scans)}"


def report(scans: Sequence[Scan], asked: argparse.Namespace) -> str:
    """Both tables, and what the figures are."""
    glass = [scan for scan in scans if DISTORTIONS[scan.distortion].is_of_glass and scan.dpi >= 200]
    matched = sum(scan.is_matched for scan in glass)
    sheets = len({(scan.group, scan.distortion) for scan in scans})
    by_distortion = table(scans, lambda scan: scan.distortion, DISTORTIONS, "distortion")
    by_fault = table(scans, lambda scan: scan.fault, FAULTS, "sheets")
    told = f"""{len(scans)} scans, seed {asked.seed}. **Simulated:** no paper was printed or scanned. Documents of the
example year, as LibreOffice made them and with their page marks, are printed (ink spreads), signed and sealed,
distorted, and put together with a fault (`benchmarks/returned_scans`; the model is that of
`tests/papers/print_and_scan.py`). The scans of one document, distorted in one way at one resolution ({sheets} such),
share sheets. Three in four are grey. All are recognised, by the functions of the product, without the limits on time
of a guarded child; every {asked.every}th is also compared: *all told* counts those of which every fault was named
with its page, *held in vain* those held for a fault they have not (single characters were not proved here). Times are
processor time, medians; drawing is the page drawn once at its own resolution."""
    glass_told = f"""Within what a scanner's glass leaves (the first six rows), from 200 dpi on:
**{matched} of {len(glass)} matched ({matched / max(1, len(glass)):.2%})**."""
    return "\n\n".join([*(textwrap.fill(said, WIDTH) for said in (told, glass_told)), by_distortion, by_fault])


def main() -> None:
    """Measure and print; with --json each scan is written down, one on a line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scans", type=int, default=648)
    parser.add_argument("--every", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--issued", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        documents = issued_documents(asked.issued or Path(folder) / "year")
        scans = measure(documents, asked)
    told = report(scans, asked)
    print(told)
    if asked.write:
        write_section("measures.md", "returned_scans", "Scans that come back", told)


if __name__ == "__main__":
    main()
