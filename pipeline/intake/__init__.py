"""Intake: files are taken out of the inbox: found, waited for until they have come to rest, copied into the spool."""

from pipeline.intake.inbox import MAX_QUIET_PERIODS, Found, Settling, fingerprint, is_whole, look, take

__all__ = ["MAX_QUIET_PERIODS", "Found", "Settling", "fingerprint", "is_whole", "look", "take"]
