"""The ledger: one door, one history, one number."""

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from pipeline.audit import audit
from pipeline.errors import KindError, NotAllowedNow, StateConflict, UnknownThing
from pipeline.files import Spool
from pipeline.ledger import Change, Columns, Drop, Lease, Ledger, NewJob, NumberWish, Outcome, Publication
from pipeline.ledger.chain import GENESIS, canonical, link
from pipeline.ledger.numbers import Act, append_act
from pipeline.model import (
    TRANSITIONS,
    Artifact,
    Direction,
    Identity,
    Job,
    JsonObject,
    Role,
    Severity,
    State,
    TextTemplate,
)

NOON = dt.datetime(2022, 5, 25, 12, 0, tzinfo=dt.UTC)
ROAD = (
    State.READ,
    State.ACCEPTED,
    State.FILLED,
    State.RENDERED,
    State.DELIVERED,
    State.SIGNED,
)


def open_ledger(url: str) -> Ledger:
    return Ledger.open(url, lambda: NOON, "test")


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    ledger = open_ledger(ledger_url)
    yield ledger
    ledger.close()


def drop(number: int, folder: str = "") -> Drop:
    return Drop(f"tệp {number}.xlsx", folder, f"{number:064x}", 10, f"dev:{number}:{folder}")


def signed_job(ledger: Ledger, number: int) -> Job:
    job = ledger.take(drop(number), name_key=f"{number}").job
    for state in ROAD:
        job = ledger.advance(job, Outcome(state))
    return job


WISH = NumberWish(
    "KH/2020-2025", Direction.OUTGOING, TextTemplate.parse("{number}-KH/CTĐ4"), 2, Columns("Kế hoạch", copies=1)
)


def told_of_the_register(ledger: Ledger, folder: Path) -> list[tuple[str, str]]:
    """What the check says; these jobs' bytes are in no spool, which it says too."""
    found = audit(ledger, Spool(folder / "spool"), folder / "a", folder / "o")
    return [(one.code, one.found) for one in found if not one.code.startswith("spool.")]


def test_a_second_drop_of_the_same_bytes_makes_no_second_job(ledger: Ledger) -> None:
    first = ledger.take(drop(1), name_key="a")
    again = ledger.take(Drop("tên khác.xlsx", "", drop(1).sha256, 10, "dev:99"), name_key="b")
    assert (again.job.id, again.is_repeat, again.is_same_file) == (first.job.id, True, False)
    assert [seen.is_repeat for seen in ledger.seen(sha256=drop(1).sha256)] == [True, False]


def test_the_very_same_file_met_again_after_a_crash_is_not_a_second_drop(ledger: Ledger) -> None:
    ledger.take(drop(1), name_key="a")
    assert ledger.take(drop(1), name_key="a").is_same_file
    assert len(ledger.seen(sha256=drop(1).sha256)) == 1


def test_the_same_bytes_from_two_units_are_two_submissions(ledger: Ledger) -> None:
    assert ledger.take(drop(1, "CATP"), name_key="a").job.id != ledger.take(drop(1, "KNH"), name_key="a").job.id


def test_what_was_cancelled_may_be_dropped_again_and_is_then_known_again(ledger: Ledger) -> None:
    first = ledger.take(drop(1), name_key="a").job
    ledger.advance(first, Outcome(State.CANCELLED))
    second = ledger.take(drop(1), name_key="a")
    assert (second.job.id != first.id, second.is_repeat) == (True, False)
    assert ledger.take(drop(1), name_key="a").is_same_file


def test_a_file_met_again_after_its_job_gave_way_is_still_that_file(ledger: Ledger) -> None:
    first = ledger.take(drop(1), name_key="a").job
    identity = Identity("ke-hoach", "CATP", 2022, "", 1, "A1")
    first = ledger.advance(first, Outcome(State.READ, identity=identity))
    new = NewJob(State.READ, first, replace(identity, revision=2, code="A2"), "")
    ledger.advance(first, Outcome(State.SUPERSEDED, opens=(new,)))
    again = ledger.take(drop(1), name_key="a")
    assert (again.job.id, again.is_same_file) == (first.id, True)


