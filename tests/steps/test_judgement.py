"""What the readers found and what the rules found go back in one answer."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import yaml

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import Severity, State
from tests.folders import ROOT, drop, opened, registration, working_folder
from tests.reading import writers
from tests.said import vi


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
        cells["Tên hoạt động"].offset(row=1).value = "1. Tọa đàm bảo vệ bí mật nhà nước\n2. Hội thao giao lưu"
        day = cells["Ngày tổ chức"].offset(row=1)
        day.value = "31/6/2022"
        drop(folder, "dk.xlsx", writers.saved(book), "CATP")
        (job,) = serve_once(Worker(workspace, 1), Rhythm(1, 0))
        blocking = [one for one in workspace.findings(job) if one.severity is Severity.BLOCK]
    assert sorted(one.code for one in blocking) == ["DK02", "F03"]
    assert [one.place.cell for one in blocking if one.code == "F03"] == [day.coordinate]


def an_office_of_its_own(folder: Path) -> Path:
    """A working folder whose year was copied from the example, and no longer says that it is one."""
    made = working_folder(folder / "office")
    year = made / "years" / "2022.yaml"
    year.write_text(year.read_text("utf-8").replace("\nexample: true\n", "\n"), "utf-8")
    return made


REGULATIONS = (ROOT / "examples" / "2022" / "cum" / "quy-che.yaml").read_text("utf-8")


def test_an_office_that_copied_invented_grounds_is_told_where_they_stand(tmp_path: Path) -> None:
    folder = an_office_of_its_own(tmp_path)
    drop(folder, "quy-che.yaml", REGULATIONS)
    with opened(folder) as workspace:
        (job,) = serve_once(Worker(workspace, 1), Rhythm(1, 0))
        found = [one for one in workspace.findings(job) if one.code == "text.fictional"]
    assert (job.state, len(found)) == (State.RETURNED, 2)
    assert [vi(one.mend) for one in found if one.mend is not None] == [
        "Nội dung này lấy từ hồ sơ năm (years/2022.yaml): thay bằng nội dung thật ở đó, hoặc bỏ dòng đó."
    ] * 2


def test_invented_facts_of_the_year_itself_are_never_printed(tmp_path: Path) -> None:
    folder = an_office_of_its_own(tmp_path)
    year = folder / "years" / "2022.yaml"
    year.write_text(year.read_text("utf-8").replace("[VĂN PHÒNG THÀNH ỦY,", "['VĂN PHÒNG [hư cấu]',", 1), "utf-8")
    drop(folder, "moi.docx", (ROOT / "examples" / "2022" / "cum" / "Giay moi trien khai.docx").read_bytes())
    with opened(folder) as workspace:
        (job,) = serve_once(Worker(workspace, 1), Rhythm(1, 0))
    assert (job.state, "số liệu ví dụ, hư cấu" in job.reason, "VĂN PHÒNG [HƯ CẤU]" in job.reason) == (
        State.HELD,
        True,
        True,
    )


def test_a_cited_paper_of_ours_is_looked_for_in_the_ledger(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    cited = "legal_basis: ['Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2022', 'Giấy mời số 03-GM/CTĐ4, ngày 11/5/2022']\n"
    drop(folder, "moi.docx", (ROOT / "examples" / "2022" / "cum" / "Giay moi trien khai.docx").read_bytes())
    with opened(folder) as workspace:
        (invitation,) = serve_once(Worker(workspace, 1), Rhythm(1, 0))
        drop(folder, "quy-che.yaml", REGULATIONS + cited)
        (job,) = serve_once(Worker(workspace, 1), Rhythm(1, 0))
        told = [one.found for one in workspace.findings(job) if one.code == "citation.unknown"]
    assert invitation.state is State.DELIVERED
    assert told == ["01-KH/CTĐ4"], "the invitation is under way"
