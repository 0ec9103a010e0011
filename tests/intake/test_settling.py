"""A file is taken when it has come to rest and is whole, not at first sight."""

import errno
import functools
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from pipeline import intake
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.files import Holders, Holding, Reason, Refused, Spool
from pipeline.intake import MAX_QUIET_PERIODS, Settling
from pipeline.ledger import Drop
from pipeline.model import Job, State
from tests.folders import drop, opened, registration, working_folder
from tests.hostile.makers import small
from tests.reading import writers
from tests.reading.conftest import context_of_2022, example

QUIET = 2.0


class Inbox:
    """An inbox that is looked at when the test says what time it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settling = Settling(QUIET)

    def write(self, content: bytes, name: str = "dk.yaml") -> None:
        (self.folder / name).write_bytes(content)

    def taken_at(self, now: float) -> list[str]:
        return [file.name.name for file in self.settling.settled(self.folder, intake.look(self.folder), now)]


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path)


@functools.cache
def workbook() -> bytes:
    context = context_of_2022()
    form = context.form("dang-ky")
    assert form is not None
    return writers.as_xlsx(form, example("dang-ky", "pass-catp"), writers.plain(context))


def test_a_file_is_taken_after_the_quiet_period_and_not_at_first_sight(inbox: Inbox) -> None:
    inbox.write(b"kind: dang-ky\n")

    assert inbox.taken_at(100.0) == []
    assert inbox.taken_at(100.0 + QUIET - 0.1) == []
    assert inbox.taken_at(100.0 + QUIET) == ["dk.yaml"]


def test_a_file_that_grows_begins_to_rest_anew(inbox: Inbox) -> None:
    inbox.write(b"kind: dang")
    inbox.taken_at(100.0)
    inbox.write(b"kind: dang-ky\n")

    assert inbox.taken_at(100.0 + QUIET) == []
    assert inbox.taken_at(100.0 + QUIET + 1.9) == []
    assert inbox.taken_at(100.0 + 2 * QUIET) == ["dk.yaml"]


def test_a_file_that_went_away_and_came_again_begins_to_rest_anew(inbox: Inbox) -> None:
    inbox.write(b"kind: dang-ky\n")
    inbox.taken_at(100.0)
    (inbox.folder / "dk.yaml").unlink()
    inbox.taken_at(101.0)
    assert not inbox.settling.is_waiting()
    inbox.write(b"kind: dang-ky\n")

    assert inbox.taken_at(100.0 + QUIET) == []
    assert inbox.settling.is_waiting()


def test_a_file_that_a_share_in_trouble_does_not_show_for_a_moment_goes_on_resting(inbox: Inbox) -> None:
    inbox.write(b"kind: dang-ky\n")
    inbox.taken_at(100.0)

    assert inbox.settling.at_rest([], 101.0, is_all=False) == []
    assert inbox.taken_at(100.0 + QUIET) == ["dk.yaml"]


@pytest.mark.parametrize(("name", "whole"), [("dk.xlsx", workbook()), ("quet.pdf", small())], ids=["workbook", "PDF"])
def test_half_a_file_is_waited_for_even_at_its_full_size(inbox: Inbox, name: str, whole: bytes) -> None:
    half = whole[: len(whole) // 2]
    inbox.write(half + bytes(len(whole) - len(half)), name)  # as programs do that allocate before they copy
    inbox.taken_at(100.0)

    assert inbox.taken_at(100.0 + 2 * QUIET) == []
    inbox.write(whole, name)
    inbox.taken_at(110.0)
    assert inbox.taken_at(110.0 + QUIET) == [name]


def test_half_a_file_that_cannot_be_opened_for_a_moment_is_not_let_through_by_that(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    inbox.write(b'{"kind": "dang-ky", "unit', "dk.json")
    assert inbox.taken_at(100.0) == []
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refused)
        assert inbox.taken_at(100.0 + QUIET) == []
        # for long, it is for the door to tell: whoever dropped it has to be told
        assert inbox.taken_at(100.0 + QUIET * MAX_QUIET_PERIODS) == ["dk.json"]


def test_what_could_not_be_opened_for_long_is_looked_at_by_the_door_before_it_is_taken(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a share, where nobody knows who writes
    monkeypatch.setattr(Holders, "of", lambda *_: Holding.UNKNOWN)
    inbox.write(b'{"kind": "dang-ky", "unit', "dk.json")
    (found,) = intake.look(inbox.folder)
    spool = Spool(inbox.folder / "spool")

    taken = intake.take(inbox.folder, found, spool, limit_bytes=1000)
    assert isinstance(taken, Refused)
    assert taken.reason is Reason.CHANGING
    assert not list(spool.hashes())
    inbox.write(b'{"kind": "dang-ky", "unit": "CATP"}', "dk.json")
    (found,) = intake.look(inbox.folder)
    assert isinstance(intake.take(inbox.folder, found, spool, limit_bytes=1000), Drop)


def test_half_a_file_is_taken_in_the_end_so_that_somebody_is_told(inbox: Inbox) -> None:
    inbox.write(b"%PDF-1.7\nhalf", "quet.pdf")
    inbox.write(b"", "rong.yaml")
    inbox.taken_at(100.0)

    assert inbox.taken_at(100.0 + QUIET * MAX_QUIET_PERIODS - 0.1) == []
    assert inbox.taken_at(100.0 + QUIET * MAX_QUIET_PERIODS) == ["quet.pdf", "rong.yaml"]


_AS_STRANGER = """
import os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from pipeline import intake
os.setuid(54321)
folder, settling = Path(sys.argv[2]), intake.Settling(2.0)
for now in (100.0, 102.0, 119.9, 120.0):
    ready = settling.settled(folder, intake.look(folder), now)
    late = [f"{file.name.name}:{wait.value}" for file, wait in settling.overdue.items()]
    print(*sorted(file.name.name for file in ready), *late)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_where_nobody_can_tell_who_writes_what_is_cut_stays_and_what_may_be_whole_is_taken_late() -> None:
    """Another user's files: the kernel does not say who has them open."""
    root = str(Path(__file__).resolve().parents[2])
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        for name, content in (
            ("cut.pdf", b"%PDF-1.7 half"),
            ("open.csv", b"a;b\n"),
            ("open.yaml", b"kind: x\n"),
            ("whole.json", b"{}"),
            ("whole.yaml", b"kind: x\n...\n"),
        ):
            (Path(folder) / name).write_bytes(content)
        words = [sys.executable, "-c", _AS_STRANGER, root, folder]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout

    assert said.splitlines() == [
        "",
        "whole.json whole.yaml",
        "whole.json whole.yaml",
        "open.csv whole.json whole.yaml cut.pdf:cut open.yaml:unended",
    ]


