"""A job: one row of the ledger as it was read, and the recorded files that belong to it."""

import datetime as dt
import enum
from dataclasses import dataclass

from pipeline.model.document import Identity
from pipeline.model.states import State


class Role(enum.StrEnum):
    """What a recorded artifact is to its job."""

    SUBMISSION = "submission"
    CONVERTED = "converted"  #: a submission in an old format, made new by LibreOffice to be read
    BUNDLE = "bundle"  #: the kind's folder as it was when the job began
    READING = "reading"
    FINDINGS = "findings"
    VALUES = "values"  #: everything that was given to the template
    DESCRIPTION = "description"  #: what register and archive say of the document
    PROPOSAL = "proposal"  #: what was read on a paper not made here, for a person to confirm
    DRAFT = "draft"
    RENDITION = "rendition"
    NOTE = "note"  #: the answer to the unit
    MARKED = "marked"  #: the submission with its faults marked
    MENDED = "mended"  #: the submission with its official form put right, no word touched
    SHEETS = "sheets"  #: the PDF that is looked at where what came back is a picture
    RECOGNITION = "recognition"  #: what was seen of a signed paper that came back
    SIGNATURES = "signatures"  #: what is known of the digital signatures of a signed paper
    SIGNED = "signed"  #: the signed paper as it came back
    COPY = "copy"  #: a PDF of its pages to look at, where the paper itself is none
    TEXT_LAYER = "text-layer"  #: what was read off a scanned paper, and what was not
    PAPER_TEXT = "paper-text"  #: the words that were read, as a plain text
    SEARCHABLE = "searchable"  #: the copy in which they can be searched
    FILED = "filed"  #: the signed bytes under their name in the archive
    FILED_COPY = "filed-copy"  #: the copy under its name in the archive
    FILED_TEXT = "filed-text"  #: the words of the paper under their name in the archive
    SIDECAR = "sidecar"
    ISSUED_COPY = "issued-copy"  #: what goes out: the filed paper with number and date in their blanks
    FILED_NOTE = "filed-note"  #: what was decided later about a filed document, beside it in the archive


@dataclass(frozen=True)
class Artifact:
    """Recorded bytes: their role, sha256 and size, kept in the spool under the hash."""

    role: Role
    sha256: str
    size_bytes: int
    name: str = ""


@dataclass(frozen=True)
class Job:
    """One row of the ledger as it was read; `sequence` is what `ledger.advance` checks.

    Kind, unit, year, variant, revision and code are its `Identity`.
    """

    id: int
    state: State
    sequence: int
    kind: str
    unit: str
    year: int
    variant: str
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

    @property
    def identity(self) -> Identity:
        """Whose document it is, of which year and about what."""
        return Identity(self.kind, self.unit, self.year, self.variant, self.revision, self.code)
