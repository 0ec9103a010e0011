"""A file marked secret goes no further than the inbox."""

import dataclasses
import io
import stat
from pathlib import Path

import docx
import pytest

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.intake import look
from pipeline.model import State
from pipeline.steps import secrecy
from tests.folders import drop, opened, registration, working_folder

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
        text = "\n".join(paragraph.text for paragraph in docx.Document(str(note)).paragraphs)
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
        assert secrecy.is_marked(workspace, found)
        incident = secrecy.set_aside(workspace, found)
        (event,) = workspace.ledger.acted("intake.secrecy")
        assert (event.id, event.job_id, event.detail) == (
            incident,
            0,
            {"unit": "CATP" if dropped_in == "CATP" else ""},
        )
        cluster = workspace.year(2022).cluster.name
    assert {path.name for path in (folder / "outbox").iterdir()} == told
    for name in told:
        note = folder / "outbox" / name / f"su-co-{incident}.thong-bao.docx"
        text = "\n".join(node.text or "" for node in docx.Document(str(note)).element.body.iter() if node.text)
        for said in (f"BN-{incident:06d}", cluster, "09 giờ 00 phút, ngày 30/05/2022", "Lan, 0900", f"{incident}"):
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
        assert not secrecy.is_marked(workspace, found)
