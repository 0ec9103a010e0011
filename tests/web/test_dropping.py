"""Files dropped in the browser go through the door of every file; what can be told at once is told at once."""

from pathlib import Path

import httpx2
import pytest

from pipeline.files.identity import MARKER
from pipeline.files.writing import TEMPORARY_PREFIX, publish_once
from pipeline.health import Heart
from pipeline.health.presence import present
from pipeline.model import PersonRole, State
from tests.folders import Clock, registration, waiting
from tests.web.browser import Browser, Rooms, words


def sent(browser: Browser, *files: tuple[str, bytes], folder: str = "CATP") -> httpx2.Response:
    return browser.post("/tha-tep/gui", data={"folder": folder}, files=[("file", one) for one in files])


def test_a_file_is_taken_as_from_the_folder_and_its_answer_stands_on_the_page(rooms: Rooms) -> None:
    browser = rooms.browser(PersonRole.UNIT)
    answer = sent(browser, ("đăng ký.yaml", registration("EVNHCMC").encode()))
    assert answer.status_code == 200
    assert "đã vào thư mục nhận" in words(answer)
    assert [path.relative_to(rooms.folder).as_posix() for path in waiting(rooms.folder)] == [
        "inbox/EVNHCMC/đăng ký.yaml"
    ]
    assert "Còn nằm trong thư mục nhận đăng ký.yaml" in browser.text("/tha-tep")
    rooms.serve()
    assert not waiting(rooms.folder)
    (job,) = rooms.workspace.ledger.in_states([State.DELIVERED])
    assert (job.unit, job.folder, job.name) == ("EVNHCMC", "EVNHCMC", "đăng ký.yaml")
    assert "Bản đăng ký thi đua #1" in browser.text("/tha-tep")
    (event,) = rooms.workspace.ledger.acted("inbox.bring")
    assert (event.who, event.detail) == ("dien@web", {"folder": "EVNHCMC", "name": "đăng ký.yaml"})


def test_a_unit_drops_into_its_own_folder_whatever_its_form_says(rooms: Rooms) -> None:
    sent(rooms.browser(PersonRole.UNIT), ("a.yaml", b"x: 1\n...\n"), folder="CATP")
    assert [path.parent.name for path in waiting(rooms.folder)] == ["EVNHCMC"]


@pytest.mark.parametrize("folder", ["../outbox", "/etc", "", "CATP/..", "khong-co", "catp"])
def test_there_are_no_other_folders_than_those_that_are_named(rooms: Rooms, folder: str) -> None:
    answer = sent(rooms.browser(PersonRole.CLERK), ("a.yaml", b"x: 1\n...\n"), folder=folder)
    assert answer.status_code == 409
    assert "không có thư mục con này" in words(answer)
    assert not waiting(rooms.folder)


def test_behind_a_link_that_lies_where_a_folder_should_nothing_is_laid_and_nothing_is_listed(rooms: Rooms) -> None:
    elsewhere = rooms.folder.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "of others.docx").write_bytes(b"x")
    folder = rooms.folder / "inbox" / "EVNHCMC"
    folder.symlink_to(elsewhere)  # as whoever may write into the share can
    browser = rooms.browser(PersonRole.UNIT)
    answer = sent(browser, ("a.yaml", b"x: 1\n...\n"))
    assert answer.status_code == 409
    assert "là liên kết" in words(answer)
    assert [path.name for path in elsewhere.iterdir()] == ["of others.docx"]
    assert "of others" not in words(browser.get("/tha-tep"))


REFUSED = [
    ("rong.docx", b"", "Tệp rỗng (0 byte)"),
    ("chay.exe", b"MZ\x90", "Không nhận loại tệp này"),
    ("phieu.docx", b"MZ\x90 is a program", "Không nhận loại tệp này"),
    ("phim.mp4", b"....ftyp", "Không nhận loại tệp này"),
    ("khong-duoi", b"x", "Không nhận loại tệp này"),
    ("~$phieu.docx", b"x", "tệp tạm"),
    (".phieu.yaml.tmp", b"x", "tệp tạm"),
    ("lon.yaml", b"x" * 25_100_000, "Tệp quá lớn: 25,1 MB; chỉ nhận tệp đến 25 MB"),
]


