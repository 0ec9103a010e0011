"""A web server before the office may say who has come in: from its own address, and from no other."""

import pytest
from starlette.testclient import TestClient

from pipeline.app import people
from pipeline.app.settings import read_settings
from pipeline.model import PersonRole
from pipeline.web.application import application
from pipeline.web.office import Office
from pipeline.web.peers import behind_proxies
from tests.web.browser import HERE, Rooms, words

HEADER = "x-remote-user"


def behind(rooms: Rooms, peer: str, header: str = HEADER) -> TestClient:
    """A client whose requests come from a machine, to an office that believes 10.0.0.7."""
    believed = frozenset({"10.0.0.7"})
    office = Office(rooms.workspace, rooms.office.expected, proxy_header=header, proxy_addresses=believed)
    app = behind_proxies(application(office), office)
    same = {"sec-fetch-site": "same-origin"}
    return TestClient(app, base_url=HERE, follow_redirects=False, client=(peer, 50000), headers=same)


@pytest.mark.parametrize(
    ("peer", "headers", "header", "is_in"),
    [
        ("10.0.0.7", [(HEADER, "lan")], HEADER, True),
        ("10.0.0.7", [(HEADER, " LAN ")], HEADER, True),
        # what the server says of the address does not make another machine of it
        ("10.0.0.7", [(HEADER, "lan"), ("x-forwarded-for", "192.0.2.9")], HEADER, True),
        ("192.0.2.9", [(HEADER, "lan")], HEADER, False),
        ("192.0.2.9", [(HEADER, "lan"), ("x-forwarded-for", "10.0.0.7")], HEADER, False),
        ("127.0.0.1", [(HEADER, "lan"), ("x-forwarded-for", "10.0.0.7")], HEADER, False),
        ("10.0.0.7", [(HEADER, "lan"), (HEADER, "hung")], HEADER, False),
        ("10.0.0.7", [(HEADER, "nobody")], HEADER, False),
        ("10.0.0.7", [(HEADER, "")], HEADER, False),
        ("10.0.0.7", [], HEADER, False),
        ("10.0.0.7", [(HEADER, "lan")], "", False),
    ],
)
def test_only_the_named_server_says_who_it_is(
    busy: Rooms, peer: str, headers: list[tuple[str, str]], header: str, *, is_in: bool
) -> None:
    answer = behind(busy, peer, header).get("/", headers=[("sec-fetch-site", "same-origin"), *headers])
    assert answer.status_code == (200 if is_in else 303)
    assert ("Nguyễn Thị Lan" in words(answer)) is is_in


def test_rights_are_those_of_the_account_and_acts_bear_its_name(rooms: Rooms) -> None:
    client = behind(rooms, "10.0.0.7")
    headers = {HEADER: "dien"}
    assert client.get("/cho-ky", headers=headers).status_code == 403
    sent = client.post("/tha-tep/gui", files={"file": ("a.yaml", b"x: 1\n...\n")}, headers=headers)
    assert sent.status_code == 200
    assert [event.who for event in rooms.workspace.ledger.acted("inbox.bring")] == ["dien@web"]
    people.set_role(rooms.workspace, "dien", PersonRole.LOCKED, "")
    assert client.get("/", headers=headers).status_code == 303


def test_a_page_elsewhere_can_do_nothing_in_a_persons_name(rooms: Rooms) -> None:
    client = behind(rooms, "10.0.0.7")
    headers = {HEADER: "dien", "sec-fetch-site": "cross-site"}
    sent = client.post("/tha-tep/gui", files={"file": ("a.yaml", b"x")}, headers=headers)
    assert sent.status_code == 403


def test_the_settings_say_which_header_and_which_addresses(rooms: Rooms) -> None:
    environment = {
        "VANTHU_WEB__PROXY_USER_HEADER": "X-Remote-User",
        "VANTHU_WEB__PROXY_ADDRESSES": "10.0.0.7, 10.0.0.8",
    }
    assert read_settings(rooms.folder, environment).proxy == (HEADER, frozenset({"10.0.0.7", "10.0.0.8"}))
    assert read_settings(rooms.folder, {}).proxy == ("", frozenset({"127.0.0.1"}))
