"""The pages in Firefox, which many offices have: what Chromium is asked, of an engine of another making."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pypdf
import pytest

from tests.folders import waiting
from tests.web.browser import PASSWORD, Rooms
from tests.web.every_page import pages
from tests.web.firefox import ENTER, FIREFOX, TAB, Firefox
from tests.web.test_in_a_browser import AXE, MARK, REACHED, pressed_through

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FIREFOX.is_file(), reason="Debian's firefox-esr is not installed"),
]
PATHS: Final = pages(1, 3)
WIDTHS: Final = (450, 768, 1280, 1920)  #: Firefox makes no window narrower than the first


@pytest.fixture(scope="module", params=["light", "dark"])
def of_the_clerk(request: pytest.FixtureRequest, address: str) -> Iterator[Firefox]:
    """Give a Firefox in which the clerk has come in."""
    with Firefox(request.param) as browser:
        come_in(browser, address, "lan")
        yield browser


@pytest.fixture
def firefox(of_the_clerk: Firefox) -> Firefox:
    """Give a window of the clerk's own for each test."""
    of_the_clerk.open_window()
    return of_the_clerk


@pytest.fixture
def of_a_unit(address: str) -> Iterator[Firefox]:
    """Give a Firefox in which a unit has come in."""
    with Firefox("light") as browser:
        come_in(browser, address, "dien")
        yield browser


def come_in(browser: Firefox, address: str, name: str) -> None:
    """By the keyboard alone: the first box has the cursor already."""
    browser.go(address)
    browser.type(name + TAB + PASSWORD + ENTER)
    browser.wait("() => document.querySelector('nav') !== null", bool)


def test_no_page_scrolls_sideways_or_breaks_its_policy_in_any_width_and_theme(firefox: Firefox, address: str) -> None:
    firefox.told.clear()
    for width in WIDTHS:
        firefox.wide(width)
        for path in PATHS:
            firefox.go(address + path)
            shown, wide = firefox.run("() => [innerWidth, document.documentElement.scrollWidth]")
            assert (shown, wide <= width) == (width, True), (path, shown, wide)
    assert firefox.told == []


def test_axe_finds_nothing_on_any_page(firefox: Firefox, address: str) -> None:
    axe_playwright = pytest.importorskip("axe_playwright_python.base", reason="axe-core is not installed")
    found = list[str]()
    for path in PATHS:
        firefox.go(address + path)
        firefox.run(f"() => {{ {axe_playwright.AXE_SCRIPT} }}")
        found += [f"{path}: {one['id']} {one['nodes'][:2]}" for one in firefox.run(AXE)["violations"]]
    assert found == []


@pytest.mark.parametrize("path", ["/", "/so?quyen=den", "/ho-so/1", "/cho-ky", "/thong-ke", "/so/so-cu"])
def test_all_that_can_be_pressed_is_reached_by_the_tab_key_and_seen_to_be(
    firefox: Firefox, address: str, path: str
) -> None:
    firefox.go(address + path)
    count = firefox.run(MARK)
    reached, unseen = pressed_through(count, lambda: firefox.type(TAB), lambda: firefox.run(REACHED))
    assert unseen == []
    assert {str(at) for at in range(count)} <= reached


def test_the_register_answers_while_words_are_typed(firefox: Firefox, address: str) -> None:
    firefox.go(f"{address}/so?quyen=den")
    firefox.run("() => document.querySelector('[name=tim]').focus()")
    firefox.type("dai hoc")
    status = "() => document.querySelector('[role=status]').innerText"
    firefox.wait(status, lambda said: "1 số" in said)
    firefox.type(" khongco")
    firefox.wait(status, lambda said: "0 số" in said)
    assert "tim=dai+hoc+khongco" in firefox.run("() => location.href")


def test_the_register_prints_on_a4_lying_across(firefox: Firefox, address: str) -> None:
    firefox.go(f"{address}/so/in?quyen=den")
    printed = pypdf.PdfReader(io.BytesIO(firefox.printed()))
    box = printed.pages[0].mediabox
    assert (round(box.width / 72 * 25.4), round(box.height / 72 * 25.4)) == (297, 210)
    text = printed.pages[0].extract_text()
    assert "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN" in text
    assert "Đăng xuất" not in text


def test_a_page_says_by_itself_that_something_has_changed(firefox: Firefox, address: str, busy: Rooms) -> None:
    shown = "() => [...document.querySelectorAll('a')].filter((a) => a.checkVisibility()).map((a) => a.innerText)"
    said = "Có thay đổi mới: xem lại"
    firefox.go(address)
    assert said not in firefox.run(shown)
    busy.workspace.ledger.remark("inbox.bring", {"name": "a.yaml", "folder": "CATP"})
    firefox.wait(shown, lambda links: said in links)


def test_a_form_says_its_faults_beside_their_places_as_it_is_filled_in(of_a_unit: Firefox, address: str) -> None:
    of_a_unit.go(f"{address}/bieu-mau/dang-ky/dien")
    emptied = """() => { const box = document.querySelector("[name='targets.1.due']");
                           box.value = ''; box.focus(); }"""
    told = """() => document.querySelector("[data-told='targets.1.due']")?.innerText ?? ''"""
    of_a_unit.run(emptied)
    of_a_unit.type("31/6/2022" + TAB)
    of_a_unit.wait(told, lambda said: "không có trong lịch" in said)
    of_a_unit.run(emptied)
    of_a_unit.type("30/6/2022" + TAB)
    of_a_unit.wait(told, lambda said: said == "")
    assert of_a_unit.told == []


def test_a_file_is_chosen_and_dropped(of_a_unit: Firefox, address: str, busy: Rooms, tmp_path: Path) -> None:
    form = tmp_path / "phiếu Firefox.yaml"
    form.write_text("x", encoding="utf-8")
    of_a_unit.go(f"{address}/tha-tep")
    of_a_unit.choose("input[type=file]", form)
    of_a_unit.run("() => document.querySelector('form:has(input[type=file]) button').click()")
    of_a_unit.wait(
        "() => document.querySelector('[role=status]')?.innerText ?? ''",
        lambda said: "đã vào thư mục nhận" in said,
    )
    (lying,) = waiting(busy.folder)
    assert lying.name == form.name
    lying.unlink()
