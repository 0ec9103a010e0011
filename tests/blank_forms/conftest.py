"""Plans of the shipped kinds and the reader that the forms come back to."""

import datetime as dt
import functools
import json
import tempfile
from pathlib import Path

import pytest

from pipeline.blank_forms import FormPlan, plan
from pipeline.kinds import Kind
from pipeline.model import JsonObject, Reading
from pipeline.reading import ReadingContext
from pipeline.reading.reader import read
from tests.reading.conftest import context_of_2022, example
from tests.rules.samples import ROOT, kind, year

KINDS = sorted(path.parent.name for path in (ROOT / "templates").glob("*/kind.yaml"))
#: Two tables on a sheet, a nested table, lists above each other, flags: where a form may go astray.
TELLING = ("bang-diem", "bien-ban", "dang-ky", "quy-che")
DAY = dt.date(2022, 6, 1)


@functools.cache
def context() -> ReadingContext:
    """The reading context as steps make it, which knows the versions of the forms."""
    return context_of_2022()


@functools.cache
def blank(name: str) -> FormPlan:
    """The form of a kind with nothing filled in."""
    return plan(kind(name), year(), on=DAY, is_blank=True)


@functools.cache
def known(name: str, unit: str = "CATP") -> FormPlan:
    """The form of a kind with what the year knows."""
    one: Kind = kind(name)
    return plan(one, year(), unit=year().unit(unit) if one.submitted_by == "unit" else None, on=DAY)


def came_back(content: bytes, name: str, folder: Path) -> Reading:
    """What is read of a file."""
    path = folder / "form"
    path.write_bytes(content)
    return read(str(path), name, context())


def canonical_example(name: str, example_name: str) -> JsonObject:
    """The values of an example as reading makes them canonical."""
    text = json.dumps({"kind": name, **example(name, example_name)}, ensure_ascii=False).encode()
    with tempfile.TemporaryDirectory() as folder:
        return came_back(text, "x.json", Path(folder)).values


@pytest.fixture(params=TELLING)
def telling(request: pytest.FixtureRequest) -> str:
    """Each of the kinds whose forms have something of their own."""
    return str(request.param)


@pytest.fixture(params=KINDS)
def kind_id(request: pytest.FixtureRequest) -> str:
    """Each kind in turn."""
    return str(request.param)
