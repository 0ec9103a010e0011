"""How a year stands: from jobs in the ledger to what the board shows, without making any document."""

import dataclasses
import datetime as dt
from collections.abc import Iterable

import pytest

from pipeline.kinds import Loaded
from pipeline.ledger import Outcome, Publication
from pipeline.messages import say, verbatim
from pipeline.model import Finding, Place, Role, Severity, State
from pipeline.status import UnitStatus, board_of, explain, year_status
from pipeline.status.views import Board, Cell, Deadline, Status
from pipeline.steps.warnings import accept
from pipeline.years.facts import Period
from tests.folders import UNITS
from tests.said import en, vi
from tests.status.office import Office
from tests.status.recorded import put

LATE = Finding("DK10", Severity.WARN, verbatim("Nộp muộn."))
SHORT = Finding("DK06", Severity.WARN, verbatim("Thiếu."), Place(line=1))
TOO_SHORT = Finding("DK06", Severity.WARN, verbatim("Thiếu nữa."), Place(line=2))
WRONG = Finding("DK01", Severity.BLOCK, verbatim("Sai."))


def cells(desk: Office, kind: str = "dang-ky", on: dt.date | None = None) -> dict[str, UnitStatus]:
    return {one.unit: one for one in year_status(desk.workspace, 2022, on).cells if one.kind == kind}


def board(desk: Office) -> Board:
    return board_of(desk.workspace, year_status(desk.workspace, 2022))


def deadlines(desk: Office) -> dict[str, tuple[int, int]]:
    return {one.code: (one.sent, one.expected) for one in board(desk).deadlines}


# One cell ----------------------------------------------------------------------------------------------------------

SHOWN = {
    State.READ: Status.CHECKING,
    State.ACCEPTED: Status.VALID,
    State.WAITING: Status.VALID,
    State.FILLED: Status.VALID,
    State.RENDERED: Status.VALID,
    State.DELIVERED: Status.AWAITED,
    State.NUMBERED: Status.AWAITED,
    State.PARTLY_SIGNED: Status.PARTLY_SIGNED,
    State.SIGNED: Status.SIGNED,
    State.REGISTERED: Status.SIGNED,
    State.ARCHIVED: Status.ARCHIVED,
    State.RETURNED: Status.RETURNED,
    State.HELD: Status.HELD,
}


def test_each_state_of_a_document_is_one_status_of_its_unit(desk: Office) -> None:
    pairs = [(unit, kind) for kind in ("dang-ky", "bang-diem") for unit in UNITS]
    put_in = {pair: put(desk, state, unit=pair[0], kind=pair[1]) for pair, state in zip(pairs, SHOWN, strict=False)}
    found = {(one.unit, one.kind): one for one in year_status(desk.workspace, 2022).cells if one.kind != "x"}
    for (pair, job), status in zip(put_in.items(), SHOWN.values(), strict=True):
        assert (found[pair].status, found[pair].job) == (status, job)
        assert found[pair].is_missing == (status is Status.RETURNED)
        del found[pair]
    assert {one.status for one in found.values()} == {Status.MISSING}
    assert all(one.is_missing and one.job is None and not one.late_days for one in found.values())


@pytest.mark.parametrize("state", [State.SUPERSEDED, State.CANCELLED, State.MATCHED])
def test_what_is_past_counts_for_nothing(desk: Office, state: State) -> None:
    put(desk, state)
    assert cells(desk)["CATP"].status is Status.MISSING
    kept = put(desk, State.DELIVERED)
    put(desk, state)
    assert cells(desk)["CATP"].job == kept


def test_the_newest_counts_unless_an_older_one_was_accepted(desk: Office) -> None:
    put(desk, State.RETURNED)
    held = put(desk, State.HELD)
    assert cells(desk)["CATP"].job == held
    accepted = put(desk, State.ACCEPTED)
    assert cells(desk)["CATP"].job == accepted
    put(desk, State.RETURNED)
    assert cells(desk)["CATP"].job == accepted


