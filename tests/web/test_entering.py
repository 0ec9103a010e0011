"""Coming in, staying, going out; what is slowed down, and what a person is told."""

import datetime as dt

import pytest

from pipeline.app import people
from pipeline.ledger.people import People
from pipeline.model import PersonRole
from pipeline.web.entering import COOKIE, Tries
from tests.folders import Clock
from tests.web.browser import PASSWORD, Rooms, words

ANOTHER = "mat-khau-khac-2"


def test_who_says_name_and_password_is_in_and_the_history_says_so(rooms: Rooms) -> None:
    browser = rooms.browser()
    assert browser.get("/nam").headers["location"] == "/vao?tiep=%2Fnam"
    answer = browser.post("/vao", data={"name": " LAN ", "password": PASSWORD, "tiep": "/nam"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/nam")
    kept = answer.headers["set-cookie"].lower()
    assert "httponly" in kept
    assert "samesite=lax" in kept
    assert "Nguyễn Thị Lan" in browser.text("/nam")
    assert [one.detail for one in rooms.workspace.ledger.acted("session.begin")] == [{"name": "lan"}]


def test_over_https_the_cookie_never_goes_over_http(rooms: Rooms) -> None:
    browser = rooms.browser()
    browser.base_url = "https://van-thu.example.vn"
    assert "secure" in browser.come_in("lan").headers["set-cookie"].lower()


def test_the_ledger_holds_neither_password_nor_secret(rooms: Rooms) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    token = browser.cookies[COOKIE]
    rooms.workspace.ledger.close()
    content = b"".join(path.read_bytes() for path in (rooms.folder / "var").glob("vanthu.sqlite*"))
    assert b"$argon2id$" in content
    assert PASSWORD.encode() not in content
    assert token.encode() not in content


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\nb"])
def test_nobody_is_led_elsewhere_by_the_door(rooms: Rooms, elsewhere: str) -> None:
    answer = rooms.browser().post("/vao", data={"name": "lan", "password": PASSWORD, "tiep": elsewhere})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(("name", "password"), [("lan", "sai"), ("nobody", PASSWORD), ("", ""), ("lan", "x" * 300)])
def test_what_is_not_right_is_told_alike(rooms: Rooms, name: str, password: str) -> None:
    answer = rooms.browser().come_in(name, password)
    assert answer.status_code == 401
    assert "Tên, mật khẩu hoặc mã không đúng" in words(answer)
    assert not rooms.workspace.ledger.acted("session.begin")


def test_after_five_wrong_passwords_even_the_right_one_waits(rooms: Rooms) -> None:
    browser = rooms.browser()
    for _ in range(5):
        assert browser.come_in("lan", "sai").status_code == 401
    answer = browser.come_in("lan")
    assert answer.status_code == 429
    assert "mười lăm phút" in words(answer)
    # others come in as before
    assert browser.come_in("hung").status_code == 303


def test_an_office_behind_one_address_comes_in_at_once_and_who_guesses_names_is_stopped() -> None:
    tries = Tries()
    for number in range(60):
        assert not tries.is_over(f"name{number}", "10.0.0.1", 0.0)
        tries.begun(f"name{number}", "10.0.0.1", 0.0)
    for number in range(60, 100):
        tries.begun(f"name{number}", "10.0.0.1", 0.0)
    assert tries.is_over("another", "10.0.0.1", 1.0)
    assert not tries.is_over("another", "10.0.0.2", 1.0)


def test_tries_are_forgotten_after_a_quarter_of_an_hour_and_when_one_was_right() -> None:
    tries = Tries()
    for _ in range(5):
        tries.begun("lan", "10.0.0.1", 0.0)
    assert tries.is_over("lan", "10.0.0.1", 899.0)
    # from elsewhere the person still comes in: nobody is kept out by others who guess
    assert not tries.is_over("lan", "10.0.0.2", 899.0)
    assert not tries.is_over("lan", "10.0.0.1", 901.0)
    for at in range(1000, 1100):
        tries.begun("hung", "10.0.0.3", at)
        tries.right("hung", "10.0.0.3")
    assert not tries.is_over("hung", "10.0.0.3", 1100.0)


def test_a_session_ends_by_itself_and_a_form_sent_then_does_nothing(rooms: Rooms, clock: Clock) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    for _ in range(6):  # used every hour and a half, it lasts
        clock.now += dt.timedelta(minutes=90)
        assert browser.get("/").status_code == 200
    clock.now += dt.timedelta(hours=3, minutes=1)
    answer = browser.post("/tha-tep/gui", data={"folder": "CATP"}, files={"file": ("a.yaml", b"x: 1\n...\n")})
    assert answer.status_code == 401
    assert "Phiên làm việc đã hết" in words(answer)
    assert not list((rooms.folder / "inbox").rglob("a.yaml"))


def test_a_session_that_nobody_uses_ends_after_two_hours(rooms: Rooms, clock: Clock) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    clock.now += dt.timedelta(hours=2, minutes=1)
    assert browser.get("/").status_code == 303


def test_who_goes_out_is_out_also_with_the_old_cookie(rooms: Rooms) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    token = browser.cookies[COOKIE]
    assert browser.post("/ra").headers["location"] == "/vao"
    browser.cookies.set(COOKIE, token)
    assert browser.get("/").status_code == 303


def test_whose_role_or_password_is_changed_comes_in_anew(rooms: Rooms) -> None:
    first, second = rooms.browser(PersonRole.LEADER), rooms.browser(PersonRole.READER)
    people.set_role(rooms.workspace, "hung", PersonRole.LOCKED, "")
    people.set_password(rooms.workspace, "tra", ANOTHER)
    assert (first.get("/").status_code, second.get("/so").status_code) == (303, 303)
    assert first.come_in("hung").status_code == 401
    assert second.come_in("tra").status_code == 401
    assert second.come_in("tra", ANOTHER).status_code == 303


def test_one_changes_the_own_password_with_the_present_one(rooms: Rooms) -> None:
    browser = rooms.browser(PersonRole.UNIT)

    def change(**fields: str) -> str:
        said = {"password": PASSWORD, "new": ANOTHER, "again": ANOTHER} | fields
        answer = browser.post("/mat-khau/doi", data=said)
        return words(answer) if answer.status_code == 422 else answer.headers["location"]

    assert "không giống nhau" in change(again="khac")
    assert "hiện nay không đúng" in change(password="sai")  # noqa: S106 - one that is wrong
    assert "từ 10 đến 200" in change(new="ngan", again="ngan")
    assert change() == "/vao"
    assert browser.come_in("dien").status_code == 401
    assert browser.come_in("dien", ANOTHER).status_code == 303
    (event,) = rooms.workspace.ledger.acted("person.password")
    assert event.who == "dien@web"


def test_passwords_cost_what_the_rfc_asks_for() -> None:
    source = people.__loader__.get_source(people.__name__)  # type: ignore[union-attr]  # a module from a file has one
    assert "_PASSES, _LANES, _KIBIBYTES, _LENGTH = 3, 1, 64 * 1024, 32" in source
    assert people.hashed(PASSWORD).startswith("$argon2id$v=19$")


def test_accounts_are_alike_on_both_engines(ledger_url: str) -> None:
    from pipeline.ledger import Ledger

    clock = Clock()
    ledger = Ledger.open(ledger_url, clock, "root@may")
    try:
        known = People(ledger)
        made = known.add("lan", "Lan", PersonRole.CLERK, "", "$argon2id$…")
        known.begin_session(made, "a" * 64, clock.now + dt.timedelta(hours=12))
        idle = dt.timedelta(hours=2)
        assert known.in_session("a" * 64, idle) == made
        assert known.in_session("b" * 64, idle) is None
        clock.now += dt.timedelta(minutes=119)
        assert known.in_session("a" * 64, idle) == made  # and was seen now
        clock.now += dt.timedelta(minutes=119)
        assert known.in_session("a" * 64, idle) == made
        assert known.set_role("lan", PersonRole.UNIT, "CATP").unit == "CATP"
        assert known.in_session("a" * 64, idle) is None
        assert [one.action for one in ledger.events()] == ["person.add", "session.begin", "person.role"]
    finally:
        ledger.close()
