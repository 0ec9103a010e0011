"""The pages in a real browser: no sideways scrolling, both themes, keyboard alone, what the policy would stop."""

import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pypdf
import pytest

from pipeline.model import State
from tests.folders import waiting
from tests.web.browser import PASSWORD, Rooms
from tests.web.every_page import pages

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pages are seen by nobody"
)

CHROMIUM: Final = Path("/usr/bin/chromium")
PATHS: Final = pages(1, 3)
WIDTHS: Final = (360, 768, 1280, 1920)


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


def is_fault(message: Any) -> bool:
    """Whether the browser tells of a fault of ours; that a page is refused with a status is none."""
    return message.type in {"error", "warning"} and "Failed to load resource" not in message.text


@pytest.mark.parametrize(
    ("theme", "widths"),
    [
        ("light", WIDTHS[:1]),
        pytest.param("light", WIDTHS[1:], marks=pytest.mark.slow),
        pytest.param("dark", WIDTHS, marks=pytest.mark.slow),
    ],
    ids=["light, narrow", "light, wider", "dark"],
)
def test_no_page_scrolls_sideways_or_breaks_its_policy_in_any_width_and_theme(
    chromium: Any, address: str, theme: str, widths: Sequence[int]
) -> None:
    context = chromium.new_context(color_scheme=theme, locale="vi-VN")
    page, told = context.new_page(), list[str]()
    page.on("console", lambda message: told.append(message.text) if is_fault(message) else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    come_in(page, address)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        for path in PATHS:
            page.goto(address + path)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (theme, width, path, wide)
    assert told == []
    context.close()


#: Of axe-core, run within the page: a script tag would be stopped by the policy.
AXE: Final = "async () => { const told = await axe.run({resultTypes: ['violations', 'incomplete']}); return told; }"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.slow
def test_axe_finds_nothing_on_any_page(chromium: Any, address: str, theme: str) -> None:
    axe_playwright = pytest.importorskip("axe_playwright_python.base", reason="axe-core is not installed")
    script = axe_playwright.AXE_SCRIPT
    context = chromium.new_context(color_scheme=theme, locale="vi-VN")
    page, found = context.new_page(), list[str]()
    for path in ("/vao", *PATHS, "/khong-co-trang-nay"):
        if path == PATHS[0]:
            come_in(page, address)
        page.goto(address + path)
        page.evaluate(script)
        for one in page.evaluate(AXE)["violations"]:
            nodes = [node["html"][:120] for node in one["nodes"][:2]]
            found.append(f"{path}: {one['id']} {nodes}")
    assert found == []
    context.close()


#: What the Tab key reaches, in order, and whether each place that has the focus is to be seen to have it.
REACHED: Final = """() => {
  const e = document.activeElement;
  const style = getComputedStyle(e);
  const box = e.getBoundingClientRect();
  const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return [e.tagName, e.dataset.tried || '', seen && box.width > 0 && box.height > 0 && box.right > 0];
}"""
MARK: Final = """() => {
  const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')];
  const open = all.filter((e) => e.checkVisibility() && e.tabIndex >= 0 && !e.disabled);
  const named = open.filter((e) => e.type !== 'radio');
  named.forEach((e, at) => { e.dataset.tried = String(at); });
  return named.length;
}"""


def pressed_through(
    count: int, press_tab: Callable[[], object], look: Callable[[], Any]
) -> tuple[set[str], list[str]]:
    """Press the Tab key until it leaves the page: which of `count` places it reached, and where that was not seen."""
    reached, unseen = set[str](), list[str]()
    for _ in range(count + 12):
        press_tab()
        tag, tried, is_seen = look()
        if tag in {"BODY", "HTML"}:
            break
        reached.add(tried)
        if not is_seen:
            unseen.append(f"{tag} {tried}")
    return reached, unseen


@pytest.mark.parametrize("path", ["/", "/so?quyen=den", "/ho-so/1", "/cho-ky", "/thong-ke", "/so/so-cu"])
@pytest.mark.slow
def test_all_that_can_be_pressed_is_reached_by_the_tab_key_and_seen_to_be(
    chromium: Any, address: str, path: str
) -> None:
    page = chromium.new_page()
    come_in(page, address)
    page.goto(address + path)
    count = page.evaluate(MARK)
    reached, unseen = pressed_through(count, lambda: page.keyboard.press("Tab"), lambda: page.evaluate(REACHED))
    assert unseen == []
    assert {str(at) for at in range(count)} <= reached
    page.close()


@pytest.mark.slow
def test_a_form_says_its_faults_beside_their_places_as_it_is_filled_in(chromium: Any, address: str) -> None:
    page = chromium.new_page()
    told = list[str]()
    page.on("console", lambda message: told.append(message.text))
    come_in(page, address, "dien")
    page.goto(f"{address}/bieu-mau/dang-ky/dien")
    box = page.locator("[name='targets.1.due']")
    box.fill("31/6/2022")
    box.blur()
    playwright.expect(page.locator("[data-told='targets.1.due']")).to_contain_text("không có trong lịch")
    assert box.get_attribute("aria-invalid") == "true"
    # what nobody has touched yet is not called missing
    playwright.expect(page.locator(".box .told li")).to_have_count(1)
    box.fill("30/6/2022")
    box.blur()
    playwright.expect(page.locator(".box .told li")).to_have_count(0)
    page.reload()
    playwright.expect(box).to_have_value("30/6/2022")
    assert told == []
    page.close()


@pytest.mark.slow
def test_the_register_answers_while_words_are_typed(chromium: Any, address: str) -> None:
    page = chromium.new_page()
    come_in(page, address)
    page.goto(f"{address}/so?quyen=den")
    page.get_by_label("Từ cần tìm").press_sequentially("dai hoc")
    playwright.expect(page.get_by_role("status")).to_contain_text("1 số")
    page.get_by_label("Từ cần tìm").press_sequentially(" khongco")
    playwright.expect(page.get_by_role("status")).to_contain_text("0 số")
    assert "tim=dai+hoc+khongco" in page.url
    page.close()


@pytest.mark.slow
def test_a_word_that_is_composed_is_searched_for_when_it_is_whole(chromium: Any, address: str) -> None:
    """As an input method types: each key shows the word anew, underlined, until it is committed."""
    page, asked = chromium.new_page(), list[str]()
    come_in(page, address)
    page.goto(f"{address}/so?quyen=den")
    page.on("request", lambda request: asked.append(request.url) if "tim=" in request.url else None)
    keyboard = page.context.new_cdp_session(page)
    page.get_by_label("Từ cần tìm").focus()
    for shown in ("d", "đ", "đa", "đại", "đại h", "đại họ"):
        keyboard.send(
            "Input.imeSetComposition", {"text": shown, "selectionStart": len(shown), "selectionEnd": len(shown)}
        )
    # longer than a search waits for the next key
    page.wait_for_timeout(600)
    assert asked == []
    playwright.expect(page.get_by_label("Từ cần tìm")).to_have_value("đại họ")
    # committed with letter and tone apart, as some keyboards of telephones do
    with page.expect_response(lambda answer: "tim=" in answer.url):
        keyboard.send("Input.insertText", {"text": unicodedata.normalize("NFD", "đại học")})
    playwright.expect(page).to_have_url(re.compile("tim="))
    playwright.expect(page.get_by_role("status")).to_contain_text("1 số")
    assert len(asked) == 1
    with page.expect_response(lambda answer: "khong" in answer.url):
        keyboard.send("Input.insertText", {"text": " khongco"})
    playwright.expect(page.get_by_role("status")).to_contain_text("0 số")
    page.close()


@pytest.mark.slow
def test_what_is_composed_in_a_form_is_kept_as_whole_letters(chromium: Any, address: str, busy: Rooms) -> None:
    page, name = chromium.new_page(), "Phan Nguyễn Khôi Nguyên"
    come_in(page, address, "dien")
    page.goto(f"{address}/bieu-mau/dang-ky/dien")
    box = page.locator(".box input:not([type=radio]):not([type=checkbox]):not([readonly])").first
    box.fill("")
    box.focus()
    keyboard = page.context.new_cdp_session(page)
    for shown in ("Phan Nguy", "Phan Nguyê", "Phan Nguyễn Kh"):
        keyboard.send(
            "Input.imeSetComposition", {"text": shown, "selectionStart": len(shown), "selectionEnd": len(shown)}
        )
    keyboard.send("Input.insertText", {"text": unicodedata.normalize("NFD", name)})
    # what the page said of an earlier saving is still there
    with page.expect_response(lambda answer: answer.url.endswith("/xet")):
        box.blur()
    page.reload()
    assert box.input_value() == name
    page.close()


#: Chromium's own "Slow 3G" is 400 ms and 400 kbit/s; "Fast 3G", which offices' telephones have, this.
ROUND_TRIP_SECONDS, BYTES_PER_SECOND = 0.15, 1_600_000 / 8
#: What a page waits for before it is painted: style, and scripts that are not put off.
WAITED_FOR: Final = """() => performance.getEntriesByType('resource')
    .filter((one) => one.renderBlockingStatus === 'blocking').map((one) => [one.name, one.decodedBodySize])"""


@pytest.mark.slow
def test_over_a_slow_line_each_page_is_painted_within_a_second(chromium: Any, address: str) -> None:
    """By what is sent, and how often the line is gone to and fro: a busy machine is no slow line."""
    context = chromium.new_context(locale="vi-VN")
    page, found = context.new_page(), dict[str, float]()
    come_in(page, address)
    for path in PATHS:
        size = len(page.goto(address + path, wait_until="load").body())
        waited_for = page.evaluate(WAITED_FOR)
        assert [name for name, _ in waited_for if not name.endswith(".css")] == [], path
        # the line is made, the page is asked for, then what it waits for, all at once
        trips = 2 + bool(waited_for)
        found[path] = trips * ROUND_TRIP_SECONDS + (size + sum(size for _, size in waited_for)) / BYTES_PER_SECOND
    assert {path: seconds for path, seconds in found.items() if seconds > 1} == {}
    # each has its style, so the browser said what a page waits for
    assert min(found.values()) > 3 * ROUND_TRIP_SECONDS
    context.close()


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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
