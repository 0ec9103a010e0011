"""`python -m tests.fuzz DOOR --runs N`: with atheris by coverage, where it is not installed blindly."""

import argparse
import contextlib
import hashlib
import importlib
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
#: Which rooms of the program lead the search, by door: to follow all of them costs a minute, and leads elsewhere.
_READING: Final = ("pipeline.reading", "pipeline.ooxml", "pipeline.pdf", "pipeline.strict_yaml", "pipeline.intake")
_FOLLOWED: Final = {
    "paper": ("pipeline.papers", "pipeline.pdf"),
    "picture": ("pipeline.papers.wrapping", "pipeline.papers.scans", "pipeline.pictures"),
    "order": ("pipeline.app.operations", "pipeline.app.numbering", "pipeline.register", "pipeline.naming"),
    "book": ("pipeline.register", "pipeline.reading", "pipeline.ooxml"),
    "message": ("pipeline.exchange",),
    "settings": ("pipeline.config", "pipeline.strict_yaml"),
    "year": ("pipeline.years", "pipeline.strict_yaml"),
    "name": ("pipeline.naming", "pipeline.intake", "pipeline.files"),
}
_MEMORY_BYTES: Final = 1 << 30
_TOLD_EVERY_S: Final = 20.0
_LONGEST_S: Final = 60


class Run:
    """One door tried again and again: what it answered, and what it may not have done."""

    def __init__(self, name: str, folder: Path, scratch: Path, runs: int) -> None:
        from tests.fuzz import law
        from tests.fuzz.doors import DOORS

        self._law = law
        self.name, self.door, self._scratch, self._folder, self._runs = name, DOORS[name], scratch, folder, runs
        self.count = 0
        self.answers: Counter[str] = Counter()
        self.found: dict[str, Path] = {}
        self._begun = self._told = time.monotonic()

    def __call__(self, content: bytes) -> None:
        self.count += 1
        try:
            self.answers[self.door.tried(self._scratch, content)] += 1
        except self._law.Violation as violation:
            self._keep(violation.key, str(violation), content)
        if time.monotonic() - self._told > _TOLD_EVERY_S or self.count == self._runs:
            self.tell()

    def mutated(self, content: bytes, most: int, seed: int, mutate: Any) -> bytes:
        return self.door.mutator(content, min(most, self.door.most_bytes), Random(seed), mutate)

    def _keep(self, key: str, told: str, content: bytes) -> None:
        self.answers[f"VIOLATION {key}"] += 1
        before = self.found.get(key)
        if before is not None and before.stat().st_size <= len(content):
            return
        path = self.found[key] = before or self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:12]}.found"
        path.write_bytes(content)
        path.with_suffix(".txt").write_text(f"{key}\n\n{told}", "utf-8")
        if before is None:
            print(f"FOUND {key}: {path}", flush=True)

    def tell(self) -> None:
        self._told = time.monotonic()
        seconds = self._told - self._begun
        said = {
            "door": self.name,
            "executions": self.count,
            "seconds": round(seconds),
            "processor_seconds": round(time.process_time()),
            "answers": len(self.answers),
            "violations": len(self.found),
        }
        print(json.dumps(said), flush=True)
        (self._folder / "answers.json").write_text(
            json.dumps(said | {"each": dict(self.answers.most_common())}, indent=1, ensure_ascii=False), "utf-8"
        )


def main() -> None:
    """Try one door so often."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("door")
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=0, help="end after so long; 0: after the runs")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--kept", type=Path, default=ROOT / ".fuzz", help="where inputs that reach something new are kept"
    )
    parser.add_argument("--blindly", action="store_true", help="do without atheris")
    asked = parser.parse_args()
    folder = asked.kept.absolute() / asked.door
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    atheris = None
    if not asked.blindly:
        with contextlib.suppress(ImportError):
            atheris = importlib.import_module("atheris")
    rooms = list(_FOLLOWED.get(asked.door, _READING))
    followed = atheris.instrument_imports(include=rooms, exclude=_others(rooms)) if atheris else None
    with followed or contextlib.nullcontext():
        from pipeline.files import kept
        from tests.fuzz import doors, law
    if asked.door not in doors.DOORS:
        parser.error(f"doors are {', '.join(doors.DOORS)}")
    with law.scratch() as scratch:
        # as a guarded child does: what the gate has opened the reader is given
        kept.keep_from_now_on()
        run = Run(asked.door, folder, scratch, asked.runs)
        for at, content in enumerate(run.door.seeds()):
            (folder / "corpus" / f"seed-{at}").write_bytes(content)
            run(content)  # what is made once is made now
        used = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        # libFuzzer maps its tables later
        resource.setrlimit(resource.RLIMIT_AS, (used + 2 * _MEMORY_BYTES, resource.RLIM_INFINITY))
        if atheris is None:
            _blindly(run, folder / "corpus", asked)
            return
        words = [
            sys.argv[0],
            str(folder / "corpus"),
            f"-atheris_runs={asked.runs}",
            f"-max_len={run.door.most_bytes}",
            f"-timeout={_LONGEST_S}",
            "-rss_limit_mb=0",
            "-print_final_stats=1",
            f"-artifact_prefix={folder}/",
            *([f"-seed={asked.seed}"] if asked.seed else []),
            *([f"-max_total_time={asked.seconds}"] if asked.seconds else []),
        ]

        def mutator(content: bytes, most: int, seed: int) -> bytes:
            return run.mutated(content, most, seed, atheris.Mutate)

        atheris.Setup(words, run, custom_mutator=mutator, internal_libfuzzer=True)
        atheris.Fuzz()


def _others(rooms: Sequence[str]) -> list[str]:
    """The modules of the program that do not lead the search: atheris asks for their first name only."""
    files = (path.relative_to(ROOT).with_suffix("") for path in (ROOT / "pipeline").rglob("*.py"))
    names = (".".join(file.parts).removesuffix(".__init__") for file in files)
    return [name for name in names if not any(f"{name}.".startswith(f"{room}.") for room in rooms)]


def _blindly(run: Run, corpus: Path, asked: argparse.Namespace) -> None:
    from tests.fuzz.mutations import blindly

    print("atheris is not installed: nothing tells which inputs reach something new", flush=True)
    chance = Random(asked.seed or int.from_bytes(os.urandom(4)))
    seeds = [path.read_bytes() for path in sorted(corpus.iterdir())]
    end = time.monotonic() + asked.seconds if asked.seconds else float("inf")
    while run.count < asked.runs and time.monotonic() < end:
        run(run.mutated(chance.choice(seeds), 1 << 20, chance.getrandbits(32), blindly(chance)))
    run.tell()


if __name__ == "__main__":
    main()
