"""A child's side of `recording`: count the lines run here, and tell them before every answer and at the end.

Loaded by every Python process of a recorded tree (its interpreter's `reach.pth`); it does nothing where no recording
listens.
"""

import atexit
import contextlib
import sysconfig
from multiprocessing.connection import Client, Connection
from pathlib import Path
from types import ModuleType
from typing import Any

_state: dict[str, Any] = {}


def begin() -> None:
    """Count from now on, if a recording listens."""
    socket = Path(sysconfig.get_path("purelib")) / "reach.sock"
    if not socket.exists() or _state:
        return
    try:
        link: Connection[Any, Any] = Client(str(socket), "AF_UNIX")
    except OSError:
        return
    import coverage

    package = Path(__file__).resolve().parents[2] / "pipeline" / "*"
    counted = coverage.Coverage(data_file=None, config_file=False, include=[str(package)], messages=False)
    counted.start()
    _state.update(coverage=counted, link=link)
    atexit.register(tell)


def tell() -> None:
    """Send what was reached since the last time, and wait until it is heard."""
    if not _state:
        return
    with contextlib.suppress(OSError, EOFError):
        data = _state["coverage"].get_data()
        lines = {path: data.lines(path) or [] for path in data.measured_files()}
        _state["link"].send(lines)
        _state["link"].recv()


def attach(guarded: ModuleType) -> None:
    """Tell before every answer of a guarded child: it ends without `atexit` when it is killed."""
    begin()
    answer = guarded._reply

    def told(*given: object) -> None:
        tell()
        answer(*given)

    guarded._reply = told  # type: ignore[attr-defined]
