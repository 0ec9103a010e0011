"""Every page there is, by itself: sound HTML, light enough for a slow line, and others' words are only words."""

import io
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Final

import html5lib
import pytest
from html5lib.html5parser import ParseError

from pipeline.app import people
from pipeline.model import PersonRole, State
from tests.folders import opened, registration, working_folder
from tests.register.test_old_books import sheet
from tests.web.browser import PASSWORD, Browser, Rooms
from tests.web.conftest import with_shipped
from tests.web.every_page import pages

MOST_BYTES: Final = 100_000
#: No slash, so that a file may be called so; it would be an element of its own, or an attribute.
BAD: Final = "\"'><b data-xss onfocus=alert(1)>{{7*7}}&amp;"


@pytest.fixture(scope="module")
def clerk(busy: Rooms) -> Browser:
    return busy.browser(PersonRole.CLERK)


PAGES: Final = pages(1, 3, 4, 5)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound_html_without_anything_that_the_policy_would_stop(clerk: Browser, path: str) -> None:
    text = clerk.get(path).text
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            html5lib.HTMLParser(strict=True).parse(text)
        except ParseError as fault:
            pytest.fail(f"{path}: {fault}")
    ids = Counter(re.findall(r'\sid="([^"]*)"', text))
    assert [one for one, count in ids.items() if count > 1] == []
    told = {one for said in re.findall(r'aria-describedby="([^"]*)"', text) for one in said.split()}
    assert told | set(re.findall(r'\sfor="([^"]*)"', text)) <= set(ids)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?! src=\"/tinh/)|javascript:|https?://(?!127)", text)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light(clerk: Browser, path: str) -> None:
    assert len(clerk.get(path).content) <= MOST_BYTES


def test_forms_of_every_kind_are_light_and_sound(busy: Rooms, clerk: Browser) -> None:
    for kind in busy.workspace.loaded().kinds.values():
        unit = "?don-vi=EVNHCMC&kiem=1" if kind.submitted_by == "unit" else "?kiem=1"
        answer = clerk.get(f"/bieu-mau/{kind.id}/dien{unit}")
        assert answer.status_code == 200, kind.id
        assert len(answer.content) <= MOST_BYTES, kind.id
        html5lib.HTMLParser(strict=True).parse(answer.text)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """An office to which somebody has sent a mark of HTML wherever a text is taken."""
    folder = working_folder(tmp_path_factory.mktemp("hostile") / "office")
    with opened(folder) as workspace:
        rooms = Rooms.of(folder, with_shipped(workspace))
        people.add(workspace, "xau", BAD, PersonRole.CLERK, "", PASSWORD)
        browser = Browser(rooms.app)
        browser.come_in("xau")
        focal = {"name": BAD, "phone": BAD, "email": BAD, "position": BAD}
        rooms.drop(f"{BAD}.yaml", registration("SATRA", focal_point=focal, headcount=BAD, submit_doc_no=BAD), "SATRA")
        job = rooms.drop(f"a{BAD}.yaml", registration("CATP", focal_point={"name": BAD, "phone": "0"}), "CATP")
        rooms.drop(f"b{BAD}.txt", BAD, "CATP")
        browser.decide("cap-so", rooms.job(job), shown="")
        browser.decide("ghi-so", rooms.job(job), remark=BAD, receipt=BAD, handled_by=BAD, why=BAD)
        other = rooms.drop("c.yaml", registration("DHQG"), "DHQG")
        browser.decide("huy", rooms.job(other), why=BAD)
        typed = {"don-vi": "CATP", "lan": "0", "viec": "luu"}
        places = ("headcount", "focal_point.name", "targets.0.measures", "targets.0.due", "titles_collective")
        fields = {name: (None, value) for name, value in {**dict.fromkeys(places, BAD), **typed}.items()}
        browser.post("/bieu-mau/dang-ky/dien", files=fields)
        out = io.BytesIO()
        sheet(("02/3/2021", "01-KH/CTĐ4", BAD, BAD, BAD)).save(out)
        page = browser.post("/so/so-cu", files={"file": (f"{BAD}.xlsx", out.getvalue())})
        sha256 = re.findall('name="sha256" value="([0-9a-f]{64})"', page.text)
        browser.post("/so/so-cu/vao-so", data={"sha256": sha256[0] if sha256 else "", "why": BAD})
        yield rooms


def test_marks_of_html_are_only_words_on_every_page(hostile: Rooms) -> None:
    browser = Browser(hostile.app)
    browser.come_in("xau")
    jobs = [job.id for job in hostile.workspace.ledger.in_states(State)]
    shown = 0
    for path in (*pages(*jobs), "/so?quyen=di&nam=0", f"/so?tim={BAD}", "/bieu-mau/dang-ky/dien?don-vi=CATP&kiem=1"):
        text = browser.get(path).text
        assert not re.search(r"<b[^>]*data-xss", text), path
        assert "49&amp;amp;" not in text, path
        shown += len(re.findall("&lt;b data-xss", text))
    # it was there, everywhere
    assert shown > 60
