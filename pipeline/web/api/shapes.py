"""What programs send and get: each shape is written once, and the OpenAPI document is made of it.

Names are those of the ledger (`pipeline.app.facts`); sentences are in the language of the office.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
#: Why something is decided; it goes into the record with the account's name.
Reason = Annotated[str, Field(max_length=500)]
#: The `sequence` of the document as it was looked at: what has changed since is not decided about.
Sequence = Annotated[int, Field(ge=0)]


@dataclass(frozen=True)
class DocumentSummary:
    """One document as it is listed; `why` says why it is where it is, "" where nothing is to be said."""

    id: int
    state: str
    state_text: str
    sequence: int
    title: str
    kind: str
    unit: str
    year: int
    variant: str
    revision: int
    code: str
    number: str
    name: str
    folder: str
    submission_sha256: str
    document_on: dt.date | None
    received_at: dt.datetime
    changed_at: dt.datetime
    why: str
    href: str


@dataclass(frozen=True)
class File:
    """One recorded file of a document, to be had at `href`."""

    role: str
    name: str
    sha256: str
    size_bytes: int
    href: str


@dataclass(frozen=True)
class Document(DocumentSummary):
    """One document: where it stands, what happens next, and its files."""

    next_step: str
    lies_in: tuple[str, ...]
    files: tuple[File, ...]


@dataclass(frozen=True)
class Documents:
    """A page of documents, the newest first; `next` is the address of the following page."""

    documents: tuple[DocumentSummary, ...]
    next: str | None


@dataclass(frozen=True)
class Finding:
    """One thing found wrong, or worth knowing: `severity` is block, warn or info; `place` says where, in words."""

    code: str
    severity: str
    message: str
    place: str
    pointer: str
    found: str
    needed: str
    mend: str
    is_accepted: bool


@dataclass(frozen=True)
class Findings:
    """What was found about a document."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Event:
    """One thing that happened to a document."""

    id: int
    at: dt.datetime
    who: str
    action: str
    from_state: str
    to_state: str
    why: str


@dataclass(frozen=True)
class Events:
    """What happened to a document, in order."""

    events: tuple[Event, ...]


@dataclass(frozen=True)
class Number:
    """One number of the register; `columns` are those of its book, by name, empty ones left out."""

    series: str
    no: int
    suffix: str
    number: str
    status: str
    direction: str
    day: dt.date
    document: int | None
    columns: dict[str, str]


@dataclass(frozen=True)
class Numbers:
    """A page of a book, the newest number first."""

    numbers: tuple[Number, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class NextNumber:
    """The number a document would get now (the one it has, if it has one), and what is to be known before."""

    number: str
    series: str
    warning: str


@dataclass(frozen=True)
class GivenNumber:
    """The number a document has now; `was_shown` is false where another one had been shown before."""

    number: str
    was_shown: bool
    document: Document


@dataclass(frozen=True)
class Brought:
    """One file that was sent: its name in the inbox, or why it was not taken. `href` tells what became of it."""

    name: str
    sha256: str
    is_taken: bool
    refusal: str
    href: str


@dataclass(frozen=True)
class BroughtFiles:
    """What became of the files that were sent at once."""

    folder: str
    files: tuple[Brought, ...]


@dataclass(frozen=True)
class DropStatus:
    """What became of a file by its bytes: the documents made of it, none while it lies in the inbox."""

    sha256: str
    documents: tuple[DocumentSummary, ...]


@dataclass(frozen=True)
class Folder:
    """A folder of the inbox into which this account may drop files, and what lies in it, not taken yet."""

    folder: str
    title: str
    lying: tuple[str, ...]


@dataclass(frozen=True)
class Folders:
    """The folders of the inbox into which this account may drop files."""

    folders: tuple[Folder, ...]


@dataclass(frozen=True)
class Decision:
    """What is decided about a document, and why."""

    sequence: Sequence
    why: Reason


@dataclass(frozen=True)
class Matching(Decision):
    """A paper is the signed one of another document."""

    document: int


@dataclass(frozen=True)
class Acceptance(Decision):
    """The warnings of one rule are accepted."""

    rule: str


@dataclass(frozen=True)
class NumberWish:
    """A number is to be given; `shown` is the one that was shown before, "" where none was."""

    sequence: Sequence
    shown: str = ""


@dataclass(frozen=True)
class Entered:
    """What is entered beside a number; days are ISO 8601, and what is empty is left as it stands."""

    why: Reason
    sent_on: str = ""
    receipt: str = ""
    remark: str = ""
    handled_by: str = ""
    due: str = ""


@dataclass(frozen=True)
class OutsidePaper(Decision):
    """A paper that was not made here is entered; what is null is said as it was read on the paper."""

    number: str | None = None
    on: dt.date | None = None
    author: str | None = None
    title: str | None = None
    signer: str | None = None
    recipients: str | None = None
    type: str | None = None
    arrived_on: dt.date | None = None


@dataclass(frozen=True)
class Problem:
    """A refusal (RFC 9457): the code is stable, `detail` is the sentence for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    files: tuple[Brought, ...] = field(default=())
