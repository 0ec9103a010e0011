"""How the program grows with its ledger: what people ask most, at 1,000 to 1,000,000 jobs.

    python -m benchmarks.growth [--jobs 1000 10000 100000] [--times 3]

Each command is a process of its own, as people start it. What counts is its processor time and the most memory it
held, and the ratio to the smallest ledger; of each the best of some times.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ledgers import UNITS, fill
from benchmarks.pages import write_section
from pipeline.store.engine import open_engine
from tests.folders import drop, registration, working_folder

ROOT = Path(__file__).resolve().parents[1]
MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Cost:
    """What one command took: processor time in seconds, memory in MiB."""

    seconds: float
    memory: float


@dataclass(frozen=True)
class Door:
    """One thing people do; `prepare` is done before each time."""

    name: str
    words: Sequence[str]
    prepare: Callable[[Path], None] = lambda _: None


def _drop_another(folder: Path) -> None:
    drop(folder, f"dk-{time.monotonic_ns()}.yaml", registration("KNH", headcount=time.monotonic_ns() % 90 + 5), "KNH")


DOORS = (
    Door("status", ("status",)),
    Door("why, by the name of a file", ("why", "dk-CATP.yaml")),
    Door("why, by a number with its series", ("why", "DK/2003/07")),
    Door("run, nothing to do", ("run",)),
    Door("run, one form", ("run",), _drop_another),
    Door("register list, one series", ("register", "list", "--series", "DK/2003")),
    Door("find", ("find", "thi", "dua")),
)


def office(folder: Path, jobs: int) -> Path:
    """A working folder in which ten units' forms were worked off, with a history of so many jobs."""
    working_folder(folder)
    for unit in UNITS:
        drop(folder, f"dk-{unit}.yaml", registration(unit), unit)
    vanthu(folder, "run")
    engine = open_engine(f"sqlite:///{folder / 'var' / 'vanthu.sqlite'}")
    fill(engine, jobs)
    engine.dispose()
    # the journal and the views are brought up to the history once
    vanthu(folder, "run")
    return folder


def vanthu(folder: Path, *words: str) -> Cost:
    """Run a command; gives what it took, of it and all it started."""
    command = [sys.executable, "-m", "pipeline", "-C", str(folder), *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(), (told := process.stderr.read())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 3}:
        raise SystemExit(f"{words}: {process.returncode}: {told.decode()}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / MEBIBYTE)


def measure(folder: Path, times: int) -> dict[str, Cost]:
    """What each door takes, at best."""
    costs: dict[str, Cost] = {}
    for door in DOORS:
        tried = []
        for _ in range(times):
            door.prepare(folder)
            tried.append(vanthu(folder, *door.words))
        costs[door.name] = Cost(min(one.seconds for one in tried), min(one.memory for one in tried))
        print(f"  {door.name}: {costs[door.name].seconds:.2f} s, {costs[door.name].memory:.0f} MiB", flush=True)
    return costs


def main() -> None:
    """Make the ledgers, measure, print, and put the figures on the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--no-page", action="store_true")
    asked = parser.parse_args()
    found: dict[int, dict[str, Cost]] = {}
    for jobs in asked.jobs:
        print(f"{jobs:,} jobs", flush=True)
        temporary = Path(tempfile.mkdtemp())
        try:
            begun = time.monotonic()
            folder = office(temporary / "office", jobs)
            print(f"  made in {time.monotonic() - begun:.0f} s", flush=True)
            found[jobs] = measure(folder, asked.times)
        finally:
            shutil.rmtree(temporary)
    report = _report(found)
    print(report)
    if not asked.no_page:
        write_section("performance.md", "growth.py", "How it grows with the ledger", report)


def _report(found: dict[int, dict[str, Cost]]) -> str:
    (first, *more) = found
    heads = [f"{first:,} jobs", *(f"{jobs:,}" for jobs in more)]
    lines = [f"| | {' | '.join(heads)} |", f"|---|{'---|' * len(heads)}"]
    for name, base in found[first].items():
        cells = [f"{base.seconds:.2f} s, {base.memory:.0f} MiB"]
        for jobs in more:
            cost = found[jobs][name]
            cells.append(f"{cost.seconds / base.seconds:.2f}× time, {cost.memory / base.memory:.2f}× memory")
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
