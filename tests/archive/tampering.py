# ruff: noqa: S608 - statements are put together from names that stand here
"""What the owner of database, spool and archive can do to a small office; the heads elsewhere are out of his reach.

Each tampering gives the places it touched: what `verify` must find (archive) and what `check` must find (ledger).
"""

import contextlib
import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from pipeline.archive.journal import complete
from pipeline.ledger.chain import GENESIS, link, linked
from pipeline.ledger.log import append_leaf, state_of
from pipeline.proof.signing import Signer
from pipeline.proof.standalone import file_name, leaf_hash
from pipeline.store.engine import open_engine
from tests.archive.small_office import SmallOffice, sha256

ARCHIVE, LEDGER = "archive", "ledger"
Tampering: TypeAlias = Callable[[SmallOffice, random.Random], set[str]]
_EVENT = ("id", "job_id", "at", "who", "action", "from_state", "to_state", "why", "detail")
_ENTRY = ("entry", "no", "act", "job_id", "at", "who", "why", "facts")


def papers(office: SmallOffice) -> list[Path]:
    found = [path for path in sorted(office.places.archive.rglob("*")) if path.suffix in {".pdf", ".json"}]
    return [path for path in found if path.parent != office.places.journal]


def flipped(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def over(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


# files of the archive


def edit_file(office: SmallOffice, chance: random.Random) -> set[str]:
    path = chance.choice(papers(office))
    over(path, flipped(path.read_bytes(), chance))
    return {ARCHIVE}


def delete_file(office: SmallOffice, chance: random.Random) -> set[str]:
    chance.choice(papers(office)).unlink()
    return {ARCHIVE}


def insert_file(office: SmallOffice, chance: random.Random) -> set[str]:
    beside = chance.choice(papers(office))
    (beside.parent / f"them-{chance.randrange(1000)}{beside.suffix}").write_bytes(beside.read_bytes())
    return {ARCHIVE}


def swap_files(office: SmallOffice, chance: random.Random) -> set[str]:
    one, other = chance.sample([path for path in papers(office) if path.suffix == ".pdf"], 2)
    first, second = one.read_bytes(), other.read_bytes()
    over(one, second)
    over(other, first)
    return {ARCHIVE}


# the journal alone


def _journal(office: SmallOffice, chance: random.Random, change: Callable[[list[bytes]], list[bytes]]) -> set[str]:
    path = office.places.journal / file_name(0)
    lines = path.read_bytes().splitlines(keepends=True)
    changed = change(list(lines))
    if changed == lines:
        changed = lines[:-1]
    over(path, b"".join(changed))
    return {ARCHIVE}


def edit_line(office: SmallOffice, chance: random.Random) -> set[str]:
    def change(lines: list[bytes]) -> list[bytes]:
        at = chance.randrange(len(lines))
        lines[at] = flipped(lines[at], chance)
        return lines

    return _journal(office, chance, change)


def delete_lines(office: SmallOffice, chance: random.Random) -> set[str]:
    def change(lines: list[bytes]) -> list[bytes]:
        at = chance.randrange(len(lines))
        return lines[:at] + lines[at + chance.randint(1, 9) :]

    return _journal(office, chance, change)


def insert_line(office: SmallOffice, chance: random.Random) -> set[str]:
    def change(lines: list[bytes]) -> list[bytes]:
        # before the end: what follows the last head is bound by the next one
        lines.insert(
            chance.randrange(len(lines)), chance.choice([lines[0], chance.randbytes(32).hex().encode() + b"\n"])
        )
        return lines

    return _journal(office, chance, change)


def reorder_lines(office: SmallOffice, chance: random.Random) -> set[str]:
    def change(lines: list[bytes]) -> list[bytes]:
        one, other = chance.sample(range(len(lines)), 2)
        lines[one], lines[other] = lines[other], lines[one]
        return lines

    return _journal(office, chance, change)


# the ledger alone


def opened(office: SmallOffice) -> sqlite3.Connection:
    connection = sqlite3.connect(office.database)
    connection.row_factory = sqlite3.Row
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type='trigger' AND name LIKE '%\\_no\\_%' ESCAPE '\\'"
    ).fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    return connection


_CELLS = [
    *(("events", column) for column in ("at", "who", "action", "to_state", "why", "detail", "hash", "previous_hash")),
    *(
        ("register", column)
        for column in ("at", "who", "act", "why", "facts", "hash", "previous_hash", "no", "entry")
    ),
    *(("series", column) for column in ("last_no", "entries", "head")),
    *(("chains", column) for column in ("length", "head")),
    *(("log", "leaf"), ("log_head", "size"), ("log_head", "frontier")),
    *(("jobs", "state"), ("jobs", "number")),
]


def edit_cell(office: SmallOffice, chance: random.Random) -> set[str]:
    # what the database's own rules refuse is tried elsewhere
    while True:
        with contextlib.suppress(sqlite3.IntegrityError):
            _edit_cell(office, chance)
            return {LEDGER}


def _edit_cell(office: SmallOffice, chance: random.Random) -> None:
    table, column = chance.choice(_CELLS)
    with opened(office) as ledger:
        rows = ledger.execute(f"SELECT rowid AS at, {column} AS value FROM {table}").fetchall()
        row = chance.choice(rows)
        value: object = row["value"]
        if isinstance(value, int):
            value += 1
        elif column == "at":
            value = str(value).replace("2022", "2021")
        elif column in {"detail", "facts"} and chance.random() < 0.3:
            value = str(value)[:-1]
        elif column in {"detail", "facts"}:
            value = json.dumps(json.loads(str(value)) | {"title": "khác"}, ensure_ascii=False)
        elif column == "frontier":
            value = str(value)[:-1] + ("0" if str(value)[-1] != "0" else "1")
        elif column in {"state", "to_state"}:
            value = "returned" if value != "returned" else "held"
        else:
            value = f"{value}x"[-64:] if not str(value).endswith("x") else "y"
        ledger.execute(f"UPDATE {table} SET {column}=? WHERE rowid=?", (value, row["at"]))
    ledger.close()


def delete_row(office: SmallOffice, chance: random.Random) -> set[str]:
    table = chance.choice(["events", "register", "log", "series"])
    with opened(office) as ledger:
        rows = [row[0] for row in ledger.execute(f"SELECT rowid FROM {table}")]
        ledger.execute(f"DELETE FROM {table} WHERE rowid=?", (chance.choice(rows),))
    ledger.close()
    return {LEDGER}


def roll_ledger_back(office: SmallOffice, chance: random.Random) -> set[str]:
    """A backup of some earlier day is put back; the archive stays."""
    backup = chance.choice(sorted(office.folder.glob("backup-*")))
    _restore(office, backup)
    return {LEDGER}


def replace_file_and_hash(office: SmallOffice, chance: random.Random) -> set[str]:
    """Case 11: other bytes under the paper's name, with their hash in the row and the bytes in the spool."""
    path = chance.choice([path for path in papers(office) if path.suffix == ".pdf"])
    new = path.read_bytes() + b"%"
    over(path, new)
    office.spool.put(new)
    with opened(office) as ledger:
        name = path.relative_to(office.places.archive).as_posix()
        ledger.execute("UPDATE artifacts SET sha256=? WHERE name=?", (sha256(new), name))
    ledger.close()
    return {ARCHIVE, LEDGER}


def _restore(office: SmallOffice, backup: Path) -> None:
    for beside in office.database.parent.glob("vanthu.sqlite*"):
        beside.unlink()
    shutil.copyfile(backup / "vanthu.sqlite", office.database)


# everything made anew, as one who knows the program would


def roll_everything_back(office: SmallOffice, chance: random.Random) -> set[str]:
    """Ledger and archive of an earlier day are put back together."""
    backup = chance.choice(sorted(office.folder.glob("backup-*")))
    _restore(office, backup)
    shutil.rmtree(office.places.archive)
    shutil.copytree(backup / "archive", office.places.archive)
    return {ARCHIVE, LEDGER}


def forge(office: SmallOffice, chance: random.Random) -> set[str]:
    """The history is told otherwise; every hash, the log, the journal, the key's signature follow."""
    engine = open_engine(f"sqlite:///{office.database}")
    with opened(office) as ledger:
        told = _told(ledger)
        _otherwise(office, told, chance)
        for table in ("log", "log_nodes", "events", "register"):
            ledger.execute(f"DELETE FROM {table}")
        ledger.execute("UPDATE log_head SET size=0, frontier=''")
        leaves = _written(ledger, told)
    ledger.close()
    with engine.begin() as connection:
        for data, column, row_id in leaves:
            append_leaf(connection, state_of(connection), leaf_hash(data), **{column: row_id})
    engine.dispose()
    for path in office.places.journal.glob("0*.txt"):
        path.unlink()
    opened_ledger = office.ledger()
    complete(opened_ledger.log, office.places)
    head = opened_ledger.log.head()
    opened_ledger.log.keep_note(Signer(office.folder / "var").sign(head.size, head.root))
    opened_ledger.close()
    return {ARCHIVE, LEDGER}


def _told(ledger: sqlite3.Connection) -> list[dict[str, Any]]:
    """All entries and events in the order of the log."""
    told = []
    for row in ledger.execute("SELECT * FROM log ORDER BY position").fetchall():
        if row["event_id"] is not None:
            found = ledger.execute("SELECT * FROM events WHERE id=?", (row["event_id"],)).fetchone()
            told.append(dict(found) | {"table": "events"})
        else:
            found = ledger.execute(
                "SELECT r.*, s.key AS series FROM register r JOIN series s ON s.id=r.series_id WHERE r.id=?",
                (row["entry_id"],),
            ).fetchone()
            told.append(dict(found) | {"table": "register"})
    return told


def _otherwise(office: SmallOffice, told: list[dict[str, Any]], chance: random.Random) -> None:
    """Tell one thing otherwise: another person, reason or title, another paper, things cut off, left out, put in."""
    way = chance.choice(["who", "why", "title", "paper", "cut", "leave out", "put in", "reorder"])
    at = chance.randrange(len(told))
    if way in {"who", "why"}:
        told[at][way] += "?"
    elif way == "title":
        row = chance.choice([one for one in told if one["table"] == "register" and one["act"] == "number"])
        row["facts"] = row["facts"].replace("Kế hoạch", "Kế hoặch")
    elif way == "paper":
        path = chance.choice([path for path in papers(office) if path.suffix == ".pdf"])
        old, new = sha256(path.read_bytes()), path.read_bytes() + b"%"
        over(path, new)
        office.spool.put(new)
        for row in told:
            for column in ("facts", "detail"):
                if column in row:
                    row[column] = row[column].replace(old, sha256(new))
    elif way == "cut":
        del told[max(1, len(told) - chance.randint(1, 12)) :]
    elif way == "leave out":
        del told[chance.choice([at for at, row in enumerate(told) if row["table"] == "events"])]
    elif way == "put in":
        told.insert(at, dict(chance.choice([row for row in told if row["table"] == "events"])))
    else:
        one, other = chance.sample([at for at, row in enumerate(told) if row["table"] == "events"], 2)
        told[one], told[other] = told[other], told[one]


def _written(ledger: sqlite3.Connection, told: list[dict[str, Any]]) -> list[tuple[bytes, str, int]]:
    """Write the rows with new numbers and hashes; gives the leaves with the rows they are of."""
    leaves, ends = [], dict[str, tuple[int, str, int]]()
    for row in told:
        chain = "events" if row["table"] == "events" else row["series"]
        count, previous, last = ends.get(chain, (0, GENESIS, 0))
        count += 1
        if row["table"] == "events":
            said = {name: row[name] for name in _EVENT} | {"id": count}
            columns, number = said, count
        else:
            said = {name: row[name] for name in _ENTRY} | {"entry": count, "series": row["series"]}
            columns = {name: said[name] for name in _ENTRY} | {"series_id": row["series_id"], "id": row["id"]}
            number, last = row["id"], max(last, row["no"])
        hash_ = link(previous, said)
        values = columns | {"previous_hash": previous, "hash": hash_}
        ledger.execute(
            f"INSERT INTO {row['table']} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
            list(values.values()),
        )
        leaves.append((linked(previous, said), "event_id" if row["table"] == "events" else "entry_id", number))
        ends[chain] = count, hash_, last
    for series in ledger.execute("SELECT key FROM series").fetchall():
        count, hash_, last = ends.get(series["key"], (0, GENESIS, 0))
        ledger.execute(
            "UPDATE series SET entries=?, head=?, last_no=? WHERE key=?", (count, hash_, last, series["key"])
        )
    ledger.execute("UPDATE chains SET length=?, head=?", ends["events"][:2])
    return leaves


def replace_keys(office: SmallOffice, chance: random.Random) -> set[str]:
    """A forged history under a key of one's own, which takes the office's place in archive and ledger."""
    key = office.folder / "var" / "khoa-moc.key"
    over(key, chance.randbytes(32).hex().encode())
    forge(office, chance)
    keys = office.places.journal / "khoa-cong-khai.txt"
    over(keys, f"{Signer(office.folder / 'var').verifier_key}\n".encode())
    return {ARCHIVE, LEDGER}


ALL: tuple[Tampering, ...] = (
    *(edit_file, delete_file, insert_file, swap_files),
    *(edit_line, delete_lines, insert_line, reorder_lines),
    *(edit_cell, delete_row, roll_ledger_back, replace_file_and_hash),
    *(roll_everything_back, forge, replace_keys),
)
