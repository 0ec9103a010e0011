"""What stands before every page: where a request comes from, how large it is, what browsers are told."""

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image

from pipeline.model import PersonRole
from tests.folders import drop
from tests.web.browser import HERE, Rooms, words

PATHS = ("/", "/nam", "/tha-tep", "/cho-ky", "/so", "/so/in", "/ho-so/1", "/ho-so/3", "/ho-so/4", "/mat-khau", "/may")


@pytest.mark.parametrize("path", [*PATHS, "/vao", "/tinh/office.css", "/khong-co", "/ho-so/99999"])
def test_every_answer_says_that_nothing_comes_from_elsewhere_or_from_within(busy: Rooms, path: str) -> None:
    answer = busy.browser(PersonRole.CLERK).get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    if not path.startswith("/tinh"):
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", PATHS)
def test_no_page_has_a_script_a_style_or_an_address_that_its_policy_forbids(busy: Rooms, path: str) -> None:
    text = busy.browser(PersonRole.CLERK).get(path).text
    assert not re.search(r"\son\w+\s*=|\sstyle\s*=|<style|javascript:", text)
    assert re.findall(r"<script[^>]*>(.*?)</script>", text) == [""]
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', text)
    assert addresses
    assert all(one.startswith(("/", "#")) and not one.startswith("//") for one in addresses), addresses


HEADERS = [
    ({"sec-fetch-site": "same-origin"}, True),
    ({"sec-fetch-site": "cross-site"}, False),
    ({"sec-fetch-site": "same-site"}, False),
    ({"sec-fetch-site": "none"}, False),
    ({"sec-fetch-site": "cross-site", "origin": HERE}, False),
    ({"sec-fetch-site": "", "origin": HERE}, False),
    ({"origin": HERE}, True),
    ({"origin": "http://evil.example"}, False),
    ({"origin": "https://127.0.0.1:8022"}, False),
    ({"origin": "null"}, False),
    ({}, False),
]


@pytest.mark.parametrize(("headers", "is_taken"), HEADERS)
def test_only_pages_of_ours_do_anything(rooms: Rooms, headers: dict[str, str], *, is_taken: bool) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    del browser.headers["sec-fetch-site"]
    answer = browser.post("/tha-tep/gui", data={"folder": "CATP"}, files={"file": ("a.yaml", b"x")}, headers=headers)
    assert (answer.status_code == 200) is is_taken
    assert bool(list((rooms.folder / "inbox").rglob("a.yaml"))) is is_taken
    if not is_taken:
        assert "không đến từ một trang của văn thư" in words(answer)


def test_what_says_that_it_is_too_large_is_refused_before_it_is_read(rooms: Rooms) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while read < 200_000_000:
            read += 1_000_000
            yield bytes(1_000_000)

    headers = {"content-length": "10000000000", "content-type": "multipart/form-data; boundary=x"}
    answer = browser.post("/tha-tep/gui", content=endless(), headers=headers)
    assert answer.status_code == 413
    assert "quá lớn" in words(answer)


def test_what_is_larger_than_it_says_is_refused_all_the_same(rooms: Rooms) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    answer = browser.post(
        "/ho-so/1/huy",
        content=(b"why=" + b"x" * 50_000 for _ in range(9)),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 413


def test_what_people_typed_is_shown_and_never_done(rooms: Rooms) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"
    browser = rooms.browser(PersonRole.CLERK)
    form = f"kind: {evil!r}\nunit_code: CATP\n{evil!r}: {evil!r}\n...\n"
    drop(rooms.folder, "<b onmouseover=alert(3)>.yaml", form, "CATP")
    rooms.serve()
    from pipeline.app import people

    people.add(rooms.workspace, "evil", evil, PersonRole.CLERK, "", "mat-khau-dai-1")
    browser.come_in("evil")
    (job,) = rooms.workspace.ledger.latest(1)
    browser.decide("huy", job, why=evil)
    seen = 0
    for path in ("/", "/tha-tep", f"/ho-so/{job.id}", f"/so?tim={evil}", f"/so/in?tim={evil}", f"/vao?tiep=/{evil}"):
        text = browser.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<b onmouseover" not in text
        seen += text.count("&lt;script&gt;alert(1)")
    assert seen > 5


def test_a_phone_can_keep_the_office_as_an_app(rooms: Rooms) -> None:
    browser = rooms.browser()
    assert 'rel="manifest" href="/tinh/manifest.json"' in browser.get("/vao").text
    said = browser.get("/tinh/manifest.json")
    assert said.headers["content-type"] == "application/json"
    for icon in said.json()["icons"]:
        picture = Image.open(io.BytesIO(browser.get(icon["src"]).content))
        assert (picture.format, f"{picture.width}x{picture.height}") == ("PNG", icon["sizes"])
