"""An office for tests: a working folder, a day on its wall, and its command line."""

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline import kinds
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.cli import entry
from pipeline.model import Job, State
from pipeline.workspace import Workspace
from tests.folders import Clock, drop, let_in
from tests.sample_papers import signed_paper

NOW = Rhythm(1, 0)


def morning(day: str) -> dt.datetime:
    """Nine o'clock on a day of the office."""
    return dt.datetime.fromisoformat(f"{day}T02:00:00+00:00")


@dataclass
class Told:
    """What a command line answered."""

    code: int
    out: str
    err: str

    @property
    def facts(self) -> Any:
        """Its answer, read as JSON."""
        return json.loads(self.out)


@dataclass
class Office:
    """One working folder that stays open, the clock on its wall, and its command line."""

    folder: Path
    workspace: Workspace
    clock: Clock
    capsys: pytest.CaptureFixture[str]

    def of_units(self, *codes: str, **changes: object) -> None:
        """Let the cluster have only these units, and the year other facts."""
        year = self.workspace.year(2022)
        units = tuple(unit for unit in year.units if unit.code in codes)
        fewer = dataclasses.replace(year, **{"units": units} | changes)  # type: ignore[arg-type]  # any fact of a year
        self.workspace = dataclasses.replace(self.workspace, years={2022: fewer})

    def change_kind(self, kind: str, old: str, new: str) -> None:
        """Let the kind.yaml of a kind say something else."""
        file = self.folder / "templates" / kind / "kind.yaml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        known = kinds.load_all(file.parents[1], self.workspace.words)
        self.workspace = dataclasses.replace(self.workspace, loaded=lambda: known)

    def on(self, day: str) -> None:
        """Let it be the morning of a day."""
        self.clock.now = morning(day)

    def drop(self, name: str, content: str | bytes, unit: str = "") -> Job:
        """Drop a file and work it off; gives its job."""
        drop(self.folder, name, content, unit)
        self.serve()
        if let_in(self.workspace):
            self.serve()
        return max(self.workspace.ledger.in_states(State), key=lambda job: job.id)

    def serve(self) -> Worker:
        """Work off what lies in the inbox."""
        worker = Worker(self.workspace, 1)
        serve_once(worker, NOW)
        return worker

    def job(self, job_id: int) -> Job:
        """Read one job."""
        return self.workspace.ledger.job(job_id)

    def sign(self, job_id: int) -> None:
        """Drop the signed paper of a document."""
        self.drop(f"quet-{job_id}.pdf", signed_paper(self.job(job_id).code), "da-ky")

    def run(self, *words: str) -> Told:
        """Run a command line in this office."""
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            entry.main(["-C", str(self.folder), *words])
        told = self.capsys.readouterr()
        return Told(int(left.value.code or 0), told.out, told.err)

    def cell(self, unit: str, kind: str = "dang-ky") -> tuple[str, int]:
        """Where a unit stands with a kind, and by how many days it is late, as `vanthu status` tells machines."""
        cells = self.run("status", "--json").facts["units"]
        (cell,) = [one for one in cells if (one["unit"], one["kind"]) == (unit, kind)]
        return cell["stand"], cell["late_days"]

    def lying(self, name: str) -> Path:
        """A file of the outbox."""
        return self.folder / "outbox" / name
