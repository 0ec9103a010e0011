"""Trouble with the program's own store is told as what it is, and never makes a number twice."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.audit import audit
from pipeline.errors import NoSpaceError
from pipeline.ledger import Drop
from pipeline.ledger.ledger import LedgerLost
from pipeline.store.trouble import LedgerDamaged
from tests.folders import drop, opened, registration, working_folder
from tests.sample_papers import signed_paper

NOW = Rhythm(1, 0)


@pytest.fixture
def filed(tmp_path: Path) -> Path:
    """A working folder with one filed registration."""
    folder = working_folder(tmp_path / "office")
    drop(folder, "dk.yaml", registration("CATP"), "CATP")
    with opened(folder) as workspace:
        (job,) = serve_once(Worker(workspace, 1), NOW)
        drop(folder, "scan.pdf", signed_paper(job.code))
        serve_once(Worker(workspace, 1), NOW)
    return folder


def ledger_file(folder: Path) -> Path:
    return folder / "var" / "vanthu.sqlite"


def test_a_lost_ledger_is_not_begun_anew_beside_a_full_archive(filed: Path) -> None:
    for path in (filed / "var").glob("vanthu.sqlite*"):
        path.unlink()
    for _ in range(2):  # the first try must not make the second one succeed
        with pytest.raises(LedgerLost), opened(filed):
            pass


def test_a_damaged_ledger_is_told_as_such(filed: Path) -> None:
    ledger_file(filed).write_bytes(b"no database at all " * 400)
    with pytest.raises(LedgerDamaged), opened(filed):
        pass


def test_a_full_disk_under_the_ledger_is_told_as_a_full_disk(tmp_path: Path) -> None:
    with opened(working_folder(tmp_path / "office")) as workspace:
        engine = workspace.ledger.engine
        with engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        event.listen(engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count={pages}"))
        engine.dispose()
        with pytest.raises(NoSpaceError):
            for number in range(500):
                workspace.ledger.take(Drop("dk.yaml", "", f"{number:064x}", 1, str(number)), name_key="dk.yaml")


@pytest.mark.parametrize("tampering", ["state='cancelled'", "number='99-ĐK'"])
def test_a_job_that_was_changed_behind_the_ledger_is_found(filed: Path, tampering: str) -> None:
    with sqlite3.connect(ledger_file(filed)) as connection:
        connection.execute(f"UPDATE jobs SET {tampering} WHERE number<>''")  # noqa: S608 - a test's own words
    connection.close()
    with opened(filed) as workspace:
        found = audit(workspace.ledger, workspace.spool, workspace.folders.archive, workspace.folders.outbox)
    assert "ledger.changed" in {one.code for one in found}
