"""Units write over a real Samba server while `vanthu watch` watches the shared folder from below."""

import os
from pathlib import Path

import pytest

from pipeline.files import sha256_of
from tests.folders import UNITS, registration, waiting, working_folder
from tests.share.samba import needs_mount, needs_samba, serving
from tests.share.serving import comes, vanthu, watching
from tests.share.trial import trial

pytestmark = [needs_samba, pytest.mark.slow]

QUICK = {"WATCHING__QUIET_SECONDS": "0.5", "WATCHING__SCAN_SECONDS": "0.5"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return working_folder(tmp_path / "office")


def test_what_a_client_is_still_copying_is_not_taken_however_long_it_pauses(folder: Path, tmp_path: Path) -> None:
    """A text that ends with a line at every pause: only the kernel tells that Samba still has it open."""
    whole = registration("CATP").encode()
    half = whole[: whole.rindex(b"\n", 0, len(whole) // 2) + 1]
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (folder / "inbox" / "CATP").mkdir()
    with serving(tmp_path / "smb", folder / "inbox") as samba, watching(folder, QUICK) as watch:
        samba.do("mkdir KNH")
        client = samba.putting(pipe, "CATP/dk.yaml")
        with pipe.open("wb", buffering=0) as into:
            into.write(half)
            path = folder / "inbox" / "CATP" / "dk.yaml"
            assert comes(path.exists)
            assert not comes(lambda: watch.taken() or not path.exists(), 8)
            into.write(whole[len(half) :])
        assert client.wait(30) == 0
        assert comes(lambda: watch.taken() == {sha256_of(whole): 1})
        assert comes(lambda: waiting(folder) == [])


def test_all_units_copy_and_rename_at_once_and_each_form_is_taken_once(folder: Path, tmp_path: Path) -> None:
    with serving(tmp_path / "smb", folder / "inbox") as samba, watching(folder, QUICK) as watch:
        clients = []
        for unit in UNITS:
            source = tmp_path / f"{unit}.yaml"
            source.write_text(registration(unit))
            samba.do(f"mkdir {unit}; put {source} {unit}/.dk.tmp; rename {unit}/.dk.tmp {unit}/dk.yaml")
            clients.append(samba.putting(source, f"{unit}/lai.yaml"))
        assert [client.wait(60) for client in clients] == [0] * len(UNITS)
        expected = {sha256_of(registration(unit).encode()): 1 for unit in UNITS}
        assert comes(lambda: watch.taken() == expected, 60), "the same bytes again open no job"
        assert comes(lambda: waiting(folder) == [], 60)
    assert vanthu(folder, "check").returncode == 0


@needs_mount
def test_of_copies_onto_a_mounted_share_no_half_file_is_taken_and_no_whole_one_twice(tmp_path: Path) -> None:
    """A share of the two thousand of docs/reliability.md (`python -m tests.share.trial --samba`)."""
    result = trial(tmp_path, 120, seed=int.from_bytes(os.urandom(4)), moods=None, over_samba=True)
    assert (result.half, result.lost, result.doubled) == ([], [], []), result.told()
    assert result.taken >= result.whole - result.lying
    assert result.lying == 0