def test_a_file_of_no_kind_and_one_of_another_year_fill_no_cell(desk: Office) -> None:
    put(desk, State.RETURNED, kind="")
    put(desk, State.DELIVERED, year=2021)
    facts = year_status(desk.workspace, 2022)
    assert {one.status for one in facts.cells} == {Status.MISSING}
    assert facts.cluster == ()


def test_cells_stand_unit_by_unit_and_the_kind_due_first_comes_first(desk: Office) -> None:
    desk.of_units("EVNHCMC", "CATP")
    assert [(one.unit, one.kind) for one in year_status(desk.workspace, 2022).cells] == [
        ("EVNHCMC", "dang-ky"),
        ("EVNHCMC", "bang-diem"),
        ("CATP", "dang-ky"),
        ("CATP", "bang-diem"),
    ]
    milestones = desk.workspace.year(2022).milestones
    desk.of_units("CATP", milestones=tuple(one for one in milestones if one.code != "M_DANGKY"))
    assert [one.kind for one in year_status(desk.workspace, 2022).cells] == ["bang-diem", "dang-ky"]
    desk.of_units("CATP", milestones=())
    assert [one.kind for one in year_status(desk.workspace, 2022).cells] == ["bang-diem", "dang-ky"]


# Being late --------------------------------------------------------------------------------------------------------


def test_days_of_delay_are_counted_from_the_day_after_the_deadline(desk: Office) -> None:
    days = {day: cells(desk, on=dt.date.fromisoformat(day))["CATP"].late_days for day in ("2022-05-31", "2022-06-01")}
    assert days == {"2022-05-31": 0, "2022-06-01": 1}
    assert cells(desk, on=dt.date(2023, 2, 1))["CATP"].late_days == 214, "to the last day of the year"


def test_what_came_late_stays_as_late_as_it_came_and_what_was_sent_back_grows_later(desk: Office) -> None:
    desk.on("2022-06-02")
    put(desk, State.ACCEPTED, unit="CATP")
    put(desk, State.RETURNED, unit="KNH")
    put(desk, State.HELD, unit="SATRA")
    desk.on("2022-06-10")
    found = cells(desk)
    assert (found["CATP"].late_days, found["KNH"].late_days, found["SATRA"].late_days) == (2, 10, 2)


def test_the_first_accepted_file_says_when_a_form_came(desk: Office) -> None:
    put(desk, State.RETURNED)
    desk.on("2022-06-02")
    accepted = put(desk, State.ACCEPTED)
    desk.workspace.ledger.advance(accepted, Outcome(State.SUPERSEDED))
    desk.on("2022-06-05")
    put(desk, State.ACCEPTED)
    assert cells(desk)["CATP"].late_days == 2
    put(desk, State.RETURNED, unit="KNH")
    desk.on("2022-06-07")
    put(desk, State.HELD, unit="KNH")
    assert cells(desk)["KNH"].late_days == 5, "of files that were never accepted the first counts"


def test_an_entry_after_the_year_is_judged_by_the_paper_s_own_date(desk: Office) -> None:
    desk.on("2023-01-02")
    put(desk, State.ACCEPTED, unit="CATP", document_on=dt.date(2022, 6, 3))
    put(desk, State.ACCEPTED, unit="KNH")
    desk.on("2022-12-31")
    put(desk, State.ACCEPTED, unit="SATRA", document_on=dt.date(2022, 5, 1))
    found = cells(desk)
    assert (found["CATP"].late_days, found["KNH"].late_days, found["SATRA"].late_days) == (3, 216, 214)


def test_without_a_deadline_nothing_is_late(desk: Office) -> None:
    desk.of_units("CATP", milestones=())
    assert cells(desk, on=dt.date(2022, 12, 1))["CATP"] == UnitStatus("CATP", "dang-ky", None, Status.MISSING, 0)


