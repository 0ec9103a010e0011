"""The last of the dirty inputs of noi-dung §10: a register with a gap, a scan of too few pages, a late correction."""

import io
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import text

from pipeline.app import numbering
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.audit import audit
from pipeline.model import Severity, State
from scripts.pretend_signature import scan
from tests.folders import UNITS, drop, opened, pledge, registration, working_folder
from tests.reading import writers
from tests.reading.conftest import context_of_2022, example
from tests.reading.office import needs_office
from tests.said import vi
from tests.word_words import words_of

NOW = Rhythm(1, 0)


def as_yaml(kind: str, name: str) -> bytes:
    form = context_of_2022().form(kind)
    assert form is not None
    return writers.as_yaml(form, example(kind, name))


def words(path: Path) -> str:
    return words_of(path)


def test_a_register_that_has_lost_a_number_is_told(tmp_path: Path) -> None:
    """A01, A03: the register itself leaves no gap, so here somebody has taken the third letter out of the store."""
    folder = working_folder(tmp_path / "office")
    with opened(folder) as workspace:
        for number, name in enumerate(("gui-du-thao", "don-doc-dang-ky", "dinh-chinh", "don-doc-bao-cao")):
            drop(folder, f"cv{number}.yaml", as_yaml("cong-van", f"pass-{name}"))
        letters = serve_once(Worker(workspace), NOW)
        numbers = [
            numbering.next_number(workspace, letter).number for letter in letters if letter.state is State.DELIVERED
        ]
        assert numbers[:3] == ["01-CV/CTĐ4", "02-CV/CTĐ4", "03-CV/CTĐ4"]

        def broken() -> list[tuple[str, Severity]]:
            found = audit(workspace.ledger, workspace.spool, workspace.folders.archive, workspace.folders.outbox)
            return [(one.code, one.severity) for one in found if one.code.startswith("chain.") and "CV" in one.found]

        assert broken() == []
        with workspace.ledger.engine.begin() as connection:
            triggers = connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('register', 'log')")
            ).scalars()
            for trigger in list(triggers):
                connection.execute(text(f"DROP TRIGGER {trigger}"))
            connection.execute(text("DELETE FROM log WHERE entry_id IN (SELECT id FROM register WHERE no = 3)"))
            connection.execute(text("DELETE FROM register WHERE no = 3"))
        assert broken() == [("chain.missing", Severity.BLOCK)]


@pytest.mark.slow
@needs_office
def test_a_scan_of_one_page_of_a_longer_plan_waits_for_the_others(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office", pdf="on")
    with opened(folder) as workspace:
        for kind, name in (("bien-ban", "pass-trien-khai"), ("ke-hoach", "pass-2022")):
            drop(folder, f"{kind}.yaml", as_yaml(kind, name))
            (job,) = serve_once(Worker(workspace), NOW)
            assert job.state is State.DELIVERED
        (path,) = (folder / "outbox" / "cho-ky").glob("*_KH_*.pdf")
        whole = pypdf.PdfReader(path)
        assert len(whole.pages) == workspace.pages_of(job) > 1
        first, out = pypdf.PdfWriter(), io.BytesIO()
        first.add_page(whole.pages[0])
        first.write(out)
        drop(folder, "scan0001.pdf", scan(out.getvalue()), "da-ky")

        (paper,) = [one for one in serve_once(Worker(workspace), NOW) if one.name == "scan0001.pdf"]

        assert paper.state is State.HELD
        assert "còn thiếu: trang 2" in paper.reason
        (finding,) = [one for one in workspace.findings(paper) if one.severity is Severity.BLOCK]
        assert finding.found == "1"
        assert finding.needed is not None
        assert str(workspace.pages_of(job)) in vi(finding.needed)
        assert workspace.ledger.job(job.id).state is State.DELIVERED


@pytest.mark.slow
def test_a_registration_mended_after_the_pledge_has_its_number_changes_nothing_signed(tmp_path: Path) -> None:
    """X11: the clerk is told which signed document was made of the earlier file."""
    folder = working_folder(tmp_path / "office")
    with opened(folder) as workspace:
        for unit in UNITS:
            drop(folder, "dk.yaml", registration(unit), unit)
        drop(folder, "gu.yaml", pledge())
        moved = serve_once(Worker(workspace), NOW)
        (agreement,) = [job for job in moved if job.kind == "giao-uoc"]
        assert agreement.state is State.DELIVERED
        numbering.next_number(workspace, agreement)

        drop(folder, "dk sua.yaml", registration("CATP", headcount=25), "CATP")
        serve_once(Worker(workspace), NOW)

        assert workspace.ledger.job(agreement.id).state is State.NUMBERED
    (notice,) = (folder / "outbox" / "van-thu").glob("dk sua.thong-bao*.docx")
    assert f"#{agreement.id}" in words(notice)
    assert "Công an TP.HCM" in words(notice)


def test_a_faulty_file_dropped_again_is_told_once_more_what_is_wrong(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with opened(folder) as workspace:
        for name in ("dk.yaml", "dk lan 2.yaml"):
            drop(folder, name, registration("CATP", submit_date="2022-06-31"), "CATP")
            serve_once(Worker(workspace), NOW)
        assert [job.state for job in workspace.ledger.in_states(State)] == [State.RETURNED]
    (note,) = (folder / "outbox" / "CATP").glob("dk lan 2.*.docx")
    assert "đã trả lại" in words(note)
    assert "2022-06-31" in words(note)
