"""The office of these tests."""

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.cli.session import Session
from pipeline.ledger import Ledger
from pipeline.workspace import Workspace
from tests.folders import Clock, opened, shipped_kinds, working_folder
from tests.status.office import Office


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Office]:
    """An empty office on 30 May 2022, the day before registrations are due; its command line shares it."""
    folder, clock = working_folder(tmp_path / "office"), Clock()
    with opened(folder, clock) as workspace:
        office = Office(folder, dataclasses.replace(workspace, loaded=shipped_kinds), clock, capsys)

        @contextlib.contextmanager
        def same_house(_session: Session, *, works: bool = False, mends: bool = False) -> Iterator[Workspace]:
            yield office.workspace

        monkeypatch.setattr(Session, "workspace", same_house)
        yield office


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A working folder of which only the spool is written into, open for all tests that have a `desk`."""
    with opened(working_folder(tmp_path_factory.mktemp("desk") / "office")) as workspace:
        yield dataclasses.replace(workspace, loaded=shipped_kinds)


@pytest.fixture
def desk(house: Workspace, capsys: pytest.CaptureFixture[str]) -> Iterator[Office]:
    """An office on 30 May 2022 whose ledger is in memory: jobs are put into it, and need not outlive the test."""
    clock = Clock()
    ledger = Ledger.open("sqlite://", clock, "test")
    yield Office(house.folders.var.parent, dataclasses.replace(house, ledger=ledger, clock=clock), clock, capsys)
    ledger.close()
