"""An outside program is limited from its first moment, and so is all that it starts."""

import resource
import socket
import subprocess
import sys
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
