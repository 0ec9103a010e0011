"""What is removed from the inbox is what was taken; what a late writer adds comes back."""

import os
import time
from pathlib import Path, PurePosixPath

import pytest

from pipeline.files import Left, finish, holding, sha256_of, stamp_of, withdraw, withdrawing
from tests.files.writing import writer

NAME = PurePosixPath("CATP/dk.yaml")
TAKEN = b"kind: dang-ky\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.parent.mkdir()
    path.write_bytes(TAKEN)
    return path


def withdrawn(path: Path) -> Left:
    return withdraw(path.parents[1], NAME, stamp_of(path.stat()), sha256_of(TAKEN))


def lying(path: Path) -> dict[str, bytes]:
    """What anybody sees or finds in the folder."""
    folder = path.parent
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_what_was_taken_is_removed_and_nothing_is_left_of_it(path: Path) -> None:
    assert withdrawn(path) is Left.REMOVED
    assert list(path.parent.iterdir()) == []


def test_a_newer_file_of_that_name_stays(path: Path) -> None:
    stamp = stamp_of(path.stat())
    path.write_bytes(b"kind: giao-uoc\n")
    assert withdraw(path.parents[1], NAME, stamp, sha256_of(TAKEN)) is Left.STAYS
    assert lying(path) == {"dk.yaml": b"kind: giao-uoc\n"}


def test_a_file_that_is_gone_is_no_trouble(path: Path) -> None:
    stamp = stamp_of(path.stat())
    path.unlink()
    assert withdraw(path.parents[1], NAME, stamp, sha256_of(TAKEN)) is Left.STAYS


def test_what_a_late_writer_adds_comes_back_under_the_files_name(path: Path) -> None:
    with writer(path) as held:
        assert withdrawn(path) is Left.ASIDE
        assert not path.exists()
        held.write(b"headcount: 24\n", at=len(TAKEN))
        assert finish(path.parents[1]) == [Left.ASIDE]
        held.close()
    assert finish(path.parents[1]) == [Left.BACK]
    assert lying(path) == {"dk.yaml": TAKEN + b"headcount: 24\n"}
    assert finish(path.parents[1]) == []


def test_a_late_writer_who_writes_nothing_brings_nothing_back(path: Path) -> None:
    with writer(path) as held:
        assert withdrawn(path) is Left.ASIDE
        held.close()
    assert finish(path.parents[1]) == [Left.REMOVED]
    assert list(path.parent.iterdir()) == []


def test_what_comes_back_does_not_take_the_place_of_what_was_dropped_meanwhile(path: Path) -> None:
    with writer(path) as held:
        withdrawn(path)
        held.write(b"late")
        path.write_bytes(b"newer")
        path.with_name("dk (1).yaml").write_bytes(b"another")
        held.close()
    assert finish(path.parents[1]) == [Left.BACK]
    assert lying(path) == {"dk.yaml": b"newer", "dk (1).yaml": b"another", "dk (2).yaml": b"late" + TAKEN[4:]}


def test_bytes_changed_without_a_trace_in_the_times_come_back(path: Path) -> None:
    times = path.stat()
    with writer(path) as held:
        withdrawn(path)
        held.write(b"KIND")
        held.close()
    (aside,) = path.parent.rglob("dk.yaml")
    os.utime(aside, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert finish(path.parents[1]) == [Left.BACK]
    assert lying(path) == {"dk.yaml": b"KIND" + TAKEN[4:]}


def test_a_power_cut_between_renaming_and_removing_loses_and_doubles_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(*_: object, **__: object) -> None:
        raise SystemExit("power cut")

    with monkeypatch.context() as cut, pytest.raises(SystemExit):
        cut.setattr(os, "unlink", power_cut)
        withdrawn(path)
    assert list(lying(path).values()) == [TAKEN]
    assert finish(path.parents[1]) == [Left.REMOVED]
    assert list(path.parent.iterdir()) == []


def test_a_clock_that_was_set_back_keeps_nothing_aside_for_longer(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = path.stat().st_ctime
    # nobody can tell who writes, as on a share
    monkeypatch.setattr(holding, "remote_kind", lambda _: "cifs")
    monkeypatch.setattr(withdrawing, "clock_of", lambda _: now)
    assert withdrawn(path) is Left.ASIDE
    (aside,) = path.parent.glob(f"{withdrawing.ASIDE}*/*")
    since = aside.stat().st_ctime_ns

    monkeypatch.setattr(withdrawing, "clock_of", lambda _: now - 86_400)
    assert finish(path.parent) == [Left.ASIDE]
    # counted from this look on, by the clock as it goes now
    assert aside.stat().st_ctime_ns > since
    monkeypatch.setattr(withdrawing, "clock_of", lambda _: aside.stat().st_ctime + withdrawing.LINGER_SECONDS + 1)
    assert finish(path.parent) == [Left.REMOVED]


def test_how_long_a_file_rests_is_told_by_the_clock_that_gives_it_its_times(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "remote_kind", lambda _: "cifs")
    monkeypatch.setattr(time, "time", lambda: path.stat().st_ctime + 3600)
    assert withdrawn(path) is Left.ASIDE
