"""A folder that is not the folder it was is told from it; one that was made anew on the store's disk is not."""

import errno
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.files import CannotWrite, FolderAway, Identity
from pipeline.files.identity import MARKER
from pipeline.proof import standalone


@pytest.fixture
def identity(tmp_path: Path) -> Identity:
    (tmp_path / "var").mkdir()
    (tmp_path / "outbox").mkdir()
    return Identity(tmp_path / "outbox", tmp_path / "var" / "folders" / "outbox.json", tmp_path / "var")


def marker(identity: Identity) -> str:
    return (identity.marked / MARKER).read_text().strip()


def elsewhere(identity: Identity) -> None:
    """As if the folder had been on a share when it was last seen."""
    known = json.loads(identity.record.read_text())
    identity.record.write_text(json.dumps(known | {"is_beside": False}))


def test_a_folder_is_marked_when_it_is_first_seen_and_known_by_that_from_then_on(identity: Identity) -> None:
    assert not identity.is_known
    identity.must_be_there()
    first = marker(identity)
    identity.must_be_there()
    assert (identity.is_known, marker(identity), len(first)) == (True, first, 32)


def test_the_empty_folder_below_a_share_that_is_gone_is_not_the_share(identity: Identity) -> None:
    identity.must_be_there()
    elsewhere(identity)
    (identity.marked / MARKER).unlink()
    with pytest.raises(FolderAway, match="vanthu folders confirm outbox"):
        identity.must_be_there()
    assert list(identity.marked.iterdir()) == []


def test_another_marker_is_another_folder_wherever_it_lies(identity: Identity) -> None:
    identity.must_be_there()
    (identity.marked / MARKER).write_text("another\n")
    with pytest.raises(FolderAway):
        identity.must_be_there()
    assert marker(identity) == "another"


def test_a_folder_that_always_lay_on_the_stores_disk_may_be_emptied_and_made_anew(identity: Identity) -> None:
    identity.must_be_there()
    first = marker(identity)
    (identity.marked / MARKER).unlink()
    identity.must_be_there()
    assert marker(identity) == first
    (identity.marked / MARKER).unlink()
    identity.marked.rmdir()
    identity.must_be_there()
    assert marker(identity) == first


def test_where_a_share_was_nothing_is_made(identity: Identity) -> None:
    identity.must_be_there()
    elsewhere(identity)
    (identity.marked / MARKER).unlink()
    identity.marked.rmdir()
    with pytest.raises(FolderAway):
        identity.must_be_there()
    assert not identity.marked.exists()
    with pytest.raises(FolderAway):
        identity.confirm()


def test_a_store_that_lost_its_memory_knows_the_folder_by_the_marker_it_has(identity: Identity) -> None:
    identity.must_be_there()
    first = marker(identity)
    identity.record.unlink()
    identity.must_be_there()
    assert (marker(identity), identity.is_known) == (first, True)


def test_what_can_only_be_read_is_left_unmarked_and_is_no_trouble(
    identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise CannotWrite("read-only")

    monkeypatch.setattr("pipeline.files.identity.write_durably", refused)
    identity.must_be_there()
    assert (identity.is_known, list(identity.marked.iterdir())) == (False, [])


def test_a_person_can_say_that_it_is_the_folder(identity: Identity) -> None:
    identity.must_be_there()
    elsewhere(identity)
    (identity.marked / MARKER).unlink()
    identity.confirm()
    identity.must_be_there()
    assert marker(identity) == json.loads(identity.record.read_text())["id"]


def test_whoever_verifies_an_archive_knows_the_marker() -> None:
    assert standalone.MARKER == MARKER


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own where the outbox lies."""
    place = tmp_path / "outbox"
    place.mkdir(exist_ok=True)
    made = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(place)], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("this machine lets nobody here mount a file system")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False, capture_output=True)


def test_a_mount_that_goes_away_and_comes_back_is_away_and_there_again(identity: Identity, mounted: Path) -> None:
    identity.must_be_there()
    assert json.loads(identity.record.read_text())["is_beside"] is False
    back = mounted.with_name("back")
    back.mkdir()
    subprocess.run(["mount", "--bind", str(mounted), str(back)], check=True)
    try:
        subprocess.run(["umount", "-l", str(mounted)], check=True)
        with pytest.raises(FolderAway):
            identity.must_be_there()
        subprocess.run(["mount", "--bind", str(back), str(mounted)], check=True)
        identity.must_be_there()
    finally:
        subprocess.run(["umount", "-l", str(back)], check=False)


def test_a_store_that_cannot_be_read_for_a_moment_is_told_as_ours(
    identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    identity.must_be_there()
    monkeypatch.setattr(os, "open", fails)
    # a watch waits for it, and would end with any other trouble
    with pytest.raises(CannotWrite):
        identity.must_be_there()
