"""The kinds in the browser: their contract in words, their check, and what another template would change."""

import io
import re
from dataclasses import replace

import docx
import httpx2
import pytest

from pipeline import reading
from pipeline.app import kinds_shown
from pipeline.files import write_durably
from pipeline.model import PersonRole, State
from pipeline.reading import Look, Mark
from tests.folders import registration, shipped_kinds
from tests.web.browser import Browser, Rooms, words


def template(kind: str = "dang-ky", *, was: str = "", becomes: str = "") -> bytes:
    """The template of a kind, with some words changed."""
    document = docx.Document(io.BytesIO(shipped_kinds().kinds[kind].template))
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            if was and was in run.text:
                run.text = run.text.replace(was, becomes)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sent(browser: Browser, content: bytes, name: str = "mau.docx") -> httpx2.Response:
    return browser.post("/loai/dang-ky/mau", files={"file": (name, content)})


def test_a_kind_says_what_its_form_asks_for_and_by_which_rules_it_is_judged(busy: Rooms) -> None:
    browser = busy.browser(PersonRole.LEADER)
    assert "Bản đăng ký thi đua" in browser.text("/loai")
    text = browser.text("/loai/dang-ky?kiem=1")
    assert "Ngày đăng ký * ngày" in text
    assert "chọn trong danh sách: Tập thể lao động tiên tiến; Tập thể lao động xuất sắc" in text
    assert "chặn DK01 “…” không phải là đơn vị thành viên" in text
    assert "Kiểm tra bộ mẫu đạt" in text
    assert browser.get("/loai/khong-co").status_code == 404
    # who only looks is offered nothing to press
    assert 'action="/loai' not in browser.get("/loai/dang-ky").text


def test_another_template_shows_what_it_would_change_and_changes_nothing(rooms: Rooms) -> None:
    job = rooms.drop("dk.yaml", registration("CATP"), "CATP")
    file = rooms.folder / "templates" / "dang-ky" / "template.docx"
    before = file.read_bytes()
    browser = rooms.browser(PersonRole.CLERK)
    head = rooms.workspace.ledger.events_head()
    word = next(
        run.text
        for paragraph in docx.Document(io.BytesIO(before)).paragraphs
        for run in paragraph.runs
        if len(run.text) > 12 and "{" not in run.text and run.text.strip()
    )
    answer = sent(browser, template(was=word, becomes=f"{word} (thử)"))
    assert answer.status_code == 200, words(answer)
    assert "1 trên 1 hồ sơ sẽ khác đi" in words(answer)
    assert re.search(r"<ins>[^<]*\(thử\)", answer.text)
    assert f'href="/ho-so/{job.id}"' in answer.text
    assert "vanthu replay --apply" in answer.text
    assert file.read_bytes() == before
    assert rooms.workspace.ledger.events_head() == head
    assert rooms.job(job).state is State.DELIVERED


def test_a_template_that_cannot_be_used_is_told_with_its_faults(rooms: Rooms) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    document = docx.Document(io.BytesIO(template()))
    document.add_paragraph("{{ doc.no_such_field }}")
    out = io.BytesIO()
    document.save(out)
    answer = sent(browser, out.getvalue())
    assert (answer.status_code, "no_such_field" in words(answer)) == (422, True)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("mau.docx", b"MZ no word file", ""),
        ("mau.docx", b"", ""),
        ("TUYET MAT.docx", b"PK\x03\x04", "dấu mật"),
        ("mau.yaml", b"x: 1\n...\n", "tệp Word"),
    ],
    ids=["program", "empty", "marked", "yaml"],
)
def test_what_is_no_template_is_told_in_a_sentence(rooms: Rooms, name: str, content: bytes, told: str) -> None:
    answer = sent(rooms.browser(PersonRole.CLERK), content, name)
    assert answer.status_code == 409
    assert told in words(answer)


def test_a_template_that_nobody_could_look_into_is_not_tried(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "look_guarded", lambda *_: Look(Mark.UNSEEN, "gate.fault"))
    answer = sent(rooms.browser(PersonRole.CLERK), template())
    assert answer.status_code == 409
    assert "Chương trình" in words(answer)


def test_pages_drawn_with_the_facts_of_before_are_not_shown(rooms: Rooms) -> None:
    kind = rooms.workspace.loaded().kinds["dang-ky"]
    write_durably(kinds_shown._place(rooms.workspace, kind), b"%PDF-1.7")
    assert kinds_shown.drawn(rooms.workspace, kind) is not None
    year = rooms.workspace.year(2022)
    renamed = replace(year, cluster=replace(year.cluster, name="Cụm thi đua số 9"))
    assert kinds_shown.drawn(replace(rooms.workspace, years={2022: renamed}), kind) is None


def test_pages_are_drawn_by_libreoffice_alone(busy: Rooms) -> None:
    browser = busy.browser(PersonRole.CLERK)
    answer = browser.post("/loai/dang-ky/ve")
    assert (answer.status_code, "LibreOffice" in words(answer)) == (409, True)
    assert "Chưa vẽ trang nào" in browser.text("/loai/dang-ky")
    # what would be drawn is made all the same
    kind = busy.workspace.loaded().kinds["dang-ky"]
    assert kinds_shown.sample_of(busy.workspace, kind).startswith(b"PK")
