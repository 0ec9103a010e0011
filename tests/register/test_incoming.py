"""Incoming papers stand in a book of their own, with the official columns of incoming papers."""

from pathlib import Path

import openpyxl
import pytest

from tests.folders import registration
from tests.status.office import Office


@pytest.fixture
def books(office: Office) -> dict[str, list[list[object]]]:
    """The exported register, sheet by sheet, after a registration and a reminder have come back signed."""
    office.of_units("EVNHCMC", "CATP")
    office.sign(office.drop("dk.yaml", registration("CATP")).id)
    office.on("2022-06-03")
    office.run("remind", "dang-ky")
    (letter,) = [job for job in office.workspace.ledger.of_year(2022) if job.state == "delivered"]
    office.sign(letter.id)
    target = office.folder / "so.xlsx"
    assert office.run("register", "export", str(target)).code == 0
    workbook = openpyxl.load_workbook(target)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in workbook}


def test_each_series_has_the_title_and_columns_of_its_direction(books: dict[str, list[list[object]]]) -> None:
    incoming, outgoing = books["ĐẾN 2022"], books["CV 2020-2025"]

    assert [row[0] for row in (incoming[1], outgoing[1])] == ["SỔ ĐĂNG KÝ VĂN BẢN ĐẾN", "SỔ ĐĂNG KÝ VĂN BẢN ĐI"]
    assert (incoming[5][:3], outgoing[5][0]) == (["Ngày đến", "Số đến", "Tác giả"], "Số, ký hiệu văn bản")


def test_an_incoming_row_says_who_sent_it_and_when_it_came(books: dict[str, list[list[object]]]) -> None:
    (row,) = [row for row in books["ĐẾN 2022"][6:] if any(row)]

    assert row[:3] == ["30/05/2022", "1", "Công an TP.HCM"]
    assert row[4] == "27/05/2022"


def test_an_outgoing_row_says_who_signed_it(books: dict[str, list[list[object]]]) -> None:
    (row,) = [row for row in books["CV 2020-2025"][6:] if any(row)]

    assert str(row[0]).startswith("01")
    assert row[1] == "03/06/2022"
    assert row[3], "the signer"


def test_the_book_in_the_outbox_is_the_exported_one(office: Office) -> None:
    office.sign(office.drop("dk.yaml", registration("CATP")).id)
    (book,) = Path(office.folder / "outbox").rglob("so-dang-ky.xlsx")

    titles = [sheet["A2"].value for sheet in openpyxl.load_workbook(book)]
    assert titles == ["SỔ ĐĂNG KÝ VĂN BẢN ĐẾN"]
