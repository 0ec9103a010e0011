"""The worker: trouble with one job holds that job, trouble with the store stops everything, nothing is told twice."""

import dataclasses
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import flow, status
from pipeline.app import worker as workers
from pipeline.app.worker import LEFT_BEHIND_SECONDS, MOST_ATTEMPTS, MOST_CONFLICTS, Worker
from pipeline.errors import IntegrityError, NoSpaceError, StateConflict, StoreBusy, ToolCrashed, VanthuError
from pipeline.files import CannotWrite
from pipeline.files.writing import temporary_file
from pipeline.intake import look
from pipeline.ledger import Drop, Outcome, Publication
from pipeline.model import Job, State
from pipeline.tools.guard import GuardRefused, Reason
from pipeline.workspace import Workspace
from tests.folders import drop, pledge, registration
from tests.status.office import Office
from tests.word_words import words_of

TROUBLE = ToolCrashed("LibreOffice died")


def taken(office: Office, unit: str = "CATP") -> Job:
    """A registration taken out of the inbox and not yet worked on."""
    drop(office.folder, f"dk-{unit}.yaml", registration(unit), unit)
    (job,) = Worker(office.workspace).take(look(office.folder / "inbox"))
    return job


def failing(monkeypatch: pytest.MonkeyPatch, *troubles: Exception | None) -> list[int]:
    """Let the flow meet these troubles one by one (None: none), the last for ever; gives the jobs it met."""
    really = flow.advance
    met: list[int] = []

    def advance(workspace: Workspace, job_id: int, job: Job | None = None) -> Job:
        trouble = troubles[min(len(met), len(troubles) - 1)]
        met.append(job_id)
        if trouble is not None:
            raise trouble
        return really(workspace, job_id, job)

    monkeypatch.setattr(flow, "advance", advance)
    return met


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.LogCaptureFixture]:
    """The worker's log, whatever other tests have set up."""
    monkeypatch.setattr(workers.log, "disabled", False)
    with caplog.at_level("DEBUG", logger=workers.log.name):
        yield caplog


def entries(logged: pytest.LogCaptureFixture) -> list[tuple[str, dict[str, object]]]:
    """What the worker logged: each message with what it says besides."""
    names = ("action", "job", "why", "file", "is_repeat", "incident")
    return [
        (one.getMessage(), {name: vars(one)[name] for name in names if name in vars(one)})
        for one in logged.records
        if one.name == workers.log.name
    ]


def words(path: Path) -> str:
    return words_of(path)


# taking


def test_a_drop_is_taken_with_its_folder_and_leaves_the_inbox(
    office: Office, logged: pytest.LogCaptureFixture
) -> None:
    job = taken(office)
    assert (job.state, job.name, job.folder) == (State.RECEIVED, "dk-CATP.yaml", "CATP")
    assert look(office.folder / "inbox") == []
    assert entries(logged) == [("taken", {"action": "intake.take", "job": job.id, "is_repeat": False})]
    (seen,) = office.workspace.ledger.seen(name_key="dk-catp.yaml")
    assert seen.job_id == job.id


def test_the_same_bytes_a_second_time_open_no_job_and_are_answered(
    office: Office, logged: pytest.LogCaptureFixture
) -> None:
    job = office.drop("dk.yaml", registration("CATP"), "CATP")
    drop(office.folder, "lại.yaml", registration("CATP"), "CATP")
    worker = Worker(office.workspace)

    assert worker.take(look(office.folder / "inbox")) == []

    assert worker.repeated == [("lại.yaml", job)]
    assert look(office.folder / "inbox") == []
    worker.work_off()
    (note,) = office.lying("CATP").glob("lai.da-nhan-truoc.*")
    assert "chờ ký" in words(note)
    assert entries(logged)[-1] == ("taken", {"action": "intake.take", "job": job.id, "is_repeat": True})