def test_the_end_of_a_long_file_is_looked_for_at_its_end_only(inbox: Inbox) -> None:
    inbox.write(b"PK\x03\x04PK\x05\x06" + bytes(70_000), "dk.docx")
    inbox.write(b"%PDF-1.7 %%EOF" + bytes(5_000), "quet.pdf")
    inbox.taken_at(100.0)

    assert inbox.taken_at(100.0 + QUIET) == []


@pytest.mark.parametrize(
    ("name", "whole", "quiet_s"),
    [("dk.xlsx", workbook(), 0.5), ("dk.yaml", registration("CATP").encode(), 2.0)],
    ids=["workbook", "text"],
)
def test_a_form_that_is_still_being_copied_is_read_whole(
    tmp_path: Path, name: str, whole: bytes, quiet_s: float
) -> None:
    folder = working_folder(tmp_path / "office")
    target = folder / "inbox" / name
    target.write_bytes(whole[: len(whole) // 2])
    with opened(folder) as workspace:
        copying = threading.Timer(0.2, target.write_bytes, [whole])
        copying.start()
        jobs: list[Job] = []
        while not jobs and target.exists():  # on a busy machine a run may end before the file has come to rest
            jobs = serve_once(Worker(workspace, 1), Rhythm(1, quiet_s))
        copying.join()

        assert [(job.state, job.unit) for job in jobs] == [(State.DELIVERED, "CATP")]
        assert workspace.spool.get(jobs[0].submission_sha256) == whole


class SlowMachine:
    """The time of a machine on which each round of work takes longer than `run` waits for files to come to rest."""

    def __init__(self, slow: float) -> None:
        self.now, self.slow = 1_000.0, slow

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_on_a_slow_machine_one_run_still_takes_what_lay_in_the_inbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = SlowMachine(QUIET * (MAX_QUIET_PERIODS + 3))

    class SlowWorker(Worker):
        def settle(self) -> None:
            machine.now += machine.slow
            super().settle()

    monkeypatch.setattr("pipeline.app.watching.time", machine)
    monkeypatch.setattr("pipeline.app.serving.time", machine)
    folder = working_folder(tmp_path / "office")
    drop(folder, "dk.yaml", registration("CATP"), "CATP")
    with opened(folder) as workspace:
        moved = serve_once(SlowWorker(workspace), Rhythm(1, QUIET))
        assert [job.state for job in moved] == [State.DELIVERED]


def test_a_file_that_keeps_changing_is_named_and_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, "dk.yaml", registration("CATP"), "CATP")
    growing = folder / "inbox" / "CATP" / "dk.yaml"

    class WritingMachine(SlowMachine):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            growing.write_bytes(growing.read_bytes() + b"# more\n")

    machine = WritingMachine(0)
    monkeypatch.setattr("pipeline.app.watching.time", machine)
    monkeypatch.setattr("pipeline.app.serving.time", machine)
    with opened(folder) as workspace:
        worker = Worker(workspace)
        assert serve_once(worker, Rhythm(1, QUIET)) == []
        assert [str(file.name) for file in worker.left] == ["CATP/dk.yaml"]
