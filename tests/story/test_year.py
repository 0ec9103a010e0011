"""The example year, lived through folders and command line, with the answers a clerk would check."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdf
import pytest

from pipeline.app.new_folder import make_working_folder
from pipeline.model import State
from pipeline.tools.soffice import Office
from scripts.story import Played, play

STORY = Path(__file__).resolve().parents[2] / "examples" / "2022"
HAS_OFFICE = Office(Path("unused")).available()


@dataclass
class Year:
    """A year that was played: its working folder, and how each step went."""

    folder: Path
    played: list[Played]
    told: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def vanthu(self, *words: str, expect: int = 0) -> str:
        """Run a command line in the year's folder."""
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", "-C", str(self.folder), *words],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == expect, done.stderr
        return done.stdout

    def facts(self, *words: str) -> Any:
        """Run a command line that prints JSON; what was asked before is not asked again, for nothing changes it."""
        if words not in self.told:
            self.told[words] = json.loads(self.vanthu(*words, "--json"))
        return self.told[words]

    @cached_property
    def register(self) -> list[list[str]]:
        """The rows of the register's workbook, all sheets, heads left out."""
        books = map(openpyxl.load_workbook, sorted((self.folder / "outbox" / "so-dang-ky").glob("*.xlsx")))
        return [
            [str(value or "") for value in row]
            for book in books
            for sheet in book.worksheets
            for row in sheet.iter_rows(min_row=7, values_only=True)
        ]

    def note_of(self, unit: str, name: str) -> str:
        """The text of an answer in a unit's folder."""
        (path,) = (self.folder / "outbox" / unit).glob(f"{name}*.docx")
        return "\n".join(_texts(path))


def _texts(path: Path) -> Iterator[str]:
    document = docx.Document(str(path))
    for block in document.iter_inner_content():
        if isinstance(block, docx.table.Table):
            for row in block.rows:
                yield " | ".join(cell.text for cell in row.cells).replace("\u00a0", " ")
        else:
            yield block.text.replace("\u00a0", " ")


def _lived(folder: Path, monkeypatch: pytest.MonkeyPatch, pdf: str) -> Year:
    monkeypatch.setenv("VANTHU_RENDITION__PDF", pdf)
    # words of scans are read where PDFs are made, too
    monkeypatch.setenv("VANTHU_SCANS__TEXT", "off" if pdf == "off" else "auto")
    make_working_folder(folder)
    return Year(folder, list(play(STORY, folder)))


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield _lived(tmp_path_factory.mktemp("year") / "office", monkeypatch, "off")


def test_every_step_of_the_year_goes_as_the_story_says(year: Year) -> None:
    assert [(played.what, played.differences) for played in year.played if played.differences] == []


def test_the_numbers_are_given_in_order_and_none_twice(year: Year) -> None:
    numbers = [row["number"] for row in year.facts("register", "list")]
    assert sorted(numbers) == [
        "01-BB/CTĐ4",
        "01-BC/CTĐ4",
        "01-CTr/CTĐ4",
        "01-CV/CTĐ4",
        "01-GM/CTĐ4",
        "01-GƯ/CTĐ4",
        "01-KH/CTĐ4",
        "01-QC/CTĐ4",
        "01-QĐ/CTĐ4",
        "01-TB/CTĐ4",
        "01-TTr/CTĐ4",
        "02-BB/CTĐ4",
        "02-BC/CTĐ4",
        "02-GM/CTĐ4",
        "03-BB/CTĐ4",
        "04-BB/CTĐ4",
    ]
    assert {row["status"] for row in year.facts("register", "list")} == {"filed"}


def test_the_closed_dossier_of_the_year_is_handed_over_with_its_documents(year: Year) -> None:
    with zipfile.ZipFile(year.folder / "giao-nop" / "A38-011-07-0123.zip") as package:
        names = package.namelist()
    assert sum(name.endswith(".pdf") for name in names) >= 5
    (dossier,) = [one for one in year.facts("dossier", "list") if one["code"] == "01-TĐ"]
    assert (len(dossier["filed"]), dossier["under_way"]) == (5, [])


