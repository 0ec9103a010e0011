"""How the command line ends where no command decides it."""

import os
import subprocess
import sys
from pathlib import Path


def test_a_reader_that_has_seen_enough_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("year: 2022\n", encoding="utf-8")
    gone, pipe = os.pipe()
    os.close(gone)
    command = [sys.executable, "-m", "pipeline", "-C", str(tmp_path), "config", "show"]

    done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, text=True, check=False)

    os.close(pipe)
    assert (done.returncode, done.stderr) == (0, "")
