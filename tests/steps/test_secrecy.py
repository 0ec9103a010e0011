"""A file marked secret goes no further than the inbox."""

import io
import stat
from pathlib import Path

import docx
import pytest

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import State
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
