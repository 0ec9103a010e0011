"""Signed papers that come back: which document a PDF is, and whether it is that document, whole and signed."""

from pipeline.papers.compared import laid_anew, needed_sheets, put_in_order, signed_apart
from pipeline.papers.guarding import (
    GUARDED,
    arranged,
    blanks_of,
    check_signatures,
    compare,
    compare_revisions,
    is_another,
    likely,
    pictured,
    proved,
    recognise,
    wordless_sheets,
    wrapped,
    written_over,
)
from pipeline.papers.measures import measured_said, rows_of
from pipeline.papers.pages import (
    BLANK_PAGE,
    CHARACTERS_DIFFER,
    INCOMPLETE,
    NO_SIGNATURE_SEEN,
    NOT_ALL_SIGNED,
    OF_SIGNATURES,
    ScanStandard,
    is_for_a_person,
    left_out,
    scan_standard,
)
from pipeline.papers.seen import Blank, Blanks, Comparison, SeenRevision, WordlessSheet, part_of
from pipeline.papers.signature_words import signature_findings
from pipeline.papers.signing_policy import Required, content_findings, policy_findings
from pipeline.papers.splitting import Split, split
from pipeline.papers.verification import mark_not_ours, not_signed, verify
from pipeline.papers.words import MOST_SECONDS, Words, read_words

__all__ = [
    "BLANK_PAGE",
    "CHARACTERS_DIFFER",
    "GUARDED",
    "INCOMPLETE",
    "MOST_SECONDS",
    "NOT_ALL_SIGNED",
    "NO_SIGNATURE_SEEN",
    "OF_SIGNATURES",
    "Blank",
    "Blanks",
    "Comparison",
    "Required",
    "ScanStandard",
    "SeenRevision",
    "Split",
    "WordlessSheet",
    "Words",
    "arranged",
    "blanks_of",
    "check_signatures",
    "compare",
    "compare_revisions",
    "content_findings",
    "is_another",
    "is_for_a_person",
    "laid_anew",
    "left_out",
    "likely",
    "mark_not_ours",
    "measured_said",
    "needed_sheets",
    "not_signed",
    "part_of",
    "pictured",
    "policy_findings",
    "proved",
    "put_in_order",
    "read_words",
    "recognise",
    "rows_of",
    "scan_standard",
    "signature_findings",
    "signed_apart",
    "split",
    "verify",
    "wordless_sheets",
    "wrapped",
    "written_over",
]
