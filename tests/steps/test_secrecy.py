"""A file marked secret goes no further than the inbox."""

import contextlib
import dataclasses
import io
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest
from PIL import Image

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.files import writing
from pipeline.intake import look
from pipeline.model import Severity, State
from pipeline.reading import Mark, Sight
from pipeline.steps import secrecy
from pipeline.tools.tesseract import Tesseract
from pipeline.workspace import Workspace
from tests import stamped_sheets
from tests.folders import drop, opened, registration, run, working_folder
from tests.hostile import makers
from tests.pretend_reader import PretendReader
from tests.sample_pictures import as_jpg, saved
from tests.word_words import words_of

NOW = Rhythm(1, 0)
WORD = "Noi dung chi nguoi co trach nhiem duoc biet 31415"


def letter(first_line: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(first_line)
    document.add_paragraph(WORD)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "first_line"),
    [("cong van.docx", "MẬT"), ("cong van.docx", "T U Y Ệ T   M Ậ T"), ("Kế hoạch (MẬT).docx", "KẾ HOẠCH")],
)
def test_a_marked_file_is_set_aside_unread_and_people_are_told(tmp_path: Path, name: str, first_line: str) -> None:
    folder = working_folder(tmp_path / "office")
    content = letter(first_line)
    drop(folder, name, content, "CATP")
    drop(folder, "dk.yaml", registration("KNH"), "KNH")
    with opened(folder) as workspace:
        serve_once(Worker(workspace), NOW)
        assert [(job.unit, job.state) for job in workspace.ledger.in_states(State)] == [("KNH", State.DELIVERED)]
        assert workspace.ledger.seen(name_key=name.casefold()) == []
    (aside,) = (folder / "inbox" / ".cach-ly").iterdir()
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    assert aside.read_bytes() == content
    for who in ("CATP", "van-thu"):
        (note,) = (folder / "outbox" / who).glob("su-co-*.docx")
        text = words_of(note)
        assert "dấu chỉ độ mật" in text
    kept = [path for path in (folder / "var").rglob("*") if path.is_file()]
    assert not any(WORD.encode() in path.read_bytes() or name.encode() in path.read_bytes() for path in kept)


