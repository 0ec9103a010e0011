"""What lies in the inbox and is no file, or cannot be removed from it: each is told once, and hides no other."""

import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.files import CannotWrite, withdrawing
from pipeline.model import State
from tests.folders import drop, registration
from tests.status.office import Office
from tests.word_words import words_of

NOW = Rhythm(1, 0)


def words(path: Path) -> str:
    return words_of(path)


def notices(office: Office) -> list[Path]:
    return sorted(path for path in (office.folder / "outbox").rglob("*.docx") if ".thong-bao" in path.name)


def refused(*_: object) -> None:
    raise PermissionError(errno.EACCES, "a share that lets nobody remove anything now")


def a_link(place: Path) -> None:
    (place.parent.parent.parent / "elsewhere.yaml").write_text("kind: dang-ky\n")
    place.symlink_to(place.parent.parent.parent / "elsewhere.yaml")


def a_link_to_a_folder(place: Path) -> None:
    place.symlink_to(place.parent.parent.parent / "templates")


def a_link_to_nowhere(place: Path) -> None:
    place.symlink_to("/nowhere/at/all")


def a_second_name(place: Path) -> None:
    (place.parent.parent.parent / "elsewhere.yaml").write_text("kind: dang-ky\n")
    place.hardlink_to(place.parent.parent.parent / "elsewhere.yaml")


def a_socket(place: Path) -> None:
    # the name of a socket has at most 107 bytes
    here = Path.cwd()
    os.chdir(place.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(place.name)
    finally:
        os.chdir(here)


def too_deep(place: Path) -> None:
    deepest = place.joinpath(*"bcdefghi")
    deepest.mkdir(parents=True)
    (deepest / "dk.yaml").write_text("kind: dang-ky\n")


ODD: dict[str, Callable[[Path], None]] = {
    "link": a_link,
    "link to a folder": a_link_to_a_folder,
    "link to nowhere": a_link_to_nowhere,
    "second name": a_second_name,
    "pipe": os.mkfifo,
    "socket": a_socket,
    "too deep": too_deep,
}
SAYS = {"link": "liên kết", "second name": "tên khác", "pipe": "thông thường", "socket": "thông thường"}


@pytest.mark.sweep
@pytest.mark.parametrize("sort", ODD)
def test_what_is_no_file_is_told_once_to_its_unit_and_the_others_are_served(office: Office, sort: str) -> None:
    (office.folder / "inbox" / "CATP").mkdir()
    place = office.folder / "inbox" / "CATP" / "gui.yaml"
    ODD[sort](place)
    drop(office.folder, "dk.yaml", registration("KNH"), "KNH")
    worker = Worker(office.workspace)
    assert [(job.unit, job.state) for job in serve_once(worker, NOW)] == [("KNH", State.DELIVERED)]
    (told,) = notices(office)
    assert told.parent.name == "CATP"
    assert SAYS.get(sort, "") in words(told)
    told.unlink()
    for _ in range(2):
        assert serve_once(worker, NOW) == []
    assert notices(office) == [], "it was told"
    assert os.path.lexists(place)


def test_what_was_told_and_cannot_be_taken_back_now_is_taken_back_at_the_next_look(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    (office.folder / "inbox" / "CATP").mkdir()
    place = office.folder / "inbox" / "CATP" / "gui.yaml"
    a_link(place)
    worker = Worker(office.workspace)
    serve_once(worker, NOW)
    assert len(notices(office)) == 1
    place.unlink()
    with monkeypatch.context() as failing:
        failing.setattr(os, "unlink", refused)
        with pytest.raises(CannotWrite):
            serve_once(worker, NOW)
    serve_once(worker, NOW)
    assert notices(office) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a device")
def test_a_device_is_told_of_and_not_opened(office: Office) -> None:
    (office.folder / "inbox" / "CATP").mkdir()
    try:
        os.mknod(office.folder / "inbox" / "CATP" / "tape.docx", 0o600 | 0o020000, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("this machine lets even root make no device")
    worker = Worker(office.workspace)
    assert serve_once(worker, NOW) == []
    assert [one.reason.value for one in worker.refused.values()] == ["special"]
    assert len(notices(office)) == 1


def test_a_folder_of_a_unit_that_is_a_link_is_told_to_the_clerk(office: Office, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "dk.yaml").write_text(registration("CATP"))
    (office.folder / "inbox" / "CATP").symlink_to(tmp_path / "elsewhere")
    worker = Worker(office.workspace)
    assert serve_once(worker, NOW) == []
    (told,) = notices(office)
    assert (told.parent.name, "CATP" in words(told)) == ("van-thu", True)
    assert (tmp_path / "elsewhere" / "dk.yaml").exists()
    (office.folder / "inbox" / "CATP").unlink()
    worker.take([])
    assert notices(office) == []


def test_a_file_that_its_folder_lets_nobody_remove_is_taken_once_and_told_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop(office.folder, "dk.yaml", registration("CATP"), "CATP")
    renamed = withdrawing._rename

    def locked(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(withdrawing, "_rename", locked)
    for worker in (Worker(office.workspace), Worker(office.workspace)):  # the second as after a restart
        serve_once(worker, NOW)
        serve_once(worker, NOW)
    assert [job.state for job in office.workspace.ledger.in_states(State)] == [State.DELIVERED]
    told = [one for one in notices(office) if one.name.startswith("su-co-")]
    assert [one.parent.name for one in told] == ["CATP", "van-thu"]
    assert "đã được nhận" in words(told[0])
    assert len({one.name for one in told}) == 1
    assert path.exists()
    monkeypatch.setattr(withdrawing, "_rename", renamed)
    serve_once(worker, NOW)
    assert not path.exists()
    assert [one for one in notices(office) if one.name.startswith("su-co-")] == []


def test_a_file_that_could_not_be_removed_for_a_moment_is_removed_later_and_nobody_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop(office.folder, "dk.yaml", registration("CATP"), "CATP")
    renamed = withdrawing._rename
    busy = [errno.EBUSY, errno.ESTALE]

    def sometimes(*given: object) -> None:
        if busy:
            raise OSError(busy[0], os.strerror(busy.pop(0)))
        renamed(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(withdrawing, "_rename", sometimes)
    worker = Worker(office.workspace)
    for _ in range(3):
        serve_once(worker, NOW)
    assert (path.exists(), worker.kept) == (False, {})
    assert [one for one in notices(office) if one.name.startswith("su-co-")] == []
    assert len(office.workspace.ledger.in_states(State)) == 1
