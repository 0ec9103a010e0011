"""Whatever the owner of database and archive does, alone or together: it is found, and nothing else is."""

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from pipeline.archive.verifying import heads_at, verified
from pipeline.ledger.numbers import void_number
from pipeline.model import Severity
from pipeline.store.engine import writing
from tests.archive import tampering
from tests.archive.small_office import NOON, SmallOffice, small_office

#: Tried in every run, and by the slow tests.
FEW, MANY = 30, 700


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> SmallOffice:
    """An office with five papers, and backups of the days after the first and the third."""
    office = small_office(tmp_path_factory.mktemp("tampering") / "office", papers=1)
    ledger = office.ledger()
    for number in range(2, 6):
        if number in {2, 4}:
            ledger.close()
            backup = office.folder / f"backup-{number}"
            backup.mkdir()
            shutil.copyfile(office.database, backup / "vanthu.sqlite")
            shutil.copytree(office.places.archive, backup / "archive")
            ledger = office.ledger()
        office.file(ledger, number, "KH" if number % 2 else "CV")
        office.witness(ledger)
    ledger.close()
    return office


def found_by(office: SmallOffice) -> set[str]:
    """Who finds something wrong: `verify` (archive), `check` (ledger)."""
    told = verified(office.places.archive, heads_at([office.places.anchors]))
    by_verify = any(one.severity is Severity.BLOCK for one in told)
    by = {tampering.ARCHIVE: by_verify, tampering.LEDGER: bool(office.check())}
    return {who for who, finds in by.items() if finds}


def lying(office: SmallOffice) -> dict[str, bytes]:
    """The archive, file by file."""
    folder = office.places.archive
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def tried(kept: SmallOffice, folder: Path, count: int) -> tuple[list[str], Counter[str]]:
    """Try tamperings, every third together with another; gives those not found, and how many of each were tried."""
    missed, counts = [], Counter[str]()
    for number in range(count):
        chance = random.Random(number)
        office = kept.copied(folder / str(number))
        chosen = [tampering.ALL[number % len(tampering.ALL)]]
        if number % 3 == 0:
            chosen.append(chance.choice(tampering.ALL[:8]))
        touched: set[str] = set()
        try:
            for one in chosen:
                touched |= one(office, chance)
        except (FileNotFoundError, IndexError, ValueError):
            # the first left nothing for the second to do
            assert touched
        # files swapped and swapped back, one put in and taken out: nothing has happened
        if lying(office) == lying(kept):
            touched.discard(tampering.ARCHIVE)
        names = "+".join(one.__name__ for one in chosen)
        counts[names] += bool(touched)
        found = found_by(office)
        if not touched <= found:
            missed.append(f"{number} {names}: touched {touched}, found by {found}")
        shutil.rmtree(office.folder)
    return missed, counts


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_every_tampering_is_found(kept: SmallOffice, tmp_path: Path, count: int) -> None:
    missed, counts = tried(kept, tmp_path, count)
    assert not missed, "\n".join(missed)
    assert counts.total() > 0.99 * count


@pytest.mark.parametrize("count", [6, pytest.param(120, marks=pytest.mark.slow)])
def test_nothing_is_found_where_only_the_office_was_at_work(kept: SmallOffice, tmp_path: Path, count: int) -> None:
    assert found_by(kept) == set()
    for number in range(count):
        chance = random.Random(number)
        office = kept.copied(tmp_path / str(number))
        ledger = office.ledger()
        for more in range(chance.randint(0, 3)):
            job = office.file(ledger, 100 + more, chance.choice(["KH", "CV", "BC"]))
            if chance.random() < 0.5:
                with writing(ledger.engine) as connection:
                    void_number(connection, job, NOON, "test", "sai")
                    connection.exec_driver_sql("UPDATE jobs SET number='' WHERE id=?", (job.id,))
            if chance.random() < 0.5:
                ledger.remark("note", {"text": f"{more}"})
            # sometimes the machine stops before anything has left the ledger
            if chance.random() < 0.5:
                office.witness(ledger)
        office.witness(ledger)
        ledger.close()
        assert found_by(office) == set(), number
        shutil.rmtree(office.folder)
