"""A crash at any moment leaves the old or the new, whole.

`pipeline.files` calls the system through `os`. Here `os` is replaced by a stand-in that counts the calls which change
the disk and dies at the n-th; after that nothing runs, as after a power cut (a dead process runs no `finally`). Then
the disk is made as bad as it may be: what was written and not synced is lost, names put and not synced are undone.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipeline import files
from pipeline.files import spool as spool_module
from pipeline.files import writing

CHANGING = ("open", "write", "fsync", "fchmod", "close", "link", "replace", "rename", "unlink", "mkdir")
OLD, NEW = b"old content", b"new content, longer"


class PowerCut(BaseException):
    """The machine is off."""


@dataclass
class Disk:
    """The system calls of a process that dies before its `dies_at`-th change, on a disk that loses what it may."""

    dies_at: int
    calls: int = 0
    _open: dict[int, Path] = field(default_factory=dict)
    _unsynced: set[Path] = field(default_factory=set)
    _undo: list[tuple[Path, Callable[[], None]]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if name not in CHANGING:
            return real

        def call(*args: Any, **kwargs: Any) -> Any:
            if self.calls >= self.dies_at:
                raise PowerCut
            self.calls += 1
            before = self._bytes_of(name, args)
            result = real(*args, **kwargs)
            self._note(name, args, result, before)
            return result

        return call

    @staticmethod
    def _bytes_of(name: str, args: tuple[Any, ...]) -> bytes | None:
        """What a call is about to destroy."""
        target = {"replace": 1, "rename": 1, "unlink": 0}.get(name)
        return Path(args[target]).read_bytes() if target is not None and Path(args[target]).is_file() else None

    def _note(self, name: str, args: tuple[Any, ...], result: Any, before: bytes | None) -> None:
        match name:
            case "open":
                self._open[result] = Path(args[0])
                if args[1] & os.O_CREAT:
                    self._named(Path(args[0]), None)
            case "write":
                self._unsynced.add(self._open[args[0]])
            case "fsync":
                synced = self._open[args[0]]
                self._unsynced.discard(synced)
                self._undo = [(folder, undo) for folder, undo in self._undo if folder != synced]
            case "link":
                self._named(Path(args[1]), None)
            case "replace" | "rename":
                self._unsynced = {Path(args[1]) if path == Path(args[0]) else path for path in self._unsynced}
                self._named(Path(args[1]), before)
            case _:
                pass

    def _named(self, path: Path, before: bytes | None) -> None:
        """A name was put: until its folder is synced, the disk may forget it, and show what was there."""

        def undo() -> None:
            path.unlink(missing_ok=True)
            if before is not None:
                path.write_bytes(before)

        self._undo.append((path.parent, undo))

    def lose(self, *, names: bool) -> None:
        """Lose unsynced bytes, and, with `names`, unsynced names."""
        for path in self._unsynced:
            if path.exists():
                path.chmod(0o644)
                path.write_bytes(b"")
        if names:
            for _, undo in reversed(self._undo):
                undo()


def crash(monkeypatch: pytest.MonkeyPatch, dies_at: int, work: Callable[[], object]) -> tuple[Disk, bool]:
    """Run `work` on a disk that dies; whether it came to its end."""
    disk = Disk(dies_at)
    with monkeypatch.context() as patch:
        patch.setattr(writing, "os", disk)
        patch.setattr(spool_module, "os", disk)
        try:
            work()
        except PowerCut:
            return disk, False
        return disk, True


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def every_crash(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    prepare: Callable[[Path], object],
    work: Callable[[Path], object],
    judge: Callable[[Path, bool], None],
) -> int:
    """Kill `work` at each of its calls, with the mildest and the worst loss; returns how many calls it makes."""
    for dies_at in range(200):
        ended = False
        for names in (False, True):
            place = folder / f"{dies_at}-{names}"
            place.mkdir()
            prepare(place)
            disk, ended = crash(monkeypatch, dies_at, lambda place=place: work(place))  # type: ignore[misc]
            disk.lose(names=names)
            judge(place, ended)
        if ended:
            return dies_at
    raise AssertionError("it never ends")


def test_a_durable_write_leaves_the_old_or_the_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(place: Path, ended: bool) -> None:
        found = (place / "x").read_bytes()
        assert found == NEW if ended else found in (OLD, NEW)
        files.sweep(place)
        assert names(place) == ["x"]

    calls = every_crash(
        monkeypatch,
        tmp_path,
        prepare=lambda place: (place / "x").write_bytes(OLD),
        work=lambda place: files.write_durably(place / "x", NEW),
        judge=judge,
    )
    assert calls >= 8  # the stand-in really was in the way: open, write, fsync, close, replace, open, fsync, close


def test_a_write_in_a_new_folder_is_whole_or_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(place: Path, ended: bool) -> None:
        path = place / "a" / "b" / "x"
        assert path.exists() or not ended
        assert not path.exists() or path.read_bytes() == NEW

    every_crash(
        monkeypatch,
        tmp_path,
        prepare=lambda place: None,
        work=lambda place: files.write_durably(place / "a" / "b" / "x", NEW),
        judge=judge,
    )


def test_what_is_written_once_is_whole_or_absent_and_the_second_try_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge(place: Path, ended: bool) -> None:
        path = place / "KH" / "x.pdf"
        assert path.exists() or not ended
        assert not path.exists() or path.read_bytes() == NEW
        files.write_once(path, NEW)
        files.sweep(place)
        assert path.read_bytes() == NEW
        assert names(path.parent) == ["x.pdf"]

    every_crash(
        monkeypatch,
        tmp_path,
        prepare=lambda place: None,
        work=lambda place: files.write_once(place / "KH" / "x.pdf", NEW),
        judge=judge,
    )


def test_a_second_try_that_crashes_too_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def prepare(place: Path) -> None:
        files.write_once(place / "x", NEW)

    def judge(place: Path, ended: bool) -> None:
        assert (place / "x").read_bytes() == NEW

    every_crash(
        monkeypatch, tmp_path, prepare=prepare, work=lambda place: files.write_once(place / "x", NEW), judge=judge
    )


def test_the_spool_never_holds_bytes_under_another_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(place: Path) -> None:
        files.Spool(place / "spool").put_file(place / "drop", limit_bytes=100)

    def judge(place: Path, ended: bool) -> None:
        spool = files.Spool(place / "spool")
        kept = list(spool.hashes())
        assert kept == [files.sha256_of(NEW)] if ended else kept in ([], [files.sha256_of(NEW)])
        for sha256 in kept:
            spool.verify(sha256)
        assert spool.put_file(place / "drop", limit_bytes=100)[0] == files.sha256_of(NEW)

    every_crash(
        monkeypatch,
        tmp_path,
        prepare=lambda place: (place / "drop").write_bytes(NEW),
        work=work,
        judge=judge,
    )


def test_the_stand_in_notices_a_writer_that_does_not_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The judge must be able to fail: without fsync, the worst disk leaves an empty file under the good name."""

    def careless(place: Path) -> None:
        system: Any = vars(writing)["os"]
        fd = system.open(place / "t", os.O_WRONLY | os.O_CREAT)
        system.write(fd, NEW)
        system.close(fd)
        system.replace(place / "t", place / "x")

    found: list[bytes] = []
    every_crash(
        monkeypatch,
        tmp_path,
        prepare=lambda place: (place / "x").write_bytes(OLD),
        work=careless,
        judge=lambda place, ended: found.append((place / "x").read_bytes()),
    )
    assert b"" in found
