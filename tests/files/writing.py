"""Real processes that have a file open for writing, and write on when they are told to."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: Opens a file, writes at a place, says that it did, and goes on with every line it reads until there is none.
_WRITER = """
import os, sys
fd = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)
for line in sys.stdin:
    place, content = line.split(" ", 1)
    os.pwrite(fd, bytes.fromhex(content.strip()), int(place))
    print("written", flush=True)
"""


@dataclass
class Writer:
    """One process that holds one file open."""

    process: "subprocess.Popen[str]"

    def write(self, content: bytes, at: int = 0) -> None:
        """Write at a place, as a program does that keeps its handle."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{at} {content.hex()}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "written\n"

    def close(self) -> None:
        """Let it end."""
        self.process.communicate()


@contextlib.contextmanager
def writer(path: Path, first: bytes = b"") -> Iterator[Writer]:
    """A process that has written `first` into the file, and still holds it."""
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    held = Writer(process)
    try:
        held.write(first)
        yield held
    finally:
        process.kill()
        process.communicate()
