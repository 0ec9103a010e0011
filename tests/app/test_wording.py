"""What people and machines are told of jobs and numbers, word for word and key by key."""

import dataclasses
import datetime as dt

from pipeline.app import facts, numbering, operations, wording
from pipeline.app.operations import Again
from pipeline.ledger import Columns
from pipeline.ledger.rows import Entry
from pipeline.messages import shown
from pipeline.model import Direction, Job, Severity, State
from pipeline.register.rows import Row, rows
from pipeline.status import board_of, explain, year_status
from pipeline.status.reminding import reminders
from pipeline.steps.warnings import Acceptance
from tests.folders import pledge, registration
from tests.status.office import Office

AT = dt.datetime(2022, 5, 31, 23, 5, tzinfo=dt.timezone(dt.timedelta(hours=7)))
LATE = "2022-06-01"
WHY = "ghi nhầm"


def entry(who: str = "", why: str = "", **columns: object) -> Entry:
    said = Columns(number="01-KH/CTĐ4", **columns)  # type: ignore[arg-type]  # any column
    return Entry("KH", Direction.OUTGOING, 1, 1, "number", 7, AT, who, why, said, "{}", "", "")


def test_the_acts_of_the_history_are_named_as_states_or_for_what_they_are() -> None:
    assert wording.step_of("delivered") == "chờ ký"
    assert wording.step_of("warning.accept") == "chấp nhận cảnh báo"
    assert wording.step_of("intake.repeat") == "intake.repeat"


def test_every_weight_and_every_way_of_doing_again_has_its_words() -> None:
    assert [wording.weight_of(one) for one in Severity] == ["chặn", "cảnh báo", "thông tin"]
    assert [wording.again_of(one) for one in Again] == [
        "đọc và kiểm tra lại từ đầu",
        "cấp số và lưu lại",
        "làm lại thành phiên bản mới",
        "không làm gì",
    ]


def test_moments_and_days_are_written_in_local_time(office: Office) -> None:
    assert office.workspace.practice.year == 2022  # an open office has set the time zone
    assert wording.moment(AT.astimezone(dt.UTC)) == "31/05/2022 23:05"
    assert wording.day(AT.date()) == "31/05/2022"
    assert wording.day(None) == ""
    told = wording.accepted(Acceptance("Lan", "đã xem", AT, 3))
    assert told == "Lan chấp nhận lúc 31/05/2022 23:05: đã xem"


def test_reasons_name_other_jobs_as_the_tables_do() -> None:
    assert wording.reason("job 12, job 3; jobs 4") == "#12, #3; jobs 4"


def test_the_state_of_a_job_is_said_in_the_words_of_the_office(office: Office) -> None:
    job = office.drop("dk.yaml", registration("CATP"))
    assert wording.state_of(job) == "chờ ký"


def test_what_became_of_a_number_is_said_in_one_line() -> None:
    booked = Row(1, entry())
    assert wording.number_status(booked) == "đã cấp số, chưa có bản ký"
    assert wording.number_status(dataclasses.replace(booked, filed=entry())) == "đã lưu"
    assert wording.number_status(dataclasses.replace(booked, void=entry(why=WHY))) == "hủy: ghi nhầm"


def test_the_filled_columns_of_a_number_come_before_what_was_done_with_it(office: Office) -> None:
    assert office.workspace.practice.year == 2022
    full = Row(
        1,
        entry(
            "Lan",
            title="Kế hoạch",
            document_on=dt.date(2022, 5, 27),
            signer="Trần A",
            recipients="Các đơn vị",
            kept_by="Văn thư",
            copies=11,
            remark="gấp",
            author="Công an TP",
        ),
        void=entry(who="Minh", why=WHY),
    )
    assert list(wording.number_lines(full)) == [
        ("nơi gửi", "Công an TP"),
        ("ngày", "27/05/2022"),
        ("tên", "Kế hoạch"),
        ("người ký", "Trần A"),
        ("nơi nhận", "Các đơn vị"),
        ("nơi lưu", "Văn thư"),
        ("số bản", "11"),
        ("ghi chú", "gấp"),
        ("cấp số", "31/05/2022 23:05 · Lan"),
        ("hủy số", "31/05/2022 23:05 · Minh · ghi nhầm"),
    ]
    bare = Row(1, entry("Lan"), filed=entry("Minh"))
    assert list(wording.number_lines(bare)) == [
        ("cấp số", "31/05/2022 23:05 · Lan"),
        ("đã lưu", "31/05/2022 23:05 · Minh"),
    ]


# as machines get it


def test_machines_are_told_by_fixed_words_how_a_job_would_be_done_again() -> None:
    assert [str(one) for one in Again] == ["from-start", "from-signature", "as-revision", "not"]


def test_a_job_is_told_with_every_column_it_has(office: Office) -> None:
    job = office.drop("dk.yaml", registration("CATP"))
    told = facts.job_facts(job)
    assert told == {one.name: getattr(job, one.name) for one in dataclasses.fields(Job)}
    assert (told["id"], told["unit"], told["state"]) == (job.id, "CATP", State.DELIVERED)


