"""Putting a Word file right where it departs from the official form, as far as no word of it is touched.

    mend(content, form, on=…) -> content         mend_guarded(guard, path, on=…) -> Mended, for files of others

What is to be changed the rules themselves say (`layout/check/changes.py`); here it is written into the file, at once
or as tracked changes that a person accepts in Word.
"""

from pipeline.layout.mending.mending import FUNCTIONS, Mended, mend, mend_guarded

__all__ = ["FUNCTIONS", "Mended", "mend", "mend_guarded"]
