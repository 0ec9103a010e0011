"""`make simulate`: lives histories, and keeps the plan of one that fails, made as small as it goes."""

import argparse
import contextlib
import multiprocessing
import os
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.simulation.history import simulator
from tests.simulation.plan import Plan, made
from tests.simulation.shrinking import shrunk

Lived = tuple[int, list[tuple[int, tuple[str, ...]]]]
KEPT = Path(__file__).parent / "kept"


def lived(seeds: range) -> Lived:
    """Live the histories of some seeds; gives how many acts they had, and those that failed."""
    acts, failed = 0, []
    with simulator() as simulated:
        for seed in seeds:
            told = simulated.live(made(seed))
            acts += told.acts
            if told.violations:
                failed.append((seed, told.violations))
    return acts, failed


def kept(seed: int, folder: Path) -> Path:
    """Keep what is left of a history that fails when it is made small."""
    with simulator() as simulated:
        plan = shrunk(made(seed), lambda one: bool(simulated.live(one).violations))
        violations = simulated.live(plan).violations
    path = folder / f"{seed}.plan"
    folder.mkdir(exist_ok=True)
    said = [f"# {one}" for one in violations]
    path.write_text("\n".join((*said, *plan.lines(), "")), encoding="utf-8")
    return path


def _shares(first: int, count: int, size: int) -> Iterator[range]:
    yield from (range(at, min(at + size, first + count)) for at in range(first, first + count, size))


def _lived_side_by_side(stack: contextlib.ExitStack, processes: int) -> Callable[[list[range]], Iterator[Lived]]:
    if processes == 1:
        return lambda shares: map(lived, shares)
    # a process is given up after some hundred histories: what the compilers of statements keep grows
    pool = stack.enter_context(multiprocessing.get_context("spawn").Pool(processes, maxtasksperchild=8))
    return lambda shares: pool.imap(lived, shares)


def main() -> int:
    """Live histories as the command line says; 1 when one failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--histories", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0, help="the first seed; 0 draws one")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--first", action="store_true", help="end with the first that fails, and keep nothing")
    parser.add_argument("--plan", type=Path, help="live one kept plan and print what happens")
    asked = parser.parse_args()
    if asked.plan:
        return _one(Plan.read(asked.plan))
    first = asked.seed or secrets.randbelow(1_000_000_000) + 1
    begun = time.monotonic()
    print(f"histories {first} to {first + asked.histories - 1}", flush=True)
    done = acts = 0
    failed: list[int] = []
    shares = list(_shares(first, asked.histories, 10 if asked.first else 25))
    with contextlib.ExitStack() as stack:
        for share, (more, troubles) in zip(shares, _lived_side_by_side(stack, asked.processes)(shares), strict=True):
            done, acts = done + len(share), acts + more
            for seed, violations in troubles:
                print(f"seed {seed} fails:", *violations[:5], sep="\n  ", flush=True)
                failed.append(seed)
            if failed and asked.first:
                break
    seconds = time.monotonic() - begun
    print(f"{done} histories, {acts} acts, {seconds:.0f} s, {done / seconds:.1f} a second; {len(failed)} fail")
    for seed in () if asked.first else failed[:3]:
        path = kept(seed, KEPT)
        print(f"kept as {path}:\n{path.read_text('utf-8')}")
    return 1 if failed else 0


def _one(plan: Plan) -> int:
    with simulator() as simulated:
        told = simulated.live(plan)
    print(*told.trace, sep="\n")
    print(*told.violations, sep="\n")
    return 1 if told.violations else 0
