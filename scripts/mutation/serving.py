"""A warm server for `running`: it has imported the libraries, and forks one pytest for each line it is given.

Standing alone: it is run by the interpreter of a copied tree and imports nothing of the project, so that each fork
imports the source as it is at that moment.
"""

import contextlib
import importlib
import json
import os
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path

MOST_BYTES = 4 * 1024**3


def run(tests: list[str], log: str) -> None:
    """Be the forked pytest: end with its exit code."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))  # a loop that only collects ends by itself
    out = os.open(log, os.O_WRONLY | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    sys.path.insert(0, str(Path.cwd()))
    import pytest

    # plugins are warm too: pytest says that it cannot rewrite their assertions any more
    warm = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"
    code = pytest.main(["-W", warm, "-x", "-q", "--tb=line", "-p", "no:cacheprovider", *tests])
    sys.stdout.flush()
    os._exit(int(code))


def waited_for(pid: int, seconds: float) -> int:
    """Give the exit code of a fork, or minus the signal; all it started is ended with it."""
    end = time.monotonic() + seconds
    code = -signal.SIGALRM
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            break
        time.sleep(0.02)
    if code == -signal.SIGALRM:
        for one in (*descendants(pid), pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        os.waitpid(pid, 0)
    return code


def descendants(pid: int) -> list[int]:
    """List the processes below one: guarded children and LibreOffice lead groups of their own."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, left = [], [pid]
    while left:
        below = children.get(left.pop(), [])
        found += below
        left += below
    return found


def main() -> None:
    """Serve until stdin closes."""
    for name in ("hypothesis", *Path(sys.argv[1]).read_text("utf-8").split()):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever a library prints is no answer
    with tempfile.NamedTemporaryFile() as log:
        for line in sys.stdin:
            order = json.loads(line)
            pid = os.fork()
            if pid == 0:
                try:
                    run(order["tests"], log.name)
                finally:
                    os._exit(3)
            code = waited_for(pid, order["seconds"])
            words = Path(log.name).read_text("utf-8", "replace").splitlines()
            said = next((one for one in words if one.startswith(("FAILED", "ERROR"))), words[-1] if words else "")
            answers.write(json.dumps({"code": code, "said": said[:300]}) + "\n")
            answers.flush()


if __name__ == "__main__":
    main()
