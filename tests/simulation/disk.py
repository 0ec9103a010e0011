"""A file system in memory that knows what is on the disk and what would be lost in a power cut.

Two states are kept of everything: what a program sees, and what has been synced. A name that was put or taken away
is on the disk once its folder was synced; bytes once their file was. A power cut keeps the names in the order in
which they were put, up to a point that is drawn, and of bytes that were not synced nothing, all, a part or zeros.
"""

import errno
import os
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Final

BLOCK: Final = 16  #: small, so that small files have several blocks to lose
DEVICE: Final = 7


def trouble(code: int, name: str = "") -> OSError:
    """The error of a system call, as Python gives it."""
    return OSError(code, os.strerror(code), name or None)


@dataclass(eq=False)
class Node:
    """A file or a folder, whatever it is called."""

    number: int
    mode: int
    data: bytearray = field(default_factory=bytearray)
    synced: bytes = b""
    is_synced: bool = True
    entries: "dict[str, Node] | None" = None
    links: int = 1
    device: int = DEVICE
    mtime_ns: int = 0
    ctime_ns: int = 0
    locked_by: "Handle | None" = None
    #: descriptors that are open for writing, by programs here and elsewhere
    writers: int = 0
    process: int = 0  #: that made it, 0 for a program on another machine

    @property
    def is_folder(self) -> bool:
        return self.entries is not None

    @property
    def names(self) -> "dict[str, Node]":
        if self.entries is None:
            raise trouble(errno.ENOTDIR)
        return self.entries


@dataclass(eq=False)
class Handle:
    """An open file; `process` is who opened it, 0 for a program on another machine."""

    node: Node
    flags: int
    process: int
    path: str
    offset: int = 0

    @property
    def writes(self) -> bool:
        return self.flags & os.O_ACCMODE != os.O_RDONLY


@dataclass
class _Act:
    """A change of names that is not on the disk yet: for each name what stood there before."""

    before: list[tuple[Node, str, Node | None]]
    ctimes: list[tuple[Node, int]]

    def undo(self) -> None:
        for folder, name, node in reversed(self.before):
            if node is None:
                folder.names.pop(name, None)
            else:
                folder.names[name] = node
        for node, ctime_ns in self.ctimes:
            node.ctime_ns = ctime_ns


