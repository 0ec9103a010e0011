"""Writing, keeping and opening files."""

import errno
import os
import socket
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import files, naming
from pipeline.errors import HashMismatch, NoSpaceError
from pipeline.files import foreign, writing
from tests.said import en, vi

MEGABYTE = 1_000_000


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def temporaries(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.name.startswith(writing.TEMPORARY_PREFIX)]


# ----------------------------------------------------------------------------------------------------- writing


def test_a_durable_write_makes_its_folder_and_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.txt"
    files.write_durably(path, b"old")
    files.write_durably(path, b"new")
    assert path.read_bytes() == b"new"
    assert temporaries(tmp_path) == []


def test_other_people_can_read_what_is_published(tmp_path: Path) -> None:
    umask = os.umask(0o022)
    try:
        files.write_durably(tmp_path / "a", b"")
        files.write_once(tmp_path / "b", b"")
    finally:
        os.umask(umask)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o444


def test_a_file_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "KH" / "x.pdf"
    assert files.write_once(path, b"signed")
    assert not files.write_once(path, b"signed")
    with pytest.raises(HashMismatch, match=r"x\.pdf"):
        files.write_once(path, b"forged")
    assert path.read_bytes() == b"signed"
    assert temporaries(tmp_path) == []


def test_nothing_is_written_once_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"signed")
    (tmp_path / "x").symlink_to("elsewhere")
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("x", "dangling"):
        with pytest.raises(HashMismatch):
            files.write_once(tmp_path / name, b"signed")
    assert not (tmp_path / "nowhere").exists()


def test_of_many_writers_one_is_first_and_all_agree(tmp_path: Path) -> None:
    firsts: list[bool] = []
    writers = [
        threading.Thread(target=lambda: firsts.append(files.write_once(tmp_path / "x", b"same"))) for _ in range(8)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(firsts) == [False] * 7 + [True]
    assert names(tmp_path) == ["x"]


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP])
def test_a_share_without_hard_links_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    assert files.write_once(tmp_path / "x", b"1")
    assert not files.write_once(tmp_path / "x", b"1")
    with pytest.raises(HashMismatch):
        files.write_once(tmp_path / "x", b"2")
    assert names(tmp_path) == ["x"]


@pytest.mark.parametrize(
    ("write", "call"),
    [
        *((files.write_durably, call) for call in ("open", "write", "fsync", "replace")),
        *((files.write_once, call) for call in ("open", "write", "fsync", "link")),
    ],
)
def test_a_full_disk_is_told_and_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, bytes], object], call: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(NoSpaceError, match="x"):
        write(tmp_path / "x", b"content")
    monkeypatch.undo()
    assert names(tmp_path) == []


def test_a_disk_that_is_really_full_is_told() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    fd = os.open("/dev/full", os.O_WRONLY)
    try:
        with pytest.raises(NoSpaceError), writing.storage_errors(Path("/dev/full")):
            writing.write_all(fd, b"x")
    finally:
        os.close(fd)


def test_a_folder_that_refuses_us_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(files.CannotWrite, match="file"):
        files.write_durably(tmp_path / "file" / "x", b"")


def test_short_writes_are_carried_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, content: real(fd, bytes(content)[:3]))
    files.write_durably(tmp_path / "x", b"0123456789")
    assert (tmp_path / "x").read_bytes() == b"0123456789"


def test_a_removed_file_is_gone_and_removing_again_says_so(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"")
    assert files.remove(tmp_path / "x")
    assert not files.remove(tmp_path / "x")
    # nor where its folder is gone, or somebody's file lies in its place
    assert not files.remove(tmp_path / "none" / "x")
    (tmp_path / "file").touch()
    assert not files.remove(tmp_path / "file" / "x")


def test_what_a_crash_left_before_the_clock_was_set_back_is_swept_too(tmp_path: Path) -> None:
    for name, age_s in (("0123456789abcdef", -3600), ("fedcba9876543210", 3600), ("0123456789fedcba", 0)):
        left = tmp_path / f".vanthu-{name}.part"
        left.write_bytes(b"half")
        os.utime(left, (time.time() - age_s,) * 2)
    assert files.sweep(tmp_path, older_than_s=60) == 2
    assert [path.name for path in tmp_path.iterdir()] == [".vanthu-0123456789fedcba.part"]


def test_a_share_that_is_away_is_told_as_ours_when_it_is_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stale(*_: object) -> None:
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))

    monkeypatch.setattr(os, "scandir", stale)
    # a watch that starts meanwhile waits for it, and would end with any other trouble
    with pytest.raises(files.CannotWrite):
        files.sweep(tmp_path)


def test_what_a_crash_left_in_the_spool_is_swept_by_looking_at_one_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(BaseException):
        pass

    def cut(*_: object) -> None:
        raise PowerCut

    spool = files.Spool(tmp_path / "spool")
    kept = spool.put(b"kept")
    with monkeypatch.context() as patch:
        patch.setattr(os, "link", cut)
        # a dead process tidies nothing up
        patch.setattr(os, "unlink", cut)
        for put in (lambda: spool.put(b"half"), lambda: spool.put_file(spool.path(kept), limit_bytes=9)):
            with pytest.raises(PowerCut):
                put()
    assert len(list(spool.root.rglob("*.part"))) == 2
    assert spool.sweep(older_than_s=0) == 2
    assert list(spool.root.rglob("*.part")) == []
    assert spool.get(kept) == b"kept"