@pytest.mark.parametrize("is_same_file", [True, False])
def test_a_file_found_by_several_workers_at_once_is_one_job(
    ledger: Ledger, ledger_url: str, *, is_same_file: bool
) -> None:
    workers = [open_ledger(ledger_url) for _ in range(4)]
    starts = threading.Barrier(len(workers), timeout=20)
    opened: list[int] = []

    def work(number: int) -> None:
        for each in range(8):
            found = drop(each) if is_same_file else replace(drop(each), fingerprint=f"dev:{each}:{number}")
            starts.wait()
            taken = workers[number].take(found, name_key="a")
            opened.extend([taken.job.id] if not taken.is_repeat else [])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(workers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for worker in workers:
        worker.close()
    assert len(opened) == len(ledger.in_states(State)) == 8
    assert len(ledger.seen(sha256=drop(1).sha256)) == (1 if is_same_file else len(workers))


def test_the_database_itself_refuses_one_file_as_two_drops(ledger: Ledger) -> None:
    ledger.take(drop(1), name_key="a")
    with pytest.raises(DatabaseError, match=r"(?i)unique"), ledger.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO drops (job_id, sha256, size_bytes, name, name_key, folder, fingerprint, received_at) "
                "SELECT job_id, sha256, size_bytes, name, name_key, folder, fingerprint, received_at FROM drops"
            )
        )


