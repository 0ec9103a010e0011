"""A working folder is made and opened as it is set, and what keeps it from being opened is said."""

import dataclasses
import datetime as dt
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.app.new_folder import make_working_folder, shipped_folder
from pipeline.app.office_key import FILE_NAME
from pipeline.app.opening import open_workspace
from pipeline.app.settings import Settings, find_root, read_settings
from pipeline.errors import ConfigError, MissingToolError, UnsafeSetupError, YearError
from pipeline.intake import SizeLimits
from pipeline.papers import ScanStandard
from tests.folders import ROOT, Clock, working_folder

SET = """
year: 2022
language: en
folders: {signed: ky-roi, awaiting: cho, clerk: thu-ky, register_book: so, issued: phat-hanh, archive: luu/tru,
  incoming: den}
office: {symbol: ABC, timezone: Asia/Tokyo, contact: "Lan, 0900", form_profile: nd30, signature_style: tm,
  speaks_for_cluster: "KNH, SATRA"}
watching: {scan_seconds: 3, quiet_seconds: 1, largest_megabytes: 7, events: false}
limits: {memory_megabytes: 300, wall_seconds: 11, cpu_seconds: 12}
rendition: {pdf: "off", workers: 3, wall_seconds: 50}
numbering: {reset: calendar-year, outgoing: all-types}
scans: {min_dpi: 150, wanted_dpi: 250, text: "off"}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working folder; the process gets its own time zone back."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", os.environ.get("TZ", "Asia/Ho_Chi_Minh"))
        yield working_folder(tmp_path / "office")
    time.tzset()


def settings(folder: Path, text: str = "") -> Settings:
    if text:
        (folder / "config.yaml").write_text(text, encoding="utf-8")
    return read_settings(folder, {})


def lease_seconds(folder: Path, text: str) -> float:
    with open_workspace(settings(folder, text), who="test", works=False, clock=Clock()) as workspace:
        return workspace.lease.seconds


# making and finding


def test_a_new_working_folder_holds_what_is_shipped_empty_folders_and_secrets(tmp_path: Path) -> None:
    folder = tmp_path / "moi" / "office"
    make_working_folder(folder)
    names = {"config.yaml", "templates", "years", "inbox", "outbox", "var", "moc-so"}
    assert {path.name for path in folder.iterdir()} == names
    # with the first it knows its own page marks, with the second it signs the heads of its register
    assert {FILE_NAME, "khoa-moc.key"} <= {path.name for path in (folder / "var").iterdir()}
    assert list((folder / "moc-so").iterdir()) == list((folder / "outbox").iterdir()) == []
    # into which signed papers come back; the folder of a unit is made with its year
    assert [path.name for path in (folder / "inbox").iterdir()] == ["da-ky"]
    assert (folder / "config.yaml").read_bytes() == (ROOT / "config.yaml").read_bytes()
    assert (folder / "templates" / "dang-ky" / "template.docx").is_file()
    assert read_settings(folder, {}).year == 2022


def test_an_empty_folder_becomes_a_working_folder_and_a_full_one_is_left_alone(tmp_path: Path) -> None:
    make_working_folder(tmp_path)
    (tmp_path / "config.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(UnsafeSetupError, match=f"{tmp_path} không trống"):
        make_working_folder(tmp_path)
    assert (tmp_path / "config.yaml").read_text(encoding="utf-8") == "mine"


def test_what_is_shipped_lies_at_the_root_of_a_checkout() -> None:
    assert shipped_folder() == ROOT


def test_the_working_folder_is_the_nearest_above_with_a_configuration(folder: Path, tmp_path: Path) -> None:
    below = folder / "inbox" / "CATP"
    below.mkdir()
    assert find_root(folder) == find_root(below) == folder
    (below / "config.yaml").mkdir()
    assert find_root(below) == folder, "a folder of that name is no configuration"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with pytest.raises(ConfigError, match=f"config.yaml.*{elsewhere}"):
        find_root(elsewhere)


# settings


def test_settings_say_what_the_configuration_says(folder: Path) -> None:
    told = settings(folder, SET)
    assert (told.year, told.year_file, told.language) == (2022, folder / "years" / "2022.yaml", "en")
    assert (told.workers, told.scan_seconds, told.quiet_seconds, told.uses_events) == (3, 3, 1, False)
    assert {one.name: getattr(told.folders, one.name) for one in dataclasses.fields(told.folders)} == {
        "inbox": folder / "inbox",
        "outbox": folder / "outbox",
        "archive": folder / "luu" / "tru",
        "anchors": folder / "moc-so",
        "var": folder / "var",
        "spool": folder / "var" / "spool",
        "templates": folder / "templates",
        "years": folder / "years",
        "certificates": folder / "certificates",
        "signed": "ky-roi",
        "awaiting": "cho",
        "register": "so",
        "clerk": "thu-ky",
        "incoming": "den",
        "outgoing": "van-ban-di",
        "issued": "phat-hanh",
    }
    assert {one.name: getattr(told.practice, one.name) for one in dataclasses.fields(told.practice)} == {
        "year": 2022,
        "language": "en",
        "number_reset": "calendar-year",
        "has_one_outgoing_run": True,
        "forced_profile": "nd30",
        "signature_style": "tm",
        "symbol": "ABC",
        "contact": "Lan, 0900",
        "speaks_for_cluster": frozenset({"KNH", "SATRA"}),
        "limits": SizeLimits(7_000_000, 100_000_000),
        "scan_standard": ScanStandard(150, 250),
        "makes_text": False,
        "time_stamp_url": "",
        "web_address": "",
        "link_days": 30,
    }
    assert told.values["numbering"] == {"reset": "calendar-year", "outgoing": "all-types"}


def test_unless_an_official_form_is_forced_the_date_of_the_document_chooses(folder: Path) -> None:
    assert settings(folder).practice.forced_profile == ""


def test_the_environment_goes_before_the_file(folder: Path) -> None:
    assert read_settings(folder, {"VANTHU_RENDITION__WORKERS": "2"}).workers == 2


# opening


def test_an_open_workspace_has_its_folders_its_time_zone_and_its_limits(folder: Path) -> None:
    shutil.rmtree(folder / "inbox")
    told = settings(folder, SET)
    clock = Clock(dt.datetime(2022, 5, 30, 15, 30, tzinfo=dt.UTC))
    with open_workspace(told, who="Lan", works=False, clock=clock) as workspace:
        for path in (folder / "inbox", folder / "outbox", folder / "luu" / "tru", folder / "var"):
            assert path.is_dir()
        assert os.environ["TZ"] == "Asia/Tokyo"
        assert workspace.today() == dt.date(2022, 5, 31), "half past midnight in Tokyo"
        assert (workspace.guard.limits.memory_bytes, workspace.guard.limits.cpu_s) == (300 * 1024**2, 12)
        assert workspace.guard.limits.wall_s == 11
        assert (workspace.practice, workspace.folders) == (told.practice, told.folders)
        assert sorted(workspace.years) == [2022]
        assert "dang-ky" in workspace.loaded().kinds
        assert workspace.ledger.who == "Lan"
        assert workspace.spool.path(workspace.spool.put(b"x")).is_relative_to(folder / "var" / "spool")
    with open_workspace(told, who="Lan", works=False, clock=clock):
        pass  # opened a second time, all its folders are there already


def test_only_who_works_is_present_and_may_convert(folder: Path) -> None:
    told = settings(folder, SET)
    with open_workspace(told, who="test", works=False, clock=Clock()) as workspace:
        assert (workspace.converter, workspace.office, workspace.lease.owner) == (None, None, "")
        assert not list(workspace.folders.workers.glob("*"))
    with open_workspace(told, who="test", works=True, clock=Clock()) as workspace:
        assert (workspace.office, workspace.converter is not None) == (None, True)
        (file,) = workspace.folders.workers.glob("*.worker")
        assert file.stem == workspace.lease.owner


def test_a_lease_outlasts_whatever_a_step_may_wait_for(folder: Path) -> None:
    usual = lease_seconds(folder, "year: 2022\n")
    assert usual == 11.5 * 60, "LibreOffice starts twice, and gives way to others"
    slower = lease_seconds(folder, "year: 2022\nrendition: {wall_seconds: 130}\n")
    assert slower == usual + 4 * 10
    reading = lease_seconds(folder, "year: 2022\nlimits: {wall_seconds: 1000}\n")
    assert reading - usual == 8 * 1000 + 30 - (2 * 90 + 4 * 120)


@pytest.mark.parametrize(("said", "told"), [("SATRA, catp", "“CATP”"), ("SARTA", "“SATRA”"), ("XYZW", "SATRA")])
def test_a_unit_that_is_to_speak_for_the_cluster_must_be_one(folder: Path, said: str, told: str) -> None:
    config = folder / "config.yaml"
    config.write_text(config.read_text("utf-8") + f"office: {{speaks_for_cluster: '{said}'}}\n", "utf-8")
    with (
        pytest.raises(ConfigError, match=told),
        open_workspace(settings(folder), who="test", works=False, clock=Clock()),
    ):
        pass


def test_the_facts_of_the_year_must_be_there_and_those_of_other_years_may(folder: Path) -> None:
    (folder / "years" / "notes.txt").write_text("not a year", encoding="utf-8")
    with open_workspace(settings(folder), who="test", works=False, clock=Clock()) as workspace:
        assert (sorted(workspace.years), workspace.years[2022].year) == ([2022], 2022)
    (folder / "years" / "2022.yaml").rename(folder / "years" / "2022.txt")
    with (
        pytest.raises(YearError, match=r"2022\.yaml"),
        open_workspace(settings(folder), who="test", works=False, clock=Clock()),
    ):
        pass


@pytest.mark.parametrize(("pdf", "is_there"), [("off", True), ("on", True), ("auto", True), ("auto", False)])
def test_libreoffice_is_used_where_it_is_wanted_and_there(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pdf: str, is_there: bool
) -> None:
    path_without_or_with(tmp_path, monkeypatch, is_there=is_there)
    told = settings(folder, f"year: 2022\nrendition: {{pdf: '{pdf}'}}\n")
    with open_workspace(told, who="test", works=True, clock=Clock()) as workspace:
        assert (workspace.office is not None) == (pdf != "off" and is_there)
    with open_workspace(told, who="test", works=False, clock=Clock()) as looking:
        assert looking.office is None


def test_a_pdf_that_is_insisted_upon_needs_libreoffice(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path_without_or_with(tmp_path, monkeypatch, is_there=False)
    told = settings(folder, "year: 2022\nrendition: {pdf: 'on'}\n")
    with (
        pytest.raises(MissingToolError, match="apt-get install libreoffice"),
        open_workspace(told, who="test", works=True, clock=Clock()),
    ):
        pass
    with open_workspace(told, who="test", works=False, clock=Clock()) as workspace:
        assert workspace.office is None, "who only looks needs none"


def path_without_or_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_there: bool) -> None:
    """Let no program be found, or LibreOffice only."""
    programs = tmp_path / "bin"
    programs.mkdir()
    if is_there:
        (programs / "soffice").write_text("#!/bin/sh\nexit 77\n", encoding="utf-8")
        (programs / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))


def test_the_store_is_closed_to_others_and_a_group_that_was_let_in_stays(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    make_working_folder(folder)
    assert (folder / "var").stat().st_mode & 0o777 == 0o700
    (folder / "var").chmod(0o755)
    with open_workspace(read_settings(folder, {}), who="nobody", works=False, clock=Clock()):
        assert (folder / "var").stat().st_mode & 0o777 == 0o750
