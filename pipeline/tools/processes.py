"""Outside programs (LibreOffice, tesseract): started in a group of their own without network, ended as a group."""

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

#: How long a killed process may take to be gone; one that waits for a disk that does not answer takes for ever.
_DEATH_SECONDS: Final = 5.0
#: How LibreOffice names its sockets.
_PIPE: Final = "/OSL_PIPE_"
#: The limit for documents of our own making: address space, of which LibreOffice at rest maps 1 GiB.
_OF_OUR_OWN: Final[Mapping[int, int]] = MappingProxyType({resource.RLIMIT_AS: 4 << 30})
#: A tenth of a core while others want it; at 19 it would be a sixtieth, and the work would hardly end.
_GIVING_WAY: Final = 10
#: How the shell of POSIX is told a limit, and in which unit (bytes, or seconds).
_IN_SHELL: Final[Mapping[int, tuple[str, int]]] = MappingProxyType(
    {
        resource.RLIMIT_CORE: ("c", 512),
        resource.RLIMIT_AS: ("v", 1024),
        resource.RLIMIT_DATA: ("d", 1024),
        resource.RLIMIT_FSIZE: ("f", 512),
        resource.RLIMIT_CPU: ("t", 1),
    }
)


def started(
    command: Sequence[str],
    home: Path,
    *,
    is_piped: bool = False,
    limits: Mapping[int, int] = _OF_OUR_OWN,
    more: Mapping[str, str] = MappingProxyType({}),
) -> "subprocess.Popen[bytes]":
    """Start `command` in a process group of its own, with bounded memory, without network where the system lets us.

    `home` is its home folder and holds its temporary files. Standard input and output are pipes when `is_piped`.
    `limits` are given by resource (RLIMIT_ of AS, DATA, FSIZE, CPU) and hold for what it starts; `more` is added to
    its environment, which is bare.
    """
    # not /tmp: what a program leaves there would stay, also of a file that turns out to be secret
    scratch = home / "tmp"
    scratch.mkdir(exist_ok=True)
    pipe = subprocess.PIPE if is_piped else subprocess.DEVNULL
    return subprocess.Popen(
        [*_limited({resource.RLIMIT_CORE: 0, **limits}), *without_network(), *command],
        stdin=pipe,
        stdout=pipe,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(home),
            "TMPDIR": str(scratch),
            "LC_ALL": "C.UTF-8",
            "SAL_USE_VCLPLUGIN": "svp",  # LibreOffice draws into memory: it needs no display
            **more,
        },
    )


def _limited(limits: Mapping[int, int]) -> tuple[str, ...]:
    """The prefix that limits a command and all it starts.

    By a shell that becomes the command: `preexec_fn` is not safe in a process with threads, and set from outside the
    limits come too late for what the command has started by then.
    """
    set_ = [
        f"ulimit -{letter} {most // unit} || exit 126"
        for limited, most in limits.items()
        for letter, unit in [_IN_SHELL[limited]]
    ]
    return ("/bin/sh", "-c", "; ".join([*set_, 'exec "$@"']), "sh")


def killed(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process with its whole group, and reap it; when this returns, none of them writes any more."""
    pipes = _pipes_of(process.pid)
    # `soffice` is a wrapper: killed alone, it leaves soffice.bin running
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    # the others of the group die when the system gets round to it, and their folder is removed next
    until = time.monotonic() + _DEATH_SECONDS
    while any(map(_is_alive, group_members(process.pid))) and time.monotonic() < until:
        time.sleep(0.005)
    for left in pipes:
        with contextlib.suppress(OSError):
            left.unlink()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def _pipes_of(group: int) -> set[Path]:
    """Find the named sockets that a group listens on: LibreOffice makes them in /tmp, whatever TMPDIR says."""
    found: set[Path] = set()
    for pid in group_members(group):
        with contextlib.suppress(OSError):
            held = {str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir()}
            # of its own network, which is not ours: number, …, inode, path
            for line in Path(f"/proc/{pid}/net/unix").read_text(encoding="utf-8", errors="replace").splitlines():
                fields = line.split(maxsplit=7)
                if len(fields) > 7 and f"socket:[{fields[6]}]" in held and _PIPE in fields[7]:
                    found.add(Path(fields[7]))
    return found


def group_members(group: int) -> list[int]:
    """List the processes of a process group."""
    found = []
    with os.scandir("/proc") as entries:
        for entry in entries:
            if entry.name.isdigit():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    if os.getpgid(int(entry.name)) == group:
                        found.append(int(entry.name))
    return found


def _is_alive(pid: int) -> bool:
    """Tell whether a process still runs: one that ended stays listed until its parent asks."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(") ")[2][:1]
    except OSError:
        return False
    return state not in ("Z", "X")


def give_way(group: int) -> None:
    """Let a process group begun by `started`, and all it starts, have little of the processor if others want it."""
    # it may have ended; a system that forbids this has all work alike, as before
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PGRP, group, _GIVING_WAY)
    # measured: where the kernel shares by session (autogroup, as Debian has it), the priority of a process changes
    # nothing between two sessions; where it does not, there is no such file
    with contextlib.suppress(OSError):
        Path(f"/proc/{group}/autogroup").write_text(str(_GIVING_WAY), encoding="ascii")


class TimeHad:
    """How long a group of processes has really had, seconds: waiting for the processor is not its fault.

    By the clock while all of it stands still, by the processor while it works: on a loaded machine, or giving way,
    it gets only a part of the time that passes.
    """

    def __init__(self, group: int) -> None:
        self._group = group
        self._at, self._used, self._had = time.monotonic(), -1.0, 0.0

    def seconds(self) -> float:
        """Ask; the more often, the truer."""
        now = time.monotonic()
        used, works = _processor_of(self._group)
        passed, spent = now - self._at, used - self._used
        # the first time it is not known what was used before
        self._had += min(passed, max(spent, 0.0)) if works and self._used >= 0 else passed
        self._at, self._used = now, used
        return self._had


def _processor_of(group: int) -> tuple[float, bool]:
    """Say how much of the processor a group has used, seconds, and whether any of it works or waits for its turn."""
    ticks, works = 0, False
    for pid in group_members(group):
        for thread in Path(f"/proc/{pid}/task").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError, ValueError):
                state, *fields = thread.read_text(encoding="utf-8", errors="replace").rpartition(") ")[2].split()
                works |= state == "R"
                ticks += int(fields[10]) + int(fields[11])  # in user mode, in the kernel
    return ticks / os.sysconf("SC_CLK_TCK"), works


def resident_bytes(pid: int) -> int:
    """Tell how much memory a process holds; 0 when it is gone."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


@cache
def without_network() -> tuple[str, ...]:
    """Give the command prefix that cuts a program off the network; empty where the system does not let us.

    LibreOffice fetches pictures that a document links to; a document would tell its author where it is read.
    """
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    # the second form needs no root, but user namespaces, which some systems forbid
    for words in ((unshare, "--net", "--"), (unshare, "--map-current-user", "--net", "--")):
        if succeeds([*words, "true"]):
            return words
    return ()


def succeeds(command: Sequence[str]) -> bool:
    """Tell whether a short command ends well."""
    try:
        return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
