"""The people of a history: units that drop files, the clerk who returns signed papers, the operator.

What units and the clerk do to the share is done on other machines: it takes no part in the handing over of the baton
and meets no fault; a share that is away, or a folder that lets nobody write, they wait for. Whatever a unit finishes
is written down, for the judge.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from pipeline.intake.inbox import MAX_QUIET_PERIODS
from tests.simulation import stages
from tests.simulation.disk import Handle
from tests.simulation.plan import Act
from tests.simulation.world import SECOND, World

INBOX: Final = "/office/inbox"
AWAITING: Final = "/office/outbox/cho-ky"
#: A writer who pauses for less keeps what it writes, also where nobody can know of it (`withdrawing.LINGER_SECONDS`).
LINGERS_SECONDS: Final = 15


@dataclass
class Dropped:
    """What was dropped: each content with how often it was finished and must be found again."""

    must: dict[bytes, int] = field(default_factory=dict)
    #: finished, and written over by its own writer: it may have been taken before
    may: dict[bytes, int] = field(default_factory=dict)
    #: those that bear a mark, of which nothing may ever be recorded
    marked: set[bytes] = field(default_factory=set)
    papers: dict[bytes, str] = field(default_factory=dict)

    def finished(self, content: bytes) -> None:
        self.must[content] = self.must.get(content, 0) + 1

    def given_up(self, content: bytes) -> None:
        self.must[content] -= 1
        self.may[content] = self.may.get(content, 0) + 1

    def most(self, content: bytes) -> int:
        return self.must.get(content, 0) + self.may.get(content, 0)


class People:
    """Does what the plan says, as long as it takes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.dropped = Dropped()
        self.busy = 0
        #: what is written over a file as soon as the gate has looked at it, by its path
        self.swaps: dict[str, bytes] = {}
        #: told of each change of the share
        self.changed: Callable[[], None] = lambda: None

    def begins(self, act: Act, steps: Iterator[float]) -> None:
        """Let somebody begin; each step says after how many seconds the next one follows."""
        self.busy += 1
        self._next(steps)

    def _next(self, steps: Iterator[float]) -> None:
        if self._is_shut():
            self.world.at(self.world.now / SECOND + 0.5, lambda: self._next(steps))
            return
        self.changed()
        try:
            wait = next(steps)
        except StopIteration:
            self.busy -= 1
            return
        self.world.at(self.world.now / SECOND + wait, lambda: self._next(steps))

    def _is_shut(self) -> bool:
        lasts = self.world.lasts
        return lasts("stale:inbox") or "away:inbox" in self.world.lasting or lasts("deaf:inbox")

    # files

    def _folder(self, name: str) -> str:
        path = f"{INBOX}/{name}" if name else INBOX
        if self.world.disk.there(path) is None:
            self.world.disk.mkdir(path)
        return path

    def drop(self, act: Act) -> Iterator[float]:
        said = act.said
        content = stages.form(said)
        name = f"{said['sort']}-{said['serial']}.json"
        if said["sort"] == "marked":
            self.dropped.marked.add(content)
        yield from self._copied(self._folder(said["unit"]), name, content, said["how"])

    def sign(self, act: Act) -> Iterator[float]:
        """The clerk signs one of the documents that lie for signature, and returns the paper."""
        folder = self.world.disk.there(AWAITING)
        lying = sorted(name for name in (folder.names if folder else ()) if name.endswith(".pdf"))
        if not lying:
            return
        assert folder is not None
        issued = bytes(folder.names[lying[act.said["which"] % len(lying)]].data)
        code = issued.partition(b'"code": "')[2].partition(b'"')[0].decode()
        serial = len(self.dropped.papers)
        content = stages.paper(code, serial)
        self.dropped.papers[content] = code
        self.world.note(f"signs {code}")
        yield from self._copied(self._folder(act.said["to"]), f"scan-{serial}.pdf", content, act.said["how"])

    def _copied(self, folder: str, name: str, content: bytes, how: str) -> Iterator[float]:
        self.world.note(f"drops {folder}/{name} {how}")
        yield from _WAYS[how](self, f"{folder}/{name}", content)

    def _opened(self, path: str, flags: int = 0) -> int:
        fd = self.world.disk.open(path, os.O_WRONLY | os.O_CREAT | flags, 0)
        self.world.disk.handles[fd].path = path
        self.names_kept(path)
        return fd

    def _closed(self, fd: int) -> None:
        disk = self.world.disk
        handle: Handle = disk.handles[fd]
        # another machine's disk: what it has closed a power cut here does not undo
        disk.sync_bytes(handle.node)
        disk.close(fd)
        self.names_kept(handle.path)

    def names_kept(self, path: str) -> None:
        disk = self.world.disk
        while path:
            path = path.rpartition("/")[0]
            disk.sync_names({disk.find(path).number})

    def _renamed_in(self, path: str, content: bytes) -> Iterator[float]:
        folder, _, name = path.rpartition("/")
        hidden = f"{folder}/.{name}.tmp"
        fd = self._opened(hidden)
        yield 0.3
        self.world.disk.write(fd, content)
        self._closed(fd)
        yield 0.1
        self.world.disk.rename(hidden, path)
        self.names_kept(path)
        self.dropped.finished(content)

    def _at_once(self, path: str, content: bytes) -> Iterator[float]:
        fd = self._opened(path)
        self.world.disk.write(fd, content)
        self._closed(fd)
        self.dropped.finished(content)
        yield 0.1

    def _pausing(self, path: str, content: bytes) -> Iterator[float]:
        """A copy over a slow line: half of it, and after a long while the rest."""
        fd = self._opened(path)
        self.world.disk.write(fd, content[: len(content) // 2])
        yield self.world.plan.quiet * 4
        self.world.disk.write(fd, content[len(content) // 2 :])
        yield 0.2
        self._closed(fd)
        self.dropped.finished(content)

    def _preallocated(self, path: str, content: bytes) -> Iterator[float]:
        """As Windows Explorer: first the whole size, then the bytes."""
        fd = self._opened(path)
        self.world.disk.truncate(self.world.disk.handles[fd].node, len(content))
        yield self.world.plan.quiet * 4
        self.world.disk.write(fd, content)
        self._closed(fd)
        self.dropped.finished(content)

    def _overwritten(self, path: str, content: bytes) -> Iterator[float]:
        """A whole file, and a moment later another one written over it in place."""
        first = self._another(path, content, b"7")
        fd = self._opened(path)
        self.world.disk.write(fd, first)
        self._closed(fd)
        self.dropped.finished(first)
        yield self.world.dice.choice((0.1, 1.0, 1.5, 2.5))
        if self.world.disk.there(path) is not None:
            self.dropped.given_up(first)
            fd = self._opened(path, os.O_TRUNC)
        else:
            fd = self._opened(path)
        yield self.world.dice.choice((0.0, 0.3, 2.0))
        self.world.disk.write(fd, content)
        self._closed(fd)
        self.dropped.finished(content)

    def _reopened(self, path: str, content: bytes) -> Iterator[float]:
        """Half of it, closed; a moment later the rest."""
        fd = self._opened(path)
        self.world.disk.write(fd, content[: len(content) // 2])
        self._closed(fd)
        begun = self.world.now
        yield self.world.plan.quiet * 2.5
        there = self.world.disk.there(path)
        fd = self._opened(path, os.O_APPEND)
        # kept away by the share for long, it may have been answered as what it is by then: broken
        is_long = self.world.now - begun > self.world.plan.quiet * (MAX_QUIET_PERIODS - 1) * SECOND
        half = content[: len(content) // 2]
        if there is None and is_long:
            self.dropped.may[half] = self.dropped.may.get(half, 0) + 1
            self.world.disk.write(fd, half)
        elif there is None:
            self.world.violated(f"half a file was taken: {path}")
        self.world.disk.write(fd, content[len(content) // 2 :])
        self._closed(fd)
        self.dropped.finished(content)

    def _stalled(self, path: str, content: bytes) -> Iterator[float]:
        """A copy that stands still for so long that people are told of it."""
        fd = self._opened(path)
        self.world.disk.write(fd, content[: len(content) // 2])
        yield self.world.plan.quiet * (MAX_QUIET_PERIODS + 3)
        self.world.disk.write(fd, content[len(content) // 2 :])
        self._closed(fd)
        self.dropped.finished(content)

    def _swapped(self, path: str, content: bytes) -> Iterator[float]:
        """A harmless file, exchanged for another of its size at the worst moment."""
        first = self._another(path, content, b"9").replace(b'"marked"', b'"sound" ')
        self.dropped.marked.discard(first)
        self.swaps[path] = content
        yield from self._at_once(path, first)
        for _ in range(20):
            if path not in self.swaps:
                return
            yield 1.0
        self.swaps.pop(path, None)

    def looked(self, path: str) -> None:
        """The gate has looked at a file."""
        node = self.world.disk.there(path)
        if path not in self.swaps or node is None or self._is_shut():
            return
        content = self.swaps.pop(path)
        self.dropped.given_up(bytes(node.data))
        fd = self._opened(path, os.O_TRUNC)
        self.world.disk.write(fd, content)
        self._closed(fd)
        self.dropped.finished(content)

    def _another(self, path: str, content: bytes, digit: bytes) -> bytes:
        """Other bytes of the same size, as whole as these."""
        other = content.replace(b'"serial": ', b'"serial": ' + digit).replace(b"scan ", b"scan " + digit)
        other = other.replace(b"xx", b"x", 1).replace(b"ink ink", b"inkink", 1)
        if path.endswith(".pdf"):
            self.dropped.papers[other] = self.dropped.papers[content]
        if b'"marked"' in other:
            self.dropped.marked.add(other)
        return other

    def _kept_open(self, path: str, content: bytes) -> Iterator[float]:
        """A program that saves a whole file, keeps its handle, and saves into it again, though it may be taken.

        Meanwhile another file may come under its name.
        """
        first, between = self._another(path, content, b"7"), self._another(path, content, b"8")
        fd = self._opened(path)
        self.world.disk.write(fd, first)
        self.dropped.may[first] = 1
        begun = self.world.now
        yield self.world.dice.choice((1.0, 3.0, 6.0, 12.0))
        if self.world.disk.there(path) is None and self.world.dice.random() < 0.4:
            yield from self._at_once(path, between)
            yield self.world.dice.choice((0.0, 0.3))
        handle = self.world.disk.handles[fd]
        is_long = self.world.now - begun > LINGERS_SECONDS * SECOND or self.world.clock_set >= begun
        if not handle.node.links and is_long:
            # nobody who looks on a share can know of a handle for ever: its program is told, and saves elsewhere
            self._closed(fd)
            stem, _, suffix = path.rpartition(".")
            yield from self._at_once(f"{stem}-luu.{suffix}", content)
            return
        self.world.disk.truncate(handle.node, 0)
        handle.offset = 0
        self.world.disk.write(fd, content)
        yield self.world.dice.choice((0.0, 0.2, 2.0))
        self._closed(fd)
        self.dropped.finished(content)

    def _again(self, path: str, content: bytes) -> Iterator[float]:
        """The same bytes twice, under two names."""
        yield from self._at_once(path, content)
        yield 4.0
        stem, _, suffix = path.rpartition(".")
        yield from self._at_once(f"{stem}-lai.{suffix}", content)


_WAYS: Final[dict[str, Callable[[People, str, bytes], Iterator[float]]]] = {
    "rename": People._renamed_in,
    "whole": People._at_once,
    "pausing": People._pausing,
    "preallocated": People._preallocated,
    "overwritten": People._overwritten,
    "reopened": People._reopened,
    "again": People._again,
    "kept open": People._kept_open,
    "stalled": People._stalled,
    "swapped": People._swapped,
}
