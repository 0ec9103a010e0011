"""What is asked most costs no more in a long ledger than in a short one."""

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from benchmarks.ledgers import fill
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.ledger import Lease
from pipeline.register.rows import rows_cited
from pipeline.status import refresh
from pipeline.steps import incidents
from pipeline.store.engine import open_engine
from tests.folders import drop, opened, registration, run, working_folder

#: Tables that grow with every paper.
GROWING = ("jobs", "events", "artifacts", "drops", "publications", "attempts", "register", "log", "findable")
#: Gone through as a whole, by an index alone and without reading a row: how many jobs stand in each state.
ALLOWED = "SCAN jobs USING COVERING INDEX ix_jobs_state_unit_kind"
#: How many instructions of SQLite's machine are counted as one.
STEP = 100
#: How many of them a job more may cost: to count an entry of an index takes ten, to read a row and give it a hundred.
MOST_A_JOB = 20
SHORT, LONG = 500, 4_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder in which two forms were worked off."""
    folder = working_folder(tmp_path / "office")
    drop(folder, "dk-CATP.yaml", registration("CATP"), "CATP")
    drop(folder, "dk-KNH.yaml", registration("KNH"), "KNH")
    work(folder)
    return folder


def work(folder: Path) -> None:
    """What `vanthu run` does."""
    with opened(folder) as workspace:
        serve_once(Worker(workspace), Rhythm(1, 0))


def work_one(folder: Path) -> None:
    """One more form comes, and is worked off."""
    drop(folder, "dk-SATRA.yaml", registration("SATRA"), "SATRA")
    work(folder)


def claim(folder: Path) -> None:
    """A job is leased and given back, and what a killed worker had leased is looked for."""
    with opened(folder) as workspace:
        job = workspace.ledger.job(1)
        lease = Lease("somebody", 60)
        assert workspace.ledger.claim(job, lease)
        workspace.ledger.release(lease.owner, job)
        workspace.ledger.release("killed")


def bring_up_board(folder: Path) -> None:
    """Something happens that nobody has seen on the board yet."""
    with opened(folder) as workspace:
        workspace.ledger.remark("test.happened", {})
        assert refresh(workspace) == ()


def asked(*words: str) -> Callable[[Path], None]:
    """What a command asks."""

    def ask(folder: Path) -> None:
        # 16: it is no number of a ledger that has no history
        assert run("-C", str(folder), *words) in {0, 3, 16}

    return ask


def cite(folder: Path) -> None:
    """What a form that cites a paper of ours asks of the register."""
    with opened(folder) as workspace:
        rows_cited(workspace.ledger, {7})


DOORS: dict[str, Callable[[Path], None]] = {
    "status": asked("status", "--json"),
    "why": asked("why", "dk-CATP.yaml", "--json"),
    "show": asked("show", "1", "--json"),
    "run": work,
    "run with one form": work_one,
    "find": asked("find", "thi", "dua", "--json"),
    "why, by a number": asked("why", "DEN/2022/7", "--json"),
    "register show": asked("register", "show", "DEN/2022/7", "--json"),
    "register list": asked("register", "list"),
    "register list, one series": asked("register", "list", "--series", "DK/2003", "--json"),
    "incidents list": asked("incidents", "list", "--json"),
    "a citation": cite,
    "claim": claim,
    "board": bring_up_board,
}
#: What lists one series lists all of it.
LISTING = "register list, one series"


@contextlib.contextmanager
def plans() -> Iterator[list[tuple[str, str]]]:
    """How SQLite goes about every statement of the block: (its plan, the statement)."""
    found: list[tuple[str, str]] = []

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if not many and statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            with contextlib.closing(connection.connection.cursor()) as own:
                rows = own.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            found.extend((row[3], statement) for row in rows)

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", explain)


@pytest.mark.sweep
@pytest.mark.parametrize("door", list(DOORS))
def test_no_table_that_grows_is_gone_through(folder: Path, door: str) -> None:
    with plans() as found:
        DOORS[door](folder)
    assert found
    # an alias is the table's name with a number behind it
    scans = [one for one in found if one[0].startswith("SCAN") and one[0].split()[1].rstrip("_0123456789") in GROWING]
    assert [one for one in scans if one[0] != ALLOWED and not is_of_the_newest(*one)] == []


def is_of_the_newest(plan: str, statement: str) -> bool:
    """Whether a table is gone through from its end, and only as far as is asked for."""
    table = plan.removeprefix("SCAN ")
    return f"ORDER BY {table}.id DESC" in statement and "LIMIT" in statement


def test_remarks_are_found_by_what_they_say(folder: Path) -> None:
    with opened(folder) as workspace, plans() as found:
        # not by "concerns no job" alone: mails and incidents of many years do that
        number = workspace.ledger.remark_once("intake.unfinished", {"key": "x" * 200}, ended_by="intake.gone")
        assert workspace.ledger.remark_once("intake.unfinished", {"key": "x" * 200}, ended_by="intake.gone") == number
        assert workspace.ledger.is_remarked("intake.unfinished", {"key": "x" * 200})
        assert not workspace.ledger.is_remarked("intake.unfinished", {"key": "x" * 201})
        standing = incidents.standing(workspace)
        workspace.ledger.remark_once("intake.gone", {"incident": number})
        assert ([one.number for one in standing], incidents.standing(workspace)) == ([number], [])
    used = [(plan, statement) for plan, statement in found if "events" in plan or "ends" in plan]
    assert used
    assert [one for one in used if "ix_events_remark" not in one[0]] == []


@contextlib.contextmanager
def counted() -> Iterator[list[int]]:
    """How much SQLite's machine did in the block, in steps: it depends on nothing but what was asked."""
    steps = [0]

    def step() -> int:
        steps[0] += 1
        return 0

    def count(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_progress_handler(step, STEP)

    event.listen(Engine, "connect", count)
    try:
        yield steps
    finally:
        event.remove(Engine, "connect", count)


@pytest.mark.slow
@pytest.mark.parametrize("door", [door for door in DOORS if door != LISTING])
def test_no_row_of_the_history_is_read(folder: Path, door: str) -> None:
    did = []
    for jobs in (SHORT, LONG):
        grown = Path(shutil.copytree(folder, folder.with_name(f"{jobs}")))
        engine = open_engine(f"sqlite:///{grown / 'var' / 'vanthu.sqlite'}")
        fill(engine, jobs)
        engine.dispose()
        work(grown)  # the journal and the views are brought up to the history once
        with counted() as steps:
            DOORS[door](grown)
        did.append(steps[0])
    assert (did[1] - did[0]) * STEP <= MOST_A_JOB * (LONG - SHORT)
