"""Try mutants: each worker has its own copy of the tree and a warm server that forks one pytest for each mutant.

A mutated file gets a time of modification that no other mutant has, since Python knows compiled files by the second
and the size; the original is put back with its own time.
"""

import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scripts.mutation.operators import Mutant
from scripts.mutation.reach import Choice
from scripts.mutation.trees import Tree, copied

__all__ = ["Result", "Verdict", "tried"]

_SLACK: Final = 5.0  # a test may take so many times what it took unbroken, for the machine may be busy
_AT_LEAST_S: Final = 40.0


@dataclass(frozen=True)
class Result:
    """What became of a mutant: killed by a failing test or by time, survived, or reached by no test."""

    mutant: Mutant
    verdict: str
    tests: int
    reached_by: int
    said: str = ""


class Verdict:
    """The words for what may become of a mutant."""

    KILLED = "killed"
    TIMEOUT = "timeout"
    SURVIVED = "survived"
    UNREACHED = "unreached"
    BROKEN = "broken"  #: pytest itself could not run: nothing is known


def tried(
    root: Path,
    work: Sequence[tuple[Mutant, Choice]],
    libraries: Sequence[str],
    *,
    workers: int,
    told: Callable[[Result], None],
) -> list[Result]:
    """Try all mutants, on `workers` copies at a time that have `libraries` warm; `told` hears of each."""
    left: queue.SimpleQueue[tuple[int, Mutant, Choice]] = queue.SimpleQueue()
    results: dict[int, Result] = {}
    for number, (mutant, choice) in enumerate(work):
        if choice.tests:
            left.put((number, mutant, choice))
        else:
            results[number] = Result(mutant, Verdict.UNREACHED, 0, 0)
            told(results[number])
    failures: list[BaseException] = []

    def serve(folder: Path) -> None:
        try:
            with _Worker(copied(root, folder), libraries) as worker:
                while not failures:
                    number, mutant, choice = left.get_nowait()
                    results[number] = worker.result(number, mutant, choice)
                    told(results[number])
        except queue.Empty:
            return
        except BaseException as error:  # told by the main thread
            failures.append(error)

    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        threads = [threading.Thread(target=serve, args=(Path(folder) / f"tree{n}",)) for n in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
    return [results[number] for number in sorted(results)]


class _Worker:
    """One copy of the tree and the warm server in it."""

    def __init__(self, tree: Tree, libraries: Sequence[str]) -> None:
        self.tree = tree
        self.warm = tree.folder / ".venv" / "libraries"
        self.warm.write_text("\n".join(libraries), "utf-8")

    def __enter__(self) -> "_Worker":
        self._begin()
        return self

    def _begin(self) -> None:
        server = Path(__file__).resolve().parent / "serving.py"
        self.server = subprocess.Popen(
            [str(self.tree.python), str(server), str(self.warm)],
            cwd=self.tree.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "CI": "true", "COLUMNS": "120"},
        )

    def __exit__(self, *_: object) -> None:
        self.server.terminate()
        self.server.wait()

    def result(self, number: int, mutant: Mutant, choice: Choice) -> Result:
        """Break the file, run the tests, mend it."""
        path = self.tree.folder / mutant.path
        source, before = path.read_bytes(), path.stat()
        moment = int(before.st_mtime) + 10 + number
        try:
            path.write_bytes(mutant.applied(source))
            os.utime(path, (moment, moment))
            verdict, said = self._run(choice)
        finally:
            path.write_bytes(source)
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        return Result(mutant, verdict, len(choice.tests), choice.of, said)

    def _run(self, choice: Choice) -> tuple[str, str]:
        limit = _AT_LEAST_S + _SLACK * choice.seconds
        verdict, said = Verdict.SURVIVED, ""
        for tests in (choice.tests[: choice.first], choice.tests[choice.first :]):
            if tests and verdict == Verdict.SURVIVED:
                verdict, said = self._tried(tests, limit)
        return verdict, said

    def _tried(self, tests: Sequence[str], limit: float) -> tuple[str, str]:
        assert self.server.stdin is not None and self.server.stdout is not None  # noqa: S101 - asked for above
        self.server.stdin.write(json.dumps({"tests": tests, "seconds": limit}) + "\n")
        self.server.stdin.flush()
        line = self.server.stdout.readline()
        if not line:  # a mutant that sends signals may have ended the server itself
            self.server.wait()
            self._begin()
            return Verdict.KILLED, "the process that runs the tests was ended"
        answer = json.loads(line)
        if answer["code"] == -signal.SIGALRM:
            return Verdict.TIMEOUT, f"not done after {limit:.0f} s"
        words = {0: Verdict.SURVIVED, 1: Verdict.KILLED, 2: Verdict.KILLED}  # 2: a file cannot even be collected
        verdict = words.get(answer["code"], Verdict.KILLED if answer["code"] < 0 else Verdict.BROKEN)
        return verdict, answer["said"]