def test_a_file_found_again_after_a_crash_is_not_told_as_having_come_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(*_: object) -> None:
        raise SystemExit("power cut")

    drop(office.folder, "dk.yaml", registration("CATP"), "CATP")
    worker = Worker(office.workspace)
    with monkeypatch.context() as cut, pytest.raises(SystemExit):
        cut.setattr(workers, "withdraw", power_cut)
        worker.take(look(office.folder / "inbox"))
    assert worker.take(look(office.folder / "inbox")) == []
    assert (worker.repeated, look(office.folder / "inbox")) == ([], [])
    assert len(office.workspace.ledger.in_states(State)) == 1


def test_what_is_refused_is_told_once_for_as_long_as_it_lies_there(
    office: Office, logged: pytest.LogCaptureFixture
) -> None:
    large = office.folder / "inbox" / "CATP" / "ảnh.docx"
    large.parent.mkdir()
    with large.open("wb") as file:
        file.truncate(26_000_000)
    worker = Worker(office.workspace)
    for _ in range(2):
        assert worker.take(look(office.folder / "inbox")) == []
    ((message, told),) = entries(logged)
    assert (message, told["action"], told["file"], "26" in str(told["why"])) == (
        "refused",
        "intake.refuse",
        "ảnh.docx",
        True,
    )
    (notice,) = office.lying("CATP").iterdir()
    assert (notice.name, "26,0 MB" in words(notice), large.exists()) == ("anh.docx.thong-bao.docx", True, True)
    notice.unlink()
    worker.take(look(office.folder / "inbox"))
    assert not notice.exists(), "it was told"
    os.utime(large, (1, 1))  # another file now, and refused as well
    worker.take(look(office.folder / "inbox"))
    assert (notice.exists(), len(worker.refused)) == (True, 1)
    large.unlink()
    worker.take([])
    assert (notice.exists(), worker.refused) == (False, {})


def test_a_file_that_is_gone_is_nobodys_trouble(office: Office, logged: pytest.LogCaptureFixture) -> None:
    path = drop(office.folder, "dk.yaml", registration("CATP"), "CATP")
    found = look(office.folder / "inbox")
    path.unlink()
    worker = Worker(office.workspace)
    assert (worker.take(found), worker.refused, entries(logged)) == ([], {}, [])
    assert not office.lying("CATP").exists()


def test_of_a_secret_file_only_the_incident_is_logged(office: Office, logged: pytest.LogCaptureFixture) -> None:
    drop(office.folder, "TỐI MẬT.yaml", registration("CATP"), "CATP")
    worker = Worker(office.workspace)
    assert worker.take(look(office.folder / "inbox")) == []
    ((message, told),) = entries(logged)
    assert (message, told["action"], told["incident"]) == ("not let in", "intake.secrecy", 1)
    assert office.workspace.ledger.in_states(State) == []


def test_only_old_temporary_files_are_taken_away(office: Office) -> None:
    worker = Worker(office.workspace)
    for folder in (office.folder / "outbox" / "CATP", office.folder / "archive"):
        with temporary_file(folder, 0o600) as (path, _):
            worker.tidy()
            assert path.exists(), "its writer is at work"
            os.utime(path, (time.time() - LEFT_BEHIND_SECONDS - 5,) * 2)
            worker.tidy()
            assert not path.exists()
            path.touch()
    assert LEFT_BEHIND_SECONDS == 60


# working off


def test_working_off_shows_its_progress_and_gives_the_jobs_as_they_stand(office: Office) -> None:
    one, other = taken(office, "CATP"), taken(office, "KNH")
    shown: list[tuple[int, int]] = []
    moved = Worker(office.workspace, progress=lambda done, known: shown.append((done, known))).work_off()
    assert [(job.id, job.state) for job in moved] == [(one.id, State.DELIVERED), (other.id, State.DELIVERED)]
    assert shown == [(1, 2), (2, 2)]
    assert Worker(office.workspace).work_off() == []


def test_several_threads_do_several_jobs(office: Office) -> None:
    for unit in ("CATP", "KNH", "SATRA"):
        taken(office, unit)
    moved = Worker(office.workspace, threads=3).work_off()
    assert [job.state for job in moved] == [State.DELIVERED] * 3


