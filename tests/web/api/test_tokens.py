"""Tokens: made, listed, revoked by commands; what does not hold lets nobody in, and guessing is slowed down."""

import datetime as dt
import hashlib
import re

import pytest

from pipeline.app import people, tokens
from pipeline.model import PersonRole
from pipeline.store.engine import reading
from pipeline.web.api import endpoint
from pipeline.web.api.call import ROOT
from tests.folders import Clock
from tests.status.office import Office
from tests.web.api.program import Program
from tests.web.browser import Rooms

CLERK = PersonRole.CLERK


def asked(rooms: Rooms, secret: str) -> tuple[int, str]:
    answer = Program(rooms).get(f"{ROOT}/documents", headers={"authorization": f"Bearer {secret}"})
    return answer.status_code, answer.json().get("code", "")


def test_a_token_is_made_shown_once_listed_and_revoked(office: Office) -> None:
    people.add(office.workspace, "lan", "", CLERK, "", "mat-khau-dai-1")
    made = office.run("token", "add", "lan", "--label", "máy  quét", "--days", "30")
    secret = made.out.strip()
    assert (made.code, re.fullmatch(r"vanthu_[\w-]{43}", secret) is not None) == (0, True)
    (listed,) = office.run("token", "list", "--json").facts
    assert (listed["account"], listed["label"]) == ("lan", "máy quét")
    assert secret not in office.run("token", "list", "--json").out
    with reading(office.workspace.ledger.engine) as connection:
        rows = connection.exec_driver_sql("SELECT * FROM tokens").all()
    assert hashlib.sha256(secret.encode()).hexdigest() in rows[0]
    assert secret not in str(rows)
    holder = tokens.holder_of(office.workspace, secret)
    assert holder is not None
    assert holder.name == "lan"
    assert office.run("token", "revoke", str(listed["id"])).code == 0
    assert tokens.holder_of(office.workspace, secret) is None
    events = [office.workspace.ledger.acted(f"token.{act}")[0].detail for act in ("add", "revoke")]
    assert events == [{"token": 1, "name": "lan", "label": "máy quét"}] * 2
    assert office.run("check").code == 0


def test_a_token_of_nobody_and_one_that_is_not_there_are_told(office: Office) -> None:
    assert "Không có tài khoản “hung”" in office.run("token", "add", "hung").err
    assert "Không có mã truy cập 7" in office.run("token", "revoke", "7").err
    assert "Chưa có mã truy cập" in office.run("token", "list").err


def test_a_token_that_has_run_out_holds_no_more(rooms: Rooms, clock: Clock) -> None:
    secret = tokens.add(rooms.workspace, "lan", "", 1).secret
    assert asked(rooms, secret) == (200, "")
    clock.now += dt.timedelta(days=1, seconds=1)
    assert asked(rooms, secret) == (401, "token.unknown")


def test_a_token_ends_with_its_account_or_its_role(rooms: Rooms) -> None:
    first, second = (tokens.add(rooms.workspace, "lan", "", None).secret for _ in range(2))
    people.set_password(rooms.workspace, "lan", "mat-khau-dai-2")
    assert asked(rooms, first) == (200, "")
    people.set_role(rooms.workspace, "lan", PersonRole.LEADER, "")
    assert asked(rooms, first) == (401, "token.unknown")
    people.set_role(rooms.workspace, "lan", PersonRole.LOCKED, "")
    assert asked(rooms, second) == (401, "token.unknown")


def test_without_a_token_nothing_is_open_and_a_cookie_is_none(rooms: Rooms) -> None:
    browser = rooms.browser(CLERK)
    for headers in ({}, {"authorization": "Basic bGFuOng="}, {"authorization": "Bearer"}):
        answer = browser.get(f"{ROOT}/documents", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "token.missing")
        assert answer.headers["www-authenticate"] == "Bearer"
    answer = browser.post(
        f"{ROOT}/drops?name=a.yaml&folder=CATP", content=b"x", headers={"idempotency-key": "12345678"}
    )
    assert answer.status_code == 401
    assert not list((rooms.folder / "inbox").rglob("a.yaml"))


def test_who_guesses_waits_and_keeps_nobody_out(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.web.api.endpoint.time.monotonic", lambda: 0.0)
    tried = [asked(rooms, f"vanthu_{count}")[0] for count in range(62)]
    assert tried == [401] * 60 + [429] * 2
    # of a token that holds nobody is asked where it comes from: behind one address sits a whole office
    assert asked(rooms, tokens.add(rooms.workspace, "lan", "", None).secret) == (200, "")


def test_a_program_that_goes_round_and_round_is_slowed_down(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "_MOST_A_MINUTE", 3)
    monkeypatch.setattr("pipeline.web.api.endpoint.time.monotonic", lambda: 0.0)
    program = Program(rooms, CLERK)
    codes = [program.get(f"{ROOT}/documents").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    other = Program(rooms, PersonRole.UNIT)
    assert other.get(f"{ROOT}/documents").status_code == 200
