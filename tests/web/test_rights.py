"""Who may do what is one table; it is gone over whole, through real requests, and held against what was asked for."""

import re
from collections.abc import Iterator
from typing import Final

import pytest

from pipeline.model import PersonRole
from pipeline.web import streaming
from pipeline.web.api.operations import OPERATIONS
from pipeline.web.pages import PAGES, Page
from pipeline.web.rights import OPEN, RIGHTS
from tests.web.browser import Rooms, words
from tests.web.every_page import address

CLERK, LEADER, UNIT, READER = PersonRole.CLERK, PersonRole.LEADER, PersonRole.UNIT, PersonRole.READER
#: Documents by whose they are, in the office `busy`: the own ones of its unit, others', none at all.
OBJECTS: Final = {"own": 1, "other's": 2, "returned": 3, "filed": 5, "unknown": 4_000_000}

#: What the issue asks for, written down once more: route, and for each role the documents it may touch.
#: "-" none and not the page either, "*" the page (it names no document).
WANTED: Final = """
today            clerk * | leader * | unit * | reader -
year             clerk * | leader * | unit * | reader -
drop             clerk * | leader - | unit * | reader -
bring            clerk * | leader - | unit * | reader -
signing          clerk * | leader * | unit - | reader -
register         clerk * | leader * | unit - | reader *
register-print   clerk * | leader * | unit - | reader *
register-file    clerk * | leader * | unit - | reader -
figures          clerk * | leader * | unit - | reader -
old-book         clerk * | leader - | unit - | reader -
old-book-report  clerk * | leader - | unit - | reader -
old-book-enter   clerk * | leader - | unit - | reader -
kinds            clerk * | leader * | unit - | reader -
kind             clerk * | leader * | unit - | reader -
kind-page        clerk * | leader * | unit - | reader -
draw-kind        clerk * | leader - | unit - | reader -
try-template     clerk * | leader - | unit - | reader -
machine          clerk * | leader - | unit - | reader -
password         clerk * | leader * | unit * | reader *
change-password  clerk * | leader * | unit * | reader *
leave            clerk * | leader * | unit * | reader *
document         clerk own, other's, returned, filed | leader own, other's, returned, filed | unit own | reader filed
file             clerk own, other's, returned, filed | leader own, other's, returned, filed | unit own | reader filed
preview          clerk own, other's, returned, filed | leader own, other's, returned, filed | unit own | reader filed
signature        clerk own, other's, returned, filed | leader own, other's, returned, filed | unit own | reader filed
as-read          clerk own, other's, returned, filed | leader own, other's, returned, filed | unit own | reader -
compare          clerk own, other's, returned, filed | leader own, other's, returned, filed | unit own | reader -
chain            clerk own, other's, returned, filed | leader own, other's, returned, filed | unit own | reader -
proof-file       clerk own, other's, returned, filed | leader own, other's, returned, filed | unit own | reader -
number           clerk own, other's, returned, filed | leader - | unit - | reader -
confirm          clerk own, other's, returned, filed | leader - | unit - | reader -
match            clerk own, other's, returned, filed | leader - | unit - | reader -
refuse           clerk own, other's, returned, filed | leader - | unit - | reader -
accept           clerk own, other's, returned, filed | leader - | unit - | reader -
forms            clerk * | leader * | unit * | reader -
fill             clerk * | leader - | unit * | reader -
keep-form        clerk * | leader - | unit * | reader -
check-form       clerk * | leader - | unit * | reader -
form-file        clerk * | leader * | unit * | reader -
enter-paper      clerk own, other's, returned, filed | leader - | unit - | reader -
admit            clerk * | leader - | unit - | reader -
remind           clerk * | leader - | unit - | reader -
void             clerk own, other's, returned, filed | leader - | unit - | reader -
note             clerk own, other's, returned, filed | leader - | unit - | reader -
reprocess        clerk own, other's, returned, filed | leader - | unit - | reader -
cancel           clerk own, other's, returned, filed | leader - | unit - | reader -
"""


def wanted() -> dict[str, dict[str, set[str]]]:
    table: dict[str, dict[str, set[str]]] = {}
    for line in WANTED.strip().splitlines():
        route, rest = line.split(maxsplit=1)
        cells = (cell.strip().split(maxsplit=1) for cell in rest.split("|"))
        table[route] = {role: set(re.split(", ?", objects)) for role, objects in cells}
    return table


def cases() -> Iterator[tuple[Page, PersonRole]]:
    for page in PAGES:
        # what everybody may of oneself ends the session it is done in: tried in test_entering
        if page.name in {"leave", "change-password"}:
            continue
        for role in (CLERK, LEADER, UNIT, READER):
            yield page, role


def test_every_address_has_a_row_and_no_row_is_for_nothing() -> None:
    named = {page.name for page in PAGES}
    assert len(named) == len(PAGES)
    # what programs alone ask for is held against in tests/web/api
    assert named == set(wanted())
    assert named | {row.right for row in OPERATIONS} | {streaming.NAME} == set(RIGHTS)
    assert not set(RIGHTS) & OPEN


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_without_coming_in_nothing_is_open(busy: Rooms, page: Page) -> None:
    path = address(page, OBJECTS["own"])
    answer = busy.browser().request(page.method, path)
    assert answer.status_code in {303, 401}
    if answer.status_code == 303:
        assert answer.headers["location"].startswith("/vao")
    assert "EVNHCMC" not in answer.text


@pytest.mark.parametrize(("page", "role"), list(cases()), ids=lambda one: getattr(one, "name", str(one)))
def test_every_role_reaches_on_every_route_what_it_is_to_reach(busy: Rooms, page: Page, role: PersonRole) -> None:
    browser, may = busy.browser(role), wanted()[page.name][role.value]
    objects = OBJECTS if "{id" in page.path else {"*": 0}
    for name, job in objects.items():
        answer = browser.request(page.method, address(page, job), data={} if page.method == "POST" else None)
        told = (page.name, role.value, name, answer.status_code)
        if may == {"-"}:
            # a reader's first page is the register
            expected = {303} if (page.name, role) == ("today", READER) else {403}
            assert answer.status_code in expected, told
        elif name in may:
            # allowed: what lacks then (a reason, a file) is told otherwise
            is_there = answer.status_code != 404 or is_about_more(words(answer))
            assert is_there, told
            assert answer.status_code in {200, 404, 409, 422}, told
        else:
            assert answer.status_code == 404, told
            assert f"không có hồ sơ #{job}" in words(answer).lower() or "không có hồ sơ" in words(answer).lower(), (
                told
            )


def is_about_more(text: str) -> bool:
    """Whether a page was refused not for its document, but for a file or a page of it that is not there."""
    return (
        "không có tệp này" in text
        or "Không có trang" in text
        or "Không có sự cố" in text
        or "Không có hình chữ ký" in text
    )


def test_a_unit_sees_nothing_of_another_one_on_any_of_its_pages(busy: Rooms) -> None:
    browser = busy.browser(UNIT)
    for path in ("/", "/nam", "/tha-tep", "/bieu-mau", "/ho-so/1"):
        text = browser.get(path).text
        assert "EVNHCMC" in text
        assert not re.search("CATP|SATRA|Công an|dk-catp", text), path
