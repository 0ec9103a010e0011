"""One LibreOffice kept running and driven over UNO: our side, which exchanges lines of JSON with `uno_bridge`.

The bridge is a process of its own because `uno` is tied to the system's Python and its LibreOffice; neither is ours.
"""

import json
import os
import select
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from pipeline.tools import patience
from pipeline.tools.processes import give_way, group_members, killed, resident_bytes, started
from pipeline.tools.soffice.allowance import Allowance, Demand, died

_BRIDGE: Final = Path(__file__).with_name("uno_bridge.py")
_START_S: Final = 90.0  # the bridge itself gives up after 60


class Session:
    """A running LibreOffice behind its bridge; `documents` counts what it was asked to convert."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._unread = b""
        self.documents = 0

    @classmethod
    def started(
        cls, python: str, program: str, profile: Path, flags: Sequence[str], *, gives_way: bool
    ) -> "Session | None":
        """Start a session, which then gives way to others or not; None when LibreOffice or UNO did not come up."""
        pipe = f"vanthu-{os.getpid()}-{time.monotonic_ns()}"  # names of pipes are shared by all users of a machine
        command = [python, "-I", str(_BRIDGE), "--program", program, "--pipe", pipe, "--"]
        command += [f"-env:UserInstallation={profile.as_uri()}", *flags]
        session = cls(started(command, profile.parent, is_piped=True))
        end = time.monotonic() + _START_S
        try:
            if "ready" in session._answer(lambda: patience.step(end)):
                # only now: it is to be there soon
                if gives_way:
                    give_way(session._process.pid)
                return session
        except (TimeoutError, EOFError, ValueError):
            pass
        except BaseException:  # it is not waited for any longer, and nobody else knows of it
            session.end()
            raise
        session.end()
        return None  # no exception: a process for each document does as well, only slower

    def is_alive(self) -> bool:
        """Tell whether the bridge still runs."""
        return self._process.poll() is None

    def memory_bytes(self) -> int:
        """Resident memory of LibreOffice and its bridge."""
        return sum(resident_bytes(pid) for pid in group_members(self._process.pid))

    def ask(self, request: Mapping[str, object], demand: Demand, timeout_s: float) -> dict[str, object]:
        """Send one request (see `uno_bridge`) and give its answer. Raises ToolTimeout, ToolCrashed, OutOfPatience;
        end it then."""
        self.documents += 1
        assert self._process.stdin is not None  # noqa: S101 - a pipe, as asked for
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            return self._answer(Allowance(self._process.pid, demand, timeout_s).step)
        except (EOFError, BrokenPipeError, ValueError) as error:
            raise died() from error

    def end(self) -> None:
        """Kill it, with everything it started."""
        killed(self._process)

    def _answer(self, step: Callable[[], float]) -> dict[str, object]:
        """Read the bridge's next line, waiting as long at one go as `step` says.

        Raises TimeoutError where it says 0, whatever it raises, EOFError, ValueError (no JSON object).
        """
        assert self._process.stdout is not None  # noqa: S101 - a pipe, as asked for
        fd = self._process.stdout.fileno()
        while b"\n" not in self._unread:
            left = step()
            if not left:
                raise TimeoutError
            ready, _, _ = select.select([fd], [], [], left)
            if not ready:
                continue
            piece = os.read(fd, 1 << 16)
            if not piece:
                raise EOFError
            self._unread += piece
        line, _, self._unread = self._unread.partition(b"\n")
        answer = json.loads(line)
        if not isinstance(answer, dict):
            raise ValueError(line)  # noqa: TRY004 - the caller treats everything that is no answer alike
        return answer
