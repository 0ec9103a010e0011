"""The system calls of the program, led to the disk of the history wherever they are about one of its paths.

The functions of `os`, `io.open` and `fcntl` are replaced once, for as long as histories are lived; what is about any
other path goes to the real system. Each call that changes something, or asks a share, is an act of the world: there
the process may die, another may go on, or the call may fail.
"""

import contextlib
import errno
import fcntl
import io
import os
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from pipeline.files import holding, withdrawing, writing
from tests.simulation.disk import Disk, Handle, Node, trouble
from tests.simulation.world import SECOND, World

ROOT: Final = "/office-of-the-simulation"
#: How often a file of a share that others look into cannot be opened.
HELD: Final = 0.3
#: How often a call fails on a share that is in trouble.
FLAKY: Final = 0.06
_ERRNO: Final = {name: getattr(errno, name) for name in ("EIO", "ENOSPC", "EACCES", "EBUSY", "ESTALE", "EXDEV")}
_REAL: Final = {
    name: getattr(os, name)
    for name in (
        *(
            "open",
            "close",
            "read",
            "write",
            "pread",
            "fsync",
            "fstat",
            "stat",
            "lstat",
            "mkdir",
            "rmdir",
            "unlink",
            "remove",
        ),
        *("rename", "replace", "link", "listdir", "scandir", "truncate", "fchmod", "chmod", "access", "utime"),
    )
}


def _share(full: str) -> str:
    """In which of the office's folders a path lies, "" for none."""
    return full.split("/")[2] if full.startswith("/office/") else ""


class Entry:
    """What `os.scandir` gives."""

    def __init__(self, system: "System", folder: str, name: str, node: Node) -> None:
        self.name = name
        self.path = f"{folder}/{name}"
        self._system, self._node = system, node

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        return self._node.is_folder

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        return not self._node.is_folder

    def is_symlink(self) -> bool:
        return False

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        return self._system.stat_of(self._node)

    def inode(self) -> int:
        return self._node.number


class Listing:
    """The entries of a folder, one after the other."""

    def __init__(self, entries: Iterator[Entry]) -> None:
        self._entries = list(entries)[::-1]

    def __iter__(self) -> "Listing":
        return self

    def __next__(self) -> Entry:
        if not self._entries:
            raise StopIteration
        return self._entries.pop()

    def __enter__(self) -> "Listing":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def close(self) -> None:
        pass


