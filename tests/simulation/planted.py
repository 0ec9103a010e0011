"""Faults planted in the product, one at a time: each must be found by the simulator.

A fault is an edit of the source: in a copy of the program the text `old` of a file stands as `new`. `found_after`
lives histories on that copy until one fails.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
LISTED: Final = Path(__file__).with_name("planted.txt")
_COPIED: Final = ("pipeline",)
_LENT: Final = ("tests", "templates", "years", "pyproject.toml")


@dataclass(frozen=True)
class Planted:
    """One fault."""

    name: str
    file: str
    old: str
    new: str


def planted() -> Iterator[Planted]:
    """Read the list: `== name`, the file, the text, a line `--`, what stands there instead."""
    for part in re.split(r"^== ", LISTED.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        name, file, rest = part.split("\n", 2)
        old, _, new = rest.rstrip("\n").partition("\n--")
        yield Planted(name, f"pipeline/{file}", old, new.removeprefix("\n"))


def edited(fault: Planted) -> str:
    """The file with the fault in it. Raises ValueError when the text is not there, or there twice."""
    source = (ROOT / fault.file).read_text("utf-8")
    if source.count(fault.old) != 1:
        raise ValueError(f"{fault.name}: {fault.file} has its text {source.count(fault.old)} times")
    return source.replace(fault.old, fault.new)


def found_after(fault: Planted, histories: int, seed: int) -> tuple[int, str]:
    """After how many histories a fault is found, and as what; 0 when it is not."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as name:  # noqa: PTH112
        folder = Path(name)
        for one in _COPIED:
            shutil.copytree(ROOT / one, folder / one, ignore=shutil.ignore_patterns("__pycache__"))
        for one in _LENT:
            (folder / one).symlink_to(ROOT / one)
        (folder / fault.file).write_text(edited(fault), "utf-8")
        words = [sys.executable, "-m", "tests.simulation", "--processes", "1", "--first", "--seed", str(seed)]
        environment = {**os.environ, "PYTHONPATH": name, "PYTHONDONTWRITEBYTECODE": "1"}
        told = subprocess.run(
            [*words, "--histories", str(histories)],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    if told.returncode == 0:
        return 0, ""
    failing = re.search(r"^seed (\d+) fails:\n  (.*)$", told.stdout, re.MULTILINE)
    if failing is None:
        # a program that cannot even live a history is a fault that anything finds
        return 1, (told.stderr.strip().splitlines() or ["no word"])[-1]
    return int(failing.group(1)) - seed + 1, failing.group(2)


def main() -> None:
    """Try faults, by name or all, and print a row for each."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.planted", description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--histories", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    wanted = [one for one in planted() if not asked.names or one.name in asked.names]
    with ThreadPoolExecutor(asked.processes) as pool:
        for fault, (count, told) in zip(
            wanted, pool.map(lambda one: found_after(one, asked.histories, asked.seed), wanted), strict=True
        ):
            print(f"| {fault.name} | {count or 'not found'} | {told[:90]} |", flush=True)


if __name__ == "__main__":
    main()
