"""Checking a Word document against the official form: the rules TT01 to TT19, and that Party and State are not mixed.

The document may be ours or anybody's. Figures and fixed texts come from the profile that was in force on the
document's own date; what a line is, is told by its text and place, never by the names of styles. Paper is judged, not
markup: the rules see the lines that are printed (`lines`), however the file makes them.

    check(content, profile=None, facts=Facts()) -> findings        check_guarded(guard, path) for files of others
"""

from pipeline.layout.check.blocks import Facts
from pipeline.layout.check.checking import FUNCTIONS, Checked, check, check_guarded, check_letters, examined
from pipeline.layout.check.own_documents import (
    NotConforming,
    in_one_line,
    own_document,
    own_faults,
    require_conforming,
    require_real,
    without_form_text,
)

__all__ = [
    "FUNCTIONS",
    "Checked",
    "Facts",
    "NotConforming",
    "check",
    "check_guarded",
    "check_letters",
    "examined",
    "in_one_line",
    "own_document",
    "own_faults",
    "require_conforming",
    "require_real",
    "without_form_text",
]
