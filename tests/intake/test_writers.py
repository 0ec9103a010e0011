"""A file that a process still has open for writing is not taken, and what its writer adds late is not lost."""

import contextlib
import io
from pathlib import Path
from typing import Any

import docx
import pytest

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.files import sha256_of
from pipeline.ledger import Ledger, Taken
from pipeline.model import Job, State
from pipeline.workspace import Workspace
from tests.files.writing import Writer, writer
from tests.folders import drop, opened, registration, waiting, working_folder

NOW = Rhythm(1, 0)
FORM = registration("CATP", headcount=1_234_567).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = working_folder(tmp_path / "office")
    (folder / "inbox" / "CATP").mkdir()
    return folder


def served(workspace: Workspace) -> list[Job]:
    return serve_once(Worker(workspace), NOW)


def letter() -> bytes:
    content = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Kính gửi Cụm trưởng")
    document.save(content)
    return content.getvalue()


@pytest.mark.parametrize("is_made_at_full_size", [False, True])
@pytest.mark.parametrize(("name", "whole"), [("dk.yaml", FORM), ("cv.docx", letter())])
def test_a_file_is_not_taken_while_a_process_writes_it_and_then_whole(
    folder: Path, name: str, whole: bytes, *, is_made_at_full_size: bool
) -> None:
    path = folder / "inbox" / "CATP" / name
    first = bytes(len(whole)) if is_made_at_full_size else whole[:-7]
    with opened(folder) as workspace, writer(path, first) as held:
        for _ in range(3):
            assert served(workspace) == []
            assert path.exists()
        held.write(whole)
        held.close()
        (job,) = served(workspace)
        assert workspace.spool.get(job.submission_sha256) == whole
        assert not path.exists()


def test_whoever_keeps_a_file_open_is_told_once_without_its_name_and_the_others_are_served(folder: Path) -> None:
    path = folder / "inbox" / "CATP" / "phương án đặc biệt.yaml"
    drop(folder, "dk.yaml", registration("KNH"), "KNH")
    with opened(folder) as workspace, writer(path, FORM) as held:
        assert [job.state for job in served(workspace)] == [State.DELIVERED]
        served(workspace)
        (notice,) = (folder / "outbox" / "CATP").iterdir()
        (again,) = (folder / "outbox" / "van-thu").glob("su-co-*")
        said = "\n".join(paragraph.text for paragraph in docx.Document(str(notice)).paragraphs)
        assert "đang mở" in said
        assert "phương án" not in said
        assert again.name == notice.name
        held.close()
        assert [job.unit for job in served(workspace)] == ["CATP"]
        assert not notice.exists()
        assert not again.exists()
        assert [event.action for event in workspace.ledger.events() if event.action.startswith("intake.un")] == [
            "intake.unfinished"
        ]


def test_a_broken_file_that_nobody_writes_is_answered_at_last(folder: Path) -> None:
    drop(folder, "dk.json", b'{"kind": "dang-ky", "headcount', "CATP")
    with opened(folder) as workspace:
        (job,) = served(workspace)
        assert (job.state, job.reason) == (State.RETURNED, "file.json")


def test_what_a_writer_adds_after_a_file_was_taken_is_another_drop(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its program opened the file between the last look and the removal, and keeps its handle."""
    path = drop(folder, "dk.yaml", FORM, "CATP")
    late = registration("CATP", headcount=77).encode()
    writers: list[Writer] = []
    committed = Ledger.take_new
    with opened(folder) as workspace, contextlib.ExitStack() as stack:

        def take(ledger: Ledger, *args: Any, **more: Any) -> list[Taken | None]:
            taken = committed(ledger, *args, **more)
            if not writers:
                writers.append(stack.enter_context(writer(path)))
            return taken

        monkeypatch.setattr(Ledger, "take_new", take)
        assert [job.submission_sha256 for job in served(workspace)] == [sha256_of(FORM)]
        assert not path.exists()
        writers[0].write(late)
        writers[0].close()
        assert [job.submission_sha256 for job in served(workspace)] == [sha256_of(late + FORM[len(late) :])]
        assert waiting(folder) == []
