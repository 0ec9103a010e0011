"""What a look at the inbox finds, and what taking a file gives."""

import errno
import os
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from pipeline import intake
from pipeline.files import FileGrew, Refused, SourceUnreadable, Spool, Stamp, sha256_of, stamp_of
from pipeline.intake import Found, Settling, looking
from pipeline.ledger import Drop
from tests.said import en

LIMIT = 1_000_000


def found_in(folder: Path) -> list[str]:
    return [str(one.name) for one in intake.look(folder)]


def the_file(folder: Path, content: bytes = b"kind: dang-ky\n") -> Found:
    (folder / "dk.yaml").write_bytes(content)
    (found,) = intake.look(folder)
    return found


def test_a_file_lies_at_most_eight_folders_deep(tmp_path: Path) -> None:
    deepest = tmp_path.joinpath(*"abcdefg")
    (deepest / "h").mkdir(parents=True)
    (deepest / "dk.yaml").write_text("kind: dang-ky")
    (deepest / "h" / "too-deep.yaml").write_text("kind: dang-ky")

    # the folder itself is found, so that it can be told of
    assert sorted(found_in(tmp_path)) == ["a/b/c/d/e/f/g/dk.yaml", "a/b/c/d/e/f/g/h"]


def test_what_other_programs_keep_beside_a_file_hides_no_file(tmp_path: Path) -> None:
    for name in ("~$dk.docx", ".dk.yaml.tmp", "Thumbs.db", "a.yaml", "b.yaml", "desktop.ini"):
        (tmp_path / name).write_text("x")

    assert sorted(found_in(tmp_path)) == ["a.yaml", "b.yaml"]


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "dk.yaml").write_text("kind: dang-ky")
    (folder / "CATP").symlink_to(tmp_path / "elsewhere")

    assert found_in(folder) == ["CATP"]


def test_a_file_that_goes_while_it_is_looked_at_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stamp(stat: os.stat_result) -> Stamp:
        if stat.st_size == 1:
            raise FileNotFoundError
        return stamp_of(stat)

    monkeypatch.setattr(looking, "stamp_of", stamp)
    for name, content in (("a.yaml", "aa"), ("gone.yaml", "x"), ("b.yaml", "bb"), ("c.yaml", "cc")):
        (tmp_path / name).write_text(content)

    assert sorted(found_in(tmp_path)) == ["a.yaml", "b.yaml", "c.yaml"]


def test_half_a_file_is_waited_for_ten_quiet_periods(tmp_path: Path) -> None:
    settling = Settling(2.0)
    found = the_file(tmp_path, b"")
    settling.settled(tmp_path, [found], 100.0)

    assert settling.settled(tmp_path, [found], 119.9) == []
    assert settling.settled(tmp_path, [found], 120.0) == [found]


def test_what_cannot_be_opened_is_not_waited_for(tmp_path: Path) -> None:
    found = the_file(tmp_path)
    (tmp_path / "dk.yaml").unlink()
    (tmp_path / "dk.yaml").symlink_to("/nowhere")

    assert intake.is_whole(tmp_path, found)
    assert isinstance(intake.take(tmp_path, found, Spool(tmp_path / "spool"), limit_bytes=LIMIT), Refused)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (FileGrew(), "The file grew while it was copied: somebody is still writing it."),
        (SourceUnreadable("the share is gone"), "The file could not be copied: the share is gone"),
    ],
)
def test_a_file_that_cannot_be_copied_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Exception, said: str
) -> None:
    def put_file(*_: object, **__: object) -> tuple[str, int]:
        raise trouble

    monkeypatch.setattr(Spool, "put_file", put_file)

    refused = intake.take(tmp_path, the_file(tmp_path), Spool(tmp_path / "spool"), limit_bytes=LIMIT)

    assert isinstance(refused, Refused)
    assert en(refused.message) == said


def test_a_file_that_is_taken_stays_where_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "inbox" / "CATP"
    folder.mkdir(parents=True)
    (folder / "dk.yaml").write_bytes(b"kind: dang-ky")
    (found,) = intake.look(tmp_path / "inbox")

    drop = intake.take(tmp_path / "inbox", found, Spool(tmp_path / "spool"), limit_bytes=LIMIT)

    assert isinstance(drop, Drop)
    assert (drop.name, drop.folder, drop.size_bytes) == ("dk.yaml", "CATP", 13)
    assert found.name == PurePosixPath("CATP/dk.yaml")
    assert (folder / "dk.yaml").exists()
    assert Spool(tmp_path / "spool").get(drop.sha256) == b"kind: dang-ky"


