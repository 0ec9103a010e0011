"""Every state of the matrix, in the terminal, for machines, on the page and in the workbook."""

import dataclasses
import datetime as dt
from typing import Any

import lxml.html
import openpyxl
import pytest

from pipeline import flow, intake, status
from pipeline.app.worker import Worker
from pipeline.ledger import Outcome
from pipeline.model import Job, State
from pipeline.years.facts import Period
from tests.folders import drop, registration
from tests.status.office import Office, morning


def taken(office: Office, unit: str) -> Job:
    """Take a registration out of the inbox without working on it."""
    drop(office.folder, f"dk-{unit}.yaml", registration(unit))
    (job,) = Worker(office.workspace, 1).take(intake.look(office.workspace.folders.inbox))
    return job


def stepped(office: Office, job: Job, to: State) -> Job:
    """Take a job along the road only to a state."""
    while job.state is not to:
        job = office.workspace.ledger.advance(job, flow.WORK[job.state].work(office.workspace, job))
    return job


@pytest.fixture
def mixed(office: Office) -> Office:
    """An office on 3 June, three days after the deadline, with a unit in every state."""
    filed = office.drop("dk.yaml", registration("EVNHCMC"))
    office.sign(filed.id)
    office.drop("dk.yaml", registration("CATP", activities=[]), "CATP")
    office.drop("dk.yaml", registration("BTLTP"))
    office.on("2022-06-03")
    office.drop("dk.yaml", registration("BDBPTP"))
    stepped(office, taken(office, "SAWACO"), State.READ)
    stopped = stepped(office, taken(office, "SATRA"), State.READ)
    office.workspace.ledger.advance(stopped, Outcome(State.HELD, why="thử"))
    stepped(office, taken(office, "DHQG"), State.ACCEPTED)
    return office


EXPECTED = {
    "EVNHCMC": ("archived", 0, "đã lưu"),
    "CATP": ("returned", 3, "trả lại, trễ hạn 3 ngày"),
    "BTLTP": ("awaited", 0, "chờ ký"),
    "BDBPTP": ("awaited", 3, "chờ ký, trễ hạn 3 ngày"),
    "SAWACO": ("checking", 3, "đang kiểm tra, trễ hạn 3 ngày"),
    "SATRA": ("held", 3, "tạm giữ, trễ hạn 3 ngày"),
    "DHQG": ("valid", 3, "hợp lệ, trễ hạn 3 ngày"),
    "KDCD": ("missing", 3, "chưa nộp, trễ hạn 3 ngày"),
}


def test_the_terminal_says_every_state_in_the_words_of_the_office_and_machines_get_the_same(mixed: Office) -> None:
    told = mixed.run("status").out
    rows = {line.split()[0]: " ".join(line.split()) for line in told.splitlines() if line.split()}
    for unit, (_, _, words) in EXPECTED.items():
        assert rows[unit].startswith(f"{unit} {words}"), rows[unit]
        assert rows[unit].endswith("chưa nộp"), "the score sheet is not due yet"
    assert "3/6/2022" in told or "03/06/2022" in told
    assert "đã qua 3 ngày" in told
    assert "6/10" in told
    assert "thử" in told, "what is held is told with its reason"
    # machines get the same
    facts = mixed.run("status", "--json").facts
    cells = {one["unit"]: (one["stand"], one["late_days"]) for one in facts["units"] if one["kind"] == "dang-ky"}
    assert {unit: cells[unit] for unit in EXPECTED} == {unit: told[:2] for unit, told in EXPECTED.items()}
    deadlines = {one["code"]: one for one in facts["deadlines"]}
    assert (deadlines["M_DANGKY"]["days_left"], deadlines["M_DANGKY"]["expected"]) == (-3, 10)
    assert deadlines["M_SOKET"]["days_left"] == 42
    assert [job["name"] for job in facts["held"]] == ["dk-SATRA.yaml"]
    assert facts["as_of"] == "2022-06-03"


def page_of(office: Office) -> Any:
    return lxml.html.fromstring(office.lying("tinh-hinh.html").read_text(encoding="utf-8"))


def test_page_and_workbook_show_every_state_in_its_colour(mixed: Office) -> None:
    status.refresh(mixed.workspace)
    page = page_of(mixed)
    rows = {row.find("th/small").text: row for row in page.xpath("//section[@id='units']//tbody/tr")}
    for unit, (stand, late_days, words) in EXPECTED.items():
        cell = rows[unit].find("td")
        assert cell.text.strip() == words
        assert cell.get("class") == (f"{stand} late" if late_days else stand)
    needs_nothing_from_anywhere(page)
    sheet, lists = openpyxl.load_workbook(mixed.lying("tinh-hinh.xlsx")).worksheets
    cells = {str(row[0].value).rpartition("(")[2].rstrip(")"): row[1] for row in sheet.iter_rows(5, 14)}
    assert {unit: cells[unit].value for unit in EXPECTED} == {unit: told[2] for unit, told in EXPECTED.items()}
    colours = {told[0]: cells[unit].fill.fgColor.rgb for unit, told in EXPECTED.items()}
    assert colours.pop("missing") == colours["returned"], "it is the unit's turn in both"
    assert len(set(colours.values())) == len(colours)
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == int(sheet.PAPERSIZE_A4)
    assert "6/10" in [cell.value for row in lists.iter_rows() for cell in row]


