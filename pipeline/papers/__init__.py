"""Signed papers that come back: which document a PDF is, and whether it is that document, whole and signed."""

from pipeline.papers.guarding import GUARDED, compare, recognise, wrapped
from pipeline.papers.pages import BLANK_PAGE, FOR_A_PERSON, NO_SIGNATURE_SEEN, NOT_ALL_SIGNED, ScanResolution
from pipeline.papers.seen import Comparison
from pipeline.papers.verification import mark_not_ours, not_signed, verify

__all__ = [
    "BLANK_PAGE",
    "FOR_A_PERSON",
    "GUARDED",
    "NOT_ALL_SIGNED",
    "NO_SIGNATURE_SEEN",
    "Comparison",
    "ScanResolution",
    "compare",
    "mark_not_ours",
    "not_signed",
    "recognise",
    "verify",
    "wrapped",
]
