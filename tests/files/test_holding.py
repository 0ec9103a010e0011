"""Who has a file open for writing is asked of the kernel, and what it does not tell us is not taken for a no."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.files import Holders, Holding
from tests.files.writing import writer

#: Somebody who owns none of our files.
STRANGER = 54321
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")

_ASKS = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from pipeline.files import Holders
import os
if len(sys.argv) > 4:
    os.setuid(int(sys.argv[4]))
for _ in range(int(sys.argv[3])):
    fd = os.open(sys.argv[2], os.O_RDONLY)
    answer = Holders().of(fd)
    os.close(fd)
print(answer.value)
"""


def asked(path: Path) -> Holding:
    fd = os.open(path, os.O_RDONLY)
    try:
        return Holders().of(fd)
    finally:
        os.close(fd)


def asking(path: Path, times: int, user: int | None = None) -> "subprocess.Popen[str]":
    root = str(Path(__file__).resolve().parents[2])
    words = [sys.executable, "-c", _ASKS, root, str(path), str(times), *([str(user)] if user else [])]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def answer(process: "subprocess.Popen[str]") -> Holding:
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return Holding(out.strip())


def test_a_file_is_held_as_long_as_a_process_has_it_open_for_writing(tmp_path: Path) -> None:
    path = tmp_path / "dk.yaml"
    with writer(path, b"kind: ") as held:
        assert asked(path) is Holding.WRITER
        held.close()
        assert asked(path) is Holding.NOBODY


def test_whoever_only_reads_a_file_holds_it_not(tmp_path: Path) -> None:
    path = tmp_path / "dk.yaml"
    path.write_bytes(b"kind: dang-ky")
    with path.open("rb"):
        assert asked(path) is Holding.NOBODY


def test_asking_keeps_nobody_from_writing_and_ends_no_process(tmp_path: Path) -> None:
    """The kernel signals whoever holds a lease when the file is opened; by its usual signal we would die."""
    path = tmp_path / "dk.yaml"
    path.write_bytes(b"kind: dang-ky")
    process = asking(path, 3_000)
    while process.poll() is None:
        path.write_bytes(b"kind: dang-ky")
    assert answer(process) in {Holding.NOBODY, Holding.WRITER}


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A file of ours that strangers may read and write."""
    with tempfile.NamedTemporaryFile(delete=False) as made:
        path = Path(made.name)
    path.chmod(0o666)
    yield path
    path.unlink()


@needs_root
def test_of_another_users_file_it_is_not_known_that_nobody_writes_it(open_to_all: Path) -> None:
    assert answer(asking(open_to_all, 1, STRANGER)) is Holding.UNKNOWN


@needs_root
def test_a_writer_whom_we_may_look_at_is_found_without_a_lease(open_to_all: Path) -> None:
    words = ["/bin/sh", "-c", 'exec 3>>"$0"; echo; read _', str(open_to_all)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, user=STRANGER) as held:
        assert held.stdout is not None
        held.stdout.readline()
        assert answer(asking(open_to_all, 1, STRANGER)) is Holding.WRITER
        held.communicate("\n")