@pytest.mark.parametrize(("name", "content", "told"), REFUSED, ids=[one[0] for one in REFUSED])
def test_what_is_not_taken_is_told_with_its_reason_and_the_others_are_taken(
    rooms: Rooms, name: str, content: bytes, told: str
) -> None:
    answer = sent(rooms.browser(PersonRole.CLERK), (name, content), ("tot.yaml", b"x: 1\n...\n"))
    assert answer.status_code == 422
    assert told in words(answer)
    assert [path.name for path in waiting(rooms.folder)] == ["tot.yaml"]


def test_no_file_at_all_is_told(rooms: Rooms) -> None:
    answer = rooms.browser(PersonRole.CLERK).post("/tha-tep/gui", data={"folder": "CATP"}, files={"file": ("", b"")})
    assert (answer.status_code, "Chưa chọn tệp nào" in words(answer)) == (422, True)


def test_what_lies_there_is_never_written_over(rooms: Rooms) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    for content in (b"x: 1\n...\n", b"x: 2\n...\n", b"x: 3\n...\n"):
        sent(browser, ("a.yaml", content))
    lying = {path.name: path.read_bytes() for path in waiting(rooms.folder)}
    assert lying == {"a.yaml": b"x: 1\n...\n", "a (2).yaml": b"x: 2\n...\n", "a (3).yaml": b"x: 3\n...\n"}


def test_a_name_that_is_taken_at_the_last_moment_is_left_to_whoever_took_it(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish, theirs = publish_once, rooms.folder / "inbox" / "CATP" / "a.yaml"

    def late(temporary: Path, path: Path, sha256: str) -> bool:
        if not theirs.exists():
            theirs.write_bytes(b"theirs")
        return publish(temporary, path, sha256)

    monkeypatch.setattr("pipeline.app.dropping.publish_once", late)
    assert sent(rooms.browser(PersonRole.CLERK), ("a.yaml", b"ours: 1\n...\n")).status_code == 200
    lying = {path.name: path.read_bytes() for path in waiting(rooms.folder)}
    assert lying == {"a.yaml": b"theirs", "a (2).yaml": b"ours: 1\n...\n"}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/a.yaml", "a.yaml"),
        ("C:\\Users\\lan\\a.yaml", "a.yaml"),
        ("a\u202e<b>|?.yaml", "a_b___.yaml"),
        ("ẽ" * 300 + ".yaml", "ẽ" * 65 + ".yaml"),
    ],
)
def test_a_name_leads_nowhere_and_fits_everywhere(rooms: Rooms, name: str, kept: str) -> None:
    sent(rooms.browser(PersonRole.CLERK), (name, b"x: 1\n...\n"))
    (path,) = waiting(rooms.folder)
    assert path == rooms.folder / "inbox" / "CATP" / kept


def test_an_inbox_that_is_away_takes_nothing_and_says_so(rooms: Rooms) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    rooms.serve()  # by which the inbox gets the mark that it is known by
    (rooms.folder / "inbox").rename(rooms.folder / "elsewhere")
    (rooms.folder / "inbox").mkdir()
    (rooms.folder / "inbox" / MARKER).write_text("another folder\n", encoding="utf-8")
    answer = sent(browser, ("a.yaml", b"x: 1\n...\n"))
    assert answer.status_code == 503
    assert "inbox" in words(answer)
    assert not waiting(rooms.folder)


def test_nothing_half_is_left_where_the_disk_is_full(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.app import dropping

    def full(_fd: int, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(dropping, "write_all", full)
    answer = sent(rooms.browser(PersonRole.CLERK), ("a.yaml", b"x: 1\n...\n"))
    assert answer.status_code == 503
    assert "Hãy dọn bớt đĩa" in words(answer)
    assert not list((rooms.folder / "inbox").rglob(f"{TEMPORARY_PREFIX}*.part"))
    assert not waiting(rooms.folder)


def test_while_nobody_works_it_is_told_and_what_is_dropped_is_kept(rooms: Rooms, clock: Clock) -> None:
    browser = rooms.browser(PersonRole.UNIT)
    stopped = "chương trình nhận tệp đang dừng"
    answer = sent(browser, ("a.yaml", registration("EVNHCMC").encode()))
    assert stopped in words(answer)
    assert [path.name for path in waiting(rooms.folder)] == ["a.yaml"]
    # a process that is there, and has looked
    with present(rooms.workspace.folders.workers) as owner:
        Heart(rooms.workspace.folders.workers, owner, rooms.workspace.folders.inbox).beat(clock())
        assert stopped not in browser.text("/tha-tep")
    assert stopped in browser.text("/tha-tep")
    rooms.serve()
    assert "Bản đăng ký thi đua #1" in browser.text("/tha-tep")
