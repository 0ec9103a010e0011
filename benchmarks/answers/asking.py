"""Asks what a file would be answered: read in a guarded child, identified and judged by the road's own stages."""

import contextlib
import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline import reading
from pipeline.app.opening import open_workspace
from pipeline.app.settings import read_settings
from pipeline.kinds import Kind
from pipeline.model import Finding, Job, Reading, State
from pipeline.steps import arrival
from pipeline.validation import in_order, validate
from pipeline.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
NOW = dt.datetime(2022, 6, 3, 9, tzinfo=dt.UTC)
SETTINGS = {"VANTHU_WATCHING__QUIET_SECONDS": "0", "VANTHU_OFFICE__YEAR": "2022"}


class Asked:
    """An office with nothing accepted yet, of the kinds and the year as shipped."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._path = workspace.folders.var / "asked"

    def findings(self, content: bytes, name: str) -> tuple[Finding, ...]:
        """Everything that is found wrong with a file in one pass, as `steps` compose it."""
        self._path.write_bytes(content)
        made = reading.read_guarded(self.workspace.guard, self._path, name, self.workspace.context())
        kind = self.workspace.loaded().kinds.get(made.kind)
        if kind is None:
            return made.findings
        made, _ = arrival.identify(self.workspace, _job(name), kind, made)
        return self._judged(made, kind)

    def _judged(self, made: Reading, kind: Kind) -> tuple[Finding, ...]:
        year = self.workspace.year(2022)
        nothing: dict[str, list[object]] = {known.replace("-", "_"): [] for known in self.workspace.loaded().kinds}
        doc = kind.completed(made.values, year.as_values(kind.date_of(made.values)))
        judged = validate(
            replace(made, values=doc),
            kind,
            year,
            today=self.workspace.today(),
            gathered=nothing,  # type: ignore[arg-type]
            accepted=nothing,  # type: ignore[arg-type]
        )
        return in_order((*made.findings, *judged), kind)


@contextlib.contextmanager
def office() -> Iterator[Asked]:
    """An empty working folder with the kinds and the year of the repository, opened."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("templates", "years"):
            (folder / name).symlink_to(ROOT / name)
        (folder / "config.yaml").write_text("year: 2022\n", "utf-8")
        settings = read_settings(folder, {**os.environ, "VANTHU_WATCHING__QUIET_SECONDS": "0"})
        with open_workspace(settings, who="measure", works=False, clock=lambda: NOW) as workspace:
            yield Asked(workspace)


def _job(name: str) -> Job:
    return Job(
        id=0,
        state=State.RECEIVED,
        sequence=0,
        kind="",
        unit="",
        year=2022,
        variant="",
        revision=1,
        code="",
        name=name,
        folder="",
        submission_sha256="0" * 64,
        bundle_sha256="",
        received_at=NOW,
        changed_at=NOW,
    )
