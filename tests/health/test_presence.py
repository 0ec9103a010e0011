"""A worker is there for as long as it holds its file, and what it had leased is free when it no longer does."""

import errno
import os
from pathlib import Path

import pytest

from pipeline.app.worker import Worker
from pipeline.errors import NoSpaceError
from pipeline.files import locked
from pipeline.health.presence import present, release_gone
from pipeline.intake import look
from pipeline.ledger import Lease, Ledger
from tests.folders import drop, opened, registration, working_folder


def test_every_worker_has_a_name_and_a_file_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "workers"
    with present(folder) as one, present(folder) as other:
        assert one != other
        assert {path.name for path in folder.iterdir()} == {f"{one}.worker", f"{other}.worker"}
        assert len(one) == 16
        mode = (folder / f"{one}.worker").stat().st_mode
        assert mode & 0o666 & ~umask() == 0o660 & ~umask()
    with present(folder):
        assert len(list(folder.iterdir())) == 3


def test_a_disk_in_trouble_is_told_as_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "workers"
    folder.mkdir()
    (folder / "0123456789abcdef.worker").write_bytes(b"")

    def fails(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "open", fails)
    # a watch waits for these, and would end with any other
    with pytest.raises(NoSpaceError), present(folder):
        pass
    with pytest.raises(NoSpaceError):
        release_gone(folder, Ledger.__new__(Ledger))
    with pytest.raises(NoSpaceError), locked(tmp_path / "publishing.lock"):
        pass


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_the_file_of_a_worker_is_not_handed_on_to_its_children(tmp_path: Path) -> None:
    with present(tmp_path) as name:
        held = [
            int(fd.name)
            for fd in Path("/proc/self/fd").iterdir()
            if fd.exists() and fd.readlink() == tmp_path / f"{name}.worker"
        ]
        assert [os.get_inheritable(fd) for fd in held] == [False]


def test_what_a_worker_that_went_had_leased_is_free_and_its_file_gone(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    for unit in ("CATP", "KNH"):
        drop(folder, "dk.yaml", registration(unit), unit)
    with opened(folder) as workspace:
        ledger, workers = workspace.ledger, workspace.folders.workers
        one, other = Worker(workspace).take(look(workspace.folders.inbox))
        with present(workers) as living:
            with present(workers) as gone:
                assert ledger.claim(one, Lease(gone, 600))
                assert ledger.claim(other, Lease(living, 600))
                release_gone(workers, ledger)
                assert not ledger.claim(one, Lease("a third", 600))
            release_gone(workers, ledger)
            assert {path.stem for path in workers.iterdir()} == {living, workspace.lease.owner}
            assert ledger.claim(one, Lease("a third", 600))
            assert not ledger.claim(other, Lease("a third", 600))
        release_gone(workers, ledger)
        assert ledger.claim(other, Lease("a third", 600))


def test_a_file_that_is_no_workers_is_left_alone(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with opened(folder) as workspace:
        note = workspace.folders.workers / "note.txt"
        note.write_bytes(b"")
        release_gone(workspace.folders.workers, workspace.ledger)
        assert note.exists()
