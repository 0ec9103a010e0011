"""What a page of the browser costs the server in an office with a short and with a long history.

    python -m benchmarks.browser_pages [--jobs 1000 100000] [--times 3] [--no-page]

Processor time of one process that serves, the page as it is sent, and its size; of each page the best of some times,
after it was asked for once. `opening` is what an office costs that is opened anew: its year is counted and its
books are read once, and kept up from there.
"""

import argparse
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.ledgers import fill
from benchmarks.pages import write_section
from pipeline.model import PersonRole
from pipeline.store.engine import open_engine
from tests.folders import opened, registration, working_folder
from tests.web.browser import ACCOUNTS, Browser, Rooms
from tests.web.conftest import with_shipped
from tests.web.every_page import pages

#: The clerk sees all; a unit's list is asked by another index.
ROLES: Final = (PersonRole.CLERK, PersonRole.UNIT)
#: What looks at a kind or at the machine looks on request.
LEFT_OUT: Final = ("/may", "/loai", "/bieu-mau")
OF_ALL_YEARS: Final = ("/so?nam=0", "/so?quyen=den&nam=0", "/so/in?quyen=den&nam=0")
PATHS: Final = [path for path in (*pages(1, 3), *OF_ALL_YEARS) if not path.startswith(LEFT_OUT)]


@dataclass(frozen=True)
class Cost:
    """What a page took: processor time in milliseconds, and its size in bytes."""

    milliseconds: float
    size: int


def young(folder: Path) -> Path:
    """A working folder with two documents out for signature and one form sent back."""
    working_folder(folder)
    with opened(folder) as workspace:
        rooms = Rooms.of(folder, with_shipped(workspace))
        rooms.drop("dk.yaml", registration("EVNHCMC"), "EVNHCMC")
        rooms.drop("dk-catp.yaml", registration("CATP"), "CATP")
        rooms.drop("dk-satra.yaml", registration("SATRA", headcount=-3), "SATRA")
    return folder


def aged(folder: Path, jobs: int) -> Path:
    """Put a history of so many jobs before what was done there."""
    engine = open_engine(f"sqlite:///{folder / 'var' / 'vanthu.sqlite'}")
    fill(engine, jobs)
    engine.dispose()
    return folder


def measured(folder: Path, times: int) -> dict[str, Cost]:
    """What the dearest role's page costs, by path."""
    found: dict[str, Cost] = {}
    begun = time.process_time()
    with opened(folder) as workspace:
        app = Rooms.again(folder, with_shipped(workspace)).app
        for role in ROLES:
            browser = Browser(app)
            assert browser.come_in(ACCOUNTS[role][0]).status_code == 303
            if role is ROLES[0]:
                for path in ("/", "/so"):
                    browser.get(path)
                found["opening"] = Cost(1000 * (time.process_time() - begun), 0)
            for path in PATHS:
                cost = _cost(browser, path, times)
                found[path] = max(cost, found.get(path, cost), key=lambda one: one.milliseconds)
    return found


def _cost(browser: Browser, path: str, times: int) -> Cost:
    answer = browser.get(path)
    tried = []
    for _ in range(times):
        begun = time.process_time()
        answer = browser.get(path)
        tried.append(1000 * (time.process_time() - begun))
    return Cost(min(tried), len(answer.content))


def main() -> None:
    """Make the offices, measure, print, and put the figures on the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--no-page", action="store_true")
    asked = parser.parse_args()
    temporary = Path(tempfile.mkdtemp())
    try:
        costs = {}
        for jobs in asked.jobs:
            begun = time.monotonic()
            folder = aged(young(temporary / f"{jobs}"), jobs)
            print(f"{jobs:,} jobs: made in {time.monotonic() - begun:.0f} s", flush=True)
            costs[jobs] = measured(folder, asked.times)
    finally:
        shutil.rmtree(temporary)
    report = _report(costs)
    print(report)
    if not asked.no_page:
        write_section("measures.md", "browser_pages.py", "Pages of the browser with a long history", report)


def _report(costs: dict[int, dict[str, Cost]]) -> str:
    lines = [f"| | {' | '.join(f'{jobs:,} jobs' for jobs in costs)} |", f"|---|{'---|' * len(costs)}"]
    for path in next(iter(costs.values())):
        cells = [f"{one[path].milliseconds:.0f} ms, {one[path].size / 1000:.0f} kB" for one in costs.values()]
        lines.append(f"| `{path}` | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