def test_who_is_no_member_on_the_day_it_is_due_owes_nothing_unless_it_sent_something(desk: Office) -> None:
    def member(begins: str, ends: str) -> None:
        year, period = desk.workspace.year(2022), Period(dt.date.fromisoformat(begins), dt.date.fromisoformat(ends))
        units = tuple(dataclasses.replace(unit, period=period) for unit in year.units if unit.code == "CATP")
        desk.of_units("CATP", units=units)

    member("2022-06-01", "2022-12-31")
    assert cells(desk)["CATP"].status is Status.NOT_OWED
    assert cells(desk, "bang-diem")["CATP"].status is Status.MISSING
    member("2022-01-01", "2022-05-31")
    assert cells(desk)["CATP"].status is Status.MISSING
    assert cells(desk, "bang-diem")["CATP"].status is Status.NOT_OWED
    assert deadlines(desk)["M_TUCHAM"] == (0, 0)
    put(desk, State.RETURNED, kind="bang-diem")
    assert cells(desk, "bang-diem")["CATP"].status is Status.RETURNED
    member("2022-06-01", "2022-12-31")
    desk.of_units("CATP", units=desk.workspace.year(2022).units, milestones=())
    assert cells(desk, on=dt.date(2022, 5, 31))["CATP"].status is Status.NOT_OWED, "no deadline: the day asked for"
    assert cells(desk, on=dt.date(2022, 6, 1))["CATP"].status is Status.MISSING


# The year ----------------------------------------------------------------------------------------------------------


def test_the_cluster_s_own_documents_are_those_of_no_unit(desk: Office) -> None:
    plan = put(desk, State.DELIVERED, kind="ke-hoach", unit="")
    start = put(desk, State.DELIVERED, kind="bien-ban", unit="", variant="trien_khai")
    signing = put(desk, State.RETURNED, kind="bien-ban", unit="", variant="ky_giao_uoc")
    nobody = put(desk, State.RETURNED, kind="dang-ky", unit="")
    removed = put(desk, State.ARCHIVED, kind="thong-cao", unit="")
    put(desk, State.DELIVERED)
    facts = year_status(desk.workspace, 2022)
    assert facts.cluster == (plan, start, signing, removed)
    assert facts.unclear == (nobody,)


def test_what_is_held_of_any_year_and_what_nobody_knows_wait_for_a_person(desk: Office) -> None:
    put(desk, State.RETURNED)
    held = put(desk, State.HELD, year=2021)
    unknown = put(desk, State.HELD, kind="", unit="", year=0)
    no_unit = put(desk, State.RETURNED, unit="", year=0)
    put(desk, State.READ, kind="", unit="")
    facts = year_status(desk.workspace, 2022)
    assert facts.held == (held, unknown)
    assert facts.unclear == (unknown, no_unit)
    shown = board(desk).stopped
    assert [(one.job_id, one.unit, one.name) for one in shown] == [
        (held.id, "Công an TP.HCM", held.name),
        (unknown.id, "", unknown.name),
        (no_unit.id, "", no_unit.name),
    ], "what is held and unknown is shown once"
    assert [en(one.state) for one in shown] == [
        "held, a person decides",
        "held, a person decides",
        "returned, to be mended",
    ]


def test_what_stopped_says_why(desk: Office) -> None:
    put(desk, State.HELD, why="mẫu hỏng", unit="LẠ")
    (stopped,) = board(desk).stopped
    assert (vi(stopped.reason), stopped.unit) == ("mẫu hỏng", "LẠ"), "a unit the year does not know keeps its code"


def test_counts_and_the_last_change_are_those_of_the_ledger(desk: Office) -> None:
    assert year_status(desk.workspace, 2022).changed_at is None
    put(desk, State.DELIVERED)
    put(desk, State.RETURNED, year=2021)
    desk.clock.now += dt.timedelta(hours=1)
    put(desk, State.RETURNED, unit="KNH")
    facts = year_status(desk.workspace, 2022)
    assert facts.counts == {State.DELIVERED: 1, State.RETURNED: 2}
    assert facts.changed_at == desk.clock.now
    assert board(desk).changed_at == desk.clock.now


