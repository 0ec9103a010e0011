"""A whole ledger copied from one engine to the other and back: the same rows, or nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, inspect, text

from pipeline.errors import ConfigError, HashMismatch, NotAllowedNow
from pipeline.ledger import Drop, Ledger
from pipeline.model import State
from pipeline.store import copying
from pipeline.store.engine import migrate, open_engine, reading, writing
from tests.archive.small_office import NOON, SmallOffice
from tests.postgresql import Server


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """Two papers filed, and a third on its way."""
    office = SmallOffice(tmp_path / "office")
    office.database.parent.mkdir(parents=True)
    ledger = office.ledger()
    office.file(ledger, 1)
    office.file(ledger, 2, "BB")
    ledger.take(Drop("tệp “lạ”.yaml", "CATP", "e" * 64, 1, "dev:x"), name_key="x")
    ledger.close()
    return office


@pytest.fixture
def source(office: SmallOffice) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{office.database}")
    yield engine
    engine.dispose()


def opened(url: str) -> Ledger:
    return Ledger.open(url, lambda: NOON, "test")


def rows_of(engine: Engine) -> list[copying.TableCopy]:
    with reading(engine) as connection:
        return copying.measured(connection)


def test_a_ledger_copied_to_postgresql_and_back_is_the_same_and_counts_on(
    office: SmallOffice, source: Engine, tmp_path: Path, postgresql: Server
) -> None:
    there = opened(postgresql.new_database())
    assert copying.copy_all(source, there.engine) == rows_of(source) == rows_of(there.engine)
    # ids, numbers and the log go on where they stood
    assert office.file(there, 3).number == "02-KH/CTĐ4"
    assert [job.id for job in there.in_states(State)] == [1, 2, 3, 4]
    back = opened(f"sqlite:///{tmp_path / 'back' / 'ledger.db'}")
    copying.copy_all(there.engine, back.engine)
    assert rows_of(back.engine) == rows_of(there.engine)
    assert office.file(back, 4).number == "03-KH/CTĐ4"
    there.close()
    back.close()


@pytest.mark.parametrize("filled", ["INSERT INTO chains VALUES ('x', 1, 'y')", "CREATE TABLE theirs (id integer)"])
def test_what_holds_anything_is_not_copied_into(source: Engine, tmp_path: Path, filled: str) -> None:
    target = open_engine(f"sqlite:///{tmp_path / 'other.db'}")
    if filled.startswith("INSERT"):
        migrate(target)
    with writing(target) as connection:
        connection.execute(text(filled))
    with pytest.raises(NotAllowedNow, match="không trống"):
        copying.copy_all(source, target)
    with reading(target) as connection:
        tables = set(inspect(connection).get_table_names())
        # nothing was made beside what stood there
        assert "jobs" not in tables or not connection.execute(text("SELECT count(*) FROM jobs")).scalar_one()
    target.dispose()
    assert ("theirs" in tables) == (len(tables) == 1)


def test_a_copy_that_is_not_the_same_is_taken_back(source: Engine, tmp_path: Path) -> None:
    target = open_engine(f"sqlite:///{tmp_path / 'other.db'}")
    migrate(target)
    with writing(target) as connection:
        connection.execute(
            text("CREATE TRIGGER spoil AFTER INSERT ON jobs BEGIN UPDATE jobs SET name = 'x' WHERE id = 2; END")
        )
    empty = rows_of(target)
    with pytest.raises(HashMismatch, match="jobs"):
        copying.copy_all(source, target)
    assert rows_of(target) == empty
    target.dispose()


def test_a_ledger_that_goes_on_while_it_is_copied_is_not_copied(source: Engine, tmp_path: Path) -> None:
    target = open_engine(f"sqlite:///{tmp_path / 'other.db'}")
    migrate(target)
    empty = rows_of(target)

    @event.listens_for(target, "before_cursor_execute")
    def somebody_works(*told: object) -> None:
        if str(told[2]).startswith("INSERT INTO log_head"):
            ledger = Ledger(source, lambda: NOON, "other")
            ledger.remark("test", {})

    with pytest.raises(NotAllowedNow):
        copying.copy_all(source, target)
    assert rows_of(target) == empty
    target.dispose()


@pytest.mark.parametrize("url", ["mysql://u:secret@h/d", "nonsense", "postgres://u:secret@h/d"])
def test_no_other_database_is_taken_and_no_password_is_told(url: str) -> None:
    with pytest.raises(ConfigError) as told:
        open_engine(url)
    assert "secret" not in str(told.value)
