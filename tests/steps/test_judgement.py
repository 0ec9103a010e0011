"""What the readers found and what the rules found go back in one answer."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import yaml

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import Severity, State
from tests.folders import drop, opened, registration, working_folder
from tests.reading import writers


def test_a_form_whose_only_fault_was_met_in_reading_goes_back(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, "dang-ky.yaml", registration("CATP", headcount="hai mươi"), "CATP")
    with opened(folder) as workspace:
        (job,) = serve_once(Worker(workspace, 1), Rhythm(1, 0))
        assert job.state is State.RETURNED
        told = {str(one.place.pointer) for one in workspace.findings(job) if one.severity is Severity.BLOCK}
        assert told == {"/headcount"}


def test_faults_met_in_reading_and_by_the_rules_come_in_one_note(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    drop(folder, "dang-ky.yaml", registration("CATP", headcount="hai mươi", activities=[]), "CATP")
    with opened(folder) as workspace:
        (job,) = serve_once(Worker(workspace, 1), Rhythm(1, 0))
        told = {str(one.place.pointer) for one in workspace.findings(job)}
        assert {"/headcount", "/activities"} <= told


def test_a_file_that_goes_back_does_not_claim_to_take_the_place_of_another(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with opened(folder) as workspace:
        for name, form in (("a.yaml", registration("CATP")), ("b.yaml", registration("CATP", activities=[]))):
            drop(folder, name, form, "CATP")
            (job,) = serve_once(Worker(workspace, 1), Rhythm(1, 0))
        assert job.state is State.RETURNED
        assert "I09" not in {one.code for one in workspace.findings(job)}


def test_a_cell_that_stands_for_two_rows_is_faulty_once(tmp_path: Path) -> None:
    """Two activities in one cell share their day: its fault is told once, and it is not called empty besides."""
    folder = working_folder(tmp_path / "office")
    with opened(folder) as workspace:
        context = workspace.context()
        form = context.form("dang-ky")
        assert form is not None
        values: Any = yaml.safe_load(registration("CATP"))
        del values["kind"]
        book = openpyxl.load_workbook(
            io.BytesIO(writers.as_xlsx(form, values, writers.plain(context), one_sheet=True))
        )
        cells: dict[str, Any] = {str(cell.value): cell for row in book.worksheets[0].iter_rows() for cell in row}
        cells["Tên hoạt động"].offset(row=1).value = "1. Tọa đàm bảo vệ bí mật Nhà nước\n2. Hội thao giao lưu"
        day = cells["Ngày tổ chức"].offset(row=1)
        day.value = "31/6/2022"
        drop(folder, "dk.xlsx", writers.saved(book), "CATP")
        (job,) = serve_once(Worker(workspace, 1), Rhythm(1, 0))
        blocking = [one for one in workspace.findings(job) if one.severity is Severity.BLOCK]
    assert sorted(one.code for one in blocking) == ["DK02", "F03"]
    assert [one.place.cell for one in blocking if one.code == "F03"] == [day.coordinate]
