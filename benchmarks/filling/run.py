"""How fast documents are made: ours against docxtpl and its peers, in one run, in CPU time, on tmpfs.

    python benchmarks/filling/run.py [--write]     --write puts the table into docs/performance.md

Each peer is a process of its own; they take turns, round after round, and each keeps its best. Every document is
written to a file on tmpfs; what peers have to do once per template they may keep (as a server would).
"""

import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TypeAlias

import peers
import plan
from docx import Document

Figures: TypeAlias = dict[tuple[str, int], float]

ROWS = (10, 200, 2000)
ROUNDS = 5
#: Documents a peer makes per round and number of rows; ours is so quick that it needs more to be measured.
COUNTS = {10: 8, 200: 4, 2000: 2}
OURS = 8
PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
MARKS = ("<!-- filling: begin -->", "<!-- filling: end -->")
FIRST = "import sys, json; from pathlib import Path; values = json.loads(Path(sys.argv[2]).read_text('utf-8')); "
FIRST_OURS = (
    FIRST + "from pipeline.filling import compile_template, fill; fill(compile_template(sys.argv[1]), values)"
)
FIRST_DOCXTPL = FIRST + (
    "from docxtpl import DocxTemplate; import io; d = DocxTemplate(sys.argv[1]); d.render(values, autoescape=True); "
    "d.save(io.BytesIO())"
)


def _check(output: Path, rows: int) -> str:
    """What is wrong with a peer's document; "" when it has its rows and its words."""
    document = Document(str(output))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    last = [cell.text for cell in document.tables[0].rows[-2].cells]
    if "Nguyễn Thị Hồng Hạnh" not in text or "Phấn đấu 94%" not in text:
        return "values are missing"
    return "" if last[0] == str(rows) else f"its last row is {last[0]!r}"


def _measure(work: Path, environment: dict[str, str]) -> tuple[list[peers.Peer], Figures]:
    everyone = peers.all_peers(environment)
    children = {peer.name: peer.start(work) for peer in everyone if not peer.missing}
    best: Figures = {}
    for _ in range(ROUNDS):
        for rows in ROWS:
            for peer in everyone:
                child = children.get(peer.name)
                if child is None or peer.missing:
                    continue
                try:
                    said = child.ask(work / f"{rows}.json", COUNTS[rows] * (OURS if peer.name == "vanthu" else 1))
                    peer.missing = _check(child.output, rows)
                except (RuntimeError, OSError, ValueError, IndexError) as error:
                    peer.missing = str(error).strip().splitlines()[-1][:100]
                    continue
                best[peer.name, rows] = min(said["ms"], best.get((peer.name, rows), float("inf")))
    for child in children.values():
        child.stop()
    return everyone, best


def _memory(everyone: list[peers.Peer], work: Path) -> Figures:
    """Peak memory (MB) of a fresh process that makes one document."""
    peak = {}
    for peer in everyone:
        for rows in (10, 2000):
            if not peer.missing:
                child = peer.start(work)
                peak[peer.name, rows] = child.ask(work / f"{rows}.json", 1)["rss_kib"] / 1024
                child.stop()
    return peak


def _first(program: str, template: Path, values: Path, environment: dict[str, str]) -> tuple[float, float]:
    """CPU and wall time (ms) from a process's start to its end, one document made: the best of twelve."""
    spent = []
    for _ in range(12):
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run([sys.executable, "-c", program, str(template), str(values)], env=environment, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        spent.append((cpu * 1000, (time.perf_counter() - begun) * 1000))
    return min(cpu for cpu, _ in spent), min(wall for _, wall in spent)


def _table(everyone: list[peers.Peer], best: Figures, peak: Figures) -> list[str]:
    lines = ["| filler | 10 rows | 200 rows | 2,000 rows | memory, 10 / 2,000 rows |", "|---|---|---|---|---|"]
    for peer in everyone:
        if peer.missing:
            lines.append(f"| {peer.name} {peer.version} | not installable here: {peer.missing} | | | |")
            continue
        cells = []
        for rows in ROWS:
            ms, base = best[peer.name, rows], best["docxtpl", rows]
            cells.append(f"{ms:.2f} ms ({base / ms:.3g}×)")
        memory = f"{peak[peer.name, 10]:.0f} / {peak[peer.name, 2000]:.0f} MB"
        lines.append(f"| {peer.name} {peer.version} | {' | '.join(cells)} | {memory} |")
    return lines


def _report(work: Path, environment: dict[str, str]) -> str:
    everyone, best = _measure(work, environment)
    peak = _memory(everyone, work)
    template, values = work / "vanthu.docx", work / "10.json"
    ours = _first(FIRST_OURS, template, values, environment)
    theirs = _first(FIRST_DOCXTPL, template, values, environment)
    bare = _first("", template, values, environment)
    jinja = _first("import jinja2.sandbox", template, values, environment)
    others = [peer.name for peer in everyone if not peer.missing and peer.name != "vanthu"]
    fastest = min(others, key=lambda name: best[name, 10])
    factor = best[fastest, 10] / best["vanthu", 10]
    lines = [
        "CPU time of one document (the least of many; in brackets how many times docxtpl's speed), written to a file",
        "on tmpfs; peak memory of a fresh process that makes one. Ours includes every check of strictness.",
        "",
        *_table(everyone, best, peak),
        "",
        f"Best peer at 10 rows: {fastest}, {factor:.0f} times our time. From the start of a process to the end",
        f"of its first document, imports and compiling among it: {ours[1]:.0f} ms ({ours[0]:.0f} ms CPU); docxtpl",
        f"{theirs[1]:.0f} ms. (An interpreter that does nothing: {bare[1]:.0f} ms;",
        f"one that imports Jinja and no more: {jinja[1]:.0f} ms.)",
        "",
        f"Measured with Python {platform.python_version()}, {_node()}, {os.cpu_count()} cores, {platform.machine()}.",
    ]
    return "\n".join(lines)


def _node() -> str:
    if not shutil.which("node"):
        return "no node"
    return "node " + subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()


def main() -> None:
    """Measure, print, and write the page when asked."""
    base = Path("/dev/shm") if Path("/dev/shm").is_dir() else None  # noqa: S108 - tmpfs, on purpose
    with tempfile.TemporaryDirectory(dir=base) as folder:
        work = Path(folder)
        for rows in ROWS:
            (work / f"{rows}.json").write_text(json.dumps(plan.values(rows), ensure_ascii=False), "utf-8")
        # Python's own compiled files belong to a normal start, even where a developer has switched them off
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(work / "pyc")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        report = _report(work, environment)
    print(report)
    if "--write" in sys.argv:
        _write(report)


def _write(report: str) -> None:
    """Put the report between its marks, and make the page when there is none."""
    begin, end = MARKS
    page = (
        PAGE.read_text("utf-8")
        if PAGE.exists()
        else "# Performance\n\nWritten by the programs under `benchmarks/`.\n"
    )
    if begin not in page:
        page += f"\n## Filling (`benchmarks/filling`)\n\n{begin}\n{end}\n"
    PAGE.write_text(re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n{report}\n{end}", page, flags=re.DOTALL), "utf-8")


if __name__ == "__main__":
    main()
