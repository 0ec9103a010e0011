"""Throughput of 1, 2 and 4 workers as ratios, and how long a paper is where papers wait for each other.

    python -m benchmarks.workers [--units 60] [--workers 1 2 4] [--rounds 2]

A private PostgreSQL, real `vanthu worker` processes with a lane each, each a machine of its own as far as one machine
can be several (namespaces; `tests/app/machines/many.py`). One form of each unit is dropped at once; what counts is
the time until the last document lies ready to be signed, as a ratio to one worker in the same run. Then one process
does the same with a clock at each place where papers wait for each other, for the model (`benchmarks.queueing`).
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from benchmarks import queueing
from benchmarks.pages import write_section
from pipeline import intake
from pipeline.app.opening import open_workspace, read_settings
from pipeline.app.worker import Worker
from pipeline.ledger import Ledger
from pipeline.steps import publishing
from tests.app.machines.many import Office, drop_forms, eventually, form_of, office_of_many, separate
from tests.folders import Clock, drop
from tests.postgresql import Server

T = TypeVar("T")


def seconds_of(server: Server, units: int, workers: int) -> float:
    """How long so many workers take for one form of each unit, from the drop to the last document."""
    with tempfile.TemporaryDirectory() as folder, office_of_many(Path(folder), server, units) as office:
        names = [f"m{number}" for number in range(1, workers + 1)]
        for name in names:
            office.start(name)
        eventually(lambda: len(office.there()) == workers and any(office.there().values()))
        # children are started and kinds compiled with the first: not what is asked here
        for number in range(4 * workers):
            drop(office.share, f"w{number}.yaml", form_of(office.units[0], 100 + number), office.units[0])
        eventually(lambda: made(office) == 1 and not under_way(office))
        begun = time.monotonic()
        drop_forms(office)
        eventually(lambda: made(office) == units and not under_way(office), within_s=600)
        taken = time.monotonic() - begun
        for name in names:
            office.stop(name)
        return taken


def made(office: Office) -> int:
    return int(str(office.ask("SELECT count(*) FROM jobs WHERE state = 'delivered'")[0][0]))


def under_way(office: Office) -> int:
    states = "('delivered', 'superseded')"
    return int(str(office.ask(f"SELECT count(*) FROM jobs WHERE state NOT IN {states}")[0][0]))  # noqa: S608 - a constant


@contextmanager
def clocked(owner: Any, name: str, spent: dict[str, float], where: str) -> Iterator[None]:
    """Add up the time of every call of a function while the block lasts."""
    real = getattr(owner, name)

    def timed(*words: Any, **named: Any) -> Any:
        begun = time.perf_counter()
        try:
            return real(*words, **named)
        finally:
            spent[where] += time.perf_counter() - begun

    setattr(owner, name, timed)
    try:
        yield
    finally:
        setattr(owner, name, real)


@contextmanager
def clocked_writing(spent: dict[str, float]) -> Iterator[None]:
    """Add up how long each write transaction lasts, from its beginning to its commit."""
    module: Any = sys.modules[Ledger.__module__]
    real = module.writing

    @contextmanager
    def timed(engine: Any) -> Iterator[Any]:
        begun = time.perf_counter()
        with real(engine) as connection:
            yield connection
        spent["writing"] += time.perf_counter() - begun

    module.writing = timed
    try:
        yield
    finally:
        module.writing = real


def measured(server: Server, units: int) -> queueing.Measured:
    """Do one form of each unit alone, with a clock where papers wait for each other."""
    places: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder, office_of_many(Path(folder), server, units) as office:
        root = office.machine("m1")
        settings = read_settings(root, {})
        with open_workspace(settings, who="bench", works=True, clock=Clock()) as workspace:
            worker = Worker(workspace)
            for number, unit in enumerate(office.units):
                drop(office.share, f"dk{number}.yaml", form_of(unit, number), unit)
                spent: dict[str, float] = defaultdict(float)
                with clocked_writing(spent), clocked(publishing, "publish", spent, "laying out"):
                    begun = time.perf_counter()
                    (job,) = worker.take(intake.survey(workspace.folders.inbox).found)
                    taken = time.perf_counter()
                    worker.advance(job.id)
                    ended = time.perf_counter()
                if number < 3:  # children are started, kinds compiled
                    continue
                places["watcher"].append(taken - begun)
                # what is waited for one by one stands apart; some of it the watcher did
                places["lane"].append(max(0.0, ended - taken - spent["writing"] - spent["laying out"]))
                places["writing"].append(spent["writing"])
                places["laying_out"].append(spent["laying out"])
    return queueing.Measured(**places)


def main() -> None:
    """Measure, and print what goes into docs/measures.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=60)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="write what was measured of each paper, for benchmarks.queueing")
    asked = parser.parse_args()
    server = Server.begin()
    try:
        load = os.getloadavg()[0]
        took: dict[int, list[float]] = defaultdict(list)
        for _ in range(asked.rounds):
            for count in asked.workers:
                took[count].append(seconds_of(server, asked.units, count))
        of_each = measured(server, asked.units)
    finally:
        server.remove()
    if asked.keep:
        asked.keep.write_text(json.dumps(vars(of_each)), encoding="utf-8")
    best = {count: min(seconds) for count, seconds in took.items()}
    one = best[asked.workers[0]]
    where = "each worker in namespaces of its own" if separate() else "without namespaces"
    head = (
        f"{asked.units} forms dropped at once, best of {asked.rounds} rounds, a lane a worker, no PDFs; "
        f"{len(os.sched_getaffinity(0))} cores, load {load:.1f} before; {where}."
    )
    alone = (
        f"A paper alone: watcher {ms(of_each.watcher)}, lane {ms(of_each.lane)}, and besides in the database "
        f"{ms(of_each.writing)}, laying out {ms(of_each.laying_out)} (medians)."
    )
    ratios = [f"| {count} | {asked.units / best[count]:.2f} | {one / best[count]:.2f} |" for count in asked.workers]
    lines = [head, "", "| workers | papers a second | ratio to one |", "|---|---|---|", *ratios, "", alone, ""]
    lines += [queueing.limits(of_each), "", queueing.table(of_each, queueing.DAYS)]
    print("\n".join(lines))
    write_section("measures.md", "workers", "Many machines", "\n".join(lines))


def ms(seconds: Any) -> str:
    """A median in milliseconds."""
    return f"{statistics.median(seconds) * 1000:.1f} ms"


if __name__ == "__main__":
    main()
