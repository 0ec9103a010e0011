"""A hostile share that is mounted for a test, and `vanthu watch` as a process on it."""

import contextlib
import ctypes.util
import importlib.util
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.share.moods import Moods

ROOT = Path(__file__).resolve().parents[2]


def why_no_share() -> str:
    """What is missing for a file system of our own; "" when nothing is."""
    if importlib.util.find_spec("mfusepy") is None:
        return "mfusepy is not installed (requirements/dev.lock)"
    if ctypes.util.find_library("fuse") is None and ctypes.util.find_library("fuse3") is None:
        return "libfuse is not installed (apt-get install fuse3)"
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        return "this machine lets nobody here mount a file system (/dev/fuse)"
    return ""


needs_share = pytest.mark.skipif(bool(why_no_share()), reason=why_no_share() or "-")


@dataclass
class Share:
    """A folder as another machine has it, and the same as it is seen through a bad share."""

    folder: Path
    mounted: Path
    moods_file: Path

    def feels(self, moods: Moods) -> None:
        """Behave so from now on."""
        moods.write(self.moods_file)


@contextlib.contextmanager
def shared(place: Path, moods: Moods, mounted: Path | None = None, kind: str = "hostile") -> Iterator[Share]:
    """Mount a bad share for the length of a block."""
    share = Share(place / "folder", mounted or place / "share", place / "moods.json")
    share.folder.mkdir(parents=True, exist_ok=True)
    share.mounted.mkdir(parents=True, exist_ok=True)
    share.feels(moods)
    with remounted(share, kind):
        yield share


@contextlib.contextmanager
def remounted(share: Share, kind: str = "hostile") -> Iterator[None]:
    """Mount a share, again after it was taken away."""
    places = (share.folder, share.mounted, share.moods_file)
    words = [sys.executable, "-m", "tests.share.hostile_share", *map(str, places)]
    process = subprocess.Popen(words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "SHARE_KIND": kind})
    try:
        assert comes(lambda: share.mounted.is_mount() or process.poll() is not None)
        if process.poll() is not None:
            pytest.skip("this machine lets nobody here mount a file system")
        yield
    finally:
        unmounted(share.mounted)
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def unmounted(place: Path) -> None:
    """Take a share away, whoever still uses it."""
    subprocess.run(["umount", "-l", str(place)], check=False, stderr=subprocess.DEVNULL)


def vanthu(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command on a working folder."""
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "-C", str(folder), *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def comes(true: Callable[[], object], within: float = 30.0) -> bool:
    """Wait until something is so."""
    deadline = time.monotonic() + within
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return bool(true())


@dataclass
class Watch:
    """A running `vanthu watch`."""

    folder: Path
    process: "subprocess.Popen[bytes]"
    log: Path

    def taken(self) -> dict[str, int]:
        """How many jobs the ledger has of each sha256."""
        path = self.folder / "var" / "vanthu.sqlite"
        if not path.exists():
            return {}
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as ledger:
            try:
                return dict(ledger.execute("SELECT submission_sha256, count(*) FROM jobs GROUP BY 1"))
            except sqlite3.OperationalError:  # it is being made
                return {}

    def is_alive(self) -> bool:
        """Tell whether it still runs."""
        return self.process.poll() is None

    def said(self, action: str) -> list[str]:
        """The lines of its log about one action."""
        return [line for line in self.log.read_text("utf-8").splitlines() if action in line]


@contextlib.contextmanager
def watching(folder: Path, settings: Mapping[str, str]) -> Iterator[Watch]:
    """Run `vanthu watch` on a working folder; `settings` by their VANTHU_* names without the prefix."""
    env = {**os.environ, **{f"VANTHU_{name}": value for name, value in settings.items()}, "PYTHONPATH": str(ROOT)}
    log = folder / "watch.log"
    with log.open("wb") as out:
        words = [sys.executable, "-m", "pipeline", "-C", str(folder), "watch"]
        process = subprocess.Popen(words, cwd=ROOT, env=env, stdout=out, stderr=out)
        try:
            yield Watch(folder, process, log)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
