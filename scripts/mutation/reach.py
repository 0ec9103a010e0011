"""Which tests reach a line: recorded once, kept in `.mutants/reach.json`, and brought up to date by what changed.

A changed or new test file is recorded again. A changed source file is not: its lines are found again by comparing
texts, and a new line is reached by the tests that reach its nearest old neighbours. `--record` records everything.
"""

import difflib
import hashlib
import json
import queue
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scripts.mutation.operators import Mutant
from scripts.mutation.trees import Tree, copied, files_of

__all__ = ["Choice", "Reach", "chosen", "up_to_date"]

_ALIKE: Final = 3  # of the cases of one parametrised test, so many are tried before other tests
_FIRST_S: Final = 3.0  # most mutants die of the first few tests: pytest imports every file it is given
_NEAR: Final = 4  # lines above and below an added line whose tests are taken to reach it


@dataclass
class Reach:
    """What was recorded: lines by test and file, how long each test took, and of which texts this is true."""

    tests: dict[str, dict[str, str]] = field(default_factory=dict)  #: bit n of a hexadecimal number is line n
    took: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    libraries: list[str] = field(default_factory=list)  #: what the tests import of others, in its order

    def reaching(self, mutant: Mutant) -> set[str]:
        """Give the tests that run a mutant's lines; of what is run at import, all that run anything of the file."""
        first, last = mutant.lines
        wanted = -1 if mutant.is_loaded else (1 << last + 1) - (1 << first)
        left_out = set(self.failed)
        return {
            test
            for test, files in self.tests.items()
            if mutant.path in files and int(files[mutant.path], 16) & wanted and test not in left_out
        }


@dataclass(frozen=True)
class Choice:
    """The tests to try on a mutant, the most telling first, and how many seconds they take unbroken."""

    tests: tuple[str, ...]
    seconds: float
    of: int  #: how many reach it
    first: int = 0  #: so many of them are tried before the files of the others are even imported


def chosen(reach: Reach, mutant: Mutant, budget_s: float) -> Choice:
    """Choose tests for a mutant: of its own room first, quick ones first, few of the same kind; up to `budget_s`."""
    room = Path(mutant.path).parts[1].removesuffix(".py")
    reaching = reach.reaching(mutant)
    alike: dict[str, int] = defaultdict(int)
    ranked: list[tuple[int, int, float, str]] = []
    for test in sorted(reaching, key=lambda one: (reach.took.get(one, 1.0), one)):
        alike[test.split("[")[0]] += 1
        is_far = not test.startswith((f"tests/{room}/", f"tests/test_{room}"))
        ranked.append((int(alike[test.split("[")[0]] > _ALIKE), int(is_far), reach.took.get(test, 1.0), test))
    seconds, tests, first = 0.0, [], 0
    for *_, took, test in sorted(ranked):
        if tests and seconds + took > budget_s:
            continue
        seconds += took
        tests.append(test)
        first += seconds <= _FIRST_S
    return Choice(tuple(tests), seconds, len(reaching), first)


def up_to_date(root: Path, store: Path, tests: Sequence[str], *, workers: int, again: bool, marks: str) -> Reach:
    """Give the reach of the tree as it is now; what is missing of `tests` (folders or files) is recorded and kept."""
    reach = Reach() if again or not store.exists() else Reach(**json.loads(store.read_text("utf-8")))
    digests = _digests(root)
    _moved(reach, _sources(root))
    gone = {name for name in reach.digests if reach.digests[name] != digests.get(name)}
    for test in [one for one in reach.tests if one.split("::")[0] in gone]:
        del reach.tests[test]
    reach.failed = [one for one in reach.failed if one.split("::")[0] not in gone]
    reach.digests = {name: digest for name, digest in reach.digests.items() if name not in gone}
    wanted = [name for name in digests if name not in reach.digests and _is_below(name, tests)]
    store.parent.mkdir(exist_ok=True)
    if wanted:
        print(f"recording which lines {len(wanted)} test files reach", file=sys.stderr)
    for files, part in _recorded(root, wanted, workers=workers, marks=marks):
        _taken_in(reach, part)
        reach.digests.update({name: digests[name] for name in files})
        store.write_text(json.dumps(vars(reach)), "utf-8")
    store.write_text(json.dumps(vars(reach)), "utf-8")
    return reach


def _is_below(name: str, tests: Sequence[str]) -> bool:
    return not tests or any(name == one or name.startswith(one.rstrip("/") + "/") for one in tests)


def _digests(root: Path) -> dict[str, str]:
    """Of each test file its own text's digest."""
    tests = [path for path in files_of(root) if path.parts[0] == "tests" and path.name.startswith("test_")]
    return {str(path): hashlib.sha256((root / path).read_bytes()).hexdigest() for path in tests}


