"""What the ledger answers, row by row, and what each act leaves in it; in memory, with a clock that a test sets."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.errors import NotAllowedNow, StateConflict, UnknownThing
from pipeline.ledger import Change, Columns, Drop, Lease, Ledger, NewJob, NumberWish, Outcome, Publication
from pipeline.ledger.chain import GENESIS, link
from pipeline.ledger.ledger import LedgerLost
from pipeline.ledger.proof import EVENTS, Break, ChainCheck, Link
from pipeline.ledger.rows import Entry, Event, SeriesHead
from pipeline.model import Artifact, Direction, Identity, Job, Role, State, TextTemplate

NOON = dt.datetime(2022, 5, 25, 12, 0, tzinfo=dt.UTC)
PLAN = Identity("ke-hoach", "", 2022, "", 1, "VT1")
FORM = Identity("dang-ky", "CATP", 2022, "", 1, "VT2")
WISH = NumberWish("KH/2020", Direction.OUTGOING, TextTemplate.parse("{number}-KH"), 2, Columns("Kế hoạch", copies=1))
TO_DELIVERED = (State.READ, State.ACCEPTED, State.FILLED, State.RENDERED, State.DELIVERED)


class Desk:
    """A ledger in memory and the hour on its wall."""

    def __init__(self) -> None:
        self.now = NOON
        self.ledger = Ledger.open("sqlite://", lambda: self.now, "an")

    def drop(self, number: int, folder: str = "", name: str = "") -> Drop:
        return Drop(name or f"{number}.xlsx", folder, f"{number:064x}", 10 + number, f"file {number} {folder} {name}")

    def job(self, number: int, *road: State, **about: object) -> Job:
        """Open a job and take it along a road; `about` is what the first step records."""
        job = self.ledger.take(self.drop(number), name_key=f"{number}").job
        for count, state in enumerate(road):
            job = self.ledger.advance(job, Outcome(state, **about if count == 0 else {}))  # type: ignore[arg-type]
        return job

    def later(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.ledger.close()


# Jobs --------------------------------------------------------------------------------------------------------------


def test_a_job_is_read_as_it_was_written(desk: Desk) -> None:
    came = desk.ledger.take(Drop("a.xlsx", "CATP", "1" * 64, 7, "x"), name_key="a")
    assert (came.is_repeat, came.is_same_file) == (False, False)
    taken = came.job
    assert taken == Job(
        *(1, State.RECEIVED, 0, "", "", 0, "", 1, "", "a.xlsx", "CATP", "1" * 64, "", NOON, NOON),
        document_on=None,
        number="",
        reason="",
    )
    desk.later(hours=1)
    day = dt.date(2022, 5, 27)
    read = desk.ledger.advance(
        taken, Outcome(State.READ, "vì thế", Identity("k", "u", 2022, "v", 2, "c"), day, "2" * 64)
    )
    assert read == dataclasses.replace(
        taken,
        state=State.READ,
        sequence=1,
        kind="k",
        unit="u",
        year=2022,
        variant="v",
        revision=2,
        code="c",
        bundle_sha256="2" * 64,
        changed_at=desk.now,
        document_on=day,
        reason="vì thế",
    )
    later = desk.ledger.advance(read, Outcome(State.ACCEPTED))
    assert later == dataclasses.replace(read, state=State.ACCEPTED, sequence=2, reason="")
    assert desk.ledger.job(1) == later
    with pytest.raises(UnknownThing, match="2"):
        desk.ledger.job(2)


def test_jobs_are_found_by_state_kind_year_and_matter_oldest_first(desk: Desk) -> None:
    plan = desk.job(1, State.READ, identity=PLAN)
    form = desk.job(2, State.READ, State.ACCEPTED, identity=FORM)
    again = desk.job(3, State.READ, State.RETURNED, identity=dataclasses.replace(FORM, revision=2, code="VT3"))
    old = desk.job(4, State.READ, identity=dataclasses.replace(FORM, year=2021, code="VT4"))
    other = desk.job(5, State.READ, identity=dataclasses.replace(FORM, variant="x", code="VT5"))
    unit = desk.job(6, State.READ, identity=dataclasses.replace(FORM, unit="KNH", code="VT6"))
    ledger = desk.ledger
    assert ledger.in_states([State.READ]) == [plan, old, other, unit]
    assert ledger.in_states([State.ACCEPTED, State.RETURNED]) == [form, again]
    assert ledger.in_states([]) == []
    assert ledger.about(FORM) == [form, again]
    assert ledger.of_year(2022) == [plan, form, again, other, unit]
    assert ledger.of_kind("dang-ky", 2022, [State.READ]) == [other, unit]
    assert ledger.of_kind("dang-ky", 2021, [State.READ]) == [old]
    assert ledger.of_kind("ke-hoach", 2022, [State.ACCEPTED]) == []
    assert ledger.counts() == {State.READ: 4, State.ACCEPTED: 1, State.RETURNED: 1}
    assert (ledger.by_code("VT3"), ledger.by_code("VT9")) == (again, None)


def test_the_newest_of_two_papers_with_one_code_is_found(desk: Desk) -> None:
    first = desk.job(1, *TO_DELIVERED, State.SIGNED, identity=PLAN)
    second = desk.job(2, *TO_DELIVERED, State.SIGNED, identity=dataclasses.replace(PLAN, year=2023))
    desk.ledger.advance(first, Outcome(State.REGISTERED, number=WISH))
    second = desk.ledger.advance(
        second, Outcome(State.REGISTERED, number=dataclasses.replace(WISH, series="KH/2023"))
    )
    assert second.number == "01-KH"
    assert desk.ledger.by_code("VT1") == second


def test_an_empty_ledger_answers_with_nothing(desk: Desk) -> None:
    ledger = desk.ledger
    assert (ledger.counts(), ledger.events(), ledger.last_event_at(), ledger.events_head()) == ({}, [], None, (0, ""))
    assert (ledger.series(), ledger.entries(), ledger.pending(), ledger.standing()) == ([], [], [], {})
    assert (ledger.recorded_hashes(), ledger.artifact(1, Role.READING), ledger.number_entry(1)) == (set(), None, None)


# Drops -------------------------------------------------------------------------------------------------------------


def test_a_drop_is_remembered_with_its_name_folder_bytes_and_hour(desk: Desk) -> None:
    desk.ledger.take(Drop("Đơn.xlsx", "CATP", "1" * 64, 7, "x"), name_key="don.xlsx")
    desk.later(minutes=1)
    desk.ledger.take(Drop("Đơn 2.xlsx", "CATP", "1" * 64, 7, "y"), name_key="don 2.xlsx")
    desk.ledger.take(Drop("Đơn.xlsx", "KNH", "2" * 64, 7, "z"), name_key="don.xlsx")
    newest, oldest = desk.ledger.seen(sha256="1" * 64)
    assert (newest.job_id, newest.name, newest.folder, newest.sha256, newest.received_at, newest.is_repeat) == (
        *(1, "Đơn 2.xlsx", "CATP", "1" * 64),
        NOON + dt.timedelta(minutes=1),
        True,
    )
    assert (oldest.name, oldest.received_at, oldest.is_repeat) == ("Đơn.xlsx", NOON, False)
    assert [one.job_id for one in desk.ledger.seen("don.xlsx")] == [2, 1]
    assert [one.job_id for one in desk.ledger.seen("don.xlsx", "1" * 64)] == [1, 1], "bytes go before the name"


def test_the_same_bytes_are_a_repeat_wherever_the_first_lay_without_a_unit(desk: Desk) -> None:
    first = desk.ledger.take(desk.drop(1), name_key="a").job
    from_unit = desk.ledger.take(desk.drop(1, "CATP"), name_key="a")
    assert (from_unit.job, from_unit.is_repeat, from_unit.is_same_file) == (first, True, False)
    other = desk.ledger.take(desk.drop(2, "CATP"), name_key="b").job
    assert desk.ledger.repeat_of(desk.drop(2)) == other, "from the inbox itself it may be anybody's"
    assert desk.ledger.repeat_of(desk.drop(2, "KNH")) is None
    assert desk.ledger.repeat_of(desk.drop(3)) is None


def test_a_cancelled_file_may_be_dropped_anew(desk: Desk) -> None:
    job = desk.job(1, State.CANCELLED)
    again = desk.ledger.take(desk.drop(1, name="b"), name_key="1")
    assert (again.is_repeat, again.job.id) == (False, job.id + 1)
    assert desk.ledger.repeat_of(desk.drop(1)) == again.job, "the newest of both"


def test_the_answer_to_a_repeat_is_published_once_and_recorded(desk: Desk) -> None:
    answer = (Publication("van-thu/da-nhan.html", "f" * 64),)
    first = desk.ledger.take(desk.drop(1), name_key="1", publications=answer)
    assert (first.is_repeat, desk.ledger.pending()) == (False, [])
    desk.later(minutes=5)
    desk.ledger.take(desk.drop(1, name="b"), name_key="b", publications=answer)
    assert [(one.job_id, one.path, one.sha256) for one in desk.ledger.pending()] == [
        (first.job.id, "van-thu/da-nhan.html", "f" * 64)
    ]
    taken, repeat = desk.ledger.events()
    assert (taken.action, taken.from_state, taken.to_state, taken.at, taken.who) == (
        *("intake.take", "", "received"),
        NOON,
        "an",
    )
    assert taken.detail == {"name": "1.xlsx", "folder": "", "sha256": f"{1:064x}"}
    assert (repeat.action, repeat.job_id, repeat.at, repeat.detail) == (
        "intake.repeat",
        first.job.id,
        desk.now,
        {"name": "b"},
    )
    assert desk.ledger.take(desk.drop(1, name="b"), name_key="b", publications=answer).is_same_file
    assert (len(desk.ledger.events()), len(desk.ledger.pending())) == (2, 1)


# What belongs to a job ---------------------------------------------------------------------------------------------


def artifact(role: Role, letter: str, name: str = "") -> Artifact:
    return Artifact(role, letter * 64, 5, name)


def test_artifacts_are_read_in_order_and_the_newest_of_a_role_counts(desk: Desk) -> None:
    read, draft = artifact(Role.READING, "a", "x"), artifact(Role.DRAFT, "b")
    job = desk.job(1, State.READ, artifacts=(read, draft))
    other = desk.job(2, State.READ, artifacts=(artifact(Role.READING, "a"),))
    newer = artifact(Role.READING, "c")
    desk.ledger.advance(job, Outcome(State.ACCEPTED, artifacts=(newer,)))
    ledger = desk.ledger
    assert ledger.artifacts(job.id) == [read, draft, newer]
    assert (ledger.artifact(job.id, Role.READING), ledger.artifact(job.id, Role.DRAFT)) == (newer, draft)
    assert ledger.artifact(job.id, Role.NOTE) is None
    assert ledger.newest([job.id, other.id, 9], Role.READING) == {job.id: "c" * 64, other.id: "a" * 64}
    assert ledger.newest([job.id, other.id], Role.DRAFT) == {job.id: "b" * 64}
    assert ledger.newest([], Role.READING) == {}


def test_the_spool_must_hold_submissions_artifacts_and_publications(desk: Desk) -> None:
    desk.job(
        1,
        State.READ,
        artifacts=(artifact(Role.READING, "a"),),
        publications=(Publication("x", "b" * 64), Publication("y")),
    )
    assert desk.ledger.recorded_hashes() == {f"{1:064x}", "a" * 64, "b" * 64}


def test_what_lies_in_the_outbox_is_what_was_carried_out_last(desk: Desk) -> None:
    ledger = desk.ledger
    job = desk.job(1, State.READ, publications=(Publication("a", "1" * 64), Publication("b", "2" * 64)))
    other = desk.job(2, State.READ, publications=(Publication("c", "3" * 64),))
    assert ledger.standing() == {}
    everything = {"a": "1" * 64, "b": "2" * 64, "c": "3" * 64}
    assert ledger.standing(is_pending_counted=True) == everything
    first, second, third = ledger.pending()
    assert [(one.job_id, one.path, one.sha256) for one in (first, second, third)] == [
        (job.id, "a", "1" * 64),
        (job.id, "b", "2" * 64),
        (other.id, "c", "3" * 64),
    ]
    ledger.done([second])
    assert (ledger.pending(), ledger.standing()) == ([first, third], {"b": "2" * 64})
    ledger.done([first])
    ledger.done([third])
    assert (ledger.standing(), ledger.standing(job.id)) == (everything, {"a": "1" * 64, "b": "2" * 64})
    ledger.advance(job, Outcome(State.ACCEPTED, publications=(Publication("a"), Publication("b", "4" * 64))))
    assert ledger.standing() == everything
    assert ledger.standing(job.id, is_pending_counted=True) == {"b": "4" * 64}
    for one in ledger.pending():
        ledger.done([one])
    assert ledger.standing() == {"c": "3" * 64, "b": "4" * 64}
    assert list(ledger.standing()) == ["c", "b"], "in the order of the last acts"


def test_troubles_are_counted_until_the_job_moves(desk: Desk) -> None:
    job, other = desk.job(1), desk.job(2)
    assert [desk.ledger.attempt(job, what) for what in ("hết chỗ", "mất mạng")] == [1, 2]
    assert desk.ledger.attempt(other, "x") == 1
    moved = desk.ledger.advance(job, Outcome(State.READ))
    desk.later(minutes=1)
    assert desk.ledger.attempt(moved, "y") == 1
    assert [(one.job_id, one.sequence, one.at, one.who, one.what) for one in desk.ledger.attempts(job.id)] == [
        (1, 0, NOON, "an", "hết chỗ"),
        (1, 0, NOON, "an", "mất mạng"),
        (1, 1, desk.now, "an", "y"),
    ]


# History -----------------------------------------------------------------------------------------------------------


def test_a_step_is_an_event_with_states_reason_and_detail(desk: Desk) -> None:
    job = desk.job(1)
    desk.later(seconds=9)
    desk.ledger.advance(job, Outcome(State.HELD, "hỏng", detail={"pages": 3}))
    event = desk.ledger.events()[-1]
    assert (event.id, event.job_id, event.at, event.who, event.action) == (2, 1, desk.now, "an", "job.held")
    assert (event.from_state, event.to_state, event.why, event.detail) == ("received", "held", "hỏng", {"pages": 3})
    assert desk.ledger.events()[0].previous_hash == "0" * 64, "written down: it is under every chain there is"
    assert event.previous_hash == desk.ledger.events()[0].hash
    assert desk.ledger.events()[0].previous_hash == GENESIS
    assert event.hash == link(event.previous_hash, event.covered)
    assert desk.ledger.events_head() == (2, event.hash)
    assert desk.ledger.last_event_at() == desk.now


def test_the_history_of_one_job_holds_no_other_s(desk: Desk) -> None:
    desk.job(1, State.READ)
    desk.job(2, State.READ, State.ACCEPTED)
    assert [event.to_state for event in desk.ledger.events(1)] == ["received", "read"]
    assert [event.to_state for event in desk.ledger.events(2)] == ["received", "read", "accepted"]
    assert len(desk.ledger.events()) == 5
    assert desk.ledger.once(State.READ, [1, 2, 3]) == {1, 2}
    assert desk.ledger.once(State.ACCEPTED, [1, 2]) == {2}
    assert desk.ledger.once(State.HELD, [1, 2]) == frozenset()
    assert [event.job_id for event in desk.ledger.acted("job.read")] == [1, 2]
    assert desk.ledger.acted("job.signed") == []


def test_notes_and_remarks_are_recorded_and_move_nothing(desk: Desk) -> None:
    job = desk.job(1)
    desk.ledger.note(job, "warning.accept", "đã xem", [{"rule": "A"}, {"rule": "B"}])
    number = desk.ledger.remark("disk.full", {"free": 3}, "đầy")
    assert number == 4
    assert desk.ledger.remark("disk.free", {}) == 5
    noted = desk.ledger.acted("warning.accept")
    assert [(one.job_id, one.why, one.detail, one.to_state) for one in noted] == [
        (1, "đã xem", {"rule": "A"}, ""),
        (1, "đã xem", {"rule": "B"}, ""),
    ]
    (remark,) = desk.ledger.remarks(["disk.full"])
    assert (remark.id, remark.job_id, remark.why, remark.detail) == (4, 0, "đầy", {"free": 3})
    assert [one.id for one in desk.ledger.remarks(["disk.free", "disk.full", "warning.accept"])] == [4, 5]
    assert desk.ledger.job(1) == job
    assert event_breaks(desk.ledger.events(), *desk.ledger.events_head()) == []


def test_an_incident_is_recorded_once_until_it_is_ended(desk: Desk) -> None:
    ledger = desk.ledger
    first = ledger.remark_once("disk.full", {"path": "a"}, ended_by="disk.ended")
    assert ledger.remark_once("disk.full", {"path": "a"}, ended_by="disk.ended") == first
    other = ledger.remark_once("disk.full", {"path": "b"}, ended_by="disk.ended")
    assert other == first + 1
    ledger.remark("disk.ended", {"incident": first})
    again = ledger.remark_once("disk.full", {"path": "a"}, ended_by="disk.ended")
    assert again > other
    assert ledger.remark_once("disk.full", {"path": "a"}, ended_by="disk.ended") == again
    assert ledger.remark_once("disk.full", {"path": "b"}, ended_by="disk.ended") == other


# Moves -------------------------------------------------------------------------------------------------------------


def test_other_jobs_move_with_a_job_first_and_in_one_piece(desk: Desk) -> None:
    old, new = desk.job(1, State.READ, State.ACCEPTED, identity=FORM), desk.job(2, State.READ)
    giving_way = Change(old, Outcome(State.SUPERSEDED, "job 2"))
    accepted = desk.ledger.advance(
        new, Outcome(State.ACCEPTED, identity=dataclasses.replace(FORM, revision=2), also=(giving_way,))
    )
    assert (accepted.state, desk.ledger.job(1).state, desk.ledger.job(1).reason) == (
        State.ACCEPTED,
        State.SUPERSEDED,
        "job 2",
    )
    assert [event.to_state for event in desk.ledger.events()[-2:]] == ["superseded", "accepted"]


def test_two_accepted_jobs_about_one_matter_cannot_be(desk: Desk) -> None:
    desk.job(1, State.READ, State.ACCEPTED, identity=FORM)
    second = desk.job(2, State.READ, identity=dataclasses.replace(FORM, revision=2))
    with pytest.raises(StateConflict, match="same matter as job 2"):
        desk.ledger.advance(second, Outcome(State.ACCEPTED))
    assert desk.ledger.job(2) == second


def test_a_job_that_was_moved_meanwhile_is_refused_with_its_number(desk: Desk) -> None:
    job = desk.job(1)
    desk.ledger.advance(job, Outcome(State.READ))
    with pytest.raises(StateConflict, match="Job 1 cannot go from received to filled"):
        desk.ledger.advance(job, Outcome(State.FILLED))
    with pytest.raises(StateConflict, match="Job 1 was moved by somebody else"):
        desk.ledger.advance(job, Outcome(State.HELD))


def test_a_revision_is_a_new_job_of_the_same_submission(desk: Desk) -> None:
    job = desk.job(1, State.READ, State.ACCEPTED, identity=FORM, document_on=dt.date(2022, 5, 20))
    desk.later(hours=2)
    kept = artifact(Role.READING, "a")
    new = NewJob(State.ACCEPTED, job, dataclasses.replace(FORM, revision=2, code="VT9"), "b" * 64, (kept,))
    desk.ledger.advance(job, Outcome(State.SUPERSEDED, "làm lại", opens=(new,)))
    revised = desk.ledger.job(2)
    assert revised == Job(
        *(2, State.ACCEPTED, 0, "dang-ky", "CATP", 2022, "", 2, "VT9", job.name, "", job.submission_sha256),
        *("b" * 64, NOON, desk.now, dt.date(2022, 5, 20)),
    )
    assert desk.ledger.artifacts(2) == [kept]
    event = desk.ledger.events(2)[0]
    assert (event.action, event.to_state, event.why, event.detail) == (
        "job.revise",
        "accepted",
        "làm lại",
        {"of_job": 1, "revision": 2},
    )


def test_a_lease_lasts_its_seconds_from_the_claim_and_from_each_step(desk: Desk) -> None:
    mine, other = Lease("mine", 60), Lease("other", 60)
    job = desk.job(1)
    assert desk.ledger.claim(job, mine)
    desk.later(seconds=60)
    assert not desk.ledger.claim(job, other), "to its last second"
    assert desk.ledger.claim(job, mine), "and one may claim again what is one's own"
    read = desk.ledger.advance(job, Outcome(State.READ), mine)
    desk.later(seconds=60)
    assert not desk.ledger.claim(read, other)
    desk.later(seconds=1)
    assert desk.ledger.claim(read, other)
    assert not desk.ledger.claim(job, mine), "as it was read it is no longer"


def test_a_clock_set_back_by_less_than_two_leases_takes_no_job_from_its_worker(desk: Desk) -> None:
    job = desk.job(1)
    desk.ledger.claim(job, Lease("mine", 60))
    desk.later(seconds=-60)
    assert not desk.ledger.claim(job, Lease("other", 60))
    desk.later(seconds=-1)
    assert desk.ledger.claim(job, Lease("other", 60))


# Numbers -----------------------------------------------------------------------------------------------------------


def registered(desk: Desk, number: int, wish: NumberWish = WISH) -> Job:
    identity = dataclasses.replace(PLAN, variant=str(number))
    signed = desk.job(number, *TO_DELIVERED, State.SIGNED, identity=identity)
    return desk.ledger.advance(signed, Outcome(State.REGISTERED, "vào sổ", number=wish))


def test_a_number_is_entered_with_its_columns_and_the_event_names_it(desk: Desk) -> None:
    desk.later(hours=3)
    job = registered(desk, 1)
    (entry,) = desk.ledger.entries()
    assert desk.ledger.number_entry(job.id) == entry
    assert (entry.series, entry.direction, entry.entry, entry.no, entry.act) == (
        "KH/2020",
        Direction.OUTGOING,
        1,
        1,
        "number",
    )
    assert (entry.job_id, entry.at, entry.who, entry.why) == (job.id, desk.now, "an", "vào sổ")
    assert entry.columns == Columns("Kế hoạch", copies=1, number="01-KH", direction=Direction.OUTGOING)
    assert (entry.previous_hash, entry.hash) == (GENESIS, link(GENESIS, entry.covered))
    assert desk.ledger.events(job.id)[-1].detail == {"number": "01-KH"}
    assert desk.ledger.series() == [SeriesHead("KH/2020", 1, 1, entry.hash)]
    told = entry.as_json()
    assert (told["previous_hash"], told["hash"], told["no"]) == (GENESIS, entry.hash, 1)
    assert told["facts"] == entry.columns.as_json() | {"direction": "outgoing"}


def test_a_number_booked_before_the_signature_stays_the_number(desk: Desk) -> None:
    numbered = desk.ledger.advance(desk.job(1, *TO_DELIVERED), Outcome(State.NUMBERED, number=WISH))
    signed = desk.ledger.advance(numbered, Outcome(State.SIGNED))
    entered = desk.ledger.advance(signed, Outcome(State.REGISTERED, number=WISH))
    assert (numbered.number, entered.number, len(desk.ledger.entries())) == ("01-KH", "01-KH", 1)


def test_filing_says_which_bytes_a_number_stands_for(desk: Desk) -> None:
    job = registered(desk, 1)
    desk.ledger.advance(job, Outcome(State.ARCHIVED, files_number=True, detail={"sha256": "f" * 64}))
    given, filed = desk.ledger.entries()
    assert (filed.act, filed.no, filed.entry, filed.why, filed.job_id) == ("file", 1, 2, "", job.id)
    assert filed.recorded == '{"sha256":"' + "f" * 64 + '"}'
    assert filed.previous_hash == given.hash
    bare = desk.job(2, *TO_DELIVERED, State.SIGNED, State.REGISTERED)
    with pytest.raises(StateConflict, match="Job 2 is to be filed without a number"):
        desk.ledger.advance(bare, Outcome(State.ARCHIVED, files_number=True))


def test_a_void_number_is_told_with_its_reason_and_the_job_may_get_another(desk: Desk) -> None:
    delivered = desk.job(1, *TO_DELIVERED)
    with pytest.raises(NotAllowedNow, match="Job 1 has no number"):
        desk.ledger.void(delivered, Outcome(State.DELIVERED))
    numbered = desk.ledger.advance(delivered, Outcome(State.NUMBERED, number=WISH))
    void = desk.ledger.void(numbered, Outcome(State.DELIVERED, "viết nhầm"))
    assert (void.number, void.state, desk.ledger.number_entry(1)) == ("", State.DELIVERED, None)
    entry = desk.ledger.entries()[-1]
    assert (entry.act, entry.no, entry.why, entry.recorded) == ("void", 1, "viết nhầm", '{"number":"01-KH"}')
    again = desk.ledger.advance(void, Outcome(State.NUMBERED, number=WISH))
    held = desk.ledger.number_entry(1)
    assert held is not None
    assert (again.number, held.no) == ("02-KH", 2)


def test_each_series_counts_for_itself_and_is_read_by_its_name(desk: Desk) -> None:
    for number, series in enumerate(("B", "A", "B"), start=1):
        registered(desk, number, dataclasses.replace(WISH, series=series))
    assert [(one.series, one.no) for one in desk.ledger.entries()] == [("A", 1), ("B", 1), ("B", 2)]
    assert [(one.series, one.no) for one in desk.ledger.entries("B")] == [("B", 1), ("B", 2)]
    assert desk.ledger.entries("C") == []
    assert [(one.key, one.last_no, one.entries) for one in desk.ledger.series()] == [("A", 1, 1), ("B", 2, 2)]


def test_columns_are_read_back_as_they_were_recorded() -> None:
    columns = Columns(
        title="Kế hoạch",
        document_on=dt.date(2022, 5, 27),
        signer="A",
        recipients="B; C",
        kept_by="D",
        copies=3,
        sent_on=dt.date(2022, 5, 28),
        receipt="E",
        remark="F",
        author="G",
        number="01-KH",
        direction=Direction.INCOMING,
    )
    recorded = (
        '{"title":"Kế hoạch","document_on":"2022-05-27","signer":"A","recipients":"B; C","kept_by":"D",'
        '"copies":3,"sent_on":"2022-05-28","receipt":"E","remark":"F","author":"G","number":"01-KH","direction":"incoming"}'
    )
    assert Columns.of(recorded) == columns
    assert columns.as_json()["document_on"] == "2022-05-27"
    assert Columns().as_json()["document_on"] == ""
    assert Columns.of('{"document_on":"","later":1,"direction":null}') == Columns()


# Proofs ------------------------------------------------------------------------------------------------------------


def event_breaks(events: list[Event], length: int, head: str) -> list[Break]:
    """What is told of a history."""
    check = ChainCheck(EVENTS)
    for one in events:
        check.see(Link(EVENTS, one.id, one.previous_hash, one.hash, link(one.previous_hash, one.covered)))
    broken = check.end(length, head)
    return [broken] if broken else []


def register_breaks(series: SeriesHead, entries: list[Entry]) -> list[Break]:
    """What is told of a series."""
    check = ChainCheck(series.key)
    for one in entries:
        is_turned = one.act == "number" and one.columns.direction not in {None, one.direction}
        computed = link(one.previous_hash, one.covered)
        check.see(Link(one.series, one.entry, one.previous_hash, one.hash, computed, one.act, one.no, is_turned))
    broken = check.end(series.entries, series.head, series.last_no)
    return [broken] if broken else []


def test_a_history_that_was_touched_is_told_at_its_first_break(desk: Desk) -> None:
    desk.job(1, State.READ, State.ACCEPTED)
    events, (length, head) = desk.ledger.events(), desk.ledger.events_head()
    assert event_breaks(events, length, head) == []
    assert event_breaks(events[1:], length, head) == [Break("events", 1, "missing")]
    assert event_breaks([events[0], events[2]], length, head) == [Break("events", 2, "missing")]
    assert event_breaks(events[:2], length, head) == [Break("events", 2, "cut")]
    assert event_breaks(events, length, "0" * 64) == [Break("events", 3, "cut")]
    for field, value in (("who", "x"), ("why", "x"), ("previous_hash", "1" * 64), ("hash", "1" * 64)):
        changed = dataclasses.replace(events[1], **{field: value})  # type: ignore[arg-type]  # texts all
        assert event_breaks([events[0], changed, events[2]], length, head) == [Break("events", 2, "changed")]


def test_a_register_that_was_touched_is_told_at_its_first_break(desk: Desk) -> None:
    job = registered(desk, 1)
    registered(desk, 2)
    desk.ledger.advance(job, Outcome(State.ARCHIVED, files_number=True, detail={"sha256": "f"}))
    entries, (series,) = desk.ledger.entries(), desk.ledger.series()
    assert register_breaks(series, entries) == []
    assert register_breaks(series, entries[1:]) == [Break("KH/2020", 1, "missing")]
    assert register_breaks(series, entries[:2]) == [Break("KH/2020", 2, "cut")]
    for field, value in (("why", "x"), ("previous_hash", "1" * 64), ("hash", "1" * 64), ("recorded", "{}")):
        changed = dataclasses.replace(entries[1], **{field: value})  # type: ignore[arg-type]  # texts all
        assert register_breaks(series, [entries[0], changed, entries[2]]) == [Break("KH/2020", 2, "changed")]
    for other in (
        dataclasses.replace(series, last_no=3),
        dataclasses.replace(series, entries=4),
        dataclasses.replace(series, head="1" * 64),
    ):
        assert register_breaks(other, entries) == [Break("KH/2020", 3, "cut")]
    turned = dataclasses.replace(entries[0], direction=Direction.INCOMING)
    assert register_breaks(series, [turned, *entries[1:]]) == [Break("KH/2020", 1, "changed")]


def test_a_number_that_was_left_out_is_told_as_a_gap(desk: Desk) -> None:
    registered(desk, 1)
    with desk.ledger.engine.begin() as connection:
        connection.execute(text("UPDATE series SET last_no = 2"))
    registered(desk, 2)
    (series,) = desk.ledger.series()
    assert register_breaks(series, desk.ledger.entries()) == [Break("KH/2020", 2, "gap")]


# Lost --------------------------------------------------------------------------------------------------------------


def test_a_new_ledger_beside_a_filled_archive_is_refused(desk: Desk, tmp_path: Path) -> None:
    desk.ledger.refuse_lost(tmp_path / "archive")
    (tmp_path / "archive" / "2022").mkdir(parents=True)
    desk.ledger.refuse_lost(tmp_path / "archive")
    (tmp_path / "archive" / "2022" / "a.pdf").write_bytes(b"x")
    with pytest.raises(LedgerLost, match="archive") as caught:
        desk.ledger.refuse_lost(tmp_path / "archive")
    assert caught.value.exit_code == 57
    desk.job(1)
    desk.ledger.refuse_lost(tmp_path / "archive")
