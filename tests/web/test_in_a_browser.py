"""The pages in a real browser: no sideways scrolling, both themes, keyboard alone, what the policy would stop."""

import io
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pypdf
import pytest
import uvicorn

from pipeline.model import State
from tests.folders import waiting
from tests.web.browser import PASSWORD, Rooms
from tests.web.test_serving import free_port

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pages are seen by nobody"
)

pytestmark = pytest.mark.slow
CHROMIUM: Final = Path("/usr/bin/chromium")
PATHS: Final = (
    "/",
    "/nam",
    "/tha-tep",
    "/cho-ky",
    "/so?quyen=den",
    "/so/in?quyen=den",
    "/ho-so/1",
    "/ho-so/3",
    "/may",
)
WIDTHS: Final = (360, 800, 1920)


@pytest.fixture(scope="module")
def address(busy: Rooms) -> Iterator[str]:
    """Where the busy office is served, in this process."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(busy.app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    # as `vanthu web` does it: pages that listen keep nobody waiting
    busy.office.closing.set()
    server.should_exit = True
    thread.join(10)
    busy.office.closing.clear()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if not CHROMIUM.is_file():
        pytest.skip("Debian's chromium is not installed: pages are seen by nobody")
    with playwright.sync_playwright() as driver:
        # as root, and where shared memory is small, as in containers
        flags = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        yield browser
        browser.close()


def come_in(page: Any, address: str, name: str = "lan") -> None:
    """By the keyboard alone: the first box has the cursor already."""
    page.goto(address)
    page.bring_to_front()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("nav")


def test_no_page_scrolls_sideways_or_breaks_its_policy_in_any_width_and_theme(chromium: Any, address: str) -> None:
    for theme in ("light", "dark"):
        context = chromium.new_context(color_scheme=theme, locale="vi-VN")
        page, told = context.new_page(), list[str]()
        page.on("console", lambda message, told=told: told.append(message.text))
        page.on("pageerror", lambda error, told=told: told.append(str(error)))
        come_in(page, address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for path in PATHS:
                page.goto(address + path)
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, (theme, width, path, wide)
        assert told == []
        context.close()


#: The contrast of text with what lies behind it (WCAG 2.2, 1.4.3), of every element with words of its own.
CONTRAST: Final = """() => {
  const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255;
      return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b; };
  const parse = (s) => s.match(/[\\d.]+/g).map(Number);
  const behind = (e) => { let at = [255, 255, 255]; const stack = [];
    for (let n = e; n; n = n.parentElement) stack.unshift(parse(getComputedStyle(n).backgroundColor));
    for (const [r, g, b, a = 1] of stack) at = at.map((v, i) => v * (1 - a) + [r, g, b][i] * a);
    return at; };
  const low = [];
  for (const e of document.querySelectorAll('main *, header *')) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    if (!e.checkVisibility()) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const words = e.textContent.trim().slice(0, 40);
    if (ratio < 4.5) low.push([e.tagName, e.className, words, ratio.toFixed(2)].join(" "));
  }
  return low;
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_stand_out_from_what_lies_behind_them(chromium: Any, address: str, theme: str) -> None:
    context = chromium.new_context(color_scheme=theme)
    page = context.new_page()
    come_in(page, address)
    low = {path: found for path in PATHS if (page.goto(address + path), found := page.evaluate(CONTRAST))[1]}
    assert low == {}
    context.close()


def test_every_box_has_its_label_and_every_page_one_heading(chromium: Any, address: str) -> None:
    page = chromium.new_page()
    come_in(page, address)
    for path in (*PATHS, "/mat-khau"):
        page.goto(address + path)
        assert page.locator("h1").count() == 1, path
        for box in page.locator("input:not([type=hidden]), select").all():
            assert box.evaluate("one => one.labels.length") == 1, (path, box.get_attribute("name"))
        assert page.locator("img:not([alt])").count() == 0, path
    page.close()


def test_a_file_is_chosen_and_dropped_and_vietnamese_is_searched(chromium: Any, address: str, busy: Rooms) -> None:
    page = chromium.new_page()
    come_in(page, address, "dien")
    page.goto(f"{address}/tha-tep")
    page.set_input_files("input[type=file]", {"name": "rỗng.docx", "mimeType": "text/plain", "buffer": b""})
    page.get_by_role("button", name="Thả vào", exact=True).click()
    playwright.expect(page.get_by_role("status")).to_contain_text("Tệp rỗng")
    form = {"name": "phiếu.yaml", "mimeType": "text/plain", "buffer": b"x"}
    page.set_input_files("input[type=file]", form)
    page.get_by_role("button", name="Thả vào", exact=True).click()
    playwright.expect(page.get_by_role("status")).to_contain_text("đã vào thư mục nhận")
    (lying,) = waiting(busy.folder)
    assert lying.name == "phiếu.yaml"
    # looked for again by itself: what is taken meanwhile is told without a key pressed
    lying.unlink()
    playwright.expect(page.get_by_text("Còn nằm trong thư mục nhận")).to_have_count(0, timeout=10_000)
    page.close()


def test_the_register_prints_on_a4_lying_across(chromium: Any, address: str) -> None:
    page = chromium.new_page()
    come_in(page, address)
    page.goto(f"{address}/so/in?quyen=den")
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    box = printed.pages[0].mediabox
    assert (round(box.width / 72 * 25.4), round(box.height / 72 * 25.4)) == (297, 210)
    text = printed.pages[0].extract_text()
    assert "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN" in text
    assert "Đăng xuất" not in text
    page.close()


def test_a_number_is_taken_without_a_mouse(chromium: Any, address: str, busy: Rooms) -> None:
    page = chromium.new_page()
    come_in(page, address)
    page.goto(f"{address}/ho-so/2")
    button = page.get_by_role("button", name="Cấp số này")
    for _ in range(30):
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    playwright.expect(page.get_by_text("đã cấp số, chờ bản ký").first).to_be_visible()
    assert busy.workspace.ledger.job(2).state is State.NUMBERED
    page.close()


def test_a_page_says_by_itself_that_something_has_changed(chromium: Any, address: str, busy: Rooms) -> None:
    page, told = chromium.new_page(), list[str]()
    page.on("console", lambda message: told.append(message.text))
    come_in(page, address, "hung")
    for path in ("/", "/cho-ky"):
        page.goto(address + path)
        said = page.get_by_role("link", name="Có thay đổi mới: xem lại")
        playwright.expect(said).to_have_count(0)
        busy.workspace.ledger.remark("inbox.bring", {"name": "a.yaml", "folder": "CATP"})
        playwright.expect(said).to_be_visible(timeout=5_000)
        said.click()
        playwright.expect(said).to_have_count(0)
        assert page.url == address + path
    assert told == []
    page.close()
