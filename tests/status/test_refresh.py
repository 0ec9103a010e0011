"""The board in the outbox follows every change, and is not touched when there is none."""

import os
from typing import Any

import lxml.html
import pytest

from pipeline.model import State
from pipeline.status import YearStatus, board_of, refreshing
from pipeline.status.draft_forms import Asked
from pipeline.status.views import Board
from pipeline.workspace import Workspace
from tests.folders import drop, registration
from tests.status.office import Office

FILES = ("tinh-hinh.html", "tinh-hinh.xlsx")


def marks(office: Office) -> list[tuple[int, int, bytes]]:
    """What would be different if a file had been written again."""
    found = [office.lying(name) for name in FILES]
    return [(path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes()) for path in found]


def cell(office: Office, unit: str) -> str:
    page: Any = lxml.html.fromstring(office.lying("tinh-hinh.html").read_text(encoding="utf-8"))
    (row,) = [row for row in page.xpath("//tbody/tr[th]") if row.find("th/small").text == unit]
    return str(row.find("td").text.strip())


def test_it_is_there_from_the_first_look_and_stays_untouched_while_nothing_happens(office: Office) -> None:
    office.serve()
    before = marks(office)
    office.serve()
    office.run("status")
    assert marks(office) == before


def test_a_person_s_act_is_seen_at_once(office: Office) -> None:
    job = office.drop("dk.yaml", registration("CATP"))
    assert cell(office, "CATP") == "chờ ký"
    office.run("cancel", str(job.id), "--why", "thả nhầm")
    assert cell(office, "CATP") == "chưa nộp"


def test_a_new_day_changes_it_without_any_drop(office: Office) -> None:
    office.serve()
    assert cell(office, "CATP") == "chưa nộp"
    office.on("2022-06-02")
    office.serve()
    assert cell(office, "CATP") == "chưa nộp, trễ hạn 2 ngày"


def test_after_the_year_a_new_day_changes_nothing(office: Office) -> None:
    office.on("2023-01-05")
    office.serve()
    before = marks(office)
    office.on("2023-01-06")
    office.serve()
    assert marks(office) == before


@pytest.mark.parametrize("harm", ["gone", "changed", "half"])
def test_what_somebody_or_a_crash_did_to_it_is_made_good(office: Office, harm: str) -> None:
    office.serve()
    page = office.lying("tinh-hinh.html")
    whole = page.read_bytes()
    if harm == "gone":
        page.unlink()
    else:
        page.write_bytes(b"x" if harm == "changed" else whole[: len(whole) // 2])
    office.serve()
    assert page.read_bytes() == whole


def test_a_crash_before_it_was_noted_down_costs_one_more_writing(office: Office) -> None:
    office.serve()
    (office.folder / "var" / "board.json").unlink()
    os.truncate(office.lying("tinh-hinh.xlsx"), 0)
    office.serve()
    assert office.lying("tinh-hinh.xlsx").stat().st_size > 0


def test_a_batch_is_one_writing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.serve()
    written: list[Board] = []

    def counted(workspace: Workspace, stands: YearStatus, wanted: tuple[Asked, ...]) -> Board:
        written.append(board_of(workspace, stands, wanted))
        return written[-1]

    monkeypatch.setattr(refreshing, "board_of", counted)
    for unit in ("EVNHCMC", "CATP", "KNH"):
        drop(office.folder, f"{unit}.yaml", registration(unit))
    office.serve()
    assert len(written) == 1


def test_a_workbook_that_cannot_be_written_is_told_and_stops_nothing(office: Office) -> None:
    office.serve()
    workbook = office.lying("tinh-hinh.xlsx")
    workbook.unlink()
    workbook.mkdir()  # as good as a file that somebody holds: it cannot be replaced
    drop(office.folder, "dk.yaml", registration("CATP"))
    told = office.run("run")
    assert told.code == 0
    assert "tinh-hinh.xlsx" in told.err
    assert [job.state for job in office.workspace.ledger.in_states(State)] == [State.DELIVERED]
    assert cell(office, "CATP") == "chờ ký"
    assert "tinh-hinh.xlsx" not in office.run("run").err, "it is tried again at the next change, not all the time"
    workbook.rmdir()
    office.drop("dk.yaml", registration("KNH"))
    assert workbook.is_file()


def test_a_board_that_cannot_be_made_stops_no_document(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_workspace: Workspace, _facts: YearStatus) -> Board:
        raise ValueError("thử")

    monkeypatch.setattr(refreshing, "board_of", broken)
    assert office.drop("dk.yaml", registration("CATP")).state is State.DELIVERED
    assert not office.lying("tinh-hinh.html").exists()
