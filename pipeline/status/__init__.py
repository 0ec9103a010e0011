"""The status of a year, unit by unit and kind by kind; of one document, and what happens next to it; reminders.

`year_status` asks the ledger, `board_of` makes a board for people of it, `refresh` keeps the board in the outbox.
"""

from pipeline.status.board import board_of
from pipeline.status.explanation import Explanation, explain, next_step
from pipeline.status.refreshing import refresh
from pipeline.status.year import UnitStatus, Waiting, YearStatus, year_status

__all__ = [
    "Explanation",
    "UnitStatus",
    "Waiting",
    "YearStatus",
    "board_of",
    "explain",
    "next_step",
    "refresh",
    "year_status",
]
