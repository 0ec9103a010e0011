"""Break the source, one place at a time, and see whether the tests notice (`make mutants`).

    make mutants                                    the lines changed since main
    make mutants ROOMS="ledger steps" SAMPLE=40     so many places of each room, drawn by SEED
    python scripts/mutants.py ledger --sample 0     every mutant of a room

Exit code 0 when at least --least per cent of the mutants are killed, 1 when not, 2 when it could not be tried.
"""

import argparse
import os
import random
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.mutation import report  # noqa: E402 - run as a file
from scripts.mutation.operators import Mutant, mutants  # noqa: E402
from scripts.mutation.reach import Choice, chosen, up_to_date  # noqa: E402
from scripts.mutation.running import Result, Verdict, tried  # noqa: E402

_ABOUT: Final = """Each mutant is one small change of the source (a comparison, a boundary, `and`/`or`, a condition
negated, a call or statement removed, an answer replaced by a constant, a literal emptied, a keyword dropped, off by
one); the tests that reach its lines are run, those of its room and the quick ones first, up to {budget:.0f} s of
tests each. Survived: none of them failed. Equivalent ones ([the list](../scripts/mutation/equivalent.yaml), with
reasons) count on neither side; time-outs count as killed. Drawn by place: {sample} lines of a room, then one mutant
of the line (seed {seed})."""


def main() -> int:
    """Choose the mutants, try them, tell."""
    given = _arguments()
    root = Path(given.root).resolve()
    possible = _every(root, given.rooms)
    picked = _sampled(possible, given.sample, given.seed) if given.rooms else _changed(root, possible, given.base)
    if not picked:
        print("no line of pipeline/ was changed: name rooms to try some of theirs", file=sys.stderr)
        return 0
    store = root / ".mutants"
    reach = up_to_date(
        root, store / "reach.json", given.tests, workers=given.workers, again=given.record, marks=given.marks
    )
    if reach.failed:
        print(f"left out, because they fail unbroken: {', '.join(reach.failed)}", file=sys.stderr)
    work = [(mutant, chosen(reach, mutant, given.budget)) for mutant in picked]
    results = _with_bar(root, work, reach.libraries, given.workers)
    equivalents = report.Equivalents(root / "scripts" / "mutation" / "equivalent.yaml")
    same = {one.mutant for one in results if equivalents.reason(root, one.mutant) is not None}
    rows = report.scores(results, {room: len(those) for room, those in possible.items()}, same)
    about = {"seed": given.seed, "sample": given.sample, "budget_s": given.budget}
    written = report.as_json(root, results, rows, about)
    store.mkdir(exist_ok=True)
    (store / "results.json").write_text(written, "utf-8")
    if given.json:
        print(written)
    else:
        _tell(root, results, rows, same)
    if given.page:
        report.written_into(
            root / given.page, rows, _ABOUT.format(sample=given.sample or "all", seed=given.seed, budget=given.budget)
        )
    return _exit_code(results, rows, given.least)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("rooms", nargs="*", help="folders or pages of pipeline/; without any, the changed lines")
    parser.add_argument("--base", default="", help="what the lines are compared with (else where main was left)")
    parser.add_argument("--sample", type=int, default=40, help="places drawn from each room; 0: every mutant")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--budget", type=float, default=45.0, help="seconds of tests to try on one mutant")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--least", type=float, default=85.0, help="per cent of mutants that must be killed")
    parser.add_argument("--record", action="store_true", help="record again which lines every test reaches")
    parser.add_argument("--marks", default="not slow", help="which tests may be tried, as for pytest -m")
    parser.add_argument("--tests", nargs="*", default=(), help="record only these folders or files of tests")
    parser.add_argument("--page", default="", help="a page of measures to write the scores into")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--root", default=str(ROOT), help="another project laid out the same way")
    return parser.parse_args()


def _every(root: Path, rooms: Sequence[str]) -> dict[str, list[Mutant]]:
    """List all mutants by room."""
    found: dict[str, list[Mutant]] = defaultdict(list)
    for path in sorted((root / "pipeline").rglob("*.py")):
        relative = path.relative_to(root)
        room = relative.parts[1].removesuffix(".py")
        if not rooms or room in rooms:
            found[room] += mutants(str(relative), path.read_bytes())
    if missing := set(rooms) - set(found):
        raise SystemExit(f"no such room under pipeline/: {', '.join(sorted(missing))}")
    return found


def _sampled(possible: dict[str, list[Mutant]], sample: int, seed: int) -> list[Mutant]:
    """Draw places of each room, then one mutant of each place, so that no line counts for many."""
    picked: list[Mutant] = []
    for room, those in sorted(possible.items()):
        if sample == 0:
            picked += those
            continue
        chance = random.Random(f"{seed}:{room}")  # noqa: S311 - the same draw on every machine
        by_place: dict[tuple[str, int], list[Mutant]] = defaultdict(list)
        for one in those:
            by_place[one.path, one.line].append(one)
        places = chance.sample(sorted(by_place), min(sample, len(by_place)))
        picked += [chance.choice(by_place[place]) for place in sorted(places)]
    return picked


def _changed(root: Path, possible: dict[str, list[Mutant]], base: str) -> list[Mutant]:
    """List the mutants on lines that differ from `base`, or from where this branch left main."""

    def git(*words: str) -> str:
        command = ["git", "-C", str(root), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    start = base or git("merge-base", "HEAD", "main").strip()
    lines: dict[str, set[int]] = defaultdict(set)
    path = ""
    for line in git("diff", "-U0", "--no-color", start, "--", "pipeline").splitlines():
        if line.startswith("+++ "):
            path = line.removeprefix("+++ b/")
        elif found := re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line):
            first, count = int(found[1]), int(found[2] or 1)
            lines[path].update(range(first, first + count))
    return [one for those in possible.values() for one in those if one.line in lines.get(one.path, ())]


def _with_bar(
    root: Path, work: Sequence[tuple[Mutant, Choice]], libraries: Sequence[str], workers: int
) -> list[Result]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("mutants", total=len(work))
        survived = 0

        def told(result: Result) -> None:
            nonlocal survived
            survived += result.verdict in (Verdict.SURVIVED, Verdict.UNREACHED)
            bar.update(task, advance=1, description=f"mutants ({survived} survived)")

        return tried(root, work, libraries, workers=workers, told=told)


def _tell(root: Path, results: Sequence[Result], rows: Sequence[report.Score], same: set[Mutant]) -> None:
    for one in results:
        if one.verdict in (Verdict.SURVIVED, Verdict.UNREACHED, Verdict.BROKEN) and one.mutant not in same:
            of = f"{one.tests} of {one.reached_by} tests tried" if one.reached_by else "no test reaches it"
            print(f"{report.difference(root, one.mutant)}\n    {one.verdict}: {of} {one.said}".rstrip())
    for row in (*rows, report.together(rows)):
        print(
            f"{row.room:12} {row.share:6.1%}  {row.killed} killed, {row.survived} survived "
            f"({row.unreached} reached by no test), {row.equivalent} equivalent, of {row.possible}"
        )


def _exit_code(results: Sequence[Result], rows: Sequence[report.Score], least: float) -> int:
    if any(one.verdict == Verdict.BROKEN for one in results):
        return 2
    return 0 if report.together(rows).share * 100 >= least else 1


if __name__ == "__main__":
    sys.exit(main())
