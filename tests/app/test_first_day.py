"""The first day of an office, and of its next year: by the command line, in folders, with nobody else's facts."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
import yaml

from pipeline import years
from pipeline.app.settings import read_settings
from pipeline.strict_yaml import declared
from pipeline.years.writing import KEYS, written
from tests.folders import ROOT

GUIDE = ROOT / "docs" / "first-day.vi.md"
#: Words of the example year that no other office may find in what is its own.
OF_THE_EXAMPLE = re.compile(
    r"hư cấu|CTĐ4|CTD4|số 4\b|EVN|SAWACO|Điện lực|Cấp nước|Thuỳ Nhiên|998-QĐ|999-QĐ|\b2022\b(?!/QH15)"
)


def answers() -> str:
    """The file of answers that the guide shows."""
    (shown,) = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    return str(shown)


def vanthu(*words: str | Path, expect: int = 0) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pipeline", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, cwd=ROOT)
    assert done.returncode == expect, done.stderr
    return done


def asked(answered: Sequence[str], *words: str | Path) -> str:
    """Run a command at a terminal, and type; gives all that was shown."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pipeline", *map(str, words)]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, close_fds=True)
    os.close(theirs)
    shown = ""
    waiting = list(answered)
    while True:
        try:
            shown += os.read(ours, 4096).decode("utf-8", "replace")
        except OSError:  # the other end is closed
            break
        if waiting and re.search(r"(: |> )$", shown):
            os.write(ours, f"{waiting.pop(0)}\n".encode())
            shown += "\n"
    assert process.wait() == 0, shown
    return shown


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first-day")
    (folder / "tra-loi.yaml").write_text(answers(), "utf-8")
    vanthu("init", folder / "office", "--from", folder / "tra-loi.yaml")
    return folder / "office"


def test_the_year_of_an_office_says_what_it_told_and_can_be_worked_with_at_once(office: Path) -> None:
    year = years.load(office / "years" / "2026.yaml")

    assert (year.cluster.symbol, year.cluster.slug, year.cluster.head_title) == ("CTĐ7", "CTD7", "Cụm trưởng")
    assert year.cluster.parent_lines == ("VĂN PHÒNG THÀNH ỦY", "THÀNH PHỐ HỒ CHÍ MINH")
    assert [(unit.code, unit.role) for unit in year.units] == [
        ("QTD", "cum_truong"),
        ("PXH", "cum_pho"),
        ("XCG", "thanh_vien"),
    ]
    assert year.units[2].head_lines == ("ĐẢNG ỦY XÃ CẦN GIỜ", "VĂN PHÒNG")
    assert [content.weight for content in year.contents] == [60, 40]
    assert year.terms[0].id == "2025-2030"
    assert "Không có việc gì" in vanthu("-C", office, "run").stderr


def test_a_deputy_signs_for_the_head_and_whose_office_is_not_the_one_that_issues_is_asked_about(
    tmp_path: Path,
) -> None:
    deputy = answers().replace("Đặng Mỹ Uyên, position: Chánh", "Đặng Mỹ Uyên, position: Phó Chánh")
    (tmp_path / "tra-loi.yaml").write_text(deputy, "utf-8")
    told = vanthu("init", tmp_path / "office", "--from", tmp_path / "tra-loi.yaml").stderr

    year = years.load(tmp_path / "office" / "years" / "2026.yaml")
    (signer,) = year.units[2].signatories
    assert (signer.authority, signer.for_whom) == ("ky_thay", "Chánh Văn phòng")
    # their papers bear the unit's name, not the office's
    (asked_about,) = [line for line in told.splitlines() if "quyền hạn ký" in line]
    assert ("QTD" in asked_about, "PXH" in asked_about, "XCG" in asked_about) == (True, True, False)
    again = vanthu("-C", tmp_path / "office", "year", "new", "2027").stderr
    assert asked_about in again