def test_running_text_about_secrecy_is_no_mark(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    drop(
        folder, "bao ve bi mat nha nuoc.docx", letter("Tăng cường bảo vệ bí mật nhà nước, bảo mật thông tin"), "CATP"
    )
    with opened(folder) as workspace:
        serve_once(Worker(workspace), NOW)
        assert [job.state for job in workspace.ledger.in_states(State)] == [State.RETURNED]


def test_whoever_is_stopped_at_the_gate_is_told_even_when_the_power_fails_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is moved last: until then it is found again."""
    folder = working_folder(tmp_path / "office")
    drop(folder, "MẬT.docx", letter("KẾ HOẠCH"), "CATP")

    def power_cut(*_: object) -> None:
        raise SystemExit("power cut")

    with opened(folder) as workspace:
        with monkeypatch.context() as cut, pytest.raises(SystemExit):
            cut.setattr(Path, "rename", power_cut)
            serve_once(Worker(workspace), NOW)
        assert list((folder / "outbox" / "CATP").glob("su-co-*.docx"))
        assert (folder / "inbox" / "CATP" / "MẬT.docx").exists()
        serve_once(Worker(workspace), NOW)
    assert len(list((folder / "inbox" / ".cach-ly").iterdir())) == 1
    assert not (folder / "inbox" / "CATP" / "MẬT.docx").exists()


@pytest.mark.parametrize(
    ("dropped_in", "told"), [("CATP", {"CATP", "van-thu"}), ("Tạp", {"van-thu"}), ("", {"van-thu"})]
)
def test_an_incident_is_told_to_sender_and_clerk_and_only_its_number_recorded(
    tmp_path: Path, dropped_in: str, told: set[str]
) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, "MẬT.docx", letter("KẾ HOẠCH"), dropped_in)
    with opened(folder) as whole:
        workspace = dataclasses.replace(whole, practice=dataclasses.replace(whole.practice, contact="Lan, 0900"))
        (found,) = look(folder / "inbox")
        assert secrecy.look(workspace, found).mark is Mark.MARKED
        incident = secrecy.set_aside(workspace, found)
        (event,) = workspace.ledger.acted("intake.secrecy")
        assert (event.id, event.job_id, event.detail["unit"]) == (incident, 0, "CATP" if dropped_in == "CATP" else "")
        assert set(event.detail) == {"unit", "why", "key"}
        cluster = workspace.year(2022).cluster.name
    assert {path.name for path in (folder / "outbox").iterdir() if not path.name.startswith(".")} == told
    for name in told:
        note = folder / "outbox" / name / f"su-co-{incident}.thong-bao.docx"
        text = words_of(note)
        for said in (f"BN-{incident:06d}", cluster, "09 giờ 00 phút, ngày 30/5/2022", "Lan, 0900", f"{incident}"):
            assert said in text, said
        assert "MẬT.docx" not in text
        assert "Công an" not in text
    aside = folder / "inbox" / ".cach-ly"
    assert stat.S_IMODE(aside.stat().st_mode) == 0o700
    assert [path.name for path in aside.iterdir()] == [f"su-co-{incident}"]
    assert look(folder / "inbox") == []


def test_what_bears_no_mark_is_let_through(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, "dk.yaml", registration("CATP"))
    with opened(folder) as workspace:
        (found,) = look(folder / "inbox")
        assert secrecy.look(workspace, found).mark is Mark.NONE


PLAN = "Phương án 31415"


def text_of(path: Path) -> str:
    return words_of(path)


def notices(folder: Path, unit: str = "CATP") -> list[Path]:
    below = folder / "outbox" / unit
    return sorted(below.glob("su-co-*")) if below.is_dir() else []


def kept_of(folder: Path) -> bytes:
    """Everything the program keeps."""
    return b"".join(path.read_bytes() for path in (folder / "var").rglob("*") if path.is_file())


def incidents_of(workspace: Workspace) -> list[str]:
    return [one.action for one in workspace.ledger.events() if one.action in {"intake.secrecy", "intake.unseen"}]


def with_macro(first_line: str = "KẾ HOẠCH") -> bytes:
    return makers.repacked(letter(first_line), add={"word/vbaProject.bin": b"x"})


@contextlib.contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """A folder in which nothing can be made, renamed or removed; root too is kept out by the immutable flag."""
    if subprocess.run(["chattr", "+i", str(folder)], capture_output=True, check=False).returncode:
        if os.geteuid() == 0:
            pytest.skip("the file system keeps root out of nothing")
        folder.chmod(0o555)
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", str(folder)], capture_output=True, check=False)
        folder.chmod(0o755)


def test_a_file_that_cannot_be_looked_into_stays_and_its_sender_is_told_what_to_do(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    content = with_macro()
    path = drop(folder, f"{PLAN}.docx", content, "CATP")
    drop(folder, "dk.yaml", registration("KNH"), "KNH")
    with opened(folder) as workspace:
        for _ in range(3):
            serve_once(Worker(workspace), NOW)
        assert [(job.unit, job.state) for job in workspace.ledger.in_states(State)] == [("KNH", State.DELIVERED)]
        assert incidents_of(workspace) == ["intake.unseen"]
    assert path.read_bytes() == content
    (notice,) = notices(folder)
    assert "macro" in text_of(notice)
    assert "không kèm macro" in text_of(notice)
    (for_clerk,) = notices(folder, "van-thu")
    assert for_clerk.name == notice.name
    assert PLAN not in text_of(notice)
    assert PLAN.encode() not in kept_of(folder)
    assert WORD.encode() not in kept_of(folder)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("pw.docx", lambda: makers.ole("EncryptionInfo", "EncryptedPackage"), "mật khẩu"),
        ("anh chup.gif", lambda: b"GIF89a" + bytes(range(256)), "tệp ảnh"),
        ("anh to.png", lambda: saved(Image.new("1", (8000, 8000)), "PNG"), "cỡ nhỏ hơn"),
        ("cut.docx", lambda: letter("KẾ HOẠCH")[:-300], "hỏng"),
        ("big.docx", lambda: b"PK\x03\x04" + bytes(25_999_996), "26,0 MB"),
    ],
)
def test_the_notice_names_the_trouble_and_not_the_file(
    tmp_path: Path, name: str, content: Callable[[], bytes], said: str
) -> None:
    folder = working_folder(tmp_path / "office")
    path = drop(folder, name, content(), "CATP")
    with opened(folder) as workspace:
        assert serve_once(Worker(workspace), NOW) == []
    (notice,) = notices(folder)
    assert said in text_of(notice)
    assert path.stem not in text_of(notice)
    assert path.exists()


def test_a_file_that_was_mended_is_taken_and_its_notice_goes(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, "dk.yaml", registration("CATP").encode() + bytes(8), "CATP")
    with opened(folder) as workspace:
        serve_once(Worker(workspace), NOW)
        assert len(notices(folder)) == 1
        drop(folder, "dk.yaml", registration("CATP"), "CATP")
        assert [job.state for job in serve_once(Worker(workspace), NOW)] == [State.DELIVERED]
    assert notices(folder) == []


@pytest.mark.slow
def test_a_power_cut_does_not_take_the_folder_of_what_was_set_aside_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, "MẬT.yaml", "x: 1\n", "CATP")
    inbox = folder / "inbox"
    aside, synced = inbox / secrecy.ASIDE, list[tuple[Path, bool, bool]]()

    def sync(path: Path) -> None:
        synced.append((path, aside.is_dir(), (inbox / "CATP" / "MẬT.yaml").is_file()))

    monkeypatch.setattr(secrecy, "sync_folder", sync)
    monkeypatch.setattr(writing, "sync_folder", sync)
    with opened(folder) as workspace:
        serve_once(Worker(workspace), Rhythm(1, 0))
    # the name of the folder before anything is in it; then where the file lies, and where it lay
    assert (inbox, True, True) in synced
    assert {(aside, True, False), (inbox / "CATP", True, False)} <= set(synced)


def test_a_person_lets_a_file_in_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, "cong van.docx", with_macro(), "CATP")
    assert run("-C", str(folder), "run") == 3
    assert "cong van" not in capsys.readouterr().err
    (notice,) = notices(folder)
    number = notice.name.split(".")[0].removeprefix("su-co-")
    assert run("-C", str(folder), "incidents", "list") == 0
    assert "macro" in capsys.readouterr().out
    assert run("-C", str(folder), "incidents", "admit", number, "--why", "đã xem") == 0
    assert run("-C", str(folder), "run") == 3
    with opened(folder) as workspace:
        (job,) = workspace.ledger.in_states(State)
        assert (job.name, job.state, job.reason) == ("cong van.docx", State.RETURNED, "I05")
        (admitted,) = workspace.ledger.acted("intake.admitted")
        assert admitted.why == "đã xem"
    assert notices(folder) == []
    assert run("-C", str(folder), "incidents", "admit", number, "--why", "đã xem") != 0


def test_what_was_let_in_is_that_file_and_not_a_later_one_of_its_name(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, "cong van.docx", with_macro(), "CATP")
    with opened(folder) as workspace:
        serve_once(Worker(workspace), NOW)
        (event,) = workspace.ledger.acted("intake.unseen")
        assert run("-C", str(folder), "incidents", "admit", str(event.id), "--why", "đã xem") == 0
        drop(folder, "cong van.docx", with_macro("THÔNG BÁO"), "CATP")
        serve_once(Worker(workspace), NOW)
        assert workspace.ledger.in_states(State) == []


def test_a_marked_file_is_not_let_in(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, "cong van.docx", letter("MẬT"), "CATP")
    with opened(folder) as workspace:
        serve_once(Worker(workspace), NOW)
        (event,) = workspace.ledger.acted("intake.secrecy")
    assert run("-C", str(folder), "incidents", "admit", str(event.id), "--why", "đã xem") != 0


def test_a_marked_file_in_a_folder_that_lets_nobody_move_it_is_told_of_once_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = working_folder(tmp_path / "office")
    path = drop(folder, f"{PLAN} (MẬT).yaml", "kind: ke-hoach\n", "CATP")
    drop(folder, "dk.yaml", registration("KNH"), "KNH")
    with locked_folder(path.parent), opened(folder) as workspace:
        for _ in range(3):
            serve_once(Worker(workspace), NOW)
        assert [(job.unit, job.state) for job in workspace.ledger.in_states(State)] == [("KNH", State.DELIVERED)]
        assert incidents_of(workspace) == ["intake.secrecy"]
    assert path.exists()
    (notice,) = notices(folder)
    assert "nằm nguyên chỗ cũ" in text_of(notice)
    assert PLAN not in caplog.text


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount")
def test_a_marked_file_on_a_mount_of_its_own_is_set_aside_there(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    unit = folder / "inbox" / "CATP"
    unit.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "none", str(unit)], capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        path = drop(folder, f"{PLAN} (MẬT).yaml", "kind: ke-hoach\n", "CATP/2022")
        with opened(folder) as workspace:
            serve_once(Worker(workspace), NOW)
            assert incidents_of(workspace) == ["intake.secrecy"]
        assert not path.exists()
        (aside,) = (unit / ".cach-ly").iterdir()
        assert aside.read_text("utf-8") == "kind: ke-hoach\n"
        assert stat.S_IMODE(aside.parent.stat().st_mode) == 0o700
    finally:
        subprocess.run(["umount", str(unit)], check=True)


def test_what_was_set_aside_before_is_not_overwritten(tmp_path: Path) -> None:
    """A ledger brought back from a backup gives numbers again."""
    folder = working_folder(tmp_path / "office")
    drop(folder, "a.docx", letter("MẬT"), "CATP")
    with opened(folder) as workspace:
        serve_once(Worker(workspace), NOW)
    for left in folder.glob("var/vanthu.sqlite*"):
        left.unlink()
    # with the archive's journal and the heads the office would stop
    shutil.rmtree(folder / "archive" / "nhat-ky")
    shutil.rmtree(folder / "moc-so")
    drop(folder, "b.docx", letter("TỐI MẬT"), "CATP")
    with opened(folder) as workspace:
        serve_once(Worker(workspace), NOW)
    assert len(list((folder / "inbox" / ".cach-ly").iterdir())) == 2


@pytest.mark.slow
def test_two_processes_at_once_make_one_incident_and_no_trouble(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    for number in range(2):
        drop(folder, f"{PLAN} {number} (MẬT).yaml", f"kind: {number}\n", "CATP")
        drop(folder, f"{PLAN} {number}.docx", with_macro(f"KẾ HOẠCH {number}"), "CATP")
    words = [sys.executable, "-m", "pipeline", "-C", str(folder), "-v", "run"]
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(2)]
    said = [one.communicate(timeout=120)[0] for one in both]
    assert {one.returncode for one in both} == {3}, said
    assert not any(PLAN in one or "Traceback" in one for one in said)
    with opened(folder) as workspace:
        assert sorted(incidents_of(workspace)) == ["intake.secrecy"] * 2 + ["intake.unseen"] * 2
    assert len(notices(folder)) == 4
    assert len(list((folder / "inbox" / ".cach-ly").iterdir())) == 2


def test_a_folder_that_nobody_may_open_keeps_nobody_else_waiting(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may open every folder")
    folder = working_folder(tmp_path / "office")
    drop(folder, "dk.yaml", registration("CATP"), "CATP")
    drop(folder, "dk.yaml", registration("KNH"), "KNH")
    (folder / "inbox" / "CATP").chmod(0)
    with opened(folder) as workspace:
        assert [job.unit for job in serve_once(Worker(workspace), NOW)] == ["KNH"]
    (folder / "inbox" / "CATP").chmod(0o755)


def with_picture() -> bytes:
    document = docx.Document(io.BytesIO(letter("KẾ HOẠCH")))
    document.add_picture(io.BytesIO(scan_of_a_letter()))
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def scan_of_a_letter() -> bytes:
    return as_jpg(stamped_sheets.letter(50), 50)


def with_reader(workspace: Workspace, reader: Tesseract, *, is_required: bool = False) -> Workspace:
    return dataclasses.replace(workspace, sight=Sight(reader, is_required=is_required))


def test_a_scan_on_which_a_mark_is_read_is_set_aside_while_a_form_beside_it_goes_on(tmp_path: Path) -> None:
    folder, reader = working_folder(tmp_path / "office"), PretendReader(tmp_path / "bin")
    reader.glances("ỦY BAN NHÂN DÂN", "TỐI MẠT")
    drop(folder, f"{PLAN}.jpg", scan_of_a_letter(), "CATP")
    drop(folder, "dk.yaml", registration("KNH"), "KNH")
    with opened(folder) as workspace:
        serve_once(Worker(with_reader(workspace, reader.tool(tmp_path))), NOW)
        assert [(job.unit, job.state) for job in workspace.ledger.in_states(State)] == [("KNH", State.DELIVERED)]
        assert incidents_of(workspace) == ["intake.secrecy"]
    assert len(list((folder / "inbox" / ".cach-ly").iterdir())) == 1
    assert len(notices(folder)) == 1
    assert PLAN.encode() not in kept_of(folder)


def test_without_a_reader_a_scan_is_let_in_and_its_job_says_that_nobody_looked(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    missing = Tesseract(tmp_path, program=str(tmp_path / "none"))
    with opened(folder) as whole:
        workspace = with_reader(whole, missing)
        drop(folder, "phieu.docx", with_picture(), "CATP")
        drop(folder, "quet.jpg", scan_of_a_letter(), "CATP")
        drop(folder, "dk.yaml", registration("KNH"), "KNH")
        told = {job.name: workspace.findings(job) for job in serve_once(Worker(workspace), NOW)}
    assert {name: [one.code for one in found if one.severity is Severity.INFO] for name, found in told.items()} == {
        "phieu.docx": ["file.pictures-unseen"],
        "quet.jpg": ["file.pictures-unseen"],
        "dk.yaml": [],
    }


def test_where_the_office_asks_for_it_a_scan_that_nobody_can_look_at_stays_outside(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    path = drop(folder, f"{PLAN}.jpg", scan_of_a_letter(), "CATP")
    missing = Tesseract(tmp_path, program=str(tmp_path / "none"))
    with opened(folder) as workspace:
        assert serve_once(Worker(with_reader(workspace, missing, is_required=True)), NOW) == []
        assert incidents_of(workspace) == ["intake.unseen"]
    assert path.exists()
    (notice,) = notices(folder)
    assert "tesseract" in text_of(notice)
