"""An old book is brought in in the browser: told line by line first, then all of it, or nothing."""

import io
import re
from collections.abc import Sequence

import httpx2
import pytest

from pipeline.model import PersonRole
from tests.register.test_old_books import sheet
from tests.web.browser import Browser, Rooms, words

SOUND = (
    ("02/3/2021", "01-KH/CTĐ4", "Kế hoạch hoạt động năm 2021", "Trần Văn An", ""),
    ("15/4/2021", "02-KH/CTĐ4", "Kế hoạch hội thao", "Trần Văn An", ""),
)


def sent(browser: Browser, *rows: Sequence[object], name: str = "so.xlsx", **fields: str) -> httpx2.Response:
    out = io.BytesIO()
    sheet(*rows).save(out)
    return browser.post("/so/so-cu", data=fields, files={"file": (name, out.getvalue())})


def entered(browser: Browser, page: httpx2.Response, why: str = "tiếp quản sổ giấy") -> httpx2.Response:
    found = re.search('name="sha256" value="([0-9a-f]{64})"', page.text)
    return browser.post("/so/so-cu/vao-so", data={"sha256": found[1] if found else "", "why": why})


@pytest.fixture
def browser(rooms: Rooms) -> Browser:
    return rooms.browser(PersonRole.CLERK)


def test_each_line_is_told_of_and_nothing_is_recorded_before_it_is_asked_for(rooms: Rooms, browser: Browser) -> None:
    page = sent(browser, *SOUND)
    assert page.status_code == 200
    assert "01-KH/CTĐ4" in words(page)
    assert "2 dòng, 2 số" in words(page)
    assert not rooms.workspace.ledger.entries()
    done = entered(browser, page)
    assert "vào sổ" in words(done)
    numbers = [entry.no for entry in rooms.workspace.ledger.entries() if entry.verb == "import"]
    assert numbers == [1, 2]
    assert {entry.who for entry in rooms.workspace.ledger.entries()} == {"lan@web"}
    assert "Kế hoạch hội thao" in browser.text("/so?quyen=di&nam=0")
    # pressed twice: the numbers are there, and it says so
    assert entered(browser, page).status_code == 409
    assert sum(entry.verb == "import" for entry in rooms.workspace.ledger.entries()) == 2


def test_a_line_that_is_refused_keeps_all_of_it_out_and_stands_first(rooms: Rooms, browser: Browser) -> None:
    page = sent(browser, *SOUND, ("32/13/2021", "02-KH/CTĐ4", "Hai lần", "Trần Văn An", ""))
    assert page.status_code == 422
    table = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert re.findall(r'<tr class="refused">', table)
    assert table.index("refused") < table.index("01-KH/CTĐ4")
    assert 'name="sha256"' not in page.text
    assert entered(browser, page).status_code == 409
    assert not rooms.workspace.ledger.entries()


def test_without_a_reason_and_of_a_book_of_another_person_nothing_is_entered(rooms: Rooms, browser: Browser) -> None:
    page = sent(browser, *SOUND)
    answer = entered(browser, page, why=" ")
    assert (answer.status_code, "lý do" in words(answer)) == (409, True)
    answer = browser.post("/so/so-cu/vao-so", data={"sha256": "0" * 64, "why": "x"})
    assert (answer.status_code, "chọn lại tệp" in words(answer)) == (409, True)
    assert not rooms.workspace.ledger.entries()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("so.pdf", b"%PDF-1.7", ".xlsx, .docx"),
        ("so.xlsx", b"", ""),
        ("../../../etc/so.xlsx", b"PK\x03\x04 broken", ""),
        ("so.csv", "SỔ MẬT\n1,2\nTUYỆT MẬT\n".encode(), "dấu chỉ độ mật"),
        ("x" * 300 + ".csv", b"a,b\n1,2\n", ""),
    ],
    ids=["pdf", "empty", "broken", "marked", "long"],
)
def test_what_is_no_book_is_told_in_a_sentence(
    rooms: Rooms, browser: Browser, name: str, content: bytes, told: str
) -> None:
    answer = browser.post("/so/so-cu", files={"file": (name, content)})
    assert answer.status_code in {404, 409, 422}
    assert told in words(answer)
    assert "/etc" not in words(answer)
    assert not rooms.workspace.ledger.entries()


def test_what_a_book_says_is_words_and_no_page(browser: Browser) -> None:
    bad = "<script>alert(1)</script>"
    page = sent(browser, ("02/3/2021", "01-KH/CTĐ4", bad, bad, bad), name=f"{bad}.xlsx")
    assert "<script>alert" not in page.text
