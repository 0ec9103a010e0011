"""Intake: files are taken out of the inbox: found, waited for until they rest and are whole, copied to the spool."""

from pipeline.intake.inbox import (
    MAX_QUIET_PERIODS,
    Found,
    Settling,
    SizeLimits,
    Wait,
    fingerprint,
    is_whole,
    look,
    refusal,
    take,
)

__all__ = [
    "MAX_QUIET_PERIODS",
    "Found",
    "Settling",
    "SizeLimits",
    "Wait",
    "fingerprint",
    "is_whole",
    "look",
    "refusal",
    "take",
]
