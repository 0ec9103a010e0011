"""Which letters are wanted on a day, and what stands in their forms; no letter is made here."""

import dataclasses
import datetime as dt

import pytest
import yaml

from pipeline.errors import NotAllowedNow, UnknownThing
from pipeline.kinds import Kind, Loaded
from pipeline.ledger import Columns, NumberWish
from pipeline.model import WHOLE, Direction, Job, JsonObject, State, TextTemplate
from pipeline.naming import key
from pipeline.status.reminding import Reminder, reminders, send
from pipeline.years.facts import Period
from tests.status.office import Office
from tests.status.recorded import put

FEW = ("EVNHCMC", "CATP", "KNH")
ORGS = {
    "EVNHCMC": "Văn phòng Đảng ủy Tổng công ty Điện lực TP.HCM",
    "CATP": "Văn phòng Đảng ủy Công an TP.HCM",
    "KNH": "Văn phòng Đảng ủy Khối Ngân hàng",
}
REGISTER = "don_doc_dang_ky"


@pytest.fixture(autouse=True)
def _few(desk: Office) -> None:
    """The cluster has three members here."""
    desk.of_units(*FEW)


def wanted(desk: Office, kind: str = "dang-ky", on: str = "2022-06-03", due: dt.date | None = None) -> list[Reminder]:
    return reminders(desk.workspace, kind, dt.date.fromisoformat(on), due)


def one(desk: Office, on: str = "2022-06-03", kind: str = "dang-ky") -> Reminder:
    (found,) = wanted(desk, kind, on)
    return found


def letter(desk: Office, state: State, *units: str, due: str = "2022-06-10", count: int = 1, **more: object) -> Job:
    """Record a letter that reminds units of their registrations."""
    values: dict[str, object] = {"reminded_units": [*units], "due": due} | ({"round": count} if count > 1 else {})
    variant = REGISTER if count == 1 else f"{REGISTER}-{count}"
    return put(desk, state, "cong-van", "", **{"variant": variant, "values": values} | more)


def with_kinds(desk: Office, *kept: Kind) -> None:
    """Let the templates folder have only these kinds."""
    loaded = Loaded({kind.id: kind for kind in kept})
    desk.workspace = dataclasses.replace(desk.workspace, loaded=lambda: loaded)


# What stands in the form -------------------------------------------------------------------------------------------


def test_the_form_says_who_is_reminded_of_what_until_when_and_why(desk: Office) -> None:
    put(desk, State.DELIVERED, unit="EVNHCMC")
    put(desk, State.RETURNED, unit="CATP")
    found = one(desk)
    assert (found.kind, found.units, found.due, found.earlier) == (
        "dang-ky",
        ("CATP", "KNH"),
        dt.date(2022, 6, 10),
        None,
    )
    assert found.form == {
        "kind": "cong-van",
        "emulation_year": 2022,
        "doc_date": "2022-06-03",
        "purpose": REGISTER,
        "addressees": [ORGS["CATP"], ORGS["KNH"]],
        "reminded_units": ["CATP", "KNH"],
        "due": "2022-06-10",
        "body": [
            "Thời hạn theo tiến độ của năm là ngày 31/5/2022, đến nay đã quá hạn 03 ngày",
            "Riêng các đơn vị đã gửi nhưng được trả lại để hoàn chỉnh, đề nghị sớm gửi lại: Công an TP.HCM",
        ],
    }


def test_several_returned_forms_are_named_in_one_sentence(desk: Office) -> None:
    for unit in ("CATP", "KNH"):
        put(desk, State.RETURNED, unit=unit)
    assert "Công an TP.HCM; Đảng ủy Khối Ngân hàng TP'" in str(one(desk).form["body"])


def test_on_the_deadline_itself_nothing_is_late_and_a_day_later_it_is(desk: Office) -> None:
    assert (one(desk, "2022-05-31").form["body"], one(desk, "2022-05-31").due) == ([], dt.date(2022, 5, 31))
    assert "01 ngày" in str(one(desk, "2022-06-01").form["body"])
    assert one(desk, "2022-06-01").due == dt.date(2022, 6, 8)


def test_whom_to_ask_is_said_when_the_office_says_it(desk: Office) -> None:
    practice = dataclasses.replace(desk.workspace.practice, contact="Hồ Thị Kim Duyệt, 0900000000")
    desk.workspace = dataclasses.replace(desk.workspace, practice=practice)
    assert one(desk, "2022-05-30").form["body"] == [
        "Cần trao đổi thêm, đề nghị liên hệ: Hồ Thị Kim Duyệt, 0900000000."
    ]


def test_all_who_owe_it_are_addressed_by_their_name_for_all_of_them(desk: Office) -> None:
    everybody = desk.workspace.year(2022).recipients["members"]
    assert one(desk).form["addressees"] == [everybody]
    desk.of_units(*FEW, recipients={})
    assert one(desk).form["addressees"] == [*ORGS.values()]
    put(desk, State.HELD, unit="KNH")
    assert one(desk).form["addressees"] == [ORGS["EVNHCMC"], ORGS["CATP"]]