def test_a_warning_is_open_while_its_document_is_under_way_and_nobody_accepted_it(desk: Office) -> None:
    under_way = put(desk, State.DELIVERED, findings=(LATE, WRONG))
    accepted = put(desk, State.DELIVERED, unit="KNH", findings=(LATE, SHORT))
    accept(desk.workspace, accepted, [LATE], "đã xin phép")
    put(desk, State.ARCHIVED, unit="SATRA", findings=(LATE,))
    put(desk, State.RETURNED, unit="DHQG", findings=(LATE, WRONG))
    put(desk, State.SUPERSEDED, unit="SAWACO", findings=(LATE,))
    assert year_status(desk.workspace, 2022).warnings == ((under_way, LATE), (accepted, SHORT))


def test_a_document_that_waits_names_the_units_it_waits_for(desk: Office) -> None:
    desk.of_units("EVNHCMC", "CATP", "KNH")
    put(desk, State.DELIVERED, unit="CATP")
    put(desk, State.RETURNED, unit="KNH")
    job = put(desk, State.WAITING, kind="giao-uoc", unit="", values={"sign_date": "2022-06-02"})
    (waits,) = year_status(desk.workspace, 2022).waiting
    assert (waits.job, waits.units) == (job, ("EVNHCMC", "KNH"))
    (shown,) = board(desk).waiting
    assert (shown.job_id, shown.title, shown.codes) == (job.id, "Giao ước thi đua", ("EVNHCMC", "KNH"))
    assert shown.units == ("Tổng công ty Điện lực TP.HCM", "Đảng ủy Khối Ngân hàng TP")
    assert "Tổng công ty Điện lực TP.HCM; Đảng ủy Khối Ngân hàng TP" in en(explain(desk.workspace, job).next_step)


# The board ---------------------------------------------------------------------------------------------------------


def test_the_board_shows_cells_and_columns_under_the_names_of_the_year(desk: Office) -> None:
    desk.of_units("EVNHCMC", "CATP")
    job = put(desk, State.DELIVERED)
    desk.on("2022-06-01")
    shown = board(desk)
    assert (shown.year, shown.as_of) == (2022, dt.date(2022, 6, 1))
    assert shown.cluster == "Cụm thi đua số 4 Văn phòng Thành ủy Thành phố Hồ Chí Minh"
    assert [(one.kind, vi(one.title), one.abbreviation, one.due) for one in shown.columns] == [
        ("dang-ky", "Bản đăng ký thi đua", "ĐK", dt.date(2022, 5, 31)),
        ("bang-diem", "Bảng chấm điểm", "BĐ", dt.date(2022, 10, 28)),
    ]
    assert [(row.unit, row.name, row.cells) for row in shown.rows] == [
        ("EVNHCMC", "Tổng công ty Điện lực TP.HCM", (Cell(Status.MISSING, 1), Cell(Status.MISSING))),
        ("CATP", "Công an TP.HCM", (Cell(Status.AWAITED, 0, job.id), Cell(Status.MISSING))),
    ]


def test_a_document_is_called_by_its_kind_its_choice_and_the_time(desk: Office) -> None:
    for kind, variant in (
        ("ke-hoach", ""),
        ("bien-ban", "ky_giao_uoc"),
        ("cong-van", "don_doc_dang_ky"),
        ("cong-van", "don_doc_dang_ky-2"),
        ("cong-van", "tu_dat-3"),
        ("quy-che", "x1"),
        ("thong-cao", "gi_do"),
    ):
        put(desk, State.DELIVERED, kind=kind, unit="", variant=variant)
    assert [one.title for one in board(desk).documents] == [
        "Kế hoạch",
        "Biên bản: Lễ ký giao ước",
        "Công văn: Đôn đốc đăng ký",
        "Công văn: Đôn đốc đăng ký (2)",
        "Công văn: tu_dat (3)",
        "Quy chế: x1",
        "thong-cao",
    ]