def test_a_folder_that_another_has_just_made_is_brought_to_the_disk_before_anything_in_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ab").mkdir()
    synced: list[Path] = []
    really = writing.sync_folder

    def sync_folder(folder: Path) -> None:
        synced.append(folder)
        really(folder)

    monkeypatch.setattr(writing, "sync_folder", sync_folder)

    files.write_once(tmp_path / "ab" / "x", b"x")
    assert synced.count(tmp_path) == 1
    # asked once: not with every file
    files.write_once(tmp_path / "ab" / "y", b"y")
    assert synced.count(tmp_path) == 1


def test_a_folder_whose_sync_failed_is_synced_by_the_next_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, synced = writing.sync_folder, []

    def fails_once(folder: Path) -> None:
        synced.append(folder)
        if len(synced) == 1:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        really(folder)

    files.make_folder(tmp_path)
    monkeypatch.setattr(writing, "sync_folder", fails_once)
    with pytest.raises(files.CannotWrite):
        files.write_once(tmp_path / "cd" / "x", b"x")
    files.write_once(tmp_path / "cd" / "x", b"x")
    assert synced[:2] == [tmp_path, tmp_path]


def test_sweeping_takes_only_what_a_crash_left(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / ".vanthu-00.part").write_bytes(b"")
    (folder / "kept.part").write_bytes(b"")
    assert files.sweep(tmp_path) == 1
    assert names(folder) == ["kept.part"]


def test_our_temporary_files_are_on_our_own_ignore_list(tmp_path: Path) -> None:
    with writing.temporary_file(tmp_path, writing.WRITABLE) as (temporary, _):
        assert naming.ignored(temporary.name)


# ------------------------------------------------------------------------------------------------------- spool


def spool_in(folder: Path) -> files.Spool:
    return files.Spool(folder / "spool")


def test_bytes_are_kept_under_their_hash(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    sha256 = spool.put(b"hello")
    assert sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert spool.path(sha256) == tmp_path / "spool" / "2c" / sha256
    assert (spool.has(sha256), spool.get(sha256), list(spool.hashes())) == (True, b"hello", [sha256])
    assert spool.put(b"hello") == sha256


def test_a_file_is_hashed_while_it_is_copied(tmp_path: Path) -> None:
    content = os.urandom(3 * (1 << 20) + 17)
    (tmp_path / "drop").write_bytes(content)
    spool = spool_in(tmp_path)
    sha256, size = spool.put_file(tmp_path / "drop", limit_bytes=4 * MEGABYTE)
    assert (sha256, size) == (files.sha256_of(content), len(content))
    assert spool.get(sha256) == content
    assert spool.put_file(tmp_path / "drop", limit_bytes=4 * MEGABYTE) == (sha256, size)
    assert temporaries(tmp_path) == []


def test_an_open_file_is_copied_from_its_first_byte(tmp_path: Path) -> None:
    (tmp_path / "drop").write_bytes(b"0123456789")
    fd = os.open(tmp_path / "drop", os.O_RDONLY)
    try:
        os.lseek(fd, 5, os.SEEK_SET)
        assert spool_in(tmp_path).put_file(fd, limit_bytes=10)[1] == 10
    finally:
        os.close(fd)


def test_a_file_that_grows_past_the_limit_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "drop").write_bytes(b"x" * 11)
    with pytest.raises(files.FileGrew):
        spool_in(tmp_path).put_file(tmp_path / "drop", limit_bytes=10)
    assert list(spool_in(tmp_path).hashes()) == []
    assert temporaries(tmp_path) == []


