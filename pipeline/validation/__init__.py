"""Validation: the rules of a kind applied to what was read."""

from pipeline.validation.validating import in_order, validate

__all__ = ["in_order", "validate"]
