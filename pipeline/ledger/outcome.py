"""What a step hands to the ledger, and what the ledger hands back."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.model import Artifact, Job, JsonObject, State, TextTemplate


@dataclass(frozen=True)
class Drop:
    """A file as it was found in the inbox, its bytes already in the spool.

    `fingerprint` tells this very file (device, inode, mtime) from a later drop of the same bytes.
    """

    name: str
    folder: str
    sha256: str
    size_bytes: int
    fingerprint: str


@dataclass(frozen=True)
class Taken:
    """What became of a drop: the job it opened, or (a repeat) the job its bytes opened earlier."""

    job: Job
    is_repeat: bool
    is_same_file: bool = False


@dataclass(frozen=True)
class Lease:
    """Whose a job is while a step works on it: until `seconds` after it was claimed, or after its last step.

    It spares double work and no more: which of two results counts is decided by the job's sequence alone.
    """

    owner: str
    seconds: float


@dataclass(frozen=True)
class Publication:
    """A copy of recorded bytes to appear at `path` (under the outbox), or with no hash: to be taken away."""

    path: str
    sha256: str = ""


@dataclass(frozen=True)
class NumberWish:
    """The next number of `series` is wanted; `shape` makes its text ("{number}-KH/CTĐ4"), at least `digits` long.

    `facts` are the register's columns for this document; they enter the hash chain.
    """

    series: str
    shape: TextTemplate
    digits: int
    facts: JsonObject

    def written(self, number: int) -> str:
        """A number as the document bears it: "01-KH/CTĐ4"."""
        return self.shape.filled({"number": f"{number:0{self.digits}d}"})


@dataclass(frozen=True)
class NewJob:
    """A further revision to be opened with the same submission as an earlier job."""

    state: State
    job: Job
    revision: int
    code: str
    bundle_sha256: str
    artifacts: tuple[Artifact, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """The result of one step: where the job goes, and everything that is recorded in the same transaction.

    `facts` are columns of the job to set (kind, unit, year, variant, revision, code, document_on, bundle_sha256).
    """

    to: State
    why: str = ""
    facts: Mapping[str, str | int | dt.date] = field(default_factory=dict)
    artifacts: tuple[Artifact, ...] = ()
    publications: tuple[Publication, ...] = ()
    number: NumberWish | None = None
    files_number: bool = False
    also: tuple["Change", ...] = ()
    opens: tuple[NewJob, ...] = ()
    detail: JsonObject = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """A job as it was read, and what is to become of it."""

    job: Job
    outcome: Outcome
