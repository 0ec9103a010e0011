"""The register's rows and volumes: which way a paper goes is recorded with its series, not guessed."""

from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.ledger import Columns
from pipeline.model import Direction, Job, Role, State
from pipeline.register.books import line_of
from pipeline.register.rows import Row, rows
from pipeline.workspace import Workspace
from tests.folders import UNITS, drop, opened, pledge, registration, working_folder
from tests.sample_papers import signed_paper

NOW = Rhythm(1, 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return working_folder(tmp_path / "office")


def delivered(workspace: Workspace, folder: Path, unit: str) -> Job:
    drop(folder, "dk.yaml", registration(unit), unit)
    serve_once(Worker(workspace), NOW)
    return workspace.ledger.in_states([State.DELIVERED])[-1]


def signed(workspace: Workspace, folder: Path, job: Job) -> Row:
    """Bring the signed paper of a job back; gives its row in the register."""
    drop(folder, f"scan-{job.id}.pdf", signed_paper(job.code))
    serve_once(Worker(workspace), NOW)
    assert workspace.ledger.job(job.id).state is State.ARCHIVED
    (row,) = [row for row in rows(workspace.ledger) if row.job_id == job.id]
    return row


def test_a_registration_comes_in_and_a_pledge_goes_out(folder: Path) -> None:
    with opened(folder) as workspace:
        for unit in UNITS:
            delivered(workspace, folder, unit)
        incoming = signed(workspace, folder, workspace.ledger.in_states([State.DELIVERED])[0])
        drop(folder, "gu.yaml", pledge())
        serve_once(Worker(workspace), NOW)
        outgoing = signed(workspace, folder, workspace.ledger.in_states([State.DELIVERED])[-1])
        assert (incoming.direction, incoming.columns.author) == (
            Direction.INCOMING,
            "Tổng công ty Điện lực TP.HCM",
        )
        assert (outgoing.direction, outgoing.columns.author) == (Direction.OUTGOING, "")
        assert outgoing.columns.signer.count(", ") == 9
        assert [fact.text for fact in line_of(incoming, "vi").facts][1:4] == ["1", incoming.columns.author, ""]
        assert line_of(outgoing, "vi").facts[0].text == outgoing.number


def test_a_paper_goes_its_way_whatever_its_author_column_says(folder: Path) -> None:
    with opened(folder) as workspace:
        row = signed(workspace, folder, delivered(workspace, folder, "CATP"))
        with workspace.ledger.engine.begin() as connection:
            connection.execute(text("UPDATE series SET direction = 'outgoing'"))
        (turned,) = rows(workspace.ledger)
        assert (row.direction, turned.direction) == (Direction.INCOMING, Direction.OUTGOING)
        assert turned.columns.author


def test_a_document_made_before_descriptions_were_recorded_is_registered_as_any_other(folder: Path) -> None:
    with opened(folder) as workspace:
        now = signed(workspace, folder, delivered(workspace, folder, "CATP"))
        before = delivered(workspace, folder, "KNH")
        with workspace.ledger.engine.begin() as connection:
            connection.execute(
                text("DELETE FROM artifacts WHERE role = :role AND job_id = :job"),
                {"role": Role.DESCRIPTION.value, "job": before.id},
            )
        then = signed(workspace, folder, before)

        def shape(columns: Columns) -> tuple[object, ...]:
            return (columns.document_on, columns.title, columns.kept_by, columns.copies, columns.direction)

        assert shape(then.columns) == shape(now.columns)
        assert (then.columns.author, then.columns.signer) != (now.columns.author, now.columns.signer)
