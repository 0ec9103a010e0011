"""Facts of a year that somebody changes are there without starting anything again; a broken file changes nothing."""

import os
from pathlib import Path

import pytest

from pipeline.app import kinds_now, years_now
from pipeline.app.years_now import following
from pipeline.workspace import Workspace
from tests.folders import opened, working_folder


@pytest.fixture(autouse=True)
def _looks_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(years_now, "YEARS_LOOK_SECONDS", 0.0)
    monkeypatch.setattr(kinds_now, "KINDS_LOOK_SECONDS", 0.0)


def change(folder: Path, old: str, new: str, name: str = "2022.yaml") -> None:
    file = folder / "years" / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    # as another moment on any file system
    os.utime(file, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns + 1_000_000))


def name_of(workspace: Workspace) -> str:
    unit = workspace.year(2022).unit("CATP")
    assert unit is not None
    return unit.name


def test_a_changed_fact_is_there_and_a_broken_file_leaves_the_year_as_it_was(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = working_folder(tmp_path / "office")
    with opened(folder) as opened_workspace:
        workspace = following(opened_workspace)
        before = name_of(workspace)
        digest = workspace.year(2022).digest
        change(folder, f"name: {before}\n", "name: Công an mới\n")
        assert name_of(workspace) == "Công an mới"
        assert workspace.year(2022).digest != digest
        change(folder, "code: CATP", "code: [")
        assert name_of(workspace) == "Công an mới"
        assert "year left as it was" in caplog.text
        caplog.clear()
        assert name_of(workspace) == "Công an mới"
        assert caplog.text == ""
        change(folder, "code: [", "code: CATP")
        change(folder, "name: Công an mới", "name: Công an cũ")
        assert name_of(workspace) == "Công an cũ"
        # whoever works on documents goes by what was read at the start
        assert name_of(opened_workspace) == before


def test_a_year_comes_and_goes_but_not_the_one_that_is_served(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with opened(folder) as opened_workspace:
        workspace = following(opened_workspace)
        known = set(workspace.years)
        (folder / "years" / "2022.yaml").rename(folder / "years" / "2022.yaml.old")
        assert 2022 in workspace.years
        (folder / "years" / "2022.yaml.old").rename(folder / "years" / "2022.yaml")
        assert set(workspace.years) == known == {year.year for year in workspace.years.values()}
        assert len(workspace.years) == len(known)


def test_the_words_of_kinds_follow_the_year(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with opened(folder) as opened_workspace:
        workspace = following(opened_workspace)
        before = dict(workspace.words)
        year = workspace.year(2022)
        change(folder, f"name: {year.cluster.name}\n", "name: Cụm thi đua số 9\n")
        assert workspace.words != before
        assert workspace.loaded().kinds.keys() == opened_workspace.loaded().kinds.keys()
