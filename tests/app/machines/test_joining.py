"""Who may be one of the workers, what it is told otherwise, and where it is seen that they are there."""

import json
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from pipeline import intake
from pipeline.app.machines import OtherVersion, hands, queue, versions
from pipeline.app.worker import Worker
from pipeline.errors import ConfigError, MissingToolError
from pipeline.store import workers
from pipeline.store.engine import open_engine, reading, writing
from pipeline.store.workers import Versions, WorkerSeen
from tests.folders import drop, opened, registration, run, working_folder
from tests.waiting import eventually

ALIKE = Versions("0.1.0+ab procrastinate-3.10.0", "cd", "ef vanthu-00")


def worker(name: str, versions: Versions = ALIKE, lanes: int = 2) -> WorkerSeen:
    return WorkerSeen(name, f"machine-{name}", 7, lanes, versions)


def unseen_for(engine: Engine, name: str, seconds: float) -> None:
    with writing(engine) as connection:
        ago = text(f"UPDATE {workers.SCHEMA}.workers SET seen = seen - :seconds WHERE name = :name")  # noqa: S608 - ours
        connection.execute(ago, {"seconds": seconds, "name": name})


# ------------------------------------------------------------------------------------------------------- refused


def test_without_the_library_one_sentence_says_what_to_install(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "procrastinate", None)
    assert run("-C", str(office), "worker") == MissingToolError.exit_code
    told = capsys.readouterr().err.splitlines()
    assert "pip install 'vanthu[cluster]'" in told[-1]
    assert not any("Traceback" in line for line in told)


def test_a_ledger_on_one_machine_has_no_workers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = working_folder(tmp_path / "office")
    assert run("-C", str(folder), "worker") == ConfigError.exit_code
    assert "vanthu watch" in capsys.readouterr().err


