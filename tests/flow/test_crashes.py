"""Whatever is killed, nothing is lost and nothing is done twice.

Every durable act (bytes kept, a transaction committed, a file published or removed) is a place where the power may
go. A small day is lived once to count the acts; then again for every one of them, dying there, opening it
anew and going on. The end must always be the same.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import archive
from pipeline.app import filed_papers, worker
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.archive.verifying import heads_at, verified
from pipeline.audit import audit
from pipeline.files import Spool
from pipeline.ledger import Ledger, Unrecorded
from pipeline.model import Standing, State
from pipeline.steps import publishing
from pipeline.workspace import Workspace
from tests.folders import Clock, drop, filed_files, opened, registration, waiting, working_folder
from tests.sample_papers import signed_paper

NOW = Rhythm(1, 0)


#: The acts are dealt out; an odd number, so that each share dies before some acts and after others. The first share
#: is lived in every run, all of them in the slow one.
SHARES = 13
IN_SHARES = pytest.mark.parametrize(
    "share", [0, *(pytest.param(share, marks=pytest.mark.slow) for share in range(1, SHARES))]
)


class Killed(BaseException):
    """The power went."""


class Fate:
    """Counts durable acts, and ends the life of the program before or after the chosen one."""

    def __init__(self, at: int = -1) -> None:
        self.at = at
        self.acts = 0

    def around(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            self._tick()
            result = act(*args, **kwargs)
            self._tick()
            return result

        return watched

    def _tick(self) -> None:
        self.acts += 1
        if self.acts == self.at:
            raise Killed


@pytest.fixture
def fated(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Fate], None]]:
    def watch(fate: Fate) -> None:
        monkeypatch.undo()
        for owner, name in (
            (Spool, "put"),
            (Spool, "put_file"),
            (Ledger, "take_new"),
            (Ledger, "take"),
            (Ledger, "advance"),
            (Unrecorded, "record"),
            (Ledger, "done"),
            (publishing, "carry_out"),
            (worker, "withdraw"),
            (archive, "file"),
        ):
            monkeypatch.setattr(owner, name, fate.around(getattr(owner, name)))

    yield watch
    monkeypatch.undo()


def lived(folder: Path) -> None:
    """Live until the end or until the power goes; the worker has one thread, so that the acts have one order."""
    try:
        with opened(folder) as workspace:
            serve_once(Worker(workspace), NOW)
    except Killed:
        return


def a_morning(folder: Path) -> Path:
    working_folder(folder)
    drop(folder, "dk.yaml", registration("CATP"), "CATP")
    drop(folder, "sai.yaml", registration("KNH", activities=[]), "KNH")
    return folder


def account_of(folder: Path) -> dict[str, Any]:
    with opened(folder) as workspace:
        return {
            "states": Counter((job.unit, job.kind, job.state) for job in workspace.ledger.in_states(State)),
            "outbox": {
                path.relative_to(folder).as_posix()
                for path in (folder / "outbox").rglob("*")
                if path.is_file() and path.suffix != ".xlsx"
            },
            "inbox": waiting(folder),
            "numbers": [(entry.series, entry.no, entry.act) for entry in workspace.ledger.entries()],
            "repeats": sum(
                seen.is_repeat
                for job in workspace.ledger.in_states(State)
                for seen in workspace.ledger.seen(sha256=job.submission_sha256)
            ),
            "pending": workspace.ledger.pending(),
        }


@pytest.mark.slow
@IN_SHARES
def test_a_morning_ends_the_same_wherever_the_power_goes(
    tmp_path: Path, fated: Callable[[Fate], None], share: int
) -> None:
    whole = Fate()
    calm = a_morning(tmp_path / "calm")
    fated(whole)
    lived(calm)
    expected = account_of(calm)
    assert expected["states"] == {("CATP", "dang-ky", State.DELIVERED): 1, ("KNH", "dang-ky", State.RETURNED): 1}
    assert expected["inbox"] == []
    assert whole.acts > 40
    for moment in range(1 + share, whole.acts + 1, SHARES):
        folder = a_morning(tmp_path / f"killed-{moment}")
        fated(Fate(moment))
        lived(folder)
        fated(Fate())
        lived(folder)
        assert account_of(folder) == expected, f"killed at act {moment}"


def signed_paper_waits(folder: Path, workspace: Workspace) -> None:
    """Bring one registration as far as a signed paper in the inbox."""
    serve_once(Worker(workspace), NOW)
    (job,) = workspace.ledger.in_states([State.DELIVERED])
    drop(folder, "scan.pdf", signed_paper(job.code))


@IN_SHARES
def test_a_number_is_given_once_wherever_the_power_goes(
    tmp_path: Path, fated: Callable[[Fate], None], share: int
) -> None:
    def ready(folder: Path) -> Path:
        working_folder(folder)
        drop(folder, "dk.yaml", registration("CATP"), "CATP")
        with opened(folder, Clock()) as workspace:
            signed_paper_waits(folder, workspace)
        return folder

    whole = Fate()
    morning = ready(tmp_path / "morning")
    calm = Path(shutil.copytree(morning, tmp_path / "calm"))
    fated(whole)
    lived(calm)
    fated(Fate())
    expected = account_of(calm)
    assert expected["numbers"] == [("ĐẾN/2022", 1, "number"), ("ĐẾN/2022", 1, "file")]
    for moment in range(1 + share, whole.acts + 1, SHARES):
        folder = Path(shutil.copytree(morning, tmp_path / f"killed-{moment}"))
        fated(Fate(moment))
        lived(folder)
        fated(Fate())
        lived(folder)
        assert account_of(folder) == expected, f"killed at act {moment}"
        assert len(filed_files(folder)) == 2
        heads = heads_at([folder / "moc-so"])
        assert verified(folder / "archive", heads) == [], f"killed at act {moment}"


def corrected(folder: Path) -> None:
    """Let a person file the scan that was returned with its document, and go on if the power lets them."""
    try:
        with opened(folder) as workspace:
            waiting = workspace.ledger.in_states([State.RETURNED])
            if waiting:
                (document,) = workspace.ledger.in_states([State.ARCHIVED])
                further = filed_papers.looked_at(workspace, waiting, document)
                filed_papers.file_further(workspace, further, Standing.RESCAN, "quét lại")
            serve_once(Worker(workspace), NOW)
    except Killed:
        return


@pytest.mark.slow
@IN_SHARES
def test_a_further_paper_is_filed_once_wherever_the_power_goes(
    tmp_path: Path, fated: Callable[[Fate], None], share: int
) -> None:
    def filed(folder: Path) -> dict[str, bytes]:
        files = filed_files(folder)
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    def ready(folder: Path) -> Path:
        working_folder(folder)
        drop(folder, "dk.yaml", registration("CATP"), "CATP")
        with opened(folder, Clock()) as workspace:
            signed_paper_waits(folder, workspace)
            serve_once(Worker(workspace), NOW)
            (job,) = workspace.ledger.in_states([State.ARCHIVED])
            drop(folder, "lai.pdf", signed_paper(job.code, keywords="quet lai"), "da-ky")
            serve_once(Worker(workspace), NOW)
        return folder

    whole = Fate()
    morning = ready(tmp_path / "morning")
    first = filed(morning)
    calm = Path(shutil.copytree(morning, tmp_path / "calm"))
    fated(whole)
    corrected(calm)
    fated(Fate())
    expected, lying = account_of(calm), filed(calm)
    assert [act for *_, act in expected["numbers"]] == ["number", "file", "replace", "file.2"]
    assert (lying | first, len(lying)) == (lying, len(first) + 3)
    for moment in range(1 + share, whole.acts + 1, SHARES):
        folder = Path(shutil.copytree(morning, tmp_path / f"killed-{moment}"))
        fated(Fate(moment))
        corrected(folder)
        fated(Fate())
        corrected(folder)
        assert account_of(folder) == expected, f"killed at act {moment}"
        assert filed(folder) == lying, f"killed at act {moment}"
        with opened(folder) as workspace:
            assert audit(workspace.ledger, workspace.spool, folder / "archive", folder / "outbox") == []
