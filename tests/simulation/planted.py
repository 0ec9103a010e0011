"""Faults planted in the product, one at a time: each must be found by the simulator.

A fault is an edit of the source: of one file the text `old` stands as `new`. `found_after` lives histories of the
program with that edit until one fails, in a process of its own; the program on the disk is left as it is.
"""

import argparse
import importlib.abc
import importlib.machinery
import importlib.util
import multiprocessing
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
LISTED: Final = Path(__file__).with_name("planted.txt")
PAGE: Final = ROOT / "docs" / "simulation.md"
_BEGIN: Final = "<!-- planted: written by `python -m tests.simulation.planted --write` -->"
_END: Final = "<!-- /planted -->"
_ROW: Final = re.compile(r"^\| (?P<name>[^|]+) \| (?P<not>not in )?(?P<count>\d+) \| (?P<told>.*) \|$", re.MULTILINE)
#: What a process that lives histories needs and is none of the program: loaded once.
_LOADED: Final = (
    *("numpy", "openpyxl", "sqlalchemy", "alembic.command", "lxml.etree", "pypdf", "pydantic", "yaml", "PIL.Image"),
    *("pytest", "docx"),
)
#: A fault after which one history takes so long makes the program go round for ever.
_LONGEST_SECONDS: Final = 120.0


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


class _Edited(importlib.machinery.SourceFileLoader):
    """Loads the module of one file with the fault in it."""

    source = ""

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.source, self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the module that is edited before anybody else finds it."""

    def __init__(self, fault: Planted) -> None:
        self._fault = fault
        self._name = fault.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def find_spec(
        self, fullname: str, path: "Sequence[str] | None", target: ModuleType | None = None
    ) -> "importlib.machinery.ModuleSpec | None":
        if fullname != self._name:
            return None
        loader = _Edited(fullname, str(ROOT / self._fault.file))
        loader.source = edited(self._fault)
        return importlib.util.spec_from_file_location(fullname, loader.path, loader=loader)


def _lives(fault: Planted, seeds: Sequence[int], told: Connection) -> None:
    """Live histories of the program with a fault in it, and tell of each: its seed, and what was violated."""
    # what a broken program prints says nothing more
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    sys.meta_path.insert(0, _Finder(fault))
    try:
        from tests.simulation.history import simulator
        from tests.simulation.plan import made

        with simulator() as simulated:
            for seed in seeds:
                violations = simulated.live(made(seed)).violations
                told.send((seed, violations[0] if violations else ""))
                if violations:
                    return
    except BaseException as trouble:
        # a program that cannot even live a history is a fault that anything finds
        told.send((0, f"{type(trouble).__name__}: {trouble}"))


@dataclass(frozen=True)
class Found:
    """After how many histories a fault was found, and as what; `told` is "" when it was not."""

    count: int
    told: str


def found_after(fault: Planted, histories: int, seed: int, already: int = 0, only: Sequence[int] = ()) -> Found:
    """Live histories from a first seed on until the fault is found; so many of them were lived already.

    With `only` the histories of these seeds alone: what is found by one of them is found by living all up to it.
    """
    seeds = only or range(seed + already, seed + histories)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_LOADED))
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_lives, args=(fault, seeds, there))
    process.start()
    there.close()
    count = already
    try:
        while here.poll(_LONGEST_SECONDS):
            at, told = here.recv()
            count = at - seed + 1 if at else count + 1
            if told:
                return Found(count, told)
    except EOFError:
        # also of one that ended without a word
        return Found(count, "" if count == seeds[-1] - seed + 1 else "the process ended")
    finally:
        process.kill()
        process.join()
    return Found(count + 1, f"a history took more than {_LONGEST_SECONDS:.0f} s")


def known() -> dict[str, Found]:
    """What the page says of each fault."""
    table = PAGE.read_text("utf-8").partition(_BEGIN)[2].partition(_END)[0]
    return {one["name"]: Found(int(one["count"]), "" if one["not"] else one["told"]) for one in _ROW.finditer(table)}


def written(results: dict[str, Found]) -> str:
    """The table of the page, and the sums above it."""
    names = [one.name for one in planted()]
    tried = {name: results[name] for name in names if name in results}
    found = [one.count for one in tried.values() if one.told]
    least = min((one.count for one in tried.values() if not one.told), default=0)
    said = [
        f"**{len(found)} of {len(names)} are found**; {sum(count <= 40 for count in found)} within 40 histories, "
        f"{sum(count <= 200 for count in found)} within 200. {len(tried) - len(found)} are not found"
        + (f" (within {least} or more)" if least else "")
        + f", {len(names) - len(tried)} have not been tried.",
        "",
        "| fault | found after | as |",
        "|---|---|---|",
    ]
    for name, one in tried.items():
        # numbers, names and hashes in it are those of one history; a bar would end the cell
        told = " ".join(one.told.replace("|", "/").split())[:90].strip()
        said.append(f"| {name} | {one.count if one.told else f'not in {one.count}'} | {told or '-'} |")
    return "\n".join(said)


def _keep(results: dict[str, Found]) -> None:
    before, _, rest = PAGE.read_text("utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    PAGE.write_text(f"{before}{_BEGIN}\n{written(results)}\n{_END}{after}", "utf-8")


def main() -> None:
    """Try faults, by name, those not found yet, or all; print a row for each, and with `--write` keep it."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.planted", description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--histories", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", default="", help="live these alone: 54,99")
    parser.add_argument("--missing", action="store_true", help="only those not found yet, as the page says")
    parser.add_argument("--write", action="store_true", help="keep what is found in docs/simulation.md")
    asked = parser.parse_args()
    results = known()
    for fault in planted():
        if asked.names and fault.name not in asked.names:
            continue
        only = [int(one) for one in asked.seeds.split(",") if one]
        before = results.get(fault.name, Found(0, "")) if asked.missing else Found(0, "")
        if before.told or before.count >= asked.histories:
            continue
        begun = time.monotonic()
        one = results[fault.name] = found_after(fault, asked.histories, asked.seed, before.count, only)
        print(f"{one.count:6} {fault.name}: {one.told or 'NOT FOUND'} ({time.monotonic() - begun:.0f} s)", flush=True)
        if asked.write and (one.told or not only):
            _keep(results)


if __name__ == "__main__":
    main()
