"""An office on PostgreSQL and its queue, in which nobody is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Engine, text

from pipeline.app.machines import queue
from pipeline.store import workers
from pipeline.store.engine import open_engine, writing
from tests.folders import working_folder
from tests.postgresql import Server


@pytest.fixture
def office(tmp_path: Path, postgresql: Server) -> Path:
    """A working folder whose ledger is on PostgreSQL."""
    folder = working_folder(tmp_path / "office")
    settings = yaml.safe_load((folder / "config.yaml").read_text("utf-8"))
    settings["database"] = {"url": postgresql.empty_ledger()}
    (folder / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return folder


@pytest.fixture
def engine(office: Path) -> Iterator[Engine]:
    """The office's database, with a queue in which nobody is."""
    pytest.importorskip("procrastinate")
    settings = yaml.safe_load((office / "config.yaml").read_text("utf-8"))
    engine = open_engine(settings["database"]["url"])
    with writing(engine) as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {workers.SCHEMA} CASCADE"))
    queue.make(engine)
    yield engine
    with writing(engine) as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {workers.SCHEMA} CASCADE"))
    engine.dispose()
