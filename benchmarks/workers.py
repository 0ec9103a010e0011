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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import queueing
from benchmarks.pages import write_section
from pipeline import intake, messages, status
from pipeline.app.opening import open_workspace
from pipeline.app.settings import read_settings
from pipeline.app.worker import Worker
from pipeline.errors import YearError
from pipeline.ledger import Ledger, log
from pipeline.steps import publishing
from tests.app.machines.many import Office, drop_forms, form_of, office_of_many, separate, year_with
from tests.folders import Clock, drop, working_folder
from tests.postgresql import Server
from tests.waiting import eventually


def seconds_of(server: Server, units: int, workers: int, command: str = "worker") -> float:
    """How long so many workers take for one form of each unit, from the drop to the last document.

    With the command "watch" each is a `vanthu watch` of its own: leases alone keep them apart.
    """
    with tempfile.TemporaryDirectory() as folder, office_of_many(Path(folder), server, units) as office:
        names = [f"m{number}" for number in range(1, workers + 1)]
        for name in names:
            office.start(name, command)
        eventually(lambda: all("Ctrl-C" in office.log(name) for name in names))
        if command == "worker":
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
    """Add up how long the log's row is held, which orders all writers: from its lock to the commit."""
    module: Any = sys.modules[Ledger.__module__]
    writing, state_of = module.writing, log.state_of
    held: list[float] = []

    def locked(connection: Any) -> Any:
        state = state_of(connection)
        held.append(time.perf_counter())
        return state

    @contextmanager
    def timed(engine: Any) -> Iterator[Any]:
        held.clear()
        with writing(engine) as connection:
            yield connection
        if held:
            spent["writing"] += time.perf_counter() - held[0]

    module.writing, log.state_of = timed, locked
    try:
        yield
    finally:
        module.writing, log.state_of = writing, state_of


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


@dataclass(frozen=True)
class OfUnits:
    """What an office of so many units costs, in seconds: to open, to look at its inbox, for one paper, for the board.

    Nothing but `refused` where it cannot be opened.
    """

    units: int
    opening: float = 0
    looking: float = 0
    paper: float = 0
    board: float = 0
    refused: str = ""

    def line(self) -> str:
        """Write it as a line of the table."""
        if self.refused:
            return f"| {self.units:,} | {self.refused} | | | |"
        figures = (self.opening, self.looking, self.paper, self.board)
        return f"| {self.units:,} | " + " | ".join(f"{one:.2f} s" for one in figures) + " |"


def of_units(count: int) -> OfUnits:
    """Measure an office of many units, on SQLite: a folder each in the inbox, one form, and the board."""
    units = tuple(f"DV{number:05d}" for number in range(count))
    with tempfile.TemporaryDirectory() as folder:
        root = working_folder(Path(folder) / "office")
        (root / "years" / "2022.yaml").write_text(year_with(units), encoding="utf-8")
        for unit in units:
            (root / "inbox" / unit).mkdir()
        begun = time.perf_counter()
        try:
            with open_workspace(read_settings(root, {}), who="bench", works=True, clock=Clock()) as workspace:
                opened = time.perf_counter()
                intake.survey(workspace.folders.inbox)
                looked = time.perf_counter()
                worker = Worker(workspace)
                for number, unit in enumerate(units[:3]):
                    drop(root, f"{number}.yaml", form_of(unit, number), unit)
                    dropped = time.perf_counter()
                    (job,) = worker.take(intake.survey(workspace.folders.inbox).found)
                    worker.advance(job.id)
                    paper = time.perf_counter() - dropped
                shown = time.perf_counter()
                status.refresh(workspace)
                board = time.perf_counter() - shown
                return OfUnits(count, opened - begun, looked - opened, paper, board)
        except YearError as trouble:
            return OfUnits(count, refused=f"refused: {str(trouble).partition(': ')[2]}")


def main() -> None:
    """Measure, and print what goes into docs/measures.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=60)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--many", type=int, nargs="*", default=[10, 100, 1000, 4000, 10_000])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="write what was measured of each paper, for benchmarks.queueing")
    asked = parser.parse_args()
    messages.use("en")
    server = Server.begin()
    try:
        load = os.getloadavg()[0]
        took: dict[int, list[float]] = defaultdict(list)
        for _ in range(asked.rounds):
            for count in asked.workers:
                took[count].append(seconds_of(server, asked.units, count))
        by_leases = min(seconds_of(server, asked.units, asked.workers[-1], "watch") for _ in range(asked.rounds))
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
        f"A paper alone: watcher {ms(of_each.watcher)}, lane {ms(of_each.lane)}, and besides with the log's row held "
        f"{ms(of_each.writing)}, laying out {ms(of_each.laying_out)} (medians)."
    )
    of = {str(count): seconds for count, seconds in best.items()}
    of[f"{asked.workers[-1]} times `vanthu watch`, leases alone"] = by_leases
    ratios = [f"| {name} | {asked.units / seconds:.2f} | {one / seconds:.2f} |" for name, seconds in of.items()]
    lines = [head, "", "| workers | papers a second | ratio to one |", "|---|---|---|", *ratios, "", alone, ""]
    lines += [queueing.limits(of_each), "", queueing.table(of_each, queueing.DAYS)]
    lines += ["", "| units | to open | to look at the inbox | a paper | the board |", "|---|---|---|---|---|"]
    lines += [of_units(count).line() for count in asked.many]
    print("\n".join(lines))
    write_section("measures.md", "workers", "Many machines", "\n".join(lines))


def ms(seconds: Any) -> str:
    """A median in milliseconds."""
    return f"{statistics.median(seconds) * 1000:.1f} ms"


if __name__ == "__main__":
    main()
