"""The door: whatever is dropped is taken once, answered where its sender looks, and never lost."""

import os
import shutil
from pathlib import Path

import pytest

from pipeline import intake
from pipeline.app import operations
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import Job, State
from pipeline.steps import incidents, secrecy
from pipeline.workspace import Workspace
from tests.folders import drop, opened, pledge, registration, working_folder
from tests.hostile.makers import small
from tests.word_words import words_of

NOW = Rhythm(1, 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return working_folder(tmp_path / "office")


def served(workspace: Workspace) -> list[Job]:
    return serve_once(Worker(workspace, 1), NOW)


def answers_in(folder: Path, unit: str) -> set[str]:
    """The answers that lie for a unit, without the jobs' ids."""
    below = folder / "outbox" / unit
    return {".".join(path.name.split(".")[:2]) for path in below.glob("*.*.*")} if below.is_dir() else set()


def text_of(path: Path) -> str:
    return words_of(path)


def test_two_senders_whose_unit_is_not_known_both_keep_their_notes(folder: Path) -> None:
    drop(folder, "mot.yaml", registration("CATP", unit_code="Hợp tác xã Mây Tre"))
    drop(folder, "hai.yaml", registration("KNH", unit_code="Hợp tác xã Lúa Vàng"))
    with opened(folder) as workspace:
        assert {job.state for job in served(workspace)} == {State.RETURNED}
        notes = {"mot.phieu-tra-lai", "hai.phieu-tra-lai"}
        assert answers_in(folder, "van-thu") == notes | {"mot.ban-danh-dau", "hai.ban-danh-dau"}


def test_a_form_dropped_in_the_folder_of_another_unit_is_answered_there(folder: Path) -> None:
    drop(folder, "dk.yaml", registration("KCXCN"), "CATP")
    with opened(folder) as workspace:
        (job,) = served(workspace)
        assert (job.state, job.reason) == (State.RETURNED, "unit.conflict")
        assert answers_in(folder, "CATP") == {"dk.phieu-tra-lai", "dk.ban-danh-dau"}
        drop(folder, "dk.yaml", registration("KCXCN"), "KCXCN")
        served(workspace)
        assert answers_in(folder, "KCXCN") == {"dk.bien-nhan"}
        assert answers_in(folder, "CATP") == {"dk.phieu-tra-lai", "dk.ban-danh-dau"}


def test_a_document_of_the_cluster_in_a_units_folder_is_asked_about_and_changes_nothing(folder: Path) -> None:
    drop(folder, "giao-uoc.yaml", pledge())
    with opened(folder) as workspace:
        (ours,) = served(workspace)
        drop(folder, "giao-uoc-cum.yaml", pledge() + "# a copy\n", "SATRA")
        (theirs,) = [job for job in served(workspace) if job.id != ours.id]

        assert (theirs.state, theirs.reason) == (State.RETURNED, "unit.not-for-cluster")
        assert answers_in(folder, "SATRA") == {"giao-uoc-cum.phieu-tra-lai"}
        assert workspace.ledger.job(ours.id) == ours


def test_a_unit_that_may_speak_for_the_cluster_drops_its_documents_in_its_own_folder(folder: Path) -> None:
    config = folder / "config.yaml"
    config.write_text(config.read_text("utf-8") + "office: {speaks_for_cluster: 'KNH, SATRA'}\n", "utf-8")
    drop(folder, "giao-uoc.yaml", pledge(), "SATRA")
    with opened(folder) as workspace:
        (job,) = served(workspace)
        assert job.kind == "giao-uoc"
        assert job.state is not State.RETURNED


def test_two_faulty_files_about_one_matter_each_keep_their_answer(folder: Path) -> None:
    drop(folder, "mot.yaml", registration("CATP", headcount="không rõ"), "CATP")
    drop(folder, "hai.yaml", registration("CATP", headcount="chưa rõ"), "CATP")
    with opened(folder) as workspace:
        served(workspace)
        notes = {"mot.phieu-tra-lai", "hai.phieu-tra-lai"}
        assert answers_in(folder, "CATP") == notes | {"mot.ban-danh-dau", "hai.ban-danh-dau"}
        drop(folder, "mot.yaml", registration("CATP", headcount="lại không rõ"), "CATP")
        served(workspace)
        assert answers_in(folder, "CATP") == notes | {"mot.ban-danh-dau", "hai.ban-danh-dau"}
        assert len(list((folder / "outbox" / "CATP").glob("mot.*"))) == 2
        drop(folder, "mot.yaml", registration("CATP"), "CATP")
        served(workspace)
        assert answers_in(folder, "CATP") == {"mot.bien-nhan"}


def test_a_form_that_names_a_kind_nobody_knows_is_not_guessed_to_be_another(folder: Path) -> None:
    drop(folder, "lich.yaml", registration("CATP", kind="lich-cong-tac"), "CATP")
    with opened(folder) as workspace:
        (job,) = served(workspace)
        (finding,) = workspace.findings(job)
        assert (finding.code, finding.found) == ("kind.unknown", "lich-cong-tac")


def test_a_file_that_is_too_large_is_answered_until_it_is_taken_away(folder: Path) -> None:
    with (drop(folder, "ảnh.docx", b"PK\x03\x04", "CATP")).open("ab") as file:
        file.truncate(26_000_000)
    with opened(folder) as workspace:
        worker = Worker(workspace, 1)
        assert serve_once(worker, NOW) == []
        (notice,) = (folder / "outbox" / "CATP").iterdir()
        assert "26,0 MB" in text_of(notice)
        (folder / "inbox" / "CATP" / "ảnh.docx").unlink()
        serve_once(worker, NOW)
        assert (worker.refused, notice.exists()) == ({}, False)


def test_a_file_that_another_run_has_taken_meanwhile_is_no_trouble(folder: Path) -> None:
    drop(folder, "dk.yaml", registration("CATP"), "CATP")
    with opened(folder) as workspace:
        found = intake.look(workspace.folders.inbox)
        served(workspace)
        worker = Worker(workspace, 1)
        assert worker.take(found) == []
        assert worker.refused == {}


def test_a_copy_that_keeps_the_time_of_its_original_is_known_to_be_another_file(folder: Path) -> None:
    original = folder / "dk.yaml"
    original.write_text(registration("CATP"), encoding="utf-8")
    os.utime(original, (1_650_000_000, 1_650_000_000))
    target = folder / "inbox" / "CATP" / "dk.yaml"
    target.parent.mkdir()
    with opened(folder) as workspace:
        shutil.copy2(original, target)
        (job,) = served(workspace)
        for _ in range(10):  # the file system gives the number of a removed file to a new one
            shutil.copy2(original, target)
            served(workspace)
        assert len(workspace.ledger.seen(sha256=job.submission_sha256)) == 11


def test_a_file_in_a_folder_of_folders_is_found(folder: Path) -> None:
    drop(folder, "dk.yaml", registration("CATP"), "CATP/Năm 2022/Cụm 4/Đăng ký")
    with opened(folder) as workspace:
        (job,) = served(workspace)
        assert (job.unit, job.state) == ("CATP", State.DELIVERED)


def test_a_file_whose_job_was_called_off_may_be_dropped_again(folder: Path) -> None:
    drop(folder, "dk.yaml", registration("CATP"), "CATP")
    with opened(folder) as workspace:
        (job,) = served(workspace)
        operations.cancel(workspace, job, "nhầm")
        drop(folder, "dk.yaml", registration("CATP"), "CATP")
        (again,) = served(workspace)
        assert again.id != job.id
        assert again.state is State.DELIVERED


def _read_differently() -> bytes:
    whole = small()
    return whole.replace(b"/Root", b"/Prev %d/Root" % whole.rfind(b"xref\n0"))


def test_a_file_that_programs_read_differently_waits_for_a_person(folder: Path) -> None:
    drop(folder, "quet.pdf", _read_differently(), "CATP")
    with opened(folder) as workspace:
        assert served(workspace) == []
        (notice,) = (folder / "outbox" / "CATP").iterdir()
        (stopped,) = incidents.standing(workspace)
        operations.admit(workspace, stopped.number, "đã xem")
        (job,) = served(workspace)
        assert not notice.exists()
        assert job.state is State.HELD
        assert answers_in(folder, "CATP") == {"quet.phieu-tra-lai"}


@pytest.mark.parametrize("sort", ["nobody could look into it", "it bears a mark"])
def test_a_share_that_cannot_say_whether_a_file_is_still_the_same_lets_nothing_in(
    folder: Path, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "dk.yaml" if "mark" in sort else "quet.pdf"
    drop(folder, name, "# MẬT\n" + registration("CATP") if "mark" in sort else _read_differently(), "CATP")
    with opened(folder) as workspace:
        with monkeypatch.context() as patched:
            # one look fails (ESTALE): afterwards the share answers as ever
            patched.setattr(secrecy, "is_same", lambda *_: False)
            assert served(workspace) == []
        assert (folder / "inbox" / "CATP" / name).exists()
        assert not list(workspace.spool.hashes())
        served(workspace)
        (told,) = incidents.standing(workspace)
        assert told.sort == (incidents.MARKED if "mark" in sort else incidents.UNSEEN)
        assert workspace.ledger.counts() == {}


def test_a_name_that_is_no_text_stops_nothing(folder: Path) -> None:
    target = os.fsencode(folder / "inbox") + b"/\xff\xfe d\xe3n.yaml"
    Path(os.fsdecode(target)).write_text(registration("CATP"), encoding="utf-8")
    with opened(folder) as workspace:
        (job,) = served(workspace)
        assert (job.unit, job.state) == ("CATP", State.DELIVERED)
