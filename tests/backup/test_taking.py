"""Backups of an office at work: what is in one belongs together, and only what is new is copied."""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pipeline.audit import audit
from pipeline.backup import chest as chests
from pipeline.backup import restoring, taking
from pipeline.backup.chest import Chest
from pipeline.backup.contents import PLACES, read
from pipeline.backup.taking import Taken
from pipeline.errors import NotAllowedNow
from pipeline.files import FolderStore
from pipeline.ledger import Ledger
from pipeline.store import copying
from pipeline.store.engine import reading
from tests.archive.small_office import NOON, SmallOffice


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """An office with a filed paper; what a working folder has besides is a file each."""
    office = SmallOffice(tmp_path / "office")
    for name in ("var", "outbox", "templates", "years"):
        (office.folder / name).mkdir(parents=True)
        (office.folder / name / "một.txt").write_text(name)
    (office.folder / "config.yaml").write_text("year: 2022\n")
    return office


@pytest.fixture
def ledger(office: SmallOffice, ledger_url: str) -> Iterator[Ledger]:
    """Its ledger, once on each engine."""
    ledger = Ledger.open(ledger_url, lambda: NOON, "test")
    office.file(ledger, 1)
    office.witness(ledger)
    yield ledger
    ledger.close()


def places(folder: Path) -> Mapping[str, Path]:
    names = {"anchors": "moc-so", "root": ""}
    return {place: folder / names.get(place, place) for place in PLACES}


def backed_up(office: SmallOffice, ledger: Ledger, chest: Chest) -> Taken:
    return taking.take(ledger, places(office.folder), office.spool, chest, office.folder / "config.yaml", NOON)


def restored(chest: Chest, folder: Path, name: str = "") -> SmallOffice:
    """A new folder made of a backup."""
    office = SmallOffice(folder)
    restoring.put_back(read(chest.list(name)), chest, places(folder), PLACES, office.database)
    return office


def checked(office: SmallOffice) -> list[str]:
    ledger = office.ledger()
    found = audit(
        ledger, office.spool, office.places.archive, office.folder / "outbox", anchors=office.places.anchors
    )
    ledger.close()
    return [one.code for one in found]


@pytest.mark.parametrize("key", [None, b"k" * 32], ids=["plain", "sealed"])
def test_an_office_restored_is_the_one_that_was_backed_up(
    office: SmallOffice, ledger: Ledger, tmp_path: Path, key: bytes | None
) -> None:
    chest = chests.begin(FolderStore(tmp_path / "backups"), key)
    backed_up(office, ledger, chest)
    new = restored(chest, tmp_path / "new")
    assert checked(new) == []
    again = new.ledger()
    with reading(again.engine) as there, reading(ledger.engine) as here:
        assert copying.measured(there) == copying.measured(here)
    assert new.file(again, 2).number == "02-KH/CTĐ4"
    again.close()
    for path in office.folder.rglob("*"):
        name = path.relative_to(office.folder)
        # of var only the ledger, the spool and the keys
        if path.is_file() and (name.parts[0] != "var" or "spool" in name.parts or path.suffix == ".key"):
            copy = new.folder / name
            assert (copy.read_bytes(), copy.stat().st_mode) == (path.read_bytes(), path.stat().st_mode), name


def test_what_has_not_changed_is_not_copied_again(office: SmallOffice, ledger: Ledger, tmp_path: Path) -> None:
    chest = chests.begin(FolderStore(tmp_path / "backups"), b"k" * 32)
    first = backed_up(office, ledger, chest)
    again = backed_up(office, ledger, chest)
    assert (again.files, again.size_bytes, again.new_pieces, again.written_bytes) == (
        first.files,
        first.size_bytes,
        0,
        0,
    )
    (office.folder / "outbox" / "hai.txt").write_text("mới")
    assert backed_up(office, ledger, chest).new_pieces == 1
    # lost from the chest, a piece is copied again although its file is the same
    for path in (tmp_path / "backups" / "data").rglob("*"):
        if path.is_file():
            path.unlink()
    assert backed_up(office, ledger, chest).new_pieces >= first.new_pieces
    assert checked(restored(chest, tmp_path / "new")) == []


def test_an_older_backup_is_restored_as_it_was(office: SmallOffice, ledger: Ledger, tmp_path: Path) -> None:
    chest = chests.begin(FolderStore(tmp_path / "backups"), None)
    name = backed_up(office, ledger, chest).name
    office.file(ledger, 2)
    office.witness(ledger)
    backed_up(office, ledger, chest)
    old, new = restored(chest, tmp_path / "old", name), restored(chest, tmp_path / "new")
    assert (checked(old), checked(new)) == ([], [])
    assert not list((old.folder / "archive").rglob("0002.pdf"))
    assert list((new.folder / "archive").rglob("0002.pdf"))


def test_nothing_that_lies_there_is_written_over_and_a_restore_can_go_on(
    office: SmallOffice, ledger: Ledger, tmp_path: Path
) -> None:
    chest = chests.begin(FolderStore(tmp_path / "backups"), None)
    backed_up(office, ledger, chest)
    half = tmp_path / "half"
    restoring.put_back(read(chest.list("")), chest, places(half), ["archive"], half / "ledger")
    assert checked(restored(chest, half)) == []
    (tmp_path / "other" / "years").mkdir(parents=True)
    (tmp_path / "other" / "years" / "một.txt").write_text("khác")
    with pytest.raises(NotAllowedNow, match=r"một\.txt"):
        restored(chest, tmp_path / "other")
    assert (tmp_path / "other" / "years" / "một.txt").read_text() == "khác"
    assert not (tmp_path / "other" / "var" / "vanthu.sqlite").exists()


def test_every_backup_taken_while_papers_are_filed_is_whole(
    office: SmallOffice, ledger: Ledger, ledger_url: str, tmp_path: Path
) -> None:
    chest = chests.begin(FolderStore(tmp_path / "backups"), None)
    stop, failed = threading.Event(), list[BaseException]()

    def work() -> None:
        own = Ledger.open(ledger_url, lambda: NOON, "other")
        try:
            number = 2
            while not stop.is_set():
                office.file(own, number)
                office.witness(own)
                number += 1
        except BaseException as trouble:
            failed.append(trouble)
        finally:
            own.close()

    thread = threading.Thread(target=work)
    thread.start()
    sizes = [backed_up(office, ledger, chest).log_size for _ in range(4)]
    stop.set()
    thread.join()
    assert failed == []
    # it did go on meanwhile
    assert sizes[0] < sizes[-1]
    for number, name in enumerate(chest.lists()):
        assert checked(restored(chest, tmp_path / f"new{number}", name)) == [], name
