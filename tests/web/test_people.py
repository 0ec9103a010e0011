"""Accounts are made and changed on the command line; no password is ever shown."""

import io

import pytest

from pipeline.app import people
from tests.status.office import Office


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is piped in: one password."""
    monkeypatch.setattr("sys.stdin", io.StringIO("mat-khau-dai-1\nmat-khau-dai-2\n"))


@pytest.mark.usefixtures("said")
def test_accounts_are_made_listed_changed_and_locked(office: Office) -> None:
    made = office.run("user", "add", "dien", "--role", "unit", "--unit", "evnhcmc", "--full-name", "Lê Thị  Điện")
    assert (made.code, "EVNHCMC" in made.out) == (0, True)
    (listed,) = office.run("user", "list", "--json").facts
    assert {name: listed[name] for name in ("name", "full_name", "role", "unit")} == {
        "name": "dien",
        "full_name": "Lê Thị Điện",
        "role": "unit",
        "unit": "EVNHCMC",
    }
    assert "argon2" not in office.run("user", "list", "--json").out
    assert people.admit(office.workspace, "dien", "mat-khau-dai-1") is not None
    assert office.run("user", "passwd", "dien").code == 0
    assert people.admit(office.workspace, "dien", "mat-khau-dai-1") is None
    assert people.admit(office.workspace, "dien", "mat-khau-dai-2") is not None
    assert "đã khóa" in office.run("user", "role", "dien", "locked").out
    assert people.admit(office.workspace, "dien", "mat-khau-dai-2") is None


WRONG = [
    (("Lan", "--role", "clerk"), "không dùng làm tên tài khoản được"),
    (("a", "--role", "clerk"), "không dùng làm tên tài khoản được"),
    (("dien", "--role", "unit"), "phải thuộc một đơn vị"),
    (("dien", "--role", "unit", "--unit", "KHONGCO"), "không phải mã đơn vị nào"),
    (("lan", "--role", "clerk", "--unit", "CATP"), "hãy bỏ --unit"),
]


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize(("words", "told"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_what_cannot_be_is_told_and_nothing_is_made(office: Office, words: tuple[str, ...], told: str) -> None:
    answer = office.run("user", "add", *words)
    assert (answer.code > 0, told in answer.err.replace("\n", " ")) == (True, True), answer.err
    assert "Chưa ai được vào" in office.run("user", "list").err


def test_a_short_password_and_a_name_twice_are_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ngan\n"))
    assert "từ 10 đến 200" in office.run("user", "add", "lan", "--role", "clerk").err
    for told in ("", "Đã có tài khoản “lan”"):
        monkeypatch.setattr("sys.stdin", io.StringIO("mat-khau-dai-1\n"))
        assert told in office.run("user", "add", "lan", "--role", "clerk").err
    assert "Không có tài khoản “hung”" in office.run("user", "role", "hung", "clerk").err


def test_the_history_knows_of_an_account_and_not_its_password(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("mat-khau-dai-1\n"))
    office.run("user", "add", "lan", "--role", "clerk")
    (event,) = office.workspace.ledger.acted("person.add")
    assert event.detail == {"name": "lan", "role": "clerk", "unit": ""}
    assert office.run("check").code == 0
