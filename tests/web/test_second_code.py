"""A second code for who wants one: that of RFC 6238, each once, and only beside the right password."""

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline.app import people, second_code
from pipeline.model import PersonRole
from pipeline.store.engine import reading
from tests.folders import Clock
from tests.status.office import Office
from tests.web.browser import PASSWORD, Rooms

#: RFC 6238, appendix B, SHA-1: moment and the last six figures of its code.
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("at", "code"), VECTORS)
def test_the_codes_are_those_of_the_standard(at: int, code: str) -> None:
    assert second_code.code_at(b"12345678901234567890", at // second_code.STEP_SECONDS) == code


def codes_of(address: str, clock: Clock, steps: int = 0) -> str:
    """What the app shows so many half minutes from now."""
    import base64

    (secret,) = parse_qs(urlsplit(address).query)["secret"]
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return second_code.code_at(key, int(clock().timestamp()) // second_code.STEP_SECONDS + steps)


def test_who_has_a_code_does_not_come_in_without_it_and_each_is_taken_once(rooms: Rooms, clock: Clock) -> None:
    address = second_code.begin(rooms.workspace, "lan")
    browser = rooms.browser()

    def tried(code: str, password: str = PASSWORD) -> int:
        said = {"name": "lan", "password": password, "code": code}
        return browser.post("/vao", data=said).status_code

    right = codes_of(address, clock)
    assert tried("") == 401
    assert tried(codes_of(address, clock, 5)) == 401
    assert tried(right, "mat-khau-sai-1") == 401
    assert tried(f"{right[:3]} {right[3:]}") == 303
    assert tried(right) == 401
    clock.now += dt.timedelta(seconds=60)
    # a clock that is half a minute behind
    assert tried(codes_of(address, clock, -1)) == 303
    assert rooms.browser(PersonRole.UNIT).get("/").status_code == 200


def test_beginning_anew_ends_the_old_code_and_the_sessions(rooms: Rooms, clock: Clock) -> None:
    browser = rooms.browser(PersonRole.CLERK)
    first = second_code.begin(rooms.workspace, "lan")
    assert browser.get("/").status_code == 303
    second = second_code.begin(rooms.workspace, "lan")
    assert people.admit(rooms.workspace, "lan", PASSWORD, codes_of(first, clock)) is None
    assert people.admit(rooms.workspace, "lan", PASSWORD, codes_of(second, clock)) is not None


def test_of_two_who_show_one_code_at_once_one_comes_in(rooms: Rooms, clock: Clock) -> None:
    from concurrent.futures import ThreadPoolExecutor

    code = codes_of(second_code.begin(rooms.workspace, "lan"), clock)
    with ThreadPoolExecutor(4) as pool:
        came = list(pool.map(lambda _: people.admit(rooms.workspace, "lan", PASSWORD, code) is not None, range(4)))
    assert sorted(came) == [False, False, False, True]


def test_the_command_shows_the_secret_once_and_the_ledger_has_none(office: Office) -> None:
    people.add(office.workspace, "lan", "", PersonRole.CLERK, "", PASSWORD)
    shown = office.run("user", "totp", "lan")
    (address,) = re.findall(r"otpauth://totp/\S+", shown.out)
    assert "▄" in shown.out or "█" in shown.out
    (secret,) = parse_qs(urlsplit(address).query)["secret"]
    with reading(office.workspace.ledger.engine) as connection:
        rows = connection.exec_driver_sql("SELECT * FROM people").all()
    assert secret not in str(rows)
    assert people.admit(office.workspace, "lan", PASSWORD) is None
    assert office.run("user", "totp", "lan", "--off").code == 0
    assert people.admit(office.workspace, "lan", PASSWORD) is not None
    told = [event.detail for event in office.workspace.ledger.acted("person.second-code")]
    assert told == [{"name": "lan", "needed": "yes"}, {"name": "lan", "needed": "no"}]
    assert office.run("user", "totp", "hung").code == 16