def test_an_incident_met_by_several_workers_at_once_is_recorded_once(ledger: Ledger, ledger_url: str) -> None:
    workers = [open_ledger(ledger_url) for _ in range(4)]
    starts = threading.Barrier(len(workers), timeout=20)

    def work(worker: Ledger) -> None:
        for each in range(8):
            starts.wait()
            worker.remark_once("intake.secrecy", {"file": each}, ended_by="intake.admit")

    threads = [threading.Thread(target=work, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for worker in workers:
        worker.close()
    assert len(ledger.events()) == 8


def test_only_one_of_two_results_for_the_same_job_counts(ledger: Ledger) -> None:
    job = ledger.take(drop(1), name_key="a").job
    ledger.advance(job, Outcome(State.READ))
    with pytest.raises(StateConflict):
        ledger.advance(job, Outcome(State.RETURNED))
    assert ledger.job(job.id).state is State.READ


@pytest.mark.parametrize("source", State)
def test_no_transition_outside_the_table_is_ever_made(ledger: Ledger, source: State) -> None:
    job = ledger.take(drop(1), name_key="a").job
    pretended = Job(**{**{name: getattr(job, name) for name in job.__dataclass_fields__}, "state": source})
    for target in set(State) - TRANSITIONS[source]:
        with pytest.raises(StateConflict):
            ledger.advance(pretended, Outcome(target))


def test_a_change_that_fails_takes_everything_with_it(ledger: Ledger) -> None:
    job = ledger.take(drop(1), name_key="a").job
    other = ledger.take(drop(2), name_key="b").job
    ledger.advance(other, Outcome(State.READ))
    artifact = Artifact(Role.READING, "f" * 64, 1)
    outcome = Outcome(
        State.READ,
        artifacts=(artifact,),
        publications=(Publication("CATP/a.docx", "f" * 64),),
        also=(Change(other, Outcome(State.RETURNED)),),
    )
    events_before = len(ledger.events())
    with pytest.raises(StateConflict):
        ledger.advance(job, outcome)
    assert ledger.job(job.id).state is State.RECEIVED
    assert ledger.artifacts(job.id) == []
    assert ledger.pending() == []
    assert len(ledger.events()) == events_before


def test_history_cannot_be_edited_or_deleted(ledger: Ledger) -> None:
    signed = signed_job(ledger, 1)
    ledger.advance(signed, Outcome(State.REGISTERED, number=WISH))
    for statement in (
        "UPDATE events SET who = 'x'",
        "DELETE FROM events",
        "UPDATE register SET no = 7",
        "DELETE FROM register",
    ):
        with pytest.raises(DatabaseError, match="append-only"), ledger.engine.begin() as connection:
            connection.execute(text(statement))


def test_every_event_carries_the_hash_of_the_one_before(ledger: Ledger) -> None:
    signed_job(ledger, 1)
    signed_job(ledger, 2)
    previous = GENESIS
    for event in ledger.events():
        row: JsonObject = {
            "id": event.id,
            "job_id": event.job_id or None,
            "at": event.at.isoformat(timespec="microseconds"),
            "who": event.who,
            "action": event.action,
            "from_state": event.from_state,
            "to_state": event.to_state,
            "why": event.why,
            "detail": canonical(event.detail),
        }
        assert event.previous_hash == previous
        assert event.hash == link(previous, row)
        previous = event.hash
    assert ledger.events_head() == (len(ledger.events()), previous)


def test_a_number_asked_for_twice_is_one_number(ledger: Ledger) -> None:
    job = signed_job(ledger, 1)
    delivered = ledger.take(drop(2), name_key="b").job
    for state in ROAD[:-1]:
        delivered = ledger.advance(delivered, Outcome(state))
    numbered = ledger.advance(delivered, Outcome(State.NUMBERED, number=WISH))
    signed = ledger.advance(numbered, Outcome(State.SIGNED))
    registered = ledger.advance(signed, Outcome(State.REGISTERED, number=WISH))
    assert (numbered.number, registered.number) == ("01-KH/CTĐ4", "01-KH/CTĐ4")
    assert ledger.advance(job, Outcome(State.REGISTERED, number=WISH)).number == "02-KH/CTĐ4"


def test_the_check_tells_a_number_whose_paper_is_dated_before_an_earlier_one(ledger: Ledger, tmp_path: Path) -> None:
    for number, day in enumerate(("2022-05-25", "2022-05-27", "2022-05-26", "2022-05-27"), 1):
        wish = replace(WISH, columns=Columns(document_on=dt.date.fromisoformat(day)))
        ledger.advance(signed_job(ledger, number), Outcome(State.REGISTERED, number=wish))
    found = audit(ledger, Spool(tmp_path / "spool"), tmp_path / "a", tmp_path / "o")
    assert [(one.severity, one.found) for one in found if one.code == "register.date-order"] == [
        (Severity.WARN, "03-KH/CTĐ4")
    ]


def test_a_void_number_stays_in_the_register_and_is_never_given_again(ledger: Ledger) -> None:
    job = ledger.take(drop(1), name_key="a").job
    for state in ROAD[:-1]:
        job = ledger.advance(job, Outcome(state))
    numbered = ledger.advance(job, Outcome(State.NUMBERED, number=WISH))
    void = ledger.void(numbered, Outcome(State.DELIVERED, why="viết nhầm lên bản nháp"))
    assert void.number == ""
    assert ledger.advance(void, Outcome(State.NUMBERED, number=WISH)).number == "02-KH/CTĐ4"
    assert [(entry.no, entry.act) for entry in ledger.entries()] == [(1, "number"), (1, "void"), (2, "number")]


def test_the_register_of_incoming_papers_has_series_of_its_own(ledger: Ledger) -> None:
    ledger.advance(signed_job(ledger, 1), Outcome(State.REGISTERED, number=WISH))
    incoming = replace(WISH, direction=Direction.INCOMING)
    with pytest.raises(KindError, match="KH/2020-2025"):
        ledger.advance(signed_job(ledger, 2), Outcome(State.REGISTERED, number=incoming))
    assert [(entry.no, entry.direction) for entry in ledger.entries()] == [(1, Direction.OUTGOING)]


def test_an_incoming_paper_dated_earlier_than_the_one_before_is_no_matter(ledger: Ledger, tmp_path: Path) -> None:
    for number, day in enumerate(("2022-05-27", "2022-05-26"), 1):
        columns = Columns(document_on=dt.date.fromisoformat(day))
        wish = NumberWish("DEN/2022", Direction.INCOMING, TextTemplate.parse("{number}-ĐẾN"), 1, columns)
        ledger.advance(signed_job(ledger, number), Outcome(State.REGISTERED, number=wish))
    assert told_of_the_register(ledger, tmp_path) == []


def test_a_series_turned_round_behind_the_ledger_is_found(ledger: Ledger, tmp_path: Path) -> None:
    ledger.advance(signed_job(ledger, 1), Outcome(State.REGISTERED, number=WISH))
    with ledger.engine.begin() as connection:
        connection.execute(text("UPDATE series SET direction = 'incoming'"))
    assert told_of_the_register(ledger, tmp_path) == [("chain.changed", "KH/2020-2025")]


def test_an_entry_of_before_the_columns_were_typed_keeps_its_hash(ledger: Ledger, tmp_path: Path) -> None:
    old: JsonObject = {"author": "", "document_on": "2022-05-27", "number": "01-KH/CTĐ4", "subject": "Kế hoạch"}
    job = signed_job(ledger, 1)
    with ledger.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO series (key, last_no, entries, head) VALUES ('KH/2020-2025', 1, 0, :head)"),
            {"head": GENESIS},
        )
        append_act(connection, Act("KH/2020-2025", 1, "number", job.id, old, ""), NOON, "test")
        connection.execute(text("UPDATE jobs SET number = '01-KH/CTĐ4'"))
    (entry,) = ledger.entries()
    assert entry.columns == Columns(document_on=dt.date(2022, 5, 27), number="01-KH/CTĐ4")
    assert entry.as_json()["facts"] == old
    assert told_of_the_register(ledger, tmp_path) == []


def test_a_job_without_number_has_nothing_to_void(ledger: Ledger) -> None:
    with pytest.raises(NotAllowedNow):
        ledger.void(signed_job(ledger, 1), Outcome(State.HELD, why="thử"))


def test_an_unknown_job_is_named_as_such(ledger: Ledger) -> None:
    with pytest.raises(UnknownThing, match="7"):
        ledger.job(7)


def test_numbers_taken_by_many_threads_have_no_gap_and_no_duplicate(ledger: Ledger, ledger_url: str) -> None:
    ready = [signed_job(ledger, number) for number in range(24)]

    def take(mine: list[Job]) -> None:
        own = open_ledger(ledger_url)
        for job in mine:
            own.advance(job, Outcome(State.REGISTERED, number=WISH))
        own.close()

    threads = [threading.Thread(target=take, args=(ready[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(entry.no for entry in ledger.entries()) == list(range(1, 25))
    assert ledger.series()[0].last_no == 24


def test_an_expired_lease_is_anybodys_and_a_live_one_is_not(ledger: Ledger) -> None:
    now = [NOON]
    ledger.clock = lambda: now[0]
    job = ledger.take(drop(1), name_key="a").job
    assert ledger.claim(job, Lease("worker-1", 60))
    assert not ledger.claim(job, Lease("worker-2", 60))
    now[0] += dt.timedelta(seconds=61)
    assert ledger.claim(job, Lease("worker-2", 60))


def test_a_lease_of_before_the_clock_was_set_back_does_not_last_until_that_hour_comes_again(ledger: Ledger) -> None:
    now = [NOON]
    ledger.clock = lambda: now[0]
    job = ledger.take(drop(1), name_key="a").job
    ledger.claim(job, Lease("killed", 60))
    now[0] -= dt.timedelta(hours=1)
    assert ledger.claim(job, Lease("worker", 60))


def test_a_step_keeps_the_lease_of_its_worker_and_any_other_move_gives_the_job_back(ledger: Ledger) -> None:
    mine, other = Lease("mine", 60), Lease("other", 60)
    job = ledger.take(drop(1), name_key="a").job
    ledger.claim(job, mine)
    read = ledger.advance(job, Outcome(State.READ), mine)
    assert not ledger.claim(read, other)
    accepted = ledger.advance(read, Outcome(State.ACCEPTED))
    assert ledger.claim(accepted, other)


def test_giving_back_touches_nobody_elses_lease(ledger: Ledger) -> None:
    mine, other = Lease("mine", 60), Lease("other", 60)
    first, second = (ledger.take(drop(number), name_key="a").job for number in (1, 2))
    ledger.claim(first, mine)
    ledger.claim(second, other)
    ledger.release("mine")
    ledger.release("mine", second)
    assert ledger.claim(first, other)
    assert not ledger.claim(second, mine)


def test_what_was_recorded_last_is_the_newest_whatever_the_clock_said(ledger: Ledger) -> None:
    now = [NOON]
    ledger.clock = lambda: now[0]
    job = ledger.take(drop(1), name_key="a").job
    first, second = (Artifact(Role.READING, letter * 64, 1) for letter in "ab")
    for state, artifact in ((State.READ, first), (State.HELD, second), (State.RECEIVED, first)):
        job = ledger.advance(job, Outcome(state, artifacts=(artifact,)))
        now[0] -= dt.timedelta(hours=1)
        assert ledger.artifact(job.id, Role.READING) == artifact
        assert ledger.newest([job.id], Role.READING) == {job.id: artifact.sha256}
    assert ledger.artifacts(job.id) == [second, first]


class LedgerMachine(RuleBasedStateMachine):
    """Whatever is done in whatever order, numbers are 1…N, each once, and the chains hold."""

    @initialize()
    def begin(self) -> None:
        self.ledger = Ledger.open("sqlite://", lambda: NOON, "machine")
        self.count = 0

    @rule()
    def drop_something(self) -> None:
        self.count += 1
        self.ledger.take(drop(self.count), name_key=str(self.count))

    @rule(data=st.data())
    def move_something(self, data: st.DataObject) -> None:
        movable = [job for job in self.ledger.in_states(State) if TRANSITIONS[job.state]]
        if not movable:
            return
        job = data.draw(st.sampled_from(movable))
        target = data.draw(st.sampled_from(sorted(TRANSITIONS[job.state])))
        wants = target in {State.NUMBERED, State.REGISTERED}
        self.ledger.advance(job, Outcome(target, number=WISH if wants else None))

    @rule(data=st.data())
    def void_something(self, data: st.DataObject) -> None:
        numbered = self.ledger.in_states([State.NUMBERED])
        if numbered:
            self.ledger.void(data.draw(st.sampled_from(numbered)), Outcome(State.DELIVERED, why="hủy"))

    @invariant()
    def the_register_is_one_to_n(self) -> None:
        entries = self.ledger.entries()
        given = [entry.no for entry in entries if entry.act == "number"]
        assert given == list(range(1, len(given) + 1))
        previous = GENESIS
        for entry in entries:
            assert entry.previous_hash == previous
            previous = entry.hash

    @invariant()
    def no_job_holds_two_valid_numbers(self) -> None:
        entries = self.ledger.entries()
        void = {entry.no for entry in entries if entry.act == "void"}
        holders = [entry.job_id for entry in entries if entry.act == "number" and entry.no not in void]
        assert len(holders) == len(set(holders))


TestLedgerMachine = LedgerMachine.TestCase
TestLedgerMachine.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
