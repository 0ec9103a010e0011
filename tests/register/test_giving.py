"""When a number is given: reserved at filling, shown before it is booked, never behind a later date unsaid."""

import datetime as dt
import re

import pytest

from pipeline.app import numbering, operations
from pipeline.app.worker import Worker
from pipeline.errors import NotAllowedNow
from pipeline.ledger import Columns, NumberWish, Outcome
from pipeline.model import Direction, Job, Role, State, TextTemplate
from tests.status.office import Office
from tests.status.recorded import put
from tests.steps.at_work import words

WHY = "Lãnh đạo cho dừng ban hành"


def letters_numbered_at_filling(office: Office) -> Office:
    """The office with two units, whose letters bear their number when they are made."""
    office.of_units("EVNHCMC", "CATP")
    office.change_kind("cong-van", "series: CV\n", "series: CV\nnumber_at: filling\n")
    return office


def letter(office: Office, day: str = "2022-06-03") -> Job:
    """A letter that is out for signature."""
    office.of_units("EVNHCMC", "CATP")
    office.on(day)
    assert office.run("remind", "dang-ky").code == 0
    (job,) = office.workspace.ledger.in_states([State.DELIVERED])
    return job


def printed(office: Office, job: Job) -> str:
    """The number line of a document."""
    found = re.search(r"Số[^\n]*CTĐ4", words(office.workspace.artifact(job, Role.DRAFT)))
    assert found is not None
    return found.group()


def given(office: Office) -> list[tuple[int, str]]:
    return [(one["no"], one["status"]) for one in office.run("register", "list", "--json").facts]


def test_a_number_reserved_at_filling_stands_on_the_paper_and_is_confirmed_when_it_is_filed(office: Office) -> None:
    job = letter(letters_numbered_at_filling(office))

    assert (job.number, printed(office, job)) == ("01-CV/CTĐ4", "Số 01-CV/CTĐ4")
    assert given(office) == [(1, "booked")]
    told = office.run("register", "next", str(job.id))
    assert told.out.strip() == "01-CV/CTĐ4"
    assert "đã in sẵn" in told.err
    office.sign(job.id)
    assert given(office) == [(1, "filed")]


def test_the_number_of_a_document_that_is_cancelled_is_void_and_the_next_one_gets_another(office: Office) -> None:
    job = letter(letters_numbered_at_filling(office))
    told = office.run("register", "void", str(job.id), "--why", WHY)
    assert (told.code, given(office)) == (17, [(1, "booked")]), "it stands on a paper that may still be signed"

    operations.cancel(office.workspace, job, WHY)
    again = letter(office, "2022-06-06")

    assert given(office) == [(1, "void"), (2, "booked")]
    assert printed(office, again) == "Số 02-CV/CTĐ4"


def letter_whose_number_was_voided(office: Office) -> Job:
    """A letter that is out for signature, and a register with two entries of that day."""
    job = letter(office)
    assert office.run("register", "next", str(job.id)).code == 0
    assert office.run("register", "void", str(job.id), "--why", WHY).code == 0
    return job


def test_with_a_clock_set_back_a_year_no_number_is_given_until_it_is_right_or_a_person_trusts_it(
    office: Office,
) -> None:
    job = letter_whose_number_was_voided(office)
    office.on("2021-06-06")

    for said in (["next", str(job.id)], ["next", str(job.id), "--preview"], ["begin", "BC/2020-2025", "--why", WHY]):
        told = office.run("register", *said)
        assert (told.code, "06/06/2021, nhưng mục cuối trong sổ được ghi ngày 03/06/2022" in told.err) == (17, True)
    office.sign(job.id)
    assert (office.job(job.id).state, given(office)) == (State.HELD, [(1, "void")])
    assert "vanthu register clock" in office.job(job.id).reason

    assert "Đã ghi nhận" in office.run("register", "clock", "--why", "hôm trước máy chạy sai giờ").err
    assert office.run("register", "begin", "BC/2020-2025", "--why", WHY).code == 0
    # that entry is the last one now, and the clock is not behind it
    assert "không có gì để ghi nhận" in office.run("register", "clock", "--why", WHY).err


def test_a_clock_some_days_off_still_gives_numbers(office: Office) -> None:
    job = letter_whose_number_was_voided(office)
    office.on("2022-05-31")

    assert office.run("register", "next", str(job.id)).code == 0


def test_a_document_made_anew_has_a_number_of_its_own_and_that_of_the_first_is_void(office: Office) -> None:
    job = letter(letters_numbered_at_filling(office))

    operations.reprocess(office.workspace, operations.plan(office.workspace, job), "sửa mẫu")
    Worker(office.workspace, 1).work_off()

    (again,) = office.workspace.ledger.in_states([State.DELIVERED])
    assert (printed(office, again), office.job(job.id).number) == ("Số 02-CV/CTĐ4", "")
    shown = office.run("register", "list", "--json").facts
    assert [(one["status"], one["why"], one["job"]) for one in shown] == [
        ("void", "sửa mẫu", job.id),
        ("booked", "", again.id),
    ]
    assert not [
        one for one in office.run("check", "--json").facts["discrepancies"] if one["code"] == "ledger.changed"
    ]


