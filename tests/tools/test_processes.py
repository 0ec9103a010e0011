"""An outside program is limited from its first moment, and so is all that it starts."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline.tools import processes


class EndedBeforeAnybodyLooks(subprocess.Popen[bytes]):
    """A process that has done all it does by the time its parent goes on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wait(60)


def test_limits_hold_from_the_first_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", EndedBeforeAnybodyLooks)
    limits = {
        resource.RLIMIT_AS: 3 << 30,
        resource.RLIMIT_DATA: 1 << 29,
        resource.RLIMIT_FSIZE: 1 << 20,
        resource.RLIMIT_CPU: 7,
    }
    asked = "ulimit -c; ulimit -v; ulimit -d; ulimit -f; ulimit -t"
    answer = tmp_path / "answer"
    # asked of a grandchild: LibreOffice starts itself by a script
    process = processes.started(["sh", "-c", f"sh -c '{asked}' >{answer}"], tmp_path, limits=limits)
    assert process.returncode == 0
    assert answer.read_text().split() == ["0", str(3 << 20), str(1 << 19), "2048", "7"]


def test_the_named_sockets_of_what_was_killed_are_taken_away_and_those_of_others_stay(tmp_path: Path) -> None:
    """LibreOffice makes its own in /tmp: hundreds lay there."""
    listening = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); print(1, flush=True); input()"  # noqa: E501
    theirs = tmp_path / "OSL_PIPE_0_theirs"
    ours = tmp_path / "OSL_PIPE_0_ours"
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(theirs))
        other.listen()
        process = processes.started([sys.executable, "-c", listening, str(ours)], tmp_path, is_piped=True)
        assert process.stdout is not None
        assert process.stdout.readline() == b"1\n"
        assert ours.exists()
        processes.killed(process)
        assert (ours.exists(), theirs.exists()) == (False, True)


def test_what_gives_way_does_so_with_all_its_threads_and_all_it_starts(tmp_path: Path) -> None:
    threads = "import threading, time; [threading.Thread(target=time.sleep, args=(60,)).start() for _ in range(3)]; print(1, flush=True); input()"  # noqa: E501
    process = processes.started([sys.executable, "-c", threads], tmp_path, is_piped=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"1\n"
        processes.give_way(process.pid)
        tasks = [int(path.name) for path in Path(f"/proc/{process.pid}/task").iterdir()]
        assert [os.getpriority(os.PRIO_PROCESS, task) for task in tasks] == [10] * 4
        # where the kernel shares by session, the priority of a process alone changes nothing
        by_session = Path(f"/proc/{process.pid}/autogroup")
        if by_session.exists():
            assert by_session.read_text().split()[1:] == ["nice", "10"]
    finally:
        processes.killed(process)
    assert os.getpriority(os.PRIO_PROCESS, 0) == 0


def test_of_what_stands_still_the_clock_counts_and_of_what_shares_a_core_the_processor(tmp_path: Path) -> None:
    core = min(os.sched_getaffinity(0))
    spins = f"import os; os.sched_setaffinity(0, {{{core}}}); print(1, flush=True)\nwhile True: pass"
    spinning = [processes.started([sys.executable, "-c", spins], tmp_path, is_piped=True) for _ in range(4)]
    stopped = processes.started(["sleep", "60"], tmp_path)
    try:
        for process in spinning:
            assert process.stdout is not None
            process.stdout.readline()
        stopped.send_signal(signal.SIGSTOP)
        clocks = [processes.TimeHad(process.pid) for process in (spinning[0], stopped)]
        begun = time.monotonic()
        for _ in range(10):
            shared, still = (clock.seconds() for clock in clocks)
            time.sleep(0.05)
        passed = time.monotonic() - begun
    finally:
        for process in (*spinning, stopped):
            processes.killed(process)
    assert still > 0.8 * passed
    assert shared < 0.6 * passed