def _sources(root: Path) -> dict[str, str]:
    paths = [path for path in files_of(root) if path.parts[0] == "pipeline" and path.suffix == ".py"]
    return {str(path): (root / path).read_text("utf-8") for path in paths}


def _moved(reach: Reach, sources: dict[str, str]) -> None:
    """Find the recorded lines again in texts that changed, and remember the texts as they are now."""
    for path, text in sources.items():
        old = reach.sources.get(path)
        if old is None or old == text:
            continue
        successors = _lines_again(old.splitlines(), text.splitlines())
        again: dict[str, str] = {}
        for files in reach.tests.values():
            if path in files:
                if files[path] not in again:
                    again[files[path]] = _moved_lines(int(files[path], 16), successors)
                files[path] = again[files[path]]
    reach.sources = sources


def _moved_lines(lines: int, successors: dict[int, set[int]]) -> str:
    now = {new for line in range(lines.bit_length()) if lines >> line & 1 for new in successors.get(line, ())}
    return f"{sum(1 << line for line in now):x}"


def _lines_again(old: list[str], new: list[str]) -> dict[int, set[int]]:
    """For each old line (from 1) where it is now, what replaced it, and what was added beside it."""
    found: dict[int, set[int]] = defaultdict(set)
    for what, at, end, now, now_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        added = set(range(now + 1, now_end + 1))
        if what == "equal":
            for offset in range(end - at):
                found[at + offset + 1].add(now + offset + 1)
        elif what == "replace":
            for line in range(at + 1, end + 1):
                found[line] |= added
        else:
            for line in range(max(1, at + 1 - _NEAR), at + 1 + _NEAR):
                found[line] |= added
    return found


def _recorded(
    root: Path, files: Sequence[str], *, workers: int, marks: str
) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Run the tests of `files` under the recorder, folder by folder, and give each recording as it is made."""
    by_folder: dict[str, list[str]] = defaultdict(list)
    for name in files:
        by_folder[str(Path(name).parent)].append(name)
    with tempfile.TemporaryDirectory(prefix="reach-") as folder, ThreadPoolExecutor(workers) as pool:
        trees: queue.SimpleQueue[Tree] = queue.SimpleQueue()
        for number in range(min(workers, len(by_folder))):
            trees.put(_recording_tree(root, Path(folder) / str(number)))
        jobs = {pool.submit(_of_folder, trees, those, marks): those for those in by_folder.values()}
        for job in as_completed(jobs):
            yield jobs[job], job.result()


def _recording_tree(root: Path, folder: Path) -> Tree:
    tree = copied(root, folder)
    here = Path(__file__).resolve().parent
    for name in ("__init__.py", "recording.py", "reaching.py"):  # a toy project has none of its own
        target = tree.folder / "scripts" / "mutation" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((here / name).read_bytes())
    begin = "import scripts.mutation.reaching; scripts.mutation.reaching.begin()\n"
    (tree.site / "zz_reach.pth").write_text(begin, "utf-8")
    return tree


def _of_folder(trees: "queue.SimpleQueue[Tree]", files: list[str], marks: str) -> dict[str, Any]:
    tree = trees.get()
    out, log = tree.folder / ".venv" / "reach.json", tree.folder / ".venv" / "reach.log"
    out.unlink(missing_ok=True)
    command = [str(tree.python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "scripts.mutation.recording"]
    command += ["--reach", str(out), "-m", marks, *files]
    try:
        with log.open("wb") as said:
            subprocess.run(command, cwd=tree.folder, stdout=said, stderr=subprocess.STDOUT, check=False)
        if not out.exists():
            raise SystemExit(f"the tests could not be recorded:\n{log.read_text('utf-8')[-3000:]}")
        found: dict[str, Any] = json.loads(out.read_text("utf-8"))
        return found
    finally:
        trees.put(tree)


def _taken_in(reach: Reach, part: dict[str, Any]) -> None:
    """Put one worker's recording into the reach: each test with what its wide fixtures did."""
    for test, fixtures in part["fixtures"].items():
        files: dict[str, int] = defaultdict(int)
        for name in (test, *fixtures):
            for path, lines in part["reached"].get(name, {}).items():
                files[path] |= int(lines, 16)
        reach.tests[test] = {path: f"{lines:x}" for path, lines in files.items()}
    reach.took.update(part["took"])
    reach.failed = sorted({*reach.failed, *part["failed"]})
    reach.libraries = list(dict.fromkeys([*reach.libraries, *part["libraries"]]))
