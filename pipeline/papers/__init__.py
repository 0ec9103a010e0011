"""Signed papers that come back: which document a PDF is, and whether it is that document, complete."""

from pipeline.papers.guarding import GUARDED, recognise
from pipeline.papers.pages import CODES_DISAGREE, ScanResolution
from pipeline.papers.verification import verify

__all__ = ["CODES_DISAGREE", "GUARDED", "ScanResolution", "recognise", "verify"]
