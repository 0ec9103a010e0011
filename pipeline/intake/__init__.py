"""Intake: what lies in the inbox, what of it has come to rest, and its bytes taken into the spool.

A scan of the folder is the truth; events of the file system only hurry it (docs/decisions/0003). Nothing here removes
a file: that is done after the job is recorded.
"""

from pipeline.intake.looking import Found, look
from pipeline.intake.settling import PATIENCE, Settling, is_whole
from pipeline.intake.taking import fingerprint, take

__all__ = ["PATIENCE", "Found", "Settling", "fingerprint", "is_whole", "look", "take"]
