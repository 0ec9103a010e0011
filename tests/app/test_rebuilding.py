"""A ledger that was lost, or brought back from a backup, is made anew from the archive as far as that knows."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.app import searching
from pipeline.app.rebuilding import rebuild
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.ledger import Ledger
from pipeline.ledger.findable import Wanted
from pipeline.ledger.ledger import LedgerLost
from pipeline.model import Role, State
from pipeline.vietnamese.phrases import phrases_of
from pipeline.workspace import Workspace
from tests.folders import drop, opened, registration, run, working_folder
from tests.sample_papers import signed_paper

NOW = Rhythm(1, 0)
pytestmark = pytest.mark.slow


def filed(folder: Path, unit: str) -> None:
    drop(folder, f"{unit}.yaml", registration(unit), unit)
    with opened(folder) as workspace:
        (job,) = serve_once(Worker(workspace, 1), NOW)
        drop(folder, f"{unit}.pdf", signed_paper(job.code))
        serve_once(Worker(workspace, 1), NOW)


def account(ledger: Ledger) -> object:
    """All that the register says, with its hashes."""
    return [entry.as_json() for entry in ledger.entries()], ledger.series()


def filed_jobs(workspace: Workspace) -> list[tuple[object, ...]]:
    return [
        (job.id, job.kind, job.unit, job.code, job.number, workspace.ledger.artifact(job.id, Role.FILED))
        for job in workspace.ledger.in_states([State.ARCHIVED])
    ]


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = working_folder(tmp_path / "office")
    filed(folder, "CATP")
    shutil.copytree(folder / "var", tmp_path / "backup")
    filed(folder, "KNH")
    return folder


@pytest.mark.parametrize("is_lost", [True, False])
def test_the_register_comes_back_and_counts_on(office: Path, *, is_lost: bool) -> None:
    with opened(office) as workspace:
        before, papers = account(workspace.ledger), filed_jobs(workspace)
    shutil.rmtree(office / "var")
    if not is_lost:
        shutil.copytree(office.parent / "backup", office / "var")
    assert run("-C", str(office), "rebuild", "--why", "hỏng ổ đĩa") == 0
    with opened(office) as workspace:
        assert account(workspace.ledger) == before
        assert filed_jobs(workspace) == papers
        (event,) = workspace.ledger.acted("rebuild.done")
        assert event.why == "hỏng ổ đĩa"
    assert run("-C", str(office), "check") == 0
    assert run("-C", str(office), "verify") == 0
    # the next paper gets the next number, and nothing is made anew a second time
    filed(office, "BTLTP")
    with opened(office) as workspace:
        assert [job.number for job in workspace.ledger.in_states([State.ARCHIVED])][-1].startswith("3-")
        assert rebuild(workspace, "lần nữa").entries == 0
    for words in (["check"], ["verify"], ["status"], ["register", "list"], ["show", "1"], ["why", "1"]):
        assert run("-C", str(office), *words) == 0, words


def test_nothing_is_made_of_an_archive_that_somebody_changed(office: Path) -> None:
    shutil.rmtree(office / "var")
    next((office / "archive").rglob("*.pdf")).unlink()
    assert run("-C", str(office), "rebuild", "--why", "hỏng ổ đĩa") == LedgerLost.exit_code


def test_what_came_back_is_found_and_handed_over(office: Path, tmp_path: Path) -> None:
    shutil.rmtree(office / "var")
    assert run("-C", str(office), "rebuild", "--why", "hỏng ổ đĩa") == 0
    with opened(office) as workspace:
        found = searching.find(workspace, Wanted(phrases_of(["dang ky thi dua"]), unit="KNH"), 9)
        assert [(one.job.unit, one.title) for one in found] == [("KNH", "Bản đăng ký thi đua năm 2022")]
        assert searching.find(workspace, Wanted(signer=phrases_of([found[0].job.number])), 9) == []
    # by the clock of the machine: the year is long over
    assert run("-C", str(office), "dossier", "make", "02-TĐ", "--to", str(tmp_path / "out")) == 0
    said = json.loads((tmp_path / "out" / "A38-011-07-0124" / "data" / "ho-so.json").read_text("utf-8"))
    assert {(one["author"], one["pages"]) for one in said["documents"]} == {
        ("Công an TP.HCM", 1),
        ("Đảng ủy Khối Ngân hàng TP", 1),
    }
