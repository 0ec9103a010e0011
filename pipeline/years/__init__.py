"""The facts of one emulation year as a value: members, signatories, contents, milestones, windows, legal basis.

A year is a file (`years/<year>.yaml`); a new year is a new file. No fact of a particular cluster or year is in code.
"""

from pipeline.years.facts import (
    Act,
    Cluster,
    Content,
    Holiday,
    Milestone,
    Period,
    Person,
    Signatory,
    Term,
    Thresholds,
    Unit,
)
from pipeline.years.loading import SCHEMA, load, load_all
from pipeline.years.year import Year

__all__ = [
    "SCHEMA",
    "Act",
    "Cluster",
    "Content",
    "Holiday",
    "Milestone",
    "Period",
    "Person",
    "Signatory",
    "Term",
    "Thresholds",
    "Unit",
    "Year",
    "load",
    "load_all",
]
