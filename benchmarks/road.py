"""Drop → document: the whole road per submission against the straightforward script of the same libraries.

    python -m benchmarks.road [--submissions 40] [--pdf]

The road: a workbook dropped into the inbox, claimed into the spool, read in a guarded child, judged, filled, answered
with a receipt and laid out for signature, everything on record and fsynced. The script: openpyxl reads the same
workbook, jsonschema-rs checks it, docxtpl fills the same template, the file is saved; with --pdf, one soffice
process per file. Both in one run on the same machine; wall clock and CPU per submission (of all
processes: the warm guarded children and LibreOffice, which live on, and those that ended), and their ratio.
Statements, write transactions and fsyncs of a submission are counted on further submissions, so that counting costs
the measured ones nothing; these figures are the same on any machine.
"""

import argparse
import copy
import datetime as dt
import io
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from openpyxl import load_workbook
from sqlalchemy import Engine, event

from benchmarks.pages import write_section
from benchmarks.processor import processor_seconds
from pipeline.app.opening import open_workspace
from pipeline.app.settings import read_settings
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.layout import apply, profile_for
from pipeline.model import Role, State
from pipeline.vietnamese.filters import FILTERS
from pipeline.workspace import Workspace
from scripts.story import Clock

ROOT = Path(__file__).resolve().parents[1]
WORKBOOK = ROOT / "examples" / "2022" / "EVNHCMC" / "Dang ky thi dua 2022.xlsx"
OUT = ROOT / "benchmarks" / "out"
#: Submissions on which statements and fsyncs are counted.
COUNTED = 20


@dataclass(frozen=True)
class Cost:
    """What some submissions cost, per submission, in milliseconds."""

    wall_ms: float
    cpu_ms: float


@dataclass(frozen=True)
class Counts:
    """What one submission asks of database and disk; `syncs` are those of the program, not the database's own."""

    statements: float
    transactions: float
    syncs: float


def counted(work: Callable[[], object], count: int) -> Counts:
    """Count what some work on `count` submissions asks of database and disk."""
    seen: Counter[str] = Counter()
    sync = os.fsync

    def said(*given: Any) -> None:
        text = str(given[2])
        seen["begin" if text == "BEGIN" else "write" if text.startswith("BEGIN") else "statement"] += 1

    def synced(fd: Any) -> None:
        seen["sync"] += 1
        sync(fd)

    event.listen(Engine, "before_cursor_execute", said)
    os.fsync = synced
    try:
        work()
    finally:
        os.fsync = sync
        event.remove(Engine, "before_cursor_execute", said)
    return Counts(*(seen[name] / count for name in ("statement", "write", "sync")))


def timed(work: Callable[[], object], count: int) -> Cost:
    """Time some work on `count` submissions."""
    wall, cpu = time.perf_counter(), processor_seconds()
    work()
    return Cost((time.perf_counter() - wall) / count * 1000, (processor_seconds() - cpu) / count * 1000)


def office_of(folder: Path, units: int, *, pdf: bool) -> Path:
    """Make a working folder whose cluster has `units` members more than the example's ten."""
    shutil.copytree(ROOT / "templates", folder / "templates")
    (folder / "years").mkdir()
    year = yaml.safe_load((ROOT / "years" / "2022.yaml").read_text(encoding="utf-8"))
    model = year["units"][0] | {"role": "thanh_vien"}  # the form's own signer may sign for each of them
    for number in range(units):
        named = {"code": f"DV{number:04d}", "name": f"Đơn vị số {number}", "aliases": [f"ĐV {number}"]}
        year["units"].append(copy.deepcopy(model) | named | {"org": f"Văn phòng Đảng ủy số {number}"})
    (folder / "years" / "2022.yaml").write_text(yaml.safe_dump(year, allow_unicode=True, sort_keys=False), "utf-8")
    settings = {
        "year": 2022,
        "watching": {"quiet_seconds": 0},
        "rendition": {"pdf": "on" if pdf else "off"},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(settings), "utf-8")
    (folder / "inbox").mkdir()
    return folder


def submissions(folder: Path, count: int) -> list[Path]:
    """Make the workbooks of `count` units: the same form, each in its own name."""
    year = yaml.safe_load((folder / "years" / "2022.yaml").read_text(encoding="utf-8"))
    made = []
    (folder / "forms").mkdir()
    for unit in year["units"][-count:]:
        workbook = load_workbook(WORKBOOK)
        for row in workbook.worksheets[0].iter_rows():
            for cell, following in itertools.pairwise(row):
                if str(cell.value).startswith("Đơn vị"):
                    following.value = unit["code"]
        path = folder / "forms" / f"{unit['code']}.xlsx"
        workbook.save(path)
        made.append(path)
    return made


def by_road(workspace: Workspace, forms: list[Path]) -> None:
    """Drop the forms and work them off."""
    for form in forms:
        target = workspace.folders.inbox / form.stem / form.name
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(form, target)
    serve_once(Worker(workspace, 2), Rhythm(1, 0))
    if returned := workspace.ledger.in_states([State.RETURNED, State.HELD]):
        raise SystemExit(f"{len(returned)} did not go through: {returned[0].reason}")


