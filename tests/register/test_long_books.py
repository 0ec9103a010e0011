"""In a register of many years a number is found, and the newest are listed, without reading the others."""

import json
from pathlib import Path

import pytest

from benchmarks.ledgers import fill
from pipeline.app import numbering, operations
from pipeline.errors import AmbiguousName, UnknownThing
from pipeline.register.rows import rows
from pipeline.store.engine import open_engine
from tests.folders import drop, opened, registration, run, working_folder

JOBS = 400


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with the books of twenty years."""
    folder = working_folder(tmp_path_factory.mktemp("books") / "office")
    drop(folder, "dk-CATP.yaml", registration("CATP"), "CATP")
    assert run("-C", str(folder), "run") == 0
    engine = open_engine(f"sqlite:///{folder / 'var' / 'vanthu.sqlite'}")
    fill(engine, JOBS)
    engine.dispose()
    return folder


def listed(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[list[dict[str, object]], str, str]:
    """What `register list` gives as JSON, and as people see it."""
    capsys.readouterr()
    assert run("-C", str(folder), "register", "list", "--json", *words) == 0
    facts = json.loads(capsys.readouterr().out)
    assert run("-C", str(folder), "register", "list", *words) == 0
    told = capsys.readouterr()
    return facts, told.out, told.err


def test_the_numbers_entered_last_are_listed_and_it_is_said_how_to_see_all(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    every, table, told = listed(folder, capsys)
    assert len(every) == JOBS * 4 // 10, "for programs all are given"
    assert table.count("DK/") + table.count("DEN/") == 100
    assert "100 số" in told
    assert "--all" in told
    assert "DK/2002" not in table, "the oldest are the ones left out"
    assert "DK/2021" in table
    _, whole, told = listed(folder, capsys, "--all")
    assert whole.count("DK/") + whole.count("DEN/") == len(every)
    assert told == ""


def test_of_one_series_all_are_listed_and_nothing_is_left_out_to_tell_of(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts, table, told = listed(folder, capsys, "--series", "DK/2010")
    assert len(facts) == table.count("DK/2010") == 6
    assert told == ""


@pytest.mark.parametrize("said", ["DK/2010/03", "dk/2010/3", " DK/2010/03 "])
def test_a_number_is_found_by_its_series(folder: Path, said: str) -> None:
    with opened(folder) as workspace:
        row = numbering.the_number(workspace, said)
        assert (row.series, row.no) == ("DK/2010", 3)
        assert row in rows(workspace.ledger, "DK/2010"), "with all that was done with it"
        assert operations.find(workspace, said).id == row.job_id


def test_a_number_that_comes_again_each_year_means_several_and_by_its_series_one(folder: Path) -> None:
    with opened(folder) as workspace:
        assert [row.series for row in numbering.find_numbers(workspace, "03-DK")] == [
            f"DK/{year}" for year in range(2002, 2022)
        ]
        with pytest.raises(AmbiguousName):
            operations.find(workspace, "03-DK")
        assert numbering.the_number(workspace, "03-DK", "DK/2012").series == "DK/2012"


def test_by_its_document_a_number_is_found_too(folder: Path) -> None:
    with opened(folder) as workspace:
        row = rows(workspace.ledger, "DK/2010")[0]
        assert numbering.find_numbers(workspace, str(row.job_id)) == [row]


@pytest.mark.parametrize("said", ["DK/2010/99", "DK", "DK/2010/99999999999999999999", "số", ""])
def test_what_is_no_number_is_not_known(folder: Path, said: str) -> None:
    with opened(folder) as workspace, pytest.raises(UnknownThing):
        numbering.find_numbers(workspace, said)
