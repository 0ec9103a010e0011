"""`vanthu watch`, as it is started, on an inbox that lies on a bad share: nothing half is taken, nothing is lost."""

import json
import os
from pathlib import Path

import pytest
import yaml

from pipeline.files import sha256_of
from tests.folders import UNITS, drop, registration, working_folder
from tests.share.moods import Moods
from tests.share.serving import Share, comes, needs_share, remounted, shared, unmounted, vanthu, watching
from tests.share.trial import HOSTILE, trial

pytestmark = [needs_share, pytest.mark.slow]

#: No events; quiet periods short enough for a test, looks every half second.
QUICK = {"WATCHING__QUIET_SECONDS": "0.5", "WATCHING__SCAN_SECONDS": "0.5", "WATCHING__EVENTS": "false"}
#: What a share over a bad line does, all at once.
BAD = Moods(trouble=0.01, short=0.3, late_seconds=0.4, clock_seconds=2.0)


def form(unit: str, **changes: object) -> bytes:
    return (registration(unit, **changes) + "...\n").encode()


def put(share: Share, unit: str, content: bytes, name: str = "dk.yaml") -> Path:
    """Drop a file from another machine."""
    path = share.folder / unit / name
    path.parent.mkdir(exist_ok=True)
    beside = path.with_name(f".{name}.tmp")
    beside.write_bytes(content)
    beside.replace(path)
    return path


def left(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file() and one.name[0] != ".")


def test_on_a_bad_share_every_form_is_taken_once_and_answered(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with shared(tmp_path, BAD, folder / "inbox") as share, watching(folder, QUICK) as watch:
        for unit in UNITS:
            put(share, unit, form(unit))
        awaiting = folder / "outbox" / "cho-ky"
        assert comes(lambda: awaiting.is_dir() and len(list(awaiting.glob("*.docx"))) == len(UNITS), 90)
        assert comes(lambda: left(share.folder) == [])
        assert watch.is_alive()
        assert watch.taken() == {sha256_of(form(unit)): 1 for unit in UNITS}


def test_what_another_machine_is_still_writing_is_not_taken(tmp_path: Path) -> None:
    """Of its writers nothing is seen here: only rest and end tell."""
    folder = working_folder(tmp_path / "office")
    whole = json.dumps(yaml.safe_load(registration("CATP"))).encode()
    with shared(tmp_path, Moods(), folder / "inbox") as share, watching(folder, QUICK) as watch:
        path = put(share, "CATP", whole[:-40], "dk.json")
        full = share.folder / "CATP" / "to.docx"
        full.write_bytes(b"PK\x03\x04" + bytes(8_000))
        put(share, "KNH", form("KNH"))
        assert comes(lambda: len(watch.taken()) == 1)
        assert not comes(lambda: len(watch.taken()) > 1, 8)
        path.write_bytes(whole)
        assert comes(lambda: set(watch.taken()) == {sha256_of(whole), sha256_of(form("KNH"))})
        assert full.exists()


def test_a_share_that_goes_away_and_comes_back_is_told_once_and_served_again(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with shared(tmp_path, Moods(), folder / "inbox") as share, watching(folder, QUICK) as watch:
        put(share, "CATP", form("CATP"))
        assert comes(lambda: len(watch.taken()) == 1)
        share.feels(Moods(is_away=True))
        assert comes(lambda: watch.said("watch.wait"))
        put(share, "KNH", form("KNH"))
        assert not comes(lambda: len(watch.said("watch.wait")) > 1, 3), "\n".join(watch.said("watch.wait"))
        assert watch.is_alive()
        share.feels(Moods())
        assert comes(lambda: set(watch.taken()) == {sha256_of(form(unit)) for unit in ("CATP", "KNH")})
        assert len(watch.said("watch.go-on")) == 1


def test_a_file_on_a_share_that_lets_nobody_remove_it_is_taken_once_and_told_once(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with shared(tmp_path, Moods(is_locked=True), folder / "inbox") as share, watching(folder, QUICK) as watch:
        put(share, "CATP", form("CATP"))
        notices = folder / "outbox" / "CATP"
        assert comes(lambda: list(notices.glob("su-co-*")))
        assert not comes(lambda: len(list(notices.glob("su-co-*"))) > 1 or sum(watch.taken().values()) > 1, 3)
        share.feels(Moods())
        assert comes(lambda: left(share.folder) == [] and not list(notices.glob("su-co-*")))
        assert watch.taken() == {sha256_of(form("CATP")): 1}


@pytest.mark.parametrize("is_local", [False, True], ids=["bad share", "this machine"])
def test_of_copies_made_in_every_way_none_is_taken_half_lost_or_doubled(tmp_path: Path, is_local: bool) -> None:
    """A share of the ten thousand of docs/reliability.md (`python -m tests.share.trial`)."""
    result = trial(tmp_path, 150, seed=int.from_bytes(os.urandom(4)), moods=None if is_local else HOSTILE)
    assert (result.half, result.lost, result.doubled) == ([], [], []), result.told()
    assert result.taken >= 0.95 * result.whole


def test_a_ledger_on_a_share_is_refused_with_its_remedy(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    with shared(tmp_path, Moods(), folder / "var", kind="sshfs"):
        said = vanthu(folder, "status")
    assert said.returncode == 14
    assert "(sshfs)" in said.stderr
    assert "folders.var" in said.stderr


def test_an_outbox_that_goes_away_is_not_written_to_and_gets_all_when_it_comes_back(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    outbox = folder / "outbox"
    with shared(tmp_path, Moods(), outbox) as share, watching(folder, QUICK) as watch:
        drop(folder, "dk.yaml", registration("CATP"), "CATP")
        awaiting = share.folder / "cho-ky"
        assert comes(lambda: awaiting.is_dir() and len(list(awaiting.glob("*.docx"))) == 1)
        unmounted(outbox)
        drop(folder, "dk.yaml", registration("CATP", headcount=25), "CATP")
        drop(folder, "dk.yaml", registration("KNH"), "KNH")
        assert comes(lambda: watch.said("watch.wait"))
        assert not comes(lambda: len(watch.said("watch.wait")) > 1 or not watch.is_alive(), 3)
        assert list(outbox.iterdir()) == [], "below the share there is nothing"
        again = vanthu(folder, "check")
        assert "folder.away" in again.stdout
        with remounted(share):
            assert comes(lambda: len(list(awaiting.glob("*.docx"))) == 2, 60)
            assert comes(lambda: watch.said("watch.go-on"))
            said = vanthu(folder, "check")
            assert (said.returncode, "folder.away" in said.stdout) == (0, False), said.stdout
