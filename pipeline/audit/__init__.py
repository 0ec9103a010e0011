"""Audit: what is there compared with what is recorded."""

from pipeline.audit.auditing import Discrepancy, audit, filed_documents

__all__ = ["Discrepancy", "audit", "filed_documents"]
