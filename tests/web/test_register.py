"""The books in the browser: searched without accents, turned over, printed, given as files."""

import dataclasses
import io
import re
from collections.abc import Iterator

import openpyxl
import pytest

from pipeline.app import book_search, numbering
from pipeline.app.book_search import BookAsked
from pipeline.app.book_shelf import Shelf
from pipeline.model import Direction, PersonRole
from pipeline.register.rows import rows
from tests.folders import opened, registration, shipped_kinds, working_folder
from tests.ledger.test_growth import plans
from tests.sample_papers import signed_paper
from tests.web.browser import Rooms


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    folder = working_folder(tmp_path_factory.mktemp("register") / "office")
    with opened(folder) as workspace:
        rooms = Rooms.of(folder, dataclasses.replace(workspace, loaded=shipped_kinds))
        for unit in ("CATP", "SAWACO", "SATRA"):
            numbering.next_number(workspace, rooms.drop(f"dk-{unit}.yaml", registration(unit), unit))
        yield rooms


FOUND = [
    ("", "3 số"),
    ("cong an", "1 số"),
    ("Công  AN", "1 số"),
    ("cap nu", "1 số"),  # beginnings of words
    ("3 den", "1 số"),
    ("27/05/2022 thuong mai", "1 số"),
    ("dang ky thi dua", "3 số"),
    ('"cap nuoc"', "1 số"),
    ("khong-co-tu-nay", "0 số"),
    ("%", "0 số"),
    ("' OR 1=1 --", "0 số"),
    ('"', "0 số"),
    ("*", "0 số"),
]


@pytest.mark.parametrize(("said", "told"), FOUND, ids=[one[0] or "all" for one in FOUND])
def test_words_are_found_without_accents_and_as_beginnings(numbered: Rooms, said: str, told: str) -> None:
    answer = numbered.browser(PersonRole.READER).get("/so", params={"quyen": "den", "tim": said})
    assert answer.status_code == 200
    assert f">{told}" in answer.text


def test_in_all_years_the_documents_themselves_are_searched_too(numbered: Rooms) -> None:
    browser = numbered.browser(PersonRole.READER)
    assert "1 số" in browser.text("/so?quyen=den&nam=0&tim=hoi+truong+satra")
    assert "0 số" in browser.text("/so?quyen=den&nam=0&tim=khongco")


def test_books_and_years_are_kept_apart(numbered: Rooms) -> None:
    browser = numbered.browser(PersonRole.LEADER)
    assert "3 số" in browser.text("/so?quyen=den&nam=2022")
    assert "3 số" in browser.text("/so?quyen=den&nam=0")
    assert "0 số" in browser.text("/so?quyen=den&nam=2021")
    assert "0 số" in browser.text("/so?quyen=di")
    assert "Sổ này chưa có số nào" in browser.text("/so?quyen=la&nam=xyz&trang=-3")


