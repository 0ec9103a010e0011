"""Signed papers that come back: which document a PDF is, and whether it is that document, complete."""

from pipeline.papers.quality import ScanResolution
from pipeline.papers.recognition import GUARDED, recognise
from pipeline.papers.verification import verify

__all__ = ["GUARDED", "ScanResolution", "recognise", "verify"]
