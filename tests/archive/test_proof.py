"""An archive that proves itself: whatever is done to it, heads that lie elsewhere tell of it."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.archive.standing import refuse_older, witness
from pipeline.archive.verifying import heads_at, verified
from pipeline.errors import NoSpaceError
from pipeline.ledger.acts import record_event
from pipeline.ledger.ledger import LedgerLost
from pipeline.model import Severity
from pipeline.proof.standalone import LINES, file_name
from tests.archive.small_office import NOON, SmallOffice, small_office


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> SmallOffice:
    return small_office(tmp_path_factory.mktemp("office") / "a")


@pytest.fixture
def office(kept: SmallOffice, tmp_path: Path) -> SmallOffice:
    return kept.copied(tmp_path / "copy")


def verify(office: SmallOffice) -> set[str]:
    """What `vanthu verify` finds wrong, without ledger and spool."""
    found = verified(office.places.archive, heads_at([office.places.anchors]))
    return {one.code for one in found if one.severity is Severity.BLOCK}


def alone(office: SmallOffice, *words: str) -> tuple[int, str]:
    """What the program in the archive says, with nothing of ours installed."""
    program = office.places.journal / "verify.py"
    heads = [str(office.places.heads)] if not words else list(words)
    done = subprocess.run(
        [sys.executable, "-I", "-S", program, office.places.archive, *heads],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONIOENCODING": "utf-8"},
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def journal(office: SmallOffice) -> Path:
    return office.places.journal / file_name(0)


def edited(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path.chmod(0o600)
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))


def test_an_archive_nobody_touched_is_proved_without_ledger_and_without_program(office: SmallOffice) -> None:
    shutil.rmtree(office.folder / "var")
    assert verify(office) == set()
    assert alone(office) == (0, "Nguyên vẹn.\n")


def test_a_program_in_the_archive_that_is_not_ours_is_told_and_the_next_run_puts_ours_there(
    office: SmallOffice,
) -> None:
    program = office.places.journal / "verify.py"
    ours = program.read_bytes()
    program.chmod(0o600)
    program.write_text("print('Nguyên vẹn.')")
    found = verified(office.places.archive, heads_at([office.places.anchors]))
    assert [one.code for one in found] == ["archive.program"]
    ledger = office.ledger()
    ledger.remark("x", {})
    office.witness(ledger)
    ledger.close()
    assert program.read_bytes() == ours
    assert verified(office.places.archive, heads_at([office.places.anchors])) == []


def replaced(office: SmallOffice) -> None:
    paper = office.places.archive / "KH-2020-2025" / "0001.pdf"
    paper.chmod(0o600)
    paper.write_bytes(b"%PDF-1.7 another")


def turned(lines: list[bytes]) -> list[bytes]:
    return [lines[1], lines[0], *lines[2:]]


@pytest.mark.parametrize(
    ("tampering", "code"),
    [
        (replaced, "paper.changed"),
        (lambda office: (office.places.archive / "CV-2020-2025" / "0002.json").unlink(), "paper.missing"),
        (lambda office: (office.places.archive / "x.pdf").write_bytes(b"x"), "paper.unknown"),
        (lambda office: (office.places.journal / "x.pdf").write_bytes(b"x"), "paper.unknown"),
        (lambda office: edited(journal(office), lambda lines: lines[:-1]), "journal.cut"),
        (lambda office: edited(journal(office), lambda lines: lines[1:]), "journal.cut"),
        (lambda office: edited(journal(office), turned), "journal.changed"),
        (lambda office: edited(journal(office), lambda lines: [lines[0], *lines]), "journal.changed"),
        (lambda office: edited(journal(office), lambda lines: [*lines[:-1], lines[-1][:-9]]), "journal.line"),
        (lambda office: journal(office).unlink(), "journal.missing"),
        (lambda office: journal(office).rename(office.places.journal / file_name(LINES)), "journal.gap"),
        (lambda office: (office.places.journal / "khoa-cong-khai.txt").unlink(), "head.signature"),
    ],
)
def test_each_tampering_is_named_by_both_programs(
    office: SmallOffice, tampering: Callable[[SmallOffice], object], code: str
) -> None:
    tampering(office)
    assert code in verify(office)
    exit_code, said = alone(office)
    assert exit_code == 1
    assert f"{code}: " in said


def test_an_archive_and_ledger_rewritten_as_one_are_betrayed_by_the_heads_elsewhere(
    office: SmallOffice, tmp_path: Path
) -> None:
    # another office with the same papers but one, signed with the same key: whole in itself
    other = SmallOffice(tmp_path / "other")
    other.database.parent.mkdir(parents=True)
    shutil.copyfile(office.folder / "var" / "khoa-moc.key", other.folder / "var" / "khoa-moc.key")
    other.places.anchors.mkdir()
    ledger = other.ledger()
    for number in (1, 4, 3):
        other.file(ledger, number, "KH" if number % 2 else "CV")
    other.witness(ledger)
    ledger.close()
    assert verify(other) == set()
    (other.places.heads).write_bytes(office.places.heads.read_bytes())
    assert "journal.changed" in verify(other)
    assert "ledger.split" in other.check()


def cut_as_a_database_owner(office: SmallOffice) -> None:
    """Case 12: the last paper taken out of every table, the heads of the chains set back, its folder removed."""
    with sqlite3.connect(office.database) as ledger:
        for table in ("register", "events", "log"):
            ledger.execute(f"DROP TRIGGER {table}_no_delete")
        job = ledger.execute("SELECT max(id) FROM jobs").fetchone()[0]
        series, entry, no = ledger.execute(
            "SELECT series_id, min(entry), no FROM register WHERE job_id=?", (job,)
        ).fetchone()
        first = ledger.execute("SELECT min(id) FROM events WHERE job_id=?", (job,)).fetchone()[0]
        ledger.execute(
            "DELETE FROM log WHERE event_id >= ? OR entry_id IN (SELECT id FROM register WHERE job_id=?)",
            (first, job),
        )
        ledger.execute("DELETE FROM register WHERE job_id=?", (job,))
        ledger.execute("DELETE FROM events WHERE id >= ?", (first,))
        ledger.execute(
            "UPDATE chains SET length=(SELECT max(id) FROM events), head=(SELECT hash FROM events ORDER BY id DESC)"
        )
        ledger.execute(
            "UPDATE series SET entries=?, last_no=?, "
            "head=(SELECT hash FROM register WHERE series_id=? ORDER BY id DESC) WHERE id=?",
            (entry - 1, no - 1, series, series),
        )
        for table in ("artifacts", "publications", "drops"):
            ledger.execute(f"DELETE FROM {table} WHERE job_id=?", (job,))  # noqa: S608 - three names of ours
        ledger.execute("DELETE FROM jobs WHERE id=?", (job,))
    ledger.close()
    for path in (office.places.archive / "KH-2020-2025").glob("0003*"):
        path.unlink()


def test_a_tail_cut_out_of_ledger_and_archive_is_found_by_check_and_by_verify(office: SmallOffice) -> None:
    cut_as_a_database_owner(office)
    assert {"ledger.older", "log.cut"} <= office.check()
    assert "paper.missing" in verify(office)
    # the journal cut, too
    with sqlite3.connect(office.database) as ledger:
        left = ledger.execute("SELECT count(*) FROM log").fetchone()[0]
    ledger.close()
    edited(journal(office), lambda lines: lines[:left])
    assert verify(office) == {"journal.cut"}
    assert "ledger.older" in office.check()


def test_a_ledger_brought_back_from_a_backup_gives_no_number_while_archive_or_heads_know_more(
    office: SmallOffice, tmp_path: Path
) -> None:
    ledger = office.ledger()
    with sqlite3.connect(tmp_path / "backup.db") as backup, sqlite3.connect(office.database) as now:
        now.backup(backup)
    backup.close()
    now.close()
    office.file(ledger, 4)
    office.witness(ledger)
    refuse_older(ledger.log, office.places)
    ledger.close()
    shutil.copyfile(tmp_path / "backup.db", office.database)
    for gone in (None, office.places.heads, journal(office)):
        for beside in office.database.parent.glob("*.sqlite-*"):
            beside.unlink()
        ledger = office.ledger()
        saved = gone.read_bytes() if gone else b""
        if gone:
            gone.unlink()
        with pytest.raises(LedgerLost) as caught:
            refuse_older(ledger.log, office.places)
        assert caught.value.exit_code == 57
        ledger.close()
        assert "ledger.older" in office.check()
        if gone:
            gone.write_bytes(saved)


def test_a_restored_ledger_that_went_on_is_told_from_the_archive_it_left(office: SmallOffice, tmp_path: Path) -> None:
    other = office.copied(tmp_path / "other")
    for place, number in ((office, 4), (other, 5)):
        ledger = place.ledger()
        place.file(ledger, number)
        place.witness(ledger)
        ledger.close()
    shutil.copyfile(other.database, office.database)
    ledger = office.ledger()
    with pytest.raises(LedgerLost, match="ghi khác"):
        refuse_older(ledger.log, office.places)
    with pytest.raises(LedgerLost):
        ledger.remark("x", {})
        office.witness(ledger)
    ledger.close()
    assert "ledger.split" in office.check()


def test_what_a_crash_kept_from_the_journal_is_made_good_by_the_next_run(office: SmallOffice) -> None:
    whole = journal(office).read_bytes()
    ledger = office.ledger()
    office.file(ledger, 4)
    # the crash left half a line
    with journal(office).open("ab") as file:
        file.write(b"0123456789")
    office.witness(ledger)
    ledger.close()
    assert journal(office).read_bytes().startswith(whole)
    assert verify(office) == set()
    assert office.check() == set()


def test_heads_are_put_out_once_for_each_state_and_never_without_their_folder(office: SmallOffice) -> None:
    before = office.places.heads.read_bytes()
    ledger = office.ledger()
    office.witness(ledger)
    assert office.places.heads.read_bytes() == before
    ledger.remark("x", {})
    away = office.places.anchors.rename(office.folder / "away")
    office.witness(ledger)
    assert not office.places.anchors.exists()
    assert ledger.log.head().note in before.decode()
    # another folder in its place is not the folder it was
    office.places.anchors.mkdir()
    office.witness(ledger)
    assert not office.places.heads.exists()
    assert "anchors.missing" in office.check()
    shutil.rmtree(office.places.anchors)
    away.rename(office.places.anchors)
    office.witness(ledger)
    ledger.close()
    assert office.places.heads.read_bytes().startswith(before)
    assert office.places.heads.stat().st_size > len(before)
    assert verify(office) == set()


@pytest.mark.slow
def test_a_journal_of_several_files_is_one_journal(office: SmallOffice, tmp_path: Path) -> None:
    ledger = office.ledger()
    with ledger.engine.begin() as connection:
        for _ in range(LINES):
            record_event(connection, job_id=None, at=NOON, who="test", action="x")
    office.witness(ledger)
    office.file(ledger, 4)
    office.witness(ledger)
    assert sorted(path.name for path in office.places.journal.glob("0*")) == [file_name(0), file_name(LINES)]
    assert verify(office) == set()
    assert office.check() == set()
    first = heads_at([office.places.anchors])[0]
    assert ledger.log.root(first.size) == first.root
    ledger.close()
    (office.places.journal / file_name(0)).rename(tmp_path / "x")
    assert "journal.missing" in verify(office)


@pytest.mark.parametrize(
    "change", [lambda root: b"A" + root[1:], lambda root: root[1:], lambda root: root + b"AA", lambda _: b""]
)
def test_an_edited_head_in_the_anchors_is_named_and_stops_nothing(
    office: SmallOffice, change: Callable[[bytes], bytes]
) -> None:
    lines = office.places.heads.read_bytes().split(b"\n")
    lines[2] = change(lines[2])
    office.places.heads.write_bytes(b"\n".join(lines))
    assert verify(office) == {"head.signature"}
    assert "head.signature: " in alone(office)[1]
    ledger = office.ledger()
    refuse_older(ledger.log, office.places)
    ledger.close()


def test_a_line_somebody_else_wrote_into_the_anchors_stops_nothing_and_is_named(office: SmallOffice) -> None:
    note = office.places.heads.read_text()
    forged = note[note.rindex("\n\n", 0, note.rindex("—") - 2) :].replace("\n\n", "\n", 1)
    size = forged.split("\n")[2]
    with office.places.heads.open("a") as file:
        file.write(forged.replace(f"\n{size}\n", "\n999999\n"))
    ledger = office.ledger()
    refuse_older(ledger.log, office.places)
    witness(ledger.log, office.places, office.folder / "var")
    ledger.close()
    assert "head.signature" in verify(office)


def test_two_heads_of_one_size_that_do_not_agree_prove_two_books(office: SmallOffice, tmp_path: Path) -> None:
    other = office.copied(tmp_path / "other")
    for place, number in ((office, 4), (other, 5)):
        ledger = place.ledger()
        place.file(ledger, number)
        place.witness(ledger)
        ledger.close()
    found = verified(office.places.archive, heads_at([office.places.heads, other.places.heads]))
    assert {one.code for one in found if one.severity is Severity.BLOCK} == {"head.split", "journal.changed"}


def test_anchors_that_cannot_be_written_now_stop_nothing_and_get_the_next_head(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = office.places.heads.read_bytes()
    ledger = office.ledger()
    office.file(ledger, 4)

    def full(*_: object, **__: object) -> None:
        raise NoSpaceError("full")

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.archive.heads.append_durably", full)
        office.witness(ledger)
    assert office.places.heads.read_bytes() == before
    assert ledger.log.head().note in before.decode()
    office.file(ledger, 5)
    office.witness(ledger)
    ledger.close()
    assert heads_at([office.places.anchors])[-1].size > heads_at([office.places.anchors])[-2].size
    assert (verify(office), office.check()) == (set(), set())


def test_the_program_in_the_archive_says_how_it_is_asked(office: SmallOffice) -> None:
    status, said = alone(office, "--help")
    assert status == 0
    assert "KHO_LUU_TRU là thư mục chứa nhat-ky" in said
    assert "sai lệch." in said
    assert "English" not in said
