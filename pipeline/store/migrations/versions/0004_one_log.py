"""One log over register and events: its leaves, the nodes that are kept, its head."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ENTRIES = "register"


def upgrade() -> None:
    """Make the log and append what was recorded before, each history in its own order, the two by time."""
    op.create_table(
        "log",
        sa.Column("position", sa.Integer(), autoincrement=False),
        sa.Column("leaf", sa.String(64), nullable=False),
        sa.Column("event_id", sa.Integer(), sa.ForeignKey("events.id", name="fk_log_event_id"), nullable=True),
        sa.Column("entry_id", sa.Integer(), sa.ForeignKey(f"{_ENTRIES}.id", name="fk_log_entry_id"), nullable=True),
        sa.Column("line", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("position", name="pk_log"),
        sa.UniqueConstraint("event_id", name="uq_log_event_id"),
        sa.UniqueConstraint("entry_id", name="uq_log_entry_id"),
    )
    op.create_table(
        "log_nodes",
        sa.Column("level", sa.Integer(), autoincrement=False),
        sa.Column("number", sa.Integer(), autoincrement=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name="pk_log_nodes"),
    )
    op.create_table(
        "log_head",
        sa.Column("name", sa.String(32)),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("frontier", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("name", name="pk_log_head"),
    )
    _append_what_is_there(op.get_bind())
    if op.get_bind().dialect.name == "sqlite":
        for table in ("log", "log_nodes"):
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
    else:
        for table in ("log", "log_nodes"):
            op.execute(
                f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                f"'BEGIN RAISE EXCEPTION ''{table} is append-only''; END'"
            )
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
            )


def _append_what_is_there(connection: sa.Connection) -> None:
    # written out as it was when this migration was: what the program does later may be done another way
    peaks: list[bytes] = []
    size = 0
    for column, row_id, data in _in_order(connection):
        made, rest, level = hashlib.sha256(b"\0" + data).digest(), size, 0
        connection.execute(
            sa.text(f"INSERT INTO log (position, leaf, {column}) VALUES (:position, :leaf, :id)"),  # noqa: S608 - two names of ours
            {"position": size, "leaf": made.hex(), "id": row_id},
        )
        while rest & 1:
            made, rest, level = hashlib.sha256(b"\1" + peaks.pop() + made).digest(), rest >> 1, level + 1
            if level % 8 == 0:
                connection.execute(
                    sa.text("INSERT INTO log_nodes (level, number, hash) VALUES (:level, :number, :hash)"),
                    {"level": level // 8, "number": size >> level, "hash": made.hex()},
                )
        peaks.append(made)
        size += 1
    connection.execute(
        sa.text("INSERT INTO log_head (name, size, frontier) VALUES ('log', :size, :frontier)"),
        {"size": size, "frontier": " ".join(peak.hex() for peak in peaks)},
    )


def _in_order(connection: sa.Connection) -> Iterator[tuple[str, int, bytes]]:
    events = connection.execute(sa.text("SELECT * FROM events ORDER BY id")).mappings()
    entries = iter(
        connection.execute(
            sa.text("SELECT r.*, s.key AS series FROM register r JOIN series s ON s.id = r.series_id ORDER BY r.id")
        )
        .mappings()
        .all()
    )
    entry = next(entries, None)
    for event in events:
        # an entry is older than the event that tells of it: both were written by one transaction
        while entry is not None and entry["at"] <= event["at"]:
            yield "entry_id", entry["id"], _entry(dict(entry))
            entry = next(entries, None)
        yield "event_id", event["id"], _event(dict(event))
    while entry is not None:
        yield "entry_id", entry["id"], _entry(dict(entry))
        entry = next(entries, None)


def _event(row: Mapping[str, Any]) -> bytes:
    names = ("id", "job_id", "at", "who", "action", "from_state", "to_state", "why", "detail")
    return _leaf(row, names)


def _entry(row: Mapping[str, Any]) -> bytes:
    return _leaf(row, ("series", "entry", "no", "act", "job_id", "at", "who", "why", "facts"))


def _leaf(row: Mapping[str, Any], names: tuple[str, ...]) -> bytes:
    said = {name: row[name] for name in names}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{row['previous_hash']}\n{text}".encode()
