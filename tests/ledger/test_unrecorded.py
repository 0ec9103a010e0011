"""What goes together is recorded together: the same history as step by step, all of it or nothing."""

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import StateConflict
from pipeline.ledger import Drop, Lease, Ledger, Outcome, Publication, Unrecorded
from pipeline.model import Artifact, Identity, Job, Role, State

NOON = dt.datetime(2022, 5, 25, 12, 0, tzinfo=dt.UTC)
MINE = Lease("mine", 60)
READ, KEPT = Artifact(Role.READING, "1" * 64, 3), Artifact(Role.BUNDLE, "2" * 64, 4)
#: As `reads`, `judges`, `gathers`, `renders` and `delivers` give them; the bundle is kept a second time on the way.
STRETCH = (
    Outcome(
        State.READ,
        identity=Identity("dang-ky", "CATP", 2022, "", 1, "VT1"),
        bundle_sha256="2" * 64,
        artifacts=(READ, KEPT),
    ),
    Outcome(
        State.ACCEPTED,
        artifacts=(Artifact(Role.NOTE, "3" * 64, 5, "phiếu"),),
        publications=(Publication("a/b", "3" * 64),),
    ),
    Outcome(
        State.FILLED,
        document_on=dt.date(2022, 5, 27),
        artifacts=(Artifact(Role.DRAFT, "4" * 64, 6), KEPT),
        detail={"profile": "x"},
    ),
    Outcome(State.RENDERED, "không có PDF"),
    Outcome(State.DELIVERED, publications=(Publication("c/d", "4" * 64),)),
)


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    ledger = _opened(ledger_url)
    yield ledger
    ledger.close()


def _opened(url: str) -> Ledger:
    ticks = itertools.count()
    return Ledger.open(url, lambda: NOON + dt.timedelta(seconds=next(ticks)), "test")


def _taken(ledger: Ledger) -> Job:
    return ledger.take(Drop("tệp.xlsx", "CATP", "5" * 64, 10, "dev:1"), name_key="tep").job


def _told(ledger: Ledger) -> tuple[object, ...]:
    job = ledger.job(1)
    what_lies = [(one.path, one.sha256) for one in ledger.pending()]
    return job, ledger.artifacts(1), ledger.newest([1], Role.BUNDLE), ledger.events(), what_lies, ledger.log.head()


def test_steps_recorded_together_leave_the_history_of_steps_recorded_one_by_one(
    ledger: Ledger, tmp_path: Path
) -> None:
    job, alone = _taken(ledger), _opened(f"sqlite:///{tmp_path / 'alone.db'}")
    single = _taken(alone)
    noted = Unrecorded(ledger, job)
    for outcome in STRETCH:
        job, single = noted.advance(job, outcome, MINE), alone.advance(single, outcome, MINE)
        # whoever works on the job sees what its steps have come to, and nobody else does
        assert (job, noted.artifacts(1)) == (single, alone.artifacts(1))
    assert ledger.job(1).state is State.RECEIVED and not ledger.artifacts(1)
    assert noted.newest([1], Role.BUNDLE) == {1: "2" * 64}
    assert noted.record(None) == ledger.job(1)
    assert _told(ledger) == _told(alone)
    alone.close()


def test_of_steps_recorded_together_nothing_counts_when_the_job_was_moved_meanwhile(ledger: Ledger) -> None:
    job = _taken(ledger)
    noted = Unrecorded(ledger, job)
    for outcome in STRETCH[:3]:
        job = noted.advance(job, outcome, MINE)
    ledger.advance(ledger.job(1), Outcome(State.CANCELLED, "không cần nữa"))
    before = _told(ledger)
    with pytest.raises(StateConflict):
        noted.record(None)
    assert _told(ledger) == before
    # what could not be recorded is not tried again
    assert noted.record(None) is None


def test_what_concerns_others_is_recorded_at_once_after_what_was_noted(ledger: Ledger) -> None:
    job = _taken(ledger)
    noted = Unrecorded(ledger, job)
    job = noted.advance(job, STRETCH[0], MINE)
    noted.advance(job, Outcome(State.CANCELLED, "thôi"), None)
    assert [event.to_state for event in ledger.events(1)] == ["received", "read", "cancelled"]
    assert noted.record(None) is None


def test_a_step_to_where_no_step_leads_is_refused_before_anything_is_noted(ledger: Ledger) -> None:
    job = _taken(ledger)
    noted = Unrecorded(ledger, job)
    with pytest.raises(StateConflict):
        noted.advance(job, Outcome(State.DELIVERED), MINE)
    assert noted.record(None) is None
