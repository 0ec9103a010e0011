"""Ledgers as they are after many years: a working folder that was really worked in, and a long history before it.

The history is put in by bulk inserts: documents with their registrations, scans, corrections and returned forms of
past years, and papers not made here of the current one, with events, artifacts, drops, publications, numbers, hash
chains and the Merkle log as the program would have written them. All say the same as one form that was really
worked off; the other bytes of the history do not lie in the spool, for nothing that is measured reads them.
"""

import datetime as dt
import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, func, insert, select, text, update

from pipeline.ledger.chain import GENESIS, canonical, linked
from pipeline.ledger.columns import Columns
from pipeline.ledger.log import state_of
from pipeline.ledger.rows import stamp
from pipeline.model import Direction, Role
from pipeline.proof.paths import HEIGHT
from pipeline.proof.standalone import Frontier, leaf_hash
from pipeline.store import schema
from pipeline.store.engine import upsert
from pipeline.store.metadata import metadata

UNITS: Final = ("EVNHCMC", "CATP", "BTLTP", "BDBPTP", "SAWACO", "SATRA", "DHQG", "KDCD", "KNH", "KCXCN")
#: The years of the history; the folder that was really worked in stands in the year after.
YEARS: Final = tuple(range(2002, 2022))
_WHO: Final = "van-thu@may-chu"
_AT_ONCE: Final = 2000
#: Of so many jobs one was dropped before it was finished, of which people were told, and which is over since.
_INCIDENT_EVERY: Final = 100

_ROAD: Final = ("read", "accepted", "filled", "rendered", "delivered", "signed", "registered", "archived")
_ROLES: Final = (
    *(Role.SUBMISSION, Role.READING, Role.FINDINGS, Role.VALUES, Role.DESCRIPTION, Role.DRAFT, Role.RENDITION),
    *(Role.SIGNED, Role.FILED, Role.SIDECAR),
)
#: What is looked at of a document long after.
_SAID: Final = (Role.READING, Role.FINDINGS, Role.DESCRIPTION)


@dataclass(frozen=True)
class _Sort:
    """One sort of job in the mix."""

    states: tuple[str, ...]
    kind: str
    roles: tuple[Role, ...]
    published: int = 0
    has_number: bool = False
    is_of_this_year: bool = False


#: Of ten jobs: four documents that were filed, and the papers that came back for them; one returned, one replaced.
_MIX: Final = (
    *(_Sort(_ROAD, "dang-ky", _ROLES, 4, has_number=True), _Sort(("matched",), "", _ROLES[:1])) * 3,
    _Sort(("read", "returned"), "dang-ky", _ROLES[:3], 2),
    _Sort((*_ROAD[:5], "superseded"), "dang-ky", _ROLES[:7], 4),
    # a paper of somebody else, of the current year: that one grows, too
    _Sort(("read", "accepted", "signed", "registered", "archived"), "van-ban-den", _ROLES[-3:], 0, True, True),
    _Sort(("matched",), "", _ROLES[:1]),
)


