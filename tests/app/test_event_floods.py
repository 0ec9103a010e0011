"""Floods of events, by the real observer in a process of its own: what the kernel drops costs no file."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.intake import look
from tests.folders import ROOT

#: Creating, changing and closing each: three times as many events as files, and 16,384 wait at most.
FILES = 8_000
WAITING = Path("/proc/sys/fs/inotify/max_queued_events")
WATCHES = """
import sys, threading
from pathlib import Path
from pipeline.app.watching import FolderObserver
from pipeline.intake import look
inbox, wake = Path(sys.argv[1]), threading.Event()
observer = FolderObserver(inbox, wake)
observer.open()
print("ready", flush=True)
for order in sys.stdin:
    is_woken = wake.wait(20) if order.strip() == "wait" else wake.is_set()
    wake.clear()
    observer.open()
    print(is_woken, len(look(inbox)), observer._is_reporting(), flush=True)
"""


@pytest.fixture
def watching(tmp_path: Path) -> "Iterator[subprocess.Popen[str]]":
    (tmp_path / "inbox" / "CATP").mkdir(parents=True)
    process = subprocess.Popen(
        [sys.executable, "-c", WATCHES, str(tmp_path / "inbox")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def asked(process: "subprocess.Popen[str]", order: str = "wait") -> list[str]:
    """Whether it was woken, how many files it sees, whether its observer reports still."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{order}\n")
    process.stdin.flush()
    return process.stdout.readline().split()


@pytest.mark.slow
@pytest.mark.skipif(
    not WAITING.exists() or int(WAITING.read_text("ascii")) > 3 * FILES, reason="the kernel keeps all events"
)
def test_of_eight_thousand_files_at_once_none_is_missed_though_events_are_dropped(
    watching: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    folder = tmp_path / "inbox" / "CATP"
    assert watching.stdout is not None
    assert watching.stdout.readline() == "ready\n"
    os.kill(watching.pid, signal.SIGSTOP)
    for number in range(FILES):
        (folder / f"{number}.yaml").write_bytes(b"kind: dang-ky\n...\n")
    os.kill(watching.pid, signal.SIGCONT)

    assert asked(watching) == ["True", str(FILES), "True"]

    # what was left of the flood is drained; then one more file wakes as ever
    end = time.monotonic() + 60
    while time.monotonic() < end and not is_quiet(tmp_path / "inbox", watching):
        pass
    asked(watching, "forget")
    (folder / "one-more.yaml").write_bytes(b"kind: dang-ky\n...\n")
    assert asked(watching) == ["True", str(FILES + 1), "True"]


def is_quiet(inbox: Path, process: "subprocess.Popen[str]") -> bool:
    """Whether the process waits for events, with none left for it to read."""
    assert len(look(inbox)) == FILES
    before = Path(f"/proc/{process.pid}/stat").read_text("ascii").split()[13:15]
    time.sleep(1)
    return Path(f"/proc/{process.pid}/stat").read_text("ascii").split()[13:15] == before