def test_an_explanation_tells_state_findings_and_the_warnings_somebody_accepted(office: Office) -> None:
    office.on(LATE)
    titles = ["tap_the_tien_tien"]
    job = office.drop("dk.yaml", registration("CATP", submit_date=LATE, titles_collective=titles))
    operations.accept(office.workspace, job, "DK10", WHY)
    told = facts.explanation_facts(explain(office.workspace, job))
    assert told["job"] == facts.job_facts(job)
    assert (shown(told["state"]), [one.code for one in told["findings"]]) == ("chờ ký", ["DK10", "DK06"])  # type: ignore[arg-type, attr-defined]
    assert [one.finding.code for one in told["accepted_warnings"]] == ["DK10"]  # type: ignore[attr-defined]
    assert "cho-ky" in str(told["lies_in"])
    assert [one.name for one in told["seen"]] == ["dk.yaml"]  # type: ignore[attr-defined]
    assert told["next_step"] == explain(office.workspace, job).next_step
    assert told["digital_signatures"] is None
    assert not told["decided_later"]
    assert told["title"] == "Bản đăng ký thi đua"
    assert len(told) == 11


def test_a_year_is_told_with_its_cells_its_waiting_and_its_trouble(office: Office) -> None:
    office.on(LATE)
    good = office.drop("dk.yaml", registration("CATP", submit_date=LATE))
    waiting = office.drop("gu.yaml", pledge())
    held = office.drop("dk2.yaml", "kind: dang-ky\n")
    stands = year_status(office.workspace, 2022)
    board = board_of(office.workspace, stands)

    told = facts.year_facts(stands, board)

    assert (told["year"], told["as_of"], told["changed_at"]) == (2022, stands.as_of, stands.changed_at)
    cells: dict[tuple[str, str], dict[str, object]] = {
        (one["unit"], one["kind"]): one
        for one in told["units"]  # type: ignore[attr-defined]
    }
    cell = cells["CATP", "dang-ky"]
    assert (cell["job"], cell["late_days"]) == (facts.job_facts(good), 1)
    assert cell["stand"] == next(one.status for one in stands.cells if one.job == good)
    assert cells["KNH", "dang-ky"]["job"] is None
    assert told["cluster"] == [facts.job_facts(waiting)]
    (one,) = stands.waiting
    assert told["waiting"] == [{"job": facts.job_facts(waiting), "waits_for": one.units}]
    assert one.units[:2] == ("EVNHCMC", "BTLTP")
    warnings: list[dict[str, object]] = told["warnings"]  # type: ignore[assignment]
    (warning,) = warnings
    assert {name: warning[name] for name in ("job", "unit", "kind", "rule", "pointer")} == {
        "job": good.id,
        "unit": "CATP",
        "kind": "dang-ky",
        "rule": "DK10",
        "pointer": "/submit_date",
    }
    assert warning["message"] == office.workspace.findings(good)[0].message
    assert told["unclear"] == [facts.job_facts(office.job(held.id))]
    assert told["held"] == []
    assert told["deadlines"] == board.deadlines
    assert told["counts"] == {"delivered": 1, "waiting": 1, "returned": 1}


def test_a_number_is_told_with_who_booked_it_and_why_it_is_void(office: Office) -> None:
    job = numbering.next_number(office.workspace, office.drop("dk.yaml", registration("CATP")))
    (row,) = rows(office.workspace.ledger)
    told = facts.number_facts(row)
    assert {name: told[name] for name in ("no", "number", "job", "status", "why", "who", "direction")} == {
        "no": 1,
        "number": job.number,
        "job": job.id,
        "status": "booked",
        "why": "",
        "who": "test",
        "direction": Direction.INCOMING,
    }
    assert (told["series"], told["at"], told["hash"]) == (row.series, row.booked.at, row.booked.hash)
    assert told["facts"] == row.columns.as_json()
    numbering.void_number(office.workspace, job, WHY)
    (row,) = rows(office.workspace.ledger)
    told = facts.number_facts(row)
    assert (told["status"], told["why"]) == ("void", WHY)


def test_a_reminder_is_told_with_its_letter_or_the_earlier_one_that_serves(office: Office) -> None:
    office.of_units("EVNHCMC", "CATP", "KNH")
    office.drop("dk.yaml", registration("EVNHCMC"))
    office.on("2022-06-03")
    (wanted,) = reminders(office.workspace, "dang-ky", dt.date(2022, 6, 3), None)
    letter = office.drop("khac.yaml", registration("CATP"))
    assert facts.reminder_facts(wanted, letter) == {
        "kind": "dang-ky",
        "missing": ("CATP", "KNH"),
        "due": wanted.due,
        "job": facts.job_facts(letter),
        "earlier": None,
    }
    told = facts.reminder_facts(dataclasses.replace(wanted, earlier=letter), None)
    assert (told["job"], told["earlier"]) == (None, facts.job_facts(letter))