class Disk:
    """The file system. `clock` gives its time in nanoseconds."""

    def __init__(self, now_ns: int = 0) -> None:
        self.now_ns = now_ns
        self._numbers = iter(range(100, 1 << 60))
        self.root = self._node(stat.S_IFDIR | 0o755)
        self.handles: dict[int, Handle] = {}
        self._free = iter(range(1 << 20, 1 << 60))
        self._acts: list[_Act] = []
        self._unsynced: dict[int, Node] = {}

    # nodes and names

    def _node(self, mode: int) -> Node:
        made = Node(next(self._numbers), mode, entries={} if stat.S_ISDIR(mode) else None)
        made.mtime_ns = made.ctime_ns = self.now_ns
        return made

    def find(self, path: str, at: Node | None = None) -> Node:
        node = at or self.root
        for part in path.split("/"):
            if part and part != ".":
                if part not in node.names:
                    raise trouble(errno.ENOENT, path)
                node = node.names[part]
        return node

    def there(self, path: str, at: Node | None = None) -> Node | None:
        try:
            return self.find(path, at)
        except OSError:
            return None

    def parent(self, path: str, at: Node | None = None) -> tuple[Node, str]:
        above, _, name = path.rstrip("/").rpartition("/")
        folder = self.find(above, at)
        if not folder.is_folder:
            raise trouble(errno.ENOTDIR, path)
        return folder, name

    def _put(self, changes: list[tuple[Node, str, Node | None]], moved: tuple[Node, ...] = ()) -> None:
        """Change names in one step; `moved` are nodes whose other time goes on with it."""
        before = [(folder, name, folder.names.get(name)) for folder, name, _ in changes]
        self._acts.append(_Act(before, [(node, node.ctime_ns) for node in moved]))
        for folder, name, node in changes:
            if node is None:
                folder.names.pop(name, None)
            else:
                folder.names[name] = node
            folder.mtime_ns = folder.ctime_ns = self.now_ns
        for node in moved:
            node.ctime_ns = self.now_ns

    def mkdir(self, path: str, at: Node | None = None) -> None:
        folder, name = self.parent(path, at)
        if name in folder.names:
            raise trouble(errno.EEXIST, path)
        made = self._node(stat.S_IFDIR | 0o755)
        made.device = folder.device
        self._put([(folder, name, made)])

    def rmdir(self, path: str, at: Node | None = None) -> None:
        folder, name = self.parent(path, at)
        if self.find(path, at).names:
            raise trouble(errno.ENOTEMPTY, path)
        self._put([(folder, name, None)])

    def unlink(self, path: str, at: Node | None = None) -> Node:
        folder, name = self.parent(path, at)
        node = self.find(path, at)
        if node.is_folder:
            raise trouble(errno.EISDIR, path)
        self._put([(folder, name, None)], (node,))
        node.links -= 1
        return node

    def link(self, old: str, new: str) -> Node:
        node = self.find(old)
        folder, name = self.parent(new)
        if name in folder.names:
            raise trouble(errno.EEXIST, new)
        self._put([(folder, name, node)], (node,))
        node.links += 1
        return node

    def rename(
        self, old: str, new: str, at: Node | None = None, to: Node | None = None, *, replaces: bool = True
    ) -> Node:
        folder, name = self.parent(old, at)
        node = self.find(old, at)
        other, last = self.parent(new, to)
        there = other.names.get(last)
        if there is node:
            return node
        if there is not None and not replaces:
            raise trouble(errno.EEXIST, new)
        if there is not None and there.is_folder != node.is_folder:
            raise trouble(errno.EISDIR if there.is_folder else errno.ENOTDIR, new)
        self._put([(folder, name, None), (other, last, node)], (node,))
        if there is not None:
            there.links -= 1
        return node

    # bytes

    def open(self, path: str, flags: int, process: int, at: Node | None = None, mode: int = 0o666) -> int:
        folder, name = self.parent(path, at) if path.strip("/") else (self.root, "")
        node = folder.names.get(name) if name else self.root
        if node is None:
            if not flags & os.O_CREAT:
                raise trouble(errno.ENOENT, path)
            node = self._node(stat.S_IFREG | (mode & 0o777))
            node.process, node.device = process, folder.device
            self._put([(folder, name, node)])
        elif flags & os.O_CREAT and flags & os.O_EXCL:
            raise trouble(errno.EEXIST, path)
        if flags & os.O_DIRECTORY and not node.is_folder:
            raise trouble(errno.ENOTDIR, path)
        handle = Handle(node, flags, process, path)
        if handle.writes:
            node.writers += 1
            if flags & os.O_TRUNC and node.data:
                self._changed(node)
                node.data.clear()
        fd = next(self._free)
        self.handles[fd] = handle
        return fd

    def write(self, fd: int, content: bytes) -> int:
        handle = self.handles[fd]
        node = handle.node
        at = len(node.data) if handle.flags & os.O_APPEND else handle.offset
        self._changed(node)
        if len(node.data) < at:
            node.data.extend(bytes(at - len(node.data)))
        node.data[at : at + len(content)] = content
        handle.offset = at + len(content)
        return len(content)

    def truncate(self, node: Node, size: int) -> None:
        self._changed(node)
        del node.data[size:]
        node.data.extend(bytes(size - len(node.data)))

    def _changed(self, node: Node) -> None:
        if node.is_synced:
            node.is_synced = False
            self._unsynced[node.number] = node
        node.mtime_ns = node.ctime_ns = self.now_ns

    def fsync(self, fd: int) -> None:
        node = self.handles[fd].node
        if node.is_folder:
            self.sync_names({node.number})
        else:
            self.sync_bytes(node)

    def sync_bytes(self, node: Node) -> None:
        node.synced, node.is_synced = bytes(node.data), True
        self._unsynced.pop(node.number, None)

    def sync_names(self, wanted: set[int]) -> None:
        """Bring the changes of some folders to the disk, and those before them that they build upon."""
        left: list[_Act] = []
        for act in reversed(self._acts):
            numbers = {folder.number for folder, _, _ in act.before}
            if numbers & wanted:
                wanted |= numbers
            else:
                left.append(act)
        self._acts = left[::-1]

    def lose_bytes(self, fd: int) -> None:
        """A sync that failed: what was not on the disk is gone from memory, too, and nobody will try again."""
        node = self.handles[fd].node
        if not node.is_folder:
            node.is_synced = True
            self._unsynced.pop(node.number, None)
            node.data[:] = node.synced

    def close(self, fd: int) -> None:
        handle = self.handles.pop(fd, None)
        if handle is None:
            return
        if handle.writes:
            handle.node.writers -= 1
        if handle.node.locked_by is handle:
            handle.node.locked_by = None

    def leave(self, process: int) -> None:
        """Close whatever a process has open that is no more."""
        for fd in [fd for fd, handle in self.handles.items() if handle.process == process]:
            self.close(fd)

    # trouble

    def power_cut(self, dice: Random) -> None:
        """Lose what is not on the disk. Nobody here has anything open any more."""
        kept = dice.choice((0, 0, len(self._acts), dice.randint(0, len(self._acts))))
        for act in reversed(self._acts[kept:]):
            act.undo()
        self._acts.clear()
        for node in list(self._unsynced.values()):
            # what other machines write is theirs to lose
            if node.process:
                node.data[:] = _torn(node, dice)
            self.sync_bytes(node)
        names = Counter(node.number for _, node in self.walk())
        for _, node in self.walk():
            node.links = names[node.number]

    def unmount(self, path: str) -> Node:
        """Take a share away: where it was mounted lies an empty folder of the disk below; gives the share."""
        folder, name = self.parent(path)
        share, folder.names[name] = folder.names[name], self._node(stat.S_IFDIR | 0o755)
        return share

    def mount(self, path: str, share: Node) -> list[str]:
        """Bring a share back; gives the files that were written where it was missing, which nobody sees any more."""
        folder, name = self.parent(path)
        covered = [inner for inner, _ in self.walk(folder.names[name])]
        folder.names[name] = share
        return covered

    def walk(self, node: Node | None = None, path: str = "") -> Iterator[tuple[str, Node]]:
        """Every file with its path, in order."""
        for name, inner in sorted((node or self.root).names.items()):
            if inner.is_folder:
                yield from self.walk(inner, f"{path}/{name}")
            else:
                yield f"{path}/{name}", inner

    def stat(self, node: Node) -> os.stat_result:
        size = len(node.data)
        base = (
            node.mode,
            node.number,
            node.device,
            node.links,
            os.geteuid(),
            0,
            size,
            0,
            node.mtime_ns // 10**9,
            node.ctime_ns // 10**9,
        )
        times = {"st_atime": 0.0, "st_mtime": node.mtime_ns / 10**9, "st_ctime": node.ctime_ns / 10**9}
        return os.stat_result(
            base, times | {"st_atime_ns": 0, "st_mtime_ns": node.mtime_ns, "st_ctime_ns": node.ctime_ns}
        )


def _torn(node: Node, dice: Random) -> bytes:
    """What a power cut leaves of bytes that were not synced."""
    whole, old = bytes(node.data), node.synced
    at = dice.randint(0, len(whole)) // BLOCK * BLOCK
    return dice.choice((old, old, whole, b"", whole[:at], whole[:at] + bytes(len(whole) - at)))
