"""Intake: files are taken out of the inbox: found, waited for until they rest and are whole, copied to the spool."""

from pipeline.intake.inbox import (
    MAX_QUIET_PERIODS,
    Settling,
    SizeLimits,
    Wait,
    fingerprint,
    is_whole,
    refusal,
    take,
)
from pipeline.intake.looking import Found, InboxAway, Survey, look, survey

__all__ = [
    "MAX_QUIET_PERIODS",
    "Found",
    "InboxAway",
    "Settling",
    "SizeLimits",
    "Survey",
    "Wait",
    "fingerprint",
    "is_whole",
    "look",
    "refusal",
    "survey",
    "take",
]