def test_a_number_given_to_another_document_meanwhile_is_not_printed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters_numbered_at_filling(office)
    other = put(office, State.DELIVERED, "to-trinh", "")
    ledger, overtakes = office.workspace.ledger, [other]
    advance = type(ledger).advance

    def overtaken(self: object, job: Job, outcome: Outcome, *more: object) -> Job:
        if outcome.to is State.FILLED and overtakes:
            wish = NumberWish("CV/2020-2025", Direction.OUTGOING, TextTemplate.parse("{number}-CV"), 2, Columns())
            advance(ledger, overtakes.pop(), Outcome(State.NUMBERED, number=wish))
        return advance(ledger, job, outcome, *more)  # type: ignore[arg-type]  # as it was given

    monkeypatch.setattr(type(ledger), "advance", overtaken)
    job = letter(office)

    assert (job.number, printed(office, job)) == ("02-CV/CTĐ4", "Số 02-CV/CTĐ4")
    assert [no for no, _ in given(office)] == [1, 2]


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("dang-ky", "series: ĐK\n", "series: ĐK\nnumber_at: filling\n"),
        ("giao-uoc", "series: GƯ\n", "series: GƯ\nnumber_at: filling\n"),
        ("ke-hoach", "series: KH\n", "series: KH\nnumber_at: signing\n"),
    ],
)
def test_only_a_kind_that_prints_its_number_may_have_it_early(office: Office, kind: str, old: str, new: str) -> None:
    office.change_kind(kind, old, new)
    (told,) = office.workspace.loaded().broken
    assert "number_at" in str(told)


# asking for a number


def test_the_number_is_shown_before_it_is_given_and_a_preview_gives_none(office: Office) -> None:
    job = letter(office)

    told = office.run("register", "next", str(job.id), "--preview")
    assert (told.code, told.out.strip(), given(office)) == (0, "01-CV/CTĐ4", [])
    assert "CV/2020-2025" in told.err
    told = office.run("register", "next", str(job.id), "--shown", "01-CV/CTĐ4", "--why", "lãnh đạo cần số")
    assert (told.code, told.out.strip()) == (0, "01-CV/CTĐ4")
    assert told.err.index("01-CV/CTĐ4") >= 0
    (history,) = office.run("register", "history", "01-CV", "--json").facts
    assert [act["why"] for act in history["acts"]] == ["lãnh đạo cần số"]


def test_another_number_than_the_one_that_was_shown_is_told_loudly(office: Office) -> None:
    job, other = letter(office), put(office, State.DELIVERED, "to-trinh", "")
    shown = office.run("register", "next", str(job.id), "--preview").out.strip()
    wish = NumberWish("CV/2020-2025", Direction.OUTGOING, TextTemplate.parse("{number}-CV"), 2, Columns())
    office.workspace.ledger.advance(other, Outcome(State.NUMBERED, number=wish))

    told = office.run("register", "next", str(job.id), "--shown", shown)

    assert (told.code, told.out.strip()) == (1, "02-CV/CTĐ4")
    assert "!!!" in told.err
    assert "01-CV/CTĐ4" in told.err


@pytest.fixture
def backdated(office: Office) -> Job:
    """A letter of 3 June, after a number of the same series was given to one of 10 June."""
    other = put(office, State.DELIVERED, "to-trinh", "")
    later = Columns(document_on=dt.date(2022, 6, 10))
    wish = NumberWish("CV/2020-2025", Direction.OUTGOING, TextTemplate.parse("{number}-CV/CTĐ4"), 2, later)
    office.workspace.ledger.advance(other, Outcome(State.NUMBERED, number=wish))
    return letter(office)


def test_a_paper_dated_before_the_last_number_is_warned_of_when_its_number_is_given(
    office: Office, backdated: Job
) -> None:
    told = office.run("register", "next", str(backdated.id))

    assert told.out.strip() == "02-CV/CTĐ4"
    assert "01-CV/CTĐ4" in told.err
    assert "10/06/2022" in told.err
    (row,) = numbering.find_numbers(office.workspace, "02-CV")
    assert "10/06/2022" in row.columns.remark, "it stands in the book, too"


def test_the_clerk_is_told_of_it_when_the_number_is_given_with_the_signed_paper(
    office: Office, backdated: Job
) -> None:
    office.sign(backdated.id)

    notices = [one for one in office.workspace.ledger.artifacts(backdated.id) if one.role is Role.NOTE]
    assert "10/06/2022" in words(office.workspace.spool.get(notices[-1].sha256))


def test_the_board_checks_the_books(office: Office, backdated: Job) -> None:
    assert "01-CV" not in office.run("status").out.partition("Kiểm tra sổ")[2]
    office.run("register", "next", str(backdated.id))

    (said,) = office.run("status", "--json").facts["register_check"]
    assert "02-CV/CTĐ4" in said
    assert said in office.run("status").out
    assert said in office.lying("tinh-hinh.html").read_text(encoding="utf-8").replace("&#34;", '"')


def test_a_document_without_a_number_has_no_preview(office: Office) -> None:
    job = put(office, State.RETURNED)
    with pytest.raises(NotAllowedNow):
        numbering.preview(office.workspace, job)