class System:
    """The calls; `world` is the history that is being lived, None between two."""

    def __init__(self) -> None:
        self.world: World | None = None

    @property
    def lived(self) -> World:
        assert self.world is not None
        return self.world

    @property
    def disk(self) -> Disk:
        return self.lived.disk

    # which paths are ours

    def _ours(self, path: Any, fd: int | None = None) -> "tuple[str, str, Node | None] | None":
        """Full path, path to look up, and the folder it is looked up in; None for what is the real system's."""
        if self.world is None or isinstance(path, int):
            return None
        text = os.fspath(path)
        if isinstance(text, bytes):
            text = os.fsdecode(text)
        if text.startswith(ROOT):
            return text[len(ROOT) :] or "/", text[len(ROOT) :] or "/", None
        if fd is not None and (handle := self.disk.handles.get(fd)) is not None:
            return f"{handle.path}/{text}", text, handle.node
        return None

    def _handle(self, fd: Any) -> Handle | None:
        return self.world.disk.handles.get(fd) if self.world is not None and isinstance(fd, int) else None

    def _act(self, kind: str, full: str) -> str:
        world = self.lived
        if world.current is None:
            return ""
        if world.in_transaction and kind not in {"stat", "read", "open", "pread", "scandir"}:
            world.violated(f"a file is touched inside a transaction: {kind} {full}")
        share = _share(full)
        if share and (world.lasts(f"stale:{share}") or self._is_flaky(share)):
            world.act(kind, full)
            raise trouble(errno.ESTALE, full)
        if world.lasts("full") and kind in {"write", "create", "mkdir"}:
            world.act(kind, full)
            raise trouble(errno.ENOSPC, full)
        fault = world.act(kind, full)
        # another program there holds a file for a moment, as those do that look for viruses
        if kind == "open" and "." in full and world.lasts(f"held:{share}") and world.dice.random() < HELD:
            raise trouble(errno.EACCES, full)
        if fault in _ERRNO:
            raise trouble(_ERRNO[fault], full)
        return fault

    def _is_flaky(self, share: str) -> bool:
        """Whether a share fails just now; it does so again and again while it is in trouble."""
        return bool(share) and self.lived.lasts(f"flaky:{share}") and self.lived.dice.random() < FLAKY

    def _meddle(self, full: str, node: Node | None) -> None:
        """Nothing is changed in a folder that lets nobody."""
        world = self.lived
        share = _share(full)
        if share and world.lasts(f"deaf:{share}") and full.count("/") > 2:
            raise trouble(errno.EACCES, full)

    def _process(self) -> int:
        program = self.lived.current
        return program.number if program else 0

    def read_quietly(self, path: str) -> bytes | None:
        """The bytes at a path as another process reads them; None where there is nothing."""
        node = self.disk.there(path.removeprefix(ROOT))
        return bytes(node.data) if node is not None and not node.is_folder else None

    def stat_of(self, node: Node) -> os.stat_result:
        return self.disk.stat(node)

    # calls

    def open(self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        ours = self._ours(path, dir_fd)
        if ours is None:
            return int(_REAL["open"](path, flags, mode, dir_fd=dir_fd))
        full, look, at = ours
        self._act("create" if flags & os.O_CREAT else "open", full)
        if flags & os.O_CREAT and self.disk.there(look, at) is None:
            self._meddle(full, at)
        fd = self.disk.open(look, flags, self._process(), at, mode)
        self.disk.handles[fd].path = full.rstrip("/")
        return fd

    def close(self, fd: int) -> None:
        if self._handle(fd) is None:
            # of a process that is no more everything was closed
            if fd < 1 << 20:
                _REAL["close"](fd)
            return
        self.disk.close(fd)

    def write(self, fd: int, content: Any) -> int:
        handle = self._handle(fd)
        if handle is None:
            return int(_REAL["write"](fd, content))
        fault = self._act("write", handle.path)
        data = bytes(content)
        if fault in {"short-write", "torn-write"}:
            data = data[: max(1, len(data) // 3)]
        written = self.disk.write(fd, data)
        if fault == "torn-write":
            self.lived.kill()
        return written

    def read(self, fd: int, length: int) -> bytes:
        handle = self._handle(fd)
        if handle is None:
            return bytes(_REAL["read"](fd, length))
        content = self.pread(fd, length, handle.offset)
        handle.offset += len(content)
        return content

    def pread(self, fd: int, length: int, offset: int) -> bytes:
        handle = self._handle(fd)
        if handle is None:
            return bytes(_REAL["pread"](fd, length, offset))
        self._act("pread", handle.path)
        return bytes(handle.node.data[offset : offset + length])

    def fsync(self, fd: int) -> None:
        handle = self._handle(fd)
        if handle is None:
            _REAL["fsync"](fd)
            return
        try:
            fault = self._act("sync" if handle.node.is_folder else "fsync", handle.path)
        except OSError:
            self.disk.lose_bytes(fd)
            raise
        if fault == "fsync-lost":
            self.disk.lose_bytes(fd)
            raise trouble(errno.EIO, handle.path)
        self.disk.fsync(fd)

    def fstat(self, fd: int) -> os.stat_result:
        handle = self._handle(fd)
        if handle is None:
            real: os.stat_result = _REAL["fstat"](fd)
            return real
        # no act of its own: it is asked of every file that is opened
        world = self.lived
        if world.fault_now("fstat", handle.path) or (world.current and self._is_flaky(_share(handle.path))):
            raise trouble(errno.ESTALE, handle.path)
        return self.stat_of(handle.node)

    def stat(self, path: Any, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> os.stat_result:
        if self._handle(path) is not None:
            return self.fstat(path)
        ours = self._ours(path, dir_fd)
        if ours is None:
            found: os.stat_result = _REAL["stat"](path, dir_fd=dir_fd, follow_symlinks=follow_symlinks)
            return found
        self._act("stat", ours[0])
        return self.stat_of(self.disk.find(ours[1], ours[2]))

    def lstat(self, path: Any, *, dir_fd: int | None = None) -> os.stat_result:
        return self.stat(path, dir_fd=dir_fd, follow_symlinks=False)

    def _named(
        self, kind: str, path: Any, dir_fd: int | None, real: Callable[[], Any]
    ) -> "tuple[str, Node | None] | None":
        ours = self._ours(path, dir_fd)
        if ours is None:
            real()
            return None
        self._act(kind, ours[0])
        self._meddle(ours[0], ours[2])
        return ours[1], ours[2]

    def mkdir(self, path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        if found := self._named("mkdir", path, dir_fd, lambda: _REAL["mkdir"](path, mode, dir_fd=dir_fd)):
            self.disk.mkdir(*found)

    def rmdir(self, path: Any, *, dir_fd: int | None = None) -> None:
        if found := self._named("rmdir", path, dir_fd, lambda: _REAL["rmdir"](path, dir_fd=dir_fd)):
            self.disk.rmdir(*found)

    def unlink(self, path: Any, *, dir_fd: int | None = None) -> None:
        try:
            if found := self._named("unlink", path, dir_fd, lambda: _REAL["unlink"](path, dir_fd=dir_fd)):
                self.on_unlink(self.disk.unlink(*found))
        except OSError:
            if self.world is not None:
                self.world.not_removed.add(Path(path).name)
            raise

    def rename(self, old: Any, new: Any, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None) -> None:
        ours, other = self._ours(old, src_dir_fd), self._ours(new, dst_dir_fd)
        if ours is None or other is None:
            _REAL["rename"](old, new, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)
            return
        self.renamed(ours, other, replaces=True)

    def renamed(
        self, ours: "tuple[str, str, Node | None]", other: "tuple[str, str, Node | None]", *, replaces: bool
    ) -> None:
        self._act("rename", other[0])
        for full, _, at in (ours, other):
            self._meddle(full, at)
        node = self.disk.rename(ours[1], other[1], ours[2], other[2], replaces=replaces)
        self.on_named(other[0], node)

    def link(self, old: Any, new: Any, **_: Any) -> None:
        ours, other = self._ours(old), self._ours(new)
        if ours is None or other is None:
            _REAL["link"](old, new)
            return
        self._act("link", other[0])
        self._meddle(other[0], None)
        self.on_named(other[0], self.disk.link(ours[1], other[1]))

    def on_named(self, full: str, node: Node) -> None:
        """A file of ours has its name; whoever watches is told."""

    def on_unlink(self, node: Node) -> None:
        """A name of a file was taken away; whoever watches is told."""

    def listdir(self, path: Any = ".") -> list[str]:
        handle = self._handle(path)
        if handle is not None:
            self._act("scandir", handle.path)
            return list(handle.node.names)
        ours = self._ours(path)
        if ours is None:
            return list(_REAL["listdir"](path))
        self._act("scandir", ours[0])
        return list(self.disk.find(ours[1]).names)

    def scandir(self, path: Any = ".") -> Any:
        ours = self._ours(path)
        if ours is None:
            return _REAL["scandir"](path)
        self._act("scandir", ours[0])
        names = list(self.disk.find(ours[1]).names.items())
        # in no order that anybody may rely on
        if self.lived.dice.random() < 0.5:
            names.reverse()
        return Listing(Entry(self, os.fspath(path), name, node) for name, node in names)

    def truncate(self, path: Any, length: int) -> None:
        ours = self._ours(path)
        if ours is None:
            _REAL["truncate"](path, length)
            return
        self._act("write", ours[0])
        self.disk.truncate(self.disk.find(ours[1]), length)

    def fchmod(self, fd: int, mode: int) -> None:
        handle = self._handle(fd)
        if handle is None:
            _REAL["fchmod"](fd, mode)
        else:
            self._act("chmod", handle.path)
            handle.node.ctime_ns = self.disk.now_ns

    def utime(self, path: Any, *more: Any, **named: Any) -> None:
        handle, ours = self._handle(path), self._ours(path)
        if handle is None and ours is None:
            _REAL["utime"](path, *more, **named)
            return
        self._act("utime", handle.path if handle else ours[0] if ours else "")
        node = handle.node if handle else self.disk.find(ours[1] if ours else "")
        node.mtime_ns = node.ctime_ns = self.disk.now_ns

    def chmod(self, path: Any, mode: int, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> None:
        if self._ours(path, dir_fd) is None:
            _REAL["chmod"](path, mode, dir_fd=dir_fd, follow_symlinks=follow_symlinks)

    def access(self, path: Any, mode: int, **more: Any) -> bool:
        ours = self._ours(path)
        if ours is None:
            return bool(_REAL["access"](path, mode, **more))
        share = _share(ours[0])
        return not (share and self.lived.lasts(f"deaf:{share}"))

    def open_file(self, file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
        ours = self._ours(file) if not isinstance(file, int) else None
        if ours is None:
            return _REAL_OPEN(file, mode, *more, **named)
        if set(mode) & set("wax+"):
            raise NotImplementedError(f"open({file!r}, {mode!r}): name the seam by which the program writes here")
        self._act("read", ours[0])
        node = self.disk.find(ours[1])
        if node.is_folder:
            raise trouble(errno.EISDIR, ours[0])
        raw = io.BytesIO(bytes(node.data))
        if "b" in mode:
            return raw
        encoding = named.get("encoding") or (more[1] if len(more) > 1 else None)
        return io.TextIOWrapper(raw, encoding if encoding != "locale" else "utf-8", named.get("errors"))

    # locks and leases

    def flock(self, fd: int, how: int) -> None:
        handle = self._handle(fd)
        if handle is None:
            _REAL_FLOCK(fd, how)
            return
        node = handle.node
        if how & fcntl.LOCK_UN:
            node.locked_by = None
            return
        self._act("lock", handle.path)
        if node.locked_by not in {None, handle}:
            if how & fcntl.LOCK_NB:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            self.lived.wait(None, lambda: node.locked_by is None)
        node.locked_by = handle

    def fcntl(self, fd: int, command: int, argument: Any = 0) -> Any:
        handle = self._handle(fd)
        if handle is None:
            return _REAL_FCNTL(fd, command, argument)
        if command == fcntl.F_SETLEASE and argument == fcntl.F_RDLCK:
            if self.remote_kind(fd):
                return 0
            if handle.node.writers:
                raise trouble(errno.EAGAIN)
        return 0

    def remote_kind(self, fd: int) -> str:
        """On what sort of share an open file lies; "" for a disk of this machine."""
        handle = self._handle(fd)
        is_inbox = handle is not None and handle.path.startswith("/office/inbox")
        return "cifs" if is_inbox and self.lived.plan.share == "remote" else ""

    # as C has it

    def CDLL(self, *_: Any, **__: Any) -> "System":  # noqa: N802 - as ctypes calls it
        return self

    def get_errno(self) -> int:
        return self._errno

    _errno = 0

    def renameat2(self, at: int, old: bytes, to: int, new: bytes, flags: int) -> int:
        ours, other = self._ours(os.fsdecode(old), at), self._ours(os.fsdecode(new), to)
        if ours is None or other is None:
            raise NotImplementedError("renameat2 of a path that is none of the history's")
        try:
            self.renamed(ours, other, replaces=not flags & 1)
        except OSError as error:
            self._errno = error.errno or errno.EIO
            return -1
        return 0


class Time:
    """What the program asks of `time`."""

    def __init__(self, system: System) -> None:
        self._system = system

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    def time(self) -> float:
        world = self._system.world
        return world.wall_ns / SECOND if world else time.time()

    def monotonic(self) -> float:
        world = self._system.world
        return world.now / SECOND if world else time.monotonic()

    def sleep(self, seconds: float) -> None:
        world = self._system.world
        if world is None:
            time.sleep(seconds)
        else:
            world.sleep(seconds)


class Drawn:
    """What the program asks of `secrets`: drawn from the dice of the history."""

    def __init__(self, system: System) -> None:
        self._system = system

    def __getattr__(self, name: str) -> Any:
        return getattr(secrets, name)

    def token_hex(self, size: int = 32) -> str:
        world = self._system.world
        return f"{world.dice.getrandbits(8 * size):0{2 * size}x}" if world else secrets.token_hex(size)


class Event:
    """What `threading.Event` is, in the world's time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._is_set = False

    def set(self) -> None:
        self._is_set = True

    def clear(self) -> None:
        self._is_set = False

    def is_set(self) -> bool:
        return self._is_set

    def wait(self, timeout: float | None = None) -> bool:
        if not self._is_set:
            self._world.wait(timeout, lambda: self._is_set)
        return self._is_set


class Thread:
    """A thread that is over before whoever started it goes on."""

    def __init__(self, target: Callable[[], None], **_: Any) -> None:
        self._target = target

    def start(self) -> None:
        self._target()

    def join(self, timeout: float | None = None) -> None:
        pass

    def is_alive(self) -> bool:
        return False


class Threads:
    """What the program asks of `threading`."""

    Thread = Thread

    def __init__(self, system: System) -> None:
        self._system = system

    def __getattr__(self, name: str) -> Any:
        return getattr(threading, name)

    def Event(self) -> Event:  # noqa: N802 - as threading calls it
        return Event(self._system.lived)


class OfEachProcess:
    """What a process remembers in a module: the programs of a history are processes, each with its own."""

    def __init__(self, system: System) -> None:
        self._system = system

    @property
    def _own(self) -> set[Any]:
        world = self._system.world
        program = world.current if world else None
        return program.remembers if program is not None else set()

    def __contains__(self, thing: object) -> bool:
        # what is above the history's own folders is none of its disk
        return thing in self._own or len(str(thing)) <= len(ROOT)

    def add(self, thing: object) -> None:
        self._own.add(thing)


_REAL_OPEN, _REAL_FLOCK, _REAL_FCNTL = io.open, fcntl.flock, fcntl.fcntl
_OF: Final = ("files", "intake", "app", "health", "steps", "archive", "ledger", "store", "tools.patience")
_ROOMS: Final = tuple(f"pipeline.{room}" for room in _OF)


@contextlib.contextmanager
def installed() -> Iterator[System]:
    """The system with its calls in their places."""
    system = System()
    stands = {time: Time(system), secrets: Drawn(system), threading: Threads(system)}
    undo: list[tuple[Any, str, Any]] = []

    def put(owner: Any, name: str, value: Any) -> None:
        undo.append((owner, name, getattr(owner, name)))
        setattr(owner, name, value)

    for name in _REAL:
        wanted = {"remove": "unlink", "replace": "rename"}.get(name, name)
        if hasattr(system, wanted):
            put(os, name, getattr(system, wanted))
    put(io, "open", system.open_file)
    put(fcntl, "flock", system.flock)
    put(fcntl, "fcntl", system.fcntl)
    for name, module in list(sys.modules.items()):
        if not name.startswith(_ROOMS) or module is None:
            continue
        for real, stand in stands.items():
            if vars(module).get(real.__name__) is real:
                put(module, real.__name__, stand)
    put(withdrawing, "ctypes", system)
    put(writing, "_ON_DISK", OfEachProcess(system))
    put(holding, "_PROCESSES", Path(ROOT) / "nobody")
    put(holding, "_LOCKS", Path(ROOT) / "nobody" / "locks")
    try:
        yield system
    finally:
        for owner, name, value in reversed(undo):
            setattr(owner, name, value)
