"""The checker of ledgers accepts what the program leaves and refuses what cannot have happened."""

import sqlite3
from random import Random

import pytest

from tests.simulation.history import simulator
from tests.simulation.ledgers import faults_of
from tests.simulation.plan import made

#: What is changed: columns by their table; rows of each are also taken out.
CHANGED = {
    "jobs": ("state", "sequence", "number", "lease_owner", "submission_sha256", "bundle_sha256"),
    "events": ("id", "job_id", "at", "who", "action", "from_state", "to_state", "why", "detail", "hash"),
    "register": ("series_id", "entry", "no", "act", "job_id", "at", "who", "facts", "previous_hash", "hash"),
    "series": ("key", "last_no", "entries", "head"),
    "chains": ("length", "head"),
    "log": ("position", "event_id", "entry_id"),
    "drops": ("sha256", "is_repeat"),
    "publications": ("sha256",),
}
#: Seeds whose ledgers are changed: in each a document was numbered and filed.
SEEDS = range(600, 612)


def changed(ledger: sqlite3.Connection, dice: Random) -> str:
    """Change one thing in a ledger; gives what, "" where there was nothing to change."""
    table = dice.choice(tuple(CHANGED))
    rows = [row for (row,) in ledger.execute(f"SELECT rowid FROM {table}")]  # noqa: S608
    if not rows:
        return ""
    row = dice.choice(rows)
    if dice.random() < 0.2:
        ledger.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))  # noqa: S608
        return f"{table} {row} is taken out"
    column = dice.choice(CHANGED[table])
    (value,) = ledger.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (row,)).fetchone()  # noqa: S608
    new = value + 1 if isinstance(value, int) else f"{value}x" if value else "x"
    if column == "state":
        new = dice.choice([one for one in ("received", "delivered", "archived", "held") if one != value])
    if column == "is_repeat":
        new = 1 - value
    if table == "publications" and not value:
        return ""
    ledger.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (new, row))  # noqa: S608
    return f"{table}.{column} of {row}: {value!r} -> {new!r}"


def unlocked(ledger: sqlite3.Connection) -> sqlite3.Connection:
    """Somebody who writes into the file is stopped by no trigger and no key."""
    ledger.isolation_level = None
    ledger.execute("PRAGMA foreign_keys=OFF")
    for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        ledger.execute(f'DROP TRIGGER "{name}"')
    return ledger


@pytest.mark.slow
def test_nearly_every_changed_ledger_is_refused() -> None:
    dice = Random(5)
    refused, accepted = 0, []
    with simulator() as simulated:
        for seed in SEEDS:
            assert simulated.live(made(seed)).violations == ()
            for _ in range(60):
                ledger = unlocked(simulated.ledger())
                try:
                    said = changed(ledger, dice)
                except sqlite3.IntegrityError:  # the database refuses it by itself
                    continue
                if not said:
                    continue
                if next(iter(_found(ledger)), ""):
                    refused += 1
                else:
                    accepted.append(said)
    assert refused > 300
    assert refused / (refused + len(accepted)) >= 0.95, accepted


def _found(ledger: sqlite3.Connection) -> list[str]:
    try:
        return list(faults_of(ledger))
    except (ValueError, KeyError, TypeError) as trouble:  # a value that the program never writes
        return [repr(trouble)]
