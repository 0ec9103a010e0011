"""An office whose spool is in an object store, by the command line: the whole road, kills, damage, backups."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pipeline.errors import IntegrityError
from pipeline.files import CannotWrite
from pipeline.ledger.ledger import LedgerLost
from tests.app.test_backing_up import codes, key_in, numbers, sign, vanthu
from tests.folders import drop, filed_files, registration, run, waiting, working_folder
from tests.sample_papers import signed_paper
from tests.seaweed import Seaweed
from tests.waiting import eventually

pytestmark = pytest.mark.slow


@pytest.fixture
def url(seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch) -> str:
    """A prefix of a bucket, with the credentials in the environment."""
    for name, value in seaweed.environment.items():
        monkeypatch.setenv(name, value)
    return seaweed.new_url()


@pytest.fixture
def office(tmp_path: Path, url: str) -> Path:
    return settled(working_folder(tmp_path / "office"), url)


def settled(folder: Path, url: str, **more: object) -> Path:
    settings = yaml.safe_load((folder / "config.yaml").read_text("utf-8"))
    settings |= {"object_store": {"spool": url, "seconds": 5}, **more}
    (folder / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return folder


def checked(folder: Path) -> int:
    return run("-C", str(folder), "check")


def test_the_whole_road_with_the_spool_in_an_object_store(
    office: Path, seaweed: Seaweed, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sign(office, ["CATP", "KNH"], capsys)
    assert numbers(office, capsys) == [1, 2]
    assert [path.suffix for path in sorted(filed_files(office))] == [".json", ".pdf"] * 2
    assert checked(office) == 0
    assert run("-C", str(office), "verify") == 0
    # everything recorded is in the store, and the copies of this machine are worth nothing
    assert len(seaweed.opened(url).names()) > 10
    for path in (office / "var" / "spool").glob("??/*"):
        path.unlink()
    assert checked(office) == 0
    sign(office, ["SATRA"], capsys)
    assert numbers(office, capsys) == [1, 2, 3]
    # neither endpoint nor credentials are shown
    capsys.readouterr()
    assert run("-C", str(office), "config", "show") == 0
    assert seaweed.environment["AWS_SECRET_ACCESS_KEY"] not in capsys.readouterr().out


def test_an_office_goes_on_with_its_own_spool_handed_over(
    tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    office = working_folder(tmp_path / "office")
    drop(office, "dk.yaml", registration("CATP"), "CATP")
    assert run("-C", str(office), "run") == 0
    settled(office, url)
    code = codes(office, capsys)["CATP"]
    drop(office, "ky.pdf", signed_paper(code))
    assert run("-C", str(office), "run") == 0
    assert numbers(office, capsys) == [1]
    for path in (office / "var" / "spool").glob("??/*"):
        path.unlink()
    assert checked(office) == 0


def test_what_was_changed_in_the_store_is_found_and_not_worked_on(
    office: Path, seaweed: Seaweed, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    import obstore

    drop(office, "dk.yaml", registration("CATP"), "CATP")
    assert run("-C", str(office), "run") == 0
    code = codes(office, capsys)["CATP"]
    raw = seaweed.raw(url)
    for name in seaweed.opened(url).names():
        if "/" in name:
            content = bytearray(seaweed.opened(url).read(name))
            content[len(content) // 2] ^= 1
            obstore.put(raw, name, bytes(content))
    for path in (office / "var" / "spool").glob("??/*"):
        path.unlink()
    assert checked(office) == IntegrityError.exit_code
    drop(office, "ky.pdf", signed_paper(code))
    assert run("-C", str(office), "run") >= IntegrityError.exit_code
    assert not filed_files(office)


def test_a_store_that_is_killed_in_the_middle_is_waited_for(
    office: Path, seaweed: Seaweed, capsys: pytest.CaptureFixture[str]
) -> None:
    units = ("CATP", "KNH", "SATRA", "DHQG", "KDCD", "KCXCN")
    watch = subprocess.Popen(vanthu(office, "watch"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        for unit in units[:3]:
            drop(office, "dk.yaml", registration(unit), unit)
        eventually(lambda: len(waiting(office)) < 3)
        seaweed.kill()
        for unit in units[3:]:
            drop(office, "dk.yaml", registration(unit), unit)
        # a command says it in one sentence
        done = subprocess.run(vanthu(office, "check"), capture_output=True, text=True, check=False)
        assert done.returncode == CannotWrite.exit_code
        assert "object_store" in done.stderr
        assert "Traceback" not in done.stderr
        assert watch.poll() is None
        # nothing is taken that cannot be kept
        assert len(waiting(office)) >= 3
        seaweed.start()
        eventually(lambda: len(codes(office, capsys)) == len(units), within_s=120)
        assert watch.poll() is None
    finally:
        if seaweed.is_killed:
            seaweed.start()
        watch.send_signal(signal.SIGTERM)
        told = watch.communicate(timeout=60)[1].decode()
    lines = [line.partition(" ")[2] for line in told.splitlines() if "object_store" in line]
    # once for each reason: it is killed, and then it starts
    assert 1 <= len(lines) == len(set(lines)) < 5, told
    for unit, code in codes(office, capsys).items():
        drop(office, f"{unit}.pdf", signed_paper(code))
    assert run("-C", str(office), "run") == 0
    assert numbers(office, capsys) == [*range(1, len(units) + 1)]
    assert checked(office) == 0


@pytest.mark.parametrize("key", [True, False], ids=["sealed", "plain"])
def test_backups_in_a_bucket_are_as_those_in_a_folder(
    office: Path, seaweed: Seaweed, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, key: bool
) -> None:
    sign(office, ["CATP", "KNH"], capsys)
    chest, words = seaweed.new_url(), (["--key", str(key_in(tmp_path))] if key else [])

    def backup() -> dict[str, int]:
        capsys.readouterr()
        assert run("-C", str(office), "backup", chest, *words, "--json") == 0
        taken: dict[str, int] = json.loads(capsys.readouterr().out)
        return taken

    first, second = backup(), backup()
    assert first["new_pieces"] > 10
    assert second["new_pieces"] == 0
    sign(office, ["SATRA"], capsys)
    assert 0 < backup()["written_bytes"] < first["written_bytes"]
    assert run("backups", chest, *words, "--verify") == 0
    # without the office, its configuration and its store: what is in the bucket is enough
    new = tmp_path / "new"
    assert run("restore", chest, str(new), *words) == 0
    restored = yaml.safe_load((new / "config.yaml").read_text("utf-8"))
    assert "spool" not in restored["object_store"]
    assert checked(new) == 0
    assert numbers(new, capsys) == [1, 2, 3]
    sign(new, ["DHQG"], capsys)
    assert numbers(new, capsys) == [1, 2, 3, 4]
    if key:
        import obstore

        piece = next(name for name in seaweed.opened(chest).names("data"))
        obstore.put(seaweed.raw(chest), piece, b"x")
        assert run("backups", chest, *words, "--verify") == 51
        assert run("restore", chest, str(tmp_path / "again"), *words) != 0


def test_what_is_restored_into_an_office_with_a_store_is_in_the_store(
    office: Path, seaweed: Seaweed, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import obstore

    sign(office, ["CATP"], capsys)
    assert run("-C", str(office), "backup", str(tmp_path / "backups")) == 0
    lost = [name for name in seaweed.opened(url).names() if "/" in name]
    for name in lost:
        obstore.delete(seaweed.raw(url), name)
    # the machine still knows the store, and has lost all that it had of it
    shutil.rmtree(office / "var" / "spool")
    for path in (office / "var").glob("vanthu.sqlite*"):
        path.unlink()
    assert run("restore", str(tmp_path / "backups"), str(office), "--only", "var") == 0
    assert seaweed.opened(url).names() == sorted([".vanthu-thu-muc", *lost])
    assert checked(office) == 0


def test_a_backup_tells_of_what_it_could_not_take(
    office: Path, seaweed: Seaweed, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import obstore

    sign(office, ["CATP"], capsys)
    lost = next(name for name in seaweed.opened(url).names() if "/" in name)
    obstore.delete(seaweed.raw(url), lost)
    (office / "var" / "spool" / lost).unlink()
    capsys.readouterr()
    assert run("--lang", "en", "-C", str(office), "backup", str(tmp_path / "backups")) == IntegrityError.exit_code
    assert "1 recorded files of the spool are gone or changed" in capsys.readouterr().err


def test_a_store_without_its_extra_or_credentials_ends_with_one_sentence(
    office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert run("--lang", "en", "-C", str(office), "run") == 10
    assert "object_store.credentials_file" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    assert run("--lang", "en", "-C", str(office), "run") == 12
    assert "vanthu[s3]" in capsys.readouterr().err
    assert os.environ["AWS_ACCESS_KEY_ID"] not in (office / "config.yaml").read_text("utf-8")


def test_doctor_says_whether_the_store_answers(
    office: Path, seaweed: Seaweed, url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def found() -> tuple[str, str]:
        capsys.readouterr()
        run("-C", str(office), "doctor", "--json")
        said = {one["code"]: one for one in json.loads(capsys.readouterr().out)["findings"]}
        return said["spool.store"]["severity"], str(said["spool.store"]["message"])

    assert found()[0] == "info"
    # who only looks marks nothing
    assert seaweed.opened(url).names() == []
    drop(office, "dk.yaml", registration("CATP"), "CATP")
    assert run("-C", str(office), "run") == 0
    assert found()[0] == "info"
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    severity, message = found()
    assert severity == "block"
    assert url in message


@pytest.fixture
def copied(tmp_path: Path, url: str) -> Path:
    """An office whose archive is copied into a bucket."""
    folder = working_folder(tmp_path / "copied")
    settings = yaml.safe_load((folder / "config.yaml").read_text("utf-8"))
    settings["object_store"] = {"archive": url, "seconds": 5}
    (folder / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return folder


def test_a_lost_office_is_made_anew_from_the_copy_of_its_archive(
    copied: Path, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sign(copied, ["CATP", "KNH"], capsys)
    sign(copied, ["SATRA"], capsys)
    filed = {path.relative_to(copied): path.read_bytes() for path in filed_files(copied)}
    heads = (copied / "moc-so" / "moc.txt").read_bytes()
    new = working_folder(tmp_path / "new")
    shutil.rmtree(copied)
    assert run("-C", str(new), "archive", "fetch", url, str(new / "archive")) == 0
    (tmp_path / "moc.txt").write_bytes(heads)
    assert run("-C", str(new), "verify", str(new / "archive"), "--anchors", str(tmp_path / "moc.txt")) == 0
    assert {path.relative_to(new): path.read_bytes() for path in filed_files(new)} == filed
    assert run("-C", str(new), "rebuild", "--why", "mất cả thư mục") == 0
    assert numbers(new, capsys) == [1, 2, 3]
    sign(new, ["DHQG"], capsys)
    assert numbers(new, capsys) == [1, 2, 3, 4]
    assert checked(new) == 0


def test_nobody_waits_for_the_copy_of_the_archive(
    copied: Path, seaweed: Seaweed, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sign(copied, ["CATP"], capsys)
    seaweed.kill()
    try:
        sign(copied, ["KNH"], capsys)
        assert numbers(copied, capsys) == [1, 2]
        capsys.readouterr()
        run("-C", str(copied), "doctor", "--json")
        (said,) = [one for one in json.loads(capsys.readouterr().out)["findings"] if one["code"] == "archive.copy"]
        assert said["severity"] == "warn"
    finally:
        seaweed.start()
    assert run("-C", str(copied), "run") == 0
    assert run("archive", "fetch", url, str(tmp_path / "back")) == 0
    assert len(list((tmp_path / "back").rglob("*.pdf"))) == 2


def test_an_office_that_was_set_back_as_a_whole_numbers_nothing(
    copied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sign(copied, ["CATP"], capsys)
    drop(copied, "dk.yaml", registration("KNH"), "KNH")
    assert run("-C", str(copied), "run") == 0
    older = tmp_path / "older"
    shutil.copytree(copied, older, symlinks=True)
    paper = signed_paper(codes(copied, capsys)["KNH"])
    drop(copied, "ky.pdf", paper)
    assert run("-C", str(copied), "run") == 0
    assert numbers(copied, capsys) == [1, 2]
    # disk, archive and heads are those of yesterday, and agree: only the copy knows more
    drop(older, "khac.pdf", paper)
    assert run("-C", str(older), "run") == LedgerLost.exit_code
    assert numbers(older, capsys) == [1]
