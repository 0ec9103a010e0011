"""How the program grows with its ledger: what people ask most, at 1,000 to 1,000,000 jobs.

    python -m benchmarks.growth [--jobs 1000 10000 100000] [--times 3]

Each command is a process of its own, as people start it. What counts is its processor time and the most memory it
held, and the ratio to the smallest ledger; of each the best of some times.
"""

import argparse
import json
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
from pipeline.ledger import Lease
from pipeline.model import State
from pipeline.status import refresh
from pipeline.store.engine import open_engine
from pipeline.workspace import Workspace
from tests.folders import drop, opened, registration, working_folder
from tests.sample_papers import signed_paper

ROOT = Path(__file__).resolve().parents[1]
MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Cost:
    """What one command took: processor time in seconds, memory in MiB."""

    seconds: float
    memory: float


@dataclass(frozen=True)
class Door:
    """One thing people do, by `words` of the command line; `prepare` is done before each time.

    What no command does by itself is done `inside`, in a process of its own all the same.
    """

    name: str
    words: Sequence[str] = ()
    prepare: Callable[[Path], None] = lambda _: None
    inside: Callable[[Workspace], None] | None = None


def _drop_another(folder: Path) -> None:
    drop(folder, f"dk-{time.monotonic_ns()}.yaml", registration("KNH", headcount=time.monotonic_ns() % 90 + 5), "KNH")


def _drop_a_paper(folder: Path) -> None:
    """The signed paper of the next registration that waits for one."""
    with opened(folder) as workspace:
        job = next(job for job in workspace.ledger.in_states([State.DELIVERED]) if job.unit != "KNH")
    drop(folder, f"scan-{job.unit}.pdf", signed_paper(job.code))


def _claim(workspace: Workspace) -> None:
    """Lease a job and give it back, some hundred times; what a killed worker held is looked for each time, too."""
    job = workspace.ledger.in_states([State.DELIVERED])[0]
    lease = Lease("benchmark", 60)
    for _ in range(300):
        assert workspace.ledger.claim(job, lease)
        workspace.ledger.release(lease.owner, job)
        workspace.ledger.release("somebody who was killed")


def _refresh(workspace: Workspace) -> None:
    """Bring the board up to an event that nobody has seen on it."""
    workspace.ledger.remark("benchmark.refresh", {})
    assert not refresh(workspace)


DOORS = (
    Door("status", ("status",)),
    Door("why, by the name of a file", ("why", "dk-CATP.yaml")),
    Door("why, by a number with its series", ("why", "DK/2003/07")),
    Door("run, nothing to do", ("run",)),
    Door("run, one form", ("run",), _drop_another),
    Door("run, one signed paper", ("run",), _drop_a_paper),
    Door("claim, 300 times", inside=_claim),
    Door("board, after an event", inside=_refresh),
    Door("register list", ("register", "list")),
    Door("register list, one series", ("register", "list", "--series", "DK/2003")),
    Door("register show, by a number with its series", ("register", "show", "DK/2003/07")),
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
    return _cost_of("-m", "pipeline", "-C", str(folder), *words)


#: Starts a command from a small process and says what it took: the most memory of a process counts from the one it
#: was made of, and this one is large.
_METER = """
import json, os, sys
said, command = int(sys.argv[1]), sys.argv[2:]
_, status, usage = os.wait4(os.posix_spawn(command[0], command, os.environ), 0)
took = usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status)
os.write(said, json.dumps(took).encode())
"""


def _cost_of(*words: str) -> Cost:
    read, write = os.pipe()
    with os.fdopen(read) as answer:
        done = subprocess.run(
            [sys.executable, "-S", "-c", _METER, str(write), sys.executable, *words],
            cwd=ROOT,
            capture_output=True,
            check=True,
            pass_fds=(write,),
        )
        os.close(write)
        seconds, kibibytes, code = json.loads(answer.read())
    if code not in {0, 3}:
        raise SystemExit(f"{words}: {code}: {done.stderr.decode()}")
    return Cost(seconds, kibibytes * 1024 / MEBIBYTE)


def measure(folders: dict[int, Path], times: int) -> dict[int, dict[str, Cost]]:
    """What each door takes in each office, at best; in turns, so that a busy hour is busy for all of them."""
    costs: dict[int, dict[str, Cost]] = {jobs: {} for jobs in folders}
    for door in DOORS:
        tried: dict[int, list[Cost]] = {jobs: [] for jobs in folders}
        for _ in range(times):
            for jobs, folder in folders.items():
                door.prepare(folder)
                tried[jobs].append(
                    vanthu(folder, *door.words)
                    if door.inside is None
                    else _cost_of("-m", "benchmarks.growth", "--inside", door.name, "--folder", str(folder))
                )
        for jobs, costs_ in tried.items():
            best = Cost(min(one.seconds for one in costs_), min(one.memory for one in costs_))
            costs[jobs][door.name] = best
            print(f"{door.name}, {jobs:,} jobs: {best.seconds:.2f} s, {best.memory:.0f} MiB", flush=True)
    return costs


def main() -> None:
    """Make the ledgers, measure, print, and put the figures on the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--no-page", action="store_true")
    parser.add_argument("--inside", help="the door of which this process does what it does inside")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.inside is not None:
        (inside,) = (door.inside for door in DOORS if door.name == asked.inside)
        assert inside is not None
        with opened(asked.folder) as workspace:
            inside(workspace)
        return
    temporary = Path(tempfile.mkdtemp())
    try:
        folders = {}
        for jobs in asked.jobs:
            begun = time.monotonic()
            folders[jobs] = office(temporary / f"{jobs}", jobs)
            size = (folders[jobs] / "var" / "vanthu.sqlite").stat().st_size / MEBIBYTE
            print(f"{jobs:,} jobs, {size:,.0f} MiB: made in {time.monotonic() - begun:.0f} s", flush=True)
        report = _report(measure(folders, asked.times))
    finally:
        shutil.rmtree(temporary)
    print(report)
    if not asked.no_page:
        write_section("measures.md", "growth.py", "How it grows with the ledger", report)


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