def test_nothing_of_the_example_is_found_in_the_folder_of_another_office(office: Path) -> None:
    own = [*(office / "years").iterdir(), office / "config.yaml"]
    assert [path.name for path in (office / "years").iterdir()] == ["2026.yaml"]
    # two laws are called by the year 2022
    lines = [line for path in own for line in path.read_text("utf-8").splitlines() if "Luật" not in line]
    assert [line for line in lines if OF_THE_EXAMPLE.search(line)] == []
    assert list((office / "templates").glob("*/examples")) == []


def test_each_unit_has_its_folders(office: Path) -> None:
    for place in ("inbox", "outbox"):
        assert {path.name for path in (office / place).iterdir() if path.is_dir()} >= {"QTD", "PXH", "XCG"}
    assert (office / "inbox" / read_settings(office, {}).folders.signed).is_dir()


def test_milestones_are_working_days_and_tet_is_in_the_calendar(office: Path) -> None:
    year = years.load(office / "years" / "2026.yaml")
    # 15 November 2026 is a Sunday
    assert {one.code: one.due.isoformat() for one in year.milestones}["M_BAOCAO"] == "2026-11-16"
    assert ("2026-02-16", "2026-02-20") in {
        (one.period.begins.isoformat(), one.period.ends.isoformat() if one.period.ends else "")
        for one in year.holidays
    }


def test_whoever_is_asked_at_a_terminal_has_a_year_with_what_was_answered(tmp_path: Path) -> None:
    shown = asked(
        [
            *(
                "NĐ 30",
                "Không",
                "2027",
                "Khối thi đua các sở",
                "Ủy ban nhân dân Tỉnh Lâm Đồng",
                "Lâm Đồng",
                "KTĐ",
                "",
                "",
                "",
            ),
            *("Sở Nội vụ; Trần Văn An; Giám đốc", "Sở Tài chính\tLê Thị Bình\tGiám đốc\tTC", "Sở Y tế", ""),
            *("Một", "Hai", "Ba", ""),
        ],
        "init",
        tmp_path / "office",
    )

    assert "người ký và chức vụ: Sở Y tế" in shown
    year = yaml.safe_load((tmp_path / "office" / "years" / "2027.yaml").read_text("utf-8"))
    assert year["cluster"]["parent_lines"] == ["ỦY BAN NHÂN DÂN", "TỈNH LÂM ĐỒNG"]
    assert year["cluster"]["head_title"] == "Khối trưởng"
    assert [unit["code"] for unit in year["units"]] == ["SNV", "TC", "SYT"]
    assert [content["weight"] for content in year["contents"]] == [34, 33, 33]
    assert "form_profile: nd30" in (tmp_path / "office" / "config.yaml").read_text("utf-8")
    # who does not sign is told with the line, not guessed
    told = vanthu("-C", tmp_path / "office", "run", expect=15).stderr
    assert "SYT: chưa có người ký" in told


@pytest.mark.slow
def test_what_is_not_known_yet_is_left_out_and_what_must_be_said_is_asked_again(tmp_path: Path) -> None:
    shown = asked(
        [
            *("có", "", "", "Cụm thi đua số 9", "Thành ủy", "", "Cần Thơ", "", "", "32/13/2025", "", "", ""),
            *("Phường Một; Trần Văn An; Bí thư", "Phường Hai; Lê Thị Bình; Bí thư", "", "Một; 100", ""),
        ],
        "init",
        tmp_path / "office",
    )

    assert shown.count("Mục này không thể bỏ trống.") == 2
    assert "“32/13/2025” không phải là ngày tháng." in shown
    assert "ngày bắt đầu nhiệm kỳ cấp ủy (terms)" in shown
    (file,) = (tmp_path / "office" / "years").glob("*.yaml")
    year = yaml.safe_load(file.read_text("utf-8"))
    assert (year["cluster"]["name"], year["cluster"]["places"]["nd30"]) == ("Cụm thi đua số 9", "Cần Thơ")
    assert "terms" not in year


