"""How long `vanthu find` takes among 100,000 papers, and what the same question costs without its index.

    python -m benchmarks.searching [--papers N] [--database URL]

The peer is plain SQL over the same texts in the same run: `LIKE` on the column that both ask, without the index.
Every question must give the same documents either way. The papers are put together of the words of this repository's
own Vietnamese pages, as often as they stand there; each has a number, a title, people and a text of 350 words.
"""

import argparse
import datetime as dt
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

from sqlalchemy import insert

from pipeline.app import searching
from pipeline.app.opening import open_workspace
from pipeline.app.settings import read_settings
from pipeline.ledger import findable
from pipeline.ledger.findable import Findable, Place, Wanted
from pipeline.ledger.rows import job_of
from pipeline.model import State
from pipeline.store import schema
from pipeline.store.engine import writing
from pipeline.vietnamese.phrases import phrases_of
from pipeline.workspace import Workspace
from tests.folders import working_folder

ROOT = Path(__file__).resolve().parents[1]
UNITS = ("CATP", "SATRA", "KNH", "EVNHCMC", "SAWACO", "BTLTP", "BDBPTP", "KCXCN", "DHQG", "KDCD")
KINDS = ("dang-ky", "ke-hoach", "to-trinh", "cong-van", "bien-ban", "giay-moi", "bao-cao-so-ket")
SIGNERS = ("Nguyễn Văn Áp", "Trần Thị Đức", "Lê Hồng Phong", "Phạm Quốc Bảo", "Võ Minh Tâm")
FIRST = dt.date(2013, 1, 2)
NOON = dt.datetime(2023, 1, 2, 5, tzinfo=dt.UTC)
ROUNDS = 9

QUESTIONS: dict[str, Wanted] = {
    "a word in every paper": Wanted(phrases_of(["văn bản"])),
    "two phrases": Wanted(phrases_of(["thi đua", "chuyển đổi"])),
    "a number": Wanted(phrases_of(["54321-KH/CTĐ4"])),
    "the beginning of a word": Wanted(phrases_of(["chuy*"])),
    "one letter and *": Wanted(phrases_of(["t*"])),
    "a rare phrase": Wanted(phrases_of(["gặp nhau cuối tuần"])),
    "nothing, of common words": Wanted(phrases_of(["bản văn số ký", "thi"])),
    "a phrase, kind and unit": Wanted(phrases_of(["văn bản"]), kind="to-trinh", unit="KNH"),
    "a signer, a month long ago": Wanted(
        phrases_of(["văn bản"]), signer=phrases_of(["đức"]), since=dt.date(2014, 3, 1), until=dt.date(2014, 3, 31)
    ),
}


def fill(workspace: Workspace, papers: int) -> None:
    """Put papers into the ledger, with what is searched of each."""
    chance = random.Random(20221)  # noqa: S311 - the same papers every time, nothing secret
    words = [*_words()]
    with writing(workspace.ledger.engine) as connection:
        for first in range(1, papers + 1, 1000):
            rows = [_job(number, papers) for number in range(first, min(first + 1000, papers + 1))]
            jobs = [
                job_of(row)
                for row in connection.execute(
                    insert(schema.jobs).returning(*schema.jobs.c, sort_by_parameter_order=True), rows
                )
            ]
            made = [
                Findable(job, signer := SIGNERS[job.id % 5], (*_places(job.number, signer, chance, words),))
                for job in jobs
            ]
            connection.execute(insert(schema.findable), [findable._row(one) for one in made])


def _job(number: int, papers: int) -> dict[str, object]:
    at = f"2022-01-01T00:00:00.{number:06d}+00:00"
    day = FIRST + dt.timedelta(days=number * 3600 // papers)
    return {
        "state": State.ARCHIVED.value,
        "kind": KINDS[number % len(KINDS)],
        "unit": UNITS[number % len(UNITS)],
        "year": day.year,
        "variant": str(number),
        "code": f"VT{number:014d}",
        "name": f"{number}.xlsx",
        "submission_sha256": f"{number:064x}",
        "received_at": at,
        "changed_at": at,
        "document_on": day.isoformat(),
        "number": f"{number:02d}-KH/CTĐ4",
    }


def _places(number: str, signer: str, chance: random.Random, words: list[str]) -> Iterator[Place]:
    yield Place("number", 0, number)
    yield Place("title", 0, " ".join(chance.choices(words, k=12)))
    yield Place("people", 0, f"{signer}\nĐảng ủy Khối")
    lines = [" ".join(chance.choices(words, k=35)) for _ in range(10)]
    if number.endswith("77-KH/CTĐ4") and number.startswith("7"):
        lines.append("gặp nhau cuối tuần")
    yield Place("document", 0, "\n".join(lines))


def _words() -> Iterator[str]:
    for name in ("README.vi.md", "docs/nhan-tep.vi.md", "docs/chu-ky-so.vi.md"):
        yield from re.findall(r"[^\W_]+", (ROOT / name).read_text("utf-8"))


def _nothing(_wanted: Wanted) -> str:
    return ""


def _timed(asked: Callable[[], object], rounds: int) -> float:
    """Milliseconds by the clock, the middle of several."""
    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        asked()
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


def measure(workspace: Workspace) -> None:
    """Ask every question both ways, and print a table."""
    print("| asked | found (most 51) | vanthu find, ms | LIKE alone, ms | ratio |\n|---|---|---|---|---|")
    for name, wanted in QUESTIONS.items():
        found = [one.job.id for one in searching.find(workspace, wanted, 51)]
        ours = _timed(lambda asked=wanted: searching.find(workspace, asked, 51), ROUNDS)  # type: ignore[misc]
        with mock.patch.multiple(findable, _match=_nothing, _keys=_nothing):
            assert found == [one.job.id for one in searching.find(workspace, wanted, 51)], name
            plain = _timed(lambda asked=wanted: searching.find(workspace, asked, 51), 3)  # type: ignore[misc]
        print(f"| {name} | {len(found)} | {ours:.1f} | {plain:.1f} | {plain / ours:.1f}× |", flush=True)


def main() -> None:
    """Fill a ledger, then measure."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--papers", type=int, default=100_000)
    asked.add_argument("--database", default="")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = working_folder(Path(made) / "office")
        environment = {"VANTHU_DATABASE__URL": options.database} if options.database else {}
        with open_workspace(
            read_settings(folder, environment), who="bench", works=False, clock=lambda: NOON
        ) as workspace:
            begun = time.perf_counter()
            fill(workspace, options.papers)
            print(f"{options.papers} papers in {time.perf_counter() - begun:.0f} s")
            measure(workspace)
            for path in sorted((folder / "var").glob("*.sqlite")):
                print(f"{path.name}: {path.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
