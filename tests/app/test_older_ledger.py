"""A ledger that was brought back from a backup beside a newer archive: the office stops and says why."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.ledger.ledger import LedgerLost
from tests.folders import drop, opened, registration, run, working_folder
from tests.sample_papers import signed_paper

NOW = Rhythm(1, 0)


def filed(folder: Path, unit: str) -> None:
    drop(folder, f"{unit}.yaml", registration(unit), unit)
    with opened(folder) as workspace:
        (job,) = serve_once(Worker(workspace, 1), NOW)
        drop(folder, f"{unit}.pdf", signed_paper(job.code))
        serve_once(Worker(workspace, 1), NOW)


def test_an_office_in_which_nothing_was_dropped_yet_opens_again(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    assert [run("-C", str(folder), "run") for _ in range(2)] == [0, 0]
    # the power went while the archive was being marked
    (folder / "archive" / "nhat-ky" / ".vanthu-0123456789abcdef.part").write_bytes(b"")
    assert run("-C", str(folder), "run") == 0


def test_a_book_on_paper_may_be_taken_over_before_anything_was_dropped(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    # the log has an entry and no event: the journal that now lies in the archive is its own
    assert run("-C", str(folder), "register", "begin", "ĐẾN/2022", "--at", "8", "--why", "sổ giấy") == 0
    assert (folder / "archive" / "nhat-ky").is_dir()
    with opened(folder):
        pass


@pytest.mark.slow
def test_a_restored_ledger_gives_no_number_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = working_folder(tmp_path / "office")
    filed(folder, "CATP")
    shutil.copytree(folder / "var", tmp_path / "backup")
    filed(folder, "KNH")
    assert run("-C", str(folder), "verify") == 0
    papers = sorted((folder / "archive").rglob("*.pdf"))
    shutil.rmtree(folder / "var")
    shutil.copytree(tmp_path / "backup", folder / "var")
    drop(folder, "BTLTP.yaml", registration("BTLTP"), "BTLTP")
    with pytest.raises(LedgerLost), opened(folder):
        pass
    capsys.readouterr()
    for words in (["register", "next", "1"], ["run"], ["status"]):
        assert run("-C", str(folder), *words) == 57
        told = capsys.readouterr()
        assert "Sổ cái cũ hơn kho lưu trữ" in told.err
        assert "Traceback" not in told.err
    assert run("-C", str(folder), "check") == 50
    assert "ledger.older" in capsys.readouterr().out
    assert sorted((folder / "archive").rglob("*.pdf")) == papers
    # the archive itself is whole, and says so alone
    program = folder / "archive" / "nhat-ky" / "verify.py"
    heads = folder / "moc-so" / "moc.txt"
    assert subprocess.run([sys.executable, "-I", program, folder / "archive", heads], check=False).returncode == 0


@pytest.mark.slow
def test_an_archive_that_gets_ahead_while_the_office_works_stops_it_before_the_number(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    filed(folder, "CATP")
    drop(folder, "KNH.yaml", registration("KNH"), "KNH")
    with opened(folder) as workspace:
        (job,) = serve_once(Worker(workspace, 1), NOW)
        drop(folder, "KNH.pdf", signed_paper(job.code))
        (journal,) = (folder / "archive" / "nhat-ky").glob("0*.txt")
        whole = journal.read_bytes()
        journal.write_bytes(whole + (b"0" * 64 + b"\n") * 99)
        with pytest.raises(LedgerLost):
            serve_once(Worker(workspace, 1), NOW)
        assert (workspace.ledger.job(job.id).number, len(workspace.ledger.series())) == ("", 1)
        assert workspace.ledger.series()[0].last_no == 1
        # mended, it goes on from where it was: nobody was held for it
        journal.write_bytes(whole)
        serve_once(Worker(workspace, 1), NOW)
        assert workspace.ledger.series()[0].last_no == 2
