"""The archive once more in an object store: an archive like the first, for which nobody waits."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.archive.copying import ArchiveCopy, fetch
from pipeline.archive.standing import Age, refuse_older
from pipeline.archive.verifying import heads_at, verified
from pipeline.errors import HashMismatch
from pipeline.files import CannotWrite, FolderStore, ObjectStore
from pipeline.ledger import Ledger
from pipeline.ledger.ledger import LedgerLost
from pipeline.model import Severity
from pipeline.proof.standalone import FOLDER
from tests.archive.small_office import SmallOffice, small_office


class Shaky:
    """A store that is away when it has taken so many objects; it counts how often it was asked."""

    def __init__(self, store: ObjectStore, most: int) -> None:
        self.store, self.most, self.asked = store, most, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def create(self, name: str, content: bytes) -> bool:
        self.asked += 1
        if self.asked > self.most:
            raise CannotWrite("away")
        return self.store.create(name, content)


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    return small_office(tmp_path / "office")


@pytest.fixture
def ledger(office: SmallOffice) -> Iterator[Ledger]:
    ledger = office.ledger()
    yield ledger
    ledger.close()


def copy_of(office: SmallOffice, store: Any) -> ArchiveCopy:
    return ArchiveCopy(store, office.folder / "var" / "archive-copy.json")


def brought(office: SmallOffice, ledger: Ledger, copy: ArchiveCopy) -> bool:
    return copy.bring_up_to_date(ledger.log, office.places, office.folder / "var")


def filed(office: SmallOffice, ledger: Ledger, number: int, copy: ArchiveCopy) -> None:
    """File one more paper and put everything where it belongs, as a round of work does."""
    office.file(ledger, number)
    office.witness(ledger)
    assert brought(office, ledger, copy)


def wrong(archive: Path, office: SmallOffice) -> set[str]:
    """What `vanthu verify` finds in an archive, against the heads of the office."""
    found = verified(archive, heads_at([office.places.anchors]))
    return {one.code for one in found if one.severity is Severity.BLOCK}


def papers(archive: Path) -> dict[str, bytes]:
    files = (path for path in archive.rglob("*") if path.is_file() and path.parent.name != FOLDER)
    return {path.relative_to(archive).as_posix(): path.read_bytes() for path in files}


def journal(archive: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted((archive / FOLDER).glob("[0-9]*.txt")))


def test_a_copy_brought_back_is_an_archive_that_verifies(
    office: SmallOffice, ledger: Ledger, store: ObjectStore, tmp_path: Path
) -> None:
    copy = copy_of(office, store)
    assert brought(office, ledger, copy)
    for number in (4, 5):
        filed(office, ledger, number, copy)
    # nothing new, nothing asked
    shaky = Shaky(store, most=0)
    assert brought(office, ledger, copy_of(office, shaky))
    assert shaky.asked == 0
    assert fetch(store, tmp_path / "back") == len(store.names())
    assert wrong(tmp_path / "back", office) == set()
    assert papers(tmp_path / "back") == papers(office.places.archive)
    assert journal(tmp_path / "back") == journal(office.places.archive)
    # each round has its own file of the journal: none is ever written again
    assert len([name for name in store.names(FOLDER) if Path(name).stem.isdigit()]) == 3
    # fetched again it is compared, and what is not the same is not written over
    assert fetch(store, tmp_path / "back") == len(store.names())
    path = tmp_path / "back" / next(iter(papers(tmp_path / "back")))
    path.chmod(0o600)
    path.write_bytes(b"x")
    with pytest.raises(HashMismatch):
        fetch(store, tmp_path / "back")


def test_an_office_goes_on_in_an_archive_that_was_fetched(
    office: SmallOffice, ledger: Ledger, store: ObjectStore, tmp_path: Path
) -> None:
    copy = copy_of(office, store)
    assert brought(office, ledger, copy)
    filed(office, ledger, 4, copy)
    shutil.rmtree(office.places.archive)
    fetch(store, office.places.archive)
    fetched = {path: path.read_bytes() for path in (office.places.archive / FOLDER).glob("[0-9]*.txt")}
    for number in (5, 6):
        filed(office, ledger, number, copy)
    assert wrong(office.places.archive, office) == set()
    assert office.check() == set()
    # what was fetched bears that it is written no more
    assert {path: path.read_bytes() for path in fetched} == fetched
    fetch(store, tmp_path / "back")
    assert journal(tmp_path / "back") == journal(office.places.archive)


@pytest.mark.parametrize("most", range(0, 12, 2))
def test_a_store_that_goes_away_at_any_moment_is_not_waited_for_and_gets_the_rest_later(
    office: SmallOffice, ledger: Ledger, tmp_path: Path, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Shaky(FolderStore(tmp_path / "store"), most)
    copy = copy_of(office, store)
    if most < 9:
        assert not brought(office, ledger, copy)
        asked = store.asked
        # not asked again for a while, by nobody
        assert not brought(office, ledger, copy)
        assert copy.standings(ledger.log) == []
        assert store.asked == asked
    # what is named in the journal that is there is there
    fetch(store.store, tmp_path / "half")
    if journal(tmp_path / "half"):
        assert not {one for one in wrong(tmp_path / "half", office) if one.startswith("paper.missing")}
    store.most = 1000
    monkeypatch.setattr("pipeline.archive.copying._PAUSE_SECONDS", 0.0)
    assert brought(office, ledger, copy_of(office, store))
    fetch(store.store, tmp_path / "back")
    assert wrong(tmp_path / "back", office) == set()


def test_a_ledger_that_is_older_than_the_copy_numbers_nothing(
    office: SmallOffice, ledger: Ledger, store: ObjectStore, tmp_path: Path
) -> None:
    brought(office, ledger, copy_of(office, store))
    # ledger, archive and heads of one moment: among themselves they agree
    older = office.copied(tmp_path / "older")
    copy = copy_of(office, store)
    filed(office, ledger, 4, copy)
    with_older = older.ledger()
    try:
        refuse_older(with_older.log, older.places)
        for forgets in (False, True):
            copy = copy_of(older, store)
            if forgets:
                (older.folder / "var" / "archive-copy.json").unlink()
            (one,) = copy.standings(with_older.log)
            assert one.age is Age.OLDER
            with pytest.raises(LedgerLost, match=store.where):
                refuse_older(with_older.log, older.places, [one])
            # and nothing is put there by it
            names = store.names()
            assert brought(older, with_older, copy) is not forgets
            assert store.names() == names
        # two ledgers that went on from one backup
        older.file(with_older, 7)
        older.witness(with_older)
        assert copy_of(older, store).standing(with_older.log).age is Age.SPLIT
    finally:
        with_older.close()


def test_where_nobody_remembers_the_end_is_found(office: SmallOffice, ledger: Ledger, store: ObjectStore) -> None:
    filed(office, ledger, 4, copy_of(office, store))
    names = store.names()
    (office.folder / "var" / "archive-copy.json").unlink()
    copy = copy_of(office, store)
    assert copy.standing(ledger.log).age is Age.SAME
    assert brought(office, ledger, copy)
    assert store.names() == names
    filed(office, ledger, 5, copy)
    assert len(store.names()) == len(names) + 3


def test_a_paper_that_was_changed_is_not_copied(office: SmallOffice, ledger: Ledger, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    path = next(path for path in sorted(office.places.archive.rglob("*.pdf")))
    path.chmod(0o600)
    path.write_bytes(b"changed")
    assert not brought(office, ledger, copy_of(office, store))
    assert not [name for name in store.names() if name.endswith(path.name)]
    assert not [name for name in store.names(FOLDER) if Path(name).stem.isdigit()]


def test_what_somebody_put_in_the_place_of_a_copy_stays_and_is_told(
    office: SmallOffice, ledger: Ledger, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = FolderStore(tmp_path / "store")
    name = next(iter(papers(office.places.archive)))
    store.create(name, b"something else")
    assert not brought(office, ledger, copy_of(office, store))
    assert name in str([vars(record) for record in caplog.records])
    assert store.read(name) == b"something else"
    store.create(f"{FOLDER}/000000000.txt", b"no journal\n")
    with pytest.raises(HashMismatch, match="000000000"):
        copy_of(office, store).standing(ledger.log)
