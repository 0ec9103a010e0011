"""The chest of backups: each piece once, proved when it is read, and closed to who has no key."""

from pathlib import Path

import pytest

from pipeline.backup import chest as chests
from pipeline.backup.chest import BackupUnusable, Chest
from pipeline.errors import HashMismatch
from pipeline.files import FolderStore

KEY = b"k" * 32


@pytest.fixture(params=[None, KEY], ids=["plain", "sealed"])
def chest(request: pytest.FixtureRequest, tmp_path: Path) -> Chest:
    return chests.begin(FolderStore(tmp_path / "backups"), request.param)


def root_of(chest: Chest) -> Path:
    return Path(chest.store.where)


def stored(chest: Chest) -> list[Path]:
    return sorted(path for path in (root_of(chest) / "data").rglob("*") if path.is_file())


def test_the_same_piece_is_kept_once(chest: Chest) -> None:
    name, written = chest.put(b"mot")
    assert written >= 3
    assert chest.put(b"mot") == (name, 0)
    assert chest.put(b"hai")[0] != name
    assert chest.get(name) == b"mot"
    assert len(stored(chest)) == 2


@pytest.mark.parametrize("damage", ["changed", "cut", "emptied", "gone", "exchanged"])
def test_a_piece_that_is_not_what_was_written_is_refused(chest: Chest, damage: str) -> None:
    name, _ = chest.put(b"so van ban")
    chest.put(b"mot phan khac")
    one, other = stored(chest)
    path, content = (one, one.read_bytes()) if one.name == name else (other, other.read_bytes())
    path.chmod(0o600)
    if damage == "changed":
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif damage == "cut":
        path.write_bytes(content[:-1])
    elif damage == "emptied":
        path.write_bytes(content[:3])
    elif damage == "gone":
        path.unlink()
    else:
        path.write_bytes((other if path == one else one).read_bytes())
    with pytest.raises(HashMismatch):
        chest.get(name)


def test_a_list_that_is_not_what_was_written_is_refused(chest: Chest) -> None:
    chest.add_list(b"[1]")
    (path,) = (root_of(chest) / "backups").iterdir()
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"2")
    with pytest.raises(HashMismatch):
        chest.list("")


def test_the_newest_backup_is_the_last_one_whatever_the_clock_said(chest: Chest) -> None:
    for number in range(3):
        chest.add_list(f"{number}".encode())
    assert chest.list("") == b"2"
    assert chest.list("1") == b"0"
    with pytest.raises(BackupUnusable):
        chest.list("7")


def test_without_the_key_nothing_can_be_learned_or_read(tmp_path: Path) -> None:
    chest = chests.begin(FolderStore(tmp_path / "b"), KEY)
    name, _ = chest.put(b"bi mat cua co quan")
    chest.add_list(b"danh muc bi mat")
    assert name != chests.begin(FolderStore(tmp_path / "plain"), None).name_of(b"bi mat cua co quan")
    everything = b"".join(path.read_bytes() for path in root_of(chest).rglob("*") if path.is_file())
    assert b"bi mat" not in everything
    for key in (None, b"x" * 32):
        with pytest.raises(BackupUnusable):
            chests.opened(chest.store, key)


def test_the_same_file_in_two_chests_of_one_key_has_two_names(tmp_path: Path) -> None:
    names = {chests.begin(FolderStore(tmp_path / folder), KEY).put(b"mot")[0] for folder in "ab"}
    assert len(names) == 2


def test_a_folder_begun_without_a_key_is_not_gone_on_with_one(tmp_path: Path) -> None:
    chests.begin(FolderStore(tmp_path / "b"), None)
    with pytest.raises(BackupUnusable):
        chests.begin(FolderStore(tmp_path / "b"), KEY)


def test_a_folder_of_something_else_is_not_begun_in(tmp_path: Path) -> None:
    (tmp_path / "thu.txt").write_text("x")
    with pytest.raises(BackupUnusable):
        chests.begin(FolderStore(tmp_path), None)
    assert [path.name for path in tmp_path.iterdir()] == ["thu.txt"]


def test_nobody_else_may_look_into_a_folder_of_backups(chest: Chest) -> None:
    assert root_of(chest).stat().st_mode & 0o077 == 0


def test_a_short_key_is_refused_with_the_way_to_make_one(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("matkhau")
    with pytest.raises(BackupUnusable, match="openssl rand"):
        chests.key_in(tmp_path / "key")
