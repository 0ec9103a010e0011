"""The drill: an office backed up while it works, lost, and made anew, by the real command line."""

import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import yaml

from tests.folders import UNITS, drop, registration, run, working_folder
from tests.postgresql import Server
from tests.sample_papers import signed_paper

pytestmark = pytest.mark.slow
SIGNED = ("CATP", "KNH")


def vanthu(folder: Path, *words: str | Path) -> list[str]:
    return [sys.executable, "-m", "pipeline", "-C", str(folder), *map(str, words)]


def codes(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Unit -> code of the document that is out for signature."""
    capsys.readouterr()
    assert run("-C", str(folder), "status", "--json") == 0
    units = json.loads(capsys.readouterr().out)["units"]
    return {one["unit"]: one["job"]["code"] for one in units if one["job"] and one["job"]["state"] == "delivered"}


def sign(folder: Path, units: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Drop the forms of units, and then the papers that come back."""
    for unit in units:
        drop(folder, "dk.yaml", registration(unit), unit)
    assert run("-C", str(folder), "run") == 0
    for unit, code in codes(folder, capsys).items():
        drop(folder, f"{unit}.pdf", signed_paper(code))
    assert run("-C", str(folder), "run") == 0


def numbers(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[int]:
    capsys.readouterr()
    assert run("-C", str(folder), "register", "list", "--json") == 0
    return sorted(one["no"] for one in json.loads(capsys.readouterr().out))


def key_in(folder: Path) -> Path:
    file = folder / "key"
    file.write_text("một khóa đủ dài để làm khóa, cất ở nơi khác với bản sao lưu\n")
    return file


def as_many_machines_have_it(folder: Path, url: str, spool: Path) -> None:
    settings = yaml.safe_load((folder / "config.yaml").read_text("utf-8"))
    settings |= {"database": {"url": url}, "folders": {"spool": str(spool)}}
    (folder / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_drill_an_office_lost_at_work_goes_on_from_its_backup_without_a_gap(
    tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], engine: str
) -> None:
    folder, key = working_folder(tmp_path / "office"), key_in(tmp_path)
    if engine == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        as_many_machines_have_it(folder, server.new_database(), tmp_path / "share")
    sign(folder, [*SIGNED], capsys)
    process = subprocess.Popen(vanthu(folder, "watch"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stop = threading.Event()

    def units_go_on() -> None:
        for number, unit in enumerate([unit for unit in UNITS if unit not in SIGNED] * 2):
            if not stop.is_set():
                drop(folder, f"{number}.yaml", registration(unit, headcount=20 + number), unit)
                time.sleep(0.3)

    units = threading.Thread(target=units_go_on)
    units.start()
    try:
        for _ in range(3):
            backup = vanthu(folder, "backup", tmp_path / "backups", "--key", key, "--json")
            last = json.loads(subprocess.run(backup, capture_output=True, check=True).stdout)
        process.send_signal(signal.SIGKILL)
    finally:
        stop.set()
        units.join()
        process.kill()
        process.wait()
    # pieces that were there are not copied again
    assert 0 < last["written_bytes"] < last["size_bytes"]
    shutil.rmtree(folder)
    shutil.rmtree(tmp_path / "share", ignore_errors=True)
    new = tmp_path / "new"
    assert run("restore", str(tmp_path / "backups"), str(new), "--key", str(key)) == 0
    assert run("-C", str(new), "check") == 0
    assert run("-C", str(new), "verify") == 0
    # what was on its way goes on, and the next paper gets the next number
    sign(new, ["SATRA"], capsys)
    assert run("-C", str(new), "check") == 0
    given = numbers(new, capsys)
    assert given == list(range(1, len(given) + 1))
    assert len(given) > 2
    restored = yaml.safe_load((new / "config.yaml").read_text("utf-8"))
    assert restored.get("database", {"url": ""})["url"] == ""
    assert "spool" not in restored.get("folders", {})
    assert (new / "var" / "spool").is_dir()


def test_a_backup_older_than_the_archive_numbers_nothing_and_says_how_to_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = working_folder(tmp_path / "office")
    sign(folder, ["CATP"], capsys)
    assert run("-C", str(folder), "backup", str(tmp_path / "backups")) == 0
    sign(folder, ["KNH"], capsys)
    # the disk of var is lost, the archive's is not
    shutil.rmtree(folder / "var")
    assert run("restore", str(tmp_path / "backups"), str(folder), "--only", "var") == 50
    assert "vanthu -C" in (told := capsys.readouterr().err)
    assert "rebuild" in told
    drop(folder, "dk.yaml", registration("SATRA"), "SATRA")
    assert run("-C", str(folder), "run") == 57
    assert run("-C", str(folder), "rebuild", "--why", "hỏng ổ đĩa") == 0
    assert run("-C", str(folder), "check") == 0
    sign(folder, ["SATRA"], capsys)
    assert numbers(folder, capsys) == [1, 2, 3]
    assert run("-C", str(folder), "check") == 0


def test_a_restored_office_touches_nothing_of_the_one_it_was(
    tmp_path: Path, postgresql: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, share = working_folder(tmp_path / "office"), tmp_path / "share"
    settings = yaml.safe_load((folder / "config.yaml").read_text("utf-8"))
    settings["folders"] = {"archive": str(share / "archive"), "inbox": str(share / "inbox")}
    (share / "inbox").mkdir(parents=True)
    (folder / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    drop_into = folder / "inbox"
    drop_into.rmdir()
    drop_into.symlink_to(share / "inbox")
    sign(folder, ["CATP"], capsys)
    assert run("-C", str(folder), "backup", str(tmp_path / "backups")) == 0
    before = {path: path.read_bytes() for path in share.rglob("*") if path.is_file()}
    new, database = tmp_path / "new", postgresql.new_database()
    assert run("restore", str(tmp_path / "backups"), str(new), "--database", database) == 0
    assert "folders.archive" in capsys.readouterr().err
    sign(new, ["KNH"], capsys)
    assert numbers(new, capsys) == [1, 2]
    assert run("-C", str(new), "check") == 0
    assert {path: path.read_bytes() for path in share.rglob("*") if path.is_file()} == before
    assert numbers(folder, capsys) == [1]
    assert not list((new / "var").glob("*.sqlite"))
    # a database that is in use is not restored into
    assert run("restore", str(tmp_path / "backups"), str(tmp_path / "third"), "--database", database) == 17