def test_a_long_book_is_turned_over_and_the_newest_come_first(
    numbered: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.web.pages import register

    monkeypatch.setattr(register, "_PER_PAGE", 2)
    browser = numbered.browser(PersonRole.LEADER)
    first, second = browser.text("/so?quyen=den"), browser.text("/so?quyen=den&trang=2")
    assert "trang 1/2" in first
    assert "Thương mại" in first
    assert "Cấp nước" in first
    assert "Công an" in second
    assert "Công an" not in first
    assert second.split("trang 2/2")[0] == browser.text("/so?quyen=den&trang=99").split("trang 2/2")[0]


def test_what_is_printed_is_the_whole_book_in_the_order_of_its_numbers(numbered: Rooms) -> None:
    text = numbered.browser(PersonRole.LEADER).text("/so/in?quyen=den")
    assert "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN" in text
    assert text.index("Công an") < text.index("Cấp nước") < text.index("Thương mại")
    assert "phần" not in text


@pytest.mark.parametrize("year", ["", "&nam=0"])
def test_a_long_book_is_printed_part_by_part_and_no_line_twice(
    numbered: Rooms, monkeypatch: pytest.MonkeyPatch, year: str
) -> None:
    from pipeline.web.pages import register

    monkeypatch.setattr(register, "_PER_PRINT", 2)
    browser = numbered.browser(PersonRole.CLERK)
    first, second = (browser.text(f"/so/in?quyen=den{year}&trang={page}") for page in (1, 2))
    assert "dòng 1 đến 2 trong 3 dòng" in first
    assert "dòng 3 đến 3 trong 3 dòng" in second
    assert first.index("Công an") < first.index("Cấp nước")
    assert "Thương mại" not in first
    assert "Thương mại" in second
    assert "Công an" not in second
    page = browser.get(f"/so/in?quyen=den{year}").text
    assert re.search(r'rel="next" href="/so/in\?quyen=den&amp;(nam=2022&amp;)?trang=2"', page)
    assert "/so/tep/pdf?quyen=den" in page


def test_a_book_is_given_as_a_workbook_that_opens(numbered: Rooms) -> None:
    browser = numbered.browser(PersonRole.CLERK)
    answer = browser.get("/so/tep/xlsx?quyen=den&nam=2022")
    assert "so-van-ban-den-2022.xlsx" in answer.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    said = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {"Công an TP.HCM", "Tổng công ty Cấp nước Sài Gòn"} <= said
    assert browser.get("/so/tep/exe?quyen=den").status_code == 404
    assert browser.get("/so/tep/xlsx?quyen=di").status_code == 404


def test_a_book_that_is_kept_is_the_one_that_is_read_anew_and_only_what_was_entered_is_read(rooms: Rooms) -> None:
    asked = BookAsked(Direction.INCOMING, 2022)

    def is_alike() -> bool:
        kept = book_search.found(rooms.workspace, asked, rooms.office.shelf).in_order()
        return kept == book_search.found(rooms.workspace, asked, Shelf()).in_order()

    first = rooms.drop("dk-CATP.yaml", registration("CATP"), "CATP")
    assert is_alike()
    numbering.next_number(rooms.workspace, first)
    assert is_alike()
    second = numbering.next_number(rooms.workspace, rooms.drop("dk-SATRA.yaml", registration("SATRA"), "SATRA"))
    browser = rooms.browser(PersonRole.CLERK)
    assert browser.decide("ghi-so", rooms.job(second), remark="giao tại chỗ", why="đã giao").status_code == 303
    assert is_alike()
    assert browser.decide("huy-so", rooms.job(second), why="nhầm").status_code == 303
    with plans() as found:
        (one, other) = book_search.found(rooms.workspace, asked, rooms.office.shelf).in_order()
    assert (one.status, other.status, other.columns.remark) == ("booked", "void", "giao tại chỗ")
    assert is_alike()
    scanned = [plan for plan, _ in found if plan.startswith("SCAN register")]
    assert found
    assert scanned == []
    rooms.drop("quet.pdf", signed_paper(first.code), "da-ky")
    assert is_alike()
    with plans() as found:
        book_search.found(rooms.workspace, asked, rooms.office.shelf)
    # nothing was entered meanwhile: no number is read
    assert [said for _, said in found if "register.facts," in said.partition("FROM")[0]] == []


def test_what_was_kept_of_another_ledger_is_read_anew(numbered: Rooms, rooms: Rooms) -> None:
    asked = BookAsked(Direction.INCOMING, 2022)
    assert book_search.found(numbered.workspace, asked, numbered.office.shelf).total == 3
    for unit in ("DHQG", "KNH", "SATRA", "CATP"):
        job = rooms.drop(f"dk-{unit}.yaml", registration(unit), unit)
        numbering.next_number(rooms.workspace, job)
    found = book_search.found(rooms.workspace, asked, numbered.office.shelf).in_order()
    assert found == book_search.found(rooms.workspace, asked, Shelf()).in_order()
    assert len(found) == 4


def test_of_a_book_of_all_years_only_the_numbers_that_are_looked_at_are_read(numbered: Rooms) -> None:
    every = rows(numbered.workspace.ledger)
    with plans() as plan:
        found = book_search.found(numbered.workspace, BookAsked(Direction.INCOMING, 0), Shelf())
        assert found.total == 3
        for skipped, most in ((0, 1), (1, 1), (0, 2), (1, 5), (3, 1)):
            assert found.newest(skipped, most) == every[::-1][skipped : skipped + most]
    assert found.in_order() == every
    assert plan
    assert [one for one, _ in plan if one.startswith("SCAN register")] == []
