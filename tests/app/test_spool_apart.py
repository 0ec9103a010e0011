"""A spool on a share, as many machines have it: the road goes through it, and one that is away is waited for."""

from pathlib import Path

import pytest
import yaml

from pipeline.files import CannotWrite
from pipeline.files.identity import MARKER
from tests.folders import drop, registration, run, waiting, working_folder


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = working_folder(tmp_path / "office")
    settings = yaml.safe_load((folder / "config.yaml").read_text("utf-8"))
    settings["folders"] = {"spool": str(tmp_path / "share" / "kho-tep")}
    (folder / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return folder


@pytest.mark.slow
def test_a_spool_that_is_away_takes_and_loses_nothing(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drop(office, "dk.yaml", registration("CATP"), "CATP")
    assert run("-C", str(office), "run") == 0
    spool = tmp_path / "share" / "kho-tep"
    assert not (office / "var" / "spool").exists()
    assert spool.stat().st_mode & 0o077 == 0
    # the share went away, and what is found at its path is another folder
    spool.rename(tmp_path / "away")
    spool.mkdir()
    (spool / MARKER).write_text("another\n", encoding="utf-8")
    drop(office, "dk.yaml", registration("KNH"), "KNH")
    capsys.readouterr()
    assert run("-C", str(office), "run") == CannotWrite.exit_code
    assert "folders confirm spool" in capsys.readouterr().err
    assert [path.name for path in waiting(office)] == ["dk.yaml"]
    assert [path.name for path in spool.iterdir()] == [MARKER]
    (spool / MARKER).unlink()
    spool.rmdir()
    (tmp_path / "away").rename(spool)
    assert run("-C", str(office), "run") == 0
    assert not waiting(office)
    assert run("-C", str(office), "check") == 0
