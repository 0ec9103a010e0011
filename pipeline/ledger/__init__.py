"""The memory of the program: jobs and what happened to them, artifacts, numbers. Nothing else remembers.

`advance` is the one door through which a job changes; `look` answers questions and changes nothing.
"""

from pipeline.ledger.book import Ledger
from pipeline.ledger.outcome import Change, Drop, NewJob, NumberWish, Outcome, Publication, Taken

__all__ = ["Change", "Drop", "Ledger", "NewJob", "NumberWish", "Outcome", "Publication", "Taken"]
