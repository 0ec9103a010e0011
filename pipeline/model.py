"""The frozen values that pass between stages, and the states a job can be in.

Nothing here does anything: no file, no database, no configuration. Dates and times are aware `datetime`s or
`date`s; hashes are lower-case hexadecimal sha256.
"""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
else:
    # pydantic, which carries these values between processes, cannot follow an alias that names itself
    Json = Any
JsonObject: TypeAlias = dict[str, Json]

NOTHING: Mapping[str, str] = MappingProxyType({})


class State(enum.StrEnum):
    """Where a job stands (docs/reference/states.md is made from this list and `flow.STEPS`)."""

    RECEIVED = "received"  #: the bytes are ours; nobody has looked inside
    READ = "read"  #: a form: its values and their places are known
    ACCEPTED = "accepted"  #: no blocking finding
    WAITING = "waiting"  #: gathers others that are not all here
    FILLED = "filled"  #: the Word document exists
    RENDERED = "rendered"  #: its PDF exists (or is left out, said so in the event)
    DELIVERED = "delivered"  #: lies in outbox/cho-ky for signature
    NUMBERED = "numbered"  #: a clerk asked for the number with the pen in hand
    SIGNED = "signed"  #: the signed paper came back and was recognised
    REGISTERED = "registered"  #: it has its number in the register
    ARCHIVED = "archived"  #: filed with its sidecar: the end
    MATCHED = "matched"  #: this drop was a signed paper and now belongs to another job: the end
    RETURNED = "returned"  #: the unit's turn: blocking findings
    HELD = "held"  #: the operator's turn: our fault, or a person must decide
    SUPERSEDED = "superseded"  #: a later revision took its place: the end
    CANCELLED = "cancelled"  #: called off by a person: the end


class Severity(enum.StrEnum):
    """How much a finding weighs."""

    BLOCK = "block"  #: chặn: the document is not made
    WARN = "warn"  #: cảnh báo: made, a person should look
    INFO = "info"  #: thông tin


@dataclass(frozen=True)
class Said:
    """One sentence in both languages; made by `messages.say`, shown by `messages.shown`."""

    vi: str
    en: str


@dataclass(frozen=True)
class Place:
    """Where something stands in a submitted file; whatever is not known is empty or 0.

    `pointer` is the JSON pointer of the field in the form's values ("/targets/3/due"). Counts start at 1. `field` is
    what the form itself calls the place (a field of a PDF, the tag of a content control); people are not shown it.
    """

    pointer: str = ""
    label: str = ""
    sheet: str = ""
    cell: str = ""
    table: int = 0
    row: int = 0
    column: int = 0
    paragraph: int = 0
    page: int = 0
    line: int = 0
    part: str = ""
    field: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing wrong with (or worth saying about) a submission.

    `code` is stable and dotted ("field.required") or a rule's id ("DK02"); docs/reference/findings.md lists them.
    """

    code: str
    severity: Severity
    message: Said
    place: Place = Place()
    found: str = ""
    needed: Said | None = None
    mend: Said | None = None


@dataclass(frozen=True)
class Reading:
    """What a submitted form says.

    `values` is canonical (ISO dates, integers for money, unit codes); `places` gives each JSON pointer's place in
    the file. `kind` and `unit` are ids when recognised, else empty; `said_unit` is the text that named the unit.
    `form` is what a form of ours says of itself ("dang-ky/1f3a9c2e"), "" for a file of the unit's own making.
    """

    format: str
    kind: str = ""
    unit: str = ""
    said_unit: str = ""
    values: JsonObject = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    form: str = ""

    @property
    def is_blocked(self) -> bool:
        """Whether anything found so far keeps the document from being made."""
        return any(finding.severity is Severity.BLOCK for finding in self.findings)


@dataclass(frozen=True)
class Recognition:
    """What a PDF turned out to be: the code of one of our papers, page by page.

    `code` is the document code all coded pages agree on, or "" when none was found; `pages` is the page count;
    `unread_pages` are pages (from 1) on which no code was found; `foreign_codes` are other codes of ours met.
    """

    code: str = ""
    pages: int = 0
    unread_pages: tuple[int, ...] = ()
    foreign_codes: tuple[str, ...] = ()
    has_text: bool = False
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A filled Word document: its bytes, and what went into it."""

    content: bytes
    template_sha256: str
    profile: str


