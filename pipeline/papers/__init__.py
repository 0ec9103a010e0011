"""Signed papers that come back: which document a PDF is, and whether it is that document, complete."""

from pipeline.papers.guarding import GUARDED, recognise
from pipeline.papers.pages import BLANK_PAGE, CODES_DISAGREE, NO_SIGNATURE_SEEN, ScanResolution
from pipeline.papers.verification import verify

__all__ = ["BLANK_PAGE", "CODES_DISAGREE", "GUARDED", "NO_SIGNATURE_SEEN", "ScanResolution", "recognise", "verify"]
