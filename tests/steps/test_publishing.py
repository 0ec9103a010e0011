"""What is published is published in order, whoever carries it out."""

import threading
from pathlib import Path

import pytest

from pipeline.files import Spool
from pipeline.ledger import Drop, Outcome, Publication
from pipeline.ledger.rows import Pending
from pipeline.model import State
from pipeline.steps import publishing
from tests.folders import opened, working_folder


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
