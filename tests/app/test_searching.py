"""`vanthu find`: documents by their words, from the moment they are made, and where the words stand."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from pipeline.app import searching
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.ledger.findable import Wanted
from pipeline.model import Role
from pipeline.store.engine import reading
from pipeline.vietnamese.phrases import phrases_of
from pipeline.workspace import Workspace
from tests.folders import drop, opened, registration, run, working_folder

Find = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = working_folder(tmp_path_factory.mktemp("made") / "office")
    for unit in ("CATP", "SATRA"):
        drop(folder, f"{unit}.yaml", registration(unit), unit)
    with opened(folder) as workspace:
        serve_once(Worker(workspace), Rhythm(1, 0))
        yield workspace


@pytest.fixture
def find(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> Find:
    folder = str(workspace.folders.inbox.parent)

    def found(*words: str) -> list[dict[str, Any]]:
        assert run("-C", folder, "find", "--json", *words) == 0
        listed: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
        return listed

    return found


def units(found: list[dict[str, Any]]) -> list[str]:
    return [one["job"]["unit"] for one in found]


def rows(workspace: Workspace) -> list[tuple[Any, ...]]:
    with reading(workspace.ledger.engine) as connection:
        return [tuple(row) for row in connection.execute(text("SELECT * FROM findable ORDER BY job_id"))]


def test_a_document_is_found_by_what_stands_in_its_word_file_alone(find: Find) -> None:
    found = find("THONG TIN DON VI", "--unit", "catp")
    assert units(found) == ["CATP"]
    (hit,) = found[0]["hits"]
    assert (hit["place"], hit["line"].casefold()) == ("document", "thông tin đơn vị")


def test_documents_are_narrowed_by_kind_unit_signer_and_day(find: Find, workspace: Workspace) -> None:
    (satra,) = (unit for unit in workspace.year(2022).units if unit.code == "SATRA")
    family, *_, name = satra.signatories[0].name.split()
    assert units(find("thi dua")) == ["SATRA", "CATP"]
    assert units(find("--signer", satra.signatories[0].name)) == ["SATRA"]
    assert units(find("--signer", f"{name} {family}")) == []
    assert units(find("--kind", "dang-ky", "--since", "27/05/2022", "--until", "2022-05-27")) == ["SATRA", "CATP"]
    assert units(find("thi dua", "--since", "2022-05-28")) == []
    assert units(find("thi dua", "--kind", "ke-hoach")) == []
    assert units(find("thi dua", "--most", "1")) == ["SATRA"]


def test_a_table_says_where_the_words_stand_and_that_there_are_more(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(workspace.folders.inbox.parent)
    assert run("-C", folder, "find", '"tọa đàm bảo vệ" catp', "--most", "1") == 0
    said = capsys.readouterr()
    assert "đơn vị, người: CATP" in said.out
    assert said.err == ""
    assert run("-C", folder, "find", "thi dua", "--most", "1") == 0
    assert "đây là 1 văn bản mới nhất" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["-"], ["*"], ['""']])
def test_what_names_nothing_is_refused_and_does_not_find_everything(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert run("-C", str(workspace.folders.inbox.parent), "find", "--", *words) == 2
    assert "từ có chữ cái hoặc chữ số" in capsys.readouterr().err


def test_what_is_searched_can_be_made_anew_from_what_is_recorded(workspace: Workspace, find: Find) -> None:
    before = rows(workspace)
    assert len(before) == 2
    with workspace.ledger.engine.begin() as connection:
        connection.execute(text("DELETE FROM findable WHERE job_id = 1"))
    assert rows(workspace) != before
    assert len(find("thi dua", "--rebuild")) == 2
    assert rows(workspace) == before


def test_a_document_whose_file_was_damaged_is_found_by_its_other_texts(workspace: Workspace) -> None:
    job = workspace.ledger.job(1)
    draft = workspace.ledger.artifact(job.id, Role.DRAFT)
    assert draft is not None
    path = workspace.spool.path(draft.sha256)
    whole = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(b"damaged")
    searching.rebuild(workspace)
    found = searching.find(workspace, Wanted(phrases_of(["thi dua"])), 9)
    path.write_bytes(whole)
    assert len(found) == 2
    places = [{hit.place for hit in one.hits} for one in found]
    assert places[0] - places[1] == {"document"}


@pytest.mark.parametrize(
    ("said", "asked", "line"),
    [
        ("một hai\nba bốn", "hai ba", "một hai"),
        ("một hai\nba bốn", "bốn", "ba bốn"),
        ("hai\n\n  ba  \n", "ba", "ba"),
        ("một", "hai", ""),
        (f"{'xa ' * 40}gần đây{' sau' * 40}", "gan day", "gần đây"),
    ],
)
def test_the_line_is_shown_in_which_the_words_begin(said: str, asked: str, line: str) -> None:
    found = searching._line_of(said, phrases_of([asked]))
    assert line in found
    assert bool(found) is bool(line)
    assert len(found) <= 124


def test_a_long_line_is_cut_between_words_around_what_was_found() -> None:
    found = searching._line_of(f"{'xa ' * 40}gần đây{' sau' * 40}", phrases_of(["gan day"]))
    assert found.startswith("… xa ")
    assert found.endswith(" sau …")