def test_a_document_that_waits_goes_on_in_the_round_in_which_the_last_input_came(office: Office) -> None:
    office.of_units("EVNHCMC", "CATP")
    waiting = office.drop("gu.yaml", pledge(originals_count=3))
    assert (waiting.state, waiting.reason) == (State.WAITING, "EVNHCMC, CATP")
    taken(office, "EVNHCMC"), taken(office, "CATP")
    Worker(office.workspace).work_off()
    assert office.job(waiting.id).state is State.DELIVERED


def test_what_met_trouble_is_put_off_to_the_next_round(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    troubled, fine = taken(office, "CATP"), taken(office, "KNH")
    met = failing(monkeypatch, TROUBLE, None)
    worker = Worker(office.workspace)
    moved = worker.work_off()
    assert [(job.id, job.state) for job in moved] == [(troubled.id, State.RECEIVED), (fine.id, State.DELIVERED)]
    assert met == [troubled.id, fine.id]
    worker.work_off()
    assert (office.job(troubled.id).state, met) == (State.DELIVERED, [troubled.id, fine.id, troubled.id])


def test_what_is_recorded_is_published_though_no_job_moves(office: Office) -> None:
    job = office.drop("dk.yaml", registration("CATP"), "CATP")
    office.workspace.ledger.advance(job, Outcome(State.CANCELLED))
    sha256 = office.workspace.spool.put(b"note")
    same = Drop("x", "CATP", job.submission_sha256, 1, "x")
    other = office.workspace.ledger.take(same, name_key="x").job
    office.workspace.ledger.advance(
        other, Outcome(State.RETURNED, publications=(Publication("CATP/note.docx", sha256),))
    )
    Worker(office.workspace).work_off()
    assert office.lying("CATP/note.docx").read_bytes() == b"note"


# trouble


def test_a_passing_trouble_is_counted_and_holds_the_job_at_the_last_try(
    office: Office, monkeypatch: pytest.MonkeyPatch, logged: pytest.LogCaptureFixture
) -> None:
    job = taken(office)
    failing(monkeypatch, TROUBLE)
    worker = Worker(office.workspace)
    for _ in range(MOST_ATTEMPTS - 1):
        assert worker.advance(job.id).state is State.RECEIVED
    held = worker.advance(job.id)
    assert (held.state, held.reason) == (
        State.HELD,
        "đã thử 5 lần không được; lần cuối: LibreOffice died",
    )
    told = ("to be tried again", {"action": "job.postpone", "job": job.id, "why": "LibreOffice died"})
    assert entries(logged)[1:-2] == [told] * MOST_ATTEMPTS
    assert entries(logged)[-2:] == [
        ("held", {"action": "job.hold", "job": job.id, "why": "LibreOffice died"}),
        ("trace", {"action": "job.trace", "job": job.id}),
    ]
    assert logged.records[-1].exc_info
    assert [one.what for one in office.workspace.ledger.attempts(job.id)] == ["LibreOffice died"] * MOST_ATTEMPTS


def test_what_would_meet_the_same_trouble_again_is_held_at_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = taken(office)
    trouble = GuardRefused("the reader", Reason.MEMORY)
    failing(monkeypatch, trouble)
    held = Worker(office.workspace).advance(job.id)
    assert (held.state, held.reason) == (State.HELD, str(trouble))
    assert len(office.workspace.ledger.attempts(job.id)) == 1


#: What Python says of a bug is for the operator alone.
PROGRAM_FAILED = "chương trình bị lỗi khi xử lý; người vận hành xem lỗi bằng lệnh: vanthu show 1"


@pytest.mark.parametrize(
    ("trouble", "why"),
    [(VanthuError("a sentence"), "a sentence"), (ZeroDivisionError("a bug"), PROGRAM_FAILED)],
)
def test_one_jobs_trouble_holds_that_job_with_what_is_known_of_it(
    office: Office, monkeypatch: pytest.MonkeyPatch, trouble: Exception, why: str
) -> None:
    job = taken(office)
    failing(monkeypatch, trouble)
    held = Worker(office.workspace).advance(job.id)
    assert (held.state, held.reason) == (State.HELD, why)
    detail = office.workspace.ledger.events(job.id)[-1].detail
    assert "Traceback" in str(detail["trace"])
    assert str(trouble) in str(detail["trace"])
    assert detail["error"] == f"{type(trouble).__name__}: {trouble}"


@pytest.mark.parametrize(
    "trouble", [StoreBusy("busy"), NoSpaceError("full"), CannotWrite("refused")], ids=lambda one: type(one).__name__
)
def test_trouble_of_the_store_stops_everything_and_holds_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    job = taken(office)
    failing(monkeypatch, trouble)
    with pytest.raises(type(trouble)):
        Worker(office.workspace).work_off()
    assert office.job(job.id) == job
    assert office.workspace.ledger.attempts(job.id) == []


def test_bytes_that_are_gone_hold_the_job_and_stop_everything(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = taken(office)
    failing(monkeypatch, IntegrityError("changed bytes"))
    with pytest.raises(IntegrityError):
        Worker(office.workspace).work_off()
    assert (office.job(job.id).state, office.job(job.id).reason) == (State.HELD, "changed bytes")


def test_a_job_that_others_keep_moving_is_left_to_them(
    office: Office, monkeypatch: pytest.MonkeyPatch, logged: pytest.LogCaptureFixture
) -> None:
    job = taken(office)
    met = failing(monkeypatch, StateConflict("moved"))
    assert Worker(office.workspace).advance(job.id) == job
    assert len(met) == MOST_CONFLICTS == 5
    assert entries(logged)[-1] == ("moved by another", {"action": "job.conflict", "job": job.id})


def test_a_job_that_another_moved_once_is_taken_up_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    job = taken(office)
    failing(monkeypatch, StateConflict("moved"), None)
    assert Worker(office.workspace).advance(job.id).state is State.DELIVERED


def test_trouble_brings_no_job_back_that_is_over(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    job = office.workspace.ledger.advance(taken(office), Outcome(State.CANCELLED))
    failing(monkeypatch, ZeroDivisionError())
    assert Worker(office.workspace).advance(job.id) == job


def test_a_view_that_cannot_be_made_is_logged_but_trouble_of_the_store_is_not_hidden(
    office: Office, monkeypatch: pytest.MonkeyPatch, logged: pytest.LogCaptureFixture
) -> None:
    def fails(trouble: Exception) -> None:
        def refresh(_: Workspace) -> None:
            raise trouble

        monkeypatch.setattr(status, "refresh", refresh)

    fails(ZeroDivisionError("a bug"))
    Worker(office.workspace).work_off()
    assert entries(logged) == [("not shown", {"action": "board.write", "why": "a bug"})]
    for trouble in (IntegrityError("changed"), NoSpaceError("full")):
        fails(trouble)
        with pytest.raises(type(trouble)):
            Worker(office.workspace).work_off()


def test_views_that_somebody_holds_open_are_remembered(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = office.folder / "outbox" / "bang.xlsx"
    monkeypatch.setattr(status, "refresh", lambda _: {locked})
    worker = Worker(office.workspace)
    worker.work_off()
    assert worker.unwritten == {locked}


def test_a_held_job_speaks_the_language_of_the_office(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    english = dataclasses.replace(office.workspace.practice, language="en")
    office.workspace = dataclasses.replace(office.workspace, practice=english)
    job = taken(office)
    failing(monkeypatch, TROUBLE)
    worker = Worker(office.workspace)
    for _ in range(MOST_ATTEMPTS):
        held = worker.advance(job.id)
    assert held.reason == "tried 5 times without success; the last time: LibreOffice died"


def test_what_a_crash_left_wherever_the_program_writes_is_taken_away_at_the_next_start(office: Office) -> None:
    folders = office.workspace.folders
    places = (folders.inbox, folders.outbox, folders.archive, folders.var, folders.workers, folders.var / "folders")
    for place in places:
        place.mkdir(exist_ok=True)
        left = place / ".vanthu-0123456789abcdef.part"
        left.write_bytes(b"half")
        os.utime(left, (time.time() - LEFT_BEHIND_SECONDS - 9,) * 2)
    Worker(office.workspace).tidy()
    assert list(office.folder.rglob("*.part")) == []