@pytest.mark.slow
def test_a_file_of_answers_may_leave_the_members_to_a_list_beside_it(tmp_path: Path) -> None:
    answered = yaml.safe_load(answers())
    del answered["units"]
    told, listed = tmp_path / "tra-loi.yaml", tmp_path / "don-vi.csv"
    told.write_text(yaml.safe_dump(answered, allow_unicode=True), "utf-8")
    listed.write_text(
        "Tên đơn vị,Người ký,Chức vụ\nPhường A,Trần Văn An,Bí thư\nPhường B,Lê Thị Bình,Bí thư\n", "utf-8"
    )
    alone = vanthu("init", tmp_path / "office", "--from", told, expect=15)
    assert "Thiếu mục “units”." in alone.stderr
    vanthu("init", tmp_path / "office", "--from", told, "--units", listed)
    (file,) = (tmp_path / "office" / "years").glob("*.yaml")
    assert [one["name"] for one in yaml.safe_load(file.read_text("utf-8"))["units"]] == ["Phường A", "Phường B"]


def test_members_come_from_a_workbook_by_its_headings(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["DANH SÁCH ĐƠN VỊ", None, None, None],
        ["STT", "Chức vụ", "Tên đơn vị", "Họ và tên"],
        [1, "Giám đốc", "Sở Nội vụ", "Trần Văn An"],
        [2, "Phó Giám đốc", "Sở Xây dựng", "Lê Thị Bình"],
        [None, None, None, None],
    ):
        sheet.append(row)
    book.save(tmp_path / "don-vi.xlsx")
    (tmp_path / "tra-loi.yaml").write_text(answers(), "utf-8")

    vanthu("init", tmp_path / "o", "--from", tmp_path / "tra-loi.yaml", "--units", tmp_path / "don-vi.xlsx")

    units = years.load(tmp_path / "o" / "years" / "2026.yaml").units
    assert [(one.name, one.signatories[0].name, one.signatories[0].position_sign) for one in units] == [
        ("Sở Nội vụ", "Trần Văn An", "Giám đốc"),
        ("Sở Xây dựng", "Lê Thị Bình", "Phó Giám đốc"),
    ]


@pytest.mark.slow
def test_members_come_from_the_first_table_of_a_word_file_and_from_a_list_of_excel(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    rows = (
        ("Đơn vị", "Người ký", "Chức vụ"),
        ("Sở Nội vụ", "Trần An", "Giám đốc"),
        ("Sở Y tế", "Lê Bình", "Giám đốc"),
    )
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.save(str(tmp_path / "don-vi.docx"))
    (tmp_path / "don-vi.csv").write_text("\n".join(";".join(row) for row in rows), "utf-16")
    (tmp_path / "tra-loi.yaml").write_text(answers(), "utf-8")

    for name in ("don-vi.docx", "don-vi.csv"):
        office = tmp_path / name.replace(".", "-")
        vanthu("init", office, "--from", tmp_path / "tra-loi.yaml", "--units", tmp_path / name)
        units = years.load(office / "years" / "2026.yaml").units
        assert [unit.name for unit in units] == ["Sở Nội vụ", "Sở Y tế"]


def test_a_wrong_answer_is_told_with_its_line_and_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "tra-loi.yaml").write_text(answers().replace("form: party", "form: dang"), "utf-8")
    told = vanthu("init", tmp_path / "office", "--from", tmp_path / "tra-loi.yaml", expect=15).stderr
    assert "tra-loi.yaml:1:" in told
    assert not (tmp_path / "office").exists()


def test_where_nobody_can_be_asked_the_example_is_made_and_told_to_be_invented(tmp_path: Path) -> None:
    told = vanthu("init", tmp_path / "office").stderr
    assert "năm ví dụ, là số liệu hư cấu" in told
    assert (tmp_path / "office" / "years" / "2022.yaml").read_bytes() == (ROOT / "years" / "2022.yaml").read_bytes()
    assert {one.name for one in (tmp_path / "office" / "inbox").iterdir()} >= {
        "EVNHCMC",
        "CATP",
        "KNH",
        "da-ky",
    }