def test_a_document_of_the_cluster_is_listed_with_state_and_number(desk: Office) -> None:
    job = put(desk, State.WAITING, kind="ke-hoach", unit="")
    (shown,) = board(desk).documents
    assert (shown.job_id, en(shown.state), shown.status, shown.number) == (
        job.id,
        "waiting for others",
        Status.VALID,
        "",
    )


def test_warnings_of_one_rule_and_document_are_told_as_one(desk: Office) -> None:
    job = put(desk, State.DELIVERED, findings=(SHORT, LATE, TOO_SHORT))
    plan = put(desk, State.DELIVERED, kind="ke-hoach", unit="", findings=(LATE,))
    assert [
        (one.job_id, one.unit, one.title, one.rule, vi(one.message), one.count) for one in board(desk).warnings
    ] == [
        (job.id, "Công an TP.HCM", "Bản đăng ký thi đua", "DK06", "Thiếu.", 2),
        (job.id, "Công an TP.HCM", "Bản đăng ký thi đua", "DK10", "Nộp muộn.", 1),
        (plan.id, "", "Kế hoạch", "DK10", "Nộp muộn.", 1),
    ]


def test_deadlines_stand_in_order_with_the_days_left_and_who_is_in_charge(desk: Office) -> None:
    year = desk.workspace.year(2022)
    desk.of_units("CATP", milestones=tuple(reversed(year.milestones)))
    shown = board(desk).deadlines
    assert [(one.code, one.days_left) for one in shown] == [
        ("M_HOINGHI", -5),
        ("M_DANGKY", 1),
        ("M_KYGIAOUOC", 3),
        ("M_SOKET", 46),
        ("M_TUCHAM", 151),
        ("M_BINHXET", 165),
        ("M_BAOCAO", 169),
    ]
    assert shown[2] == Deadline(
        "M_KYGIAOUOC", "Lễ ký kết giao ước thi đua", "Cụm trưởng", dt.date(2022, 6, 2), 3, sent=0, expected=1
    )


def test_papers_received_are_those_of_the_units_and_the_cluster_s_own(desk: Office) -> None:
    put(desk, State.DELIVERED, unit="CATP")
    put(desk, State.HELD, unit="KNH")
    put(desk, State.RETURNED, unit="SATRA")
    assert deadlines(desk)["M_DANGKY"] == (2, 10)
    assert deadlines(desk)["M_HOINGHI"] == (0, 0)
    assert deadlines(desk)["M_KYGIAOUOC"] == (0, 1)


@pytest.mark.parametrize(
    ("states", "sent"),
    [
        ((State.ACCEPTED, State.WAITING, State.RETURNED, State.HELD), 0),
        ((State.FILLED,), 1),
        ((State.RENDERED,), 1),
        ((State.DELIVERED,), 1),
        ((State.ARCHIVED,), 1),
    ],
)
def test_a_paper_of_the_cluster_counts_as_received_once_it_is_made(
    desk: Office, states: Iterable[State], sent: int
) -> None:
    for state in states:
        put(desk, state, kind="bao-cao-so-ket", unit="", variant=state.value)
    assert deadlines(desk)["M_SOKET"] == (sent, 1)


# One document ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.READ, "The program goes on by itself; if nothing changes: vanthu run"),
        (State.RETURNED, "The sender mends the places named in the note and drops the file again."),
        (State.HELD, "The operator mends the cause (vì #7 chờ), then: vanthu reprocess 1"),
        (State.DELIVERED, "The document is signed and its scan dropped into the inbox."),
        (State.NUMBERED, "The number – is written on the paper; its scan is dropped."),
        (State.ARCHIVED, "Nothing: it is filed."),
        (State.MATCHED, "Nothing: this was the signed paper of vì #7 chờ."),
        (State.SUPERSEDED, "Nothing: it was made again as a new version (vì #7 chờ)."),
        (State.CANCELLED, "Nothing: it was cancelled (vì #7 chờ)."),
    ],
)
def test_what_happens_next_is_said_for_every_state(desk: Office, state: State, said: str) -> None:
    job = put(desk, state, why="vì job 7 chờ")
    assert en(explain(desk.workspace, job).next_step) == said.replace("number –", "number ")


