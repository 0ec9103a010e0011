"""Audit: what is there compared with what is recorded."""

from pipeline.audit.auditing import audit

__all__ = ["audit"]
