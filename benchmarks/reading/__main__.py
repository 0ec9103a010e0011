"""One form read: `pipeline.reading` against the plain libraries, the same bytes in the same run.

    python -m benchmarks.reading [--write]     --write puts the table into docs/performance.md

CPU time of one file, the least of several rounds, all ways interleaved. The libraries only take every value out of
the file; ours looks through the package first, asks for marks of secrecy, finds kind and fields, makes every value
canonical and notes its place. Each must hand over a word of the last row before it is timed.
python-calamine is installed into benchmarks/out/peers by pip, never into the project's own environment.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import openpyxl
import yaml
from pypdf import PdfReader

from benchmarks.answers.papers import Habit
from benchmarks.answers.styles import STYLES
from benchmarks.pages import write_section
from pipeline import reading
from pipeline.reading import ReadingContext
from pipeline.reading.reader import read
from pipeline.tools.guard import Guard
from tests.reading.conftest import context_of_2022
from tests.reading.writers import plain

OUT = Path(__file__).resolve().parents[1] / "out"
PEERS = OUT / "peers"
ROWS = 40
ROUNDS = 7
LAST = "Hoạt động số 40"
FORMATS = ("xlsx", "docx", "pdf", "yaml", "json")

Way = Callable[[Path], object]


@dataclass(frozen=True)
class Timed:
    """One way to read one format: milliseconds of CPU, and of the wall's clock for what happens in a child."""

    name: str
    ms: float


def values() -> dict[str, Any]:
    """A registration with a table of 40 rows and 8 columns, the counter among them."""
    row = {
        "content_code": "ND3",
        "planned_date": "2022-06-24",
        "venue": "Hội trường A, trụ sở Tổng công ty",
        "participants_est": 60,
        "budget_est": 15_000_000,
        "contact": "Hồ Thị Kim Duyệt",
    }
    return {
        "unit_code": "EVNHCMC",
        "emulation_year": 2022,
        "submit_date": "2022-05-27",
        "leader": {"full_name": "Đặng Thị Thuỳ Nhiên", "position": "Chánh Văn phòng Đảng ủy"},
        "activities": [{"title": f"Hoạt động số {at}", **row} for at in range(1, ROWS + 1)],
    }


def written(folder: Path, context: ReadingContext) -> dict[str, Path]:
    """The form in every format."""
    form = context.form("dang-ky")
    assert form is not None
    made = {}
    for format_ in FORMATS:
        made[format_] = folder / f"form.{format_}"
        made[format_].write_bytes(STYLES[format_](form, values(), plain(context), Habit()).content)
    return made


def peers() -> dict[str, dict[str, Way]]:
    """The libraries, each doing what its own pages show: every value out of the file."""
    return {
        "xlsx": {"openpyxl": _openpyxl, "openpyxl, read_only": _openpyxl_streaming, "python-calamine": _calamine},
        "docx": {"python-docx": _python_docx},
        "pdf": {"pypdf, fields": _pypdf, "pypdf, fields and text": _pypdf_text},
        "yaml": {"yaml.safe_load": _yaml, "yaml.CSafeLoader": _yaml_c},
        "json": {},
    }


def _openpyxl(path: Path) -> list[object]:
    book = openpyxl.load_workbook(path)
    return [cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]


def _openpyxl_streaming(path: Path) -> list[object]:
    book = openpyxl.load_workbook(path, read_only=True)
    return [value for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for value in row]


def _calamine(path: Path) -> list[object]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    return [value for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for value in row]


def _python_docx(path: Path) -> list[object]:
    document = docx.Document(str(path))
    texts: list[object] = [paragraph.text for paragraph in document.paragraphs]
    return texts + [cell.text for table in document.tables for row in table.rows for cell in row.cells]


def _pypdf(path: Path) -> list[object]:
    fields = PdfReader(path).get_fields() or {}
    return [field.value for field in fields.values()]


def _pypdf_text(path: Path) -> list[object]:
    reader = PdfReader(path)
    fields = [field.value for field in (reader.get_fields() or {}).values()]
    return fields + [page.extract_text() for page in reader.pages]


def _yaml(path: Path) -> object:
    return yaml.safe_load(path.read_bytes())


def _yaml_c(path: Path) -> object:
    return yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)  # the safe loader, in C


def install_peers() -> None:
    """The peer, in a folder of its own; nothing is done when it is there."""
    if not (PEERS / "python_calamine").exists():
        PEERS.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "install", "-q", "--target", str(PEERS), "python-calamine"]
        subprocess.run(command, check=True)
    sys.path.append(str(PEERS))


def checked(ways: dict[str, Way], path: Path) -> None:
    """Stop when a way does not give the last row."""
    for name, way in ways.items():
        if LAST not in str(way(path)):
            raise SystemExit(f"{name} does not read {path.name}")


def measured(ways: dict[str, Way], path: Path, clock: Callable[[], float]) -> dict[str, float]:
    """Milliseconds of one file for each way, the best of the rounds, interleaved."""
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for name, way in ways.items():
            begun, times = clock(), 0
            while clock() - begun < 0.15:
                way(path)
                times += 1
            best[name] = min(best[name], (clock() - begun) / times * 1000)
    return best


def ways_of(format_: str, context: ReadingContext) -> dict[str, Way]:
    """Ours first, then the libraries."""
    ours: dict[str, Way] = {"vanthu": lambda path: read(str(path), path.name, context).values}
    return ours | peers()[format_]


def report() -> str:
    """Measure everything, as a table."""
    context = context_of_2022()
    lines = [
        "CPU time of one registration with a table of 40 rows and 8 columns (the least of many; in brackets the",
        "ratio to ours: 2.0× takes twice our time). The libraries take the values out of the file and no more. Ours",
        "looks through the package for what may harm, asks for marks of secrecy, finds kind, unit and fields, makes",
        "every value canonical (dates, money, units) and notes its place.",
        "",
        "| format | vanthu | plain libraries | gate and reading in the guarded child, by the clock (file known) |",
        "|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder, Guard(reading.FUNCTIONS) as guard:
        for format_, path in written(Path(folder), context).items():
            ways = ways_of(format_, context)
            checked(ways, path)
            best = measured(ways, path, time.process_time)
            child = measured({"child": lambda path: _in_child(guard, path, context)}, path, time.perf_counter)[
                "child"
            ]
            ours = best.pop("vanthu")
            others = "; ".join(f"{name} {ms:.2f} ms ({ms / ours:.2f}×)" for name, ms in best.items()) or "–"
            lines.append(f"| {format_} | {ours:.2f} ms | {others} | {child:.1f} ms |")
    machine = f"{os.cpu_count()} cores, {platform.machine()}"
    return "\n".join([*lines, "", f"Measured with Python {platform.python_version()}, {machine}."])


def _in_child(guard: Guard, path: Path, context: ReadingContext) -> object:
    """What the road asks of the guarded child about one file."""
    reading.look_guarded(guard, path, path.name)
    return reading.read_guarded(guard, path, path.name, context)


def main() -> None:
    """Measure, print, and write the page when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    install_peers()
    text = report()
    print(text)
    if given.write:
        write_section("performance.md", "reading", "Reading", text)


if __name__ == "__main__":
    main()
