"""Offices that are open in the browser."""

import dataclasses
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
import uvicorn

from pipeline.app import people
from pipeline.workspace import Workspace
from tests.folders import Clock, opened, registration, shipped_kinds, working_folder
from tests.sample_papers import paper, signed_paper
from tests.status.conftest import office
from tests.web.browser import Rooms
from tests.web.test_serving import free_port

__all__ = ["office"]


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Passwords cost a test nothing; that they cost 64 MiB and three passes is looked at by itself."""
    with mock.patch.multiple(people, _PASSES=1, _KIBIBYTES=64):
        yield


@pytest.fixture
def clock() -> Clock:
    """The clock of `rooms`."""
    return Clock()


@pytest.fixture
def rooms(tmp_path: Path, clock: Clock) -> Iterator[Rooms]:
    """An empty office on 30 May 2022."""
    folder = working_folder(tmp_path / "office")
    with opened(folder, clock) as workspace:
        yield Rooms.of(folder, with_shipped(workspace))


@pytest.fixture(scope="session")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """An office with work in it, for all tests that only look.

    #1 of EVNHCMC and #2 of CATP are out for signature, #3 of SATRA was sent back, #4 is a paper nobody has signed,
    #5 of DHQG is filed.
    """
    folder = working_folder(tmp_path_factory.mktemp("busy") / "office")
    with opened(folder) as workspace:
        rooms = Rooms.of(folder, with_shipped(workspace))
        first = rooms.drop("dk.yaml", registration("EVNHCMC"), "EVNHCMC")
        rooms.drop("dk-catp.yaml", registration("CATP"), "CATP")
        rooms.drop("dk-satra.yaml", registration("SATRA", headcount=-3), "SATRA")
        rooms.drop("in.pdf", paper(first.code), "da-ky")
        filed = rooms.drop("dk-dhqg.yaml", registration("DHQG"), "DHQG")
        rooms.drop("quet.pdf", signed_paper(filed.code), "da-ky")
        yield rooms


@pytest.fixture(scope="module")
def address(busy: Rooms) -> Iterator[str]:
    """Where the busy office is served, in this process."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(busy.app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    # as `vanthu web` does it: pages that listen keep nobody waiting
    busy.office.closing.set()
    server.should_exit = True
    thread.join(10)
    busy.office.closing.clear()


def with_shipped(workspace: Workspace) -> Workspace:
    """A workspace with the kinds of the repository, compiled once for all tests."""
    return dataclasses.replace(workspace, loaded=shipped_kinds)
