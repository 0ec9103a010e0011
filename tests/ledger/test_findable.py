"""The texts of documents as they are searched: one answer whichever database is asked."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import pytest
from sqlalchemy import text

from pipeline.ledger import Drop, Ledger, Outcome, findable
from pipeline.ledger.findable import Findable, Place, Wanted
from pipeline.model import Artifact, Identity, Job, Role, State
from pipeline.store.engine import reading
from pipeline.vietnamese.phrases import phrases_of

NOON = dt.datetime(2022, 5, 25, 12, 0, tzinfo=dt.UTC)


class Shelf:
    """A ledger with documents that are searched."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def add(self, number: int, signer: str = "", **said: str) -> Job:
        """A document with one text in each of these places."""
        unit, kind, on = said.pop("unit", "CATP"), said.pop("kind", "dang-ky"), said.pop("on", "2022-05-27")
        job = self.ledger.take(Drop(f"{number}.yaml", "", f"{number:064x}", 1, f"{number}"), name_key=f"{number}").job
        described = Artifact(Role.DESCRIPTION, f"{number:064x}", 1)
        identity = Identity(kind, unit, 2022, f"{number}", 1, f"VT{number}")
        day = dt.date.fromisoformat(on)
        job = self.ledger.advance(
            job, Outcome(State.READ, identity=identity, document_on=day, artifacts=(described,))
        )
        places = (Place("people", 0, signer), *(Place(name, 0, words) for name, words in said.items()))
        known = findable.changed(self.ledger)
        assert known is not None
        assert known.jobs == (job.id,)
        assert findable.record(self.ledger, known, [Findable(job, signer, places)])
        return job

    def found(self, *asked: str, most: int = 99, **wanted: object) -> list[int]:
        """The numbers of the documents found."""
        wish = replace(Wanted(phrases_of(asked)), **wanted)  # type: ignore[arg-type]
        return [int(job.variant) for job, _ in findable.matching(self.ledger, wish, most)]


@pytest.fixture
def shelf(ledger_url: str) -> Iterator[Shelf]:
    ledger = Ledger.open(ledger_url, lambda: NOON, "an")
    yield Shelf(ledger)
    ledger.close()


def test_words_are_found_in_any_text_of_a_document_the_newest_first(shelf: Shelf) -> None:
    shelf.add(1, title="Kế hoạch chuyển đổi số", scan="Ghi bằng bút mực")
    shelf.add(2, title="Tờ trình", document="Kế hoạch in ở đây")
    assert shelf.found("ke hoach") == [2, 1]
    assert shelf.found("KẾ HOẠCH", "bút mực") == [1]
    assert shelf.found("ke hoach", most=1) == [2]
    assert shelf.found("chuy*") == [1]
    assert shelf.found("chuy") == []
    assert shelf.found("c*", "b*") == [1]
    assert shelf.found("ke h*") == [2, 1]
    assert shelf.found("hoach ke") == []


def test_d_with_and_without_its_stroke_are_found_by_each_other(shelf: Shelf) -> None:
    shelf.add(1, title="Đề án")
    shelf.add(2, title="DE AN")
    assert [shelf.found(asked) for asked in ("đề án", "de an", "ĐỀ ÁN")] == [[2, 1]] * 3


def test_a_phrase_does_not_reach_from_one_text_into_the_next(shelf: Shelf) -> None:
    shelf.add(1, title="Kế hoạch", document="thi đua")
    assert shelf.found("hoach thi") == []
    assert shelf.found("hoach", "thi") == [1]


def test_a_word_of_a_long_text_is_found_wherever_it_stands(shelf: Shelf) -> None:
    # PostgreSQL's own full text clamps positions at 16383, and refuses a text of more than a megabyte
    shelf.add(1, document=f"{'thi đua ' * 200_000} cuối cùng ở đây")
    assert shelf.found("dua cuoi cung") == [1]
    assert shelf.found("cuoi o day") == []


