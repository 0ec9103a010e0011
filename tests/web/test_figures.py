"""A year in figures: the browser and the command line count alike, and count what happened."""

import datetime as dt
import json
import re
from typing import Any

import pytest

from pipeline.app import statistics
from pipeline.model import PersonRole
from tests.folders import MAY, Clock, registration, run
from tests.sample_papers import signed_paper
from tests.web.browser import Rooms, words


@pytest.fixture
def a_month(rooms: Rooms, clock: Clock) -> Rooms:
    """One form right at once and filed after four days; one sent back and mended; one that came twice."""
    right = rooms.drop("dk.yaml", registration("EVNHCMC"), "EVNHCMC")
    rooms.drop("dk-satra.yaml", registration("SATRA", headcount=-3), "SATRA")
    clock.now = MAY + dt.timedelta(days=1)
    rooms.drop("dk-satra.yaml", registration("SATRA"), "SATRA")
    rooms.drop("dk-2.yaml", registration("EVNHCMC"), "EVNHCMC")
    clock.now = MAY + dt.timedelta(days=4)
    rooms.drop("quet.pdf", signed_paper(right.code), "da-ky")
    return rooms


def counted(rooms: Rooms, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert run("-C", str(rooms.folder), "stats", "--json", *words) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_what_is_counted_is_what_happened(a_month: Rooms, capsys: pytest.CaptureFixture[str]) -> None:
    told = counted(a_month, capsys)
    assert [(one["day"], one["files"]) for one in told["days"]] == [
        ("2022-05-30", 2),
        ("2022-05-31", 1),
        ("2022-06-03", 1),
    ]
    assert told["again"] == 1
    units = {str(one["code"]): one for one in told["units"]}
    assert {code: (one["files"], one["forms"], one["right"]) for code, one in units.items()} == {
        "EVNHCMC": (2, 1, 1),  # the paper that came back is a file, and no form
        "SATRA": (2, 1, 0),
    }
    assert units["EVNHCMC"]["to_archive"] == {"count": 1, "median": 4.0, "most": 4.0}
    assert units["SATRA"]["to_archive"] == {"count": 0, "median": 0.0, "most": 0.0}
    assert [(one["files"], one["right_percent"]) for one in told["all"]] == [(4, 50.0)]
    assert counted(a_month, capsys, "--year", "2021")["days"] == []


def test_the_page_shows_the_figures_of_the_command_as_tables_and_charts(
    a_month: Rooms, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = a_month.browser(PersonRole.LEADER)
    page = browser.get("/thong-ke?nam=2022")
    text = words(page)
    assert "Tổng công ty Điện lực TP.HCM EVNHCMC 2 1 1/1 (100 %) 0,0 (0,0) 4,0 (4,0) 4,0 (4,0)" in text
    assert "tất cả 4 2 1/2 (50 %)" in text
    assert "1 tệp đã nộp trước đó" in text
    # 30 May is the 149th day after New Year's; the day on which most came reaches the top
    assert (
        '<rect class="bar-of" x="447" y="0.0" width="3" height="120.0"><title>30/05/2022: 2</title></rect>'
        in page.text
    )
    assert len(re.findall("bar-of", page.text)) == 3
    assert run("-C", str(a_month.folder), "stats") == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "1/1 (100 %)" in told
    assert "4,0 (4,0)" in told


def test_a_year_without_files_and_one_that_is_none(rooms: Rooms) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    assert "chưa nhận tệp nào" in browser.text("/thong-ke")
    for said in ("x", "-1", "99999999999999", "²"):
        assert "Thống kê năm 2022" in browser.text(f"/thong-ke?nam={said}")


def test_figures_are_those_of_the_moment_that_they_name(rooms: Rooms, clock: Clock) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    assert "tính đến 30/05/2022 09:00" in browser.text("/thong-ke")
    rooms.drop("dk.yaml", registration("EVNHCMC"), "EVNHCMC")
    clock.now = MAY + dt.timedelta(minutes=1)
    text = browser.text("/thong-ke")
    assert "tính đến 30/05/2022 09:01" in text
    assert "1/1 (100 %)" in text


def test_what_is_kept_up_is_what_is_counted_anew(rooms: Rooms, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    # what is counted anew is put in order as a whole, what is kept up one by one
    monkeypatch.setattr(statistics, "_MANY", 2)
    kept = statistics.Counting(2022)

    def is_alike() -> bool:
        now = kept.statistics(rooms.workspace)
        return now == statistics.statistics_of(rooms.workspace, 2022)

    assert is_alike()
    right = rooms.drop("dk.yaml", registration("EVNHCMC"), "EVNHCMC")
    assert is_alike()
    for day, headcount in enumerate((-3, -4, 50)):
        clock.now = MAY + dt.timedelta(days=day, hours=day)
        rooms.drop("dk-satra.yaml", registration("SATRA", headcount=headcount), "SATRA")
        assert is_alike()
    rooms.drop("dk-2.yaml", registration("EVNHCMC"), "EVNHCMC")
    rooms.drop("la.pdf", signed_paper(right.code), "da-ky")
    assert is_alike()
    rooms.browser(PersonRole.CLERK).decide(
        "huy", rooms.drop("dk-catp.yaml", registration("CATP"), "CATP"), why="nhầm"
    )
    assert is_alike()
    told = kept.statistics(rooms.workspace)
    assert (told.all.files, told.again, told.all.to_archive.count) == (6, 1, 1)


def test_of_a_year_that_was_counted_only_what_changed_is_read(rooms: Rooms) -> None:
    from tests.ledger.test_growth import plans

    rooms.drop("dk.yaml", registration("EVNHCMC"), "EVNHCMC")
    kept = statistics.Counting(2022)
    kept.statistics(rooms.workspace)
    rooms.drop("dk-catp.yaml", registration("CATP"), "CATP")
    with plans() as found:
        assert kept.statistics(rooms.workspace).all.files == 2
    assert found
    assert [
        one for one in found if one[0].startswith("SCAN") and one[0].split()[1] in {"jobs", "events", "drops"}
    ] == []
    with plans() as found:
        kept.statistics(rooms.workspace)
    # whether anything has happened, and no more
    assert {plan.split()[1] for plan, _ in found} == {"chains"}
