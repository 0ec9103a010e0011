"""When numbers begin again, and what a person does to a run: settings change none in the middle of a year."""

import dataclasses

import pytest

from pipeline.ledger import Columns, NumberWish, Outcome
from pipeline.model import Description, Direction, Job, State, TextTemplate
from pipeline.register.recipients import copies_of, names, resolved
from tests.folders import MAY, registration
from tests.status.office import Office, Told
from tests.status.recorded import put


def practising(office: Office, **practice: object) -> Office:
    """The same office, with other words in its settings."""
    changed = dataclasses.replace(office.workspace.practice, **practice)  # type: ignore[arg-type]  # any setting
    office.workspace = dataclasses.replace(office.workspace, practice=changed)
    return office


def given(office: Office) -> list[tuple[str, int]]:
    return [(one["series"], one["no"]) for one in office.run("register", "list", "--json").facts]


def letter(office: Office, day: str = "2022-06-03") -> Job:
    """A letter that is out for signature."""
    office.of_units("EVNHCMC", "CATP")
    office.on(day)
    assert office.run("remind", "dang-ky").code == 0
    (job,) = office.workspace.ledger.in_states([State.DELIVERED])
    return job


def booked(office: Office, job: Job, series: str, direction: Direction, text: str) -> Job:
    """Book the next number of a series as an earlier version of the program, or another term, has done."""
    columns = Columns(title=text, document_on=MAY.date())
    wish = NumberWish(series, direction, TextTemplate.parse(text), 2, columns)
    return office.workspace.ledger.advance(job, Outcome(State.NUMBERED, number=wish))


def differences(office: Office) -> list[str]:
    return [one["code"] for one in office.run("check", "--json").facts["discrepancies"]]


def begun(office: Office, series: str, at: int) -> Told:
    return office.run("register", "begin", series, "--at", str(at), "--why", "nối sổ giấy")


@pytest.mark.parametrize(
    ("practice", "series"),
    [
        ({}, "CV/2020-2025"),
        ({"forced_profile": "nd30"}, "CV/2022"),
        pytest.param({"number_reset": "calendar-year"}, "CV/2022", marks=pytest.mark.slow),
        pytest.param({"number_reset": "emulation-year"}, "CV/NTĐ2022", marks=pytest.mark.slow),
        ({"forced_profile": "nd30", "has_one_outgoing_run": True}, "ĐI/2022"),
    ],
)
def test_an_outgoing_document_is_numbered_as_its_form_or_the_office_says(
    office: Office, practice: dict[str, object], series: str
) -> None:
    job = letter(practising(office, **practice))
    assert office.run("register", "next", str(job.id)).code == 0

    assert given(office) == [(series, 1)]


@pytest.mark.slow
@pytest.mark.parametrize("reset", ["auto", "term"])
def test_incoming_papers_of_all_kinds_are_numbered_in_one_run_a_year(office: Office, reset: str) -> None:
    practising(office, number_reset=reset)
    for unit in ("CATP", "KNH"):
        office.sign(office.drop(f"{unit}.yaml", registration(unit)).id)

    assert given(office) == [("ĐẾN/2022", 1), ("ĐẾN/2022", 2)]


@pytest.mark.slow
def test_an_incoming_paper_is_counted_in_the_year_in_which_it_came(office: Office) -> None:
    job = office.drop("dk.yaml", registration("CATP"))
    office.on("2023-01-03")
    office.sign(job.id)

    (row,) = office.run("register", "list", "--json").facts
    assert (row["series"], row["facts"]["arrived_on"]) == ("ĐẾN/2023", "2023-01-03")


def test_an_office_with_a_run_for_each_incoming_kind_keeps_them_until_it_begins_the_common_one(
    office: Office,
) -> None:
    first = put(office, State.DELIVERED)
    second, third = (office.drop(f"{unit}.yaml", registration(unit)) for unit in ("KNH", "DHQG"))
    booked(office, first, "ĐK/2022", Direction.INCOMING, "{number}-ĐK")
    office.run("register", "next", str(second.id))
    assert begun(office, "đến/2022", 2).code == 17, "number 2 was given this year"
    assert begun(office, "đến/2022", 3).code == 0
    office.run("register", "next", str(third.id))

    assert given(office) == [("ĐK/2022", 1), ("ĐK/2022", 2), ("ĐẾN/2022", 3)]
    assert office.job(third.id).number == "3-ĐẾN"
    assert "chain" not in "".join(differences(office))


