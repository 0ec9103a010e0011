"""Rows of the database as values."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from pipeline.ledger.chain import canonical
from pipeline.ledger.columns import Columns
from pipeline.ledger.outcome import Detail
from pipeline.model import Artifact, Direction, Job, Role, State


@dataclass(frozen=True)
class Event:
    """One thing that happened; `job_id` 0 for what concerns no single job."""

    id: int
    job_id: int
    at: dt.datetime
    who: str
    action: str
    from_state: str
    to_state: str
    why: str
    detail: Detail
    previous_hash: str
    hash: str

    @property
    def covered(self) -> dict[str, object]:
        """What its hash covers, as `acts.record_event` wrote it."""
        return {
            "id": self.id,
            # as the row has it: 0 is only our value for “no job”
            "job_id": self.job_id or None,
            "at": stamp(self.at),
            "who": self.who,
            "action": self.action,
            "from_state": self.from_state,
            "to_state": self.to_state,
            "why": self.why,
            # hashed as the text that was stored: JSON read and written again must give the same bytes
            "detail": canonical(self.detail),
        }


def act_name(verb: str, suffix: str = "", times: int = 1) -> str:
    """Name an act upon a number as it is recorded: "note", upon 57a "note:a", the second time "note:a.2"."""
    named = f"{verb}:{suffix}" if suffix else verb
    return f"{named}.{times}" if times > 1 else named


def parts_of(act: str) -> tuple[str, str]:
    """Give what was done, and the letters behind the figure of the number it was done with."""
    verb, _, suffix = act.partition(".")[0].partition(":")
    return verb, suffix


@dataclass(frozen=True)
class Entry:
    """One act upon a number in its register series (`numbers.Act`); `job_id` 0 for one that concerns no job."""

    series: str
    direction: Direction
    entry: int
    no: int
    act: str
    job_id: int
    at: dt.datetime
    who: str
    why: str
    columns: Columns
    recorded: str  #: canonical JSON: the columns, or what was filed, byte for byte as the hash covers them
    previous_hash: str
    hash: str

    @property
    def verb(self) -> str:
        """What was done: "number", "file", "note", however often and with which letters behind the figure."""
        return parts_of(self.act)[0]

    @property
    def suffix(self) -> str:
        """The letters behind the figure of its number: "a" of 57a, which only old books have."""
        return parts_of(self.act)[1]

    @property
    def covered(self) -> dict[str, object]:
        """What its hash covers, as `numbers.append_act` wrote it."""
        return {
            "series": self.series,
            "entry": self.entry,
            "no": self.no,
            "act": self.act,
            # as the row has it: 0 is only our value for “no job”
            "job_id": self.job_id or None,
            "at": stamp(self.at),
            "who": self.who,
            "why": self.why,
            "facts": self.recorded,
        }

    def as_json(self) -> dict[str, object]:
        """Give the entry with its hashes, so that its chain can be checked without the ledger."""
        return self.covered | {
            "facts": json.loads(self.recorded),
            "previous_hash": self.previous_hash,
            "hash": self.hash,
        }


@dataclass(frozen=True)
class SeriesHead:
    """A series of numbers and the head of its chain."""

    key: str
    last_no: int
    entries: int
    head: str


@dataclass(frozen=True)
class RunOfNumbers:
    """How far the numbers of a series go: how many were given, from which to which; how often it was begun by an act,
    and with which number at first."""

    series: str
    direction: Direction
    count: int = 0
    lowest: int = 0
    highest: int = 0
    beginnings: int = 0
    first: int = 1

    @property
    def is_without_gap(self) -> bool:
        """Whether there is surely none: begun more than once, its entries have to be read."""
        if not self.count:
            return True
        is_whole = self.count == self.highest - self.lowest + 1
        return is_whole and self.beginnings <= 1 and self.lowest in {1, self.first}


@dataclass(frozen=True)
class Seen:
    """One drop of a file, for `vanthu why`."""

    job_id: int
    name: str
    folder: str
    sha256: str
    received_at: dt.datetime
    is_repeat: bool


@dataclass(frozen=True)
class Attempt:
    """A transient trouble that a job met; `sequence` is the job's as it stood then."""

    job_id: int
    sequence: int
    at: dt.datetime
    who: str
    what: str


@dataclass(frozen=True)
class Pending:
    """A publication that is recorded and not yet done."""

    id: int
    job_id: int
    path: str
    sha256: str


def stamp(moment: dt.datetime) -> str:
    """Write a moment as it is stored: UTC, ISO 8601, microseconds always there so that text order is time order."""
    # text, because SQLite has no type for moments, and `lease_until` is compared in SQL
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def moment(text: str) -> dt.datetime:
    """Read a stored moment back."""
    return dt.datetime.fromisoformat(text)


def job_of(row: Row[Any]) -> Job:
    """Make a Job of a row of `jobs`."""
    return Job(
        id=row.id,
        state=State(row.state),
        sequence=row.sequence,
        kind=row.kind,
        unit=row.unit,
        year=row.year,
        variant=row.variant,
        revision=row.revision,
        code=row.code,
        name=row.name,
        folder=row.folder,
        submission_sha256=row.submission_sha256,
        bundle_sha256=row.bundle_sha256,
        received_at=moment(row.received_at),
        changed_at=moment(row.changed_at),
        document_on=dt.date.fromisoformat(row.document_on) if row.document_on else None,
        number=row.number,
        reason=row.reason,
    )


def event_of(row: Row[Any]) -> Event:
    """Make an Event of a row of `events`."""
    return Event(
        id=row.id,
        job_id=row.job_id or 0,
        at=moment(row.at),
        who=row.who,
        action=row.action,
        from_state=row.from_state,
        to_state=row.to_state,
        why=row.why,
        detail=json.loads(row.detail),
        previous_hash=row.previous_hash,
        hash=row.hash,
    )


def entry_of(row: Row[Any]) -> Entry:
    """Make an Entry of a row of `register` joined with its series' key."""
    return Entry(
        series=row.key,
        direction=Direction(row.direction),
        entry=row.entry,
        no=row.no,
        act=row.act,
        job_id=row.job_id or 0,
        at=moment(row.at),
        who=row.who,
        why=row.why,
        columns=Columns.of(row.facts),
        recorded=row.facts,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )


def artifact_of(row: Row[Any]) -> Artifact:
    """Make an Artifact of a row of `artifacts`."""
    return Artifact(Role(row.role), row.sha256, row.size_bytes, row.name)


def attempt_of(row: Row[Any]) -> Attempt:
    """Make an Attempt of a row of `attempts`."""
    return Attempt(row.job_id, row.sequence, moment(row.at), row.who, row.what)