def needs_nothing_from_anywhere(page: Any) -> None:
    assert page.get("lang") == "vi"
    assert not page.xpath("//script | //link | //img | //@src | //@href")
    assert [head.get("scope") for head in page.xpath("//th")].count(None) == 0
    style = page.xpath("string(//style)")
    assert "A4 landscape" in style
    assert all(f".{stand}" in style for stand, _, _ in EXPECTED.values())
    assert not any(outside in style for outside in ("url(", "@import"))


def test_names_with_signs_are_shown_as_they_are(office: Office) -> None:
    odd = "=A1 <b>\"Điện\" & 'Nước'</b>"
    year = office.workspace.year(2022)
    units = tuple(dataclasses.replace(unit, name=odd) if unit.code == "CATP" else unit for unit in year.units)
    office.of_units("CATP", units=units)
    office.serve()
    page = page_of(office)
    shown = [head.text.strip() for head in page.xpath("//section[@id='units']//tbody/tr/th")]
    assert shown[1] == odd
    assert not page.xpath("//b")
    sheet = openpyxl.load_workbook(office.lying("tinh-hinh.xlsx")).worksheets[0]
    cell = sheet.cell(6, 1)
    assert (cell.value, cell.data_type) == (f"{odd} (CATP)", "s")


def test_a_file_in_time_stays_in_time_when_it_is_corrected_later(office: Office) -> None:
    office.drop("dk.yaml", registration("CATP"))
    office.on("2022-06-10")
    office.drop("dk-sua.yaml", registration("CATP", headcount=25))
    assert office.cell("CATP") == ("awaited", 0)


def test_a_file_given_back_in_time_and_mended_too_late_is_late(office: Office) -> None:
    office.drop("dk.yaml", registration("CATP", activities=[]))
    office.on("2022-06-01")
    office.drop("dk.yaml", registration("CATP"))
    assert office.cell("CATP") == ("awaited", 1)


def test_the_deadline_itself_is_in_time_by_the_clock_on_the_wall(office: Office) -> None:
    office.clock.now = dt.datetime(2022, 5, 31, 16, 59, tzinfo=dt.UTC)  # 23:59 in the office
    office.drop("dk.yaml", registration("CATP"))
    office.clock.now = dt.datetime(2022, 5, 31, 17, 1, tzinfo=dt.UTC)
    office.drop("dk.yaml", registration("KNH"))
    assert office.cell("CATP") == ("awaited", 0)
    assert office.cell("KNH") == ("awaited", 1)


def test_a_unit_that_had_left_owes_nothing(office: Office) -> None:
    year = office.workspace.year(2022)
    gone = Period(dt.date(2022, 1, 1), dt.date(2022, 3, 31))
    units = tuple(dataclasses.replace(unit, period=gone) if unit.code == "KNH" else unit for unit in year.units)
    office.of_units("KNH", units=units)
    office.on("2022-06-03")
    assert office.cell("KNH") == ("not-owed", 0)
    assert "6 ngày" not in office.run("status").out


def test_a_year_without_the_milestone_has_no_deadline_and_nobody_is_late(office: Office) -> None:
    milestones = tuple(one for one in office.workspace.year(2022).milestones if one.code != "M_DANGKY")
    office.of_units("EVNHCMC", "CATP", milestones=milestones)
    office.on("2022-12-01")
    assert office.cell("CATP") == ("missing", 0)
    assert office.cell("CATP", "bang-diem") == ("missing", 34)


def test_a_year_that_is_over_stands_as_on_its_last_day_and_late_entries_count_by_their_own_date(
    office: Office,
) -> None:
    office.clock.now = morning("2026-03-02")
    office.drop("dk.yaml", registration("CATP", submit_date="2022-06-01"))
    assert office.cell("CATP") == ("awaited", 1)
    assert office.cell("KNH") == ("missing", 214)
    assert office.run("status", "--json").facts["as_of"] == "2022-12-31"


def test_a_form_that_names_no_unit_is_not_a_document_of_the_cluster(office: Office) -> None:
    job = office.drop("dk.yaml", registration("CATP", unit_code=""))
    assert job.state is State.RETURNED
    facts = office.run("status", "--json").facts
    assert facts["cluster"] == []
    assert [one["id"] for one in facts["unclear"]] == [job.id]
    assert "dk.yaml" in office.run("status").out


def test_a_file_dropped_by_mistake_and_called_off_does_not_count_as_handed_in(office: Office) -> None:
    mistaken = office.drop("dk.yaml", registration("CATP"))
    office.run("cancel", str(mistaken.id), "--why", "thả nhầm")
    office.on("2022-06-02")
    assert office.cell("CATP") == ("missing", 2)
    office.drop("dk.yaml", registration("CATP", headcount=25))
    assert office.cell("CATP") == ("awaited", 2)


def test_an_accepted_form_stands_whatever_faulty_file_came_after_it(office: Office) -> None:
    accepted = office.drop("dk.yaml", registration("CATP"))
    faulty = office.drop("dk-sai.yaml", registration("CATP", activities=[]))
    assert (office.job(accepted.id).state, faulty.state) == (State.DELIVERED, State.RETURNED)

    assert office.cell("CATP") == ("awaited", 0)
    office.on("2022-06-03")
    assert office.cell("CATP") == ("awaited", 0), "it was not late"
    assert "CATP" not in office.run("remind", "dang-ky", "--json").facts[0]["missing"]


def test_of_two_faulty_files_the_newer_is_shown_and_a_good_one_after_them_stands(office: Office) -> None:
    office.drop("a.yaml", registration("CATP", activities=[]))
    assert office.cell("CATP")[0] == "returned"
    office.drop("b.yaml", registration("CATP", headcount=25))
    assert office.cell("CATP")[0] == "awaited"