@pytest.mark.parametrize(
    ("more", "number", "series"),
    [
        ("joint_with: [VPTU]", "01-CV/CTĐ4-VPTU", "CV/2020-2025"),
        ("issuer: HĐTĐ", "01-CV/HĐTĐ", "CV-HĐTĐ/2020-2025"),
    ],
)
def test_a_joint_document_continues_the_run_of_its_lead_and_another_issuer_has_its_own(
    office: Office, more: str, number: str, series: str
) -> None:
    office.change_kind("cong-van", "series: CV\n", f"series: CV\n{more}\n")
    job = letter(office)

    assert office.run("register", "next", str(job.id)).out.strip() == number
    assert given(office) == [(series, 1)]


def test_another_rule_begins_in_the_middle_of_a_year_only_with_an_act(office: Office) -> None:
    job = letter(practising(office, number_reset="term"))
    office.run("register", "next", str(job.id))
    office.run("register", "void", str(job.id), "--why", "sai thể thức")
    practising(office, number_reset="auto", forced_profile="nd30")
    office.run("register", "next", str(job.id))
    assert given(office) == [("CV/2020-2025", 1), ("CV/2020-2025", 2)]
    assert "register begin CV/2022" in office.run("status").out

    office.run("register", "void", str(job.id), "--why", "sai thể thức")
    assert begun(office, "CV/2022", 3).code == 0
    office.run("register", "next", str(job.id))
    assert given(office)[2:] == [("CV/2022", 3)]
    assert "register begin CV/2022" not in office.run("status").out


def test_a_run_goes_on_after_the_numbers_of_a_book_on_paper_and_the_book_is_whole(office: Office) -> None:
    assert begun(office, "CV/2020-2025", 58).code == 0
    job = letter(office)
    office.run("register", "next", str(job.id))
    assert given(office) == [("CV/2020-2025", 58)]
    # passed by: it stands in another book
    assert begun(office, "CV/2020-2025", 61).code == 0
    assert [begun(office, "CV/2020-2025", at).code for at in (58, 60, 61)] == [17, 17, 17]
    office.run("register", "void", str(job.id), "--why", "ghi nhầm")
    office.run("register", "next", str(job.id))

    assert given(office) == [("CV/2020-2025", 58), ("CV/2020-2025", 61)]
    assert "chain.gap" not in differences(office)


def test_a_rule_begun_for_a_year_that_is_over_holds_for_its_late_papers(office: Office) -> None:
    job = letter(practising(office, number_reset="term"))
    booked(office, put(office, State.DELIVERED, "to-trinh", ""), "CV/2020-2025", Direction.OUTGOING, "{number}-CV")
    office.on("2023-01-09")
    assert begun(office, "CV/2022", 2).code == 0
    office.run("register", "next", str(job.id))

    assert given(office) == [("CV/2020-2025", 1), ("CV/2022", 2)]


@pytest.mark.parametrize("series", ["CV", "XX/2022", "CV/22", "CV/2020-2026", ""])
def test_what_names_no_series_is_refused_with_those_there_are(office: Office, series: str) -> None:
    told = begun(office, series, 1)
    assert told.code == 16
    assert "2020-2025" in told.err
    assert given(office) == []


@pytest.fixture
def two_terms(office: Office) -> tuple[Job, Job]:
    """Two documents that bear 01-QC/CTĐ4, in two terms."""
    first, second = (put(office, State.DELIVERED, unit=unit) for unit in ("CATP", "KNH"))
    return tuple(  # type: ignore[return-value]  # two, as above
        booked(office, job, f"QC/{term}", Direction.OUTGOING, "{number}-QC/CTĐ4")
        for job, term in ((first, "2020-2025"), (second, "2025-2030"))
    )


@pytest.mark.parametrize("said", ["01-QC/CTĐ4", "01-QC", "01-qc/ctđ4"])
def test_a_number_of_two_terms_is_not_made_void_without_its_series(
    office: Office, two_terms: tuple[Job, Job], said: str
) -> None:
    told = office.run("register", "void", said, "--why", "hủy số năm 2022")

    assert told.code == 26
    assert "QC/2020-2025/01" in told.err
    assert "QC/2025-2030/01" in told.err
    assert [office.job(job.id).number for job in two_terms] == ["01-QC/CTĐ4"] * 2


@pytest.mark.parametrize("words", [("01-QC", "--series", "QC/2020-2025"), ("QC/2020-2025/01",), ("qc/2020-2025/1",)])
def test_the_number_of_the_named_series_is_made_void(
    office: Office, two_terms: tuple[Job, Job], words: tuple[str, ...]
) -> None:
    assert office.run("register", "void", *words, "--why", "hủy số").code == 0
    assert [office.job(job.id).number for job in two_terms] == ["", "01-QC/CTĐ4"]


