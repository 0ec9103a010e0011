"""What holds at every door: an answer or a refusal of ours, within limits, and nothing done beside it.

Memory and depth that run out are answers, too: a guarded child says so of itself (`pipeline.tools.guarded`).
"""

import contextlib
import functools
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, Final

from pipeline.errors import VanthuError
from pipeline.files.refusals import Unfit

#: As a guarded call has, of processor time (`pipeline.tools.guarded.Limits`).
SECONDS: Final = 20
_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NEVER: Final = frozenset({"os.system", "subprocess.Popen", "os.exec", "os.posix_spawn", "socket.connect"})
_NAMED: Final = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate"})


class Violation(Exception):  # noqa: N818 - names what was seen
    """A door did what no door may do; `key` is the same for inputs that show the same."""

    def __init__(self, key: str, told: str) -> None:
        super().__init__(told)
        self.key = key


class _TooLong(BaseException):
    pass


class _Watch:
    """What the process does while a door is open: files and programs, as the interpreter tells of them."""

    def __init__(self) -> None:
        self.allowed = ""
        self.is_on = False
        self.seen: list[str] = []

    def _is_allowed(self, path: object) -> bool:
        """Whether a path lies in the folder of the try; a descriptor is of something that was opened before."""
        # a module that is imported at its first use is compiled beside itself
        if isinstance(path, str | bytes) and "__pycache__" in os.fsdecode(path):
            return True
        return not isinstance(path, str | bytes) or os.path.abspath(os.fsdecode(path)).startswith(self.allowed)  # noqa: PTH100

    def told(self, event: str, about: tuple[Any, ...]) -> None:
        if not self.is_on:
            return
        if event == "open":
            path, _, flags = about
            if isinstance(flags, int) and flags & _WRITES and not self._is_allowed(path):
                self.seen.append(f"opens {path!r} for writing")
        elif event in _NEVER or (event in _NAMED and not self._is_allowed(about[0])):
            self.seen.append(f"{event} {about!r}")


_WATCH: Final = _Watch()


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise _TooLong


@functools.cache
def _set_up() -> None:
    """Watch this process from now on; a hook of the interpreter is never taken away."""
    sys.addaudithook(_WATCH.told)
    signal.signal(signal.SIGPROF, _too_long)


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder in memory for as long as doors are tried."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        yield Path(name)


def answer(door: Callable[[Path, bytes], str], folder: Path, content: bytes) -> str:
    """What a door answers, in a word or two; only in this folder it may write. Raises Violation."""
    _set_up()
    _WATCH.allowed = str(folder)
    _WATCH.seen.clear()
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    _WATCH.is_on = True
    try:
        said = door(folder, content)
    except Unfit as unfit:
        said = f"refused: {unfit.finding.code}"
    except VanthuError as refused:
        said = f"refused: {type(refused).__name__}"
    except (MemoryError, RecursionError) as ended:
        said = f"refused: {type(ended).__name__}"
    except _TooLong as trouble:
        raise Violation(f"too long in {_place(trouble)}", _said(trouble)) from trouble
    except Exception as trouble:
        raise Violation(f"{type(trouble).__name__} in {_place(trouble)}", _said(trouble)) from trouble
    finally:
        _WATCH.is_on = False
        signal.setitimer(signal.ITIMER_PROF, 0)
    if _WATCH.seen:
        raise Violation(_WATCH.seen[0].partition(" ")[0], "; ".join(_WATCH.seen))
    return said


def _place(trouble: BaseException) -> str:
    frames = traceback.extract_tb(trouble.__traceback__)
    ours = [one for one in frames if "/pipeline/" in one.filename or "/fuzz/doors" in one.filename]
    last = (ours or frames)[-1]
    return f"{Path(last.filename).name}:{last.name}:{last.lineno}"


def _said(trouble: BaseException) -> str:
    return "".join(traceback.format_exception(trouble)[-12:])
