"""Checking a Word document against the official form: the rules TT01 to TT18, and that Party and State are not mixed.

The document may be ours or anybody's. Figures and fixed texts come from the profile that was in force on the
document's own date; what a paragraph is, is told by its text and place, never by the names of styles.

    check(content, profile=None, facts=Facts()) -> findings        check_guarded(guard, path) for files of others
"""

from pipeline.layout.check.checking import FUNCTIONS, Checked, check, check_guarded, examined
from pipeline.layout.check.facts import Facts
from pipeline.layout.check.own import NotConforming, holding, of_our_making, told_shortly

__all__ = [
    "FUNCTIONS",
    "Checked",
    "Facts",
    "NotConforming",
    "check",
    "check_guarded",
    "examined",
    "holding",
    "of_our_making",
    "told_shortly",
]
