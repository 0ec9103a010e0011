"""Health: whether machine, folders and work are as the office needs them, and what is to be done where not."""

from pipeline.health.examining import Expected, examine, is_well
from pipeline.health.heartbeat import Heart
from pipeline.health.metrics import metrics_of

__all__ = ["Expected", "Heart", "examine", "is_well", "metrics_of"]