def test_kind_unit_signer_and_days_narrow_the_search(shelf: Shelf) -> None:
    shelf.add(1, "Nguyễn Văn Áp", title="thi đua", unit="CATP", kind="dang-ky", on="2019-12-31")
    shelf.add(2, "Trần Đức", title="thi đua", unit="SATRA", kind="ke-hoach", on="2022-05-01")
    shelf.add(3, "Trần Đức", title="thi đua", unit="CATP", kind="ke-hoach", on="2022-06-30")

    def day(said: str) -> dt.date:
        return dt.date.fromisoformat(said)

    assert shelf.found("thi dua", kind="ke-hoach") == [3, 2]
    assert shelf.found("thi dua", unit="CATP") == [3, 1]
    assert shelf.found(unit="SATRA") == [2]
    assert shelf.found("thi dua", signer=phrases_of(["van ap"])) == [1]
    assert shelf.found(signer=phrases_of(["duc"])) == [3, 2]
    # not who signs, but what is said
    assert shelf.found("thi dua", signer=phrases_of(["thi dua"])) == []
    assert shelf.found("thi dua", since=day("2022-05-01")) == [3, 2]
    assert shelf.found("thi dua", since=day("2022-05-02"), until=day("2022-06-30")) == [3]
    assert shelf.found(until=day("2019-12-31")) == [1]
    assert shelf.found("thi dua", since=day("1999-01-01"), until=day("2022-06-29")) == [2, 1]


def test_a_superseded_version_is_not_found(shelf: Shelf) -> None:
    job = shelf.add(1, title="thi đua")
    shelf.ledger.advance(job, Outcome(State.SUPERSEDED))
    assert shelf.found("thi dua") == []


def test_a_row_made_anew_takes_the_place_of_the_old_one(shelf: Shelf) -> None:
    job = shelf.add(1, title="cũ lắm")
    job = shelf.ledger.advance(job, Outcome(State.ACCEPTED))
    known = findable.changed(shelf.ledger)
    assert known is not None
    assert findable.record(shelf.ledger, known, [Findable(job, "", (Place("title", 0, "mới tinh"),))])
    assert (shelf.found("cu lam"), shelf.found("moi tinh")) == ([], [1])
    assert findable.changed(shelf.ledger) is None


def test_of_two_that_make_the_rows_at_once_the_second_changes_nothing(shelf: Shelf) -> None:
    job = shelf.add(1, title="thi đua")
    job = shelf.ledger.advance(job, Outcome(State.ACCEPTED))
    both = findable.changed(shelf.ledger)
    assert both is not None
    assert findable.record(shelf.ledger, both, [Findable(job, "", (Place("title", 0, "một"),))])
    assert not findable.record(shelf.ledger, both, [Findable(job, "", (Place("title", 0, "hai"),))])
    assert (shelf.found("mot"), shelf.found("hai")) == ([1], [])


def test_the_rows_can_be_thrown_away_and_are_asked_for_again(shelf: Shelf) -> None:
    jobs = [shelf.add(number, title="thi đua").id for number in (1, 2)]
    findable.forget(shelf.ledger)
    assert shelf.found("thi dua") == []
    known = findable.changed(shelf.ledger)
    assert known is not None
    assert list(known.jobs) == jobs


def test_a_ledger_that_was_never_searched_is_gone_through_in_steps(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [shelf.add(number, title="thi đua").id for number in range(1, 6)]
    shelf.ledger.advance(shelf.ledger.job(jobs[0]), Outcome(State.ACCEPTED))
    findable.forget(shelf.ledger)
    monkeypatch.setattr(findable, "_EVENTS_AT_ONCE", 3)
    steps = []
    while (known := findable.changed(shelf.ledger)) is not None:
        steps.append(list(known.jobs))
        findable.record(shelf.ledger, known, [])
    assert sorted(chain.from_iterable(steps)) == jobs, "each once"
    assert jobs[0] in steps[-1], "what moved last is made last"
    assert len(steps) > 2


def test_what_is_searched_is_never_read_as_a_query_of_the_database(shelf: Shelf) -> None:
    shelf.add(1, title='a OR b "c" NEAR(d) % _ \' ; --')
    assert shelf.found("a or b c near d") == [1]
    assert shelf.found("a OR x") == []
    for asked in ('"', "*", "%", "_", "';--", "col:x", "^a"):
        assert shelf.found(f"zzz {asked}") == []
    with reading(shelf.ledger.engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM findable")).scalar_one() == 1
