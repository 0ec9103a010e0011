"""The office of these tests."""

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.cli.session import Session
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
        def same_house(_session: Session, *, works: bool = False) -> Iterator[Workspace]:
            yield office.workspace

        monkeypatch.setattr(Session, "workspace", same_house)
        yield office