def test_every_series_that_has_a_number_is_shown(office: Office, two_terms: tuple[Job, Job]) -> None:
    shown = office.run("register", "show", "01-QC", "--json").facts
    assert [one["job"] for one in shown] == [job.id for job in two_terms]
    assert office.run("show", "01-QC").code == 26


def test_what_a_person_enters_beside_a_number_stands_in_its_columns_with_person_and_reason(office: Office) -> None:
    job = office.drop("dk.yaml", registration("CATP"))
    office.run("register", "next", str(job.id))
    entered = (
        "--sender-number",
        "15-ĐK/VPĐU",
        "--sent-on",
        "31/5/2022",
        "--handled-by",
        "Tổ thư ký",
        "--due",
        "5/6/2022",
    )
    told = office.run(
        "register", "note", "1-ĐẾN", *entered, "--remark", "gửi bản giấy", "--why", "chuyển xử lý", "--json"
    )

    facts = told.facts["facts"]
    assert [facts[name] for name in ("sender_number", "sent_on", "handled_by", "due", "remark")] == [
        *("15-ĐK/VPĐU", "2022-05-31", "Tổ thư ký", "2022-06-05", "gửi bản giấy")
    ]
    assert told.facts["entered_by"]["due"] == "test"
    office.run("register", "note", "1-ĐẾN", "--remark", "đã trả", "--why", "xong")
    (shown,) = office.run("register", "history", "1-ĐẾN", "--json").facts
    assert shown["facts"]["remark"] == "gửi bản giấy\nđã trả"
    assert [(act["act"], act["why"]) for act in shown["acts"]] == [
        ("number", "register next"),
        ("note", "chuyển xử lý"),
        ("note.2", "xong"),
    ]
    assert "15-ĐK/VPĐU" in office.run("register", "history", "1-ĐẾN").out
    assert "chain.changed" not in differences(office)


def test_a_column_of_the_other_register_is_refused_and_so_is_an_act_without_reason(office: Office) -> None:
    job = office.drop("dk.yaml", registration("CATP"))
    office.run("register", "next", str(job.id))

    assert office.run("register", "note", "1-ĐẾN", "--copies", "3", "--why", "đếm").code == 17
    assert office.run("register", "note", "1-ĐẾN", "--remark", "x").code == 2
    assert office.run("register", "begin", "CV/2022", "--at", "5").code == 2
    (shown,) = office.run("register", "history", "1-ĐẾN", "--json").facts
    assert [act["act"] for act in shown["acts"]] == ["number"]


# copies


def to(*recipients: str, kept_by: tuple[str, ...] = ("Văn phòng",)) -> Description:
    return Description(
        on=MAY.date(),
        title="Kế hoạch",
        profile="dang-hd36",
        signer="A",
        recipients=recipients,
        kept_by=kept_by,
        author="",
        direction=Direction.OUTGOING,
    )


@pytest.mark.parametrize(
    ("document", "doc", "copies", "written"),
    [
        (
            to("Văn phòng Thành ủy (để báo cáo)", "Các đơn vị thành viên Cụm thi đua số 4"),
            {},
            12,
            "Văn phòng Thành ủy (để báo cáo); Các đơn vị thành viên Cụm thi đua số 4",
        ),
        (to("Như trên"), {"addressees": ["CATP", "Khối Ngân hàng"]}, 3, "Công an TP.HCM; Khối Ngân hàng"),
        (to("Như trên"), {"addressee": "Văn phòng Thành ủy"}, 2, "Văn phòng Thành ủy"),
        (to("Như trên"), {"superiors": ["Lãnh đạo Văn phòng Thành ủy"], "invited": ["CATP"]}, 3, None),
        (to("Như trên"), {}, 0, "Như trên"),
        (to("Các ban Đảng Thành ủy"), {}, 0, "Các ban Đảng Thành ủy"),
        (to("Các đơn vị ký"), {"originals_count": 11}, 11, None),
    ],
)
def test_copies_are_counted_from_the_recipients_and_none_is_guessed(
    desk: Office, document: Description, doc: dict[str, object], copies: int, written: str | None
) -> None:
    year = desk.workspace.year(2022)
    assert copies_of(document, doc, year) == copies  # type: ignore[arg-type]  # values of a form
    if written:
        assert names(resolved(document, doc, year)) == written  # type: ignore[arg-type]


def test_whoever_is_invited_gets_a_copy(desk: Office) -> None:
    year = desk.workspace.year(2022)
    codes = [unit.code for unit in year.units]
    (one,) = resolved(to("Như trên"), {"invited": codes}, year)  # type: ignore[dict-item]
    assert (one.line, one.units) == ("Các đơn vị thành viên Cụm thi đua số 4", tuple(codes))