def test_all_of_them_are_the_members_of_the_letter_s_day(desk: Office) -> None:
    year = desk.workspace.year(2022)

    def member(code: str, period: Period) -> None:
        units = (dataclasses.replace(unit, period=period) if unit.code == code else unit for unit in year.units)
        desk.of_units(*FEW, units=tuple(unit for unit in units if unit.code in FEW))

    everybody = year.recipients["members"]
    member("KNH", Period(ends=dt.date(2022, 3, 31)))
    assert (one(desk).units, one(desk).form["addressees"]) == (("EVNHCMC", "CATP"), [everybody]), "one had left"
    member("KNH", Period(begins=dt.date(2022, 6, 1)))
    assert one(desk).form["addressees"] == [ORGS["EVNHCMC"], ORGS["CATP"]], "one came later and owes nothing"
    member("KNH", Period(ends=dt.date(2022, 6, 1)))
    assert one(desk).form["addressees"] == [*ORGS.values()], "one that is no member any more still owes it"


def test_the_day_to_answer_by_is_some_working_days_ahead(desk: Office) -> None:
    assert one(desk, "2022-08-31").due == dt.date(2022, 9, 9), "neither the weekend nor the holidays count"
    thresholds = dataclasses.replace(desk.workspace.year(2022).thresholds, reminder_working_days=0)
    desk.of_units(*FEW, thresholds=thresholds)
    assert one(desk, "2022-06-03").due == dt.date(2022, 6, 6), "at least one"
    (given,) = wanted(desk, due=dt.date(2022, 6, 4))
    assert (given.due, given.form["due"]) == (dt.date(2022, 6, 4), "2022-06-04")


# Which letters -----------------------------------------------------------------------------------------------------


def test_nothing_missing_wants_no_letter(desk: Office) -> None:
    for unit in FEW:
        put(desk, State.HELD, unit=unit)
    assert wanted(desk) == []


def test_a_kind_is_reminded_of_from_the_working_days_before_its_deadline_on(desk: Office) -> None:
    # due on Friday 28 October, five working days after Friday 21
    for day, kinds in (
        ("2022-05-23", []),
        ("2022-05-24", ["dang-ky"]),
        ("2022-10-20", ["dang-ky"]),
        ("2022-10-21", ["bang-diem", "dang-ky"]),
    ):
        assert [found.kind for found in wanted(desk, "", day)] == kinds, day


def test_a_kind_without_a_deadline_is_reminded_of_only_by_name(desk: Office) -> None:
    desk.of_units(*FEW, milestones=())
    assert wanted(desk, "") == []
    assert (one(desk).due, one(desk).form["body"]) == (dt.date(2022, 6, 10), [])


def test_a_kind_that_no_letter_reminds_of_is_refused_with_those_that_have_one(desk: Office) -> None:
    with pytest.raises(UnknownThing, match=r"“ke-hoach”.*: bang-diem, dang-ky"):
        wanted(desk, "ke-hoach")
    with_kinds(desk, desk.workspace.loaded().kinds["ke-hoach"])
    with pytest.raises(UnknownThing, match=r"dang-ky.*: –"):
        wanted(desk)
    assert wanted(desk, "") == []


def test_a_letter_outside_the_year_is_refused(desk: Office) -> None:
    for day in ("2021-12-31", "2023-01-01"):
        with pytest.raises(NotAllowedNow, match="2022"):
            wanted(desk, on=day)
    assert one(desk, "2022-12-31").units == FEW


def test_a_kind_whose_folder_is_gone_is_not_reminded_of(desk: Office) -> None:
    with_kinds(desk, desk.workspace.loaded().kinds["cong-van"])
    assert wanted(desk) == []
    assert wanted(desk, "") == []


# Letters there were ------------------------------------------------------------------------------------------------


def test_a_letter_to_the_same_units_whose_deadline_is_ahead_asks_already(desk: Office) -> None:
    job = letter(desk, State.DELIVERED, "KNH", "CATP", "EVNHCMC")
    assert one(desk).earlier == job
    assert one(desk, "2022-06-10").earlier == job, "on its last day it still asks"
    assert one(desk, "2022-06-11").earlier is None
    put(desk, State.DELIVERED, unit="KNH")
    assert one(desk).earlier is None, "it names one who is no longer missing"


@pytest.mark.parametrize("values", [{"due": "2022-06-10"}, {"reminded_units": [*FEW]}])
def test_a_letter_that_does_not_say_whom_or_until_when_asks_nothing(desk: Office, values: JsonObject) -> None:
    letter(desk, State.DELIVERED, values=values)
    assert one(desk).earlier is None


@pytest.mark.parametrize(
    ("state", "count"),
    [
        (State.RETURNED, None),
        (State.CANCELLED, None),
        (State.HELD, None),
        (State.DELIVERED, None),
        (State.NUMBERED, 2),
        (State.ARCHIVED, 2),
    ],
)
def test_only_a_letter_that_may_be_signed_is_followed_by_a_second(
    desk: Office, state: State, count: int | None
) -> None:
    letter(desk, state, *FEW, due="2022-06-02")
    assert one(desk).form.get("round") == count