@pytest.mark.slow
def test_a_list_of_members_is_never_left_aside(tmp_path: Path) -> None:
    (tmp_path / "don-vi.txt").write_text("Sở A; Trần Văn An; Giám đốc\nSở B\n", "utf-8")
    assert "--from" in vanthu("init", tmp_path / "office", "--units", tmp_path / "don-vi.txt", expect=2).stderr
    assert not (tmp_path / "office").exists()


def test_the_next_year_carries_the_members_over_and_tells_what_it_left_out(tmp_path: Path) -> None:
    vanthu("init", tmp_path / "office", "--example")

    told = vanthu("-C", tmp_path / "office", "year", "new", "2023", "--head", "catp", "--deputy", "SATRA").stderr

    old, new = (years.load(tmp_path / "office" / "years" / f"{year}.yaml") for year in (2022, 2023))
    assert {unit.code for unit in new.units} == {unit.code for unit in old.units}
    assert [unit.code for unit in new.units][:2] == ["CATP", "SATRA"]
    assert [unit.role for unit in new.units].count("thanh_vien") == len(new.units) - 2
    # the theme, and two acts, which are marked as invented
    assert (told.count("vì nói về năm 2022"), told.count("vì là số liệu hư cấu")) == (1, 2)
    assert new.recipients["file"] == "Lưu Văn phòng Đảng ủy Công an TP.HCM"
    # who signed until August 2022 is gone, who followed signs
    (kept,) = new.unit("KCXCN").signatories  # type: ignore[union-attr]
    assert kept.position_full == "Chánh Văn phòng"
    assert all(new.is_working_day(one.due) and one.due.year == 2023 for one in new.milestones)
    assert min(one.number for one in new.dossiers) > max(one.number for one in old.dossiers)


@pytest.mark.slow
def test_a_next_year_that_lacks_something_is_written_and_says_what(tmp_path: Path) -> None:
    vanthu("init", tmp_path / "office", "--example")
    # who was the deputy leads now, and nobody was named to be the deputy
    told = vanthu("-C", tmp_path / "office", "year", "new", "2023", "--head", "CATP").stderr
    assert "cum_pho" in told
    assert (tmp_path / "office" / "years" / "2023.yaml").is_file()
    assert "Không có việc gì" in vanthu("-C", tmp_path / "office", "run").stderr, "this year goes on"


@pytest.mark.slow
def test_a_year_without_legal_basis_and_dossiers_goes_on(office: Path, tmp_path: Path) -> None:
    table = declared.parse((office / "years" / "2026.yaml").read_bytes(), "").table
    lean = {key: value for key, value in table.items() if key not in {"legal_basis", "terms", "theme"}}
    (tmp_path / "2026.yaml").write_text(written(lean | {"dossiers": []}), "utf-8")
    vanthu("init", tmp_path / "next", "--year-from", tmp_path / "2026.yaml")
    assert years.load(tmp_path / "next" / "years" / "2027.yaml").legal_basis == ()


