"""Pages tell by themselves that something has changed, to whom it concerns, and never for ever."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import httpx2
import pytest
import uvicorn

from pipeline.app import people
from pipeline.model import PersonRole
from pipeline.web import streaming
from pipeline.web.application import application
from pipeline.web.office import Office
from tests.folders import Clock
from tests.web.browser import ACCOUNTS, PASSWORD, Rooms
from tests.web.test_serving import free_port


@dataclass
class Open:
    """An office behind a real server."""

    rooms: Rooms
    address: str
    office: Office

    def cookie(self, role: PersonRole) -> dict[str, str]:
        admitted = people.admit(self.rooms.workspace, ACCOUNTS[role][0], PASSWORD)
        assert admitted is not None
        return {"cookie": f"vanthu={admitted.token}"}

    @contextmanager
    def stream(self, role: PersonRole, since: int | None = None) -> Iterator[Iterator[str]]:
        """The lines of a stream."""
        path = "/su-kien" if since is None else f"/su-kien?tu={since}"
        with httpx2.stream("GET", self.address + path, headers=self.cookie(role), timeout=10) as answer:
            assert answer.status_code == 200, answer.status_code
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield answer.iter_lines()

    @property
    def head(self) -> int:
        return self.rooms.workspace.ledger.events_head()[0]


@pytest.fixture
def opened_office(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    monkeypatch.setattr(streaming, "_LOOK_SECONDS", 0.02)
    monkeypatch.setattr(streaming, "_TICK_SECONDS", 0.02)
    monkeypatch.setattr(streaming, "_HEARTBEAT_SECONDS", 0.1)
    port, office = free_port(), Office(rooms.workspace, None)  # type: ignore[arg-type]  # of no page here
    server = uvicorn.Server(uvicorn.Config(application(office), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Open(rooms, f"http://127.0.0.1:{port}", office)
    office.closing.set()
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


def changed(lines: Iterator[str], most: int = 40) -> int | None:
    """The event that a stream tells of next; None where it says nothing within some heartbeats."""
    for line, _ in zip(lines, range(most), strict=False):
        if line.startswith("data: "):
            return int(line.removeprefix("data: "))
    return None


def status_of(address: str, headers: dict[str, str]) -> int:
    """What is answered, without reading what may never end."""
    with httpx2.stream("GET", address, headers=headers) as answer:
        return answer.status_code


def test_a_change_is_told_and_who_comes_in_is_none(opened_office: Open) -> None:
    with opened_office.stream(PersonRole.CLERK) as lines:
        assert next(lines) == "retry: 5000"
        people.admit(opened_office.rooms.workspace, "hung", PASSWORD)
        assert changed(lines, 12) is None
        opened_office.rooms.workspace.ledger.remark("inbox.bring", {"name": "a.yaml", "folder": "CATP"})
        assert changed(lines) == opened_office.head


def test_what_happened_between_page_and_stream_is_told_at_once(opened_office: Open) -> None:
    head = opened_office.head
    opened_office.rooms.workspace.ledger.remark("inbox.bring", {"name": "a.yaml", "folder": "CATP"})
    with opened_office.stream(PersonRole.CLERK, head) as lines:
        assert changed(lines, 5) is not None


@pytest.mark.slow
def test_a_unit_is_told_of_its_own_alone(opened_office: Open) -> None:
    from tests.folders import registration

    with opened_office.stream(PersonRole.UNIT) as lines:
        next(lines)
        opened_office.rooms.drop("catp.yaml", registration("CATP"), "CATP")
        assert changed(lines, 12) is None
        opened_office.rooms.drop("dien.yaml", registration("EVNHCMC"), "EVNHCMC")
        assert changed(lines, 2000) is not None


def test_nobody_and_a_reader_are_told_nothing_and_a_fifth_window_neither(opened_office: Open) -> None:
    address = f"{opened_office.address}/su-kien"
    assert status_of(address, {}) == 401
    assert status_of(address, opened_office.cookie(PersonRole.READER)) == 403
    headers = opened_office.cookie(PersonRole.LEADER)
    with ExitStack() as stack:
        streams = [stack.enter_context(opened_office.stream(PersonRole.LEADER)) for _ in range(4)]
        assert [next(one) for one in streams] == ["retry: 5000"] * 4
        assert status_of(address, headers) == 204
    # those that are closed leave their places: each is found out at its next heartbeat
    until, status = time.monotonic() + 5, 0
    while status != 200 and time.monotonic() < until:
        status = status_of(address, headers)
    assert status == 200


def test_a_stream_ends_with_the_session_and_does_not_keep_it(opened_office: Open, clock: Clock) -> None:
    with opened_office.stream(PersonRole.CLERK) as lines:
        next(lines)
        for _ in range(8):
            next(lines)
        clock.now += people.IDLE
        assert [line for line in lines if line.startswith("data")] == []


def test_streams_end_when_the_office_closes(opened_office: Open) -> None:
    with opened_office.stream(PersonRole.CLERK) as lines:
        next(lines)
        begun = time.monotonic()
        opened_office.office.closing.set()
        for _ in lines:
            assert time.monotonic() - begun < 2
