"""What a step hands to the ledger, and what the ledger hands back."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from pipeline.ledger.columns import Columns
from pipeline.model import Artifact, Direction, Identity, Job, State, TextTemplate

if TYPE_CHECKING:
    from pipeline.ledger.rows import Entry

#: The reasons that are recorded of acts for which a person gave none; `status.reasons` has their words.
AGAIN: Final = "reprocess"
NUMBERED: Final = "register next"

#: What an event says besides its own columns.
Detail: TypeAlias = Mapping[str, str | int | list[str]]


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
    #: why not all pictures in it were looked at for marks of secrecy, "" where they were
    unseen: str = ""


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

    `columns` are what the register says of the document; with the number they enter the hash chain. `expected` is the
    number that the document bears already: another one is not given; None where its place is blank.
    """

    series: str
    direction: Direction
    shape: TextTemplate
    digits: int
    columns: Columns
    expected: int | None = None
    #: what enters the chain beside the columns: that a person confirmed them
    beside: Detail = field(default_factory=dict)

    def written(self, number: int) -> str:
        """A number as the document bears it: "01-KH/CTĐ4"."""
        return self.shape.filled({"number": f"{number:0{self.digits}d}"})


@dataclass(frozen=True)
class Beginning:
    """A run of numbers begins with `first`, or goes on with it after numbers that stand in a book on paper."""

    series: str
    direction: Direction
    first: int
    on: dt.date  #: the day, in the office's time


@dataclass(frozen=True)
class NewJob:
    """A further revision to be opened with the same submission as an earlier job."""

    state: State
    job: Job
    identity: Identity
    bundle_sha256: str
    artifacts: tuple[Artifact, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """The result of one step: where the job goes, and everything that is recorded in the same transaction.

    `identity`, `document_on` and `bundle_sha256` are set where they are given, and else left as they are.
    """

    to: State
    why: str = ""
    identity: Identity | None = None
    document_on: dt.date | None = None
    bundle_sha256: str = ""
    artifacts: tuple[Artifact, ...] = ()
    publications: tuple[Publication, ...] = ()
    number: NumberWish | None = None
    #: the entry of a number of an old book: the job is the paper that belongs to it
    bears: "Entry | None" = None
    files_number: bool = False
    # what is said of the number the job has, beside giving, filing and voiding it: (act, what enters the chain)
    enters: tuple["Entered", ...] = ()
    # other jobs that move with this one, or not at all: a superseded draft, the document of a signed paper
    also: tuple["Change", ...] = ()
    opens: tuple[NewJob, ...] = ()
    detail: Detail = field(default_factory=dict)


@dataclass(frozen=True)
class Entered:
    """What the register is to say of the number a job has: an act ("replace", "amend"), its facts and the reason.

    An act that comes again is counted: "replace", "replace.2" …
    """

    act: str
    facts: Detail
    why: str


@dataclass(frozen=True)
class Done:
    """A step that is done: its job as it was before, what the step came to, and when."""

    job: Job
    outcome: Outcome
    at: dt.datetime


@dataclass(frozen=True)
class Change:
    """A job as it was read, and what is to become of it."""

    job: Job
    outcome: Outcome
