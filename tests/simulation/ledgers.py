"""A checker of ledgers: whether what one says of itself can have happened, by the rules of the architecture page.

It asks rows, not the program: transitions and their order, sequences, chains, numbers, leases, drops, publications.
"""

import hashlib
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pipeline.ledger.chain import GENESIS, linked
from pipeline.model import TRANSITIONS, State

_EVENT = ("id", "job_id", "at", "who", "action", "from_state", "to_state", "why", "detail")
_ENTRY = ("entry", "no", "act", "job_id", "at", "who", "why", "facts")
#: Set with a state, and by which nothing else may be said.
_FIRST = frozenset({State.RECEIVED, State.READ})


def faults_of(ledger: sqlite3.Connection) -> Iterator[str]:
    """Everything that cannot have happened; nothing for a ledger that the program left."""
    rows = _Rows(ledger)
    yield from _events(rows)
    yield from _moves(rows)
    yield from _register(rows)
    yield from _log(rows)
    yield from _jobs(rows)
    yield from _outside(rows)


class _Rows:
    def __init__(self, ledger: sqlite3.Connection) -> None:
        self._ledger = ledger

    def of(self, table: str, order: str = "id") -> list[dict[str, Any]]:
        cursor = self._ledger.execute(f"SELECT * FROM {table} ORDER BY {order}")  # noqa: S608
        names = [one[0] for one in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def _events(rows: _Rows) -> Iterator[str]:
    head = GENESIS
    events = rows.of("events")
    for position, row in enumerate(events, 1):
        if row["id"] != position:
            yield f"event {row['id']} stands at {position}"
        said = linked(head, {name: row[name] for name in _EVENT})
        if row["previous_hash"] != head or row["hash"] != hashlib.sha256(said).hexdigest():
            yield f"event {row['id']} is not chained"
        head = row["hash"]
    chains = rows.of("chains", "name")
    if events and [(one["length"], one["head"]) for one in chains] != [(len(events), head)]:
        yield "the chain's head is another"


def _moves(rows: _Rows) -> Iterator[str]:
    stands: dict[int, str] = {}
    moved: Counter[int] = Counter()
    for event in rows.of("events"):
        job, before, after = event["job_id"], event["from_state"], event["to_state"]
        if not after:
            continue
        if not before:
            if job in stands or State(after) not in _FIRST:
                yield f"job {job} begins as {after}"
        elif stands.get(job) != before:
            yield f"job {job} leaves {before}, and stood in {stands.get(job)}"
        elif State(after) not in TRANSITIONS[State(before)]:
            yield f"job {job} goes from {before} to {after}"
        else:
            moved[job] += 1
        stands[job] = after
    for row in rows.of("jobs"):
        if stands.pop(row["id"], None) != row["state"]:
            yield f"job {row['id']} is {row['state']}, and its history says otherwise"
        if row["sequence"] != moved[row["id"]]:
            yield f"job {row['id']} has moved {moved[row['id']]} times, and counts {row['sequence']}"
    yield from (f"job {job} has a history and no row" for job in stands)


def _register(rows: _Rows) -> Iterator[str]:
    series = {row["id"]: row for row in rows.of("series")}
    heads = dict.fromkeys(series, (0, GENESIS))
    last = dict.fromkeys(series, 0)
    for row in rows.of("register"):
        of = series.get(row["series_id"])
        if of is None:
            yield f"entry {row['id']} is of no series"
            continue
        count, head = heads[of["id"]]
        said = linked(head, {name: row[name] for name in _ENTRY} | {"series": of["key"]})
        if (row["entry"], row["previous_hash"], row["hash"]) != (count + 1, head, hashlib.sha256(said).hexdigest()):
            yield f"entry {row['id']} is not chained"
        heads[of["id"]] = (count + 1, row["hash"])
        if row["act"] == "number":
            if row["no"] != last[of["id"]] + 1:
                yield f"number {row['no']} comes after {last[of['id']]}"
            last[of["id"]] = row["no"]
        if row["act"] == "begin":
            last[of["id"]] = row["no"] - 1
    for one, row in series.items():
        if (row["entries"], row["head"], row["last_no"]) != (*heads[one], last[one]):
            yield f"series {row['key']} ends otherwise"


def _log(rows: _Rows) -> Iterator[str]:
    log = rows.of("log", "position")
    if [row["position"] for row in log] != list(range(len(log))):
        yield "leaves are missing"
    for table, column in (("events", "event_id"), ("register", "entry_id")):
        if sorted(row[column] for row in log if row[column]) != [row["id"] for row in rows.of(table)]:
            yield f"the log has not each row of {table} once"
    if [row["size"] for row in rows.of("log_head", "name")] not in ([len(log)], [] if not log else [len(log)]):
        yield "the log's head counts otherwise"


def _jobs(rows: _Rows) -> Iterator[str]:
    entries = rows.of("register")
    void = {(row["series_id"], row["no"]) for row in entries if row["act"] == "void"}
    numbers: dict[int, list[str]] = {}
    for row in entries:
        if row["act"] == "number" and (row["series_id"], row["no"]) not in void:
            numbers.setdefault(row["job_id"], []).append(json.loads(row["facts"])["number"])
    drops = rows.of("drops")
    artifacts = rows.of("artifacts")
    for row in rows.of("jobs"):
        if ([row["number"]] if row["number"] else []) != numbers.get(row["id"], []):
            yield f"job {row['id']} has number {row['number']!r}, the register {numbers.get(row['id'])}"
        if bool(row["lease_owner"]) != bool(row["lease_until"]):
            yield f"job {row['id']} is leased by nobody, or for no time"
        if bool(row["kind"]) and row["kind"] and not row["code"]:
            yield f"job {row['id']} has no code"
        known = {one["sha256"] for one in artifacts if one["job_id"] == row["id"]}
        if row["bundle_sha256"] and row["bundle_sha256"] not in known:
            yield f"job {row['id']} is of a kind that nobody kept"
    submitted = {(row["submission_sha256"]) for row in rows.of("jobs")}
    yield from (f"drop {row['id']} is of no job" for row in drops if row["sha256"] not in submitted)
    taken = Counter(row["detail"] for row in rows.of("events") if row["action"] == "intake.take")
    first = [row for row in drops if not row["is_repeat"]]
    told = Counter(json.loads(detail)["sha256"] for detail in taken.elements())
    if told != Counter(row["sha256"] for row in first):
        yield "drops and takings are not the same"
    again = Counter(row["job_id"] for row in rows.of("events") if row["action"] == "intake.repeat")
    if again != Counter(row["job_id"] for row in drops if row["is_repeat"]):
        yield "drops that came again and what is told of them are not the same"


def _outside(rows: _Rows) -> Iterator[str]:
    known = {row["sha256"] for row in rows.of("artifacts")}
    published = rows.of("publications")
    # they are numbered as they are recorded, and none is ever taken back
    if [row["id"] for row in published] != list(range(1, len(published) + 1)):
        yield "publications are missing"
    for row in published:
        if row["sha256"] and re.fullmatch("[0-9a-f]{64}", row["sha256"]) is None:
            yield f"{row['path']} is published as {row['sha256']}"
        # answers to what came twice are no artifacts
        if row["sha256"] and row["sha256"] not in known and "da-nhan-truoc" not in row["path"]:
            yield f"{row['path']} is published, and nobody kept it"
