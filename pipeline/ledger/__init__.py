"""The ledger: jobs and what happened to them, artifacts, attempts, numbers. Nothing else keeps state.

`Ledger.advance` is the one door through which a job changes; what `questions` answers changes nothing.
"""

from pipeline.ledger.columns import Columns
from pipeline.ledger.imports import Imported
from pipeline.ledger.ledger import Ledger
from pipeline.ledger.outcome import (
    Beginning,
    Change,
    Detail,
    Drop,
    Entered,
    Lease,
    NewJob,
    NumberWish,
    Outcome,
    Publication,
    Taken,
)
from pipeline.ledger.unrecorded import Unrecorded

__all__ = [
    "Beginning",
    "Change",
    "Columns",
    "Detail",
    "Drop",
    "Entered",
    "Imported",
    "Lease",
    "Ledger",
    "NewJob",
    "NumberWish",
    "Outcome",
    "Publication",
    "Taken",
    "Unrecorded",
]
