"""Standing: how a year stands, unit by unit and kind by kind, and what happens next to anything ever dropped.

`standing` asks the ledger, `board_of` lays the answer out for people, `refresh` keeps the board in the outbox.
"""

from pipeline.status.account import Account, account, next_step
from pipeline.status.laying import board_of
from pipeline.status.refreshing import refresh
from pipeline.status.year import Matter, Standing, Waiting, standing

__all__ = [
    "Account",
    "Matter",
    "Standing",
    "Waiting",
    "account",
    "board_of",
    "next_step",
    "refresh",
    "standing",
]
