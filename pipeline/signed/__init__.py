"""Signed papers come home: which document a PDF is, and whether it is that document, whole."""

from pipeline.signed.quality import Sharpness
from pipeline.signed.recognition import GUARDED, recognise
from pipeline.signed.verification import verify

__all__ = ["GUARDED", "Sharpness", "recognise", "verify"]