class Script:
    """The straightforward script; the values a template needs are given to it for nothing."""

    def __init__(self, workspace: Workspace, folder: Path, *, pdf: bool) -> None:
        kind = workspace.loaded().kinds["dang-ky"]
        (job, *_) = workspace.ledger.in_states([State.DELIVERED])
        self.values: Any = json.loads(workspace.artifact(job, Role.VALUES))
        self.doc = workspace.reading(job).values
        self.schema = kind.fields.schema
        template = apply(kind.template, profile_for(job.document_on or workspace.today(), kind.form_family))
        self.template = folder / "template.docx"
        self.template.write_bytes(template)
        self.out = folder / "script"
        self.out.mkdir()
        self.pdf = pdf

    def __call__(self, forms: list[Path]) -> None:
        for form in forms:
            sheet_values = [
                [cell.value for cell in row] for sheet in load_workbook(form).worksheets for row in sheet.iter_rows()
            ]
            assert sheet_values
            jsonschema_rs.validator_for(self.schema).is_valid(self.doc)
            template = DocxTemplate(io.BytesIO(self.template.read_bytes()))
            environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
            environment.filters |= FILTERS
            template.render(self.values, environment)
            path = self.out / f"{form.stem}.docx"
            template.save(path)
            if self.pdf:
                subprocess.run(
                    [
                        "soffice",
                        f"-env:UserInstallation=file://{self.out}/profile",
                        "--headless",
                        "--convert-to",
                        "pdf",
                        "--outdir",
                        str(self.out),
                        str(path),
                    ],
                    capture_output=True,
                    check=True,
                )


def measure(count: int, *, pdf: bool) -> tuple[Cost, Cost, Counts]:
    """Measure road and script on `count` submissions each, and count on a few more."""
    more = count + 2 + COUNTED
    with tempfile.TemporaryDirectory() as temporary:
        folder = office_of(Path(temporary), more, pdf=pdf)
        forms = submissions(folder, more)
        clock = Clock()
        clock.set(dt.date(2022, 5, 27))
        with open_workspace(
            read_settings(folder, dict(os.environ)), who="bench", works=True, clock=clock
        ) as workspace:
            workspace.guard.warm()
            by_road(workspace, forms[:2])  # children, LibreOffice and caches are warm in an office's day
            workspace.guard.warm()  # a child that a cold start made too slow was ended meanwhile
            script = Script(workspace, folder, pdf=pdf)
            script(forms[:1])
            half = 2 + count // 2
            peer = timed(lambda: script(forms[2:half]), half - 2)
            road = timed(lambda: by_road(workspace, forms[2 : count + 2]), count)
            counts = counted(lambda: by_road(workspace, forms[count + 2 :]), COUNTED)
            delivered = len(workspace.ledger.in_states([State.DELIVERED]))
            if delivered != more:
                raise SystemExit(f"only {delivered} of {more} went through")
    return road, peer, counts


def _report(count: int, road: Cost, script: Cost, counts: Counts) -> str:
    load = os.getloadavg()[0]
    busy = f"The machine was busy with other work (load {load:.1f}): read the processor time." if load > 2.5 else ""
    return f"""Per submission, {count} submissions, everything warm; processor time of all processes: ours, the warm guarded
children and LibreOffice, and those that ended. (Until November 2026 children that live on were left out, which made
the road look cheaper than it is.) {busy}

| | by the clock | processor time |
|---|---|---|
| the road: claimed, read in a guarded child, judged, filled, answered, on record, fsynced | {road.wall_ms:.0f} ms | {road.cpu_ms:.0f} ms |
| a script of the same libraries: read, checked, filled, saved | {script.wall_ms:.0f} ms | {script.cpu_ms:.0f} ms |
| script / road | {script.wall_ms / road.wall_ms:.2f}× | {script.cpu_ms / road.cpu_ms:.2f}× |

Each submission asks {counts.statements:.0f} statements of the ledger in {counts.transactions:.0f} write transactions, and {counts.syncs:.0f} fsyncs
beside the database's own ({COUNTED} submissions of units that are new to spool and outbox)."""  # noqa: E501


def main() -> None:
    """Measure, print, and put the figures on the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=40)
    parser.add_argument("--pdf", action="store_true")
    given = parser.parse_args()
    road, peer, counts = measure(given.submissions, pdf=given.pdf)
    print(f"drop → document{' with PDF' if given.pdf else ''}, {given.submissions} submissions, per submission")
    print(f"{'':28}{'wall ms':>10}{'CPU ms':>10}")
    for name, cost in (("the road, on record, fsynced", road), ("script of the same libraries", peer)):
        print(f"{name:28}{cost.wall_ms:10.1f}{cost.cpu_ms:10.1f}")
    print(f"{'script / road':28}{peer.wall_ms / road.wall_ms:9.2f}×{peer.cpu_ms / road.cpu_ms:9.2f}×")
    write_section(
        "performance.md",
        "road-pdf" if given.pdf else "road",
        f"Drop → document{' with PDF' if given.pdf else ''}",
        _report(given.submissions, road, peer, counts),
    )
    OUT.mkdir(exist_ok=True)
    print(f"statements {counts.statements:.1f}, transactions {counts.transactions:.1f}, fsyncs {counts.syncs:.1f}")
    name = "road-pdf.json" if given.pdf else "road.json"
    (OUT / name).write_text(
        json.dumps(
            {"submissions": given.submissions, "road": vars(road), "script": vars(peer), "counts": vars(counts)}
        ),
        "utf-8",
    )


if __name__ == "__main__":
    main()