@dataclass(frozen=True)
class Rendition:
    """A PDF made from a draft."""

    content: bytes
    pages: int


class Role(enum.StrEnum):
    """What a recorded artifact is to its job."""

    SUBMISSION = "submission"
    CONVERTED = "converted"  #: a submission in an old format, made new by LibreOffice to be read
    BUNDLE = "bundle"  #: the kind's folder as it was when the job began
    READING = "reading"
    FINDINGS = "findings"
    VALUES = "values"  #: everything that was given to the template
    DRAFT = "draft"
    RENDITION = "rendition"
    NOTE = "note"  #: the answer to the unit
    MARKED = "marked"  #: the submission with its faults marked
    SIGNED = "signed"
    FILED = "filed"  #: the signed bytes under their name in the archive
    SIDECAR = "sidecar"


@dataclass(frozen=True)
class Artifact:
    """Recorded bytes: their role, sha256 and size, kept in the spool under the hash."""

    role: Role
    sha256: str
    size_bytes: int
    name: str = ""


@dataclass(frozen=True)
class Job:
    """One row of the ledger as it was read; `sequence` is what `ledger.advance` checks."""

    id: int
    state: State
    sequence: int
    kind: str
    unit: str
    year: int
    variant: str  #: what tells two documents of one kind apart (the meeting of some minutes), "" when nothing does
    revision: int
    code: str
    name: str  #: the name the file was dropped under, NFC
    folder: str  #: the inbox subfolder it lay in ("" = the inbox itself)
    submission_sha256: str
    bundle_sha256: str
    received_at: dt.datetime
    changed_at: dt.datetime
    document_on: dt.date | None = None
    number: str = ""
    reason: str = ""


#: What `ledger.advance` allows: each state, and the states that may follow it.
TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.RECEIVED: frozenset({State.READ, State.MATCHED, State.RETURNED, State.HELD, State.CANCELLED}),
        State.READ: frozenset({State.ACCEPTED, State.RETURNED, State.HELD, State.CANCELLED, State.SUPERSEDED}),
        State.ACCEPTED: frozenset({State.WAITING, State.FILLED, State.HELD, State.CANCELLED, State.SUPERSEDED}),
        State.WAITING: frozenset({State.WAITING, State.FILLED, State.HELD, State.CANCELLED, State.SUPERSEDED}),
        State.FILLED: frozenset({State.RENDERED, State.HELD, State.CANCELLED, State.SUPERSEDED}),
        State.RENDERED: frozenset({State.DELIVERED, State.HELD, State.CANCELLED, State.SUPERSEDED}),
        State.DELIVERED: frozenset({State.NUMBERED, State.SIGNED, State.CANCELLED, State.SUPERSEDED}),
        State.NUMBERED: frozenset({State.SIGNED, State.DELIVERED, State.CANCELLED}),
        State.SIGNED: frozenset({State.REGISTERED, State.HELD}),
        State.REGISTERED: frozenset({State.ARCHIVED, State.HELD}),
        State.ARCHIVED: frozenset(),
        State.MATCHED: frozenset(),
        State.RETURNED: frozenset({State.SUPERSEDED, State.RECEIVED, State.CANCELLED}),
        State.HELD: frozenset(
            {State.RECEIVED, State.ACCEPTED, State.FILLED, State.SIGNED, State.REGISTERED, State.CANCELLED}
            | {State.SUPERSEDED, State.RETURNED}
        ),
        State.SUPERSEDED: frozenset(),
        State.CANCELLED: frozenset(),
    }
)

#: States in which a submission counts as accepted for those that gather it.
AFTER_ACCEPTANCE = frozenset(
    {State.ACCEPTED, State.WAITING, State.FILLED, State.RENDERED, State.DELIVERED}
    | {State.NUMBERED, State.SIGNED, State.REGISTERED, State.ARCHIVED}
)

#: The pen has been used: a document in these states is never changed silently.
AFTER_SIGNATURE = frozenset({State.NUMBERED, State.SIGNED, State.REGISTERED, State.ARCHIVED})
