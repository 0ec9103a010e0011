"""The store: one schema, whichever way it came to be; refusals that tell what to do."""

import json
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from pipeline.errors import SchemaVersionError
from pipeline.store.engine import MIGRATIONS, current_revision, migrate, open_engine, reading, writing
from pipeline.store.metadata import metadata
from pipeline.store.schema import REVISION
from tests.postgresql import Server


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_engine(f"sqlite:///{tmp_path / 'var' / 'ledger.db'}")
    migrate(engine)
    return engine


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A ledger as the program before the key of drops made it."""
    url = f"sqlite:///{tmp_path / 'before.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql").new_database()
    engine = open_engine(url)
    migrated(engine, "0004")
    yield engine
    engine.dispose()


def migrated(engine: Engine, revision: str) -> None:
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["engine"] = engine
    command.upgrade(settings, revision)


def sqlite_objects(engine: Engine) -> set[tuple[str, str]]:
    with reading(engine) as connection:
        rows = connection.execute(text("SELECT type, name FROM sqlite_master WHERE name NOT LIKE '%alembic%'"))
        return {(kind, name) for kind, name in rows if not name.startswith("sqlite_")}


def test_the_migrations_make_exactly_the_schema_the_program_speaks(ledger_url: str) -> None:
    engine = open_engine(ledger_url)
    migrate(engine)

    def is_table(name: str | None, sort: str, _parents: object) -> bool:
        # the full text is a table of its own kind on both engines, on SQLite with tables below it
        return sort != "table" or not str(name).startswith("findable_words")

    with reading(engine) as connection, warnings.catch_warnings():
        # of indexes on expressions it says on SQLite that it leaves them out: they are compared below
        warnings.filterwarnings("ignore", message=r"(?i).*skip.* expression-based index")
        context = MigrationContext.configure(connection, opts={"include_name": is_table})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_migrations_make_exactly_the_indexes_the_program_speaks_of(tmp_path: Path) -> None:
    made = []
    for name, make in (("migrated", migrate), ("made", metadata.create_all)):
        engine = open_engine(f"sqlite:///{tmp_path / name}.db")
        make(engine)
        with reading(engine) as connection:
            rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'index'"))
            made.append({name: sql and " ".join(sql.split()) for name, sql in rows if "alembic" not in name})
        engine.dispose()
    assert made[0] == made[1]
    assert any("substr" in str(sql) for sql in made[0].values())


@pytest.mark.slow
def test_several_programs_that_open_a_new_database_at_once_make_its_tables_once(
    postgresql: Server, tmp_path: Path
) -> None:
    for url in (postgresql.new_database(), f"sqlite:///{tmp_path / 'var' / 'new.db'}"):
        words = f"from pipeline.store.engine import migrate, open_engine; migrate(open_engine({url!r}))"
        programs = [subprocess.Popen([sys.executable, "-c", words]) for _ in range(4)]
        assert [program.wait(60) for program in programs] == [0, 0, 0, 0]
        engine = open_engine(url)
        assert current_revision(engine) == REVISION
        engine.dispose()


def test_triggers_are_the_same_whether_migrated_or_created(engine: Engine, tmp_path: Path) -> None:
    created = open_engine(f"sqlite:///{tmp_path / 'created.db'}")
    with writing(created) as connection:
        metadata.create_all(connection)
    assert sqlite_objects(created) == sqlite_objects(engine)


def test_the_revision_the_program_writes_is_the_newest_migration() -> None:
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(settings).get_current_head() == REVISION


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    before = sqlite_objects(engine)
    migrate(engine)
    assert (sqlite_objects(engine), current_revision(engine)) == (before, REVISION)


def test_a_series_numbered_before_keeps_its_direction_and_its_hashes(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    migrated(engine, "0001")
    with writing(engine) as connection:
        for number, (key, author) in enumerate((("KH/2020-2025", ""), ("DEN/2022", "Công an")), 1):
            connection.execute(
                text("INSERT INTO series (id, key, last_no, entries, head) VALUES (:id, :key, 2, 2, '')"),
                {"id": number, "key": key},
            )
            for entry, (act, facts) in enumerate((("number", {"author": author}), ("void", {"number": "1"})), 1):
                connection.execute(
                    text(
                        "INSERT INTO register (series_id, entry, no, act, at, who, facts, previous_hash, hash) "
                        "VALUES (:series, :entry, 1, :act, '', '', :facts, '', :hash)"
                    ),
                    {
                        "series": number,
                        "entry": entry,
                        "act": act,
                        "facts": json.dumps(facts),
                        "hash": f"{number}{entry}",
                    },
                )
    migrate(engine)
    with reading(engine) as connection:
        directions = connection.execute(text("SELECT key, direction FROM series ORDER BY id")).all()
        hashes = connection.execute(text("SELECT hash FROM register ORDER BY id")).scalars().all()
    assert [tuple(row) for row in directions] == [("KH/2020-2025", "outgoing"), ("DEN/2022", "incoming")]
    assert hashes == ["11", "12", "21", "22"]


def test_a_ledger_in_which_one_matter_was_accepted_twice_is_opened_by_the_new_program(tmp_path: Path) -> None:
    # on PostgreSQL the index held for all states from the first day
    engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    migrated(engine, "0007")
    with writing(engine) as connection:
        for revision, state in enumerate(("partly-signed", "delivered"), 1):
            connection.execute(
                text(
                    "INSERT INTO jobs (state, kind, revision, name, submission_sha256, received_at, changed_at) "
                    "VALUES (:state, 'giao-uoc', :revision, 'x', 'y', '', '')"
                ),
                {"state": state, "revision": revision},
            )
    migrate(engine)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM jobs")).scalar_one() == 2
    assert current_revision(engine) == REVISION
    engine.dispose()


def test_drops_recorded_twice_before_are_told_apart_and_what_was_cancelled_may_come_again(
    ledger_before: Engine,
) -> None:
    with writing(ledger_before) as connection:
        for number, state in enumerate(("received", "received", "cancelled"), 1):
            connection.execute(
                text(
                    "INSERT INTO jobs (id, state, name, submission_sha256, received_at, changed_at) "
                    "VALUES (:id, :state, '', 's', '', '')"
                ),
                {"id": number, "state": state},
            )
            connection.execute(
                text(
                    "INSERT INTO drops (job_id, sha256, size_bytes, name, name_key, folder, fingerprint, "
                    "received_at) VALUES (:id, 's', 1, '', '', '', 'file', '')"
                ),
                {"id": number},
            )
    migrate(ledger_before)
    with reading(ledger_before) as connection:
        kept = connection.execute(text("SELECT fingerprint FROM drops ORDER BY id")).scalars().all()
    assert kept == ["file", "file *2", "file #3"]


def test_a_ledger_of_a_newer_program_is_refused_and_left_alone(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaVersionError, match="9999"):
        migrate(engine)
    assert current_revision(engine) == "9999"


def test_a_failed_write_leaves_no_transaction_behind(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        connection.execute(text("INSERT INTO chains VALUES ('x', 1, 'y')"))
        _ = 1 / 0
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM chains")).scalar_one() == 0