def test_the_register_prints_its_ten_columns(year: Year) -> None:
    (plan,) = [row for row in year.register if row[0] == "01-KH/CTĐ4"]
    assert len(plan) == 10
    assert plan[1] == "27/05/2022"
    assert plan[2] == "Kế hoạch tổ chức các hoạt động thi đua năm 2022 của Cụm thi đua số 4"
    assert plan[3] == "Đặng Thị Thuỳ Nhiên"
    assert "Văn phòng Thành ủy" in plan[4]
    assert "Văn phòng Đảng ủy" in plan[5]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("unit", "code", "place"),
    [
        ("CATP", "DK02", {"label": "Tên hoạt động", "table": 3, "row": 2, "column": 2}),
        ("DHQG", "DK03", {"sheet": "DangKy", "cell": "B10"}),
        ("KDCD", "F03", {"table": 3, "row": 2, "column": 5}),
    ],
)
def test_a_faulty_file_is_told_its_fault_and_the_place(
    year: Year, unit: str, code: str, place: dict[str, object]
) -> None:
    (returned,) = [one.job for one in year.played if one.job.unit == unit and one.job.state is State.RETURNED]
    told = year.facts("why", str(returned.id))
    (finding,) = [one for one in told["findings"] if one["severity"] == "block"]
    assert finding["code"] == code
    assert finding["message"]
    assert place.items() <= finding["place"].items()


def test_the_note_of_a_faulty_file_goes_when_the_mended_file_is_accepted(year: Year) -> None:
    for unit in ("CATP", "DHQG", "KDCD"):
        names = [path.name for path in (year.folder / "outbox" / unit).iterdir()]
        assert [name for name in names if "phieu-tra-lai" in name] == []
        assert [name for name in names if "bien-nhan" in name] != []


def test_the_receipt_says_what_was_understood(year: Year) -> None:
    receipt = year.note_of("SAWACO", "SAWACO dang ky")
    assert "Tổng công ty Cấp nước Sài Gòn" in receipt
    assert "Hội thi nghiệp vụ văn thư - lưu trữ" in receipt


def test_a_file_sent_again_is_answered_and_not_taken_twice(year: Year) -> None:
    answer = year.note_of("EVNHCMC", "Dang ky thi dua 2022.da-nhan-truoc")
    assert "đã nhận lúc" in answer
    assert len(year.facts("why", "Dang ky thi dua 2022.xlsx")["seen"]) == 2


def test_every_unit_has_a_registration_out_for_signature(year: Year) -> None:
    status = year.facts("status")
    registrations = [cell["job"] for cell in status["units"] if cell["kind"] == "dang-ky"]
    assert [job["state"] for job in registrations] == ["delivered"] * 10
    assert status["waiting"] == []


def test_the_pledge_in_the_archive_can_be_proved_by_its_sidecar(year: Year) -> None:
    (sidecar,) = (year.folder / "archive" / "GU-2020-2025").glob("*.json")
    facts = json.loads(sidecar.read_text(encoding="utf-8"))
    assert facts["number"] == "01-GƯ/CTĐ4"
    assert facts["register_entry"]["series"] == "GƯ/2020-2025"
    assert sidecar.with_suffix(".pdf").is_file()


def test_check_finds_everything_as_recorded(year: Year) -> None:
    assert year.facts("check") == {"is_clean": True, "discrepancies": []}


def test_the_pledge_names_every_unit_head_first_and_carries_no_number(year: Year) -> None:
    (job,) = [one for one in year.facts("status")["cluster"] if one["kind"] == "giao-uoc"]
    shown = year.facts("show", str(job["id"]))
    (draft,) = [one for one in shown["artifacts"] if one["role"] == "draft"]
    content = (year.folder / "var" / "spool" / draft["sha256"][:2] / draft["sha256"]).read_bytes()
    path = year.folder / "giao-uoc.docx"
    path.write_bytes(content)
    text = "\n".join(_texts(path))
    parties = [part for part in text.split() if part == "DIỆN"]
    assert len(parties) == 10
    # the lead stands at the right of the first row, the deputy at its left
    signed = next(line for line in _texts(path) if " | " in line and "CÔNG AN TP.HCM" in line)
    assert signed.index("CÔNG AN TP.HCM") < signed.index(" | ") < signed.index("ĐIỆN LỰC TP.HCM")
    assert "-GƯ/" not in text


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.skipif(not HAS_OFFICE, reason="LibreOffice is not installed")
def test_the_year_goes_the_same_way_with_pdfs_signed_and_scanned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived = _lived(tmp_path / "office", monkeypatch, "on")
    assert [(played.what, played.differences) for played in lived.played if played.differences] == []
    pdfs = sorted((lived.folder / "outbox" / "cho-ky").glob("*_DK_*.pdf"))
    assert len(pdfs) == 10
    for pdf in pdfs:
        reader = pypdf.PdfReader(pdf)
        assert "BẢN ĐĂNG KÝ THI ĐUA" in reader.pages[0].extract_text()
    assert lived.facts("check")["is_clean"]
