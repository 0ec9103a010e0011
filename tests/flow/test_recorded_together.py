"""A form's way from the inbox to the document: recorded together, and what it costs in statements and syncs."""

import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import State
from pipeline.steps import making
from tests.folders import drop, opened, registration, working_folder

NOW = Rhythm(1, 0)


def test_what_was_done_before_a_trouble_is_on_record_and_the_trouble_is_told_of_its_own_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = working_folder(tmp_path)
    drop(folder, "dk.yaml", registration("CATP"), "CATP")

    def broken(_prepared: object) -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr(making, "make", broken)
    with opened(folder) as workspace:
        (job,) = serve_once(Worker(workspace, 1), NOW)
        states = [one.to_state for one in workspace.ledger.events(job.id)]
        assert (job.state, states) == (State.HELD, ["received", "read", "accepted", "held"])
        assert "ZeroDivisionError" in str(workspace.ledger.events(job.id)[-1].detail)
        # the receipt that was recorded with the acceptance is there
        (receipt,) = workspace.ledger.standing(job.id)
        assert (folder / "outbox" / receipt).is_file()


def test_a_form_costs_few_statements_transactions_and_syncs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = working_folder(tmp_path)
    counts = dict.fromkeys(("statements", "begun", "syncs"), 0)
    sync = os.fsync

    def said(*args: Any) -> None:
        counts["begun" if str(args[2]).startswith("BEGIN") else "statements"] += 1

    def synced(fd: int) -> None:
        counts["syncs"] += 1
        sync(fd)

    with opened(folder) as workspace:
        units = ("CATP", "KNH", "SATRA", "EVNHCMC")
        drop(folder, "dk.yaml", registration(units[0]), units[0])
        serve_once(Worker(workspace, 1), NOW)
        for unit in units[1:]:
            drop(folder, "dk.yaml", registration(unit), unit)
        event.listen(Engine, "before_cursor_execute", said)
        monkeypatch.setattr(os, "fsync", synced)
        try:
            assert {job.state for job in serve_once(Worker(workspace, 1), NOW)} == {State.DELIVERED}
        finally:
            event.remove(Engine, "before_cursor_execute", said)
    each = {name: count / 3 for name, count in counts.items()}
    # measured: 209, 73 and 30 at first, now 36, 24 and 28; what only a round costs is shared here by three, and on a
    # slow machine one of them may be taken by itself
    assert (each["statements"] <= 39, each["begun"] <= 26, each["syncs"] <= 29) == (True, True, True), each