def test_a_held_letter_counts_and_a_returned_one_does_not(desk: Office) -> None:
    letter(desk, State.RETURNED, *FEW)
    assert one(desk).earlier is None
    held = letter(desk, State.HELD, *FEW)
    assert one(desk).earlier == held


def test_the_next_round_follows_the_highest_whatever_was_written_last(desk: Office) -> None:
    letter(desk, State.ARCHIVED, *FEW, due="2022-06-01")
    second = letter(desk, State.ARCHIVED, *FEW, count=2)
    assert (one(desk).form["round"], one(desk).earlier) == (3, second)
    third = letter(desk, State.DELIVERED, "KNH", count=3)
    assert (one(desk).form["round"], one(desk).earlier) == (3, None)
    assert third.variant == "don_doc_dang_ky-3"


def test_a_letter_about_something_else_does_not_count(desk: Office) -> None:
    letter(desk, State.ARCHIVED, *FEW, variant="don_doc_bao_cao")
    letter(desk, State.ARCHIVED, *FEW, variant="don_doc_dang_ky_lai")
    letter(desk, State.ARCHIVED, *FEW, year=2021)
    found = one(desk)
    assert ("round" in found.form, found.earlier) == (False, None)


def test_where_the_letter_counts_no_rounds_none_is_written(desk: Office) -> None:
    loaded = desk.workspace.loaded()
    with_kinds(desk, loaded.kinds["dang-ky"], dataclasses.replace(loaded.kinds["cong-van"], round=WHOLE))
    letter(desk, State.ARCHIVED, *FEW, due="2022-06-02", count=2)
    assert "round" not in one(desk).form


# What the letter rests on ------------------------------------------------------------------------------------------


def plan(desk: Office, state: State, **about: object) -> None:
    """Record a plan of 27 May with a number, in a state after its signature."""
    shape = TextTemplate.parse("{number}-KH/CTĐ4")
    usual: dict[str, object] = {
        "number": NumberWish("KH/2020-2025", Direction.OUTGOING, shape, 2, Columns("Kế hoạch")),
        "document_on": dt.date(2022, 5, 27),
        "values": {"doc_date": "2022-05-27", "subject": about.pop("subject", "tổ chức phong trào")},
    }
    put(desk, state, "ke-hoach", "", is_kept=True, **usual | about)


def test_the_registered_plan_is_cited_with_number_day_and_subject(desk: Office) -> None:
    assert "basis" not in one(desk).form
    plan(desk, State.DELIVERED, variant="1")
    assert "basis" not in one(desk).form, "it is not signed yet"
    plan(desk, State.SIGNED, variant="2", number=None)
    assert "basis" not in one(desk).form, "it has no number yet"
    plan(desk, State.NUMBERED, subject="tổ chức phong trào của Cụm thi đua số 4")
    assert one(desk).form["basis"] == (
        "Kế hoạch số 02-KH/CTĐ4, ngày 27/5/2022 về tổ chức phong trào của Cụm thi đua số 4"
    )


def test_a_plan_whose_subject_names_no_issuer_is_cited_with_it(desk: Office) -> None:
    plan(desk, State.NUMBERED)
    assert one(desk).form["basis"] == (
        "Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2022 của Cụm thi đua số 4 về tổ chức phong trào"
    )


def test_the_newest_of_several_plans_is_cited_and_one_without_a_day_by_its_number(desk: Office) -> None:
    plan(desk, State.ARCHIVED, variant="1")
    plan(desk, State.NUMBERED, variant="2", document_on=None, subject="đổi mới")
    basis = str(one(desk).form["basis"])
    assert basis.startswith("Kế hoạch số 02-KH/CTĐ4")
    assert basis.endswith("về đổi mới")
    assert "27/5" not in basis


def test_a_letter_that_rests_on_nothing_cites_nothing(desk: Office) -> None:
    plan(desk, State.NUMBERED)
    loaded = desk.workspace.loaded()
    cong_van = loaded.kinds["cong-van"]
    assert cong_van.reminding is not None
    bare = dataclasses.replace(cong_van, reminding=dataclasses.replace(cong_van.reminding, basis=""))
    with_kinds(desk, loaded.kinds["dang-ky"], bare)
    assert "basis" not in one(desk).form


# Sent --------------------------------------------------------------------------------------------------------------


def test_what_is_sent_is_taken_like_a_form_that_a_clerk_dropped(desk: Office) -> None:
    found = one(desk)
    job = send(desk.workspace, found)
    assert (job.state, job.name, job.folder) == (State.RECEIVED, "don-doc-dang-ky.yaml", "")
    text = desk.workspace.spool.get(job.submission_sha256).decode()
    assert yaml.safe_load(text) == found.form
    assert text.startswith("kind: cong-van\n"), "in the order in which it was written"
    assert "Cụm" in text, "with its letters as they are"
    assert send(desk.workspace, found).id == job.id, "the same letter is taken once"
    (seen,) = desk.workspace.ledger.seen(sha256=job.submission_sha256)
    assert desk.workspace.ledger.seen(name_key=key("don-doc-dang-ky.yaml")) == [seen]
