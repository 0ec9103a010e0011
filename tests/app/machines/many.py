"""Machines for tests: each a namespace of its own with a folder of its own, all with one ledger and one share."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.folders import ROOT, drop, registration
from tests.postgresql import Server

#: What all machines share; `var`, templates, years and settings each has of its own.
SHARED = ("inbox", "outbox", "archive", "anchors", "spool")
KEYS = ("page-marks.key", "khoa-moc.key")


@cache
def separate() -> tuple[str, ...]:
    """Give the words before a command that put it into a namespace of its own; with it all in it ends."""
    words = ("unshare", "--pid", "--fork", "--kill-child", "--uts", "--ipc", "--mount", "--mount-proc")
    if shutil.which("unshare") is None:
        return ()
    return () if subprocess.run([*words, "true"], check=False, capture_output=True).returncode else words


@dataclass
class Office:
    """An office with many machines below `folder`, with `units` units in its year."""

    folder: Path
    server: Server
    url: str
    units: tuple[str, ...]
    lanes: int = 1
    #: where the spool is, if not on the share
    object_store: dict[str, object] = field(default_factory=dict)
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def share(self) -> Path:
        """What lies on the share."""
        return self.folder / "share"

    def machine(self, name: str) -> Path:
        """Make the folder of a machine, or give it."""
        folder = self.folder / name
        if folder.exists():
            return folder
        folder.mkdir(parents=True)
        for part in ("templates", "years"):
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("examples"))
        year = folder / "years" / "2022.yaml"
        year.write_text(year_with(self.units), encoding="utf-8")
        (self.share / "inbox").mkdir(parents=True, exist_ok=True)
        settings = {
            "year": 2022,
            "folders": {part: str(self.share / part) for part in SHARED if part != "spool" or not self.object_store},
            "object_store": self.object_store,
            "database": {"url": self.url},
            "watching": {"quiet_seconds": 0, "scan_seconds": 0.5},
            "rendition": {"pdf": "off", "workers": self.lanes},
            "scans": {"text": "off", "secrecy": "off"},
        }
        (folder / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
        first = next((one for one in self.folder.glob("m*") if (one / "var" / KEYS[0]).is_file()), None)
        (folder / "var").mkdir(mode=0o700)
        if first is not None:
            for key in KEYS:
                shutil.copy2(first / "var" / key, folder / "var" / key)
        else:
            from pipeline.app.office_key import office_key
            from pipeline.proof.signing import Signer

            office_key(folder / "var")
            Signer(folder / "var")
        return folder

    def start(self, name: str, command: str = "worker") -> "subprocess.Popen[bytes]":
        """Start `vanthu worker` on a machine, or another command."""
        words = [sys.executable, "-m", "pipeline", "-C", str(self.machine(name)), command]
        if separate():
            words = [*separate(), "sh", "-c", 'hostname "$0"; exec "$@"', name, *words]
        with (self.folder / f"{name}.log").open("ab") as out:
            self.processes[name] = subprocess.Popen(words, stdout=out, stderr=out)
        return self.processes[name]

    def kill(self, name: str) -> None:
        """Kill a machine with everything on it, at once."""
        self.processes[name].kill()
        self.processes[name].wait()

    def signal_worker(self, name: str, number: signal.Signals) -> None:
        """Send a signal to the worker itself, inside its namespace."""
        outer = self.processes[name].pid
        inner = Path(f"/proc/{outer}/task/{outer}/children").read_text("ascii").split() if separate() else [outer]
        os.kill(int(inner[0]), number)

    def stop(self, name: str, *, within_s: float = 40) -> int:
        """Tell a machine's worker to stop; gives its exit code."""
        self.signal_worker(name, signal.SIGTERM)
        return self.processes[name].wait(timeout=within_s)

    def log(self, name: str) -> str:
        """What a machine's worker has told."""
        return (self.folder / f"{name}.log").read_text("utf-8")

    def there(self) -> dict[str, bool]:
        """The machines whose workers are there, and whether each is the watcher."""
        if self.ask("SELECT to_regclass('vanthu_queue.workers') IS NULL") == [(True,)]:
            return {}
        rows = self.ask("SELECT machine, watches FROM vanthu_queue.workers ORDER BY since")
        return {str(machine): bool(watches) for machine, watches in rows}

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """Ask the database."""
        return self.server.execute(self.url.partition("?")[0].rpartition("/")[2], statement)

    def end(self) -> None:
        """Kill everything that still runs."""
        for name, process in self.processes.items():
            if process.poll() is None:
                self.kill(name)


@contextlib.contextmanager
def office_of_many(folder: Path, server: Server, units: int, lanes: int = 1) -> Iterator[Office]:
    """An office with many machines, none of which runs yet."""
    made = Office(folder, server, server.new_database(), tuple(f"DV{number:02d}" for number in range(units)), lanes)
    try:
        yield made
    finally:
        made.end()


class _WithoutAnchors(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


@cache
def year_with(units: tuple[str, ...]) -> str:
    """The example year with other units, each a copy of the example's third."""
    year: dict[str, Any] = yaml.load((ROOT / "years" / "2022.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    for code in units:
        names = {"code": code, "name": f"Đơn vị {code}", "org": f"Văn phòng Đơn vị {code}", "aliases": [f"ĐV {code}"]}
        year["units"].append(year["units"][2] | names)
    return yaml.dump(year, Dumper=_WithoutAnchors, allow_unicode=True, sort_keys=False)


def form_of(unit: str, number: int) -> str:
    """The registration of a made-up unit."""
    form: dict[str, Any] = yaml.safe_load(registration("BTLTP"))
    form |= {"unit_code": unit, "headcount": 20 + number}
    form["activities"][0]["title"] = f"Hội nghị chuyên đề nghiệp vụ văn phòng của đơn vị {unit}"
    return yaml.safe_dump(form, allow_unicode=True, sort_keys=False)


def drop_forms(office: Office) -> None:
    """Drop the registration of every unit into the shared inbox."""
    for number, unit in enumerate(office.units):
        drop(office.share, f"dk{number}.yaml", form_of(unit, number), unit)