@dataclass
class _Chain:
    """The head of a hash chain, as it grows."""

    head: str = GENESIS
    length: int = 0

    def linked(self, said: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        data = linked(self.head, said)
        previous, self.head = self.head, hashlib.sha256(data).hexdigest()
        self.length += 1
        return data, {"previous_hash": previous, "hash": self.head}


@dataclass
class _Filling:
    """What is to be inserted, and where every counter stands."""

    events: _Chain
    job: int
    entry: int
    series: dict[str, tuple[int, _Chain, list[int]]] = field(default_factory=dict)  # id, chain, [last number]
    #: of the work that was really done: what the history's papers said is the same
    said: dict[Role, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    leaves: list[tuple[bytes, str, int]] = field(default_factory=list)

    def add(self, table: Table, **row: object) -> None:
        self.rows.setdefault(table.name, []).append(row)


def fill(engine: Engine, jobs: int) -> None:
    """Put a history of so many jobs into a ledger."""
    with engine.begin() as connection:
        head = connection.execute(select(schema.chains)).first()
        filling = _Filling(
            _Chain(head.head, head.length) if head else _Chain(),
            connection.execute(select(func.coalesce(func.max(schema.jobs.c.id), 0))).scalar_one(),
            connection.execute(select(func.coalesce(func.max(schema.register.c.id), 0))).scalar_one(),
        )
        for role in _SAID:
            found = select(schema.artifacts.c.sha256).where(schema.artifacts.c.role == role.value).limit(1)
            filling.said[role] = connection.execute(found).scalar_one()
        # the checks are ours to keep; nobody reads the ledger meanwhile
        connection.execute(text("PRAGMA foreign_keys=OFF"))
    mix = itertools.cycle(_MIX)
    for first in range(0, jobs, _AT_ONCE):
        for number in range(first, min(first + _AT_ONCE, jobs)):
            _job(filling, next(mix), number, jobs)
            if number % _INCIDENT_EVERY == 0:
                _incident(filling, number)
        with engine.begin() as connection:
            _insert(connection, filling)
    with engine.begin() as connection:
        # the words of the history are as good as made: the index by itself is measured elsewhere
        connection.execute(
            upsert(connection, schema.findable_until, {"name": "events", "event": 0}).on_conflict_do_nothing()
        )
        connection.execute(update(schema.findable_until).values(event=filling.events.length))


def _job(filling: _Filling, sort: _Sort, number: int, jobs: int) -> None:
    filling.job += 1
    year = 2022 if sort.is_of_this_year else YEARS[number * len(YEARS) // jobs]
    at = dt.datetime(min(year, 2021), 1, 2, tzinfo=dt.UTC) + dt.timedelta(seconds=number % 30_000_000)
    digests = [
        filling.said.get(role) or hashlib.sha256(f"{filling.job} {role}".encode()).hexdigest() for role in sort.roles
    ]
    unit, name = UNITS[number % len(UNITS)], f"Bản đăng ký {number}.docx"
    text_ = ""
    if sort.has_number:
        key = "DEN/2022" if sort.is_of_this_year else f"DK/{year}"
        text_ = _number(filling, key, at, year, incoming=sort.is_of_this_year)
    filling.add(
        schema.jobs,
        id=filling.job,
        state=sort.states[-1],
        sequence=len(sort.states),
        kind=sort.kind,
        unit="" if sort.is_of_this_year else unit,
        year=year if sort.kind else 0,
        variant=str(number),
        code=f"CT{filling.job:014d}" if sort.kind else "",
        name=name,
        folder=unit,
        submission_sha256=digests[0],
        bundle_sha256="",
        received_at=stamp(at),
        changed_at=stamp(at),
        document_on=f"{year}-05-27" if sort.kind else "",
        number=text_,
        reason="",
    )
    filling.add(
        schema.drops,
        job_id=filling.job,
        sha256=digests[0],
        size_bytes=20_000,
        name=name,
        name_key=name.casefold(),
        folder=unit,
        fingerprint=f"1:{filling.job}:0:0:{name}",
        received_at=stamp(at),
    )
    for role, digest in zip(sort.roles, digests, strict=True):
        filling.add(
            schema.artifacts, job_id=filling.job, role=role.value, sha256=digest, size_bytes=20_000, at=stamp(at)
        )
    for path in range(sort.published):
        filling.add(
            schema.publications,
            job_id=filling.job,
            path=f"{unit}/{filling.job}-{path % 2}.docx",
            sha256=digests[0] if path < 2 else "",
            done_at=stamp(at),
        )
    for state, following in itertools.pairwise(("", "received", *sort.states)):
        _event(filling, at, state, following)


def _incident(filling: _Filling, number: int) -> None:
    at = dt.datetime(2010, 1, 2, tzinfo=dt.UTC) + dt.timedelta(seconds=number)
    incident = filling.events.length + 1
    key = hashlib.sha256(f"incident {number}".encode()).hexdigest()[:32]
    unit = UNITS[number // _INCIDENT_EVERY % len(UNITS)]
    _recorded(filling, at, None, "intake.unfinished", detail={"unit": unit, "why": "stalled", "key": key})
    for action in ("intake.told", "intake.gone"):
        _recorded(filling, at, None, action, detail={"incident": incident})


def _event(filling: _Filling, at: dt.datetime, state: str, following: str) -> None:
    action = "intake.take" if following == "received" else f"job.{following}"
    detail = {"pages": 2} if following == "rendered" else {}
    _recorded(filling, at, filling.job, action, detail=detail, states=(state, following))


def _recorded(
    filling: _Filling,
    at: dt.datetime,
    job_id: int | None,
    action: str,
    *,
    detail: Mapping[str, object],
    states: tuple[str, str] = ("", ""),
) -> None:
    said = {
        "id": filling.events.length + 1,
        "job_id": job_id,
        "at": stamp(at),
        "who": _WHO,
        "action": action,
        "from_state": states[0],
        "to_state": states[1],
        "why": "",
        "detail": canonical(detail),
    }
    data, hashes = filling.events.linked(said)
    filling.add(schema.events, **said, **hashes)
    filling.leaves.append((data, "event_id", filling.events.length))


def _number(filling: _Filling, key: str, at: dt.datetime, year: int, *, incoming: bool) -> str:
    direction = Direction.INCOMING if incoming else Direction.OUTGOING
    if key not in filling.series:
        filling.series[key] = (1000 + len(filling.series), _Chain(), [0])
        filling.add(schema.series, id=filling.series[key][0], key=key, direction=direction.value)
    series, chain, last = filling.series[key]
    last[0] += 1
    written = f"{last[0]:02d}-{key.partition('/')[0]}"
    columns = Columns(
        title="Đăng ký thi đua và một hoạt động cấp cụm",
        document_on=dt.date(year, 5, 27),
        arrived_on=dt.date(year, 5, 28) if incoming else None,
        signer="Phan Nguyễn Khôi Nguyên",
        recipients="Các đơn vị thành viên",
        number=written,
        direction=direction,
        copies=2,
    )
    for act, facts in (("number", canonical(columns.as_json())), ("file", canonical({"path": f"{year}/{written}"}))):
        filling.entry += 1
        said = {
            "entry": chain.length + 1,
            "no": last[0],
            "act": act,
            "job_id": filling.job,
            "at": stamp(at),
            "who": _WHO,
            "why": "",
            "facts": facts,
        }
        data, hashes = chain.linked(said | {"series": key})
        filling.add(schema.register, id=filling.entry, series_id=series, **said, **hashes)
        filling.leaves.append((data, "entry_id", filling.entry))
    return written


def _insert(connection: Connection, filling: _Filling) -> None:
    for table in metadata.sorted_tables:
        if rows := filling.rows.get(table.name):
            connection.execute(insert(table), rows)
    _append(connection, filling.leaves)
    for key, (_, chain, last) in filling.series.items():
        connection.execute(
            update(schema.series)
            .where(schema.series.c.key == key)
            .values(last_no=last[0], entries=chain.length, head=chain.head)
        )
    connection.execute(
        update(schema.chains)
        .where(schema.chains.c.name == "events")
        .values(length=filling.events.length, head=filling.events.head)
    )
    filling.rows.clear()
    filling.leaves.clear()


def _append(connection: Connection, leaves: list[tuple[bytes, str, int]]) -> None:
    """Append to the Merkle log, as `pipeline.ledger.log` does one by one."""
    state = state_of(connection)
    frontier = Frontier(state.size, [bytes.fromhex(peak) for peak in state.frontier.split()])
    rows, nodes = [], []
    for position, (data, of, row_id) in enumerate(leaves, start=state.size):
        made = frontier.append(leaf_hash(data))
        rows.append({"position": position, "leaf": made[0].hex(), "event_id": None, "entry_id": None} | {of: row_id})
        nodes += [
            {"level": height // HEIGHT, "number": position >> height, "hash": made[height].hex()}
            for height in range(HEIGHT, len(made), HEIGHT)
        ]
    connection.execute(insert(schema.log), rows)
    if nodes:
        connection.execute(insert(schema.log_nodes), nodes)
    peaks = " ".join(peak.hex() for peak in frontier.peaks)
    connection.execute(update(schema.log_head).values(size=frontier.size, frontier=peaks))
