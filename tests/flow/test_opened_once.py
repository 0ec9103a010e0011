"""On its whole way through the inbox a file is opened once, whichever guarded child is asked."""

import dataclasses
import json
from collections import Counter
from pathlib import Path

import pytest

from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import JsonObject, Role, State
from pipeline.tools.guard import Guard
from tests.folders import ROOT, drop, opened, shared_guard, working_folder
from tests.reading import writers
from tests.reading.conftest import context_of_2022, example
from tests.reading.test_formats import WRITERS
from tests.reading.test_opened_once import COUNTER

CONTEXT = context_of_2022()


def faulty() -> JsonObject:
    return example("dang-ky", "pass-catp") | {"emulation_year": 1990}


def written(name: str) -> tuple[bytes, str]:
    """A form of that name, and the unit it comes from."""
    if name == "accepted.docx":
        return (ROOT / "examples" / "2022" / "KNH" / "KNH.docx").read_bytes(), "KNH"
    form = CONTEXT.form("dang-ky")
    assert form is not None
    return WRITERS[name.rpartition(".")[2]](form, faulty(), writers.plain(CONTEXT)), "CATP"


def counted(guard: Guard) -> Counter[str]:
    """What both children together have opened."""
    total: Counter[str] = Counter()
    with guard._child() as one, guard._child() as other:
        for child in (one, other):
            _, answer = child.exchange(COUNTER, [], 1, 10, 1 << 20)
            total.update(json.loads(answer))
    return total


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "state", "container"),
    [
        ("accepted.docx", State.DELIVERED, "ooxml"),  # gate, reading, official form
        ("returned.docx", State.RETURNED, "ooxml"),  # gate, reading, marking
        ("returned.xlsx", State.RETURNED, "ooxml"),
        ("returned.pdf", State.RETURNED, "pdf"),  # gate, door, recognition, reading, marking
    ],
)
def test_a_dropped_file_is_opened_once(tmp_path: Path, name: str, state: State, container: str) -> None:
    content, unit = written(name)
    folder = working_folder(tmp_path / "office")
    drop(folder, name, content, unit)
    with opened(folder) as shared, Guard((*shared_guard().functions, COUNTER), children=2) as guard:
        workspace = dataclasses.replace(shared, guard=guard)
        (job,) = serve_once(Worker(workspace), Rhythm(1, 0))

        assert job.state is state
        assert (workspace.ledger.artifact(job.id, Role.MARKED) is not None) == (state is State.RETURNED)
        made = counted(guard)
    assert (made[container], made["form"]) == (1, 1)
