"""What is published is published in order, whoever carries it out."""

import threading
from pathlib import Path

import pytest

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.files import CannotWrite, Spool
from pipeline.ledger import Drop, Outcome, Publication
from pipeline.ledger.rows import Pending
from pipeline.model import State
from pipeline.steps import publishing
from tests.folders import drop, opened, registration, working_folder

NOW = Rhythm(1, 0)


def test_a_copy_put_late_never_comes_after_the_taking_away_that_followed_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = working_folder(tmp_path / "office")
    with opened(folder) as workspace:
        content = workspace.spool.put(b"a document")
        job = workspace.ledger.take(Drop("a.xlsx", "", "0" * 64, 1, "x"), name_key="a").job
        workspace.ledger.advance(job, Outcome(State.READ, publications=(Publication("cho-ky/a.docx", content),)))
        putting, go_on = threading.Event(), threading.Event()
        really = publishing.carry_out

        def slow(place: Path, pending: Pending, spool: Spool) -> None:
            if pending.sha256 and not putting.is_set():
                putting.set()
                assert go_on.wait(10)
            really(place, pending, spool)

        monkeypatch.setattr(publishing, "carry_out", slow)
        first = threading.Thread(target=publishing.publish, args=(workspace,))
        first.start()
        assert putting.wait(10)
        read = workspace.ledger.job(job.id)
        workspace.ledger.advance(read, Outcome(State.RETURNED, publications=(Publication("cho-ky/a.docx"),)))
        second = threading.Thread(target=publishing.publish, args=(workspace,))
        second.start()
        second.join(1)
        go_on.set()
        first.join(10)
        second.join(10)
        assert workspace.ledger.pending() == []
    assert not (folder / "outbox" / "cho-ky" / "a.docx").exists()


def test_a_recorded_copy_is_put_once_or_twice_with_the_same_effect(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    pending = Pending(1, 1, "CATP/a.docx", spool.put(b"a document"))
    for _ in range(2):
        publishing.carry_out(tmp_path / "outbox", pending, spool)
        assert (tmp_path / "outbox" / "CATP" / "a.docx").read_bytes() == b"a document"


def test_only_our_own_unchanged_copies_are_taken_away(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.put(b"a document")
    taking = Pending(1, 1, "a.docx", "")
    path = tmp_path / "a.docx"
    publishing.carry_out(tmp_path, taking, spool)  # it is gone already
    path.write_bytes(b"a document that somebody wrote in")
    publishing.carry_out(tmp_path, taking, spool)
    assert path.exists()
    path.write_bytes(b"a document")
    publishing.carry_out(tmp_path, taking, spool)
    assert not path.exists()
    path.mkdir()
    publishing.carry_out(tmp_path, taking, spool)
    assert path.is_dir()


def test_what_was_carried_out_is_not_pending_any_more(tmp_path: Path) -> None:
    with opened(working_folder(tmp_path / "office")) as workspace:
        job = workspace.ledger.take(Drop("a.xlsx", "", "0" * 64, 1, "x"), name_key="a").job
        content = workspace.spool.put(b"a document")
        publications = (Publication("van-thu/a.docx", content), Publication("van-thu/b.docx", content))
        job = workspace.ledger.advance(job, Outcome(State.READ, publications=publications))
        publishing.publish(workspace)
        assert workspace.ledger.pending() == []
        assert {path.name for path in (workspace.folders.outbox / "van-thu").iterdir()} == {"a.docx", "b.docx"}
        workspace.ledger.advance(job, Outcome(State.RETURNED, publications=(Publication("van-thu/a.docx"),)))
        publishing.publish(workspace)
        assert {path.name for path in (workspace.folders.outbox / "van-thu").iterdir()} == {"b.docx"}
        assert (workspace.folders.var / "publishing.lock").exists()


def test_one_unit_who_cannot_be_answered_keeps_no_other_waiting_and_is_answered_once_it_can_be(
    tmp_path: Path,
) -> None:
    folder = working_folder(tmp_path / "office")
    with opened(folder) as workspace:
        worker = Worker(workspace)
        blocked = folder / "outbox" / "CATP"
        blocked.write_text("a file where the unit's folder is to be", encoding="utf-8")
        drop(folder, "a.yaml", registration("CATP", headcount=-3), "CATP")
        (folder / "inbox" / "CATP" / "link.yaml").symlink_to(folder / "config.yaml")  # nothing that is taken
        drop(folder, "MẬT.yaml", "Độ mật: MẬT", "CATP")
        drop(folder, "b.yaml", registration("KNH"), "KNH")
        for _ in range(2):
            with pytest.raises(CannotWrite, match="CATP"):
                serve_once(worker, NOW)
        (receipt,) = (folder / "outbox" / "KNH").iterdir()
        assert receipt.name.startswith("b.bien-nhan.")
        assert len(list((folder / "outbox" / "cho-ky").iterdir())) == 1

        blocked.unlink()
        drop(folder, "c.yaml", registration("CATP"), "CATP")
        serve_once(worker, NOW)
        # also now in the order in which it was recorded: the note of the first went when the second was accepted
        assert {path.name for path in blocked.iterdir()} >= {"c.bien-nhan.hs3.docx"}
        assert not list(blocked.glob("a.*"))
        assert workspace.ledger.pending() == []