def test_what_took_the_place_of_a_document_is_named(desk: Office) -> None:
    assert en(explain(desk.workspace, put(desk, State.SUPERSEDED, why="job 7")).next_step) == (
        "Nothing: #7 took its place."
    )


def test_a_reason_that_was_never_given_is_a_dash(desk: Office) -> None:
    assert "(–)" in en(explain(desk.workspace, put(desk, State.CANCELLED)).next_step)


def test_an_explanation_gathers_what_is_known_of_a_document(desk: Office) -> None:
    workspace = desk.workspace
    content = workspace.spool.put(b"x")
    job = put(
        desk,
        State.DELIVERED,
        findings=(LATE, WRONG),
        publications=(Publication("cho-ky/a.docx", content), Publication("van-thu/b.html", content)),
    )
    told = explain(workspace, job)
    assert told.lies_in == (), "recorded, and not published yet"
    for one in workspace.ledger.pending():
        workspace.ledger.done([one])
    told = explain(workspace, job)
    assert told.lies_in == ("outbox/cho-ky/a.docx", "outbox/van-thu/b.html")
    assert (told.job, vi(told.state)) == (job, vi(say("waiting for signature")))
    assert told.title == "Bản đăng ký thi đua"
    assert told.findings == (LATE, WRONG)
    assert [(one.finding, one.acceptance) for one in told.warnings] == [(LATE, None)]
    assert [(one.job_id, one.name) for one in told.seen] == [(job.id, job.name)]
    filed = workspace.ledger.advance(
        workspace.ledger.advance(job, Outcome(State.SIGNED)),
        Outcome(State.REGISTERED, artifacts=(workspace.keep(Role.FILED, b"pdf", "2022/a.pdf"),)),
    )
    assert explain(workspace, filed).lies_in[-1] == "archive/2022/a.pdf"
    assert explain(workspace, put(desk, State.READ, kind="thong-cao")).title == "thong-cao"


def test_troubles_are_told_until_the_document_moves(desk: Office) -> None:
    workspace = desk.workspace
    job = put(desk, State.ACCEPTED)
    workspace.ledger.attempt(job, "hết chỗ")
    workspace.ledger.attempt(job, "mất mạng")
    told = explain(workspace, job)
    assert [one.what for one in told.attempts] == ["hết chỗ", "mất mạng"]
    assert en(told.next_step) == "It is tried again by itself; it failed 2 times, the last time: mất mạng"
    moved = workspace.ledger.advance(job, Outcome(State.FILLED))
    assert explain(workspace, moved).attempts == ()
    assert "goes on by itself" in en(explain(workspace, moved).next_step)
    done = workspace.ledger.advance(
        workspace.ledger.advance(moved, Outcome(State.RENDERED)), Outcome(State.DELIVERED)
    )
    workspace.ledger.attempt(done, "mất mạng")
    assert "is signed" in en(explain(workspace, done).next_step), "what a person must do goes first"


def test_a_kind_that_is_gone_leaves_the_rest_of_the_board(desk: Office) -> None:
    put(desk, State.DELIVERED)
    loaded = desk.workspace.loaded()
    fewer = Loaded({name: kind for name, kind in loaded.kinds.items() if name != "dang-ky"})
    desk.workspace = dataclasses.replace(desk.workspace, loaded=lambda: fewer)
    assert [column.kind for column in board(desk).columns] == ["bang-diem"]
    assert deadlines(desk)["M_DANGKY"] == (0, 0)