@pytest.mark.slow
def test_the_official_form_goes_on_with_the_year_and_where_it_is_not_known_that_is_told(tmp_path: Path) -> None:
    (tmp_path / "tra-loi.yaml").write_text(answers().replace("form: party", "form: state"), "utf-8")
    vanthu("init", tmp_path / "old", "--from", tmp_path / "tra-loi.yaml")
    told = vanthu("init", tmp_path / "new", "--year-from", tmp_path / "old" / "years" / "2026.yaml").stderr
    assert "form_profile: nd30" in (tmp_path / "new" / "config.yaml").read_text("utf-8")
    assert "form_profile" not in told
    (tmp_path / "2026.yaml").write_bytes((tmp_path / "old" / "years" / "2026.yaml").read_bytes())
    assert "form_profile: nd30" in vanthu("init", tmp_path / "third", "--year-from", tmp_path / "2026.yaml").stderr


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("don-vi.xlsx", b"no workbook"),
        ("don-vi.xlsx", None),
        ("don-vi.csv", "TUYỆT MẬT;;\nSở A;;\n".encode()),
        ("don-vi.csv", b""),
        ("don-vi.csv", b"x"),
        ("don-vi.txt", b"\n\n"),
        ("don-vi.txt", "Sở A; Trần Văn An; Giám đốc; ../../x\nSở B".encode()),
        ("don-vi.txt", f"Sở A; {'Trần ' * 20}; Giám đốc\nSở B".encode()),
        ("nowhere.txt", None),
    ],
)
def test_a_list_that_no_year_can_be_made_of_is_refused_and_nothing_is_made(
    name: str, content: bytes | None, tmp_path: Path
) -> None:
    (tmp_path / "tra-loi.yaml").write_text(answers(), "utf-8")
    if content is not None:
        (tmp_path / name).write_bytes(content)
    told = vanthu("init", tmp_path / "o", "--from", tmp_path / "tra-loi.yaml", "--units", tmp_path / name, expect=15)
    assert "Traceback" not in told.stderr
    assert not (tmp_path / "o").exists()


@pytest.mark.slow
def test_a_year_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    vanthu("init", tmp_path / "office", "--example")
    before = (tmp_path / "office" / "years" / "2022.yaml").read_bytes()
    assert "không ghi đè" in vanthu("-C", tmp_path / "office", "year", "new", "2022", expect=17).stderr
    assert (tmp_path / "office" / "years" / "2022.yaml").read_bytes() == before


@pytest.mark.slow
def test_a_unit_that_is_not_there_cannot_lead(tmp_path: Path) -> None:
    vanthu("init", tmp_path / "office", "--example")
    assert "XYZ" in vanthu("-C", tmp_path / "office", "year", "new", "2023", "--head", "XYZ", expect=16).stderr
    assert not (tmp_path / "office" / "years" / "2023.yaml").exists()


@pytest.mark.slow
def test_an_office_begins_with_the_year_after_that_of_a_file(tmp_path: Path) -> None:
    vanthu("init", tmp_path / "office", "--year-from", ROOT / "years" / "2022.yaml")
    assert [path.name for path in (tmp_path / "office" / "years").iterdir()] == ["2023.yaml"]
    assert "\nyear: 2023 " in (tmp_path / "office" / "config.yaml").read_text("utf-8")


def test_a_written_year_reads_back_as_it_was(tmp_path: Path) -> None:
    table = declared.parse((ROOT / "years" / "2022.yaml").read_bytes(), "2022.yaml").table
    assert declared.parse(written(table).encode(), "2022.yaml").table == table
    (tmp_path / "2022.yaml").write_text(written(table), "utf-8")
    assert years.load(tmp_path / "2022.yaml") == years.load(ROOT / "years" / "2022.yaml")


def test_every_key_of_a_year_is_explained_in_both_languages_and_no_other() -> None:
    schema = yaml.safe_load((KEYS.parent / "year.schema.yaml").read_text("utf-8"))

    def keys(shape: dict[str, Any], path: str) -> list[str]:
        shape = schema["$defs"][str(shape["$ref"]).rpartition("/")[2]] if "$ref" in shape else shape
        found = [path] if path and not path.endswith("[]") else []
        for name, inner in shape.get("properties", {}).items():
            found += keys(inner, f"{path}.{name}".lstrip("."))
        if isinstance(more := shape.get("additionalProperties"), dict):
            found += keys(more, f"{path}.*")
        if isinstance(items := shape.get("items"), dict) and "properties" in items:
            found += keys(items, f"{path}[]")
        return found

    explained = yaml.safe_load(KEYS.read_text("utf-8"))
    assert sorted(explained) == sorted(keys(schema, ""))
    assert all(len(one) == 2 and all(one) for one in explained.values())