@pytest.mark.parametrize("bit", [0, 7, 8 * 2_500, 8 * 4_999 + 3])
def test_one_flipped_bit_is_noticed(tmp_path: Path, bit: int) -> None:
    spool = spool_in(tmp_path)
    content = bytearray(os.urandom(5_000))
    sha256 = spool.put(bytes(content))
    content[bit // 8] ^= 1 << (bit % 8)
    spool.path(sha256).chmod(0o644)
    spool.path(sha256).write_bytes(content)
    for look in (spool.get, spool.verify):
        with pytest.raises(HashMismatch, match=sha256):
            look(sha256)


def test_damage_is_noticed_when_the_same_bytes_come_again(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    (tmp_path / "drop").write_bytes(b"hello")
    sha256 = spool.put(b"hello")
    spool.path(sha256).chmod(0o644)
    spool.path(sha256).write_bytes(b"hell")
    with pytest.raises(HashMismatch):
        spool.put(b"hello")
    with pytest.raises(HashMismatch):
        spool.put_file(tmp_path / "drop", limit_bytes=10)
    assert temporaries(tmp_path) == []


def test_recorded_bytes_that_are_gone_are_told(tmp_path: Path) -> None:
    with pytest.raises(files.SpoolMissing, match="00000"):
        spool_in(tmp_path).get("0" * 64)


def test_a_disk_that_fails_does_not_say_that_recorded_bytes_are_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = spool_in(tmp_path)
    sha256 = spool.put(b"hello")

    def fails(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    for name in ("stat", "read_bytes", "open"):
        monkeypatch.setattr(Path, name, fails)
    for look in (spool.get, spool.verify, spool.seen, spool.has):
        with pytest.raises(files.SpoolUnreadable, match="Input/output error"):
            look(sha256)
    monkeypatch.undo()
    assert spool.get(sha256) == b"hello"


@pytest.mark.parametrize("wrong", ["", "abc", "A" * 64, "../" + "0" * 61, "0" * 63 + "/", "0" * 65, "٠" * 64])
def test_what_is_no_hash_is_no_path(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="sha256"):
        spool_in(tmp_path).path(wrong)


def test_foreign_files_in_the_spool_are_passed_over(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    sha256 = spool.put(b"hello")
    (spool.root / "2c" / "note.txt").write_bytes(b"")
    (spool.root / "zz").mkdir()
    (spool.root / "zz" / sha256).write_bytes(b"")
    assert list(spool.hashes()) == [sha256]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(contents=st.lists(st.binary(max_size=200), max_size=6))
def test_whatever_is_put_is_got(tmp_path: Path, contents: list[bytes]) -> None:
    spool = spool_in(tmp_path)
    hashes = [spool.put(content) for content in contents]
    assert [spool.get(sha256) for sha256 in hashes] == contents


# --------------------------------------------------------------------------------------------- foreign entries


def reason(folder: Path, name: str, limit_bytes: int = MEGABYTE) -> files.Reason | None:
    with files.open_regular(folder, name, limit_bytes=limit_bytes) as opened:
        return opened.reason if isinstance(opened, files.Refused) else None


def test_an_ordinary_file_is_opened_and_closed(tmp_path: Path) -> None:
    (tmp_path / "CATP").mkdir()
    (tmp_path / "CATP" / "Đăng ký.xlsx").write_bytes(b"12345")
    with files.open_regular(tmp_path, "CATP/Đăng ký.xlsx", limit_bytes=5) as opened:
        assert isinstance(opened, files.Opened)
        assert (opened.size_bytes, os.read(opened.fd, 10)) == (5, b"12345")
        fd = opened.fd
    with pytest.raises(OSError, match="descriptor"):
        os.fstat(fd)


def test_links_are_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x").write_bytes(b"")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "file").symlink_to(outside / "x")
    (inbox / "dangling").symlink_to("nowhere")
    (inbox / "loop").symlink_to("loop")
    (inbox / "UNIT").symlink_to(outside)
    os.link(outside / "x", inbox / "hard")
    assert reason(inbox, "file") == files.Reason.LINK
    assert reason(inbox, "dangling") == files.Reason.LINK
    assert reason(inbox, "loop") == files.Reason.LINK
    assert reason(inbox, "UNIT/x") == files.Reason.LINK
    assert reason(inbox, "hard") == files.Reason.HARD_LINK


def test_pipes_sockets_devices_and_folders_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        (tmp_path / "folder").mkdir()
        assert reason(tmp_path, "pipe") == files.Reason.SPECIAL
        assert reason(tmp_path, "socket") == files.Reason.SPECIAL
        assert reason(Path("/dev"), "zero") == files.Reason.SPECIAL
        assert reason(tmp_path, "folder") == files.Reason.FOLDER


def test_a_huge_sparse_file_is_refused_by_its_size(tmp_path: Path) -> None:
    with (tmp_path / "huge.xlsx").open("wb") as stream:
        stream.truncate(1 << 40)
    with files.open_regular(tmp_path, "huge.xlsx", limit_bytes=25 * MEGABYTE) as opened:
        assert isinstance(opened, files.Refused)
        assert opened.reason == files.Reason.TOO_LARGE
        assert "25,0 MB" in vi(opened.message)
        assert "25.0 MB" in en(opened.message)


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../../x", ".", ""])
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    assert reason(tmp_path, name) == files.Reason.OUTSIDE


def test_what_went_away_or_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert reason(tmp_path, "gone") == files.Reason.GONE
    assert reason(tmp_path, "no/such/folder") == files.Reason.GONE
    assert reason(tmp_path, "n" * 300) == files.Reason.UNREADABLE


def test_an_entry_exchanged_between_look_and_opening_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"")
    real = os.stat

    def stat_then_exchange(name: str, *, dir_fd: int, follow_symlinks: bool) -> os.stat_result:
        found = real(name, dir_fd=dir_fd, follow_symlinks=follow_symlinks)
        path.unlink()
        os.mkfifo(path)
        return found

    monkeypatch.setattr(os, "stat", stat_then_exchange)
    assert reason(tmp_path, "x") == files.Reason.SPECIAL


def test_every_reason_has_its_sentence_in_both_languages() -> None:
    for one in files.Reason:
        said = foreign._refused(one, "1 MB", "2 MB").message
        assert vi(said)
        assert vi(said) != en(said)
