"""Picture files (photos and scans of papers): one door, one table of limits, for the secrecy gate and for papers.

opened(content) -> Picture     raises files.refusals.Unfit
letters(content) -> lines      what is written in a file beside its pixels
"""

from pipeline.pictures.door import Picture, opened
from pipeline.pictures.letters import letters
from pipeline.pictures.limits import LIMITS, Limits

__all__ = ["LIMITS", "Limits", "Picture", "letters", "opened"]