def test_a_worker_of_another_version_is_refused_and_told_of_whom(
    office: Path, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert workers.join(engine, worker("a")) == []
    assert run("-C", str(office), "worker") == OtherVersion.exit_code
    told = capsys.readouterr().err
    assert "machine-a" in told
    assert "chương trình khác" in told
    assert ALIKE.program in told
    assert [one.name for one in workers.workers(engine)] == ["a"]


@pytest.mark.parametrize(
    "other", [Versions("x", "cd", "ef vanthu-00"), Versions(ALIKE.program, "x", "ef vanthu-00"), Versions(*"xyz")]
)
def test_whoever_is_not_like_the_others_does_not_enter(engine: Engine, other: Versions) -> None:
    assert workers.join(engine, worker("a")) == []
    assert [one.name for one in workers.join(engine, worker("b", other))] == ["a"]
    assert workers.join(engine, worker("c")) == []
    assert [one.name for one in workers.workers(engine)] == ["a", "c"]


@pytest.mark.slow
def test_a_machine_with_a_key_of_its_own_is_refused(
    office: Path, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    drop(office, "dk.yaml", registration("CATP"), "CATP")
    assert run("-C", str(office), "run") == 0
    for key in (office / "var").glob("*.key"):
        key.unlink()
    capsys.readouterr()
    assert run("-C", str(office), "worker") == OtherVersion.exit_code
    assert "khoa-moc.key" in capsys.readouterr().err
    assert workers.workers(engine) == []


# ---------------------------------------------------------------------------------------------------- the dead


def advisory_locks(engine: Engine) -> int:
    with reading(engine) as connection:
        held = connection.execute(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
        return int(held.scalar_one())


def test_the_dead_leave_their_leases_and_their_sessions_and_the_living_keep_theirs(
    office: Path, engine: Engine
) -> None:
    with opened(office) as workspace:
        ours = Worker(workspace)
        for name in ("dead", "alive"):
            assert workers.join(engine, worker(name)) == []
            drop(office, f"{name}.yaml", registration("CATP" if name == "dead" else "KNH"))
        jobs = ours.take(intake.survey(workspace.folders.inbox).found)
        for job, name in zip(jobs, ("dead", "alive"), strict=True):
            with writing(engine) as connection:
                leased = text("UPDATE jobs SET lease_owner = :name, lease_until = '9999' WHERE id = :id")
                connection.execute(leased, {"name": name, "id": job.id})
        theirs = open_engine(str(engine.url.render_as_string(hide_password=False)))
        workers.name_sessions(theirs, "dead")
        with theirs.connect() as session:
            session.execute(text("SELECT pg_advisory_lock(7)"))
            unseen_for(engine, "dead", hands.DEAD_SECONDS + 1)
            assert hands.bury(ours) == ["dead"]
            # the server is told to end the session, and does so by itself
            eventually(lambda: not advisory_locks(engine))
            session.invalidate()
        theirs.dispose()
        with reading(engine) as connection:
            owners = connection.execute(text("SELECT lease_owner FROM jobs ORDER BY id")).scalars().all()
        assert list(owners) == ["", "alive"]
    # it notices when it goes on
    assert not workers.beat(engine, "dead", "cd", watches=False)
    assert workers.beat(engine, "alive", "cd", watches=False)


# ------------------------------------------------------------------------------------------------ what is seen


@pytest.mark.slow
def test_who_works_and_what_waits_stands_on_the_board_in_status_and_with_the_doctor(
    office: Path, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    workers.join(engine, worker("a", lanes=3))
    workers.join(engine, worker("b"))
    workers.beat(engine, "a", "cd", watches=True)
    workers.beat(engine, "b", "other", watches=False)
    unseen_for(engine, "b", 25)
    drop(office, "dk.yaml", registration("CATP"), "CATP")
    assert run("-C", str(office), "run") == 0
    capsys.readouterr()
    assert run("-C", str(office), "status") == 0
    assert "machine-a: 3 việc cùng lúc, xem thư mục nhận" in capsys.readouterr().out
    assert "machine-b: 2 việc cùng lúc" in (office / "outbox" / "tinh-hinh.html").read_text("utf-8")
    assert run("-C", str(office), "doctor", "--json") == 4
    found = {one["code"]: one for one in json.loads(capsys.readouterr().out)["findings"]}
    assert found["machines.bundles"]["found"] == "machine-b"
    assert found["machines.unseen"]["found"] == "machine-b"
    assert found["machines.spool"]["severity"] == "block"
    assert "machines.watcher" not in found
    assert run("-C", str(office), "metrics") == 0
    assert "vanthu_workers 2" in capsys.readouterr().out


def test_where_one_machine_works_alone_nothing_is_said_of_workers(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("-C", str(office), "status", "--json") == 0
    assert json.loads(capsys.readouterr().out)["workers"] == []


def test_the_queue_is_made_anew_when_another_library_made_it_and_nobody_works(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text(f"COMMENT ON SCHEMA {workers.SCHEMA} IS 'procrastinate-3.9.0'"))
        connection.execute(text(f"CREATE TABLE {workers.SCHEMA}.left_behind (id int)"))
    workers.join(engine, worker("a"))
    queue.make(engine)
    assert [one.name for one in workers.workers(engine)] == ["a"]
    workers.leave(engine, "a")
    queue.make(engine)
    with reading(engine) as connection:
        gone = connection.execute(text(f"SELECT to_regclass('{workers.SCHEMA}.left_behind')")).scalar_one()
    assert gone is None


def test_what_decides_about_documents_is_in_the_name_of_the_bundles(office: Path, engine: Engine) -> None:
    def named() -> str:
        with opened(office) as workspace:
            return versions.bundles(workspace)

    names = [named(), named()]
    assert names[0] == names[1]
    year = office / "years" / "2022.yaml"
    was = year.read_text("utf-8")
    year.write_text(was.replace("Đặng Thị Thuỳ Nhiên", "Đặng Thị Thùy Nhiên"), encoding="utf-8")
    names.append(named())
    year.write_text(was, encoding="utf-8")
    (office / "certificates").mkdir()
    (office / "certificates" / "root.pem").write_bytes(b"a root")
    names.append(named())
    (office / "certificates" / "root.pem").unlink()
    rules = office / "templates" / "dang-ky" / "rules.yaml"
    rules.write_text(rules.read_text("utf-8") + "\n# edited\n", encoding="utf-8")
    names.append(named())
    assert len(set(names[1:])) == 4


def test_a_year_edited_while_a_worker_runs_is_not_the_one_it_works_with(office: Path, engine: Engine) -> None:
    with opened(office) as workspace:
        before = versions.bundles(workspace)
        year = office / "years" / "2022.yaml"
        year.write_text(
            year.read_text("utf-8").replace("Đặng Thị Thuỳ Nhiên", "Đặng Thị Thùy Nhiên"), encoding="utf-8"
        )
        assert versions.bundles(workspace) == before
