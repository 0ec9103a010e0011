"""Processor time of this process and of everything it started, living or ended."""

import contextlib
import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds() -> float:
    """Add up this process, its ended children, and every living descendant with the children that one has buried.

    `RUSAGE_CHILDREN` knows a child only when it has ended and was waited for: the warm guarded children and the warm
    LibreOffice, which live on, would cost nothing. What a descendant used passes to its parent when it ends, so the
    sum only grows. A process whose parent has died before it is lost; ours none is.
    """
    mine = os.times()
    total = mine.user + mine.system + mine.children_user + mine.children_system
    return total + sum(ticks for ticks in _of_descendants(os.getpid())) / _TICKS


def _of_descendants(pid: int) -> list[int]:
    used: dict[int, int] = {}
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            fields = stat.read_text().rpartition(")")[2].split()
            number, parent = int(stat.parent.name), int(fields[1])
            used[number] = sum(map(int, fields[11:15]))  # utime, stime, cutime, cstime
            children.setdefault(parent, []).append(number)
    found, left = [], [pid]
    while left:
        below = children.get(left.pop(), [])
        found += [used[number] for number in below]
        left += below
    return found
