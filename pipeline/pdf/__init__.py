"""PDF files: one door, one table of limits, for reading, the secrecy gate, recognition, marking and rendition.

opened(content) -> Pdf        raises files.refusals.Unfit
"""

from pipeline.pdf.document import Pdf, dictionary_in, opened
from pipeline.pdf.drawing import draw_around, draw_over, own_dictionary
from pipeline.pdf.limits import LIMITS, Limits

__all__ = ["LIMITS", "Limits", "Pdf", "dictionary_in", "draw_around", "draw_over", "opened", "own_dictionary"]
