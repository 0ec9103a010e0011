"""Where the tests write (`scripts/scratch`)."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.folders import ROOT

ROOM = "echo head; echo tmpfs 24000000 0 24000000 0% there"


@pytest.mark.parametrize(
    ("df", "chmod", "is_memory"),
    [
        pytest.param(ROOM, 'exec /bin/chmod "$@"', True, id="room, and programs may be run"),
        pytest.param(ROOM.replace("24000000", "65536"), 'exec /bin/chmod "$@"', False, id="no room"),
        pytest.param(ROOM, "exit 0", False, id="nothing may be run there"),
        pytest.param("exit 1", 'exec /bin/chmod "$@"', False, id="there is no such folder"),
    ],
)
def test_tests_write_into_memory_where_there_is_room_and_programs_may_be_run(
    tmp_path: Path, df: str, chmod: str, *, is_memory: bool
) -> None:
    programs, memory = tmp_path / "bin", tmp_path / "memory"
    programs.mkdir()
    memory.mkdir()
    for name, does in (("df", df), ("chmod", chmod)):
        (programs / name).write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "TMPDIR": str(tmp_path)}
    words = [str(ROOT / "scripts" / "scratch"), str(memory)]
    told = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    assert (told.stdout, told.stderr) == (f"{memory if is_memory else tmp_path}\n", "")
    assert not list(memory.iterdir())
