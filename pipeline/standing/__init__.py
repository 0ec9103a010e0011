"""Standing: how a year stands, unit by unit and kind by kind, and what happens next to anything ever dropped.

`standing` asks the ledger, `board_of` lays the answer out for people, `refresh` keeps the board in the outbox.
"""

from pipeline.standing.account import Account, account, next_step
from pipeline.standing.laying import board_of
from pipeline.standing.refreshing import refresh
from pipeline.standing.year import Matter, Standing, Waiting, standing

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
