"""Papers that were not made here are entered in the browser as a clerk says, beside the paper itself."""

import html
import re

import pytest

from pipeline.model import PersonRole, Role, State
from tests.register.test_outside_papers import LETTER, pdf_of
from tests.web.browser import Rooms, words


def boxes(page: str) -> dict[str, str]:
    """What stands in the boxes of a page."""
    found = re.findall(r'<input name="(\w+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def test_what_was_read_is_proposed_and_what_the_clerk_writes_is_entered_and_filed(rooms: Rooms) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    content = pdf_of(*LETTER)
    browser.post("/tha-tep/gui", data={"folder": "van-ban-den"}, files={"file": ("cv.pdf", content)})
    rooms.serve()
    (job,) = rooms.workspace.ledger.in_states([State.HELD])
    assert "Văn bản chờ vào sổ Về việc tổ chức phong trào thi đua năm 2022 – BAN DÂN VẬN" in browser.text("/")
    proposed = boxes(browser.get(f"/ho-so/{job.id}").text)
    assert (proposed["number"], proposed["on"], proposed["author"]) == ("15-CV/BDVTU", "2022-05-05", "BAN DÂN VẬN")
    assert browser.get(f"/ho-so/{job.id}/trang/1").content[:4] == b"\x89PNG"

    said = proposed | {"signer": "Lê Văn Bảy", "why": "đã xem bản giấy"}
    assert browser.decide("vao-so", job, **said).status_code == 303
    rooms.serve()
    filed = rooms.job(job)
    assert (filed.state, filed.number) == (State.ARCHIVED, "1-ĐẾN")
    assert rooms.workspace.artifact(filed, Role.FILED) == content
    assert "15-CV/BDVTU" in browser.text("/so?quyen=den&tim=ban+dan+van+le+van+bay")
    assert (rooms.workspace.ledger.number_entry(job.id) or pytest.fail()).who == "lan@web"
    # two windows: the second has nothing more to say
    assert browser.decide("vao-so", job, **said).status_code == 409


def test_what_the_book_must_say_is_asked_for_and_nothing_is_entered_without(rooms: Rooms) -> None:
    job = rooms.drop("cv.pdf", pdf_of(*LETTER), "van-ban-den")
    browser = rooms.browser(PersonRole.CLERK)
    wrong = (({"title": ""}, "Sổ phải ghi"), ({"on": "32/13/2022"}, "không phải là ngày"), ({"why": ""}, "lý do"))
    for change, told in wrong:
        said = boxes(browser.get(f"/ho-so/{job.id}").text) | {"why": "đã xem"} | change
        answer = browser.decide("vao-so", job, **said)
        assert (answer.status_code, told in words(answer)) == (409, True), change
    assert rooms.job(job).state is State.HELD
    assert not rooms.workspace.ledger.entries()


def test_every_other_document_is_refused(rooms: Rooms) -> None:
    job = rooms.drop("a.yaml", "x: 1\n...\n", "CATP")
    browser = rooms.browser(PersonRole.CLERK)
    assert 'action="/ho-so/1/vao-so"' not in browser.get(f"/ho-so/{job.id}").text
    assert browser.decide("vao-so", job, why="x", title="y").status_code == 409