def test_a_file_in_the_inbox_itself_is_in_no_folder_and_one_below_in_the_first(tmp_path: Path) -> None:
    (tmp_path / "CATP" / "cu").mkdir(parents=True)
    for name in ("a.yaml", "CATP/b.yaml", "CATP/cu/c.yaml"):
        (tmp_path / name).write_text("kind: dang-ky")

    assert sorted(one.folder for one in intake.look(tmp_path)) == ["", "CATP", "CATP"]


def test_a_folder_that_lets_nobody_look_hides_no_other_and_the_inbox_itself_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "KNH").mkdir()
    (tmp_path / "a.yaml").write_text("kind: dang-ky")
    closed = {str(tmp_path / "KNH")}
    listed = os.scandir

    def scandir(path: os.PathLike[str]) -> object:
        if str(path) in closed:
            raise PermissionError(13, "closed")
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)

    # the folder is found, so that it can be told of
    assert sorted(found_in(tmp_path)) == ["KNH", "a.yaml"]
    closed.add(str(tmp_path))
    with pytest.raises(intake.InboxAway, match="closed"):
        intake.look(tmp_path)


def test_what_a_share_in_trouble_does_not_show_is_not_taken_for_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "KNH").mkdir()
    (tmp_path / "a.yaml").write_text("kind: dang-ky")
    assert intake.survey(tmp_path).is_whole
    listed = os.scandir

    def scandir(path: os.PathLike[str]) -> object:
        if str(path).endswith("KNH"):
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    seen = intake.survey(tmp_path)
    assert ([str(one.name) for one in seen.found], seen.is_whole) == (["a.yaml"], False)


def test_a_file_that_is_not_as_it_was_found_is_not_taken(tmp_path: Path) -> None:
    found = the_file(tmp_path)
    (tmp_path / "dk.yaml").write_bytes(b"kind: khac-hon\n")
    os.utime(tmp_path / "dk.yaml", (1, 1))

    assert isinstance(intake.take(tmp_path, found, Spool(tmp_path / "spool"), limit_bytes=LIMIT), Refused)


def test_a_file_that_changes_while_it_is_copied_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = the_file(tmp_path)
    put_file = Spool.put_file

    def changed_meanwhile(spool: Spool, fd: int, **more: Any) -> tuple[str, int]:
        made = put_file(spool, fd, **more)
        os.utime(tmp_path / "dk.yaml", (1, 1))
        return made

    monkeypatch.setattr(Spool, "put_file", changed_meanwhile)

    assert isinstance(intake.take(tmp_path, found, Spool(tmp_path / "spool"), limit_bytes=LIMIT), Refused)


def test_bytes_that_the_gate_has_not_seen_are_not_kept_though_size_and_times_are_the_same(tmp_path: Path) -> None:
    found = the_file(tmp_path, b"kind: dang-ky\n")
    spool = Spool(tmp_path / "spool")
    seen = sha256_of(b"kind: ke-hoac\n")

    assert isinstance(intake.take(tmp_path, found, spool, limit_bytes=LIMIT, looked_at=seen), Refused)
    assert [one for one in spool.root.rglob("*") if one.is_file()] == []
    seen = sha256_of(b"kind: dang-ky\n")
    assert isinstance(intake.take(tmp_path, found, spool, limit_bytes=LIMIT, looked_at=seen), Drop)


@pytest.mark.parametrize(
    ("head", "limit"),
    [(b"%PDF-1.4\n", 20), (b"\xff\xd8\xff\xe0", 20), (b"II*\0", 20), (b"PK\x03\x04", 10), (b"kind: dang-ky\n", 10)],
)
def test_what_may_be_a_scanned_paper_may_be_larger_than_a_form(tmp_path: Path, head: bytes, limit: int) -> None:
    # by its bytes: a form does not become a paper by its name
    (tmp_path / "a.pdf").write_bytes(head)
    (found,) = intake.look(tmp_path)
    assert intake.SizeLimits(form_bytes=10, paper_bytes=20).of(tmp_path, found) == limit
