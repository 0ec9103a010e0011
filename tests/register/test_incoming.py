"""Incoming papers stand in a book of their own, with the official columns of incoming papers."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from tests.folders import registration
from tests.status.office import Office


@pytest.mark.slow
def test_both_books_say_who_wrote_who_signed_to_whom_it_went_and_when_it_came(office: Office) -> None:
    office.of_units("EVNHCMC", "CATP")
    office.sign(office.drop("dk.yaml", registration("CATP")).id)
    office.on("2022-06-03")
    office.run("remind", "dang-ky")
    (letter,) = [job for job in office.workspace.ledger.of_year(2022) if job.state == "delivered"]
    office.run("register", "next", str(letter.id))
    target = office.folder / "so.csv"
    assert office.run("register", "export", str(target)).code == 0
    rows = {row["Dãy số"]: row for row in csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig")))}

    came = rows["ĐẾN/2022"]
    assert (came["Sổ"], came["Ngày đến"], came["Số đến"], came["Tác giả"]) == (
        "đến",
        "30/05/2022",
        "1",
        "Công an TP.HCM",
    )
    assert (came["Ngày tháng văn bản"], came["Số, ký hiệu"]) == ("27/05/2022", "")
    went = rows["CV/2020-2025"]
    assert (went["Sổ"], went["Số, ký hiệu văn bản"], went["Ngày tháng văn bản"]) == ("đi", "01-CV/CTĐ4", "03/06/2022")
    assert (went["Người ký"], went["Số đến"]) == ("Đặng Thị Thuỳ Nhiên", "")
    # one unit is reminded, one copy is kept
    addressee = "Văn phòng Đảng ủy Tổng công ty Điện lực TP.HCM"
    assert (went["Nơi nhận văn bản"], went["Số lượng bản"]) == (addressee, "2")


def test_the_book_in_the_outbox_is_the_exported_one(office: Office) -> None:
    office.sign(office.drop("dk.yaml", registration("CATP")).id)
    (book,) = Path(office.folder / "outbox").rglob("DEN-2022.xlsx")

    assert openpyxl.load_workbook(book).sheetnames == ["ĐẾN 2022"]


@pytest.mark.slow
def test_a_part_of_the_register_is_written_as_it_is_asked_for(office: Office) -> None:
    for day, unit in (("2022-05-30", "CATP"), ("2022-06-01", "KNH")):
        office.on(day)
        office.sign(office.drop(f"{unit}.yaml", registration(unit)).id)

    def written(*words: str) -> list[int]:
        target = office.folder / "so.json"
        assert office.run("register", "export", str(target), *words).code == 0
        return [line["no"] for volume in json.loads(target.read_bytes()) for line in volume["numbers"]]

    assert written() == [1, 2]
    assert (written("--from", "31/5/2022"), written("--to", "31/5/2022")) == ([2], [1])
    assert (written("--book", "di"), written("--book", "den")) == ([], [1, 2])
    assert (written("--series", "ĐẾN/2022"), written("--series", "ĐẾN/2023")) == ([1, 2], [])
    assert office.run("register", "export", str(office.folder / "so.odt")).code == 2
