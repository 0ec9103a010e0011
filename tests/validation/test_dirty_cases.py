"""The dirty values of noi-dung §10, and their relatives: the findings expected and no others, in their places."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from pipeline import validation
from pipeline.model import Address, Finding, Message, Place, Severity
from tests.rules.samples import (
    Values,
    changed,
    judged,
    kind,
    minutes,
    plan,
    pledge,
    registration,
    regulations,
    told,
    year,
)
from tests.said import en, vi

CLEAN: dict[str, Callable[[], Values]] = {
    "dang-ky": registration,
    "ke-hoach": plan,
    "giao-uoc": pledge,
    "bien-ban": minutes,
    "quy-che": regulations,
    "phu-luc-hoat-dong": lambda: {
        "emulation_year": 2022,
        "doc_date": "2022-06-01",
        "plan_ref": "Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2022",
    },
}


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_nothing_is_said_about_a_clean_form_of(name: str) -> None:
    assert told(judged(name, CLEAN[name]())) == []


@pytest.mark.parametrize("unit", [unit.code for unit in year().units])
def test_nothing_is_said_about_the_registration_of(unit: str) -> None:
    titles = ["don_vi_quyet_thang"] if unit in ("CATP", "BTLTP", "BDBPTP") else ["tap_the_tien_tien"]
    assert told(judged("dang-ky", registration(unit) | {"titles_collective": titles})) == []


def put(pointer: str, value: object) -> Callable[[Values], object]:
    """A change: `value` at `pointer`; None takes away what is there."""

    def change(values: Values) -> None:
        *way, last = pointer.split("/")[1:]
        here: Any = values
        for part in way:
            here = here[int(part)] if isinstance(here, list) else here[part]
        if value is None:
            del here[int(last) if isinstance(here, list) else last]
        elif isinstance(here, list):
            here[int(last) : int(last) + 1] = [value]
        else:
            here[last] = value

    return change


E, W, I = "block", "warn", "info"  # noqa: E741 - the letters of the office's list of rules

CASES: list[tuple[str, str, list[Callable[[Values], object]], list[tuple[str, str, str]]]] = [
    # noi-dung §10, as far as values go
    (
        "two activities in one cell",
        "dang-ky",
        [put("/activities/0/title", "1. Về nguồn tại Củ Chi\n2. Hội thao giao lưu")],
        [("DK02", E, "/activities/0/title")],
    ),
    ("no activity row", "dang-ky", [put("/activities", None)], [("DK02", E, "/activities")]),
    ("an empty table of activities", "dang-ky", [put("/activities", [])], [("DK02", E, "/activities")]),
    (
        "ND6 missing, ND5 twice",
        "dang-ky",
        [put("/targets/5/content_code", "ND5")],
        [("DK03", E, "/targets/5/content_code")],
    ),
    (
        "a telephone of nine figures",
        "dang-ky",
        [put("/focal_point/phone", "90000001")],
        [("DK08", W, "/focal_point/phone")],
    ),
    (
        "an activity on 31/06",
        "dang-ky",
        [put("/activities/0/planned_date", "2022-06-31")],
        [("F03", E, "/activities/0/planned_date")],
    ),
    (
        "signed before 01/09 as Chánh Văn phòng",
        "dang-ky",
        [put("/unit_code", "KCXCN"), put("/leader", {"full_name": "Đỗ Lê Nguyên Vỹ", "position": "Chánh Văn phòng"})],
        [("F08", E, "/leader/position")],
    ),
    ("nine parties", "giao-uoc", [put("/parties/8", None), put("/originals_count", 10)], [("GU01", E, "/parties")]),
    (
        "signed on Sunday 12/06",
        "giao-uoc",
        [put("/sign_date", "2022-06-12")],
        [("GU07", E, "/sign_date"), ("F04", W, "/sign_date")],
    ),
    ("8+1+1 votes of 9", "bien-ban", [put("/decisions/2/against", 1)], [("BB04", E, "/decisions/2/for")]),
    (
        "the chair writes the minutes",
        "bien-ban",
        [put("/secretary/full_name", "ĐẶNG THỊ THÙY NHIÊN")],
        [("BB01", E, "/secretary/full_name"), ("F10", W, "/secretary/full_name")],
    ),
    ("the end before the beginning", "bien-ban", [put("/end_at", "08:00")], [("BB09", E, "/end_at")]),
    ("100% with 8 of 9", "bien-ban", [put("/decisions/2/percent", 100)], [("BB06", E, "/decisions/2/percent")]),
    (
        "seven contents, and 08 in the text",
        "ke-hoach",
        [put("/contents/5", None)],
        [("F17", E, "/objectives"), ("KH01", E, "/contents")],
    ),
    (
        "the law of 2022 in a plan of 2022",
        "ke-hoach",
        [put("/legal_basis", ["Luật Thi đua, khen thưởng số 06/2022/QH15, ngày 15/6/2022"])],
        [("F11", E, "/legal_basis/0")],
    ),
    (
        "a decree of 2023 in a plan of 2022",
        "ke-hoach",
        [put("/legal_basis", ["Nghị định 91/2017/NĐ-CP", "Nghị định số 98/2023/NĐ-CP"])],
        [("F11", E, "/legal_basis/1")],
    ),
    # registration
    (
        "two rows of activities",
        "dang-ky",
        [lambda v: v["activities"].append({**v["activities"][0], "title": "Hội thao", "planned_date": "2022-08-26"})],
        [("DK02", E, "/activities/1/title")],
    ),
    ("a row of targets missing", "dang-ky", [put("/targets/7", None)], [("DK03", E, "/targets")]),
    (
        "a target of 120 per cent",
        "dang-ky",
        [put("/targets/0/target_value", 120)],
        [("DK05", E, "/targets/0/target_value")],
    ),
    (
        "a target due in another year",
        "dang-ky",
        [put("/targets/3/due", "2023-01-15")],
        [("F02", E, "/targets/3/due")],
    ),
    (
        "an activity after the self-scoring",
        "dang-ky",
        [put("/activities/0/planned_date", "2022-11-04")],
        [("DK04", E, "/activities/0/planned_date")],
    ),
    (
        "an activity in another year",
        "dang-ky",
        [put("/activities/0/planned_date", "2023-06-24")],
        [("F02", E, "/activities/0/planned_date")],
    ),
    (
        "more persons than the office has",
        "dang-ky",
        [put("/titles_individual_count", {"tien_tien": 30})],
        [("DK06", W, "/titles_individual_count/tien_tien")],
    ),
    (
        "a title of the army for a company",
        "dang-ky",
        [put("/titles_collective", ["don_vi_quyet_thang"])],
        [("DK06", W, "/titles_collective/0")],
    ),
    ("an unknown unit", "dang-ky", [put("/unit_code", "XYZ")], [("F18", E, "/unit_code")]),
    ("last year's form", "dang-ky", [put("/emulation_year", 2021)], [("F05", E, "/emulation_year")]),
    ("late", "dang-ky", [put("/submit_date", "2022-06-03")], [("DK10", W, "/submit_date")]),
    (
        "signed by somebody unknown",
        "dang-ky",
        [put("/leader/full_name", "Trần Văn Bình")],
        [("F08", E, "/leader/full_name")],
    ),
    ("dots instead of a name", "dang-ky", [put("/leader/full_name", "………")], [("F01", E, "/leader/full_name")]),
    ("no leader at all", "dang-ky", [put("/leader", None)], [("field.required", E, "/leader")]),
    ("no date of submission", "dang-ky", [put("/submit_date", None)], [("field.required", E, "/submit_date")]),
    (
        "a due date missing in a row",
        "dang-ky",
        [put("/targets/2/due", None)],
        [("field.required", E, "/targets/2/due")],
    ),
    (
        "a content missing in a row",
        "dang-ky",
        [put("/targets/2/content_code", "")],
        [("field.required", E, "/targets/2/content_code")],
    ),
    ("text for a number", "dang-ky", [put("/headcount", "nhiều")], [("field.type", E, "/headcount")]),
    (
        "an e-mail address that is none",
        "dang-ky",
        [put("/focal_point/email", "a(at)example")],
        [("DK08", W, "/focal_point/email")],
    ),
    ("an item the form does not have", "dang-ky", [put("/headcuont", 5)], [("field.unknown", E, "/headcuont")]),
    # pledge agreement
    (
        "a party twice",
        "giao-uoc",
        [put("/parties/8/unit_code", "KCXCN")],
        [("GU04", E, "/parties/8/representative"), ("GU01", E, "/parties/9/unit_code")],
    ),
    (
        "the deputy first",
        "giao-uoc",
        [lambda v: v["parties"].insert(0, v["parties"].pop(1))],
        [("GU03", W, "/parties/0/unit_code")],
    ),
    (
        "a substitute without paper",
        "giao-uoc",
        [put("/parties/3/representative", "Võ Hoàng Nhật Phương"), put("/parties/3/position", "Trợ lý Chính trị")],
        [("GU04", E, "/parties/3/representative")],
    ),
    (
        "a substitute with paper",
        "giao-uoc",
        [
            put("/parties/3/representative", "Võ Hoàng Nhật Phương"),
            put("/parties/3/position", "Trợ lý Chính trị"),
            put("/parties/3/authorization", "Giấy ủy quyền số 05-GUQ/ĐU, ngày 01/6/2022"),
        ],
        [],
    ),
    (
        "two pledges changed round",
        "giao-uoc",
        [lambda v: v["pledges"].insert(0, v["pledges"].pop(1))],
        [("GU05", E, "/pledges/0/content_code")],
    ),
    ("nine originals", "giao-uoc", [put("/originals_count", 9)], [("GU08", E, "/originals_count")]),
    ("in force beyond the year", "giao-uoc", [put("/effective_to", "2023-01-31")], [("GU09", E, "/effective_to")]),
    (
        "a common target of 110 per cent",
        "giao-uoc",
        [put("/common_targets/0/value", 110)],
        [("GU06", E, "/common_targets/0/value")],
    ),
    # minutes
    (
        "a unit forgotten in the attendance",
        "bien-ban",
        [put("/attendance/8", None)],
        [("BB02", E, "/attendance"), ("BB02", E, "/member_total"), ("BB02", E, "/absent_total")],
    ),
    ("a wrong number of present units", "bien-ban", [put("/present_total", 10)], [("BB02", E, "/present_total")]),
    ("no vote on the regulations", "bien-ban", [put("/decisions/2", None)], [("BB07", E, "/decisions")]),
    (
        "an absent unit speaks",
        "bien-ban",
        [put("/opinions/0/unit_code", "KNH")],
        [("BB10", W, "/opinions/0/unit_code")],
    ),
    ("a task without a date", "bien-ban", [put("/conclusions/0/due", None)], [("BB11", W, "/conclusions/0/due")]),
    ("the chair of another unit", "bien-ban", [put("/chair/unit_code", "CATP")], [("BB01", E, "/chair/unit_code")]),
    (
        "a meeting on a holiday",
        "bien-ban",
        [put("/meeting_kind", "so_ket"), put("/meeting_date", "2022-05-03")],
        [("F04", W, "/meeting_date")],
    ),
    # plan
    (
        "contents out of order",
        "ke-hoach",
        [lambda v: v["contents"].insert(0, v["contents"].pop(1))],
        [("KH01", E, "/contents/0/code")],
    ),
    (
        "a content under another title",
        "ke-hoach",
        [put("/contents/2/title", "Ứng dụng công nghệ thông tin")],
        [("KH01", E, "/contents/2/title")],
    ),
    (
        "weights that do not add up",
        "ke-hoach",
        [lambda v: [row.update(weight=10) for row in v["contents"]]],
        [("KH02", E, "/contents")],
    ),
    ("dated before the conference", "ke-hoach", [put("/doc_date", "2022-05-24")], [("KH08", E, "/doc_date")]),
    (
        "the recipients without VPTU",
        "ke-hoach",
        [put("/recipients", ["Các đơn vị thành viên"])],
        [("F13", W, "/recipients")],
    ),
    (
        "signed by a doctor",
        "ke-hoach",
        [put("/signer", {"full_name": "TS. Đặng Thị Thuỳ Nhiên", "position": "Chánh Văn phòng"})],
        [("F10", W, "/signer/full_name")],
    ),
    (
        "last year's subject",
        "ke-hoach",
        [put("/subject", "tổ chức các hoạt động thi đua năm 2021 của Cụm thi đua số 4")],
        [("F05", E, "/subject")],
    ),
    # regulations
    (
        "an article number left out",
        "quy-che",
        [put("/chapters/1/articles/0/number", 6)],
        [("QC01", E, "/chapters/1/articles/0/number")],
    ),
    ("a chapter number twice", "quy-che", [put("/chapters/1/roman_no", "I")], [("QC01", E, "/chapters/1/roman_no")]),
    ("no article on voting", "quy-che", [put("/chapters/2/articles/1/topic", "khac")], [("QC02", E, "/chapters")]),
    (
        "a reference to an article that is not there",
        "quy-che",
        [put("/chapters/1/articles/2/text", "theo Điều 19 Quy chế này")],
        [("QC08", E, "/chapters/1/articles/2/text")],
    ),
    ("another head unit", "quy-che", [put("/head_unit", "SATRA")], [("QC06", E, "/head_unit")]),
    (
        "in effect before it was adopted",
        "quy-che",
        [put("/effective_date", "2022-05-20")],
        [("QC07", E, "/effective_date")],
    ),
    (
        "a deadline other than the year's",
        "quy-che",
        [put("/report_deadlines/0/due", "2022-07-01")],
        [("QC04", E, "/report_deadlines/0/due")],
    ),
    ("a scale of 1000", "quy-che", [put("/scoring_max", 1000)], [("QC05", E, "/scoring_max")]),
]


@pytest.mark.parametrize(
    ("name", "changes", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_exactly_this_is_said(
    name: str, changes: list[Callable[[Values], object]], expected: list[tuple[str, str, str]]
) -> None:
    findings = judged(name, changed(CLEAN[name](), *changes))
    assert told(findings) == expected
    for finding in findings:
        assert "{" not in vi(finding.message) + en(finding.message)
        assert vi(finding.message) != en(finding.message)


def test_a_plan_that_differs_from_the_accepted_minutes_is_told() -> None:
    accepted = {"bien_ban": [minutes()]}
    assert told(judged("ke-hoach", plan(), accepted=accepted)) == []
    later = changed(plan(), put("/launch_conference/date", "2022-05-26"))
    assert ("KH08", E, "/launch_conference/date") in told(judged("ke-hoach", later, accepted=accepted))


def test_a_plan_keeps_to_the_accepted_registrations() -> None:
    accepted = {"dang_ky": [registration("SATRA")]}
    mine = registration("SATRA")["activities"][0]
    row = {
        "unit_code": "SATRA",
        "title": mine["title"],
        "content_code": "ND3",
        "date": mine["planned_date"],
        "venue": "A",
    }
    found = told(judged("ke-hoach", plan() | {"activities": [row]}, accepted=accepted))
    assert "X02" not in [code for code, _, _ in found]
    found = told(judged("ke-hoach", plan() | {"activities": [row | {"date": "2022-06-27"}]}, accepted=accepted))
    assert ("X02", E, "/activities/0/date") in found


def test_two_units_may_not_plan_the_same_activity_unnoticed() -> None:
    accepted = {"dang_ky": [registration("EVNHCMC")]}
    mine = changed(registration("SATRA"), put("/activities/0/planned_date", "2022-08-26"))
    assert told(judged("dang-ky", mine, accepted=accepted)) == [("DK07", W, "/activities/0/title")]


def test_a_pledge_with_other_targets_than_the_plan_is_told() -> None:
    accepted = {"ke_hoach": [plan()]}
    assert told(judged("giao-uoc", pledge(), accepted=accepted)) == []
    other = changed(pledge(), put("/pledges/4/target", "90% đơn vị hoàn thành"))
    assert told(judged("giao-uoc", other, accepted=accepted)) == [("GU05", E, "/pledges/4/target")]


def test_a_sentence_names_units_and_choices_as_people_do() -> None:
    nine = changed(pledge(), put("/parties/8", None), put("/originals_count", 10))
    (finding,) = judged("giao-uoc", nine)
    assert "thiếu: Đảng ủy Khối Ngân hàng TP" in vi(finding.message)
    assert "missing: Đảng ủy Khối Ngân hàng TP" in en(finding.message)
    (finding,) = judged("bien-ban", changed(minutes(), put("/decisions/2", None)))
    assert "Quy chế" in vi(finding.message)


def test_what_the_reader_could_not_read_is_not_told_again() -> None:
    unread = Finding(
        "F03",
        Severity.BLOCK,
        Message("No such day."),
        Place(Address.of("/activities/0/planned_date")),
    )
    values = changed(registration(), put("/activities/0/planned_date", None))
    assert told(judged("dang-ky", values, findings=(unread,))) == []


def test_a_place_that_is_not_filled_in_is_shown_by_its_row() -> None:
    places = {
        (at := Address.of(f"/targets/{row}/{name}")): Place(
            at, sheet="DangKy", cell=f"{column}{row + 5}", row=row + 5
        )
        for row in range(8)
        for column, name in zip("BCD", ("content_code", "target_text", "measures"), strict=True)
    }
    (finding,) = judged("dang-ky", changed(registration(), put("/targets/2/due", None)), places=places)
    assert (finding.place.sheet, finding.place.row, finding.place.cell) == ("DangKy", 7, "")
    assert finding.place.label == "Thời gian hoàn thành"


def test_blocking_findings_come_first_then_the_order_of_the_form() -> None:
    many = changed(
        registration(),
        put("/focal_point/phone", "12"),
        put("/targets/6/due", "2023-01-01"),
        put("/targets/1/due", "2023-01-01"),
        put("/submit_date", "2022-06-04"),
        put("/headcount", None),
        put("/leader/position", "Trưởng Ban"),
    )
    assert told(judged("dang-ky", many)) == [
        ("F08", E, "/leader/position"),
        ("F02", E, "/targets/1/due"),
        ("F02", E, "/targets/6/due"),
        ("DK10", W, "/submit_date"),
        ("F04", W, "/submit_date"),
        ("DK08", W, "/focal_point/phone"),
    ]


def test_an_appendix_looks_at_the_registrations_it_gathers() -> None:
    days = iter(day for day in (dt.date(2022, 6, 6) + dt.timedelta(days=week * 7) for week in range(10)))
    gathered = [
        changed(registration(unit.code), put("/activities/0/planned_date", next(days).isoformat()))
        for unit in year().units
    ]
    found = told(judged("phu-luc-hoat-dong", CLEAN["phu-luc-hoat-dong"](), gathered={"dang_ky": list(gathered)}))
    assert ("KH04", W, "/doc_date") in found  # all serve ND3
    assert ("KH05", W, "/doc_date") not in found


def test_every_shipped_rule_has_a_line_and_words() -> None:
    for name in CLEAN:
        for rule in kind(name).rules.rules:
            assert rule.line > 1
            assert rule.mend is not None, rule.id


def test_findings_of_readers_and_rules_stand_in_one_order() -> None:
    said = Message("Wrong.")
    read = [
        Finding("DK08", Severity.WARN, said, Place(Address.of("/focal_point/phone"))),
        Finding("F03", Severity.BLOCK, said, Place(Address.of("/activities/0/planned_date"))),
    ]
    judged_ = judged("dang-ky", changed(registration(), put("/targets/3/due", "2023-01-15")))
    ordered = validation.in_order((*read, *judged_), kind("dang-ky"))
    assert [str(one.place.pointer) for one in ordered] == [
        "/targets/3/due",
        "/activities/0/planned_date",
        "/focal_point/phone",
    ]


def test_a_fault_beside_what_could_not_be_read_is_told() -> None:
    """The readers could not make out a row's date; its other faults are told in the same pass."""
    unread = Finding("F03", Severity.BLOCK, Message("y"), Place(Address.of("/activities/0/planned_date")))
    values = changed(
        registration(), put("/activities/0/planned_date", None), put("/activities/0/participants_est", 0)
    )
    assert told(judged("dang-ky", values, findings=(unread,))) == [
        ("field.too-small", E, "/activities/0/participants_est")
    ]
