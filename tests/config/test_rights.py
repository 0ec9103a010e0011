"""Set-ups in which others could change documents, or the ledger would be damaged, are refused with their remedy."""

import os
import pwd
from pathlib import Path

import pytest

from pipeline import config, messages
from pipeline.config import rights
from pipeline.errors import UnsafeSetupError
from pipeline.files import file_systems


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages._Speech, "language", "en")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    (tmp_path / "config.yaml").write_text("year: 2022\n")
    for name in ("years", "templates/dang-ky", "var", "archive", "inbox"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("years/2022.yaml", "templates/dang-ky/rules.yaml"):
        (tmp_path / name).write_text("a: 1\n")
    return tmp_path


def refused(office: Path) -> str:
    with pytest.raises(UnsafeSetupError) as caught:
        config.load(office, {})
    return str(caught.value)


def test_a_usual_set_up_is_none_of_these(office: Path) -> None:
    config.load(office, {})
    # units write there, and that is what it is for
    (office / "inbox").chmod(0o777)
    (office / "archive").chmod(0o755)
    config.load(office, {})


@pytest.mark.parametrize(
    "place", ["config.yaml", "years", "years/2022.yaml", "templates/dang-ky", "templates/dang-ky/rules.yaml", "var"]
)
def test_what_decides_and_everybody_may_write_is_refused(office: Path, place: str) -> None:
    mode = (office / place).stat().st_mode
    (office / place).chmod(mode | 0o002)
    assert f"chmod -R o-w {office / place}" in refused(office)
    (office / place).chmod(mode)
    config.load(office, {})


def test_a_spool_apart_that_everybody_may_write_into_is_refused(office: Path) -> None:
    (office / "share").mkdir()
    (office / "share").chmod(0o777)
    with (office / "config.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\nfolders: {{spool: {office / 'share'}}}\n")
    assert str(office / "share") in refused(office)
    (office / "share").chmod(0o700)
    config.load(office, {})


def test_an_archive_that_everybody_may_write_into_is_refused(office: Path) -> None:
    (office / "archive").chmod(0o777)
    assert f"chmod -R go-w {office / 'archive'}" in refused(office)


def test_an_archive_that_the_group_of_the_units_may_write_into_is_refused(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (office / "archive").chmod(0o775)
    unit = pwd.struct_passwd(("catp", "x", 54321, (office / "archive").stat().st_gid, "", "/", "/bin/sh"))
    us = pwd.struct_passwd(("vanthu", "x", os.geteuid(), unit.pw_gid, "", "/", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwall", lambda: [us])
    config.load(office, {})
    monkeypatch.setattr(pwd, "getpwall", lambda: [us, unit])
    said = refused(office)
    assert "catp" in said
    assert "vanthu)" not in said


@pytest.mark.parametrize(
    ("kind", "mounted", "share"),
    [("nfs", "", "nfs"), ("fuse", "fuse.sshfs", "sshfs"), ("fuse", "fuse.fuse-overlayfs", ""), ("", "", "")],
)
def test_a_ledger_on_a_share_is_refused_and_in_a_container_it_is_not(
    office: Path, monkeypatch: pytest.MonkeyPatch, kind: str, mounted: str, share: str
) -> None:
    device = (office / "var").stat().st_dev
    mounts = office / "mountinfo"
    mounts.write_text(f"42 27 {os.major(device)}:{os.minor(device)} / /mnt rw,relatime - {mounted or 'ext4'} x rw\n")
    monkeypatch.setattr(file_systems, "_MOUNTS", mounts)
    monkeypatch.setattr(file_systems, "remote_kind", lambda _fd: kind)
    if share:
        said = refused(office)
        assert f"{office / 'var'} lies on a share ({share})" in said
        assert "folders.var" in said
    else:
        config.load(office, {})


def test_a_folder_of_more_files_than_certificates_can_be_is_refused_and_not_looked_through(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights, "_MOST_PLACES", 10)
    for at in range(12):
        (office / "disk" / f"{at:02}").mkdir(parents=True)
    with (office / "config.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\nfolders: {{certificates: {office / 'disk'}}}\n")
    looked_at: list[Path] = []
    monkeypatch.setattr(rights, "_anybody_writes", looked_at.append)
    assert f"folders.certificates ({office / 'disk'}) holds more than 10 files" in refused(office)
    assert len([place for place in looked_at if office / "disk" in place.parents]) == 10
    (office / "disk" / "11").rmdir()
    (office / "disk" / "10").rmdir()
    (office / "disk" / "09").rmdir()
    config.load(office, {})
