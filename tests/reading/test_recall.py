"""What the secrecy gate has parsed is read from memory, once, and only for the very same bytes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.reading import ReadingContext, recall
from pipeline.reading.reader import is_marked, read
from tests.reading import writers
from tests.reading.conftest import example
from tests.reading.test_formats import WRITERS


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    recall._KEPT.clear()
    yield
    recall._KEPT.clear()


def asked(path: Path) -> bool:
    return is_marked(str(path).encode().hex(), path.name)


@pytest.mark.parametrize("style", WRITERS)
def test_what_the_gate_has_parsed_reads_as_if_it_had_not(context: ReadingContext, tmp_path: Path, style: str) -> None:
    form = context.form("dang-ky")
    assert form is not None
    path = tmp_path / f"form.{style.rpartition('.')[2]}"
    path.write_bytes(WRITERS[style](form, example("dang-ky", "pass-evnhcmc"), writers.plain(context)))
    alone = read(str(path), path.name, context)

    assert not asked(path)
    assert len(recall._KEPT) == 1
    assert read(str(path), path.name, context) == alone
    assert not recall._KEPT


def test_other_bytes_under_the_same_name_are_read_for_themselves(context: ReadingContext, tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_text("kind: dang-ky\nunit_code: EVNHCMC\n", "utf-8")
    assert not asked(path)
    path.write_text("kind: dang-ky\nunit_code: CATP\n", "utf-8")

    assert read(str(path), path.name, context).unit == "CATP"


def test_few_and_small_forms_are_kept(tmp_path: Path) -> None:
    for number in range(40):
        path = tmp_path / f"{number}.yaml"
        path.write_text(f"kind: dang-ky\nheadcount: {number}\n", "utf-8")
        assert not asked(path)
    assert len(recall._KEPT) == 16

    path.write_text("kind: dang-ky\nobjectives:\n" + "  - x\n" * 4000, "utf-8")
    before = dict(recall._KEPT)
    assert not asked(path)
    assert before == recall._KEPT
